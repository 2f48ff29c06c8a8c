//! What hovering over a machine says.

use std::fmt::Write as _;

use crate::{
    catalog::{Catalog, Chip, Machine, PriceKind},
    compare::{Price, Row, Standing},
    estimate::{Estimate, Evidence, Offload, Placement},
    figure::Tip,
    scenario::Scenario,
    units,
};

/// What a machine lacks: `needs 39.6 GiB, has 23.5 GiB`.
pub(super) fn lack(needed_bytes: f64, usable_bytes: f64) -> String {
    format!("needs {}, has {}", units::gibibytes(needed_bytes), units::gibibytes(usable_bytes))
}

/// Name, speeds, price, memory and how sure all that is.
pub(super) fn of_machine(
    catalog: &Catalog,
    scenario: &Scenario,
    row: &Row,
    machine: &Machine,
    chip: Option<&Chip>,
) -> Tip {
    let mut tip = Tip { heading: machine.name.as_str().into(), ..Tip::default() };
    let mut fact = |name: &str, value: String| tip.facts.push((name.to_owned(), value));
    match &row.price {
        Some(price) => fact("Price", price_text(price)),
        None => fact("Price", "none of the chosen kind and date".to_owned()),
    }
    match &row.estimate {
        Ok(estimate) => speeds(estimate, scenario, &mut fact),
        Err(reason) => fact("Speed", format!("not estimated: {reason}")),
    }
    let bandwidth = machine.bandwidth_gb_per_s.or(chip.and_then(|chip| chip.bandwidth_gb_per_s));
    if let Some(bandwidth) = bandwidth {
        let devices = if machine.devices > 1 { format!("{} x ", machine.devices) } else { String::new() };
        fact("Bandwidth", format!("{devices}{} GB/s", units::significant(bandwidth)));
    }
    if let Some(watts) = machine.load_w {
        fact("Power", format!("{} W under load", units::significant(watts)));
    }
    let runtime = row.runtime.as_deref().and_then(|id| catalog.runtimes.get(id));
    if let Some(runtime) = runtime {
        fact("Runtime", runtime.name.clone());
    }
    if let Ok(estimate) = &row.estimate {
        fact("Rests on", evidence(estimate));
    }
    tip.remarks.extend(standing(row.standing).map(str::to_owned));
    tip
}

fn speeds(estimate: &Estimate, scenario: &Scenario, fact: &mut impl FnMut(&str, String)) {
    let memory = &estimate.memory;
    match estimate.placement {
        Placement::DoesNotFit { needed_bytes, usable_bytes } => {
            fact("Memory", lack(needed_bytes, usable_bytes));
            return;
        }
        Placement::Fits | Placement::Offloads { .. } => {
            let users = if scenario.users > 1 { " for each user" } else { "" };
            fact(
                "Decode",
                format!(
                    "{}{users} ({} to {})",
                    units::tokens_per_s(estimate.tokens_per_s),
                    units::significant(estimate.tokens_per_s_low()),
                    units::significant(estimate.tokens_per_s_high()),
                ),
            );
        }
    }
    if let Some(prefill) = estimate.prefill_tokens_per_s {
        fact("Prefill", units::tokens_per_s(prefill));
    }
    if let Some(wait) = estimate.time_to_first_token_s {
        fact("First token", format!("after {}", units::duration(wait)));
    }
    let room = format!(
        "{} of {} usable",
        units::gibibytes(memory.needed_bytes()),
        units::gibibytes(memory.usable_bytes)
    );
    match estimate.placement {
        Placement::Offloads { what, bytes } => {
            let what = match what {
                Offload::Layers => "layers",
                Offload::Experts => "experts",
            };
            fact("Memory", format!("{room}; {} of {what} in the host's memory", units::gibibytes(bytes)));
        }
        _ => fact("Memory", room),
    }
}

/// `3,449 USD, street price, 2026-09; 900 USD of it for the host PC`.
fn price_text(price: &Price) -> String {
    let kind = match price.kind {
        PriceKind::List => "list price",
        PriceKind::Street => "street price",
        PriceKind::Used => "second hand",
        PriceKind::Quoted => "quoted",
        PriceKind::Article => "the article's figure",
    };
    let mut text = format!("{}, {kind}, {}", units::money(price.amount, price.currency), price.date);
    if let Some((low, high)) = price.range.filter(|(low, high)| low < high) {
        write!(text, " ({} to {})", units::thousands(low), units::thousands(high)).ok();
    }
    if price.host > 0.0 {
        write!(text, "; {} of it for the host PC", units::money(price.host, price.currency)).ok();
    }
    text
}

fn evidence(estimate: &Estimate) -> String {
    let rows = match estimate.confidence.rows {
        1 => "1 measurement".to_owned(),
        rows => format!("{} measurements", units::thousands(f64::from(rows))),
    };
    match estimate.confidence.evidence {
        Evidence::Chip => format!("{rows} of this chip"),
        Evidence::Family => format!("{rows} of its chip family"),
        Evidence::General => format!("{rows} of other chips"),
    }
}

fn standing(standing: Standing) -> Option<&'static str> {
    match standing {
        Standing::Buyable => None,
        Standing::Withdrawn => Some("No longer on sale."),
        Standing::Announced => Some("Announced, not yet on sale."),
        Standing::Part => Some("A module or passive card: it does not run as it is sold."),
    }
}
