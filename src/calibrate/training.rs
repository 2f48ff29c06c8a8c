//! Which measurements the constants are fitted on, how heavily each counts, and what is special about it.

use std::collections::HashMap;

use jiff::civil::Date;

use super::fit::{FitOptions, FitRow, FitTerm, Names};
use crate::{
    accuracy::{Subject, subject},
    catalog::{Catalog, Measurement},
    estimate::{
        Devices, StepBytes, Term, TermKey, api, factor_names, model_kind, peak_flops, prefill_terms,
        reachable_bandwidth, terms,
    },
};

/// Collections that count less, by the prefix of their ids, and why.
const WEIGHTS: [(&str, f64); 8] = [
    // LocalScore: means over nine shapes, three digits, the median of whoever submitted.
    ("LS", 0.3),
    // Geerling's table: quantization assumed, runtime mostly not stated.
    ("GG", 0.35),
    // Rates of whole requests, with some prefill in them.
    ("LF", 0.4),
    ("Q3", 0.4),
    // Single users' submissions.
    ("LM", 0.6),
    // Formats known only roughly.
    ("MC", 0.6),
    ("RK", 0.5),
    ("FL", 0.3),
];
/// Collections whose quantization, host or power limit is not stated, or that mix prompt lengths.
const VAGUE_COLLECTIONS: [&str; 5] = ["LS", "GG", "FL", "RK", "Q3"];
/// Builds of 2024 whose prefill kernels on CUDA have since been rewritten: (collection, weight).
const OLD_PREFILL: (&str, f64) = ("XD", 0.6);
/// Processors: how the memory was populated is rarely stated.
const CPU_WEIGHT: f64 = 0.5;
/// Metal's kernels were rewritten in the course of 2024.
const OLD_METAL_UNTIL: Date = Date::constant(2024, 7, 1);
/// Hosts too slow for their cards: single-board computers with a card on one lane.
const NARROW_HOSTS: [&str; 2] = ["Pi ", "Thelio Astra"];

/// What is fitted: decode times or prefill times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    Decode,
    Prefill,
}

impl Quantity {
    /// Rows of one chip under one API count less the more there are, so that no chip outweighs its family. Prefill
    /// rows of one chip err alike, so that many say little more than a few.
    fn crowding_exponent(self) -> f64 {
        match self {
            Self::Decode => -0.35,
            Self::Prefill => -0.8,
        }
    }

    /// Prefill scatters more: it depends on batch sizes and builds that measurements rarely state.
    #[must_use]
    pub fn options(self) -> FitOptions {
        match self {
            Self::Decode => FitOptions { huber: 0.1, sigma: 0.1, iterations: 60, least_gain: 1e-6 },
            Self::Prefill => FitOptions { huber: 0.15, sigma: 0.35, iterations: 60, least_gain: 1e-6 },
        }
    }

    /// The id of its calibration.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Decode => "decode",
            Self::Prefill => "prefill",
        }
    }
}

/// A measurement prepared for fitting and for cross-validation.
#[derive(Clone, Debug)]
pub struct TrainingRow<'a> {
    pub measurement: &'a Measurement,
    pub subject: Subject<'a>,
    pub kind: &'static str,
    pub fit: FitRow,
}

impl TrainingRow<'_> {
    /// The collection a measurement came with: the letters its id begins with.
    #[must_use]
    pub fn collection(&self) -> &str {
        collection(self.measurement)
    }

    /// Whether its error counts in the report: one device, of a collection that states what it measured, not a
    /// processor.
    #[must_use]
    pub fn is_core(&self) -> bool {
        self.subject.devices == 1
            && !VAGUE_COLLECTIONS.contains(&self.collection())
            && api(self.subject.runtime) != "cpu"
    }
}

fn collection(measurement: &Measurement) -> &str {
    measurement.id.split('-').next().unwrap_or("")
}

/// The rows to fit, with every factor's place in `names`.
#[must_use]
pub fn rows<'a>(catalog: &'a Catalog, quantity: Quantity, names: &mut Names) -> Vec<TrainingRow<'a>> {
    let mut rows: Vec<TrainingRow> = catalog
        .measurements
        .iter()
        .filter(|measurement| is_usable(measurement))
        .filter_map(|measurement| row(catalog, measurement, quantity, names))
        .collect();
    let mut crowd: HashMap<(&str, &str), f64> = HashMap::new();
    let place = |row: &TrainingRow<'a>| (row.subject.chip.id.as_str(), api(row.subject.runtime));
    for row in &rows {
        *crowd.entry(place(row)).or_insert(0.0) += 1.0;
    }
    for row in &mut rows {
        row.fit.weight *= crowd[&place(row)].powf(quantity.crowding_exponent());
    }
    let mean = rows.iter().map(|row| row.fit.weight).sum::<f64>() / rows.len().max(1) as f64;
    for row in &mut rows {
        row.fit.weight /= mean;
    }
    rows
}

