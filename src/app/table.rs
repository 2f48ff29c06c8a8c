//! The machines as a table: sortable, with the figure's colors, and only the rows in view are laid out.

use egui::{Align, Label, Layout, RichText, Role, ScrollArea, Sense, Ui, WidgetInfo};
use egui_extras::{Column as Width, TableBuilder, TableRow};

use super::{
    AppState, chips,
    command::{Command, Commands},
    results::{Column, fit_text},
    theme::{self, Tokens},
};
use crate::{catalog::Machine, compare::Row, estimate::Placement, plot::palette::Palette, units};

/// Shows the table. Returns the machine under the pointer.
pub fn table_ui(ui: &mut Ui, state: &AppState, commands: &mut Commands) -> Option<String> {
    if state.results.order.is_empty() {
        ui.add_space(12.0);
        ui.vertical_centered(|ui| ui.label(super::widgets::weak(ui, "No machine passes the filters.")));
        return None;
    }
    let mut hovered = None;
    ScrollArea::horizontal().auto_shrink(false).show(ui, |ui| {
        let height = ui.available_height();
        ui.spacing_mut().item_spacing.x = 10.0;
        let mut builder = TableBuilder::new(ui)
            .id_salt("machines")
            .sense(Sense::click())
            .cell_layout(Layout::left_to_right(Align::Center))
            .auto_shrink(false)
            .min_scrolled_height(0.0)
            .max_scroll_height(height);
        for column in Column::ALL {
            builder = builder.column(width(column));
        }
        builder
            .header(theme::TABLE_ROW_HEIGHT, |mut header| {
                for column in Column::ALL {
                    header.col(|ui| heading_ui(ui, state, column, commands));
                }
            })
            .body(|body| {
                let order = &state.results.order;
                body.rows(theme::TABLE_ROW_HEIGHT, order.len(), |mut line| {
                    let row = &state.results.rows[order[line.index()]];
                    if let Some(machine) = state.catalog.machines.at(row.machine) {
                        row_ui(&mut line, state, row, machine, commands, &mut hovered);
                    }
                });
            });
    });
    hovered
}

fn width(column: Column) -> Width {
    match column {
        Column::Machine => Width::remainder().at_least(188.0).clip(true),
        Column::Maker => Width::exact(64.0).clip(true),
        Column::Price => Width::exact(84.0),
        Column::Speed => Width::exact(126.0),
        Column::FirstToken => Width::exact(74.0),
        Column::Memory => Width::exact(102.0),
        Column::Fit => Width::exact(104.0),
        Column::Runtime => Width::exact(118.0).clip(true),
        Column::Watts => Width::exact(54.0),
    }
}

fn is_number(column: Column) -> bool {
    matches!(column, Column::Price | Column::Speed | Column::FirstToken | Column::Memory | Column::Watts)
}

fn layout(column: Column) -> Layout {
    if is_number(column) {
        Layout::right_to_left(Align::Center)
    } else {
        Layout::left_to_right(Align::Center)
    }
}

fn heading_ui(ui: &mut Ui, state: &AppState, column: Column, commands: &mut Commands) {
    let tokens = Tokens::of(ui);
    let sort = state.view.sort;
    let sorted = sort.column == column;
    let arrow = match (sorted, sort.descending) {
        (false, _) => "",
        (true, true) => " ⏷",
        (true, false) => " ⏶",
    };
    let color = if sorted { tokens.strong } else { tokens.weak };
    ui.with_layout(layout(column), |ui| {
        let text = RichText::new(format!("{}{arrow}", column.title())).size(12.5).color(color);
        let response = ui.add(Label::new(text).selectable(false).sense(Sense::click()));
        let response =
            response.on_hover_text(column.tooltip()).on_hover_cursor(egui::CursorIcon::PointingHand);
        let name = format!("Sort by {}", column.title().to_lowercase());
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
        if response.clicked() {
            commands.send(Command::SortBy(column));
        }
    });
}

