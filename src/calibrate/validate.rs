//! Cross-validation: how far predictions fall from measurements that the fit has not seen.

use std::collections::{BTreeMap, BTreeSet};

use super::{Problem, Quantity, TrainingRow, evidence, fit::seconds};
use crate::{
    accuracy::quantile,
    catalog::Spread,
    estimate::{Coverage, Evidence},
};

/// What is left out of a fit, one at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HeldOut {
    Chip,
    Model,
    /// A collection of measurements, by one author or project.
    Collection,
}

impl HeldOut {
    pub const ALL: [Self; 3] = [Self::Chip, Self::Model, Self::Collection];

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Chip => "chip",
            Self::Model => "model",
            Self::Collection => "collection",
        }
    }

    fn key<'r>(self, row: &'r TrainingRow) -> &'r str {
        match self {
            Self::Chip => &row.subject.chip.id,
            Self::Model => &row.subject.workload.model.id,
            Self::Collection => row.collection(),
        }
    }
}

/// A prediction made without the measurement, its chip, its model or its collection.
#[derive(Clone, Debug)]
pub struct HeldOutRow {
    pub id: String,
    pub held_out: HeldOut,
    pub predicted_tokens_per_s: f64,
    pub measured_tokens_per_s: f64,
    pub kind: &'static str,
    pub runtime: String,
    pub chip: String,
    pub model: String,
    pub depth: u32,
    pub evidence: Evidence,
    /// Counts in the report: one device, exactly known, not a processor.
    pub core: bool,
}

impl HeldOutRow {
    /// Logarithm of predicted over measured.
    #[must_use]
    pub fn residual(&self) -> f64 {
        (self.predicted_tokens_per_s / self.measured_tokens_per_s).ln()
    }

    /// The class that its interval belongs to.
    #[must_use]
    pub fn class(&self) -> String {
        let evidence = evidence_name(self.evidence);
        let depth = if self.depth > 8192 { "deep" } else { "shallow" };
        format!("{evidence}/{}/{depth}", self.kind)
    }
}

/// How classes of spreads name evidence.
#[must_use]
pub fn evidence_name(evidence: Evidence) -> &'static str {
    match evidence {
        Evidence::Chip => "chip",
        Evidence::Family => "family",
        Evidence::General => "general",
    }
}

/// All held-out predictions of one quantity.
#[derive(Clone, Debug)]
pub struct Validation {
    pub quantity: Quantity,
    pub rows: Vec<HeldOutRow>,
}

/// Leaves out each chip, each model and each collection in turn. `start` is the fit on everything.
#[must_use]
pub fn validate(problem: &Problem, start: &[f64]) -> Validation {
    let mut rows = Vec::new();
    for held_out in HeldOut::ALL {
        let folds: BTreeSet<&str> = problem.rows.iter().map(|row| held_out.key(row)).collect();
        for fold in folds {
            let theta = problem.fit(Some(start), |row| held_out.key(row) != fold);
            let (test, train): (Vec<&TrainingRow>, Vec<&TrainingRow>) =
                problem.rows.iter().partition(|row| held_out.key(row) == fold);
            let train: Vec<TrainingRow> = train.into_iter().cloned().collect();
            let coverage = Coverage::new(problem.catalog, &evidence(&train));
            rows.extend(test.into_iter().map(|row| {
                let subject = &row.subject;
                HeldOutRow {
                    id: row.measurement.id.clone(),
                    held_out,
                    predicted_tokens_per_s: 1.0 / seconds(&row.fit.terms, &theta),
                    measured_tokens_per_s: 1.0 / row.fit.measured_seconds,
                    kind: row.kind,
                    runtime: subject.runtime.id.clone(),
                    chip: subject.chip.id.clone(),
                    model: subject.workload.model.id.clone(),
                    depth: row.measurement.depth.unwrap_or(0),
                    evidence: coverage.evidence(subject.runtime, subject.chip).0,
                    core: row.is_core(),
                }
            }));
        }
    }
    Validation { quantity: problem.quantity, rows }
}

/// Rows of a class below which its width leans on that of its evidence.
const SHRINK_ROWS: f64 = 12.0;
/// Of held-out rows, the share that intervals are to cover.
const NOMINAL: f64 = 0.8;

impl Validation {
    /// The intervals: for each class the quantile of held-out residuals, drawn towards that of its evidence where
    /// rows are few, and all widened alike until they cover the nominal share.
    #[must_use]
    pub fn spreads(&self) -> Vec<Spread> {
        let rows: Vec<&HeldOutRow> =
            self.rows.iter().filter(|row| row.core && row.held_out != HeldOut::Collection).collect();
        let mut classes: BTreeMap<String, Vec<f64>> = BTreeMap::new();
        let mut by_evidence: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
        for evidence in ["chip", "family", "general"] {
            by_evidence.insert(evidence, Vec::new());
            for kind in ["dense", "hybrid", "moe"] {
                for depth in ["shallow", "deep"] {
                    classes.insert(format!("{evidence}/{kind}/{depth}"), Vec::new());
                }
            }
        }
        let mut all = Vec::new();
        for row in &rows {
            let size = row.residual().abs();
            classes.entry(row.class()).or_default().push(size);
            by_evidence.entry(evidence_name(row.evidence)).or_default().push(size);
            all.push(size);
        }
        all.sort_by(f64::total_cmp);
        let base: BTreeMap<&str, f64> = by_evidence
            .into_iter()
            .map(|(evidence, mut sizes)| {
                sizes.sort_by(f64::total_cmp);
                let width =
                    if sizes.len() >= 10 { quantile(&sizes, NOMINAL) } else { quantile(&all, NOMINAL) * 1.5 };
                (evidence, width.max(0.02))
            })
            .collect();
        let widths: BTreeMap<String, (f64, usize)> = classes
            .into_iter()
            .map(|(class, mut sizes)| {
                sizes.sort_by(f64::total_cmp);
                let evidence = class.split('/').next().unwrap_or("general");
                let base = base.get(evidence).copied().unwrap_or(0.5);
                let count = sizes.len() as f64;
                let own = quantile(&sizes, NOMINAL).max(0.02).ln();
                let width = ((count * own + SHRINK_ROWS * base.ln()) / (count + SHRINK_ROWS)).exp();
                (class, (if sizes.is_empty() { base } else { width }, sizes.len()))
            })
            .collect();
        let scale = widening(&rows, &widths);
        widths
            .into_iter()
            .map(|(class, (width, rows))| Spread {
                class,
                low: super::rounded((-width * scale).exp()),
                high: super::rounded((width * scale).exp()),
                rows: u32::try_from(rows).unwrap_or(u32::MAX),
            })
            .collect()
    }
}

/// The factor on all widths with which they cover the nominal share of `rows`.
fn widening(rows: &[&HeldOutRow], widths: &BTreeMap<String, (f64, usize)>) -> f64 {
    let mut needed: Vec<f64> =
        rows.iter().filter_map(|row| Some(row.residual().abs() / widths.get(&row.class())?.0)).collect();
    needed.sort_by(f64::total_cmp);
    if needed.is_empty() { 1.0 } else { quantile(&needed, NOMINAL).clamp(0.3, 3.0) }
}
