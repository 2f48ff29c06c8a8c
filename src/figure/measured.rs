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
                && measurement.quant == workload.quant.id
                && measurement.offload.is_none()
                && !measurement.outlier
                && alike(measurement)
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
