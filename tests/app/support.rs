//! What the window's tests share.

use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use egui::{Key, Modifiers, accesskit::Role};
use egui_kittest::{Harness, kittest::Queryable as _};
use jiff::civil::Date;
use rigwise::app::{App, Options};

use crate::soft_renderer::SoftRenderer;

pub type Window = Harness<'static, App>;

/// What tests start with: a fixed day, and a settings file of their own or none.
pub fn options(settings: Option<PathBuf>) -> Options {
    Options {
        paths: Vec::new(),
        settings,
        today: Date::constant(2026, 11, 22),
        native_dialogs: false,
        close_after: None,
    }
}

pub fn open(options: Options) -> Window {
    open_sized(options, egui::vec2(1280.0, 800.0), 1.0, egui::Theme::Dark)
}

pub fn open_sized(options: Options, size: egui::Vec2, scale: f32, theme: egui::Theme) -> Window {
    let mut window = Harness::builder()
        .with_size(size)
        .with_pixels_per_point(scale)
        .with_theme(theme)
        .with_max_steps(40)
        .renderer(SoftRenderer::default())
        .build_eframe(move |cc| App::new(&cc.egui_ctx, options));
    window.run();
    window
}

/// Runs frames until `done`, for what other threads do.
pub fn wait(window: &mut Window, what: &str, done: impl Fn(&App) -> bool) {
    let start = Instant::now();
    while !done(window.state()) {
        assert!(start.elapsed() < Duration::from_secs(30), "{what} took too long");
        std::thread::sleep(Duration::from_millis(5));
        window.step();
    }
    window.run();
}

/// A file dragged onto the window.
#[derive(Debug)]
pub struct Dropped(pub PathBuf);

impl egui::DroppedFile for Dropped {
    fn path(&self) -> &Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        std::fs::read(&self.0).map_err(|error| error.to_string())
    }
}

pub fn verdict(window: &Window) -> String {
    window.state().state.verdict_text().to_owned()
}

/// Names of the machines in the table, in its order.
pub fn table(window: &Window) -> Vec<String> {
    let state = &window.state().state;
    let name = |index: &usize| state.catalog.machines.iter().nth(state.results.rows[*index].machine);
    state.results.order.iter().filter_map(name).map(|machine| machine.name.clone()).collect()
}

pub fn slide(window: &mut Window, name: &str, value: f64) {
    window.get_by_role_and_label(Role::Slider, name).set_value_accesskit(value);
    window.step();
}

pub fn type_text(window: &mut Window, text: &str) {
    window.event(egui::Event::Text(text.to_owned()));
    window.run();
}

pub fn undo(window: &mut Window) {
    window.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    window.run();
}
