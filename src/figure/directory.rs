//! What figures look up in a catalog that would take too much of a frame to find each time.

use std::collections::HashMap;

use super::names::{MachineName, MachineNames};
use crate::catalog::{Catalog, Measurement};

/// Names of a catalog's machines, and its measurements by model. Made once, and anew when the catalog changes.
#[derive(Clone, Debug)]
pub struct Directory {
    names: MachineNames,
    /// Positions in the catalog's table of measurements, by the model's id.
    measured: HashMap<String, Vec<usize>>,
}

impl Directory {
    #[must_use]
    pub fn new(catalog: &Catalog) -> Self {
        let mut measured: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, measurement) in catalog.measurements.iter().enumerate() {
            if let Some(model) = &measurement.model {
                measured.entry(model.clone()).or_default().push(at);
            }
        }
        Self { names: MachineNames::new(catalog), measured }
    }

    /// What a machine is called, by its position in the catalog's table.
    #[must_use]
    pub fn name(&self, machine: usize) -> Option<&MachineName> {
        self.names.get(machine)
    }

    /// The measurements of a model, in the order of the catalog that this was made of.
    pub(super) fn measurements_of<'a>(
        &'a self,
        catalog: &'a Catalog,
        model: &str,
    ) -> impl Iterator<Item = &'a Measurement> {
        let positions = self.measured.get(model).into_iter().flatten();
        positions.filter_map(|&at| catalog.measurements.at(at))
    }
}
