//! The window.
//!
//! One [`AppState`] owns everything that changes. Panels read it and send [`command::Command`]s;
//! [`AppState::handle`] carries them out; what then must happen outside, leaves as effects. A frame goes so:
//!
//! 1. What other threads, dropped files and shortcuts have to say is handled.
//! 2. Menu and left panel are shown, and what they send is handled.
//! 3. What follows from the inputs is computed, if they changed.
//! 4. The answer is shown: in the same frame in which a slider moved.
//! 5. What the rest sent is handled, and shown in a frame that follows at once.
//! 6. Effects are carried out, and settings are handed to the thread that saves them.

mod answer;
mod ask;
mod axes;
mod chips;
mod command;
mod effects;
mod files;
mod history;
mod inputs;
mod inspector;
mod menu;
mod overlay;
mod results;
mod settings;
pub mod state;
mod table;
mod table_text;
mod theme;
mod view;
mod watch;
mod widgets;

use std::{path::PathBuf, sync::mpsc};

use egui::{Context, Ui};
use jiff::civil::Date;

pub use command::{Action, Command, Message};
pub use files::{ChosenPath, PathTask};
pub use inputs::Inputs;
pub use state::AppState;
pub use view::ExportChoice;

use crate::catalog::load;
use command::Commands;
use effects::Outbox;
use settings::{Found, Saver};
use watch::Watcher;

/// The name of the folder for settings, and of the window to the desktop.
const APP_ID: &str = "rigwise";

/// Neither renderer can show a window.
#[derive(Debug, thiserror::Error)]
#[error("no window can be shown: with wgpu, {wgpu}; with OpenGL, {glow}")]
pub struct AppError {
    wgpu: Box<eframe::Error>,
    glow: Box<eframe::Error>,
}

/// What the window starts with. Tests put a folder of their own and a fixed day here.
#[derive(Clone, Debug)]
pub struct Options {
    /// Preset files and folders besides the built-in ones and those of the last time.
    pub paths: Vec<PathBuf>,
    /// Absent means that nothing is read or saved.
    pub settings: Option<PathBuf>,
    pub today: Date,
    /// Ask for paths by the system's dialogs, and not in the window.
    pub native_dialogs: bool,
    /// Close the window after so many seconds.
    pub close_after: Option<f64>,
}

/// Shows the window until it is closed.
pub fn run(paths: Vec<PathBuf>) -> Result<(), AppError> {
    let options = Options {
        paths,
        settings: eframe::storage_dir(APP_ID).map(|folder| folder.join("settings.ron")),
        today: jiff::Zoned::now().date(),
        native_dialogs: true,
        close_after: None,
    };
    show(&options)
}

/// Shows the window for about `seconds`, with nothing read or saved, to see whether it can be shown.
pub fn smoke_test(seconds: f64) -> Result<(), AppError> {
    show(&Options {
        paths: Vec::new(),
        settings: None,
        today: jiff::Zoned::now().date(),
        native_dialogs: true,
        close_after: Some(seconds.clamp(0.0, 3600.0)),
    })
}

fn show(options: &Options) -> Result<(), AppError> {
    // Drivers fail in many ways that only a try shows; OpenGL works where wgpu does not, and the reverse.
    let Err(wgpu) = run_with(eframe::Renderer::Wgpu, options.clone()) else { return Ok(()) };
    log::warn!("wgpu cannot show a window, trying OpenGL: {wgpu}");
    run_with(eframe::Renderer::Glow, options.clone())
        .map_err(|glow| AppError { wgpu: Box::new(wgpu), glow: Box::new(glow) })
}

fn run_with(renderer: eframe::Renderer, options: Options) -> eframe::Result {
    let viewport = egui::ViewportBuilder::default()
        .with_title("Rigwise")
        .with_app_id(APP_ID)
        .with_inner_size([1280.0, 800.0])
        .with_min_inner_size([900.0, 600.0]);
    let viewport = match eframe::icon_data::from_png_bytes(include_bytes!("../../assets/icon/256.png")) {
        Ok(icon) => viewport.with_icon(icon),
        Err(error) => {
            log::warn!("the icon cannot be read: {error}");
            viewport
        }
    };
    let native = eframe::NativeOptions { viewport, renderer, ..Default::default() };
    eframe::run_native(APP_ID, native, Box::new(move |cc| Ok(Box::new(App::new(&cc.egui_ctx, options)))))
}

/// The window's contents with all that they need from outside.
#[derive(Debug)]
pub struct App {
    pub state: AppState,
    commands: Commands,
    inbox: mpsc::Receiver<Command>,
    outbox: Outbox,
    saver: Option<Saver>,
    watcher: Watcher,
    watched: Vec<PathBuf>,
    native_dialogs: bool,
    close_after: Option<f64>,
    /// Counts presses of buttons, to tell one gesture from the next.
    presses: u64,
}

