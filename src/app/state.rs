//! Everything that changes, and the one place where it does.
//!
//! Panels read an [`AppState`] and send [`Command`]s; [`AppState::handle`] carries them out. It touches neither the
//! window nor the disk: what must happen outside it leaves as [`Effect`]s.

mod paths;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

use jiff::civil::Date;

use super::{
    chips,
    command::{Action, Command, Message, Window},
    files::PathTask,
    history::History,
    inputs::Inputs,
    results::Results,
    settings::{Found, SavedComparison, Settings, VERSION},
    view::View,
};
use crate::{
    catalog::{Catalog, diagnostic::Diagnostic, load::Loaded},
    estimate::Estimator,
    figure::{Directory, Maker},
    plot,
    scenario::{MAX_TOKENS, MAX_USERS, Scenario},
};

/// Something to be done outside the state.
#[derive(Clone, Debug)]
pub enum Effect {
    CopyText(String),
    CopyFigure,
    CopyPicture(std::sync::Arc<egui::ColorImage>),
    AskForPath(Dialog),
    /// Find out what files are.
    Sort(Vec<PathBuf>),
    /// Read presets on another thread.
    Load(Vec<PathBuf>),
    OpenComparison(PathBuf),
    Write(PathTask, PathBuf),
    SetTheme(egui::ThemePreference),
    Zoom(Action),
    Quit,
}

/// A native dialog.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dialog {
    pub task: PathTask,
    /// Tells it from the ones before.
    pub number: u64,
}

/// A question that waits for the person.
#[derive(Clone, Debug, Default)]
pub struct Pending {
    /// For the window's own path dialog.
    pub task: Option<PathTask>,
    pub typed: String,
    /// Exists, and would be written over.
    pub overwrite: Option<(PathTask, PathBuf)>,
}

/// Everything that changes while the program runs.
#[derive(Debug)]
pub struct AppState {
    pub inputs: Inputs,
    pub view: View,
    pub catalog: Catalog,
    pub directory: Directory,
    pub estimator: Estimator,
    /// Of the catalog's machines, by the color they share.
    pub makers: BTreeMap<Maker, BTreeSet<String>>,
    pub diagnostics: Vec<Diagnostic>,
    /// Files that were loaded, to be watched.
    pub files: Vec<PathBuf>,
    /// What the person opened, files and folders.
    pub paths: Vec<PathBuf>,
    pub results: Results,
    pub hovered: Option<String>,
    pub model_query: String,
    pub plot_view: plot::View,
    pub windows: Vec<Window>,
    pub pending: Pending,
    pub message: Option<Message>,
    pub is_loading: bool,
    /// How many files are being written.
    pub writing: u32,
    /// The native dialog that is open: one at a time.
    pub dialog: Option<Dialog>,
    dialogs: u64,
    pub effects: Vec<Effect>,
    /// What one undo takes back together: set by the window for every press of a button or key.
    pub gesture: Option<u64>,
    pub today: Date,
    /// Where files were last opened or written.
    pub folder: PathBuf,
    history: History<Inputs>,
    is_stale: bool,
    is_unsaved: bool,
}

impl AppState {
    /// The state at the start: presets as loaded, and what the settings say.
    #[must_use]
    pub fn new(loaded: Loaded, found: Found, today: Date) -> Self {
        let Loaded { catalog, diagnostics, files } = loaded;
        let mut message = None;
        let settings = match found {
            Found::Settings(settings) => Some(*settings),
            Found::Nothing => None,
            Found::Damaged { aside, reason } => {
                log::warn!("settings were set aside: {reason}");
                let text = format!(
                    "The settings could not be read and were set aside as {}. This is a fresh start.",
                    aside.display()
                );
                message = Some(Message::error(text));
                None
            }
        };
        let (mut inputs, view, paths) = match settings {
            Some(settings) => (settings.comparison.into_inputs(), settings.view, settings.paths),
            None => (first_inputs(&catalog), View::default(), Vec::new()),
        };
        if view.follows_today {
            inputs.scenario.money.as_of = today;
        }
        let estimator = Estimator::new(&catalog);
        let directory = Directory::new(&catalog);
        let results = Results::new((&catalog, &directory), &estimator, &inputs, &view);
        let theme = view.theme;
        let makers = chips::makers(&catalog);
        Self {
            inputs,
            view,
            catalog,
            directory,
            estimator,
            makers,
            diagnostics,
            files,
            paths,
            results,
            hovered: None,
            model_query: String::new(),
            plot_view: plot::View::default(),
            windows: Vec::new(),
            pending: Pending::default(),
            message,
            is_loading: false,
            writing: 0,
            dialog: None,
            dialogs: 0,
            effects: vec![Effect::SetTheme(theme)],
            gesture: None,
            today,
            folder: PathBuf::new(),
            history: History::default(),
            is_stale: false,
            is_unsaved: false,
        }
    }

