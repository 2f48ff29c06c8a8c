//! Pictures of the window for a person to look at: `cargo test --test app -- --ignored pictures`.
//!
//! They go to the folder that `RIGWISE_PICTURES` names.

use std::path::PathBuf;

use crate::support::{Window, open_sized, options};
use egui::{Theme, accesskit::Role, vec2};
use egui_kittest::kittest::Queryable as _;
use rigwise::{
    app::Command,
    figure::{Axes, Name, Quantity, Spacing},
};

fn save(window: &mut Window, name: &str) {
    let folder = PathBuf::from(std::env::var("RIGWISE_PICTURES").expect("a folder in RIGWISE_PICTURES"));
    window.render().expect("a picture").save(folder.join(format!("{name}.png"))).expect("a file");
}

fn pin(window: &mut Window, count: usize) {
    let state = &window.state().state;
    let ids: Vec<String> = state
        .results
        .rows
        .iter()
        .filter(|row| row.on_frontier)
        .filter_map(|row| state.catalog.machines.iter().nth(row.machine))
        .map(|machine| machine.id.clone())
        .take(count)
        .collect();
    for id in ids {
        window.state_mut().state.handle(Command::TogglePin(id));
    }
    window.run();
}

fn shown(size: egui::Vec2, scale: f32, theme: Theme) -> Window {
    let mut window = open_sized(options(None), size, scale, theme);
    window.state_mut().state.handle(Command::SetTheme(theme.into()));
    window.run();
    window
}

#[test]
#[ignore = "for people"]
fn pictures() {
    for (theme, name) in [(Theme::Dark, "dark"), (Theme::Light, "light")] {
        let mut window = shown(vec2(1280.0, 800.0), 1.0, theme);
        save(&mut window, &format!("{name}-1280"));
        pin(&mut window, 1);
        save(&mut window, &format!("{name}-pinned"));
        window.get_by_label("Model, Llama 3.3 70B").click();
        window.run();
        save(&mut window, &format!("{name}-models"));
    }
    let mut window = shown(vec2(900.0, 600.0), 1.0, Theme::Dark);
    save(&mut window, "dark-900");
    pin(&mut window, 1);
    save(&mut window, "dark-900-pinned");
    let mut window = shown(vec2(1920.0, 1200.0), 1.0, Theme::Light);
    pin(&mut window, 2);
    save(&mut window, "light-1920-two");
    let mut window = shown(vec2(1280.0, 800.0), 1.5, Theme::Dark);
    window.get_by_role_and_label(Role::Button, "Edit").click();
    window.run();
    save(&mut window, "dark-150");
    let mut window = shown(vec2(1280.0, 1900.0), 1.0, Theme::Dark);
    pin(&mut window, 1);
    save(&mut window, "dark-tall");
}

/// Every figure in windows of several sizes, with several questions.
#[test]
#[ignore = "for people"]
fn figures() {
    type Shape = (&'static str, f32, f32, f32, Theme);
    const SHAPES: [Shape; 5] = [
        ("1280-dark", 1280.0, 800.0, 1.0, Theme::Dark),
        ("900-light", 900.0, 600.0, 1.0, Theme::Light),
        ("1280-150-light", 1280.0, 800.0, 1.5, Theme::Light),
        ("640-200-dark", 640.0, 400.0, 2.0, Theme::Dark),
        ("3840-light", 3840.0, 2160.0, 1.0, Theme::Light),
    ];
    let only = std::env::var("RIGWISE_SHAPES").unwrap_or_default();
    for (name, width, height, scale, theme) in SHAPES {
        if !only.is_empty() && !only.split(' ').any(|wanted| wanted == name) {
            continue;
        }
        let mut window = shown(vec2(width, height), scale, theme);
        for tab in Name::ALL {
            window.state_mut().state.handle(Command::ShowTab(tab));
            window.run();
            save(&mut window, &format!("{name}-{}", tab.key()));
        }
    }
}

#[test]
#[ignore = "for people"]
fn questions() {
    let mut window = shown(vec2(1280.0, 800.0), 1.0, Theme::Light);
    let show = |window: &mut Window, name: &str, commands: Vec<Command>| {
        for command in commands {
            window.state_mut().state.handle(command);
        }
        window.run();
        save(window, name);
    };
    let axes = |x, y, spacing| Axes { x, y, x_scale: spacing, y_scale: spacing };
    let watts = axes(Some(Quantity::Watts), Some(Quantity::FirstToken), None);
    let linear = axes(Some(Quantity::PricePerGib), Some(Quantity::Prefill), Some(Spacing::Linear));
    let prefill = axes(None, Some(Quantity::Prefill), Some(Spacing::Linear));
    show(&mut window, "70b", vec![Command::ChooseModel("llama-3.3-70b".to_owned())]);
    show(&mut window, "120b", vec![Command::ChooseModel("gpt-oss-120b".to_owned())]);
    show(&mut window, "120b-watts", vec![Command::ShowAxes(Name::PriceSpeed, watts)]);
    show(&mut window, "120b-linear", vec![Command::ShowAxes(Name::PriceSpeed, linear)]);
    let both = vec![Command::ShowAxes(Name::SpeedContext, prefill), Command::ShowTab(Name::SpeedContext)];
    show(&mut window, "120b-context-prefill", both);
    let each = axes(Some(Quantity::CostPerMillion), None, None);
    let mut scenario = window.state().state.inputs.scenario.clone();
    scenario.money.api_per_million = Some(0.6);
    let both = vec![
        Command::Ask(Box::new(scenario)),
        Command::ShowAxes(Name::Cost, each),
        Command::ShowTab(Name::Cost),
    ];
    show(&mut window, "120b-cost-each", both);
    let sold = axes(None, Some(Quantity::PricePerGb), Some(Spacing::Linear));
    let both = vec![Command::ShowAxes(Name::RamPrice, sold), Command::ShowTab(Name::RamPrice)];
    show(&mut window, "ram-linear", both);
    show(
        &mut window,
        "pinned-first",
        vec![Command::ShowAxes(Name::PriceSpeed, Axes::default()), Command::ShowTab(Name::PriceSpeed)],
    );
    pin(&mut window, 9);
    for tab in Name::ALL {
        show(&mut window, &format!("pinned-{}", tab.key()), vec![Command::ShowTab(tab)]);
    }
}
