//! Memory: what the model needs, and what the machine lets it use.

use super::{Assumption, MemoryNeed, Rig, Workload};
use crate::{catalog::ChipKind, scenario::MemoryLimit, units::GIB};

/// Tokens that llama.cpp computes at once in prefill by default (`n_ubatch`); other runtimes are alike.
const BATCH_TOKENS: f64 = 512.0;
/// Of each device's memory, what its driver and the desktop keep.
const CARD_RESERVE_GIB: f64 = 0.5;
/// Of main memory, what the system keeps where a processor computes from it.
const SYSTEM_RESERVE_GIB: f64 = 4.0;
/// The runtime's own context on each device: CUDA's takes 0.3 to 1 GB.
const RUNTIME_BYTES: f64 = 0.4e9;
/// Of unified memory, what macOS lets graphics wire down by default: two thirds up to 36 GiB, three quarters above.
const MACOS_SHARE_SMALL: f64 = 0.67;
const MACOS_SHARE: f64 = 0.75;
const MACOS_SMALL_GIB: f64 = 36.0;
/// Of other unified memory, where no figure is published.
const UNIFIED_SHARE: f64 = 0.75;

/// What `workload` needs on `rig`, and what the rig lets it use.
pub(super) fn need(workload: &Workload, rig: Rig, assumptions: &mut Vec<Assumption>) -> MemoryNeed {
    let users = f64::from(workload.users);
    let context = f64::from(workload.context);
    let cache = workload.cache.stored_bytes(context) + workload.cache.state_bytes();
    MemoryNeed {
        weights_bytes: workload.weights.stored_bytes(),
        cache_bytes: cache * users,
        buffers_bytes: buffers_bytes(workload) + RUNTIME_BYTES * f64::from(rig.machine.devices),
        usable_bytes: usable_bytes(workload.memory_limit, rig, assumptions),
    }
}

/// Activations of one batch: its logits, a few hidden vectors, and the attention mask at 16 bits.
fn buffers_bytes(workload: &Workload) -> f64 {
    let model = &workload.model;
    let logits = 4.0 * f64::from(model.vocab_size);
    let hidden = 4.0 * 8.0 * f64::from(model.hidden_size);
    let mask = 2.0 * f64::from(workload.context);
    BATCH_TOKENS * (logits + hidden + mask)
}

/// Bytes that a runtime may use on all devices together.
fn usable_bytes(limit: MemoryLimit, rig: Rig, assumptions: &mut Vec<Assumption>) -> f64 {
    let machine = rig.machine;
    if limit == MemoryLimit::Raised
        && let Some(raised) = machine.usable_raised_gib
    {
        assumptions.push(Assumption::MemoryLimitRaised);
        return raised * GIB;
    }
    let reserve = match rig.chip.kind {
        ChipKind::Gpu => CARD_RESERVE_GIB * f64::from(machine.devices),
        ChipKind::Cpu => SYSTEM_RESERVE_GIB,
        ChipKind::Unified | ChipKind::Npu => 0.0,
    };
    if let Some(usable) = machine.usable_gib {
        let reserve = if rig.chip.kind == ChipKind::Gpu { reserve } else { 0.0 };
        return (usable - reserve).max(0.0) * GIB;
    }
    assumptions.push(Assumption::UsableMemoryByRule);
    let share = match rig.chip.kind {
        ChipKind::Gpu | ChipKind::Cpu => 1.0,
        ChipKind::Unified | ChipKind::Npu if rig.chip.maker == "Apple" => {
            if machine.memory_gib <= MACOS_SMALL_GIB { MACOS_SHARE_SMALL } else { MACOS_SHARE }
        }
        ChipKind::Unified | ChipKind::Npu => UNIFIED_SHARE,
    };
    (machine.memory_gib * share - reserve).max(0.0) * GIB
}
