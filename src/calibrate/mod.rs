//! Fits the estimator's constants on the catalog's measurements.
//!
//! Decode and prefill are fitted apart, each by [`fit`] on the terms that the estimator itself adds up, with the
//! [`priors`] that shrink a chip towards its family, a family towards its API. [`validate`] repeats the fit
//! without a chip, a model or a collection of measurements at a time; the residuals of those rows make the
//! intervals. The result depends on the catalog alone: anyone can repeat it.

mod agreement;
pub mod fit;
pub mod priors;
mod sparse;
mod training;
mod validate;
mod write;

use std::collections::{BTreeMap, HashSet};

use jiff::civil::Date;

use self::fit::{FitOptions, FitRow, Loss, Names, Prior};
pub use self::{
    training::{Quantity, TrainingRow},
    validate::{HeldOut, HeldOutRow, Validation, validate},
    write::to_ron,
};
use crate::{
    catalog::{Calibration, Catalog, Factor, Measured, Table, Width},
    estimate::{TermKey, factor_names},
};

/// Everything a fit needs, gathered once.
#[derive(Debug)]
pub struct Problem<'a> {
    pub catalog: &'a Catalog,
    pub quantity: Quantity,
    pub names: Names,
    pub priors: Vec<Prior>,
    pub rows: Vec<TrainingRow<'a>>,
}

impl<'a> Problem<'a> {
    #[must_use]
    pub fn new(catalog: &'a Catalog, quantity: Quantity) -> Self {
        let mut names = Names::default();
        let rows = training::rows(catalog, quantity, &mut names);
        let families: HashSet<&str> = catalog.chips.iter().map(|chip| chip.family.as_str()).collect();
        let priors = (0..names.len()).map(|at| prior(catalog, &families, names.name(at))).collect();
        Self { catalog, quantity, names, priors, rows }
    }

    /// The parameters fitted on all rows.
    #[must_use]
    pub fn fit(&self) -> Vec<f64> {
        let rows: Vec<&FitRow> = self.rows.iter().map(|row| &row.fit).collect();
        let means: Vec<f64> = self.priors.iter().map(|prior| prior.mean).collect();
        let options = self.quantity.options();
        let start = fit::fit(&rows, &self.priors, &means, Loss::Huber, options);
        fit::fit(&rows, &self.priors, &start, Loss::Cauchy, options)
    }

    /// The parameters fitted on the rows that `keep` accepts, from those of all rows. Predictions are wanted to
    /// a thousandth, so that a few steps do.
    #[must_use]
    pub fn refit(&self, start: &[f64], keep: impl Fn(&TrainingRow) -> bool) -> Vec<f64> {
        let rows: Vec<&FitRow> = self.rows.iter().filter(|row| keep(row)).map(|row| &row.fit).collect();
        let options = FitOptions { least_gain: 0.02, ..self.quantity.options() };
        fit::fit(&rows, &self.priors, start, Loss::Cauchy, options)
    }

    /// How many rows bear on each parameter.
    fn counts(&self) -> Vec<u32> {
        let mut counts = vec![0; self.names.len()];
        for row in &self.rows {
            let bearing: HashSet<usize> =
                row.fit.terms.iter().flat_map(|term| term.parameters.iter().map(|&(at, _)| at)).collect();
            for at in bearing {
                counts[at] += 1;
            }
        }
        counts
    }

    /// The calibration for `theta`, with the general factors that no measurement bears on at their priors.
    fn calibration(&self, theta: &[f64], fitted: Date, validation: Option<&Validation>) -> Calibration {
        let counts = self.counts();
        let mut factors: BTreeMap<String, (f64, u32)> =
            self.names.iter().map(|(name, at)| (name.to_owned(), (theta[at], counts[at]))).collect();
        let families: HashSet<&str> = self.catalog.chips.iter().map(|chip| chip.family.as_str()).collect();
        let belongs = |name: &str| name.starts_with("prefill") == (self.quantity == Quantity::Prefill);
        for runtime in &self.catalog.runtimes {
            for chip in self.catalog.chips.iter().filter(|chip| runtime.reaches(chip)) {
                for (name, _) in TermKey::all().flat_map(|key| factor_names(key, runtime, chip)) {
                    if belongs(&name) && !factors.contains_key(&name) {
                        let mean = prior(self.catalog, &families, &name).mean;
                        if mean != 0.0 {
                            factors.insert(name, (mean, 0));
                        }
                    }
                }
            }
        }
        keep_to_data_sheets(self.catalog, self.quantity, &mut factors);
        let factors = factors
            .into_iter()
            .map(|(name, (logarithm, rows))| Factor { name, value: rounded(logarithm.exp()), rows })
            .collect();
        let widths =
            |of: fn(&Validation) -> &Vec<Width>| validation.map_or_else(Vec::new, |it| of(it).clone());
        Calibration {
            id: self.quantity.id().to_owned(),
            fitted: fitted.into(),
            rows: u32::try_from(self.rows.len()).unwrap_or(u32::MAX),
            factors,
            evidence: evidence(self.rows.iter()),
            spreads: validation.map_or_else(Vec::new, Validation::spreads),
            runtime_widths: widths(|validation| &validation.runtime_widths),
            kernel_widths: widths(|validation| &validation.kernel_widths),
        }
    }
}

