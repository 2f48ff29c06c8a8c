//! Tokens per second against price: the main figure.

use crate::{
    catalog::{Catalog, Chip, Machine},
    compare::{Comparison, Row, Standing},
    estimate::{Estimate, Placement},
    figure::{
        Absent, Axis, Course, Figure, Hue, LegendEntry, Line, Maker, Mark, MarkKind, Name, Scale, Strip,
        Stroke, Symbol, measured::Measured, notes, short_names, tips,
    },
    scenario::Scenario,
    units,
};

/// What the figure's upright axis shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum YAxis {
    /// Tokens per second while the answer is written.
    #[default]
    Decode,
    /// Answer tokens over the whole wait.
    AnswerSpeed,
    Prefill,
    TimeToFirstToken,
}

impl YAxis {
    pub const ALL: [Self; 4] = [Self::Decode, Self::AnswerSpeed, Self::Prefill, Self::TimeToFirstToken];

    /// What a list of choices says.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Decode => "Decode speed",
            Self::AnswerSpeed => "Answer speed",
            Self::Prefill => "Prefill speed",
            Self::TimeToFirstToken => "Time to first token",
        }
    }

    fn value(self, estimate: &Estimate) -> Option<f64> {
        match self {
            Self::Decode => Some(estimate.tokens_per_s),
            Self::AnswerSpeed => estimate.answer_tokens_per_s,
            Self::Prefill => estimate.prefill_tokens_per_s,
            Self::TimeToFirstToken => estimate.time_to_first_token_s,
        }
    }

    fn more_is_better(self) -> bool {
        self != Self::TimeToFirstToken
    }

    fn label(self, scenario: &Scenario) -> String {
        let users = match scenario.users {
            0 | 1 => "one request".to_owned(),
            users => format!("for each of {users} users"),
        };
        match self {
            Self::Decode => format!("Decode speed in tokens/s, {users}"),
            Self::AnswerSpeed => format!("Answer speed in tokens/s, first wait included, {users}"),
            Self::Prefill => "Prefill speed in tokens/s".to_owned(),
            Self::TimeToFirstToken => "Time to first token in seconds".to_owned(),
        }
    }
}

/// What the figure's level axis shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum XAxis {
    #[default]
    Price,
    /// Price for each GiB that the model may use.
    PricePerGib,
    /// Under load.
    Watts,
}

impl XAxis {
    pub const ALL: [Self; 3] = [Self::Price, Self::PricePerGib, Self::Watts];

    /// What a list of choices says.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Price => "Price",
            Self::PricePerGib => "Price per usable GiB",
            Self::Watts => "Power under load",
        }
    }

    fn value(self, row: &Row, machine: &Machine) -> Option<f64> {
        match self {
            Self::Price => Some(row.price.as_ref()?.amount),
            Self::PricePerGib => {
                let usable_gib = row.estimate.as_ref().ok()?.memory.usable_bytes / units::GIB;
                Some(row.price.as_ref()?.amount / usable_gib)
            }
            Self::Watts => machine.load_w,
        }
    }

    fn label(self, scenario: &Scenario) -> String {
        let currency = scenario.money.currency.code();
        match self {
            Self::Price if scenario.money.with_host => {
                format!("Price of the whole machine in {currency}, cards with a host PC")
            }
            Self::Price => format!("Price in {currency}, cards without a host PC"),
            Self::PricePerGib => format!("Price in {currency} per GiB of usable memory"),
            Self::Watts => "Power under load in W".to_owned(),
        }
    }

    fn unit(self, scenario: &Scenario) -> String {
        let currency = scenario.money.currency.code();
        match self {
            Self::Price => currency.to_owned(),
            Self::PricePerGib => format!("{currency}/GiB"),
            Self::Watts => "W".to_owned(),
        }
    }

    /// What a machine lacks that has no place on this axis.
    fn missing(self) -> &'static str {
        match self {
            Self::Price => "without a price of the chosen kind and date",
            Self::PricePerGib => "without a price of the chosen kind and date, or without known memory",
            Self::Watts => "whose power under load is not known",
        }
    }
}

/// How the figure is to be drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FigureOptions<'a> {
    /// Ids of machines that the person follows: they are always drawn and named.
    pub pinned: &'a [String],
    pub y: YAxis,
    pub x: XAxis,
    pub log_x: bool,
    pub log_y: bool,
}

impl Default for FigureOptions<'_> {
    fn default() -> Self {
        Self { pinned: &[], y: YAxis::default(), x: XAxis::default(), log_x: true, log_y: true }
    }
}

