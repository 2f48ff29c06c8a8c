//! What commands print: tables for people, CSV and JSON for programs.

use std::io::{self, Write};

use clap::ValueEnum;
use serde::Serialize;

use super::CliError;

/// Writes to standard output. A reader that has seen enough (`| head`) is no error.
pub(super) fn print(text: &str) -> Result<(), CliError> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(CliError::Output(error)),
        _ => Ok(()),
    }
}

/// Writes a note to standard error. Where that is closed, nobody is there to be told.
pub(super) fn note(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// The formats of `list` and `accuracy`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// Aligned columns for people.
    Table,
    /// One header line, then a line for each entry, numbers in full precision.
    Csv,
    /// An array with an object for each entry, numbers in full precision.
    Json,
}

/// Records as CSV with their fields' names as the header.
pub(super) fn csv<T: Serialize>(records: &[T]) -> Result<String, CliError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for record in records {
        writer.serialize(record).map_err(|error| CliError::Output(error.into()))?;
    }
    let bytes = writer.into_inner().map_err(|error| CliError::Output(error.into_error()))?;
    String::from_utf8(bytes).map_err(|error| CliError::Output(io::Error::other(error)))
}

/// Records as a JSON array.
pub(super) fn json<T: Serialize>(records: &[T]) -> Result<String, CliError> {
    let mut text = serde_json::to_string_pretty(records).map_err(|error| CliError::Output(error.into()))?;
    text.push('\n');
    Ok(text)
}

/// To which side a column's cells are pushed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Align {
    Left,
    Right,
}

/// A table for people.
#[derive(Clone, Debug)]
pub(super) struct Table<const N: usize> {
    columns: [(&'static str, Align); N],
    rows: Vec<[String; N]>,
}

impl<const N: usize> Table<N> {
    pub(super) fn new(columns: [(&'static str, Align); N]) -> Self {
        Self { columns, rows: Vec::new() }
    }

    pub(super) fn push(&mut self, row: [String; N]) {
        self.rows.push(row);
    }

    fn widths(&self) -> [usize; N] {
        let mut widths = self.columns.map(|(title, _)| title.chars().count());
        for row in &self.rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.chars().count());
            }
        }
        widths
    }

    fn titles(&self) -> [String; N] {
        self.columns.map(|(title, _)| title.to_owned())
    }

    fn padded(&self, row: &[String; N], widths: &[usize; N]) -> Vec<String> {
        let cells = row.iter().zip(widths).zip(&self.columns);
        cells
            .map(|((cell, &width), (_, align))| match align {
                Align::Left => format!("{cell:<width$}"),
                Align::Right => format!("{cell:>width$}"),
            })
            .collect()
    }

    /// Columns aligned by spaces, with a rule under the titles.
    pub(super) fn aligned(&self) -> String {
        let widths = self.widths();
        let rule = widths.map(|width| "-".repeat(width));
        let mut text = String::new();
        for row in [&self.titles(), &rule].into_iter().chain(&self.rows) {
            text.push_str(self.padded(row, &widths).join("  ").trim_end());
            text.push('\n');
        }
        text
    }

    /// A table as Markdown has it.
    pub(super) fn markdown(&self) -> String {
        let mut table = self.clone();
        for cell in table.rows.iter_mut().flatten() {
            *cell = cell.replace('|', "\\|");
        }
        // A rule needs three dashes.
        let widths = table.widths().map(|width| width.max(3));
        let mut rule = widths.map(|width| "-".repeat(width));
        for (cell, (_, align)) in rule.iter_mut().zip(&table.columns) {
            if *align == Align::Right {
                cell.pop();
                cell.push(':');
            }
        }
        let mut text = String::new();
        for row in [&table.titles(), &rule].into_iter().chain(&table.rows) {
            text.push_str("| ");
            text.push_str(&table.padded(row, &widths).join(" | "));
            text.push_str(" |\n");
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table<2> {
        let mut table = Table::new([("Name", Align::Left), ("Speed", Align::Right)]);
        table.push(["µ|x".to_owned(), "1.5".to_owned()]);
        table.push(["longer".to_owned(), String::new()]);
        table
    }

    #[test]
    fn columns_are_aligned() {
        assert_eq!(table().aligned(), "Name    Speed\n------  -----\nµ|x       1.5\nlonger\n");
    }

    #[test]
    fn markdown_cannot_be_broken_by_a_cell() {
        let expected = "| Name   | Speed |\n| ------ | ----: |\n| µ\\|x   |   1.5 |\n| longer |       |\n";
        assert_eq!(table().markdown(), expected);
    }

    #[test]
    fn programs_get_full_precision_and_empty_cells() {
        #[derive(Serialize)]
        struct Record {
            id: &'static str,
            speed: Option<f64>,
        }
        let records = [Record { id: "a,b", speed: Some(0.1 + 0.2) }, Record { id: "c", speed: None }];
        assert_eq!(csv(&records).unwrap(), "id,speed\n\"a,b\",0.30000000000000004\nc,\n");
        let parsed: serde_json::Value = serde_json::from_str(&json(&records).unwrap()).unwrap();
        assert_eq!(parsed[0]["speed"], 0.1 + 0.2);
        assert!(parsed[1]["speed"].is_null());
    }
}
