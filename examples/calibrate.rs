//! Fits the estimator's constants on the embedded measurements, cross-validates them, and writes
//! `presets/calibration.ron`.
//!
//! ```sh
//! cargo run --release --example calibrate
//! cargo run --release --example calibrate -- --check
//! ```
//!
//! With `--check` nothing is written, and the exit status says whether the committed factors are what the fit
//! produces; intervals, which need cross-validation, are left to the whole run. The day in the file is that of the
//! newest fit that changed it.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program for the terminal")]

use std::{io::Write as _, path::Path, process::ExitCode};

use rigwise::{
    accuracy::ClassSummary,
    calibrate::{self, HeldOut, Validation},
    catalog::{Calibration, PartialDate, Spread, load},
};

fn main() -> ExitCode {
    let loaded = load::embedded();
    let committed = &loaded.catalog.calibrations;
    let today = jiff::Zoned::now().date();
    if std::env::args().any(|argument| argument == "--check") {
        let differences = calibrate::differences(&calibrate::fit_only(&loaded.catalog, today), committed);
        for difference in &differences {
            println!("{difference}");
        }
        let same = differences.is_empty();
        println!("presets/calibration.ron is {}what the fit produces.", if same { "" } else { "not " });
        return if same { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    }
    let (mut calibrations, validations) = calibrate::calibrate(&loaded.catalog, today);
    for (validation, calibration) in validations.iter().zip(&calibrations) {
        report(validation, &calibration.spreads);
    }
    keep_date_of_same(&mut calibrations, committed);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("presets/calibration.ron");
    match write(&path, &calibrate::to_ron(&calibrations)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{} could not be written: {error}", path.display());
            ExitCode::FAILURE
        }
    }
}

/// Leaves the day alone where nothing else has changed.
fn keep_date_of_same(calibrations: &mut [Calibration], committed: &rigwise::catalog::Table<Calibration>) {
    for calibration in calibrations {
        if let Some(held) = committed.get(&calibration.id) {
            let day: PartialDate = std::mem::replace(&mut calibration.fitted, held.fitted);
            if calibration != held {
                calibration.fitted = day;
            }
        }
    }
}

fn write(path: &Path, text: &str) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.persist(path)?;
    Ok(())
}

fn report(validation: &Validation, spreads: &[Spread]) {
    for held_out in HeldOut::ALL {
        println!("{} with each {} left out in turn", validation.quantity.id(), held_out.name());
        println!(
            "{:30} {:>5} {:>8} {:>8} {:>8} {:>8} {:>8} {:>8}",
            "", "rows", "median", "p90", "in 20 %", "over 30", "bias", "covered"
        );
        for summary in validation.summaries(held_out, spreads) {
            let ClassSummary { class, rows, median, p90, within_20, over_30, bias, coverage } = summary;
            let percent = |share: f64| format!("{:.1} %", share * 100.0);
            println!(
                "{class:30} {rows:>5} {:>8} {:>8} {:>8} {:>8} {:>8} {:>8}",
                percent(median),
                percent(p90),
                percent(within_20),
                percent(over_30),
                percent(bias),
                coverage.map(percent).unwrap_or_default()
            );
        }
        println!();
    }
}
