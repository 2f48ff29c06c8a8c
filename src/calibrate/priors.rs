//! What is believed of each factor before a measurement is seen, and how firmly.
//!
//! Means at the general level are what the field reports (a GPU reads weights at about 0.85 of its data sheet's
//! bandwidth, a kernel launch costs microseconds). Particular factors have a mean of zero: a chip behaves like
//! its family, a family like its API, until measurements say otherwise. Means and deviations are logarithms.

use super::fit::Prior;
use crate::catalog::System;

/// Share of bandwidth that weights are read at, microseconds of launches a layer, share of bandwidth that the
/// cache is read at, share of peak compute that prefill reaches.
const APIS: [(&str, f64, f64, f64, f64); 11] = [
    ("cuda", 0.87, 30.0, 0.65, 0.45),
    ("metal", 0.87, 60.0, 0.45, 0.75),
    ("mlx", 0.87, 60.0, 0.55, 0.75),
    ("vulkan", 0.87, 35.0, 0.65, 0.3),
    ("vulkan-intel", 0.6, 60.0, 0.4, 0.2),
    ("rocm", 0.85, 50.0, 0.5, 0.4),
    ("sycl", 0.75, 90.0, 0.4, 0.2),
    ("opencl", 0.7, 90.0, 0.4, 0.2),
    ("cpu", 0.7, 20.0, 0.4, 0.7),
    ("npu", 0.4, 100.0, 0.3, 0.3),
    ("other", 0.6, 90.0, 0.4, 0.2),
];

/// Logarithms of how much longer a type's kernels take than its bytes.
const KERNELS: [(&str, f64); 16] = [
    ("f16", 0.0),
    ("bf16", 0.0),
    ("q8", 0.02),
    ("q4", 0.03),
    ("k4", 0.06),
    ("k5", 0.06),
    ("k6", 0.06),
    ("k2", 0.2),
    ("iq4", 0.08),
    ("iq-low", 0.35),
    ("fp4", 0.05),
    ("mxfp4", 0.05),
    ("int4", 0.05),
    ("mlx", 0.05),
    ("exl2", 0.1),
    ("exl3", 0.3),
];

/// Families whose chips differ widely among themselves or from today's kernels.
const UNEVEN_FAMILIES: [&str; 20] = [
    "cpu-arm",
    "cpu-arm-server",
    "cpu-x86-desktop",
    "cpu-x86-server",
    "nvidia-kepler",
    "nvidia-maxwell",
    "nvidia-pascal",
    "nvidia-volta",
    "nvidia-ampere-dc",
    "nvidia-hopper",
    "nvidia-blackwell-dc",
    "nvidia-orin",
    "nvidia-thor",
    "amd-apu",
    "amd-cyan-skillfish",
    "qualcomm-adreno",
    "amd-vega",
    "amd-cdna",
    "amd-rdna1",
    "intel-alchemist",
];

/// Apple's chips whose graphics cores have matrix units.
const MATRIX_UNITS: [&str; 2] = ["apple-m5", "apple-m6"];

/// What terms depend on as a power.
const POWERS: [&str; 9] = [
    "width",
    "streaming",
    "bandwidth",
    "compute-ratio",
    "power",
    "low-power",
    "matrix-units",
    "native-type",
    "accumulation",
];

/// What a path's last segment names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scope {
    All,
    Api,
    Runtime,
    /// Runtimes that serve many requests.
    Servers,
    /// One of them.
    Server,
    /// A size of heads or a family under a runtime.
    RuntimePart,
    Family {
        uneven: bool,
    },
    /// A family under a runtime with kernels of its own.
    OwnFamily,
    Chip,
    AppleTier,
    /// A year that a program is older.
    Age,
    NoFlashAttention,
    /// Windows, or Linux within it.
    System,
    /// A power of what the time depends on.
    Power,
    /// A model's architecture under an API.
    Architecture,
    /// The same under a runtime.
    RuntimeArchitecture,
    Kernel,
    Head,
    /// A class of cache under an API.
    CacheType,
    Other,
}

