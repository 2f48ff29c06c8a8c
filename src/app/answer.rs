//! The middle: the answer in words, filters, the figure on tabs, and the table under it.

use egui::{
    CentralPanel, FontId, Frame, Margin, Panel, Rect, RichText, Role, Sense, TextFormat, Ui, UiBuilder,
    WidgetInfo, text::LayoutJob, vec2,
};

use super::{
    AppState, axes, chips,
    command::{Command, Commands},
    inspector, table,
    theme::{self, Tokens},
    widgets,
};
use crate::{
    figure::{self, Figure, Name, Tip},
    plot,
};

pub fn answer_panel(ui: &mut Ui, state: &AppState, view: &mut plot::View, commands: &mut Commands) {
    let tokens = Tokens::of(ui);
    let margin = Margin::symmetric(theme::PANEL_MARGIN, 12);
    let frame = Frame::new().fill(tokens.ground).inner_margin(margin);
    CentralPanel::default().frame(frame).show(ui, |ui| {
        verdict_ui(ui, state);
        ui.add_space(6.0);
        chips::chips_ui(ui, state, commands);
        ui.add_space(4.0);
        let height = ui.available_height();
        let below = inspector::stands_below(ui, state);
        let mut hovered = None;
        if below || height >= ROOM_FOR_TABLE {
            let frame = Frame::new().inner_margin(Margin { top: 6, ..Margin::ZERO });
            Panel::bottom(if below { "details below" } else { "table" })
                .resizable(true)
                .default_size((height * 0.28).clamp(86.0, 420.0))
                .size_range(80.0..=(height - 180.0).max(81.0))
                .frame(frame)
                .show(ui, |ui| {
                    if below {
                        inspector::cards_ui(ui, state, commands);
                    } else {
                        hovered = table::table_ui(ui, state, commands);
                    }
                });
        }
        CentralPanel::no_frame().show(ui, |ui| {
            tabs_ui(ui, state, view, commands);
            let rows = match ui.available_height() {
                ..ROOM_FOR_NOTES => 0,
                ..ROOM_FOR_TWO_ROWS => 1,
                _ => 2,
            };
            heading_ui(ui, &state.results.figure);
            let notes = Notes::new(ui, &state.results.figure, rows);
            let whole = ui.available_rect_before_wrap();
            let (above, below) = whole.split_top_bottom_at_y(whole.bottom() - notes.height);
            let mut above = ui.new_child(UiBuilder::new().max_rect(above));
            // What figures lie on here, in the terms that they are drawn in.
            above.visuals_mut().panel_fill = tokens.ground;
            hovered = figure_ui(&mut above, state, view, commands).or(hovered.take());
            notes.show(ui, below);
        });
        if hovered != state.hovered {
            commands.send(Command::Hover(hovered));
        }
    });
}

/// Below this width the answer is written smaller, so that it does not take the figure's room.
const ROOM_FOR_LARGE_WORDS: f32 = 500.0;

fn verdict_ui(ui: &mut Ui, state: &AppState) {
    let tokens = Tokens::of(ui);
    let (text, color) = match &state.results.verdict {
        Ok(text) => (text, tokens.strong),
        Err(text) => (text, tokens.error),
    };
    // Room for two lines whether there are two or one, so that nothing below jumps.
    let mut font = theme::verdict_font();
    if ui.available_width() < ROOM_FOR_LARGE_WORDS {
        font.size = 14.0;
    }
    let line = ui.fonts_mut(|fonts| fonts.row_height(&font));
    let width = ui.available_width();
    ui.allocate_ui(egui::vec2(width, line * 2.0), |ui| {
        ui.set_min_size(egui::vec2(width, line * 2.0));
        let text = RichText::new(text).font(font).color(color);
        let response = ui.add(egui::Label::new(text).wrap().selectable(true));
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, state.verdict_text()));
    });
}

/// Below this width the tabs become a list that opens.
const ROOM_FOR_TABS: f32 = 740.0;

