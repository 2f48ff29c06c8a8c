//! The same marks, the same words, the same filters: a figure's data held against its SVG.

use std::collections::BTreeSet;

use egui_plot::PlotBounds;
use rigwise::{
    catalog::load,
    compare::Filters,
    export::{self, ExportOptions, Paper, SizePreset},
    figure::{Figure, Hue, Mark, MarkKind, Name, Scale},
    plot::palette::{self, Palette},
};

use crate::drawing::{Drawing, Handle, Shape, value};

fn svg(figure: &Figure, options: &ExportOptions) -> String {
    String::from_utf8(export::svg(figure, options).unwrap()).unwrap()
}

fn drawing(figure: &Figure) -> Drawing {
    Drawing::new(&svg(figure, &ExportOptions::default()))
}

fn named(name: Name) -> Figure {
    crate::figures().into_iter().find(|figure| figure.name == name).unwrap()
}

fn color(hue: Hue) -> String {
    let [red, green, blue, _] = Palette::light().color(hue).to_array();
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// Whether a shape is what a mark of this kind is drawn as: neither text nor line nor interval.
fn is_marker(shape: &Shape) -> bool {
    let square = shape.width() > 2.0 && shape.width() < 16.0 && (shape.width() - shape.height()).abs() < 3.0;
    square && shape.fill != "none"
}

#[test]
fn every_figure_has_all_its_words_and_no_others() {
    for figure in crate::figures() {
        assert_eq!(figure.empty, None, "{:?}", figure.name);
        let drawing = drawing(&figure);
        let words: BTreeSet<&str> = drawing.words().into_iter().collect();
        let mut wanted: Vec<String> = vec![figure.title.clone(), figure.subtitle.clone()];
        wanted.extend(figure.legend.iter().map(|entry| match entry.count {
            Some(count) => format!("{} ({count})", entry.text),
            None => entry.text.clone(),
        }));
        wanted.extend([&figure.x, &figure.y].map(|axis| axis.label.clone()));
        wanted.extend(figure.bars.iter().map(|bar| bar.label.clone()));
        if let Scale::Rows(names) = &figure.y.scale {
            wanted.extend(names.iter().cloned());
        }
        wanted.extend(figure.strip.iter().map(|strip| strip.caption.clone()));
        let first = |mark: &&Mark| mark.pinned || mark.on_frontier;
        wanted.extend(figure.marks.iter().filter(first).map(|mark| mark.name.to_string()));
        for wanted in wanted.iter().filter(|wanted| !wanted.is_empty()) {
            assert!(words.contains(wanted.as_str()), "{:?} lacks {wanted:?}: {words:#?}", figure.name);
        }
        // Whatever else is written is a name, a note's line, or a number of an axis.
        let notes = figure.notes.iter().chain([&figure.source]);
        let names = figure.marks.iter().map(|mark| &*mark.name);
        let lines = figure.lines.iter().filter_map(|line| line.label.as_deref());
        let texts = wanted.iter().chain(notes).map(String::as_str);
        let known: Vec<&str> = texts.chain(names).chain(lines).collect();
        for word in words {
            let number = value(word).is_some();
            let part = |text: &&str| text.contains(word) || word.starts_with(*text);
            assert!(number || known.iter().any(part), "{:?} says {word:?}", figure.name);
        }
    }
}

#[test]
fn every_mark_is_where_its_numbers_are() {
    for name in [Name::PriceSpeed, Name::RamPrice, Name::ModelsOnMachine, Name::Accuracy] {
        let figure = named(name);
        let drawing = drawing(&figure);
        let (level, upright) =
            (drawing.level_ruler(figure.x.is_log()), drawing.upright_ruler(figure.y.is_log()));
        let (mut seen, mut drift) = (BTreeSet::new(), Vec::new());
        for mark in &figure.marks {
            let near = |handle: &&Handle| handle.id == *mark.id && !seen.contains(&handle.title);
            let Some(handle) = drawing.handles.iter().find(near) else {
                panic!("{name:?} has no {}", mark.id);
            };
            seen.insert(handle.title.clone());
            assert!(handle.title.starts_with(&*mark.tip.heading));
            let x = level.place(mark.x) as f32;
            let beyond = !(figure.x.low..=figure.x.high).contains(&mark.x);
            assert!(beyond || (handle.x - x).abs() < 0.6, "{}: {} for {x}", mark.id, handle.x);
            drift.push(handle.y - upright.place(mark.y) as f32);
            let color = color(mark.hue);
            let painted = drawing.shapes.iter().any(|shape| {
                let own = shape.stroke.as_deref() == Some(color.as_str()) || shape.fill == color;
                let own = own || matches!(mark.kind, MarkKind::Withdrawn | MarkKind::Part);
                own && shape.width() < 16.0 && shape.height() < 16.0 && shape.holds(handle.x, handle.y)
            });
            assert!(painted, "{name:?} does not paint {} in {color}", mark.id);
        }
        // The numbers beside the axis hang from its ticks by the same length each.
        let (least, most) =
            drift.iter().fold((f32::INFINITY, f32::NEG_INFINITY), |(a, b), it| (a.min(*it), b.max(*it)));
        assert!(most - least < 1.0, "{name:?}: {least} to {most}");
    }
}

#[test]
fn there_are_as_many_marks_as_in_the_figure() {
    let figure = named(Name::PriceSpeed);
    let drawing = drawing(&figure);
    let strip = figure.strip.as_ref().unwrap();
    assert_eq!(drawing.handles.len(), figure.marks.len() + strip.absent.len());
    let top = drawing.handles.iter().map(|handle| handle.y).fold(f32::INFINITY, f32::min) - 8.0;
    let markers = drawing.shapes.iter().filter(|shape| is_marker(shape) && shape.top > top).count();
    let dots = figure.marks.iter().filter(|mark| mark.kind == MarkKind::Part).count();
    let measured: usize = figure.marks.iter().map(|mark| mark.measured.len()).sum();
    // A cross is two lines and has no inside.
    let hues = figure.marks.iter().map(|mark| mark.hue).chain(strip.absent.iter().map(|it| it.hue));
    let solid = hues.filter(|hue| palette::shape(*hue) != palette::Shape::Cross).count();
    assert_eq!(markers, solid + dots + measured);
}

#[test]
fn what_the_filters_leave_out_is_not_in_the_file() {
    let catalog = crate::sample::fixed();
    let filters = Filters { makers: ["Apple".to_owned()].into(), ..Filters::default() };
    let drawing = drawing(&crate::draw(Name::PriceSpeed, &catalog, &filters, &[]));
    let maker = |handle: &Handle| {
        let machine = catalog.machines.get(&handle.id).unwrap();
        catalog.chips.get(&machine.chip).unwrap().maker.as_str()
    };
    assert!(drawing.handles.len() > 4);
    assert!(drawing.handles.iter().all(|handle| maker(handle) == "Apple"));
    let words = drawing.words().join("\n");
    assert!(words.contains("Mac mini M4 Pro 64 GB") && !words.contains("RTX"), "{words}");
}

#[test]
fn bars_are_as_long_as_their_numbers() {
    let figure = named(Name::Memory);
    let drawing = drawing(&figure);
    let ruler = drawing.level_ruler(false);
    for bar in &figure.bars {
        let handle = drawing.handles.iter().find(|handle| handle.id == bar.id).unwrap();
        let mut sum = 0.0;
        for segment in &bar.segments {
            let (left, right) = (ruler.place(sum) as f32, ruler.place(sum + segment.value) as f32);
            sum += segment.value;
            let drawn = drawing.shapes.iter().any(|shape| {
                let at = (shape.left - left).abs() < 1.0 && (shape.right - right).abs() < 1.0;
                shape.kind == "rect" && at && shape.top < handle.y && shape.bottom > handle.y
            });
            assert!(drawn, "{} {}: {left} to {right}", bar.id, segment.name);
        }
    }
}

#[test]
fn the_file_says_what_it_is() {
    for figure in crate::figures() {
        let drawing = drawing(&figure);
        assert_eq!(drawing.title, figure.title);
        for part in figure.notes.iter().chain([&figure.subtitle, &figure.source]) {
            assert!(drawing.description.contains(part), "{part} in {}", drawing.description);
        }
        assert_eq!(drawing.metadata["title"], figure.title);
        assert_eq!(drawing.metadata["creator"], concat!("Rigwise ", env!("CARGO_PKG_VERSION")));
        assert_eq!(drawing.metadata["source"], figure.source);
    }
}

#[test]
fn files_stay_small_at_every_size() {
    for figure in crate::figures() {
        for preset in SizePreset::ALL {
            let svg = svg(&figure, &ExportOptions::preset(preset));
            assert!(svg.len() < 300_000, "{:?} at {preset:?}: {}", figure.name, svg.len());
            let [width, height] = preset.size();
            assert_eq!(Drawing::new(&svg).size, (width, height));
        }
    }
}

#[test]
fn nothing_is_written_beyond_the_page_or_over_other_words() {
    for figure in crate::figures() {
        for preset in SizePreset::ALL {
            let drawing = Drawing::new(&svg(&figure, &ExportOptions::preset(preset)));
            let (width, height) = drawing.size;
            for text in &drawing.texts {
                let inside = text.x >= 0.0 && text.x + text.length <= width && text.y <= height;
                assert!(inside, "{:?} at {preset:?}: {text:?}", figure.name);
            }
            for (index, text) in drawing.texts.iter().enumerate() {
                for other in &drawing.texts[index + 1..] {
                    let across =
                        text.x < other.x + other.length - 1.0 && other.x < text.x + text.length - 1.0;
                    let over = across && (text.y - other.y).abs() < 8.0;
                    assert!(!over, "{:?} at {preset:?}: {text:?} {other:?}", figure.name);
                }
            }
        }
    }
}

#[test]
fn the_lines_beside_the_predictions_are_named_though_marks_crowd_there() {
    let catalog = load::embedded().catalog;
    let figure = crate::draw(Name::Accuracy, &catalog, &Filters::default(), &[]);
    assert!(figure.marks.len() > 10_000, "{}", figure.marks.len());
    for preset in SizePreset::ALL {
        let drawing = Drawing::new(&svg(&figure, &ExportOptions::preset(preset)));
        for line in figure.lines.iter().filter_map(|line| line.label.as_deref()) {
            assert!(drawing.words().contains(&line), "{line} at {preset:?}");
        }
    }
}

#[test]
fn dark_paper_is_dark() {
    let options = ExportOptions { paper: Paper::Dark, ..ExportOptions::default() };
    let figure = named(Name::PriceSpeed);
    let (light, dark) = (drawing(&figure), Drawing::new(&svg(&figure, &options)));
    assert_eq!(light.shapes[0].fill, "#ffffff");
    assert_eq!(dark.shapes[0].fill, "#121212");
    assert_eq!(light.words(), dark.words());
    assert_eq!(light.handles, dark.handles);
}

#[test]
fn a_part_in_view_is_exported_alone() {
    let figure = named(Name::PriceSpeed);
    let middle = |(low, high): (f64, f64)| {
        let quarter = (high - low) / 4.0;
        (low + quarter, high - quarter)
    };
    let ((left, right), (bottom, top)) = (middle(figure.x.fit()), middle(figure.y.fit()));
    let bounds = PlotBounds::from_min_max([left, bottom], [right, top]);
    let inside = |value: f64, dimension: usize| {
        (bounds.min()[dimension]..=bounds.max()[dimension]).contains(&value.log10())
    };
    let marks =
        figure.marks.iter().filter(|mark| inside(mark.x, 0) && inside(mark.y, 1)).map(|mark| &mark.id);
    let absent = figure.strip.iter().flat_map(|strip| &strip.absent);
    let absent = absent.filter(|absent| inside(absent.x, 0)).map(|absent| &absent.id);
    let wanted: BTreeSet<&str> = marks.chain(absent).map(|id| &**id).collect();
    let options = ExportOptions { part: Some(bounds), ..ExportOptions::default() };
    let part = Drawing::new(&svg(&figure, &options));
    let drawn: BTreeSet<&str> = part.handles.iter().map(|handle| handle.id.as_str()).collect();
    assert_eq!(drawn, wanted);
    assert!(!drawn.is_empty() && drawn.len() < figure.marks.len());
    assert!(part.words().iter().any(|word| word.starts_with("Only a part of the figure")));
}
