//! Bytes of weights: what a model takes in memory, and what one token reads of it.
//!
//! Each class of tensors has the type that the quantization gives it. A token reads attention, norms, dense
//! feed-forward, shared experts, router and head whole, of the routed experts those it goes through, and of
//! the embedding one row, unless the table serves as the head too.

use crate::catalog::{Layers, Mix, Model, Quant, Table, TensorMixes, TensorType};

/// Classes of tensors that quantizations tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TensorClass {
    Embedding,
    Head,
    /// The embedding table where it is the head as well.
    TiedEmbedding,
    AttentionQ,
    AttentionK,
    AttentionV,
    AttentionOutput,
    LinearAttention,
    FfnUp,
    FfnDown,
    ExpertsUp,
    ExpertsDown,
    SharedUp,
    SharedDown,
    Router,
    Other,
    Lookup,
}

/// What a class of tensors is for, as shown to people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WeightPart {
    Attention,
    DenseFfn,
    Experts,
    SharedExperts,
    Head,
    /// Embedding, norms, router, lookup tables.
    Other,
}

impl WeightPart {
    pub const ALL: [Self; 6] =
        [Self::Attention, Self::DenseFfn, Self::Experts, Self::SharedExperts, Self::Head, Self::Other];

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Attention => "Attention",
            Self::DenseFfn => "Dense feed-forward",
            Self::Experts => "Routed experts",
            Self::SharedExperts => "Shared experts",
            Self::Head => "Output head",
            Self::Other => "Router, norms, embedding",
        }
    }
}

impl TensorClass {
    #[must_use]
    pub fn part(self) -> WeightPart {
        match self {
            Self::AttentionQ
            | Self::AttentionK
            | Self::AttentionV
            | Self::AttentionOutput
            | Self::LinearAttention => WeightPart::Attention,
            Self::FfnUp | Self::FfnDown => WeightPart::DenseFfn,
            Self::ExpertsUp | Self::ExpertsDown => WeightPart::Experts,
            Self::SharedUp | Self::SharedDown => WeightPart::SharedExperts,
            Self::Head | Self::TiedEmbedding => WeightPart::Head,
            Self::Embedding | Self::Router | Self::Other | Self::Lookup => WeightPart::Other,
        }
    }
}

/// Tensors of one class.
#[derive(Clone, Debug, PartialEq)]
pub struct TensorGroup {
    pub class: TensorClass,
    pub params: f64,
    /// Length of the rows that are quantized; a row must be a multiple of a type's block.
    pub row: u32,
    /// True bits for a weight, averaged over the class.
    pub bits_per_weight: f64,
    /// Of the class, what one token reads.
    pub read_share: f64,
}

impl TensorGroup {
    #[must_use]
    pub fn stored_bytes(&self) -> f64 {
        self.params * self.bits_per_weight / 8.0
    }

    #[must_use]
    pub fn read_bytes(&self) -> f64 {
        self.stored_bytes() * self.read_share
    }

    /// Parameters that one token reads, if several share a byte.
    fn packed_params(&self) -> f64 {
        if self.bits_per_weight < 8.0 { self.params * self.read_share } else { 0.0 }
    }
}

/// A quantized model's weights by class.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights {
    groups: Vec<TensorGroup>,
    /// Sums over the groups, which every machine asks for: of bytes, of those that a token reads, and of parameters that it
    /// reads and that are packed below eight bits.
    stored: Sums,
    read: Sums,
    packed: Sums,
    /// Of the vision or audio tower, which stays at 16 bits and is not read while decoding text.
    pub tower_bytes: f64,
}

/// A sum over all groups, and those by the place of their part in [`WeightPart::ALL`].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Sums {
    all: f64,
    parts: [f64; WeightPart::ALL.len()],
}

impl Sums {
    fn of(groups: &[TensorGroup], value: impl Fn(&TensorGroup) -> f64) -> Self {
        let mut sum = Self::default();
        for group in groups {
            sum.all += value(group);
            sum.parts[group.class.part() as usize] += value(group);
        }
        sum
    }
}

/// A quantization names a type that the catalog lacks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the quantization {quant} uses the tensor type {tensor_type}, which no preset defines")]
pub struct UnknownTensorType {
    pub quant: String,
    pub tensor_type: String,
}

impl Weights {
    /// The weights of `model` stored as `quant` says.
    pub fn new(model: &Model, quant: &Quant, types: &Table<TensorType>) -> Result<Self, UnknownTensorType> {
        let mut groups = Vec::with_capacity(16);
        let grouped = grouped_attention(model);
        let tensors = quant.tensors_of(model);
        for (class, params, row, read_share) in classes(model) {
            if params > 0.0 {
                let bits_per_weight = bits(quant, mix(tensors, class, grouped), row, types)?;
                groups.push(TensorGroup { class, params, row, bits_per_weight, read_share });
            }
        }
        let stored = Sums::of(&groups, TensorGroup::stored_bytes);
        let read = Sums::of(&groups, TensorGroup::read_bytes);
        let packed = Sums::of(&groups, TensorGroup::packed_params);
        Ok(Self { groups, stored, read, packed, tower_bytes: model.tower_params as f64 * 2.0 })
    }