/// About as fast as a person reads.
const READING_TOKENS_PER_S: f64 = 5.0;
/// From here on agents, which write much that nobody reads, are no trial of patience.
const AGENT_TOKENS_PER_S: f64 = 30.0;

/// The main figure: one mark for each machine.
#[must_use]
pub fn price_speed(
    catalog: &Catalog,
    scenario: &Scenario,
    comparison: &Comparison,
    options: &FigureOptions,
) -> Figure {
    let collected = collect(catalog, scenario, comparison, options);
    let Collected { marks, absent, .. } = &collected;

    let scale = |log: bool| if log { Scale::Log } else { Scale::Linear };
    let budget = scenario.money.budget.filter(|_| options.x == XAxis::Price);
    let xs = marks.iter().map(|mark| mark.x).chain(absent.iter().map(|it| it.x)).chain(budget);
    let ys = marks.iter().flat_map(|mark| {
        let (low, high) = mark.y_range.unwrap_or((mark.y, mark.y));
        // Half of a wide interval in view is enough, and leaves the marks more room.
        let half = |end: f64| if end > 0.0 { (end * mark.y).sqrt() } else { mark.y };
        [mark.y, half(low), half(high)].into_iter().chain(mark.measured.iter().map(|(speed, _)| *speed))
    });
    let x = Axis::fitting_most(options.x.label(scenario), scale(options.log_x), xs)
        .with_unit(options.x.unit(scenario));
    let y = Axis::fitting(options.y.label(scenario), scale(options.log_y), ys);

    let mut figure = Figure::new(Name::PriceSpeed, x, y);
    let what = match options.y {
        YAxis::Decode => "Tokens per second",
        other => other.title(),
    };
    let against = match options.x {
        XAxis::Price => "price",
        XAxis::PricePerGib => "price per GiB",
        XAxis::Watts => "power",
    };
    figure.title = format!("{what} against {against}");
    figure.subtitle = notes::scenario_line(scenario, comparison);
    figure.lines = lines(&collected, options, budget, scenario);
    figure.legend = legend(&collected, options);
    figure.notes = collected.notes(scenario, comparison, options);
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

/// What of the comparison has a place in the figure, and what has not.
#[derive(Default)]
struct Collected {
    marks: Vec<Mark>,
    absent: Vec<Absent>,
    filtered: usize,
    /// Rows without a place on the level axis.
    unplaced: usize,
    /// Rows without an estimate, with the reasons and how many share each.
    no_estimate: Vec<(String, usize)>,
    /// Rows with an estimate, though not of the quantity shown.
    no_value: usize,
    on_frontier: Vec<usize>,
}

fn collect(
    catalog: &Catalog,
    scenario: &Scenario,
    comparison: &Comparison,
    options: &FigureOptions,
) -> Collected {
    let machines: Vec<&Machine> = catalog.machines.iter().collect();
    let named = || comparison.rows.iter().filter_map(|row| machines.get(row.machine));
    let short = short_names(named().map(|machine| machine.name.as_str()));
    let measured = Measured::new(catalog, scenario, &comparison.workload);
    let mut collected = Collected::default();
    let known = comparison.rows.iter().filter_map(|row| Some((row, *machines.get(row.machine)?)));
    for ((row, machine), short) in known.zip(short) {
        let pinned = options.pinned.contains(&machine.id);
        if !row.shown && !pinned {
            collected.filtered += 1;
            continue;
        }
        let Some(x) = options.x.value(row, machine).filter(|x| *x > 0.0 && x.is_finite()) else {
            collected.unplaced += 1;
            continue;
        };
        let chip = catalog.chips.get(&machine.chip);
        let hue = hue(chip);
        let mut tip = tips::of_machine(catalog, scenario, row, machine, chip);
        let estimate = match &row.estimate {
            Ok(estimate) => estimate,
            Err(reason) => {
                collected.count_missing(reason.to_string());
                continue;
            }
        };
        if let Placement::DoesNotFit { needed_bytes, usable_bytes } = estimate.placement {
            let lack = tips::lack(needed_bytes, usable_bytes);
            collected.absent.push(Absent { id: machine.id.clone(), name: short, x, hue, pinned, tip, lack });
            continue;
        }
        let Some(y) = options.y.value(estimate).filter(|y| *y > 0.0 && y.is_finite()) else {
            collected.no_value += 1;
            continue;
        };
        // The interval was fitted on decode speeds only.
        let y_range =
            (options.y == YAxis::Decode).then(|| (estimate.tokens_per_s_low(), estimate.tokens_per_s_high()));
        let measured = match options.y {
            YAxis::Decode => measured.on(machine),
            _ => Vec::new(),
        };
        tip.facts.extend(measured.iter().map(|(_, text)| ("Measured".to_owned(), text.clone())));
        collected.marks.push(Mark {
            id: machine.id.clone(),
            name: short,
            full_name: machine.name.clone(),
            x,
            y,
            y_range,
            x_range: row.price.as_ref().filter(|_| options.x == XAxis::Price).and_then(|price| price.range),
            measured,
            hue,
            kind: kind(row.standing, estimate),
            on_frontier: row.on_frontier,
            pinned,
            tip,
        });
    }
    if (options.x, options.y) != (XAxis::Price, YAxis::Decode) {
        mark_frontier(&mut collected.marks, options.y.more_is_better());
    }
    let mut on_frontier: Vec<usize> =
        (0..collected.marks.len()).filter(|&index| collected.marks[index].on_frontier).collect();
    on_frontier.sort_by(|&a, &b| collected.marks[a].x.total_cmp(&collected.marks[b].x));
    collected.on_frontier = on_frontier;
    collected
}

fn hue(chip: Option<&Chip>) -> Hue {
    Hue::Maker(chip.map_or(Maker::Other, |chip| Maker::named(&chip.maker)))
}

fn kind(standing: Standing, estimate: &Estimate) -> MarkKind {
    match (standing, estimate.placement) {
        (Standing::Part, _) => MarkKind::Part,
        (Standing::Withdrawn | Standing::Announced, _) => MarkKind::Withdrawn,
        (Standing::Buyable, Placement::Offloads { .. }) => MarkKind::Offloaded,
        (Standing::Buyable, _) => MarkKind::Filled,
    }
}

/// Marks those that none beats in both quantities shown, by the comparison's own rule.
fn mark_frontier(marks: &mut [Mark], more_is_better: bool) {
    let gain = |y: f64| if more_is_better { y } else { -y };
    let mut order: Vec<usize> = (0..marks.len()).filter(|&at| marks[at].kind == MarkKind::Filled).collect();
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

fn lines(
    collected: &Collected,
    options: &FigureOptions,
    budget: Option<f64>,
    scenario: &Scenario,
) -> Vec<Line> {
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
    if matches!(options.y, YAxis::Decode | YAxis::AnswerSpeed) {
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

fn legend(collected: &Collected, options: &FigureOptions) -> Vec<LegendEntry> {
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
        let text = if options.x == XAxis::Watts { "best for the power" } else { "best for the money" };
        let symbol = Symbol::Line(Stroke::Frontier, Hue::Ink);
        legend.push(LegendEntry { symbol, text: text.to_owned(), count: None });
    }
    if collected.marks.iter().any(|mark| mark.y_range.is_some()) {
        legend.push(LegendEntry { symbol: Symbol::Interval, text: "80 % interval".to_owned(), count: None });
    }
    legend
}

impl Collected {
    fn count_missing(&mut self, reason: String) {
        match self.no_estimate.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, count)) => *count += 1,
            None => self.no_estimate.push((reason, 1)),
        }
    }

    /// What is not drawn and why, and what the figure takes for granted.
    fn notes(&self, scenario: &Scenario, comparison: &Comparison, options: &FigureOptions) -> Vec<String> {
        let mut left_out = Vec::new();
        if self.filtered > 0 {
            left_out.push(format!("{} by the filters", self.filtered));
        }
        if self.unplaced > 0 {
            left_out.push(format!("{} {}", self.unplaced, options.x.missing()));
        }
        for (reason, count) in &self.no_estimate {
            left_out.push(format!("{count} because {reason}"));
        }
        if self.no_value > 0 {
            left_out.push(format!(
                "{} whose {} is not known",
                self.no_value,
                options.y.title().to_lowercase()
            ));
        }
        let mut lines = Vec::new();
        if !left_out.is_empty() {
            let drawn = self.marks.len() + self.absent.len();
            let of = comparison.rows.len();
            lines.push(format!("{drawn} of {of} machines drawn. Left out: {}.", left_out.join("; ")));
        }
        if options.x != XAxis::Watts {
            lines.push(notes::prices(scenario));
        }
        lines.push(notes::estimates(scenario, options.y == YAxis::Decode));
        lines
    }
}
