//! Tokens per second over context: how each machine slows down, and where its memory ends.

use super::{
    Axis, Course, Facts, Figure, FigureOptions, Hue, LegendEntry, Line, Mark, MarkKind, Name, Quantity,
    Scale, Spacing, Stroke, Symbol,
    followed::{Followed, NOBODY, followed},
    notes, tips,
};
use crate::{
    estimate::{Placement, Rig, Workload},
    units,
};

/// As many lines as can be told apart.
const MOST: usize = 8;
/// Context lengths for each doubling.
const PER_OCTAVE: i32 = 6;
const SHORTEST: f64 = 512.0;
/// What is added to the name of a line that ends for want of memory.
const FULL: &str = ", memory full";

/// The speed of the pinned machines over the context's length.
#[must_use]
pub fn speed_context(facts: &Facts, options: &FigureOptions) -> Figure {
    let (machines, note) = followed(facts, options.pinned, MOST);
    if machines.is_empty() {
        return Figure::saying(Name::SpeedContext, NOBODY);
    }
    let shown = options.axes.y(Name::SpeedContext);
    let mut workload = facts.comparison.workload.clone();
    // What is offloaded has no end of memory, and another story.
    workload.offload = false;
    let asked = f64::from(facts.scenario.context);
    let longest = f64::from(workload.model.max_context).max(asked).max(2.0 * SHORTEST);
    let mut lines = Vec::new();
    let mut marks = Vec::new();
    let mut without = Vec::new();
    for (index, followed) in machines.iter().enumerate() {
        let hue = Hue::Accent(u8::try_from(index).unwrap_or(u8::MAX));
        let mut estimates = Estimates { facts, followed, shown, workload: &mut workload };
        let (points, full) = curve(&mut estimates, longest);
        if points.is_empty() {
            without.push(followed.machine.name.clone());
            continue;
        }
        let tip =
            tips::of_machine(facts.catalog, facts.scenario, followed.row, followed.machine, followed.chip);
        if let Some((_, value)) = estimates.at(asked) {
            marks.push(here(followed, hue, (asked, value), tip.clone()));
        }
        let end = full.then(|| {
            let (last, _) = points[points.len() - 1];
            format!("memory full at {} tokens", units::thousands(last))
        });
        lines.push(Line {
            id: Some(followed.machine.id.clone()),
            course: Course::Points(points),
            stroke: Stroke::Solid,
            hue,
            label: Some(match &end {
                Some(_) => format!("{}{FULL}", followed.short_name),
                None => followed.short_name.clone(),
            }),
            end,
            pinned: false,
            tip: Some(tip),
        });
    }
    if lines.is_empty() {
        let why = "None of the pinned machines holds the model at any context and has an estimate";
        return Figure::saying(Name::SpeedContext, why);
    }
    let mut figure = framed(facts, options, &lines, longest);
    figure.legend = lines
        .iter()
        .map(|line| LegendEntry {
            symbol: Symbol::Line(Stroke::Solid, line.hue),
            text: line.label.clone().unwrap_or_default().trim_end_matches(FULL).to_owned(),
            count: None,
        })
        .collect();
    figure.lines.extend(lines);
    figure.marks = marks;
    figure.notes.extend(note);
    if !without.is_empty() {
        figure
            .notes
            .push(format!("Too little memory at any context, or no estimate: {}.", without.join(", ")));
    }
    let prompt = if reads_all(shown) { " The whole context is read as one prompt." } else { "" };
    figure.notes.push(format!(
        "A line ends where the memory is full or at the model's {}; a bar across its end means memory.{prompt}",
        units::tokens(workload.model.max_context)
    ));
    figure.notes.push(notes::estimates(facts.scenario));
    figure
}

/// Whether the quantity is about reading a prompt, which then is as long as the context.
fn reads_all(shown: Quantity) -> bool {
    matches!(shown, Quantity::Answer | Quantity::Prefill | Quantity::FirstToken)
}

