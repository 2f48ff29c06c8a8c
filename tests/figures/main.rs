//! Figures from a comparison made by hand: their data, their pictures and their files.

#![allow(clippy::expect_used, reason = "what goes wrong here fails a test")]

mod axes;
mod models;
#[path = "../support/mod.rs"]
mod support;

use egui_kittest::{Harness, kittest::Queryable as _};
use rigwise::{
    catalog::{Catalog, Machine, load},
    compare::{Comparison, Filters, compare},
    estimate::Estimator,
    export::{self, ExportError, ExportOptions, Format, SizePreset},
    figure::{self, Axes, Course, Directory, Facts, Figure, FigureOptions, MarkKind, Name, Quantity},
    plot::{self, Parts, View},
    scenario::Scenario,
};
use support::{SoftRenderer, sample};

/// The figure of that name, with an estimator of the catalog.
fn figure_of(
    name: Name,
    (catalog, scenario): (&Catalog, &Scenario),
    comparison: &Comparison,
    options: &FigureOptions,
) -> Figure {
    let (directory, estimator) = (Directory::new(catalog), Estimator::new(catalog));
    let facts = Facts { catalog, directory: &directory, estimator: &estimator, scenario, comparison };
    figure::draw(name, &facts, options)
}

fn price_speed(catalog: &Catalog, options: &FigureOptions) -> Figure {
    let scenario = sample::scenario();
    let comparison = sample::comparison(catalog, &scenario);
    figure_of(Name::PriceSpeed, (catalog, &scenario), &comparison, options)
}

fn estimated<'a>(catalog: &'a Catalog, scenario: &Scenario) -> Comparison<'a> {
    compare(catalog, &Estimator::new(catalog), scenario, &Filters::default()).expect("a sound scenario")
}

/// A figure of the catalog's machines, as they are estimated.
fn draw(name: Name, catalog: &Catalog, scenario: &Scenario, pinned: &[String]) -> Figure {
    let options = FigureOptions { pinned, ..FigureOptions::default() };
    figure_of(name, (catalog, scenario), &estimated(catalog, scenario), &options)
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
    assert!(figure.notes[0].contains("up to 2026-11-01 (of 2026-10), US without tax"), "{:?}", figure.notes);
    assert!(figure.notes[1].contains("17 of 18 machines drawn"), "{:?}", figure.notes);
    assert!(figure.notes[1].contains("left out: 1 whose runtime has no constants"), "{:?}", figure.notes);
    assert_eq!(strip.absent[0].lack(), "needs 43.0 GiB, has 15.2 GiB");
}

#[test]
fn marks_say_what_stands_behind_them() {
    let figure = sample_figure();
    let mark = |id: &str| figure.marks.iter().find(|mark| *mark.id == *id).unwrap();
    assert_eq!(mark("h100").kind, MarkKind::Part);
    assert_eq!(mark("old-48").kind, MarkKind::Withdrawn);
    assert_eq!(mark("rtx-5090").kind, MarkKind::Offloaded);
    assert!(mark("spark").pinned && !mark("studio-64").pinned);
    assert_eq!(&*mark("pro-6000").name, "RTX PRO 6000 96 GB");
    let frontier: Vec<_> =
        figure.marks.iter().filter(|mark| mark.on_frontier).map(|mark| &*mark.id).collect();
    assert_eq!(frontier, ["mini-64", "studio-64", "ultra-96", "pro-6000", "strix-64"]);
}

