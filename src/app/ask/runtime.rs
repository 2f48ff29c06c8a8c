//! Which program runs the model.

use egui::{ComboBox, Ui};

use super::super::{AppState, widgets};
use crate::scenario::Scenario;

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
}
