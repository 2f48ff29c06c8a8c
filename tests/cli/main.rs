//! The built program's command line, as scripts and people use it.
#![expect(clippy::unwrap_used, reason = "what a test cannot set up or read has failed")]

mod accuracy;
mod answers;
mod charts;
mod presets;
mod refusals;

use std::{
    collections::HashMap,
    process::{Command, Output},
};

/// A day on which all the built-in prices are known, so that results do not change with the calendar.
const DAY: [&str; 2] = ["--as-of", "2026-11-01"];

fn rigwise(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_rigwise")).args(arguments).output().unwrap()
}

/// What a command prints, which must end well and say nothing on standard error.
fn stdout(arguments: &[&str]) -> String {
    let output = rigwise(arguments);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && stderr.is_empty(), "{arguments:?}: {:?} {stderr}", output.status);
    String::from_utf8(output.stdout).unwrap()
}

/// What a command that must be refused says: one line on standard error, nothing on standard output.
fn refusal(arguments: &[&str]) -> String {
    let output = rigwise(arguments);
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {stderr}");
    assert!(output.stdout.is_empty(), "{arguments:?}");
    assert!(stderr.starts_with("rigwise: ") && stderr.lines().count() == 1, "{arguments:?}: {stderr}");
    stderr
}

fn with<'a>(arguments: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
    arguments.iter().chain(more).copied().collect()
}

fn csv_records(text: &str) -> (Vec<String>, Vec<HashMap<String, String>>) {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    (header, reader.deserialize().map(Result::unwrap).collect())
}

fn json_records(text: &str) -> Vec<serde_json::Map<String, serde_json::Value>> {
    serde_json::from_str(text).unwrap()
}

fn column(text: &str, name: &str) -> Vec<String> {
    csv_records(text).1.into_iter().map(|mut record| record.remove(name).unwrap()).collect()
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

fn path(folder: &tempfile::TempDir, name: &str) -> String {
    folder.path().join(name).to_str().unwrap().to_owned()
}
