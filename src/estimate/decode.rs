//! The time of one decode step, as a sum of terms that each follow from bytes or counts.
//!
//! Every term is a time at the data sheet's bandwidth or compute rate, or at one microsecond for each layer, and is
//! scaled by a product of fitted factors ([`super::Rates`]). A factor of 1.25 on the weights means that 80 % of the bandwidth
//! is reached. The calibration fits the same terms that the estimator adds up.

use super::{
    DecodeTime, Devices, KernelClass, ModelRates, Workload,
    prefill::{Attended, attention_flops},
};
use crate::catalog::{Layers, LinearKind, Model, Split, Transport};

/// What a term's time is spent on; it decides which factors scale it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TermKey {
    /// Reading weights other than routed experts.
    Weights(KernelClass),
    /// Reading routed experts: many small matrices.
    Experts(KernelClass),
    /// Unpacking weights of few bits with the plain units, which takes chips with little arithmetic for their bandwidth longer
    /// than reading does.
    Unpack(KernelClass),
    /// Reading routed experts of four-bit integer groups whose share on each device is too narrow for the usual kernels.
    NarrowExperts,
    /// Reading keys and values.
    Cache(HeadClass, CacheClass),
    /// Multiplying with keys and values: all query heads, of which several share what is read, and each may unpack it
    /// anew.
    Attention(CacheClass),
    /// Scoring the cache's entries with an index, and selecting by the scores.
    Index,
    /// Reading and writing recurrent states.
    State,
    /// Kernel launches of every layer.
    Layer,
    /// What a layer with a recurrent state adds to that.
    LinearLayer(LinearClass),
    /// What routing to experts adds.
    ExpertLayer(ExpertClass),
    /// What a dense feed-forward or shared experts beside the routed ones add.
    SharedLayer,
    /// What latent attention adds.
    LatentLayer(LatentClass),
    /// What per-layer embeddings add.
    EmbeddingLayer,
    /// Exchange of results between devices that share each layer.
    TensorLink(Exchange),
    /// Gathering each product of devices that hold rows of every matrix.
    RowLink,
    /// Handing over from one device to the next.
    LayerLink,
    /// Prefill: multiplying with weights other than routed experts.
    PrefillDense(KernelClass),
    /// Prefill: multiplying with routed experts, were their batches large.
    PrefillExperts(KernelClass),
    /// Prefill: what small batches for each expert add.
    PrefillSmallExperts(KernelClass),
    /// Prefill: what batches add that are too small to fill a chip.
    PrefillSmallBatch,
    /// Prefill: reading the weights once for each batch.
    PrefillWeights,
    PrefillAttention(HeadClass),
    /// Prefill: kernel launches of every layer.
    PrefillLayer,
    /// Prefill: what scanning a recurrence adds.
    PrefillLinear,
    /// Prefill: exchange of results between devices that share each layer.
    PrefillLink(Exchange),
    /// Prefill: gathering each product of devices that hold rows of every matrix.
    PrefillRowLink,
}

/// Exchanges by how devices are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Exchange {
    /// Two devices, for which programs have a shortcut.
    Pair,
    /// More than two.
    Several,
    /// Any number over TCP, where memory is copied through the operating system.
    Tcp,
}

impl Exchange {
    pub const ALL: [Self; 3] = [Self::Pair, Self::Several, Self::Tcp];

    pub(super) fn new(devices: &Devices) -> Self {
        match devices.transport {
            Some(Transport::Tcp) => Self::Tcp,
            _ if devices.count > 2 => Self::Several,
            _ => Self::Pair,
        }
    }
}

/// Attention heads by size: kernels differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HeadClass {
    Dim64,
    Dim128,
    Dim256,
    Dim512,
    Latent,
}

/// Keys and values by what kernels do to unpack them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CacheClass {
    /// 16 bits or more: nothing.
    Plain,
    /// Eight bits without scales.
    Fp8,
    /// Blocks of about eight bits with scales.
    Blocks,
    /// Blocks of four or five bits, of which two share a byte.
    SmallBlocks,
}

