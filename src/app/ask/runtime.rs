//! Which program runs the model, and under what.

use egui::{ComboBox, Ui};

use super::super::{AppState, widgets};
use crate::{catalog::System, scenario::Scenario};

const BEST: &str = "Best for each machine";

pub fn runtime_ui(ui: &mut Ui, state: &AppState, draft: &mut Scenario) {
    widgets::section(ui, "Runtime");
    let named = |id: &str| state.catalog.runtimes.get(id).map_or_else(|| id.to_owned(), |it| it.name.clone());
    let shown = draft.runtime.as_deref().map_or_else(|| BEST.to_owned(), named);
    widgets::row(ui, "Program", |ui, label| {
        let response = ComboBox::from_id_salt("runtime")
            .width(ui.available_width())
            .height(widgets::LIST_HEIGHT)
            .selected_text(shown)
            .show_ui(ui, |ui| {
                if ui.selectable_label(draft.runtime.is_none(), BEST).clicked() {
                    draft.runtime = None;
                }
                for runtime in state.catalog.runtimes.iter().filter(|runtime| runtime.offered) {
                    let reads =
                        state.results.family.is_none_or(|family| runtime.quant_families.contains(&family));
                    let chosen = draft.runtime.as_deref() == Some(runtime.id.as_str());
                    let entry = ui.add_enabled(
                        reads || chosen,
                        egui::Button::selectable(chosen, runtime.name.as_str()),
                    );
                    let entry = entry.on_disabled_hover_text("It does not read this family of quantizations");
                    if entry.clicked() {
                        draft.runtime = Some(runtime.id.clone());
                    }
                }
            });
        response.response.labelled_by(label.id);
    });
    system_ui(ui, draft);
}

fn system_ui(ui: &mut Ui, draft: &mut Scenario) {
    let choices = [
        (None, "Linux or macOS", "As machines come"),
        (
            Some(System::Windows),
            "Windows",
            "Calls take longer there, which small models feel most. Programs that have no version for Windows run in WSL. \
             Macs, DGX Sparks and servers stay as they come",
        ),
        (Some(System::Wsl), "Linux in Windows (WSL)", "Calls take longer, and memory is read more slowly"),
    ];
    let shown = choices.iter().find(|(system, ..)| *system == draft.system).map_or("", |(_, name, _)| name);
    widgets::row(ui, "System", |ui, label| {
        let response = ComboBox::from_id_salt("system")
            .width(ui.available_width())
            .selected_text(shown)
            .show_ui(ui, |ui| {
                for (system, name, tooltip) in choices {
                    ui.selectable_value(&mut draft.system, system, name).on_hover_text(tooltip);
                }
            });
        response.response.labelled_by(label.id);
    });
}
