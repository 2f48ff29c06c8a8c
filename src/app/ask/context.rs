//! How long the conversation is, and for how many.

use egui::Ui;

use super::super::{AppState, widgets, widgets::Number};
use super::architecture::to_u32;
use crate::{
    scenario::{MemoryLimit, Scenario},
    units,
};

const LEAST: f64 = 512.0;

pub fn context_ui(ui: &mut Ui, state: &AppState, draft: &mut Scenario) {
    widgets::section(ui, "Context");
    let tokens = |value: f64| units::tokens(to_u32(value));
    let most =
        state.results.model.as_ref().map_or(131_072.0, |model| f64::from(model.max_context)).max(LEAST);
    let number = Number {
        range: LEAST..=most,
        logarithmic: true,
        step: None,
        format: &tokens,
        speed: 64.0,
        tooltip: "Tokens in the cache when the speed is taken, and the size the cache is laid out for",
    };
    if let Some(value) = widgets::slider(ui, "Depth", f64::from(draft.context), &number) {
        let by_hand = ui.input(|input| input.pointer.any_down() || input.pointer.any_released());
        draft.context = to_u32(stop(value, f64::from(draft.context), by_hand, most));
    }
    widgets::fact(
        ui,
        "Cache",
        format!("{} for each user", units::gigabytes(state.results.bytes.cache_stored)),
    );
    let number = Number {
        range: 1.0..=131_072.0_f64.min(most),
        speed: 8.0,
        tooltip: "The question's length, for the time to the first token",
        ..number
    };
    if let Some(value) = widgets::slider(ui, "Prompt", f64::from(draft.prompt), &number) {
        draft.prompt = to_u32(round_tokens(value));
    }
    let number = Number {
        range: 1.0..=32_768.0,
        speed: 4.0,
        tooltip: "The answer's length, for its speed as a person feels it",
        ..number
    };
    if let Some(value) = widgets::slider(ui, "Answer", f64::from(draft.answer), &number) {
        draft.answer = to_u32(round_tokens(value));
    }
    let users = |value: f64| if value < 1.5 { "1 user".to_owned() } else { format!("{value:.0} users") };
    let number = Number {
        range: 1.0..=256.0,
        logarithmic: true,
        step: Some(1.0),
        format: &users,
        speed: 0.1,
        tooltip: "Requests decoded at once. Weights are read once for all, each has a cache of its own",
    };
    if let Some(value) = widgets::slider(ui, "At once", f64::from(draft.users), &number) {
        draft.users = to_u32(value);
    }
    let mut raised = draft.memory_limit == MemoryLimit::Raised;
    if ui
        .checkbox(&mut raised, "Memory limit raised")
        .on_hover_text("Use what a documented setting allows, such as iogpu.wired_limit_mb on a Mac")
        .changed()
    {
        draft.memory_limit = if raised { MemoryLimit::Raised } else { MemoryLimit::AsShipped };
    }
    ui.checkbox(&mut draft.offload, "Leave what does not fit to the host")
        .on_hover_text("Layers or experts that a card cannot hold are read from the PC's memory, slowly");
}

/// A quarter of an octave: 8,192, 9,728, 11,584, 13,824, 16,384 tokens.
fn nearest_stop(value: f64, most: f64) -> f64 {
    let octaves = (value.log2() * 4.0).round() / 4.0;
    let stop = octaves.exp2();
    let unit = if stop >= 4096.0 { 128.0 } else { 16.0 };
    ((stop / unit).round() * unit).clamp(LEAST, most)
}

/// Dragging goes from stop to stop, and an arrow key to the next one. Typed numbers stay as they are.
fn stop(value: f64, before: f64, by_hand: bool, most: f64) -> f64 {
    let small_step = (value / before).log2().abs() < 0.1;
    if by_hand {
        nearest_stop(value, most)
    } else if small_step && (value - before).abs() > f64::EPSILON && value.fract() != 0.0 {
        let direction: f64 = if value > before { 0.25 } else { -0.25 };
        nearest_stop(before * direction.exp2(), most)
    } else {
        value.round()
    }
}

fn round_tokens(value: f64) -> f64 {
    let unit = match value {
        value if value >= 4096.0 => 128.0,
        value if value >= 256.0 => 16.0,
        _ => 1.0,
    };
    ((value / unit).round() * unit).max(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dragging_stops_at_round_numbers() {
        for (value, wanted) in [(8000.0, 8192.0), (33_000.0, 32_768.0), (10.0, 512.0), (1e9, 131_072.0)] {
            assert!((stop(value, 600.0, true, 131_072.0) - wanted).abs() < 0.1, "{value}");
        }
    }

    #[test]
    fn arrow_keys_always_move() {
        let next = stop(8192.5, 8192.0, false, 131_072.0);
        assert!(next > 9000.0 && next < 10_000.0, "{next}");
        assert!(stop(8191.5, 8192.0, false, 131_072.0) < 7500.0);
    }
}
