//! The reverse question: which models one machine runs, and how fast.

use super::{
    Axis, Course, Facts, Figure, FigureOptions, Hue, LegendEntry, Line, Mark, MarkKind, Name, Quantity,
    Scale, Spacing, Stroke, Symbol, Tip,
    followed::{Followed, NOBODY, followed},
    notes,
};
use crate::{
    catalog::{Model, Quant},
    estimate::{Estimate, KernelClass, Placement, Rig, Weights, Workload},
    scenario::{ModelEdits, Scenario},
    units::{self, GIB},
};

const DENSE: Hue = Hue::Accent(0);
const EXPERTS: Hue = Hue::Accent(1);

/// Every model on the machine pinned last, at the scenario's quantization or the largest smaller one that fits.
#[must_use]
pub fn models_on_machine(facts: &Facts, options: &FigureOptions) -> Figure {
    let shown = options.axes.y(Name::ModelsOnMachine);
    let last = options.pinned.last().map(std::slice::from_ref).unwrap_or_default();
    let (machines, _) = followed(facts, last, 1);
    let Some(followed) = machines.first() else {
        return Figure::saying(Name::ModelsOnMachine, NOBODY);
    };
    let asked = facts.comparison.workload.quant;
    let smaller = smaller_quants(facts, asked);
    let mut marks = Vec::new();
    let mut too_large = 0;
    let mut unknown = 0;
    for model in &facts.catalog.models {
        match best(facts, followed, model, asked, &smaller) {
            Some((quant, estimate)) => match shown.of_estimate(&estimate) {
                Some(value) => marks.push(mark(facts, model, quant, asked, (&estimate, shown, value))),
                None => unknown += 1,
            },
            None => too_large += 1,
        }
    }
    if marks.is_empty() {
        let name = &followed.machine.name;
        let why = if unknown > 0 {
            format!("The {} of the {name} is not known", shown.title().to_lowercase())
        } else {
            format!("No model fits on the {name} at {} or a smaller size", asked.name)
        };
        return Figure::saying(Name::ModelsOnMachine, why);
    }
    let usable = usable_gib(facts, followed);
    let scale = |spacing: Option<Spacing>| match spacing {
        None | Some(Spacing::Log) => Scale::Log,
        Some(Spacing::Linear) => Scale::Linear,
    };
    let needs = marks.iter().map(|mark| mark.x).chain(usable);
    let x = Axis::fitting("Memory needed in GiB", scale(options.axes.x_scale), needs).with_unit("GiB");
    let values = marks.iter().flat_map(|mark| {
        let (low, high) = mark.y_range.unwrap_or((mark.y, mark.y));
        [low, mark.y, high]
    });
    let y = Axis::fitting(shown.label(facts.scenario), scale(options.axes.y_scale), values)
        .with_unit(shown.unit(facts.scenario))
        .less_is_better(!shown.more_is_better());
    let mut figure = Figure::new(Name::ModelsOnMachine, x, y);
    figure.title = format!("Which models run on the {}, and how fast?", followed.machine.name);
    figure.subtitle = format!(
        "{}, {} of context, {}",
        asked.name,
        units::tokens(facts.scenario.context),
        notes::users(facts.scenario)
    );
    figure.legend = legend(&marks);
    figure.lines = lines(usable, shown);
    let count = marks.len();
    figure.marks = marks;
    figure.notes.push(format!(
        "{count} models fit, {too_large} do not at any offered quantization of this family, or have no estimate. Models \
         with a shorter context than asked for are taken at their longest."
    ));
    if unknown > 0 {
        let what = shown.title().to_lowercase();
        figure.notes.push(format!("{unknown} more models fit, though their {what} is not known."));
    }
    if options.pinned.is_empty() {
        figure.notes.push("No machine is pinned: this is the cheapest of the best buys.".to_owned());
    }
    let with_interval = figure.marks.iter().any(|mark| mark.y_range.is_some());
    figure.notes.push(notes::estimates(facts.scenario, with_interval));
    figure
}

/// The offered quantizations of the same family that are smaller, largest first, by their size for the scenario's model.
fn smaller_quants<'a>(facts: &Facts<'a>, asked: &Quant) -> Vec<&'a Quant> {
    let workload = &facts.comparison.workload;
    let bits = |quant: &Quant| {
        let weights = Weights::new(&workload.model, quant, &facts.catalog.tensor_types).ok()?;
        Some(weights.bits_per_weight())
    };
    let limit = bits(asked).unwrap_or(f64::INFINITY);
    let offered = facts.catalog.quants.iter().filter(|quant| quant.offered && quant.family == asked.family);
    let mut sized: Vec<(f64, &Quant)> = offered.filter_map(|quant| Some((bits(quant)?, quant))).collect();
    sized.retain(|(bits, _)| *bits < limit);
    sized.sort_by(|a, b| b.0.total_cmp(&a.0));
    sized.into_iter().map(|(_, quant)| quant).collect()
}

