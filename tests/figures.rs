//! Figures from a comparison made by hand: their data, their pictures and their files.

mod support;

use std::collections::HashSet;

use egui_kittest::{Harness, kittest::Queryable as _};
use rigwise::{
    catalog::{Catalog, load},
    compare::{Filters, compare},
    estimate::Estimator,
    export::{self, ExportError, ExportOptions, Format, SizePreset},
    figure::{
        self, Axes, Course, Facts, Figure, FigureOptions, Mark, MarkKind, Name, Quantity, Spacing, Stroke,
    },
    plot::{self, Parts, View},
    scenario::Scenario,
};
use support::{SoftRenderer, sample};

fn price_speed(catalog: &Catalog, options: &FigureOptions) -> Figure {
    let scenario = sample::scenario();
    let comparison = sample::comparison(catalog, &scenario);
    figure::price_speed(catalog, &scenario, &comparison, options)
}

fn sample_figure() -> Figure {
    price_speed(
        &sample::catalog(),
        &FigureOptions { pinned: &["spark".to_owned()], ..FigureOptions::default() },
    )
}

#[test]
fn every_machine_is_drawn_or_accounted_for() {
    let figure = sample_figure();
    let strip = figure.strip.as_ref().unwrap();
    assert_eq!(figure.marks.len() + strip.absent.len(), 17);
    assert!(figure.notes[0].contains("quoted 2026-10"), "{:?}", figure.notes);
    assert!(figure.notes[1].contains("17 of 18 machines drawn"), "{:?}", figure.notes);
    assert!(figure.notes[1].contains("no constants are fitted"), "{:?}", figure.notes);
    let lack = &strip.absent[0].lack;
    assert_eq!(lack, "needs 43.0 GiB, has 15.2 GiB");
}

#[test]
fn marks_say_what_stands_behind_them() {
    let figure = sample_figure();
    let mark = |id: &str| figure.marks.iter().find(|mark| mark.id == id).unwrap();
    assert_eq!(mark("h100").kind, MarkKind::Part);
    assert_eq!(mark("old-48").kind, MarkKind::Withdrawn);
    assert_eq!(mark("rtx-5090").kind, MarkKind::Offloaded);
    assert!(mark("spark").pinned && !mark("studio-64").pinned);
    assert_eq!(mark("pro-6000").name, "RTX PRO 6000 96 GB");
    let frontier: Vec<_> =
        figure.marks.iter().filter(|mark| mark.on_frontier).map(|mark| mark.id.as_str()).collect();
    assert_eq!(frontier, ["mini-64", "studio-64", "ultra-96", "pro-6000", "strix-64"]);
}

/// Whether no other candidate is at least as good in both quantities and better in one.
fn is_best(figure: &Figure, mark: &Mark) -> bool {
    let gain = |y: f64| if figure.y.less_is_better { -y } else { y };
    let others = figure.marks.iter().filter(|other| other.kind == MarkKind::Filled);
    !others.into_iter().any(|other| {
        let (no_worse, better) = (
            other.x <= mark.x && gain(other.y) >= gain(mark.y),
            other.x < mark.x || gain(other.y) > gain(mark.y),
        );
        no_worse && better
    })
}

