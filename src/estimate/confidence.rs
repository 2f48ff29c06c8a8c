//! How near the measurements are that an estimate rests on.

use std::collections::HashMap;

use super::{Confidence, Evidence, api};
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

/// What an estimate rests on, in words: `RTX 4090 measured with llama.cpp (CUDA), 14 runs`.
#[must_use]
pub fn basis(catalog: &Catalog, runtime: &Runtime, chip: &Chip, confidence: &Confidence) -> String {
    let runs = |count: u32| if count == 1 { "1 run".to_owned() } else { format!("{count} runs") };
    let measured = || catalog.calibrations.get("decode").into_iter().flat_map(|decode| &decode.evidence);
    match confidence.evidence {
        Evidence::Chip => format!("{} measured with {}, {}", chip.name, runtime.name, runs(confidence.rows)),
        Evidence::Family => {
            let mut relatives: Vec<(u32, &str)> = Vec::new();
            let mut with_runtime = 0;
            for entry in measured() {
                let relative = catalog.chips.get(&entry.chip).filter(|it| it.family == chip.family);
                let program = catalog.runtimes.get(&entry.runtime).filter(|it| api(it) == api(runtime));
                let (Some(relative), Some(program)) = (relative, program) else { continue };
                with_runtime += if program.id == runtime.id { entry.rows } else { 0 };
                match relatives.iter_mut().find(|(_, name)| *name == relative.name) {
                    Some((rows, _)) => *rows += entry.rows,
                    None => relatives.push((entry.rows, &relative.name)),
                }
            }
            relatives.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(b.1)));
            let named: Vec<&str> = relatives.iter().take(2).map(|&(_, name)| name).collect();
            let others = relatives.len() - named.len();
            let others = if others > 0 { format!(" and {others} more") } else { String::new() };
            let program =
                if with_runtime == confidence.rows { runtime.name.as_str() } else { &runtime.backend };
            let runs = runs(confidence.rows);
            format!("chips of its family measured with {program} ({}{others}), {runs}", named.join(", "))
        }
        Evidence::General if confidence.rows == 0 => {
            format!("nothing measured with {}; typical constants of {}", runtime.name, runtime.backend)
        }
        Evidence::General => {
            format!(
                "no chip of its family measured; general constants of {}, {}",
                runtime.name,
                runs(confidence.rows)
            )
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
