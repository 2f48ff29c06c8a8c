//! A runtime: a program and what it computes with, and its reach; and the constants fitted for it.

use serde::{Deserialize, Serialize};

use super::{PartialDate, QuantFamily};

/// How a runtime uses several devices.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Split {
    /// Each device holds some layers; they work one after the other.
    #[default]
    Layers,
    /// Each device holds a part of every layer; they work at once and exchange results.
    Tensors,
}

/// The pair of names that a measurement states.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuntimeAlias {
    pub engine: String,
    #[serde(default)]
    pub backend: String,
}

/// A name of a quantization that means another one in this runtime.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuantAlias {
    pub name: String,
    pub means: String,
}

/// A program and what it computes with: llama.cpp on CUDA, MLX, vLLM.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Runtime {
    pub id: String,
    pub name: String,
    pub engine: String,
    pub backend: String,
    /// Other names for it in measurements, older forks and wrappers among them.
    #[serde(default)]
    pub aliases: Vec<RuntimeAlias>,
    #[serde(default)]
    pub quant_aliases: Vec<QuantAlias>,
    pub quant_families: Vec<QuantFamily>,
    /// The chip families it runs on. A name ending in `*` stands for all that begin so: `nvidia-*`.
    pub chip_families: Vec<String>,
    #[serde(default)]
    pub split: Split,
    /// Whether layers or experts that do not fit can be left to the host's memory.
    #[serde(default)]
    pub offloads: bool,
    /// Whether a person is offered it; runtimes known only from measurements are not.
    #[serde(default = "yes")]
    pub offered: bool,
    #[serde(default)]
    pub sources: Vec<String>,
    #[serde(default)]
    pub notes: Vec<String>,
}

fn yes() -> bool {
    true
}

impl Runtime {
    /// Whether it runs on chips of a family.
    #[must_use]
    pub fn runs_on(&self, family: &str) -> bool {
        self.chip_families.iter().any(|pattern| match pattern.strip_suffix('*') {
            Some(prefix) => family.starts_with(prefix),
            None => pattern == family,
        })
    }
}

/// The constants of a runtime, from the general to the particular.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calibration {
    /// The runtime's id.
    pub id: String,
    /// The day it was fitted.
    pub fitted: PartialDate,
    /// For any chip the runtime reaches.
    pub general: Constants,
    /// For chip families with measurements of their own.
    #[serde(default)]
    pub families: Vec<ScopedConstants>,
    /// For chips with measurements of their own.
    #[serde(default)]
    pub chips: Vec<ScopedConstants>,
}

/// Constants of one family or one chip.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScopedConstants {
    pub id: String,
    pub constants: Constants,
}

/// What the estimator's formulae leave open, fitted on measurements.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Constants {
    /// Of the data sheet's bandwidth, reached while weights are read.
    pub share_weights: f64,
    /// Of the data sheet's bandwidth, reached while the cache is read.
    pub share_cache: f64,
    /// For every token, whatever the model, in milliseconds.
    pub fixed_ms: f64,
    /// Of the peak compute rate, reached in prefill by dense models.
    pub share_prefill: f64,
    /// Measurements it rests on.
    pub rows: u32,
}
