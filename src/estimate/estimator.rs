//! One machine, one runtime, one workload: the answer with its parts.

use std::sync::{Arc, OnceLock};

use foldhash::HashMap;

use super::{
    Architecture, Assumption, Circumstances, ComputeRates, Confidence, Coverage, DecodeTime, Devices,
    Estimate, Evidence, HostShare, Index, ModelRates, NoEstimate, Offload, Placement, Rates, Rig, StepWork,
    Workload, api, decode, decode_widening, host, memory, prefill, prefill_widening, reachable_bandwidth,
    spreads::{RARELY_MEASURED, Spreads},
};
use crate::catalog::{Catalog, Chip, Model, Runtime, Split, Transport};

/// How much longer the matrix products of a few users' tokens take than as many of a long prompt: 2 to 4 in the
/// batched runs of `presets/measurements/several_users.ron`.
const SMALL_BATCH_FACTOR: f64 = 3.0;

/// The estimator with the fitted constants of a catalog.
#[derive(Clone, Debug)]
pub struct Estimator {
    runtimes: Vec<Runtime>,
    /// Of each runtime its id, for answers to share.
    runtime_ids: Vec<Arc<str>>,
    /// By chip: the runtimes that run on it, with their constants once they were asked for.
    calibrated: HashMap<String, Vec<Reached>>,
    index: Index,
    coverage: Coverage,
    decode_spreads: Spreads,
    prefill_spreads: Spreads,
}

/// A runtime that runs on a chip.
#[derive(Clone, Debug)]
struct Reached {
    /// Position in the estimator's runtimes.
    runtime: usize,
    calibrated: OnceLock<Calibrated>,
}

/// A question, with what follows from it alone.
#[derive(Clone, Copy, Debug)]
struct Question<'a> {
    workload: &'a Workload<'a>,
    work: StepWork,
    architecture: Architecture,
}

/// The constants of one runtime on one chip.
#[derive(Clone, Debug)]
struct Calibrated {
    rates: Rates,
    evidence: Evidence,
    rows: u32,
    /// How many times wider its intervals are than their classes'.
    decode_width: f64,
    prefill_width: f64,
}

impl Estimator {
    /// An estimator with the constants, runtimes and chips of `catalog`.
    #[must_use]
    pub fn new(catalog: &Catalog) -> Self {
        let decode = catalog.calibrations.get("decode");
        let runtimes: Vec<Runtime> = catalog.runtimes.iter().cloned().collect();
        let reached = |chip: &Chip| -> Vec<Reached> {
            let runs = |(_, runtime): &(usize, &Runtime)| runtime.reaches(chip);
            let reached = |(runtime, _)| Reached { runtime, calibrated: OnceLock::new() };
            runtimes.iter().enumerate().filter(runs).map(reached).collect()
        };
        let calibrated = catalog.chips.iter().map(|chip| (chip.id.clone(), reached(chip))).collect();
        Self {
            calibrated,
            runtime_ids: runtimes.iter().map(|runtime| runtime.id.as_str().into()).collect(),
            index: Index::new(&catalog.calibrations),
            coverage: Coverage::new(catalog, decode.map_or(&[], |decode| &decode.evidence)),
            runtimes,
            decode_spreads: Spreads::new(decode),
            prefill_spreads: Spreads::new(catalog.calibrations.get("prefill")),
        }
    }

    /// The constants of a runtime on a chip, looked up when they are first asked for.
    fn calibrated<'s>(&'s self, reached: &'s Reached, chip: &Chip) -> &'s Calibrated {
        reached.calibrated.get_or_init(|| {
            let runtime = &self.runtimes[reached.runtime];
            let (evidence, rows) = self.coverage.evidence(runtime, chip);
            Calibrated {
                rates: Rates::new(&self.index, runtime, chip),
                evidence,
                rows,
                decode_width: self.decode_spreads.runtime_width(runtime),
                prefill_width: self.prefill_spreads.runtime_width(runtime),
            }
        })
    }

