//! The calibration as the preset file that the program reads.

use std::fmt::Write as _;

use crate::catalog::{Calibration, SCHEMA, Width};

/// The text of `presets/calibration.ron`.
#[must_use]
pub fn to_ron(calibrations: &[Calibration]) -> String {
    let mut text = String::new();
    // Writing to a String cannot fail.
    write_all(&mut text, calibrations).unwrap_or_default();
    text
}

fn write_all(out: &mut String, calibrations: &[Calibration]) -> std::fmt::Result {
    writeln!(
        out,
        "// The estimator's constants. Written by `cargo run --release --example calibrate`; not to be edited."
    )?;
    writeln!(out, "// A factor scales a term of the time; `rows` is how many measurements bear on it.")?;
    writeln!(out, "(\n    schema: {SCHEMA},\n    calibrations: [")?;
    for calibration in calibrations {
        let Calibration { id, fitted, rows, factors, evidence, spreads, runtime_widths, kernel_widths } =
            calibration;
        writeln!(
            out,
            "        (\n            id: \"{id}\",\n            fitted: \"{fitted}\",\n            rows: {rows},"
        )?;
        writeln!(out, "            factors: [")?;
        for factor in factors {
            let (name, value, rows) = (&factor.name, factor.value, factor.rows);
            writeln!(out, "                (name: \"{name}\", value: {value:?}, rows: {rows}),")?;
        }
        writeln!(out, "            ],\n            evidence: [")?;
        for measured in evidence {
            let (runtime, chip, rows) = (&measured.runtime, &measured.chip, measured.rows);
            writeln!(out, "                (runtime: \"{runtime}\", chip: \"{chip}\", rows: {rows}),")?;
        }
        writeln!(out, "            ],\n            spreads: [")?;
        for spread in spreads {
            let (class, low, high, rows) = (&spread.class, spread.low, spread.high, spread.rows);
            writeln!(
                out,
                "                (class: \"{class}\", low: {low:?}, high: {high:?}, rows: {rows}),"
            )?;
        }
        for (name, widths) in [("runtime_widths", runtime_widths), ("kernel_widths", kernel_widths)] {
            writeln!(out, "            ],\n            {name}: [")?;
            for Width { of, factor, rows } in widths {
                writeln!(out, "                (of: \"{of}\", factor: {factor:?}, rows: {rows}),")?;
            }
        }
        writeln!(out, "            ],\n        ),")?;
    }
    writeln!(out, "    ],\n)")
}
