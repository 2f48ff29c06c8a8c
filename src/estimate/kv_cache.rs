//! Bytes of the key-value cache and of recurrent states: kept in memory, and read for one token.

use crate::catalog::{Layers, Model, Sparse};

/// States of linear layers are kept in 32 bits whatever the cache's type (llama.cpp, `llama-memory-recurrent`).
const STATE_BYTES_PER_ELEMENT: f64 = 4.0;

/// A model's cache, kept in elements of one size.
#[derive(Clone, Debug, PartialEq)]
pub struct KvCache {
    groups: Vec<Group>,
    bytes_per_element: f64,
    state_bytes: f64,
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
}

impl Group {
    fn entries(&self, tokens: f64) -> f64 {
        (tokens.min(self.window) / self.ratio).floor()
    }
}

impl KvCache {
    /// The cache of `model` with `bits_per_element` for each key and value.
    #[must_use]
    pub fn new(model: &Model, bits_per_element: f64) -> Self {
        let mut cache =
            Self { groups: Vec::new(), bytes_per_element: bits_per_element / 8.0, state_bytes: 0.0 };
        for layers in &model.attention {
            cache.add(layers);
        }
        cache
    }

    fn add(&mut self, group: &Layers) {
        match *group {
            Layers::Full { layers, kv_heads, head_dim, v_head_dim, shared, sparse, .. } => {
                let width = f64::from(kv_heads) * f64::from(head_dim + v_head_dim.unwrap_or(head_dim));
                self.add_attention(layers, shared, width, f64::INFINITY, sparse);
            }
            Layers::Sliding { layers, window, kv_heads, head_dim, v_head_dim, shared, .. } => {
                let width = f64::from(kv_heads) * f64::from(head_dim + v_head_dim.unwrap_or(head_dim));
                self.add_attention(layers, shared, width, f64::from(window), None);
            }
            Layers::Mla { layers, kv_lora_rank, rope_dim, sparse, .. } => {
                self.add_attention(layers, 0, f64::from(kv_lora_rank + rope_dim), f64::INFINITY, sparse);
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
                let in_window = f64::from(layers) * dim;
                self.push(in_window, in_window, f64::from(window), 1.0, f64::INFINITY);
                if ratio > 0 {
                    let ratio = f64::from(ratio);
                    let stored = f64::from(layers.saturating_sub(shared)) * dim;
                    let top_k = top_k.map_or(f64::INFINITY, f64::from);
                    self.push(stored, f64::from(layers) * dim, f64::INFINITY, ratio, top_k);
                    let index = f64::from(index_layers) * f64::from(index_dim);
                    self.push(index, index, f64::INFINITY, ratio, f64::INFINITY);
                }
            }
            Layers::Linear { layers, state_elements, conv_elements, .. } => {
                let elements = state_elements as f64 + conv_elements as f64;
                self.state_bytes += f64::from(layers) * elements * STATE_BYTES_PER_ELEMENT;
            }
        }
    }

    fn add_attention(&mut self, layers: u32, shared: u32, width: f64, window: f64, sparse: Option<Sparse>) {
        let stored_layers = f64::from(layers.saturating_sub(shared));
        let sparse_layers = sparse.map_or(0.0, |sparse| f64::from(sparse.layers.min(layers)));
        let whole_layers = f64::from(layers) - sparse_layers;
        let stored_whole = (stored_layers - sparse_layers).max(0.0);
        self.push(stored_whole * width, whole_layers * width, window, 1.0, f64::INFINITY);
        if let Some(sparse) = sparse {
            let entries = sparse_layers * width;
            self.push(entries, entries, window, 1.0, f64::from(sparse.top_k));
            let index = f64::from(sparse.index_layers) * f64::from(sparse.index_dim);
            self.push(index, index, window, f64::from(sparse.tokens_per_key.max(1)), f64::INFINITY);
        }
    }

    fn push(&mut self, stored: f64, read: f64, window: f64, ratio: f64, top_k: f64) {
        if stored > 0.0 || read > 0.0 {
            self.groups.push(Group { stored, read, window, ratio, top_k });
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
        let elements: f64 =
            self.groups.iter().map(|group| group.read * group.entries(depth).min(group.top_k)).sum();
        elements * self.bytes_per_element
    }

    /// Bytes of the recurrent states of one request. A token reads and writes all of them.
    #[must_use]
    pub fn state_bytes(&self) -> f64 {
        self.state_bytes
    }
}
