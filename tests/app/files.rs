//! What is read from and written to the disk.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use egui::{Key, Modifiers, accesskit::Role};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use rigwise::{
    app::{ChosenPath, Command, ExportChoice, Message, PathTask},
    export::{Paper, SizePreset},
};

use crate::support::{Dropped, Window, open, options, slide, table, type_text, undo, verdict, wait};

/// Presses the keys of an export, types a path and agrees to it.
fn export(window: &mut Window, modifiers: Modifiers, path: &Path) {
    window.key_press_modifiers(modifiers, Key::E);
    wait(window, "asking for a path", |app| app.state.pending.task.is_some());
    type_path(window, &path.display().to_string());
    window.get_by_role_and_label(Role::Button, "Export").click();
    window.run();
}

fn type_path(window: &mut Window, path: &str) {
    window.get_by_label("Path").focus();
    window.run();
    window.key_press_modifiers(Modifiers::COMMAND, Key::A);
    type_text(window, path);
}

fn message(window: &mut Window) -> Message {
    wait(window, "writing", |app| app.state.writing == 0 && app.state.message.is_some());
    let message = window.state().state.message.clone().unwrap();
    window.get_by_label("OK").click();
    window.run();
    message
}

const TABLE: Modifiers = Modifiers { shift: true, ..Modifiers::COMMAND };

#[test]
fn a_figure_is_exported_to_a_typed_path() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = open(options(None));
    for name in ["figure.svg", "figure.png", "figure.pdf", "figure.csv"] {
        let path = folder.path().join(name);
        export(&mut window, Modifiers::COMMAND, &path);
        let message = message(&mut window);
        assert!(!message.is_error && message.text.starts_with("Wrote"), "{message:?}");
        assert!(fs::metadata(&path).unwrap().len() > 2000, "{name}");
    }
}

#[test]
fn exports_are_of_the_size_paper_and_part_that_were_chosen() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = open(options(None));
    let export_of = |window: &mut Window, name: &str| {
        let path = folder.path().join(name);
        export(window, Modifiers::COMMAND, &path);
        assert!(!message(window).is_error);
        fs::read(path).unwrap()
    };
    let choice = ExportChoice {
        size: SizePreset::Square,
        paper: Paper::Dark,
        pixels_wide: Some(450),
        ..ExportChoice::default()
    };
    window.state_mut().state.handle(Command::ShowExport(choice));
    window.run();
    let png = image::load_from_memory(&export_of(&mut window, "square.png")).unwrap().into_rgb8();
    assert_eq!(png.dimensions(), (450, 450));
    assert!(png.get_pixel(2, 2).0.iter().all(|channel| *channel < 40));
    let whole = String::from_utf8(export_of(&mut window, "whole.svg")).unwrap();
    window.hover_at(egui::pos2(800.0, 330.0));
    window.run();
    for _ in 0..6 {
        window.key_press(Key::Plus);
        window.run();
    }
    assert!(window.state().state.plot_view.is_zoomed());
    let part = String::from_utf8(export_of(&mut window, "part.svg")).unwrap();
    let marks = |svg: &str| svg.matches("data-id=").count();
    assert!(marks(&part) > 0 && marks(&part) < marks(&whole));
}

#[test]
fn what_exists_is_written_over_only_when_asked() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("machines.csv");
    fs::write(&path, "mine").unwrap();
    let mut window = open(options(None));
    // Without its extension, which is put right.
    export(&mut window, TABLE, &folder.path().join("machines"));
    assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
    window.get_by_label("Overwrite").click();
    window.run();
    assert!(!message(&mut window).is_error);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.starts_with("Machine,Maker,Price (USD)"), "{text}");
    assert_eq!(text.lines().count(), table(&window).len() + 1);
}

#[test]
fn a_native_dialog_has_asked_already_unless_the_name_was_mended_since() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("machines.csv");
    let mut window = open(options(None));
    let mut choose = |path: PathBuf| {
        fs::write(folder.path().join("machines.csv"), "mine").unwrap();
        let chosen = ChosenPath { task: PathTask::ExportTable, path, may_overwrite: true };
        window.state_mut().state.handle(Command::Path(chosen));
        window.step();
        window.state().state.pending.overwrite.is_some()
    };
    assert!(!choose(path));
    assert!(choose(folder.path().join("machines")));
}

#[test]
fn tables_are_written_as_markdown_and_json_too() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = open(options(None));
    let names = table(&window);
    let mut export_of = |name: &str| {
        let path = folder.path().join(name);
        export(&mut window, TABLE, &path);
        assert!(!message(&mut window).is_error);
        fs::read_to_string(path).unwrap()
    };
    let json: serde_json::Value = serde_json::from_str(&export_of("machines.json")).unwrap();
    let machines = json["machines"].as_array().unwrap();
    let machine = |record: &serde_json::Value| record["machine"].as_str().unwrap().to_owned();
    assert_eq!(machines.iter().map(machine).collect::<Vec<_>>(), names);
    assert!(json["question"].as_str().unwrap().starts_with("Llama 3.3 70B, Q4"));
    assert!(machines[0]["tokens_per_s"].is_f64() && machines[0]["price_date"].is_string());
    let markdown = export_of("machines.md");
    assert_eq!(markdown.lines().filter(|line| line.starts_with("| ")).count(), names.len() + 2);
    assert!(markdown.contains("Prices up to 2026-11-22") && markdown.contains("Rigwise "), "{markdown}");
}

