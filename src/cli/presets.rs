//! Presets for a command: the built-in ones and the person's own.

use std::path::PathBuf;

use super::{CliError, output};
use crate::catalog::{Catalog, diagnostic::Severity, load};

/// The catalog with the presets in `paths` added, and whether there are errors in them.
///
/// What is wrong in a file is said on standard error; the rest of it counts.
pub(super) fn load(paths: &[PathBuf]) -> Result<(Catalog, bool), CliError> {
    must_exist(paths)?;
    let loaded = load::with_paths(paths);
    for diagnostic in &loaded.diagnostics {
        output::note(&diagnostic.to_string());
    }
    let errors = loaded.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
    Ok((loaded.catalog, errors))
}

/// Refuses a path that leads nowhere, before anything is done with the others.
pub(super) fn must_exist(paths: &[PathBuf]) -> Result<(), CliError> {
    for path in paths {
        if let Err(error) = path.metadata() {
            return Err(CliError::Read { path: path.clone(), error });
        }
    }
    Ok(())
}
