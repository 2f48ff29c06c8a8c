//! How wide the intervals of estimates are, by what they rest on.

use std::{array::from_fn, collections::HashMap};

use super::{Evidence, KernelClass, MODEL_KINDS};
use crate::catalog::{Calibration, Runtime};

/// Classes of context by depth, with the fewest tokens of each: their intervals are kept apart.
pub const DEPTH_CLASSES: [(&str, u32); 3] = [("shallow", 0), ("deep", 8193), ("far", 65_537)];
/// The nominal 80 % interval where no calibration states one.
const DEFAULT_SPREAD: (f64, f64) = (0.6, 1.6);

/// The intervals of one quantity, as logarithms of factors on its rate, by class: evidence, kind of model, depth.
#[derive(Clone, Debug)]
pub(super) struct Spreads {
    by_class: [[[(f64, f64); DEPTH_CLASSES.len()]; MODEL_KINDS.len()]; Evidence::ALL.len()],
    /// By runtime, how many times wider, in logarithms, its intervals are than their classes'.
    runtime_widths: HashMap<String, f64>,
    /// The same by the kernels of the weights, in the order of [`KernelClass::ALL`].
    kernel_widths: [f64; KernelClass::ALL.len()],
}

impl Spreads {
    pub(super) fn new(calibration: Option<&Calibration>) -> Self {
        let stated = |class: &str| {
            let spreads = calibration.into_iter().flat_map(|calibration| &calibration.spreads);
            let mut of_class = spreads.filter(|spread| spread.class == class);
            let (low, high) = of_class.next().map_or(DEFAULT_SPREAD, |spread| (spread.low, spread.high));
            (low.ln(), high.ln())
        };
        let of = |evidence: usize, kind: usize, depth: usize| {
            stated(&spread_class(Evidence::ALL[evidence], MODEL_KINDS[kind], DEPTH_CLASSES[depth].1))
        };
        let by_class = from_fn(|evidence| from_fn(|kind| from_fn(|depth| of(evidence, kind, depth))));
        let runtimes = calibration.into_iter().flat_map(|calibration| &calibration.runtime_widths);
        let kernel_width = |kernel: KernelClass| {
            let mut widths = calibration.into_iter().flat_map(|calibration| &calibration.kernel_widths);
            widths.find(|width| width.of == kernel.name()).map_or(1.0, |width| width.factor)
        };
        Self {
            by_class,
            runtime_widths: runtimes.map(|width| (width.of.clone(), width.factor)).collect(),
            kernel_widths: KernelClass::ALL.map(kernel_width),
        }
    }

    pub(super) fn of(&self, evidence: Evidence, kind: &str, depth: u32) -> (f64, f64) {
        let kind = MODEL_KINDS.iter().position(|it| *it == kind).unwrap_or(0);
        self.by_class[evidence as usize][kind][depth_class(depth)]
    }

    /// How many times wider, in logarithms, the runtime's intervals are than their classes'.
    pub(super) fn runtime_width(&self, runtime: &Runtime) -> f64 {
        self.runtime_widths.get(&runtime.id).copied().unwrap_or(1.0)
    }

    /// The same of weights that these kernels read.
    pub(super) fn kernel_width(&self, kernel: KernelClass) -> f64 {
        self.kernel_widths[kernel as usize]
    }
}

/// How many times wider, in logarithms, the interval is of what was measured far less often than its class.
pub(super) const RARELY_MEASURED: f64 = 2.0;

/// The name of the class whose interval holds: evidence, kind of model, depth.
#[must_use]
pub fn spread_class(evidence: Evidence, kind: &str, depth: u32) -> String {
    format!("{}/{kind}/{}", evidence.name(), DEPTH_CLASSES[depth_class(depth)].0)
}

/// The position of a depth's class.
fn depth_class(depth: u32) -> usize {
    DEPTH_CLASSES.iter().rposition(|(_, from)| depth >= *from).unwrap_or(0)
}

/// How many times wider, in logarithms, an interval of decoding is than its class's: of several devices, whose links
/// differ; of a chip that was measured a few times; and where next to nothing is known of a runtime.
#[must_use]
pub fn decode_widening(evidence: Evidence, rows: u32, devices: u32) -> f64 {
    const OF_SEVERAL_DEVICES: f64 = 1.6;
    /// Of runs of a chip. With so many, cross-validated errors are 1.3 times those with more.
    const FEW_RUNS: u32 = 10;
    const OF_FEW_RUNS: f64 = 1.3;
    if devices > 1 {
        OF_SEVERAL_DEVICES
    } else if evidence == Evidence::Chip && rows <= FEW_RUNS {
        OF_FEW_RUNS
    } else {
        of_little_known(evidence, rows)
    }
}

/// The same of prefill.
#[must_use]
pub fn prefill_widening(evidence: Evidence, rows: u32, devices: u32) -> f64 {
    const OF_SEVERAL_DEVICES: f64 = 1.45;
    if devices > 1 { OF_SEVERAL_DEVICES } else { of_little_known(evidence, rows) }
}

/// The same where next to nothing is known of a runtime, so that even its general constants are those of its API.
fn of_little_known(evidence: Evidence, rows: u32) -> f64 {
    if evidence == Evidence::General && rows < 4 { RARELY_MEASURED } else { 1.0 }
}
