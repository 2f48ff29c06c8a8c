//! What the person asks: a model, how it is stored, how long a context, how many users, and money.

mod edits;

use std::borrow::Cow;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub use edits::ModelEdits;

use crate::{
    catalog::{Catalog, Currency, PriceKind, System},
    estimate::{KernelClass, KvCache, LayerCounts, UnknownTensorType, Weights, Workload, architecture},
};

/// How much of a machine's memory the runtime may use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MemoryLimit {
    /// As the machine comes.
    #[default]
    AsShipped,
    /// After its owner raised the limit by a documented setting.
    Raised,
}

/// Which of a machine's quotes counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PriceChoice {
    /// The newest quote of any kind but the article's.
    #[default]
    Newest,
    List,
    Street,
    Used,
    Article,
}

impl PriceChoice {
    pub const ALL: [Self; 5] = [Self::Newest, Self::List, Self::Street, Self::Used, Self::Article];

    /// Whether a quote of this kind counts.
    #[must_use]
    pub fn accepts(self, kind: PriceKind) -> bool {
        match self {
            Self::Newest => kind != PriceKind::Article,
            Self::List => kind == PriceKind::List,
            Self::Street => matches!(kind, PriceKind::Street | PriceKind::Quoted),
            Self::Used => kind == PriceKind::Used,
            Self::Article => kind == PriceKind::Article,
        }
    }
}

/// Whether prices are shown with sales tax.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaxChoice {
    /// As each source quotes it: US prices without, European prices with.
    #[default]
    AsQuoted,
    /// All with tax at [`Money::tax_percent`].
    With,
    /// All without.
    Without,
}

/// What money means in this comparison.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Money {
    pub currency: Currency,
    pub usd_per_eur: f64,
    /// The day of the exchange rate, or absent where the person typed the rate.
    pub rate_date: Option<Date>,
    /// The most to spend, in `currency`.
    pub budget: Option<f64>,
    pub price: PriceChoice,
    /// Quotes after this day do not count, and what was not on sale then cannot be bought.
    pub as_of: Date,
    /// Whether a bare card's price counts with the computer round it.
    pub with_host: bool,
    pub tax: TaxChoice,
    pub tax_percent: f64,
    /// Electricity, in `currency` for a kWh.
    pub electricity_per_kwh: f64,
    pub hours_per_day: f64,
    pub years: f64,
    /// What an API asks for a million tokens, in `currency`, to hold the machines against.
    pub api_per_million: Option<f64>,
}

impl Money {
    /// `amount` of one currency in [`Money::currency`].
    #[must_use]
    pub fn convert(&self, amount: f64, from: Currency) -> f64 {
        match (from, self.currency) {
            (Currency::EUR, Currency::USD) => amount * self.usd_per_eur,
            (Currency::USD, Currency::EUR) => amount / self.usd_per_eur,
            _ => amount,
        }
    }
}

impl Default for Money {
    fn default() -> Self {
        Self {
            currency: Currency::USD,
            usd_per_eur: 1.16,
            rate_date: None,
            budget: None,
            price: PriceChoice::default(),
            as_of: Date::constant(2026, 11, 1),
            with_host: true,
            tax: TaxChoice::default(),
            tax_percent: 20.0,
            electricity_per_kwh: 0.30,
            hours_per_day: 4.0,
            years: 3.0,
            api_per_million: None,
        }
    }
}

/// What the person asks. It names catalog entries by id and is saved as it stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Scenario {
    pub model: String,
    pub edits: ModelEdits,
    pub quant: String,
    pub kv_type: String,
    /// Tokens in the cache when the speed is taken, and the size the cache is laid out for.
    pub context: u32,
    /// Tokens of the question.
    pub prompt: u32,
    /// Tokens of the answer.
    pub answer: u32,
    /// Requests decoded at once.
    pub users: u32,
    /// A runtime's id; absent means the fastest for each machine.
    pub runtime: Option<String>,
    /// What programs run under, on machines that run it; absent means Linux, or macOS on a Mac.
    pub system: Option<System>,
    pub memory_limit: MemoryLimit,
    /// Whether what does not fit may be left to the host's memory.
    pub offload: bool,
    pub money: Money,
}

