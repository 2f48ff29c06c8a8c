//! Pictures of the window for a person to look at: `cargo test --test app -- --ignored pictures`.
//!
//! They go to the folder that `RIGWISE_PICTURES` names.

use std::path::PathBuf;

use crate::support::{Window, open_sized, options};
use egui::{Theme, accesskit::Role, vec2};
use egui_kittest::kittest::Queryable as _;

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
        window.state_mut().state.handle(rigwise::app::Command::TogglePin(id));
    }
    window.run();
}

fn shown(size: egui::Vec2, scale: f32, theme: Theme) -> Window {
    let mut window = open_sized(options(None), size, scale, theme);
    window.state_mut().state.handle(rigwise::app::Command::SetTheme(theme.into()));
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
