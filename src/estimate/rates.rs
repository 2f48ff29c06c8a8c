//! The fitted factors of one runtime on one chip, looked up once.

use std::{collections::HashMap, sync::Arc};

use super::{
    Circumstance, KernelClass, Term, api,
    architecture::{ArchitecturePart, levels, split_architecture_name},
    decode::{CacheClass, Exchange, ExpertClass, HeadClass, LatentClass, LinearClass, TermKey},
    factors::{factor_names, width_names},
};
use crate::catalog::{Calibration, Chip, Runtime};

impl TermKey {
    /// Every key there is, so that all factors of a chip and runtime can be looked up beforehand.
    pub fn all() -> impl Iterator<Item = Self> {
        let kernels = KernelClass::ALL.into_iter();
        kernels
            .clone()
            .map(Self::Weights)
            .chain(kernels.clone().map(Self::Experts))
            .chain(kernels.clone().filter(|kernel| kernel.is_unpacked()).map(Self::Unpack))
            .chain(kernels.clone().map(Self::PrefillDense))
            .chain(kernels.clone().map(Self::PrefillExperts))
            .chain(kernels.map(Self::PrefillSmallExperts))
            .chain(HeadClass::ALL.into_iter().map(Self::PrefillAttention))
            .chain(
                HeadClass::ALL.into_iter().flat_map(|head| CacheClass::ALL.map(|of| Self::Cache(head, of))),
            )
            .chain(CacheClass::ALL.into_iter().map(Self::Attention))
            .chain(LinearClass::ALL.into_iter().map(Self::LinearLayer))
            .chain(ExpertClass::ALL.into_iter().map(Self::ExpertLayer))
            .chain(LatentClass::ALL.into_iter().map(Self::LatentLayer))
            .chain(Exchange::ALL.into_iter().flat_map(|of| [Self::TensorLink(of), Self::PrefillLink(of)]))
            .chain([
                Self::State,
                Self::Index,
                Self::SharedLayer,
                Self::Layer,
                Self::EmbeddingLayer,
                Self::NarrowExperts,
                Self::RowLink,
                Self::LayerLink,
                Self::PrefillRowLink,
                Self::PrefillSmallBatch,
                Self::PrefillWeights,
                Self::PrefillLayer,
                Self::PrefillLinear,
            ])
    }

    /// The key's place in [`Rates`].
    fn place(self) -> usize {
        const CACHE: usize = 6 * KERNELS;
        const PREFILL_ATTENTION: usize = CACHE + HEADS * CACHES;
        const LINEAR: usize = PREFILL_ATTENTION + HEADS;
        const EXPERT: usize = LINEAR + LinearClass::ALL.len();
        const LATENT: usize = EXPERT + ExpertClass::ALL.len();
        const EXCHANGE: usize = LATENT + LatentClass::ALL.len();
        const PREFILL_EXCHANGE: usize = EXCHANGE + EXCHANGES;
        const ATTENTION: usize = PREFILL_EXCHANGE + EXCHANGES;
        const REST: usize = ATTENTION + CACHES;
        match self {
            Self::Weights(kernel) => kernel as usize,
            Self::Experts(kernel) => KERNELS + kernel as usize,
            Self::PrefillDense(kernel) => 2 * KERNELS + kernel as usize,
            Self::PrefillExperts(kernel) => 3 * KERNELS + kernel as usize,
            Self::PrefillSmallExperts(kernel) => 4 * KERNELS + kernel as usize,
            Self::Unpack(kernel) => 5 * KERNELS + kernel as usize,
            Self::Cache(head, cache) => CACHE + head as usize * CACHES + cache as usize,
            Self::PrefillAttention(head) => PREFILL_ATTENTION + head as usize,
            Self::LinearLayer(linear) => LINEAR + linear as usize,
            Self::ExpertLayer(experts) => EXPERT + experts as usize,
            Self::LatentLayer(latent) => LATENT + latent as usize,
            Self::TensorLink(exchange) => EXCHANGE + exchange as usize,
            Self::PrefillLink(exchange) => PREFILL_EXCHANGE + exchange as usize,
            Self::Attention(cache) => ATTENTION + cache as usize,
            Self::State => REST,
            Self::Layer => REST + 1,
            Self::EmbeddingLayer => REST + 2,
            Self::NarrowExperts => REST + 3,
            Self::LayerLink => REST + 4,
            Self::PrefillWeights => REST + 5,
            Self::PrefillLayer => REST + 6,
            Self::PrefillLinear => REST + 7,
            Self::PrefillSmallBatch => REST + 8,
            Self::Index => REST + 9,
            Self::SharedLayer => REST + 10,
            Self::RowLink => REST + 11,
            Self::PrefillRowLink => REST + 12,
        }
    }
}

