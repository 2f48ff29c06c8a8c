//! Whatever a figure holds and however it is looked at, its names can be read.

use egui::{Context, Pos2, RawInput, Rect, Vec2, pos2, vec2};
use egui_plot::{PlotBounds, PlotTransform};
use proptest::prelude::*;

use super::{Names, last_in_view, place};
use crate::{
    figure::{Axis, Course, Figure, Hue, Line, Maker, Mark, MarkKind, Name, Scale, Stroke, Tip},
    plot::{Parts, View, layout::Layout, palette::Palette, scene::Scene},
};

fn mark(index: usize, (x, y, letters, flags): (f64, f64, usize, u8)) -> Mark {
    Mark {
        id: index.to_string().into(),
        name: "Mac Studio M4 Max 128 GB, 2 TB"
            .chars()
            .cycle()
            .skip(index % 7)
            .take(letters)
            .collect::<String>()
            .into(),
        full_name: "".into(),
        quant: None,
        x,
        y,
        y_range: Some((y * 0.8, y * 1.2)),
        x_range: None,
        measured: Vec::new(),
        hue: Hue::Maker(Maker::ALL[index % 6]),
        kind: if flags & 4 == 0 { MarkKind::Filled } else { MarkKind::Withdrawn },
        on_frontier: flags & 1 != 0,
        pinned: flags & 2 != 0,
        tip: Tip::default(),
    }
}

fn line(course: Course, stroke: Stroke, label: &str) -> Line {
    Line {
        id: None,
        course,
        stroke,
        hue: Hue::Ink,
        label: Some(label.to_owned()),
        end: None,
        pinned: false,
        tip: None,
    }
}

fn figure(marks: Vec<(f64, f64, usize, u8)>, log: bool, less_is_better: bool) -> Figure {
    let marks: Vec<Mark> = marks.into_iter().enumerate().map(|(index, it)| mark(index, it)).collect();
    let scale = || if log { Scale::Log } else { Scale::Linear };
    let x = Axis::fitting_most("x", scale(), marks.iter().map(|mark| mark.x));
    let y = Axis::fitting("y", scale(), marks.iter().map(|mark| mark.y)).less_is_better(less_is_better);
    let mut figure = Figure::new(Name::PriceSpeed, x, y);
    figure.marks = marks;
    figure.lines = vec![
        line(Course::Level(5.0), Stroke::Faint, "reading speed, about 5 tokens/s"),
        line(Course::Upright(5000.0), Stroke::Dashed, "budget 5,000 USD"),
        line(Course::Points(vec![(1000.0, 9.0), (9000.0, 4.0)]), Stroke::Solid, "DGX Spark 128 GB"),
    ];
    figure
}

/// What stands where, on a screen of some size.
fn check(figure: &Figure, size: Vec2, pixels_per_point: f32, zoom: f64) {
    let context = Context::default();
    let mut input =
        RawInput { screen_rect: Some(Rect::from_min_size(Pos2::ZERO, size)), ..Default::default() };
    if let Some(viewport) = input.viewports.get_mut(&egui::ViewportId::ROOT) {
        viewport.native_pixels_per_point = Some(pixels_per_point);
    }
    let mut output = context.run_ui(input, |ui| {
        let view = View::new(Parts::ALL);
        let layout = Layout::new(ui, figure, Rect::from_min_size(Pos2::ZERO, size), view.parts);
        let (x, y) = (figure.x.fit(), figure.y.fit());
        let part = |(low, high): (f64, f64)| (low, low + (high - low) / zoom);
        let ((left, right), (bottom, top)) = (part(x), part(y));
        let bounds = PlotBounds::from_min_max([left, bottom], [right, top]);
        let transform = PlotTransform::new(layout.frame, bounds, false);
        let scene = Scene::new(ui, figure, &layout, Palette::light(), transform, &view);
        legible(&scene, &place(&scene, None));
    });
    output.textures_delta.clear();
}