    /// The best answer among the runtimes that people are offered, or the answer of the one named.
    ///
    /// A runtime whose memory suffices comes before one that must offload or cannot. Then comes the one with the
    /// higher low end of its interval: it is the faster, or the better known. One that was never measured on chips of
    /// the family takes the place of the best of the others only where their intervals lie apart.
    pub fn best(
        &self,
        workload: &Workload,
        rig: Rig,
        named: Option<&str>,
    ) -> Result<(&Arc<str>, Estimate), NoEstimate> {
        let family = workload.quant.family;
        let question = Question {
            workload,
            work: StepWork::new(workload, f64::from(workload.context), f64::from(workload.users)),
            architecture: self.index.architecture(&workload.architecture),
        };
        let (mut measured, mut guessed): (Option<(&Arc<str>, Estimate)>, _) = (None, None);
        let mut failure = NoEstimate::ChipNotSupported;
        for reached in self.calibrated.get(&rig.chip.id).into_iter().flatten() {
            let runtime = &self.runtimes[reached.runtime];
            let asked = named.map_or(runtime.offered, |id| runtime.id == id);
            if !asked {
                continue;
            }
            if !runtime.quant_families.contains(&family) {
                failure = failure.max(NoEstimate::QuantNotSupported);
                continue;
            }
            if !runtime.runs_model(&workload.model.id) {
                failure = failure.max(NoEstimate::ModelNotSupported);
                continue;
            }
            let calibrated = self.calibrated(reached, rig.chip);
            match self.estimate_calibrated(&question, rig, runtime, calibrated) {
                Ok(estimate) => {
                    let is_guess = estimate.confidence.evidence == Evidence::General;
                    let best = if is_guess { &mut guessed } else { &mut measured };
                    if best.as_ref().is_none_or(|(_, held)| is_better(&estimate, held)) {
                        *best = Some((&self.runtime_ids[reached.runtime], estimate));
                    }
                }
                Err(reason) => failure = failure.max(reason),
            }
        }
        match (measured, guessed) {
            (Some(measured), Some(guess)) if is_clearly_better(&guess.1, &measured.1) => Ok(guess),
            (measured, guessed) => measured.or(guessed).ok_or(failure),
        }
    }

    /// The answer of one runtime.
    pub fn estimate(&self, workload: &Workload, rig: Rig, runtime: &str) -> Result<Estimate, NoEstimate> {
        self.best(workload, rig, Some(runtime)).map(|(_, estimate)| estimate)
    }

    fn estimate_calibrated(
        &self,
        question: &Question,
        rig: Rig,
        runtime: &Runtime,
        calibrated: &Calibrated,
    ) -> Result<Estimate, NoEstimate> {
        let Question { workload, ref work, architecture } = *question;
        let machine = rig.machine;
        let bandwidth = machine
            .bandwidth_gb_per_s
            .or(rig.chip.bandwidth_gb_per_s)
            .filter(|bandwidth| *bandwidth > 0.0)
            .map(|bandwidth| reachable_bandwidth(runtime, rig.chip, bandwidth))
            .ok_or(NoEstimate::NoBandwidth)?;
        let transport = machine.link.as_ref().and_then(|link| link.transport);
        let devices =
            Devices::new(bandwidth, runtime, rig.chip, machine.devices, runtime.split).over(transport);
        let rates = calibrated.rates.of(architecture);
        let mut assumptions = Vec::new();
        let users = f64::from(workload.users);
        let memory = memory::need(workload, rig, &mut assumptions);
        let host = machine.host.as_ref().filter(|_| workload.offload && runtime.offloads);
        let placement = host::place(workload, &memory, host);
        let mut time = decode::step_time(workload, work, &devices, rates);
        let mut host_share = None;
        if let (Placement::Offloads { what, bytes }, Some(host)) = (placement, host) {
            let share = HostShare::lacking(workload, (what, bytes), host, machine.pcie_gb_per_s());
            share.offload(&mut time, workload, work);
            host_share = Some(share);
            assumptions.push(Assumption::Host {
                gb_per_s: host.bandwidth_gb_per_s,
                batch_tokens: runtime.batch_tokens,
            });
        }
        if machine.devices > 1 {
            assumptions.push(match runtime.split {
                Split::Layers => Assumption::LayerSplit { devices: machine.devices },
                Split::Tensors => Assumption::TensorParallel { devices: machine.devices },
            });
        }
        let api = api(runtime);
        let compute = ComputeRates::new(rig.chip, api, workload.kernel);
        if let Some(compute) = compute {
            batch_compute(&mut time, workload, &devices, runtime, compute, rates);
        } else {
            assumptions.push(Assumption::NoComputeRate);
        }
        let tokens_per_s = 1e3 / time.total_ms();
        let prompt = prefill::Prompt {
            depth: 0.0,
            tokens: f64::from(workload.prompt),
            batch_tokens: f64::from(runtime.batch_tokens),
        };
        let prefill_tokens_per_s = compute.filter(|_| workload.prompt > 0).map(|compute| {
            1.0 / prompt_token_seconds(workload, prompt, &devices, compute, rates, host_share)
        });
        let time_to_first_token_s =
            prefill_tokens_per_s.map(|rate| prompt.tokens * users / rate + time.total_ms() / 1e3);
        let answer = f64::from(workload.answer);
        let answer_tokens_per_s = time_to_first_token_s
            .filter(|_| workload.answer > 0)
            .map(|first| answer / (first + (answer - 1.0) / tokens_per_s));
        Ok(Estimate {
            placement,
            memory,
            weights_read_bytes: work.weights + work.experts,
            kv_read_bytes: work.cache,
            state_bytes: work.states,
            time,
            tokens_per_s,
            total_tokens_per_s: tokens_per_s * users,
            confidence: self.confidence(calibrated, workload, machine.devices, placement),
            prefill_tokens_per_s,
            time_to_first_token_s,
            answer_tokens_per_s,
            assumptions,
        })
    }