const KERNELS: usize = KernelClass::ALL.len();
const HEADS: usize = HeadClass::ALL.len();
const CACHES: usize = CacheClass::ALL.len();
const EXCHANGES: usize = Exchange::ALL.len();
const PARTS: usize = ArchitecturePart::ALL.len();
/// Places in [`Rates`]: six for each kernel class, for each head class one and one for each class of caches, classes of linear,
/// expert and latent layers, two for each kind of exchange, classes of caches, thirteen more.
const PLACES: usize = 6 * KERNELS
    + HEADS * (1 + CACHES)
    + LinearClass::ALL.len()
    + ExpertClass::ALL.len()
    + LatentClass::ALL.len()
    + 2 * EXCHANGES
    + CACHES
    + 13;

/// All factors of one runtime on one chip.
#[derive(Clone, Debug, PartialEq)]
pub struct Rates {
    factors: [f64; PLACES],
    /// Powers of the model's width that launches are scaled with, and a prompt's products.
    launch_width: f64,
    product_width: f64,
    /// What the parts of each architecture that was measured take against the usual.
    by_architecture: [Vec<ByArchitecture>; PARTS],
}

/// A factor for each architecture of an [`Index`].
type ByArchitecture = Arc<[f64]>;

/// A model's family and architecture as an [`Index`] counts them; none where nothing was measured of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Architecture([Option<usize>; 2]);

/// The factors of one runtime on one chip for models of one architecture.
#[derive(Clone, Copy, Debug)]
pub struct ModelRates<'a> {
    rates: &'a Rates,
    /// What the architecture's parts take against the usual; one where they were not measured.
    of_architecture: [f64; PARTS],
    /// What launches take at the model's width, and a prompt's products.
    launch: f64,
    product: f64,
}

impl ModelRates<'_> {
    /// The time of a term in seconds.
    #[must_use]
    pub fn seconds(&self, term: &Term) -> f64 {
        let of_width = if term.key.is_launch() {
            self.launch
        } else if term.key.is_prefill_compute() {
            self.product
        } else {
            1.0
        };
        let part = ArchitecturePart::new(term.key);
        let of_architecture = part.map_or(1.0, |part| self.of_architecture[part as usize]);
        term.seconds * self.rates.factors[term.key.place()] * of_width * of_architecture
    }
}

impl Rates {
    #[must_use]
    pub fn new(index: &Index, runtime: &Runtime, chip: &Chip) -> Self {
        let width = |key: TermKey| {
            let names = width_names(key, runtime).into_iter().map(|name| (name, 1.0));
            index.logarithm(&names.collect::<Vec<_>>())
        };
        let mut rates = Self {
            factors: [1.0; PLACES],
            launch_width: width(TermKey::Layer),
            product_width: width(TermKey::PrefillLinear),
            by_architecture: ArchitecturePart::ALL.map(|part| index.of_architectures(part, runtime)),
        };
        for key in TermKey::all() {
            let place = key.place();
            let names = factor_names(key, runtime, chip);
            rates.factors[place] = index.logarithm(&names).exp();
        }
        rates
    }

