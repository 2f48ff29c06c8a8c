//! Errors by class: what the accuracy report prints.

use super::Prediction;
use crate::estimate::{KernelClass, MODEL_KINDS};

/// The errors of one class of predictions.
#[derive(Clone, Debug, PartialEq)]
pub struct ClassSummary {
    pub class: String,
    pub rows: usize,
    /// Of the absolute relative errors.
    pub median: f64,
    pub p90: f64,
    /// Share of rows within 20 %.
    pub within_20: f64,
    /// Share of rows whose prediction is more than 30 % above what was measured.
    pub over_30: f64,
    /// Median of the signed relative errors.
    pub bias: f64,
    /// Share of measurements inside the nominal 80 % interval, for decode.
    pub coverage: Option<f64>,
}

impl ClassSummary {
    /// Summarizes signed relative errors; absent where there are none.
    #[must_use]
    pub fn new(class: impl Into<String>, errors: &[f64], covered: &[bool]) -> Option<Self> {
        if errors.is_empty() {
            return None;
        }
        let mut signed = errors.to_vec();
        signed.sort_by(f64::total_cmp);
        let mut sizes: Vec<f64> = errors.iter().map(|error| error.abs()).collect();
        sizes.sort_by(f64::total_cmp);
        let share = |count: usize, of: usize| count as f64 / of as f64;
        let inside = covered.iter().filter(|covered| **covered).count();
        Some(Self {
            class: class.into(),
            rows: errors.len(),
            median: quantile(&sizes, 0.5),
            p90: quantile(&sizes, 0.9),
            within_20: share(sizes.iter().filter(|size| **size <= 0.2).count(), sizes.len()),
            over_30: share(signed.iter().filter(|error| **error > 0.3).count(), signed.len()),
            bias: quantile(&signed, 0.5),
            coverage: (!covered.is_empty()).then(|| share(inside, covered.len())),
        })
    }
}

/// The value below which a share of sorted values lies, between neighbors in proportion. Zero of nothing.
#[must_use]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a position lies between zero and the last index"
)]
pub fn quantile(sorted: &[f64], share: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return 0.0 };
    let position = share.clamp(0.0, 1.0) * last as f64;
    let below = position.floor();
    let low = sorted.get(below as usize).copied().unwrap_or(0.0);
    let high = sorted.get(position.ceil() as usize).copied().unwrap_or(low);
    low + (high - low) * (position - below)
}

/// Decode and prefill errors: all, by kind of model, by depth, by runtime, and of several devices and offload.
#[must_use]
pub fn summarize(predictions: &[Prediction]) -> (Vec<ClassSummary>, Vec<ClassSummary>) {
    (
        classes(predictions, Prediction::decode_error, Prediction::covered),
        classes(predictions, Prediction::prefill_error, Prediction::prefill_covered),
    )
}

fn classes(
    predictions: &[Prediction],
    error: impl Fn(&Prediction) -> Option<f64>,
    covered: impl Fn(&Prediction) -> Option<bool>,
) -> Vec<ClassSummary> {
    let mut summaries = Vec::new();
    let mut class = |name: String, belongs: &dyn Fn(&Prediction) -> bool| {
        let members: Vec<&Prediction> = predictions.iter().filter(|it| belongs(it)).collect();
        let errors: Vec<f64> = members.iter().filter_map(|it| error(it)).collect();
        let inside: Vec<bool> =
            members.iter().filter(|it| error(it).is_some()).filter_map(|it| covered(it)).collect();
        summaries.extend(ClassSummary::new(name, &errors, &inside));
    };
    let single = |it: &Prediction| it.devices == 1 && it.users == 1 && !it.offloaded;
    class("all on one device".to_owned(), &single);
    for kind in MODEL_KINDS {
        class(kind.to_owned(), &|it| single(it) && it.kind == kind);
    }
    for (name, from, to) in [
        ("empty cache", 0, 1),
        ("1 to 8k tokens deep", 1, 8193),
        ("8k to 64k tokens deep", 8193, 65_537),
        ("over 64k tokens deep", 65_537, u32::MAX),
    ] {
        class(name.to_owned(), &|it| single(it) && (from..to).contains(&it.depth));
    }
    for kernel in KernelClass::ALL {
        class(kernel.title().to_owned(), &|it| single(it) && it.kernel == Some(kernel));
    }
    let mut runtimes: Vec<&str> = predictions.iter().filter_map(|it| it.runtime.as_deref()).collect();
    runtimes.sort_unstable();
    runtimes.dedup();
    for runtime in runtimes {
        class(runtime.to_owned(), &|it| single(it) && it.runtime.as_deref() == Some(runtime));
    }
    class("several devices".to_owned(), &|it| it.devices > 1 && it.users == 1 && !it.offloaded);
    for (name, from, to) in [("2 to 8 users", 2, 9), ("9 to 64 users", 9, 65)] {
        class(name.to_owned(), &|it| (from..to).contains(&it.users) && !it.offloaded);
    }
    class("part on the processor".to_owned(), &|it| it.offloaded);
    summaries
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_is_summed_up_by_order_statistics() {
        let errors = [-0.4, -0.1, 0.0, 0.1, 0.32];
        let summary = ClassSummary::new("x", &errors, &[true, true, false, true]).unwrap();
        assert!((summary.median - 0.1).abs() < 1e-12);
        assert!((summary.p90 - 0.368).abs() < 1e-12);
        assert!((summary.within_20 - 0.6).abs() < 1e-12);
        assert!((summary.over_30 - 0.2).abs() < 1e-12);
        assert!(summary.bias.abs() < 1e-12);
        assert_eq!(summary.coverage, Some(0.75));
        assert_eq!(ClassSummary::new("x", &[], &[]), None);
    }

    #[test]
    fn quantiles_lie_between_neighbors() {
        assert!((quantile(&[1.0, 2.0, 4.0], 0.75) - 3.0).abs() < 1e-12);
        assert!(quantile(&[], 0.5).abs() < 1e-12);
    }
}