impl CacheClass {
    #[must_use]
    pub fn new(bits_per_element: f64) -> Self {
        if bits_per_element >= 16.0 {
            Self::Plain
        } else if bits_per_element.fract() == 0.0 && bits_per_element >= 8.0 {
            Self::Fp8
        } else if bits_per_element > 6.0 {
            Self::Blocks
        } else {
            Self::SmallBlocks
        }
    }
}

/// Layers with a recurrent state, by kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LinearClass {
    Delta,
    Mamba,
    ShortConv,
}

/// Layers of latent attention, by kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LatentClass {
    Plain,
    /// Over entries that each stand for several tokens, which have to be made, scored and chosen from.
    Compressed,
}

/// Layers of experts, by kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ExpertClass {
    Plain,
    /// Projections with biases, each added by a kernel of its own.
    Biased,
}

/// A part of a time before factors.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Term {
    pub key: TermKey,
    pub seconds: f64,
}

/// Counts and sizes of a model that decide how many kernels a step launches, and of what shape.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LayerCounts {
    layers: f64,
    linear: f64,
    linear_class: LinearClass,
    experts: f64,
    expert_class: ExpertClass,
    shared: f64,
    latent: Option<LatentClass>,
    per_layer_embedding: bool,
    head: HeadClass,
    log_width: f64,
}

impl LayerCounts {
    #[must_use]
    pub fn head(&self) -> HeadClass {
        self.head
    }

    /// The logarithm of the hidden size over 4,096.
    #[must_use]
    pub fn log_width(&self) -> f64 {
        self.log_width
    }

    #[must_use]
    pub fn new(model: &Model) -> Self {
        const USUAL_HIDDEN_SIZE: f64 = 4096.0;
        let mut counts = Self {
            log_width: (f64::from(model.hidden_size.max(1)) / USUAL_HIDDEN_SIZE).ln(),
            layers: f64::from(model.layers),
            linear: 0.0,
            linear_class: LinearClass::Delta,
            experts: model.experts.map_or(0.0, |experts| f64::from(experts.layers)),
            expert_class: if model.biases { ExpertClass::Biased } else { ExpertClass::Plain },
            shared: f64::from(shared_layers(model)),
            latent: None,
            per_layer_embedding: model.params.lookup > 0,
            head: HeadClass::Dim128,
        };
        let mut widest = 0;
        for group in &model.attention {
            match *group {
                Layers::Full { head_dim, layers, .. } | Layers::Sliding { head_dim, layers, .. } => {
                    if layers > 0 && head_dim > widest {
                        widest = head_dim;
                        counts.head = match head_dim {
                            0..=64 => HeadClass::Dim64,
                            65..=128 => HeadClass::Dim128,
                            129..=256 => HeadClass::Dim256,
                            _ => HeadClass::Dim512,
                        };
                    }
                }
                Layers::Mla { .. } | Layers::Compressed { .. } => {
                    let compressed = matches!(group, Layers::Compressed { .. });
                    counts.latent =
                        Some(if compressed { LatentClass::Compressed } else { LatentClass::Plain });
                    counts.head = HeadClass::Latent;
                    widest = u32::MAX;
                }
                Layers::Linear { layers, kind, .. } => {
                    counts.linear += f64::from(layers);
                    counts.linear_class = match kind {
                        LinearKind::Mamba1 | LinearKind::Mamba2 => LinearClass::Mamba,
                        LinearKind::ShortConv => LinearClass::ShortConv,
                        LinearKind::GatedDeltanet | LinearKind::Kda | LinearKind::Lightning => {
                            LinearClass::Delta
                        }
                    };
                }
            }
        }
        counts
    }
}

/// Layers whose tokens go through routed experts and, beside them, through a feed-forward that all share.
fn shared_layers(model: &Model) -> u32 {
    let Some(experts) = model.experts else { return 0 };
    if experts.shared_size > 0 {
        experts.layers
    } else {
        let dense = model.dense_ffn.map_or(0, |dense| dense.layers);
        (dense + experts.layers).saturating_sub(model.layers)
    }
}