    /// By class.
    #[must_use]
    pub fn groups(&self) -> &[TensorGroup] {
        &self.groups
    }

    /// Bytes of the language model in memory.
    #[must_use]
    pub fn stored_bytes(&self) -> f64 {
        self.stored.all
    }

    /// Bytes that one token of one request reads.
    #[must_use]
    pub fn read_bytes(&self) -> f64 {
        self.read.all
    }

    /// Bytes that one token reads of one part.
    #[must_use]
    pub fn part_read_bytes(&self, part: WeightPart) -> f64 {
        self.read.parts[part as usize]
    }

    /// Bytes that one part takes in memory.
    #[must_use]
    pub fn part_stored_bytes(&self, part: WeightPart) -> f64 {
        self.stored.parts[part as usize]
    }

    /// Of the parameters that one token reads, those of fewer than eight bits in a part of the model.
    #[must_use]
    pub fn part_packed_params(&self, part: WeightPart) -> f64 {
        self.packed.parts[part as usize]
    }

    /// Of the parameters that one token reads, those of fewer than eight bits.
    #[must_use]
    pub fn packed_params(&self) -> f64 {
        self.packed.all
    }

    /// Average bits for a parameter on disk.
    #[must_use]
    pub fn bits_per_weight(&self) -> f64 {
        let params: f64 = self.groups.iter().map(|group| group.params).sum();
        if params > 0.0 { self.stored_bytes() * 8.0 / params } else { 0.0 }
    }
}

/// Every class of a model: parameters, row length, share read for one token.
fn classes(model: &Model) -> Vec<(TensorClass, f64, u32, f64)> {
    let params = &model.params;
    let hidden = model.hidden_size;
    let attention = attention_split(model);
    let attention_params = params.attention as f64;
    let ffn_matrices = model.dense_ffn.map_or(3, |ffn| ffn.matrices.max(2));
    let ffn_row = model.dense_ffn.map_or(hidden, |ffn| ffn.size);
    let (expert_in, expert_size, shared_size, expert_matrices) =
        model.experts.map_or((hidden, hidden, hidden, 3), |experts| {
            (
                experts.input_size.unwrap_or(hidden),
                experts.size,
                if experts.shared_size > 0 { experts.shared_size } else { experts.size },
                experts.matrices.max(2),
            )
        });
    let down_share = 1.0 / f64::from(ffn_matrices);
    let expert_down_share = 1.0 / f64::from(expert_matrices);
    let active = model.active_share();
    let (dense, experts, shared) =
        (params.dense_ffn as f64, params.experts as f64, params.shared_experts as f64);
    let embedding =
        if model.tied() { (TensorClass::TiedEmbedding, 1.0) } else { (TensorClass::Embedding, 0.0) };
    vec![
        (embedding.0, params.embedding as f64, hidden, embedding.1),
        (TensorClass::Head, params.head as f64, hidden, 1.0),
        (TensorClass::AttentionQ, attention_params * attention.q, hidden, 1.0),
        (TensorClass::AttentionK, attention_params * attention.k, hidden, 1.0),
        (TensorClass::AttentionV, attention_params * attention.v, hidden, 1.0),
        (TensorClass::AttentionOutput, attention_params * attention.output, attention.output_row, 1.0),
        (TensorClass::LinearAttention, params.linear_attention as f64, hidden, 1.0),
        (TensorClass::FfnUp, dense * (1.0 - down_share), hidden, 1.0),
        (TensorClass::FfnDown, dense * down_share, ffn_row, 1.0),
        (TensorClass::ExpertsUp, experts * (1.0 - expert_down_share), expert_in, active),
        (TensorClass::ExpertsDown, experts * expert_down_share, expert_size, active),
        (TensorClass::SharedUp, shared * (1.0 - expert_down_share), hidden, 1.0),
        (TensorClass::SharedDown, shared * expert_down_share, shared_size, 1.0),
        (TensorClass::Router, params.router as f64, hidden, 1.0),
        (TensorClass::Other, params.other as f64, hidden, 1.0),
        (TensorClass::Lookup, params.lookup as f64, hidden, 0.0),
    ]
}

/// How the parameters of attention are shared out over its projections.
struct AttentionSplit {
    q: f64,
    k: f64,
    v: f64,
    output: f64,
    output_row: u32,
}

