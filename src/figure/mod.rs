//! A chart as data: axes, marks, lines, bars, labels, legend and notes.
//!
//! The window and every export draw the same [`Figure`], so that they cannot disagree. Nothing here knows a color, a
//! font or a pixel: that is the matter of [`crate::plot`]. One file builds one chart.

mod accuracy;
mod axes;
mod axis;
mod cost;
mod detail;
mod directory;
mod followed;
mod maker;
mod measured;
mod memory;
mod models_on_machine;
mod name;
mod names;
mod notes;
mod price_speed;
mod quantity;
mod ram_price;
mod speed_context;
mod ticks;
mod tips;

pub use accuracy::accuracy;
pub use axes::{Axes, FigureOptions, Spacing};
pub use axis::{Axis, Scale, Tick};
pub use cost::cost;
pub use detail::Detail;
pub use directory::Directory;
pub use maker::Maker;
pub use memory::memory;
pub use models_on_machine::models_on_machine;
pub use name::Name;
pub use names::{MachineName, short_names};
pub use notes::scenario_line;
pub use price_speed::{late_tip, price_speed};
pub use quantity::Quantity;
pub use ram_price::ram_price;
pub use speed_context::speed_context;
pub use ticks::compact;

use std::{
    hash::{BuildHasher as _, Hash as _, Hasher as _},
    sync::Arc,
};

use foldhash::fast::FixedState;

use crate::{catalog::Catalog, compare::Comparison, estimate::Estimator, scenario::Scenario};

/// What figures are made from.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    pub catalog: &'a Catalog,
    pub directory: &'a Directory,
    pub estimator: &'a Estimator,
    pub scenario: &'a Scenario,
    /// Of all the catalog's machines, under the scenario.
    pub comparison: &'a Comparison<'a>,
}

/// Makes the figure of that name.
#[must_use]
pub fn draw(name: Name, facts: &Facts, options: &FigureOptions) -> Figure {
    match name {
        Name::PriceSpeed => price_speed(facts, options),
        Name::SpeedContext => speed_context(facts, options),
        Name::Memory => memory(facts, options.pinned),
        Name::Cost => cost(facts, options),
        Name::RamPrice => ram_price(facts, options),
        Name::ModelsOnMachine => models_on_machine(facts, options),
        Name::Accuracy => accuracy(facts, options),
    }
}

/// What something is drawn in. [`crate::plot::palette`] says which color that is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Hue {
    Maker(Maker),
    /// One of several things told apart by color alone, counted from zero.
    Accent(u8),
    /// The color of text and frames.
    Ink,
}

/// How a mark is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MarkKind {
    /// It can be bought and it fits.
    Filled,
    /// It runs, with a part of the model in the host's memory.
    Offloaded,
    /// It is no longer sold, or not yet.
    Withdrawn,
    /// A module or passive card that no person can run as it is sold.
    Part,
    /// A published measurement.
    Measured,
    /// It fits, though only at a smaller quantization than was asked for.
    Smaller,
    /// It fits at this quantization as well, which was not asked for.
    Another,
}

impl MarkKind {
    /// What a person cannot buy and run, or did not ask for, comes after all others in everything.
    #[must_use]
    pub fn comes_first(self) -> bool {
        !matches!(self, Self::Withdrawn | Self::Part | Self::Another)
    }

    /// What the legend says.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Filled => "fits",
            Self::Offloaded => "partly in host memory",
            Self::Withdrawn => "not on sale",
            Self::Part => "part, needs a server",
            Self::Measured => "measured",
            Self::Smaller => "at a smaller quantization",
            Self::Another => "at another quantization",
        }
    }
}

/// What hovering over something says. Where there are very many marks it has a heading only, and [`late_tip`] the rest.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tip {
    pub heading: Arc<str>,
    /// Names and what is so called.
    pub details: Vec<(&'static str, Detail)>,
    pub remarks: Vec<String>,
}

/// A point of the chart.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// A machine's id, or the measurement's.
    pub id: Arc<str>,
    /// As short as it is unambiguous.
    pub name: Arc<str>,
    pub full_name: Arc<str>,
    /// The quantization, where one thing has a mark at each of several.
    pub quant: Option<Arc<str>>,
    pub x: f64,
    pub y: f64,
    /// The nominal 80 % interval.
    pub y_range: Option<(f64, f64)>,
    /// The range that the price's source states.
    pub x_range: Option<(f64, f64)>,
    /// Published measurements of the same quantity, with their sources.
    pub measured: Vec<(f64, String)>,
    pub hue: Hue,
    pub kind: MarkKind,
    pub on_frontier: bool,
    pub pinned: bool,
    pub tip: Tip,
}

/// Where a line runs, in the axes' own units.
#[derive(Clone, Debug, PartialEq)]
pub enum Course {
    /// Straight from point to point.
    Points(Vec<(f64, f64)>),
    /// Level from each point to the next one's x, then upright to it; level on to the edge from the last.
    Steps(Vec<(f64, f64)>),
    /// Across the whole chart at one y.
    Level(f64),
    /// Across the whole chart at one x.
    Upright(f64),
}

/// How a line is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stroke {
    /// Data.
    Solid,
    /// A limit that the person set.
    Dashed,
    /// For orientation only.
    Faint,
    /// The best for the money.
    Frontier,
    /// Joins marks that belong together.
    Thin,
    /// The same where there are very many.
    Hair,
}

