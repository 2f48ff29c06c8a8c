//! What happens outside the state: dialogs, files and the clipboard. Nothing here holds up the window.

use std::{
    fs,
    path::{Path, PathBuf},
    pin::Pin,
    sync::{Arc, Mutex, PoisonError, mpsc::Sender},
    thread::JoinHandle,
    time::{Duration, Instant},
};

use egui::Context;
use rfd::FileHandle;

use super::{
    AppState,
    command::{Action, Command, Message},
    files::{self, ChosenPath, PathTask},
    settings::SavedComparison,
    state::{Dialog, Effect},
    table_text,
};
use crate::{
    catalog::load,
    export::{self, ExportError, ExportOptions, Format},
};

/// Where other threads leave what they have to say.
#[derive(Clone, Debug)]
pub struct Outbox {
    sender: Sender<Command>,
    ctx: Context,
    /// Threads that write files.
    writers: Arc<Mutex<Vec<JoinHandle<()>>>>,
}

impl Outbox {
    #[must_use]
    pub fn new(sender: Sender<Command>, ctx: Context) -> Self {
        Self { sender, ctx, writers: Arc::default() }
    }

    pub fn send(&self, command: Command) {
        self.sender.send(command).ok();
        self.ctx.request_repaint();
    }

    /// Runs `work` on a thread of its own and sends what it returns.
    fn spawn(&self, work: impl FnOnce() -> Command + Send + 'static) -> Option<JoinHandle<()>> {
        let outbox = self.clone();
        let thread = std::thread::Builder::new().name("files".to_owned());
        match thread.spawn(move || outbox.send(work())) {
            Ok(thread) => Some(thread),
            Err(error) => {
                self.send(Command::Say(Message::error(format!("Cannot start a thread: {error}."))));
                None
            }
        }
    }

    /// As [`Self::spawn`], for what the program may not end in the middle of.
    fn spawn_writer(&self, work: impl FnOnce() -> Command + Send + 'static) {
        let mut writers = self.writers.lock().unwrap_or_else(PoisonError::into_inner);
        writers.retain(|writer| !writer.is_finished());
        writers.extend(self.spawn(work));
    }

    /// Waits until all files are written, so that none is left half done.
    pub fn finish_writing(&self) {
        for writer in self.writers.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            writer.join().ok();
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
        Effect::OpenComparison(path) => {
            outbox.spawn(move || open_comparison(&path));
        }
        Effect::AskForPath(dialog) => ask_for_path(dialog, state, outbox, frame),
        Effect::Write(task, path) => write(task, path, state, outbox),
    }
}

/// In bytes; what is larger is something else.
const LARGEST_COMPARISON: u64 = 1 << 20;

/// Tells saved comparisons from presets.
fn sort(paths: Vec<PathBuf>, outbox: &Outbox) -> Command {
    let is_comparison = |path: &Path| {
        if fs::metadata(path).is_ok_and(|found| found.len() > LARGEST_COMPARISON) {
            return false;
        }
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
    let bytes: Box<dyn FnOnce() -> Result<Vec<u8>, ExportError> + Send> = match task {
        PathTask::ExportFigure => {
            let figure = state.results.figure.clone();
            let format = Format::of_path(&path).unwrap_or_default();
            let options = export_options(state);
            Box::new(move || export::export(&figure, format, &options))
        }
        PathTask::ExportTable => {
            let bytes = match extension.as_str() {
                "md" => Ok(table_text::markdown(state).into_bytes()),
                "json" => table_text::json(state),
                _ => table_text::csv(state),
            };
            Box::new(move || bytes)
        }
        PathTask::SaveComparison | PathTask::OpenPresets | PathTask::OpenComparison => {
            let text = SavedComparison::new(&state.inputs).to_text();
            Box::new(move || Ok(text.into_bytes()))
        }
    };
    outbox.spawn_writer(move || {
        let written = bytes().and_then(|bytes| export::write(&path, &bytes));
        let name = files::brief(&path);
        Command::Written(match written {
            Ok(()) => Message::info(format!("Wrote {name}.")),
            // Its name would leave no room for the reason where it is long.
            Err(error) => {
                let text = error.to_string().replace(&path.display().to_string(), &name);
                Message::error(sentence(&text))
            }
        })
    });
}

/// The size and paper that the person chose, and the part that is in view.
fn export_options(state: &AppState) -> ExportOptions {
    ExportOptions { part: state.plot_view.part(), ..state.view.export.options() }
}

/// An error's text as a sentence of its own.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().collect::<String>());
    format!("{}{}.", first.unwrap_or_default(), letters.as_str())
}

/// Draws the figure on another thread, which then hands the picture back for the clipboard.
fn copy_figure(state: &AppState, outbox: &Outbox) {
    let figure = state.results.figure.clone();
    let options = export_options(state);
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
fn ask_for_path(asked: Dialog, state: &AppState, outbox: &Outbox, frame: Option<&eframe::Frame>) {
    let Dialog { task, number } = asked;
    let Some(frame) = frame else {
        outbox.send(Command::AskForPath(task));
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
    let chosen: Pin<Box<dyn Future<Output = Vec<FileHandle>> + Send>> = if task == PathTask::OpenPresets {
        let files = dialog.pick_files();
        Box::pin(async move { files.await.unwrap_or_default() })
    } else if task.writes() {
        let file = dialog.save_file();
        Box::pin(async move { file.await.into_iter().collect() })
    } else {
        let file = dialog.pick_file();
        Box::pin(async move { file.await.into_iter().collect() })
    };
    let theirs = outbox.clone();
    outbox.spawn(move || {
        let chosen = pollster::block_on(chosen);
        let mut paths = chosen.iter().map(|file| file.path().to_owned());
        if task == PathTask::OpenPresets && paths.len() > 0 {
            theirs.send(Command::OpenPaths(paths.collect()));
        } else if let Some(path) = paths.next() {
            theirs.send(Command::Path(ChosenPath { task, path, may_overwrite: true }));
        } else if cfg!(target_os = "linux") && began.elapsed() < NO_DIALOG {
            // Nothing tells a dialog that was cancelled from one that could not be shown, but the time.
            theirs.send(Command::AskForPath(task));
        }
        Command::DialogClosed(number)
    });
}

/// A path as people type it, from a folder on unless it begins elsewhere.
#[must_use]
pub fn typed_path(folder: &Path, text: &str) -> PathBuf {
    let text = text.trim();
    match (text.strip_prefix("~/"), std::env::home_dir()) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => folder.join(text),
    }
}
