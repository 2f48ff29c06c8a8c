//! What is left to the memory of the host, and how long its processor takes over it.

use super::{
    DecodeTime, KernelClass, MemoryNeed, Offload, Placement, Prompt, StepWork, WeightPart, Workload, api,
    data_sheet::USUAL_MEMORY_GB_PER_S, decode::distinct_experts_of_text,
};
use crate::{
    catalog::{Host, Runtime, System},
    units::GIB,
};

/// What a processor reads at while it computes what the cards cannot hold, where its memory has the bandwidth of two
/// channels of DDR5-6000. From the runs in `presets/measurements` that state their host: 50 GB/s of 96, 25 of 34, 93 of
/// 188, 175 of 307. With two channels it is the more the processor that is waited for, the faster they are; with more of
/// them come more cores.
const READ_GB_PER_S: f64 = 50.0;
const TWO_CHANNELS_EXPONENT: f64 = 0.7;
/// Twelve channels or two processors are read no faster, in the middle of authors who differ from 130 to 440.
const MOST_READ_GB_PER_S: f64 = 180.0;
/// Of the host's bandwidth on its data sheet, what no processor exceeds.
const MOST_READ_SHARE: f64 = 0.85;
/// How much faster the processor kernels of forks read: from runs of `ik_llama.cpp`.
const FORK_SPEEDUP: f64 = 1.15;
/// What handing a layer's activations to the processor and back takes. Programs on Vulkan wait for the card's queue and copy
/// through memory that both see: 330 to 870 microseconds for each layer of experts, in the runs of six authors.
const HANDOVER_US: f64 = 40.0;
const VULKAN_HANDOVER_US: f64 = 600.0;
/// Types that a processor looks up in tables take it longer than their bytes do to read, and those below four bits, whose
/// tables are larger, the longer. From runs of several types on one host: of K-quants on the same machine, IQ4 and the
/// floating-point types of four bits reach three quarters, IQ2 and IQ3 less.
const TABLE_SHARE: f64 = 0.75;
const LARGE_TABLE_SHARE: f64 = 0.65;
/// What weights are copied to a card at over PCI Express 4.0 x16, in the middle of the same runs. Over half the bus they take
/// one and a half times as long, not twice, for cards stand in boards that are older than they are, and a faster bus waits
/// for the rest.
const COPY_GB_PER_S: f64 = 17.0;
const USUAL_PCIE_GB_PER_S: f64 = 31.5;
const COPY_EXPONENT: f64 = 0.6;
/// Of that, what is reached where a driver copies through buffers of its own: under Windows, in the runs of 19 authors, with
/// Vulkan, in those of 10, and of whole layers, in those of 12, which usually lie in a file mapped into memory.
const BUFFERED_COPY_SHARE: f64 = 0.65;
/// Of the host's bandwidth, what such a copy takes at most.
const COPY_SHARE: f64 = 0.48;
/// How many times as fast as token by token the processor kernels of forks take a batch, in which they use each weight for
/// many tokens. From runs of `ik_llama.cpp` on servers with batches of 512 tokens, too few of which go to each expert for
/// copying it to a card: 3 to 7. llama.cpp copies whatever the batch.
const BATCHED_SPEEDUP: f64 = 5.2;
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
    /// Of a card's bus, as its data sheet or its own measurement states it; none where it is not known.
    pub pcie_gb_per_s: Option<f64>,
}

impl HostShare {
    /// What has to go to the host where the devices lack room for some bytes.
    pub(super) fn lacking(
        workload: &Workload,
        (what, bytes): (Offload, f64),
        host: &Host,
        pcie_gb_per_s: Option<f64>,
    ) -> Self {
        let bandwidth_gb_per_s = host.bandwidth_gb_per_s;
        let of = |stored: f64| (bytes / stored).min(1.0);
        match what {
            Offload::Experts => {
                let stored = workload.weights.part_stored_bytes(WeightPart::Experts);
                Self { layers: 0.0, experts: of(stored), bandwidth_gb_per_s, pcie_gb_per_s }
            }
            Offload::Layers => {
                let caches = workload.cache.stored_bytes(f64::from(workload.context));
                let stored = workload.weights.stored_bytes() + caches * f64::from(workload.users);
                Self { layers: of(stored), experts: 0.0, bandwidth_gb_per_s, pcie_gb_per_s }
            }
        }
    }

    /// Moves the time of this share from the devices to the host.
    pub(super) fn offload(
        &self,
        time: &mut DecodeTime,
        workload: &Workload,
        work: &StepWork,
        runtime: &Runtime,
    ) {
        let moved = work.experts * self.experts.max(self.layers) + work.weights * self.layers;
        time.weights_ms *= 1.0 - moved / (work.weights + work.experts);
        time.cache_ms *= 1.0 - self.layers;
        let read = moved + (work.cache + work.states) * self.layers;
        let read_ms = read / self.read_bytes_per_s(workload.kernel, runtime) * 1e3;
        let handover_us = if api(runtime) == "vulkan" { VULKAN_HANDOVER_US } else { HANDOVER_US };
        time.offload_ms = read_ms + self.handovers(workload) * handover_us * 1e-3;
    }

