//! What follows from the inputs, computed once when they change and not for every frame.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::{inputs::Inputs, view::View};
use crate::{
    catalog::{Catalog, Machine, Model, QuantFamily},
    compare::{Comparison, Row, compare, verdict},
    estimate::{Estimator, Placement, Weights},
    figure::{self, Directory, Facts, Figure, FigureOptions},
    units,
};

/// One stop of the quantization slider.
#[derive(Clone, Debug, PartialEq)]
pub struct Stop {
    pub id: String,
    pub name: String,
    pub bits_per_weight: f64,
}

/// What the question says of bytes, whatever the machine.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bytes {
    pub bits_per_weight: f64,
    /// With the vision tower, where there is one.
    pub disk: f64,
    pub weights_read: f64,
    /// At the full context, for one user.
    pub cache_read: f64,
    pub cache_stored: f64,
}

/// All that is shown and follows from the inputs.
#[derive(Debug)]
pub struct Results {
    /// The preset, or the custom model that was made of it.
    pub model: Option<Model>,
    pub preset: Option<Model>,
    pub bytes: Bytes,
    /// Weights by what they are for; absent where there is no answer.
    pub weights: Option<Weights>,
    /// The quantizations of the family chosen, smallest first.
    pub stops: Vec<Stop>,
    pub family: Option<QuantFamily>,
    pub rows: Vec<Row>,
    /// Indices of `rows` that are shown, in the table's order.
    pub order: Vec<usize>,
    /// The answer in words, or why there is none.
    pub verdict: Result<String, String>,
    /// The scenario in one line, for tables that stand alone.
    pub question: String,
    pub figure: Figure,
}

impl Results {
    #[must_use]
    pub fn new(
        (catalog, directory): (&Catalog, &Directory),
        estimator: &Estimator,
        inputs: &Inputs,
        view: &View,
    ) -> Self {
        let Inputs { scenario, filters, pinned, .. } = inputs;
        let preset = catalog.models.get(&scenario.model).cloned();
        let model = preset.as_ref().map(|preset| scenario.edits.apply(preset));
        let family = catalog.quant(&scenario.quant).map(|quant| quant.family);
        let stops = stops(catalog, model.as_ref(), family);
        let mut results = Self {
            model,
            preset,
            bytes: Bytes::default(),
            weights: None,
            stops,
            family,
            rows: Vec::new(),
            order: Vec::new(),
            verdict: Err(String::new()),
            question: String::new(),
            figure: Figure::saying(view.tab, ""),
        };
        match compare(catalog, estimator, scenario, filters) {
            Ok(comparison) => {
                results.verdict = Ok(verdict(&comparison, catalog, scenario, filters));
                results.question = figure::scenario_line(scenario, &comparison);
                results.bytes = bytes(&comparison);
                let options = FigureOptions { pinned, axes: inputs.axes_of(view.tab) };
                let facts = Facts { catalog, directory, estimator, scenario, comparison: &comparison };
                results.figure = figure::draw(view.tab, &facts, &options);
                results.weights = Some(comparison.workload.weights);
                results.rows = comparison.rows;
            }
            Err(error) => {
                let text = format!("There is no answer: {error}.");
                results.figure = Figure::saying(view.tab, &text);
                results.verdict = Err(text);
            }
        }
        results.sort(catalog, view.sort);
        results
    }

    /// The rows that are shown, in the order that was asked for.
    pub fn sort(&mut self, catalog: &Catalog, sort: Sort) {
        let machines: Vec<&Machine> = catalog.machines.iter().collect();
        self.order = (0..self.rows.len()).filter(|&index| self.rows[index].shown).collect();
        let rows = &self.rows;
        let mut keyed: Vec<(Key, usize)> = self
            .order
            .iter()
            .map(|&index| (sort.column.key(catalog, machines[rows[index].machine], &rows[index]), index))
            .collect();
        keyed.sort_unstable_by(|(a, at), (b, bt)| a.compare(b, sort.descending).then(at.cmp(bt)));
        self.order = keyed.into_iter().map(|(_, index)| index).collect();
    }

    #[must_use]
    pub fn row_of(&self, catalog: &Catalog, id: &str) -> Option<&Row> {
        self.rows.iter().find(|row| catalog.machines.at(row.machine).is_some_and(|machine| machine.id == id))
    }
}

/// The quantizations of a family that are offered, by their size for this model.
#[must_use]
pub fn stops(catalog: &Catalog, model: Option<&Model>, family: Option<QuantFamily>) -> Vec<Stop> {
    let Some(model) = model else { return Vec::new() };
    let mut stops: Vec<Stop> = catalog
        .quants
        .iter()
        .filter(|quant| quant.offered && Some(quant.family) == family)
        .filter_map(|quant| {
            let weights = Weights::new(model, quant, &catalog.tensor_types).ok()?;
            let bits_per_weight = weights.bits_per_weight();
            Some(Stop { id: quant.id.clone(), name: quant.name.clone(), bits_per_weight })
        })
        .collect();
    stops.sort_by(|a, b| a.bits_per_weight.total_cmp(&b.bits_per_weight).then(a.id.cmp(&b.id)));
    stops
}