fn legible(scene: &Scene, names: &Names) {
    let frame = Rect::from_min_size(Pos2::ZERO, scene.layout.named.size());
    let to_frame = -scene.frame.min.to_vec2();
    let square = |(index, center, _): (usize, Pos2, _)| {
        let size = Vec2::splat(2.0 * scene.reach(&scene.figure.marks[index]));
        (index, Rect::from_center_size(center + to_frame, size).shrink(0.02))
    };
    let marks: Vec<(usize, Rect)> = scene.in_view().map(square).collect();
    let all: Vec<Rect> =
        names.lines.iter().chain(&names.marks).map(|name| name.place.rect.shrink(0.02)).collect();
    for (index, rect) in all.iter().enumerate() {
        assert!(frame.contains_rect(*rect), "{rect:?} leaves {frame:?}");
        for (other, mark) in &marks {
            assert!(!rect.intersects(*mark), "{rect:?} lies on mark {other} at {mark:?}");
        }
        for other in &all[..index] {
            assert!(!rect.intersects(*other), "{rect:?} lies on {other:?}");
        }
    }
    // The square of what is named: of a mark, or of a line's end.
    let of_marks = names.marks.iter().map(|name| {
        let own = marks.iter().find(|(index, _)| *index == name.index).map(|(_, square)| *square);
        (Some(name.index), own, name)
    });
    let of_lines = names.lines.iter().map(|name| {
        let end = last_in_view(scene, &scene.figure.lines[name.index].course);
        (None, end.map(|end| Rect::from_center_size(end + to_frame, Vec2::splat(10.0))), name)
    });
    for (owner, own, name) in of_lines.chain(of_marks) {
        let own = own.map(|square| square.expand(4.0));
        let Some([from, to]) = name.place.leader else {
            continue;
        };
        for step in 0_u8..=40 {
            let at = from + (to - from) * (f32::from(step) / 40.0);
            let crossed = all.iter().any(|rect| *rect != name.place.rect.shrink(0.02) && rect.contains(at));
            assert!(!crossed, "a leader crosses a name at {at:?}");
            let crossed = marks.iter().any(|(index, mark)| {
                // What overlaps its own mark cannot be gone round.
                Some(*index) != owner && mark.contains(at) && !own.is_some_and(|own| own.contains(at))
            });
            assert!(!crossed, "a leader crosses a mark at {at:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn names_lie_on_nothing_and_in_the_frame(
        marks in proptest::collection::vec((400.0..60_000.0f64, 0.4..300.0f64, 1_usize..34, 0_u8..8), 0..150),
        log in any::<bool>(),
        less_is_better in any::<bool>(),
        size in (260.0..1500.0f32, 260.0..1000.0f32),
        scale in 0_usize..3,
        zoom in 1.0..6.0f64,
    ) {
        let figure = figure(marks, log, less_is_better);
        check(&figure, vec2(size.0, size.1), [1.0, 1.5, 2.0][scale], zoom);
    }
}

#[test]
fn those_that_are_followed_are_named_in_a_crowd() {
    let crowd = (0_u8..140).map(|index| {
        let (column, row) = (f64::from(index % 14), f64::from(index / 14));
        (1000.0 * 1.2_f64.powf(column), 2.0 * 1.25_f64.powf(row), 22, if index % 23 == 7 { 2 } else { 0 })
    });
    let figure = figure(crowd.collect(), true, false);
    let context = Context::default();
    let size = vec2(900.0, 600.0);
    let input = RawInput { screen_rect: Some(Rect::from_min_size(Pos2::ZERO, size)), ..Default::default() };
    let mut output = context.run_ui(input, |ui| {
        let view = View::new(Parts::ALL);
        let layout = Layout::new(ui, &figure, Rect::from_min_size(pos2(0.0, 0.0), size), view.parts);
        let ((left, right), (bottom, top)) = (figure.x.fit(), figure.y.fit());
        let bounds = PlotBounds::from_min_max([left, bottom], [right, top]);
        let transform = PlotTransform::new(layout.frame, bounds, false);
        let scene = Scene::new(ui, &figure, &layout, Palette::light(), transform, &view);
        let names = place(&scene, None);
        for (index, mark) in figure.marks.iter().enumerate().filter(|(_, mark)| mark.pinned) {
            assert!(names.marks.iter().any(|name| name.index == index), "{} is not named", mark.name);
        }
        legible(&scene, &names);
    });
    output.textures_delta.clear();
}
