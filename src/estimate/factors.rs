//! Which fitted factors scale which term, from the general to the particular.
//!
//! A factor's name is a path: `weights/cuda` holds for all of CUDA, `weights/runtime/vllm-cuda` corrects it for a
//! runtime, `weights/cuda/nvidia-ada` for a family, `weights/cuda/rtx-4090` corrects that for a chip. All that exist
//! are multiplied; what was never measured has no factor, and its more general ones stand alone. Some are bases of
//! powers: the exponent beside the name is the logarithm of what the time depends on, such as bandwidth over compute.

use super::{
    KernelClass,
    decode::{CacheClass, Exchange, ExpertClass, HeadClass, LinearClass, TermKey},
};
use crate::catalog::{Chip, ChipKind, Layers, Model, QuantFamily, Runtime};

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

impl CacheClass {
    pub const ALL: [Self; 4] = [Self::Plain, Self::Fp8, Self::Blocks, Self::SmallBlocks];

    fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Fp8 => "fp8",
            Self::Blocks => "blocks",
            Self::SmallBlocks => "small-blocks",
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
    /// Whether the time is that of launching kernels, however small their work.
    pub(crate) fn is_launch(self) -> bool {
        matches!(
            self,
            Self::Layer
                | Self::LinearLayer(_)
                | Self::ExpertLayer(_)
                | Self::LatentLayer
                | Self::EmbeddingLayer
        )
    }

    /// Whether the time is that of a prompt's products with weights, were its batches large.
    pub(super) fn is_prefill_product(self) -> bool {
        matches!(self, Self::PrefillDense(_) | Self::PrefillExperts(_))
    }

    /// Whether the time is that of a prompt's products with routed experts.
    pub(super) fn is_prefill_routing(self) -> bool {
        matches!(self, Self::PrefillExperts(_) | Self::PrefillSmallExperts(_))
    }

    /// Whether the time is that of a prompt's matrix products.
    pub(super) fn is_prefill_compute(self) -> bool {
        matches!(
            self,
            Self::PrefillDense(_)
                | Self::PrefillExperts(_)
                | Self::PrefillSmallExperts(_)
                | Self::PrefillLinear
        )
    }
}

/// The factor names that scale a term for a runtime on a chip, with their exponents.
#[must_use]
pub fn factor_names(key: TermKey, runtime: &Runtime, chip: &Chip) -> Vec<(String, f64)> {
    let mut names = Names { found: Vec::with_capacity(12), runtime, chip, api: kernels(runtime, chip) };
    names.add_of(key);
    names.found
}

/// The names of the powers of a model's width, as [`super::Term::log_width`] has it, that scale a term.
///
/// Wider kernels take longer to fill and drain, so that a layer's fixed time grows a little with its width; and the
/// wider a matrix, the better its product fills a chip.
#[must_use]
pub fn width_names(key: TermKey, runtime: &Runtime) -> Vec<String> {
    if key.is_launch() {
        vec!["layer/width".to_owned()]
    } else if key.is_prefill_compute() {
        vec!["prefill/width".to_owned(), format!("prefill/{}/width", api(runtime))]
    } else {
        Vec::new()
    }
}

/// The names of what a model's architecture adds to a term under a runtime.
#[must_use]
pub fn architecture_names(key: TermKey, runtime: &Runtime, architecture: &str) -> Vec<String> {
    let paths = architecture_paths(key, runtime).into_iter();
    paths.map(|path| format!("{path}{OF_ARCHITECTURE}{architecture}")).collect()
}

/// What such names begin with.
///
/// A program has a graph of its own for each architecture: how many kernels a layer takes follows from what its authors
/// fused, not from the layer's size. And how evenly a prompt's tokens spread over experts follows from how a model was
/// trained.
pub(super) fn architecture_paths(key: TermKey, runtime: &Runtime) -> Vec<String> {
    if key.is_launch() {
        vec![format!("layer/{}", api(runtime)), format!("layer/runtime/{}", runtime.id)]
    } else if key.is_prefill_routing() {
        vec!["prefill-routing".to_owned()]
    } else {
        Vec::new()
    }
}

/// The path and the architecture of such a name.
pub(super) fn split_architecture_name(name: &str) -> Option<(&str, &str)> {
    name.split_once(OF_ARCHITECTURE)
}

