//! Entries on their way from a file into the catalog.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use ron::{Options, extensions::Extensions};
use serde::de::DeserializeOwned;

use super::super::check::{Check, Lost, Problem, Problems, references};
use super::super::diagnostic::Diagnostic;
use super::super::{
    Calibration, Catalog, Chip, Entry, ExchangeRate, KvType, Machine, Measurement, MemoryPrice, Model, Quant,
    Runtime, Table, TensorType,
};
use super::document::Entries;
use super::explain::explain;
use super::fields::Fields;
use super::report::{MAX_LISTED, Origin, Report};
use super::section::Section;
use super::words::{Finding, id};
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
    memory_prices: Vec<Draft<MemoryPrice>>,
    exchange_rates: Vec<Draft<ExchangeRate>>,
    lost: Lost,
}

/// Parses single entries of one text.
struct Parser<'a> {
    drafts: &'a mut Drafts,
    text: &'a str,
    source: usize,
    options: Options,
    problems: Vec<(Section, Origin, Vec<Problem>)>,
    /// Entries that could not be parsed.
    failed: usize,
}

impl Parser<'_> {
    /// The entry, if it can be parsed and can be true by itself.
    fn parse<T: DeserializeOwned + Check>(
        &mut self,
        section: Section,
        range: Range<usize>,
    ) -> Result<Option<Draft<T>>, Finding> {
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
        if !problems.list.is_empty() {
            self.problems.push((section, origin, problems.list));
        }
        if problems.fatal {
            self.lost(section, range);
            return Ok(None);
        }
        Ok(Some(Draft { entry, origin }))
    }
}

impl Entries for Parser<'_> {
    fn read(&mut self, section: Section, range: Range<usize>) -> Result<(), Finding> {
        match section {
            Section::Chips => self.parse(section, range).map(|draft| self.drafts.chips.extend(draft)),
            Section::Machines => self.parse(section, range).map(|draft| self.drafts.machines.extend(draft)),
            Section::Models => self.parse(section, range).map(|draft| self.drafts.models.extend(draft)),
            Section::TensorTypes => {
                self.parse(section, range).map(|draft| self.drafts.tensor_types.extend(draft))
            }
            Section::Quants => self.parse(section, range).map(|draft| self.drafts.quants.extend(draft)),
            Section::KvTypes => self.parse(section, range).map(|draft| self.drafts.kv_types.extend(draft)),
            Section::Runtimes => self.parse(section, range).map(|draft| self.drafts.runtimes.extend(draft)),
            Section::Calibrations => {
                self.parse(section, range).map(|draft| self.drafts.calibrations.extend(draft))
            }
            Section::Measurements => {
                self.parse(section, range).map(|draft| self.drafts.measurements.extend(draft))
            }
            Section::MemoryPrices => {
                self.parse(section, range).map(|draft| self.drafts.memory_prices.extend(draft))
            }
            Section::ExchangeRates => {
                self.parse(section, range).map(|draft| self.drafts.exchange_rates.extend(draft))
            }
        }
    }

    fn lost(&mut self, section: Section, range: Range<usize>) {
        if let Some(id) = id(&Fields::new(&self.text[range])) {
            self.drafts.lost.add(section, id);
        }
    }
}

