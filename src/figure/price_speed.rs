//! Tokens per second against price: the main figure.

use std::sync::Arc;

use crate::{
    catalog::{Catalog, Machine},
    compare::{Comparison, Row, Standing},
    estimate::{Estimate, NoEstimate, Placement},
    figure::{
        Absent, Axes, Axis, Course, Facts, Figure, FigureOptions, Hue, LegendEntry, Line, MachineName, Maker,
        Mark, MarkKind, Name, Quantity, Scale, Spacing, Strip, Stroke, Symbol, Tip,
        measured::Measured,
        notes::{self, Quoted},
        tips,
    },
    scenario::Scenario,
    units,
};

/// About as fast as a person reads.
const READING_TOKENS_PER_S: f64 = 5.0;
/// From here on agents, which write much that nobody reads, are no trial of patience.
const AGENT_TOKENS_PER_S: f64 = 30.0;

/// With more machines than this a tip is made when it is asked for: to make them all would take most of a frame.
const MOST_TIPS: usize = 1500;

/// What hovering over a machine says in a figure of so many that it holds no tips of its own.
#[must_use]
pub fn late_tip(
    catalog: &Catalog,
    scenario: &Scenario,
    (row, machine): (&Row, &Machine),
    mark: Option<&Mark>,
    axes: Axes,
) -> Tip {
    let mut tip = tips::of_machine(catalog, scenario, row, machine, catalog.chips.get(&machine.chip));
    if let Some(mark) = mark {
        Shown::of(axes).complete(&mut tip, mark.x, mark.y, &mark.measured, scenario);
    }
    tip
}

/// What is on the axes.
#[derive(Clone, Copy)]
struct Shown {
    x: Quantity,
    y: Quantity,
}

/// The main figure: one mark for each machine.
#[must_use]
pub fn price_speed(facts: &Facts, options: &FigureOptions) -> Figure {
    let Facts { scenario, comparison, .. } = *facts;
    let axes = options.axes;
    let shown = Shown::of(axes);
    let collected = collect(facts, options.pinned, shown);
    let Collected { marks, absent, .. } = &collected;

    let scale = |spacing: Option<Spacing>| match spacing {
        None | Some(Spacing::Log) => Scale::Log,
        Some(Spacing::Linear) => Scale::Linear,
    };
    let budget = scenario.money.budget.filter(|_| shown.x == Quantity::Price);
    let xs = marks.iter().map(|mark| mark.x).chain(absent.iter().map(|it| it.x)).chain(budget);
    let ys = marks.iter().flat_map(|mark| {
        let (low, high) = mark.y_range.unwrap_or((mark.y, mark.y));
        // Half of a wide interval in view is enough, and leaves the marks more room.
        let half = |end: f64| if end > 0.0 { (end * mark.y).sqrt() } else { mark.y };
        [mark.y, half(low), half(high)].into_iter().chain(mark.measured.iter().map(|(speed, _)| *speed))
    });
    let x = Axis::fitting_most(shown.x.label(scenario), scale(axes.x_scale), xs)
        .with_unit(shown.x.unit(scenario))
        .with_sign(shown.x.sign(scenario));
    let y = Axis::fitting(shown.y.label(scenario), scale(axes.y_scale), ys)
        .with_unit(shown.y.unit(scenario))
        .less_is_better(!shown.y.more_is_better());

    let mut figure = Figure::new(Name::PriceSpeed, x, y);
    figure.title = shown.question(scenario);
    figure.subtitle = notes::scenario_line(scenario, comparison);
    figure.lines = lines(&collected, shown, budget, scenario);
    figure.legend = legend(&collected, shown);
    figure.notes = collected.notes(scenario, comparison, shown);
    if marks.is_empty() && absent.is_empty() {
        figure.empty = Some(if collected.filtered == comparison.rows.len() {
            "No machine passes the filters".to_owned()
        } else {
            "No machine that passes the filters has a price and an estimate here".to_owned()
        });
    }
    let Collected { marks, absent, .. } = collected;
    if !absent.is_empty() {
        let caption = match absent.len() {
            1 => "1 machine has too little memory".to_owned(),
            count => format!("{} machines have too little memory", units::thousands(count as f64)),
        };
        figure.strip = Some(Strip { caption, absent });
    }
    figure.marks = marks;
    figure
}

