//! A scenario over all machines: what each costs, whether the model fits, how fast it is, and which are the best buys.

use std::{borrow::Cow, collections::BTreeSet, sync::Arc};

use serde::{Deserialize, Serialize};

use crate::{
    catalog::{
        Availability, Catalog, Chip, Covers, Currency, Machine, MachineKind, Needs, PartialDate, PriceKind,
        Quote, Tax,
    },
    estimate::{Estimate, Estimator, NoEstimate, Placement, Question, Rig, Workload},
    scenario::{Money, PriceChoice, Scenario, ScenarioError, TaxChoice, nearest},
    units,
};

/// A machine's price under the scenario's money settings.
#[derive(Clone, Debug, PartialEq)]
pub struct Price {
    /// What counts, host and tax as the scenario asks.
    pub amount: f64,
    pub currency: Currency,
    pub date: PartialDate,
    pub kind: PriceKind,
    /// Of `amount`, what the computer round a card adds.
    pub host: f64,
    /// Index into the machine's prices.
    pub quote: usize,
    /// The range that the quote's source states, treated like `amount`.
    pub range: Option<(f64, f64)>,
}

/// Whether a machine counts as one to buy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Standing {
    /// It can be bought and it runs.
    Buyable,
    /// No longer on sale on the day.
    Withdrawn,
    Announced,
    /// A module or passive card that does not run as it is sold.
    Part,
}

/// Which machines are shown. An empty set means all.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Filters {
    /// Ids; absent means all.
    pub machines: Option<BTreeSet<String>>,
    pub makers: BTreeSet<String>,
    pub kinds: BTreeSet<MachineKind>,
    /// Leaves out machines that the model does not fit, with or without offload.
    pub fits_only: bool,
    pub min_tokens_per_s: Option<f64>,
    /// Leaves out what costs more than the scenario's budget, or has no price.
    pub within_budget: bool,
    /// Shows what is no longer on sale, or not yet.
    pub show_withdrawn: bool,
    /// Shows modules and passive server cards.
    pub show_parts: bool,
}

/// One machine's line in the comparison.
#[derive(Clone, Debug)]
pub struct Row {
    /// Position in the catalog's table of machines.
    pub machine: usize,
    pub standing: Standing,
    pub availability: Availability,
    pub price: Option<Price>,
    /// Id of the runtime the estimate is for.
    pub runtime: Option<Arc<str>>,
    /// Shared by machines that are alike.
    pub estimate: Result<Arc<Estimate>, NoEstimate>,
    /// Passes the filters.
    pub shown: bool,
    /// No machine that is shown, can be bought and holds the model is both cheaper and faster.
    pub on_frontier: bool,
}

impl Row {
    /// Tokens per second, where the model fits or is offloaded.
    #[must_use]
    pub fn speed(&self) -> Option<f64> {
        let estimate = self.estimate.as_ref().ok()?;
        (!matches!(estimate.placement, Placement::DoesNotFit { .. })).then_some(estimate.tokens_per_s)
    }
}

/// The answer for all machines, in the catalog's order.
#[derive(Clone, Debug)]
pub struct Comparison<'a> {
    pub workload: Workload<'a>,
    pub rows: Vec<Row>,
    /// Indices of `rows` on the Pareto frontier, cheapest first.
    pub frontier: Vec<usize>,
}

/// Compares all machines of the catalog under a scenario.
pub fn compare<'a>(
    catalog: &'a Catalog,
    estimator: &Estimator,
    scenario: &Scenario,
    filters: &Filters,
) -> Result<Comparison<'a>, ScenarioError> {
    let workload = scenario.workload(catalog)?;
    if let Some(id) = &scenario.runtime
        && catalog.runtimes.get(id).is_none()
    {
        let nearest = nearest(id, catalog.runtimes.ids());
        return Err(ScenarioError::Unknown { kind: "runtime", id: id.clone(), nearest });
    }
    let question = estimator.ask(&workload);
    let mut rows: Vec<Row> = Vec::with_capacity(catalog.machines.len());
    for (index, machine) in catalog.machines.iter().enumerate() {
        let (runtime, estimate) = match rows.get(estimator.first_alike(index)) {
            Some(alike) => (alike.runtime.clone(), alike.estimate.clone()),
            None => estimate(&question, scenario, machine, catalog.chips.get(&machine.chip)),
        };
        let mut row = Row {
            machine: index,
            standing: Standing::Buyable,
            availability: machine.availability(scenario.money.as_of),
            price: price(machine, &scenario.money),
            runtime,
            estimate,
            shown: false,
            on_frontier: false,
        };
        row.standing = standing(machine, row.availability, &scenario.money);
        row.shown = shown(&row, machine, catalog, filters, scenario.money.budget);
        rows.push(row);
    }
    let frontier = frontier(&rows);
    for &index in &frontier {
        rows[index].on_frontier = true;
    }
    Ok(Comparison { workload, rows, frontier })
}

