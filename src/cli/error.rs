//! What can go wrong with a command, each as one sentence that says what, where and how to mend it.

use std::{io, path::PathBuf};

use crate::{export::ExportError, scenario::ScenarioError};

/// Why a command could not be done. The program then ends with status 2.
#[derive(Debug, thiserror::Error)]
pub(super) enum CliError {
    #[error("{error}{}", where_to_look(.error))]
    Scenario {
        #[from]
        error: ScenarioError,
    },
    #[error("there is no file or command `{}`{}; `rigwise --help` explains what there is", .path.display(), did_you_mean(.nearest.as_deref()))]
    NoSuchFile { path: PathBuf, nearest: Option<String> },
    #[error("cannot read `{}`: {error}; check the path and the permissions", .path.display())]
    Read { path: PathBuf, error: io::Error },
    #[error("cannot use `{}`: {problem}", .path.display())]
    Malformed { path: PathBuf, problem: String },
    #[error("`{}` does not say in which format to write; let its name end in .svg, .png, .pdf or .csv", .path.display())]
    NoFormat { path: PathBuf },
    #[error("there is nothing to draw for {name}: {reason}")]
    NothingToDraw { name: &'static str, reason: String },
    #[error("the {axis} axis of {name} cannot show {wanted}{}", instead(.offered))]
    NotOnAxis { name: &'static str, axis: &'static str, wanted: &'static str, offered: Vec<&'static str> },
    #[error("the axes of {name} have one spacing; leave out --x-scale and --y-scale")]
    NoSpacings { name: &'static str },
    #[error(transparent)]
    Export(#[from] ExportError),
    #[error("cannot write to standard output: {0}")]
    Output(io::Error),
}

fn instead(offered: &[&str]) -> String {
    match offered {
        [] => "; leave the choice out: there is one thing only that it shows".to_owned(),
        offered => format!("; it can show {}", offered.join(", ")),
    }
}

fn did_you_mean(nearest: Option<&str>) -> String {
    nearest.map(|word| format!("; did you mean `{word}`?")).unwrap_or_default()
}

/// The command that shows which ids there are.
fn where_to_look(error: &ScenarioError) -> &'static str {
    let ScenarioError::Unknown { kind, .. } = error else {
        return "";
    };
    match *kind {
        "machine" => "; `rigwise list machines` shows all",
        "model" => "; `rigwise list models` shows all",
        "quantization" => "; `rigwise list quants` shows all",
        "cache type" => "; `rigwise list kv-types` shows all",
        "runtime" => "; `rigwise list runtimes` shows all",
        _ => "",
    }
}
