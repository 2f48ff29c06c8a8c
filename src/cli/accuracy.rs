//! `rigwise accuracy`: what the estimator says of measured runs.

use std::{collections::BTreeMap, fmt::Write, path::PathBuf};

use clap::Args;
use serde::Serialize;

use super::{
    CliError, Done, measurements,
    output::{self, Align, Format, Table},
    presets,
};
use crate::{
    accuracy::{ClassSummary, Prediction, predict, summarize},
    calibrate::{self, HeldOut, HeldOutRow, Quantity, Validation},
    catalog::{Catalog, Spread},
    estimate::Estimator,
    units,
};

const EXAMPLES: &str = "\
Examples:
  rigwise accuracy
  rigwise accuracy --measurements runs.csv --format csv > predicted.csv
  rigwise accuracy --cross-validate

A file of measurements names its columns in the first line, in any order. Known are:
  id             returned with the prediction [default: the row's number]
  chip_id        as `rigwise list chips` shows it
  model_id       as `rigwise list models` shows it
  quant_id       as `rigwise list quants` shows it
  runtime        the program, as llama.cpp, and
  backend        what it computes with, as CUDA [default: the usual ones for the chip]
  n_devices      [default: 1]
  users          requests decoded at once; the rates are those of each [default: 1]
  split          layers, tensors or rows: how devices shared the model [default: the program's way]
  kv_type        [default: f16]
  flash_attn     1, or 0 where attention ran without its fused kernel [default: 1]
  date           of the program, as 2024-05: older ones were slower [default: today's]
  system         windows, or wsl for Linux within it [default: Linux or macOS]
  driver         of the graphics processor, as Mesa 26.0.8 [default: that of its time]
  power_limit_w  what the board's power was limited to [default: not limited]
  depth          tokens in the cache before the measured ones [default: 0]
  pp_n           tokens of the prompt whose reading was timed
  pp_tps         measured tokens/s of reading it
  tg_n           tokens that were decoded
  tg_tps         measured tokens/s of decoding
  ubatch         tokens of the prompt that went through the model at once [default: the program's]
  cpu_offload    how much was left to the processor, as --n-cpu-moe 20
  host_gb_per_s  bandwidth of the memory that it was left in, GB/s [default: 70]
  pcie           the card's bus, as 4.0 x8 [default: the card's own, or 4.0 x16]
  file_gib       size of the model's file: one a quarter off is of another quantization
Other columns are left alone.

Columns of csv and json: id, tg_predicted, tg_low and tg_high (the nominal 80 % interval),
tg_measured, tg_error, pp_predicted, pp_measured, pp_error, reason. An error is predicted over
measured, less one. A row that cannot be predicted stays, with the reason.

With --cross-validate the constants are fitted anew without one chip, one model or one collection
of measurements at a time, and its runs predicted from all others. The table also says how far
collections are apart that measured the same: a perfect estimate would be off by some 0.7 of that.
Columns of csv and json:
quantity (decode or prefill), left_out (chip, model or collection), id, evidence, core (whether
the run counts in the classes: one device, exactly stated, no processor), predicted, low, high,
measured, error.";

/// Predict measured runs, and show the errors
#[derive(Clone, Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct AccuracyArgs {
    /// CSV file of measured runs [default: the built-in measurements]
    #[arg(long, value_name = "FILE")]
    measurements: Option<PathBuf>,
    /// Say how far predictions fall from measurements that the fit has not seen; takes a minute or more
    #[arg(long, conflicts_with = "measurements")]
    cross_validate: bool,
    /// File or folder with presets of your own, added to the built-in ones; may be repeated
    #[arg(long, value_name = "PATH")]
    presets: Vec<PathBuf>,
    /// How to print it: the table sums up by class, csv and json have a row for each run
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

/// One run. The names of the fields are the columns' names, which scripts rely on.
#[derive(Clone, Debug, Serialize)]
struct Line<'a> {
    id: &'a str,
    tg_predicted: Option<f64>,
    tg_low: Option<f64>,
    tg_high: Option<f64>,
    tg_measured: Option<f64>,
    tg_error: Option<f64>,
    pp_predicted: Option<f64>,
    pp_measured: Option<f64>,
    pp_error: Option<f64>,
    reason: Option<&'a str>,
}

impl<'a> Line<'a> {
    fn new(prediction: &'a Prediction) -> Self {
        Self {
            id: &prediction.id,
            tg_predicted: prediction.decode.map(|rate| rate.tokens_per_s),
            tg_low: prediction.decode.map(|rate| rate.low),
            tg_high: prediction.decode.map(|rate| rate.high),
            tg_measured: prediction.decode_measured,
            tg_error: prediction.decode_error(),
            pp_predicted: prediction.prefill.map(|rate| rate.tokens_per_s),
            pp_measured: prediction.prefill_measured,
            pp_error: prediction.prefill_error(),
            reason: prediction.reason.as_deref(),
        }
    }
}

pub(super) fn run(args: &AccuracyArgs) -> Result<Done, CliError> {
    let (catalog, errors) = presets::load(&args.presets)?;
    if args.cross_validate {
        output::print(&cross_validation(&catalog, args.format)?)?;
        return Ok(Done::unless(errors));
    }
    let predictions = predictions(args, &catalog)?;
    let lines = || predictions.iter().map(Line::new).collect::<Vec<_>>();
    let text = match args.format {
        Format::Table => report(&predictions),
        Format::Csv => output::csv(&lines())?,
        Format::Json => output::json(&lines())?,
    };
    output::print(&text)?;
    Ok(Done::unless(errors))
}

/// A run predicted from others. The names of the fields are the columns' names, which scripts rely on.
#[derive(Clone, Debug, Serialize)]
struct HeldOutLine<'a> {
    quantity: &'static str,
    left_out: &'static str,
    id: &'a str,
    evidence: &'static str,
    core: bool,
    predicted: f64,
    low: Option<f64>,
    high: Option<f64>,
    measured: f64,
    error: f64,
}

fn cross_validation(catalog: &Catalog, format: Format) -> Result<String, CliError> {
    let validations = calibrate::cross_validate(catalog);
    let spreads = |quantity: Quantity| {
        catalog.calibrations.get(quantity.id()).map_or(&[][..], |calibration| &calibration.spreads)
    };
    if format == Format::Table {
        return Ok(validations.iter().map(|it| held_out_report(it, spreads(it.quantity))).collect());
    }
    let line = |quantity: Quantity, row: &'_ HeldOutRow| {
        let interval = row.interval(spreads(quantity));
        HeldOutLine {
            quantity: quantity.id(),
            left_out: row.held_out.name(),
            id: "",
            evidence: row.evidence.name(),
            core: row.core,
            predicted: row.predicted_tokens_per_s,
            low: interval.map(|(low, _)| low),
            high: interval.map(|(_, high)| high),
            measured: row.measured_tokens_per_s,
            error: row.residual().exp() - 1.0,
        }
    };
    let lines: Vec<HeldOutLine> = validations
        .iter()
        .flat_map(|validation| {
            validation.rows.iter().map(|row| HeldOutLine { id: &row.id, ..line(validation.quantity, row) })
        })
        .collect();
    if format == Format::Csv { output::csv(&lines) } else { output::json(&lines) }
}

