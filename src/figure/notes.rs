//! The lines over and under a figure: what was asked, and what was taken for granted.

use crate::{
    compare::Comparison,
    scenario::{MemoryLimit, PriceChoice, Scenario, TaxChoice},
    units,
};

/// The question in one line: `Llama 3.3 70B, Q4_K_M, 8,192 tokens of context, one user`.
pub(super) fn scenario_line(scenario: &Scenario, comparison: &Comparison) -> String {
    let users = match scenario.users {
        0 | 1 => "one user".to_owned(),
        users => format!("{users} users at once"),
    };
    format!(
        "{}, {}, {} of context, {users}",
        comparison.workload.model.name,
        comparison.workload.quant.name,
        units::tokens(scenario.context),
    )
}

/// Which prices count, and how they were converted.
pub(super) fn prices(scenario: &Scenario) -> String {
    let money = &scenario.money;
    let choice = match money.price {
        PriceChoice::Newest => "newest quote of each machine",
        PriceChoice::List => "makers' list prices",
        PriceChoice::Street => "street prices",
        PriceChoice::Used => "second-hand prices",
        PriceChoice::Article => "the founding article's figures",
    };
    let tax = match money.tax {
        TaxChoice::AsQuoted => {
            "sales tax as each source quotes it (US prices without, European with)".to_owned()
        }
        TaxChoice::With => format!("with {} % sales tax", units::significant(money.tax_percent)),
        TaxChoice::Without => "without sales tax".to_owned(),
    };
    let dated = money.rate_date.map_or(String::new(), |date| format!(" of {date}"));
    format!(
        "Prices: {choice} up to {}, {tax}; 1 EUR = {} USD{dated}.",
        money.as_of,
        units::significant(money.usd_per_eur),
    )
}

/// What the speeds are and how far they can be trusted.
pub(super) fn estimates(scenario: &Scenario, with_interval: bool) -> String {
    let mut text =
        "Speeds are estimates from memory bandwidth, calibrated on published measurements".to_owned();
    if with_interval {
        text.push_str("; bars show the nominal 80 % interval");
    }
    text.push_str(". ");
    text.push_str(&memory(scenario));
    text
}

/// Which memory counts as usable.
pub(super) fn memory(scenario: &Scenario) -> String {
    match scenario.memory_limit {
        MemoryLimit::AsShipped => "Usable memory as the machine comes.",
        MemoryLimit::Raised => "Usable memory with the limit raised by its owner.",
    }
    .to_owned()
}
