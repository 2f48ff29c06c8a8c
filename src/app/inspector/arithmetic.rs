//! The formula with its numbers in place.

use egui::{RichText, Ui};

use super::{
    super::{AppState, theme::Tokens, widgets},
    bars::milliseconds,
    heading,
};
use crate::{
    catalog::Machine,
    compare::Row,
    estimate::{Estimate, Placement},
    units,
};

/// One term of the sum.
struct Line {
    what: &'static str,
    numbers: String,
    ms: f64,
}

pub fn formula_ui(ui: &mut Ui, state: &AppState, row: &Row, machine: &Machine, estimate: &Estimate) {
    heading(ui, "The arithmetic");
    let tokens = Tokens::of(ui);
    widgets::remark(ui, "time = weights / (bandwidth · share) + cache / (bandwidth · share) + fixed");
    let lines = lines(state, row, machine, estimate);
    for line in &lines {
        line_ui(ui, line.what, &line.numbers, RichText::new(milliseconds(line.ms)));
    }
    let speed = RichText::new(units::tokens_per_s(estimate.tokens_per_s)).color(tokens.strong);
    line_ui(ui, "Speed", &format!("1 / {}", milliseconds(estimate.time.total_ms())), speed);
}

/// A term's name, its numbers, and what they come to at the right.
fn line_ui(ui: &mut Ui, what: &str, numbers: &str, result: RichText) {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        let width = 62.0;
        ui.scope(|ui| {
            ui.set_width(width);
            ui.label(widgets::weak(ui, what).size(12.5));
        });
        let layout = egui::Layout::right_to_left(egui::Align::Center);
        ui.with_layout(layout, |ui| {
            ui.label(result.size(12.5));
            ui.add_space(6.0);
            ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
                ui.add(egui::Label::new(RichText::new(numbers).size(12.5)).truncate());
            });
        });
    });
}

fn lines(state: &AppState, row: &Row, machine: &Machine, estimate: &Estimate) -> Vec<Line> {
    let time = &estimate.time;
    let runtime = row.runtime.as_deref().and_then(|id| state.catalog.runtimes.get(id));
    let at_once = runtime.map_or(1, |runtime| runtime.split.at_once(machine.devices));
    let bandwidth = machine.device_gb_per_s(state.catalog.chips.get(&machine.chip)).unwrap_or_default();
    let bandwidth = bandwidth * f64::from(at_once);
    // With some of it in the host's memory, the share cannot be told from what the card reads.
    let whole = !matches!(estimate.placement, Placement::Offloads { .. });
    let term = |bytes: f64, ms: f64| {
        if whole && ms > 0.0 && bandwidth > 0.0 {
            let share = bytes / 1e9 / bandwidth / (ms / 1e3);
            format!(
                "{} / ({} GB/s · {})",
                units::gigabytes(bytes),
                units::significant(bandwidth),
                units::significant(share)
            )
        } else {
            "what the card holds of it".to_owned()
        }
    };
    let cache = estimate.kv_read_bytes + estimate.state_bytes;
    let mut lines = vec![
        Line {
            what: "Weights",
            numbers: term(estimate.weights_read_bytes, time.weights_ms),
            ms: time.weights_ms,
        },
        Line { what: "Cache", numbers: term(cache, time.cache_ms), ms: time.cache_ms },
        Line { what: "Arithmetic", numbers: "multiplying for several users".to_owned(), ms: time.compute_ms },
        Line { what: "Host", numbers: "what its memory holds".to_owned(), ms: time.offload_ms },
        Line { what: "Exchange", numbers: format!("between {} devices", machine.devices), ms: time.link_ms },
        Line { what: "Fixed", numbers: "launching and sampling".to_owned(), ms: time.fixed_ms },
    ];
    lines.retain(|line| line.ms > 0.0);
    lines
}
