//! What an axis can measure.

use serde::{Deserialize, Serialize};

use crate::{
    catalog::{Currency, Machine},
    compare::Row,
    estimate::Estimate,
    scenario::Scenario,
    units,
};

/// Something that an axis can measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quantity {
    Price,
    /// Price for each GiB that the model may use.
    PricePerGib,
    /// Price for each GB of memory as it is sold.
    PricePerGb,
    /// Under load.
    Watts,
    /// Tokens per second while the answer is written, for one user.
    Decode,
    /// The same, for all users together.
    Total,
    /// Answer tokens over the whole wait.
    Answer,
    Prefill,
    FirstToken,
    /// Purchase and electricity over the years.
    Cost,
    CostPerMillion,
}

impl Quantity {
    pub const ALL: [Self; 11] = [
        Self::Price,
        Self::PricePerGib,
        Self::PricePerGb,
        Self::Watts,
        Self::Decode,
        Self::Total,
        Self::Answer,
        Self::Prefill,
        Self::FirstToken,
        Self::Cost,
        Self::CostPerMillion,
    ];

    /// What a list of choices says.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Price => "Price",
            Self::PricePerGib => "Price per usable GiB",
            Self::PricePerGb => "Price per GB",
            Self::Watts => "Power under load",
            Self::Decode => "Decode speed",
            Self::Total => "Decode speed, all users",
            Self::Answer => "Answer speed",
            Self::Prefill => "Prefill speed",
            Self::FirstToken => "Time to first token",
            Self::Cost => "Cost over the years",
            Self::CostPerMillion => "Cost of a million tokens",
        }
    }

    /// What the command line says.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Price => "price",
            Self::PricePerGib => "price-per-gib",
            Self::PricePerGb => "price-per-gb",
            Self::Watts => "watts",
            Self::Decode => "decode",
            Self::Total => "total",
            Self::Answer => "answer",
            Self::Prefill => "prefill",
            Self::FirstToken => "first-token",
            Self::Cost => "cost",
            Self::CostPerMillion => "cost-per-million",
        }
    }

    /// What is meant, in a few words.
    #[must_use]
    pub fn explanation(self) -> &'static str {
        match self {
            Self::Price => "The whole machine by the money settings: host PC, tax and date",
            Self::PricePerGib => "Price over the memory that the model may use",
            Self::PricePerGb => "Price of the whole machine over its memory as it is sold",
            Self::Watts => "As the maker or a test states it",
            Self::Decode => "Tokens per second while the answer is written, for one user",
            Self::Total => "Tokens per second for all users together",
            Self::Answer => "Answer tokens over the time from question to last token",
            Self::Prefill => "Tokens of the prompt read in a second",
            Self::FirstToken => "From the question to the first token of the answer",
            Self::Cost => "Purchase, and electricity over the years of use",
            Self::CostPerMillion => "Purchase and electricity over all that is written in the years of use",
        }
    }

    /// Whether a scenario makes a difference between this and the plainer quantity that it refines.
    #[must_use]
    pub fn is_worthwhile(self, scenario: &Scenario) -> bool {
        self != Self::Total || scenario.users > 1
    }

    #[must_use]
    pub fn more_is_better(self) -> bool {
        self.is_speed()
    }

    /// Whether it is a rate in tokens per second.
    #[must_use]
    pub fn is_speed(self) -> bool {
        matches!(self, Self::Decode | Self::Total | Self::Answer | Self::Prefill)
    }

    /// Whether it is a person's or an agent's own stream of tokens, to be held against the speed of reading.
    #[must_use]
    pub fn is_read_along(self) -> bool {
        matches!(self, Self::Decode | Self::Answer)
    }

    /// What stands before its numbers on an axis.
    #[must_use]
    pub fn sign(self, scenario: &Scenario) -> &'static str {
        match (self.is_money(), scenario.money.currency) {
            (true, Currency::USD) => "$",
            (true, Currency::EUR) => "€",
            (false, _) => "",
        }
    }

    /// A value with its unit, for a person: `4.62 tokens/s`, `3,449 USD`, `61.4 s`.
    #[must_use]
    pub fn text(self, value: f64, scenario: &Scenario) -> String {
        match self {
            Self::Price | Self::Cost => units::money(value, scenario.money.currency),
            Self::FirstToken => units::duration(value),
            _ => format!("{} {}", units::significant(value), self.unit(scenario)),
        }
    }

    /// Whether it follows from a price.
    #[must_use]
    pub fn is_money(self) -> bool {
        matches!(self, Self::Price | Self::PricePerGib | Self::PricePerGb | Self::Cost | Self::CostPerMillion)
    }

    /// Of an estimate; absent where it is not known, or nothing that an estimate is about.
    #[must_use]
    pub fn of_estimate(self, estimate: &Estimate) -> Option<f64> {
        let value = match self {
            Self::Decode => Some(estimate.tokens_per_s),
            Self::Total => Some(estimate.total_tokens_per_s),
            Self::Answer => estimate.answer_tokens_per_s,
            Self::Prefill => estimate.prefill_tokens_per_s,
            Self::FirstToken => estimate.time_to_first_token_s,
            _ => None,
        };
        value.filter(|value| *value > 0.0 && value.is_finite())
    }

    /// The nominal 80 % interval of what [`Self::of_estimate`] gives, where one was fitted.
    #[must_use]
    pub fn interval(self, estimate: &Estimate) -> Option<(f64, f64)> {
        let confidence = &estimate.confidence;
        match self {
            Self::Decode => Some((estimate.tokens_per_s_low(), estimate.tokens_per_s_high())),
            Self::Total => {
                let total = estimate.total_tokens_per_s;
                Some((total * confidence.low_factor, total * confidence.high_factor))
            }
            Self::Prefill => estimate.prefill_interval(),
            _ => None,
        }
    }

    /// Of a machine, whatever the model; absent where it is not known, or nothing that a machine alone has.
    #[must_use]
    pub fn of_machine(self, row: &Row, machine: &Machine) -> Option<f64> {
        let price = row.price.as_ref().map(|price| price.amount);
        let value = match self {
            Self::Price => price,
            Self::PricePerGib => {
                let usable_gib = row.estimate.as_ref().ok()?.memory.usable_bytes / units::GIB;
                price.map(|price| price / usable_gib)
            }
            Self::PricePerGb => price.map(|price| price / machine.memory_gib),
            Self::Watts => machine.load_w,
            _ => None,
        };
        value.filter(|value| *value > 0.0 && value.is_finite())
    }

    /// What is written along the axis, with the unit.
    #[must_use]
    pub fn label(self, scenario: &Scenario) -> String {
        let currency = scenario.money.currency.code();
        let prompt = units::tokens(scenario.prompt);
        match self {
            Self::Price if scenario.money.with_host => {
                format!("Price of the whole machine in {currency}, cards with a host PC")
            }
            Self::Price => format!("Price in {currency}, cards without a host PC"),
            Self::PricePerGib => format!("Price in {currency} per GiB of usable memory"),
            Self::PricePerGb => format!("Price in {currency} per GB of memory, as sold"),
            Self::Watts => "Power under load in W".to_owned(),
            Self::Decode => format!("Decode speed in tokens/s, {}", for_each(scenario)),
            Self::Total => format!("Decode speed in tokens/s, {}", together(scenario)),
            Self::Answer => {
                format!("Answer speed in tokens/s, first wait included, {}", for_each(scenario))
            }
            Self::Prefill => format!("Prefill speed in tokens/s, prompt of {prompt}"),
            Self::FirstToken => {
                format!("Time to first token in seconds, prompt of {prompt}, less is better")
            }
            Self::Cost => format!("Cost over {} years in {currency}", super::compact(scenario.money.years)),
            Self::CostPerMillion => {
                let years = super::compact(scenario.money.years);
                format!("Cost of a million tokens in {currency}, written over {years} years")
            }
        }
    }

    /// What stands behind a number that stands alone.
    #[must_use]
    pub fn unit(self, scenario: &Scenario) -> String {
        let currency = scenario.money.currency.code();
        match self {
            Self::Price | Self::Cost | Self::CostPerMillion => currency.to_owned(),
            Self::PricePerGib => format!("{currency}/GiB"),
            Self::PricePerGb => format!("{currency}/GB"),
            Self::Watts => "W".to_owned(),
            Self::FirstToken => "s".to_owned(),
            Self::Decode | Self::Total | Self::Answer | Self::Prefill => "tokens/s".to_owned(),
        }
    }
}

