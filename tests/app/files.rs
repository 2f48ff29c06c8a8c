//! What is read from and written to the disk.

use std::{fs, sync::Arc, time::Duration};

use egui::{Key, Modifiers, accesskit::Role};
use egui_kittest::kittest::Queryable as _;

use crate::support::{Dropped, open, options, slide, table, type_text, undo, verdict, wait};

#[test]
fn a_figure_is_exported_to_a_typed_path() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = open(options(None));
    for name in ["figure.svg", "figure.png", "figure.pdf"] {
        let path = folder.path().join(name);
        window.key_press_modifiers(Modifiers::COMMAND, Key::E);
        wait(&mut window, "asking for a path", |app| app.state.pending.task.is_some());
        window.get_by_label("Path").focus();
        window.run();
        window.key_press_modifiers(Modifiers::COMMAND, Key::A);
        type_text(&mut window, &path.display().to_string());
        window.get_by_role_and_label(Role::Button, "Export").click();
        window.run();
        wait(&mut window, "exporting", |app| app.state.message.is_some());
        assert!(fs::metadata(&path).unwrap().len() > 2000, "{name}");
        window.get_by_label("OK").click();
        window.run();
    }
}

#[test]
fn what_exists_is_written_over_only_when_asked() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("machines.csv");
    fs::write(&path, "mine").unwrap();
    let mut window = open(options(None));
    window.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::E);
    wait(&mut window, "asking for a path", |app| app.state.pending.task.is_some());
    window.get_by_label("Path").focus();
    window.run();
    window.key_press_modifiers(Modifiers::COMMAND, Key::A);
    // Without its extension, which is put right.
    type_text(&mut window, &folder.path().join("machines").display().to_string());
    window.get_by_role_and_label(Role::Button, "Export").click();
    window.run();
    assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
    window.get_by_label("Overwrite").click();
    window.run();
    wait(&mut window, "exporting", |app| app.state.message.is_some());
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.starts_with("Machine,Maker,Price (USD)"), "{text}");
    assert_eq!(text.lines().count(), table(&window).len() + 1);
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
