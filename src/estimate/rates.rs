//! Which fitted factors scale which term, from the general to the particular.
//!
//! A factor's name is a path: `weights/cuda` holds for all of CUDA, `weights/runtime/vllm-cuda` corrects it for a
//! runtime, `weights/cuda/nvidia-ada` for a family, `weights/cuda/rtx-4090` corrects that for a chip. All that exist are multiplied; what was never
//! measured has no factor, and its more general ones stand alone.

use std::collections::HashMap;

use super::decode::{ExpertClass, HeadClass, LinearClass, TermKey};
use crate::catalog::{Calibration, Chip, Quant, QuantFamily, Runtime};

/// Quantizations by the kernels that unpack them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KernelClass {
    F16,
    Q8,
    /// Blocks of 32 with one scale: `Q4_0` to `Q5_1`.
    Q4,
    K4,
    K5,
    K6,
    /// Two- and three-bit K-quants.
    K2,
    Iq4,
    /// Codebook types below four bits.
    IqLow,
    /// MXFP4 and NVFP4.
    Fp4,
    /// GPTQ, AWQ and other four-bit integer groups.
    Int4,
    Mlx,
    Exl,
}

impl KernelClass {
    pub const ALL: [Self; 13] = [
        Self::F16,
        Self::Q8,
        Self::Q4,
        Self::K4,
        Self::K5,
        Self::K6,
        Self::K2,
        Self::Iq4,
        Self::IqLow,
        Self::Fp4,
        Self::Int4,
        Self::Mlx,
        Self::Exl,
    ];

    /// The class of the type that most of a quantization's weights have.
    #[must_use]
    pub fn new(quant: &Quant) -> Self {
        let tensors = &quant.tensors;
        // Of a mixture of experts most weights are experts, and a mix may name those apart.
        let mix = tensors.experts_up.as_ref().unwrap_or(&tensors.default);
        let main = mix.0.iter().max_by(|a, b| a.0.total_cmp(&b.0)).map_or("", |(_, id)| id.as_str());
        let id = main.to_ascii_uppercase();
        let starts = |prefix: &str| id.starts_with(prefix);
        if starts("MXFP4") || starts("NVFP4") || starts("FP4") {
            return Self::Fp4;
        }
        if starts("F16") || starts("BF16") || starts("F32") {
            return Self::F16;
        }
        match quant.family {
            QuantFamily::Exl2 | QuantFamily::Exl3 => return Self::Exl,
            QuantFamily::Gptq | QuantFamily::Awq | QuantFamily::Bitsandbytes | QuantFamily::Mlc => {
                return Self::Int4;
            }
            QuantFamily::Mlx => return Self::Mlx,
            _ => {}
        }
        if starts("Q8") || starts("FP8") || starts("INT8") || starts("MXFP8") {
            Self::Q8
        } else if starts("Q6") {
            Self::K6
        } else if starts("Q5_K") {
            Self::K5
        } else if starts("Q4_K") {
            Self::K4
        } else if starts("Q4") || starts("Q5") || starts("IQ4_NL") {
            Self::Q4
        } else if starts("Q3") || starts("Q2") || starts("TQ") || starts("Q1") {
            Self::K2
        } else if starts("IQ4") {
            Self::Iq4
        } else if starts("IQ") {
            Self::IqLow
        } else if starts("INT4") {
            Self::Int4
        } else {
            Self::K4
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::F16 => "f16",
            Self::Q8 => "q8",
            Self::Q4 => "q4",
            Self::K4 => "k4",
            Self::K5 => "k5",
            Self::K6 => "k6",
            Self::K2 => "k2",
            Self::Iq4 => "iq4",
            Self::IqLow => "iq-low",
            Self::Fp4 => "fp4",
            Self::Int4 => "int4",
            Self::Mlx => "mlx",
            Self::Exl => "exl",
        }
    }
}

impl HeadClass {
    pub const ALL: [Self; 5] = [Self::Dim64, Self::Dim128, Self::Dim256, Self::Dim512, Self::Latent];

    fn name(self) -> &'static str {
        match self {
            Self::Dim64 => "head-64",
            Self::Dim128 => "head-128",
            Self::Dim256 => "head-256",
            Self::Dim512 => "head-512",
            Self::Latent => "latent",
        }
    }
}