#[test]
fn what_cannot_be_written_is_said_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = open(options(None));
    let long = folder.path().join(format!("{}.svg", "long".repeat(80)));
    export(&mut window, Modifiers::COMMAND, &long);
    let said = message(&mut window);
    assert!(said.is_error && said.text.starts_with("Cannot write"), "{said:?}");
    // The reason is in sight, however long the name is.
    assert!(said.text.ends_with("choose another name.") && said.text.chars().count() < 160, "{said:?}");
    fs::create_dir(folder.path().join("figure.svg")).unwrap();
    export(&mut window, Modifiers::COMMAND, &folder.path().join("figure"));
    let said = message(&mut window);
    assert!(said.is_error && said.text.contains("is a folder"), "{said:?}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_path_that_leads_nowhere_cannot_be_agreed_to() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = open(options(None));
    window.key_press_modifiers(Modifiers::COMMAND, Key::E);
    wait(&mut window, "asking for a path", |app| app.state.pending.task.is_some());
    let nowhere = folder.path().join("missing").join("figure.svg").display().to_string();
    for (path, words) in [("", "Type a path."), (nowhere.as_str(), "There is no folder")] {
        type_path(&mut window, path);
        if path.is_empty() {
            window.key_press(Key::Backspace);
            window.run();
        }
        window.get_by_label_contains(words);
        let button = window.get_by_role_and_label(Role::Button, "Export");
        assert!(button.accesskit_node().is_disabled(), "{path}");
    }
}

#[test]
fn one_path_is_asked_for_at_a_time() {
    let mut window = open(options(None));
    window.key_press_modifiers(Modifiers::COMMAND, Key::E);
    wait(&mut window, "asking for a path", |app| app.state.pending.task.is_some());
    window.key_press_modifiers(TABLE, Key::E);
    window.key_press_modifiers(Modifiers::COMMAND, Key::O);
    window.run();
    assert_eq!(window.state().state.pending.task, Some(PathTask::ExportFigure));
    window.key_press(Key::Escape);
    window.run();
    assert_eq!(window.state().state.pending.task, None);
    window.key_press_modifiers(TABLE, Key::E);
    wait(&mut window, "asking for a path", |app| app.state.pending.task.is_some());
    assert_eq!(window.state().state.pending.task, Some(PathTask::ExportTable));
}

#[test]
fn settings_come_back_at_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("settings.ron");
    let mut window = open(options(Some(path.clone())));
    slide(&mut window, "Depth", 32_768.0);
    window.get_by_role_and_label(Role::Button, "NVIDIA").click();
    window.run();
    let inputs = window.state().state.inputs.clone();
    drop(window);
    let window = open(options(Some(path)));
    assert_eq!(window.state().state.inputs, inputs);
    assert!(window.state().state.message.is_none());
}

#[test]
fn damaged_settings_are_set_aside_and_said() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("settings.ron");
    fs::write(&path, "(version: 1, comparison: (scenario: (model: 7").unwrap();
    let window = open(options(Some(path)));
    assert!(verdict(&window).starts_with("Cheapest at"));
    let message = window.state().state.message.clone().unwrap();
    assert!(message.is_error && message.text.contains("settings.damaged.ron"), "{message:?}");
    window.get_by_label(&message.text);
    assert!(folder.path().join("settings.damaged.ron").exists());
}

#[test]
fn a_dropped_preset_is_loaded_and_its_problems_are_shown() {
    let folder = tempfile::tempdir().unwrap();
    let good = folder.path().join("good.ron");
    let machine = |id: &str, memory: &str| {
        format!(
            "(schema: 1, machines: [(id: \"{id}\", name: \"Dropped box\", chip: \"apple-m4-max-40c\", \
             memory_gib: {memory})])"
        )
    };
    fs::write(&good, machine("dropped-box", "64")).unwrap();
    let bad = folder.path().join("bad.ron");
    fs::write(&bad, machine("dropped-box-2", "\"lots\"")).unwrap();
    let mut window = open(options(None));
    for path in [good, bad.clone()] {
        window.input_mut().dropped_files.push(Arc::new(Dropped(path)));
    }
    window.step();
    wait(&mut window, "loading", |app| !app.state.is_loading && !app.state.diagnostics.is_empty());
    window.get_by_label_contains("in bad.ron");
    window.get_by_label("Show").click();
    window.run();
    window.get_by_label_contains("bad.ron:1:");
    // A file that is mended is read again by itself.
    window.key_press(Key::Escape);
    window.run();
    std::thread::sleep(Duration::from_millis(20));
    fs::write(&bad, machine("dropped-box-2", "128")).unwrap();
    wait(&mut window, "reloading", |app| app.state.diagnostics.is_empty());
    assert!(window.state().state.catalog.machines.get("dropped-box-2").is_some());
}

#[test]
fn a_dropped_comparison_is_opened() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.ron");
    fs::write(&path, "(schema: 1, scenario: (model: \"gpt-oss-20b\", context: 4096))").unwrap();
    let mut window = open(options(None));
    window.input_mut().dropped_files.push(Arc::new(Dropped(path)));
    window.step();
    wait(&mut window, "opening", |app| app.state.inputs.scenario.model == "gpt-oss-20b");
    undo(&mut window);
    assert_eq!(window.state().state.inputs.scenario.model, "llama-3.3-70b");
}
