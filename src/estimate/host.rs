//! What is left to the memory of the host, and how long its processor takes over it.

use super::{DecodeTime, KernelClass, MemoryNeed, Offload, Placement, StepWork, WeightPart, Workload};
use crate::{catalog::Host, units::GIB};

/// Of the host's bandwidth on its data sheet, reached while it computes what the cards cannot hold.
const HOST_SHARE: f64 = 0.6;
/// The same for types below four bits, whose unpacking keeps a processor longer than their bytes do.
const HOST_SHARE_LOW_BITS: f64 = 0.35;
/// Of the host's memory, what its system keeps.
const HOST_RESERVE_GIB: f64 = 6.0;

/// Some of a model left to the processor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HostShare {
    /// Of all layers.
    pub layers: f64,
    /// Of the routed experts.
    pub experts: f64,
    pub bandwidth_gb_per_s: f64,
}

impl HostShare {
    /// What has to go to the host where the devices lack room for some bytes.
    pub(super) fn lacking(workload: &Workload, (what, bytes): (Offload, f64), host: &Host) -> Self {
        let bandwidth_gb_per_s = host.bandwidth_gb_per_s;
        let of = |stored: f64| (bytes / stored).min(1.0);
        match what {
            Offload::Experts => {
                let stored = workload.weights.part_stored_bytes(WeightPart::Experts);
                Self { layers: 0.0, experts: of(stored), bandwidth_gb_per_s }
            }
            Offload::Layers => {
                let caches = workload.cache.stored_bytes(f64::from(workload.context));
                let stored = workload.weights.stored_bytes() + caches * f64::from(workload.users);
                Self { layers: of(stored), experts: 0.0, bandwidth_gb_per_s }
            }
        }
    }

    /// Moves the time of this share from the devices to the host, and returns the bytes of weights that it reads.
    pub(super) fn offload(&self, time: &mut DecodeTime, workload: &Workload, work: &StepWork) -> f64 {
        let moved = work.experts * self.experts.max(self.layers) + work.weights * self.layers;
        time.weights_ms *= 1.0 - moved / (work.weights + work.experts);
        time.cache_ms *= 1.0 - self.layers;
        let bytes_per_s = self.bandwidth_gb_per_s * 1e9 * host_share(workload);
        time.offload_ms = (moved + (work.cache + work.states) * self.layers) / bytes_per_s * 1e3;
        moved
    }
}

/// Of the host's bandwidth, the share that a processor reaches on the workload's weights.
fn host_share(workload: &Workload) -> f64 {
    match workload.kernel {
        KernelClass::IqLow | KernelClass::K2 => HOST_SHARE_LOW_BITS,
        _ => HOST_SHARE,
    }
}

/// Where the model lies: on the devices, in part in the host's memory, or nowhere.
pub(super) fn place(workload: &Workload, memory: &MemoryNeed, host: Option<&Host>) -> Placement {
    let over = memory.needed_bytes() - memory.usable_bytes;
    if over <= 0.0 {
        return Placement::Fits;
    }
    let does_not_fit =
        Placement::DoesNotFit { needed_bytes: memory.needed_bytes(), usable_bytes: memory.usable_bytes };
    let Some(host) = host else { return does_not_fit };
    let room = (host.memory_gib - HOST_RESERVE_GIB).max(0.0) * GIB;
    let experts = workload.weights.part_stored_bytes(WeightPart::Experts);
    if experts >= over && over <= room {
        Placement::Offloads { what: Offload::Experts, bytes: over }
    } else if memory.weights_bytes + memory.cache_bytes >= over && over <= room {
        Placement::Offloads { what: Offload::Layers, bytes: over }
    } else {
        does_not_fit
    }
}

/// How much longer prefill takes where a part of the weights crosses from the host for every batch.
pub(super) fn prefill_stretch(
    workload: &Workload,
    placement: Placement,
    host: Option<&Host>,
    bandwidth: f64,
) -> f64 {
    match (placement, host) {
        (Placement::Offloads { bytes, .. }, Some(host)) => {
            let share = (bytes / workload.weights.stored_bytes()).min(1.0);
            1.0 + share * (bandwidth / (host.bandwidth_gb_per_s * host_share(workload)) - 1.0).max(0.0)
        }
        _ => 1.0,
    }
}
