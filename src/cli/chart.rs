//! `rigwise chart`: a chart as a file, without a window.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{
    CliError, Done,
    question::{Asked, Question},
};
use crate::{
    compare::compare,
    estimate::Estimator,
    export::{self, ExportOptions, Format},
    figure::{self, Figure, FigureOptions},
};

const EXAMPLES: &str = "\
Examples:
  rigwise chart price-speed --out chart.svg
  rigwise chart price-speed --model gpt-oss-120b --quant MXFP4 --out chart.png --scale 3
  rigwise chart price-speed --machine rtx5090 --machine dgx-spark --out two.csv

The name of the file says in which format it is written: .svg, .png, .pdf, or .csv for the
chart's data. The file is written as a whole or not at all.";

/// Write a chart to a file
#[derive(Clone, Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct ChartArgs {
    /// Which chart
    #[arg(value_enum)]
    name: Name,
    /// File to write: .svg, .png, .pdf or .csv
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Width in points of 1/96 inch
    #[arg(long, value_name = "POINTS", default_value_t = ExportOptions::default().width)]
    width: f32,
    /// Height in points of 1/96 inch
    #[arg(long, value_name = "POINTS", default_value_t = ExportOptions::default().height)]
    height: f32,
    /// Pixels for each point, for PNG
    #[arg(long, value_name = "FACTOR", default_value_t = ExportOptions::default().pixels_per_point)]
    scale: f32,
    #[command(flatten)]
    question: Question,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Name {
    /// Speed of every machine against its price
    PriceSpeed,
}

pub(super) fn run(args: &ChartArgs) -> Result<Done, CliError> {
    let Some(format) = Format::of_path(&args.out) else {
        return Err(CliError::NoFormat { path: args.out.clone() });
    };
    let asked = args.question.resolve()?;
    let options = ExportOptions { width: args.width, height: args.height, pixels_per_point: args.scale };
    let bytes = export::export(&figure(args.name, &asked)?, format, &options)?;
    export::write(&args.out, &bytes)?;
    Ok(Done::unless(asked.errors))
}

fn figure(name: Name, asked: &Asked) -> Result<Figure, CliError> {
    let Asked { catalog, scenario, filters, .. } = asked;
    let comparison = compare(catalog, &Estimator::new(catalog), scenario, filters)?;
    // Machines asked for by name are named in the chart too.
    let pinned: Vec<String> = filters.machines.iter().flatten().cloned().collect();
    let options = FigureOptions { pinned: &pinned, ..FigureOptions::default() };
    Ok(match name {
        Name::PriceSpeed => figure::price_speed(catalog, scenario, &comparison, &options),
    })
}