/// The errors of one quantity with each kind of thing left out, by class, and how far collections differ that measured
/// the same: tables for the terminal.
#[must_use]
pub fn held_out_report(validation: &Validation, spreads: &[Spread]) -> String {
    let title = match validation.quantity {
        Quantity::Decode => "Decoding",
        Quantity::Prefill => "Prefill",
    };
    let mut text = String::new();
    for held_out in HeldOut::ALL {
        let table = summary(&validation.summaries(held_out, spreads)).aligned();
        let _ = writeln!(text, "{title}, each {} left out in turn\n\n{table}", held_out.name());
    }
    let table = agreement(&validation.agreement).aligned();
    let _ = writeln!(text, "{title}, collections that measured the same, against each other\n\n{table}");
    text
}

fn agreement(classes: &[ClassSummary]) -> Table<4> {
    let mut table = Table::new([
        ("Class", Align::Left),
        ("Pairs", Align::Right),
        ("Median difference", Align::Right),
        ("90 % below", Align::Right),
    ]);
    for class in classes {
        table.push([class.class.clone(), class.rows.to_string(), percent(class.median), percent(class.p90)]);
    }
    table
}

fn predictions(args: &AccuracyArgs, catalog: &Catalog) -> Result<Vec<Prediction>, CliError> {
    let estimator = Estimator::new(catalog);
    let Some(path) = &args.measurements else {
        return Ok(catalog.measurements.iter().map(|run| predict(catalog, &estimator, run)).collect());
    };
    let predict_row = |row: measurements::MeasuredRow| {
        let mut prediction = predict(catalog, &estimator, &row.measurement);
        if row.problem.is_some() {
            // What was measured is not known, so that a prediction would be of something else.
            prediction.decode = None;
            prediction.prefill = None;
            prediction.reason = row.problem;
        }
        prediction
    };
    Ok(measurements::read(path)?.into_iter().map(predict_row).collect())
}

fn report(predictions: &[Prediction]) -> String {
    let (decode, prefill) = summarize(predictions);
    let mut text = format!("Decoding\n\n{}", summary(&decode).aligned());
    let _ = write!(text, "\nPrefill\n\n{}", summary(&prefill).aligned());
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for reason in predictions.iter().filter_map(|prediction| prediction.reason.as_deref()) {
        *reasons.entry(reason).or_default() += 1;
    }
    let _ = writeln!(text, "\n{} runs.", units::thousands(predictions.len() as f64));
    if !reasons.is_empty() {
        text.push_str("Not predicted, or not in full:\n");
    }
    let mut reasons: Vec<_> = reasons.into_iter().collect();
    reasons.sort_by_key(|&(reason, count)| (std::cmp::Reverse(count), reason));
    for (reason, count) in reasons {
        let _ = writeln!(text, "{count:>6}  {reason}");
    }
    text
}

fn summary(classes: &[ClassSummary]) -> Table<8> {
    let mut table = Table::new([
        ("Class", Align::Left),
        ("Runs", Align::Right),
        ("Median error", Align::Right),
        ("90 % below", Align::Right),
        ("Within 20 %", Align::Right),
        ("Over by 30 %", Align::Right),
        ("Bias", Align::Right),
        ("In 80 % interval", Align::Right),
    ]);
    for class in classes {
        table.push([
            class.class.clone(),
            class.rows.to_string(),
            percent(class.median),
            percent(class.p90),
            percent(class.within_20),
            percent(class.over_30),
            format!("{:+.1} %", class.bias * 100.0),
            class.coverage.map(percent).unwrap_or_default(),
        ]);
    }
    table
}

fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}
