//! What exists: chips, machines with prices, models, quantizations, runtimes, measurements.
//!
//! The types here are what preset files say; [`load`] reads the files, and [`diagnostic`] is what it finds wrong in them.

mod calibration;
mod check;
mod chip;
mod date;
pub mod diagnostic;
mod embedded;
pub mod load;
mod machine;
mod measurement;
mod model;
mod price;
mod quant;
mod runtime;
mod system;

use foldhash::{HashMap, HashMapExt as _};
use jiff::civil::Date;

pub use calibration::{Calibration, Factor, Measured, Spread, Width};
pub use chip::{Chip, ChipKind, Compute, StreamingShare};
pub use date::{DateError, PartialDate};
pub use machine::{
    Availability, Host, Link, Machine, MachineKind, Needs, Sale, SaleKind, Transport, pcie_gb_per_s,
};
pub use measurement::Measurement;
pub use model::{DenseFfn, Experts, Layers, LinearKind, Model, Params, Published, Sparse};
pub use price::{Basis, Covers, Currency, ExchangeRate, MemoryPrice, PriceKind, Quote, Tax};
pub use quant::{
    KvType, Mix, MixError, MixModels, MixVariant, Quant, QuantFamily, QuantQuality, TensorMixes, TensorType,
};
pub use runtime::{QuantAlias, Runtime, RuntimeAlias, Split};
pub use system::System;

/// The version of the preset format that this program reads and writes.
pub const SCHEMA: u32 = 1;

/// Something with an id that a later preset can override.
pub trait Entry {
    fn id(&self) -> &str;
}

/// Entries of one kind in the order they were first loaded, found by id in constant time.
#[derive(Clone, Debug)]
pub struct Table<T> {
    entries: Vec<T>,
    index: HashMap<String, usize>,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { entries: Vec::new(), index: HashMap::new() }
    }
}

impl<T: Entry> Table<T> {
    /// Adds an entry, or puts it in the place of the one with its id.
    ///
    /// Returns the entry it replaced.
    pub fn insert(&mut self, entry: T) -> Option<T> {
        if let Some(&at) = self.index.get(entry.id()) {
            return Some(std::mem::replace(&mut self.entries[at], entry));
        }
        self.index.insert(entry.id().to_owned(), self.entries.len());
        self.entries.push(entry);
        None
    }

    #[must_use]
    pub fn get(&self, id: &str) -> Option<&T> {
        self.index.get(id).map(|&at| &self.entries[at])
    }

    /// The entry at a position, in the order they were first loaded.
    #[must_use]
    pub fn at(&self, position: usize) -> Option<&T> {
        self.entries.get(position)
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.entries.iter()
    }

    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(Entry::id)
    }
}

impl<'a, T: Entry> IntoIterator for &'a Table<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

macro_rules! entries {
    ($($kind:ty),+) => {$(
        impl Entry for $kind {
            fn id(&self) -> &str {
                &self.id
            }
        }
    )+};
}

entries!(Chip, Machine, Model, TensorType, Quant, KvType, Runtime, Calibration, Measurement, MemoryPrice);

/// All that is known, from the embedded presets and the person's own.
#[derive(Clone, Debug, Default)]
pub struct Catalog {
    pub chips: Table<Chip>,
    pub machines: Table<Machine>,
    pub models: Table<Model>,
    pub tensor_types: Table<TensorType>,
    pub quants: Table<Quant>,
    pub kv_types: Table<KvType>,
    pub runtimes: Table<Runtime>,
    /// Written by the calibration program.
    pub calibrations: Table<Calibration>,
    pub measurements: Table<Measurement>,
    pub memory_prices: Table<MemoryPrice>,
    /// In the order of their dates.
    pub exchange_rates: Vec<ExchangeRate>,
}

impl Catalog {
    /// The quantization with this id or alias.
    #[must_use]
    pub fn quant(&self, name: &str) -> Option<&Quant> {
        self.quants
            .get(name)
            .or_else(|| self.quants.iter().find(|quant| quant.aliases.iter().any(|alias| alias == name)))
    }

    /// The quantization that a measurement means: programs have names of their own for some.
    #[must_use]
    pub fn quant_measured(&self, measurement: &Measurement) -> Option<&Quant> {
        let engine = measurement.engine.as_deref().unwrap_or("");
        let backend = measurement.backend.as_deref().unwrap_or("");
        let runtime = self.runtimes.iter().find(|runtime| runtime.is_named(engine, backend));
        let name = measurement.quant.as_str();
        self.quant(runtime.map_or(name, |runtime| runtime.quant_meant(name)))
    }

    /// The newest exchange rate up to a day, or the oldest there is.
    #[must_use]
    pub fn exchange_rate(&self, day: Date) -> Option<&ExchangeRate> {
        let known = self.exchange_rates.iter().filter(|rate| rate.date.first_day() <= day);
        known
            .max_by_key(|rate| rate.date.first_day())
            .or_else(|| self.exchange_rates.iter().min_by_key(|rate| rate.date.first_day()))
    }

    /// The newest price of memory by itself up to a day.
    #[must_use]
    pub fn memory_price(&self, day: Date) -> Option<&MemoryPrice> {
        let known = self.memory_prices.iter().filter(|price| price.date.first_day() <= day);
        known.max_by_key(|price| price.date.first_day())
    }

    /// The cache type with this id or alias.
    #[must_use]
    pub fn kv_type(&self, name: &str) -> Option<&KvType> {
        self.kv_types
            .get(name)
            .or_else(|| self.kv_types.iter().find(|kv| kv.aliases.iter().any(|alias| alias == name)))
    }
}