impl Default for Scenario {
    fn default() -> Self {
        Self {
            model: "llama-3.3-70b".to_owned(),
            edits: ModelEdits::default(),
            quant: "Q4_K_M".to_owned(),
            kv_type: "f16".to_owned(),
            context: 8192,
            prompt: 2048,
            answer: 512,
            users: 1,
            runtime: None,
            system: None,
            memory_limit: MemoryLimit::AsShipped,
            offload: true,
            money: Money::default(),
        }
    }
}

/// A scenario that names something the catalog lacks, or a model and numbers that do not go together.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScenarioError {
    #[error("there is no {kind} `{id}`{}", did_you_mean(nearest))]
    Unknown { kind: &'static str, id: String, nearest: Vec<String> },
    #[error(transparent)]
    TensorType(#[from] UnknownTensorType),
    #[error("{what} must be {must}, not {found}")]
    OutOfRange { what: &'static str, must: &'static str, found: String },
}

fn did_you_mean(nearest: &[String]) -> String {
    match nearest {
        [] => String::new(),
        [one] => format!("; did you mean `{one}`?"),
        several => format!("; the nearest are `{}`", several.join("`, `")),
    }
}

/// The ids most like `id`, best first, at most three.
#[must_use]
pub fn nearest<'a>(id: &str, among: impl Iterator<Item = &'a str>) -> Vec<String> {
    const ALIKE: f64 = 0.7;
    let wanted = id.to_lowercase();
    let mut scored: Vec<(f64, &str)> = among
        .map(|candidate| {
            let lower = candidate.to_lowercase();
            let score = strsim::jaro_winkler(&wanted, &lower);
            let contains = !wanted.is_empty() && lower.contains(&wanted);
            (if contains { score.max(0.9) } else { score }, candidate)
        })
        .filter(|(score, _)| *score >= ALIKE)
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.len().cmp(&b.1.len())).then(a.1.cmp(b.1)));
    scored.into_iter().take(3).map(|(_, candidate)| candidate.to_owned()).collect()
}

/// The most tokens of context, prompt or answer that a scenario can ask for.
pub const MAX_TOKENS: u32 = 100_000_000;
/// The most users at once.
pub const MAX_USERS: u32 = 4096;

impl Scenario {
    /// The workload that the scenario describes, with its names looked up.
    pub fn workload<'a>(&self, catalog: &'a Catalog) -> Result<Workload<'a>, ScenarioError> {
        let unknown = |kind, id: &str, nearest| ScenarioError::Unknown { kind, id: id.to_owned(), nearest };
        let model = catalog
            .models
            .get(&self.model)
            .ok_or_else(|| unknown("model", &self.model, nearest(&self.model, catalog.models.ids())))?;
        let quant = catalog.quant(&self.quant).ok_or_else(|| {
            unknown("quantization", &self.quant, nearest(&self.quant, catalog.quants.ids()))
        })?;
        let kv_type = catalog.kv_type(&self.kv_type).ok_or_else(|| {
            unknown("cache type", &self.kv_type, nearest(&self.kv_type, catalog.kv_types.ids()))
        })?;
        for (what, tokens) in
            [("the context", self.context), ("the prompt", self.prompt), ("the answer", self.answer)]
        {
            if tokens > MAX_TOKENS {
                let must = "at most 100,000,000 tokens";
                return Err(ScenarioError::OutOfRange { what, must, found: tokens.to_string() });
            }
        }
        if !(1..=MAX_USERS).contains(&self.users) {
            let (what, must) = ("the number of users", "from 1 to 4,096");
            return Err(ScenarioError::OutOfRange { what, must, found: self.users.to_string() });
        }
        let model =
            if self.edits.is_empty() { Cow::Borrowed(model) } else { Cow::Owned(self.edits.apply(model)) };
        let weights = Weights::new(&model, quant, &catalog.tensor_types)?;
        let cache = KvCache::new(&model, kv_type.bits_per_element);
        let counts = LayerCounts::new(&model);
        let architecture = architecture(&model);
        Ok(Workload {
            model,
            quant,
            counts,
            kernel: KernelClass::new(quant),
            architecture,
            kv_type,
            weights,
            cache,
            context: self.context,
            prompt: self.prompt,
            answer: self.answer,
            users: self.users,
            system: self.system,
            memory_limit: self.memory_limit,
            offload: self.offload,
        })
    }
}
