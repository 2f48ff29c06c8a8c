//! The entries of one list, and how much of them a mistake costs.

use super::super::diagnostic::Diagnostic;
use super::anchors::Anchors;
use super::brackets::{Fault, value_end};
use super::document::{Next, Reader};
use super::lexer::{Kind, Lexer, Token};
use super::section::Section;
use super::words::quoted;

impl Reader<'_, '_> {
    /// Entries that follow a list's `]`.
    pub(super) fn entries_after_the_end(&mut self, token: Token) -> Next {
        let Some((section, key)) = self.last else {
            return Next::GoOn;
        };
        let message = format!("an entry follows the `]` that closes `{}`", section.name());
        self.report(token.start, Diagnostic::warning(message).help("remove that `]`"));
        self.lexer.at = token.start;
        self.wary = true;
        self.entries(section, key, token.start)
    }

    /// The entries of a list, up to and with its closing bracket.
    pub(super) fn entries(&mut self, section: Section, key: usize, open: usize) -> Next {
        let mut anchors = Anchors::new(self.text, section, key);
        let mut needs_comma = false;
        self.cut_short = false;
        loop {
            if self.gives_up() {
                return Next::Stop;
            }
            let Some(token) = self.lexer.peek() else {
                self.fault(&Fault::Unclosed { open: b'[', at: open }, None);
                return Next::GoOn;
            };
            match token.kind {
                Kind::Comma => {
                    self.lexer.next();
                    needs_comma = false;
                    continue;
                }
                Kind::Close(b']') => {
                    self.lexer.next();
                    return Next::GoOn;
                }
                Kind::Close(bracket) => {
                    let mut after = self.lexer.clone();
                    after.next();
                    if bracket == b')' && after.peek().is_none() {
                        // This one closes the file; the list's own is missing.
                        self.fault(&Fault::Unclosed { open: b'[', at: open }, Some(token.start));
                        return Next::GoOn;
                    }
                    if !self.cut_short {
                        let message = format!("this `{}` closes nothing", char::from(bracket));
                        self.report(token.start, Diagnostic::error(message).help("remove it"));
                    }
                    self.lexer = after;
                    self.wary = true;
                    continue;
                }
                Kind::Word if self.is_list_name(token) => {
                    if !self.cut_short {
                        self.fault(&Fault::Unclosed { open: b'[', at: open }, Some(token.start));
                        self.cut_short = true;
                    }
                    return Next::GoOn;
                }
                Kind::UnclosedComment => {
                    self.fault(&Fault::UnclosedComment(token.start), None);
                    return Next::Stop;
                }
                _ => {}
            }
            if needs_comma {
                let message = format!("two entries of `{}` stand side by side", section.name());
                self.report(token.start, Diagnostic::warning(message).help("write a `,` between them"));
            }
            let bracket = self.bracket(token);
            anchors.entry_begins(token.start, bracket);
            let next = if bracket.is_some() {
                self.one_entry(section, &mut anchors, token.start)
            } else {
                self.no_entry(section, &mut anchors, token)
            };
            match next {
                Some(next) => self.lexer.at = next,
                None => return Next::Stop,
            }
            // What is left of one that was cut short counts as its own.
            needs_comma = !self.cut_short;
        }
    }

    /// The bracket of an entry that begins with `token`: itself, or the one after a name.
    fn bracket(&self, token: Token) -> Option<usize> {
        let open = |token: Token| (token.kind == Kind::Open(b'(')).then_some(token.start);
        match token.kind {
            Kind::Word => open(Lexer::new(self.text, token.end..self.text.len()).next()?),
            _ => open(token),
        }
    }

    fn is_list_name(&self, token: Token) -> bool {
        let mut after = self.lexer.clone();
        after.next();
        Section::named(self.slice(token)).is_some()
            && after.next().is_some_and(|colon| colon.kind == Kind::Colon)
            && after.next().is_some_and(|open| open.kind == Kind::Open(b'['))
    }

    /// Something that is no entry stands in a list. Returns where to go on.
    fn no_entry(&mut self, section: Section, anchors: &mut Anchors, token: Token) -> Option<usize> {
        let diagnostic = Diagnostic::error(format!("the list `{}`", section.name()))
            .found(quoted(self.slice(token)))
            .expected("`(`")
            .help("each entry stands in round brackets; is there one too many, or one missing?");
        // What is left of one entry is reported once.
        if !self.cut_short {
            self.report(token.start, diagnostic);
        }
        self.wary = true;
        self.cut_short = true;
        match anchors.after(token.start) {
            Some(anchor) => Some(anchor.at),
            None => value_end(self.text, token.start, self.text.len()).ok(),
        }
    }

    /// Reads the entry at `start` and returns where to go on.
    fn one_entry(&mut self, section: Section, anchors: &mut Anchors, start: usize) -> Option<usize> {
        self.cut_short = false;
        let limit = if self.wary { anchors.after(start).map(|anchor| anchor.at) } else { None };
        match value_end(self.text, start, limit.unwrap_or(self.text.len())) {
            Ok(end) => {
                let Err(finding) = self.entries.read(section, start..end) else {
                    return Some(end);
                };
                let anchor = anchors.after(start).map(|anchor| anchor.at);
                if let Some(anchor) = anchor.filter(|anchor| *anchor < end) {
                    // It swallowed its neighbors: a bracket or a quote is missing in it.
                    return Some(self.cut(section, start, anchor));
                }
                self.findings.push(finding);
                if self.is_end(end, anchors) {
                    self.entries.lost(section, start..end);
                    return Some(end);
                }
                // It ended too early, by a bracket that belongs to something else.
                self.wary = true;
                self.cut_short = true;
                self.entries.lost(section, start..anchor.unwrap_or(end));
                anchor
            }
            Err(fault) => {
                if let Some(anchor) = anchors.after(start) {
                    return Some(self.cut(section, start, anchor.at));
                }
                self.fault(&fault, None);
                self.entries.lost(section, start..self.text.len());
                None
            }
        }
    }

    /// Whether what follows `end` is what follows an entry: another one, or the end of the list.
    fn is_end(&self, end: usize, anchors: &Anchors) -> bool {
        let mut lexer = Lexer::new(self.text, end..self.text.len());
        let mut next = lexer.next();
        if next.is_some_and(|token| token.kind == Kind::Comma) {
            next = lexer.next();
        }
        let Some(token) = next else {
            return true;
        };
        if token.kind == Kind::Close(b']') {
            next = lexer.next();
            if next.is_some_and(|token| token.kind == Kind::Comma) {
                next = lexer.next();
            }
            return next.is_none_or(|token| {
                let name = self.slice(token);
                token.kind == Kind::Close(b')') || name == "schema" || Section::named(name).is_some()
            });
        }
        self.bracket(token).is_some_and(|bracket| anchors.could_be_entry(bracket))
    }

    /// Reads an entry that must end before `limit`, where the next one begins, and returns where to go on.
    fn cut(&mut self, section: Section, start: usize, limit: usize) -> usize {
        self.wary = true;
        match value_end(self.text, start, limit) {
            Ok(end) => {
                if let Err(finding) = self.entries.read(section, start..end) {
                    self.findings.push(finding);
                    self.entries.lost(section, start..end);
                }
                end
            }
            Err(fault) => {
                self.fault(&fault, Some(limit));
                self.entries.lost(section, start..limit);
                self.cut_short = true;
                limit
            }
        }
    }
}
