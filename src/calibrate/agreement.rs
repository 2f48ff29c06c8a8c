//! How far measurements of the same thing differ between collections: what no estimator can be better than.

use std::collections::BTreeMap;

use super::{Problem, Quantity, TrainingRow};
use crate::{
    accuracy::{ClassSummary, quantile},
    estimate::MODEL_KINDS,
};

/// Depths and prompts that differ by less are taken for the same.
const SAME_TOKENS: u32 = 2048;

/// Of pairs of runs on several devices.
const SEVERAL_DEVICES: &str = "several devices";

/// Pairs of collections with the same chip, runtime, model, quantization, depth and length of prompt, by kind of model, and
/// apart from those the pairs on several devices.
/// Of what a collection measured several times the median counts. An error is the larger rate over the smaller, less one.
#[must_use]
pub fn agreement(problem: &Problem) -> Vec<ClassSummary> {
    let mut runs: BTreeMap<_, BTreeMap<&str, Vec<f64>>> = BTreeMap::new();
    for row in &problem.rows {
        let Some(class) = class(row) else { continue };
        let collections = runs.entry((class, same(row, problem.quantity))).or_default();
        collections.entry(row.collection()).or_default().push(row.fit.measured_seconds.ln());
    }
    let mut differences: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for ((class, _), collections) in runs {
        let medians: Vec<f64> = collections.into_values().map(median).collect();
        for (at, one) in medians.iter().enumerate() {
            let others = medians[at + 1..].iter().map(|other| (one - other).abs().exp_m1());
            differences.entry(class).or_default().extend(others);
        }
    }
    let of_several = differences.remove(SEVERAL_DEVICES).map(|found| (SEVERAL_DEVICES, found));
    let all: Vec<f64> = differences.values().flatten().copied().collect();
    let of_kinds = MODEL_KINDS.into_iter().filter_map(|kind| Some((kind, differences.remove(kind)?)));
    std::iter::once(("all", all))
        .chain(of_kinds)
        .chain(of_several)
        .filter_map(|(class, found)| ClassSummary::new(class, &found, &[]))
        .collect()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    quantile(&values, 0.5)
}

/// The class of pairs that a row may be in.
fn class(row: &TrainingRow) -> Option<&'static str> {
    if row.is_core() {
        Some(row.kind)
    } else {
        (row.subject.setup.devices > 1 && !row.measurement.rough).then_some(SEVERAL_DEVICES)
    }
}

/// What two rows have in common that measured the same: names, numbers of devices and how they share, and tokens in steps.
fn same<'a>(row: &'a TrainingRow, quantity: Quantity) -> ([&'a str; 4], [u32; 4]) {
    let subject = &row.subject;
    let prompt = match quantity {
        Quantity::Decode => 0,
        Quantity::Prefill => row.measurement.prefill_tokens.unwrap_or(0),
    };
    let names = [
        subject.setup.chip.id.as_str(),
        subject.setup.runtime.id.as_str(),
        subject.workload.model.id.as_str(),
        subject.workload.quant.id.as_str(),
    ];
    let setup = &subject.setup;
    let tokens = [subject.workload.context / SAME_TOKENS, prompt / SAME_TOKENS];
    (names, [setup.devices, setup.split as u32, tokens[0], tokens[1]])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Catalog, Measurement, Table, load};

    fn with(runs: Vec<Measurement>) -> Catalog {
        let mut measurements = Table::default();
        for run in runs {
            measurements.insert(run);
        }
        Catalog { measurements, ..load::embedded().catalog }
    }

    #[test]
    fn two_collections_of_the_same_run_make_a_pair_and_one_of_two_runs_none() {
        let catalog = load::embedded().catalog;
        let problem = Problem::new(&catalog, Quantity::Decode);
        let run = problem.rows.iter().find(|row| row.is_core()).map(|row| row.measurement.clone()).unwrap();
        let faster = |id: &str| Measurement {
            id: id.to_owned(),
            decode_tokens_per_s: run.decode_tokens_per_s.map(|rate| rate * 1.5),
            ..run.clone()
        };
        let of = |runs: Vec<Measurement>| agreement(&Problem::new(&with(runs), Quantity::Decode));
        let found = of(vec![run.clone(), faster("ZZ-1")]);
        assert_eq!(found.iter().map(|class| class.rows).collect::<Vec<_>>(), [1, 1]);
        assert!(found.iter().all(|class| (class.median - 0.5).abs() < 1e-9), "{found:?}");
        let same_collection = format!("{}b", run.id);
        assert_eq!(of(vec![run.clone(), faster(&same_collection)]), []);
    }
}
