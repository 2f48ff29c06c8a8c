//! Quantizations by the kernels that unpack them.

use crate::catalog::{Quant, QuantFamily};

/// Quantizations by the kernels that unpack them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KernelClass {
    F16,
    /// Of llama.cpp, whose kernels for a prompt are written for F16 first.
    Bf16,
    Q8,
    /// Blocks of 32 with one scale: `Q4_0` to `Q5_1`.
    Q4,
    K4,
    K5,
    K6,
    /// Two- and three-bit K-quants.
    K2,
    Iq4,
    /// Codebook types below four bits.
    IqLow,
    /// NVFP4, whose products have both sides in four bits where a chip's units do.
    Fp4,
    /// Of weights alone, which are widened for a prompt's products.
    Mxfp4,
    /// GPTQ, AWQ and other four-bit integer groups.
    Int4,
    Mlx,
    Exl2,
    /// Trellis codes, whose unpacking keeps smaller chips longer than their bytes do.
    Exl3,
}

impl KernelClass {
    pub const ALL: [Self; 16] = [
        Self::F16,
        Self::Bf16,
        Self::Q8,
        Self::Q4,
        Self::K4,
        Self::K5,
        Self::K6,
        Self::K2,
        Self::Iq4,
        Self::IqLow,
        Self::Fp4,
        Self::Mxfp4,
        Self::Int4,
        Self::Mlx,
        Self::Exl2,
        Self::Exl3,
    ];

    /// The class of the type that most of a quantization's weights have.
    #[must_use]
    pub fn new(quant: &Quant) -> Self {
        let tensors = &quant.tensors;
        // Of a mixture of experts most weights are experts, and a mix may name those apart.
        let mix = tensors.experts_up.as_ref().unwrap_or(&tensors.default);
        let main = mix.0.iter().max_by(|a, b| a.0.total_cmp(&b.0)).map_or("", |(_, id)| id.as_str());
        let id = main.to_ascii_uppercase();
        let starts = |prefix: &str| id.starts_with(prefix);
        if starts("MXFP4") {
            return Self::Mxfp4;
        }
        if starts("NVFP4") || starts("FP4") {
            return Self::Fp4;
        }
        if starts("BF16") && quant.family == QuantFamily::Gguf {
            return Self::Bf16;
        }
        if starts("F16") || starts("BF16") || starts("F32") {
            return Self::F16;
        }
        match quant.family {
            QuantFamily::Exl2 => return Self::Exl2,
            QuantFamily::Exl3 => return Self::Exl3,
            QuantFamily::Gptq | QuantFamily::Awq | QuantFamily::Bitsandbytes | QuantFamily::Mlc => {
                return Self::Int4;
            }
            QuantFamily::Mlx => return Self::Mlx,
            _ => {}
        }
        if starts("Q8") || starts("FP8") || starts("INT8") || starts("MXFP8") {
            Self::Q8
        } else if starts("Q6") {
            Self::K6
        } else if starts("Q5_K") {
            Self::K5
        } else if starts("Q4_K") {
            Self::K4
        } else if starts("Q4") || starts("Q5") || starts("IQ4_NL") {
            Self::Q4
        } else if starts("Q3") || starts("Q2") || starts("TQ") || starts("Q1") {
            Self::K2
        } else if starts("IQ4") {
            Self::Iq4
        } else if starts("IQ") {
            Self::IqLow
        } else if starts("INT4") {
            Self::Int4
        } else {
            Self::K4
        }
    }

    /// The class that it is read as for a token: what kernels differ in is the products of a prompt.
    #[must_use]
    pub fn read_as(self) -> Self {
        match self {
            Self::Bf16 => Self::F16,
            Self::Mxfp4 => Self::Fp4,
            other => other,
        }
    }

    /// Whether plain units unpack it, weight by weight.
    pub(super) fn is_unpacked(self) -> bool {
        matches!(self, Self::Q4 | Self::K4 | Self::K5 | Self::K6 | Self::K2 | Self::Iq4 | Self::IqLow)
    }

    /// Whether its codes stand for values in a table.
    pub(super) fn is_looked_up(self) -> bool {
        matches!(self, Self::Iq4 | Self::IqLow | Self::Fp4 | Self::Mxfp4)
    }

    /// As reports call it.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::F16 => "16 bits",
            Self::Bf16 => "BF16",
            Self::Q8 => "8 bits",
            Self::Q4 => "Q4_0 to Q5_1",
            Self::K4 => "Q4_K",
            Self::K5 => "Q5_K",
            Self::K6 => "Q6_K",
            Self::K2 => "Q2_K and Q3_K",
            Self::Iq4 => "IQ4",
            Self::IqLow => "IQ1 to IQ3",
            Self::Fp4 => "NVFP4",
            Self::Mxfp4 => "MXFP4",
            Self::Int4 => "GPTQ, AWQ and alike",
            Self::Mlx => "MLX",
            Self::Exl2 => "EXL2",
            Self::Exl3 => "EXL3",
        }
    }

    /// As factor names call it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::F16 => "f16",
            Self::Bf16 => "bf16",
            Self::Q8 => "q8",
            Self::Q4 => "q4",
            Self::K4 => "k4",
            Self::K5 => "k5",
            Self::K6 => "k6",
            Self::K2 => "k2",
            Self::Iq4 => "iq4",
            Self::IqLow => "iq-low",
            Self::Fp4 => "fp4",
            Self::Mxfp4 => "mxfp4",
            Self::Int4 => "int4",
            Self::Mlx => "mlx",
            Self::Exl2 => "exl2",
            Self::Exl3 => "exl3",
        }
    }
}
