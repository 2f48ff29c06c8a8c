//! Entries on their way from a file into the catalog.

use std::collections::{HashMap, HashSet};

use ron::{Options, extensions::Extensions};
use serde::de::DeserializeOwned;

use super::super::check::{Check, Problem, Problems, references};
use super::super::diagnostic::Diagnostic;
use super::super::{
    Calibration, Catalog, Chip, Entry, ExchangeRate, KvType, Machine, Measurement, Model, Quant, Runtime,
    Table, TensorType,
};
use super::explain::explain;
use super::report::{MAX_LISTED, Origin, Report};
use super::section::Section;
use super::words::Finding;
use super::{Step, document};

/// An entry that can be true by itself.
#[derive(Debug)]
struct Draft<T> {
    entry: T,
    origin: Origin,
}

/// All entries, in the order of the files.
#[derive(Debug, Default)]
pub(super) struct Drafts {
    chips: Vec<Draft<Chip>>,
    machines: Vec<Draft<Machine>>,
    models: Vec<Draft<Model>>,
    tensor_types: Vec<Draft<TensorType>>,
    quants: Vec<Draft<Quant>>,
    kv_types: Vec<Draft<KvType>>,
    runtimes: Vec<Draft<Runtime>>,
    calibrations: Vec<Draft<Calibration>>,
    measurements: Vec<Draft<Measurement>>,
    exchange_rates: Vec<Draft<ExchangeRate>>,
}

/// Parses single entries of one text.
struct Parser<'a> {
    text: &'a str,
    source: usize,
    options: Options,
    problems: Vec<(Section, Origin, Vec<Problem>)>,
    /// Entries that could not be parsed.
    failed: usize,
}

impl Parser<'_> {
    fn parse<T: DeserializeOwned + Check>(
        &mut self,
        section: Section,
        range: std::ops::Range<usize>,
        drafts: &mut Vec<Draft<T>>,
    ) -> Result<(), Finding> {
        let text = &self.text[range.clone()];
        let entry: T = self.options.from_str(text).map_err(|error| {
            self.failed += 1;
            if self.failed > MAX_LISTED + 1 {
                // It will be counted and not shown.
                return Finding::new(range.start, Diagnostic::error(""));
            }
            let finding = explain(section, text, &error);
            Finding { at: range.start + finding.at, ..finding }
        })?;
        let origin = Origin { source: self.source, start: range.start, end: range.end };
        let mut problems = Problems::default();
        entry.check(&mut problems);
        if !problems.fatal {
            drafts.push(Draft { entry, origin });
        }
        if !problems.list.is_empty() {
            self.problems.push((section, origin, problems.list));
        }
        Ok(())
    }
}

impl Drafts {
    /// Adds the entries of a text that the report knows by its number.
    pub fn read(&mut self, source: usize, report: &mut Report) {
        let options = Options::default()
            .with_default_extension(Extensions::IMPLICIT_SOME)
            .with_default_extension(Extensions::UNWRAP_NEWTYPES);
        let text = report.texts[source].content;
        let mut parser = Parser { text, source, options, problems: Vec::new(), failed: 0 };
        let findings =
            document::read(text, &report.texts[source].positions, &mut |section, range| match section {
                Section::Chips => parser.parse(section, range, &mut self.chips),
                Section::Machines => parser.parse(section, range, &mut self.machines),
                Section::Models => parser.parse(section, range, &mut self.models),
                Section::TensorTypes => parser.parse(section, range, &mut self.tensor_types),
                Section::Quants => parser.parse(section, range, &mut self.quants),
                Section::KvTypes => parser.parse(section, range, &mut self.kv_types),
                Section::Runtimes => parser.parse(section, range, &mut self.runtimes),
                Section::Calibrations => parser.parse(section, range, &mut self.calibrations),
                Section::Measurements => parser.parse(section, range, &mut self.measurements),
                Section::ExchangeRates => parser.parse(section, range, &mut self.exchange_rates),
            });
        for finding in findings {
            report.finding(source, finding);
        }
        for (section, origin, problems) in parser.problems {
            report.problems(section, origin, problems);
        }
    }

    /// Drops entries whose id another one has already, among those from the text numbered `first` on.
    pub fn remove_duplicates(&mut self, first: usize, report: &mut Report) {
        remove_duplicates(&mut self.chips, Section::Chips, first, report);
        remove_duplicates(&mut self.machines, Section::Machines, first, report);
        remove_duplicates(&mut self.models, Section::Models, first, report);
        remove_duplicates(&mut self.tensor_types, Section::TensorTypes, first, report);
        remove_duplicates(&mut self.quants, Section::Quants, first, report);
        remove_duplicates(&mut self.kv_types, Section::KvTypes, first, report);
        remove_duplicates(&mut self.runtimes, Section::Runtimes, first, report);
        remove_duplicates(&mut self.calibrations, Section::Calibrations, first, report);
        remove_duplicates(&mut self.measurements, Section::Measurements, first, report);
    }

