//! The charts there are.

use serde::{Deserialize, Serialize};

/// Which chart a figure is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Name {
    #[default]
    PriceSpeed,
    SpeedContext,
    Memory,
    Cost,
    RamPrice,
    ModelsOnMachine,
    Accuracy,
}

impl Name {
    pub const ALL: [Self; 7] = [
        Self::PriceSpeed,
        Self::SpeedContext,
        Self::Memory,
        Self::Cost,
        Self::RamPrice,
        Self::ModelsOnMachine,
        Self::Accuracy,
    ];

    /// What a tab says.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::PriceSpeed => "Price and speed",
            Self::SpeedContext => "Speed and context",
            Self::Memory => "Memory",
            Self::Cost => "Cost",
            Self::RamPrice => "RAM price",
            Self::ModelsOnMachine => "Models on one machine",
            Self::Accuracy => "Accuracy",
        }
    }

    /// What the command line and file names say.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::PriceSpeed => "price-speed",
            Self::SpeedContext => "speed-context",
            Self::Memory => "memory",
            Self::Cost => "cost",
            Self::RamPrice => "ram-price",
            Self::ModelsOnMachine => "models-on-machine",
            Self::Accuracy => "accuracy",
        }
    }

    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|name| name.key() == key)
    }
}
