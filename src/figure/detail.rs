//! What a tip says, as values: of thousands of marks a person points at one, and only its details need to become words.

use std::{
    fmt::{self, Display, Formatter},
    sync::Arc,
};

use crate::{
    catalog::PriceKind,
    compare::Price,
    estimate::{Evidence, NoEstimate, Offload},
    units,
};

/// Something said of a machine, a model or a measurement. In words, with units, as it is displayed.
#[derive(Clone, Debug, PartialEq)]
pub enum Detail {
    Text(Arc<str>),
    Price(Price),
    NotEstimated(NoEstimate),
    Decode {
        tokens_per_s: f64,
        /// The ends of the nominal 80 % interval.
        low: f64,
        high: f64,
        /// Several users have as much each.
        each: bool,
    },
    TokensPerSecond(f64),
    /// The same where it was measured as well.
    Predicted {
        tokens_per_s: f64,
        low: f64,
        high: f64,
        measured: f64,
    },
    Tokens(u32),
    /// Seconds until something comes.
    After(f64),
    /// Bytes.
    Needs(f64),
    /// A model that does not fit.
    Lacks {
        needed_bytes: f64,
        usable_bytes: f64,
    },
    Memory {
        needed_bytes: f64,
        usable_bytes: f64,
        /// Bytes in the host's memory.
        offloaded: Option<(Offload, f64)>,
    },
    Bandwidth {
        devices: u32,
        gb_per_s: f64,
    },
    /// Under load.
    Watts(f64),
    Quantization {
        name: Arc<str>,
        bits_per_weight: f64,
    },
    Parameters(f64),
    RestsOn {
        evidence: Evidence,
        rows: u32,
    },
}

impl From<String> for Detail {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

impl Display for Detail {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Price(price) => price_text(f, price),
            Self::NotEstimated(reason) => write!(f, "not estimated: {reason}"),
            Self::Decode { tokens_per_s, low, high, each } => write!(
                f,
                "{}{} ({} to {})",
                units::tokens_per_s(*tokens_per_s),
                if *each { " for each user" } else { "" },
                units::significant(*low),
                units::significant(*high),
            ),
            Self::TokensPerSecond(rate) => f.write_str(&units::tokens_per_s(*rate)),
            Self::Predicted { tokens_per_s, low, high, measured } => write!(
                f,
                "{} ({} to {}), {:+.0} %",
                units::tokens_per_s(*tokens_per_s),
                units::significant(*low),
                units::significant(*high),
                (tokens_per_s / measured - 1.0) * 100.0,
            ),
            Self::Tokens(count) => f.write_str(&units::tokens(*count)),
            Self::After(seconds) => write!(f, "after {}", units::duration(*seconds)),
            Self::Needs(bytes) => write!(f, "needs {}", units::gibibytes(*bytes)),
            Self::Lacks { needed_bytes, usable_bytes } => {
                write!(
                    f,
                    "needs {}, has {}",
                    units::gibibytes(*needed_bytes),
                    units::gibibytes(*usable_bytes)
                )
            }
            Self::Memory { needed_bytes, usable_bytes, offloaded } => {
                let (needed, usable) = (units::gibibytes(*needed_bytes), units::gibibytes(*usable_bytes));
                write!(f, "{needed} of {usable} usable")?;
                let Some((what, bytes)) = offloaded else { return Ok(()) };
                let what = match what {
                    Offload::Layers => "layers",
                    Offload::Experts => "experts",
                };
                write!(f, "; {} of {what} in the host's memory", units::gibibytes(*bytes))
            }
            Self::Bandwidth { devices: 1, gb_per_s } => write!(f, "{} GB/s", units::significant(*gb_per_s)),
            Self::Bandwidth { devices, gb_per_s } => {
                write!(f, "{devices} x {} GB/s", units::significant(*gb_per_s))
            }
            Self::Watts(watts) => write!(f, "{} W under load", units::significant(*watts)),
            Self::Quantization { name, bits_per_weight } => {
                write!(f, "{name}, {} bits per weight", units::significant(*bits_per_weight))
            }
            Self::Parameters(count) => f.write_str(&units::parameters(*count)),
            Self::RestsOn { evidence, rows } => {
                let counted = units::thousands(f64::from(*rows));
                let measurements = if *rows == 1 { "measurement" } else { "measurements" };
                let of = match evidence {
                    Evidence::Chip => "this chip",
                    Evidence::Family => "its chip family",
                    Evidence::General => "other chips",
                };
                write!(f, "{counted} {measurements} of {of}")
            }
        }
    }
}

/// `3,449 USD, street price, 2026-09; 900 USD of it for the host PC`.
fn price_text(f: &mut Formatter, price: &Price) -> fmt::Result {
    let kind = match price.kind {
        PriceKind::List => "list price",
        PriceKind::Street => "street price",
        PriceKind::Used => "second hand",
        PriceKind::Quoted => "quoted",
        PriceKind::Article => "the article's figure",
    };
    write!(f, "{}, {kind}, {}", units::money(price.amount, price.currency), price.date)?;
    if let Some((low, high)) = price.range.filter(|(low, high)| low < high) {
        write!(f, " ({} to {})", units::thousands(low), units::thousands(high))?;
    }
    if price.host > 0.0 {
        write!(f, "; {} of it for the host PC", units::money(price.host, price.currency))?;
    }
    Ok(())
}
