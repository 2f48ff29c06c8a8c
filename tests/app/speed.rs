//! What a frame costs. The numbers are printed: `cargo test --release --test app -- --nocapture speed`.

use std::{fmt::Write as _, fs, time::Instant};

use egui::accesskit::Role;
use egui_kittest::kittest::Queryable as _;
use rigwise::app::{App, Options};

use crate::support::options;

/// Milliseconds of CPU for a frame, layout and tessellation: the median of many, while `change` changes something.
fn frame_ms(options: Options, change: impl Fn(&mut App, u32)) -> f64 {
    let ctx = egui::Context::default();
    let mut app = App::new(&ctx, options);
    let screen = egui::Rect::from_min_size(egui::Pos2::ZERO, egui::vec2(1280.0, 800.0));
    let mut times: Vec<f64> = (0..60)
        .map(|frame| {
            let input = egui::RawInput {
                screen_rect: Some(screen),
                time: Some(f64::from(frame) / 60.0),
                ..Default::default()
            };
            change(&mut app, frame);
            let start = Instant::now();
            let mut output = ctx.run_ui(input, |ui| app.frame_ui(ui, None));
            let shapes = std::mem::take(&mut output.shapes);
            let meshes = ctx.tessellate(shapes, output.pixels_per_point);
            let elapsed = start.elapsed().as_secs_f64() * 1e3;
            assert!(!meshes.is_empty());
            output.textures_delta.clear();
            elapsed
        })
        .skip(10)
        .collect();
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

fn drag(app: &mut App, frame: u32) {
    let mut scenario = app.state.inputs.scenario.clone();
    scenario.context = 4096 + frame * 512;
    app.state.handle(rigwise::app::Command::Ask(Box::new(scenario)));
}

#[test]
fn speed_of_a_frame() {
    let idle = frame_ms(options(None), |_, _| {});
    let dragged = frame_ms(options(None), drag);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("many.ron");
    let mut text = "(schema: 1, machines: [\n".to_owned();
    for index in 0..10_000 {
        let price = 500 + index;
        let memory = 16 + index % 240;
        writeln!(
            text,
            "(id: \"many-{index}\", name: \"Machine {index}\", chip: \"apple-m4-max-40c\", memory_gib: {memory}, \
             prices: [(amount: {price}, currency: USD, date: \"2026-10-01\", kind: list, covers: machine, \
             tax: excluded, source: \"none\")]),"
        )
        .unwrap();
    }
    text.push_str("])");
    fs::write(&path, text).unwrap();
    let many = || Options { paths: vec![path.clone()], ..options(None) };
    let many_idle = frame_ms(many(), |_, _| {});
    let many_dragged = frame_ms(many(), drag);
    println!("frame: {idle:.2} ms, while dragging {dragged:.2} ms");
    println!("with 10,000 machines more: {many_idle:.2} ms, while dragging {many_dragged:.2} ms");
}

#[test]
fn the_table_lays_out_only_what_is_in_view() {
    let window = crate::support::open(options(None));
    let rows = crate::support::table(&window);
    let laid_out =
        rows.iter().filter(|name| window.query_by_role_and_label(Role::Button, name).is_some()).count();
    assert!(laid_out > 3 && laid_out < 30, "{laid_out} of {}", rows.len());
}
