//! Which fitted factors scale which term, from the general to the particular.
//!
//! A factor's name is a path: `weights/cuda` holds for all of CUDA, `weights/runtime/vllm-cuda` corrects it for a
//! runtime, `weights/cuda/nvidia-ada` for a family, `weights/cuda/rtx-4090` corrects that for a chip. All that exist
//! are multiplied; what was never measured has no factor, and its more general ones stand alone. Some are bases of
//! powers: the exponent beside the name is the logarithm of what the time depends on, such as bandwidth over compute.

use super::{
    KernelClass,
    data_sheet::{
        apple_tier, direct_path, has_inline_ecc, is_vulkan_on_intel, lacks_byte_products,
        log_accumulation_ratio, log_compute_ratio, log_matrix_ratio, log_native_ratio, log_power_ratio,
        log_processor_bandwidth_ratio, log_streaming_ratio,
    },
    decode::{CacheClass, Exchange, ExpertClass, HeadClass, LatentClass, LinearClass, TermKey},
};
use crate::catalog::{Chip, ChipKind, Runtime};

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

impl LatentClass {
    pub const ALL: [Self; 2] = [Self::Plain, Self::Compressed];
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
                | Self::SharedLayer
                | Self::LatentLayer(_)
                | Self::EmbeddingLayer
        )
    }

    /// Whether the time is that of reading weights.
    pub(super) fn is_reading_weights(self) -> bool {
        matches!(self, Self::Weights(_) | Self::Experts(_) | Self::NarrowExperts)
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
        self.is_prefill_product()
            || self.is_prefill_routing()
            || matches!(self, Self::PrefillSmallBatch | Self::PrefillLinear)
    }
}

/// The factor names that scale a term for a runtime on a chip, with their exponents.
#[must_use]
pub fn factor_names(key: TermKey, runtime: &Runtime, chip: &Chip) -> Vec<(String, f64)> {
    let mut names = Names { found: Vec::with_capacity(12), runtime, chip, api: kernels(runtime, chip) };
    names.add_of(key);
    names.found
}

