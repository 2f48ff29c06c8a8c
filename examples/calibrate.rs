//! Fits the estimator's constants on the embedded measurements, cross-validates them, and writes
//! `presets/calibration.ron`.
//!
//! ```sh
//! cargo run --release --example calibrate
//! cargo run --release --example calibrate -- --check
//! ```
//!
//! With `--check` nothing is written, and the exit status says whether the committed constants are what the fit
//! produces. The day in the file is that of the newest fit that changed it.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program for the terminal")]

use std::{fs, io::Write as _, path::Path, process::ExitCode};

use rigwise::{
    accuracy::ClassSummary,
    calibrate::{self, HeldOut, Validation},
    catalog::{Calibration, PartialDate, load},
};

fn main() -> ExitCode {
    let check = std::env::args().any(|argument| argument == "--check");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("presets/calibration.ron");
    let loaded = load::embedded();
    let today = jiff::Zoned::now().date();
    let (mut calibrations, validations) = calibrate::calibrate(&loaded.catalog, today);
    for validation in &validations {
        report(validation);
    }
    keep_date_of_same(&mut calibrations, &loaded.catalog.calibrations);
    let text = calibrate::to_ron(&calibrations);
    let committed = fs::read_to_string(&path).unwrap_or_default();
    if check {
        let same = text == committed;
        println!("presets/calibration.ron is {}what the fit produces.", if same { "" } else { "not " });
        return if same { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    }
    match write(&path, &text) {
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

fn report(validation: &Validation) {
    for held_out in HeldOut::ALL {
        println!("{} with each {} left out in turn", validation.quantity.id(), held_out.name());
        println!("{:28} {:>5} {:>8} {:>8} {:>8} {:>8}", "", "rows", "median", "p90", "in 20 %", "bias");
        let rows = || validation.rows.iter().filter(move |row| row.held_out == held_out && row.core);
        let line = |name: &str, errors: Vec<f64>| {
            if let Some(summary) = ClassSummary::new(name, &errors, &[]) {
                let ClassSummary { class, rows, median, p90, within_20, bias, .. } = summary;
                let percent = |share: f64| format!("{:.1} %", share * 100.0);
                println!(
                    "{class:28} {rows:>5} {:>8} {:>8} {:>8} {:>8}",
                    percent(median),
                    percent(p90),
                    percent(within_20),
                    percent(bias)
                );
            }
        };
        let error = |row: &calibrate::HeldOutRow| row.residual().exp() - 1.0;
        line("all", rows().map(error).collect());
        for kind in ["dense", "hybrid", "moe"] {
            line(kind, rows().filter(|row| row.kind == kind).map(error).collect());
        }
        for (name, from, to) in [("empty cache", 0, 1), ("to 8k", 1, 8193), ("8k to 64k", 8193, 65_537)] {
            line(name, rows().filter(|row| (from..to).contains(&row.depth)).map(error).collect());
        }
        let mut runtimes: Vec<&str> = rows().map(|row| row.runtime.as_str()).collect();
        runtimes.sort_unstable();
        runtimes.dedup();
        for runtime in runtimes {
            line(runtime, rows().filter(|row| row.runtime == runtime).map(error).collect());
        }
        println!();
    }
}
