//! Choosing a model: a list that can be searched, and the choice in one line.

use egui::{
    Align, Align2, Id, Key, Layout, Popup, PopupCloseBehavior, RectAlign, RichText, Role, ScrollArea, Sense,
    TextEdit, TextStyle, Ui, WidgetInfo, vec2,
};

use super::super::{
    AppState,
    command::{Command, Commands},
    theme::{self, Tokens},
    widgets,
};
use crate::{
    catalog::{Catalog, Layers, Model},
    scenario::{ModelEdits, Scenario},
    units,
};

const LIST_WIDTH: f32 = 440.0;
const LIST_HEIGHT: f32 = 420.0;

pub fn model_ui(ui: &mut Ui, state: &AppState, draft: &mut Scenario, commands: &mut Commands) {
    let tokens = Tokens::of(ui);
    ui.label(RichText::new("Model").font(theme::heading_font()).color(tokens.strong));
    ui.add_space(1.0);
    let shown = match (&state.results.preset, state.inputs.scenario.edits.is_empty()) {
        (Some(preset), true) => preset.name.clone(),
        (Some(preset), false) => format!("Based on {}", preset.name),
        (None, _) => format!("Unknown model {}", draft.model),
    };
    let button = ui
        .scope(|ui| {
            let width = ui.available_width();
            let text = RichText::new(shown.clone()).size(14.5).color(tokens.strong);
            let button = egui::Button::new((text, egui::Atom::grow(), "⏷")).truncate();
            ui.add_sized(vec2(width, 30.0), button)
        })
        .inner;
    button.widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, format!("Model, {shown}")));
    let popup = Popup::menu(&button)
        .align(RectAlign::BOTTOM_START)
        .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
        .width(LIST_WIDTH);
    let was_open = popup.is_open();
    popup.show(|ui| list_ui(ui, state, commands));
    if was_open
        && !Popup::is_id_open(ui, Popup::default_response_id(&button))
        && !state.model_query.is_empty()
    {
        commands.send(Command::SearchModel(String::new()));
    }
    if let Some(model) = &state.results.model {
        widgets::remark(ui, summary(model));
        if !draft.edits.is_empty() {
            let back = state.results.preset.as_ref().map_or("the preset", |preset| preset.name.as_str());
            if ui.button(format!("Back to {back}")).clicked() {
                draft.edits = ModelEdits::default();
            }
        }
    }
}

/// `70.6 B parameters, 80 layers, 8 KV heads of 128, 128k context`.
pub fn summary(model: &Model) -> String {
    let mut parts = vec![format!("{} parameters", units::parameters(model.params.total() as f64))];
    if model.experts.is_some() {
        parts.push(format!("{} active", units::parameters(model.active_params())));
    }
    parts.push(format!("{} layers", model.layers));
    let heads = model.attention.iter().find_map(|group| match group {
        Layers::Full { kv_heads, head_dim, .. } | Layers::Sliding { kv_heads, head_dim, .. } => {
            Some(format!("{kv_heads} KV heads of {head_dim}"))
        }
        Layers::Mla { kv_lora_rank, rope_dim, .. } => {
            Some(format!("compressed cache of {} a layer", kv_lora_rank + rope_dim))
        }
        Layers::Compressed { .. } | Layers::Linear { .. } => None,
    });
    parts.extend(heads);
    parts.push(format!("{} context", short_tokens(model.max_context)));
    parts.join(", ")
}

/// `8k`, `128k`, `1M`.
fn short_tokens(tokens: u32) -> String {
    let tokens = f64::from(tokens);
    if tokens >= 1_000_000.0 {
        let millions = if tokens % 1_048_576.0 == 0.0 { tokens / 1_048_576.0 } else { tokens / 1e6 };
        format!("{}M", units::significant(millions).trim_end_matches('0').trim_end_matches('.'))
    } else if tokens >= 1024.0 {
        format!("{:.0}k", tokens / 1024.0)
    } else {
        format!("{tokens:.0}")
    }
}

/// A line of the list.
enum Line<'a> {
    Family(&'a str),
    Model(&'a Model),
}

/// The models that match all words of the query, by family, the newest first.
fn lines<'a>(catalog: &'a Catalog, query: &str) -> Vec<Line<'a>> {
    let words: Vec<String> = query.split_whitespace().map(str::to_lowercase).collect();
    let matches = |model: &Model| {
        let text = format!("{} {} {}", model.name, model.family, model.id).to_lowercase();
        words.iter().all(|word| text.contains(word))
    };
    let mut families: Vec<(&str, Vec<&Model>)> = Vec::new();
    for model in catalog.models.iter().filter(|model| matches(model)) {
        match families.iter_mut().find(|(family, _)| *family == model.family) {
            Some((_, models)) => models.push(model),
            None => families.push((&model.family, vec![model])),
        }
    }
    families.sort_by_key(|(family, _)| family.to_lowercase());
    let mut lines = Vec::new();
    for (family, mut models) in families {
        models.sort_by_key(|model| {
            (
                std::cmp::Reverse(model.released.map(crate::catalog::PartialDate::first_day)),
                model.params.total(),
            )
        });
        lines.push(Line::Family(family));
        lines.extend(models.into_iter().map(Line::Model));
    }
    lines
}

