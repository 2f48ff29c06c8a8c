//! Gathers what is wrong, with its place in its file.

use super::super::check::Problem;
use super::super::diagnostic::Diagnostic;
use super::fields::{Fields, Step};
use super::position::Positions;
use super::section::Section;
use super::words::{Finding, lacks, quoted, subject};

/// Where an entry stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Origin {
    pub source: usize,
    pub start: usize,
    pub end: usize,
}

/// Reports of one file beyond these are counted and not listed.
pub(super) const MAX_LISTED: usize = 200;

/// A text with its name.
#[derive(Debug)]
pub(super) struct Text<'a> {
    pub name: &'a str,
    pub content: &'a str,
    pub positions: Positions<'a>,
    /// How many things are wrong in it.
    reports: usize,
}

/// All texts, and what is wrong in them.
#[derive(Debug, Default)]
pub(super) struct Report<'a> {
    pub texts: Vec<Text<'a>>,
    /// With the number of the text and the offset in it.
    list: Vec<(usize, usize, Box<Diagnostic>)>,
}

impl<'a> Report<'a> {
    /// Adds a text and returns its number.
    pub fn text(&mut self, name: &'a str, text: &'a str) -> usize {
        self.texts.push(Text { name, content: text, positions: Positions::new(text), reports: 0 });
        self.texts.len() - 1
    }

    /// Whether more reports of this text will not be listed.
    pub fn is_full(&self, source: usize) -> bool {
        self.texts[source].reports >= MAX_LISTED
    }

    pub fn finding(&mut self, source: usize, finding: Finding) {
        let full = self.is_full(source);
        self.texts[source].reports += 1;
        if !full {
            self.list.push((source, finding.at, finding.diagnostic));
        }
    }

    /// Reports problems of one entry, each at the value it is about.
    pub fn problems(&mut self, section: Section, origin: Origin, problems: Vec<Problem>) {
        if self.is_full(origin.source) {
            self.texts[origin.source].reports += problems.len();
            return;
        }
        let text = &self.texts[origin.source].content[origin.start..origin.end];
        let fields = Fields::new(text);
        for Problem { path, mut diagnostic } in problems {
            let found = fields.find(&path);
            let value = found.map_or_else(|(value, _)| value, Some);
            let subject = subject(section, &fields, value);
            let start = value.map_or(0, |value| fields.values[value].range.start);
            if !diagnostic.message.is_empty() {
                diagnostic.message = format!("{subject}: {}", diagnostic.message);
            } else if let Err((_, Step::Field(name))) = found {
                diagnostic = lacks(&subject, name);
            } else {
                diagnostic.found = value.map(|value| quoted(fields.slice(&fields.values[value].range)));
                diagnostic.message = subject;
            }
            self.finding(origin.source, Finding::new(origin.start + start, diagnostic));
        }
    }

    /// ``line 3`` or, for another file, ``line 3 of presets/a.ron``.
    pub fn place(&self, origin: Origin, seen_from: usize) -> String {
        let text = &self.texts[origin.source];
        let (line, _) = text.positions.line_column(origin.start);
        if origin.source == seen_from {
            format!("line {line}")
        } else {
            format!("line {line} of {}", text.name)
        }
    }

    /// The diagnostics, file by file and from top to bottom.
    pub fn finish(mut self) -> Vec<Diagnostic> {
        self.list.sort_by_key(|(source, at, _)| (*source, *at));
        let mut diagnostics = Vec::with_capacity(self.list.len());
        let mut list = self.list.into_iter().peekable();
        for (number, text) in self.texts.iter().enumerate() {
            while let Some((_, at, diagnostic)) = list.next_if(|(source, _, _)| *source == number) {
                let (line, column) = text.positions.line_column(at);
                diagnostics.push(diagnostic.in_file(text.name).at(line, column));
            }
            if let Some(more) = text.reports.checked_sub(MAX_LISTED).filter(|more| *more > 0) {
                diagnostics
                    .push(Diagnostic::error(format!("{more} more things are wrong")).in_file(text.name));
            }
        }
        diagnostics
    }
}