fn tabs_ui(ui: &mut Ui, state: &AppState, view: &mut plot::View, commands: &mut Commands) {
    let compact = ui.available_width() < ROOM_FOR_TABS;
    ui.horizontal(|ui| {
        let chosen = state.view.tab;
        let mut tab = chosen;
        if compact {
            let list = egui::ComboBox::from_id_salt("figure").selected_text(chosen.title()).width(190.0);
            let list = list.show_ui(ui, |ui| {
                for name in Name::ALL {
                    ui.selectable_value(&mut tab, name, name.title());
                }
            });
            list.response.widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, "Figure"));
        } else {
            ui.spacing_mut().item_spacing.x = 2.0;
            for name in Name::ALL {
                if widgets::choice(ui, name.title(), chosen == name, "") {
                    tab = name;
                }
            }
        }
        if tab != chosen {
            commands.send(Command::ShowTab(tab));
        }
        ui.add_space(10.0);
        ui.spacing_mut().item_spacing.x = 6.0;
        axes::axes_ui(ui, state, commands);
        axes::fit_ui(ui, view);
    });
}

/// The figure's question with the scenario, in one line.
fn heading_ui(ui: &mut Ui, figure: &Figure) {
    if figure.subtitle.is_empty() {
        return;
    }
    let tokens = Tokens::of(ui);
    let format = |size, color| TextFormat::simple(FontId::proportional(size), color);
    let mut text = LayoutJob::default();
    text.append(&figure.title, 0.0, format(14.5, tokens.strong));
    text.append(&figure.subtitle, 10.0, format(12.5, tokens.weak));
    ui.add(egui::Label::new(text).truncate());
}

/// With less height than this for the figure and what is said about it, its notes are left to the export.
const ROOM_FOR_NOTES: f32 = 240.0;
/// With less than this they get one row.
const ROOM_FOR_TWO_ROWS: f32 = 350.0;
/// With less height than this the figure stands alone.
const ROOM_FOR_TABLE: f32 = 270.0;

/// What was assumed and how old the prices are, under the figure. What does not fit is said on hovering.
struct Notes {
    text: LayoutJob,
    height: f32,
    all: Vec<String>,
}

impl Notes {
    fn new(ui: &Ui, figure: &Figure, rows: usize) -> Self {
        let font = FontId::proportional(11.0);
        let row = ui.fonts_mut(|fonts| fonts.row_height(&font));
        let mut text = LayoutJob::simple(figure.notes.join(" "), font, Tokens::of(ui).weak, f32::INFINITY);
        text.wrap.max_rows = rows;
        text.wrap.max_width = ui.available_width();
        let height = if figure.notes.is_empty() || rows == 0 { 0.0 } else { row * rows as f32 + 8.0 };
        Self { text, height, all: figure.notes.clone() }
    }

    fn show(self, ui: &mut Ui, rect: Rect) {
        if self.height <= 0.0 {
            return;
        }
        let mut below = ui.new_child(UiBuilder::new().max_rect(rect.translate(vec2(0.0, 4.0))));
        let label = egui::Label::new(self.text).show_tooltip_when_elided(false).sense(Sense::hover());
        below.add(label).on_hover_ui(|ui| {
            ui.set_max_width(520.0);
            for note in &self.all {
                ui.label(note);
            }
        });
    }
}

/// Shows the figure. Returns the machine under the pointer.
fn figure_ui(
    ui: &mut Ui,
    state: &AppState,
    view: &mut plot::View,
    commands: &mut Commands,
) -> Option<String> {
    view.highlighted.clone_from(&state.hovered);
    view.late_tip = late_tip(state);
    let response = plot::show(ui, &state.results.figure, view);
    if let Some(id) = response.clicked
        && state.catalog.machines.get(&id).is_some()
    {
        commands.send(Command::TogglePin(id));
    }
    response.hovered
}

/// What the machine under the pointer has to say, where the figure holds too many to say it of all.
fn late_tip(state: &AppState) -> Option<(String, Tip)> {
    let (id, figure) = (state.hovered.as_ref()?, &state.results.figure);
    let mark = figure.marks.iter().find(|mark| *mark.id == **id);
    if figure.name != Name::PriceSpeed || mark.is_some_and(|mark| !mark.tip.details.is_empty()) {
        return None;
    }
    let found = (state.results.row_of(&state.catalog, id)?, state.catalog.machines.get(id)?);
    let (scenario, axes) = (&state.inputs.scenario, state.inputs.axes_of(figure.name));
    Some((id.clone(), figure::late_tip(&state.catalog, scenario, found, mark, axes)))
}
