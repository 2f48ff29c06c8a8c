//! Devices that run a model together, and how much faster they are than one.

use super::factors::api;
use crate::catalog::{Chip, ChipKind, QuantFamily, Runtime, Split, Transport};

/// The devices that run a model together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Devices {
    /// Of one device.
    pub bandwidth_gb_per_s: f64,
    /// Of one device. Zero where it is unknown.
    pub fp32_tflops: f64,
    pub count: u32,
    pub split: Split,
    /// Of what a pipeline gains on a prompt, in logarithms, the part that devices reach which hand layers over.
    pub pipeline_share: f64,
    /// How they exchange, where that is known.
    pub transport: Option<Transport>,
}

impl Devices {
    /// `count` chips of a kind that each read at a bandwidth.
    #[must_use]
    pub fn new(bandwidth_gb_per_s: f64, runtime: &Runtime, chip: &Chip, count: u32, split: Split) -> Self {
        let fp32_tflops = chip.compute.fp32_tflops.unwrap_or(0.0);
        let pipeline_share = pipeline_share(runtime, chip, count);
        Self { bandwidth_gb_per_s, fp32_tflops, count, split, pipeline_share, transport: None }
    }

    /// The same that exchange over a network in this way.
    #[must_use]
    pub fn over(self, transport: Option<Transport>) -> Self {
        Self { transport, ..self }
    }

    /// One of them.
    #[must_use]
    pub fn alone(&self) -> Self {
        Self { count: 1, pipeline_share: 0.0, ..*self }
    }

    /// How many times as fast as one device they compute on a prompt of so many batches.
    ///
    /// In a pipeline of `n` stages, `b` batches take `b + n - 1` steps where one device takes `b n`.
    pub(super) fn at_once_for_prompt(&self, batches: f64) -> f64 {
        let count = f64::from(self.count.max(1));
        match self.split {
            Split::Tensors | Split::Rows => self.at_once(),
            Split::Layers => (batches * count / (batches + count - 1.0)).powf(self.pipeline_share),
        }
    }

    /// How many times the bandwidth of one device a layer's matrices are read at.
    pub(super) fn at_once(&self) -> f64 {
        shared_by(f64::from(self.split.at_once(self.count)))
    }

    /// The same for caches, states and routed experts, which so many devices can share at most, and none by rows.
    fn at_once_of(&self, parts: f64) -> f64 {
        match self.split {
            Split::Tensors => shared_by(f64::from(self.count).min(parts)),
            Split::Rows | Split::Layers => 1.0,
        }
    }

    /// Bytes per second that matrices are read at, at the data sheet's bandwidth of all devices that read at once.
    pub(super) fn bytes_per_s(&self) -> f64 {
        self.bandwidth_gb_per_s * 1e9 * self.at_once()
    }

    /// The same for caches, states and routed experts, which so many devices can share at most.
    pub(super) fn bytes_per_s_of(&self, parts: f64) -> f64 {
        self.bandwidth_gb_per_s * 1e9 * self.at_once_of(parts)
    }

    /// FP32 operations per second of all devices that compute at once.
    pub(super) fn flops_per_s(&self) -> f64 {
        self.fp32_tflops * 1e12 * self.at_once()
    }
}

/// How many times as fast as one so many devices read what they share: they wait for the slowest, and each reads narrower
/// matrices.
fn shared_by(devices: f64) -> f64 {
    const SHARED_EXPONENT: f64 = 0.85;
    if devices > 1.0 { devices.powf(SHARED_EXPONENT) } else { 1.0 }
}

/// How much of what a pipeline would gain, in logarithms, `count` devices reach that hand layers over: nothing where
/// a batch of a prompt has to leave the last of them before the next one starts.
///
/// llama.cpp's scheduler keeps cards in one computer busy at once (`GGML_SCHED_MAX_COPIES`), whose kernels can be waited for
/// by events; over a network it cannot, and with SYCL and Metal no measurement shows it. All wait for the slowest
/// card and for every handing over: in the runs of 25 collections in `presets/measurements` two reach most of the gain,
/// and more the less of it the more they are. Programs on MLX hand over larger batches, and reach all of it.
fn pipeline_share(runtime: &Runtime, chip: &Chip, count: u32) -> f64 {
    const OF_TWO_CARDS: f64 = 0.85;
    let gguf = runtime.quant_families.contains(&QuantFamily::Gguf);
    match api(runtime) {
        _ if count < 2 => 0.0,
        "mlx" => 1.0,
        "cuda" | "rocm" | "vulkan" if gguf && chip.kind == ChipKind::Gpu => {
            OF_TWO_CARDS / f64::from(count - 1).sqrt()
        }
        _ => 0.0,
    }
}
