//! What hovering over a machine says.

use crate::{
    catalog::{Catalog, Chip, Machine},
    compare::{Row, Standing},
    estimate::{Estimate, Placement},
    figure::{Detail, Tip},
    scenario::Scenario,
};

/// Name, speeds, price, memory and how sure all that is.
pub(super) fn of_machine(
    catalog: &Catalog,
    scenario: &Scenario,
    row: &Row,
    machine: &Machine,
    chip: Option<&Chip>,
) -> Tip {
    let mut details = Vec::with_capacity(9);
    details.push(match &row.price {
        Some(price) => ("Price", Detail::Price(price.clone())),
        None => ("Price", Detail::Text("none of the chosen kind and date".into())),
    });
    match &row.estimate {
        Ok(estimate) => speeds(estimate, scenario, &mut details),
        Err(reason) => details.push(("Speed", Detail::NotEstimated(*reason))),
    }
    let bandwidth = machine.device_gb_per_s(chip);
    if let Some(gb_per_s) = bandwidth {
        details.push(("Bandwidth", Detail::Bandwidth { devices: machine.devices, gb_per_s }));
    }
    details.extend(machine.load_w.map(|watts| ("Power", Detail::Watts(watts))));
    let runtime = row.runtime.as_deref().and_then(|id| catalog.runtimes.get(id));
    details.extend(runtime.map(|runtime| ("Runtime", Detail::Text(runtime.name.as_str().into()))));
    if let Ok(estimate) = &row.estimate {
        let (evidence, rows) = (estimate.confidence.evidence, estimate.confidence.rows);
        details.push(("Rests on", Detail::RestsOn { evidence, rows }));
    }
    let remarks = standing(row.standing).map(str::to_owned).into_iter().collect();
    Tip { heading: machine.name.as_str().into(), details, remarks }
}

fn speeds(estimate: &Estimate, scenario: &Scenario, details: &mut Vec<(&'static str, Detail)>) {
    let memory = &estimate.memory;
    let offloaded = match estimate.placement {
        Placement::DoesNotFit { needed_bytes, usable_bytes } => {
            details.push(("Memory", Detail::Lacks { needed_bytes, usable_bytes }));
            return;
        }
        Placement::Fits => None,
        Placement::Offloads { what, bytes } => Some((what, bytes)),
    };
    details.push(("Decode", decode(estimate, scenario.users > 1)));
    let prefill = estimate.prefill_tokens_per_s.map(Detail::TokensPerSecond);
    details.extend(prefill.map(|rate| ("Prefill", rate)));
    let wait = estimate.time_to_first_token_s.map(Detail::After);
    details.extend(wait.map(|wait| ("First token", wait)));
    let (needed_bytes, usable_bytes) = (memory.needed_bytes(), memory.usable_bytes);
    details.push(("Memory", Detail::Memory { needed_bytes, usable_bytes, offloaded }));
}

/// The speed with its interval.
pub(super) fn decode(estimate: &Estimate, each: bool) -> Detail {
    Detail::Decode {
        tokens_per_s: estimate.tokens_per_s,
        low: estimate.tokens_per_s_low(),
        high: estimate.tokens_per_s_high(),
        each,
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
