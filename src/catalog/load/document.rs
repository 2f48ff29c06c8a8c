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

/// Reads one entry, or says why it cannot. The offset of what it says is one in the file.
pub(super) type ReadEntry<'a> = dyn FnMut(Section, Range<usize>) -> Result<(), Finding> + 'a;

/// Reads the entries of `text` and returns what is wrong in it.
pub(super) fn read(text: &str, positions: &Positions, entry: &mut ReadEntry) -> Vec<Finding> {
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let lexer = Lexer::new(text, start..text.len());
    let mut reader = Reader {
        text,
        positions,
        lexer,
        entry,
        findings: Vec::new(),
        wary: false,
        last: None,
        schema: false,
        cut_short: false,
    };
    reader.document();
    reader.findings
}

/// What to do after a list.
pub(super) enum Next {
    GoOn,
    Stop,
}

pub(super) struct Reader<'a, 'e> {
    pub(super) text: &'a str,
    positions: &'a Positions<'a>,
    pub(super) lexer: Lexer<'a>,
    pub(super) entry: &'e mut ReadEntry<'e>,
    pub(super) findings: Vec<Finding>,
    /// Brackets or quotes have been wrong somewhere, so that where an entry begins counts for more.
    pub(super) wary: bool,
    /// The list read last, and where its name stands.
    pub(super) last: Option<(Section, usize)>,
    /// Whether the file states its schema.
    schema: bool,
    /// Whether the entry read last had no end, so that its list's end is lost too.
    pub(super) cut_short: bool,
}

impl Reader<'_, '_> {
    pub(super) fn report(&mut self, at: usize, diagnostic: Diagnostic) {
        self.findings.push(Finding::new(at, diagnostic));
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

    /// Attributes such as `#![enable(implicit_some)]`.
    fn attributes(&mut self) {
        while let Some(token) = self.lexer.peek() {
            if self.slice(token) != "#" {
                return;
            }
            let from = token.start;
            let bracket = self.lexer.find(|token| !matches!(self.text.as_bytes()[token.start], b'#' | b'!'));
            let Some(bracket) = bracket.filter(|token| token.kind == Kind::Open(b'[')) else {
                self.report(from, Diagnostic::error("an attribute").expected("`#![enable(implicit_some)]`"));
                return;
            };
            match value_end(self.text, bracket.start, self.text.len()) {
                Ok(end) => self.lexer.at = end,
                Err(fault) => {
                    self.fault(&fault, None);
                    return;
                }
            }
            self.attribute(bracket.start..self.lexer.at);
        }
    }

    fn attribute(&mut self, range: Range<usize>) {
        let words: Vec<Token> =
            Lexer::new(self.text, range).filter(|token| token.kind == Kind::Word).collect();
        let Some((first, names)) = words.split_first() else {
            return;
        };
        match self.slice(*first) {
            "type" | "schema" => {}
            "enable" => {
                for name in names {
                    let known = ["implicit_some", "unwrap_newtypes"];
                    if !known.contains(&self.slice(*name)) {
                        let found = quoted(self.slice(*name));
                        let message = format!("presets do not use the extension {found}");
                        self.report(name.start, Diagnostic::warning(message).help("leave it out"));
                    }
                }
            }
            other => {
                let message = format!("there is no attribute {}", quoted(other));
                self.report(first.start, Diagnostic::warning(message).help("leave it out"));
            }
        }
    }

    fn lists(&mut self, open: Option<usize>) {
        loop {
            let Some(token) = self.lexer.next() else {
                if let Some(open) = open {
                    self.fault(&Fault::Unclosed { open: b'(', at: open }, None);
                }
                return;
            };
            let next = match token.kind {
                Kind::Comma => Next::GoOn,
                Kind::Close(b')') if open.is_some() => self.end(),
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
            if matches!(next, Next::Stop) {
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
        match self.lexer.peek() {
            Some(token) if token.kind == Kind::Colon => {
                self.lexer.next();
            }
            token => {
                let found = token.map_or("the end of the file".to_owned(), |token| quoted(self.slice(token)));
                let at = token.map_or(self.text.len(), |token| token.start);
                self.report(at, Diagnostic::error(quoted(&key)).found(found).expected("`:` after the name"));
                let opens = token.is_some_and(|token| token.kind == Kind::Open(b'['));
                if !opens {
                    return self.skip_to_list(name.start);
                }
            }
        }
        if key == "schema" {
            return self.schema(name);
        }
        if let Some(section) = Section::named(&key) {
            self.last = Some((section, name.start));
            return match self.lexer.peek() {
                Some(token) if token.kind == Kind::Open(b'[') => {
                    self.lexer.next();
                    self.entries(section, name.start, token.start)
                }
                token => {
                    let found =
                        token.map_or("the end of the file".to_owned(), |token| quoted(self.slice(token)));
                    let at = token.map_or(self.text.len(), |token| token.start);
                    let diagnostic =
                        Diagnostic::error(format!("`{key}`")).found(found).expected("a list in `[...]`");
                    self.report(at, diagnostic);
                    self.skip_value(at)
                }
            };
        }
        let names: Vec<&str> = Section::ALL.iter().map(|section| section.name()).collect();
        let near = nearest(&key, names.iter().copied());
        let diagnostic = Diagnostic::error(format!("a file of presets has no list {}", quoted(&key)))
            .nearest_or(near, || format!("the lists are {}", all_of(&names)));
        self.report(name.start, diagnostic);
        self.skip_value(self.lexer.at)
    }

    /// Goes past a value that is not used.
    fn skip_value(&mut self, from: usize) -> Next {
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

    fn schema(&mut self, name: Token) -> Next {
        self.schema = true;
        let Some(token) = self.lexer.peek() else {
            return Next::GoOn;
        };
        let stated = self.slice(token).to_owned();
        let subject = Diagnostic::error("`schema`");
        match stated.parse::<u64>() {
            Ok(version) if version == u64::from(SCHEMA) => {}
            Ok(version) if version > u64::from(SCHEMA) => {
                let message = format!(
                    "the file is written in version {version} of the format, and this program knows versions up to {SCHEMA}"
                );
                let help = "what it understands is used; a newer Rigwise may understand more";
                self.report(token.start, Diagnostic::warning(message).help(help));
            }
            _ if matches!(token.kind, Kind::Comma | Kind::Close(_)) => {
                self.report(name.start, subject.found("nothing").expected(format!("`{SCHEMA}`")));
                return Next::GoOn;
            }
            _ => {
                self.report(token.start, subject.found(quoted(&stated)).expected(format!("`{SCHEMA}`")));
            }
        }
        self.skip_value(token.start)
    }

    /// Reports a mistake in the brackets or quotes. What is open should have been closed before `limit`.
    pub(super) fn fault(&mut self, fault: &Fault, limit: Option<usize>) {
        let finding = fault.finding(self.text, self.positions, limit);
        self.findings.push(finding);
    }
}
