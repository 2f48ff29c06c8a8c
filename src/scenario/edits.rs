//! A model changed by hand: a preset, and what differs from it.

mod layers;

use serde::{Deserialize, Serialize};

use layers::{attention_width, layers_of, resize, share_out};

use crate::catalog::{Basis, DenseFfn, Experts, Layers, Model, Params};

/// A model changed by hand: a preset to start from, and what differs from it.
///
/// The total stays as it is unless it is itself changed: what a change to attention, layers or experts frees or
/// takes, the feed-forward layers absorb. So each number answers for one effect.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ModelEdits {
    /// In 1e9 parameters. Alone, it scales layers and width together, as families of models do.
    pub total_b: Option<f64>,
    /// In 1e9 parameters. Makes a mixture of experts of a dense model.
    pub active_b: Option<f64>,
    pub layers: Option<u32>,
    pub kv_heads: Option<u32>,
    pub head_dim: Option<u32>,
    /// Of the layers with a growing cache, the share with a sliding window.
    pub sliding_share: Option<f64>,
    /// Tokens.
    pub window: Option<u32>,
    /// Routed experts in a layer.
    pub experts: Option<u32>,
}

/// Experts that a dense model gets when it is asked for fewer active parameters.
const DEFAULT_EXPERTS: u32 = 128;
/// Experts that a token goes through, where a dense model gets experts.
const DEFAULT_ACTIVE: u32 = 8;
/// Quantized rows come in multiples of this many weights.
const ROW_BLOCK: u32 = 256;

impl ModelEdits {
    /// Whether nothing differs from the preset.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The preset with these changes.
    ///
    /// Numbers out of range are moved into it, so that any edits give a model that can be computed with.
    #[must_use]
    pub fn apply(&self, preset: &Model) -> Model {
        let mut model = preset.clone();
        if self.is_empty() {
            return model;
        }
        model.name = format!("Custom, based on {}", preset.name);
        model.basis = Basis::Estimate;
        model.published = None;
        let total = self.wanted_total(preset);
        self.scale_depth_and_width(preset, total, &mut model);
        self.edit_attention(&mut model);
        self.edit_experts(preset, &mut model);
        fill_up(&mut model, total);
        self.edit_active(preset, &mut model);
        model
    }

    fn wanted_total(&self, preset: &Model) -> f64 {
        let own = preset.params.total() as f64;
        match self.total_b {
            Some(total) if total.is_finite() => (total * 1e9).clamp(1e6, 1e14),
            _ => own.max(1e6),
        }
    }

    /// Layers and hidden size for the total: both grow with its cube root, or the width alone with the square
    /// root where the layers are given.
    fn scale_depth_and_width(&self, preset: &Model, total: f64, model: &mut Model) {
        let scale = total / (preset.params.total() as f64).max(1.0);
        let old_layers = f64::from(preset.layers.max(1));
        let layers = match self.layers {
            Some(layers) => f64::from(layers.clamp(1, 1000)),
            None => (old_layers * scale.cbrt()).round().clamp(1.0, 1000.0),
        };
        let depth = layers / old_layers;
        let width = (scale / depth).sqrt();
        model.layers = to_u32(layers);
        if model.layers != preset.layers {
            scale_layer_counts(model, preset.layers.max(1));
        }
        let hidden = f64::from(preset.hidden_size) * width;
        model.hidden_size = (to_u32(hidden / 64.0) * 64).max(64);
        let width = f64::from(model.hidden_size) / f64::from(preset.hidden_size.max(1));
        let params = &mut model.params;
        for table in [&mut params.embedding, &mut params.head, &mut params.lookup] {
            *table = scaled(*table, width);
        }
        for body in [
            &mut params.attention,
            &mut params.linear_attention,
            &mut params.dense_ffn,
            &mut params.experts,
            &mut params.shared_experts,
            &mut params.router,
            &mut params.other,
        ] {
            *body = scaled(*body, depth * width * width);
        }
        if let Some(ffn) = &mut model.dense_ffn {
            ffn.size = round_row(f64::from(ffn.size) * width);
        }
        if let Some(experts) = &mut model.experts {
            experts.size = round_row(f64::from(experts.size) * width);
            experts.shared_size =
                if experts.shared_size == 0 { 0 } else { round_row(f64::from(experts.shared_size) * width) };
        }
        // Query heads keep their size, so a wider model has more of them.
        for group in &mut model.attention {
            if let Layers::Full { heads, kv_heads, .. } | Layers::Sliding { heads, kv_heads, .. } = group {
                let step = (*kv_heads).max(1);
                *heads = (to_u32(f64::from(*heads) * width / f64::from(step)) * step).max(step);
            }
        }
    }

