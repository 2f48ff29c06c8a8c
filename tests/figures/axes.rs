//! What the axes of the figures show, and what follows from it.

use std::collections::HashSet;

use rigwise::{
    catalog::load,
    figure::{Axes, Figure, FigureOptions, Mark, MarkKind, Name, Quantity, Spacing, Stroke},
    scenario::Scenario,
};

use crate::{draw, estimated, figure_of, price_speed, sample_figure, support::sample};

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
                    let told = |text: &str| {
                        mark.tip.details.iter().any(|(_, value)| value.to_string().contains(text))
                    };
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
    let scenario = Scenario { users: 8, ..sample::scenario() };
    let comparison = estimated(&catalog, &scenario);
    let speeds = |y| {
        let axes = Axes { y: Some(y), ..Axes::default() };
        let options = FigureOptions { axes, ..FigureOptions::default() };
        let figure = figure_of(Name::PriceSpeed, (&catalog, &scenario), &comparison, &options);
        let label = figure.y.label.clone();
        (label, figure.marks.into_iter().map(|mark| mark.y).collect::<Vec<_>>())
    };
    let ((each, slow), (together, fast)) = (speeds(Quantity::Decode), speeds(Quantity::Total));
    assert!(each.ends_with("for each of 8 users") && together.ends_with("8 users together"));
    assert!(!slow.is_empty() && slow.iter().zip(&fast).all(|(slow, fast)| (fast / slow - 8.0).abs() < 1e-6));
}

#[test]
fn every_figure_takes_every_choice_it_offers() {
    let catalog = sample::fixed();
    let scenario = Scenario { users: 2, ..sample::scenario() };
    let comparison = sample::comparison(&catalog, &scenario);
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
                    let figure = {
                        let options = FigureOptions { pinned: &pinned, axes };
                        figure_of(name, (&catalog, &scenario), &comparison, &options)
                    };
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
    let mut scenario = sample::scenario();
    scenario.money.api_per_million = Some(2.0);
    let comparison = sample::comparison(&catalog, &scenario);
    let pinned = ["studio-64".to_owned(), "air-16".to_owned()];
    let draw = |x| {
        let axes = Axes { x, ..Axes::default() };
        let options = FigureOptions { pinned: &pinned, axes };
        figure_of(Name::Cost, (&catalog, &scenario), &comparison, &options)
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

/// A kit of 32 GB for 374.97 USD is 11.7 USD for each, and that of January is older.
#[test]
fn prices_of_memory_in_machines_are_held_against_memory_alone() {
    let catalog = load::embedded().catalog;
    let mut scenario = Scenario::default();
    let mut line = |as_of: &str| {
        scenario.money.as_of = as_of.parse().unwrap();
        let figure = draw(Name::RamPrice, &catalog, &scenario, &[]);
        let line = figure.lines.iter().find(|line| line.stroke == Stroke::Dashed);
        line.map(|line| line.label.clone().unwrap())
    };
    assert_eq!(line("2026-11-01").as_deref(), Some("DDR5-6000 kit alone: 11.7 USD/GB"));
    assert_eq!(line("2026-03-01").as_deref(), Some("DDR5-5200 module alone: 10.2 USD/GB"));
    assert_eq!(line("2025-12-01"), None);
}