impl Shown {
    fn of(axes: Axes) -> Self {
        Self { x: axes.x(Name::PriceSpeed), y: axes.y(Name::PriceSpeed) }
    }

    /// The figure's question: `How many tokens per second for the money?`
    fn question(self, scenario: &Scenario) -> String {
        let what = match self.y {
            Quantity::Total if scenario.users > 1 => "How many tokens per second for all users",
            Quantity::Answer => "How fast is a whole answer",
            Quantity::Prefill => "How fast is a prompt read",
            Quantity::FirstToken => "How long until the first token",
            _ => "How many tokens per second",
        };
        let for_what = match self.x {
            Quantity::PricePerGib => "for the price of a GiB",
            Quantity::Watts => "for the power",
            _ => "for the money",
        };
        format!("{what}, {for_what}?")
    }

    /// Adds to a machine's tip what is shown and it does not say of itself.
    fn complete(self, tip: &mut Tip, x: f64, y: f64, measured: &[(f64, String)], scenario: &Scenario) {
        let untold = [(self.x, x), (self.y, y)].into_iter().filter(|(quantity, _)| {
            matches!(quantity, Quantity::PricePerGib | Quantity::Total | Quantity::Answer)
        });
        tip.details.extend(
            untold.map(|(quantity, value)| (quantity.title(), quantity.text(value, scenario).into())),
        );
        tip.details.extend(measured.iter().map(|(_, text)| ("Measured", text.clone().into())));
    }

    /// What the legend says of the frontier.
    fn best(self) -> &'static str {
        match self.x {
            Quantity::PricePerGib => "best for the price of a GiB",
            Quantity::Watts => "best for the power",
            _ => "best for the money",
        }
    }

    /// What a machine lacks that has no place on the level axis.
    fn missing(self) -> &'static str {
        match self.x {
            Quantity::PricePerGib => "without such a price or known memory",
            Quantity::Watts => "without a known power under load",
            _ => "without such a price",
        }
    }
}

/// What of the comparison has a place in the figure, and what has not.
#[derive(Default)]
struct Collected {
    marks: Vec<Mark>,
    absent: Vec<Absent>,
    filtered: usize,
    /// Rows without a place on the level axis.
    unplaced: usize,
    /// Rows without an estimate, with the reasons and how many share each.
    no_estimate: Vec<(NoEstimate, usize)>,
    /// Rows with an estimate, though not of the quantity shown.
    no_value: usize,
    on_frontier: Vec<usize>,
    quoted: Quoted,
}

