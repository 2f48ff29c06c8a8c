//! Predicted against measured speeds, for every measurement of the presets.

use std::{cmp::Reverse, collections::HashMap, sync::Arc};

use super::{
    Axis, Course, Detail, Facts, Figure, FigureOptions, Hue, LegendEntry, Line, Maker, Mark, MarkKind, Name,
    Quantity, Scale, Stroke, Symbol, Tip,
};
use crate::{
    accuracy::{ClassSummary, PredictedRate, Prediction},
    catalog::{Catalog, Measurement},
    units,
};

/// Speeds predicted over speeds measured. A point on the diagonal is predicted exactly.
#[must_use]
pub fn accuracy(facts: &Facts, options: &FigureOptions) -> Figure {
    let (catalog, estimator) = (facts.catalog, facts.estimator);
    let shown = options.axes.y(Name::Accuracy);
    let what = shown.title();
    let predictions = facts.directory.predictions(catalog, estimator);
    let mut marks: Vec<Mark> = catalog
        .measurements
        .iter()
        .zip(predictions)
        .filter_map(|(measurement, it)| mark(catalog, measurement, it, shown))
        .collect();
    if marks.is_empty() {
        return Figure::saying(Name::Accuracy, "No measurement of the presets can be predicted");
    }
    let mut of_maker: HashMap<Hue, usize> = HashMap::new();
    for mark in &marks {
        *of_maker.entry(mark.hue).or_default() += 1;
    }
    // Those of which there are few lie on top of those of which there are many.
    marks.sort_by_key(|mark| Reverse(of_maker.get(&mark.hue).copied()));
    let both = || marks.iter().flat_map(|mark| [mark.x, mark.y]);
    let x = format!("Measured {} in tokens/s", what.to_lowercase());
    let x = Axis::fitting(x, Scale::Log, both()).with_unit("tokens/s");
    let y = format!("Predicted {} in tokens/s", what.to_lowercase());
    let y = Axis::fitting(y, Scale::Log, both()).with_unit("tokens/s");
    let (low, high) = (x.low, x.high);
    let mut figure = Figure::new(Name::Accuracy, x, y);
    "How near are the predictions to what was measured?".clone_into(&mut figure.title);
    figure.subtitle = format!("{what}, {} published measurements", units::thousands(marks.len() as f64));
    for (factor, stroke, label) in [
        (1.0, Stroke::Frontier, None),
        (1.2, Stroke::Faint, Some("predicted 20 % too fast")),
        (1.0 / 1.2, Stroke::Faint, Some("predicted 20 % too slow")),
    ] {
        figure.lines.push(Line {
            id: None,
            course: Course::Points(vec![(low, low * factor), (high, high * factor)]),
            stroke,
            hue: Hue::Ink,
            label: label.map(str::to_owned),
            end: None,
            pinned: false,
            tip: None,
        });
    }
    for maker in Maker::ALL {
        let hue = Hue::Maker(maker);
        if let Some(&count) = of_maker.get(&hue) {
            let symbol = Symbol::Mark(hue, MarkKind::Filled);
            figure.legend.push(LegendEntry { symbol, text: maker.name().to_owned(), count: Some(count) });
        }
    }
    let total = predictions.len();
    let left_out = total - marks.len();
    figure.marks = marks;
    figure.notes = errors(predictions, shown);
    if left_out > 0 {
        figure.notes.push(format!(
            "{} of {} measurements are left out, which do not measure this or cannot be predicted.",
            units::thousands(left_out as f64),
            units::thousands(total as f64),
        ));
    }
    figure.notes.push(
        "Most of them were fitted on: errors on unseen machines are larger, as the accuracy report states."
            .to_owned(),
    );
    figure
}

