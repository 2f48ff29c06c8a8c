//! What a model's architecture adds to the terms of a runtime.

use super::{TermKey, api};
use crate::catalog::{Layers, Model, Runtime};

/// Terms that an architecture scales together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ArchitecturePart {
    /// A program has a graph of its own for each architecture: how many kernels a layer takes follows from what its
    /// authors fused, not from the layer's size.
    Launches,
    /// And so do what stands between a prompt's products, and the shapes of their matrices.
    Products,
    /// How evenly a prompt's tokens spread over experts follows from how a model was trained.
    Routing,
}

impl ArchitecturePart {
    pub(super) const ALL: [Self; 3] = [Self::Launches, Self::Products, Self::Routing];

    pub(super) fn new(key: TermKey) -> Option<Self> {
        if key.is_launch() {
            Some(Self::Launches)
        } else if key.is_prefill_routing() {
            Some(Self::Routing)
        } else {
            matches!(key, TermKey::PrefillDense(_) | TermKey::PrefillLinear).then_some(Self::Products)
        }
    }

    /// What the names of its factors begin with.
    pub(super) fn paths(self, runtime: &Runtime) -> Vec<String> {
        match self {
            Self::Launches => {
                vec![format!("layer/{}", api(runtime)), format!("layer/runtime/{}", runtime.id)]
            }
            Self::Products => vec!["prefill".to_owned()],
            Self::Routing => vec!["prefill-routing".to_owned()],
        }
    }
}

const OF_ARCHITECTURE: &str = "/architecture/";
/// Between a family and what a model's layers are made of.
const WITH: char = '+';

/// The names of what a model's architecture adds to a term under a runtime. Launches depend on the design of a family's
/// blocks as well, whatever its models' layers are made of.
#[must_use]
pub fn architecture_names(key: TermKey, runtime: &Runtime, architecture: &str) -> Vec<String> {
    let Some(part) = ArchitecturePart::new(key) else { return Vec::new() };
    let [family, architecture] = levels(architecture);
    let levels = match part {
        ArchitecturePart::Launches => vec![family, architecture],
        ArchitecturePart::Products | ArchitecturePart::Routing => vec![architecture],
    };
    let named = |path: &String| {
        let of_level = |level: &&str| format!("{path}{OF_ARCHITECTURE}{level}");
        levels.iter().map(of_level).collect::<Vec<_>>()
    };
    part.paths(runtime).iter().flat_map(named).collect()
}

/// An architecture's family, and the architecture.
pub(super) fn levels(architecture: &str) -> [&str; 2] {
    let family = architecture.split(WITH).next().unwrap_or(architecture);
    [family, architecture]
}

/// The path and the architecture of such a name.
pub(super) fn split_architecture_name(name: &str) -> Option<(&str, &str)> {
    name.split_once(OF_ARCHITECTURE)
}

/// A model's architecture as factor names call it: its family, and what its layers are made of.
#[must_use]
pub fn architecture(model: &Model) -> String {
    let has = |is: fn(&Layers) -> bool| model.attention.iter().any(is);
    let parts = [
        ("dense", model.experts.is_none()),
        ("moe", model.experts.is_some()),
        ("linear", has(|layers| matches!(layers, Layers::Linear { .. }))),
        ("latent", has(|layers| matches!(layers, Layers::Mla { .. }))),
        ("compressed", has(|layers| matches!(layers, Layers::Compressed { .. }))),
    ];
    let mut name = model.family.to_lowercase().replace(' ', "-");
    for (part, _) in parts.into_iter().filter(|(_, is_there)| *is_there) {
        name.push(WITH);
        name.push_str(part);
    }
    name
}