/// A line of the chart.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// What it belongs to, where it can be hovered and clicked.
    pub id: Option<String>,
    pub course: Course,
    pub stroke: Stroke,
    pub hue: Hue,
    pub label: Option<String>,
    /// What happens at its last point: "memory full".
    pub end: Option<String>,
    pub pinned: bool,
    pub tip: Option<Tip>,
}

impl Line {
    /// Whether it can be hovered itself, and not only by the marks that it joins.
    #[must_use]
    pub fn is_pointed_at(&self) -> bool {
        self.id.is_some() && self.stroke != Stroke::Hair
    }
}

/// One part of a stacked bar.
#[derive(Clone, Debug, PartialEq)]
pub struct Segment {
    pub name: String,
    pub value: f64,
    pub hue: Hue,
}

/// A lying bar in the row of one category.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    pub id: String,
    /// The row, counted from the top.
    pub row: usize,
    pub segments: Vec<Segment>,
    /// A limit drawn across the row, such as the usable memory.
    pub limit: Option<f64>,
    /// What is written behind the bar.
    pub label: String,
    /// Beyond its limit, or otherwise out of the question.
    pub faded: bool,
    pub pinned: bool,
    pub tip: Tip,
}

/// A machine that has no place in the chart, only a price.
#[derive(Clone, Debug, PartialEq)]
pub struct Absent {
    pub id: Arc<str>,
    pub name: Arc<str>,
    pub x: f64,
    pub hue: Hue,
    pub pinned: bool,
    pub tip: Tip,
    pub needed_bytes: f64,
    pub usable_bytes: f64,
}

impl Absent {
    /// What it lacks: `needs 39.6 GiB, has 23.5 GiB`.
    #[must_use]
    pub fn lack(&self) -> String {
        let (needed_bytes, usable_bytes) = (self.needed_bytes, self.usable_bytes);
        Detail::Lacks { needed_bytes, usable_bytes }.to_string()
    }
}

/// The machines that the model does not fit, along the chart's x axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Strip {
    pub caption: String,
    pub absent: Vec<Absent>,
}

/// What a legend entry shows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Symbol {
    Mark(Hue, MarkKind),
    Line(Stroke, Hue),
    Fill(Hue),
    /// A mark with its interval.
    Interval,
    /// The limit across a bar.
    Limit,
}

/// A line of the legend.
#[derive(Clone, Debug, PartialEq)]
pub struct LegendEntry {
    pub symbol: Symbol,
    pub text: String,
    /// How many there are in the chart.
    pub count: Option<usize>,
}

/// A chart as data.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    pub name: Name,
    pub title: String,
    /// The scenario in one line.
    pub subtitle: String,
    pub x: Axis,
    pub y: Axis,
    pub marks: Vec<Mark>,
    pub lines: Vec<Line>,
    pub bars: Vec<Bar>,
    pub strip: Option<Strip>,
    pub legend: Vec<LegendEntry>,
    /// What was assumed, what is left out, and how old the prices are.
    pub notes: Vec<String>,
    /// The program, its version and where the facts come from.
    pub source: String,
    /// What to say in place of the chart where there is nothing to draw.
    pub empty: Option<String>,
}

impl Figure {
    /// A figure without data.
    #[must_use]
    pub fn new(name: Name, x: Axis, y: Axis) -> Self {
        Self {
            name,
            title: String::new(),
            subtitle: String::new(),
            x,
            y,
            marks: Vec::new(),
            lines: Vec::new(),
            bars: Vec::new(),
            strip: None,
            legend: Vec::new(),
            notes: Vec::new(),
            source: format!(
                "Rigwise {}. Prices, specifications and measurements with their sources are in the presets.",
                env!("CARGO_PKG_VERSION")
            ),
            empty: None,
        }
    }

    /// A figure that says in words why there is nothing to draw.
    #[must_use]
    pub fn saying(name: Name, why: impl Into<String>) -> Self {
        let axis = || Axis::fitting("", Scale::Linear, []);
        let mut figure = Self::new(name, axis(), axis());
        name.title().clone_into(&mut figure.title);
        figure.empty = Some(why.into());
        figure
    }

    /// A number that differs, in all likelihood, between figures whose labels would be placed differently.
    #[must_use]
    pub fn fingerprint(&self) -> u64 {
        let mut hasher = FixedState::default().build_hasher();
        self.name.hash(&mut hasher);
        for axis in [&self.x, &self.y] {
            for value in [axis.low, axis.high] {
                value.to_bits().hash(&mut hasher);
            }
            (axis.scale == Scale::Log).hash(&mut hasher);
        }
        for mark in &self.marks {
            mark.x.to_bits().hash(&mut hasher);
            mark.y.to_bits().hash(&mut hasher);
            mark.name.hash(&mut hasher);
            (mark.on_frontier, mark.pinned, mark.kind).hash(&mut hasher);
        }
        for line in &self.lines {
            line.label.hash(&mut hasher);
            line.pinned.hash(&mut hasher);
            match &line.course {
                Course::Points(points) | Course::Steps(points) => {
                    for (x, y) in points {
                        x.to_bits().hash(&mut hasher);
                        y.to_bits().hash(&mut hasher);
                    }
                }
                Course::Level(at) | Course::Upright(at) => at.to_bits().hash(&mut hasher),
            }
        }
        hasher.finish()
    }
}