/// The errors by class, a line each.
fn errors(predictions: &[Prediction], shown: Quantity) -> Vec<String> {
    let of = |class: &str, dense: bool| {
        let members = predictions.iter().filter(|it| (it.kind != "moe") == dense && !it.kind.is_empty());
        let (errors, covered): (Vec<f64>, Vec<bool>) =
            members.filter_map(|it| rate(it, shown)).map(|it| (it.error(), it.is_covered())).unzip();
        let it = ClassSummary::new(class, &errors, &covered)?;
        let percent = |share: f64| format!("{:.0} %", share * 100.0);
        let inside =
            it.coverage.map_or(String::new(), |share| format!(", {} inside the interval", percent(share)));
        Some(format!(
            "{class}: median error {}, {} of {} within 20 %{inside}.",
            percent(it.median),
            percent(it.within_20),
            units::thousands(it.rows as f64),
        ))
    };
    [of("Dense models", true), of("Mixtures of experts", false)].into_iter().flatten().collect()
}

/// A rate that was predicted and measured.
struct Rate {
    predicted: PredictedRate,
    measured: f64,
}

impl Rate {
    /// Predicted over measured, less one.
    fn error(&self) -> f64 {
        self.predicted.tokens_per_s / self.measured - 1.0
    }

    fn is_covered(&self) -> bool {
        (self.predicted.low..=self.predicted.high).contains(&self.measured)
    }
}

fn rate(prediction: &Prediction, shown: Quantity) -> Option<Rate> {
    let (predicted, measured) = match shown {
        Quantity::Prefill => (prediction.prefill, prediction.prefill_measured),
        _ => (prediction.decode, prediction.decode_measured),
    };
    Some(Rate { predicted: predicted?, measured: measured.filter(|measured| *measured > 0.0)? })
}

fn mark(
    catalog: &Catalog,
    measurement: &Measurement,
    prediction: &Prediction,
    shown: Quantity,
) -> Option<Mark> {
    let Rate { predicted, measured } = rate(prediction, shown)?;
    let PredictedRate { tokens_per_s, low, high } = predicted;
    let chip = prediction.chip.as_deref().and_then(|id| catalog.chips.get(id));
    let model = prediction.model.as_deref().and_then(|id| catalog.models.get(id));
    let name = |known: Option<&String>, id: Option<&String>| known.or(id).cloned().unwrap_or_default();
    let (chip_name, model_name) = (
        name(chip.map(|it| &it.name), prediction.chip.as_ref()),
        name(model.map(|it| &it.name), prediction.model.as_ref()),
    );
    let devices = if prediction.devices > 1 { format!("{} x ", prediction.devices) } else { String::new() };
    let runtime = prediction.runtime.as_deref().and_then(|id| catalog.runtimes.get(id));
    let mut details = Vec::with_capacity(6);
    details.push(("Model", format!("{model_name}, {}", prediction.quant).into()));
    details.push(("Measured", Detail::TokensPerSecond(measured)));
    details.push(("Predicted", Detail::Predicted { tokens_per_s, low, high, measured }));
    details.push(("Context", Detail::Tokens(prediction.depth)));
    if let Some(runtime) = runtime {
        details.push(("Runtime", Detail::Text(runtime.name.as_str().into())));
    }
    let date = measurement.date.map_or(String::new(), |date| format!(", {date}"));
    details.push(("Source", format!("{}{date}", measurement.source).into()));
    let mut remarks: Vec<String> = measurement.note.iter().cloned().collect();
    if measurement.outlier {
        remarks.push("Out of line with everything else known; not fitted on.".to_owned());
    }
    let heading = format!("{devices}{chip_name}");
    Some(Mark {
        id: prediction.id.as_str().into(),
        name: Arc::default(),
        full_name: format!("{heading}, {model_name}, {}", prediction.quant).into(),
        quant: None,
        x: measured,
        y: tokens_per_s,
        y_range: None,
        x_range: None,
        measured: Vec::new(),
        hue: Hue::Maker(Maker::of(chip)),
        kind: if measurement.outlier { MarkKind::Measured } else { MarkKind::Filled },
        on_frontier: false,
        pinned: false,
        tip: Tip { heading: heading.into(), details, remarks },
    })
}