    /// Computes what follows from the inputs, where they changed. Returns whether they did.
    pub fn refresh(&mut self) -> bool {
        if !std::mem::take(&mut self.is_stale) {
            return false;
        }
        let catalog = (&self.catalog, &self.directory);
        self.results = Results::new(catalog, &self.estimator, &self.inputs, &self.view);
        true
    }

    /// What is to be written, if something changed since the last time.
    pub fn take_unsaved(&mut self) -> Option<Settings> {
        std::mem::take(&mut self.is_unsaved).then(|| self.settings())
    }

    #[must_use]
    pub fn settings(&self) -> Settings {
        Settings {
            version: VERSION,
            comparison: SavedComparison::new(&self.inputs),
            view: self.view.clone(),
            paths: self.paths.clone(),
        }
    }

    #[must_use]
    pub fn can(&self, action: Action) -> bool {
        match action {
            Action::Undo => self.history.can_undo(),
            Action::Redo => self.history.can_redo(),
            Action::Unpin => !self.inputs.pinned.is_empty(),
            Action::Problems => !self.diagnostics.is_empty(),
            Action::CopyTable => !self.results.order.is_empty(),
            Action::CopyFigure => self.results.figure.empty.is_none(),
            Action::ExportTable => !self.results.order.is_empty() && !self.is_asking(),
            Action::ExportFigure => self.results.figure.empty.is_none() && !self.is_asking(),
            Action::OpenPresets | Action::OpenComparison | Action::SaveComparison => !self.is_asking(),
            _ => true,
        }
    }

    /// The answer in words, or why there is none.
    #[must_use]
    pub fn verdict_text(&self) -> &str {
        match &self.results.verdict {
            Ok(text) | Err(text) => text,
        }
    }

    #[must_use]
    pub fn is_pinned(&self, id: &str) -> bool {
        self.inputs.pinned.iter().any(|pinned| pinned == id)
    }

    /// Whether a path is being asked for, in whichever way.
    #[must_use]
    pub fn is_asking(&self) -> bool {
        self.dialog.is_some() || self.shows(Window::Path) || self.shows(Window::Overwrite)
    }

    #[must_use]
    pub fn shows(&self, window: Window) -> bool {
        self.windows.contains(&window)
    }

    /// Carries a command out. The single place where the state changes.
    pub fn handle(&mut self, command: Command) {
        match command {
            Command::Ask(scenario) => self.ask(*scenario),
            Command::ChooseModel(id) => self.choose_model(id),
            Command::SearchModel(query) => self.model_query = query,
            Command::Filter(filters) => self.change(|inputs| inputs.filters = *filters),
            Command::TogglePin(id) => self.change(|inputs| inputs.toggle_pin(&id)),
            Command::Hover(hovered) => self.hovered = hovered,
            Command::SortBy(column) => {
                let sort = &mut self.view.sort;
                let again = sort.column == column;
                sort.descending = if again { !sort.descending } else { column.prefers_descending() };
                sort.column = column;
                self.results.sort(&self.catalog, self.view.sort);
                self.is_unsaved = true;
            }
            Command::ShowTab(tab) => self.look(|view| view.tab = tab),
            Command::ShowAxes(name, axes) => self.change(|inputs| inputs.choose_axes(name, axes)),
            Command::FollowToday(follows) => {
                self.look(|view| view.follows_today = follows);
                if follows {
                    let today = self.today;
                    self.change(|inputs| inputs.scenario.money.as_of = today);
                }
            }
            Command::SetTheme(theme) => {
                self.look(|view| view.theme = theme);
                self.effects.push(Effect::SetTheme(theme));
            }
            Command::Act(action) => self.act(action),
            Command::Show(window) => self.show(window),
            Command::Close(window) => self.close(window),
            Command::OpenPaths(paths) => self.effects.push(Effect::Sort(paths)),
            Command::AddPresets(paths) => self.open(paths),
            Command::Loaded(loaded) => self.take_loaded(*loaded),
            Command::FilesChanged => self.load(),
            Command::Path(chosen) => self.take_path(chosen),
            Command::AskForPath(task) => {
                self.dialog = None;
                self.pending.task = Some(task);
                let path = self.folder.join(task.file_name(self.view.tab.key()));
                self.pending.typed = path.display().to_string();
                self.show(Window::Path);
            }
            Command::Overwrite(task, path) => {
                self.close(Window::Overwrite);
                self.write(task, path);
            }
            Command::TypePath(text) => self.pending.typed = text,
            Command::DialogClosed(number) => {
                self.dialog = self.dialog.filter(|dialog| dialog.number != number);
            }
            Command::Written(message) => {
                self.writing = self.writing.saturating_sub(1);
                self.message = Some(message);
            }
            Command::Say(message) => self.message = Some(message),
            Command::DismissMessage => self.message = None,
            Command::ShowExport(export) => self.look(|view| view.export = export),
            Command::Copied(picture) => {
                self.effects.push(Effect::CopyPicture(picture));
                self.message = Some(Message::info("Copied the figure to the clipboard."));
            }
            Command::Restore(saved) => self.change(|inputs| *inputs = saved.into_inputs()),
        }
    }

