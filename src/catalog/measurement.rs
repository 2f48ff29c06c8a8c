//! A speed that somebody measured and published.

use serde::{Deserialize, Serialize};

use super::{PartialDate, Split, System, Transport};

/// One measured run. Ids are kept as the source's run was understood; absent where it could not be.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Measurement {
    pub id: String,
    pub chip: Option<String>,
    pub model: Option<String>,
    pub quant: String,
    /// Size of the model's file, GiB, as stated.
    pub file_gib: Option<f64>,
    /// The program, `llama.cpp`.
    pub engine: Option<String>,
    /// What it computes with, `CUDA`.
    pub backend: Option<String>,
    pub build: Option<String>,
    pub devices: Option<u32>,
    /// Requests decoded at once; the decode rate is that of each.
    pub users: Option<u32>,
    /// How several devices shared the model, where that is not the runtime's usual way.
    pub split: Option<Split>,
    /// How machines exchanged, where the source says so.
    pub transport: Option<Transport>,
    /// The device as its source names it.
    pub device: Option<String>,
    /// Where it is not Linux or macOS, or not known to be.
    pub system: Option<System>,
    /// The driver of the graphics processor, as `Mesa 26.2.3`, where the source states it.
    pub driver: Option<String>,
    pub kv_type: Option<String>,
    pub flash_attention: Option<bool>,
    /// Tokens of the prompt that went through the model at once, where stated (`n_ubatch`).
    pub batch_tokens: Option<u32>,
    /// What the board's power was limited to, in watts.
    pub power_limit_w: Option<f64>,
    /// Tokens in the cache before the measured ones.
    pub depth: Option<u32>,
    pub prefill_tokens: Option<u32>,
    pub prefill_tokens_per_s: Option<f64>,
    pub decode_tokens: Option<u32>,
    pub decode_tokens_per_s: Option<f64>,
    /// Of one device, where the machine's memory differs from what the chip's data sheet has.
    pub bandwidth_gb_per_s: Option<f64>,
    /// How layers or experts were left to the processor.
    pub offload: Option<String>,
    /// Bandwidth of the host's memory, as its data sheet or its own measurement states it.
    pub host_gb_per_s: Option<f64>,
    /// The bus of each card, as `4.0 x16`, where the source states it.
    pub pcie: Option<String>,
    pub date: Option<PartialDate>,
    pub source: String,
    /// Out of line with everything else known, as its collectors say, or of a program that the same collection measured
    /// a newer version of.
    pub outlier: bool,
    /// A mean over mixed lengths, a rate with prefill in it, or a quantization that its source only implies:
    /// to compare with, not to fit on.
    pub rough: bool,
    pub note: Option<String>,
}
