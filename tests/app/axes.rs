//! The axes of the figures, chosen beside the tabs.

use egui::{Key, Theme, accesskit::Role, vec2};
use egui_kittest::kittest::Queryable as _;
use rigwise::{
    app::Command,
    figure::{Axes, Name, Quantity, Spacing},
};

use crate::support::{Window, open, open_sized, options, undo};

fn labels(window: &Window) -> [String; 2] {
    let figure = &window.state().state.results.figure;
    [figure.x.label.clone(), figure.y.label.clone()]
}

#[test]
fn axes_are_chosen_in_a_menu_and_taken_back() {
    let mut window = open(options(None));
    let before = labels(&window);
    window.get_by_role_and_label(Role::Button, "Axes").click();
    window.run();
    window.get_by_role_and_label(Role::RadioButton, "Time to first token").click();
    window.run();
    // The menu stays open for the other axis.
    window.get_by_role_and_label(Role::RadioButton, "Power under load").click();
    window.run();
    let [x, y] = labels(&window);
    assert!(x.starts_with("Power") && y.starts_with("Time to first token"), "{x} {y}");
    window.key_press(Key::Escape);
    window.run();
    undo(&mut window);
    assert_eq!(labels(&window)[0], before[0]);
    undo(&mut window);
    assert_eq!(labels(&window), before);
}

#[test]
fn a_wide_window_names_what_is_shown() {
    let mut window = open_sized(options(None), vec2(1700.0, 900.0), 1.0, Theme::Light);
    window.get_by_role_and_label(Role::Button, "Across, Price").click();
    window.run();
    window.get_by_role_and_label(Role::Button, "Linear").click();
    window.run();
    let state = &window.state().state;
    assert!(!state.results.figure.x.is_log() && state.results.figure.y.is_log());
    assert_eq!(state.inputs.axes_of(Name::PriceSpeed).x_scale, Some(Spacing::Linear));
}

#[test]
fn every_figure_keeps_its_own_axes_and_a_saved_comparison_has_them() {
    let mut window = open(options(None));
    let axes = Axes { y: Some(Quantity::Prefill), y_scale: Some(Spacing::Log), ..Axes::default() };
    for command in [Command::ShowAxes(Name::SpeedContext, axes), Command::ShowTab(Name::SpeedContext)] {
        window.state_mut().state.handle(command);
    }
    window.run();
    assert!(labels(&window)[1].starts_with("Prefill"));
    window.state_mut().state.handle(Command::ShowTab(Name::PriceSpeed));
    window.run();
    assert!(labels(&window)[1].starts_with("Decode"));
    let saved = window.state().state.settings().comparison;
    assert_eq!(saved.into_inputs().axes_of(Name::SpeedContext), axes);
}

#[test]
fn what_says_nothing_new_cannot_be_chosen() {
    let mut window = open(options(None));
    window.get_by_role_and_label(Role::Button, "Axes").click();
    window.run();
    window.get_by_role_and_label(Role::RadioButton, "Decode speed, all users").click();
    window.run();
    assert!(labels(&window)[1].ends_with("one request"));
}
