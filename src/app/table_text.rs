//! The table as text: for the clipboard, and for files.

use super::{
    AppState,
    results::{fit_text, machine_at},
};
use crate::{catalog::Machine, compare::Row, units};

/// Headings with units. A number stands alone in its cell, so that a spreadsheet can compute with it.
fn headings(state: &AppState) -> Vec<String> {
    let currency = state.inputs.scenario.money.currency.code();
    [
        "Machine",
        "Maker",
        &format!("Price ({currency})"),
        "Price date",
        "Tokens/s",
        "Low (80 %)",
        "High (80 %)",
        "First token (s)",
        "Needed (GiB)",
        "Usable (GiB)",
        "Fit",
        "Runtime",
        "Power (W)",
    ]
    .map(str::to_owned)
    .to_vec()
}

fn cells(state: &AppState, row: &Row, machine: &Machine) -> Vec<String> {
    let number =
        |value: Option<f64>, digits: usize| value.map_or(String::new(), |it| format!("{it:.digits$}"));
    let chip = state.catalog.chips.get(&machine.chip);
    let estimate = row.estimate.as_ref().ok();
    let running = row.speed().and(estimate);
    let runtime = row.runtime.as_deref().and_then(|id| state.catalog.runtimes.get(id));
    vec![
        machine.name.clone(),
        chip.map_or(String::new(), |chip| chip.maker.clone()),
        number(row.price.as_ref().map(|price| price.amount), 0),
        row.price.as_ref().map_or(String::new(), |price| price.date.to_string()),
        number(running.map(|it| it.tokens_per_s), 2),
        number(running.map(crate::estimate::Estimate::tokens_per_s_low), 2),
        number(running.map(crate::estimate::Estimate::tokens_per_s_high), 2),
        number(running.and_then(|it| it.time_to_first_token_s), 2),
        number(estimate.map(|it| it.memory.needed_bytes() / units::GIB), 1),
        number(estimate.map(|it| it.memory.usable_bytes / units::GIB), 1),
        fit_text(row),
        runtime.map_or(String::new(), |runtime| runtime.name.clone()),
        number(machine.load_w, 0),
    ]
}

fn lines(state: &AppState) -> Vec<Vec<String>> {
    let mut lines = vec![headings(state)];
    for &index in &state.results.order {
        let row = &state.results.rows[index];
        if let Some(machine) = machine_at(&state.catalog, row.machine) {
            lines.push(cells(state, row, machine));
        }
    }
    lines
}

/// For pasting into a spreadsheet.
#[must_use]
pub fn tab_separated(state: &AppState) -> String {
    let rows: Vec<String> =
        lines(state).iter().map(|cells| cells.join("\t").replace(['\r', '\n'], " ")).collect();
    rows.join("\n")
}

#[must_use]
pub fn markdown(state: &AppState) -> String {
    let lines = lines(state);
    let mut text = String::new();
    for (index, cells) in lines.iter().enumerate() {
        let cells: Vec<String> = cells.iter().map(|cell| cell.replace('|', "\\|")).collect();
        text.extend(["| ", &cells.join(" | "), " |\n"]);
        if index == 0 {
            text.extend(["|", &" --- |".repeat(cells.len()), "\n"]);
        }
    }
    text
}

pub fn csv(state: &AppState) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for cells in lines(state) {
        writer.write_record(cells)?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}
