//! Checks of models, quantizations, runtimes, fitted constants and measurements.

use super::super::{
    Calibration, Experts, KvType, Layers, Measurement, Model, Quant, Runtime, Sparse, TensorType,
};
use super::{Check, Problems, up_to};
use crate::catalog::load::Step::{self, Field, Item};

/// Layers, heads and dimensions. Sums of a few stay far below the end of 32 bits.
const MAX_SIZE: u32 = 100_000_000;
const MAX_TOKENS: u32 = 1_000_000_000;
/// Parameters of a model: a hundred times the largest there is.
const MAX_PARAMS: u64 = 1_000_000_000_000_000;
const MAX_BITS: f64 = 64.0;

impl Check for Model {
    fn check(&self, problems: &mut Problems) {
        problems.id(&self.id);
        problems.count(&[Field("max_context")], self.max_context, 1, MAX_TOKENS);
        problems.count(&[Field("layers")], self.layers, 1, 100_000);
        problems.count(&[Field("hidden_size")], self.hidden_size, 1, MAX_SIZE);
        problems.count(&[Field("vocab_size")], self.vocab_size, 1, MAX_SIZE);
        check_params(self, problems);
        if let Some(ffn) = &self.dense_ffn {
            let field = |name: &'static str| [Field("dense_ffn"), Field(name)];
            problems.count(&field("layers"), ffn.layers, 1, 100_000);
            problems.count(&field("size"), ffn.size, 1, MAX_SIZE);
            problems.count(&field("matrices"), ffn.matrices, 1, 4);
        }
        if let Some(experts) = &self.experts {
            check_experts(experts, problems);
        }
        for (index, layers) in self.attention.iter().enumerate() {
            check_layers(layers, &[Field("attention"), Item(index)], problems);
        }
        if let Some(published) = &self.published {
            problems.number(&[Field("published"), Field("total_b")], published.total_b, up_to(1e6));
            problems.number(&[Field("published"), Field("active_b")], published.active_b, up_to(1e6));
        }
    }
}

fn check_params(model: &Model, problems: &mut Problems) {
    let params = &model.params;
    let mut total = 0_u64;
    for (name, count) in [
        ("embedding", params.embedding),
        ("head", params.head),
        ("attention", params.attention),
        ("linear_attention", params.linear_attention),
        ("dense_ffn", params.dense_ffn),
        ("experts", params.experts),
        ("shared_experts", params.shared_experts),
        ("router", params.router),
        ("other", params.other),
        ("lookup", params.lookup),
    ] {
        if count > MAX_PARAMS {
            problems.error(&[Field("params"), Field(name)], "no model has so many parameters".to_owned());
        }
        total = total.saturating_add(count);
    }
    if model.tower_params > MAX_PARAMS {
        problems.error(&[Field("tower_params")], "no model has so many parameters".to_owned());
    }
    if total == 0 {
        problems.error(&[Field("params")], "they are all zero".to_owned());
    }
    if params.experts > 0 && model.experts.is_none() {
        let message = "the model has parameters in experts, and does not say how many experts are active";
        problems.error(&[Field("params"), Field("experts")], message.to_owned());
    } else if params.experts == 0 && model.experts.is_some() {
        problems.error(&[Field("experts")], "`params` counts no parameters in experts".to_owned());
    }
}

fn check_experts(experts: &Experts, problems: &mut Problems) {
    let field = |name: &'static str| [Field("experts"), Field(name)];
    problems.count(&field("layers"), experts.layers, 1, 100_000);
    problems.count(&field("count"), experts.count, 1, 1_000_000);
    problems.count(&field("active"), experts.active, 1, 1_000_000);
    problems.count(&field("size"), experts.size, 1, MAX_SIZE);
    problems.count(&field("input_size"), experts.input_size, 1, MAX_SIZE);
    problems.count(&field("shared_size"), experts.shared_size, 0, MAX_SIZE);
    problems.count(&field("matrices"), experts.matrices, 1, 4);
    if experts.active > experts.count {
        let message = format!("{} are more than there are: `count` is {}", experts.active, experts.count);
        problems.error(&field("active"), message);
    }
}

