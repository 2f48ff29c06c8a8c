//! Groups of layers: how many there are, of what kind, and giving them out anew.

use super::to_u32;
use crate::catalog::Layers;

/// The window that layers get which had none.
const DEFAULT_WINDOW: u32 = 4096;

/// Shares the attending layers out anew: a part of them slides, the rest is full.
pub(super) fn share_out(attention: &mut Vec<Layers>, sliding_share: f64) {
    let full = count(attention, is_full);
    let sliding = count(attention, is_sliding);
    let all = full + sliding;
    let wanted = to_u32(f64::from(all) * sliding_share.clamp(0.0, 1.0));
    if sliding == 0 && wanted > 0 {
        let added = attention.iter().find_map(as_sliding);
        attention.extend(added);
    }
    if full == 0 && wanted < all {
        let added = attention.iter().find_map(as_full);
        attention.extend(added);
    }
    resize(attention, is_sliding, wanted);
    resize(attention, is_full, all - wanted);
    attention.retain(|group| layers_of(group) > 0);
}

/// Gives the groups picked `wanted` layers in all, in the proportions they had.
pub(super) fn resize(attention: &mut [Layers], picked: impl Fn(&Layers) -> bool, wanted: u32) {
    let old: u32 = attention.iter().filter(|group| picked(group)).map(layers_of).sum();
    if old == 0 {
        return;
    }
    let (mut seen, mut given) = (0_u32, 0_u32);
    for group in attention.iter_mut().filter(|group| picked(group)) {
        seen += layers_of(group);
        // Cumulative rounding, so that the counts add up.
        let upto = to_u32(f64::from(wanted) * f64::from(seen) / f64::from(old));
        set_layers(group, upto - given);
        given = upto;
    }
}

pub(super) fn layers_of(group: &Layers) -> u32 {
    match *group {
        Layers::Full { layers, .. }
        | Layers::Sliding { layers, .. }
        | Layers::Mla { layers, .. }
        | Layers::Compressed { layers, .. }
        | Layers::Linear { layers, .. } => layers,
    }
}

fn set_layers(group: &mut Layers, wanted: u32) {
    let old = layers_of(group).max(1);
    let ratio = f64::from(wanted) / f64::from(old);
    let part = |layers: u32| to_u32(f64::from(layers) * ratio).min(wanted);
    match group {
        Layers::Full { layers, shared, sparse, .. } => {
            *layers = wanted;
            *shared = part(*shared);
            if let Some(sparse) = sparse {
                sparse.layers = part(sparse.layers);
                sparse.index_layers = part(sparse.index_layers);
            }
        }
        Layers::Sliding { layers, shared, .. } => {
            *layers = wanted;
            *shared = part(*shared);
        }
        Layers::Mla { layers, sparse, .. } => {
            *layers = wanted;
            if let Some(sparse) = sparse {
                sparse.layers = part(sparse.layers);
                sparse.index_layers = part(sparse.index_layers);
            }
        }
        Layers::Compressed { layers, shared, index_layers, .. } => {
            *layers = wanted;
            *shared = part(*shared);
            *index_layers = part(*index_layers);
        }
        Layers::Linear { layers, .. } => *layers = wanted,
    }
}

pub(super) fn is_full(group: &Layers) -> bool {
    matches!(group, Layers::Full { .. })
}

pub(super) fn is_sliding(group: &Layers) -> bool {
    matches!(group, Layers::Sliding { .. })
}

pub(super) fn count(attention: &[Layers], picked: fn(&Layers) -> bool) -> u32 {
    attention.iter().filter(|group| picked(group)).map(layers_of).sum()
}

/// One sliding layer like a full one. One, since a group without layers has no share in what is given out.
fn as_sliding(group: &Layers) -> Option<Layers> {
    match *group {
        Layers::Full { heads, kv_heads, head_dim, v_head_dim, .. } => Some(Layers::Sliding {
            layers: 1,
            window: DEFAULT_WINDOW,
            heads,
            kv_heads,
            head_dim,
            v_head_dim,
            shared: 0,
        }),
        _ => None,
    }
}

fn as_full(group: &Layers) -> Option<Layers> {
    match *group {
        Layers::Sliding { heads, kv_heads, head_dim, v_head_dim, .. } => {
            Some(Layers::Full { layers: 1, heads, kv_heads, head_dim, v_head_dim, shared: 0, sparse: None })
        }
        _ => None,
    }
}

/// Elements that the projections of attention have for each element of the hidden size.
pub(super) fn attention_width(attention: &[Layers]) -> f64 {
    attention
        .iter()
        .map(|group| match *group {
            Layers::Full { layers, heads, kv_heads, head_dim, v_head_dim, .. }
            | Layers::Sliding { layers, heads, kv_heads, head_dim, v_head_dim, .. } => {
                let dims = f64::from(head_dim) + f64::from(v_head_dim.unwrap_or(head_dim));
                f64::from(layers) * (f64::from(heads) + f64::from(kv_heads)) * dims
            }
            Layers::Mla { layers, heads, kv_lora_rank, .. } => {
                f64::from(layers) * f64::from(heads) * f64::from(kv_lora_rank)
            }
            Layers::Compressed { .. } | Layers::Linear { .. } => 0.0,
        })
        .sum()
}
