//! How far measurements of the same thing differ between collections: what no estimator can be better than.

use std::collections::BTreeMap;

use super::{Problem, Quantity, TrainingRow};
use crate::{accuracy::quantile, estimate::MODEL_KINDS};

/// Depths and prompts that differ by less are taken for the same.
const SAME_TOKENS: u32 = 2048;

/// How far pairs of collections differ that measured the same.
#[derive(Clone, Debug, PartialEq)]
pub struct Agreement {
    /// `all`, or a kind of model.
    pub class: &'static str,
    pub pairs: usize,
    /// Median of the larger rate over the smaller, less one.
    pub median: f64,
    /// What 90 % of pairs stay below.
    pub p90: f64,
}

/// Pairs of collections with the same chip, runtime, model, quantization, depth and length of prompt, by kind of model.
/// Of what a collection measured several times the median counts.
#[must_use]
pub fn agreement(problem: &Problem) -> Vec<Agreement> {
    let mut runs: BTreeMap<_, BTreeMap<&str, Vec<f64>>> = BTreeMap::new();
    for row in problem.rows.iter().filter(|row| row.is_core()) {
        let collections = runs.entry(same(row, problem.quantity)).or_default();
        collections.entry(row.collection()).or_default().push(row.fit.measured_seconds.ln());
    }
    let mut differences: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for ((kind, ..), collections) in runs {
        let medians: Vec<f64> =
            collections.into_values().map(|logarithms| quantile(&sorted(logarithms), 0.5)).collect();
        for (at, one) in medians.iter().enumerate() {
            let others = &medians[at + 1..];
            differences
                .entry(kind)
                .or_default()
                .extend(others.iter().map(|other| (one - other).abs().exp_m1()));
        }
    }
    let all: Vec<f64> = differences.values().flatten().copied().collect();
    let of_kinds = MODEL_KINDS.into_iter().filter_map(|kind| Some((kind, differences.remove(kind)?)));
    let classes: Vec<(&'static str, Vec<f64>)> = std::iter::once(("all", all)).chain(of_kinds).collect();
    classes
        .into_iter()
        .filter(|(_, found)| !found.is_empty())
        .map(|(class, found)| {
            let found = sorted(found);
            Agreement { class, pairs: found.len(), median: quantile(&found, 0.5), p90: quantile(&found, 0.9) }
        })
        .collect()
}

fn sorted(mut values: Vec<f64>) -> Vec<f64> {
    values.sort_by(f64::total_cmp);
    values
}

/// What two rows have in common that measured the same: the kind of model, names, and tokens in steps.
fn same<'a>(row: &'a TrainingRow, quantity: Quantity) -> (&'static str, [&'a str; 4], [u32; 2]) {
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
    (row.kind, names, [subject.workload.context / SAME_TOKENS, prompt / SAME_TOKENS])
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
        assert_eq!(found.iter().map(|class| class.pairs).collect::<Vec<_>>(), [1, 1]);
        assert!(found.iter().all(|class| (class.median - 0.5).abs() < 1e-9), "{found:?}");
        let same_collection = format!("{}b", run.id);
        assert_eq!(of(vec![run.clone(), faster(&same_collection)]), []);
    }
}
