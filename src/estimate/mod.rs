//! The bandwidth model: how fast a machine decodes and prefills, and whether the model fits.
//!
//! Pure arithmetic. Decoding one token reads the weights and the cache once, so that
//!
//! ```text
//! t(d) = W / (B * share_w) + K(d) / (B * share_kv) + t0        tokens/s = 1 / t(d)
//! ```
//!
//! [`Workload`] holds what depends on the question alone; an [`Estimator`] does the rest for one machine and runtime.

mod alike;
mod architecture;
mod batch;
mod circumstances;
mod confidence;
mod data_sheet;
mod decode;
mod devices;
mod estimator;
mod factors;
mod host;
mod kernel;
mod kv_cache;
mod memory;
mod prefill;
mod rates;
mod spreads;
mod weights;

pub use architecture::{architecture, architecture_names};
pub use circumstances::{Circumstance, Circumstances};
pub use confidence::{Coverage, basis};
pub use data_sheet::{is_vulkan_on_intel, reachable_bandwidth, system_between};
pub use decode::{
    CacheClass, Exchange, ExpertClass, HeadClass, LayerCounts, LinearClass, StepWork, Term, TermKey,
    step_time, terms,
};
pub use devices::Devices;
pub use estimator::{Estimator, MODEL_KINDS, Question, Setup, Speed, model_kind};
pub use factors::{api, factor_names, width_names};
pub use host::HostShare;
pub use kernel::KernelClass;
pub use kv_cache::KvCache;
pub use prefill::{ComputeRates, Prompt, least_seconds as prefill_least_seconds, terms as prefill_terms};
pub use rates::{Architecture, Index, ModelRates, Rates, Slowdown};
pub use spreads::{DEPTH_CLASSES, decode_widening, prefill_widening, spread_class};
pub use weights::{TensorClass, TensorGroup, UnknownTensorType, WeightPart, Weights};

use std::borrow::Cow;

use crate::catalog::{Chip, KvType, Machine, Model, Quant, System};
use crate::scenario::MemoryLimit;

/// What the question alone decides: the same for every machine.
#[derive(Clone, Debug)]
pub struct Workload<'a> {
    pub model: Cow<'a, Model>,
    pub quant: &'a Quant,
    pub kv_type: &'a KvType,
    pub weights: Weights,
    pub cache: KvCache,
    pub counts: LayerCounts,
    pub kernel: KernelClass,
    /// As [`architecture`] names it.
    pub architecture: String,
    /// Tokens in the cache when the speed is taken, and the size the cache is laid out for.
    pub context: u32,
    /// Tokens of the question.
    pub prompt: u32,
    /// Tokens of the answer.
    pub answer: u32,
    /// Requests decoded at once.
    pub users: u32,
    /// What programs run under, on chips whose machines run it.
    pub system: Option<System>,
    pub memory_limit: MemoryLimit,
    pub offload: bool,
}

/// A machine with the chip it is built on.
#[derive(Clone, Copy, Debug)]
pub struct Rig<'a> {
    pub machine: &'a Machine,
    pub chip: &'a Chip,
}

/// Where the model lies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Placement {
    /// All of it in the memory of the chip or chips.
    Fits,
    /// Whole layers, or routed experts, are left to the host's memory.
    Offloads { what: Offload, bytes: f64 },
    /// It has no room. The speed is what it would be with memory enough.
    DoesNotFit { needed_bytes: f64, usable_bytes: f64 },
}

/// What is left to the host's memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offload {
    Layers,
    Experts,
}

/// Memory needed, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct MemoryNeed {
    pub weights_bytes: f64,
    pub cache_bytes: f64,
    /// Activations and the runtime itself.
    pub buffers_bytes: f64,
    pub usable_bytes: f64,
}

impl MemoryNeed {
    #[must_use]
    pub fn needed_bytes(&self) -> f64 {
        self.weights_bytes + self.cache_bytes + self.buffers_bytes
    }
}

/// Where the milliseconds of one token go.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct DecodeTime {
    pub weights_ms: f64,
    /// Keys, values and states.
    pub cache_ms: f64,
    /// Multiplying with the tokens of several users.
    pub compute_ms: f64,
    /// What lies in the host's memory.
    pub offload_ms: f64,
    /// Exchange between devices.
    pub link_ms: f64,
    /// Launching kernels, sampling and the like, whatever the size.
    pub fixed_ms: f64,
}

