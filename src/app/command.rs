//! What can happen: commands that change the state, and the table of actions behind menus and shortcuts.

use std::path::PathBuf;

use egui::{Context, Key, KeyboardShortcut, Modifiers, ThemePreference};

use super::{
    files::{ChosenPath, PathTask},
    results::Column,
    settings::SavedComparison,
    view::ExportChoice,
};
use crate::{
    catalog::load::Loaded,
    compare::Filters,
    figure::{Axes, Name},
    scenario::Scenario,
};

/// A change of the state. Panels send commands; [`super::AppState::handle`] carries them out.
#[derive(Clone, Debug)]
pub enum Command {
    /// The question as it stands after a control was moved.
    Ask(Box<Scenario>),
    ChooseModel(String),
    /// Text typed into the list of models.
    SearchModel(String),
    Filter(Box<Filters>),
    /// Pins a machine, or unpins it.
    TogglePin(String),
    Hover(Option<String>),
    SortBy(Column),
    ShowTab(Name),
    /// What the axes of a figure show.
    ShowAxes(Name, Axes),
    FollowToday(bool),
    SetTheme(ThemePreference),
    Act(Action),
    Show(Window),
    Close(Window),
    /// Files or folders that the person opened or dropped: presets, or saved comparisons.
    OpenPaths(Vec<PathBuf>),
    /// Preset files or folders to load besides the ones there are.
    AddPresets(Vec<PathBuf>),
    /// Presets were read, on another thread.
    Loaded(Box<Loaded>),
    /// A loaded file changed on disk.
    FilesChanged,
    /// The person chose a path for something.
    Path(ChosenPath),
    /// No native dialog could be shown, or none is wanted; ask in the window.
    AskForPath(PathTask),
    /// The person agreed to write over a file.
    Overwrite(PathTask, PathBuf),
    /// The text typed into the window's own path dialog.
    TypePath(String),
    /// The native dialog with this number is gone.
    DialogClosed(u64),
    /// A file was written, or not.
    Written(Message),
    /// How figures are exported.
    ShowExport(ExportChoice),
    /// The figure was drawn for the clipboard.
    Copied(std::sync::Arc<egui::ColorImage>),
    /// A saved comparison was read.
    Restore(Box<SavedComparison>),
    Say(Message),
    DismissMessage,
}

/// Something to tell the person in the bar at the bottom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    pub text: String,
    pub is_error: bool,
}

impl Message {
    #[must_use]
    pub fn info(text: impl Into<String>) -> Self {
        Self { text: text.into(), is_error: false }
    }

    #[must_use]
    pub fn error(text: impl Into<String>) -> Self {
        Self { text: text.into(), is_error: true }
    }
}

/// A small window over the main one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    About,
    Shortcuts,
    Problems,
    Path,
    Overwrite,
}

/// What panels have to say, in order.
#[derive(Debug, Default)]
pub struct Commands(Vec<Command>);

impl Commands {
    pub fn send(&mut self, command: Command) {
        self.0.push(command);
    }

    pub fn take(&mut self) -> Vec<Command> {
        std::mem::take(&mut self.0)
    }
}

/// What menus and shortcuts offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    OpenPresets,
    OpenComparison,
    SaveComparison,
    ExportFigure,
    ExportTable,
    CopyFigure,
    CopyTable,
    Quit,
    Undo,
    Redo,
    Reset,
    Unpin,
    ZoomIn,
    ZoomOut,
    ZoomReset,
    Problems,
    Shortcuts,
    About,
}

const COMMAND: Modifiers = Modifiers::COMMAND;
const COMMAND_SHIFT: Modifiers = Modifiers { shift: true, ..Modifiers::COMMAND };

const fn keys(modifiers: Modifiers, key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(modifiers, key)
}

