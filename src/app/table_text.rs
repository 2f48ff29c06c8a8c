//! The table as text: for the clipboard, and for files.

use serde::Serialize;

use super::{
    AppState,
    results::{Results, fit_text},
};
use crate::{
    catalog::Machine,
    compare::Row,
    export::{ExportError, record::Record},
    units,
};

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
    let estimate = row.estimate.as_deref().ok();
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
    let machines = shown(state).map(|(row, machine)| cells(state, row, machine));
    std::iter::once(headings(state)).chain(machines).collect()
}

/// The rows of the table from top to bottom.
fn shown(state: &AppState) -> impl Iterator<Item = (&Row, &Machine)> {
    let rows = state.results.order.iter().map(|&index| &state.results.rows[index]);
    rows.filter_map(|row| Some((row, state.catalog.machines.at(row.machine)?)))
}

/// For pasting into a spreadsheet.
#[must_use]
pub fn tab_separated(state: &AppState) -> String {
    let rows: Vec<String> =
        lines(state).iter().map(|cells| cells.join("\t").replace(['\r', '\n'], " ")).collect();
    rows.join("\n")
}

/// Of when the prices are, and how they were converted.
fn prices(state: &AppState) -> String {
    let money = &state.inputs.scenario.money;
    let dated = money.rate_date.map_or(String::new(), |date| format!(" of {date}"));
    let rate = units::significant(money.usd_per_eur);
    format!("Prices up to {}, each with its date; 1 EUR = {rate} USD{dated}.", money.as_of)
}

/// With the question above the table, and below it where the prices and the rest are from.
#[must_use]
pub fn markdown(state: &AppState) -> String {
    let Results { question, figure, .. } = &state.results;
    let mut text = format!("**{}**\n\n", escaped(question));
    for (index, cells) in lines(state).into_iter().enumerate() {
        let cells: Vec<String> = cells.iter().map(|cell| escaped(cell)).collect();
        text.extend(["| ", &cells.join(" | "), " |\n"]);
        if index == 0 {
            text.extend(["|", &" --- |".repeat(cells.len()), "\n"]);
        }
    }
    text.extend(["\n", &escaped(&prices(state)), "\n", &escaped(&figure.source), "\n"]);
    text
}

/// Text without anything that Markdown takes for its own.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '|' | '*' | '_' | '`' | '[' | ']' | '<' | '\\' => escaped.extend(['\\', letter]),
            '\r' | '\n' => escaped.push(' '),
            letter => escaped.push(letter),
        }
    }
    escaped
}

pub fn csv(state: &AppState) -> Result<Vec<u8>, ExportError> {
    let error = |reason: String| ExportError::Drawing { format: "CSV", reason };
    let mut writer = csv::Writer::from_writer(Vec::new());
    for cells in lines(state) {
        writer.write_record(cells).map_err(|failure| error(failure.to_string()))?;
    }
    writer.into_inner().map_err(|failure| error(failure.to_string()))
}

/// For programs: the question, and the machines that are shown with the names that the command line gives their values.
pub fn json(state: &AppState) -> Result<Vec<u8>, ExportError> {
    #[derive(Serialize)]
    struct Table<'a> {
        question: &'a str,
        prices: String,
        source: &'a str,
        machines: Vec<Record<'a>>,
    }
    let Results { question, figure, .. } = &state.results;
    let machines = shown(state).map(|(row, machine)| Record::new(&state.catalog, machine, row)).collect();
    let table = Table { question, prices: prices(state), source: &figure.source, machines };
    let mut bytes = serde_json::to_vec_pretty(&table)
        .map_err(|error| ExportError::Drawing { format: "JSON", reason: error.to_string() })?;
    bytes.push(b'\n');
    Ok(bytes)
}
