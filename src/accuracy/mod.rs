//! Predictions held against measurements, with the estimator that everything else uses.

mod summary;

use std::borrow::Cow;

use jiff::civil::Date;
pub use summary::{ClassSummary, quantile, summarize};

use crate::{
    catalog::{Catalog, Chip, KvType, Measurement, Model, Quant, Runtime, pcie_gb_per_s},
    estimate::{
        Circumstances, Estimator, Evidence, HostShare, KernelClass, KvCache, LayerCounts, NoEstimate, Prompt,
        Setup, Weights, Workload, architecture, is_vulkan_on_intel, model_kind, system_between,
    },
    scenario::MemoryLimit,
    units::GIB,
};

/// What a measurement was of, with its names looked up.
#[derive(Clone, Debug)]
pub struct Subject<'a> {
    pub setup: Setup<'a>,
    /// Its context is the depth that decoding was measured at.
    pub workload: Workload<'a>,
    pub prompt: Option<Prompt>,
}

/// Why a measurement cannot be predicted.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Unpredictable {
    #[error("the measurement names no {0}")]
    Unnamed(&'static str),
    #[error("no preset has the {0} `{1}`")]
    Unknown(&'static str, String),
    #[error("no preset has the runtime `{engine}` with `{backend}` on {family} chips")]
    UnknownRuntime { engine: String, backend: String, family: String },
    #[error("how much was left to the processor is not stated: `{0}`")]
    UnclearOffload(String),
    #[error("its file of {stated_gib:.1} GiB holds something else: `{quant}` takes {expected_gib:.1} GiB")]
    OtherSize { quant: String, stated_gib: f64, expected_gib: f64 },
    #[error("{0}")]
    NoEstimate(#[from] NoEstimate),
    #[error("{0}")]
    TensorType(#[from] crate::estimate::UnknownTensorType),
}

/// A rate predicted, with its nominal 80 % interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PredictedRate {
    pub tokens_per_s: f64,
    pub low: f64,
    pub high: f64,
}

/// One measurement and what the estimator says of it.
#[derive(Clone, Debug)]
pub struct Prediction {
    pub id: String,
    pub chip: Option<String>,
    pub model: Option<String>,
    pub quant: String,
    pub runtime: Option<String>,
    /// `dense`, `hybrid` or `moe`; empty where the model is unknown.
    pub kind: &'static str,
    /// Absent where the run could not be understood.
    pub kernel: Option<KernelClass>,
    /// Tokens in the cache.
    pub depth: u32,
    pub devices: u32,
    /// Requests decoded at once; the rates are those of each.
    pub users: u32,
    pub offloaded: bool,
    pub evidence: Option<Evidence>,
    pub decode: Option<PredictedRate>,
    pub decode_measured: Option<f64>,
    pub prefill: Option<PredictedRate>,
    pub prefill_measured: Option<f64>,
    /// Why something is not predicted.
    pub reason: Option<String>,
}

impl Prediction {
    /// Predicted over measured decode rate, less one.
    #[must_use]
    pub fn decode_error(&self) -> Option<f64> {
        Some(self.decode?.tokens_per_s / self.decode_measured.filter(|rate| *rate > 0.0)? - 1.0)
    }

    /// Predicted over measured prefill rate, less one.
    #[must_use]
    pub fn prefill_error(&self) -> Option<f64> {
        Some(self.prefill?.tokens_per_s / self.prefill_measured.filter(|rate| *rate > 0.0)? - 1.0)
    }

    /// Whether the measured decode rate lies in the predicted interval.
    #[must_use]
    pub fn covered(&self) -> Option<bool> {
        let (rate, measured) = (self.decode?, self.decode_measured?);
        Some((rate.low..=rate.high).contains(&measured))
    }

    /// Whether the measured prefill rate lies in the predicted interval.
    #[must_use]
    pub fn prefill_covered(&self) -> Option<bool> {
        let (rate, measured) = (self.prefill?, self.prefill_measured?);
        Some((rate.low..=rate.high).contains(&measured))
    }
}

/// Predicts what a measurement measured.
#[must_use]
pub fn predict(catalog: &Catalog, estimator: &Estimator, measurement: &Measurement) -> Prediction {
    let model = measurement.model.as_deref().and_then(|id| catalog.models.get(id));
    let mut prediction = Prediction {
        id: measurement.id.clone(),
        chip: measurement.chip.clone(),
        model: measurement.model.clone(),
        quant: measurement.quant.clone(),
        runtime: None,
        kind: model.map_or("", model_kind),
        kernel: None,
        depth: measurement.depth.unwrap_or(0),
        devices: measurement.devices.unwrap_or(1),
        users: measurement.users.unwrap_or(1),
        offloaded: measurement.offload.is_some(),
        evidence: None,
        decode: None,
        decode_measured: measurement.decode_tokens_per_s,
        prefill: None,
        prefill_measured: measurement.prefill_tokens_per_s,
        reason: None,
    };
    let speed = subject(catalog, measurement).and_then(|subject| {
        prediction.runtime = Some(subject.setup.runtime.id.clone());
        prediction.kernel = Some(subject.workload.kernel);
        Ok(estimator.speed(&subject.workload, &subject.setup, subject.prompt)?)
    });
    match speed {
        Ok(speed) => {
            let rate = speed.decode_tokens_per_s;
            prediction.evidence = Some(speed.confidence.evidence);
            prediction.decode = Some(PredictedRate {
                tokens_per_s: rate,
                low: rate * speed.confidence.low_factor,
                high: rate * speed.confidence.high_factor,
            });
            prediction.prefill = speed.prefill_tokens_per_s.map(|rate| PredictedRate {
                tokens_per_s: rate,
                low: rate * speed.confidence.prefill_low_factor,
                high: rate * speed.confidence.prefill_high_factor,
            });
            if measurement.prefill_tokens_per_s.is_some() && prediction.prefill.is_none() {
                prediction.reason =
                    Some("prefill is not predicted: the chip's compute rate is unknown".to_owned());
            }
        }
        Err(reason) => prediction.reason = Some(reason.to_string()),
    }
    prediction
}

/// Looks up what a measurement was of.
pub fn subject<'a>(catalog: &'a Catalog, measurement: &Measurement) -> Result<Subject<'a>, Unpredictable> {
    let chip = look_up("chip", measurement.chip.as_deref(), |id| catalog.chips.get(id))?;
    let model: &Model = look_up("model", measurement.model.as_deref(), |id| catalog.models.get(id))?;
    let runtime = runtime(catalog, measurement, chip)?;
    let name = runtime.quant_meant(&measurement.quant);
    let quant: &Quant =
        look_up("quantization", Some(name).filter(|name| !name.is_empty()), |id| catalog.quant(id))?;
    let kv_name = measurement.kv_type.as_deref().filter(|name| !name.is_empty()).unwrap_or("f16");
    let kv_type: &KvType = look_up("cache type", Some(kv_name), |id| catalog.kv_type(id))?;
    let weights = Weights::new(model, quant, &catalog.tensor_types)?;
    has_its_size(&weights, quant, measurement.file_gib)?;
    let workload = Workload {
        model: Cow::Borrowed(model),
        quant,
        kv_type,
        weights,
        cache: KvCache::new(model, kv_type.bits_per_element),
        counts: LayerCounts::new(model),
        kernel: KernelClass::new(quant),
        architecture: architecture(model),
        // A run of n tokens looks back on n / 2 more than it started with, on average.
        context: measurement.depth.unwrap_or(0).saturating_add(measurement.decode_tokens.unwrap_or(0) / 2),
        prompt: measurement.prefill_tokens.unwrap_or(0),
        answer: measurement.decode_tokens.unwrap_or(0),
        users: measurement.users.unwrap_or(1).max(1),
        system: measurement.system.and_then(|system| system_between(runtime, chip, system)),
        memory_limit: MemoryLimit::AsShipped,
        offload: false,
    };
    let host = match measurement.offload.as_deref().filter(|text| !text.is_empty()) {
        Some(text) => {
            let stated = measurement.pcie.as_deref().and_then(pcie_gb_per_s);
            let card =
                catalog.machines.iter().find(|machine| machine.chip == chip.id && machine.pcie.is_some());
            let pcie_gb_per_s = stated.or_else(|| card?.pcie_gb_per_s());
            Some(host_share(text, measurement.host_gb_per_s, pcie_gb_per_s, model)?)
        }
        None => None,
    };
    let prompt = measurement.prefill_tokens_per_s.map(|_| prompt(measurement, runtime));
    let circumstances = Circumstances {
        age_years: measurement.date.map_or(0.0, |date| Circumstances::age_years(date.first_day())),
        unfused_attention: measurement.flash_attention == Some(false),
        power_limit_w: measurement.power_limit_w,
        system: workload.system,
        older_mesa: has_older_mesa(measurement, runtime, chip),
    };
    let devices = measurement.devices.unwrap_or(1).max(1);
    let split = measurement.split.unwrap_or(runtime.split);
    let setup = Setup {
        chip,
        bandwidth_gb_per_s: measurement.bandwidth_gb_per_s.or(chip.bandwidth_gb_per_s),
        devices,
        split,
        transport: measurement.transport,
        runtime,
        host,
        circumstances,
    };
    Ok(Subject { setup, workload, prompt })
}