impl Drafts {
    /// Adds the entries of a text that the report knows by its number.
    pub fn read(&mut self, source: usize, report: &mut Report) {
        let options = Options::default()
            .with_default_extension(Extensions::IMPLICIT_SOME)
            .with_default_extension(Extensions::UNWRAP_NEWTYPES);
        let text = report.texts[source].content;
        let mut parser = Parser { drafts: self, text, source, options, problems: Vec::new(), failed: 0 };
        let findings = document::read(text, &report.texts[source].positions, &mut parser);
        let problems = parser.problems;
        for finding in findings {
            report.finding(source, finding);
        }
        for (section, origin, problems) in problems {
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
        remove_duplicates(&mut self.memory_prices, Section::MemoryPrices, first, report);
    }

    /// The catalog of all entries that name only what exists.
    pub fn catalog(self, report: &mut Report) -> Catalog {
        let mut lost = self.lost;
        let mut keeper = Keeper { lost: &mut lost, report };
        let mut catalog = Catalog {
            chips: keeper.keep(self.chips, Section::Chips, |_, _| {}),
            models: keeper.keep(self.models, Section::Models, |_, _| {}),
            calibrations: keeper.keep(self.calibrations, Section::Calibrations, |_, _| {}),
            kv_types: keeper.keep(self.kv_types, Section::KvTypes, |_, _| {}),
            tensor_types: keeper.tensor_types(self.tensor_types),
            memory_prices: keeper.keep(self.memory_prices, Section::MemoryPrices, |_, _| {}),
            exchange_rates: exchange_rates(self.exchange_rates),
            ..Catalog::default()
        };
        catalog.quants = keeper.keep(self.quants, Section::Quants, |quant, problems| {
            references::quant(quant, &catalog, problems);
        });
        let mut quants = references::quant_names(&catalog);
        catalog.runtimes = keeper.keep(self.runtimes, Section::Runtimes, |runtime, problems| {
            references::runtime(runtime, &catalog, &quants, problems);
        });
        catalog.machines = keeper.keep(self.machines, Section::Machines, |machine, problems| {
            references::machine(machine, &catalog, problems);
        });
        for runtime in &catalog.runtimes {
            quants.extend(runtime.quant_aliases.iter().map(|alias| alias.name.clone()));
        }
        catalog.measurements =
            keeper.keep(self.measurements, Section::Measurements, |measurement, problems| {
                references::measurement(measurement, &catalog, &quants, problems);
            });
        catalog
    }
}

/// Decides which entries come into the catalog, with all others known.
struct Keeper<'a, 'r> {
    lost: &'a mut Lost,
    report: &'a mut Report<'r>,
}

impl Keeper<'_, '_> {
    /// Checks one entry against the others, and reports. Returns whether it can be used.
    fn is_usable<T: Entry>(
        &mut self,
        draft: &Draft<T>,
        section: Section,
        check: impl Fn(&T, &mut Problems),
    ) -> bool {
        let quiet = self.report.is_full(draft.origin.source);
        let mut problems = Problems { quiet, lost: Some(self.lost), ..Problems::default() };
        check(&draft.entry, &mut problems);
        let Problems { list, fatal, .. } = problems;
        if !list.is_empty() {
            self.report.problems(section, draft.origin, list);
        }
        if fatal {
            self.lost.add(section, draft.entry.id());
        }
        !fatal
    }

    /// The entries that can be used, later ones in the place of earlier ones with their id.
    fn keep<T: Entry>(
        &mut self,
        drafts: Vec<Draft<T>>,
        section: Section,
        check: impl Fn(&T, &mut Problems),
    ) -> Table<T> {
        let mut table = Table::default();
        for draft in drafts {
            if self.is_usable(&draft, section, &check) {
                table.insert(draft.entry);
            }
        }
        table
    }

    /// A type that falls back to one that is left out is left out too, so this takes rounds.
    fn tensor_types(&mut self, mut drafts: Vec<Draft<TensorType>>) -> Table<TensorType> {
        /// Nobody chains more; what is left over then the estimator reports.
        const MAX_ROUNDS: usize = 16;
        for _ in 0..MAX_ROUNDS {
            let ids: HashSet<String> = drafts.iter().map(|draft| draft.entry.id.clone()).collect();
            let before = drafts.len();
            drafts.retain(|draft| {
                self.is_usable(draft, Section::TensorTypes, |entry, problems| {
                    references::tensor_type(entry, &ids, problems);
                })
            });
            if drafts.len() == before {
                break;
            }
        }
        self.keep(drafts, Section::TensorTypes, |_, _| {})
    }
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
