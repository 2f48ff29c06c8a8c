//! Cross-validation: how far predictions fall from measurements that the fit has not seen.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::atomic::{AtomicUsize, Ordering},
};

use super::{
    Problem, Quantity, TrainingRow, agreement::agreement, evidence, fit::seconds, training::collection,
};
use crate::{
    accuracy::ClassSummary,
    catalog::{Spread, Width},
    estimate::{
        Coverage, DEPTH_CLASSES, Evidence, KernelClass, MODEL_KINDS, decode_widening, prefill_widening,
        spread_class,
    },
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
            Self::Chip => &row.subject.setup.chip.id,
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
    pub kernel: KernelClass,
    pub runtime: String,
    pub chip: String,
    pub model: String,
    pub depth: u32,
    pub evidence: Evidence,
    /// How many times wider than its class's the interval of this row is, in logarithms.
    pub widening: f64,
    pub devices: u32,
    /// Counts in the report: one device, exactly known, not a processor.
    pub core: bool,
    /// What it counts for in the width of intervals. An author's runs err alike, so that `n` of them tell how far the
    /// next author's will be off no better than `sqrt(n)` of different ones do.
    pub weight: f64,
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
        spread_class(self.evidence, self.kind, self.depth)
    }

    /// The ends of the nominal 80 % interval that `spreads` gives its class.
    #[must_use]
    pub fn interval(&self, spreads: &[Spread]) -> Option<(f64, f64)> {
        let class = self.class();
        let spread = spreads.iter().find(|spread| spread.class == class)?;
        let rate = self.predicted_tokens_per_s;
        Some((rate * spread.low.powf(self.widening), rate * spread.high.powf(self.widening)))
    }

    /// Whether the measured rate lies in that interval.
    #[must_use]
    pub fn covered(&self, spreads: &[Spread]) -> Option<bool> {
        let (low, high) = self.interval(spreads)?;
        Some((low..=high).contains(&self.measured_tokens_per_s))
    }
}

/// All held-out predictions of one quantity.
#[derive(Clone, Debug)]
pub struct Validation {
    pub quantity: Quantity,
    pub rows: Vec<HeldOutRow>,
    /// How much wider the intervals of each runtime, and of each weight type's kernels, are: the rows' widening has both
    /// in it.
    pub runtime_widths: Vec<Width>,
    pub kernel_widths: Vec<Width>,
    /// What the errors compare with: how far measurements of the same differ.
    pub agreement: Vec<ClassSummary>,
}

/// Leaves out each chip, each model and each collection in turn. `start` is the fit on everything.
#[must_use]
pub fn validate(problem: &Problem, start: &[f64]) -> Validation {
    let folds: Vec<(HeldOut, &str)> = HeldOut::ALL
        .into_iter()
        .flat_map(|held_out| {
            let keys: BTreeSet<&str> = problem.rows.iter().map(|row| held_out.key(row)).collect();
            keys.into_iter().map(move |key| (held_out, key))
        })
        .collect();
    let mut counts: BTreeMap<&str, f64> = BTreeMap::new();
    for row in problem.rows.iter().filter(|row| row.is_core()) {
        *counts.entry(row.collection()).or_default() += 1.0;
    }
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        while let Some(&(held_out, key)) = folds.get(next.fetch_add(1, Ordering::Relaxed)) {
            done.push((held_out, key, fold(problem, start, &counts, (held_out, key))));
        }
        done
    };
    let workers = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let mut done: Vec<(HeldOut, &str, Vec<HeldOutRow>)> = std::thread::scope(|scope| {
        let others: Vec<_> = (1..workers).map(|_| scope.spawn(work)).collect();
        let mut done = work();
        // A fold that panicked has no rows; the count of rows tells.
        done.extend(others.into_iter().filter_map(|worker| worker.join().ok()).flatten());
        done
    });
    // Whichever worker was first, the order is that of the names.
    done.sort_by_key(|&(held_out, key, _)| (held_out as usize, key));
    let rows = done.into_iter().flat_map(|(_, _, rows)| rows).collect();
    let mut validation = Validation {
        quantity: problem.quantity,
        rows,
        runtime_widths: Vec::new(),
        kernel_widths: Vec::new(),
        agreement: agreement(problem),
    };
    validation.runtime_widths = validation.widen(|row| &row.runtime);
    validation.kernel_widths = validation.widen(|row| row.kernel.name());
    validation
}

