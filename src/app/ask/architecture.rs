//! Sliders that make a custom model of the preset.

use egui::Ui;

use super::super::{AppState, widgets, widgets::Number};
use crate::{
    catalog::{Layers, Model},
    scenario::Scenario,
    units,
};

/// What the sliders show of a model.
struct Shape {
    kv_heads: Option<u32>,
    head_dim: Option<u32>,
    /// Attending layers with and without a window.
    full: u32,
    sliding: u32,
    window: Option<u32>,
}

impl Shape {
    fn of(model: &Model) -> Self {
        let mut shape = Self { kv_heads: None, head_dim: None, full: 0, sliding: 0, window: None };
        for group in &model.attention {
            match *group {
                Layers::Full { layers, kv_heads, head_dim, .. } => {
                    shape.full += layers;
                    shape.kv_heads.get_or_insert(kv_heads);
                    shape.head_dim.get_or_insert(head_dim);
                }
                Layers::Sliding { layers, window, kv_heads, head_dim, .. } => {
                    shape.sliding += layers;
                    shape.window.get_or_insert(window);
                    shape.kv_heads.get_or_insert(kv_heads);
                    shape.head_dim.get_or_insert(head_dim);
                }
                Layers::Mla { .. } | Layers::Compressed { .. } | Layers::Linear { .. } => {}
            }
        }
        shape
    }
}

pub fn architecture_ui(ui: &mut Ui, state: &AppState, draft: &mut Scenario) {
    let Some(model) = &state.results.model else { return };
    ui.add_space(4.0);
    let id = ui.make_persistent_id("architecture");
    let open = !draft.edits.is_empty();
    egui::collapsing_header::CollapsingState::load_with_default_open(ui, id, true)
        .show_header(ui, |ui| {
            ui.label(if open { "Custom model" } else { "Change the model" });
        })
        .body_unindented(|ui| {
            parameters_ui(ui, model, draft);
            attention_ui(ui, model, draft);
        });
}

fn parameters_ui(ui: &mut Ui, model: &Model, draft: &mut Scenario) {
    let billions = |value: f64| units::parameters(value * 1e9);
    let total = model.params.total() as f64 / 1e9;
    let number = Number {
        range: 0.1..=2000.0,
        logarithmic: true,
        step: None,
        format: &billions,
        speed: total * 0.005,
        tooltip: "All parameters. Alone, it scales layers and width too, and active parameters with it",
    };
    if let Some(value) = widgets::slider(ui, "Total", total, &number) {
        draft.edits.total_b = Some(three_digits(value));
    }
    let active = model.active_params() / 1e9;
    let number = Number {
        range: 0.05..=total.max(0.1),
        speed: active * 0.005,
        tooltip: "Parameters that take part in one token. Fewer than all makes a mixture of experts",
        ..number
    };
    if let Some(value) = widgets::slider(ui, "Active", active, &number) {
        draft.edits.active_b = Some(three_digits(value));
    }
    let whole = |value: f64| units::thousands(value);
    let experts = model.experts.map_or(1, |experts| experts.count);
    let count = |value: f64| {
        if value < 1.5 { "none".to_owned() } else { units::thousands(value) }
    };
    let number = Number {
        range: 1.0..=1024.0,
        logarithmic: true,
        step: Some(1.0),
        format: &count,
        speed: 0.3,
        tooltip: "Routed experts in a layer. The total stays, so more of them are smaller ones",
    };
    if let Some(value) = widgets::slider(ui, "Experts", f64::from(experts), &number) {
        draft.edits.experts = Some(to_u32(value));
    }
    let number = Number {
        range: 1.0..=200.0,
        logarithmic: false,
        step: Some(1.0),
        format: &whole,
        speed: 0.2,
        tooltip: "The cache grows with layers; the total stays",
    };
    if let Some(value) = widgets::slider(ui, "Layers", f64::from(model.layers), &number) {
        draft.edits.layers = Some(to_u32(value));
    }
}

fn attention_ui(ui: &mut Ui, model: &Model, draft: &mut Scenario) {
    let shape = Shape::of(model);
    let whole = |value: f64| units::thousands(value);
    let (Some(kv_heads), Some(head_dim)) = (shape.kv_heads, shape.head_dim) else {
        widgets::remark(ui, "Its cache is compressed or constant, so heads and windows do not set its size.");
        return;
    };
    let number = Number {
        range: 1.0..=128.0,
        logarithmic: true,
        step: Some(1.0),
        format: &whole,
        speed: 0.1,
        tooltip: "Heads that keep keys and values; the cache grows with them",
    };
    if let Some(value) = widgets::slider(ui, "KV heads", f64::from(kv_heads), &number) {
        draft.edits.kv_heads = Some(to_u32(value));
    }
    let number = Number {
        range: 32.0..=512.0,
        logarithmic: true,
        step: Some(16.0),
        format: &whole,
        speed: 0.5,
        tooltip: "Elements of one key",
    };
    if let Some(value) = widgets::slider(ui, "Head size", f64::from(head_dim), &number) {
        draft.edits.head_dim = Some(to_u32(value));
    }
    let attending = shape.full + shape.sliding;
    let windowed = f64::from(shape.sliding) / f64::from(attending.max(1));
    let layers = |value: f64| {
        let sliding = (value * f64::from(attending)).round();
        format!("{sliding:.0} of {attending}")
    };
    let number = Number {
        range: 0.0..=1.0,
        logarithmic: false,
        step: None,
        format: &layers,
        speed: 0.004,
        tooltip: "Layers that look back only over a window, so that their cache stops growing",
    };
    if let Some(value) = widgets::slider(ui, "Windowed", windowed, &number) {
        draft.edits.sliding_share = Some((value * 1000.0).round() / 1000.0);
    }
    if let Some(window) = shape.window {
        let number = Number {
            range: 128.0..=32_768.0,
            logarithmic: true,
            step: Some(128.0),
            format: &|value| units::tokens(to_u32(value)),
            speed: 8.0,
            tooltip: "Tokens that a windowed layer looks back over",
        };
        if let Some(value) = widgets::slider(ui, "Window", f64::from(window), &number) {
            draft.edits.window = Some(to_u32(value));
        }
    }
}

fn three_digits(value: f64) -> f64 {
    if value <= 0.0 {
        return value;
    }
    let unit = 10f64.powf(value.log10().floor() - 2.0);
    (value / unit).round() * unit
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "sliders keep to small ranges")]
pub fn to_u32(value: f64) -> u32 {
    value.round() as u32
}