fn estimate(
    question: &Question,
    scenario: &Scenario,
    machine: &Machine,
    chip: Option<&Chip>,
) -> (Option<Arc<str>>, Result<Arc<Estimate>, NoEstimate>) {
    let best = chip.ok_or(NoEstimate::NoBandwidth).and_then(|chip| {
        let rig = Rig { machine, chip };
        question.best(rig, scenario.runtime.as_deref())
    });
    match best {
        Ok((runtime, estimate)) => (Some(Arc::clone(runtime)), Ok(Arc::new(estimate))),
        Err(reason) => (scenario.runtime.as_deref().map(Arc::from), Err(reason)),
    }
}

fn standing(machine: &Machine, availability: Availability, money: &Money) -> Standing {
    let part = match machine.needs {
        Needs::Carrier | Needs::Server => true,
        Needs::HostPc => !money.with_host,
        Needs::Nothing => false,
    };
    match availability {
        Availability::Announced => Standing::Announced,
        Availability::Withdrawn => Standing::Withdrawn,
        Availability::New | Availability::Used if part => Standing::Part,
        Availability::New | Availability::Used => Standing::Buyable,
    }
}

/// The price that counts for a machine: of the quotes that the settings accept, the newest.
#[must_use]
pub fn price(machine: &Machine, money: &Money) -> Option<Price> {
    let second_hand_only = machine.availability(money.as_of) == Availability::Used;
    let accepted = machine.prices.iter().enumerate().filter(|(_, quote)| {
        let known = quote.date.first_day() <= money.as_of;
        // What is only had second hand no longer costs its list price.
        let current =
            !(money.price == PriceChoice::Newest && second_hand_only) || quote.kind == PriceKind::Used;
        known && current && money.price.accepts(quote.kind)
    });
    // Of quotes of one day, the one in the currency asked for, then the lower.
    let (index, quote) = accepted.max_by(|(_, a), (_, b)| {
        let own = |quote: &Quote| quote.currency == money.currency;
        a.date
            .first_day()
            .cmp(&b.date.first_day())
            .then(own(a).cmp(&own(b)))
            .then(b.amount.total_cmp(&a.amount))
    })?;
    let host_usd = match (quote.covers, &machine.host) {
        (Covers::Cards | Covers::Module, Some(host)) if money.with_host => host.price_usd.unwrap_or(0.0),
        _ => 0.0,
    };
    let tax = tax_factor(quote.tax, money);
    let convert = |amount: f64| money.convert(amount, quote.currency) * tax;
    let host = money.convert(host_usd, Currency::USD) * tax_factor(Tax::Excluded, money);
    Some(Price {
        amount: convert(quote.amount) + host,
        currency: money.currency,
        date: quote.date,
        kind: quote.kind,
        host,
        quote: index,
        range: quote.low.zip(quote.high).map(|(low, high)| (convert(low) + host, convert(high) + host)),
    })
}

fn tax_factor(tax: Tax, money: &Money) -> f64 {
    let rate = 1.0 + money.tax_percent.max(0.0) / 100.0;
    match (money.tax, tax) {
        (TaxChoice::With, Tax::Excluded) => rate,
        (TaxChoice::Without, Tax::Included) => 1.0 / rate,
        _ => 1.0,
    }
}

fn shown(row: &Row, machine: &Machine, catalog: &Catalog, filters: &Filters, budget: Option<f64>) -> bool {
    let of_makers =
        || catalog.chips.get(&machine.chip).is_some_and(|chip| filters.makers.contains(&chip.maker));
    let named = filters.machines.as_ref().is_none_or(|ids| ids.contains(&machine.id));
    let standing = match row.standing {
        Standing::Buyable => true,
        Standing::Withdrawn | Standing::Announced => filters.show_withdrawn,
        Standing::Part => filters.show_parts,
    };
    // A machine asked for by name is shown whatever its standing.
    let standing = standing || filters.machines.is_some();
    let affordable = || match (&row.price, budget) {
        (Some(price), Some(budget)) => price.amount <= budget,
        (None, Some(_)) => false,
        (_, None) => true,
    };
    named
        && standing
        && (filters.makers.is_empty() || of_makers())
        && (filters.kinds.is_empty() || filters.kinds.contains(&machine.kind))
        && (!filters.fits_only || row.speed().is_some())
        && filters.min_tokens_per_s.is_none_or(|least| row.speed().is_some_and(|speed| speed >= least))
        && (!filters.within_budget || affordable())
}

