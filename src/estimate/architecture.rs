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

/// The names of what a model's architecture adds to a term under a runtime.
#[must_use]
pub fn architecture_names(key: TermKey, runtime: &Runtime, architecture: &str) -> Vec<String> {
    let paths = ArchitecturePart::new(key).into_iter().flat_map(|part| part.paths(runtime));
    paths.map(|path| format!("{path}{OF_ARCHITECTURE}{architecture}")).collect()
}

/// The path and the architecture of such a name.
pub(super) fn split_architecture_name(name: &str) -> Option<(&str, &str)> {
    name.split_once(OF_ARCHITECTURE)
}

/// A model's architecture as factor names call it: its family, and what its layers are made of.
#[must_use]
pub fn architecture(model: &Model) -> String {
    let mut name = model.family.to_lowercase().replace(' ', "-");
    if model.experts.is_some() {
        name.push_str("-moe");
    }
    if model.attention.iter().any(|group| matches!(group, Layers::Linear { .. })) {
        name.push_str("-linear");
    }
    if model.attention.iter().any(|group| matches!(group, Layers::Mla { .. })) {
        name.push_str("-latent");
    }
    if model.attention.iter().any(|group| matches!(group, Layers::Compressed { .. })) {
        name.push_str("-compressed");
    }
    name
}
