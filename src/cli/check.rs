//! `rigwise check`: what is wrong in preset files.

use std::{fmt::Write, path::PathBuf};

use clap::Args;

use super::{CliError, Done, output, presets};
use crate::catalog::{diagnostic::Severity, load};

const EXAMPLES: &str = "\
Examples:
  rigwise check my-machines.ron
  rigwise check presets/

Ends with status 1 if there is any error, and with 0 if there are only warnings.";

/// Check preset files, and say what is wrong in them and how to mend it
#[derive(Clone, Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct CheckArgs {
    /// Files, or folders of them
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,
}

pub(super) fn run(args: &CheckArgs) -> Result<Done, CliError> {
    presets::must_exist(&args.paths)?;
    let loaded = load::with_paths(&args.paths);
    let count = |severity| loaded.diagnostics.iter().filter(|found| found.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    let mut text = String::new();
    for diagnostic in &loaded.diagnostics {
        let _ = writeln!(text, "{diagnostic}");
    }
    let files = counted(loaded.files.len(), "file");
    let (said, doubts) = (counted(errors, "error"), counted(warnings, "warning"));
    let _ = writeln!(text, "{files} checked: {said}, {doubts}");
    output::print(&text)?;
    Ok(Done::unless(errors > 0))
}

fn counted(count: usize, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {what}{plural}")
}
