//! What stands over the window or at its lower edge: messages, problems, questions, help.

use egui::{Button, Frame, Grid, Id, Key, Margin, Modal, Panel, RichText, ScrollArea, TextEdit, Ui};

use super::{
    AppState,
    command::{Action, Command, Commands, Window},
    files::{self, ChosenPath},
    theme::Tokens,
    widgets,
};
use crate::catalog::diagnostic::{Diagnostic, Severity};

/// The bar at the bottom. It is always there, so that a message moves nothing.
pub fn status_panel(ui: &mut Ui, state: &AppState, commands: &mut Commands) {
    let tokens = Tokens::of(ui);
    let frame = Frame::new().fill(tokens.panel).inner_margin(Margin::symmetric(14, 3));
    Panel::bottom("status").frame(frame).show(ui, |ui| {
        ui.horizontal(|ui| {
            ui.spacing_mut().interact_size.y = 20.0;
            ui.spacing_mut().button_padding.y = 1.0;
            ui.label(widgets::weak(ui, counts(state)).size(12.5));
            ui.add_space(12.0);
            if state.is_loading {
                ui.spinner();
                ui.label("Reading presets…");
            }
            if state.writing > 0 {
                ui.label("Writing…");
            }
            // A desktop's dialog may hang, or stand behind other windows.
            if let Some(dialog) = state.dialog {
                ui.label("Waiting for the file dialog.");
                if ui.link("Type a path instead").clicked() {
                    commands.send(Command::AskForPath(dialog.task));
                }
                ui.add_space(12.0);
            }
            if !state.diagnostics.is_empty() {
                let text = RichText::new(problems(&state.diagnostics)).color(tokens.warning);
                ui.label(text);
                if ui.link("Show").clicked() {
                    commands.send(Command::Show(Window::Problems));
                }
                ui.add_space(12.0);
            }
            if let Some(message) = &state.message {
                ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                    if ui.button("OK").on_hover_text("Close this message").clicked() {
                        commands.send(Command::DismissMessage);
                    }
                    let color = if message.is_error { tokens.error } else { tokens.text };
                    ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
                        let text = RichText::new(&message.text).color(color);
                        ui.add(egui::Label::new(text).truncate()).on_hover_text(&message.text);
                    });
                });
            }
        });
    });
}

/// What is shown of what there is.
fn counts(state: &AppState) -> String {
    format!(
        "{} of {} machines shown, {} models, {} measurements",
        crate::units::thousands(state.results.order.len() as f64),
        crate::units::thousands(state.catalog.machines.len() as f64),
        crate::units::thousands(state.catalog.models.len() as f64),
        crate::units::thousands(state.catalog.measurements.len() as f64),
    )
}

/// `3 problems in my.ron`.
#[must_use]
pub fn problems(diagnostics: &[Diagnostic]) -> String {
    let mut files: Vec<&str> = diagnostics.iter().map(|it| file_name(&it.file)).collect();
    files.sort_unstable();
    files.dedup();
    let noun = if diagnostics.len() == 1 { "problem" } else { "problems" };
    let place = match files.as_slice() {
        [one] => (*one).to_owned(),
        several => format!("{} files", several.len()),
    };
    format!("{} {noun} in {place}", diagnostics.len())
}

fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// All windows that are open.
pub fn windows_ui(ui: &mut Ui, state: &AppState, commands: &mut Commands) {
    for window in state.windows.clone() {
        let frame = Frame::popup(ui.style()).inner_margin(18);
        let modal = Modal::new(Id::unique(("window", window as u8))).frame(frame);
        let response = modal.show(ui, |ui| {
            ui.set_max_width(ui.content_rect().width() - 80.0);
            match window {
                Window::About => about_ui(ui, state),
                Window::Shortcuts => shortcuts_ui(ui),
                Window::Problems => problems_ui(ui, state),
                Window::Path => path_ui(ui, state, commands),
                Window::Overwrite => overwrite_ui(ui, state, commands),
            }
            if matches!(window, Window::About | Window::Shortcuts | Window::Problems) {
                ui.add_space(8.0);
                if ui.button("Close").clicked() {
                    ui.close();
                }
            }
        });
        if response.should_close() {
            commands.send(Command::Close(window));
        }
    }
}

fn about_ui(ui: &mut Ui, state: &AppState) {
    ui.set_width(420.0);
    ui.heading("Rigwise");
    widgets::remark(ui, format!("Version {}", env!("CARGO_PKG_VERSION")));
    ui.add_space(6.0);
    let catalog = &state.catalog;
    ui.label(
        "Tokens per second against price, for every machine that can run a language model locally. Decoding \
         is limited by memory bandwidth: speed is bandwidth over the bytes that one token reads.",
    );
    ui.add_space(6.0);
    ui.label(format!(
        "{} machines, {} models, {} quantizations, {} runtimes, {} published measurements. Each fact names its \
         source.",
        catalog.machines.len(),
        catalog.models.len(),
        catalog.quants.len(),
        catalog.runtimes.len(),
        catalog.measurements.len(),
    ));
    ui.add_space(6.0);
    widgets::remark(ui, format!("License: {}", env!("CARGO_PKG_LICENSE")));
}

