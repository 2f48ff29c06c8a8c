//! A model changed by hand: a preset, and what differs from it.

use serde::{Deserialize, Serialize};

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

/// The window that layers get which had none.
const DEFAULT_WINDOW: u32 = 4096;
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
            let full = count(attention, is_full);
            let sliding = count(attention, is_sliding);
            let all = full + sliding;
            let wanted = to_u32(f64::from(all) * share.clamp(0.0, 1.0));
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

/// Gives the groups picked `wanted` layers in all, in the proportions they had.
fn resize(attention: &mut [Layers], picked: impl Fn(&Layers) -> bool, wanted: u32) {
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

fn layers_of(group: &Layers) -> u32 {
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

fn is_full(group: &Layers) -> bool {
    matches!(group, Layers::Full { .. })
}

fn is_sliding(group: &Layers) -> bool {
    matches!(group, Layers::Sliding { .. })
}

fn count(attention: &[Layers], picked: fn(&Layers) -> bool) -> u32 {
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
fn attention_width(attention: &[Layers]) -> f64 {
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
mod tests {
    use super::*;

    fn dense() -> Model {
        ron::from_str(
            r#"(
            id: "dense", name: "Dense 70B", family: "Test", max_context: 131072, layers: 80, hidden_size: 8192,
            vocab_size: 128256,
            params: (embedding: 1050673152, head: 1050673152, attention: 12079595520, dense_ffn: 56371445760,
                other: 1318912),
            dense_ffn: Some((layers: 80, size: 28672, matrices: 3)),
            attention: [full(layers: 80, heads: 64, kv_heads: 8, head_dim: 128)],
            )"#,
        )
        .unwrap()
    }

    fn mixture() -> Model {
        ron::from_str(
            r#"(
            id: "moe", name: "Mixture 30B", family: "Test", max_context: 40960, layers: 48, hidden_size: 2048,
            vocab_size: 151936,
            params: (embedding: 311164928, head: 311164928, attention: 905969664, experts: 28991029248,
                router: 12582912, other: 211456),
            experts: Some((layers: 48, count: 128, active: 8, size: 768, matrices: 3)),
            attention: [full(layers: 48, heads: 32, kv_heads: 4, head_dim: 128)],
            )"#,
        )
        .unwrap()
    }

    #[track_caller]
    fn near(value: f64, wanted: f64) {
        assert!((value / wanted - 1.0).abs() < 1e-3, "{value} is not near {wanted}");
    }

    fn attending(model: &Model) -> u32 {
        model.attention.iter().map(layers_of).sum()
    }

    #[test]
    fn no_edits_change_nothing() {
        assert_eq!(ModelEdits::default().apply(&dense()), dense());
    }

    #[test]
    fn the_total_alone_scales_depth_and_width() {
        let edits = ModelEdits { total_b: Some(8.8), ..Default::default() };
        let model = edits.apply(&dense());
        near(model.params.total() as f64, 8.8e9);
        assert_eq!(model.layers, 40);
        assert_eq!(attending(&model), 40);
        assert_eq!(model.hidden_size, 4096);
        assert_eq!(model.name, "Custom, based on Dense 70B");
        let edits = ModelEdits { total_b: Some(120.0), ..Default::default() };
        let model = edits.apply(&mixture());
        near(model.params.total() as f64, 120e9);
        near(model.active_params() / mixture().active_params(), 120e9 / mixture().params.total() as f64);
    }

    #[test]
    fn active_parameters_are_met() {
        for active in [2.0, 3.3, 5.0, 12.0] {
            let edits = ModelEdits { active_b: Some(active), ..Default::default() };
            let model = edits.apply(&mixture());
            near(model.params.total() as f64, mixture().params.total() as f64);
            near(model.active_params(), active * 1e9);
        }
        let edits = ModelEdits { active_b: Some(20.0), ..Default::default() };
        let model = edits.apply(&dense());
        assert_eq!(model.experts.unwrap().count, DEFAULT_EXPERTS);
        near(model.params.total() as f64, dense().params.total() as f64);
        near(model.active_params(), 20e9);
    }

    #[test]
    fn a_change_to_attention_keeps_the_total() {
        let edits = ModelEdits { kv_heads: Some(64), head_dim: Some(64), ..Default::default() };
        let model = edits.apply(&dense());
        near(model.params.total() as f64, dense().params.total() as f64);
        assert!(matches!(model.attention[0], Layers::Full { kv_heads: 64, head_dim: 64, .. }));
    }

    #[test]
    fn layers_are_shared_out_between_full_and_sliding() {
        let edits = ModelEdits { sliding_share: Some(0.75), window: Some(1024), ..Default::default() };
        let model = edits.apply(&dense());
        assert_eq!(count(&model.attention, is_sliding), 60);
        assert_eq!(count(&model.attention, is_full), 20);
        assert!(model.attention.iter().any(|group| matches!(group, Layers::Sliding { window: 1024, .. })));
        let all = ModelEdits { sliding_share: Some(1.0), ..Default::default() }.apply(&dense());
        assert_eq!((count(&all.attention, is_sliding), count(&all.attention, is_full)), (80, 0));
        let none = ModelEdits { sliding_share: Some(0.0), ..Default::default() }.apply(&all);
        assert_eq!((count(&none.attention, is_sliding), count(&none.attention, is_full)), (0, 80));
    }

    #[test]
    fn experts_divide_what_there_is() {
        let edits = ModelEdits { experts: Some(256), ..Default::default() };
        let model = edits.apply(&mixture());
        near(model.params.total() as f64, mixture().params.total() as f64);
        assert!(model.active_params() < mixture().active_params());
        let edits = ModelEdits { experts: Some(64), ..Default::default() };
        assert_eq!(edits.apply(&dense()).experts.unwrap().count, 64);
    }

    #[test]
    fn nonsense_gives_a_model_all_the_same() {
        for value in [f64::NAN, f64::INFINITY, -1.0, 0.0, 1e300] {
            let edits = ModelEdits {
                total_b: Some(value),
                active_b: Some(value),
                layers: Some(0),
                kv_heads: Some(u32::MAX),
                head_dim: Some(u32::MAX),
                sliding_share: Some(value),
                window: Some(0),
                experts: Some(u32::MAX),
            };
            for preset in [dense(), mixture()] {
                let model = edits.apply(&preset);
                assert!(model.params.total() > 0, "{value}");
                assert!(model.active_params().is_finite());
            }
        }
    }
}