    /// How often a token goes to the processor and back: for each layer of experts there, or once for whole layers, which
    /// follow each other.
    fn handovers(&self, workload: &Workload) -> f64 {
        let of_experts =
            workload.model.experts.map_or(0.0, |experts| f64::from(experts.layers)) * self.experts;
        if self.layers > 0.0 { of_experts.max(1.0) } else { of_experts }
    }

    /// Bytes per second that the processor reads at while it computes with weights of a type.
    fn read_bytes_per_s(&self, kernel: KernelClass, runtime: &Runtime) -> f64 {
        let of_usual = self.bandwidth_gb_per_s / USUAL_MEMORY_GB_PER_S;
        let of_usual = if of_usual < 1.0 { of_usual.powf(TWO_CHANNELS_EXPONENT) } else { of_usual };
        let of_program = if runtime.own_kernels { FORK_SPEEDUP } else { 1.0 };
        let gb_per_s = (READ_GB_PER_S * of_usual).min(MOST_READ_GB_PER_S) * of_program;
        let of_type = match kernel {
            KernelClass::IqLow => LARGE_TABLE_SHARE,
            _ if kernel.is_looked_up() => TABLE_SHARE,
            _ => 1.0,
        };
        gb_per_s.min(MOST_READ_SHARE * self.bandwidth_gb_per_s) * of_type * 1e9
    }

