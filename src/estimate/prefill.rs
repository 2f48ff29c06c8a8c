//! The time to read a prompt, for one of its tokens, as a sum of terms.
//!
//! Prefill is compute bound: two operations for each parameter that takes part, and attention's quadratic
//! term. Small batches of a mixture of experts leave each expert a few rows, which is inefficient, and the
//! weights still have to be read once for every batch.

use super::{
    Devices, KernelClass, Term, TermKey, WeightPart, Workload, api,
    data_sheet::{known, sums_in_fp32},
    decode::{Exchange, distinct_experts},
};
use crate::catalog::{Chip, Layers, Model, Runtime, Sparse, Split};

/// Rows of a matrix below which a multiplication cannot fill a chip's matrix units.
const TILE_ROWS: f64 = 16.0;

/// The rates, in operations per second, that a runtime's prefill kernels are counted against on a chip.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ComputeRates {
    /// Products with weights.
    pub products: f64,
    pub attention: f64,
    /// The highest that the data sheet has for products with weights of the type.
    pub peak: f64,
}

impl ComputeRates {
    /// Absent where the data sheet is silent.
    ///
    /// CUDA's kernels for quantized weights go through the FP32 units as much as through the matrix units; they are
    /// counted against four times the first, which is half the INT8 rate of a consumer card, and a fitted power of the
    /// ratio of both does the rest. Elsewhere the FP16 rate counts, on processors FP32.
    #[must_use]
    pub fn new(chip: &Chip, runtime: &Runtime, kernel: KernelClass) -> Option<Self> {
        let (api, compute) = (api(runtime), &chip.compute);
        let fp32 = known(compute.fp32_tflops);
        let fp16 = known(compute.fp16_tflops);
        let faster = fp16.zip(fp32).map(|(a, b)| a.max(b)).or(fp16).or(fp32);
        let (products, attention) = match api {
            "cuda" => (fp32.map(|tflops| 4.0 * tflops).or(fp16), faster),
            "cpu" => (fp32.or(fp16), fp32.or(fp16)),
            _ => (faster, faster),
        };
        // Processors have 8-bit products at four times their FP32 rate.
        let peak = match (api, kernel) {
            ("cpu", _) => fp32.or(fp16).map(|tflops| 4.0 * tflops),
            // Where sums in FP32 are not told apart, they are no slower.
            _ if runtime.serves_many && sums_in_fp32(chip, kernel) && kernel != KernelClass::Q8 => {
                known(compute.fp16_fp32_accumulate_tflops).or(faster)
            }
            (_, KernelClass::F16 | KernelClass::Bf16) => faster,
            (_, KernelClass::Q8) => highest(&[faster, compute.int8_tops, compute.fp8_tflops]),
            (_, KernelClass::Fp4 | KernelClass::Mxfp4) => {
                highest(&[faster, compute.int8_tops, compute.fp4_tflops])
            }
            _ => highest(&[faster, compute.int8_tops]),
        };
        Some(Self { products: products? * 1e12, attention: attention? * 1e12, peak: peak? * 1e12 })
    }
}

fn highest(tflops: &[Option<f64>]) -> Option<f64> {
    tflops.iter().copied().flatten().reduce(f64::max)
}

/// A prompt to be read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Prompt {
    /// Tokens already in the cache.
    pub depth: f64,
    pub tokens: f64,
    /// Tokens that go through the model at once, at most.
    pub batch_tokens: f64,
}

impl Prompt {
    /// Tokens of a batch.
    pub(super) fn batch(&self) -> f64 {
        self.tokens.max(1.0).min(self.batch_tokens.max(1.0))
    }

    /// Batches that the prompt goes through in.
    pub(super) fn batches(&self) -> f64 {
        (self.tokens / self.batch()).ceil().max(1.0)
    }

    /// How many times as fast as one device they compute on it.
    fn at_once(&self, devices: &Devices) -> f64 {
        devices.at_once_for_prompt(self.batches())
    }
}

/// Parameters that a token is multiplied with: routed experts, and all others.
fn multiplied(model: &Model) -> (f64, f64) {
    let params = &model.params;
    let others =
        params.attention + params.linear_attention + params.dense_ffn + params.shared_experts + params.router;
    (params.experts as f64 * model.active_share(), others as f64)
}

/// Seconds that a prompt's token takes at least: no program comes nearer to a chip's peak rate than a part of it.
#[must_use]
pub fn least_seconds(workload: &Workload, prompt: Prompt, devices: &Devices, rates: ComputeRates) -> f64 {
    // Of the peak. No measurement in `presets/measurements` reaches more, which a test holds to.
    const MOST_OF_PEAK: f64 = 0.9;
    let (experts, others) = multiplied(&workload.model);
    2.0 * (experts + others) / (MOST_OF_PEAK * rates.peak * prompt.at_once(devices))
}

/// The terms of one prompt token's time.
#[must_use]
pub fn terms(workload: &Workload, prompt: Prompt, devices: &Devices, rates: ComputeRates) -> Vec<Term> {
    let mut terms = Vec::with_capacity(10);
    each_term(workload, prompt, devices, rates, |term| terms.push(term));
    terms
}