/// Whether Vulkan ran on one of Intel's chips by a Mesa of before 26.2. Windows has a driver of Intel's own.
///
/// From that version on, of August 2026, weights are read twice as fast: `llamacpp-bench/README.md` of
/// <https://github.com/bklinkradt/arc-b70-llm-stack> has both on one card. Runs that do not state theirs are taken to be by the
/// version of their time.
fn has_older_mesa(measurement: &Measurement, runtime: &Runtime, chip: &Chip) -> bool {
    const FASTER: (u32, u32) = (26, 2);
    const IN_USE: Date = Date::constant(2026, 9, 1);
    if !is_vulkan_on_intel(runtime, chip) || measurement.system.is_some() {
        return false;
    }
    let stated = measurement.driver.as_deref().and_then(|driver| driver.strip_prefix("Mesa "));
    let version = stated.and_then(|version| {
        let mut parts = version.split(['.', '-']).map(str::parse);
        Some((parts.next()?.ok()?, parts.next()?.ok()?))
    });
    match version {
        Some(version) => version < FASTER,
        None => measurement.date.is_some_and(|date| date.first_day() < IN_USE),
    }
}

/// Files of one name differ by a table kept twice, a tower, or a layer that guesses ahead; by more, they are of something
/// else.
fn has_its_size(weights: &Weights, quant: &Quant, file_gib: Option<f64>) -> Result<(), Unpredictable> {
    const LIKENESS: f64 = 1.25;
    let expected_gib = weights.stored_bytes() / GIB;
    match file_gib {
        Some(stated_gib) if !(1.0 / LIKENESS..=LIKENESS).contains(&(stated_gib / expected_gib)) => {
            Err(Unpredictable::OtherSize { quant: quant.name.clone(), stated_gib, expected_gib })
        }
        _ => Ok(()),
    }
}

