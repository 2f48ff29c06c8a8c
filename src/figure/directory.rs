//! What figures look up in a catalog that would take too much of a frame to find each time.

use std::{collections::HashMap, sync::OnceLock};

use super::{
    Maker,
    names::{MachineName, MachineNames},
};
use crate::{
    accuracy::{Prediction, predict},
    catalog::{Catalog, Measurement},
    estimate::Estimator,
};

/// Names and makers of a catalog's machines, its measurements by model, and what is predicted for them. Made once, and
/// anew when the catalog changes: it is asked with that catalog and the estimator with its constants.
#[derive(Clone, Debug)]
pub struct Directory {
    names: MachineNames,
    makers: Vec<Maker>,
    /// Positions in the catalog's table of measurements, by the model's id.
    measured: HashMap<String, Vec<usize>>,
    predictions: OnceLock<Vec<Prediction>>,
}

impl Directory {
    #[must_use]
    pub fn new(catalog: &Catalog) -> Self {
        let mut measured: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, measurement) in catalog.measurements.iter().enumerate() {
            let Some(model) = &measurement.model else { continue };
            match measured.get_mut(model) {
                Some(positions) => positions.push(at),
                None => drop(measured.insert(model.clone(), vec![at])),
            }
        }
        let machines = catalog.machines.iter();
        let makers = machines.map(|machine| Maker::of(catalog.chips.get(&machine.chip))).collect();
        Self { names: MachineNames::new(catalog), makers, measured, predictions: OnceLock::new() }
    }

    /// What a machine is called, by its position in the catalog's table.
    #[must_use]
    pub fn name(&self, machine: usize) -> Option<&MachineName> {
        self.names.get(machine)
    }

    /// Who makes a machine's chip, by its position.
    #[must_use]
    pub fn maker(&self, machine: usize) -> Maker {
        self.makers.get(machine).copied().unwrap_or(Maker::Other)
    }

    /// The measurements of a model, in the catalog's order.
    pub(super) fn measurements_of<'a>(
        &'a self,
        catalog: &'a Catalog,
        model: &str,
    ) -> impl Iterator<Item = &'a Measurement> {
        let positions = self.measured.get(model).into_iter().flatten();
        positions.filter_map(|&at| catalog.measurements.at(at))
    }

    /// What is predicted for each of the catalog's measurements, in its order; worked out when it is first asked for.
    pub(super) fn predictions(&self, catalog: &Catalog, estimator: &Estimator) -> &[Prediction] {
        self.predictions.get_or_init(|| {
            let measurements = catalog.measurements.iter();
            measurements.map(|measurement| predict(catalog, estimator, measurement)).collect()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::load;

    #[test]
    fn what_is_looked_up_is_what_a_search_would_find() {
        let catalog = load::embedded().catalog;
        let directory = Directory::new(&catalog);
        for model in ["llama-2-7b", "qwen3-30b-a3b", "none"] {
            let of_model = |measurement: &&Measurement| measurement.model.as_deref() == Some(model);
            let searched: Vec<&str> =
                catalog.measurements.iter().filter(of_model).map(|it| it.id.as_str()).collect();
            let looked_up: Vec<&str> =
                directory.measurements_of(&catalog, model).map(|it| it.id.as_str()).collect();
            assert_eq!(looked_up, searched, "{model}");
        }
    }

    #[test]
    fn a_measurement_is_predicted_once() {
        let mut catalog = load::embedded().catalog;
        let first: Vec<Measurement> = catalog.measurements.iter().take(3).cloned().collect();
        catalog.measurements = crate::catalog::Table::default();
        for measurement in first {
            catalog.measurements.insert(measurement);
        }
        let (directory, estimator) = (Directory::new(&catalog), Estimator::new(&catalog));
        let once = directory.predictions(&catalog, &estimator);
        assert!(std::ptr::eq(once, directory.predictions(&catalog, &estimator)));
        let ids = |ids: &[Prediction]| ids.iter().map(|it| it.id.clone()).collect::<Vec<_>>();
        assert_eq!(ids(once), catalog.measurements.ids().collect::<Vec<_>>());
    }
}
