//! The fitted constants of a catalog, asked of machines and of what was measured.

mod question;

use std::sync::{Arc, OnceLock};

use foldhash::HashMap;

use super::{
    Circumstance, Circumstances, ComputeRates, Confidence, Coverage, DecodeTime, Devices, Estimate, Evidence,
    HostShare, Index, ModelRates, NoEstimate, Rates, Rig, Slowdown, StepWork, Workload,
    alike::first_alike,
    api, batch, decode, decode_widening, prefill, prefill_widening, reachable_bandwidth,
    spreads::{RARELY_MEASURED, Spreads},
    system_between,
};
use crate::catalog::{Catalog, Chip, Model, Runtime, Split, System, Transport};

pub use question::Question;

/// The estimator with the fitted constants of a catalog.
#[derive(Clone, Debug)]
pub struct Estimator {
    runtimes: Vec<Runtime>,
    /// Of each runtime its id, for answers to share.
    runtime_ids: Vec<Arc<str>>,
    /// Of each runtime, how much longer terms take in each circumstance, once that was asked for.
    slowdowns: Vec<[OnceLock<Slowdown>; Circumstance::COUNT]>,
    /// By chip: the runtimes that run on it, with their constants once they were asked for.
    calibrated: HashMap<String, Vec<Reached>>,
    /// Of each of the catalog's machines, the first with the same answer.
    first_alike: Vec<usize>,
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

/// The constants of one runtime on one chip.
#[derive(Clone, Debug)]
struct Calibrated {
    rates: Rates,
    /// For a person who has a system, once one was asked for: what the runtime runs under there, and the same under it;
    /// none where that system changes nothing.
    under: [OnceLock<Option<(System, Rates)>>; System::ALL.len()],
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
            first_alike: first_alike(catalog),
            runtime_ids: runtimes.iter().map(|runtime| runtime.id.as_str().into()).collect(),
            slowdowns: runtimes.iter().map(|_| Default::default()).collect(),
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
                under: Default::default(),
                evidence,
                rows,
                decode_width: self.decode_spreads.runtime_width(runtime),
                prefill_width: self.prefill_spreads.runtime_width(runtime),
            }
        })
    }

    /// How much longer a runtime's terms take in a circumstance.
    fn slowdown(&self, runtime: usize, circumstance: Circumstance) -> &Slowdown {
        let known = &self.slowdowns[runtime][circumstance.place()];
        known.get_or_init(|| Slowdown::new(&self.index, &self.runtimes[runtime], circumstance))
    }

    /// The rates of a runtime on a chip for a person who has a system, and what the runtime runs under there.
    fn under<'s>(
        &'s self,
        reached: &'s Reached,
        chip: &Chip,
        wanted: Option<System>,
    ) -> (&'s Rates, Option<System>) {
        let calibrated = self.calibrated(reached, chip);
        let known = wanted.and_then(|wanted| {
            let of_wanted = calibrated.under[wanted as usize].get_or_init(|| {
                let system = system_between(&self.runtimes[reached.runtime], chip, wanted)?;
                let slowdown = self.slowdown(reached.runtime, Circumstance::Under(system));
                Some((system, calibrated.rates.under([(slowdown, 1.0)])))
            });
            of_wanted.as_ref()
        });
        known.map_or((&calibrated.rates, None), |(system, rates)| (rates, Some(*system)))
    }

    /// The position of the first of the catalog's machines that has the same answers as the one at this position.
    #[must_use]
    pub fn first_alike(&self, machine: usize) -> usize {
        self.first_alike.get(machine).copied().unwrap_or(machine)
    }

    /// Asks about a workload, of one machine after the other.
    #[must_use]
    pub fn ask<'a>(&'a self, workload: &'a Workload) -> Question<'a> {
        Question::new(self, workload)
    }

    /// The answer of one runtime.
    pub fn estimate(&self, workload: &Workload, rig: Rig, runtime: &str) -> Result<Estimate, NoEstimate> {
        self.ask(workload).best(rig, Some(runtime)).map(|(_, estimate)| estimate)
    }

    fn confidence(
        &self,
        calibrated: &Calibrated,
        workload: &Workload,
        devices: u32,
        offloads: bool,
    ) -> Confidence {
        let Calibrated { evidence, rows, decode_width, prefill_width, .. } = *calibrated;
        let kind = model_kind(&workload.model);
        let rare = offloads || workload.users > 1;
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

/// The time of one token of each user, with what is left to the host.
fn decode_time(
    workload: &Workload,
    work: &StepWork,
    devices: &Devices,
    runtime: &Runtime,
    compute: Option<ComputeRates>,
    rates: ModelRates,
    host: Option<HostShare>,
) -> DecodeTime {
    let mut time = decode::step_time(workload, work, devices, rates);
    if let Some(share) = host {
        share.offload(&mut time, workload, work, runtime);
    }
    if let Some(compute) = compute {
        let read_ms = time.weights_ms + time.offload_ms;
        time.compute_ms = batch::compute_ms(workload, read_ms, devices, runtime, compute, rates);
    }
    time
}

/// Seconds for each token of one request's prompt.
fn prompt_token_seconds(
    workload: &Workload,
    prompt: prefill::Prompt,
    devices: &Devices,
    compute: ComputeRates,
    rates: ModelRates,
    host: Option<HostShare>,
    runtime: &Runtime,
) -> f64 {
    let mut seconds = 0.0;
    prefill::each_term(workload, prompt, devices, compute, |term| seconds += rates.seconds(&term));
    let of_devices = seconds.max(prefill::least_seconds(workload, prompt, devices, compute));
    of_devices + host.map_or(0.0, |share| share.prompt_seconds(workload, &prompt, runtime))
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
        let slowdowns = circumstances
            .of(api(runtime), chip)
            .map(|(circumstance, power)| (self.slowdown(reached.runtime, circumstance), power));
        let rates = calibrated.rates.under(slowdowns);
        let architecture = self.index.architecture(&workload.architecture);
        let rates = rates.of(architecture, workload.counts.log_width());
        let devices = setup.together().ok_or(NoEstimate::NoBandwidth)?;
        let work = StepWork::new(workload, f64::from(workload.context), f64::from(workload.users));
        let compute = ComputeRates::new(chip, runtime, workload.kernel);
        let time = decode_time(workload, &work, &devices, runtime, compute, rates, host);
        let prefill_tokens_per_s = prompt.zip(compute).map(|(prompt, compute)| {
            1.0 / prompt_token_seconds(workload, prompt, &devices, compute, rates, host, runtime)
        });
        Ok(Speed {
            decode_tokens_per_s: time.tokens_per_s(),
            prefill_tokens_per_s,
            confidence: self.confidence(calibrated, workload, setup.devices, host.is_some()),
        })
    }
}