/// Calls `each` with the terms of one prompt token's time.
pub(super) fn each_term(
    workload: &Workload,
    prompt: Prompt,
    devices: &Devices,
    rates: ComputeRates,
    mut each: impl FnMut(Term),
) {
    const MICROSECOND: f64 = 1e-6;
    let model = &workload.model;
    let kernel: KernelClass = workload.kernel;
    let tokens = prompt.tokens.max(1.0);
    let batch = prompt.batch();
    let at_once = prompt.at_once(devices);
    let mut add = |key: TermKey, seconds: f64| {
        if seconds > 0.0 {
            each(Term { key, seconds: seconds / at_once });
        }
    };
    let (experts, others) = multiplied(model);
    let dense = 2.0 * others / rates.products;
    add(TermKey::PrefillDense(kernel), dense);
    add(TermKey::PrefillSmallBatch, dense * TILE_ROWS / batch);
    let share = model.active_share();
    if share > 0.0 {
        let seconds = 2.0 * experts / rates.products;
        let rows_for_an_expert = (batch * share).max(1e-9);
        add(TermKey::PrefillExperts(kernel), seconds);
        add(TermKey::PrefillSmallExperts(kernel), seconds * TILE_ROWS / rows_for_an_expert);
    }
    let of_experts = workload.weights.part_read_bytes(WeightPart::Experts);
    let bytes = workload.weights.read_bytes() - of_experts + of_experts * distinct_experts(model, batch);
    add(TermKey::PrefillWeights, bytes / batch / (devices.bandwidth_gb_per_s * 1e9));
    add(
        TermKey::PrefillAttention(workload.counts.head()),
        attention_flops(model, prompt.depth + tokens / 2.0, Attended::All) / rates.attention,
    );
    add(TermKey::PrefillLayer, f64::from(model.layers) * MICROSECOND / batch);
    add(TermKey::PrefillLinear, 2.0 * model.params.linear_attention as f64 / rates.products);
    if devices.count > 1 {
        let (key, bytes) = match devices.split {
            Split::Tensors => {
                (TermKey::PrefillLink(Exchange::new(devices)), exchanged_bytes(model, devices.count))
            }
            Split::Rows => (TermKey::PrefillRowLink, gathered_bytes(model, others, devices.count)),
            Split::Layers => return,
        };
        each(Term { key, seconds: bytes / LINK_BYTES_PER_S });
    }
}

/// Bytes per second over a link between devices, before it is fitted.
const LINK_BYTES_PER_S: f64 = 1e9;

/// Bytes that each device sends for one token: two sums a layer over all devices, of 16 bits for each element of the hidden
/// state, each twice round a ring but for its own part.
fn exchanged_bytes(model: &Model, devices: u32) -> f64 {
    let count = f64::from(devices);
    let of_a_sum = 2.0 * (count - 1.0) / count * 2.0 * f64::from(model.hidden_size);
    2.0 * f64::from(model.layers) * of_a_sum
}

/// Bytes that the first device gets of the others for one token: what products with so many parameters give, in 32 bits. Nearly
/// all matrices have the hidden state's size on one side.
fn gathered_bytes(model: &Model, params: f64, devices: u32) -> f64 {
    let count = f64::from(devices);
    (count - 1.0) / count * 4.0 * params / f64::from(model.hidden_size.max(1))
}

/// What attention computes with where it selects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Attended {
    /// All entries of the cache: what is not selected is masked, as programs do for the many tokens of a prompt.
    All,
    /// What is selected.
    Selected,
}

/// Operations of attention for one token that looks back on `context` others: a score and a weighted sum,
/// two operations each for every element of a head.
pub(super) fn attention_flops(model: &Model, context: f64, attended: Attended) -> f64 {
    let seen = |layers: u32, sparse: Option<Sparse>| {
        let selecting = sparse.filter(|_| attended == Attended::Selected);
        let of_selecting = selecting.map_or(0, |sparse| sparse.layers.min(layers));
        let selected = selecting.map_or(0.0, |sparse| context.min(f64::from(sparse.top_k)));
        f64::from(layers - of_selecting) * context + f64::from(of_selecting) * selected
    };
    model
        .attention
        .iter()
        .map(|group| match *group {
            Layers::Full { layers, heads, head_dim, v_head_dim, sparse, .. } => {
                let dims = head_dim + v_head_dim.unwrap_or(head_dim);
                2.0 * f64::from(heads) * f64::from(dims) * seen(layers, sparse)
            }
            Layers::Sliding { layers, window, heads, head_dim, v_head_dim, .. } => {
                let dims = head_dim + v_head_dim.unwrap_or(head_dim);
                2.0 * f64::from(layers) * f64::from(heads) * f64::from(dims) * context.min(f64::from(window))
            }
            Layers::Mla { layers, heads, kv_lora_rank, rope_dim, sparse, .. } => {
                let dims = 2.0 * f64::from(kv_lora_rank) + f64::from(rope_dim);
                2.0 * f64::from(heads) * dims * seen(layers, sparse)
            }
            Layers::Compressed { layers, heads, ratio, entry_dim, window, top_k, .. } => {
                let entries = if ratio > 0 { context / f64::from(ratio) } else { 0.0 };
                let seen =
                    entries.min(top_k.map_or(f64::INFINITY, f64::from)) + context.min(f64::from(window));
                4.0 * f64::from(layers) * f64::from(heads) * f64::from(entry_dim) * seen
            }
            Layers::Linear { .. } => 0.0,
        })
        .sum()
}