impl App {
    #[must_use]
    pub fn new(ctx: &Context, options: Options) -> Self {
        let Options { mut paths, settings: file, today, native_dialogs, close_after } = options;
        theme::install(ctx);
        let found = file.as_deref().map_or(Found::Nothing, settings::read);
        if let Found::Settings(settings) = &found {
            for path in &settings.paths {
                if path.exists() && !paths.contains(path) {
                    paths.push(path.clone());
                }
            }
        }
        let loaded = load::with_paths(&paths);
        let mut state = AppState::new(loaded, found, today);
        state.paths = paths;
        state.folder = std::env::home_dir().unwrap_or_default();
        let (sender, inbox) = mpsc::channel();
        let outbox = Outbox::new(sender, ctx.clone());
        Self {
            state,
            commands: Commands::default(),
            inbox,
            watcher: Watcher::new(outbox.clone()),
            outbox,
            saver: file.map(Saver::new),
            watched: Vec::new(),
            native_dialogs,
            close_after,
            presses: 0,
        }
    }

    /// One frame.
    pub fn frame_ui(&mut self, ui: &mut Ui, frame: Option<&eframe::Frame>) {
        self.listen(ui);
        self.handle_all();
        menu::menu_panel(ui, &self.state, &mut self.commands);
        overlay::status_panel(ui, &self.state, &mut self.commands);
        ask::ask_panel(ui, &self.state, &mut self.commands);
        self.handle_all();
        self.state.refresh();
        inspector::inspector_panel(ui, &self.state, &mut self.commands);
        let mut view = std::mem::take(&mut self.state.plot_view);
        answer::answer_panel(ui, &self.state, &mut view, &mut self.commands);
        self.state.plot_view = view;
        overlay::windows_ui(ui, &self.state, &mut self.commands);
        overlay::drop_hint_ui(ui);
        if self.handle_all() {
            ui.request_repaint();
        }
        self.run_effects(frame.filter(|_| self.native_dialogs));
        self.close_in_time(ui);
        if let (Some(saver), Some(settings)) = (&self.saver, self.state.take_unsaved()) {
            saver.save(settings);
        }
    }

    /// Takes what came from outside: threads, dropped files, keys.
    fn listen(&mut self, ctx: &Context) {
        while let Ok(command) = self.inbox.try_recv() {
            self.commands.send(command);
        }
        let dropped: Vec<PathBuf> =
            ctx.input(|input| input.raw.dropped_files.iter().map(|file| file.path().to_owned()).collect());
        if !dropped.is_empty() {
            self.commands.send(Command::OpenPaths(dropped));
        }
        for action in command::pressed(ctx) {
            self.commands.send(Command::Act(action));
        }
        self.state.gesture = self.gesture(ctx);
    }

    /// Changes with the same number are taken back together: all of one drag, or of one burst of keys.
    fn gesture(&mut self, ctx: &Context) -> Option<u64> {
        let (pressed, held) = ctx.input(|input| {
            let pressed = input.pointer.any_pressed();
            (pressed, input.pointer.any_down() || input.pointer.any_released())
        });
        self.presses += u64::from(pressed);
        if held {
            return Some(self.presses);
        }
        // Keys in one control between two presses of a button.
        let focused = ctx.memory(egui::Memory::focused)?;
        Some(focused.value() ^ self.presses)
    }

    fn close_in_time(&self, ctx: &Context) {
        if let Some(seconds) = self.close_after {
            let left = seconds - ctx.input(|input| input.time);
            if left <= 0.0 {
                ctx.send_viewport_cmd(egui::ViewportCommand::Close);
            } else {
                ctx.request_repaint_after(std::time::Duration::from_secs_f64(left.min(60.0)));
            }
        }
    }

    /// Handles all that was sent. Returns whether there was anything.
    fn handle_all(&mut self) -> bool {
        let commands = self.commands.take();
        let any = !commands.is_empty();
        for command in commands {
            self.state.handle(command);
        }
        any
    }

    fn run_effects(&mut self, frame: Option<&eframe::Frame>) {
        for effect in std::mem::take(&mut self.state.effects) {
            effects::run(effect, &self.state, &self.outbox, frame);
        }
        if self.watched != self.state.files {
            self.watched.clone_from(&self.state.files);
            self.watcher.set(self.state.files.iter().chain(&self.state.paths));
        }
    }
}

impl eframe::App for App {
    fn ui(&mut self, ui: &mut Ui, frame: &mut eframe::Frame) {
        self.frame_ui(ui, Some(frame));
    }

    fn on_exit(&mut self, _gl: Option<&eframe::glow::Context>) {
        self.outbox.finish_writing();
        if let Some(saver) = self.saver.take() {
            saver.save(self.state.settings());
            // Dropping it waits until they are written.
        }
    }
}
