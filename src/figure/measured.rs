//! Published measurements of what a figure estimates.

use crate::{
    catalog::{Catalog, Machine, Measurement},
    estimate::Workload,
    scenario::Scenario,
    units,
};

/// Of the bytes read for a token, the share by which a measurement at another context may differ.
const ALIKE: f64 = 0.1;
/// More points of one chip say no more.
const MOST: usize = 5;

/// The measurements of the scenario's model and quantization.
pub(super) struct Measured<'a> {
    rows: Vec<(&'a Measurement, f64)>,
}

impl<'a> Measured<'a> {
    /// The catalog's measurements of one user's decoding at a context like the scenario's.
    pub fn new(catalog: &'a Catalog, scenario: &Scenario, workload: &Workload) -> Self {
        let cache = |tokens: u32| workload.cache.read_bytes(f64::from(tokens));
        let whole = workload.weights.read_bytes() + cache(workload.context);
        let alike = |measurement: &Measurement| {
            let depth = measurement.depth.unwrap_or(0);
            (cache(depth) - cache(workload.context)).abs() <= whole * ALIKE
        };
        let asked = |measurement: &&Measurement| {
            measurement.model.as_deref() == Some(scenario.model.as_str())
                && measurement.offload.is_none()
                && !measurement.outlier
                && alike(measurement)
                && catalog.quant_measured(measurement).is_some_and(|quant| quant.id == workload.quant.id)
        };
        let comparable = scenario.edits.is_empty() && scenario.users <= 1;
        let rows = catalog.measurements.iter().filter(|_| comparable).filter(asked);
        Self { rows: rows.filter_map(|row| Some((row, row.decode_tokens_per_s?))).collect() }
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

/// `4.89 tokens/s at 512 tokens of context, llama.cpp Vulkan, 2026-03`.
fn text(row: &Measurement, speed: f64) -> String {
    let depth = row.depth.map_or(String::new(), |depth| format!(" at {} of context", units::tokens(depth)));
    let words = [&row.engine, &row.backend].into_iter().flatten().cloned().collect::<Vec<_>>().join(" ");
    let date = row.date.map_or(String::new(), |date| format!(", {date}"));
    let by = if words.is_empty() { words } else { format!(", {words}") };
    format!("{}{depth}{by}{date}", units::tokens_per_s(speed))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::load;

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
            Measured::new(&catalog, &scenario, &workload).on(catalog.machines.get(machine).unwrap())
        };
        let is_of =
            |points: &[(f64, String)], program: &str| points.iter().any(|(_, text)| text.contains(program));
        assert!(is_of(&on("gemma-4-31b", "NVFP4-safetensors", "dgx-spark"), "vllm CUDA"));
        assert!(is_of(&on("deepseek-v4-flash", "DwarfStar-q4", "studio-m5ultra80-256"), "ds4"));
        assert!(!is_of(&on("deepseek-v4-flash", "Q4_K_M", "studio-m5ultra80-256"), "ds4"));
    }
}