/// What one step reads, in bytes, and computes, for all users together.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct StepWork {
    /// Weights other than routed experts.
    pub weights: f64,
    pub experts: f64,
    pub cache: f64,
    /// Devices that can share the reading of the cache: see [`super::KvCache::read_heads`].
    pub cache_heads: f64,
    /// See [`super::KvCache::scored_entries`].
    pub scored_entries: f64,
    /// States, read and written.
    pub states: f64,
    /// Weights read that are packed below eight bits: a count.
    pub packed_params: f64,
    pub attention_flops: f64,
}

impl StepWork {
    /// The work of a step of `users` requests that each have `depth` tokens in their cache.
    #[must_use]
    pub fn new(workload: &Workload, depth: f64, users: f64) -> Self {
        let experts_once = workload.weights.part_read_bytes(super::WeightPart::Experts);
        let experts_packed = workload.weights.part_packed_params(super::WeightPart::Experts);
        let distinct_experts = distinct_experts(&workload.model, users);
        Self {
            weights: workload.weights.read_bytes() - experts_once,
            experts: experts_once * distinct_experts,
            packed_params: workload.weights.packed_params() + experts_packed * (distinct_experts - 1.0),
            cache: workload.cache.read_bytes(depth) * users,
            scored_entries: workload.cache.scored_entries(depth) * users,
            cache_heads: workload.cache.read_heads(depth),
            states: 2.0 * workload.cache.state_bytes() * users,
            attention_flops: attention_flops(&workload.model, depth, Attended::Selected) * users,
        }
    }

    #[must_use]
    pub fn total_bytes(&self) -> f64 {
        self.weights + self.experts + self.cache + self.states
    }
}

/// How many times the experts of one token are read when `users` tokens route independently: a layer's
/// expected number of distinct experts is `E (1 - (1 - k/E)^n)` where all are as likely. Some are likelier, so that
/// `n` tokens meet no more than somewhat fewer would.
pub(super) fn distinct_experts(model: &Model, users: f64) -> f64 {
    const UNEVEN_EXPONENT: f64 = 0.95;
    let share = model.active_share();
    if share <= 0.0 || users <= 1.0 {
        return 1.0;
    }
    (1.0 - (1.0 - share).powf(users.powf(UNEVEN_EXPONENT))) / share
}

/// The same for tokens of one text, which want the same experts: so many meet as few as a power of their number would that
/// route independently. From prompts with experts on the host, whose copying takes most of their time, in batches of 256
/// to 8,192 tokens by the same authors.
pub(super) fn distinct_experts_of_text(model: &Model, tokens: f64) -> f64 {
    const ALIKE_EXPONENT: f64 = 0.7;
    distinct_experts(model, tokens.max(1.0).powf(ALIKE_EXPONENT))
}

/// The terms of one step.
#[must_use]
pub fn terms(workload: &Workload, work: &StepWork, devices: &Devices) -> Vec<Term> {
    let mut terms = Vec::with_capacity(12);
    each_term(workload, work, devices, |term| terms.push(term));
    terms
}