/// The prior of a factor. `is_family` and `is_runtime` tell what names stand for.
#[must_use]
#[expect(clippy::too_many_lines, clippy::match_same_arms, reason = "one table, read from top to bottom")]
pub fn prior(name: &str, is_family: impl Fn(&str) -> bool, is_runtime: impl Fn(&str) -> bool) -> Prior {
    let mut segments = name.split('/');
    let term = segments.next().unwrap_or("");
    let rest: Vec<&str> = segments.collect();
    let api = rest.first().and_then(|first| APIS.iter().find(|api| api.0 == *first));
    let scope = match rest.as_slice() {
        [] => Scope::All,
        [_] if api.is_some() => Scope::Api,
        ["age"] | [_, "age"] => Scope::Age,
        [last] if System::ALL.iter().any(|system| system.name() == *last) => Scope::System,
        [last] | [_, last] if POWERS.contains(last) => Scope::Power,
        [_, "no-flash-attention"] => Scope::NoFlashAttention,
        ["architecture", _] | [_, "architecture", _] => Scope::Architecture,
        ["runtime", _, "architecture", _] => Scope::RuntimeArchitecture,
        ["apple", _] => Scope::AppleTier,
        ["runtime", _] => Scope::Runtime,
        ["server"] => Scope::Servers,
        ["server", _] => Scope::Server,
        ["runtime", _, _] => Scope::RuntimePart,
        [first, family] if is_family(family) => {
            if is_runtime(first) && api.is_none() {
                Scope::OwnFamily
            } else {
                Scope::Family { uneven: UNEVEN_FAMILIES.contains(family) }
            }
        }
        ["blocks" | "small-blocks"] | [_, "plain" | "fp8" | "blocks" | "small-blocks"] => Scope::CacheType,
        [last] | [_, last] if last.starts_with("head-") || *last == "latent" => Scope::Head,
        [last] | [_, last] if KERNELS.iter().any(|kernel| kernel.0 == *last) => Scope::Kernel,
        [_, _] => Scope::Chip,
        _ => Scope::Other,
    };
    let of_api = rest.len() == 2;
    // Processors differ more among themselves than chips of one maker's line.
    let of_processor = rest.first().is_some_and(|first| first.ends_with("cpu"));
    // Of a family of models, not of those with the same layers.
    let of_family = !name.contains('+');
    let (mean, deviation) = match term {
        "weights" => match scope {
            Scope::Api => (-api.map_or(0.0, |api| api.1.ln()), 0.15),
            Scope::Chip if of_processor => (0.0, 0.25),
            Scope::Runtime | Scope::Chip => (0.0, 0.06),
            Scope::Family { uneven: false } => (0.0, 0.07),
            Scope::Family { uneven: true } => (0.0, 0.3),
            Scope::OwnFamily => (0.0, 0.25),
            Scope::AppleTier => (0.0, 0.08),
            Scope::System => (0.03, 0.05),
            Scope::Power if rest == ["low-power"] => (0.3, 0.3),
            Scope::Power if rest == ["cpu", "bandwidth"] => (0.3, 0.2),
            Scope::Other if rest == ["inline-ecc"] => (0.03, 0.04),
            Scope::Other if rest == ["older-mesa"] => (0.4, 0.3),
            // Slow in a streaming benchmark is slow in reading weights, if not by as much.
            Scope::Power => (-0.5, 0.4),
            _ => (0.0, 0.1),
        },
        "layer" => match scope {
            Scope::Api => (api.map_or(0.0, |api| api.2.ln()), 0.6),
            Scope::Runtime | Scope::OwnFamily => (0.0, 0.4),
            Scope::Family { uneven: true } => (0.0, 0.8),
            Scope::Family { .. } => (0.0, 0.3),
            Scope::Chip => (0.0, 0.1),
            Scope::AppleTier => (0.0, 0.2),
            Scope::System => (0.15, 0.2),
            Scope::Architecture => (0.0, if of_family { 0.3 } else { 0.2 }),
            Scope::RuntimeArchitecture => (0.0, if of_family { 0.15 } else { 0.2 }),
            Scope::RuntimePart => (0.0, 0.15),
            Scope::Age => (if of_api { 0.0 } else { 0.2 }, if of_api { 0.1 } else { 0.15 }),
            _ => (0.0, 0.15),
        },
        "cache" => match scope {
            Scope::Api => (-api.map_or(0.0, |api| api.3.ln()), 0.65),
            Scope::Runtime => (0.0, 0.32),
            Scope::RuntimePart => (0.0, 0.5),
            // Elements that share a byte are unpacked one by one.
            Scope::CacheType if rest.last() == Some(&"small-blocks") => (0.8, 0.6),
            Scope::CacheType => (0.0, 0.3),
            Scope::Head if of_api => (0.0, 0.45),
            Scope::Head if rest == ["latent"] => (0.6, 0.65),
            Scope::Head => (0.0, 0.32),
            Scope::NoFlashAttention => (0.7, 0.65),
            Scope::Power => (0.5, 0.4),
            Scope::Family { .. } if of_processor => (0.0, 0.5),
            _ => (0.0, 0.13),
        },
        "attention" => match scope {
            Scope::All => (3_f64.ln(), 0.7),
            Scope::NoFlashAttention => (0.3, 0.5),
            Scope::Runtime | Scope::Family { .. } => (0.0, 0.4),
            // Kernels for caches in blocks unpack what is read once for each query head.
            Scope::CacheType if of_api => (0.0, 0.5),
            Scope::CacheType => (1.0, 0.7),
            _ => (0.0, 0.7),
        },
        "kernel" => {
            let slow = matches!(rest.last(), Some(&"k2" | &"iq-low" | &"exl3"));
            match rest.as_slice() {
                [name] => {
                    (KERNELS.iter().find(|kernel| kernel.0 == *name).map_or(0.0, |kernel| kernel.1), 0.05)
                }
                // Of a family under a server. Four bits in floating point may be widened to 16 at each step.
                ["runtime", .., "fp4"] => (0.0, 1.0),
                ["runtime", ..] => (0.0, 0.3),
                // Of one chip.
                [_, _, _] => (0.0, 0.04),
                _ if slow => (0.0, 0.18),
                _ => (0.0, 0.06),
            }
        }
        // Operations for each weight.
        "unpack" => match scope {
            Scope::Api => (0.0, 0.4),
            // Codes of less than four bits are looked up in tables.
            Scope::Kernel if rest == ["iq-low"] => (1.5, 0.6),
            Scope::Kernel if !of_api => (0.5, 0.6),
            _ if rest == ["cuda", "no-byte-products"] => (1.0, 0.6),
            _ => (0.0, 0.3),
        },
        "experts" => match rest.as_slice() {
            [] => (0.1, 0.5),
            ["narrow"] => (1.5, 0.8),
            [_] => (0.0, 0.42),
            [_, "f16"] => (0.0, 0.85),
            // Of a family.
            [_, _, _] => (0.0, 0.1),
            _ => (0.0, 0.2),
        },
        "linear-layer" | "expert-layer" | "shared-layer" | "latent-layer" | "prefill-linear"
        | "prefill-routing"
            if scope == Scope::Age =>
        {
            if of_api {
                (0.0, 0.15)
            } else {
                (0.2, 0.3)
            }
        }
        "linear-layer" => (0.0, if rest.is_empty() { 0.5 } else { 0.4 }),
        "expert-layer" => (0.0, if rest.is_empty() { 0.85 } else { 0.68 }),
        "shared-layer" if rest.is_empty() => (-1.0, 0.6),
        "shared-layer" => (0.0, 0.4),
        "latent-layer" if rest.is_empty() => (-0.7, 0.6),
        "latent-layer" if rest == ["compressed"] => (0.5, 0.7),
        "latent-layer" if rest == ["compressed", "server"] => (0.0, 0.6),
        "latent-layer" => (0.0, 0.4),
        "embedding-layer" => (0.0, 0.7),
        // Programs without a kernel for it go over the scores many times.
        "index" if rest.first() == Some(&"runtime") => (0.0, 1.0),
        "index" if rest == ["server"] => (0.5, 1.0),
        "index" => (2.0, 1.5),
        "tensor-link" => match rest.as_slice() {
            ["bus"] => (20_f64.ln(), 0.6),
            ["cable"] => (100_f64.ln(), 0.8),
            ["thunderbolt"] => (200_f64.ln(), 0.8),
            ["runtime", _] => (0.0, 0.4),
            ["tcp"] => (0.7, 0.5),
            _ => (0.0, 0.3),
        },
        // Of 1 GB/s.
        "prefill-link" => match rest.as_slice() {
            ["bus" | "cable" | "thunderbolt"] => (-1.5, 0.8),
            ["peers"] => (-0.7, 0.8),
            ["modules"] => (-2.0, 1.0),
            ["several", ..] => (0.0, 0.6),
            _ => (0.0, 0.4),
        },
        "layer-link" if rest.is_empty() => (200_f64.ln(), 0.8),
        "layer-link" => (0.0, 0.6),
        "row-link" if rest.is_empty() => (25_f64.ln(), 0.6),
        "row-link" => (0.0, 0.4),
        "prefill-row-link" => (-1.5, 0.8),
        "prefill" => match scope {
            Scope::Api => (-api.map_or(0.0, |api| api.4.ln()), 0.6),
            Scope::Chip if of_processor => (0.0, 0.4),
            Scope::Chip => (0.0, 0.2),
            Scope::Runtime => (0.0, 0.3),
            Scope::Servers => (0.0, 0.6),
            Scope::Server => (0.0, 0.35),
            Scope::OwnFamily => (0.0, 0.4),
            // Their matrix units' peak is reached less than the peak of plain units.
            Scope::Family { .. } if rest.last().is_some_and(|family| MATRIX_UNITS.contains(family)) => {
                (0.7, 0.4)
            }
            Scope::Family { uneven: true } => (0.0, 0.7),
            Scope::Family { .. } => (0.0, 0.4),
            Scope::Age => (0.1, 0.25),
            Scope::System => (0.03, 0.1),
            Scope::RuntimePart => (0.0, 0.25),
            Scope::Architecture => (0.0, 0.15),
            Scope::Power => match rest.as_slice() {
                ["power"] => (-0.6, 0.3),
                ["matrix-units"] | ["server", "matrix-units"] => (-0.4, 0.3),
                ["native-type" | "accumulation"] => (-0.7, 0.3),
                ["width"] => (-0.1, 0.15),
                _ => (0.0, 0.1),
            },
            _ => (0.0, 0.3),
        },
        // Where the units or the compiler lack the type, it is widened first.
        "prefill-kernel" if of_api && rest.last() == Some(&"bf16") => (0.0, 0.4),
        "prefill-kernel" => match rest.as_slice() {
            [_] => (0.0, 0.1),
            [_, _] => (0.0, 0.15),
            [_, family, _] if is_family(family) => (0.0, 0.1),
            // Of one chip.
            _ => (0.0, 0.08),
        },
        "prefill-routing" => (0.0, if matches!(scope, Scope::Family { .. }) { 0.3 } else { 0.2 }),
        "prefill-experts" if rest.is_empty() => (0.5, 0.5),
        "prefill-experts" => (0.0, 0.4),
        "prefill-small-experts" if rest.is_empty() => (-1.0, 1.0),
        "prefill-small-experts" if of_api => (0.0, 0.3),
        "prefill-small-batch" => (0.0, 1.0),
        "prefill-weights" if scope == Scope::Runtime => (0.0, 0.4),
        "prefill-weights" => (if rest.is_empty() { 0.3 } else { 0.0 }, 0.3),
        "prefill-layer" if rest.is_empty() => (60_f64.ln(), 0.7),
        "prefill-linear" if rest.is_empty() => (-1.0, 0.8),
        "prefill-linear" if matches!(scope, Scope::Family { .. }) => (0.0, 0.4),
        "prefill-attention" => match scope {
            Scope::Api => (0.7 - api.map_or(0.0, |api| api.4.ln()), 0.4),
            Scope::NoFlashAttention => (1.0, 0.4),
            Scope::Head if of_api => (0.0, 0.35),
            Scope::Family { .. } => (0.0, 0.3),
            Scope::Chip | Scope::RuntimePart => (0.0, 0.2),
            Scope::Age => (0.1, 0.25),
            _ => (0.0, 0.25),
        },
        _ => (0.0, 0.5),
    };
    Prior { mean, deviation }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(name: &str) -> Prior {
        prior(
            name,
            |it| it == "nvidia-ada" || it == "nvidia-pascal",
            |it| it == "vllm-cuda" || it == "llamafile-cuda",
        )
    }

    #[test]
    fn general_factors_have_the_fields_typical_values() {
        assert!((of("weights/cuda").mean.exp() - 1.0 / 0.87).abs() < 1e-12);
        assert!((of("layer/metal").mean.exp() - 60.0).abs() < 1e-9);
        assert!((of("kernel/iq-low").mean - 0.35).abs() < 1e-12);
    }

    #[test]
    fn the_more_particular_a_factor_the_firmer_it_is_held() {
        let deviations: Vec<f64> = ["weights/cuda", "weights/cuda/nvidia-ada", "weights/cuda/rtx-4090"]
            .map(|name| of(name).deviation)
            .to_vec();
        assert!(deviations.windows(2).all(|pair| pair[0] > pair[1]), "{deviations:?}");
        assert!(of("weights/cuda/nvidia-pascal").deviation > of("weights/cuda/nvidia-ada").deviation);
        assert!(of("weights/llamafile-cuda/nvidia-ada").deviation > of("weights/cuda/nvidia-ada").deviation);
    }
}
