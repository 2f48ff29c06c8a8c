//! `rigwise compare`: a row for each machine.

use std::cmp::Ordering;

use clap::{Args, ValueEnum};

use super::{
    CliError, Done,
    output::{self, Align, Table},
    question::{Asked, Question},
};
use crate::{
    catalog::{Catalog, Machine},
    compare::{Comparison, Row, Standing, compare},
    estimate::{Estimator, Placement},
    export::record::{self, Record},
    units,
};

const EXAMPLES: &str = "\
Examples:
  rigwise compare --model llama-3.1-8b --quant Q4_K_M --context 8192
  rigwise compare --model gpt-oss-120b --quant MXFP4 --machine dgx-spark --format json
  rigwise compare --presets my-machines.ron --currency EUR --format csv > comparison.csv

Columns of csv and json; a cell is empty (null) where nothing is known:
  machine_id, machine, maker, chip_id, runtime_id
  fit                    fits, offloads (a part lies in the host's memory), does_not_fit
  tokens_per_s           decoding, for one user; if it does not fit, with memory enough
  tokens_per_s_low       lower end of the nominal 80 % interval
  tokens_per_s_high      upper end of it
  confidence             what was measured with the runtime: chip, family or general
  time_to_first_token_s  from the question to the first token of the answer
  prefill_tokens_per_s   reading the question
  answer_tokens_per_s    answer tokens over the whole time, reading included
  weights_read_bytes     for one token; with several users, for one step of all
  kv_read_bytes          likewise, keys and values
  memory_needed_bytes, memory_usable_bytes
  price, currency, price_date, price_kind
  on_frontier            whether no machine that can be bought and fits is both cheaper
                         and faster, among those asked for";

/// Compare machines: speed, fit and price of each
#[derive(Clone, Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct CompareArgs {
    #[command(flatten)]
    question: Question,
    /// How to print it
    #[arg(long, value_enum, default_value_t = CompareFormat::Table)]
    format: CompareFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum CompareFormat {
    /// Aligned columns and short numbers for people, the fastest first
    Table,
    /// A line for each machine in the catalog's order, numbers in full precision
    Csv,
    /// An array with an object for each machine in the catalog's order, numbers in full precision
    Json,
    /// The table as Markdown has it
    Markdown,
}

pub(super) fn run(args: &CompareArgs) -> Result<Done, CliError> {
    let asked = args.question.resolve()?;
    let estimator = Estimator::new(&asked.catalog);
    let comparison = compare(&asked.catalog, &estimator, &asked.scenario, &asked.filters)?;
    let rows = asked.rows(&comparison);
    let text = match args.format {
        CompareFormat::Table => format!("{}\n{}", table(&rows).aligned(), legend(&asked, &comparison)),
        CompareFormat::Markdown => table(&rows).markdown(),
        CompareFormat::Csv => output::csv(&records(&asked.catalog, &rows))?,
        CompareFormat::Json => output::json(&records(&asked.catalog, &rows))?,
    };
    output::print(&text)?;
    Ok(Done::unless(asked.errors))
}

fn records<'a>(catalog: &'a Catalog, rows: &[(&'a Machine, &'a Row)]) -> Vec<Record<'a>> {
    rows.iter().map(|(machine, row)| Record::new(catalog, machine, row)).collect()
}

/// The fastest first, then what does not fit, then what has no estimate; the catalog's order among equals.
fn by_speed(left: &Row, right: &Row) -> Ordering {
    let rank = |row: &Row| (row.speed().is_none(), row.estimate.is_err());
    let speed = |row: &Row| row.speed().unwrap_or(0.0);
    rank(left).cmp(&rank(right)).then_with(|| speed(right).total_cmp(&speed(left)))
}

fn table(rows: &[(&Machine, &Row)]) -> Table<9> {
    let mut table = Table::new([
        ("Machine", Align::Left),
        ("Runtime", Align::Left),
        ("tokens/s", Align::Right),
        ("80 % interval", Align::Right),
        ("First token", Align::Right),
        ("Memory", Align::Left),
        ("Price", Align::Right),
        ("Quoted", Align::Left),
        ("Remarks", Align::Left),
    ]);
    let alone = rows.len() == 1;
    let mut rows = rows.to_vec();
    rows.sort_by(|(_, left), (_, right)| by_speed(left, right));
    for (machine, row) in rows {
        let fitting = row.estimate.as_ref().ok().filter(|_| row.speed().is_some());
        let interval = fitting.map(|estimate| {
            let (low, high) = (estimate.tokens_per_s_low(), estimate.tokens_per_s_high());
            format!("{} to {}", units::significant(low), units::significant(high))
        });
        let first = fitting.and_then(|estimate| estimate.time_to_first_token_s).map(units::duration);
        let price = row.price.as_ref().map(|price| units::money(price.amount, price.currency));
        let quoted =
            row.price.as_ref().map(|price| format!("{} {}", record::price_kind(price.kind), price.date));
        table.push([
            machine.name.clone(),
            row.runtime.as_deref().unwrap_or_default().to_owned(),
            row.speed().map(units::significant).unwrap_or_default(),
            interval.unwrap_or_default(),
            first.unwrap_or_default(),
            memory(row),
            price.unwrap_or_default(),
            quoted.unwrap_or_default(),
            remarks(row, alone),
        ]);
    }
    table
}

fn memory(row: &Row) -> String {
    let Ok(estimate) = &row.estimate else {
        return String::new();
    };
    let (needed, usable) = (estimate.memory.needed_bytes(), estimate.memory.usable_bytes);
    let sizes = format!("{} of {}", units::significant(needed / units::GIB), units::gibibytes(usable));
    match estimate.placement {
        Placement::Fits => sizes,
        Placement::Offloads { .. } => format!("{sizes}, rest in host's"),
        Placement::DoesNotFit { .. } => format!("{sizes}: does not fit"),
    }
}

fn remarks(row: &Row, alone: bool) -> String {
    let mut remarks = Vec::new();
    // The best of one is no praise.
    if row.on_frontier && !alone {
        remarks.push("best for the money".to_owned());
    }
    match row.standing {
        Standing::Buyable => {}
        Standing::Withdrawn => remarks.push("no longer sold".to_owned()),
        Standing::Announced => remarks.push("announced".to_owned()),
        Standing::Part => remarks.push("needs a server or carrier".to_owned()),
    }
    if let Err(reason) = &row.estimate {
        remarks.push(reason.to_string());
    }
    remarks.join(", ")
}

/// What the table is about, below it so that it stands next to the prompt.
fn legend(asked: &Asked, comparison: &Comparison) -> String {
    let (money, workload) = (&asked.scenario.money, &comparison.workload);
    let users = if workload.users == 1 {
        String::new()
    } else {
        format!(", {} users at once (speed for each)", workload.users)
    };
    let system = asked.scenario.system.map_or(String::new(), |system| format!(", under {}", system.title()));
    let dated = money.rate_date.map_or(String::new(), |date| format!(" ({date})"));
    format!(
        "{name}, {quant}, cache {kv} with {context}{users}{system}.\n\
         Prices as of {day}, 1 EUR = {rate} USD{dated}; taxes as quoted: US prices without, European with.\n\
         Best for the money: of those that fit and can be bought, none is both cheaper and faster.\n",
        name = workload.model.name,
        quant = workload.quant.name,
        kv = workload.kv_type.name,
        context = units::tokens(workload.context),
        day = money.as_of,
        rate = money.usd_per_eur,
    )
}
