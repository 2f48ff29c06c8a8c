//! Published measurements of what a figure estimates.

use std::cmp::Reverse;

use crate::{
    catalog::{Catalog, Machine, Measurement, PartialDate},
    estimate::Workload,
    figure::Directory,
    scenario::Scenario,
    units,
};

/// Of the bytes read for a token, the share by which a measurement at another context may differ.
const ALIKE: f64 = 0.1;
/// More points of one chip say no more.
const MOST: usize = 5;

/// The measurements of the scenario's model and quantization: what is exactly known first, of that what ran under the
/// scenario's system, and of that the newest.
pub(super) struct Measured<'a> {
    rows: Vec<(&'a Measurement, f64)>,
}

impl<'a> Measured<'a> {
    /// The catalog's measurements of one user's decoding at a context like the scenario's.
    pub fn new(
        catalog: &'a Catalog,
        directory: &'a Directory,
        scenario: &Scenario,
        workload: &Workload,
    ) -> Self {
        let cache = |tokens: u32| workload.cache.read_bytes(f64::from(tokens));
        let whole = workload.weights.read_bytes() + cache(workload.context);
        let alike = |measurement: &Measurement| {
            let depth = measurement.depth.unwrap_or(0);
            (cache(depth) - cache(workload.context)).abs() <= whole * ALIKE
        };
        let asked = |measurement: &&Measurement| {
            measurement.offload.is_none()
                && !measurement.outlier
                && alike(measurement)
                && catalog.quant_measured(measurement).is_some_and(|quant| quant.id == workload.quant.id)
        };
        let comparable = scenario.edits.is_empty() && scenario.users <= 1;
        let of_model = directory.measurements_of(catalog, &scenario.model);
        let rows = of_model.filter(|_| comparable).filter(asked);
        let mut rows: Vec<(&Measurement, f64)> =
            rows.filter_map(|row| Some((row, row.decode_tokens_per_s?))).collect();
        rows.sort_by_key(|(row, _)| {
            (row.rough, row.system != scenario.system, Reverse(row.date.map(PartialDate::last_day)))
        });
        Self { rows }
    }

    /// What was measured on a machine's chip, as many devices of it as the machine has.
    pub fn on(&self, machine: &Machine) -> Vec<(f64, String)> {
        let same = self.rows.iter().filter(|(row, speed)| {
            row.chip.as_deref() == Some(machine.chip.as_str())
                && row.devices.unwrap_or(1) == machine.devices
                && *speed > 0.0
        });
        same.take(MOST).map(|(row, speed)| (*speed, text(row, *speed))).collect()
    }
}

/// `4.89 tokens/s at 512 tokens of context, llama.cpp Vulkan under Windows, 2026-03`.
fn text(row: &Measurement, speed: f64) -> String {
    let depth = row.depth.map_or(String::new(), |depth| format!(" at {} of context", units::tokens(depth)));
    let words = [&row.engine, &row.backend].into_iter().flatten().cloned().collect::<Vec<_>>().join(" ");
    let date = row.date.map_or(String::new(), |date| format!(", {date}"));
    let by = if words.is_empty() { words } else { format!(", {words}") };
    let system = row.system.map_or(String::new(), |system| format!(" under {}", system.title()));
    format!("{}{depth}{by}{system}{date}", units::tokens_per_s(speed))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{System, Table, load};

    #[test]
    fn what_is_exactly_known_comes_first_then_what_ran_as_asked_then_the_newest() {
        let mut catalog = load::embedded().catalog;
        let scenario = Scenario::default();
        let machine = catalog.machines.get("rtx4090").unwrap().clone();
        let run = |id: &str, speed: f64, rough: bool, date: &str, system: Option<System>| Measurement {
            id: id.to_owned(),
            chip: Some(machine.chip.clone()),
            model: Some(scenario.model.clone()),
            quant: scenario.quant.clone(),
            engine: Some("llama.cpp".to_owned()),
            backend: Some("CUDA".to_owned()),
            depth: Some(scenario.context),
            decode_tokens_per_s: Some(speed),
            date: date.parse().ok(),
            rough,
            system,
            ..Measurement::default()
        };
        catalog.measurements = Table::default();
        for run in [
            run("A-1", 1.0, false, "2024-05", None),
            run("A-2", 2.0, true, "2026-10", None),
            run("A-3", 3.0, false, "2026-09", Some(System::Windows)),
            run("A-4", 4.0, false, "2025-05", None),
        ] {
            catalog.measurements.insert(run);
        }
        let points = |system: Option<System>| {
            let scenario = Scenario { system, ..scenario.clone() };
            let workload = scenario.workload(&catalog).unwrap();
            Measured::new(&catalog, &Directory::new(&catalog), &scenario, &workload).on(&machine)
        };
        let speeds =
            |system: Option<System>| points(system).iter().map(|(speed, _)| *speed).collect::<Vec<_>>();
        assert_eq!(speeds(None), [4.0, 1.0, 3.0, 2.0]);
        assert_eq!(speeds(Some(System::Windows)), [3.0, 4.0, 1.0, 2.0]);
        let under_windows = &points(Some(System::Windows))[0].1;
        assert!(under_windows.ends_with("llama.cpp CUDA under Windows, 2026-09"), "{under_windows}");
    }

    /// vLLM's users write `NVFP4`; the files of `ds4` have no name that others would read.
    #[test]
    fn a_quantization_is_found_by_the_name_that_its_program_has_for_it() {
        let catalog = load::embedded().catalog;
        let on = |model: &str, quant: &str, machine: &str| {
            let scenario = Scenario {
                model: model.to_owned(),
                quant: quant.to_owned(),
                context: 4096,
                ..Scenario::default()
            };
            let workload = scenario.workload(&catalog).unwrap();
            Measured::new(&catalog, &Directory::new(&catalog), &scenario, &workload)
                .on(catalog.machines.get(machine).unwrap())
        };
        let is_of =
            |points: &[(f64, String)], program: &str| points.iter().any(|(_, text)| text.contains(program));
        assert!(is_of(&on("gemma-4-31b", "NVFP4-safetensors", "dgx-spark"), "vllm CUDA"));
        assert!(is_of(&on("deepseek-v4-flash", "DwarfStar-q4", "studio-m5ultra80-256"), "ds4"));
        assert!(!is_of(&on("deepseek-v4-flash", "Q4_K_M", "studio-m5ultra80-256"), "ds4"));
    }
}
