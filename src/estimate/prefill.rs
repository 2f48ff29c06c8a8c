//! The time to read a prompt, for one of its tokens, as a sum of terms.
//!
//! Prefill is compute bound: two operations for each parameter that takes part, and attention's quadratic
//! term. Small batches of a mixture of experts leave each expert a few rows, which is inefficient, and the
//! weights still have to be read once for every batch.

use super::{KernelClass, Term, TermKey, Workload};
use crate::catalog::{Chip, Layers, Model};

/// Rows of a matrix below which a multiplication cannot fill a chip's matrix units.
const TILE_ROWS: f64 = 16.0;

/// The rates, in operations per second, that a runtime's prefill kernels are counted against on a chip.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ComputeRates {
    /// Products with weights.
    pub products: f64,
    pub attention: f64,
}

impl ComputeRates {
    /// Absent where the data sheet is silent.
    ///
    /// CUDA's kernels for quantized weights go through the FP32 units as much as through the matrix units; they are
    /// counted against four times the first, which is half the INT8 rate of a consumer card, and a fitted power of the
    /// ratio of both does the rest. Elsewhere the FP16 rate counts, on processors FP32.
    #[must_use]
    pub fn new(chip: &Chip, api: &str) -> Option<Self> {
        let compute = &chip.compute;
        let fp32 = compute.fp32_tflops.filter(|tflops| *tflops > 0.0);
        let fp16 = compute.fp16_tflops.filter(|tflops| *tflops > 0.0);
        let faster = fp16.zip(fp32).map(|(a, b)| a.max(b)).or(fp16).or(fp32);
        let (products, attention) = match api {
            "cuda" => (fp32.map(|tflops| 4.0 * tflops).or(fp16), faster),
            "cpu" => (fp32.or(fp16), fp32.or(fp16)),
            _ => (faster, faster),
        };
        Some(Self { products: products? * 1e12, attention: attention? * 1e12 })
    }
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

/// The terms of one prompt token's time on one device.
#[must_use]
pub fn terms(workload: &Workload, prompt: Prompt, bandwidth_gb_per_s: f64, rates: ComputeRates) -> Vec<Term> {
    const MICROSECOND: f64 = 1e-6;
    let model = &workload.model;
    let params = &model.params;
    let kernel: KernelClass = workload.kernel;
    let tokens = prompt.tokens.max(1.0);
    let batch = tokens.min(prompt.batch_tokens.max(1.0));
    let log_width = workload.counts.log_width();
    let mut terms = Vec::with_capacity(8);
    let mut add = |key: TermKey, seconds: f64| {
        if seconds > 0.0 {
            terms.push(Term { key, seconds, log_width });
        }
    };
    let dense =
        params.attention + params.linear_attention + params.dense_ffn + params.shared_experts + params.router;
    add(TermKey::PrefillDense(kernel), 2.0 * dense as f64 / rates.products);
    let share = model.active_share();
    if share > 0.0 {
        let seconds = 2.0 * params.experts as f64 * share / rates.products;
        let rows_for_an_expert = (batch * share).max(1e-9);
        add(TermKey::PrefillExperts(kernel), seconds);
        add(TermKey::PrefillSmallExperts(kernel), seconds * TILE_ROWS / rows_for_an_expert);
    }
    let experts = workload.weights.part_read_bytes(super::WeightPart::Experts);
    let distinct = if share > 0.0 { (1.0 - (1.0 - share).powf(batch)) / share } else { 0.0 };
    let bytes = workload.weights.read_bytes() - experts + experts * distinct;
    add(TermKey::PrefillWeights, bytes / batch / (bandwidth_gb_per_s * 1e9));
    add(
        TermKey::PrefillAttention(workload.counts.head()),
        attention_flops(model, prompt.depth + tokens / 2.0) / rates.attention,
    );
    add(TermKey::PrefillLayer, f64::from(model.layers) * MICROSECOND / batch);
    add(TermKey::PrefillLinear, 2.0 * params.linear_attention as f64 / rates.products);
    terms
}

/// Operations of attention for one token that looks back on `context` others: a score and a weighted sum,
/// two operations each for every element of a head.
pub(super) fn attention_flops(model: &Model, context: f64) -> f64 {
    model
        .attention
        .iter()
        .map(|group| match *group {
            Layers::Full { layers, heads, head_dim, v_head_dim, .. } => {
                let dims = head_dim + v_head_dim.unwrap_or(head_dim);
                2.0 * f64::from(layers) * f64::from(heads) * f64::from(dims) * context
            }
            Layers::Sliding { layers, window, heads, head_dim, v_head_dim, .. } => {
                let dims = head_dim + v_head_dim.unwrap_or(head_dim);
                2.0 * f64::from(layers) * f64::from(heads) * f64::from(dims) * context.min(f64::from(window))
            }
            Layers::Mla { layers, heads, kv_lora_rank, rope_dim, .. } => {
                let dims = 2.0 * f64::from(kv_lora_rank) + f64::from(rope_dim);
                2.0 * f64::from(layers) * f64::from(heads) * dims * context
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