impl Action {
    /// In the order of the menus.
    pub const ALL: [Self; 18] = [
        Self::OpenPresets,
        Self::OpenComparison,
        Self::SaveComparison,
        Self::ExportFigure,
        Self::ExportTable,
        Self::CopyFigure,
        Self::CopyTable,
        Self::Quit,
        Self::Undo,
        Self::Redo,
        Self::Reset,
        Self::Unpin,
        Self::ZoomIn,
        Self::ZoomOut,
        Self::ZoomReset,
        Self::Problems,
        Self::Shortcuts,
        Self::About,
    ];

    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::OpenPresets => "Open presets…",
            Self::OpenComparison => "Open comparison…",
            Self::SaveComparison => "Save comparison…",
            Self::ExportFigure => "Export figure…",
            Self::ExportTable => "Export table…",
            Self::CopyFigure => "Copy figure",
            Self::CopyTable => "Copy table",
            Self::Quit => "Quit",
            Self::Undo => "Undo",
            Self::Redo => "Redo",
            Self::Reset => "Reset to the first question",
            Self::Unpin => "Unpin all machines",
            Self::ZoomIn => "Zoom in",
            Self::ZoomOut => "Zoom out",
            Self::ZoomReset => "Actual size",
            Self::Problems => "Problems in presets…",
            Self::Shortcuts => "Keyboard shortcuts…",
            Self::About => "About Rigwise…",
        }
    }

    #[must_use]
    pub fn tooltip(self) -> &'static str {
        match self {
            Self::OpenPresets => "Add machines, models and prices from RON files. Dropping files works too",
            Self::OpenComparison => "Go on with a comparison that was saved",
            Self::SaveComparison => "Keep the question, the filters and the pinned machines as one RON file",
            Self::ExportFigure => "Write the figure as SVG, PDF or PNG, or its data as CSV",
            Self::ExportTable => "Write the machines that are shown as CSV, Markdown or JSON",
            Self::CopyFigure => "Put the figure on the clipboard, as a picture",
            Self::CopyTable => "Put the machines that are shown on the clipboard, for a spreadsheet",
            Self::Quit => "Close the window. Everything is there again at the next start",
            Self::Undo => "Take back the last change to the question, the filters, the pins or the axes",
            Self::Redo => "Make the change again that was taken back",
            Self::Reset => "Llama 3.3 70B at Q4_K_M and 8,192 tokens, all machines. Can be undone",
            Self::Unpin => "Close the details at the right",
            Self::ZoomIn => "Make everything larger",
            Self::ZoomOut => "Make everything smaller",
            Self::ZoomReset => "Back to the size that the system asks for",
            Self::Problems => "What is wrong in the preset files, with lines and columns",
            Self::Shortcuts => "All keys that do something",
            Self::About => "Version, license and where the numbers come from",
        }
    }

    /// The first is shown in menus.
    #[must_use]
    pub fn shortcuts(self) -> &'static [KeyboardShortcut] {
        match self {
            Self::OpenPresets => const { &[keys(COMMAND, Key::O)] },
            Self::OpenComparison => const { &[keys(COMMAND_SHIFT, Key::O)] },
            Self::SaveComparison => const { &[keys(COMMAND, Key::S)] },
            Self::ExportFigure => const { &[keys(COMMAND, Key::E)] },
            Self::ExportTable => const { &[keys(COMMAND_SHIFT, Key::E)] },
            Self::CopyFigure => const { &[keys(COMMAND_SHIFT, Key::F)] },
            Self::CopyTable => const { &[keys(COMMAND_SHIFT, Key::C)] },
            Self::Quit => const { &[keys(COMMAND, Key::Q)] },
            Self::Undo => const { &[keys(COMMAND, Key::Z)] },
            Self::Redo => const { &[keys(COMMAND_SHIFT, Key::Z), keys(COMMAND, Key::Y)] },
            Self::Unpin => const { &[keys(Modifiers::NONE, Key::Escape)] },
            Self::ZoomIn => const { &[keys(COMMAND, Key::Plus), keys(COMMAND, Key::Equals)] },
            Self::ZoomOut => const { &[keys(COMMAND, Key::Minus)] },
            Self::ZoomReset => const { &[keys(COMMAND, Key::Num0)] },
            Self::Shortcuts => const { &[keys(Modifiers::NONE, Key::F1)] },
            Self::Reset | Self::Problems | Self::About => &[],
        }
    }

    /// Whether a text field that has the focus keeps these keys to itself.
    fn yields_to_text(self) -> bool {
        matches!(self, Self::Undo | Self::Redo | Self::Unpin)
    }
}

/// The actions whose shortcuts were pressed.
pub fn pressed(ctx: &Context) -> Vec<Action> {
    let typing = ctx.text_edit_focused();
    // Escape is theirs, where any are open.
    let modal = ctx.memory(|memory| memory.top_modal_layer().is_some());
    let popup = modal || egui::Popup::is_any_open(ctx);
    // Shortcuts with shift come first, as egui matches a pressed shift loosely.
    let mut candidates: Vec<(Action, KeyboardShortcut)> = Action::ALL
        .into_iter()
        .filter(|action| !((typing || popup) && action.yields_to_text()))
        .flat_map(|action| action.shortcuts().iter().map(move |shortcut| (action, *shortcut)))
        .collect();
    candidates.sort_by_key(|(_, shortcut)| !shortcut.modifiers.shift);
    ctx.input_mut(|input| {
        candidates
            .into_iter()
            .filter(|(_, shortcut)| input.consume_shortcut(shortcut))
            .map(|(action, _)| action)
            .collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_actions_share_keys() {
        let all: Vec<KeyboardShortcut> =
            Action::ALL.into_iter().flat_map(|action| action.shortcuts().iter().copied()).collect();
        for (index, shortcut) in all.iter().enumerate() {
            assert!(!all[..index].contains(shortcut), "{shortcut:?}");
        }
    }
}
