//! Fits the estimator's constants on the catalog's measurements.
//!
//! Decode and prefill are fitted apart, each by [`fit`] on the terms that the estimator itself adds up, with the
//! [`priors`] that shrink a chip towards its family, a family towards its API. [`validate`] repeats the fit
//! without a chip, a model or a collection of measurements at a time; the residuals of those rows make the
//! intervals. The result depends on the catalog alone: anyone can repeat it.

pub mod fit;
pub mod priors;
mod training;
mod validate;
mod write;

use std::collections::{BTreeMap, HashSet};

use jiff::civil::Date;

use self::fit::{FitOptions, FitRow, Names, Prior};
pub use self::{
    training::{Quantity, TrainingRow},
    validate::{HeldOut, HeldOutRow, Validation, validate},
    write::to_ron,
};
use crate::{
    catalog::{Calibration, Catalog, Factor, Measured, Spread},
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

    /// The parameters fitted on the rows that `keep` accepts, from `start` or the priors' means.
    #[must_use]
    pub fn fit(&self, start: Option<&[f64]>, keep: impl Fn(&TrainingRow) -> bool) -> Vec<f64> {
        let rows: Vec<FitRow> = self.rows.iter().filter(|row| keep(row)).map(|row| row.fit.clone()).collect();
        let means: Vec<f64> = self.priors.iter().map(|prior| prior.mean).collect();
        fit::fit(&rows, &self.priors, start.unwrap_or(&means), FitOptions::default())
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
    fn calibration(&self, theta: &[f64], fitted: Date, spreads: Vec<Spread>) -> Calibration {
        let counts = self.counts();
        let mut factors: BTreeMap<String, (f64, u32)> = self
            .names
            .iter()
            .filter(|(name, _)| !is_circumstance(name))
            .map(|(name, at)| (name.to_owned(), (theta[at], counts[at])))
            .collect();
        let families: HashSet<&str> = self.catalog.chips.iter().map(|chip| chip.family.as_str()).collect();
        let belongs = |name: &str| name.starts_with("prefill") == (self.quantity == Quantity::Prefill);
        for runtime in &self.catalog.runtimes {
            for chip in self.catalog.chips.iter().filter(|chip| runtime.runs_on(&chip.family)) {
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
        let factors = factors
            .into_iter()
            .map(|(name, (logarithm, rows))| Factor { name, value: rounded(logarithm.exp()), rows })
            .collect();
        Calibration {
            id: self.quantity.id().to_owned(),
            fitted: fitted.into(),
            rows: u32::try_from(self.rows.len()).unwrap_or(u32::MAX),
            factors,
            evidence: evidence(&self.rows),
            spreads,
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
            let theta = problem.fit(None, |_| true);
            let validation = validate(&problem, &theta);
            (problem.calibration(&theta, fitted, validation.spreads()), validation)
        })
        .unzip()
}

/// Fits both quantities without validating them; the spreads are `spreads`, by quantity.
#[must_use]
pub fn fit_only(catalog: &Catalog, fitted: Date) -> Vec<Calibration> {
    [Quantity::Decode, Quantity::Prefill]
        .into_iter()
        .map(|quantity| {
            let problem = Problem::new(catalog, quantity);
            let theta = problem.fit(None, |_| true);
            problem.calibration(&theta, fitted, Vec::new())
        })
        .collect()
}

fn prior(catalog: &Catalog, families: &HashSet<&str>, name: &str) -> Prior {
    priors::prior(name, |it| families.contains(it), |it| catalog.runtimes.get(it).is_some())
}

fn is_circumstance(name: &str) -> bool {
    name.ends_with("/old-build") || name.ends_with("/no-flash-attention")
}

/// Measurements by runtime and chip.
pub(crate) fn evidence(rows: &[TrainingRow]) -> Vec<Measured> {
    let mut counts: BTreeMap<(&str, &str), u32> = BTreeMap::new();
    for row in rows {
        *counts.entry((&row.subject.runtime.id, &row.subject.chip.id)).or_insert(0) += 1;
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