/// The rows of one chip, model or collection, predicted from all others. `counts` says how many runs a collection has.
fn fold(
    problem: &Problem,
    start: &[f64],
    counts: &BTreeMap<&str, f64>,
    (held_out, key): (HeldOut, &str),
) -> Vec<HeldOutRow> {
    let theta = problem.refit(start, |row| held_out.key(row) != key);
    let (test, train): (Vec<&TrainingRow>, Vec<&TrainingRow>) =
        problem.rows.iter().partition(|row| held_out.key(row) == key);
    let coverage = Coverage::new(problem.catalog, &evidence(train));
    let row = |row: &TrainingRow| {
        let subject = &row.subject;
        let (evidence, evidence_rows) = coverage.evidence(subject.setup.runtime, subject.setup.chip);
        HeldOutRow {
            id: row.measurement.id.clone(),
            held_out,
            predicted_tokens_per_s: 1.0 / seconds(&row.fit.terms, &theta),
            measured_tokens_per_s: 1.0 / row.fit.measured_seconds,
            kind: row.kind,
            kernel: subject.workload.kernel,
            runtime: subject.setup.runtime.id.clone(),
            chip: subject.setup.chip.id.clone(),
            model: subject.workload.model.id.clone(),
            depth: row.measurement.depth.unwrap_or(0),
            evidence,
            widening: match problem.quantity {
                Quantity::Decode => decode_widening(evidence, evidence_rows, subject.setup.devices),
                Quantity::Prefill => prefill_widening(evidence, evidence_rows, subject.setup.devices),
            },
            devices: subject.setup.devices,
            core: row.is_core(),
            weight: counts.get(row.collection()).map_or(1.0, |count| 1.0 / count.sqrt()),
        }
    };
    test.into_iter().map(row).collect()
}

/// Rows of a class below which its width leans on that of its evidence.
const SHRINK_ROWS: f64 = 12.0;
/// Rows below which evidence has no width of its own.
const LEAST_ROWS: usize = 10;
/// Of held-out rows, the share that intervals are to cover.
const NOMINAL: f64 = 0.8;
/// Half a width, in logarithms, that no class falls below: builds and power limits differ by as much.
const LEAST_WIDTH: f64 = 0.1;

impl Validation {
    /// The intervals: for each class the quantile of held-out residuals, drawn towards that of its evidence where
    /// rows are few, and never narrower than with more evidence. All are then widened alike until they cover the
    /// nominal share of rows, half of them with their chip or model left out, half with their collection: what
    /// people ask about is often a new chip and always a new setup.
    #[must_use]
    pub fn spreads(&self) -> Vec<Spread> {
        let rows: Vec<&HeldOutRow> = self.rows.iter().filter(|row| row.core).collect();
        let mut widths = self.class_widths();
        for (of_depth, _) in DEPTH_CLASSES {
            let mut weighed: Vec<(f64, f64)> = Vec::new();
            for row in rows.iter().filter(|row| row.class().ends_with(of_depth)) {
                let Some((width, _)) = widths.get(&row.class()) else { continue };
                let twice = if row.held_out == HeldOut::Collection { 2.0 } else { 1.0 };
                weighed.push((row.residual().abs() / (width * row.widening), twice * row.weight));
            }
            let scale = weighted_quantile(&mut weighed, NOMINAL).clamp(0.3, 3.0);
            for (_, (width, _)) in widths.iter_mut().filter(|(class, _)| class.ends_with(of_depth)) {
                *width = (*width * scale).max(LEAST_WIDTH);
            }
        }
        widths
            .into_iter()
            .map(|(class, (width, rows))| Spread {
                class,
                low: super::rounded((-width).exp()),
                high: super::rounded(width.exp()),
                rows: u32::try_from(rows).unwrap_or(u32::MAX),
            })
            .collect()
    }

