//! Splits a preset file into its lists and their entries, so that each entry can be read on its own.
//!
//! Mistakes are reported and cost as little as can be: reading goes on at the next entry or list that is plain to see.

use std::ops::Range;

use super::super::{SCHEMA, diagnostic::Diagnostic};
use super::anchors::Anchors;
use super::brackets::{Fault, value_end};
use super::lexer::{Kind, Lexer, Token};
use super::nearest::nearest;
use super::position::Positions;
use super::section::Section;
use super::words::{Finding, all_of, quoted};

/// What is done with the entries that are found. Ranges and offsets are those of the file.
pub(super) trait Entries {
    /// Reads one entry, or says why it cannot.
    fn read(&mut self, section: Section, range: Range<usize>) -> Result<(), Finding>;
    /// Takes note of an entry that is not read, for a reason that is reported.
    fn lost(&mut self, section: Section, range: Range<usize>);
}

/// Reads the entries of `text` and returns what is wrong in it.
pub(super) fn read(text: &str, positions: &Positions, entries: &mut dyn Entries) -> Vec<Finding> {
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let lexer = Lexer::new(text, start..text.len());
    let mut reader = Reader {
        text,
        positions,
        lexer,
        entries,
        findings: Vec::new(),
        wary: false,
        last: None,
        schema: false,
        cut_short: false,
        faults: 0,
    };
    reader.document();
    let mut findings = reader.findings;
    if reader.faults >= MAX_FAULTS {
        let message = "too much is wrong in this file for the rest of it to be read";
        // First, so that it is among those that are listed.
        findings.insert(0, Finding::new(reader.lexer.at, Diagnostic::error(message)));
    }
    findings
}

/// A file with more mistakes in its brackets is no file of presets.
const MAX_FAULTS: usize = 1000;

/// What to do after a list.
pub(super) enum Next {
    GoOn,
    Stop,
}

pub(super) struct Reader<'a, 'e> {
    pub(super) text: &'a str,
    positions: &'a Positions<'a>,
    pub(super) lexer: Lexer<'a>,
    pub(super) entries: &'e mut dyn Entries,
    pub(super) findings: Vec<Finding>,
    /// Brackets or quotes have been wrong somewhere, so that where an entry begins counts for more.
    pub(super) wary: bool,
    /// The list read last, and where its name stands.
    pub(super) last: Option<(Section, usize)>,
    /// Whether the file states its schema.
    pub(super) schema: bool,
    /// Whether the entry read last had no end, so that its list's end is lost too.
    pub(super) cut_short: bool,
    /// Mistakes outside of entries.
    faults: usize,
}

impl Reader<'_, '_> {
    pub(super) fn report(&mut self, at: usize, diagnostic: Diagnostic) {
        self.faults += 1;
        self.findings.push(Finding::new(at, diagnostic));
    }

    pub(super) fn gives_up(&self) -> bool {
        self.faults >= MAX_FAULTS
    }

    pub(super) fn slice(&self, token: Token) -> &str {
        &self.text[token.range()]
    }

    fn document(&mut self) {
        self.attributes();
        let mut open = None;
        match self.lexer.peek() {
            None => {
                self.report(
                    self.text.len(),
                    Diagnostic::warning("the file has no presets")
                        .help("write `(schema: 1, machines: [...])`"),
                );
                return;
            }
            Some(token) if matches!(token.kind, Kind::Open(b'(')) => {
                self.lexer.next();
                open = Some(token.start);
            }
            Some(token) => {
                let mut after = self.lexer.clone();
                after.next();
                if token.kind == Kind::Word && after.peek().is_some_and(|next| next.kind == Kind::Open(b'('))
                {
                    // A name before the bracket, as RON allows.
                    after.next();
                    self.lexer = after;
                    open = Some(token.end);
                } else {
                    let found = quoted(self.slice(token));
                    self.report(
                        token.start,
                        Diagnostic::error("a file of presets")
                            .found(found)
                            .expected("`(`")
                            .help("write all of it in round brackets: `(schema: 1, machines: [...])`"),
                    );
                    if matches!(token.kind, Kind::Open(_)) {
                        self.lexer.next();
                    }
                }
            }
        }
        self.lists(open);
        if !self.schema {
            let help = format!("write `schema: {SCHEMA}` at the top");
            let message = "the file does not say which version of the format it is written in";
            self.report(open.unwrap_or_default(), Diagnostic::warning(message).help(help));
        }
    }

    fn lists(&mut self, open: Option<usize>) {
        // Whether the last thing was a value, which a comma should follow.
        let mut needs_comma = false;
        loop {
            let Some(token) = self.lexer.next() else {
                if let Some(open) = open {
                    self.fault(&Fault::Unclosed { open: b'(', at: open }, None);
                }
                return;
            };
            if needs_comma && !self.cut_short && matches!(token.kind, Kind::Word | Kind::Text) {
                let message = format!("before {}", quoted(self.slice(token)));
                self.report(token.start, Diagnostic::warning(message).expected("`,`"));
            }
            needs_comma = token.kind != Kind::Comma;
            let next = match token.kind {
                Kind::Comma => Next::GoOn,
                Kind::Close(b')') if open.is_some() => self.end(),
                Kind::Close(_) if open.is_none() && self.lexer.peek().is_none() => Next::Stop,
                Kind::Word | Kind::Text => self.field(token),
                Kind::Open(b'(') if self.last.is_some() => self.entries_after_the_end(token),
                Kind::UnclosedComment => {
                    self.fault(&Fault::UnclosedComment(token.start), None);
                    Next::Stop
                }
                Kind::UnclosedText => {
                    self.fault(&Fault::UnclosedText(token.start), None);
                    Next::Stop
                }
                _ => {
                    let found = quoted(self.slice(token));
                    let expected = "the name of a list, such as `machines`";
                    self.report(token.start, Diagnostic::error("the file").found(found).expected(expected));
                    self.skip_to_list(token.start)
                }
            };
            if matches!(next, Next::Stop) || self.gives_up() {
                return;
            }
        }
    }

