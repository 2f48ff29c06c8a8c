//! What a chip's data sheet says beyond its bandwidth, as terms depend on it: ratios of rates, power, and how chips reach each
//! other's memory. A ratio is the logarithm of what it is against a usual one.

use super::{KernelClass, api};
use crate::catalog::{Chip, ChipKind, Runtime, System};

/// Of a unified chip's bandwidth, what its processor clusters can draw, where that is not all: Apple's reach
/// about half of the data sheet's figure (220 GB/s of 400 on an M2 Max).
const APPLE_PROCESSOR_SHARE: f64 = 0.55;

/// The bandwidth that a runtime's programs have on a chip, of the data sheet's `gb_per_s`.
#[must_use]
pub fn reachable_bandwidth(runtime: &Runtime, chip: &Chip, gb_per_s: f64) -> f64 {
    if api(runtime) == "cpu" && chip.maker == "Apple" { gb_per_s * APPLE_PROCESSOR_SHARE } else { gb_per_s }
}

/// Families, and a chip of one, whose machines run no desktop of Windows: those with systems of their own, and accelerators
/// of servers.
const WITHOUT_WINDOWS: [&str; 10] = [
    "apple-",
    "gb10",
    "nvidia-orin",
    "nvidia-thor",
    "nvidia-ampere-dc",
    "nvidia-hopper",
    "nvidia-blackwell-dc",
    "amd-cdna",
    "tenstorrent",
    "npu-tiiny",
];

/// What a program's calls to a chip go through where a person has this system: nothing where the chip's machines do not
/// run it, or the chip is the processor itself.
#[must_use]
pub fn system_between(runtime: &Runtime, chip: &Chip, wanted: System) -> Option<System> {
    let is_without = WITHOUT_WINDOWS.iter().any(|name| chip.family.starts_with(name) || chip.id == *name);
    let between = if runtime.windows { wanted } else { System::Wsl };
    (!is_without && api(runtime) != "cpu").then_some(between)
}

/// Whether a program's shaders are compiled by the driver of an Intel chip, which under Linux is Mesa's.
#[must_use]
pub fn is_vulkan_on_intel(runtime: &Runtime, chip: &Chip) -> bool {
    api(runtime) == "vulkan" && chip.maker == "Intel"
}

/// Apple joins the same cores into chips of four sizes, which reach different shares of their bandwidth.
pub(super) fn apple_tier(chip: &Chip) -> Option<&'static str> {
    if chip.maker != "Apple" {
        return None;
    }
    Some(["ultra", "max", "pro"].into_iter().find(|tier| chip.id.contains(tier)).unwrap_or("base"))
}

/// Whether a chip keeps error correction in the same memory as its data, which takes a part of the bandwidth: NVIDIA's cards
/// with GDDR for workstations and servers do so unless told otherwise, `GeForce` cards have none.
pub(super) fn has_inline_ecc(chip: &Chip) -> bool {
    let has_gddr = |memory: &str| memory.starts_with("GDDR6") || memory.starts_with("GDDR7");
    is_nvidia_professional(chip) && chip.memory_type.as_deref().is_some_and(has_gddr)
}

/// NVIDIA's chips for workstations and servers, which its drivers and boards treat otherwise than `GeForce`.
fn is_nvidia_professional(chip: &Chip) -> bool {
    chip.maker == "NVIDIA" && !["GeForce", "TITAN"].iter().any(|word| chip.name.contains(word))
}

/// Whether a chip of NVIDIA lacks the instruction that multiplies four bytes and adds them up, of which CUDA's kernels for
/// packed weights are made: the P100 and those before it do it in plain arithmetic.
pub(super) fn lacks_byte_products(chip: &Chip) -> bool {
    let states_small_types = chip.compute.int8_tops.is_some() || chip.compute.fp8_tflops.is_some();
    chip.maker == "NVIDIA" && !states_small_types
}

/// How graphics processors reach each other's memory other than through the host's.
///
/// Modules have links of their own (`NVLink`, Infinity Fabric). Cards write to each other over the bus where their driver
/// lets them; NVIDIA's does so for all but its `GeForce` cards.
pub(super) fn direct_path(chip: &Chip) -> Option<&'static str> {
    let is = |words: &[&str]| words.iter().any(|word| chip.name.contains(word));
    if chip.kind != ChipKind::Gpu {
        None
    } else if is(&["SXM", "MI250X", "MI300X", "MI325X", "MI350X", "MI355X"]) {
        Some("modules")
    } else if is_nvidia_professional(chip) || is(&["Instinct"]) {
        Some("peers")
    } else {
        None
    }
}

/// Of the memory beside most processors: two channels of DDR5-6000.
pub(super) const USUAL_MEMORY_GB_PER_S: f64 = 96.0;

/// A memory's bandwidth where processor cores compute from it, against a usual one: the faster the memory,
/// the more it is the cores that are waited for.
pub(super) fn log_processor_bandwidth_ratio(chip: &Chip, api: &str) -> Option<f64> {
    let gb_per_s = chip.bandwidth_gb_per_s.filter(|gb_per_s| api == "cpu" && *gb_per_s > 0.0)?;
    Some((gb_per_s / USUAL_MEMORY_GB_PER_S).ln())
}

