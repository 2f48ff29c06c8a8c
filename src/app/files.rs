//! Asking for paths, and what is read from and written to them.

use std::path::{Path, PathBuf};

use super::command::Action;

/// A path that the person chose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChosenPath {
    pub task: PathTask,
    pub path: PathBuf,
    /// Whether the person was asked already about writing over what is there, as native dialogs do.
    pub may_overwrite: bool,
}

/// What a path is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathTask {
    OpenPresets,
    OpenComparison,
    SaveComparison,
    ExportFigure,
    ExportTable,
}

impl PathTask {
    #[must_use]
    pub fn of(action: Action) -> Option<Self> {
        match action {
            Action::OpenPresets => Some(Self::OpenPresets),
            Action::OpenComparison => Some(Self::OpenComparison),
            Action::SaveComparison => Some(Self::SaveComparison),
            Action::ExportFigure => Some(Self::ExportFigure),
            Action::ExportTable => Some(Self::ExportTable),
            _ => None,
        }
    }

    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::OpenPresets => "Open presets",
            Self::OpenComparison => "Open comparison",
            Self::SaveComparison => "Save comparison",
            Self::ExportFigure => "Export figure",
            Self::ExportTable => "Export table",
        }
    }

    /// What the button says that carries it out.
    #[must_use]
    pub fn verb(self) -> &'static str {
        match self {
            Self::OpenPresets | Self::OpenComparison => "Open",
            Self::SaveComparison => "Save",
            Self::ExportFigure | Self::ExportTable => "Export",
        }
    }

    #[must_use]
    pub fn writes(self) -> bool {
        !matches!(self, Self::OpenPresets | Self::OpenComparison)
    }

    /// Names of kinds of files with their extension. The first is what a path without one gets.
    #[must_use]
    pub fn kinds(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::OpenPresets => &[("Presets", "ron")],
            Self::OpenComparison | Self::SaveComparison => &[("Comparison", "ron")],
            Self::ExportFigure => &[
                ("SVG drawing", "svg"),
                ("PDF document", "pdf"),
                ("PNG image", "png"),
                ("The figure's data, CSV", "csv"),
            ],
            Self::ExportTable => &[("CSV table", "csv"), ("Markdown table", "md"), ("JSON", "json")],
        }
    }

    #[must_use]
    pub fn file_name(self, figure: &str) -> String {
        match self {
            Self::OpenPresets | Self::OpenComparison => String::new(),
            Self::SaveComparison => "comparison.ron".to_owned(),
            Self::ExportFigure => format!("{figure}.svg"),
            Self::ExportTable => "machines.csv".to_owned(),
        }
    }

    /// The path with an extension that the program can write.
    ///
    /// Native dialogs on Linux append none, and a person may type any.
    #[must_use]
    pub fn with_extension(self, path: &Path) -> PathBuf {
        let extension = path.extension().map(|extension| extension.to_string_lossy().into_owned());
        let known =
            |extension: &str| self.kinds().iter().any(|(_, kind)| kind.eq_ignore_ascii_case(extension));
        match (self.kinds(), extension) {
            (_, Some(extension)) if known(&extension) => path.to_owned(),
            // A point without anything behind it.
            ([(_, first), ..], Some(extension)) if extension.is_empty() => path.with_extension(first),
            ([(_, first), ..], _) => {
                let mut name = path.file_name().unwrap_or_default().to_owned();
                name.push(".");
                name.push(first);
                path.with_file_name(name)
            }
            ([], _) => path.to_owned(),
        }
    }

    /// What keeps a path that is typed from being used, if anything does.
    #[must_use]
    pub fn problem(self, typed: &str, path: &Path) -> Option<String> {
        let is_folder = path.is_dir() || typed.trim_end().ends_with(std::path::is_separator);
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.is_dir());
        match self {
            _ if typed.trim().is_empty() => Some("Type a path.".to_owned()),
            Self::OpenPresets if !path.exists() => Some("There is no such file or folder.".to_owned()),
            Self::OpenComparison if is_folder => Some("That is a folder. Add the name of a file.".to_owned()),
            Self::OpenComparison if !path.exists() => Some("There is no such file.".to_owned()),
            Self::OpenPresets | Self::OpenComparison => None,
            _ if is_folder => Some("That is a folder. Add the name of a file.".to_owned()),
            _ => folder.map(|folder| format!("There is no folder {}.", brief(folder))),
        }
    }
}

/// More letters than this leave no room for anything else in a line.
const MOST_LETTERS: usize = 64;

/// A path with its middle left out where it is long.
#[must_use]
pub fn brief(path: &Path) -> String {
    let text = path.display().to_string();
    let letters: Vec<char> = text.chars().collect();
    if letters.len() <= MOST_LETTERS {
        return text;
    }
    let (begin, end) = (&letters[..MOST_LETTERS / 3], &letters[letters.len() - MOST_LETTERS / 2..]);
    begin.iter().chain(['…'].iter()).chain(end).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_get_an_extension() {
        for (path, wanted) in [
            ("/tmp/figure", "/tmp/figure.svg"),
            ("/tmp/figure.PNG", "/tmp/figure.PNG"),
            ("/tmp/llama-3.3", "/tmp/llama-3.3.svg"),
            ("/tmp/figure.", "/tmp/figure.svg"),
            ("/tmp/figure.jpeg", "/tmp/figure.jpeg.svg"),
            ("/tmp/.csv", "/tmp/.csv.svg"),
        ] {
            assert_eq!(PathTask::ExportFigure.with_extension(Path::new(path)), Path::new(wanted));
        }
    }

    #[test]
    fn long_paths_keep_both_ends() {
        assert_eq!(brief(Path::new("/tmp/figure.svg")), "/tmp/figure.svg");
        let long = format!("/home/somebody/{}/figure.svg", "long".repeat(80));
        let short = brief(Path::new(&long));
        assert!(short.starts_with("/home/somebody/") && short.ends_with("/figure.svg"), "{short}");
        assert!(short.chars().count() < 70);
    }

    #[test]
    fn what_is_wrong_with_a_typed_path_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| {
            let path = folder.path().join(name);
            PathTask::ExportFigure.problem(&path.to_string_lossy(), &path)
        };
        assert_eq!(at("figure.svg"), None);
        assert!(at("").unwrap().contains("folder"));
        assert!(at("figure/").unwrap().contains("folder"));
        assert!(at("missing/figure.svg").unwrap().contains("There is no folder"));
        let missing = folder.path().join("missing.ron");
        assert!(PathTask::OpenComparison.problem("missing.ron", &missing).is_some());
    }
}
