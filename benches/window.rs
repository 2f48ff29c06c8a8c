//! What a frame of the window costs, and a figure's export: `cargo bench`.
//!
//! A frame is all that the processor does for one: reading the pointer, layout of the whole window at 1280 x 800 points,
//! and the triangles for the graphics card. Goals are 4 ms with the built-in presets and 16 ms with 10,000 machines
//! more, and 5 s for an export of those.

#![allow(clippy::expect_used, reason = "a benchmark that cannot begin says why")]

#[path = "../tests/support/many.rs"]
mod many;

use std::{path::PathBuf, time::Duration};

use criterion::{Criterion, criterion_group, criterion_main};
use egui::{Event, Modifiers, MouseWheelUnit, PointerButton, Pos2, Rect, TouchPhase, pos2, vec2};
use jiff::civil::Date;
use rigwise::{
    app::{App, Command, Options},
    export::{self, ExportOptions, Format},
    figure::Name,
};

const MANY: u32 = 10_000;

/// The middle of the figure, and of the table.
const FIGURE: Pos2 = pos2(800.0, 330.0);
const TABLE: Pos2 = pos2(800.0, 680.0);

/// The window without a screen.
struct Window {
    ctx: egui::Context,
    app: App,
    frames: u16,
}

impl Window {
    fn new(paths: Vec<PathBuf>) -> Self {
        let ctx = egui::Context::default();
        let options = Options {
            paths,
            settings: None,
            today: Date::constant(2026, 11, 22),
            native_dialogs: false,
            close_after: None,
        };
        let app = App::new(&ctx, options);
        let mut window = Self { ctx, app, frames: 0 };
        for _ in 0..5 {
            window.frame(Vec::new());
        }
        window
    }

    /// One frame. Returns what the graphics card would get, so that nothing is left out.
    fn frame(&mut self, events: Vec<Event>) -> usize {
        self.frames = self.frames.wrapping_add(1);
        let input = egui::RawInput {
            screen_rect: Some(Rect::from_min_size(Pos2::ZERO, vec2(1280.0, 800.0))),
            time: Some(f64::from(self.frames) / 60.0),
            events,
            ..Default::default()
        };
        let mut output = self.ctx.run_ui(input, |ui| self.app.frame_ui(ui, None));
        let shapes = std::mem::take(&mut output.shapes);
        output.textures_delta.clear();
        self.ctx.tessellate(shapes, output.pixels_per_point).len()
    }

    /// Between -1 and 1, a little on with each frame.
    fn sway(&self) -> f32 {
        (f32::from(self.frames) / 20.0).sin()
    }

    /// The pointer moves over the figure.
    fn hover(&mut self) -> usize {
        let at = FIGURE + vec2(300.0, 80.0) * self.sway();
        self.frame(vec![Event::PointerMoved(at)])
    }

    fn button(&mut self, pressed: bool) {
        let button = PointerButton::Primary;
        let pos = FIGURE;
        let event = Event::PointerButton { pos, button, pressed, modifiers: Modifiers::NONE };
        self.frame(vec![Event::PointerMoved(FIGURE), event]);
    }

    /// The figure is dragged about.
    fn pan(&mut self) -> usize {
        let at = FIGURE + vec2(200.0, 60.0) * self.sway();
        self.frame(vec![Event::PointerMoved(at)])
    }

    /// The context's slider is dragged: another question in each frame.
    fn slide(&mut self) -> usize {
        let mut scenario = self.app.state.inputs.scenario.clone();
        scenario.context = 4096 + u32::from(self.frames % 200) * 256;
        self.app.state.handle(Command::Ask(Box::new(scenario)));
        self.frame(Vec::new())
    }

    fn open(&mut self, tab: Name) {
        self.app.state.handle(Command::ShowTab(tab));
        self.frame(Vec::new());
    }

    /// The wheel turns over the table.
    fn scroll(&mut self) -> usize {
        let wheel = Event::MouseWheel {
            unit: MouseWheelUnit::Point,
            delta: vec2(0.0, -90.0 * self.sway().signum()),
            phase: TouchPhase::Move,
            source: egui::MouseWheelSource::Wheel,
            modifiers: Modifiers::NONE,
        };
        self.frame(vec![Event::PointerMoved(TABLE), wheel])
    }
}

fn many() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("many.ron");
    std::fs::write(&path, many::presets(MANY)).expect("a file");
    (folder, path)
}

fn frames(criterion: &mut Criterion) {
    let (_folder, path) = many();
    for (name, paths) in
        [("built-in presets, at most 4 ms", vec![]), ("10,000 more, at most 16 ms", vec![path])]
    {
        let mut group = criterion.benchmark_group(format!("frame with {name}"));
        let mut window = Window::new(paths);
        group.bench_function("at rest", |bencher| bencher.iter(|| window.frame(Vec::new())));
        group.bench_function("pointer over the figure", |bencher| bencher.iter(|| window.hover()));
        group.bench_function("context slider dragged", |bencher| bencher.iter(|| window.slide()));
        group.bench_function("table scrolled", |bencher| bencher.iter(|| window.scroll()));
        window.button(true);
        group.bench_function("figure dragged", |bencher| bencher.iter(|| window.pan()));
        window.button(false);
    }
}

fn models(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("frame with all models on one machine, at most 4 ms");
    let mut window = Window::new(vec![]);
    window.app.state.handle(Command::TogglePin("studio-m5ultra80-512".to_owned()));
    window.open(Name::ModelsOnMachine);
    group.bench_function("at rest", |bencher| bencher.iter(|| window.frame(Vec::new())));
    group.bench_function("pointer over the figure", |bencher| bencher.iter(|| window.hover()));
    group.bench_function("context slider dragged, at most 16 ms", |bencher| bencher.iter(|| window.slide()));
}

fn accuracy(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("frame with all measurements");
    let mut window = Window::new(vec![]);
    window.open(Name::Accuracy);
    group.bench_function("at rest", |bencher| bencher.iter(|| window.frame(Vec::new())));
    group.bench_function("context slider dragged", |bencher| bencher.iter(|| window.slide()));
}

fn exports(criterion: &mut Criterion) {
    let (_folder, path) = many();
    let window = Window::new(vec![path]);
    let figure = &window.app.state.results.figure;
    let mut group = criterion.benchmark_group("export of 10,000 machines, at most 5 s");
    group.sample_size(10);
    for format in Format::ALL {
        group.bench_function(format.extension(), |bencher| {
            bencher.iter(|| export::export(figure, format, &ExportOptions::default()).expect("a file"));
        });
    }
}

criterion_group! {
    name = all;
    config = Criterion::default().warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(3));
    targets = frames, models, accuracy, exports
}
criterion_main!(all);