impl LinearClass {
    pub const ALL: [Self; 3] = [Self::Delta, Self::Mamba, Self::ShortConv];

    fn name(self) -> &'static str {
        match self {
            Self::Delta => "delta",
            Self::Mamba => "mamba",
            Self::ShortConv => "short-conv",
        }
    }
}

impl ExpertClass {
    pub const ALL: [Self; 2] = [Self::Plain, Self::Biased];
}

impl TermKey {
    /// Every key there is, so that all factors of a chip and runtime can be looked up beforehand.
    pub fn all() -> impl Iterator<Item = Self> {
        let kernels = KernelClass::ALL.into_iter();
        kernels
            .clone()
            .map(Self::Weights)
            .chain(kernels.clone().map(Self::Experts))
            .chain(kernels.clone().map(Self::PrefillDense))
            .chain(kernels.clone().map(Self::PrefillExperts))
            .chain(kernels.map(Self::PrefillSmallExperts))
            .chain(HeadClass::ALL.into_iter().map(Self::PrefillAttention))
            .chain(HeadClass::ALL.into_iter().map(Self::Cache))
            .chain(LinearClass::ALL.into_iter().map(Self::LinearLayer))
            .chain(ExpertClass::ALL.into_iter().map(Self::ExpertLayer))
            .chain([
                Self::State,
                Self::Layer,
                Self::LatentLayer,
                Self::EmbeddingLayer,
                Self::TensorLink,
                Self::LayerLink,
                Self::PrefillWeights,
                Self::PrefillLayer,
                Self::PrefillLinear,
            ])
    }

    /// The key's place in [`Rates`].
    fn place(self) -> usize {
        const CACHE: usize = 5 * KERNELS;
        const PREFILL_ATTENTION: usize = CACHE + HEADS;
        const LINEAR: usize = PREFILL_ATTENTION + HEADS;
        const EXPERT: usize = LINEAR + LinearClass::ALL.len();
        const REST: usize = EXPERT + ExpertClass::ALL.len();
        match self {
            Self::Weights(kernel) => kernel as usize,
            Self::Experts(kernel) => KERNELS + kernel as usize,
            Self::PrefillDense(kernel) => 2 * KERNELS + kernel as usize,
            Self::PrefillExperts(kernel) => 3 * KERNELS + kernel as usize,
            Self::PrefillSmallExperts(kernel) => 4 * KERNELS + kernel as usize,
            Self::Cache(head) => CACHE + head as usize,
            Self::PrefillAttention(head) => PREFILL_ATTENTION + head as usize,
            Self::LinearLayer(linear) => LINEAR + linear as usize,
            Self::ExpertLayer(experts) => EXPERT + experts as usize,
            Self::State => REST,
            Self::Layer => REST + 1,
            Self::LatentLayer => REST + 2,
            Self::EmbeddingLayer => REST + 3,
            Self::TensorLink => REST + 4,
            Self::LayerLink => REST + 5,
            Self::PrefillWeights => REST + 6,
            Self::PrefillLayer => REST + 7,
            Self::PrefillLinear => REST + 8,
        }
    }
}

const KERNELS: usize = KernelClass::ALL.len();
const HEADS: usize = HeadClass::ALL.len();
/// Places in [`Rates`]: five for each kernel class, two for each head class, classes of linear and expert layers, nine more.
const PLACES: usize = 5 * KERNELS + 2 * HEADS + LinearClass::ALL.len() + ExpertClass::ALL.len() + 9;