    fn confidence(
        &self,
        calibrated: &Calibrated,
        workload: &Workload,
        devices: u32,
        placement: Placement,
    ) -> Confidence {
        let Calibrated { evidence, rows, decode_width, prefill_width, .. } = *calibrated;
        let kind = model_kind(&workload.model);
        let rare = matches!(placement, Placement::Offloads { .. }) || workload.users > 1;
        let widened = |spreads: &Spreads, power: f64, of_runtime: f64| {
            let (low, high) = spreads.of(evidence, kind, workload.context);
            let of_kernel = spreads.kernel_width(workload.kernel);
            let power = of_runtime * of_kernel * if rare { RARELY_MEASURED } else { power };
            ((low * power).exp(), (high * power).exp())
        };
        let (low_factor, high_factor) =
            widened(&self.decode_spreads, decode_widening(evidence, rows, devices), decode_width);
        let (prefill_low_factor, prefill_high_factor) =
            widened(&self.prefill_spreads, prefill_widening(evidence, rows, devices), prefill_width);
        Confidence { evidence, rows, low_factor, high_factor, prefill_low_factor, prefill_high_factor }
    }
}

/// What [`model_kind`] tells apart.
pub const MODEL_KINDS: [&str; 3] = ["dense", "hybrid", "moe"];

/// Dense, with layers of constant state, or a mixture of experts: they are predicted unequally well.
#[must_use]
pub fn model_kind(model: &Model) -> &'static str {
    let linear = model.attention.iter().any(|group| matches!(group, crate::catalog::Layers::Linear { .. }));
    if model.experts.is_some() {
        "moe"
    } else if linear {
        "hybrid"
    } else {
        "dense"
    }
}

/// Whether an estimate takes the place of the one held, whose evidence is as direct.
fn is_better(estimate: &Estimate, held: &Estimate) -> bool {
    let of = |estimate: &Estimate| (rank(estimate), estimate.tokens_per_s_low());
    of(estimate) > of(held)
}

/// Whether a guess is worth more than what rests on measurements.
fn is_clearly_better(guess: &Estimate, measured: &Estimate) -> bool {
    (rank(guess), guess.tokens_per_s_low()) > (rank(measured), measured.tokens_per_s_high())
}

fn rank(estimate: &Estimate) -> u8 {
    match estimate.placement {
        Placement::Fits => 2,
        Placement::Offloads { .. } => 1,
        Placement::DoesNotFit { .. } => 0,
    }
}