/// The share of its bandwidth that a chip reaches in a streaming benchmark, against 0.88, as most do. It is the
/// graphics cores', and says nothing of programs on the processor cores beside them.
pub(super) fn log_streaming_ratio(chip: &Chip, api: &str) -> Option<f64> {
    const USUAL_SHARE: f64 = 0.88;
    let streaming = chip.streaming.as_ref().filter(|_| api != "cpu")?;
    Some((streaming.share.clamp(0.3, 1.0) / USUAL_SHARE).ln())
}

/// FP32 operations for each byte of bandwidth, against 50, a usual ratio. A chip with more arithmetic behind
/// its memory spends less of its time between kernels. Processors have no kernels to launch.
pub(super) fn log_compute_ratio(chip: &Chip, api: &str) -> Option<f64> {
    const USUAL_FLOPS_PER_BYTE: f64 = 50.0;
    let fp32_gflops = chip.compute.fp32_tflops.filter(|_| api != "cpu")?.max(0.5) * 1e3;
    let bandwidth = chip.bandwidth_gb_per_s.filter(|bandwidth| *bandwidth > 0.0)?;
    Some((fp32_gflops / bandwidth / USUAL_FLOPS_PER_BYTE).ln())
}

/// The board's power, where it bounds the clock of long computations: NVIDIA's cards.
pub(super) fn board_power_w(chip: &Chip, api: &str) -> Option<f64> {
    chip.tdp_w.filter(|watts| *watts > 0.0 && api == "cuda" && chip.kind == ChipKind::Gpu)
}

/// Watts for each FP32 TFLOPS, against 6, a usual ratio. Peak rates are at a boost clock that a board with little
/// power for its size does not hold: an RTX 6000 Ada, with 300 W, is slower than an RTX 4090 with fewer units and 450 W.
pub(super) fn log_power_ratio(chip: &Chip, api: &str) -> Option<f64> {
    const USUAL_W_PER_TFLOPS: f64 = 6.0;
    let watts = board_power_w(chip, api)?;
    let tflops = chip.compute.fp32_tflops.filter(|tflops| *tflops > 0.0)?;
    Some((watts / tflops / USUAL_W_PER_TFLOPS).ln())
}

/// INT8 operations of the matrix units for each of the FP32 units, against 8, as consumer cards have. CUDA's kernels for
/// quantized weights multiply in the first and scale in the second, so that neither rate alone decides.
pub(super) fn log_matrix_ratio(chip: &Chip, api: &str) -> Option<f64> {
    const USUAL_RATIO: f64 = 8.0;
    let fp32 = chip.compute.fp32_tflops.filter(|tflops| *tflops > 0.0 && api == "cuda")?;
    let int8 = match chip.compute.int8_tops {
        Some(int8) => int8,
        None if lacks_byte_products(chip) => fp32,
        None => 2.0 * fp32.max(chip.compute.fp16_tflops.unwrap_or(0.0)),
    };
    Some((int8 / fp32 / USUAL_RATIO).ln())
}

/// Operations on a weight's own type for each on FP16, where a chip's matrix units have it and a runtime multiplies in
/// it: programs for servers do, in FP8 and FP4.
pub(super) fn log_native_ratio(chip: &Chip, kernel: KernelClass) -> Option<f64> {
    let native = match kernel {
        KernelClass::Q8 => chip.compute.fp8_tflops,
        KernelClass::Fp4 => chip.compute.fp4_tflops,
        _ => None,
    };
    Some((known(native)? / known(chip.compute.fp16_tflops)?).ln())
}

/// A rate as a data sheet states it; a zero says as little as silence.
pub(super) fn known(tflops: Option<f64>) -> Option<f64> {
    tflops.filter(|tflops| *tflops > 0.0)
}

/// Whether programs for servers sum a chip's products of weights of a type in FP32: where they multiply 16 bits, 8 bits or
/// four that were widened.
pub(super) fn sums_in_fp32(chip: &Chip, kernel: KernelClass) -> bool {
    use KernelClass::{Bf16, F16, Fp4, Int4, Mxfp4, Q8};
    let is_widened = kernel == Fp4 && chip.compute.fp4_tflops.is_none();
    is_widened || matches!(kernel, F16 | Bf16 | Q8 | Int4 | Mxfp4)
}

/// The rate of FP16 with sums in FP32 for each with sums in FP16, where a chip has less of the first: half on `GeForce` cards.
pub(super) fn log_accumulation_ratio(chip: &Chip, kernel: KernelClass) -> Option<f64> {
    let with_fp32_sums =
        known(chip.compute.fp16_fp32_accumulate_tflops).filter(|_| sums_in_fp32(chip, kernel))?;
    Some((with_fp32_sums / known(chip.compute.fp16_tflops)?).ln())
}
