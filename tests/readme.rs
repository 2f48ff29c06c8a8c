//! What README.md shows is what the program does: its presets load, and its commands print what it says.
//!
//! `UPDATE_README=1 cargo test --test readme` writes the commands' present output into it.
#![expect(clippy::unwrap_used, reason = "what a test cannot set up or read has failed")]

use std::{fmt::Write, fs, path::Path, process::Command};

/// Stands in a block for lines that are left out.
const GAP: &str = "...";

fn readme() -> (std::path::PathBuf, String) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let text = fs::read_to_string(&path).unwrap();
    (path, text)
}

/// The contents of the fenced blocks of a language.
fn blocks<'a>(text: &'a str, language: &str) -> Vec<&'a str> {
    let fence = format!("```{language}\n");
    text.split(&fence).skip(1).map(|rest| rest.split("```").next().unwrap()).collect()
}

/// What a command of the README prints, run where its preset lies as `my-machines.ron`.
fn run(command: &str, folder: &Path) -> String {
    let mut words = command.split_whitespace();
    assert_eq!(words.next(), Some("rigwise"), "{command}");
    let output =
        Command::new(env!("CARGO_BIN_EXE_rigwise")).args(words).current_dir(folder).output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success() && stderr.is_empty(), "{command}: {stderr}");
    String::from_utf8(output.stdout).unwrap()
}

/// The block as it would stand with the command's present output; where it has a gap, as many lines as before
/// stand on either side of it.
fn refreshed(block: &str, folder: &Path) -> String {
    let (prompt, shown) = block.split_once('\n').unwrap();
    let command = prompt.strip_prefix("$ ").unwrap();
    let output = run(command, folder);
    let lines: Vec<&str> = output.lines().collect();
    let mut text = format!("{prompt}\n");
    let shown: Vec<&str> = shown.lines().collect();
    let (head, tail) = match shown.iter().position(|line| *line == GAP) {
        Some(gap) => (gap, shown.len() - gap - 1),
        None => (lines.len(), 0),
    };
    for line in lines.iter().take(head) {
        let _ = writeln!(text, "{line}");
    }
    if head + tail < lines.len() {
        let _ = writeln!(text, "{GAP}");
    }
    for line in lines.iter().skip(lines.len().saturating_sub(tail).max(head)) {
        let _ = writeln!(text, "{line}");
    }
    text
}

#[test]
fn commands_print_what_the_readme_shows() {
    let (path, text) = readme();
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("my-machines.ron"), blocks(&text, "ron")[0]).unwrap();
    let shown = blocks(&text, "console");
    assert!(shown.len() >= 3, "{} blocks", shown.len());
    let mut current = text.clone();
    for block in shown {
        current = current.replacen(block, &refreshed(block, folder.path()), 1);
    }
    if std::env::var_os("UPDATE_README").is_some() {
        fs::write(path, &current).unwrap();
    } else {
        let hint = "README.md differs from what the program prints; UPDATE_README=1 cargo test --test readme updates it";
        assert_eq!(text, current, "{hint}");
    }
}

#[test]
fn presets_of_the_readme_load() {
    let (_, text) = readme();
    let folder = tempfile::tempdir().unwrap();
    let presets = blocks(&text, "ron");
    assert!(!presets.is_empty());
    for (index, preset) in presets.iter().enumerate() {
        let file = folder.path().join(format!("{index}.ron"));
        fs::write(&file, preset).unwrap();
        let checked = run(&format!("rigwise check {index}.ron"), folder.path());
        assert!(checked.contains("0 errors, 0 warnings"), "{preset}\n{checked}");
    }
}

#[test]
fn links_lead_to_files() {
    let (path, text) = readme();
    for target in text.split("](").skip(1).map(|rest| rest.split([')', '#']).next().unwrap()) {
        let local = !target.is_empty() && !target.starts_with("http");
        assert!(!local || path.parent().unwrap().join(target).exists(), "{target}");
    }
}
