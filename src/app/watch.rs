//! Notices when a loaded file changes on disk. The window sleeps until one does.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Condvar, Mutex, PoisonError},
    time::{Duration, SystemTime},
};

use super::{command::Command, effects::Outbox};

const EVERY: Duration = Duration::from_millis(1500);

/// Looks at the modification times of files and folders on a thread of its own.
#[derive(Debug)]
pub struct Watcher {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<Watched>,
    stopped: Condvar,
}

#[derive(Debug, Default)]
struct Watched {
    times: BTreeMap<PathBuf, Option<SystemTime>>,
    stop: bool,
}

impl Watcher {
    #[must_use]
    pub fn new(outbox: Outbox) -> Self {
        let shared = Arc::new(Shared::default());
        let theirs = Arc::clone(&shared);
        let thread = std::thread::Builder::new().name("watch".to_owned());
        if let Err(error) = thread.spawn(move || watch(&theirs, &outbox)) {
            log::warn!("files will not be watched: {error}");
        }
        Self { shared }
    }

    /// Watches these files and folders from now on.
    pub fn set<'a>(&self, paths: impl IntoIterator<Item = &'a PathBuf>) {
        let times = paths.into_iter().map(|path| (path.clone(), modified(path))).collect();
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner).times = times;
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner).stop = true;
        self.shared.stopped.notify_all();
    }
}

fn modified(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|data| data.modified()).ok()
}

fn watch(shared: &Shared, outbox: &Outbox) {
    let mut state = shared.state.lock().unwrap_or_else(PoisonError::into_inner);
    while !state.stop {
        state = shared.stopped.wait_timeout(state, EVERY).unwrap_or_else(PoisonError::into_inner).0;
        let mut changed = false;
        for (path, known) in &mut state.times {
            let now = modified(path);
            if now != *known {
                *known = now;
                changed = true;
            }
        }
        if changed && !state.stop {
            outbox.send(Command::FilesChanged);
        }
    }
}