fn collect(facts: &Facts, pinned: &[String], shown: Shown) -> Collected {
    let Facts { catalog, directory, scenario, comparison, .. } = *facts;
    let measured = Measured::new(catalog, directory, scenario, &comparison.workload);
    let mut collected = Collected::default();
    let with_tips = comparison.rows.len() <= MOST_TIPS;
    collected.marks.reserve(comparison.rows.len());
    collected.absent.reserve(comparison.rows.len());
    // Whether a mark can be the best buy: not what is only here because it is pinned.
    let mut candidates = Vec::new();
    let known = comparison
        .rows
        .iter()
        .filter_map(|row| Some((row, catalog.machines.at(row.machine)?, directory.name(row.machine)?)));
    for (row, machine, named) in known {
        let pinned = pinned.contains(&machine.id);
        if !row.shown && !pinned {
            collected.filtered += 1;
            continue;
        }
        let Some(x) = shown.x.of_machine(row, machine) else {
            collected.unplaced += 1;
            continue;
        };
        collected.quoted.extend(&row.price);
        let hue = Hue::Maker(directory.maker(row.machine));
        let MachineName { id, full, short: name } = named.clone();
        let mut tip = if with_tips {
            tips::of_machine(catalog, scenario, row, machine, catalog.chips.get(&machine.chip))
        } else {
            Tip { heading: Arc::clone(&full), ..Tip::default() }
        };
        let estimate = match &row.estimate {
            Ok(estimate) => estimate,
            Err(reason) => {
                collected.count_missing(*reason);
                continue;
            }
        };
        if let Placement::DoesNotFit { needed_bytes, usable_bytes } = estimate.placement {
            collected.absent.push(Absent { id, name, x, hue, pinned, tip, needed_bytes, usable_bytes });
            continue;
        }
        let Some(y) = shown.y.of_estimate(estimate) else {
            collected.no_value += 1;
            continue;
        };
        let measured = match shown.y {
            Quantity::Decode => measured.on(machine),
            _ => Vec::new(),
        };
        if with_tips {
            shown.complete(&mut tip, x, y, &measured, scenario);
        }
        candidates.push(row.shown && kind(row.standing, estimate) == MarkKind::Filled);
        collected.marks.push(Mark {
            id,
            name,
            full_name: full,
            quant: None,
            x,
            y,
            y_range: shown.y.interval(estimate),
            x_range: row.price.as_ref().filter(|_| shown.x == Quantity::Price).and_then(|price| price.range),
            measured,
            hue,
            kind: kind(row.standing, estimate),
            on_frontier: row.on_frontier,
            pinned,
            tip,
        });
    }
    if (shown.x, shown.y) != (Quantity::Price, Quantity::Decode) {
        mark_frontier(&mut collected.marks, &candidates, shown.y.more_is_better());
    }
    let mut on_frontier: Vec<usize> =
        (0..collected.marks.len()).filter(|&index| collected.marks[index].on_frontier).collect();
    on_frontier.sort_by(|&a, &b| collected.marks[a].x.total_cmp(&collected.marks[b].x));
    collected.on_frontier = on_frontier;
    collected
}

fn kind(standing: Standing, estimate: &Estimate) -> MarkKind {
    match (standing, estimate.placement) {
        (Standing::Part, _) => MarkKind::Part,
        (Standing::Withdrawn | Standing::Announced, _) => MarkKind::Withdrawn,
        (Standing::Buyable, Placement::Offloads { .. }) => MarkKind::Offloaded,
        (Standing::Buyable, _) => MarkKind::Filled,
    }
}

/// Marks those of the candidates that none beats in both quantities shown, by the comparison's own rule.
fn mark_frontier(marks: &mut [Mark], candidates: &[bool], more_is_better: bool) {
    let gain = |y: f64| if more_is_better { y } else { -y };
    let mut order: Vec<usize> = (0..marks.len()).filter(|&at| candidates[at]).collect();
    order.sort_by(|&a, &b| {
        let (a, b) = (&marks[a], &marks[b]);
        a.x.total_cmp(&b.x).then(gain(b.y).total_cmp(&gain(a.y)))
    });
    for mark in marks.iter_mut() {
        mark.on_frontier = false;
    }
    let mut best = f64::NEG_INFINITY;
    for index in order {
        if gain(marks[index].y) > best {
            best = gain(marks[index].y);
            marks[index].on_frontier = true;
        }
    }
}

fn lines(collected: &Collected, shown: Shown, budget: Option<f64>, scenario: &Scenario) -> Vec<Line> {
    let line = |course, stroke, label: Option<String>| Line {
        id: None,
        course,
        stroke,
        hue: Hue::Ink,
        label,
        end: None,
        pinned: false,
        tip: None,
    };
    let mut lines = Vec::new();
    if shown.y.is_read_along() {
        for (speed, what) in
            [(READING_TOKENS_PER_S, "reading speed"), (AGENT_TOKENS_PER_S, "work with agents")]
        {
            let label = format!("{what}, about {speed} tokens/s");
            lines.push(line(Course::Level(speed), Stroke::Faint, Some(label)));
        }
    }
    if let Some(budget) = budget {
        let label = format!("budget {}", units::money(budget, scenario.money.currency));
        lines.push(line(Course::Upright(budget), Stroke::Dashed, Some(label)));
    }
    let steps: Vec<(f64, f64)> = collected
        .on_frontier
        .iter()
        .map(|&index| (collected.marks[index].x, collected.marks[index].y))
        .collect();
    if !steps.is_empty() {
        lines.push(line(Course::Steps(steps), Stroke::Frontier, None));
    }
    lines
}