    fn edit_attention(&self, model: &mut Model) {
        let before = attention_width(&model.attention);
        if self.sliding_share.is_some() || self.window.is_some() {
            self.edit_windows(&mut model.attention);
        }
        for group in &mut model.attention {
            if let Layers::Full { heads, kv_heads, head_dim, v_head_dim, .. }
            | Layers::Sliding { heads, kv_heads, head_dim, v_head_dim, .. } = group
            {
                if let Some(wanted) = self.kv_heads {
                    *kv_heads = wanted.clamp(1, 1024);
                    *heads = (*heads).max(*kv_heads);
                }
                if let Some(wanted) = self.head_dim {
                    *head_dim = wanted.clamp(1, 4096);
                    *v_head_dim = None;
                }
            }
        }
        let after = attention_width(&model.attention);
        if before > 0.0 && (after - before).abs() > 0.5 {
            model.params.attention = scaled(model.params.attention, after / before);
        }
    }

    /// Shares the attending layers out anew between full and sliding ones, and sets the windows.
    fn edit_windows(&self, attention: &mut Vec<Layers>) {
        if let Some(share) = self.sliding_share {
            share_out(attention, share);
        }
        if let Some(tokens) = self.window {
            for group in attention {
                if let Layers::Sliding { window, .. } = group {
                    *window = tokens.max(1);
                }
            }
        }
    }

    fn edit_experts(&self, preset: &Model, model: &mut Model) {
        let wanted = self.experts.map(|count| count.clamp(1, 100_000));
        match (&mut model.experts, wanted) {
            (Some(experts), Some(count)) => {
                let ratio = f64::from(experts.count) / f64::from(count);
                experts.size = round_row(f64::from(experts.size) * ratio);
                experts.active = experts.active.clamp(1, count);
                experts.count = count;
            }
            (None, Some(count)) if count > 1 => make_experts(model, count),
            (None, None) if self.asks_for_fewer_active(preset) => make_experts(model, DEFAULT_EXPERTS),
            _ => {}
        }
    }

    fn asks_for_fewer_active(&self, preset: &Model) -> bool {
        let scale = self.wanted_total(preset) / (preset.params.total() as f64).max(1.0);
        self.active_b.is_some_and(|active| active * 1e9 < preset.active_params() * scale * 0.995)
    }

    /// Brings the active parameters to what was asked, by the number of active experts first and then by moving
    /// parameters between routed experts and what every token reads.
    fn edit_active(&self, preset: &Model, model: &mut Model) {
        let scale = self.wanted_total(preset) / (preset.params.total() as f64).max(1.0);
        let keeps_own = self.experts.is_none() && self.total_b.is_some() && preset.experts.is_some();
        let wanted = match self.active_b {
            Some(active) if active.is_finite() => active * 1e9,
            _ if keeps_own => preset.active_params() * scale,
            _ => return,
        };
        let Some(mut experts) = model.experts else { return };
        let routed = model.params.experts as f64;
        let whole = model.active_params() - routed * model.active_share();
        if routed <= 0.0 {
            return;
        }
        let count = f64::from(experts.count);
        // Rounded down, since what is missing can always become a shared expert; a hair up, since a preset's own
        // number must give its own count.
        experts.active = to_u32(((wanted - whole) / routed * count + 1e-6).floor()).clamp(1, experts.count);
        model.experts = Some(experts);
        let share = f64::from(experts.active) / count;
        if share >= 1.0 {
            return;
        }
        // whole' + routed' = whole + routed, and whole' + routed' * share = wanted.
        let moved = ((whole + routed - wanted) / (1.0 - share)) - routed;
        let params = &mut model.params;
        let absorber = if params.dense_ffn > 0 { &mut params.dense_ffn } else { &mut params.shared_experts };
        let moved = moved.clamp(-routed * 0.5, *absorber as f64);
        *absorber = whole_count(*absorber as f64 - moved);
        params.experts = whole_count(routed + moved);
    }
}

