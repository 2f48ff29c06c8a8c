//! A language model: exact parameter counts by tensor class, and its layers by kind of attention.

use serde::{Deserialize, Serialize};

use super::{Basis, PartialDate};

/// Exact parameter counts by tensor class; their sum is the language model's total.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Params {
    /// The input embedding table. One row is read for a token.
    pub embedding: u64,
    /// The output head; zero where it is tied to the embedding, which is then read whole as the head.
    pub head: u64,
    pub attention: u64,
    /// Gated delta, Mamba, short convolution and other layers without a growing cache.
    pub linear_attention: u64,
    pub dense_ffn: u64,
    /// All routed experts together.
    pub experts: u64,
    pub shared_experts: u64,
    pub router: u64,
    /// Norms, biases and the like.
    pub other: u64,
    /// Tables of which a token reads a row: per-layer embeddings, n-gram tables.
    pub lookup: u64,
}

impl Params {
    /// Parameters of the whole language model.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.embedding
            + self.head
            + self.attention
            + self.linear_attention
            + self.dense_ffn
            + self.experts
            + self.shared_experts
            + self.router
            + self.other
            + self.lookup
    }
}

/// The dense feed-forward layers.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DenseFfn {
    pub layers: u32,
    pub size: u32,
    /// 3 with a gate, 2 without.
    pub matrices: u32,
}

/// The mixture-of-experts layers.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Experts {
    pub layers: u32,
    /// Routed experts in a layer.
    pub count: u32,
    /// Routed experts that a token goes through in a layer.
    pub active: u32,
    /// Hidden size of one routed expert.
    pub size: u32,
    /// Size of the vector an expert reads, where that is not the model's hidden size.
    #[serde(default)]
    pub input_size: Option<u32>,
    /// Hidden size of the shared experts together; zero without any.
    #[serde(default)]
    pub shared_size: u32,
    /// 3 with a gate, 2 without.
    pub matrices: u32,
}

/// Sparse attention: an index picks which cache entries a token reads.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sparse {
    /// Cache entries that a token reads in a layer.
    pub top_k: u32,
    /// Layers that read sparsely.
    pub layers: u32,
    /// Layers that keep an index of their own, read whole for every token.
    pub index_layers: u32,
    /// Elements of one index key.
    pub index_dim: u32,
    /// Tokens that share one index key.
    #[serde(default = "one")]
    pub tokens_per_key: u32,
}

/// Layers of one kind, by how they remember what came before.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub enum Layers {
    /// Attention over everything before.
    Full {
        layers: u32,
        heads: u32,
        kv_heads: u32,
        /// Of keys, and of values unless `v_head_dim` says otherwise.
        head_dim: u32,
        #[serde(default)]
        v_head_dim: Option<u32>,
        /// Of these layers, those that read another layer's cache and store none.
        #[serde(default)]
        shared: u32,
        #[serde(default)]
        sparse: Option<Sparse>,
    },
    /// Attention over the last `window` tokens.
    Sliding {
        layers: u32,
        window: u32,
        heads: u32,
        kv_heads: u32,
        head_dim: u32,
        #[serde(default)]
        v_head_dim: Option<u32>,
        #[serde(default)]
        shared: u32,
    },
    /// Multi-head latent attention: one compressed vector for a token and layer.
    Mla {
        layers: u32,
        heads: u32,
        kv_lora_rank: u32,
        rope_dim: u32,
        nope_dim: u32,
        v_head_dim: u32,
        #[serde(default)]
        q_lora_rank: u32,
        #[serde(default)]
        sparse: Option<Sparse>,
    },
    /// Latent attention over entries that each stand for several tokens, besides a window of the last ones.
    Compressed {
        layers: u32,
        heads: u32,
        /// Tokens that share one entry; zero for layers with nothing but their window.
        #[serde(default)]
        ratio: u32,
        /// Elements of one entry, keys and values together, also in the window.
        entry_dim: u32,
        /// Tokens that every one of these layers keeps as entries of their own; zero without a window.
        #[serde(default)]
        window: u32,
        /// Of these layers, those that read another layer's compressed entries and store none.
        #[serde(default)]
        shared: u32,
        /// Compressed entries that a token reads in a layer, where not all.
        #[serde(default)]
        top_k: Option<u32>,
        /// Layers that keep an index of their own, one key for each entry, read whole for every token.
        #[serde(default)]
        index_layers: u32,
        /// Elements of one index key.
        #[serde(default)]
        index_dim: u32,
    },
    /// A state of constant size, read and written whole for every token.
    Linear {
        layers: u32,
        kind: LinearKind,
        /// Elements of the recurrent state of one layer.
        state_elements: u64,
        /// Elements of the convolution's state of one layer.
        #[serde(default)]
        conv_elements: u64,
    },
}

/// The kinds of layers with a constant state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinearKind {
    GatedDeltanet,
    Kda,
    Mamba1,
    Mamba2,
    ShortConv,
    Lightning,
}

/// What the model's makers say of its size, to check the exact counts against.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Published {
    /// In 1e9 parameters.
    pub total_b: f64,
    #[serde(default)]
    pub active_b: Option<f64>,
    /// Whether the total counts the vision or audio tower too.
    pub source: String,
    #[serde(default)]
    pub basis: Basis,
}

/// A language model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    pub id: String,
    pub name: String,
    pub family: String,
    #[serde(default)]
    pub released: Option<PartialDate>,
    #[serde(default)]
    pub license: Option<String>,
    /// On Hugging Face.
    #[serde(default)]
    pub repo: Option<String>,
    /// Tokens.
    pub max_context: u32,
    pub layers: u32,
    pub hidden_size: u32,
    pub vocab_size: u32,
    pub params: Params,
    /// Parameters of a vision or audio tower: on disk, not read while decoding text.
    #[serde(default)]
    pub tower_params: u64,
    #[serde(default)]
    pub dense_ffn: Option<DenseFfn>,
    #[serde(default)]
    pub experts: Option<Experts>,
    /// Whether projections have biases, each added by an operation of its own.
    #[serde(default)]
    pub biases: bool,
    /// Groups of layers that attend, or keep a state. Layers with neither are not listed.
    pub attention: Vec<Layers>,
    #[serde(default)]
    pub published: Option<Published>,
    #[serde(default)]
    pub basis: Basis,
    #[serde(default)]
    pub sources: Vec<String>,
    #[serde(default)]
    pub notes: Vec<String>,
}

fn one() -> u32 {
    1
}

impl Model {
    /// Whether the output head is the embedding table.
    #[must_use]
    pub fn tied(&self) -> bool {
        self.params.head == 0
    }

    /// Parameters that take part in one token, without embedding and lookup tables.
    #[must_use]
    pub fn active_params(&self) -> f64 {
        let params = &self.params;
        let experts = params.experts as f64 * self.active_share();
        let embedding = if self.tied() { 0 } else { params.embedding };
        let whole = params.total() - params.experts - params.lookup - embedding;
        whole as f64 + experts
    }

    /// Of the routed experts, the share that a token goes through.
    #[must_use]
    pub fn active_share(&self) -> f64 {
        self.experts.map_or(0.0, |experts| f64::from(experts.active) / f64::from(experts.count.max(1)))
    }
}