#[test]
fn tips_of_very_many_machines_are_made_when_they_are_asked_for() {
    let mut catalog = sample::fixed();
    let one = catalog.machines.get("studio-64").unwrap().clone();
    for index in 0..1600 {
        catalog.machines.insert(Machine { id: format!("more-{index}"), ..one.clone() });
    }
    let scenario = sample::scenario();
    let comparison = estimated(&catalog, &scenario);
    let axes = Axes { y: Some(Quantity::Answer), ..Axes::default() };
    let options = FigureOptions { axes, ..FigureOptions::default() };
    let figure = figure_of(Name::PriceSpeed, (&catalog, &scenario), &comparison, &options);
    let mark = figure.marks.iter().find(|mark| &*mark.id == "more-7").unwrap();
    assert!(mark.tip.details.is_empty() && *mark.tip.heading == *one.name);
    let machine = catalog.machines.get("more-7").unwrap();
    let row = comparison.rows.iter().find(|row| catalog.machines.iter().nth(row.machine) == Some(machine));
    let tip = figure::late_tip(&catalog, &scenario, (row.unwrap(), machine), Some(mark), axes);
    for wanted in ["Price", "Decode", "Answer speed"] {
        assert!(tip.details.iter().any(|(name, _)| *name == wanted), "{wanted} in {tip:?}");
    }
}

#[test]
fn nothing_to_draw_is_said() {
    let catalog = sample::catalog();
    let scenario = sample::scenario();
    let mut comparison = sample::comparison(&catalog, &scenario);
    for row in &mut comparison.rows {
        row.shown = false;
    }
    let options = FigureOptions::default();
    let figure = figure_of(Name::PriceSpeed, (&catalog, &scenario), &comparison, &options);
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
            assert!(texts.contains(&&*mark.name), "{} at {preset:?}", mark.name);
        }
        if preset == SizePreset::Slide {
            for mark in &figure.marks {
                assert!(texts.contains(&&*mark.name), "{}", mark.name);
            }
        }
    }
}

#[test]
fn what_xml_reserves_is_escaped() {
    let mut figure = sample_figure();
    figure.title = "<speed> & \"price\"".to_owned();
    figure.marks[0].name = "a<b>&c".into();
    let svg = String::from_utf8(export::svg(&figure, &ExportOptions::default()).unwrap()).unwrap();
    let tree = usvg::roxmltree::Document::parse(&svg).unwrap();
    assert!(tree.descendants().any(|node| node.text() == Some("a<b>&c")));
}

#[test]
fn png_has_the_size_asked_for_and_is_not_blank() {
    let options =
        ExportOptions { width: 600.0, height: 450.0, pixels_per_point: 1.5, ..ExportOptions::default() };
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
    let of = |what: &str| rows.iter().filter(|row| &row[0] == what).count();
    assert_eq!(of("mark") + of("too little memory"), 17);
    assert!(rows.iter().any(|row| &row[1] == "air-16" && row[12].contains("needs 43.0 GiB")));
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
fn keys_zoom_and_show_all() {
    let mut harness = harness(egui::vec2(900.0, 600.0), egui::Theme::Light, Parts::WINDOW);
    harness.run();
    harness.key_press(egui::Key::Plus);
    harness.run();
    assert!(!harness.state().view.is_zoomed(), "the pointer is elsewhere");
    harness.hover_at(egui::pos2(450.0, 300.0));
    harness.run();
    harness.key_press(egui::Key::Plus);
    harness.run();
    assert!(harness.state().view.is_zoomed());
    harness.key_press(egui::Key::Home);
    harness.run();
    assert!(!harness.state().view.is_zoomed());
}

#[test]
fn what_hovering_says_is_not_squeezed() {
    let open = || {
        let mut harness = harness(egui::vec2(900.0, 600.0), egui::Theme::Light, Parts::WINDOW);
        harness.run();
        harness
    };
    let at = find(&mut open(), "pro-6000");
    // The first tip there is, in a window that remembers no other one's size.
    let mut harness = open();
    harness.hover_at(at);
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
    let pinned = ["studio-m5max-128".to_owned(), "rtx5090".to_owned(), "dgx-spark".to_owned()];
    for pinned in [&pinned[..], &[]] {
        for name in Name::ALL {
            let figure = draw(name, &catalog, &sample::scenario(), pinned);
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
fn lines_over_context_end_where_memory_does() {
    let catalog = load::embedded().catalog;
    let pinned = ["studio-m5max-64".to_owned(), "studio-m5ultra80-512".to_owned(), "rtx5090".to_owned()];
    let figure = draw(Name::SpeedContext, &catalog, &sample::scenario(), &pinned);
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
