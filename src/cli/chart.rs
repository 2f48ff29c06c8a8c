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
    export::{self, ExportOptions, Format, Paper, SizePreset},
    figure::{self, Axes, Directory, Facts, Figure, FigureOptions, Name, Quantity, Spacing},
};

const EXAMPLES: &str = "\
Examples:
  rigwise chart price-speed --out chart.svg
  rigwise chart price-speed --model gpt-oss-120b --quant MXFP4 --out chart.png --scale 3
  rigwise chart price-speed --x watts --y first-token --x-scale linear --out waiting.svg
  rigwise chart memory --size column --pixels-wide 1600 --out memory.png
  rigwise chart speed-context --machine rtx5090 --machine dgx-spark --out two.csv

Charts of single machines show those that --machine names (models-on-machine the last), and without
it the best for the money.

What the axes can show, the first unless another is chosen:
  price-speed        --x price, price-per-gib, watts
                     --y decode, total, answer, prefill, first-token
  speed-context      --y as price-speed
  models-on-machine  --y as price-speed
  ram-price          --y price, price-per-gb
  cost               --x cost, cost-per-million
  accuracy           --y decode, prefill
The axes of the first four can be linear or logarithmic.

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
    #[command(flatten)]
    page: Page,
    #[command(flatten)]
    axes: AxesArgs,
    #[command(flatten)]
    question: Question,
}

/// What the chart is drawn on.
#[derive(Clone, Debug, Args)]
struct Page {
    /// Size of the page
    #[arg(long, value_enum, default_value_t)]
    size: SizePreset,
    /// Width in points of 1/96 inch, instead of that size's
    #[arg(long, value_name = "POINTS")]
    width: Option<f32>,
    /// Height in points of 1/96 inch, instead of that size's
    #[arg(long, value_name = "POINTS")]
    height: Option<f32>,
    /// Pixels for each point, for PNG [default: 2]
    #[arg(long, value_name = "FACTOR")]
    scale: Option<f32>,
    /// Pixels from left to right, for PNG
    #[arg(long, value_name = "N", conflicts_with = "scale")]
    pixels_wide: Option<u32>,
    /// What it is drawn on
    #[arg(long, value_enum, default_value_t)]
    paper: Paper,
}

impl Page {
    fn options(&self) -> ExportOptions {
        let preset = ExportOptions::preset(self.size);
        let options = ExportOptions {
            width: self.width.unwrap_or(preset.width),
            height: self.height.unwrap_or(preset.height),
            pixels_per_point: self.scale.unwrap_or(preset.pixels_per_point),
            paper: self.paper,
            ..preset
        };
        self.pixels_wide.map_or(options, |pixels| options.pixels_wide(pixels))
    }
}

/// What the axes show.
#[derive(Clone, Copy, Debug, Args)]
#[command(next_help_heading = "What the axes show")]
struct AxesArgs {
    /// What the level axis shows
    #[arg(long, value_enum, value_name = "QUANTITY", hide_possible_values = true)]
    x: Option<Quantity>,
    /// What the upright axis shows
    #[arg(long, value_enum, value_name = "QUANTITY", hide_possible_values = true)]
    y: Option<Quantity>,
    /// How the level axis is spaced
    #[arg(long, value_enum, value_name = "SPACING")]
    x_scale: Option<Spacing>,
    /// How the upright axis is spaced
    #[arg(long, value_enum, value_name = "SPACING")]
    y_scale: Option<Spacing>,
    /// The most to spend: a line in price-speed where it shows the price
    #[arg(long, value_name = "AMOUNT", value_parser = amount)]
    budget: Option<f64>,
    /// What an API asks for a million tokens: a line in cost where it shows the cost of a million
    #[arg(long, value_name = "AMOUNT", value_parser = amount)]
    api_price: Option<f64>,
}

impl AxesArgs {
    /// What was chosen, if the chart offers it.
    fn of(self, name: Name) -> Result<Axes, CliError> {
        let Self { x, y, x_scale, y_scale, .. } = self;
        for (axis, wanted, offered) in [("x", x, name.x_choices()), ("y", y, name.y_choices())] {
            if let Some(wanted) = wanted.filter(|wanted| !offered.contains(wanted)) {
                let offered = offered.iter().map(|it| it.key()).collect();
                return Err(CliError::NotOnAxis { name: name.key(), axis, wanted: wanted.key(), offered });
            }
        }
        if (x_scale.or(y_scale)).is_some() && !name.has_spacings() {
            return Err(CliError::NoSpacings { name: name.key() });
        }
        Ok(Axes { x, y, x_scale, y_scale })
    }
}

fn amount(text: &str) -> Result<f64, String> {
    let amount = text.parse().ok().filter(|amount: &f64| *amount > 0.0 && amount.is_finite());
    amount.ok_or_else(|| "write a number above zero, such as 2500".to_owned())
}

pub(super) fn run(args: &ChartArgs) -> Result<Done, CliError> {
    let Some(format) = Format::of_path(&args.out) else {
        return Err(CliError::NoFormat { path: args.out.clone() });
    };
    let axes = args.axes.of(args.name)?;
    let mut asked = args.question.resolve()?;
    asked.scenario.money.budget = args.axes.budget;
    asked.scenario.money.api_per_million = args.axes.api_price;
    let bytes = export::export(&figure(args.name, axes, &asked)?, format, &args.page.options())?;
    export::write(&args.out, &bytes)?;
    Ok(Done::unless(asked.errors))
}

fn figure(name: Name, axes: Axes, asked: &Asked) -> Result<Figure, CliError> {
    let Asked { catalog, scenario, filters, machines, .. } = asked;
    let estimator = Estimator::new(catalog);
    let comparison = compare(catalog, &estimator, scenario, filters)?;
    let directory = Directory::new(catalog);
    let facts =
        Facts { catalog, directory: &directory, estimator: &estimator, scenario, comparison: &comparison };
    let figure = figure::draw(name, &facts, &FigureOptions { pinned: machines, axes });
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
            Self::ModelsOnMachine => "Every model at every quantization that fits on one machine, by speed",
            Self::Accuracy => "Predicted against measured speeds",
        }))
    }
}

impl ValueEnum for Quantity {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.key()))
    }
}

impl ValueEnum for Spacing {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::Linear, Self::Log]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(match self {
            Self::Linear => "linear",
            Self::Log => "log",
        }))
    }
}

impl ValueEnum for SizePreset {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let (name, what) = match self {
            Self::Slide => ("slide", "1280 x 720 points, as slides and wide screens are"),
            Self::Column => ("column", "760 x 620 points, as wide as the text of an article"),
            Self::Square => ("square", "900 x 900 points"),
        };
        Some(PossibleValue::new(name).help(what))
    }
}

impl ValueEnum for Paper {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(match self {
            Self::Light => PossibleValue::new("light").help("White, for print and documents"),
            Self::Dark => PossibleValue::new("dark").help("Nearly black, for dark slides and pages"),
        })
    }
}
