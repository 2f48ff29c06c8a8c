//! The options with which `compare` and `chart` ask their question, and what they mean.

use std::{collections::BTreeSet, path::PathBuf};

use clap::{Args, ValueEnum, builder::PossibleValue};
use jiff::civil::Date;

use super::{CliError, presets};
use crate::{
    catalog::{Catalog, Currency, Machine, System},
    compare::{Comparison, Filters, Row},
    scenario::{self, Money, PriceChoice, Scenario, ScenarioError},
};

/// What is asked. What is left out is as the window first shows it.
#[derive(Clone, Debug, Args)]
#[command(allow_negative_numbers = true, next_help_heading = "What is asked")]
pub(super) struct Question {
    /// Model, by its id; `rigwise list models` shows all
    #[arg(long, value_name = "ID", default_value_t = Scenario::default().model)]
    model: String,
    /// Quantization, by its id; `rigwise list quants` shows all
    #[arg(long, value_name = "ID", default_value_t = Scenario::default().quant)]
    quant: String,
    /// Tokens in the cache when the speed is taken; 0 is an empty cache
    #[arg(long, value_name = "N", default_value_t = Scenario::default().context)]
    context: u32,
    /// Type that cached keys and values are kept in; `rigwise list kv-types` shows all
    #[arg(long, value_name = "TYPE", default_value_t = Scenario::default().kv_type)]
    kv: String,
    /// Tokens of the question
    #[arg(long, value_name = "N", default_value_t = Scenario::default().prompt)]
    prompt: u32,
    /// Tokens of the answer
    #[arg(long, value_name = "N", default_value_t = Scenario::default().answer)]
    answer: u32,
    /// Requests decoded at once
    #[arg(long, value_name = "N", default_value_t = Scenario::default().users)]
    users: u32,
    /// Runtime, by its id, or `best` for the fastest one on each machine
    #[arg(long, value_name = "ID", default_value = BEST)]
    runtime: String,
    /// What programs run under, on machines that run it; vLLM and SGLang run in WSL where it is Windows
    #[arg(long, value_enum, default_value_t = AskedSystem::Linux)]
    system: AskedSystem,
    /// Only this machine, by its id; may be repeated [default: all machines]
    #[arg(long = "machine", value_name = "ID")]
    machines: Vec<String>,
    /// File or folder with presets of your own, added to the built-in ones; may be repeated
    #[arg(long, value_name = "PATH")]
    presets: Vec<PathBuf>,
    /// Currency that prices are shown in
    #[arg(long, value_enum, ignore_case = true, default_value_t = Scenario::default().money.currency)]
    currency: Currency,
    /// Day to compare on: later prices do not count [default: today]
    #[arg(long, value_name = "DATE", value_parser = day)]
    as_of: Option<Date>,
    /// Which price of a machine counts
    #[arg(long, value_enum, value_name = "KIND", default_value_t = Scenario::default().money.price)]
    price_kind: PriceChoice,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum AskedSystem {
    /// Linux, or macOS on a Mac
    Linux,
    Windows,
    /// Linux within Windows
    Wsl,
}

impl AskedSystem {
    fn system(self) -> Option<System> {
        match self {
            Self::Linux => None,
            Self::Windows => Some(System::Windows),
            Self::Wsl => Some(System::Wsl),
        }
    }
}

/// The value of `--runtime` that leaves the choice to the program.
const BEST: &str = "best";

/// The question in the terms of the library, with the catalog that it is about.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub catalog: Catalog,
    pub scenario: Scenario,
    pub filters: Filters,
    /// Ids of the machines asked for by name, in the order of asking.
    pub machines: Vec<String>,
    /// Whether the preset files have errors, which were said and gone past.
    pub errors: bool,
}

impl Asked {
    /// The machines asked for, or all, in the catalog's order.
    pub(super) fn rows<'a>(&'a self, comparison: &'a Comparison) -> Vec<(&'a Machine, &'a Row)> {
        let named = |machine: &Machine| {
            self.filters.machines.as_ref().is_none_or(|machines| machines.contains(&machine.id))
        };
        let rows = self.catalog.machines.iter().zip(&comparison.rows);
        rows.filter(|(machine, _)| named(machine)).collect()
    }
}

impl Question {
    pub(super) fn resolve(&self) -> Result<Asked, CliError> {
        let (catalog, errors) = presets::load(&self.presets)?;
        let filters = Filters { machines: self.machines(&catalog)?, ..Filters::default() };
        let scenario = self.scenario(&catalog);
        Ok(Asked { catalog, scenario, filters, machines: self.machines.clone(), errors })
    }

    fn scenario(&self, catalog: &Catalog) -> Scenario {
        let as_of = self.as_of.unwrap_or_else(today);
        let mut money = Money { currency: self.currency, price: self.price_kind, as_of, ..Money::default() };
        if let Some(rate) = catalog.exchange_rate(as_of) {
            money.usd_per_eur = rate.usd_per_eur;
            money.rate_date = Some(rate.date.last_day());
        }
        Scenario {
            model: self.model.clone(),
            quant: self.quant.clone(),
            kv_type: self.kv.clone(),
            context: self.context,
            prompt: self.prompt,
            answer: self.answer,
            users: self.users,
            runtime: (self.runtime != BEST).then(|| self.runtime.clone()),
            system: self.system.system(),
            money,
            ..Scenario::default()
        }
    }

    /// The machines asked for by name, if any.
    fn machines(&self, catalog: &Catalog) -> Result<Option<BTreeSet<String>>, CliError> {
        for id in &self.machines {
            if catalog.machines.get(id).is_none() {
                let nearest = scenario::nearest(id, catalog.machines.ids());
                return Err(ScenarioError::Unknown { kind: "machine", id: id.clone(), nearest }.into());
            }
        }
        Ok((!self.machines.is_empty()).then(|| self.machines.iter().cloned().collect()))
    }
}

fn today() -> Date {
    jiff::Zoned::now().date()
}

fn day(text: &str) -> Result<Date, String> {
    text.parse().map_err(|_| "write a day as 2026-09-22".to_owned())
}

impl ValueEnum for Currency {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.code()))
    }
}

impl ValueEnum for PriceChoice {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(match self {
            Self::Newest => {
                PossibleValue::new("newest").help("The newest quote of any kind but the article's")
            }
            Self::List => PossibleValue::new("list").help("The maker's own price"),
            Self::Street => PossibleValue::new("street").help("What shops ask for a new one"),
            Self::Used => PossibleValue::new("used").help("What a second-hand one sells for"),
            Self::Article => PossibleValue::new("article")
                .help("The figure of the article that the comparison started from"),
        })
    }
}