fn shortcuts_ui(ui: &mut Ui) {
    ui.heading("Keyboard shortcuts");
    ui.add_space(4.0);
    Grid::new("shortcuts").num_columns(2).spacing([28.0, 5.0]).show(ui, |ui| {
        for action in Action::ALL.into_iter().filter(|action| !action.shortcuts().is_empty()) {
            ui.label(action.text().trim_end_matches('…'));
            let keys: Vec<String> =
                action.shortcuts().iter().map(|shortcut| ui.format_shortcut(shortcut)).collect();
            ui.label(widgets::weak(ui, keys.join(" or ")));
            ui.end_row();
        }
        for (what, keys) in [
            ("Next or previous control", "Tab or Shift+Tab"),
            ("Move a slider that has the focus", "Arrow keys"),
            ("Zoom the figure", "Wheel"),
            ("Zoom the figure to a box", "Drag with the right button"),
            ("Show all of the figure", "Double click"),
        ] {
            ui.label(what);
            ui.label(widgets::weak(ui, keys));
            ui.end_row();
        }
    });
}

fn problems_ui(ui: &mut Ui, state: &AppState) {
    let tokens = Tokens::of(ui);
    ui.set_width((ui.content_rect().width() - 120.0).clamp(300.0, 760.0));
    ui.heading(problems(&state.diagnostics));
    widgets::remark(
        ui,
        "What is wrong was left out; everything else was loaded. A file is read again when it changes.",
    );
    ui.add_space(6.0);
    let height = (ui.content_rect().height() - 240.0).max(120.0);
    ScrollArea::vertical().max_height(height).auto_shrink([false, true]).show(ui, |ui| {
        for diagnostic in &state.diagnostics {
            let color = match diagnostic.severity {
                Severity::Error => tokens.error,
                Severity::Warning => tokens.warning,
            };
            let place = if diagnostic.line == 0 {
                diagnostic.file.clone()
            } else {
                format!("{}:{}:{}", diagnostic.file, diagnostic.line, diagnostic.column)
            };
            ui.add(egui::Label::new(RichText::new(place).monospace().color(color)).selectable(true).wrap());
            ui.add(egui::Label::new(diagnostic.sentence()).selectable(true).wrap());
            if let Some(advice) = diagnostic.advice() {
                widgets::remark(ui, advice);
            }
            ui.add_space(7.0);
        }
    });
}

fn path_ui(ui: &mut Ui, state: &AppState, commands: &mut Commands) {
    let Some(task) = state.pending.task else { return };
    ui.set_width(460.0);
    ui.heading(task.title());
    let folder = files::brief(&state.folder);
    widgets::remark(ui, format!("The path of a file, from / or ~ on, or from {folder}."));
    ui.add_space(6.0);
    let mut text = state.pending.typed.clone();
    let field = ui.add(TextEdit::singleline(&mut text).desired_width(f32::INFINITY).hint_text("Path"));
    field.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, "Path"));
    // Asked before the field takes the focus back.
    let entered = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
    if ui.memory(|memory| memory.focused().is_none()) {
        field.request_focus();
    }
    if field.changed() {
        commands.send(Command::TypePath(text.clone()));
    }
    let path = super::effects::typed_path(&state.folder, &text);
    let problem = task.problem(&text, &path);
    let kinds: Vec<String> =
        task.kinds().iter().map(|(name, ending)| format!("{name} (.{ending})")).collect();
    widgets::remark(ui, problem.as_ref().map_or_else(|| kinds.join(", "), String::clone));
    ui.add_space(8.0);
    ui.horizontal(|ui| {
        let go = ui.add_enabled(problem.is_none(), Button::new(task.verb())).clicked();
        if problem.is_none() && (go || entered) {
            commands.send(Command::Path(ChosenPath { task, path, may_overwrite: false }));
        }
        if ui.button("Cancel").clicked() {
            ui.close();
        }
    });
}

fn overwrite_ui(ui: &mut Ui, state: &AppState, commands: &mut Commands) {
    let Some((task, path)) = &state.pending.overwrite else { return };
    ui.set_width(420.0);
    ui.heading("Write over the file?");
    ui.add(egui::Label::new(format!("{} exists already.", files::brief(path))).wrap());
    ui.add_space(8.0);
    ui.horizontal(|ui| {
        if ui.button("Overwrite").clicked() {
            commands.send(Command::Overwrite(*task, path.clone()));
        }
        if ui.button("Cancel").clicked() {
            ui.close();
        }
    });
}

/// Says over the whole window that files can be dropped.
pub fn drop_hint_ui(ui: &mut Ui) {
    let hovering = ui.input(|input| input.raw.hovered_files.len());
    if hovering == 0 {
        return;
    }
    let tokens = Tokens::of(ui);
    let painter = ui.layer_painter(egui::LayerId::new(egui::Order::Foreground, Id::unique("drop hint")));
    let rect = ui.content_rect();
    painter.rect_filled(rect, 0.0, tokens.ground.gamma_multiply(0.88));
    let noun = if hovering == 1 { "file" } else { "files" };
    painter.text(
        rect.center(),
        egui::Align2::CENTER_CENTER,
        format!("Drop {hovering} {noun} to load presets or a comparison"),
        super::theme::verdict_font(),
        tokens.strong,
    );
}