    /// What this share adds to each token of a prompt, in seconds.
    ///
    /// For a batch of tokens, llama.cpp copies the weights of a matrix to the card and multiplies there; of experts
    /// those that the batch needs. The processor does it where that is sooner: where the batch is small.
    pub(super) fn prompt_seconds(&self, workload: &Workload, prompt: &Prompt, runtime: &Runtime) -> f64 {
        let experts = workload.weights.part_read_bytes(WeightPart::Experts);
        let others = (workload.weights.read_bytes() - experts) * self.layers;
        let experts = experts * self.experts.max(self.layers);
        let copied = others + experts * distinct_experts_of_text(&workload.model, prompt.batch());
        let pcie_gb_per_s = self.pcie_gb_per_s.unwrap_or(USUAL_PCIE_GB_PER_S);
        let is_buffered =
            self.layers > 0.0 || workload.system == Some(System::Windows) || api(runtime) == "vulkan";
        let of_driver = if is_buffered { BUFFERED_COPY_SHARE } else { 1.0 };
        let copy_gb_per_s =
            of_driver * COPY_GB_PER_S * (pcie_gb_per_s / USUAL_PCIE_GB_PER_S).powf(COPY_EXPONENT);
        let copy_gb_per_s = copy_gb_per_s.min(COPY_SHARE * self.bandwidth_gb_per_s);
        let moved = copied * prompt.batches() / prompt.tokens.max(1.0);
        let read_bytes_per_s = self.read_bytes_per_s(workload.kernel, runtime);
        let speedup = if runtime.own_kernels { BATCHED_SPEEDUP } else { 1.0 };
        let computing = (moved / read_bytes_per_s).max((others + experts) / read_bytes_per_s / speedup);
        computing.min(moved / (copy_gb_per_s * 1e9))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{catalog::load, scenario::Scenario};

    /// 50 GB/s x (38.4 / 96)^0.7 = 26.3, and 50 x 307.2 / 96 = 160, of 10 GB/s no more than 8.5. Forks read 1.15 times as fast.
    #[test]
    fn a_processor_reads_in_proportion_to_its_channels_beyond_two_of_them() {
        let catalog = load::embedded().catalog;
        let read_gb_per_s = |runtime: &str, bandwidth_gb_per_s: f64, kernel: KernelClass| {
            let share = HostShare { layers: 1.0, experts: 0.0, bandwidth_gb_per_s, pcie_gb_per_s: None };
            share.read_bytes_per_s(kernel, catalog.runtimes.get(runtime).unwrap()) / 1e9
        };
        let gb_per_s =
            |bandwidth: f64, kernel: KernelClass| read_gb_per_s("llama.cpp-cuda", bandwidth, kernel);
        for (bandwidth, wanted) in
            [(10.0, 8.5), (38.4, 26.33), (96.0, 50.0), (307.2, 160.0), (614.4, 180.0), (1200.0, 180.0)]
        {
            let read = gb_per_s(bandwidth, KernelClass::K4);
            assert!((read - wanted).abs() < 0.01, "{bandwidth}: {read}");
        }
        assert!((gb_per_s(307.2, KernelClass::IqLow) - 104.0).abs() < 0.01);
        assert!((read_gb_per_s("ik_llama.cpp-cuda", 96.0, KernelClass::K4) - 57.5).abs() < 0.01);
    }

    /// Half of Qwen3 30B-A3B's 48 layers of experts on the host are handed over 24 times, in 0.96 ms, under Vulkan in 14.4 ms;
    /// whole layers once.
    #[test]
    fn a_token_is_handed_over_for_each_layer_of_experts_on_the_host() {
        let catalog = load::embedded().catalog;
        let scenario =
            Scenario { model: "qwen3-30b-a3b".to_owned(), quant: "Q4_K_M".to_owned(), ..Scenario::default() };
        let workload = scenario.workload(&catalog).unwrap();
        let work = StepWork::new(&workload, 0.0, 1.0);
        let offload_ms = |runtime: &str, layers: f64, experts: f64| {
            let share = HostShare { layers, experts, bandwidth_gb_per_s: 96.0, pcie_gb_per_s: None };
            let mut time = DecodeTime { weights_ms: 10.0, ..DecodeTime::default() };
            share.offload(&mut time, &workload, &work, catalog.runtimes.get(runtime).unwrap());
            time.offload_ms
        };
        let read_ms = work.experts / 2.0 / 50e9 * 1e3;
        for (runtime, handed_ms) in [("llama.cpp-cuda", 0.96), ("llama.cpp-vulkan", 14.4)] {
            let ms = offload_ms(runtime, 0.0, 0.5);
            assert!((ms - read_ms - handed_ms).abs() < 1e-9, "{runtime}: {ms}");
        }
        let read_ms = f64::midpoint(work.experts, work.weights) / 50e9 * 1e3;
        let ms = offload_ms("llama.cpp-vulkan", 0.5, 0.0);
        assert!((ms - read_ms - 0.6).abs() < 1e-9, "{ms}");
    }

    /// Of DeepSeek R1's experts 8 of 256 read for a token E bytes. 512 tokens meet as many as 512^(0.7 x 0.95) = 63.3 would
    /// apart, 32 x (1 - (31/32)^63.3) = 27.72 E or 0.05413 E for each token. Copied at 17 GB/s that is E / 314e9 s; a fork's
    /// processor kernels at 180 x 1.15 GB/s are 5.2 times as fast in batches.
    /// Windows copies at 0.65 times the rate, and so does Vulkan.
    #[test]
    fn a_fork_computes_a_batch_where_copying_would_take_longer() {
        let catalog = load::embedded().catalog;
        let share = HostShare { layers: 0.0, experts: 1.0, bandwidth_gb_per_s: 460.8, pcie_gb_per_s: None };
        let prompt = Prompt { depth: 0.0, tokens: 512.0, batch_tokens: 512.0 };
        for (runtime, system, bytes_per_s) in [
            ("llama.cpp-cuda", None, 314.04e9),
            ("llama.cpp-cuda", Some(System::Windows), 204.13e9),
            ("llama.cpp-vulkan", None, 204.13e9),
            ("ik_llama.cpp-cuda", None, 1076.4e9),
        ] {
            let scenario = Scenario { model: "deepseek-r1".to_owned(), system, ..Scenario::default() };
            let workload = scenario.workload(&catalog).unwrap();
            let e = workload.weights.part_read_bytes(WeightPart::Experts);
            let seconds = share.prompt_seconds(&workload, &prompt, catalog.runtimes.get(runtime).unwrap());
            let ratio = seconds / (e / bytes_per_s);
            assert!((ratio - 1.0).abs() < 1e-4, "{runtime}: {ratio}");
        }
    }

    /// All W bytes of Llama 3.1 8B's layers are copied for 512 tokens at 0.65 x 17 = 11.05 GB/s: W / 5,657.6e9 s for each.
    #[test]
    fn whole_layers_are_copied_through_buffers() {
        let catalog = load::embedded().catalog;
        let share = HostShare { layers: 1.0, experts: 0.0, bandwidth_gb_per_s: 96.0, pcie_gb_per_s: None };
        let prompt = Prompt { depth: 0.0, tokens: 512.0, batch_tokens: 512.0 };
        let scenario = Scenario { model: "llama-3.1-8b".to_owned(), ..Scenario::default() };
        let workload = scenario.workload(&catalog).unwrap();
        let runtime = catalog.runtimes.get("llama.cpp-cuda").unwrap();
        let ratio =
            share.prompt_seconds(&workload, &prompt, runtime) / (workload.weights.read_bytes() / 5657.6e9);
        assert!((ratio - 1.0).abs() < 1e-6, "{ratio}");
    }
}
