//! One workload, of one machine after the other: the best runtime's answer with its parts.

use std::sync::Arc;

use super::{Estimator, Reached, decode_time, prompt_token_seconds};
use crate::{
    catalog::{Runtime, Split, System},
    estimate::{
        Architecture, Assumption, ComputeRates, Confidence, DecodeTime, Devices, Estimate, Evidence,
        HostShare, MemoryNeed, ModelRates, NoEstimate, Placement, Rig, StepWork, Workload, host,
        is_vulkan_on_intel, memory, prefill, reachable_bandwidth,
    },
};

/// A question to an estimator, with what follows from it whatever the machine.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    estimator: &'a Estimator,
    workload: &'a Workload<'a>,
    work: StepWork,
    architecture: Architecture,
}

/// What one runtime decodes at: enough to choose among runtimes.
#[derive(Clone, Copy, Debug)]
struct Decoding<'a> {
    runtime: &'a Runtime,
    id: &'a Arc<str>,
    rates: ModelRates<'a>,
    devices: Devices,
    compute: Option<ComputeRates>,
    placement: Placement,
    host: Option<HostShare>,
    system: Option<System>,
    time: DecodeTime,
    confidence: Confidence,
}

impl<'a> Question<'a> {
    pub(super) fn new(estimator: &'a Estimator, workload: &'a Workload) -> Self {
        Self {
            estimator,
            workload,
            work: StepWork::new(workload, f64::from(workload.context), f64::from(workload.users)),
            architecture: estimator.index.architecture(&workload.architecture),
        }
    }

    /// The best answer among the runtimes that people are offered, or the answer of the one named.
    ///
    /// A runtime whose memory suffices comes before one that must offload or cannot. Then comes the one with the
    /// higher low end of its interval: it is the faster, or the better known. One that was never measured on chips of
    /// the family is chosen only where no other places the model as well: the best of many guesses is the one most likely
    /// to be wrong.
    pub fn best(&self, rig: Rig, named: Option<&str>) -> Result<(&'a Arc<str>, Estimate), NoEstimate> {
        let Self { estimator, workload, .. } = *self;
        let mut assumptions = Vec::new();
        let memory = memory::need(workload, rig, &mut assumptions);
        let (mut measured, mut guessed): (Option<Decoding>, Option<Decoding>) = (None, None);
        let mut failure = NoEstimate::ChipNotSupported;
        for reached in estimator.calibrated.get(&rig.chip.id).into_iter().flatten() {
            let runtime = &estimator.runtimes[reached.runtime];
            let asked = named.map_or(runtime.offered, |id| runtime.id == id);
            if !asked {
                continue;
            }
            if !runtime.quant_families.contains(&workload.quant.family) {
                failure = failure.max(NoEstimate::QuantNotSupported);
                continue;
            }
            if !runtime.runs_model(&workload.model.id) {
                failure = failure.max(NoEstimate::ModelNotSupported);
                continue;
            }
            match self.decode(rig, &memory, reached) {
                Ok(decoding) => {
                    let is_guess = decoding.confidence.evidence == Evidence::General;
                    let best = if is_guess { &mut guessed } else { &mut measured };
                    if best.as_ref().is_none_or(|held| decoding.is_better_than(held)) {
                        *best = Some(decoding);
                    }
                }
                Err(reason) => failure = failure.max(reason),
            }
        }
        let best = match (measured, guessed) {
            (Some(measured), Some(guess)) if guess.rank() > measured.rank() => guess,
            (measured, guessed) => measured.or(guessed).ok_or(failure)?,
        };
        Ok((best.id, self.answer(rig, memory, &best, assumptions)))
    }

