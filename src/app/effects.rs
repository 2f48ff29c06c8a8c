//! What happens outside the state: dialogs, files and the clipboard. Nothing here holds up the window.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Arc, mpsc::Sender},
    time::{Duration, Instant},
};

use egui::Context;

use super::{
    AppState,
    command::{Action, Command, Message},
    files::PathTask,
    settings::SavedComparison,
    state::Effect,
    table_text,
};
use crate::{
    catalog::load,
    export::{self, Format},
};

/// Where other threads leave what they have to say.
#[derive(Clone, Debug)]
pub struct Outbox {
    pub sender: Sender<Command>,
    pub ctx: Context,
}

impl Outbox {
    pub fn send(&self, command: Command) {
        self.sender.send(command).ok();
        self.ctx.request_repaint();
    }

    /// Runs `work` on a thread of its own and sends what it returns.
    fn spawn(&self, work: impl FnOnce() -> Command + Send + 'static) {
        let outbox = self.clone();
        let thread = std::thread::Builder::new().name("files".to_owned());
        if let Err(error) = thread.spawn(move || outbox.send(work())) {
            self.send(Command::Say(Message::error(format!("Cannot start a thread: {error}."))));
        }
    }
}

/// Carries out what the state asked for.
///
/// `frame` is what native dialogs belong to; without it, paths are asked for in the window.
pub fn run(effect: Effect, state: &AppState, outbox: &Outbox, frame: Option<&eframe::Frame>) {
    let ctx = &outbox.ctx;
    match effect {
        Effect::CopyText(text) => ctx.copy_text(text),
        Effect::CopyFigure => copy_figure(state, outbox),
        Effect::CopyPicture(picture) => ctx.copy_image((*picture).clone()),
        Effect::SetTheme(theme) => ctx.set_theme(theme),
        Effect::Quit => ctx.send_viewport_cmd(egui::ViewportCommand::Close),
        Effect::Zoom(action) => match action {
            Action::ZoomIn => egui::gui_zoom::zoom_in(ctx),
            Action::ZoomOut => egui::gui_zoom::zoom_out(ctx),
            _ => ctx.set_zoom_factor(1.0),
        },
        Effect::Load(paths) => {
            outbox.spawn(move || Command::Loaded(Box::new(load::with_paths(&paths))));
        }
        Effect::Sort(paths) => {
            let theirs = outbox.clone();
            outbox.spawn(move || sort(paths, &theirs));
        }
        Effect::OpenComparison(path) => outbox.spawn(move || open_comparison(&path)),
        Effect::AskForPath(task) => ask_for_path(task, state, outbox, frame),
        Effect::Write(task, path) => write(task, path, state, outbox),
    }
}

/// Tells saved comparisons from presets.
fn sort(paths: Vec<PathBuf>, outbox: &Outbox) -> Command {
    let is_comparison = |path: &Path| {
        let text = fs::read_to_string(path).unwrap_or_default();
        text.contains("scenario:") && SavedComparison::parse(&text).is_ok()
    };
    let (comparisons, presets): (Vec<PathBuf>, Vec<PathBuf>) =
        paths.into_iter().partition(|path| path.is_file() && is_comparison(path));
    match comparisons.last() {
        Some(path) => {
            if !presets.is_empty() {
                outbox.send(Command::AddPresets(presets));
            }
            open_comparison(path)
        }
        None => Command::AddPresets(presets),
    }
}

fn open_comparison(path: &Path) -> Command {
    let read = fs::read_to_string(path).map_err(|error| error.to_string());
    match read.and_then(|text| SavedComparison::parse(&text)) {
        Ok(saved) => Command::Restore(Box::new(saved)),
        Err(reason) => Command::Say(Message::error(format!("Cannot open {}: {reason}.", path.display()))),
    }
}