/// Indices of the rows that no shown, buyable row beats in both price and speed, cheapest first.
fn frontier(rows: &[Row]) -> Vec<usize> {
    let mut candidates: Vec<(f64, f64, usize)> = rows
        .iter()
        .enumerate()
        .filter(|(_, row)| row.shown && row.standing == Standing::Buyable)
        .filter(|(_, row)| row.estimate.as_ref().is_ok_and(|it| it.placement == Placement::Fits))
        .filter_map(|(index, row)| Some((row.price.as_ref()?.amount, row.speed()?, index)))
        .collect();
    candidates.sort_by(|a, b| a.0.total_cmp(&b.0).then(b.1.total_cmp(&a.1)).then(a.2.cmp(&b.2)));
    let mut fastest = 0.0;
    candidates.retain(|&(_, speed, _)| {
        let better = speed > fastest;
        fastest = fastest.max(speed);
        better
    });
    candidates.into_iter().map(|(_, _, index)| index).collect()
}

/// The comparison in one sentence or two.
#[must_use]
pub fn verdict(comparison: &Comparison, catalog: &Catalog, scenario: &Scenario, filters: &Filters) -> String {
    let shown: Vec<&Row> = comparison.rows.iter().filter(|row| row.shown).collect();
    if shown.is_empty() {
        return "No machine passes the filters.".to_owned();
    }
    let fitting = shown.iter().filter(|row| row.speed().is_some()).count();
    let counted = format!(
        "{} of {} machines {} the model.",
        units::thousands(fitting as f64),
        units::thousands(shown.len() as f64),
        if shown.len() == 1 { "holds" } else { "hold" },
    );
    let least = filters.min_tokens_per_s.unwrap_or(COMFORTABLE_TOKENS_PER_S);
    let budget = scenario.money.budget;
    let affordable = |row: &Row| {
        row.price.as_ref().is_some_and(|price| budget.is_none_or(|budget| price.amount <= budget))
    };
    let on_frontier = || comparison.frontier.iter().map(|&index| &comparison.rows[index]);
    let cheapest =
        on_frontier().find(|row| affordable(row) && row.speed().is_some_and(|speed| speed >= least));
    let fastest = on_frontier().rfind(|row| affordable(row));
    let within = budget
        .map_or(String::new(), |budget| format!(" within {}", units::money(budget, scenario.money.currency)));
    let (lead, row) = match (cheapest, fastest) {
        (Some(row), _) => {
            (format!("Cheapest at {} tokens/s or more{within}", units::significant(least)), row)
        }
        (None, Some(row)) => {
            (format!("Nothing{within} reaches {} tokens/s; the fastest", units::significant(least)), row)
        }
        (None, None) => return format!("No priced machine on sale holds the model{within}. {counted}"),
    };
    let (Some(price), Ok(estimate)) = (&row.price, &row.estimate) else {
        return counted;
    };
    let name: Cow<'_, str> = catalog
        .machines
        .at(row.machine)
        .map_or(Cow::Borrowed("unknown machine"), |machine| Cow::Borrowed(machine.name.as_str()));
    format!(
        "{lead}: {name}, {}, {} tokens/s ({} to {}). {counted}",
        units::money(price.amount, price.currency),
        units::significant(estimate.tokens_per_s),
        units::significant(estimate.tokens_per_s_low()),
        units::significant(estimate.tokens_per_s_high()),
    )
}

/// Twice a person's reading speed; what the verdict asks for unless a filter says otherwise.
pub const COMFORTABLE_TOKENS_PER_S: f64 = 10.0;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Transport, load};

    #[test]
    fn machines_that_share_an_answer_would_have_had_it_alone() {
        let mut catalog = load::embedded().catalog;
        // Alike in all but how they exchange.
        let mut slow = catalog.machines.get("2x-dgx-spark").unwrap().clone();
        slow.id = "slow".to_owned();
        slow.link.as_mut().unwrap().transport = Some(Transport::Tcp);
        catalog.machines.insert(slow);
        let estimator = Estimator::new(&catalog);
        for context in [0, 32_768] {
            let scenario = Scenario { context, ..Scenario::default() };
            let comparison = compare(&catalog, &estimator, &scenario, &Filters::default()).unwrap();
            let question = estimator.ask(&comparison.workload);
            for (machine, row) in catalog.machines.iter().zip(&comparison.rows) {
                let chip = catalog.chips.get(&machine.chip);
                let (runtime, alone) = estimate(&question, &scenario, machine, chip);
                assert_eq!((&row.runtime, &row.estimate), (&runtime, &alone), "{}", machine.id);
            }
        }
    }
}
