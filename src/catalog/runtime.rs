//! A runtime: a program and what it computes with, and its reach.

use serde::{Deserialize, Serialize};

use super::{Chip, ChipKind, QuantFamily};

/// How a runtime uses several devices.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Split {
    /// Each device holds some layers; they work one after the other.
    #[default]
    Layers,
    /// Each device holds a part of every layer; they work at once and exchange results.
    Tensors,
    /// Each device holds rows of every matrix but those of routed experts, and all products are gathered on the first,
    /// which keeps the cache (llama.cpp's `-sm row`).
    Rows,
}

impl Split {
    /// Whether the devices work on each layer together.
    #[must_use]
    pub fn shares_layers(self) -> bool {
        self != Self::Layers
    }

    /// How many of so many devices read for a token at the same time.
    #[must_use]
    pub fn at_once(self, devices: u32) -> u32 {
        if self.shares_layers() { devices } else { 1 }
    }
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
    /// Ids of the models it runs, where it was made for some alone.
    #[serde(default)]
    pub models: Vec<String>,
    /// Whether it is a fork whose kernels differ from the main line's, so that its chips are fitted apart.
    #[serde(default)]
    pub own_kernels: bool,
    #[serde(default)]
    pub split: Split,
    /// Whether layers or experts that do not fit can be left to the host's memory.
    #[serde(default)]
    pub offloads: bool,
    /// Tokens of a prompt that go through the model at once by default, at most.
    #[serde(default = "usual_batch_tokens")]
    pub batch_tokens: u32,
    /// Whether it is made to serve many requests at once: its kernels multiply small batches well.
    #[serde(default)]
    pub serves_many: bool,
    /// Whether it runs in Windows itself. Where it does not, people run it in Linux within Windows.
    #[serde(default = "yes")]
    pub windows: bool,
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

/// llama.cpp's `n_ubatch`.
fn usual_batch_tokens() -> u32 {
    512
}

impl Runtime {
    /// Whether a measurement's engine and backend name this runtime.
    #[must_use]
    pub fn is_named(&self, engine: &str, backend: &str) -> bool {
        (self.engine == engine && self.backend == backend)
            || self.aliases.iter().any(|alias| alias.engine == engine && alias.backend == backend)
    }

    /// Whether it runs on a chip. A graphics card has no processor that could compute from its memory.
    #[must_use]
    pub fn reaches(&self, chip: &Chip) -> bool {
        self.runs_on(&chip.family) && (self.backend != "CPU" || chip.kind != ChipKind::Gpu)
    }

    /// The name or id of the quantization that this runtime's users call by a name.
    #[must_use]
    pub fn quant_meant<'a>(&'a self, name: &'a str) -> &'a str {
        self.quant_aliases.iter().find(|alias| alias.name == name).map_or(name, |alias| &alias.means)
    }

    /// Whether it runs a model that it can read the weights of.
    #[must_use]
    pub fn runs_model(&self, model: &str) -> bool {
        self.models.is_empty() || self.models.iter().any(|id| id == model)
    }

    /// Whether it runs on chips of a family.
    #[must_use]
    pub fn runs_on(&self, family: &str) -> bool {
        self.chip_families.iter().any(|pattern| match pattern.strip_suffix('*') {
            Some(prefix) => family.starts_with(prefix),
            None => pattern == family,
        })
    }
}
