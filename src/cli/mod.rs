//! The command line: one file a command.
//!
//! Results go to standard output; what is wrong goes to standard error as one sentence that says what, where
//! and how to mend it. Nothing is printed by halves: a command's whole text is made before any of it is written.

mod accuracy;
mod chart;
mod check;
mod compare;
mod error;
mod explain;
mod list;
mod measurements;
mod output;
mod presets;
mod question;

use std::{path::PathBuf, process::ExitCode};

use clap::{CommandFactory, Parser, Subcommand, error::ErrorKind};

use crate::scenario::nearest;
pub use accuracy::held_out_report;
use error::CliError;

const AFTER_HELP: &str = "\
Examples:
  rigwise                            open the window
  rigwise my-machines.ron            open the window with presets of your own
  rigwise compare --model llama-3.1-8b --quant Q4_K_M --context 8192
  rigwise chart price-speed --out chart.svg
  rigwise compare --help             all about one command

Exit status: 0 done; 1 done, but a preset file has errors; 2 not done, for the reason on standard error.";

/// Tokens per second against price, for every machine that can run a language model locally.
///
/// Without a command, the window opens.
#[derive(Debug, Parser)]
#[command(name = "rigwise", version, after_help = AFTER_HELP, args_conflicts_with_subcommands = true)]
struct Arguments {
    /// Preset files and saved comparisons to open in the window
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Opens the window for some seconds, checks that it shows a comparison, and ends.
    #[arg(long, hide = true, value_name = "SECONDS", num_args = 0..=1, default_missing_value = "3")]
    smoke_test: Option<f64>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    Compare(compare::CompareArgs),
    Explain(explain::ExplainArgs),
    Chart(chart::ChartArgs),
    Accuracy(accuracy::AccuracyArgs),
    List(list::ListArgs),
    Check(check::CheckArgs),
}

/// How a command that did its work ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Done {
    Whole,
    /// It went on without what is wrong in a file.
    DespiteErrors,
}

impl Done {
    fn unless(errors: bool) -> Self {
        if errors { Self::DespiteErrors } else { Self::Whole }
    }
}

/// What is left to do for `main`.
#[derive(Clone, Debug, PartialEq)]
pub enum Next {
    /// Open the window with these files.
    Window(Vec<PathBuf>),
    /// Open the window for about so many seconds and check that it shows a comparison.
    SmokeTest(f64),
    /// A command was run, or could not be.
    End(ExitCode),
}

/// Reads the program's arguments and runs the command among them, if there is one.
#[must_use]
pub fn run() -> Next {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return Next::End(refuse(&error)),
    };
    let Some(command) = arguments.command else {
        return window(arguments);
    };
    let done = match command {
        Command::Compare(args) => compare::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Chart(args) => chart::run(&args),
        Command::Accuracy(args) => accuracy::run(&args),
        Command::List(args) => list::run(&args),
        Command::Check(args) => check::run(&args),
    };
    Next::End(match done {
        Ok(Done::Whole) => ExitCode::SUCCESS,
        Ok(Done::DespiteErrors) => ExitCode::FAILURE,
        Err(error) => fail(&error),
    })
}

/// Says on standard error why the program ends, and gives the status to end with.
pub fn fail(problem: &dyn std::error::Error) -> ExitCode {
    output::note(&format!("rigwise: {problem}"));
    ExitCode::from(2)
}

fn window(arguments: Arguments) -> Next {
    // A word that is no file was most likely meant as a command.
    let missing = arguments.files.iter().find(|path| !path.exists());
    if let Some(path) = missing {
        let command = Arguments::command();
        let commands = command.get_subcommands().map(clap::Command::get_name);
        let nearest = nearest(&path.to_string_lossy(), commands).into_iter().next();
        return Next::End(fail(&CliError::NoSuchFile { path: path.clone(), nearest }));
    }
    match arguments.smoke_test {
        Some(seconds) => Next::SmokeTest(seconds),
        None => Next::Window(arguments.files),
    }
}

/// Prints help that was asked for, or says in one sentence what is wrong with the arguments.
fn refuse(error: &clap::Error) -> ExitCode {
    let text = error.render().to_string();
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        return match output::print(&text) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => fail(&error),
        };
    }
    // What follows is the usage, which `--help` shows with explanations.
    let problem = text.split("\n\nUsage:").next().unwrap_or_default();
    let problem = problem.split("\n\nFor more information").next().unwrap_or_default();
    // A word with dashes that no command knows is no value meant to be passed on.
    let said = |line: &&str| !line.is_empty() && !line.starts_with("tip: to pass");
    let lines: Vec<&str> = problem.lines().map(str::trim).filter(said).collect();
    let sentence = lines.join("; ").replace(":; ", ": ");
    let sentence = sentence.strip_prefix("error: ").unwrap_or(&sentence);
    output::note(&format!("rigwise: {sentence}; `{} --help` explains the options", help_command()));
    ExitCode::from(2)
}

/// The command whose help explains the arguments given: `rigwise compare`, or `rigwise`.
fn help_command() -> String {
    let command = Arguments::command();
    let given = std::env::args_os().nth(1).unwrap_or_default();
    match command.find_subcommand(&given) {
        Some(found) => format!("rigwise {}", found.get_name()),
        None => "rigwise".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arguments_are_consistent() {
        Arguments::command().debug_assert();
    }
}
