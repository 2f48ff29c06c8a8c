//! Quantization: the block types that weights are stored in, and the mixes that say which tensor gets which.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::{Layers, LinearKind, Model};

/// How a block of weights is stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TensorType {
    pub id: String,
    /// True bits for a weight, scales included.
    pub bits_per_weight: f64,
    /// Weights in a block; a row must be a multiple of it.
    #[serde(default = "one")]
    pub block_elements: u32,
    #[serde(default)]
    pub block_bytes: Option<u32>,
    /// The type's number in a GGUF file.
    #[serde(default)]
    pub ggml_id: Option<u32>,
    /// The type that a tensor gets whose rows are no multiple of the block.
    #[serde(default)]
    pub fallback: Option<String>,
    #[serde(default)]
    pub notes: Vec<String>,
}

/// Which type, or which types in what shares, a class of tensors is stored in: `Q4_K` or `0.5 Q6_K + 0.5 Q4_K`.
#[derive(Clone, Debug, PartialEq)]
pub struct Mix(pub Vec<(f64, String)>);

/// Why a text is not a mix.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a mix of types: write `Q4_K`, or shares that sum to 1 as in `0.5 Q6_K + 0.5 Q4_K`")]
pub struct MixError(String);

impl FromStr for Mix {
    type Err = MixError;

    fn from_str(text: &str) -> Result<Self, MixError> {
        let error = || MixError(text.to_owned());
        let mut parts = Vec::new();
        for part in text.split('+') {
            let words: Vec<&str> = part.split_whitespace().collect();
            match words.as_slice() {
                [id] => parts.push((1.0, (*id).to_owned())),
                [share, id] => parts.push((share.parse().map_err(|_| error())?, (*id).to_owned())),
                _ => return Err(error()),
            }
        }
        let sum: f64 = parts.iter().map(|(share, _)| share).sum();
        let positive = parts.iter().all(|(share, _)| *share > 0.0);
        if positive && (sum - 1.0).abs() < 1e-6 { Ok(Self(parts)) } else { Err(error()) }
    }
}

impl fmt::Display for Mix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let [(_, id)] = self.0.as_slice() {
            return f.write_str(id);
        }
        for (index, (share, id)) in self.0.iter().enumerate() {
            let plus = if index == 0 { "" } else { " + " };
            write!(f, "{plus}{share} {id}")?;
        }
        Ok(())
    }
}

impl<'de> Deserialize<'de> for Mix {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

impl Serialize for Mix {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Quantizations that one kind of runtime reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuantFamily {
    Gguf,
    Mlx,
    /// Unquantized or FP8/FP4 safetensors as vLLM, SGLang and TensorRT-LLM read them.
    Safetensors,
    Gptq,
    Awq,
    Bitsandbytes,
    Exl2,
    Exl3,
    Mlc,
    /// The GGUF files that `DwarfStar` makes for itself, which no other program reads.
    Dwarfstar,
    /// Formats of neural processors.
    Npu,
}

impl QuantFamily {
    pub const ALL: [Self; 11] = [
        Self::Gguf,
        Self::Mlx,
        Self::Safetensors,
        Self::Gptq,
        Self::Awq,
        Self::Bitsandbytes,
        Self::Exl2,
        Self::Exl3,
        Self::Mlc,
        Self::Dwarfstar,
        Self::Npu,
    ];

    /// What people call it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Gguf => "GGUF",
            Self::Mlx => "MLX",
            Self::Safetensors => "FP8, FP4, BF16",
            Self::Gptq => "GPTQ",
            Self::Awq => "AWQ",
            Self::Bitsandbytes => "bitsandbytes",
            Self::Exl2 => "EXL2",
            Self::Exl3 => "EXL3",
            Self::Mlc => "MLC",
            Self::Dwarfstar => "DwarfStar",
            Self::Npu => "NPU",
        }
    }
}