fn list_ui(ui: &mut Ui, state: &AppState, commands: &mut Commands) {
    let mut query = state.model_query.clone();
    let field = TextEdit::singleline(&mut query)
        .id(Id::unique("model search"))
        .hint_text("Search, for example qwen 30b")
        .margin(egui::Margin::symmetric(8, 5))
        .desired_width(f32::INFINITY);
    let response = ui.add(field);
    response.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, "Search models"));
    // Asked before the field takes the focus back.
    let entered = response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
    if ui.memory(|memory| memory.focused().is_none()) {
        response.request_focus();
    }
    if response.changed() {
        commands.send(Command::SearchModel(query.clone()));
    }
    let lines = lines(&state.catalog, &query);
    let first = lines.iter().find_map(|line| match line {
        Line::Model(model) => Some(*model),
        Line::Family(_) => None,
    });
    if entered {
        choose(ui, first, commands);
    }
    if first.is_none() {
        ui.add_space(6.0);
        ui.label(widgets::weak(ui, "No model has this name."));
        return;
    }
    ui.add_space(2.0);
    let height = theme::ROW_HEIGHT + 1.0;
    ui.spacing_mut().item_spacing.y = 0.0;
    ScrollArea::vertical().max_height(LIST_HEIGHT).auto_shrink([false, true]).show_rows(
        ui,
        height,
        lines.len(),
        |ui, range| {
            for line in &lines[range] {
                match line {
                    Line::Family(family) => family_ui(ui, family, height),
                    Line::Model(model) => {
                        if entry_ui(ui, model, model.id == state.inputs.scenario.model, height) {
                            choose(ui, Some(model), commands);
                        }
                    }
                }
            }
        },
    );
}

fn choose(ui: &Ui, model: Option<&Model>, commands: &mut Commands) {
    if let Some(model) = model {
        commands.send(Command::ChooseModel(model.id.clone()));
        commands.send(Command::SearchModel(String::new()));
        Popup::close_all(ui);
    }
}

fn family_ui(ui: &mut Ui, family: &str, height: f32) {
    let tokens = Tokens::of(ui);
    let size = vec2(ui.available_width(), height);
    ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Max), |ui| {
        ui.set_min_size(size);
        ui.add_space(6.0);
        ui.label(RichText::new(family).size(12.0).color(tokens.accent));
    });
}

/// A model with its size and date, in columns. Returns whether it was clicked.
fn entry_ui(ui: &mut Ui, model: &Model, chosen: bool, height: f32) -> bool {
    let tokens = Tokens::of(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, chosen, model.name.as_str()));
    let fill = match (chosen, response.hovered()) {
        (true, _) => Some(tokens.selected),
        (false, true) => Some(tokens.hovered),
        _ => None,
    };
    let painter = ui.painter();
    if let Some(fill) = fill {
        painter.rect_filled(rect, 4.0, fill);
    }
    let font = TextStyle::Body.resolve(ui.style());
    let small = egui::FontId::new(12.5, font.family.clone());
    let inner = rect.shrink2(vec2(6.0, 0.0));
    let date = model.released.map_or(String::new(), |date| month(&date.to_string()));
    painter.text(inner.right_center(), Align2::RIGHT_CENTER, date, small.clone(), tokens.weak);
    let size_at = inner.right_center() - vec2(66.0, 0.0);
    let mut size = units::parameters(model.params.total() as f64);
    if model.experts.is_some() {
        size = format!("{size}, {} active", units::parameters(model.active_params()));
    }
    let size = painter.text(size_at, Align2::RIGHT_CENTER, size, small, tokens.weak);
    let room = size.left() - 10.0 - inner.left();
    let text = RichText::new(&model.name).font(font).color(tokens.text);
    let wrap = Some(egui::TextWrapMode::Truncate);
    let name = egui::WidgetText::from(text).into_galley(ui, wrap, room, TextStyle::Body);
    let at = Align2::LEFT_CENTER.align_size_within_rect(name.size(), inner);
    ui.painter().galley(at.min, name, tokens.text);
    response.clicked()
}

/// The date to the month at most.
fn month(date: &str) -> String {
    date.chars().take(7).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contexts_are_short() {
        for (tokens, text) in
            [(512, "512"), (8192, "8k"), (131_072, "128k"), (1_048_576, "1M"), (10_000_000, "10M")]
        {
            assert_eq!(short_tokens(tokens), text);
        }
    }
}