/// Not an outlier, no offload, no starved host.
fn is_usable(measurement: &Measurement) -> bool {
    let device = measurement.device.as_deref().unwrap_or("");
    let note = measurement.note.as_deref().unwrap_or("");
    let starved = NARROW_HOSTS.iter().any(|host| device.contains(host)) || note.contains("narrow");
    !measurement.outlier && measurement.offload.is_none() && !starved
}

fn row<'a>(
    catalog: &'a Catalog,
    measurement: &'a Measurement,
    quantity: Quantity,
    names: &mut Names,
) -> Option<TrainingRow<'a>> {
    let subject = subject(catalog, measurement).ok()?;
    let api = api(subject.runtime);
    let bandwidth = subject.chip.bandwidth_gb_per_s?;
    let bandwidth = reachable_bandwidth(subject.runtime, subject.chip, bandwidth);
    if api == "npu" {
        return None;
    }
    let (rate, terms): (f64, Vec<Term>) = match quantity {
        Quantity::Decode => {
            let depth = f64::from(subject.workload.context);
            let bytes = StepBytes::new(&subject.workload, depth, 1.0);
            let devices = Devices {
                bandwidth_gb_per_s: bandwidth,
                count: subject.devices,
                split: subject.runtime.split,
            };
            (measurement.decode_tokens_per_s?, terms(&subject.workload, &bytes, &devices))
        }
        Quantity::Prefill => {
            if subject.devices != 1 {
                return None;
            }
            let flops = peak_flops(subject.chip, api)?;
            let prompt = subject.prompt?;
            (measurement.prefill_tokens_per_s?, prefill_terms(&subject.workload, prompt, bandwidth, flops))
        }
    };
    if rate.is_nan() || rate <= 0.0 {
        return None;
    }
    let terms = terms
        .into_iter()
        .map(|term| FitTerm {
            seconds: term.seconds,
            parameters: factor_names(term.key, subject.runtime, subject.chip)
                .into_iter()
                .chain(circumstances(term.key, measurement, api).map(|name| (name, 1.0)))
                .map(|(name, weight)| (names.place(&name), weight))
                .collect(),
        })
        .collect();
    let of_collection = WEIGHTS.iter().find(|(prefix, _)| *prefix == collection(measurement));
    let of_processor = if api == "cpu" { CPU_WEIGHT } else { 1.0 };
    let old_prefill =
        quantity == Quantity::Prefill && api == "cuda" && collection(measurement) == OLD_PREFILL.0;
    let of_age = if old_prefill { OLD_PREFILL.1 } else { 1.0 };
    let weight = of_collection.map_or(1.0, |(_, weight)| *weight) * of_processor * of_age;
    let kind = model_kind(&subject.workload.model);
    let fit = FitRow { terms, measured_seconds: 1.0 / rate, weight };
    Some(TrainingRow { measurement, subject, kind, fit })
}

/// Factors of circumstances that no prediction assumes: an old build, attention without the fused kernel.
fn circumstances(key: TermKey, measurement: &Measurement, api: &str) -> Option<String> {
    let old = api == "metal" && measurement.date.is_some_and(|date| date.first_day() < OLD_METAL_UNTIL);
    let unfused = measurement.flash_attention == Some(false);
    match key {
        TermKey::Weights(_) | TermKey::Experts(_) | TermKey::State if old => Some("weights/metal/old-build"),
        TermKey::Layer | TermKey::LinearLayer(_) | TermKey::ExpertLayer(_) if old => {
            Some("layer/metal/old-build")
        }
        TermKey::PrefillDense(_) | TermKey::PrefillExperts(_) | TermKey::PrefillSmallExperts(_) if old => {
            Some("prefill/metal/old-build")
        }
        TermKey::Cache(_) if unfused => return Some(format!("cache/{api}/no-flash-attention")),
        TermKey::PrefillAttention(_) if unfused => {
            return Some(format!("prefill-attention/{api}/no-flash-attention"));
        }
        _ => None,
    }
    .map(str::to_owned)
}