impl DecodeTime {
    #[must_use]
    pub fn total_ms(&self) -> f64 {
        self.weights_ms + self.cache_ms + self.compute_ms + self.offload_ms + self.link_ms + self.fixed_ms
    }

    /// Of one user.
    #[must_use]
    pub fn tokens_per_s(&self) -> f64 {
        1e3 / self.total_ms()
    }
}

/// How near the measurements are that an estimate rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Evidence {
    /// No measurement of the runtime comes close.
    General,
    /// Chips of the same family were measured with this runtime.
    Family,
    /// This chip was measured with this runtime.
    Chip,
}

impl Evidence {
    pub const ALL: [Self; 3] = [Self::General, Self::Family, Self::Chip];

    /// As the classes of spreads call it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Chip => "chip",
            Self::Family => "family",
            Self::General => "general",
        }
    }
}

/// How sure an estimate is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Confidence {
    pub evidence: Evidence,
    /// Measurements that the nearest constants rest on.
    pub rows: u32,
    /// The nominal 80 % interval, as factors on the estimate: below one, and above.
    pub low_factor: f64,
    pub high_factor: f64,
    /// The same for the rate of reading prompts.
    pub prefill_low_factor: f64,
    pub prefill_high_factor: f64,
}

/// Something taken for granted, to be said with the answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Assumption {
    /// The usable memory is the platform's rule, not a published figure.
    UsableMemoryByRule,
    /// The owner raised the memory limit.
    MemoryLimitRaised,
    /// The program runs under this.
    System(System),
    /// The driver of an Intel chip under Linux is Mesa 26.2 or newer.
    NewMesa,
    /// The devices hold layers and work one after the other.
    LayerSplit { devices: u32 },
    /// The devices each hold a part of every layer and exchange results.
    TensorParallel { devices: u32 },
    /// The devices each hold rows of every matrix, whose products are gathered on the first.
    RowSplit { devices: u32 },
    /// The host's memory reaches this bandwidth on its data sheet, and what lies there is copied to a card for every
    /// batch of so many tokens of a prompt.
    Host { gb_per_s: f64, batch_tokens: u32 },
    /// The peak compute rate is derived, not published.
    ComputeDerived,
    /// No compute rate is known, so that prefill is not estimated.
    NoComputeRate,
}

/// The answer for one machine and runtime.
#[derive(Clone, Debug, PartialEq)]
pub struct Estimate {
    pub placement: Placement,
    pub memory: MemoryNeed,
    /// Bytes of weights read for one token. With several users, for one step of all.
    pub weights_read_bytes: f64,
    /// Bytes of keys and values read for one token, states not counted. With several users, for all.
    pub kv_read_bytes: f64,
    /// Bytes of states read and written for one token.
    pub state_bytes: f64,
    pub time: DecodeTime,
    /// For one user.
    pub tokens_per_s: f64,
    /// For all users together.
    pub total_tokens_per_s: f64,
    pub confidence: Confidence,
    /// Absent where no compute rate is known.
    pub prefill_tokens_per_s: Option<f64>,
    pub time_to_first_token_s: Option<f64>,
    /// Answer tokens over the time from question to last token.
    pub answer_tokens_per_s: Option<f64>,
    pub assumptions: Vec<Assumption>,
}

impl Estimate {
    #[must_use]
    pub fn tokens_per_s_low(&self) -> f64 {
        self.tokens_per_s * self.confidence.low_factor
    }

    #[must_use]
    pub fn tokens_per_s_high(&self) -> f64 {
        self.tokens_per_s * self.confidence.high_factor
    }

    /// The ends of the nominal 80 % interval of reading a prompt.
    #[must_use]
    pub fn prefill_interval(&self) -> Option<(f64, f64)> {
        let rate = self.prefill_tokens_per_s?;
        let Confidence { prefill_low_factor, prefill_high_factor, .. } = self.confidence;
        Some((rate * prefill_low_factor, rate * prefill_high_factor))
    }
}

/// Why there is no estimate, in the order in which a runtime can fail: of several, the one that came furthest is told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum NoEstimate {
    #[error("the runtime does not run on this chip")]
    ChipNotSupported,
    #[error("the runtime does not read this quantization")]
    QuantNotSupported,
    #[error("the runtime does not run this model")]
    ModelNotSupported,
    #[error("the chip's memory bandwidth is not published")]
    NoBandwidth,
    #[error("no constants are fitted for the runtime")]
    NotCalibrated,
}
