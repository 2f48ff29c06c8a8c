//! A machine that one can buy: a chip, or several, with a memory size, watts and prices.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Chip, PartialDate, PriceKind, Quote};

/// What a machine is on the desk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MachineKind {
    #[default]
    Desktop,
    MiniPc,
    Laptop,
    /// One graphics card, in a PC.
    Card,
    /// Several cards, in one PC or server.
    SeveralCards,
    Server,
    /// A single-board computer or developer kit.
    Board,
}

/// What must be bought besides, before it runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Needs {
    /// It runs as it is sold.
    #[default]
    Nothing,
    /// An ordinary PC round the card.
    HostPc,
    /// A server with the airflow for passively cooled cards.
    Server,
    /// A carrier board that is not sold to persons (SXM, OAM).
    Carrier,
}

/// How a machine can be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SaleKind {
    New,
    Used,
    /// Shown by its maker, not yet sold.
    Announced,
}

/// A time in which a machine could be had in one way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sale {
    pub how: SaleKind,
    #[serde(default)]
    pub from: Option<PartialDate>,
    /// The day it was withdrawn.
    #[serde(default)]
    pub until: Option<PartialDate>,
    #[serde(default)]
    pub note: Option<String>,
}

/// The computer round the cards, whose memory can hold what the cards cannot.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Host {
    /// Of the host's memory, as on the data sheet.
    pub bandwidth_gb_per_s: f64,
    pub memory_gib: f64,
    /// What to add to a price that covers only the cards.
    #[serde(default)]
    pub price_usd: Option<f64>,
    #[serde(default)]
    pub note: Option<String>,
}

/// What connects several devices.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    pub name: String,
    /// One way, in 1e9 bytes per second.
    #[serde(default)]
    pub gb_per_s: Option<f64>,
    /// How machines exchange over it. Empty means: directly.
    #[serde(default)]
    pub transport: Option<Transport>,
}

/// How machines exchange over a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Transport {
    /// From memory to memory, past the operating system.
    Rdma,
    /// Through the operating system's network stack.
    Tcp,
}

/// A machine as one buys it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Machine {
    pub id: String,
    pub name: String,
    /// Who sells it, where that is not the chip's maker.
    #[serde(default)]
    pub brand: Option<String>,
    /// The id of its chip.
    pub chip: String,
    /// How many of the chip, each with its own memory.
    #[serde(default = "one")]
    pub devices: u32,
    #[serde(default)]
    pub kind: MachineKind,
    /// Of all devices together, in 2^30 bytes.
    pub memory_gib: f64,
    /// What a runtime may use of it as shipped, where that is known; a rule for the platform otherwise.
    #[serde(default)]
    pub usable_gib: Option<f64>,
    /// What it may use after its owner raised the limit by a documented setting.
    #[serde(default)]
    pub usable_raised_gib: Option<f64>,
    #[serde(default)]
    pub usable_note: Option<String>,
    /// Of one device, where this configuration differs from the chip's.
    #[serde(default)]
    pub bandwidth_gb_per_s: Option<f64>,
    #[serde(default)]
    pub host: Option<Host>,
    #[serde(default)]
    pub link: Option<Link>,
    /// The bus of one card: `5.0 x16`.
    #[serde(default)]
    pub pcie: Option<String>,
    #[serde(default)]
    pub needs: Needs,
    #[serde(default)]
    pub idle_w: Option<f64>,
    #[serde(default)]
    pub load_w: Option<f64>,
    /// Empty means: on sale, as far as is known.
    #[serde(default)]
    pub sales: Vec<Sale>,
    #[serde(default)]
    pub prices: Vec<Quote>,
    #[serde(default)]
    pub sources: Vec<String>,
    #[serde(default)]
    pub notes: Vec<String>,
}

fn one() -> u32 {
    1
}

/// Whether and how a machine can be bought on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Availability {
    /// On sale new.
    New,
    /// Only second hand.
    Used,
    /// Not yet on sale.
    Announced,
    /// No longer on sale, and no second-hand price is known.
    Withdrawn,
}

impl Machine {
    /// The bandwidth of one of its devices: its own, or else that of its chip.
    #[must_use]
    pub fn device_gb_per_s(&self, chip: Option<&Chip>) -> Option<f64> {
        self.bandwidth_gb_per_s.or_else(|| chip?.bandwidth_gb_per_s)
    }

    /// What the bus of one card carries in each direction, where it is stated in the usual way.
    #[must_use]
    pub fn pcie_gb_per_s(&self) -> Option<f64> {
        pcie_gb_per_s(self.pcie.as_deref()?)
    }

    /// How the machine can be bought on `day`.
    ///
    /// A second-hand price dated up to that day counts as a way to buy it.
    #[must_use]
    pub fn availability(&self, day: Date) -> Availability {
        let running = |sale: &&Sale| {
            sale.from.is_none_or(|from| from.first_day() <= day)
                && sale.until.is_none_or(|until| day < until.first_day())
        };
        let has = |how: SaleKind| self.sales.iter().filter(running).any(|sale| sale.how == how);
        if self.sales.is_empty() || has(SaleKind::New) {
            return Availability::New;
        }
        let used_price =
            || self.prices.iter().any(|quote| quote.kind == PriceKind::Used && quote.date.first_day() <= day);
        if has(SaleKind::Used) || used_price() {
            return Availability::Used;
        }
        let begins_later = self.sales.iter().all(|sale| {
            sale.how == SaleKind::Announced || sale.from.is_some_and(|from| day < from.first_day())
        });
        if begins_later { Availability::Announced } else { Availability::Withdrawn }
    }
}

/// What a bus carries in each direction, stated as `5.0 x16`.
#[must_use]
pub fn pcie_gb_per_s(bus: &str) -> Option<f64> {
    let (generation, lanes) = bus.split_once(" x")?;
    // A lane's gigatransfers per second and the share of its bits that is data (PCI Express Base Specification).
    let (transfers, of_data) = match generation {
        "1.0" | "1.1" => (2.5, 0.8),
        "2.0" => (5.0, 0.8),
        "3.0" => (8.0, 128.0 / 130.0),
        "4.0" => (16.0, 128.0 / 130.0),
        "5.0" => (32.0, 128.0 / 130.0),
        _ => return None,
    };
    let lanes: u32 = lanes.split(' ').next()?.parse().ok().filter(|lanes| (1..=16).contains(lanes))?;
    Some(transfers * of_data / 8.0 * f64::from(lanes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bus_carries_what_its_generation_and_lanes_do() {
        for (bus, gb_per_s) in [
            ("4.0 x16", Some(31.5)),
            ("5.0 x8", Some(31.5)),
            ("3.0 x16", Some(15.75)),
            ("4.0 x4 slot/M.2", Some(7.88)),
            ("4.0 x0", None),
            ("9.0 x16", None),
            ("fast", None),
        ] {
            let carried = pcie_gb_per_s(bus);
            let is_near = match (carried, gb_per_s) {
                (Some(carried), Some(gb_per_s)) => f64::abs(carried - gb_per_s) < 0.01,
                (carried, gb_per_s) => carried == gb_per_s,
            };
            assert!(is_near, "{bus}: {carried:?}");
        }
    }
}
