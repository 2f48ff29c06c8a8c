//! Asking for paths, and what is read from and written to them.

use std::path::{Path, PathBuf};

use super::command::Action;

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
            Self::ExportFigure => &[("SVG drawing", "svg"), ("PDF document", "pdf"), ("PNG image", "png")],
            Self::ExportTable => &[("CSV table", "csv"), ("Markdown table", "md")],
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
        let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        let known = self.kinds().iter().any(|(_, kind)| kind.eq_ignore_ascii_case(extension));
        match self.kinds() {
            [(_, first), ..] if !known => {
                let mut name = path.file_name().unwrap_or_default().to_owned();
                name.push(".");
                name.push(first);
                path.with_file_name(name)
            }
            _ => path.to_owned(),
        }
    }
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
        ] {
            assert_eq!(PathTask::ExportFigure.with_extension(Path::new(path)), Path::new(wanted));
        }
    }
}