/// The names of the powers of a model's width, as [`super::LayerCounts::log_width`] has it, that scale a term.
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
        if !runtime.own_kernels {
            self.add(format!("{term}/{api}/{}", chip.id));
            return;
        }
        self.add(format!("{term}/{}/{}", runtime.id, chip.family));
        if api == "cpu" {
            // Processors of a family differ in their instructions, for which kernels are written one by one.
            self.add(format!("{term}/{}/{}", runtime.id, chip.id));
        }
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
        if has_inline_ecc(self.chip) {
            self.add("weights/inline-ecc");
        }
        self.add_power("weights/streaming", log_streaming_ratio(self.chip, self.api));
        self.add_power("weights/cpu/bandwidth", log_processor_bandwidth_ratio(self.chip, self.api));
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
        // A program's kernels are written for one family after the other.
        self.add(format!("prefill/runtime/{}/{}", self.runtime.id, self.chip.family));
        if self.runtime.serves_many {
            // Their kernels share no more than the chip with those of programs for one user.
            self.add("prefill/server");
            self.add(format!("prefill/server/{}", self.runtime.id));
            // They multiply in the matrix units alone.
            self.add_power("prefill/server/matrix-units", log_matrix_ratio(self.chip, self.api));
        }
        self.add_power("prefill/power", log_power_ratio(self.chip, self.api));
        self.add_power("prefill/matrix-units", log_matrix_ratio(self.chip, self.api));
    }

    fn add_link(&mut self, term: &str) {
        // Cards share a computer; machines of one chip are joined by a cable, Apple's by Thunderbolt.
        let between = match (self.chip.kind, self.chip.maker.as_str()) {
            (ChipKind::Gpu, _) => "bus",
            (_, "Apple") => "thunderbolt",
            _ => "cable",
        };
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

    fn add_prefill_exchange(&mut self, exchange: Exchange) {
        self.add_link("prefill-link");
        self.add(format!("prefill-link/runtime/{}", self.runtime.id));
        // A prompt's sums are large, so that their bytes count; a token's are small, and take as long anywhere.
        let path = direct_path(self.chip);
        self.found.extend(path.map(|path| (format!("prefill-link/{path}"), 1.0)));
        if exchange == Exchange::Several {
            // Rings of cards that only meet in the host's memory crowd its lanes; those that reach each other do not.
            self.add(path.map_or_else(
                || "prefill-link/several".to_owned(),
                |path| format!("prefill-link/several/{path}"),
            ));
            if self.runtime.serves_many {
                self.add("prefill-link/several/server");
            }
        }
    }

    fn add_latent_layer(&mut self, latent: LatentClass) {
        self.add_launch();
        self.add_kind("latent-layer");
        if latent == LatentClass::Compressed {
            self.add("latent-layer/compressed");
            // Programs for many requests have kernels for its steps, which others launch one by one.
            if self.runtime.serves_many {
                self.add("latent-layer/compressed/server");
            }
        }
    }

    fn add_prefill_product(&mut self, key: TermKey, kernel: KernelClass) {
        let api = self.api;
        self.add_compute();
        if self.runtime.serves_many {
            self.add_power("prefill/native-type", log_native_ratio(self.chip, kernel));
            self.add_power("prefill/accumulation", log_accumulation_ratio(self.chip, kernel));
        }
        self.add(format!("prefill-kernel/{}", kernel.name()));
        self.add(format!("prefill-kernel/{api}/{}", kernel.name()));
        if key.is_prefill_product() {
            self.add(format!("prefill-kernel/{api}/{}/{}", self.chip.family, kernel.name()));
            self.add(format!("prefill-kernel/{api}/{}/{}", self.chip.id, kernel.name()));
        }
        if key.is_prefill_routing() {
            self.add(format!("prefill-routing/runtime/{}", self.runtime.id));
            self.add(format!("prefill-routing/{api}/{}", self.chip.family));
            self.add(format!("prefill-routing/{api}/{}/{}", self.chip.family, kernel.name()));
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
                // Servers' kernels for AMD's chips are written, or lacking, for one family and type after the other.
                if api == "rocm" && self.runtime.serves_many {
                    let (runtime, family) = (&self.runtime.id, &self.chip.family);
                    self.add(format!("kernel/runtime/{runtime}/{family}/{}", kernel.name()));
                }
                if matches!(key, TermKey::Experts(_)) {
                    self.add_kind("experts");
                    self.add(format!("experts/{api}/{}", kernel.name()));
                    // Their kernels are written, and tuned, for one family and type after the other.
                    self.add(format!("experts/{api}/{}/{}", self.chip.family, kernel.name()));
                }
            }
            TermKey::Unpack(kernel) => {
                self.add(format!("unpack/{api}"));
                self.add(format!("unpack/runtime/{}", self.runtime.id));
                self.add(format!("unpack/{}", kernel.name()));
                self.add(format!("unpack/{api}/{}", kernel.name()));
                self.add(format!("unpack/{api}/{}", self.chip.family));
                // Types that are looked up in tables wait for those, whatever multiplies.
                if !kernel.is_looked_up() && api == "cuda" && lacks_byte_products(self.chip) {
                    self.add("unpack/cuda/no-byte-products");
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
                // Older families go over the cache once for each query head, for want of units that take several.
                self.add(format!("attention/{api}/{}", self.chip.family));
                if matches!(cache, CacheClass::Blocks | CacheClass::SmallBlocks) {
                    self.add(format!("attention/{}", cache.name()));
                    self.add(format!("attention/{api}/{}", cache.name()));
                }
            }
            TermKey::Index => {
                // Programs for many requests have kernels for it.
                let whose = if self.runtime.serves_many { "server" } else { api };
                self.add(format!("index/{whose}"));
                self.add(format!("index/runtime/{}", self.runtime.id));
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
            TermKey::SharedLayer => {
                self.add_launch();
                self.add_kind("shared-layer");
            }
            TermKey::LatentLayer(latent) => self.add_latent_layer(latent),
            TermKey::EmbeddingLayer => {
                self.add_launch();
                self.add("embedding-layer");
            }
            TermKey::TensorLink(exchange) => self.add_exchange(exchange),
            TermKey::RowLink => self.add_kind("row-link"),
            TermKey::LayerLink => self.add_kind("layer-link"),
            TermKey::PrefillDense(_)
            | TermKey::PrefillExperts(_)
            | TermKey::PrefillSmallExperts(_)
            | TermKey::PrefillSmallBatch
            | TermKey::PrefillWeights
            | TermKey::PrefillAttention(_)
            | TermKey::PrefillLayer
            | TermKey::PrefillLinear
            | TermKey::PrefillLink(_)
            | TermKey::PrefillRowLink => self.add_prefill_of(key),
        }
    }

    fn add_prefill_of(&mut self, key: TermKey) {
        let api = self.api;
        match key {
            TermKey::PrefillDense(kernel)
            | TermKey::PrefillExperts(kernel)
            | TermKey::PrefillSmallExperts(kernel) => self.add_prefill_product(key, kernel),
            TermKey::PrefillSmallBatch => {
                self.add_compute();
                self.add("prefill-small-batch");
            }
            TermKey::PrefillWeights => {
                self.add_kind("prefill-weights");
                self.add(format!("prefill-weights/runtime/{}", self.runtime.id));
            }
            TermKey::PrefillAttention(head) => {
                self.add(format!("prefill-attention/{api}"));
                self.add(format!("prefill-attention/runtime/{}", self.runtime.id));
                self.add(format!("prefill-attention/runtime/{}/{}", self.runtime.id, self.chip.family));
                self.add(format!("prefill-attention/{api}/{}", self.chip.family));
                self.add(format!("prefill-attention/{api}/{}", self.chip.id));
                self.add(format!("prefill-attention/{}", head.name()));
                self.add(format!("prefill-attention/{api}/{}", head.name()));
            }
            TermKey::PrefillLayer => self.add_kind("prefill-layer"),
            TermKey::PrefillLinear => {
                self.add_compute();
                self.add_kind("prefill-linear");
                self.add(format!("prefill-linear/{api}/{}", self.chip.family));
            }
            TermKey::PrefillLink(exchange) => self.add_prefill_exchange(exchange),
            TermKey::PrefillRowLink => self.add("prefill-row-link"),
            _ => {}
        }
    }
}

/// What a runtime's kernels are compiled by for a chip, as factor names call it. Vulkan's shaders are compiled by the
/// driver of the chip's maker, and Intel's reaches far less with them than AMD's and NVIDIA's.
fn kernels(runtime: &Runtime, chip: &Chip) -> &'static str {
    if is_vulkan_on_intel(runtime, chip) { "vulkan-intel" } else { api(runtime) }
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