#[test]
fn every_choice_of_axes_has_its_own_frontier_labels_and_lines() {
    let (catalog, scenario) = (sample::catalog(), sample::scenario());
    let mut titles = HashSet::new();
    for &x in Name::PriceSpeed.x_choices() {
        for &y in Name::PriceSpeed.y_choices() {
            for spacing in [Spacing::Linear, Spacing::Log] {
                let scale = Some(spacing);
                let axes = Axes { x: Some(x), y: Some(y), x_scale: scale, y_scale: scale };
                let figure = price_speed(&catalog, &FigureOptions { axes, ..FigureOptions::default() });
                assert_eq!(figure.x.is_log() && figure.y.is_log(), spacing == Spacing::Log);
                assert_eq!(figure.y.less_is_better, y == Quantity::FirstToken);
                for mark in figure.marks.iter().filter(|mark| mark.kind == MarkKind::Filled) {
                    if mark.on_frontier {
                        assert!(is_best(&figure, mark), "{} with {axes:?}", mark.name);
                    }
                }
                for mark in &figure.marks {
                    let told = |text: &str| mark.tip.facts.iter().any(|(_, value)| value.contains(text));
                    let (x, y) = (x.text(mark.x, &scenario), y.text(mark.y, &scenario));
                    assert!(told(&x) && told(&y), "{x}, {y}: {:?}", mark.tip);
                }
                assert!(figure.marks.iter().any(|mark| mark.on_frontier), "{axes:?}");
                let dashed = figure.lines.iter().any(|line| line.stroke == Stroke::Dashed);
                assert_eq!(dashed, x == Quantity::Price, "a budget is a price: {axes:?}");
                let faint = figure.lines.iter().any(|line| line.stroke == Stroke::Faint);
                assert_eq!(faint, matches!(y, Quantity::Decode | Quantity::Answer), "{axes:?}");
                let priced = figure.notes.iter().any(|note| note.starts_with("Prices: "));
                assert_eq!(priced, x != Quantity::Watts, "{axes:?}");
                let intervals = figure.marks.iter().any(|mark| mark.y_range.is_some());
                let fitted = matches!(y, Quantity::Decode | Quantity::Total | Quantity::Prefill);
                assert_eq!(intervals, fitted, "{axes:?}");
                titles.insert((figure.title, figure.x.label, figure.y.label));
            }
        }
    }
    // For one user, all together are no more than each.
    assert_eq!(titles.len(), 3 * 4);
}

#[test]
fn the_frontier_of_the_first_axes_is_the_comparisons_own() {
    let figure = sample_figure();
    for mark in &figure.marks {
        let candidate = mark.kind == MarkKind::Filled;
        assert!(!mark.on_frontier || candidate && is_best(&figure, mark), "{}", mark.name);
    }
}

#[test]
fn all_users_together_are_faster_than_each() {
    let catalog = load::embedded().catalog;
    let estimator = Estimator::new(&catalog);
    let scenario = Scenario { users: 8, ..sample::scenario() };
    let comparison = compare(&catalog, &estimator, &scenario, &Filters::default()).unwrap();
    let speeds = |y| {
        let axes = Axes { y: Some(y), ..Axes::default() };
        let options = FigureOptions { axes, ..FigureOptions::default() };
        let figure = figure::price_speed(&catalog, &scenario, &comparison, &options);
        let label = figure.y.label.clone();
        (label, figure.marks.into_iter().map(|mark| mark.y).collect::<Vec<_>>())
    };
    let ((each, slow), (together, fast)) = (speeds(Quantity::Decode), speeds(Quantity::Total));
    assert!(each.ends_with("for each of 8 users") && together.ends_with("8 users together"));
    assert!(!slow.is_empty() && slow.iter().zip(&fast).all(|(slow, fast)| (fast / slow - 8.0).abs() < 1e-6));
}

#[test]
fn nothing_to_draw_is_said() {
    let catalog = sample::catalog();
    let scenario = sample::scenario();
    let mut comparison = sample::comparison(&catalog, &scenario);
    for row in &mut comparison.rows {
        row.shown = false;
    }
    let figure = figure::price_speed(&catalog, &scenario, &comparison, &FigureOptions::default());
    assert_eq!(figure.empty.as_deref(), Some("No machine passes the filters"));
    let svg = String::from_utf8(export::svg(&figure, &ExportOptions::default()).unwrap()).unwrap();
    assert!(svg.contains("No machine passes the filters"));
}

#[test]
fn svg_holds_title_scenario_legend_notes_and_names() {
    let figure = sample_figure();
    for preset in SizePreset::ALL {
        let svg = String::from_utf8(export::svg(&figure, &ExportOptions::preset(preset)).unwrap()).unwrap();
        assert!(svg.len() < 300_000, "{}", svg.len());
        let tree = usvg::roxmltree::Document::parse(&svg).unwrap();
        let texts: Vec<&str> = tree
            .descendants()
            .filter(|node| node.has_tag_name("text"))
            .filter_map(|node| node.text())
            .collect();
        for wanted in [figure.title.as_str(), figure.subtitle.as_str(), "Apple (6)", "budget 5,000 USD"] {
            assert!(texts.contains(&wanted), "{wanted} in {texts:?}");
        }
        assert!(texts.iter().any(|text| text.starts_with("Rigwise ")));
        for mark in figure.marks.iter().filter(|mark| mark.on_frontier || mark.pinned) {
            assert!(texts.contains(&mark.name.as_str()), "{} at {preset:?}", mark.name);
        }
        if preset == SizePreset::Slide {
            for mark in &figure.marks {
                assert!(texts.contains(&mark.name.as_str()), "{}", mark.name);
            }
        }
    }
}