/// Fits both quantities and validates them: the calibrations to write, and how they were validated.
#[must_use]
pub fn calibrate(catalog: &Catalog, fitted: Date) -> (Vec<Calibration>, Vec<Validation>) {
    [Quantity::Decode, Quantity::Prefill]
        .into_iter()
        .map(|quantity| {
            let problem = Problem::new(catalog, quantity);
            let theta = problem.fit();
            let validation = validate(&problem, &theta);
            (problem.calibration(&theta, fitted, Some(&validation)), validation)
        })
        .unzip()
}

/// Fits both quantities on the catalog's measurements with each chip, model and collection left out in turn.
#[must_use]
pub fn cross_validate(catalog: &Catalog) -> Vec<Validation> {
    [Quantity::Decode, Quantity::Prefill]
        .into_iter()
        .map(|quantity| {
            let problem = Problem::new(catalog, quantity);
            let theta = problem.fit();
            validate(&problem, &theta)
        })
        .collect()
}

/// Fits both quantities without validating them, so that their intervals are not known.
#[must_use]
pub fn fit_only(catalog: &Catalog, fitted: Date) -> Vec<Calibration> {
    [Quantity::Decode, Quantity::Prefill]
        .into_iter()
        .map(|quantity| {
            let problem = Problem::new(catalog, quantity);
            let theta = problem.fit();
            problem.calibration(&theta, fitted, None)
        })
        .collect()
}

/// In what `fitted` differs from `committed`, intervals and dates aside. Machines differ in the last digits of
/// logarithms, so that a factor may be off by one unit of its fourth digit.
#[must_use]
pub fn differences(fitted: &[Calibration], committed: &Table<Calibration>) -> Vec<String> {
    const TOLERANCE: f64 = 2e-3;
    let mut differences = Vec::new();
    for calibration in fitted {
        let id = &calibration.id;
        let Some(held) = committed.get(id) else {
            differences.push(format!("{id} is not in the file"));
            continue;
        };
        if (calibration.rows, &calibration.evidence) != (held.rows, &held.evidence) {
            differences.push(format!("{id} rests on other measurements"));
        }
        let held: BTreeMap<&str, f64> =
            held.factors.iter().map(|factor| (factor.name.as_str(), factor.value)).collect();
        let mut missing = held.clone();
        for Factor { name, value, .. } in &calibration.factors {
            missing.remove(name.as_str());
            match held.get(name.as_str()) {
                Some(held) if (value / held - 1.0).abs() <= TOLERANCE => {}
                Some(held) => differences.push(format!("{name} is {held}, and {value} is fitted")),
                None => differences.push(format!("{name} is not in the file, and {value} is fitted")),
            }
        }
        differences.extend(missing.keys().map(|name| format!("{name} is not fitted")));
    }
    differences
}

/// Raises the most particular factor of a chip whose weights would be read faster than its data sheet has it, so that
/// they take the time that the data sheet allows. Logarithms and rows by name.
fn keep_to_data_sheets(catalog: &Catalog, quantity: Quantity, factors: &mut BTreeMap<String, (f64, u32)>) {
    if quantity == Quantity::Prefill {
        return;
    }
    for runtime in &catalog.runtimes {
        for chip in catalog.chips.iter().filter(|chip| runtime.reaches(chip)) {
            let names = factor_names(TermKey::State, runtime, chip);
            let logarithm: f64 =
                names.iter().filter_map(|(name, power)| Some(power * factors.get(name)?.0)).sum();
            let particular = names.iter().filter(|(name, _)| name.starts_with("weights/")).nth(3);
            if let Some((name, _)) = particular.filter(|_| logarithm < 0.0) {
                factors.entry(name.clone()).or_insert((0.0, 0)).0 -= logarithm;
            }
        }
    }
}

fn prior(catalog: &Catalog, families: &HashSet<&str>, name: &str) -> Prior {
    priors::prior(name, |it| families.contains(it), |it| catalog.runtimes.get(it).is_some())
}

/// Measurements by runtime and chip.
pub(crate) fn evidence<'r>(rows: impl IntoIterator<Item = &'r TrainingRow<'r>>) -> Vec<Measured> {
    let mut counts: BTreeMap<(&str, &str), u32> = BTreeMap::new();
    for row in rows {
        *counts.entry((&row.subject.setup.runtime.id, &row.subject.setup.chip.id)).or_insert(0) += 1;
    }
    counts
        .into_iter()
        .map(|((runtime, chip), rows)| Measured { runtime: runtime.to_owned(), chip: chip.to_owned(), rows })
        .collect()
}

/// To four significant digits, which is more than the measurements know.
fn rounded(value: f64) -> f64 {
    let scale = 10_f64.powf(3.0 - value.abs().log10().floor());
    (value * scale).round() / scale
}