fn attention_split(model: &Model) -> AttentionSplit {
    let (mut q, mut k, mut v, mut output, mut output_row) = (0.0, 0.0, 0.0, 0.0, model.hidden_size);
    for group in &model.attention {
        match *group {
            Layers::Full { layers, heads, kv_heads, head_dim, v_head_dim, .. }
            | Layers::Sliding { layers, heads, kv_heads, head_dim, v_head_dim, .. } => {
                let v_dim = f64::from(v_head_dim.unwrap_or(head_dim));
                let (layers, dim) = (f64::from(layers), f64::from(head_dim));
                q += layers * f64::from(heads) * dim;
                k += layers * f64::from(kv_heads) * dim;
                v += layers * f64::from(kv_heads) * v_dim;
                output += layers * f64::from(heads) * v_dim;
                output_row = heads.saturating_mul(v_head_dim.unwrap_or(head_dim));
            }
            Layers::Mla {
                layers, heads, v_head_dim, kv_lora_rank, nope_dim, rope_dim, q_lora_rank, ..
            } => {
                output_row = heads.saturating_mul(v_head_dim);
                let (layers, heads) = (f64::from(layers), f64::from(heads));
                let hidden = f64::from(model.hidden_size);
                let rank = f64::from(kv_lora_rank);
                let head = heads * f64::from(nope_dim + rope_dim);
                let query =
                    if q_lora_rank > 0 { f64::from(q_lora_rank) * (hidden + head) } else { hidden * head };
                let latent = (rank + f64::from(rope_dim)) * hidden
                    + rank * heads * f64::from(nope_dim.saturating_add(v_head_dim));
                q += layers * (query + latent) / hidden;
                output += layers * heads * f64::from(v_head_dim);
            }
            Layers::Compressed { .. } | Layers::Linear { .. } => {}
        }
    }
    let sum = q + k + v + output;
    if sum > 0.0 {
        AttentionSplit { q: q / sum, k: k / sum, v: v / sum, output: output / sum, output_row }
    } else {
        AttentionSplit { q: 1.0, k: 0.0, v: 0.0, output: 0.0, output_row }
    }
}

/// Whether four heads or more share one of keys and values, in the first layers that have such heads.
fn grouped_attention(model: &Model) -> bool {
    let heads = model.attention.iter().find_map(|group| match *group {
        Layers::Full { heads, kv_heads, .. } | Layers::Sliding { heads, kv_heads, .. } => {
            Some((heads, kv_heads))
        }
        Layers::Mla { .. } | Layers::Compressed { .. } | Layers::Linear { .. } => None,
    });
    heads.is_some_and(|(heads, kv_heads)| heads >= kv_heads.saturating_mul(4))
}

/// The mix that a quantization gives to a class.
fn mix(tensors: &TensorMixes, class: TensorClass, grouped: bool) -> &Mix {
    let named = match class {
        TensorClass::Embedding => &tensors.embedding,
        TensorClass::Head => &tensors.head,
        TensorClass::TiedEmbedding => {
            if tensors.tied_embedding.is_some() {
                &tensors.tied_embedding
            } else {
                &tensors.head
            }
        }
        TensorClass::AttentionQ => &tensors.attention_q,
        TensorClass::AttentionK => &tensors.attention_k,
        TensorClass::AttentionV if grouped && tensors.attention_v_grouped.is_some() => {
            &tensors.attention_v_grouped
        }
        TensorClass::AttentionV => &tensors.attention_v,
        TensorClass::AttentionOutput => &tensors.attention_output,
        TensorClass::LinearAttention => &tensors.linear_attention,
        TensorClass::FfnUp => &tensors.ffn_up,
        TensorClass::FfnDown => &tensors.ffn_down,
        TensorClass::ExpertsUp => &tensors.experts_up,
        TensorClass::ExpertsDown => &tensors.experts_down,
        TensorClass::SharedUp => &tensors.shared_up,
        TensorClass::SharedDown => &tensors.shared_down,
        TensorClass::Router => &tensors.router,
        TensorClass::Other => &tensors.other,
        TensorClass::Lookup => &tensors.lookup,
    };
    named.as_ref().unwrap_or(&tensors.default)
}

fn bits(quant: &Quant, mix: &Mix, row: u32, types: &Table<TensorType>) -> Result<f64, UnknownTensorType> {
    let unknown = |id: &str| UnknownTensorType { quant: quant.id.clone(), tensor_type: id.to_owned() };
    let mut bits = 0.0;
    for (share, id) in &mix.0 {
        let mut stored = types.get(id).ok_or_else(|| unknown(id))?;
        // A fallback has a smaller block, so this ends; the bound guards against presets that loop.
        for _ in 0..4 {
            match &stored.fallback {
                Some(fallback) if !row.is_multiple_of(stored.block_elements.max(1)) => {
                    stored = types.get(fallback).ok_or_else(|| unknown(fallback))?;
                }
                _ => break,
            }
        }
        bits += share * stored.bits_per_weight;
    }
    Ok(bits)
}
