//! How the weights and the cache are stored.

use egui::{ComboBox, Ui};

use super::super::{AppState, results, widgets, widgets::Number};
use super::architecture::to_u32;
use crate::{
    catalog::{KvType, Quant, QuantFamily},
    scenario::Scenario,
    units,
};

pub fn quant_ui(ui: &mut Ui, state: &AppState, draft: &mut Scenario) {
    widgets::section(ui, "Quantization");
    family_ui(ui, state, draft);
    stops_ui(ui, state, draft);
    let bytes = &state.results.bytes;
    widgets::fact(ui, "Weights", format!("{} bits each", units::significant(bytes.bits_per_weight)));
    widgets::fact(ui, "On disk", units::gigabytes(bytes.disk));
    widgets::fact(
        ui,
        "Read per token",
        format!("{} + {} cache", units::gigabytes(bytes.weights_read), units::gigabytes(bytes.cache_read)),
    );
    if let Some(quality) = state.catalog.quant(&draft.quant).and_then(quality) {
        widgets::fact(ui, "Quality lost", quality.0).on_hover_text(quality.1);
    }
    cache_ui(ui, state, draft);
}

fn family_ui(ui: &mut Ui, state: &AppState, draft: &mut Scenario) {
    let Some(chosen) = state.results.family else { return };
    widgets::row(ui, "Family", |ui, label| {
        let response = ComboBox::from_id_salt("quant family")
            .width(ui.available_width())
            .height(widgets::LIST_HEIGHT)
            .selected_text(chosen.name())
            .show_ui(ui, |ui| {
                for family in QuantFamily::ALL {
                    let mut readers = state
                        .catalog
                        .runtimes
                        .iter()
                        .filter(|runtime| runtime.offered && runtime.quant_families.contains(&family))
                        .peekable();
                    if readers.peek().is_none() {
                        continue;
                    }
                    let is_read = readers.any(|runtime| runtime.runs_model(&draft.model));
                    let entry = egui::Button::selectable(family == chosen, family.name());
                    let entry = ui
                        .add_enabled(is_read || family == chosen, entry)
                        .on_disabled_hover_text("No program runs this model from such files");
                    if entry.clicked() && family != chosen {
                        choose_family(state, family, draft);
                    }
                }
            });
        response.response.labelled_by(label.id);
    });
}

/// The stop of the new family that is nearest in size, and a cache type that the family has.
fn choose_family(state: &AppState, family: QuantFamily, draft: &mut Scenario) {
    let bits = state.results.bytes.bits_per_weight;
    let stops = results::stops(&state.catalog, state.results.model.as_ref(), Some(family));
    let nearest = stops
        .iter()
        .min_by(|a, b| (a.bits_per_weight - bits).abs().total_cmp(&(b.bits_per_weight - bits).abs()));
    let Some(stop) = nearest else { return };
    draft.quant.clone_from(&stop.id);
    let keeps = state.catalog.kv_type(&draft.kv_type).is_some_and(|kv| has_family(kv, family));
    if !keeps && let Some(kv) = state.catalog.kv_types.iter().find(|kv| has_family(kv, family)) {
        draft.kv_type.clone_from(&kv.id);
    }
}

fn has_family(kv: &KvType, family: QuantFamily) -> bool {
    kv.families.is_empty() || kv.families.contains(&family)
}

fn stops_ui(ui: &mut Ui, state: &AppState, draft: &mut Scenario) {
    let stops = &state.results.stops;
    let chosen = state.catalog.quant(&draft.quant).map(|quant| quant.id.as_str());
    let at = stops.iter().position(|stop| Some(stop.id.as_str()) == chosen);
    let Some(last) = stops.len().checked_sub(1) else { return };
    let name = |value: f64| {
        let index = (to_u32(value.max(0.0)) as usize).min(last);
        stops[index].name.clone()
    };
    let number = Number {
        range: 0.0..=last as f64,
        logarithmic: false,
        step: Some(1.0),
        format: &name,
        speed: 0.05,
        tooltip: "From the smallest to the largest",
    };
    let position = at.map_or(0.0, |at| at as f64);
    let names = |text: &str| {
        let text = text.trim();
        stops.iter().position(|stop| stop.name.eq_ignore_ascii_case(text)).map(|at| at as f64)
    };
    if let Some(value) = widgets::slider_named(ui, "Size", position, &number, &names) {
        let index = (to_u32(value) as usize).min(last);
        draft.quant.clone_from(&stops[index].id);
    }
    if at.is_none() {
        widgets::remark(ui, format!("{} is not one of the stops.", draft.quant));
    }
}

/// Quality lost in few words, and where that was published.
fn quality(quant: &Quant) -> Option<(String, String)> {
    let quality = quant.quality.as_ref()?;
    let text = match (quality.perplexity_increase, quality.kl_divergence, quality.perplexity) {
        (Some(increase), _, _) => format!("+{} perplexity", units::significant(increase)),
        (None, Some(divergence), _) => format!("{} KL divergence", units::significant(divergence)),
        (None, None, Some(perplexity)) => format!("perplexity {}", units::significant(perplexity)),
        (None, None, None) => return None,
    };
    Some((text, format!("Published for {}. Source: {}", quality.model, quality.source)))
}

fn cache_ui(ui: &mut Ui, state: &AppState, draft: &mut Scenario) {
    let family = state.results.family;
    let chosen = state.catalog.kv_type(&draft.kv_type);
    widgets::row(ui, "KV cache", |ui, label| {
        let shown = chosen.map_or(draft.kv_type.as_str(), |kv| kv.name.as_str());
        let response = ComboBox::from_id_salt("cache type")
            .width(ui.available_width())
            .height(widgets::LIST_HEIGHT)
            .selected_text(shown)
            .show_ui(ui, |ui| {
                let offered = |kv: &&KvType| family.is_none_or(|family| has_family(kv, family));
                for kv in state.catalog.kv_types.iter().filter(offered) {
                    let text = format!("{}, {} bits", kv.name, units::significant(kv.bits_per_element));
                    if ui.selectable_label(chosen.is_some_and(|it| it.id == kv.id), text).clicked() {
                        draft.kv_type.clone_from(&kv.id);
                    }
                }
            });
        response.response.labelled_by(label.id);
    });
}
