//! What the state does with paths and with what was loaded from them.

use std::path::PathBuf;

use super::{AppState, Dialog, Effect};
use crate::{
    app::{
        chips,
        command::{Action, Message, Window},
        files::{self, ChosenPath, PathTask},
    },
    catalog::load::Loaded,
    estimate::Estimator,
    figure::Directory,
};

impl AppState {
    /// Asks where to open or write what an action is about.
    pub(super) fn ask_for_path(&mut self, action: Action) {
        if let Some(task) = PathTask::of(action) {
            self.dialogs += 1;
            let dialog = Dialog { task, number: self.dialogs };
            self.dialog = Some(dialog);
            self.effects.push(Effect::AskForPath(dialog));
        }
    }

    pub(super) fn take_path(&mut self, chosen: ChosenPath) {
        let ChosenPath { task, path, may_overwrite } = chosen;
        self.close(Window::Path);
        if let Some(folder) = path.parent() {
            folder.clone_into(&mut self.folder);
        }
        match task {
            PathTask::OpenPresets => self.effects.push(Effect::Sort(vec![path])),
            PathTask::OpenComparison => self.effects.push(Effect::OpenComparison(path)),
            PathTask::SaveComparison | PathTask::ExportFigure | PathTask::ExportTable => {
                let mended = task.with_extension(&path);
                // Whoever was asked was not asked about a name that was mended since.
                let may_overwrite = may_overwrite && mended == path;
                if mended.is_dir() {
                    let name = files::brief(&mended);
                    self.message = Some(Message::error(format!("{name} is a folder. Choose another name.")));
                } else if mended.exists() && !may_overwrite {
                    self.pending.overwrite = Some((task, mended));
                    self.show(Window::Overwrite);
                } else {
                    self.write(task, mended);
                }
            }
        }
    }

    pub(super) fn write(&mut self, task: PathTask, path: PathBuf) {
        self.writing += 1;
        self.effects.push(Effect::Write(task, path));
    }

    pub(super) fn open(&mut self, paths: Vec<PathBuf>) {
        for path in paths {
            if !self.paths.contains(&path) {
                self.paths.push(path);
            }
        }
        self.is_unsaved = true;
        self.load();
    }

    pub(super) fn load(&mut self) {
        self.is_loading = true;
        self.effects.push(Effect::Load(self.paths.clone()));
    }

    pub(super) fn take_loaded(&mut self, loaded: Loaded) {
        let Loaded { catalog, diagnostics, files } = loaded;
        self.is_loading = false;
        let machines = catalog.machines.len();
        self.estimator = Estimator::new(&catalog);
        self.directory = Directory::new(&catalog);
        self.makers = chips::makers(&catalog);
        self.catalog = catalog;
        self.diagnostics = diagnostics;
        self.files = files;
        self.is_stale = true;
        if self.diagnostics.is_empty() {
            let files = self.files.len();
            let noun = if files == 1 { "file" } else { "files" };
            self.message =
                Some(Message::info(format!("Loaded {files} {noun}. There are {machines} machines now.")));
        }
    }
}
