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
mod lexer;
mod nearest;
mod position;
mod report;
mod section;
mod words;

use std::path::PathBuf;

pub(super) use fields::Step;
pub(super) use nearest::nearest;

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

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(loaded: &Loaded) -> Vec<String> {
        loaded.diagnostics.iter().map(ToString::to_string).collect()
    }

    fn source(name: &str, text: &str) -> Source {
        Source { name: name.to_owned(), text: text.to_owned() }
    }

    #[test]
    fn the_built_in_presets_have_nothing_wrong() {
        let loaded = embedded();
        assert_eq!(texts(&loaded), [""; 0]);
        assert!(loaded.catalog.machines.len() > 100);
        assert!(loaded.catalog.models.len() > 100);
    }

    #[test]
    fn a_machine_takes_five_lines() {
        let text = r#"(schema: 1, machines: [(
            id: "my-box", name: "My box", chip: "ryzen-ai-max-395", memory_gib: 96,
            prices: [(amount: 1800, currency: EUR, date: "2026-11-01", kind: used, covers: machine,
                tax: included, source: "receipt")],
        )])"#;
        let loaded = with_sources(&[source("my.ron", text)]);
        assert_eq!(texts(&loaded), [""; 0]);
        let machine = loaded.catalog.machines.get("my-box").unwrap();
        assert_eq!((machine.devices, machine.prices.len()), (1, 1));
    }

    #[test]
    fn a_machine_may_bring_its_chip_in_any_order() {
        let machine = r#"machines: [(id: "m", name: "M", chip: "c", memory_gib: 8)]"#;
        let chip = r#"chips: [(id: "c", name: "C", maker: "X", family: "x", kind: unified)]"#;
        for text in [format!("(schema: 1, {machine}, {chip})"), format!("(schema: 1, {chip}, {machine})")] {
            let loaded = from_sources(&[source("my.ron", &text)]);
            assert_eq!(texts(&loaded), [""; 0]);
            assert_eq!(loaded.catalog.machines.len(), 1);
        }
    }

    #[test]
    fn later_files_override_by_id_unless_they_are_wrong() {
        let machine = |name: &str, chip: &str, gib: i32| {
            let entry = format!(r#"(id: "m", name: "{name}", chip: "{chip}", memory_gib: {gib})"#);
            source(name, &format!("(schema: 1, machines: [{entry}])"))
        };
        let chip = r#"(schema: 1, chips: [(id: "c", name: "C", maker: "X", family: "x", kind: unified)])"#;
        let sources = [source("c", chip), machine("1", "c", 8), machine("2", "c", 16)];
        let name = |sources: &[Source]| {
            let loaded = from_sources(sources);
            (loaded.catalog.machines.get("m").unwrap().name.clone(), loaded.diagnostics.len())
        };
        assert_eq!(name(&sources), ("2".to_owned(), 0));
        assert_eq!(name(&[&sources[..], &[machine("3", "d", 16)]].concat()), ("2".to_owned(), 1));
        assert_eq!(name(&[&sources[..], &[machine("3", "c", -1)]].concat()), ("2".to_owned(), 1));
    }
}
