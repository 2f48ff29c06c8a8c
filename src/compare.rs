//! A scenario over all machines: what each costs, whether the model fits, how fast it is, and which are the best buys.

use crate::{
    catalog::{Availability, Currency, PartialDate, PriceKind},
    estimate::{Estimate, NoEstimate},
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
    /// Where the quote was read; index into the machine's prices.
    pub quote: usize,
    /// The range that the quote's source states, treated like `amount`.
    pub range: Option<(f64, f64)>,
}

/// Why a machine does not count as one to buy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Standing {
    /// It can be bought and it runs.
    Buyable,
    /// Not on sale on the day, or no longer.
    Withdrawn,
    Announced,
    /// A module or passive card that no person can run as it is sold.
    Part,
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
    pub runtime: Option<String>,
    pub estimate: Result<Estimate, NoEstimate>,
    /// Nothing that can be bought, fits and is shown is both cheaper and faster.
    pub on_frontier: bool,
}

/// The answer for all machines, in the catalog's order.
#[derive(Clone, Debug)]
pub struct Comparison {
    pub rows: Vec<Row>,
    /// Indices of `rows` on the Pareto frontier, by price.
    pub frontier: Vec<usize>,
}