#[test]
fn what_xml_reserves_is_escaped() {
    let mut figure = sample_figure();
    figure.title = "<speed> & \"price\"".to_owned();
    figure.marks[0].name = "a<b>&c".to_owned();
    let svg = String::from_utf8(export::svg(&figure, &ExportOptions::default()).unwrap()).unwrap();
    let tree = usvg::roxmltree::Document::parse(&svg).unwrap();
    assert!(tree.descendants().any(|node| node.text() == Some("a<b>&c")));
}

#[test]
fn png_has_the_size_asked_for_and_is_not_blank() {
    let options = ExportOptions { width: 600.0, height: 450.0, pixels_per_point: 1.5 };
    let png = export::png(&sample_figure(), &options).unwrap();
    let image = image::load_from_memory(&png).unwrap().into_rgb8();
    assert_eq!(image.dimensions(), (900, 675));
    let colored = image.pixels().filter(|pixel| pixel.0.iter().max() > pixel.0.iter().min()).count();
    let dark = image.pixels().filter(|pixel| pixel.0.iter().all(|channel| *channel < 100)).count();
    assert!(colored > 500 && dark > 500, "{colored} {dark}");
}

#[test]
fn pdf_has_text_in_an_embedded_font() {
    let pdf = export::pdf(&sample_figure(), &ExportOptions::default()).unwrap();
    assert!(pdf.starts_with(b"%PDF"));
    let contains = |needle: &[u8]| pdf.windows(needle.len()).any(|window| window == needle);
    assert!(contains(b"Ubuntu-Light") && contains(b"/ToUnicode") && contains(b"/FontFile2"));
}

#[test]
fn csv_has_all_machines_and_units() {
    let csv = export::csv(&sample_figure()).unwrap();
    let mut reader = csv::Reader::from_reader(csv.as_slice());
    assert!(reader.headers().unwrap().iter().any(|field| field.contains("USD")));
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 17);
    assert!(rows.iter().any(|row| &row[0] == "air-16" && row[7].contains("needs 43.0 GiB")));
}

#[test]
fn impossible_sizes_are_refused_in_words() {
    let figure = sample_figure();
    let size = ExportOptions { width: 0.0, ..ExportOptions::default() };
    assert!(matches!(export::export(&figure, Format::Svg, &size), Err(ExportError::Size { .. })));
    for pixels_per_point in [f32::NAN, f32::INFINITY, 0.0, -1.0, 1e9] {
        let options = ExportOptions { pixels_per_point, ..ExportOptions::default() };
        assert!(matches!(export::png(&figure, &options), Err(ExportError::Pixels { .. })));
    }
}

#[test]
fn files_are_written_whole_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("figure.svg");
    export::write(&path, b"first").unwrap();
    export::write(&path, b"second").unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), b"second");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "no temporary file is left");
    let nowhere = folder.path().join("missing").join("figure.svg");
    let message = export::write(&nowhere, b"").unwrap_err().to_string();
    assert!(message.contains("figure.svg") && message.contains("choose another place"), "{message}");
}

/// What the window's state would be.
struct State {
    figure: Figure,
    view: View,
    hovered: Option<String>,
    clicked: Option<String>,
}

fn harness(size: egui::Vec2, theme: egui::Theme, parts: Parts) -> Harness<'static, State> {
    let state = State { figure: sample_figure(), view: View::new(parts), hovered: None, clicked: None };
    Harness::builder().with_size(size).with_theme(theme).renderer(SoftRenderer::default()).build_ui_state(
        |ui, state: &mut State| {
            egui::Frame::central_panel(ui.style()).show(ui, |ui| {
                let response = plot::show(ui, &state.figure, &mut state.view);
                state.hovered = response.hovered;
                state.clicked = response.clicked.or(state.clicked.take());
            });
        },
        state,
    )
}