fn for_each(scenario: &Scenario) -> String {
    match scenario.users {
        0 | 1 => "one request".to_owned(),
        users => format!("for each of {users} users"),
    }
}

fn together(scenario: &Scenario) -> String {
    match scenario.users {
        0 | 1 => "one request".to_owned(),
        users => format!("{users} users together"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_tell_quantities_apart() {
        for (index, quantity) in Quantity::ALL.into_iter().enumerate() {
            assert!(Quantity::ALL[..index].iter().all(|other| other.key() != quantity.key()));
            assert!(Quantity::ALL[..index].iter().all(|other| other.title() != quantity.title()));
        }
    }

    #[test]
    fn labels_say_units_and_whom_they_are_for() {
        let mut scenario = Scenario { users: 4, prompt: 2048, ..Scenario::default() };
        scenario.money.with_host = false;
        for (quantity, label) in [
            (Quantity::Price, "Price in USD, cards without a host PC"),
            (Quantity::Decode, "Decode speed in tokens/s, for each of 4 users"),
            (Quantity::Total, "Decode speed in tokens/s, 4 users together"),
            (Quantity::FirstToken, "Time to first token in seconds, prompt of 2,048 tokens, less is better"),
        ] {
            assert_eq!(quantity.label(&scenario), label);
        }
        assert!(Quantity::Total.is_worthwhile(&scenario));
        assert!(!Quantity::Total.is_worthwhile(&Scenario::default()));
    }
}
