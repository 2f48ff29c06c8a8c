//! The menu bar, made of the table of actions.

use egui::{Button, Frame, Margin, MenuBar, Panel, ThemePreference, Ui};

use super::{
    AppState,
    command::{Action, Command, Commands},
    theme::Tokens,
    view::ExportChoice,
};
use crate::export::{Paper, SizePreset};

/// Actions of each menu; `None` is a line between them.
const FILE: [Option<Action>; 5] =
    [Some(Action::OpenPresets), None, Some(Action::OpenComparison), Some(Action::SaveComparison), None];
const EXPORT: [Option<Action>; 4] = [
    Some(Action::ExportFigure),
    Some(Action::ExportTable),
    Some(Action::CopyFigure),
    Some(Action::CopyTable),
];
const EDIT: [Option<Action>; 5] =
    [Some(Action::Undo), Some(Action::Redo), None, Some(Action::Reset), Some(Action::Unpin)];
const ZOOM: [Option<Action>; 3] = [Some(Action::ZoomIn), Some(Action::ZoomOut), Some(Action::ZoomReset)];
const HELP: [Option<Action>; 4] =
    [Some(Action::Shortcuts), Some(Action::Problems), None, Some(Action::About)];

pub fn menu_panel(ui: &mut Ui, state: &AppState, commands: &mut Commands) {
    let tokens = Tokens::of(ui);
    let frame = Frame::new().fill(tokens.panel).inner_margin(Margin::symmetric(8, 3));
    Panel::top("menu").frame(frame).show(ui, |ui| {
        MenuBar::new().ui(ui, |ui| {
            ui.menu_button("File", |ui| {
                actions_ui(ui, state, &FILE, commands);
                actions_ui(ui, state, &EXPORT, commands);
                ui.menu_button("Exported figures", |ui| export_ui(ui, state, commands));
                ui.separator();
                actions_ui(ui, state, &[Some(Action::Quit)], commands);
            });
            ui.menu_button("Edit", |ui| actions_ui(ui, state, &EDIT, commands));
            ui.menu_button("View", |ui| {
                theme_ui(ui, state, commands);
                ui.separator();
                actions_ui(ui, state, &ZOOM, commands);
            });
            ui.menu_button("Help", |ui| actions_ui(ui, state, &HELP, commands));
            ui.separator();
            for (action, text) in
                [(Action::Undo, "Undo"), (Action::Redo, "Redo"), (Action::ExportFigure, "Export…")]
            {
                let button = ui.add_enabled(state.can(action), Button::new(text).frame_when_inactive(false));
                if button.on_hover_text(hint(ui, action)).clicked() {
                    commands.send(Command::Act(action));
                }
            }
        });
    });
}

/// What an action does, and its keys.
fn hint(ui: &Ui, action: Action) -> String {
    match action.shortcuts().first() {
        Some(shortcut) => format!("{} ({})", action.tooltip(), ui.format_shortcut(shortcut)),
        None => action.tooltip().to_owned(),
    }
}

fn actions_ui(ui: &mut Ui, state: &AppState, actions: &[Option<Action>], commands: &mut Commands) {
    ui.set_min_width(230.0);
    for action in actions {
        let Some(action) = *action else {
            ui.separator();
            continue;
        };
        let mut button = Button::new(action.text());
        if let Some(shortcut) = action.shortcuts().first() {
            button = button.shortcut_text(ui.format_shortcut(shortcut));
        }
        if ui.add_enabled(state.can(action), button).on_hover_text(action.tooltip()).clicked() {
            commands.send(Command::Act(action));
            ui.close();
        }
    }
}

fn export_ui(ui: &mut Ui, state: &AppState, commands: &mut Commands) {
    let mut export = state.view.export;
    ui.set_min_width(250.0);
    for size in SizePreset::ALL {
        let [width, height] = size.size();
        ui.radio_value(&mut export.size, size, format!("{}, {width} × {height} points", size.title()));
    }
    ui.separator();
    for scale in ExportChoice::SCALES {
        let pixels = export.size.size().map(|points| points * f32::from(scale));
        let text = format!("PNG at {scale}x, {} × {} pixels", pixels[0], pixels[1]);
        if ui.radio(export.pixels_wide.is_none() && export.scale == scale, text).clicked() {
            (export.scale, export.pixels_wide) = (scale, None);
        }
    }
    ui.horizontal(|ui| {
        let mut pixels = export.pixels_wide.unwrap_or(1600);
        let chosen = ui.radio(export.pixels_wide.is_some(), "PNG of").clicked();
        let field = egui::DragValue::new(&mut pixels).range(ExportChoice::PIXELS_WIDE).suffix(" pixels");
        let field = ui.add(field.speed(4.0)).on_hover_text("Width of PNG files and of copied figures");
        field.widget_info(|| egui::WidgetInfo::labeled(egui::Role::SpinButton, true, "Pixels wide"));
        ui.label("from left to right");
        if chosen || field.changed() {
            export.pixels_wide = Some(pixels);
        }
    });
    ui.separator();
    for paper in Paper::ALL {
        ui.radio_value(&mut export.paper, paper, paper.title());
    }
    if export != state.view.export {
        commands.send(Command::ShowExport(export));
    }
}

fn theme_ui(ui: &mut Ui, state: &AppState, commands: &mut Commands) {
    for (theme, name) in [
        (ThemePreference::System, "Like the system"),
        (ThemePreference::Light, "Light"),
        (ThemePreference::Dark, "Dark"),
    ] {
        if ui.radio(state.view.theme == theme, name).clicked() {
            commands.send(Command::SetTheme(theme));
            ui.close();
        }
    }
}