fn look_up<'a, T>(
    kind: &'static str,
    id: Option<&str>,
    find: impl FnOnce(&str) -> Option<&'a T>,
) -> Result<&'a T, Unpredictable> {
    let id = id.ok_or(Unpredictable::Unnamed(kind))?;
    find(id).ok_or_else(|| Unpredictable::Unknown(kind, id.to_owned()))
}

/// The runtime a measurement names; where it does not name its backend, the first of that engine for the chip.
fn runtime<'a>(
    catalog: &'a Catalog,
    measurement: &Measurement,
    chip: &Chip,
) -> Result<&'a Runtime, Unpredictable> {
    let engine = measurement.engine.as_deref().unwrap_or("");
    let backend = measurement.backend.as_deref().unwrap_or("");
    let reaches = |runtime: &&Runtime| runtime.reaches(chip);
    let named = catalog.runtimes.iter().filter(reaches).find(|runtime| runtime.is_named(engine, backend));
    let by_engine = || {
        let engine = if engine.is_empty() { "ollama" } else { engine };
        let of_engine = |runtime: &&Runtime| {
            runtime.engine == engine || runtime.aliases.iter().any(|alias| alias.engine == engine)
        };
        let backend_unnamed = backend.is_empty();
        catalog.runtimes.iter().filter(reaches).find(|runtime| backend_unnamed && of_engine(runtime))
    };
    named.or_else(by_engine).ok_or_else(|| Unpredictable::UnknownRuntime {
        engine: engine.to_owned(),
        backend: backend.to_owned(),
        family: chip.family.clone(),
    })
}

/// A prompt as benchmarks state it: where the depth is about the prompt's own length, it is the prompt.
fn prompt(measurement: &Measurement, runtime: &Runtime) -> Prompt {
    const USUAL_PROMPT: u32 = 512;
    let tokens = f64::from(measurement.prefill_tokens.unwrap_or(USUAL_PROMPT).max(1));
    let depth = f64::from(measurement.depth.unwrap_or(0));
    let batch_tokens = f64::from(measurement.batch_tokens.unwrap_or(runtime.batch_tokens));
    Prompt { depth: if depth > 1.05 * tokens { depth } else { 0.0 }, tokens, batch_tokens }
}

/// Of a host's memory that is not stated: people who do state it have 51 (DDR4-3200) to 96 GB/s on two channels.
const UNSTATED_MEMORY_GB_PER_S: f64 = 70.0;

/// How much was left to the processor, from the notations that llama.cpp's users write.
fn host_share(
    text: &str,
    gb_per_s: Option<f64>,
    pcie_gb_per_s: Option<f64>,
    model: &Model,
) -> Result<HostShare, Unpredictable> {
    let number_after = |key: &str| -> Option<f64> {
        let rest = text.split_once(key)?.1.trim_start_matches([' ', '=']);
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        digits.parse().ok()
    };
    let layers = f64::from(model.layers.max(1));
    let share = if text.contains("exps=CPU") || text.contains("--cpu-moe") || text.contains("experts on CPU")
    {
        (0.0, 1.0)
    } else if let Some(moe) = number_after("--n-cpu-moe").or_else(|| number_after("-ncmoe")) {
        let expert_layers = model.experts.map_or(layers, |experts| f64::from(experts.layers.max(1)));
        (0.0, (moe / expert_layers).min(1.0))
    } else if let Some(held) = number_after("-ngl") {
        (((layers - held) / layers).clamp(0.0, 1.0), 0.0)
    } else {
        return Err(Unpredictable::UnclearOffload(text.to_owned()));
    };
    Ok(HostShare {
        layers: share.0,
        experts: share.1,
        bandwidth_gb_per_s: gb_per_s.unwrap_or(UNSTATED_MEMORY_GB_PER_S),
        pcie_gb_per_s,
    })
}
