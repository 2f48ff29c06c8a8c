//! Loads presets into a catalog and says what is wrong in them.
//!
//! A file is split into its entries before they are parsed, so that a bad entry costs only itself. Entries of later
//! files take the place of earlier ones with their id. One that cannot be used never does.

mod anchors;
mod brackets;
mod document;
mod drafts;
mod entries;
mod explain;
mod fields;
mod files;
mod header;
mod lexer;
mod nearest;
mod position;
mod report;
mod section;
#[cfg(test)]
mod survival;
#[cfg(test)]
mod tests;
mod words;

use std::path::PathBuf;

pub(super) use fields::Step;
pub(super) use nearest::nearest;
pub(super) use section::Section;

use super::diagnostic::Diagnostic;
use super::{Catalog, embedded};
use drafts::Drafts;
use report::Report;

/// A text of presets with the name to report it under.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    pub name: String,
    pub text: String,
}

/// What was loaded.
#[derive(Clone, Debug, Default)]
pub struct Loaded {
    pub catalog: Catalog,
    /// What is wrong: file by file, from top to bottom.
    pub diagnostics: Vec<Diagnostic>,
    /// The files that were read or could not be, for watching them.
    pub files: Vec<PathBuf>,
}

/// The presets that are built into the program.
#[must_use]
pub fn embedded() -> Loaded {
    with_sources(&[])
}

/// The built-in presets, and on top of them files and all `*.ron` files in folders.
#[must_use]
pub fn with_paths(paths: &[PathBuf]) -> Loaded {
    let files = files::read(paths);
    let mut loaded = with_sources(&files.sources);
    // Files that cannot be read at all come first.
    loaded.diagnostics.splice(0..0, files.diagnostics);
    loaded.files = files.paths;
    loaded
}

/// The built-in presets, and on top of them texts such as dropped files.
#[must_use]
pub fn with_sources(sources: &[Source]) -> Loaded {
    let built_in: Vec<Source> = embedded::sources().collect();
    let mut groups = vec![built_in.as_slice()];
    groups.extend(sources.chunks(1));
    load(&groups)
}

/// Only these texts, without the built-in presets.
#[must_use]
pub fn from_sources(sources: &[Source]) -> Loaded {
    load(&sources.chunks(1).collect::<Vec<_>>())
}

/// Loads groups of texts: later groups override earlier ones, and inside a group an id may stand only once.
fn load(groups: &[&[Source]]) -> Loaded {
    let mut report = Report::default();
    let mut drafts = Drafts::default();
    for group in groups {
        let first = report.texts.len();
        for source in *group {
            let number = report.text(&source.name, &source.text);
            drafts.read(number, &mut report);
        }
        drafts.remove_duplicates(first, &mut report);
    }
    let catalog = drafts.catalog(&mut report);
    Loaded { catalog, diagnostics: report.finish(), files: Vec::new() }
}
