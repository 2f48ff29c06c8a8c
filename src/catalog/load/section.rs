//! The lists that a preset file may hold.

/// One of the lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::catalog) enum Section {
    Chips,
    Machines,
    Models,
    TensorTypes,
    Quants,
    KvTypes,
    Runtimes,
    Calibrations,
    Measurements,
    MemoryPrices,
    ExchangeRates,
}

impl Section {
    pub const ALL: [Self; 11] = [
        Self::Chips,
        Self::Machines,
        Self::Models,
        Self::TensorTypes,
        Self::Quants,
        Self::KvTypes,
        Self::Runtimes,
        Self::Calibrations,
        Self::Measurements,
        Self::MemoryPrices,
        Self::ExchangeRates,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Chips => "chips",
            Self::Machines => "machines",
            Self::Models => "models",
            Self::TensorTypes => "tensor_types",
            Self::Quants => "quants",
            Self::KvTypes => "kv_types",
            Self::Runtimes => "runtimes",
            Self::Calibrations => "calibrations",
            Self::Measurements => "measurements",
            Self::MemoryPrices => "memory_prices",
            Self::ExchangeRates => "exchange_rates",
        }
    }

    /// What one of its entries is called.
    pub fn entry(self) -> &'static str {
        match self {
            Self::Chips => "chip",
            Self::Machines => "machine",
            Self::Models => "model",
            Self::TensorTypes => "tensor type",
            Self::Quants => "quantization",
            Self::KvTypes => "cache type",
            Self::Runtimes => "runtime",
            Self::Calibrations => "calibration",
            Self::Measurements => "measurement",
            Self::MemoryPrices => "memory price",
            Self::ExchangeRates => "exchange rate",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|section| section.name() == name)
    }
}