/// Calls `each` with the terms of one step: every machine's, for every move of a slider.
fn each_term(workload: &Workload, work: &StepWork, devices: &Devices, mut each: impl FnMut(Term)) {
    const MICROSECOND: f64 = 1e-6;
    // An entry's, of 64 heads in 32 bits, as DeepSeek's index has.
    const SCORE_BYTES: f64 = 256.0;
    // Sums over more devices take more steps, of which some are at once.
    const EXCHANGE_EXPONENT: f64 = 0.3;
    // Of a layer: query, key, value and output, gate, up and down.
    const PRODUCTS: f64 = 7.0;
    let rate = devices.bytes_per_s();
    let rate_of_others = devices.bytes_per_s_of(f64::INFINITY);
    let counts = &workload.counts;
    let kernel = workload.kernel.read_as();
    let mut add = |key: TermKey, seconds: f64| {
        if seconds > 0.0 {
            each(Term { key, seconds });
        }
    };
    add(TermKey::Weights(kernel), work.weights / rate);
    if devices.fp32_tflops > 0.0 && kernel.is_unpacked() {
        add(TermKey::Unpack(kernel), work.packed_params / devices.flops_per_s());
    }
    let experts =
        if has_narrow_experts(workload, devices) { TermKey::NarrowExperts } else { TermKey::Experts(kernel) };
    add(experts, work.experts / rate_of_others);
    let cache = CacheClass::new(workload.kv_type.bits_per_element);
    add(TermKey::Cache(counts.head, cache), work.cache / devices.bytes_per_s_of(work.cache_heads));
    // Every device scores all. Programs without a kernel for it write the scores of all heads, sort them and build masks
    // (ggml-org/llama.cpp, pull requests 27742 and 28130), which takes far longer than reading the index.
    add(TermKey::Index, SCORE_BYTES * work.scored_entries / devices.bytes_per_s_of(1.0));
    if devices.fp32_tflops > 0.0 {
        // A latent cache has one head for all query heads, and its blocks are widened once.
        let unpacked = if counts.head == HeadClass::Latent { CacheClass::Plain } else { cache };
        add(TermKey::Attention(unpacked), work.attention_flops / devices.flops_per_s());
    }
    add(TermKey::State, work.states / rate_of_others);
    add(TermKey::Layer, counts.layers * MICROSECOND);
    add(TermKey::LinearLayer(counts.linear_class), counts.linear * MICROSECOND);
    add(TermKey::ExpertLayer(counts.expert_class), counts.experts * MICROSECOND);
    add(TermKey::SharedLayer, counts.shared * MICROSECOND);
    if let Some(latent) = counts.latent {
        add(TermKey::LatentLayer(latent), counts.layers * MICROSECOND);
    }
    if counts.per_layer_embedding {
        add(TermKey::EmbeddingLayer, counts.layers * MICROSECOND);
    }
    if devices.count > 1 {
        let others = f64::from(devices.count - 1);
        match devices.split {
            Split::Tensors => {
                let exchange = TermKey::TensorLink(Exchange::new(devices));
                add(exchange, counts.layers * others.powf(EXCHANGE_EXPONENT) * MICROSECOND);
            }
            Split::Rows => {
                let products = counts.layers * PRODUCTS * f64::from(devices.count);
                add(TermKey::RowLink, products * MICROSECOND);
            }
            Split::Layers => add(TermKey::LayerLink, others * MICROSECOND),
        }
    }
}

/// Whether experts of four-bit integer groups, cut for devices that share each layer, come out too narrow for the Marlin
/// kernels that servers otherwise use, which take multiples of 64
/// (vLLM, `check_moe_marlin_supports_layer` in `marlin_utils.py`).
fn has_narrow_experts(workload: &Workload, devices: &Devices) -> bool {
    const MULTIPLE: u32 = 64;
    let shared = devices.split == Split::Tensors && devices.count > 1;
    let size = workload.model.experts.filter(|_| shared && workload.kernel == KernelClass::Int4);
    size.is_some_and(|experts| !experts.size.is_multiple_of(MULTIPLE * devices.count))
}

/// The time of one step with all of the model on the devices.
#[must_use]
pub fn step_time(workload: &Workload, work: &StepWork, devices: &Devices, rates: ModelRates) -> DecodeTime {
    let mut time = DecodeTime::default();
    each_term(workload, work, devices, |term| {
        let ms = rates.seconds(&term) * 1e3;
        match term.key {
            TermKey::Weights(_) | TermKey::Experts(_) | TermKey::NarrowExperts | TermKey::Unpack(_) => {
                time.weights_ms += ms;
            }
            TermKey::Cache(..) | TermKey::Index | TermKey::Attention(_) | TermKey::State => {
                time.cache_ms += ms;
            }
            TermKey::TensorLink(_) | TermKey::RowLink | TermKey::LayerLink => time.link_ms += ms,
            _ => time.fixed_ms += ms,
        }
    });
    // Nothing is read faster than the data sheet's bandwidth allows.
    let least_ms = work.total_bytes() / devices.bytes_per_s() * 1e3;
    let read_ms = time.weights_ms + time.cache_ms;
    if read_ms < least_ms && read_ms > 0.0 {
        let stretch = least_ms / read_ms;
        time.weights_ms *= stretch;
        time.cache_ms *= stretch;
    }
    time
}