    /// Widens the intervals of each kind of row by the quantile of its residuals against what they have, and returns by
    /// how much.
    ///
    /// Where rows are few that is not much below one. And where they are of few collections it is a higher quantile, as
    /// the next collection may lie beyond all of them: of `n` values as likely, the next is below the greatest with
    /// `n / (n + 1)`.
    fn widen(&mut self, kind: impl Fn(&HeldOutRow) -> &str) -> Vec<Width> {
        let classes = self.class_widths();
        let mut rows_of: BTreeMap<&str, Vec<&HeldOutRow>> = BTreeMap::new();
        for row in self.rows.iter().filter(|row| row.core) {
            rows_of.entry(kind(row)).or_default().push(row);
        }
        let size = |row: &&HeldOutRow| -> Option<(f64, f64)> {
            let (width, _) = classes.get(&row.class())?;
            Some((row.residual().abs() / (width * row.widening), row.weight))
        };
        let width = |(of, held_out): (&str, Vec<&HeldOutRow>)| {
            let mut sizes: Vec<(f64, f64)> = held_out.iter().filter_map(size).collect();
            let collections: BTreeSet<&str> = held_out.iter().map(|row| collection(&row.id)).collect();
            // Each was left out three times.
            let rows = held_out.len() / HeldOut::ALL.len();
            let level = (NOMINAL * (1.0 + 1.0 / collections.len() as f64)).min(1.0);
            let factor = weighted_quantile(&mut sizes, level).clamp(0.5, 4.0);
            let trust = if factor < 1.0 { rows as f64 / (rows as f64 + SHRINK_ROWS) } else { 1.0 };
            let factor = factor.powf(trust);
            Width {
                of: of.to_owned(),
                factor: super::rounded(factor),
                rows: u32::try_from(rows).unwrap_or(u32::MAX),
            }
        };
        let widths: Vec<Width> = rows_of.into_iter().map(width).collect();
        for row in &mut self.rows {
            let width = widths.iter().find(|width| width.of == kind(row));
            row.widening *= width.map_or(1.0, |width| width.factor);
        }
        widths
    }

    /// Half widths in logarithms and counts of rows by class.
    fn class_widths(&self) -> BTreeMap<String, (f64, usize)> {
        let rows: Vec<&HeldOutRow> = self.rows.iter().filter(|row| row.core).collect();
        let sizes = |belongs: &dyn Fn(&HeldOutRow) -> bool| {
            let members = rows.iter().filter(|row| belongs(row));
            members.map(|row| (row.residual().abs() / row.widening, row.weight)).collect::<Vec<_>>()
        };
        let nominal = |mut sizes: Vec<(f64, f64)>| weighted_quantile(&mut sizes, NOMINAL).max(0.02);
        let usual = nominal(sizes(&|_| true));
        let mut widths: BTreeMap<String, (f64, usize)> = BTreeMap::new();
        let mut nearer: Option<Evidence> = None;
        for evidence in [Evidence::Chip, Evidence::Family, Evidence::General] {
            let of_evidence = sizes(&|row| row.evidence == evidence);
            let enough = of_evidence.len() >= LEAST_ROWS;
            let base = if enough { nominal(of_evidence) } else { usual * 1.5 };
            for kind in MODEL_KINDS {
                for (_, depth) in DEPTH_CLASSES {
                    let class = spread_class(evidence, kind, depth);
                    let own = sizes(&|row| row.class() == class);
                    let rows = own.len();
                    let count = rows as f64;
                    let own_width = if own.is_empty() { base } else { nominal(own) };
                    let width =
                        ((count * own_width.ln() + SHRINK_ROWS * base.ln()) / (count + SHRINK_ROWS)).exp();
                    let least = nearer.and_then(|nearer| widths.get(&spread_class(nearer, kind, depth)));
                    let width = width.max(least.map_or(0.0, |&(width, _)| width));
                    widths.insert(class, (width, rows));
                }
            }
            nearer = Some(evidence);
        }
        widths
    }
}