fn row_ui(
    line: &mut TableRow,
    state: &AppState,
    row: &Row,
    machine: &Machine,
    commands: &mut Commands,
    hovered: &mut Option<String>,
) {
    let pinned = state.is_pinned(&machine.id);
    line.set_selected(pinned);
    line.set_hovered(state.hovered.as_ref() == Some(&machine.id));
    for column in Column::ALL {
        line.col(|ui| {
            ui.with_layout(layout(column), |ui| cell_ui(ui, state, row, machine, column));
        });
    }
    let response = line.response();
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, pinned, machine.name.as_str()));
    if response.hovered() {
        *hovered = Some(machine.id.clone());
    }
    if response.clicked() {
        commands.send(Command::TogglePin(machine.id.clone()));
    }
}

fn cell_ui(ui: &mut Ui, state: &AppState, row: &Row, machine: &Machine, column: Column) {
    let tokens = Tokens::of(ui);
    let runs = row.speed().is_some();
    let main = if runs { tokens.text } else { tokens.weak };
    let say = |ui: &mut Ui, text: &str, color| {
        ui.add(Label::new(RichText::new(text).size(13.0).color(color)).selectable(false).truncate());
    };
    match column {
        Column::Machine => {
            let maker = state.directory.maker(row.machine);
            let (rect, _) = ui.allocate_exact_size(theme::square(12.0), Sense::hover());
            chips::draw_mark(ui.painter(), rect.center(), maker, &Palette::of(ui));
            let color = if row.on_frontier { tokens.strong } else { main };
            say(ui, &machine.name, color);
        }
        Column::Speed => speed_ui(ui, row),
        Column::Fit => {
            let color = match row.estimate.as_ref().map(|estimate| estimate.placement) {
                Ok(Placement::Fits) => tokens.text,
                Ok(Placement::Offloads { .. }) => tokens.warning,
                _ => tokens.weak,
            };
            say(ui, &fit_text(row), color);
        }
        _ => say(ui, &text(state, row, machine, column), main),
    }
}

/// The speed, and its interval in a weaker color at a place of its own, so that both stand in columns.
fn speed_ui(ui: &mut Ui, row: &Row) {
    let tokens = Tokens::of(ui);
    let (Some(speed), Ok(estimate)) = (row.speed(), &row.estimate) else {
        ui.label(RichText::new("–").color(tokens.weak));
        return;
    };
    let interval = format!(
        "{}–{}",
        units::significant(estimate.tokens_per_s_low()),
        units::significant(estimate.tokens_per_s_high())
    );
    let width = 66.0;
    ui.allocate_ui_with_layout(
        egui::vec2(width, ui.available_height()),
        Layout::right_to_left(Align::Center),
        |ui| {
            ui.set_min_width(width);
            ui.add(Label::new(RichText::new(interval).size(12.0).color(tokens.weak)).selectable(false));
        },
    );
    let text = RichText::new(units::significant(speed)).size(13.0).color(tokens.strong);
    ui.add(Label::new(text).selectable(false));
}

/// What a column says of a machine.
#[must_use]
pub fn text(state: &AppState, row: &Row, machine: &Machine, column: Column) -> String {
    let none = || "–".to_owned();
    let estimate = row.estimate.as_ref().ok();
    match column {
        Column::Machine => machine.name.clone(),
        Column::Maker => state.catalog.chips.get(&machine.chip).map_or_else(none, |chip| chip.maker.clone()),
        Column::Price => {
            row.price.as_ref().map_or_else(none, |price| units::money(price.amount, price.currency))
        }
        Column::Speed => row.speed().map_or_else(none, units::tokens_per_s),
        Column::FirstToken => row
            .speed()
            .and(estimate)
            .and_then(|estimate| estimate.time_to_first_token_s)
            .map_or_else(none, units::duration),
        Column::Memory => estimate.map_or_else(none, |estimate| {
            let memory = &estimate.memory;
            format!(
                "{} / {}",
                units::significant(memory.needed_bytes() / units::GIB),
                units::gibibytes(memory.usable_bytes)
            )
        }),
        Column::Fit => fit_text(row),
        Column::Runtime => row
            .runtime
            .as_deref()
            .and_then(|id| state.catalog.runtimes.get(id))
            .map_or_else(none, |runtime| runtime.name.clone()),
        Column::Watts => machine.load_w.map_or_else(none, |watts| format!("{} W", units::significant(watts))),
    }
}