const OF_ARCHITECTURE: &str = "/architecture/";

/// A model's architecture as factor names call it: its family, and what its layers are made of.
#[must_use]
pub fn architecture(model: &Model) -> String {
    let mut name = model.family.to_lowercase().replace(' ', "-");
    if model.experts.is_some() {
        name.push_str("-moe");
    }
    if model.attention.iter().any(|group| matches!(group, Layers::Linear { .. })) {
        name.push_str("-linear");
    }
    if model.attention.iter().any(|group| matches!(group, Layers::Mla { .. } | Layers::Compressed { .. })) {
        name.push_str("-latent");
    }
    name
}

/// Names being gathered for one term.
struct Names<'a> {
    found: Vec<(String, f64)>,
    runtime: &'a Runtime,
    chip: &'a Chip,
    api: &'static str,
}

impl Names<'_> {
    fn add(&mut self, name: impl Into<String>) {
        self.found.push((name.into(), 1.0));
    }

    fn add_power(&mut self, name: impl Into<String>, logarithm: Option<f64>) {
        self.found.extend(logarithm.map(|logarithm| (name.into(), logarithm)));
    }

    /// A term's factors of API, runtime, family and chip.
    fn add_hardware(&mut self, term: &str) {
        let Self { runtime, chip, api, .. } = *self;
        self.add(format!("{term}/{api}"));
        self.add(format!("{term}/runtime/{}", runtime.id));
        self.add(format!("{term}/{api}/{}", chip.family));
        // A fork with old kernels of its own says little about a chip under today's kernels, and the reverse.
        self.add(if runtime.own_kernels {
            format!("{term}/{}/{}", runtime.id, chip.family)
        } else {
            format!("{term}/{api}/{}", chip.id)
        });
    }

    /// A term of its own that scales with another: for all APIs, and for each.
    fn add_kind(&mut self, term: &str) {
        self.add(term);
        self.add(format!("{term}/{}", self.api));
    }

    fn add_bandwidth(&mut self) {
        self.add_hardware("weights");
        if let Some(tier) = apple_tier(self.chip) {
            self.add(format!("weights/apple/{tier}"));
        }
        let streaming = self.chip.streaming.as_ref().filter(|_| self.api != "cpu");
        self.add_power(
            "weights/streaming",
            streaming.map(|it| (it.share.clamp(0.3, 1.0) / USUAL_STREAMING_SHARE).ln()),
        );
    }

    fn add_launch(&mut self) {
        self.add_hardware("layer");
        if let Some(tier) = apple_tier(self.chip) {
            self.add(format!("layer/apple/{tier}"));
        }
        self.add_power("layer/compute-ratio", log_compute_ratio(self.chip, self.api));
    }

    fn add_compute(&mut self) {
        self.add_hardware("prefill");
        if self.runtime.serves_many {
            // Their kernels share no more than the chip with those of programs for one user.
            self.add("prefill/server");
            self.add(format!("prefill/server/{}", self.runtime.id));
        }
        self.add_power("prefill/power", log_power_ratio(self.chip, self.api));
        self.add_power("prefill/matrix-units", log_matrix_ratio(self.chip, self.api));
    }

    fn add_link(&mut self, term: &str) {
        // Cards share a computer; machines of one chip are joined by a cable.
        let between = if self.chip.kind == ChipKind::Gpu { "bus" } else { "cable" };
        self.add(format!("{term}/{between}"));
        self.add(format!("{term}/{}/{}", self.api, self.chip.family));
    }

    fn add_exchange(&mut self, exchange: Exchange) {
        self.add_link("tensor-link");
        self.add(format!("tensor-link/runtime/{}", self.runtime.id));
        match exchange {
            Exchange::Pair => {}
            Exchange::Several => {
                self.add("tensor-link/several");
                self.add(format!("tensor-link/several/{}", self.runtime.id));
            }
            Exchange::Tcp => self.add("tensor-link/tcp"),
        }
    }

    fn add_prefill_product(&mut self, key: TermKey, kernel: KernelClass) {
        let api = self.api;
        self.add_compute();
        if self.runtime.serves_many {
            self.add_power("prefill/native-type", log_native_ratio(self.chip, kernel));
        }
        self.add(format!("prefill-kernel/{}", kernel.name()));
        self.add(format!("prefill-kernel/{api}/{}", kernel.name()));
        if key.is_prefill_routing() {
            self.add(format!("prefill-routing/runtime/{}", self.runtime.id));
            self.add(format!("prefill-routing/{api}/{}", self.chip.family));
        }
        match key {
            TermKey::PrefillExperts(_) => self.add_kind("prefill-experts"),
            TermKey::PrefillSmallExperts(_) => {
                self.add_kind("prefill-small-experts");
                self.add(format!("prefill-small-experts/{api}/{}", self.chip.family));
            }
            _ => {}
        }
    }

    fn add_of(&mut self, key: TermKey) {
        let api = self.api;
        match key {
            TermKey::Weights(kernel) | TermKey::Experts(kernel) => {
                self.add_bandwidth();
                self.add(format!("kernel/{}", kernel.name()));
                self.add(format!("kernel/{api}/{}", kernel.name()));
                self.add(format!("kernel/{api}/{}/{}", self.chip.id, kernel.name()));
                if matches!(key, TermKey::Experts(_)) {
                    self.add_kind("experts");
                    self.add(format!("experts/{api}/{}", kernel.name()));
                }
            }
            TermKey::NarrowExperts => {
                self.add_of(TermKey::Experts(KernelClass::Int4));
                if self.runtime.serves_many {
                    self.add("experts/narrow");
                }
            }
            TermKey::Cache(head, cache) => {
                self.add(format!("cache/{api}"));
                self.add(format!("cache/runtime/{}", self.runtime.id));
                self.add(format!("cache/{api}/{}", self.chip.family));
                self.add(format!("cache/{api}/{}", head.name()));
                self.add(format!("cache/{}", head.name()));
                self.add(format!("cache/{api}/{}", cache.name()));
                if self.runtime.serves_many {
                    // Paged caches have kernels of their own, which are made for the common sizes of heads.
                    self.add(format!("cache/runtime/{}/{}", self.runtime.id, head.name()));
                }
            }
            TermKey::Attention(cache) => {
                self.add_kind("attention");
                self.add(format!("attention/runtime/{}", self.runtime.id));
                if matches!(cache, CacheClass::Blocks | CacheClass::SmallBlocks) {
                    self.add(format!("attention/{}", cache.name()));
                    self.add(format!("attention/{api}/{}", cache.name()));
                }
            }
            TermKey::State => self.add_bandwidth(),
            TermKey::Layer => {
                self.add_launch();
                self.add(format!("layer/runtime/{}/{}", self.runtime.id, self.chip.family));
            }
            TermKey::LinearLayer(linear) => {
                self.add_launch();
                self.add_kind("linear-layer");
                self.add(format!("linear-layer/{}", linear.name()));
            }
            TermKey::ExpertLayer(experts) => {
                self.add_launch();
                self.add_kind("expert-layer");
                if experts == ExpertClass::Biased {
                    self.add("expert-layer/biased");
                }
            }
            TermKey::LatentLayer => {
                self.add_launch();
                self.add_kind("latent-layer");
            }
            TermKey::EmbeddingLayer => {
                self.add_launch();
                self.add("embedding-layer");
            }
            TermKey::TensorLink(exchange) => self.add_exchange(exchange),
            TermKey::LayerLink => self.add("layer-link"),
            TermKey::PrefillDense(kernel)
            | TermKey::PrefillExperts(kernel)
            | TermKey::PrefillSmallExperts(kernel) => self.add_prefill_product(key, kernel),
            TermKey::PrefillWeights => self.add_kind("prefill-weights"),
            TermKey::PrefillAttention(head) => {
                self.add(format!("prefill-attention/{api}"));
                self.add(format!("prefill-attention/runtime/{}", self.runtime.id));
                self.add(format!("prefill-attention/{api}/{}", self.chip.family));
                self.add(format!("prefill-attention/{}", head.name()));
                self.add(format!("prefill-attention/{api}/{}", head.name()));
            }
            TermKey::PrefillLayer => self.add_kind("prefill-layer"),
            TermKey::PrefillLinear => {
                self.add_compute();
                self.add_kind("prefill-linear");
            }
            TermKey::PrefillLink => {
                self.add_link("prefill-link");
                // A prompt's sums are large, so that their bytes count; a token's are small, and take as long anywhere.
                if let Some(path) = direct_path(self.chip) {
                    self.add(format!("prefill-link/{path}"));
                }
            }
        }
    }
}

