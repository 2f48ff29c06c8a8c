//! Which measurements the constants are fitted on, how heavily each counts, and what is special about it.

use std::collections::HashMap;

use super::fit::{FitOptions, FitRow, FitTerm, Names};
use crate::{
    accuracy::{Subject, subject},
    catalog::{Catalog, Measurement},
    estimate::{
        ComputeRates, StepWork, Term, api, architecture_names, factor_names, model_kind, prefill_terms,
        terms, width_names,
    },
};

/// Collections that count in full: the programs' own benchmarks and scoreboards, and series by one hand whose builds
/// and settings are stated.
const SERIES: [&str; 21] = [
    "AH", "AP", "B7", "CC", "DJ", "EX", "GO", "HG", "IK", "KH", "LC", "LH", "LV", "ML", "MS", "PM", "RD",
    "SB", "VC", "VM", "XD",
];
/// Collections of which something is less certain, and what.
const WEIGHTS: [(&str, f64); 6] = [
    // LocalScore: means over nine shapes, three digits, the median of whoever submitted.
    ("LS", 0.3),
    // Geerling's table: quantization assumed, runtime mostly not stated.
    ("GG", 0.35),
    // Rates of whole requests, with some prefill in them.
    ("Q3", 0.4),
    // Formats known only roughly.
    ("MC", 0.6),
    ("RK", 0.5),
    ("FL", 0.3),
];
/// All other collections: many setups, each seen once, whose hosts, builds and limits are known less. In
/// cross-validation they teach most at about these weights.
const SINGLE_WEIGHT: f64 = 0.25;
/// Runs whose own source makes them rough: with other programs at work, or of a quantization that is only implied.
const ROUGH_WEIGHT: f64 = 0.35;
/// Collections whose quantization, host or power limit is not stated, or that mix prompt lengths.
const VAGUE_COLLECTIONS: [&str; 5] = ["LS", "GG", "FL", "RK", "Q3"];
/// Rows of a chip with fewer count as if it had so many: a single one is not to set what is a chip's own.
const LEAST_CROWD: f64 = 8.0;
/// Processors: how the memory was populated is rarely stated.
const CPU_WEIGHT: f64 = 0.5;
/// Prompts read by several devices, whose links are not stated.
const SHARED_PREFILL_WEIGHT: f64 = 0.6;
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
    /// rows of one chip err alike, so that many say less than as many of decoding.
    fn crowding_exponent(self) -> f64 {
        match self {
            Self::Decode => -0.35,
            Self::Prefill => -0.5,
        }
    }

    /// Rows of one collection on one chip under one API count less the more there are: they say one build and one machine
    /// over. In cross-validation that holds for prefill, and not for decoding.
    fn collection_exponent(self) -> f64 {
        match self {
            Self::Decode => 0.0,
            Self::Prefill => -0.3,
        }
    }

    /// Prefill scatters more: it depends on batch sizes and builds that measurements rarely state. Both scales are no
    /// wider than runs of one setup differ by; in cross-validation wider ones predict worse.
    #[must_use]
    pub fn options(self) -> FitOptions {
        match self {
            Self::Decode => FitOptions { scale: 0.05, sigma: 0.06, iterations: 60, least_gain: 1e-6 },
            Self::Prefill => FitOptions { scale: 0.07, sigma: 0.1, iterations: 60, least_gain: 1e-6 },
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
        collection(&self.measurement.id)
    }

    /// Whether its error counts in the report: one device, of a collection that states what it measured, not a
    /// processor.
    #[must_use]
    pub fn is_core(&self) -> bool {
        self.subject.setup.devices == 1
            && !self.measurement.rough
            && !VAGUE_COLLECTIONS.contains(&self.collection())
            && api(self.subject.setup.runtime) != "cpu"
    }
}