#[test]
fn marks_can_be_hovered_clicked_zoomed_and_reset() {
    let mut harness = harness(egui::vec2(900.0, 600.0), egui::Theme::Light, Parts::WINDOW);
    harness.run();
    let found = find(&mut harness, "pro-6000");
    harness.drag_at(found);
    harness.drop_at(found);
    harness.run();
    assert_eq!(harness.state().clicked.as_deref(), Some("pro-6000"));
    assert!(!harness.state().view.is_zoomed());

    harness.hover_at(found);
    harness.step();
    harness.event(egui::Event::MouseWheel {
        unit: egui::MouseWheelUnit::Point,
        delta: egui::vec2(0.0, 24.0),
        phase: egui::TouchPhase::Move,
        source: egui::MouseWheelSource::Wheel,
        modifiers: egui::Modifiers::NONE,
    });
    harness.run();
    assert!(harness.state().view.is_zoomed());
    // What the wheel turned about stays in view.
    find(&mut harness, "pro-6000");

    harness.state_mut().view.fit();
    harness.run();
    assert!(!harness.state().view.is_zoomed());
}

#[test]
fn what_hovering_says_is_not_squeezed() {
    let mut harness = harness(egui::vec2(900.0, 600.0), egui::Theme::Light, Parts::WINDOW);
    harness.run();
    find(&mut harness, "pro-6000");
    harness.run();
    let price = harness.get_by_label_contains("street price").rect();
    assert!(price.width() > 200.0 && price.height() < 40.0, "{price:?}");
}

/// Where hovering finds a machine.
fn find(harness: &mut Harness<'static, State>, id: &str) -> egui::Pos2 {
    for y in (60..560).step_by(9) {
        for x in (40..880).step_by(9) {
            let at = egui::pos2(x as f32, y as f32);
            harness.hover_at(at);
            harness.step();
            if harness.state().hovered.as_deref() == Some(id) {
                return at;
            }
        }
    }
    panic!("{id} is nowhere");
}

#[test]
fn every_figure_is_drawn_and_exported() {
    let catalog = load::embedded().catalog;
    let estimator = Estimator::new(&catalog);
    let scenario = sample::scenario();
    let comparison = compare(&catalog, &estimator, &scenario, &Filters::default()).unwrap();
    let facts =
        Facts { catalog: &catalog, estimator: &estimator, scenario: &scenario, comparison: &comparison };
    let pinned = ["studio-m5max-128".to_owned(), "rtx5090".to_owned(), "dgx-spark".to_owned()];
    for pinned in [&pinned[..], &[]] {
        for name in Name::ALL {
            let figure = figure::draw(name, &facts, &FigureOptions { pinned, ..FigureOptions::default() });
            assert_eq!((figure.name, &figure.empty), (name, &None));
            let drawn = figure.marks.len() + figure.bars.len();
            assert!(drawn > 0, "{name:?}");
            let svg = export::svg(&figure, &ExportOptions::default()).unwrap();
            assert!(svg.len() < 300_000, "{name:?} {}", svg.len());
            let svg = String::from_utf8(svg).unwrap();
            usvg::roxmltree::Document::parse(&svg).unwrap();
            assert!(svg.contains(&figure.x.label), "{name:?}");
            assert!(
                String::from_utf8(export::csv(&figure).unwrap()).unwrap().lines().count() > 1,
                "{name:?}"
            );
        }
    }
}

