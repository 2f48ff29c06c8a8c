//! The middle: the answer in words, filters, the figure on tabs, and the table under it.

use egui::{CentralPanel, Frame, Margin, Panel, RichText, Role, Ui, WidgetInfo};

use super::{
    AppState, chips,
    command::{Command, Commands},
    inspector, table,
    theme::{self, Tokens},
    widgets,
};
use crate::{
    figure::{Name, XAxis, YAxis},
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
        let frame = Frame::new().inner_margin(Margin { top: 6, ..Margin::ZERO });
        let mut hovered = None;
        Panel::bottom(if below { "details below" } else { "table" })
            .resizable(true)
            .default_size((height * 0.36).clamp(120.0, 420.0))
            .size_range(80.0..=(height - 180.0).max(81.0))
            .frame(frame)
            .show(ui, |ui| {
                if below {
                    inspector::cards_ui(ui, state, commands);
                } else {
                    hovered = table::table_ui(ui, state, commands);
                }
            });
        CentralPanel::no_frame().show(ui, |ui| {
            tabs_ui(ui, state, commands);
            hovered = figure_ui(ui, state, view, commands).or(hovered.take());
        });
        if hovered != state.hovered {
            commands.send(Command::Hover(hovered));
        }
    });
}

fn verdict_ui(ui: &mut Ui, state: &AppState) {
    let tokens = Tokens::of(ui);
    let (text, color) = match &state.results.verdict {
        Ok(text) => (text, tokens.strong),
        Err(text) => (text, tokens.error),
    };
    // Room for two lines whether there are two or one, so that nothing below jumps.
    let font = theme::verdict_font();
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

fn tabs_ui(ui: &mut Ui, state: &AppState, commands: &mut Commands) {
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
        if chosen == Name::PriceSpeed {
            ui.add_space(6.0);
            axes_ui(ui, state, commands);
        }
    });
}

fn axes_ui(ui: &mut Ui, state: &AppState, commands: &mut Commands) {
    let mut axes = state.view.axes;
    let button = ui.menu_button("Axes ⏷", |ui| {
        ui.label(widgets::weak(ui, "Upward"));
        for y in YAxis::ALL {
            ui.radio_value(&mut axes.y, y, y.title());
        }
        ui.checkbox(&mut axes.log_y, "Logarithmic");
        ui.separator();
        ui.label(widgets::weak(ui, "Across"));
        for x in XAxis::ALL {
            ui.radio_value(&mut axes.x, x, x.title());
        }
        ui.push_id("x", |ui| ui.checkbox(&mut axes.log_x, "Logarithmic"));
    });
    button.response.on_hover_text("What the figure shows");
    if axes != state.view.axes {
        commands.send(Command::ShowAxes(axes));
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
    let response = plot::show(ui, &state.results.figure, view);
    if let Some(id) = response.clicked
        && state.catalog.machines.get(&id).is_some()
    {
        commands.send(Command::TogglePin(id));
    }
    response.hovered
}
