//! Why a pinned machine comes out as it does: prices, fit, bytes, milliseconds, the formula, assumptions.

mod arithmetic;
mod bars;
mod facts;

use egui::{Frame, Margin, Panel, RichText, ScrollArea, Ui};

use super::{
    AppState,
    command::{Command, Commands},
    theme::{self, Tokens},
    widgets,
};
use crate::{catalog::Machine, compare::Row};

/// What the middle must keep for the figure.
const LEAST_MIDDLE: f32 = 520.0;
const CARD_WIDTH: f32 = 316.0;
/// At the right of the cards, where their scroll bar comes up beside the values.
const GUTTER: f32 = 8.0;

/// Whether the details stand in the table's place, since there is no room at the right.
#[must_use]
pub fn stands_below(ui: &Ui, state: &AppState) -> bool {
    !state.inputs.pinned.is_empty() && is_narrow(ui)
}

fn is_narrow(ui: &Ui) -> bool {
    ui.content_rect().width() < 324.0 + LEAST_MIDDLE + CARD_WIDTH
}

/// The panel at the right, where a machine is pinned and there is room.
pub fn inspector_panel(ui: &mut Ui, state: &AppState, commands: &mut Commands) {
    if state.inputs.pinned.is_empty() || is_narrow(ui) {
        return;
    }
    let tokens = Tokens::of(ui);
    let most = (ui.content_rect().width() - 324.0 - LEAST_MIDDLE).max(CARD_WIDTH);
    let wanted = (CARD_WIDTH + 26.0) * state.inputs.pinned.len() as f32;
    let margin = Margin { right: 2, ..Margin::symmetric(10, theme::PANEL_MARGIN) };
    let frame = Frame::new().fill(tokens.panel).inner_margin(margin);
    // A panel for each number of machines, so that each opens as wide as it needs and keeps its own width.
    Panel::right(("why", state.inputs.pinned.len().min(3)))
        .default_size(wanted.min(most))
        .size_range(260.0..=most)
        .frame(frame)
        .show(ui, |ui| cards_ui(ui, state, commands));
}

/// A card for each pinned machine, side by side.
pub fn cards_ui(ui: &mut Ui, state: &AppState, commands: &mut Commands) {
    let pinned = &state.inputs.pinned;
    let gap = 25.0;
    let count = pinned.len().max(1) as f32;
    let width = ((ui.available_width() - GUTTER + gap) / count - gap).max(CARD_WIDTH - 26.0);
    ScrollArea::both().auto_shrink(false).show(ui, |ui| {
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = gap;
            for (index, id) in pinned.iter().enumerate() {
                if index > 0 {
                    // In the middle of the gap.
                    let x = ui.cursor().left() - gap / 2.0;
                    let stroke = egui::Stroke::new(1.0, Tokens::of(ui).border);
                    ui.painter().vline(x, ui.clip_rect().y_range(), stroke);
                }
                ui.push_id(id, |ui| {
                    ui.vertical(|ui| {
                        ui.set_width(width);
                        card_ui(ui, state, id, commands);
                    });
                });
            }
        });
    });
}

fn card_ui(ui: &mut Ui, state: &AppState, id: &str, commands: &mut Commands) {
    let row = state.results.row_of(&state.catalog, id);
    let machine = row.and_then(|row| state.catalog.machines.at(row.machine));
    let tokens = Tokens::of(ui);
    let name = machine.map_or(id, |machine| machine.name.as_str());
    ui.spacing_mut().item_spacing = egui::vec2(8.0, 2.0);
    ui.spacing_mut().interact_size.y = 19.0;
    egui::Sides::new().shrink_left().show(
        ui,
        |ui| {
            let text = RichText::new(name).font(theme::heading_font()).color(tokens.strong);
            ui.add(egui::Label::new(text).wrap());
        },
        |ui| {
            if ui.button("Unpin").on_hover_text(format!("Close the details of {name}")).clicked() {
                commands.send(Command::TogglePin(id.to_owned()));
            }
        },
    );
    match (row, machine) {
        (Some(row), Some(machine)) => details_ui(ui, state, row, machine),
        _ => {
            widgets::remark(ui, "No preset has this machine any more, or the question has no answer.");
        }
    }
}

fn details_ui(ui: &mut Ui, state: &AppState, row: &Row, machine: &Machine) {
    facts::speed_ui(ui, row);
    facts::configuration_ui(ui, state, row, machine);
    facts::prices_ui(ui, state, row, machine);
    if let Ok(estimate) = &row.estimate {
        bars::memory_ui(ui, state, estimate);
        bars::bytes_ui(ui, state, estimate);
        bars::time_ui(ui, estimate);
        arithmetic::formula_ui(ui, state, row, machine, estimate);
        facts::assumptions_ui(ui, row, estimate);
        facts::confidence_ui(ui, estimate);
    }
}

/// A small heading inside a card.
fn heading(ui: &mut Ui, text: &str) {
    ui.add_space(9.0);
    let tokens = Tokens::of(ui);
    ui.label(RichText::new(text).size(13.5).color(tokens.accent));
}