/// The type of each class of tensors. A class that is not named gets `default`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TensorMixes {
    pub default: Mix,
    #[serde(default)]
    pub embedding: Option<Mix>,
    #[serde(default)]
    pub head: Option<Mix>,
    /// An embedding table that serves as the head as well.
    #[serde(default)]
    pub tied_embedding: Option<Mix>,
    #[serde(default)]
    pub attention_q: Option<Mix>,
    #[serde(default)]
    pub attention_k: Option<Mix>,
    #[serde(default)]
    pub attention_v: Option<Mix>,
    /// Value projections where four heads or more share one of keys and values; else as `attention_v`.
    #[serde(default)]
    pub attention_v_grouped: Option<Mix>,
    #[serde(default)]
    pub attention_output: Option<Mix>,
    #[serde(default)]
    pub linear_attention: Option<Mix>,
    /// Gate and up projections.
    #[serde(default)]
    pub ffn_up: Option<Mix>,
    #[serde(default)]
    pub ffn_down: Option<Mix>,
    #[serde(default)]
    pub experts_up: Option<Mix>,
    #[serde(default)]
    pub experts_down: Option<Mix>,
    #[serde(default)]
    pub shared_up: Option<Mix>,
    #[serde(default)]
    pub shared_down: Option<Mix>,
    #[serde(default)]
    pub router: Option<Mix>,
    /// Norms, biases and what else is never quantized.
    #[serde(default)]
    pub other: Option<Mix>,
    #[serde(default)]
    pub lookup: Option<Mix>,
}

/// Models that a quantization treats alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MixModels {
    /// With Mamba layers, whatever else.
    Mamba,
    /// Mixtures of experts, some of whose layers keep a constant state.
    HybridExperts,
    /// Other mixtures of experts.
    Experts,
    /// Without experts, some layers with a constant state.
    Hybrid,
}

/// The types that models of one kind get instead of the usual ones.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MixVariant {
    pub models: MixModels,
    pub tensors: TensorMixes,
}

/// Quality lost, as published for one model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuantQuality {
    pub model: String,
    #[serde(default)]
    pub perplexity: Option<f64>,
    #[serde(default)]
    pub perplexity_increase: Option<f64>,
    #[serde(default)]
    pub kl_divergence: Option<f64>,
    pub source: String,
}

/// A way to quantize a whole model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quant {
    pub id: String,
    pub name: String,
    pub family: QuantFamily,
    /// Other names that measurements and files use for it.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Offered on the slider. Rare and measured-only ones are not.
    #[serde(default = "yes")]
    pub offered: bool,
    pub tensors: TensorMixes,
    /// The first that a model belongs to holds instead of `tensors`.
    #[serde(default)]
    pub variants: Vec<MixVariant>,
    #[serde(default)]
    pub quality: Option<QuantQuality>,
    #[serde(default)]
    pub sources: Vec<String>,
    #[serde(default)]
    pub notes: Vec<String>,
}

/// A type the cache can be kept in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KvType {
    pub id: String,
    pub name: String,
    pub bits_per_element: f64,
    #[serde(default)]
    pub aliases: Vec<String>,
    /// The kinds of runtime that have it; all where empty.
    #[serde(default)]
    pub families: Vec<QuantFamily>,
    #[serde(default)]
    pub kl_divergence: Option<f64>,
    #[serde(default)]
    pub sources: Vec<String>,
    #[serde(default)]
    pub notes: Vec<String>,
}

impl Quant {
    /// The types that the tensors of `model` get.
    #[must_use]
    pub fn tensors_of(&self, model: &Model) -> &TensorMixes {
        let linear = |wanted: fn(LinearKind) -> bool| {
            model.attention.iter().any(|group| matches!(group, Layers::Linear { kind, .. } if wanted(*kind)))
        };
        let (experts, hybrid) = (model.experts.is_some(), linear(|_| true));
        let belongs = |models: MixModels| match models {
            MixModels::Mamba => linear(|kind| matches!(kind, LinearKind::Mamba1 | LinearKind::Mamba2)),
            MixModels::HybridExperts => experts && hybrid,
            MixModels::Experts => experts && !hybrid,
            MixModels::Hybrid => !experts && hybrid,
        };
        let variant = self.variants.iter().find(|variant| belongs(variant.models));
        variant.map_or(&self.tensors, |variant| &variant.tensors)
    }
}

fn one() -> u32 {
    1
}

fn yes() -> bool {
    true
}