fn bytes(comparison: &Comparison) -> Bytes {
    let workload = &comparison.workload;
    let tokens = f64::from(workload.context);
    Bytes {
        bits_per_weight: workload.weights.bits_per_weight(),
        disk: workload.weights.stored_bytes() + workload.weights.tower_bytes,
        weights_read: workload.weights.read_bytes(),
        cache_read: workload.cache.read_bytes(tokens) + workload.cache.state_bytes(),
        cache_stored: workload.cache.stored_bytes(tokens) + workload.cache.state_bytes(),
    }
}

/// A column of the table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Column {
    Machine,
    Maker,
    Price,
    #[default]
    Speed,
    FirstToken,
    Memory,
    Fit,
    Runtime,
    Watts,
}

/// How the table is sorted. What has no value in the column comes last either way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Sort {
    pub column: Column,
    pub descending: bool,
}

impl Default for Sort {
    fn default() -> Self {
        Self { column: Column::Price, descending: false }
    }
}

enum Key {
    Text(String),
    Number(f64),
    /// After all numbers, whichever way those run.
    Later(f64),
    Missing,
}

impl Key {
    fn compare(&self, other: &Self, descending: bool) -> Ordering {
        let ordering = match (self, other) {
            (Self::Missing, Self::Missing) => return Ordering::Equal,
            (Self::Missing, _) => return Ordering::Greater,
            (_, Self::Missing) => return Ordering::Less,
            (Self::Later(a), Self::Later(b)) => return a.total_cmp(b),
            (Self::Later(_), _) => return Ordering::Greater,
            (_, Self::Later(_)) => return Ordering::Less,
            (Self::Text(a), Self::Text(b)) => a.cmp(b),
            (Self::Number(a), Self::Number(b)) => a.total_cmp(b),
            (Self::Text(_), Self::Number(_)) => Ordering::Greater,
            (Self::Number(_), Self::Text(_)) => Ordering::Less,
        };
        if descending { ordering.reverse() } else { ordering }
    }
}

impl Column {
    pub const ALL: [Self; 9] = [
        Self::Machine,
        Self::Maker,
        Self::Price,
        Self::Speed,
        Self::FirstToken,
        Self::Memory,
        Self::Fit,
        Self::Runtime,
        Self::Watts,
    ];

    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Machine => "Machine",
            Self::Maker => "Maker",
            Self::Price => "Price",
            Self::Speed => "Tokens/s",
            Self::FirstToken => "First token",
            Self::Memory => "Memory",
            Self::Fit => "Fit",
            Self::Runtime => "Runtime",
            Self::Watts => "Power",
        }
    }

    #[must_use]
    pub fn tooltip(self) -> &'static str {
        match self {
            Self::Machine => "As it is sold. A click on a row pins it and shows its arithmetic",
            Self::Maker => "Who makes the chip",
            Self::Price => "By the money settings at the left: host PC, tax and date",
            Self::Speed => "Decoded tokens per second for one user, with the 80 % interval",
            Self::FirstToken => "From the question to the first token of the answer",
            Self::Memory => "Needed of what the runtime can use",
            Self::Fit => "Whether the model lies in the machine's fast memory",
            Self::Runtime => "The program that the speed is for",
            Self::Watts => "Under load, as its maker or a test states it",
        }
    }

    /// Whether a first click sorts from the largest down.
    #[must_use]
    pub fn prefers_descending(self) -> bool {
        matches!(self, Self::Speed)
    }

    fn key(self, catalog: &Catalog, machine: &Machine, row: &Row) -> Key {
        let number = |value: Option<f64>| value.map_or(Key::Missing, Key::Number);
        let estimate = row.estimate.as_ref().ok();
        match self {
            Self::Machine => Key::Text(machine.name.to_lowercase()),
            Self::Maker => catalog
                .chips
                .get(&machine.chip)
                .map_or(Key::Missing, |chip| Key::Text(chip.maker.to_lowercase())),
            // What cannot run the model is no bargain, however cheap.
            Self::Price => match &row.price {
                Some(price) if row.speed().is_some() => Key::Number(price.amount),
                Some(price) => Key::Later(price.amount),
                None => Key::Missing,
            },
            Self::Speed => number(row.speed()),
            Self::FirstToken => {
                number(row.speed().and(estimate.and_then(|estimate| estimate.time_to_first_token_s)))
            }
            Self::Memory => number(estimate.map(|estimate| estimate.memory.usable_bytes)),
            Self::Fit => number(estimate.map(|estimate| match estimate.placement {
                Placement::Fits => 0.0,
                Placement::Offloads { bytes, .. } => 1.0 + bytes / 1e15,
                Placement::DoesNotFit { .. } => 2.0,
            })),
            Self::Runtime => row.runtime.as_deref().map_or(Key::Missing, |id| Key::Text(id.to_owned())),
            Self::Watts => number(machine.load_w),
        }
    }
}

/// What the table says of fit: `fits`, `12.3 GiB on host`, `lacks 8.1 GiB`.
#[must_use]
pub fn fit_text(row: &Row) -> String {
    match &row.estimate {
        Ok(estimate) => match estimate.placement {
            Placement::Fits => "fits".to_owned(),
            Placement::Offloads { bytes, .. } => format!("{} on host", units::gibibytes(bytes)),
            Placement::DoesNotFit { needed_bytes, usable_bytes } => {
                format!("lacks {}", units::gibibytes(needed_bytes - usable_bytes))
            }
        },
        Err(_) => "no estimate".to_owned(),
    }
}
