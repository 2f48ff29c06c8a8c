//! The entries of one list, and how much of them a mistake costs.

use super::super::diagnostic::Diagnostic;
use super::anchors::Anchors;
use super::brackets::{Fault, value_end};
use super::document::{Next, Reader};
use super::lexer::{Kind, Token};
use super::section::Section;

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
        loop {
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
                    let message = format!("this `{}` closes nothing", char::from(bracket));
                    self.report(token.start, Diagnostic::error(message).help("remove it"));
                    self.lexer = after;
                    self.wary = true;
                    continue;
                }
                Kind::Word if self.is_list_name(token) => {
                    if self.cut_short {
                        return Next::GoOn;
                    }
                    self.fault(&Fault::Unclosed { open: b'[', at: open }, Some(token.start));
                    return Next::GoOn;
                }
                Kind::UnclosedComment => {
                    self.fault(&Fault::UnclosedComment(token.start), None);
                    return Next::Stop;
                }
                _ => {}
            }
            if needs_comma {
                let diagnostic =
                    Diagnostic::warning(format!("two entries of `{}` stand side by side", section.name()));
                self.report(token.start, diagnostic.help("write a `,` between them"));
            }
            anchors.entry_begins(token.start);
            match self.one_entry(section, &mut anchors, token.start) {
                Some(next) => self.lexer.at = next,
                None => return Next::Stop,
            }
            // What is left of one that was cut short counts as its own.
            needs_comma = !self.cut_short;
        }
    }

    fn is_list_name(&self, token: Token) -> bool {
        let mut after = self.lexer.clone();
        after.next();
        Section::named(self.slice(token)).is_some()
            && after.next().is_some_and(|colon| colon.kind == Kind::Colon)
            && after.next().is_some_and(|open| open.kind == Kind::Open(b'['))
    }

    /// Reads the entry at `start` and returns where to go on.
    fn one_entry(&mut self, section: Section, anchors: &mut Anchors, start: usize) -> Option<usize> {
        self.cut_short = false;
        let limit = if self.wary { anchors.after(start).map(|anchor| anchor.at) } else { None };
        let end = value_end(self.text, start, limit.unwrap_or(self.text.len()));
        if let Ok(end) = end {
            let Err(finding) = (self.entry)(section, start..end) else {
                return Some(end);
            };
            let Some(anchor) = anchors.after(start).filter(|anchor| anchor.at < end) else {
                self.findings.push(finding);
                return Some(end);
            };
            // It swallowed its neighbors: a bracket or a quote is missing in it.
            return Some(self.cut(section, start, anchor.at));
        }
        match (anchors.after(start), end) {
            (Some(anchor), _) => Some(self.cut(section, start, anchor.at)),
            (None, Err(fault)) => {
                self.fault(&fault, None);
                self.wary = true;
                None
            }
            (None, Ok(end)) => Some(end),
        }
    }

    /// Reads an entry that must end before `limit`, where the next one begins, and returns where to go on.
    fn cut(&mut self, section: Section, start: usize, limit: usize) -> usize {
        self.wary = true;
        match value_end(self.text, start, limit) {
            Ok(end) => {
                if let Err(finding) = (self.entry)(section, start..end) {
                    self.findings.push(finding);
                }
                end
            }
            Err(fault) => {
                self.fault(&fault, Some(limit));
                self.cut_short = true;
                limit
            }
        }
    }
}