    /// What a runtime decodes at on a machine.
    fn decode(
        &self,
        rig: Rig,
        memory: &MemoryNeed,
        reached: &'a Reached,
    ) -> Result<Decoding<'a>, NoEstimate> {
        let Self { estimator, workload, ref work, architecture } = *self;
        let runtime = &estimator.runtimes[reached.runtime];
        let calibrated = estimator.calibrated(reached, rig.chip);
        let machine = rig.machine;
        let bandwidth = machine
            .device_gb_per_s(Some(rig.chip))
            .filter(|bandwidth| *bandwidth > 0.0)
            .map(|bandwidth| reachable_bandwidth(runtime, rig.chip, bandwidth))
            .ok_or(NoEstimate::NoBandwidth)?;
        let transport = machine.link.as_ref().and_then(|link| link.transport);
        let devices =
            Devices::new(bandwidth, runtime, rig.chip, machine.devices, runtime.split).over(transport);
        let (rates, system) = estimator.under(reached, rig.chip, workload.system);
        let rates = rates.of(architecture, workload.counts.log_width());
        let host = machine.host.as_ref().filter(|_| workload.offload && runtime.offloads);
        let placement = host::place(workload, memory, host);
        let host = match (placement, host) {
            (Placement::Offloads { what, bytes }, Some(host)) => {
                Some(HostShare::lacking(workload, (what, bytes), host, machine.pcie_gb_per_s()))
            }
            _ => None,
        };
        let compute = ComputeRates::new(rig.chip, runtime, workload.kernel);
        let time = decode_time(workload, work, &devices, runtime, compute, rates, host);
        Ok(Decoding {
            runtime,
            id: &estimator.runtime_ids[reached.runtime],
            rates,
            devices,
            compute,
            placement,
            host,
            system,
            time,
            confidence: estimator.confidence(calibrated, workload, machine.devices, host.is_some()),
        })
    }

    /// The whole answer of a runtime.
    fn answer(
        &self,
        rig: Rig,
        memory: MemoryNeed,
        decoding: &Decoding,
        mut assumptions: Vec<Assumption>,
    ) -> Estimate {
        let Self { workload, ref work, .. } = *self;
        let &Decoding {
            runtime, rates, ref devices, compute, placement, host, system, time, confidence, ..
        } = decoding;
        let tokens_per_s = time.tokens_per_s();
        let users = f64::from(workload.users);
        if let Some(share) = host {
            assumptions.push(Assumption::Host {
                gb_per_s: share.bandwidth_gb_per_s,
                batch_tokens: runtime.batch_tokens,
            });
        }
        assumptions.extend(system.map(Assumption::System));
        if system.is_none() && is_vulkan_on_intel(runtime, rig.chip) {
            assumptions.push(Assumption::NewMesa);
        }
        let count = rig.machine.devices;
        if count > 1 {
            assumptions.push(match runtime.split {
                Split::Layers => Assumption::LayerSplit { devices: count },
                Split::Tensors => Assumption::TensorParallel { devices: count },
                Split::Rows => Assumption::RowSplit { devices: count },
            });
        }
        if compute.is_none() {
            assumptions.push(Assumption::NoComputeRate);
        }
        let prompt = prefill::Prompt {
            depth: 0.0,
            tokens: f64::from(workload.prompt),
            batch_tokens: f64::from(runtime.batch_tokens),
        };
        let prefill_tokens_per_s = compute.filter(|_| workload.prompt > 0).map(|compute| {
            1.0 / prompt_token_seconds(workload, prompt, devices, compute, rates, host, runtime)
        });
        let time_to_first_token_s =
            prefill_tokens_per_s.map(|rate| prompt.tokens * users / rate + time.total_ms() / 1e3);
        let answer = f64::from(workload.answer);
        let answer_tokens_per_s = time_to_first_token_s
            .filter(|_| workload.answer > 0)
            .map(|first| answer / (first + (answer - 1.0) / tokens_per_s));
        Estimate {
            placement,
            memory,
            weights_read_bytes: work.weights + work.experts,
            kv_read_bytes: work.cache,
            state_bytes: work.states,
            time,
            tokens_per_s,
            total_tokens_per_s: tokens_per_s * users,
            confidence,
            prefill_tokens_per_s,
            time_to_first_token_s,
            answer_tokens_per_s,
            assumptions,
        }
    }
}

impl Decoding<'_> {
    /// Whether it takes the place of one whose evidence is as direct.
    fn is_better_than(&self, held: &Self) -> bool {
        let low = |of: &Self| (of.rank(), of.time.tokens_per_s() * of.confidence.low_factor);
        low(self) > low(held)
    }

    fn rank(&self) -> u8 {
        match self.placement {
            Placement::Fits => 2,
            Placement::Offloads { .. } => 1,
            Placement::DoesNotFit { .. } => 0,
        }
    }
}
