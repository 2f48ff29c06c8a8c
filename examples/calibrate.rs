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
    calibrate,
    catalog::{Calibration, PartialDate, load},
    cli,
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
        print!("{}", cli::held_out_report(validation, &calibration.spreads));
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