    /// The same in circumstances that an estimate does not assume, each raised to the power beside it.
    #[must_use]
    pub fn under<'a>(&self, circumstances: impl IntoIterator<Item = (&'a Slowdown, f64)>) -> Self {
        let mut logarithms = [0.0; PLACES];
        for (Slowdown(of_terms), power) in circumstances {
            for (sum, of_term) in logarithms.iter_mut().zip(of_terms) {
                *sum += power * of_term;
            }
        }
        let mut rates = self.clone();
        for (factor, logarithm) in rates.factors.iter_mut().zip(logarithms) {
            *factor *= logarithm.exp();
        }
        rates
    }

    #[must_use]
    pub fn factor(&self, key: TermKey) -> f64 {
        self.factors[key.place()]
    }

    /// Those for models of an architecture, as the same index counts it, and of a width: [`super::LayerCounts::log_width`].
    #[must_use]
    pub fn of(&self, Architecture(levels): Architecture, log_width: f64) -> ModelRates<'_> {
        let product = |part: ArchitecturePart| {
            let of_part = &self.by_architecture[part as usize];
            let of_level = |at: usize| -> f64 { of_part.iter().filter_map(|of| of.get(at)).product() };
            levels.into_iter().flatten().map(of_level).product()
        };
        ModelRates {
            rates: self,
            of_architecture: ArchitecturePart::ALL.map(product),
            launch: (self.launch_width * log_width).exp(),
            product: (self.product_width * log_width).exp(),
        }
    }
}

/// How much longer each term takes in a circumstance: the logarithm.
#[derive(Clone, Debug, PartialEq)]
pub struct Slowdown([f64; PLACES]);

impl Slowdown {
    #[must_use]
    pub fn new(index: &Index, runtime: &Runtime, circumstance: Circumstance) -> Self {
        let mut of_terms = [0.0; PLACES];
        for key in TermKey::all() {
            let names = circumstance.factor_names(key, api(runtime)).into_iter();
            of_terms[key.place()] = index.logarithm(&names.map(|name| (name, 1.0)).collect::<Vec<_>>());
        }
        Self(of_terms)
    }
}

/// A calibration's factors by name.
#[derive(Clone, Debug, Default)]
pub struct Index {
    factors: foldhash::HashMap<String, (f64, u32)>,
    /// Places in the slices of `by_architecture`, by name.
    architectures: foldhash::HashMap<String, usize>,
    /// The factors of architectures, by what their names begin with: they are the same for all chips.
    by_architecture: HashMap<String, ByArchitecture>,
}

impl Index {
    #[must_use]
    pub fn new<'a>(calibrations: impl IntoIterator<Item = &'a Calibration>) -> Self {
        let factors: foldhash::HashMap<String, (f64, u32)> = calibrations
            .into_iter()
            .flat_map(|calibration| &calibration.factors)
            .filter(|factor| factor.value.is_finite() && factor.value > 0.0)
            .map(|factor| (factor.name.clone(), (factor.value, factor.rows)))
            .collect();
        let of_architectures: Vec<(&str, &str, f64)> = factors
            .iter()
            .filter_map(|(name, &(value, _))| {
                split_architecture_name(name).map(|(path, architecture)| (path, architecture, value))
            })
            .collect();
        let mut architectures = foldhash::HashMap::default();
        for &(_, architecture, _) in &of_architectures {
            let next = architectures.len();
            architectures.entry(architecture.to_owned()).or_insert(next);
        }
        let mut by_architecture: HashMap<String, Vec<f64>> = HashMap::new();
        for (path, architecture, value) in of_architectures {
            let of_path =
                by_architecture.entry(path.to_owned()).or_insert_with(|| vec![1.0; architectures.len()]);
            of_path[architectures[architecture]] = value;
        }
        let by_architecture = by_architecture.into_iter().map(|(path, of)| (path, of.into())).collect();
        Self { factors, architectures, by_architecture }
    }

    /// A model's architecture, named as [`super::architecture`] does.
    #[must_use]
    pub fn architecture(&self, name: &str) -> Architecture {
        Architecture(levels(name).map(|level| self.architectures.get(level).copied()))
    }

    fn of_architectures(&self, part: ArchitecturePart, runtime: &Runtime) -> Vec<ByArchitecture> {
        let paths = part.paths(runtime);
        paths.iter().filter_map(|path| self.by_architecture.get(path).cloned()).collect()
    }

    /// The factor of this name, where one was fitted.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<f64> {
        self.factors.get(name).map(|&(value, _)| value)
    }

    /// The logarithm of the product of all that were fitted, each to the power beside its name.
    fn logarithm(&self, names: &[(String, f64)]) -> f64 {
        names.iter().filter_map(|(name, power)| Some(power * self.value(name)?.ln())).sum()
    }

    /// Measurements that bear on a factor.
    #[must_use]
    pub fn rows(&self, name: &str) -> u32 {
        self.factors.get(name).map_or(0, |&(_, rows)| rows)
    }
}