/// How graphics processors reach each other's memory other than through the host's.
///
/// Modules have links of their own (`NVLink`, Infinity Fabric). Cards write to each other over the bus where their driver
/// lets them; NVIDIA's does so for all but its `GeForce` cards.
fn direct_path(chip: &Chip) -> Option<&'static str> {
    let is = |words: &[&str]| words.iter().any(|word| chip.name.contains(word));
    if chip.kind != ChipKind::Gpu {
        None
    } else if is(&["SXM", "MI300X"]) {
        Some("modules")
    } else if (chip.maker == "NVIDIA" && !is(&["GeForce", "TITAN"])) || is(&["Instinct"]) {
        Some("peers")
    } else {
        None
    }
}

/// What most chips reach in a streaming benchmark, of their data sheets' bandwidth.
const USUAL_STREAMING_SHARE: f64 = 0.88;

/// FP32 operations for each byte of bandwidth, against 50, a usual ratio. A chip with more arithmetic behind
/// its memory spends less of its time between kernels. Processors have no kernels to launch.
fn log_compute_ratio(chip: &Chip, api: &str) -> Option<f64> {
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
fn log_power_ratio(chip: &Chip, api: &str) -> Option<f64> {
    const USUAL_W_PER_TFLOPS: f64 = 6.0;
    let watts = board_power_w(chip, api)?;
    let tflops = chip.compute.fp32_tflops.filter(|tflops| *tflops > 0.0)?;
    Some((watts / tflops / USUAL_W_PER_TFLOPS).ln())
}

/// INT8 operations of the matrix units for each of the FP32 units, against 8, as consumer cards have. CUDA's kernels for
/// quantized weights multiply in the first and scale in the second, so that neither rate alone decides.
fn log_matrix_ratio(chip: &Chip, api: &str) -> Option<f64> {
    const USUAL_RATIO: f64 = 8.0;
    let fp32 = chip.compute.fp32_tflops.filter(|tflops| *tflops > 0.0 && api == "cuda")?;
    let int8 = chip.compute.int8_tops.unwrap_or(2.0 * fp32.max(chip.compute.fp16_tflops.unwrap_or(0.0)));
    Some((int8 / fp32 / USUAL_RATIO).ln())
}

/// Operations on a weight's own type for each on FP16, where a chip's matrix units have it and a runtime multiplies in
/// it: programs for servers do, in FP8 and FP4.
fn log_native_ratio(chip: &Chip, kernel: KernelClass) -> Option<f64> {
    let native = match kernel {
        KernelClass::Q8 => chip.compute.fp8_tflops,
        KernelClass::Fp4 => chip.compute.fp4_tflops,
        _ => None,
    };
    let fp16 = chip.compute.fp16_tflops.filter(|tflops| *tflops > 0.0)?;
    Some((native.filter(|tflops| *tflops > 0.0)? / fp16).ln())
}

/// What a runtime's kernels are compiled by for a chip, as factor names call it. Vulkan's shaders are compiled by the
/// driver of the chip's maker, and Intel's reaches far less with them than AMD's and NVIDIA's.
fn kernels(runtime: &Runtime, chip: &Chip) -> &'static str {
    match api(runtime) {
        "vulkan" if chip.maker == "Intel" => "vulkan-intel",
        api => api,
    }
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

/// Whether a runtime computes on several batches of a prompt at once where devices hand layers over. Of measured ones
/// those do that llama.cpp's scheduler drives with CUDA (`GGML_SCHED_MAX_COPIES`), and no others.
pub(super) fn pipelines(runtime: &Runtime) -> bool {
    api(runtime) == "cuda" && runtime.quant_families.contains(&QuantFamily::Gguf)
}

/// Apple joins the same cores into chips of four sizes, which reach different shares of their bandwidth.
fn apple_tier(chip: &Chip) -> Option<&'static str> {
    if chip.maker != "Apple" {
        return None;
    }
    Some(["ultra", "max", "pro"].into_iter().find(|tier| chip.id.contains(tier)).unwrap_or("base"))
}
