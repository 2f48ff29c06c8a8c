//! Bars that show where bytes and milliseconds go.

use egui::{Color32, CornerRadius, Role, Sense, Ui, WidgetInfo, vec2};

use super::{
    super::{AppState, theme::Tokens, widgets},
    heading,
};
use crate::{
    estimate::{Estimate, WeightPart},
    figure::Hue,
    plot::palette::Palette,
    units,
};

/// A part of a bar: what it is, how much, and its color.
struct Part {
    name: &'static str,
    value: f64,
    color: Color32,
}

fn part(ui: &Ui, name: &'static str, value: f64, accent: u8) -> Part {
    Part { name, value, color: Palette::of(ui).color(Hue::Accent(accent)) }
}

/// Memory needed against what can be used.
pub fn memory_ui(ui: &mut Ui, state: &AppState, estimate: &Estimate) {
    let memory = &estimate.memory;
    heading(ui, "Where the memory goes");
    let parts = [
        part(ui, "Weights", memory.weights_bytes, 0),
        part(ui, "Cache", memory.cache_bytes, 1),
        part(ui, "Buffers", memory.buffers_bytes, 4),
    ];
    let whole = memory.usable_bytes.max(memory.needed_bytes());
    bar_ui(ui, "Memory", &parts, whole, Some(memory.usable_bytes), &units::gibibytes);
    let need = memory.needed_bytes();
    let text = if need <= memory.usable_bytes {
        format!("{} of {} usable", units::gibibytes(need), units::gibibytes(memory.usable_bytes))
    } else {
        format!("needs {}, can use {}", units::gibibytes(need), units::gibibytes(memory.usable_bytes))
    };
    widgets::plain_fact(ui, "In all", text);
    if let Some(note) = state.results.model.as_ref().filter(|model| model.tower_params > 0) {
        widgets::remark(ui, format!("The vision or audio tower of {} counts too.", note.name));
    }
}

/// Bytes that one token reads.
pub fn bytes_ui(ui: &mut Ui, state: &AppState, estimate: &Estimate) {
    let Some(weights) = &state.results.weights else { return };
    heading(ui, "Bytes read for one token");
    let of = |parts: &[WeightPart]| parts.iter().map(|part| weights.part_read_bytes(*part)).sum::<f64>();
    // With several users more experts are read than one token needs: scale to what the estimate reads.
    let single = weights.read_bytes().max(1.0);
    let extra = (estimate.weights_read_bytes - single).max(0.0);
    let parts: Vec<Part> = [
        part(ui, "Attention", of(&[WeightPart::Attention]), 0),
        part(ui, "Dense layers", of(&[WeightPart::DenseFfn]), 2),
        part(ui, "Experts", of(&[WeightPart::Experts, WeightPart::SharedExperts]) + extra, 3),
        part(ui, "Output head", of(&[WeightPart::Head]), 4),
        part(ui, "Other", of(&[WeightPart::Other]), 7),
        part(ui, "Cache", estimate.kv_read_bytes + estimate.state_bytes, 1),
    ]
    .into_iter()
    .collect();
    let whole: f64 = parts.iter().map(|part| part.value).sum();
    bar_ui(ui, "Bytes", &parts, whole, None, &units::gigabytes);
    widgets::plain_fact(ui, "In all", units::gigabytes(whole));
}

/// Milliseconds of one token.
pub fn time_ui(ui: &mut Ui, estimate: &Estimate) {
    let time = &estimate.time;
    heading(ui, "Milliseconds for one token");
    let parts = [
        part(ui, "Weights", time.weights_ms, 0),
        part(ui, "Cache", time.cache_ms, 1),
        part(ui, "Arithmetic", time.compute_ms, 3),
        part(ui, "Host memory", time.offload_ms, 4),
        part(ui, "Exchange", time.link_ms, 5),
        part(ui, "Fixed", time.fixed_ms, 7),
    ];
    bar_ui(ui, "Time", &parts, time.total_ms(), None, &milliseconds);
    widgets::plain_fact(ui, "In all", milliseconds(time.total_ms()));
}

/// Milliseconds stay milliseconds, so that the parts can be added up by eye.
pub fn milliseconds(value: f64) -> String {
    format!("{} ms", units::significant(value))
}

/// A bar of parts, and what each is below it. Parts of nothing are left out.
fn bar_ui(
    ui: &mut Ui,
    name: &str,
    parts: &[Part],
    whole: f64,
    limit: Option<f64>,
    format: &dyn Fn(f64) -> String,
) {
    let tokens = Tokens::of(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 14.0), Sense::hover());
    let shown: Vec<&Part> = parts.iter().filter(|part| part.value > whole * 1e-4).collect();
    let described: Vec<String> =
        shown.iter().map(|part| format!("{} {}", part.name.to_lowercase(), format(part.value))).collect();
    let described = format!("{name}: {}", described.join(", "));
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &described));
    let painter = ui.painter().with_clip_rect(rect);
    painter.rect_filled(rect, CornerRadius::same(3), tokens.raised);
    let scale = if whole > 0.0 { f64::from(rect.width()) / whole } else { 0.0 };
    let mut left = 0.0;
    for part in &shown {
        let right = left + part.value;
        #[expect(clippy::cast_possible_truncation, reason = "points on the screen")]
        let (from, to) = (rect.left() + (left * scale) as f32, rect.left() + (right * scale) as f32);
        let piece = egui::Rect::from_x_y_ranges(from..=(to - 1.0).max(from + 0.5), rect.y_range());
        painter.rect_filled(piece, CornerRadius::same(2), part.color);
        left = right;
    }
    if let Some(limit) = limit.filter(|limit| *limit < whole * 0.999) {
        #[expect(clippy::cast_possible_truncation, reason = "points on the screen")]
        let x = rect.left() + (limit * scale) as f32;
        painter.vline(x, rect.y_range(), egui::Stroke::new(2.0, tokens.strong));
    }
    for part in shown {
        ui.horizontal(|ui| {
            ui.spacing_mut().interact_size.y = 17.0;
            widgets::swatch(ui, part.color);
            ui.label(widgets::weak(ui, part.name).size(12.5));
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                let percent = if whole > 0.0 { part.value / whole * 100.0 } else { 0.0 };
                let share = format!("{percent:.0} %");
                ui.allocate_ui_with_layout(
                    vec2(40.0, 17.0),
                    egui::Layout::right_to_left(egui::Align::Center),
                    |ui| {
                        ui.set_min_width(40.0);
                        ui.label(widgets::weak(ui, share).size(12.5));
                    },
                );
                ui.label(egui::RichText::new(format(part.value)).size(12.5));
            });
        });
    }
}
