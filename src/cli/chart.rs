//! `rigwise chart`: a chart as a file, without a window.

use std::path::PathBuf;

use clap::{Args, ValueEnum, builder::PossibleValue};

use super::{
    CliError, Done,
    question::{Asked, Question},
};
use crate::{
    compare::compare,
    estimate::Estimator,
    export::{self, ExportOptions, Format},
    figure::{self, Facts, Figure, FigureOptions, Name},
};

const EXAMPLES: &str = "\
Examples:
  rigwise chart price-speed --out chart.svg
  rigwise chart price-speed --model gpt-oss-120b --quant MXFP4 --out chart.png --scale 3
  rigwise chart speed-context --machine rtx5090 --machine dgx-spark --out two.csv

Charts of single machines show those that --machine names (models-on-machine the last), and without
it the best for the money.

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
    let Asked { catalog, scenario, filters, machines, .. } = asked;
    let estimator = Estimator::new(catalog);
    let comparison = compare(catalog, &estimator, scenario, filters)?;
    let facts = Facts { catalog, estimator: &estimator, scenario, comparison: &comparison };
    let figure = figure::draw(name, &facts, &FigureOptions { pinned: machines, ..FigureOptions::default() });
    match figure.empty {
        Some(reason) => Err(CliError::NothingToDraw { name: name.key(), reason }),
        None => Ok(figure),
    }
}

impl ValueEnum for Name {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.key()).help(match self {
            Self::PriceSpeed => "Speed of every machine against its price",
            Self::SpeedContext => "Speed over the length of the context, a line for each machine",
            Self::Memory => "Memory needed and usable, a bar for each machine",
            Self::Cost => "Purchase and electricity, a bar for each machine",
            Self::RamPrice => "Price of machines against their memory, by product",
            Self::ModelsOnMachine => "Every model on one machine, by speed",
            Self::Accuracy => "Predicted against measured speeds",
        }))
    }
}