/// Of a measurement's id, the collection it came with.
pub(super) fn collection(id: &str) -> &str {
    id.split('-').next().unwrap_or("")
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
    let mut crowd_of_collection: HashMap<(&str, &str, &str), f64> = HashMap::new();
    let place = |row: &TrainingRow<'a>| (row.subject.setup.chip.id.as_str(), api(row.subject.setup.runtime));
    let place_of_collection = |row: &TrainingRow<'a>| {
        let (chip, api) = place(row);
        (chip, api, collection(&row.measurement.id))
    };
    for row in &rows {
        *crowd.entry(place(row)).or_insert(0.0) += 1.0;
        *crowd_of_collection.entry(place_of_collection(row)).or_insert(0.0) += 1.0;
    }
    for row in &mut rows {
        let of_collection = crowd_of_collection[&place_of_collection(row)];
        row.fit.weight *= of_collection.powf(quantity.collection_exponent())
            * crowd[&place(row)].max(LEAST_CROWD).powf(quantity.crowding_exponent());
    }
    let mean = rows.iter().map(|row| row.fit.weight).sum::<f64>() / rows.len().max(1) as f64;
    for row in &mut rows {
        row.fit.weight /= mean;
    }
    rows
}

/// Not an outlier, of one user, no offload, no starved host.
fn is_usable(measurement: &Measurement) -> bool {
    let device = measurement.device.as_deref().unwrap_or("");
    let note = measurement.note.as_deref().unwrap_or("");
    let starved = NARROW_HOSTS.iter().any(|host| device.contains(host)) || note.contains("narrow");
    let alone = measurement.users.is_none_or(|users| users <= 1);
    !measurement.outlier && alone && measurement.offload.is_none() && !starved
}

fn row<'a>(
    catalog: &'a Catalog,
    measurement: &'a Measurement,
    quantity: Quantity,
    names: &mut Names,
) -> Option<TrainingRow<'a>> {
    let subject = subject(catalog, measurement).ok()?;
    let setup = subject.setup;
    let api = api(setup.runtime);
    if api == "npu" {
        return None;
    }
    let devices = setup.together()?;
    let (rate, terms): (f64, Vec<Term>) = match quantity {
        Quantity::Decode => {
            let depth = f64::from(subject.workload.context);
            let work = StepWork::new(&subject.workload, depth, 1.0);
            (measurement.decode_tokens_per_s?, terms(&subject.workload, &work, &devices))
        }
        Quantity::Prefill => {
            // How batches follow each other through a pipeline is not fitted, and would bend what is.
            if setup.devices > 1 && !setup.split.shares_layers() {
                return None;
            }
            let compute = ComputeRates::new(setup.chip, setup.runtime, subject.workload.kernel)?;
            let terms = prefill_terms(&subject.workload, subject.prompt?, &devices, compute);
            (measurement.prefill_tokens_per_s?, terms)
        }
    };
    if rate.is_nan() || rate <= 0.0 {
        return None;
    }
    let log_width = subject.workload.counts.log_width();
    let terms = terms
        .into_iter()
        .map(|term| {
            let of_width = width_names(term.key, setup.runtime);
            let of_architecture = architecture_names(term.key, setup.runtime, &subject.workload.architecture);
            let parameters = factor_names(term.key, setup.runtime, setup.chip)
                .into_iter()
                .chain(setup.circumstances.factor_names(term.key, api, setup.chip))
                .chain(of_width.into_iter().map(|name| (name, log_width)))
                .chain(of_architecture.into_iter().map(|name| (name, 1.0)))
                .map(|(name, power)| (names.place(&name), power))
                .collect();
            FitTerm { seconds: term.seconds, parameters }
        })
        .collect();
    let collection = collection(&measurement.id);
    let of_collection = match WEIGHTS.iter().find(|(prefix, _)| *prefix == collection) {
        Some((_, weight)) => *weight,
        None if SERIES.contains(&collection) => 1.0,
        None => SINGLE_WEIGHT,
    };
    let of_roughness = if measurement.rough { ROUGH_WEIGHT } else { 1.0 };
    let of_processor = if api == "cpu" { CPU_WEIGHT } else { 1.0 };
    let shared_prefill = quantity == Quantity::Prefill && setup.devices > 1;
    let of_devices = if shared_prefill { SHARED_PREFILL_WEIGHT } else { 1.0 };
    let weight = of_collection * of_roughness * of_processor * of_devices;
    let kind = model_kind(&subject.workload.model);
    let fit = FitRow { terms, measured_seconds: 1.0 / rate, weight };
    Some(TrainingRow { measurement, subject, kind, fit })
}