/// The factor names that scale a term for a runtime on a chip, with their exponents.
#[must_use]
#[expect(clippy::too_many_lines, reason = "one table, read from top to bottom")]
pub fn factor_names(key: TermKey, runtime: &Runtime, chip: &Chip) -> Vec<(String, f64)> {
    let api = api(runtime);
    let mut names = Vec::with_capacity(12);
    let mut add = |name: String| names.push((name, 1.0));
    // A fork with old kernels of its own says little about a chip under today's kernels, and the reverse.
    let particular = |term: &str| {
        if runtime.own_kernels {
            format!("{term}/{}/{}", runtime.id, chip.family)
        } else {
            format!("{term}/{api}/{}", chip.id)
        }
    };
    let bandwidth = |add: &mut dyn FnMut(String)| {
        add(format!("weights/{api}"));
        add(format!("weights/runtime/{}", runtime.id));
        add(format!("weights/{api}/{}", chip.family));
        add(particular("weights"));
        if let Some(tier) = apple_tier(chip) {
            add(format!("weights/apple/{tier}"));
        }
    };
    let launch = |add: &mut dyn FnMut(String)| {
        add(format!("layer/{api}"));
        add(format!("layer/runtime/{}", runtime.id));
        add(format!("layer/{api}/{}", chip.family));
        add(particular("layer"));
        if let Some(tier) = apple_tier(chip) {
            add(format!("layer/apple/{tier}"));
        }
    };
    let compute = |add: &mut dyn FnMut(String)| {
        add(format!("prefill/{api}"));
        add(format!("prefill/runtime/{}", runtime.id));
        add(format!("prefill/{api}/{}", chip.family));
        add(particular("prefill"));
    };
    match key {
        TermKey::Weights(kernel) | TermKey::Experts(kernel) => {
            bandwidth(&mut add);
            add(format!("kernel/{}", kernel.name()));
            add(format!("kernel/{api}/{}", kernel.name()));
            if matches!(key, TermKey::Experts(_)) {
                add("experts".to_owned());
                add(format!("experts/{api}"));
                if kernel == KernelClass::F16 {
                    add(format!("experts/{api}/f16"));
                }
            }
        }
        TermKey::Cache(head) => {
            add(format!("cache/{api}"));
            add(format!("cache/runtime/{}", runtime.id));
            add(format!("cache/{api}/{}", chip.family));
            add(format!("cache/{api}/{}", head.name()));
            add(format!("cache/{}", head.name()));
        }
        TermKey::State => bandwidth(&mut add),
        TermKey::Layer => launch(&mut add),
        TermKey::LinearLayer(linear) => {
            launch(&mut add);
            add("linear-layer".to_owned());
            add(format!("linear-layer/{api}"));
            add(format!("linear-layer/{}", linear.name()));
        }
        TermKey::ExpertLayer(experts) => {
            launch(&mut add);
            add("expert-layer".to_owned());
            add(format!("expert-layer/{api}"));
            if experts == ExpertClass::Biased {
                add("expert-layer/biased".to_owned());
            }
        }
        TermKey::LatentLayer => {
            launch(&mut add);
            add("latent-layer".to_owned());
            add(format!("latent-layer/{api}"));
        }
        TermKey::EmbeddingLayer => {
            launch(&mut add);
            add("embedding-layer".to_owned());
        }
        TermKey::TensorLink => {
            add("tensor-link".to_owned());
            add(format!("tensor-link/runtime/{}", runtime.id));
        }
        TermKey::LayerLink => add("layer-link".to_owned()),
        TermKey::PrefillDense(kernel)
        | TermKey::PrefillExperts(kernel)
        | TermKey::PrefillSmallExperts(kernel) => {
            compute(&mut add);
            add(format!("prefill-kernel/{}", kernel.name()));
            add(format!("prefill-kernel/{api}/{}", kernel.name()));
            match key {
                TermKey::PrefillExperts(_) => {
                    add("prefill-experts".to_owned());
                    add(format!("prefill-experts/{api}"));
                }
                TermKey::PrefillSmallExperts(_) => {
                    add("prefill-small-experts".to_owned());
                    add(format!("prefill-small-experts/{api}"));
                }
                _ => {}
            }
        }
        TermKey::PrefillWeights => {
            add("prefill-weights".to_owned());
            add(format!("prefill-weights/{api}"));
        }
        TermKey::PrefillAttention(head) => {
            add(format!("prefill-attention/{api}"));
            add(format!("prefill-attention/runtime/{}", runtime.id));
            add(format!("prefill-attention/{api}/{}", chip.family));
            add(format!("prefill-attention/{}", head.name()));
            add(format!("prefill-attention/{api}/{}", head.name()));
        }
        TermKey::PrefillLayer => {
            add("prefill-layer".to_owned());
            add(format!("prefill-layer/{api}"));
        }
        TermKey::PrefillLinear => {
            compute(&mut add);
            add("prefill-linear".to_owned());
            add(format!("prefill-linear/{api}"));
        }
    }
    let launches = matches!(
        key,
        TermKey::Layer
            | TermKey::LinearLayer(_)
            | TermKey::ExpertLayer(_)
            | TermKey::LatentLayer
            | TermKey::EmbeddingLayer
    );
    if launches && let Some(ratio) = compute_ratio(chip, api) {
        names.push(("layer/compute-ratio".to_owned(), ratio.ln()));
    }
    names
}