/// What the matrix products of several users' tokens take: a prompt's, of as many tokens, in batches too small to be
/// efficient. Programs made for many requests hide them behind the reading of the weights.
fn batch_compute(
    time: &mut DecodeTime,
    workload: &Workload,
    devices: &Devices,
    runtime: &Runtime,
    compute: ComputeRates,
    rates: ModelRates,
) {
    if workload.users <= 1 {
        return;
    }
    let users = f64::from(workload.users);
    let batch = prefill::Prompt { depth: 0.0, tokens: users, batch_tokens: users };
    let mut products_s = 0.0;
    prefill::each_term(workload, batch, &devices.alone(), compute, |term| {
        if term.key.is_prefill_product() {
            products_s += rates.seconds(&term);
        }
    });
    let needed_ms = SMALL_BATCH_FACTOR * products_s * users / devices.at_once() * 1e3;
    let hidden_ms = if runtime.serves_many { time.weights_ms + time.cache_ms } else { 0.0 };
    time.compute_ms = (needed_ms - hidden_ms).max(0.0);
}

/// Seconds for each token of one request's prompt.
fn prompt_token_seconds(
    workload: &Workload,
    prompt: prefill::Prompt,
    devices: &Devices,
    compute: ComputeRates,
    rates: ModelRates,
    host: Option<HostShare>,
) -> f64 {
    let mut seconds = 0.0;
    prefill::each_term(workload, prompt, devices, compute, |term| seconds += rates.seconds(&term));
    let of_devices = seconds.max(prefill::least_seconds(workload, prompt, devices, compute));
    of_devices + host.map_or(0.0, |share| share.prompt_seconds(workload, &prompt))
}

/// The rate at which prompts are read and tokens decoded with memory enough, for a chip without a machine.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Speed {
    pub decode_tokens_per_s: f64,
    /// Absent where no compute rate is known.
    pub prefill_tokens_per_s: Option<f64>,
    pub confidence: Confidence,
}

/// What a measurement was made on, whatever memory its devices have.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Setup<'a> {
    pub chip: &'a Chip,
    /// Of one device's memory.
    pub bandwidth_gb_per_s: Option<f64>,
    pub devices: u32,
    pub split: Split,
    /// How the devices exchange, where that is known.
    pub transport: Option<Transport>,
    pub runtime: &'a Runtime,
    pub host: Option<HostShare>,
    pub circumstances: Circumstances,
}

impl Setup<'_> {
    /// Its devices, where their bandwidth is known.
    #[must_use]
    pub fn together(&self) -> Option<Devices> {
        let &Setup { chip, devices, split, transport, runtime, .. } = self;
        let bandwidth = self.bandwidth_gb_per_s.filter(|bandwidth| *bandwidth > 0.0)?;
        let bandwidth = reachable_bandwidth(runtime, chip, bandwidth);
        Some(Devices::new(bandwidth, runtime, chip, devices, split).over(transport))
    }
}

impl Estimator {
    /// The speed on a setup: what measurements are compared with.
    pub fn speed(
        &self,
        workload: &Workload,
        setup: &Setup,
        prompt: Option<prefill::Prompt>,
    ) -> Result<Speed, NoEstimate> {
        let Setup { chip, runtime, host, circumstances, .. } = *setup;
        let reached = self
            .calibrated
            .get(&chip.id)
            .into_iter()
            .flatten()
            .find(|reached| self.runtimes[reached.runtime].id == runtime.id)
            .ok_or(NoEstimate::ChipNotSupported)?;
        let calibrated = self.calibrated(reached, chip);
        let rates = calibrated.rates.under(&self.index, runtime, chip, &circumstances);
        let rates = rates.of(self.index.architecture(&workload.architecture));
        let devices = setup.together().ok_or(NoEstimate::NoBandwidth)?;
        let work = StepWork::new(workload, f64::from(workload.context), f64::from(workload.users));
        let mut time = decode::step_time(workload, &work, &devices, rates);
        let compute = ComputeRates::new(chip, api(runtime), workload.kernel);
        if let Some(compute) = compute {
            batch_compute(&mut time, workload, &devices, runtime, compute, rates);
        }
        let mut placement = Placement::Fits;
        if let Some(host) = host {
            let moved = host.offload(&mut time, workload, &work);
            placement = Placement::Offloads { what: Offload::Layers, bytes: moved };
        }
        let prefill_tokens_per_s = prompt.zip(compute).map(|(prompt, compute)| {
            1.0 / prompt_token_seconds(workload, prompt, &devices, compute, rates, host)
        });
        Ok(Speed {
            decode_tokens_per_s: 1e3 / time.total_ms(),
            prefill_tokens_per_s,
            confidence: self.confidence(calibrated, workload, setup.devices, placement),
        })
    }
}