/// Sizes of one group of layers, each with its field and its least value.
fn check_layers(group: &Layers, path: &[Step; 2], problems: &mut Problems) {
    let sizes: &[(&'static str, Option<u32>, u32)] = match group {
        Layers::Full { heads, kv_heads, head_dim, v_head_dim, .. } => &[
            ("heads", Some(*heads), 1),
            ("kv_heads", Some(*kv_heads), 1),
            ("head_dim", Some(*head_dim), 1),
            ("v_head_dim", *v_head_dim, 1),
        ],
        Layers::Sliding { window, heads, kv_heads, head_dim, v_head_dim, .. } => &[
            ("window", Some(*window), 1),
            ("heads", Some(*heads), 1),
            ("kv_heads", Some(*kv_heads), 1),
            ("head_dim", Some(*head_dim), 1),
            ("v_head_dim", *v_head_dim, 1),
        ],
        Layers::Mla { heads, kv_lora_rank, rope_dim, nope_dim, v_head_dim, q_lora_rank, .. } => &[
            ("heads", Some(*heads), 1),
            ("kv_lora_rank", Some(*kv_lora_rank), 1),
            ("rope_dim", Some(*rope_dim), 0),
            ("nope_dim", Some(*nope_dim), 0),
            ("v_head_dim", Some(*v_head_dim), 1),
            ("q_lora_rank", Some(*q_lora_rank), 0),
        ],
        Layers::Compressed { heads, ratio, entry_dim, window, top_k, index_dim, .. } => &[
            ("heads", Some(*heads), 1),
            ("ratio", Some(*ratio), 0),
            ("entry_dim", Some(*entry_dim), 1),
            ("window", Some(*window), 0),
            ("top_k", *top_k, 1),
            ("index_dim", Some(*index_dim), 0),
        ],
        Layers::Linear { .. } => &[],
    };
    let field = |name: &'static str| [path[0], path[1], Field(name)];
    for (name, size, least) in sizes {
        problems.count(&field(name), *size, *least, MAX_SIZE);
    }
    let (layers, shared, index_layers, sparse) = match *group {
        Layers::Full { layers, shared, sparse, .. } => (layers, shared, 0, sparse),
        Layers::Sliding { layers, shared, .. } => (layers, shared, 0, None),
        Layers::Mla { layers, sparse, .. } => (layers, 0, 0, sparse),
        Layers::Compressed { layers, shared, index_layers, .. } => (layers, shared, index_layers, None),
        Layers::Linear { layers, .. } => (layers, 0, 0, None),
    };
    problems.count(&field("layers"), layers, 1, 100_000);
    for (name, part) in [("shared", shared), ("index_layers", index_layers)] {
        if part > layers {
            problems.error(&field(name), format!("{part} are more than there are: `layers` is {layers}"));
        }
    }
    if let Some(sparse) = sparse {
        check_sparse(&sparse, layers, &field("sparse"), problems);
    }
    if let Layers::Compressed { ratio: 0, window: 0, .. } = group {
        problems.error(
            path,
            "it has neither compressed entries nor a window, so it remembers nothing".to_owned(),
        );
    }
    if let Layers::Linear { state_elements, conv_elements, .. } = *group
        && state_elements.max(conv_elements) > MAX_PARAMS
    {
        problems.error(&field("state_elements"), "no layer has so large a state".to_owned());
    }
}

fn check_sparse(sparse: &Sparse, layers: u32, path: &[Step; 3], problems: &mut Problems) {
    let field = |name: &'static str| [path[0], path[1], path[2], Field(name)];
    problems.count(&field("top_k"), sparse.top_k, 1, MAX_TOKENS);
    problems.count(&field("layers"), sparse.layers, 1, layers.max(1));
    problems.count(&field("index_layers"), sparse.index_layers, 0, layers);
    problems.count(&field("index_dim"), sparse.index_dim, 0, MAX_SIZE);
    problems.count(&field("tokens_per_key"), sparse.tokens_per_key, 1, MAX_TOKENS);
}

impl Check for TensorType {
    fn check(&self, problems: &mut Problems) {
        problems.id(&self.id);
        problems.number(&[Field("bits_per_weight")], self.bits_per_weight, up_to(MAX_BITS));
        problems.count(&[Field("block_elements")], self.block_elements, 1, MAX_SIZE);
        if let Some(bytes) = self.block_bytes {
            let bits = 8.0 * f64::from(bytes) / f64::from(self.block_elements.max(1));
            if (bits - self.bits_per_weight).abs() > 0.001 * bits {
                let message = format!(
                    "{bytes} bytes for {} weights are {bits} bits for a weight, and `bits_per_weight` is {}",
                    self.block_elements, self.bits_per_weight
                );
                problems.warning(&[Field("block_bytes")], message);
            }
        }
    }
}

impl Check for Quant {
    fn check(&self, problems: &mut Problems) {
        problems.id(&self.id);
        if let Some(quality) = &self.quality {
            for (name, value) in [
                ("perplexity", quality.perplexity),
                ("perplexity_increase", quality.perplexity_increase),
                ("kl_divergence", quality.kl_divergence),
            ] {
                problems.finite(&[Field("quality"), Field(name)], value);
            }
        }
    }
}

impl Check for KvType {
    fn check(&self, problems: &mut Problems) {
        problems.id(&self.id);
        problems.number(&[Field("bits_per_element")], self.bits_per_element, up_to(MAX_BITS));
        problems.finite(&[Field("kl_divergence")], self.kl_divergence);
    }
}

impl Check for Runtime {
    fn check(&self, problems: &mut Problems) {
        problems.id(&self.id);
    }
}

impl Check for Calibration {
    fn check(&self, problems: &mut Problems) {
        problems.id(&self.id);
        for (index, factor) in self.factors.iter().enumerate() {
            problems.number(&[Field("factors"), Item(index), Field("value")], factor.value, up_to(1e6));
        }
        for (index, spread) in self.spreads.iter().enumerate() {
            let field = |name: &'static str| [Field("spreads"), Item(index), Field(name)];
            problems.number(&field("low"), spread.low, up_to(1.0));
            problems.number(&field("high"), spread.high, up_to(1e6));
            if spread.high < 1.0 {
                problems.error(&field("high"), "it is the upper end, and less than 1".to_owned());
            }
        }
        for (name, widths) in
            [("runtime_widths", &self.runtime_widths), ("kernel_widths", &self.kernel_widths)]
        {
            for (index, width) in widths.iter().enumerate() {
                problems.number(&[Field(name), Item(index), Field("factor")], width.factor, up_to(100.0));
            }
        }
    }
}

impl Check for Measurement {
    fn check(&self, problems: &mut Problems) {
        problems.id(&self.id);
        problems.count(&[Field("devices")], self.devices, 1, 10_000);
        problems.number(&[Field("file_gib")], self.file_gib, up_to(1e6));
        for (name, bandwidth) in
            [("bandwidth_gb_per_s", self.bandwidth_gb_per_s), ("host_gb_per_s", self.host_gb_per_s)]
        {
            problems.number(&[Field(name)], bandwidth, up_to(1e5));
        }
        for (name, tokens) in [
            ("depth", self.depth),
            ("prefill_tokens", self.prefill_tokens),
            ("decode_tokens", self.decode_tokens),
        ] {
            problems.count(&[Field(name)], tokens, 0, MAX_TOKENS);
        }
        problems.number(&[Field("decode_tokens_per_s")], self.decode_tokens_per_s, up_to(1e7));
        problems.number(&[Field("prefill_tokens_per_s")], self.prefill_tokens_per_s, up_to(1e8));
    }
}