/// Makes the feed-forward layers of a dense model a mixture of `count` experts of the same total.
fn make_experts(model: &mut Model, count: u32) {
    let ffn = model.dense_ffn.unwrap_or(DenseFfn { layers: model.layers, size: ROW_BLOCK, matrices: 3 });
    model.params.experts = model.params.dense_ffn;
    model.params.dense_ffn = 0;
    model.dense_ffn = None;
    model.experts = Some(Experts {
        layers: ffn.layers,
        count,
        active: DEFAULT_ACTIVE.min(count),
        size: round_row(f64::from(ffn.size) / f64::from(count)),
        input_size: None,
        shared_size: 0,
        matrices: ffn.matrices,
    });
}

/// Scales the feed-forward layers, or where there are none all layers, so that the sum is `total`.
fn fill_up(model: &mut Model, total: f64) {
    let params = &mut model.params;
    let flexible = |params: &Params| (params.dense_ffn + params.experts + params.shared_experts) as f64;
    let fixed = params.total() as f64 - flexible(params);
    // Feed-forward layers keep a tenth at least, else the rest shrinks too.
    let room = total - fixed;
    if flexible(params) <= 0.0 || room < total * 0.1 {
        let feed_forward = if flexible(params) > 0.0 { total * 0.1 } else { 0.0 };
        let shrink = (total - feed_forward) / fixed.max(1.0);
        for part in [
            &mut params.embedding,
            &mut params.head,
            &mut params.lookup,
            &mut params.attention,
            &mut params.linear_attention,
            &mut params.router,
            &mut params.other,
        ] {
            *part = scaled(*part, shrink);
        }
    }
    let fixed = params.total() as f64 - flexible(params);
    let stretch = (total - fixed).max(0.0) / flexible(params).max(1.0);
    for part in [&mut params.dense_ffn, &mut params.experts, &mut params.shared_experts] {
        *part = scaled(*part, stretch);
    }
}

/// Brings the layer counts of all groups from a model of `old` layers to the model's own.
fn scale_layer_counts(model: &mut Model, old: u32) {
    let ratio = f64::from(model.layers) / f64::from(old);
    let listed: u32 = model.attention.iter().map(layers_of).sum();
    let wanted = to_u32(f64::from(listed) * ratio).max(1);
    resize(&mut model.attention, |_| true, wanted);
    model.attention.retain(|group| layers_of(group) > 0);
    let scale = |layers: u32| to_u32(f64::from(layers) * ratio).max(1);
    if let Some(ffn) = &mut model.dense_ffn {
        ffn.layers = scale(ffn.layers);
    }
    if let Some(experts) = &mut model.experts {
        experts.layers = scale(experts.layers);
    }
}

fn scaled(count: u64, factor: f64) -> u64 {
    whole_count(count as f64 * factor)
}

// Casting saturates, and makes nothing of what is no number.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn whole_count(value: f64) -> u64 {
    value.round() as u64
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn to_u32(value: f64) -> u32 {
    value.round() as u32
}

fn round_row(size: f64) -> u32 {
    to_u32(size / f64::from(ROW_BLOCK)).max(1) * ROW_BLOCK
}

#[cfg(test)]
mod tests;
