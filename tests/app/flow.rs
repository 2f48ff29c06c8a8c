//! The window, driven as a person would: by names of controls, keys and clicks.

use std::time::Duration;

use crate::support::{open, options, slide, table, type_text, undo, verdict};
use egui::{Key, Modifiers, accesskit::Role};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use rigwise::{catalog::System, compare::Row};

#[test]
fn the_first_window_answers_already() {
    let window = open(options(None));
    let state = &window.state().state;
    assert_eq!(state.inputs.scenario.model, "llama-3.3-70b");
    assert!(verdict(&window).starts_with("Cheapest at"), "{}", verdict(&window));
    assert!(table(&window).len() > 50);
    assert_eq!(state.inputs.scenario.money.as_of.to_string(), "2026-11-22");
}

#[test]
fn a_model_is_found_by_typing() {
    let mut window = open(options(None));
    window.get_by_label("Model, Llama 3.3 70B").click();
    window.run();
    type_text(&mut window, "gpt-oss 20b");
    window.key_press(Key::Enter);
    window.run();
    assert_eq!(window.state().state.inputs.scenario.model, "gpt-oss-20b");
    window.get_by_label("Model, gpt-oss 20B");
}

#[test]
fn a_slider_changes_answer_and_table_in_the_same_frame() {
    let mut window = open(options(None));
    let (before, rows) = (verdict(&window), table(&window));
    slide(&mut window, "Depth", 131_072.0);
    assert_eq!(window.state().state.inputs.scenario.context, 131_072);
    let after = verdict(&window);
    assert_ne!(after, before);
    assert_ne!(table(&window), rows);
    // It is on the screen after that one frame, and not only in the state.
    window.get_by_label(&after);
}

#[test]
fn windows_slows_cards_and_not_macs() {
    let mut window = open(options(None));
    let before = window.state().state.results.rows.clone();
    window.get_by_role_and_label(Role::ComboBox, "System").click_accesskit();
    window.run();
    window.get_by_label("Windows").click();
    window.run();
    let state = &window.state().state;
    assert_eq!(state.inputs.scenario.system, Some(System::Windows));
    assert!(state.results.question.ends_with(", under Windows"), "{}", state.results.question);
    let is_mac =
        |row: &Row| state.catalog.machines.iter().nth(row.machine).unwrap().chip.starts_with("apple");
    let mut slower = 0;
    for (before, after) in before.iter().zip(&state.results.rows) {
        if is_mac(before) {
            assert_eq!(before.speed(), after.speed());
        } else if before.runtime == after.runtime {
            assert!(after.speed() <= before.speed(), "{:?}", before.runtime);
            slower += u32::from(after.speed() < before.speed());
        }
    }
    assert!(slower > 20, "{slower}");
}

#[test]
fn a_click_in_the_table_pins_and_shows_the_arithmetic() {
    let mut window = open(options(None));
    let first = table(&window)[0].clone();
    window.get_by_role_and_label(Role::Button, &first).click();
    window.run();
    assert_eq!(window.state().state.inputs.pinned.len(), 1);
    window.get_by_label("The arithmetic");
    window.get_by_label("Unpin").click();
    window.run();
    assert!(window.state().state.inputs.pinned.is_empty());
    assert!(window.query_by_label("The arithmetic").is_none());
}

#[test]
fn a_chip_leaves_one_maker() {
    let mut window = open(options(None));
    let all = table(&window).len();
    window.get_by_role_and_label(Role::Button, "Apple").click();
    window.run();
    let apples = table(&window);
    assert!(!apples.is_empty() && apples.len() < all);
    assert!(apples.iter().all(|name| name.contains("Mac")), "{apples:?}");
    window.get_by_label("Clear filters").click();
    window.run();
    assert_eq!(table(&window).len(), all);
}

#[test]
fn headings_sort() {
    let mut window = open(options(None));
    window.get_by_label("Sort by machine").click();
    window.run();
    let names = table(&window);
    let mut sorted = names.clone();
    sorted.sort_by_key(|name| name.to_lowercase());
    assert_eq!(names, sorted);
    window.get_by_label("Sort by machine").click();
    window.run();
    assert_eq!(table(&window).first(), names.last());
}

#[test]
fn undo_takes_back_a_drag_as_one_step() {
    let mut window = open(options(None));
    let before = window.state().state.inputs.clone();
    let slider = window.get_by_role_and_label(Role::Slider, "Depth").rect();
    let at = |share: f32| egui::pos2(slider.left() + slider.width() * share, slider.center().y);
    window.drag_at(at(0.3));
    window.run();
    for share in [0.4, 0.5, 0.6, 0.7] {
        window.hover_at(at(share));
        window.step();
    }
    window.drop_at(at(0.7));
    window.run();
    let after = window.state().state.inputs.clone();
    assert_ne!(after, before);
    undo(&mut window);
    assert_eq!(window.state().state.inputs, before);
    window.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
    window.run();
    assert_eq!(window.state().state.inputs, after);
}

#[test]
fn moving_an_architecture_slider_makes_a_custom_model_with_a_way_back() {
    let mut window = open(options(None));
    slide(&mut window, "Layers", 40.0);
    window.run();
    window.get_by_label("Model, Based on Llama 3.3 70B");
    let model = window.state().state.results.model.clone().unwrap();
    assert_eq!(model.layers, 40);
    assert_eq!(model.name, "Custom, based on Llama 3.3 70B");
    window.get_by_label("Back to Llama 3.3 70B").click();
    window.run();
    assert!(window.state().state.inputs.scenario.edits.is_empty());
    window.get_by_label("Model, Llama 3.3 70B");
}

#[test]
fn nothing_is_painted_while_nothing_changes() {
    let mut window = open(options(None));
    window.run();
    for _ in 0..3 {
        window.step();
        let delay = window.output().viewport_output[&egui::ViewportId::ROOT].repaint_delay;
        assert_eq!(delay, Duration::MAX);
    }
}

#[test]
fn every_number_that_is_typed_is_understood() {
    let mut window = open(options(None));
    let field = window.get_by_role_and_label(Role::SpinButton, "Depth");
    field.click();
    window.run();
    window.key_press_modifiers(Modifiers::COMMAND, Key::A);
    type_text(&mut window, "20,000 tokens");
    window.key_press(Key::Enter);
    window.run();
    assert_eq!(window.state().state.inputs.scenario.context, 20_000);
}

#[test]
fn escape_unpins() {
    let mut window = open(options(None));
    for name in table(&window).into_iter().take(2) {
        window.get_by_role_and_label(Role::Button, &name).click();
        window.run();
    }
    assert_eq!(window.state().state.inputs.pinned.len(), 2);
    window.key_press(Key::Escape);
    window.run();
    assert!(window.state().state.inputs.pinned.is_empty());
}

#[test]
fn controls_have_names_and_values() {
    let window = open(options(None));
    for name in ["Total", "Active", "Experts", "Layers", "KV heads", "Head size", "Windowed", "Size", "Depth"]
    {
        let slider = window.get_by_role_and_label(Role::Slider, name);
        assert!(slider.accesskit_node().numeric_value().is_some(), "{name}");
    }
}
