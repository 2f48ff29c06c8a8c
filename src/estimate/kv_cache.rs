//! Bytes of the key-value cache and of recurrent states: kept in memory, and read for one token.

use crate::catalog::{Layers, Model, Sparse};

/// States of linear layers are kept in 32 bits whatever the cache's type (llama.cpp, `llama-memory-recurrent`).
const STATE_BYTES_PER_ELEMENT: f64 = 4.0;

/// A model's cache, kept in elements of one size.
#[derive(Clone, Debug, PartialEq)]
pub struct KvCache {
    groups: Vec<Group>,
    indexes: Vec<Index>,
    bytes_per_element: f64,
    state_bytes: f64,
}

/// Layers that score the entries of their cache with an index, to select what they read.
#[derive(Clone, Debug, PartialEq)]
struct Index {
    layers: f64,
    /// Tokens that share an entry.
    ratio: f64,
}

/// Layers whose cache grows alike.
#[derive(Clone, Debug, PartialEq)]
struct Group {
    /// Elements that one token adds, over the layers that store a cache.
    stored: f64,
    /// Elements of one token, over the layers that read a cache.
    read: f64,
    /// Tokens kept at most.
    window: f64,
    /// Tokens that share an entry.
    ratio: f64,
    /// Entries read at most.
    top_k: f64,
    /// Key-value heads of a layer. Devices that share a layer each keep whole ones.
    heads: u32,
}

impl Group {
    /// Layers that store and read `elements` of every token.
    fn plain(elements: f64) -> Self {
        let (window, ratio, top_k) = (f64::INFINITY, 1.0, f64::INFINITY);
        Self { stored: elements, read: elements, window, ratio, top_k, heads: 1 }
    }

    fn entries(&self, tokens: f64) -> f64 {
        (tokens.min(self.window) / self.ratio).floor()
    }

    /// Elements that one token reads with `depth` tokens before it.
    fn elements(&self, depth: f64) -> f64 {
        self.read * self.entries(depth).min(self.top_k)
    }
}

impl KvCache {
    /// The cache of `model` with `bits_per_element` for each key and value.
    #[must_use]
    pub fn new(model: &Model, bits_per_element: f64) -> Self {
        let mut cache = Self {
            groups: Vec::new(),
            indexes: Vec::new(),
            bytes_per_element: bits_per_element / 8.0,
            state_bytes: 0.0,
        };
        for layers in &model.attention {
            cache.add(layers);
        }
        cache
    }

    fn add(&mut self, group: &Layers) {
        match *group {
            Layers::Full { layers, kv_heads, head_dim, v_head_dim, shared, sparse, .. } => {
                let head = f64::from(head_dim + v_head_dim.unwrap_or(head_dim));
                self.add_attention((layers, shared), (kv_heads, head), f64::INFINITY, sparse);
            }
            Layers::Sliding { layers, window, kv_heads, head_dim, v_head_dim, shared, .. } => {
                let head = f64::from(head_dim + v_head_dim.unwrap_or(head_dim));
                self.add_attention((layers, shared), (kv_heads, head), f64::from(window), None);
            }
            Layers::Mla { layers, kv_lora_rank, rope_dim, sparse, .. } => {
                let latent = f64::from(kv_lora_rank + rope_dim);
                self.add_attention((layers, 0), (1, latent), f64::INFINITY, sparse);
            }
            Layers::Compressed {
                layers,
                ratio,
                entry_dim,
                window,
                shared,
                top_k,
                index_layers,
                index_dim,
                ..
            } => {
                let dim = f64::from(entry_dim);
                let window = f64::from(window);
                self.push(Group { window, ..Group::plain(f64::from(layers) * dim) });
                if ratio > 0 {
                    let ratio = f64::from(ratio);
                    let stored = f64::from(layers.saturating_sub(shared)) * dim;
                    let top_k = top_k.map_or(f64::INFINITY, f64::from);
                    self.push(Group { stored, ratio, top_k, ..Group::plain(f64::from(layers) * dim) });
                    let index = f64::from(index_layers) * f64::from(index_dim);
                    self.push(Group { ratio, ..Group::plain(index) });
                    self.indexes.push(Index { layers: f64::from(index_layers), ratio });
                }
            }
            Layers::Linear { layers, state_elements, conv_elements, .. } => {
                let elements = state_elements as f64 + conv_elements as f64;
                self.state_bytes += f64::from(layers) * elements * STATE_BYTES_PER_ELEMENT;
            }
        }
    }

    /// Layers, of which some share the cache of others, with so many heads of so many elements each.
    fn add_attention(
        &mut self,
        (layers, shared): (u32, u32),
        (heads, head): (u32, f64),
        window: f64,
        sparse: Option<Sparse>,
    ) {
        let width = f64::from(heads) * head;
        let stored_layers = f64::from(layers.saturating_sub(shared));
        let sparse_layers = sparse.map_or(0.0, |sparse| f64::from(sparse.layers.min(layers)));
        let whole_layers = f64::from(layers) - sparse_layers;
        let stored = (stored_layers - sparse_layers).max(0.0) * width;
        self.push(Group { stored, window, heads, ..Group::plain(whole_layers * width) });
        if let Some(sparse) = sparse {
            let top_k = f64::from(sparse.top_k);
            self.push(Group { window, top_k, heads, ..Group::plain(sparse_layers * width) });
            let index = f64::from(sparse.index_layers) * f64::from(sparse.index_dim);
            let ratio = f64::from(sparse.tokens_per_key.max(1));
            self.push(Group { window, ratio, ..Group::plain(index) });
            self.indexes.push(Index { layers: f64::from(sparse.index_layers), ratio: 1.0 });
        }
    }

    fn push(&mut self, group: Group) {
        if group.stored > 0.0 || group.read > 0.0 {
            self.groups.push(group);
        }
    }

    /// Bytes of keys and values that `tokens` tokens take in memory.
    #[must_use]
    pub fn stored_bytes(&self, tokens: f64) -> f64 {
        let elements: f64 = self.groups.iter().map(|group| group.stored * group.entries(tokens)).sum();
        elements * self.bytes_per_element
    }

    /// Bytes of keys and values that one token reads with `depth` tokens before it.
    #[must_use]
    pub fn read_bytes(&self, depth: f64) -> f64 {
        let elements: f64 = self.groups.iter().map(|group| group.elements(depth)).sum();
        elements * self.bytes_per_element
    }

    /// Entries that one token scores, over all layers, to select those that it reads.
    #[must_use]
    pub fn scored_entries(&self, depth: f64) -> f64 {
        self.indexes.iter().map(|index| index.layers * (depth / index.ratio).floor()).sum()
    }

    /// By how many devices what one token reads can be shared: the key-value heads, in the mean over its bytes. A device
    /// reads at least one head whole, so that more devices than heads read no less each.
    #[must_use]
    pub fn read_heads(&self, depth: f64) -> f64 {
        let elements: f64 = self.groups.iter().map(|group| group.elements(depth)).sum();
        let of_a_head: f64 =
            self.groups.iter().map(|group| group.elements(depth) / f64::from(group.heads.max(1))).sum();
        if of_a_head > 0.0 { elements / of_a_head } else { 1.0 }
    }

    /// Bytes of the recurrent states of one request. A token reads and writes all of them.
    #[must_use]
    pub fn state_bytes(&self) -> f64 {
        self.state_bytes
    }
}
