//! The reverse question: which models one machine runs, at which quantizations, and how fast.

use std::sync::Arc;

use super::{
    Axis, Course, Detail, Facts, Figure, FigureOptions, Hue, LegendEntry, Line, Mark, MarkKind, Name,
    Quantity, Scale, Spacing, Stroke, Symbol, Tip,
    followed::{Followed, NOBODY, followed},
    notes, tips,
};
use crate::{
    catalog::{Model, Quant},
    estimate::{Estimate, KernelClass, Placement, Rig, Weights, Workload},
    scenario::{ModelEdits, Scenario},
    units::{self, GIB},
};

const DENSE: Hue = Hue::Accent(0);
const EXPERTS: Hue = Hue::Accent(1);

/// Every model at every quantization of the family asked for that fits on the machine pinned last. The one asked for,
/// or the largest smaller one that fits, has the model's name.
#[must_use]
pub fn models_on_machine(facts: &Facts, options: &FigureOptions) -> Figure {
    let shown = options.axes.y(Name::ModelsOnMachine);
    let last = options.pinned.last().map(std::slice::from_ref).unwrap_or_default();
    let (machines, _) = followed(facts, last, 1);
    let Some(followed) = machines.first() else {
        return Figure::saying(Name::ModelsOnMachine, NOBODY);
    };
    let asked = facts.comparison.workload.quant;
    let quants = quants(facts, asked);
    let mut marks = Vec::new();
    let mut curves = Vec::new();
    let mut too_large = 0;
    let mut unknown = 0;
    for model in &facts.catalog.models {
        let Some(fitting) = Fitting::new(facts, followed, model, (asked, &quants)) else {
            too_large += 1;
            continue;
        };
        let first = marks.len();
        marks.extend(fitting.marks(facts, shown));
        // Where the quantity is unknown for the one that bears the name, it is for all.
        if !marks[first..].iter().any(|mark| mark.kind != MarkKind::Another) {
            marks.truncate(first);
            unknown += 1;
        }
        curves.extend(curve(&marks[first..], model.id == facts.scenario.model));
    }
    let models = marks.iter().filter(|mark| mark.kind != MarkKind::Another).count();
    if models == 0 {
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
        let named = mark.y_range.filter(|_| mark.kind != MarkKind::Another);
        let (low, high) = named.unwrap_or((mark.y, mark.y));
        [low, mark.y, high]
    });
    let y = Axis::fitting(shown.label(facts.scenario), scale(options.axes.y_scale), values)
        .with_unit(shown.unit(facts.scenario))
        .less_is_better(!shown.more_is_better());
    let mut figure = Figure::new(Name::ModelsOnMachine, x, y);
    figure.title = format!("Which models run on the {}, and how fast?", followed.machine.name);
    figure.subtitle = format!(
        "{} and {} ({}), {} of context, {}",
        asked.name,
        counted(quants.len().saturating_sub(1), "other quantization"),
        asked.family.name(),
        units::tokens(facts.scenario.context),
        notes::users_and_system(facts.scenario)
    );
    figure.legend = legend(&marks);
    figure.lines = curves;
    figure.lines.extend(lines(usable, shown));
    figure.notes.push(format!(
        "{} fit, in {} with a quantization; {too_large} fit neither at {} nor smaller, or have no estimate. Models with a \
         shorter context than asked for are taken at their longest.",
        counted(models, "model"),
        counted(marks.len(), "combination"),
        asked.name,
    ));
    if unknown > 0 {
        let what = shown.title().to_lowercase();
        figure.notes.push(format!("{unknown} more models fit, though their {what} is not known."));
    }
    if options.pinned.is_empty() {
        figure.notes.push("No machine is pinned: this is the cheapest of the best buys.".to_owned());
    }
    let bars = if marks.iter().any(|mark| mark.y_range.is_some()) { " Bars are 80 % intervals." } else { "" };
    figure.marks = marks;
    figure.notes.push(notes::estimates(facts.scenario) + bars);
    figure
}

/// `1 model`, `1,234 models`.
fn counted(count: usize, what: &str) -> String {
    format!("{} {what}{}", units::thousands(count as f64), if count == 1 { "" } else { "s" })
}

/// The quantization asked for, and the others of its family that are offered.
fn quants<'a>(facts: &Facts<'a>, asked: &'a Quant) -> Vec<&'a Quant> {
    let quants = facts.catalog.quants.iter();
    quants.filter(|it| it.id == asked.id || (it.offered && it.family == asked.family)).collect()
}

/// A model at one quantization.
struct Run<'a> {
    quant: &'a Quant,
    bits_per_weight: f64,
    estimate: Estimate,
}

/// A model that fits, with its quantizations that do.
struct Fitting<'a> {
    model: &'a Model,
    /// Smallest first.
    runs: Vec<Run<'a>>,
    /// The run that was asked for, or the largest smaller one.
    named: usize,
    as_asked: bool,
}

