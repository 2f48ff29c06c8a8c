//! How near the measurements are that an estimate rests on.

use std::collections::HashMap;

use super::{Evidence, api};
use crate::catalog::{Catalog, Chip, Measured, Runtime};

/// Counts of measurements by chip, family, runtime and API.
#[derive(Clone, Debug, Default)]
pub struct Coverage {
    rows: HashMap<String, u32>,
}

impl Coverage {
    #[must_use]
    pub fn new(catalog: &Catalog, measured: &[Measured]) -> Self {
        let mut coverage = Self::default();
        for entry in measured {
            let (Some(runtime), Some(chip)) =
                (catalog.runtimes.get(&entry.runtime), catalog.chips.get(&entry.chip))
            else {
                continue;
            };
            for key in keys(runtime, chip) {
                *coverage.rows.entry(key).or_insert(0) += entry.rows;
            }
        }
        coverage
    }

    /// The nearest evidence for a runtime on a chip, and how many measurements it is.
    #[must_use]
    pub fn evidence(&self, runtime: &Runtime, chip: &Chip) -> (Evidence, u32) {
        let [chip_runtime, chip_api, family_runtime, family_api, of_runtime] =
            keys(runtime, chip).map(|key| self.rows.get(&key).copied().unwrap_or(0));
        if chip_runtime >= 1 && chip_api >= 2 {
            (Evidence::Chip, chip_runtime)
        } else if family_runtime >= 2 || (family_api >= 4 && of_runtime >= 4) {
            (Evidence::Family, family_runtime.max(family_api))
        } else {
            (Evidence::General, of_runtime)
        }
    }
}

fn keys(runtime: &Runtime, chip: &Chip) -> [String; 5] {
    let api = api(runtime);
    [
        format!("chip {} {}", runtime.id, chip.id),
        format!("chip {api} {}", chip.id),
        format!("family {} {}", runtime.id, chip.family),
        format!("family {api} {}", chip.family),
        format!("runtime {}", runtime.id),
    ]
}
