//! What is there again at the next start: a small versioned file, written whole or not at all.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
    sync::mpsc,
    thread::JoinHandle,
    time::Duration,
};

use serde::{Deserialize, Serialize};

use super::{inputs::Inputs, view::View};
use crate::{
    compare::Filters,
    export,
    figure::{Axes, Name},
    scenario::Scenario,
};

/// The version of settings and comparison files that this program writes.
pub const VERSION: u32 = 1;

/// A comparison as it is saved: by the person to a file of their choice, and in the settings.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SavedComparison {
    pub schema: u32,
    pub scenario: Scenario,
    pub filters: Filters,
    pub pinned: Vec<String>,
    pub axes: BTreeMap<Name, Axes>,
}

impl SavedComparison {
    #[must_use]
    pub fn new(inputs: &Inputs) -> Self {
        let Inputs { scenario, filters, pinned, axes } = inputs.clone();
        Self { schema: VERSION, scenario, filters, pinned, axes }
    }

    #[must_use]
    pub fn into_inputs(self) -> Inputs {
        let Self { scenario, filters, pinned, axes, .. } = self;
        Inputs { scenario, filters, pinned, axes }
    }

    /// Reads the text of a comparison file.
    pub fn parse(text: &str) -> Result<Self, String> {
        let saved: Self = options().from_str(text).map_err(|error| error.to_string())?;
        if saved.schema == VERSION {
            Ok(saved)
        } else {
            Err(format!("it has schema {}, and this version reads schema {VERSION}", saved.schema))
        }
    }

    #[must_use]
    pub fn to_text(&self) -> String {
        let text = options().to_string_pretty(self, ron::ser::PrettyConfig::default());
        // Plain structs of numbers and texts always serialize.
        format!("// A comparison saved by Rigwise.\n{}\n", text.unwrap_or_default())
    }
}

/// The settings file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    pub version: u32,
    pub comparison: SavedComparison,
    pub view: View,
    /// Preset files and folders that were opened.
    pub paths: Vec<PathBuf>,
}

fn options() -> ron::Options {
    ron::Options::default().with_default_extension(ron::extensions::Extensions::IMPLICIT_SOME)
}

/// What was found at the start.
#[derive(Debug)]
pub enum Found {
    Nothing,
    Settings(Box<Settings>),
    /// The file could not be used and was set aside.
    Damaged {
        aside: PathBuf,
        reason: String,
    },
}

/// Reads the settings. A file that cannot be used is renamed, so that nothing of the person's is lost.
#[must_use]
pub fn read(path: &Path) -> Found {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Found::Nothing,
        Err(error) => return set_aside(path, error.to_string()),
    };
    match options().from_str::<Settings>(&text) {
        Ok(settings) if settings.version == VERSION => Found::Settings(Box::new(settings)),
        Ok(settings) => set_aside(path, format!("it has version {}", settings.version)),
        Err(error) => set_aside(path, error.to_string()),
    }
}

fn set_aside(path: &Path, reason: String) -> Found {
    let aside = path.with_file_name("settings.damaged.ron");
    if let Err(error) = fs::rename(path, &aside) {
        log::warn!("cannot rename {}: {error}", path.display());
    }
    Found::Damaged { aside, reason }
}

/// Writes the settings.
pub fn write(path: &Path, settings: &Settings) -> io::Result<()> {
    let text =
        options().to_string_pretty(settings, ron::ser::PrettyConfig::default()).map_err(io::Error::other)?;
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    export::write(path, text.as_bytes()).map_err(io::Error::other)
}

/// Writes settings on a thread of its own, a moment after the last change.
#[derive(Debug)]
pub struct Saver {
    sender: Option<mpsc::Sender<Settings>>,
    thread: Option<JoinHandle<()>>,
}

/// Long enough that a drag is written once, short enough that little is lost.
const QUIET: Duration = Duration::from_millis(700);

impl Saver {
    #[must_use]
    pub fn new(path: PathBuf) -> Self {
        let (sender, receiver) = mpsc::channel::<Settings>();
        let thread = std::thread::Builder::new().name("settings".to_owned()).spawn(move || {
            while let Ok(mut settings) = receiver.recv() {
                while let Ok(newer) = receiver.recv_timeout(QUIET) {
                    settings = newer;
                }
                if let Err(error) = write(&path, &settings) {
                    log::error!("cannot write {}: {error}", path.display());
                }
            }
        });
        match thread {
            Ok(thread) => Self { sender: Some(sender), thread: Some(thread) },
            Err(error) => {
                log::error!("settings will not be saved: {error}");
                Self { sender: None, thread: None }
            }
        }
    }

    pub fn save(&self, settings: Settings) {
        if let Some(sender) = &self.sender {
            sender.send(settings).ok();
        }
    }
}

impl Drop for Saver {
    /// Waits until the last settings are written.
    fn drop(&mut self) {
        drop(self.sender.take());
        if let Some(thread) = self.thread.take() {
            thread.join().ok();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::{Quantity, Spacing};

    #[test]
    fn settings_come_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/settings.ron");
        let mut settings = Settings { version: VERSION, ..Settings::default() };
        settings.comparison.schema = VERSION;
        settings.comparison.scenario.context = 32_768;
        settings.comparison.pinned.push("a".to_owned());
        let axes = Axes { y: Some(Quantity::FirstToken), x_scale: Some(Spacing::Linear), ..Axes::default() };
        settings.comparison.axes.insert(Name::SpeedContext, axes);
        let saver = Saver::new(path.clone());
        saver.save(Settings::default());
        saver.save(settings.clone());
        drop(saver);
        match read(&path) {
            Found::Settings(read) => assert_eq!(*read, settings),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_damaged_file_is_set_aside() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.ron");
        for text in ["(version: 1, comparison: (scen", "(version: 99)", "\0\0", ""] {
            fs::write(&path, text).unwrap();
            assert!(matches!(read(&path), Found::Damaged { .. }), "{text}");
            assert_eq!(fs::read_to_string(folder.path().join("settings.damaged.ron")).unwrap(), text);
            assert!(matches!(read(&path), Found::Nothing));
        }
    }

    #[test]
    fn a_comparison_is_read_as_it_was_written() {
        let inputs = Inputs { pinned: vec!["b".to_owned()], ..Inputs::default() };
        let saved = SavedComparison::new(&inputs);
        assert_eq!(SavedComparison::parse(&saved.to_text()).unwrap().into_inputs(), inputs);
        assert!(SavedComparison::parse("(schema: 7)").is_err());
        assert!(SavedComparison::parse("(scenario: 7)").is_err());
    }
}