impl<'a> Fitting<'a> {
    /// Nothing where the model fits neither at the quantization asked for nor at a smaller one.
    fn new(
        facts: &Facts<'a>,
        followed: &Followed,
        model: &'a Model,
        (asked, quants): (&Quant, &[&'a Quant]),
    ) -> Option<Self> {
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
        let asked_bytes = workload.weights.stored_bytes();
        let sized = quants.iter().filter_map(|&quant| {
            let weights = Weights::new(model, quant, &facts.catalog.tensor_types).ok()?;
            Some((weights.stored_bytes(), quant, weights))
        });
        let mut sized: Vec<(f64, &Quant, Weights)> = sized.collect();
        sized.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut runs = Vec::with_capacity(sized.len());
        let mut named = None;
        for (bytes, quant, weights) in sized {
            let bits_per_weight = weights.bits_per_weight();
            workload.quant = quant;
            workload.kernel = KernelClass::new(quant);
            workload.weights = weights;
            let estimated = facts.estimator.ask(&workload).best(rig, facts.scenario.runtime.as_deref());
            let Ok((_, estimate)) = estimated else { continue };
            if estimate.placement != Placement::Fits {
                break;
            }
            if quant.id == asked.id || bytes < asked_bytes {
                named = Some((runs.len(), quant.id == asked.id));
            }
            runs.push(Run { quant, bits_per_weight, estimate });
        }
        let (named, as_asked) = named?;
        Some(Self { model, runs, named, as_asked })
    }

    /// A mark for each run whose value is known.
    fn marks(&self, facts: &Facts, shown: Quantity) -> impl Iterator<Item = Mark> {
        self.runs.iter().enumerate().filter_map(move |(index, run)| {
            let kind = match (index == self.named, self.as_asked) {
                (false, _) => MarkKind::Another,
                (true, true) => MarkKind::Filled,
                (true, false) => MarkKind::Smaller,
            };
            Some(mark(facts, self.model, run, kind, (shown, shown.of_estimate(&run.estimate)?)))
        })
    }
}

/// A line through a model's marks, from small to large.
fn curve(marks: &[Mark], pinned: bool) -> Option<Line> {
    let [first, _, ..] = marks else { return None };
    Some(Line {
        id: Some(first.id.to_string()),
        course: Course::Points(marks.iter().map(|mark| (mark.x, mark.y)).collect()),
        stroke: Stroke::Hair,
        hue: first.hue,
        label: None,
        end: None,
        pinned,
        tip: None,
    })
}

fn usable_gib(facts: &Facts, followed: &Followed) -> Option<f64> {
    let rig = Rig { machine: followed.machine, chip: followed.chip? };
    let workload = &facts.comparison.workload;
    let (_, estimate) = facts.estimator.ask(workload).best(rig, facts.scenario.runtime.as_deref()).ok()?;
    Some(estimate.memory.usable_bytes / GIB)
}

fn mark(facts: &Facts, model: &Model, run: &Run, kind: MarkKind, (shown, value): (Quantity, f64)) -> Mark {
    let Run { quant, bits_per_weight, estimate } = run;
    let name: Arc<str> = quant.name.as_str().into();
    let mut details = Vec::with_capacity(7);
    let bits_per_weight = *bits_per_weight;
    details.push(("Quantization", Detail::Quantization { name: Arc::clone(&name), bits_per_weight }));
    details.push(("Decode", tips::decode(estimate, false)));
    details.push(("Memory", Detail::Needs(estimate.memory.needed_bytes())));
    details.push(("Parameters", Detail::Parameters(model.params.total() as f64)));
    if model.experts.is_some() {
        details.push(("Active", Detail::Parameters(model.active_params())));
    }
    let prefill = estimate.prefill_tokens_per_s.map(Detail::TokensPerSecond);
    details.extend(prefill.map(|rate| ("Prefill", rate)));
    let wait = estimate.time_to_first_token_s.map(Detail::After);
    details.extend(wait.map(|wait| ("First token", wait)));
    let full_name: Arc<str> = model.name.as_str().into();
    Mark {
        id: model.id.as_str().into(),
        name: match kind {
            MarkKind::Another => Arc::clone(&name),
            MarkKind::Smaller => format!("{}, {}", model.name, quant.name).into(),
            _ => Arc::clone(&full_name),
        },
        full_name: Arc::clone(&full_name),
        quant: Some(name),
        x: estimate.memory.needed_bytes() / GIB,
        y: value,
        y_range: shown.interval(estimate),
        x_range: None,
        measured: Vec::new(),
        hue: if model.experts.is_some() { EXPERTS } else { DENSE },
        kind,
        on_frontier: false,
        pinned: kind != MarkKind::Another && model.id == facts.scenario.model,
        tip: Tip { heading: full_name, details, remarks: Vec::new() },
    }
}

fn legend(marks: &[Mark]) -> Vec<LegendEntry> {
    let mut legend = Vec::new();
    for (hue, text) in [(DENSE, "dense"), (EXPERTS, "mixture of experts")] {
        let named = marks.iter().filter(|mark| mark.kind != MarkKind::Another);
        let count = named.filter(|mark| mark.hue == hue).count();
        if count > 0 {
            let symbol = Symbol::Mark(hue, MarkKind::Filled);
            legend.push(LegendEntry { symbol, text: text.to_owned(), count: Some(count) });
        }
    }
    for kind in [MarkKind::Smaller, MarkKind::Another] {
        let count = marks.iter().filter(|mark| mark.kind == kind).count();
        if count > 0 {
            let symbol = Symbol::Mark(Hue::Ink, kind);
            legend.push(LegendEntry { symbol, text: kind.text().to_owned(), count: Some(count) });
        }
    }
    if marks.iter().any(|mark| mark.kind == MarkKind::Another) {
        let symbol = Symbol::Line(Stroke::Hair, Hue::Ink);
        legend.push(LegendEntry { symbol, text: "one model".to_owned(), count: None });
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
