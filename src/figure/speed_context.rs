//! Tokens per second over context: how each machine slows down, and where its memory ends.

use super::{
    Axis, Course, Facts, Figure, Hue, LegendEntry, Line, Mark, MarkKind, Name, Scale, Stroke, Symbol,
    compact,
    followed::{Followed, NOBODY, followed},
    notes, tips,
};
use crate::{
    estimate::{Estimate, Placement, Rig, Workload},
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
pub fn speed_context(facts: &Facts, pinned: &[String]) -> Figure {
    let (machines, note) = followed(facts, pinned, MOST);
    if machines.is_empty() {
        return Figure::saying(Name::SpeedContext, NOBODY);
    }
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
        let (points, full) = curve(facts, &mut workload, followed, longest);
        if points.is_empty() {
            without.push(followed.machine.name.clone());
            continue;
        }
        let tip =
            tips::of_machine(facts.catalog, facts.scenario, followed.row, followed.machine, followed.chip);
        workload.context = facts.scenario.context;
        if let Some(estimate) = estimate(facts, &workload, followed) {
            marks.push(here(followed, hue, asked, &estimate, tip.clone()));
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
        let why = "None of the pinned machines holds the model at any context";
        return Figure::saying(Name::SpeedContext, why);
    }
    let mut figure = framed(facts, &lines, longest);
    figure.legend = lines
        .iter()
        .zip(&machines)
        .map(|(line, _)| LegendEntry {
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
    figure.notes.push(format!(
        "A line ends where the memory is full or at the model's {}; a bar across its end means memory.",
        units::tokens(workload.model.max_context)
    ));
    figure.notes.push(notes::estimates(facts.scenario, false));
    figure
}

/// The figure's frame and the lines for orientation.
fn framed(facts: &Facts, lines: &[Line], longest: f64) -> Figure {
    let speeds = lines.iter().flat_map(|line| match &line.course {
        Course::Points(points) => points.iter().map(|(_, speed)| *speed).collect(),
        _ => Vec::new(),
    });
    let speeds: Vec<f64> = speeds.collect();
    let (slowest, fastest) = speeds
        .iter()
        .fold((f64::INFINITY, 0.0_f64), |(low, high), speed| (low.min(*speed), high.max(*speed)));
    let scale = if fastest > 8.0 * slowest { Scale::Log } else { Scale::Linear };
    let floor = (scale == Scale::Linear).then_some(0.0);
    let mut x =
        Axis::fitting("Context in tokens", Scale::PowersOfTwo, [SHORTEST, longest]).with_unit("tokens");
    // No room is needed on the left, and names need some on the right.
    (x.low, x.high) = (SHORTEST * 0.94, longest * 1.25);
    let y = Axis::fitting("Decode speed in tokens/s", scale, speeds.into_iter().chain(floor));
    let mut figure = Figure::new(Name::SpeedContext, x, y.with_unit("tokens/s"));
    "Tokens per second over context".clone_into(&mut figure.title);
    let workload = &facts.comparison.workload;
    let users = match facts.scenario.users {
        0 | 1 => "one user".to_owned(),
        users => format!("{users} users at once"),
    };
    figure.subtitle = format!(
        "{}, {}, cache as {}, {users}",
        workload.model.name, workload.quant.name, workload.kv_type.name
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

/// Speeds at growing contexts, and whether they end because memory does.
fn curve(
    facts: &Facts,
    workload: &mut Workload,
    followed: &Followed,
    longest: f64,
) -> (Vec<(f64, f64)>, bool) {
    let mut points = Vec::new();
    let mut speed = |context: f64| {
        workload.context = whole(context);
        Some((f64::from(workload.context), estimate(facts, workload, followed)?.tokens_per_s))
    };
    for step in 0.. {
        let context = (SHORTEST * (f64::from(step) / f64::from(PER_OCTAVE)).exp2()).min(longest);
        let Some(point) = speed(context) else {
            let fits = points.last().map(|(fits, _)| *fits);
            points.extend(fits.and_then(|fits| last_that_fits(&mut speed, fits, context)));
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
fn last_that_fits(
    speed: &mut impl FnMut(f64) -> Option<(f64, f64)>,
    mut fits: f64,
    mut too_long: f64,
) -> Option<(f64, f64)> {
    let mut last = None;
    for _ in 0..8 {
        let middle = f64::midpoint(fits, too_long);
        match speed(middle) {
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

/// The estimate by the runtime that the comparison chose, where the model fits.
fn estimate(facts: &Facts, workload: &Workload, followed: &Followed) -> Option<Estimate> {
    let rig = Rig { machine: followed.machine, chip: followed.chip? };
    let (_, estimate) = facts.estimator.best(workload, rig, followed.row.runtime.as_deref()).ok()?;
    (estimate.placement == Placement::Fits).then_some(estimate)
}

/// The mark at the context that was asked for.
fn here(followed: &Followed, hue: Hue, context: f64, estimate: &Estimate, tip: super::Tip) -> Mark {
    Mark {
        id: followed.machine.id.clone(),
        // The line bears the name.
        name: compact((estimate.tokens_per_s * 10.0).round() / 10.0),
        full_name: followed.machine.name.clone(),
        x: context,
        y: estimate.tokens_per_s,
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
