//! The left panel: what the person asks. Every control changes the answer while it is moved.

mod architecture;
mod context;
mod model;
mod money;
mod quant;
mod runtime;

use egui::{Panel, ScrollArea, Ui};

use super::{
    AppState,
    command::{Command, Commands},
    theme::{self, Tokens},
};

/// Shows the panel. Its parts edit a draft of the question, which is sent if it differs.
pub fn ask_panel(ui: &mut Ui, state: &AppState, commands: &mut Commands) {
    let tokens = Tokens::of(ui);
    let mut frame = theme::panel_frame(&tokens);
    // The scroll bar stands in the margin.
    frame.inner_margin.right = 4;
    Panel::left("ask").default_size(324.0).size_range(286.0..=520.0).frame(frame).show(ui, |ui| {
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            ui.set_max_width(ui.available_width() - f32::from(theme::PANEL_MARGIN));
            let mut draft = state.inputs.scenario.clone();
            model::model_ui(ui, state, &mut draft, commands);
            architecture::architecture_ui(ui, state, &mut draft);
            quant::quant_ui(ui, state, &mut draft);
            context::context_ui(ui, state, &mut draft);
            runtime::runtime_ui(ui, state, &mut draft);
            money::money_ui(ui, state, &mut draft, commands);
            ui.add_space(theme::GROUP_GAP);
            if draft != state.inputs.scenario {
                commands.send(Command::Ask(Box::new(draft)));
            }
        });
    });
}