    /// Changes the inputs in a way that can be undone.
    fn change(&mut self, edit: impl FnOnce(&mut Inputs)) {
        let before = self.inputs.clone();
        edit(&mut self.inputs);
        if self.inputs != before {
            self.history.record(before, self.gesture);
            self.touch();
        }
    }

    /// Changes how the answer is looked at.
    fn look(&mut self, edit: impl FnOnce(&mut View)) {
        let before = self.view.clone();
        edit(&mut self.view);
        if self.view != before {
            if self.view.tab != before.tab {
                self.plot_view = plot::View::default();
            }
            self.touch();
        }
    }

    fn touch(&mut self) {
        self.is_stale = true;
        self.is_unsaved = true;
    }

    fn ask(&mut self, mut scenario: Scenario) {
        scenario.context = scenario.context.clamp(1, MAX_TOKENS);
        scenario.prompt = scenario.prompt.min(MAX_TOKENS);
        scenario.answer = scenario.answer.clamp(1, MAX_TOKENS);
        scenario.users = scenario.users.clamp(1, MAX_USERS);
        if scenario.money.as_of != self.inputs.scenario.money.as_of {
            self.look(|view| view.follows_today = false);
        }
        self.change(|inputs| inputs.scenario = scenario);
    }

    fn choose_model(&mut self, id: String) {
        let Some(model) = self.catalog.models.get(&id) else { return };
        let most = model.max_context.max(512);
        self.change(|inputs| {
            inputs.scenario.model = id;
            inputs.scenario.edits = crate::scenario::ModelEdits::default();
            inputs.scenario.context = inputs.scenario.context.min(most);
        });
    }

    fn act(&mut self, action: Action) {
        if !self.can(action) {
            return;
        }
        match action {
            Action::Undo => {
                if let Some(inputs) = self.history.undo(self.inputs.clone()) {
                    self.inputs = inputs;
                    self.touch();
                }
            }
            Action::Redo => {
                if let Some(inputs) = self.history.redo(self.inputs.clone()) {
                    self.inputs = inputs;
                    self.touch();
                }
            }
            Action::Reset => {
                let mut first = first_inputs(&self.catalog);
                if self.view.follows_today {
                    first.scenario.money.as_of = self.today;
                }
                self.change(|inputs| *inputs = first);
            }
            Action::Unpin => self.change(|inputs| inputs.pinned.clear()),
            Action::CopyTable => {
                let table = super::table_text::tab_separated(self);
                self.effects.push(Effect::CopyText(table));
                let machines = self.results.order.len();
                self.message = Some(Message::info(format!("Copied {machines} machines to the clipboard.")));
            }
            Action::CopyFigure => self.effects.push(Effect::CopyFigure),
            Action::Problems => self.show(Window::Problems),
            Action::Shortcuts => self.show(Window::Shortcuts),
            Action::About => self.show(Window::About),
            Action::Quit => self.effects.push(Effect::Quit),
            Action::ZoomIn | Action::ZoomOut | Action::ZoomReset => self.effects.push(Effect::Zoom(action)),
            Action::OpenPresets
            | Action::OpenComparison
            | Action::SaveComparison
            | Action::ExportFigure
            | Action::ExportTable => self.ask_for_path(action),
        }
    }

    fn show(&mut self, window: Window) {
        if !self.shows(window) {
            self.windows.push(window);
        }
    }

    fn close(&mut self, window: Window) {
        self.windows.retain(|shown| *shown != window);
        match window {
            Window::Path => self.pending.task = None,
            Window::Overwrite => self.pending.overwrite = None,
            Window::About | Window::Shortcuts | Window::Problems => {}
        }
    }
}

/// The question that a first start asks.
fn first_inputs(catalog: &Catalog) -> Inputs {
    let mut inputs = Inputs::default();
    let money = &mut inputs.scenario.money;
    if let Some(rate) = catalog.exchange_rates.last() {
        money.usd_per_eur = rate.usd_per_eur;
        money.rate_date = Some(rate.date.last_day());
    }
    inputs
}
