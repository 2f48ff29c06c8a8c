//! The lines over and under a figure: what was asked, and what was taken for granted.

use crate::{
    catalog::PartialDate,
    compare::{Comparison, Price},
    scenario::{MemoryLimit, PriceChoice, Scenario, TaxChoice},
    units,
};

/// How many ask at once, and under what: `one user`, `4 users at once, under Windows`.
pub(super) fn users_and_system(scenario: &Scenario) -> String {
    let users = match scenario.users {
        0 | 1 => "one user".to_owned(),
        users => format!("{users} users at once"),
    };
    match scenario.system {
        Some(system) => format!("{users}, under {}", system.title()),
        None => users,
    }
}

/// The question in one line: `Llama 3.3 70B, Q4_K_M, 8,192 tokens of context, one user`.
#[must_use]
pub fn scenario_line(scenario: &Scenario, comparison: &Comparison) -> String {
    format!(
        "{}, {}, {} of context, {}",
        comparison.workload.model.name,
        comparison.workload.quant.name,
        units::tokens(scenario.context),
        users_and_system(scenario),
    )
}

/// When the oldest and the newest of some prices were quoted.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Quoted(Option<(PartialDate, PartialDate)>);

impl<'a> Extend<&'a Price> for Quoted {
    fn extend<T: IntoIterator<Item = &'a Price>>(&mut self, prices: T) {
        for Price { date, .. } in prices {
            let (oldest, newest) = self.0.get_or_insert((*date, *date));
            if date.first_day() < oldest.first_day() {
                *oldest = *date;
            }
            if date.last_day() > newest.last_day() {
                *newest = *date;
            }
        }
    }
}

/// Which prices count, of when they are, and how they were converted.
pub(super) fn prices(scenario: &Scenario, quoted: &Quoted) -> String {
    let money = &scenario.money;
    let choice = match money.price {
        PriceChoice::Newest => "newest quotes",
        PriceChoice::List => "makers' list prices",
        PriceChoice::Street => "street prices",
        PriceChoice::Used => "second-hand prices",
        PriceChoice::Article => "the founding article's figures",
    };
    let tax = match money.tax {
        TaxChoice::AsQuoted => "US without tax, European with".to_owned(),
        TaxChoice::With => format!("with {} % sales tax", units::significant(money.tax_percent)),
        TaxChoice::Without => "without sales tax".to_owned(),
    };
    let quoted = match quoted.0 {
        Some((oldest, newest)) if oldest == newest => format!(" (of {newest})"),
        Some((oldest, newest)) => format!(" (of {oldest} to {newest})"),
        None => String::new(),
    };
    let dated = money.rate_date.map_or(String::new(), |date| format!(" of {date}"));
    format!(
        "Prices: {choice} up to {}{quoted}, {tax}; 1\u{a0}EUR\u{a0}= {}\u{a0}USD{dated}.",
        money.as_of,
        units::significant(money.usd_per_eur),
    )
}

/// What the speeds are, and which memory counts as usable.
pub(super) fn estimates(scenario: &Scenario) -> String {
    format!("Speeds are estimates calibrated on measurements. {}", memory(scenario))
}

/// Which memory counts as usable.
pub(super) fn memory(scenario: &Scenario) -> &'static str {
    match scenario.memory_limit {
        MemoryLimit::AsShipped => "Usable memory as shipped.",
        MemoryLimit::Raised => "Usable memory with its limit raised.",
    }
}
