//! A machine's line in the comparison as programs read it: what is not known is absent, numbers have full precision.

use serde::Serialize;

use crate::{
    catalog::{Catalog, Machine, PriceKind},
    compare::Row,
    estimate::{Estimate, Evidence, Placement},
};

/// The names of the fields are the columns' names, which scripts rely on.
#[derive(Clone, Debug, Serialize)]
pub struct Record<'a> {
    machine_id: &'a str,
    machine: &'a str,
    maker: Option<&'a str>,
    chip_id: &'a str,
    runtime_id: Option<&'a str>,
    fit: Option<&'static str>,
    tokens_per_s: Option<f64>,
    tokens_per_s_low: Option<f64>,
    tokens_per_s_high: Option<f64>,
    confidence: Option<&'static str>,
    time_to_first_token_s: Option<f64>,
    prefill_tokens_per_s: Option<f64>,
    answer_tokens_per_s: Option<f64>,
    weights_read_bytes: Option<f64>,
    kv_read_bytes: Option<f64>,
    memory_needed_bytes: Option<f64>,
    memory_usable_bytes: Option<f64>,
    price: Option<f64>,
    currency: Option<&'static str>,
    price_date: Option<String>,
    price_kind: Option<&'static str>,
    on_frontier: bool,
}

impl<'a> Record<'a> {
    #[must_use]
    pub fn new(catalog: &'a Catalog, machine: &'a Machine, row: &'a Row) -> Self {
        let estimate = row.estimate.as_deref().ok();
        let price = row.price.as_ref();
        Self {
            machine_id: &machine.id,
            machine: &machine.name,
            maker: catalog.chips.get(&machine.chip).map(|chip| chip.maker.as_str()),
            chip_id: &machine.chip,
            runtime_id: row.runtime.as_deref(),
            fit: estimate.map(|estimate| fit(&estimate.placement)),
            tokens_per_s: estimate.map(|estimate| estimate.tokens_per_s),
            tokens_per_s_low: estimate.map(Estimate::tokens_per_s_low),
            tokens_per_s_high: estimate.map(Estimate::tokens_per_s_high),
            confidence: estimate.map(|estimate| confidence(estimate.confidence.evidence)),
            time_to_first_token_s: estimate.and_then(|estimate| estimate.time_to_first_token_s),
            prefill_tokens_per_s: estimate.and_then(|estimate| estimate.prefill_tokens_per_s),
            answer_tokens_per_s: estimate.and_then(|estimate| estimate.answer_tokens_per_s),
            weights_read_bytes: estimate.map(|estimate| estimate.weights_read_bytes),
            kv_read_bytes: estimate.map(|estimate| estimate.kv_read_bytes),
            memory_needed_bytes: estimate.map(|estimate| estimate.memory.needed_bytes()),
            memory_usable_bytes: estimate.map(|estimate| estimate.memory.usable_bytes),
            price: price.map(|price| price.amount),
            currency: price.map(|price| price.currency.code()),
            price_date: price.map(|price| price.date.to_string()),
            price_kind: price.map(|price| price_kind(price.kind)),
            on_frontier: row.on_frontier,
        }
    }
}

fn fit(placement: &Placement) -> &'static str {
    match placement {
        Placement::Fits => "fits",
        Placement::Offloads { .. } => "offloads",
        Placement::DoesNotFit { .. } => "does_not_fit",
    }
}

fn confidence(evidence: Evidence) -> &'static str {
    match evidence {
        Evidence::General => "general",
        Evidence::Family => "family",
        Evidence::Chip => "chip",
    }
}

/// What scripts call a kind of price.
#[must_use]
pub fn price_kind(kind: PriceKind) -> &'static str {
    match kind {
        PriceKind::List => "list",
        PriceKind::Street => "street",
        PriceKind::Used => "used",
        PriceKind::Quoted => "quoted",
        PriceKind::Article => "article",
    }
}