    /// After the bracket that closes the file.
    fn end(&mut self) -> Next {
        let Some(token) = self.lexer.peek() else {
            return Next::Stop;
        };
        let found = quoted(self.slice(token));
        self.report(
            token.start,
            Diagnostic::error("the file goes on after its closing `)`")
                .found(found)
                .expected("its end")
                .help("is there a bracket too many before?"),
        );
        self.skip_to_list(token.start.saturating_sub(1))
    }

    /// Goes on at the next list that is plain to see.
    fn skip_to_list(&mut self, from: usize) -> Next {
        self.wary = true;
        // No list is inside another, whatever the alignment.
        let mut anchors = Anchors::new(self.text, Section::Measurements, from);
        let mut at = from;
        while let Some(anchor) = anchors.after(at) {
            if anchor.section {
                self.lexer.at = anchor.at;
                self.cut_short = true;
                return Next::GoOn;
            }
            at = anchor.at;
        }
        Next::Stop
    }

    fn field(&mut self, name: Token) -> Next {
        let key = self.slice(name).trim_matches('"').to_owned();
        if name.kind == Kind::Text {
            let message = format!("the name {} stands in quotes", quoted(&key));
            self.report(name.start, Diagnostic::warning(message).help(format!("write `{key}: ...`")));
        }
        if let Some(section) = Section::named(&key) {
            self.last = Some((section, name.start));
            return match self.opening(&key) {
                Some(open) => {
                    self.lexer.at = open + 1;
                    self.entries(section, name.start, open)
                }
                None => self.skip_value(self.lexer.at),
            };
        }
        if self.lexer.peek().is_none_or(|token| token.kind != Kind::Colon) {
            self.expected(&quoted(&key), "`:` after the name");
            return self.skip_to_list(name.start);
        }
        self.lexer.next();
        if key == "schema" {
            return self.schema(name);
        }
        let names: Vec<&str> = Section::ALL.iter().map(|section| section.name()).collect();
        let near = nearest(&key, names.iter().copied());
        if near.is_none()
            && let Some(next) = self.field_after_the_end(name)
        {
            return next;
        }
        let diagnostic = Diagnostic::error(format!("a file of presets has no list {}", quoted(&key)))
            .nearest_or(near, || format!("the lists are {}", all_of(&names)));
        self.report(name.start, diagnostic);
        self.skip_value(self.lexer.at)
    }

    /// Goes on in the last list, if `name` is the field of an entry, and the list's `]` one too many.
    fn field_after_the_end(&mut self, name: Token) -> Option<Next> {
        let (section, key) = self.last?;
        let mut value = self.lexer.clone();
        let first = value.next()?;
        if first.kind == Kind::Open(b'[') && value.next()?.kind == Kind::Open(b'(') {
            // It is a list of its own.
            return None;
        }
        let anchor = Anchors::new(self.text, section, key).after(name.start)?;
        if anchor.section {
            return None;
        }
        let message = format!(
            "the field {} follows the `]` that closes `{}`",
            quoted(self.slice(name)),
            section.name()
        );
        self.report(name.start, Diagnostic::error(message).help("is there a bracket too many before?"));
        self.lexer.at = anchor.at;
        self.wary = true;
        Some(self.entries(section, key, anchor.at))
    }

    /// The bracket that opens a list whose name has just been read. What else stands before it is reported.
    fn opening(&mut self, key: &str) -> Option<usize> {
        let colon = self.lexer.peek().is_some_and(|token| token.kind == Kind::Colon);
        if colon {
            self.lexer.next();
        } else {
            self.expected(&quoted(key), "`:` after the name");
        }
        if let Some(token) = self.lexer.peek().filter(|token| token.kind == Kind::Open(b'[')) {
            return Some(token.start);
        }
        if colon {
            self.expected(&quoted(key), "a list in `[...]`");
        }
        // A character too many may have slipped in.
        let mut ahead = self.lexer.clone().take(3);
        ahead.find(|token| token.kind == Kind::Open(b'[')).map(|token| token.start)
    }

    /// Reports the next token, where something else is expected.
    fn expected(&mut self, subject: &str, expected: &str) {
        let (at, found) = match self.lexer.peek() {
            Some(token) => (token.start, quoted(self.slice(token))),
            None => (self.text.len(), "the end of the file".to_owned()),
        };
        self.report(at, Diagnostic::error(subject).found(found).expected(expected));
    }

    /// Goes past a value that is not used.
    pub(super) fn skip_value(&mut self, from: usize) -> Next {
        match value_end(self.text, from, self.text.len()) {
            Ok(end) => {
                self.lexer.at = end;
                Next::GoOn
            }
            Err(fault) => {
                self.fault(&fault, None);
                self.skip_to_list(from)
            }
        }
    }

    /// Reports a mistake in the brackets or quotes. What is open should have been closed before `limit`.
    pub(super) fn fault(&mut self, fault: &Fault, limit: Option<usize>) {
        self.faults += 1;
        let finding = fault.finding(self.text, self.positions, limit);
        self.findings.push(finding);
    }
}