fn write(task: PathTask, path: PathBuf, state: &AppState, outbox: &Outbox) {
    let extension = path.extension().and_then(|it| it.to_str()).unwrap_or_default().to_lowercase();
    let bytes: Box<dyn FnOnce() -> Result<Vec<u8>, String> + Send> = match task {
        PathTask::ExportFigure => {
            let figure = state.results.figure.clone();
            let format = Format::of_path(&path).unwrap_or_default();
            let options = state.view.export.options();
            Box::new(move || export::export(&figure, format, &options).map_err(|error| error.to_string()))
        }
        PathTask::ExportTable if extension == "md" => {
            let text = table_text::markdown(state);
            Box::new(move || Ok(text.into_bytes()))
        }
        PathTask::ExportTable => {
            let bytes = table_text::csv(state).map_err(|error| error.to_string());
            Box::new(move || bytes)
        }
        _ => {
            let text = SavedComparison::new(&state.inputs).to_text();
            Box::new(move || Ok(text.into_bytes()))
        }
    };
    outbox.spawn(move || {
        let written =
            bytes().and_then(|bytes| export::write(&path, &bytes).map_err(|error| error.to_string()));
        Command::Say(match written {
            Ok(()) => Message::info(format!("Wrote {}.", path.display())),
            Err(reason) => Message::error(format!("Cannot write {}: {reason}.", path.display())),
        })
    });
}

/// Draws the figure on another thread, which then hands the picture back for the clipboard.
fn copy_figure(state: &AppState, outbox: &Outbox) {
    let figure = state.results.figure.clone();
    let options = state.view.export.options();
    outbox.spawn(move || {
        let png = export::png(&figure, &options).map_err(|error| error.to_string());
        let picture = png.and_then(|png| {
            image::load_from_memory_with_format(&png, image::ImageFormat::Png)
                .map_err(|error| error.to_string())
        });
        match picture {
            Ok(picture) => {
                let pixels = picture.into_rgba8();
                let size = [pixels.width() as usize, pixels.height() as usize];
                let picture = egui::ColorImage::from_rgba_unmultiplied(size, pixels.as_raw());
                Command::Copied(Arc::new(picture))
            }
            Err(reason) => Command::Say(Message::error(format!("Cannot copy the figure: {reason}."))),
        }
    });
}

/// A dialog that was shown takes a person longer than this to close.
const NO_DIALOG: Duration = Duration::from_millis(250);

/// Shows the system's dialog. It is made here, on the main thread, as macOS demands, and awaited on another.
fn ask_for_path(task: PathTask, state: &AppState, outbox: &Outbox, frame: Option<&eframe::Frame>) {
    let Some(frame) = frame else {
        outbox.send(Command::AskForPath(task));
        outbox.send(Command::DialogClosed);
        return;
    };
    let mut dialog =
        rfd::AsyncFileDialog::new().set_title(task.title()).set_parent(frame).set_directory(&state.folder);
    for (name, extension) in task.kinds() {
        dialog = dialog.add_filter(*name, &[*extension]);
    }
    if task.writes() {
        dialog = dialog.set_file_name(task.file_name(state.view.tab.key()));
    }
    let began = Instant::now();
    let outbox = outbox.clone();
    let finish = move |paths: Option<Vec<PathBuf>>| {
        match paths {
            Some(paths) if task == PathTask::OpenPresets => outbox.send(Command::OpenPaths(paths)),
            Some(paths) => {
                for path in paths {
                    outbox.send(Command::Path(task, path));
                }
            }
            // Nothing tells a dialog that was cancelled from one that could not be shown, but the time.
            None if cfg!(target_os = "linux") && began.elapsed() < NO_DIALOG => {
                outbox.send(Command::AskForPath(task));
            }
            None => {}
        }
        outbox.send(Command::DialogClosed);
    };
    let one = |file: rfd::FileHandle| vec![file.path().to_owned()];
    if task == PathTask::OpenPresets {
        let chosen = dialog.pick_files();
        std::thread::spawn(move || {
            let files = pollster::block_on(chosen);
            finish(files.map(|files| files.iter().map(|file| file.path().to_owned()).collect()));
        });
    } else if task.writes() {
        let chosen = dialog.save_file();
        std::thread::spawn(move || finish(pollster::block_on(chosen).map(one)));
    } else {
        let chosen = dialog.pick_file();
        std::thread::spawn(move || finish(pollster::block_on(chosen).map(one)));
    }
}

/// A path as people type it.
#[must_use]
pub fn typed_path(text: &str) -> PathBuf {
    let text = text.trim();
    match (text.strip_prefix("~/"), std::env::home_dir()) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => PathBuf::from(text),
    }
}