/// FP32 operations for each byte of bandwidth, against 50, a usual ratio. A chip with more arithmetic behind
/// its memory spends less of its time between kernels. Processors have no kernels to launch.
fn compute_ratio(chip: &Chip, api: &str) -> Option<f64> {
    const USUAL_FLOPS_PER_BYTE: f64 = 50.0;
    let fp32_gflops = chip.compute.fp32_tflops.filter(|_| api != "cpu")?.max(0.5) * 1e3;
    let bandwidth = chip.bandwidth_gb_per_s.filter(|bandwidth| *bandwidth > 0.0)?;
    Some(fp32_gflops / bandwidth / USUAL_FLOPS_PER_BYTE)
}

/// What a runtime computes with, as factor names call it.
#[must_use]
pub fn api(runtime: &Runtime) -> &'static str {
    match runtime.backend.as_str() {
        "CUDA" => "cuda",
        "Metal" => "metal",
        "MLX" => "mlx",
        "Vulkan" => "vulkan",
        "ROCm" => "rocm",
        // vLLM calls Intel's GPUs XPU; the kernels are SYCL's.
        "SYCL" | "XPU" => "sycl",
        "OpenCL" => "opencl",
        "CPU" => "cpu",
        backend if backend.ends_with("NPU") => "npu",
        _ => "other",
    }
}

/// Of a unified chip's bandwidth, what its processor clusters can draw, where that is not all: Apple's reach
/// about half of the data sheet's figure (220 GB/s of 400 on an M2 Max).
const APPLE_PROCESSOR_SHARE: f64 = 0.55;

/// The bandwidth that a runtime's programs have on a chip, of the data sheet's `gb_per_s`.
#[must_use]
pub fn reachable_bandwidth(runtime: &Runtime, chip: &Chip, gb_per_s: f64) -> f64 {
    if api(runtime) == "cpu" && chip.maker == "Apple" { gb_per_s * APPLE_PROCESSOR_SHARE } else { gb_per_s }
}

/// Apple joins the same cores into chips of four sizes, which reach different shares of their bandwidth.
fn apple_tier(chip: &Chip) -> Option<&'static str> {
    if chip.maker != "Apple" {
        return None;
    }
    Some(["ultra", "max", "pro"].into_iter().find(|tier| chip.id.contains(tier)).unwrap_or("base"))
}

/// All factors of one runtime on one chip, looked up once.
#[derive(Clone, Debug, PartialEq)]
pub struct Rates {
    factors: [f64; PLACES],
}

impl Rates {
    #[must_use]
    pub fn new(index: &Index, runtime: &Runtime, chip: &Chip) -> Self {
        let mut factors = [1.0; PLACES];
        for key in TermKey::all() {
            let logarithm: f64 = factor_names(key, runtime, chip)
                .iter()
                .filter_map(|(name, weight)| Some(weight * index.value(name)?.ln()))
                .sum();
            factors[key.place()] = logarithm.exp();
        }
        Self { factors }
    }

    #[must_use]
    pub fn factor(&self, key: TermKey) -> f64 {
        self.factors[key.place()]
    }
}

/// A calibration's factors by name.
#[derive(Clone, Debug, Default)]
pub struct Index {
    factors: HashMap<String, (f64, u32)>,
}

impl Index {
    #[must_use]
    pub fn new<'a>(calibrations: impl IntoIterator<Item = &'a Calibration>) -> Self {
        let factors = calibrations
            .into_iter()
            .flat_map(|calibration| &calibration.factors)
            .filter(|factor| factor.value.is_finite() && factor.value > 0.0)
            .map(|factor| (factor.name.clone(), (factor.value, factor.rows)))
            .collect();
        Self { factors }
    }

    /// The factor of this name, where one was fitted.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<f64> {
        self.factors.get(name).map(|&(value, _)| value)
    }

    /// Measurements that bear on a factor.
    #[must_use]
    pub fn rows(&self, name: &str) -> u32 {
        self.factors.get(name).map_or(0, |&(_, rows)| rows)
    }
}
