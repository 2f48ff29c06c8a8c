//! The estimator's constants, as the calibration program writes them.

use serde::{Deserialize, Serialize};

use super::PartialDate;

/// A set of constants fitted together: `decode` or `prefill`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calibration {
    pub id: String,
    /// The day it was fitted.
    pub fitted: PartialDate,
    /// Measurements it was fitted on.
    pub rows: u32,
    pub factors: Vec<Factor>,
    /// Which chips were measured under which runtime.
    #[serde(default)]
    pub evidence: Vec<Measured>,
    #[serde(default)]
    pub spreads: Vec<Spread>,
    /// Of runtimes.
    #[serde(default)]
    pub runtime_widths: Vec<Width>,
    /// Of classes of weight types.
    #[serde(default)]
    pub kernel_widths: Vec<Width>,
}

/// How many measurements of a chip under a runtime went into a calibration.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measured {
    pub runtime: String,
    pub chip: String,
    pub rows: u32,
}

/// A factor on a term of the time. Names go from the general to the particular: `weights/cuda`,
/// `weights/cuda/nvidia-ada`, `weights/cuda/rtx-4090`; all that apply are multiplied.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Factor {
    pub name: String,
    pub value: f64,
    /// Measurements that bear on it.
    pub rows: u32,
}

/// How many times wider, in logarithms, the intervals of a runtime or of a weight type's kernels are than their classes':
/// programs differ in how much their builds differ, and rare types in how well they are served.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Width {
    pub of: String,
    pub factor: f64,
    pub rows: u32,
}

/// How far measurements fall from predictions made without them: the nominal 80 % interval of a class.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spread {
    pub class: String,
    /// Factors on the predicted rate, below one and above.
    pub low: f64,
    pub high: f64,
    pub rows: u32,
}