#[test]
fn every_figure_takes_every_choice_it_offers() {
    let catalog = sample::fixed();
    let estimator = Estimator::new(&catalog);
    let scenario = Scenario { users: 2, ..sample::scenario() };
    let comparison = sample::comparison(&catalog, &scenario);
    let facts =
        Facts { catalog: &catalog, estimator: &estimator, scenario: &scenario, comparison: &comparison };
    let pinned = ["studio-64".to_owned(), "pro-6000".to_owned()];
    let or_none = |choices: &[Quantity]| -> Vec<Option<Quantity>> {
        if choices.is_empty() { vec![None] } else { choices.iter().copied().map(Some).collect() }
    };
    for name in Name::ALL {
        let spacings: &[Option<Spacing>] =
            if name.has_spacings() { &[None, Some(Spacing::Linear), Some(Spacing::Log)] } else { &[None] };
        for x in or_none(name.x_choices()) {
            let mut labels = HashSet::new();
            for y in or_none(name.y_choices()) {
                for &spacing in spacings {
                    let axes = Axes { x, y, x_scale: spacing, y_scale: spacing };
                    let figure = figure::draw(name, &facts, &FigureOptions { pinned: &pinned, axes });
                    assert_eq!(figure.empty, None, "{name:?} {axes:?}");
                    if let Some(spacing) = spacing {
                        let log = [figure.x.is_log(), figure.y.is_log()];
                        assert_eq!(log, [spacing == Spacing::Log; 2], "{name:?} {axes:?}");
                    }
                    let sound = |value: f64| value.is_finite() && value >= 0.0;
                    assert!(figure.marks.iter().all(|mark| sound(mark.x) && sound(mark.y)));
                    labels.insert(figure.y.label);
                }
            }
            assert_eq!(labels.len(), or_none(name.y_choices()).len(), "{name:?}");
        }
    }
}

#[test]
fn a_million_tokens_are_held_against_what_an_api_asks() {
    let catalog = sample::fixed();
    let estimator = Estimator::new(&catalog);
    let mut scenario = sample::scenario();
    scenario.money.api_per_million = Some(2.0);
    let comparison = sample::comparison(&catalog, &scenario);
    let facts =
        Facts { catalog: &catalog, estimator: &estimator, scenario: &scenario, comparison: &comparison };
    let pinned = ["studio-64".to_owned(), "air-16".to_owned()];
    let draw = |x| {
        let axes = Axes { x, ..Axes::default() };
        figure::cost(&facts, &FigureOptions { pinned: &pinned, axes })
    };
    let (whole, each) = (draw(None), draw(Some(Quantity::CostPerMillion)));
    assert!(whole.lines.is_empty() && whole.bars.len() == 2);
    assert_eq!(each.lines[0].label.as_deref(), Some("an API asks 2.00 USD"));
    assert!(each.notes.iter().any(|note| note.contains("MacBook Air M4 16 GB")), "{:?}", each.notes);
    // 2,699 USD, and 200 W for 4 hours a day over 3 years, for what is written in that time.
    let hours = 4.0 * 365.25 * 3.0;
    let speed = comparison.rows[1].speed().unwrap();
    let wanted = (2699.0 + 0.2 * hours * 0.3) / (speed * 3600.0 * hours / 1e6);
    let sum: f64 = each.bars[0].segments.iter().map(|segment| segment.value).sum();
    assert!((sum / wanted - 1.0).abs() < 1e-9, "{sum} {wanted}");
}

#[test]
fn lines_over_context_end_where_memory_does() {
    let catalog = load::embedded().catalog;
    let estimator = Estimator::new(&catalog);
    let scenario = sample::scenario();
    let comparison = compare(&catalog, &estimator, &scenario, &Filters::default()).unwrap();
    let facts =
        Facts { catalog: &catalog, estimator: &estimator, scenario: &scenario, comparison: &comparison };
    let pinned = ["studio-m5max-64".to_owned(), "studio-m5ultra80-512".to_owned(), "rtx5090".to_owned()];
    let figure =
        figure::speed_context(&facts, &FigureOptions { pinned: &pinned, ..FigureOptions::default() });
    let line = |id: &str| figure.lines.iter().find(|line| line.id.as_deref() == Some(id));
    let last = |id: &str| match &line(id).unwrap().course {
        Course::Points(points) => points[points.len() - 1],
        _ => panic!("a line over context"),
    };
    assert!(line("studio-m5max-64").unwrap().end.is_some());
    assert!((8_192.0..131_072.0).contains(&last("studio-m5max-64").0));
    assert!(line("studio-m5ultra80-512").unwrap().end.is_none());
    assert!((last("studio-m5ultra80-512").0 - 131_072.0).abs() < 1.0);
    assert!(line("rtx5090").is_none() && figure.notes.iter().any(|note| note.contains("RTX 5090")));
}
