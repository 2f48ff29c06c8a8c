//! A chip: what sets the speed, stated once for all the machines built on it.

use serde::{Deserialize, Serialize};

use super::{Basis, PartialDate};

/// What a chip is to the runtime.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChipKind {
    /// A graphics card or accelerator with memory of its own.
    Gpu,
    /// Processor and graphics on one memory.
    Unified,
    /// A processor that computes from main memory.
    Cpu,
    /// A neural processor.
    Npu,
}

/// Dense peak rates as the data sheet states them, in tera-operations per second. Absent where unknown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Compute {
    pub fp32_tflops: Option<f64>,
    /// FP16 with FP16 accumulation, by the matrix units where there are any.
    pub fp16_tflops: Option<f64>,
    /// FP16 with FP32 accumulation, where it differs.
    pub fp16_fp32_accumulate_tflops: Option<f64>,
    pub int8_tops: Option<f64>,
    pub fp8_tflops: Option<f64>,
    pub fp4_tflops: Option<f64>,
    pub basis: Basis,
}

/// Bandwidth reached by a streaming benchmark, as a share of the data sheet's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StreamingShare {
    pub share: f64,
    pub benchmark: String,
}

/// A chip with its memory bus.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chip {
    pub id: String,
    pub name: String,
    /// Who makes the chip: `NVIDIA`, `Apple`, `AMD`, ...
    pub maker: String,
    /// Chips that behave alike, so that one can stand in for another: `nvidia-ada`, `apple-m4`.
    pub family: String,
    pub kind: ChipKind,
    /// `GDDR7`, `LPDDR5X`, ...
    #[serde(default)]
    pub memory_type: Option<String>,
    #[serde(default)]
    pub bus_bits: Option<u32>,
    /// Transfers on each bus line, in millions per second.
    #[serde(default)]
    pub data_rate_mt_per_s: Option<f64>,
    /// Of one device, as on the data sheet, in 1e9 bytes per second. Absent where it is not published.
    #[serde(default)]
    pub bandwidth_gb_per_s: Option<f64>,
    /// The memory a card is soldered with, where it comes with one size only.
    #[serde(default)]
    pub memory_gib: Option<f64>,
    #[serde(default)]
    pub compute: Compute,
    #[serde(default)]
    pub streaming: Option<StreamingShare>,
    /// Board or package power in watts.
    #[serde(default)]
    pub tdp_w: Option<f64>,
    #[serde(default)]
    pub released: Option<PartialDate>,
    /// Of the memory figures.
    #[serde(default)]
    pub basis: Basis,
    #[serde(default)]
    pub sources: Vec<String>,
    #[serde(default)]
    pub notes: Vec<String>,
}
