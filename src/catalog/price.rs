//! What a machine costs: dated quotes, each with what it covers and where it was read.

use serde::{Deserialize, Serialize};

use super::PartialDate;

/// A currency that prices are quoted and shown in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Currency {
    /// US dollars.
    USD,
    /// Euros.
    EUR,
}

impl Currency {
    pub const ALL: [Self; 2] = [Self::USD, Self::EUR];

    /// The three-letter code: `USD`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::USD => "USD",
            Self::EUR => "EUR",
        }
    }
}

/// What kind of price a quote is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PriceKind {
    /// The maker's own price.
    List,
    /// What shops ask for a new one.
    Street,
    /// What a second-hand one sells for.
    Used,
    /// An offer or an estimate for a build, not a shelf price.
    Quoted,
    /// The figure of the articles that the comparison started from.
    Article,
}

/// What the amount buys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Covers {
    /// The whole machine, ready to run.
    Machine,
    /// The card or cards, without the computer round them.
    Cards,
    /// A module or bare board that needs more than a computer round it.
    Module,
}

/// Whether sales tax is in the amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tax {
    Included,
    Excluded,
    Unknown,
}

/// How a stated fact is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// Read in the named source.
    #[default]
    Sourced,
    /// Computed from sourced facts.
    Derived,
    /// Somebody's estimate, or doubtful.
    Estimate,
}

/// One price, as read in one place on one date.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quote {
    /// For all the machine's devices together.
    pub amount: f64,
    pub currency: Currency,
    pub date: PartialDate,
    pub kind: PriceKind,
    pub covers: Covers,
    pub tax: Tax,
    /// The range the source gives, if it gives one.
    #[serde(default)]
    pub low: Option<f64>,
    #[serde(default)]
    pub high: Option<f64>,
    #[serde(default)]
    pub basis: Basis,
    /// A public address or title.
    pub source: String,
    #[serde(default)]
    pub note: Option<String>,
}

/// What memory costs by itself: a dated quote for modules.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemoryPrice {
    pub id: String,
    /// What was sold: `DDR5 kit`.
    pub name: String,
    pub memory_gib: f64,
    pub amount: f64,
    pub currency: Currency,
    pub date: PartialDate,
    pub source: String,
}

/// An exchange rate with its date.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExchangeRate {
    pub date: PartialDate,
    pub usd_per_eur: f64,
    #[serde(default)]
    pub basis: Basis,
    pub source: String,
}