    /// The catalog of all entries that name only what exists.
    pub fn catalog(self, report: &mut Report) -> Catalog {
        let mut catalog = Catalog {
            chips: keep(self.chips, Section::Chips, report, |_, _| {}),
            models: keep(self.models, Section::Models, report, |_, _| {}),
            calibrations: keep(self.calibrations, Section::Calibrations, report, |_, _| {}),
            kv_types: keep(self.kv_types, Section::KvTypes, report, |_, _| {}),
            tensor_types: tensor_types(self.tensor_types, report),
            exchange_rates: exchange_rates(self.exchange_rates),
            ..Catalog::default()
        };
        catalog.quants = keep(self.quants, Section::Quants, report, |quant, problems| {
            references::quant(quant, &catalog, problems);
        });
        let mut quants = references::quant_names(&catalog);
        catalog.runtimes = keep(self.runtimes, Section::Runtimes, report, |runtime, problems| {
            references::runtime(runtime, &quants, problems);
        });
        catalog.machines = keep(self.machines, Section::Machines, report, |machine, problems| {
            references::machine(machine, &catalog, problems);
        });
        for runtime in &catalog.runtimes {
            quants.extend(runtime.quant_aliases.iter().map(|alias| alias.name.clone()));
        }
        catalog.measurements =
            keep(self.measurements, Section::Measurements, report, |measurement, problems| {
                references::measurement(measurement, &catalog, &quants, problems);
            });
        catalog
    }
}

/// Checks one entry against the others, and reports. Returns whether it can be used.
fn is_usable<T>(
    draft: &Draft<T>,
    section: Section,
    report: &mut Report,
    check: impl Fn(&T, &mut Problems),
) -> bool {
    let mut problems = Problems { quiet: report.is_full(draft.origin.source), ..Problems::default() };
    check(&draft.entry, &mut problems);
    if !problems.list.is_empty() {
        report.problems(section, draft.origin, problems.list);
    }
    !problems.fatal
}

/// The entries that can be used, later ones in the place of earlier ones with their id.
fn keep<T: Entry>(
    drafts: Vec<Draft<T>>,
    section: Section,
    report: &mut Report,
    check: impl Fn(&T, &mut Problems),
) -> Table<T> {
    let mut table = Table::default();
    for draft in drafts {
        if is_usable(&draft, section, report, &check) {
            table.insert(draft.entry);
        }
    }
    table
}

/// A type that falls back to one that is left out is left out too, so this takes rounds.
fn tensor_types(mut drafts: Vec<Draft<TensorType>>, report: &mut Report) -> Table<TensorType> {
    /// Nobody chains more; what is left over then the estimator reports.
    const MAX_ROUNDS: usize = 16;
    for _ in 0..MAX_ROUNDS {
        let ids: HashSet<String> = drafts.iter().map(|draft| draft.entry.id.clone()).collect();
        let before = drafts.len();
        drafts.retain(|draft| {
            is_usable(draft, Section::TensorTypes, report, |entry, problems| {
                references::tensor_type(entry, &ids, problems);
            })
        });
        if drafts.len() == before {
            break;
        }
    }
    keep(drafts, Section::TensorTypes, report, |_, _| {})
}

/// In the order of their dates; of one date the one that was read last.
fn exchange_rates(drafts: Vec<Draft<ExchangeRate>>) -> Vec<ExchangeRate> {
    let mut rates: Vec<ExchangeRate> = Vec::with_capacity(drafts.len());
    let mut dates = HashMap::new();
    for Draft { entry, .. } in drafts {
        if let Some(&at) = dates.get(&entry.date) {
            rates[at] = entry;
        } else {
            dates.insert(entry.date, rates.len());
            rates.push(entry);
        }
    }
    rates.sort_by_key(|rate| (rate.date.first_day(), rate.date.last_day()));
    rates
}

fn remove_duplicates<T: Entry>(
    drafts: &mut Vec<Draft<T>>,
    section: Section,
    first: usize,
    report: &mut Report,
) {
    let old = drafts.partition_point(|draft| draft.origin.source < first);
    let mut seen: HashMap<&str, Origin> = HashMap::with_capacity(drafts.len() - old);
    let mut doubles = HashSet::new();
    for (number, draft) in drafts.iter().enumerate().skip(old) {
        let id = draft.entry.id();
        let Some(earlier) = seen.get(id) else {
            seen.insert(id, draft.origin);
            continue;
        };
        doubles.insert(number);
        let place = report.place(*earlier, draft.origin.source);
        let message = format!("another {} has this id", section.entry());
        let help = format!("the one in {place} is used; give this one another id or remove it");
        let problem =
            Problem { path: vec![Step::Field("id")], diagnostic: Diagnostic::error(message).help(help) };
        report.problems(section, draft.origin, vec![problem]);
    }
    if !doubles.is_empty() {
        let mut number = 0;
        drafts.retain(|_| {
            number += 1;
            !doubles.contains(&(number - 1))
        });
    }
}