impl Validation {
    /// Errors by class of the rows predicted with one kind of thing left out: those of one device from collections
    /// that state what they measured, then all there are, then those of several devices.
    #[must_use]
    pub fn summaries(&self, held_out: HeldOut, spreads: &[Spread]) -> Vec<ClassSummary> {
        let mut summaries = Vec::new();
        let mut class = |name: &str, belongs: &dyn Fn(&HeldOutRow) -> bool| {
            let members = || self.rows.iter().filter(|row| row.held_out == held_out && belongs(row));
            let errors: Vec<f64> = members().map(|row| row.residual().exp() - 1.0).collect();
            let covered: Vec<bool> = members().filter_map(|row| row.covered(spreads)).collect();
            summaries.extend(ClassSummary::new(name, &errors, &covered));
        };
        class("all", &|row| row.core);
        for kind in MODEL_KINDS {
            class(kind, &|row| row.core && row.kind == kind);
        }
        for (name, from, to) in [
            ("empty cache", 0, 1),
            ("1 to 8k tokens deep", 1, 8193),
            ("8k to 64k tokens deep", 8193, 65_537),
            ("over 64k tokens deep", 65_537, u32::MAX),
        ] {
            class(name, &|row| row.core && (from..to).contains(&row.depth));
        }
        for (name, evidence) in [
            ("chip measured", Evidence::Chip),
            ("family measured", Evidence::Family),
            ("general constants", Evidence::General),
        ] {
            class(name, &|row| row.core && row.evidence == evidence);
        }
        for kernel in KernelClass::ALL {
            class(kernel.title(), &|row| row.core && row.kernel == kernel);
        }
        let mut runtimes: Vec<&str> = self.rows.iter().map(|row| row.runtime.as_str()).collect();
        runtimes.sort_unstable();
        runtimes.dedup();
        for runtime in runtimes {
            class(runtime, &|row| row.core && row.runtime == runtime);
        }
        class("with vague and processor runs", &|row| row.devices == 1);
        class("several devices", &|row| row.devices > 1);
        summaries
    }
}

/// The least value at or below which a share of all weight lies. One of nothing.
fn weighted_quantile(values: &mut [(f64, f64)], share: f64) -> f64 {
    values.sort_by(|a, b| a.0.total_cmp(&b.0));
    let all: f64 = values.iter().map(|&(_, weight)| weight).sum();
    let mut sum = 0.0;
    for &(value, weight) in values.iter() {
        sum += weight;
        if sum >= share * all {
            return value;
        }
    }
    1.0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs of a runtime whose speeds are up to 40 % over the estimate, from so many collections.
    fn runs(runtime: &str, collections: usize) -> Vec<HeldOutRow> {
        let run = |(held_out, at): (HeldOut, usize)| HeldOutRow {
            id: format!("{runtime}{}-{at}", at % collections),
            held_out,
            predicted_tokens_per_s: 10.0,
            measured_tokens_per_s: 10.0 + 0.1 * (at % 40 + 1) as f64,
            kind: "dense",
            kernel: KernelClass::Q4,
            runtime: runtime.to_owned(),
            chip: "chip".to_owned(),
            model: "model".to_owned(),
            depth: 0,
            evidence: Evidence::Chip,
            widening: 1.0,
            devices: 1,
            core: true,
            weight: 1.0,
        };
        HeldOut::ALL.into_iter().flat_map(|held_out| (0..40).map(move |at| (held_out, at))).map(run).collect()
    }

    #[test]
    fn intervals_of_few_collections_are_as_wide_as_the_worst_of_them() {
        let rows = ["few", "many"].into_iter().zip([2, 40]).flat_map(|(name, of)| runs(name, of)).collect();
        let mut validation = Validation {
            quantity: Quantity::Decode,
            rows,
            runtime_widths: Vec::new(),
            kernel_widths: Vec::new(),
            agreement: Vec::new(),
        };
        let widths = validation.widen(|row| &row.runtime);
        let of = |runtime: &str| widths.iter().find(|width| width.of == runtime).unwrap().factor;
        // Four fifths of the runs are at most 32 % over the estimate, all at most 40 %.
        assert!((of("few") - 1.4_f64.ln() / 1.32_f64.ln()).abs() < 1e-3, "{}", of("few"));
        assert!((of("many") - 1.0).abs() < 0.04, "{}", of("many"));
    }
}