fn legend(collected: &Collected, shown: Shown) -> Vec<LegendEntry> {
    let mut legend = Vec::new();
    for maker in Maker::ALL {
        let hue = Hue::Maker(maker);
        let fitting = collected.marks.iter().filter(|mark| mark.hue == hue).count();
        let absent = collected.absent.iter().filter(|it| it.hue == hue).count();
        if fitting + absent > 0 {
            let symbol = Symbol::Mark(hue, MarkKind::Filled);
            legend.push(LegendEntry { symbol, text: maker.name().to_owned(), count: Some(fitting + absent) });
        }
    }
    for kind in [MarkKind::Offloaded, MarkKind::Withdrawn, MarkKind::Part, MarkKind::Measured] {
        let count = match kind {
            MarkKind::Measured => collected.marks.iter().map(|mark| mark.measured.len()).sum(),
            kind => collected.marks.iter().filter(|mark| mark.kind == kind).count(),
        };
        if count > 0 {
            let symbol = Symbol::Mark(Hue::Ink, kind);
            legend.push(LegendEntry { symbol, text: kind.text().to_owned(), count: Some(count) });
        }
    }
    if !collected.on_frontier.is_empty() {
        let symbol = Symbol::Line(Stroke::Frontier, Hue::Ink);
        legend.push(LegendEntry { symbol, text: shown.best().to_owned(), count: None });
    }
    if collected.marks.iter().any(|mark| mark.y_range.is_some()) {
        legend.push(LegendEntry { symbol: Symbol::Interval, text: "80 % interval".to_owned(), count: None });
    }
    legend
}

impl Collected {
    fn count_missing(&mut self, reason: NoEstimate) {
        match self.no_estimate.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, count)) => *count += 1,
            None => self.no_estimate.push((reason, 1)),
        }
    }

    /// What is not drawn and why, and what the figure takes for granted.
    fn notes(&self, scenario: &Scenario, comparison: &Comparison, shown: Shown) -> Vec<String> {
        let mut left_out = Vec::new();
        if self.filtered > 0 {
            left_out.push(format!("{} by filters", self.filtered));
        }
        if self.unplaced > 0 {
            left_out.push(format!("{} {}", self.unplaced, shown.missing()));
        }
        for (reason, count) in &self.no_estimate {
            left_out.push(format!("{count} {}", whose_estimate_is_missing(*reason)));
        }
        if self.no_value > 0 {
            left_out.push(format!("{} whose {} is not known", self.no_value, shown.y.title().to_lowercase()));
        }
        let mut lines = Vec::new();
        if shown.x.is_money() {
            lines.push(notes::prices(scenario, &self.quoted));
        }
        if !left_out.is_empty() {
            let drawn = self.marks.len() + self.absent.len();
            let of = comparison.rows.len();
            lines.push(format!("{drawn} of {of} machines drawn; left out: {}.", left_out.join(", ")));
        }
        lines.push(notes::estimates(scenario));
        lines
    }
}

/// What machines have in common that are not drawn for this reason, after their number.
fn whose_estimate_is_missing(reason: NoEstimate) -> &'static str {
    match reason {
        NoEstimate::ChipNotSupported => "without the runtime",
        NoEstimate::QuantNotSupported => "whose runtime cannot read the quantization",
        NoEstimate::ModelNotSupported => "whose runtime cannot run the model",
        NoEstimate::NoBandwidth => "whose bandwidth is not published",
        NoEstimate::NotCalibrated => "whose runtime has no constants",
    }
}