/// The model at the first of the quantizations that fits.
fn best<'a>(
    facts: &Facts<'a>,
    followed: &Followed,
    model: &'a Model,
    asked: &'a Quant,
    smaller: &[&'a Quant],
) -> Option<(&'a Quant, Estimate)> {
    let scenario = Scenario {
        model: model.id.clone(),
        edits: ModelEdits::default(),
        quant: asked.id.clone(),
        context: facts.scenario.context.min(model.max_context.max(1)),
        offload: false,
        ..facts.scenario.clone()
    };
    let mut workload: Workload<'a> = scenario.workload(facts.catalog).ok()?;
    let rig = Rig { machine: followed.machine, chip: followed.chip? };
    for quant in std::iter::once(asked).chain(smaller.iter().copied()) {
        workload.quant = quant;
        workload.kernel = KernelClass::new(quant);
        workload.weights = Weights::new(model, quant, &facts.catalog.tensor_types).ok()?;
        let estimated = facts.estimator.best(&workload, rig, facts.scenario.runtime.as_deref());
        if let Ok((_, estimate)) = estimated
            && estimate.placement == Placement::Fits
        {
            return Some((quant, estimate));
        }
    }
    None
}

fn usable_gib(facts: &Facts, followed: &Followed) -> Option<f64> {
    let rig = Rig { machine: followed.machine, chip: followed.chip? };
    let workload = &facts.comparison.workload;
    let (_, estimate) = facts.estimator.best(workload, rig, facts.scenario.runtime.as_deref()).ok()?;
    Some(estimate.memory.usable_bytes / GIB)
}

fn mark(
    facts: &Facts,
    model: &Model,
    quant: &Quant,
    asked: &Quant,
    (estimate, shown, value): (&Estimate, Quantity, f64),
) -> Mark {
    let as_asked = quant.id == asked.id;
    let fact = |name: &str, value: String| (name.to_owned(), value);
    let range = format!(
        "{} ({} to {})",
        units::tokens_per_s(estimate.tokens_per_s),
        units::significant(estimate.tokens_per_s_low()),
        units::significant(estimate.tokens_per_s_high())
    );
    let mut facts_of = vec![
        fact("Quantization", quant.name.clone()),
        fact("Decode", range),
        fact("Memory", format!("needs {}", units::gibibytes(estimate.memory.needed_bytes()))),
        fact("Parameters", units::parameters(model.params.total() as f64)),
    ];
    if model.experts.is_some() {
        facts_of.push(fact("Active", units::parameters(model.active_params())));
    }
    if let Some(prefill) = estimate.prefill_tokens_per_s {
        facts_of.push(fact("Prefill", units::tokens_per_s(prefill)));
    }
    if let Some(wait) = estimate.time_to_first_token_s {
        facts_of.push(fact("First token", format!("after {}", units::duration(wait))));
    }
    Mark {
        id: model.id.clone(),
        name: if as_asked { model.name.clone() } else { format!("{}, {}", model.name, quant.name) },
        full_name: model.name.clone(),
        x: estimate.memory.needed_bytes() / GIB,
        y: value,
        y_range: shown.interval(estimate),
        x_range: None,
        measured: Vec::new(),
        hue: if model.experts.is_some() { EXPERTS } else { DENSE },
        kind: if as_asked { MarkKind::Filled } else { MarkKind::Smaller },
        on_frontier: false,
        pinned: model.id == facts.scenario.model,
        tip: Tip { heading: model.name.clone(), facts: facts_of, remarks: Vec::new() },
    }
}

fn legend(marks: &[Mark]) -> Vec<LegendEntry> {
    let mut legend = Vec::new();
    for (hue, text) in [(DENSE, "dense"), (EXPERTS, "mixture of experts")] {
        let count = marks.iter().filter(|mark| mark.hue == hue).count();
        if count > 0 {
            let symbol = Symbol::Mark(hue, MarkKind::Filled);
            legend.push(LegendEntry { symbol, text: text.to_owned(), count: Some(count) });
        }
    }
    let smaller = marks.iter().filter(|mark| mark.kind == MarkKind::Smaller).count();
    if smaller > 0 {
        let symbol = Symbol::Mark(Hue::Ink, MarkKind::Smaller);
        legend.push(LegendEntry { symbol, text: MarkKind::Smaller.text().to_owned(), count: Some(smaller) });
    }
    legend
}

fn lines(usable: Option<f64>, shown: Quantity) -> Vec<Line> {
    let line = |course, stroke, label| Line {
        id: None,
        course,
        stroke,
        hue: Hue::Ink,
        label: Some(label),
        end: None,
        pinned: false,
        tip: None,
    };
    let mut lines = Vec::new();
    if shown.is_read_along() {
        let label = "reading speed, about 5 tokens/s".to_owned();
        lines.push(line(Course::Level(5.0), Stroke::Faint, label));
    }
    lines.extend(usable.map(|gib| {
        let label = format!("usable memory {}", units::gibibytes(gib * GIB));
        line(Course::Upright(gib), Stroke::Dashed, label)
    }));
    lines
}