/// The figure's frame and the lines for orientation.
fn framed(facts: &Facts, options: &FigureOptions, lines: &[Line], longest: f64) -> Figure {
    let shown = options.axes.y(Name::SpeedContext);
    let values = lines.iter().flat_map(|line| match &line.course {
        Course::Points(points) => points.iter().map(|(_, value)| *value).collect(),
        _ => Vec::new(),
    });
    let values: Vec<f64> = values.collect();
    let (least, most) = values
        .iter()
        .fold((f64::INFINITY, 0.0_f64), |(low, high), value| (low.min(*value), high.max(*value)));
    let scale = match options.axes.y_scale {
        Some(Spacing::Log) => Scale::Log,
        None if most > 8.0 * least => Scale::Log,
        Some(Spacing::Linear) | None => Scale::Linear,
    };
    let floor = (scale == Scale::Linear).then_some(0.0);
    let x = match options.axes.x_scale {
        None | Some(Spacing::Log) => Scale::PowersOfTwo,
        Some(Spacing::Linear) => Scale::LinearBinary,
    };
    let what =
        if reads_all(shown) { "Context in tokens, all read as one prompt" } else { "Context in tokens" };
    let mut x = Axis::fitting(what, x, [SHORTEST, longest]).with_unit("tokens");
    // Lines need no room beside them.
    (x.low, x.high) = if x.is_log() { (SHORTEST * 0.94, longest * 1.06) } else { (0.0, longest * 1.02) };
    let label = match shown {
        Quantity::Prefill => "Prefill speed in tokens/s".to_owned(),
        Quantity::FirstToken => "Time to first token in seconds, less is better".to_owned(),
        shown => shown.label(facts.scenario),
    };
    let y = Axis::fitting(label, scale, values.into_iter().chain(floor))
        .with_unit(shown.unit(facts.scenario))
        .less_is_better(!shown.more_is_better());
    let mut figure = Figure::new(Name::SpeedContext, x, y);
    match shown {
        Quantity::FirstToken => "How long until the first token, as the context grows?",
        Quantity::Prefill => "How fast is a prompt read, as the context grows?",
        Quantity::Answer => "How fast is a whole answer, as the context grows?",
        _ => "How many tokens per second, as the context grows?",
    }
    .clone_into(&mut figure.title);
    let workload = &facts.comparison.workload;
    figure.subtitle = format!(
        "{}, {}, cache as {}, {}",
        workload.model.name,
        workload.quant.name,
        workload.kv_type.name,
        notes::users_and_system(facts.scenario)
    );
    figure.lines.push(Line {
        id: None,
        course: Course::Upright(f64::from(facts.scenario.context)),
        stroke: Stroke::Faint,
        hue: Hue::Ink,
        label: Some(format!("asked for: {}", units::tokens(facts.scenario.context))),
        end: None,
        pinned: false,
        tip: None,
    });
    figure
}

/// What is shown of one machine at any context.
struct Estimates<'a, 'b> {
    facts: &'a Facts<'a>,
    followed: &'a Followed<'a>,
    shown: Quantity,
    workload: &'a mut Workload<'b>,
}

impl Estimates<'_, '_> {
    /// The context in whole tokens and the value there, where the model fits and the value is known.
    fn at(&mut self, context: f64) -> Option<(f64, f64)> {
        let Self { facts, followed, shown, workload } = self;
        workload.context = whole(context);
        workload.prompt = if reads_all(*shown) { workload.context } else { facts.scenario.prompt };
        let rig = Rig { machine: followed.machine, chip: followed.chip? };
        // By the runtime that the comparison chose.
        let (_, estimate) = facts.estimator.ask(workload).best(rig, followed.row.runtime.as_deref()).ok()?;
        let value = shown.of_estimate(&estimate).filter(|_| estimate.placement == Placement::Fits)?;
        Some((f64::from(workload.context), value))
    }
}

/// Values at growing contexts, and whether they end because memory does.
fn curve(estimates: &mut Estimates, longest: f64) -> (Vec<(f64, f64)>, bool) {
    let mut points = Vec::new();
    for step in 0.. {
        let context = (SHORTEST * (f64::from(step) / f64::from(PER_OCTAVE)).exp2()).min(longest);
        let Some(point) = estimates.at(context) else {
            let fits = points.last().map(|(fits, _)| *fits);
            points.extend(fits.and_then(|fits| last_that_fits(estimates, fits, context)));
            return (points, true);
        };
        points.push(point);
        if context >= longest {
            break;
        }
    }
    (points, false)
}

/// Between a context that fits and one that does not: the longest that does, to a thousandth.
fn last_that_fits(estimates: &mut Estimates, mut fits: f64, mut too_long: f64) -> Option<(f64, f64)> {
    let mut last = None;
    for _ in 0..8 {
        let middle = f64::midpoint(fits, too_long);
        match estimates.at(middle) {
            Some(point) => {
                fits = middle;
                last = Some(point);
            }
            None => too_long = middle,
        }
    }
    last
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "contexts lie between 512 and 1e8"
)]
fn whole(context: f64) -> u32 {
    context.clamp(1.0, 1e8).round() as u32
}

/// The mark at the context that was asked for.
fn here(followed: &Followed, hue: Hue, (context, value): (f64, f64), tip: super::Tip) -> Mark {
    Mark {
        id: followed.machine.id.as_str().into(),
        // The line bears the name.
        name: units::significant(value).into(),
        full_name: followed.machine.name.as_str().into(),
        quant: None,
        x: context,
        y: value,
        // Intervals of several machines at one context would lie over each other.
        y_range: None,
        x_range: None,
        measured: Vec::new(),
        hue,
        kind: MarkKind::Filled,
        on_frontier: true,
        pinned: false,
        tip,
    }
}
