//! Where reading can go on after a mistake in the brackets or quotes of an entry.
//!
//! The search looks at the bare text: after such a mistake nobody knows what is inside a string and what is not.

use super::section::Section;

/// The beginning of an entry or of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Anchor {
    pub at: usize,
    /// Whether the name of another list stands here, and not an entry of this one.
    pub section: bool,
}

/// How far back on its line the surroundings of a place count.
const LOOK_BACK: usize = 400;

/// Searches the anchors of one list.
#[derive(Debug)]
pub(super) struct Anchors<'a> {
    text: &'a str,
    section: Section,
    /// Blanks before the list's name, where nothing else stands before it on its line.
    key_indent: Option<usize>,
    /// Blanks before the list's first entry.
    entry_indent: Option<usize>,
    /// Whether an entry has begun.
    begun: bool,
    /// Whether the list's first entry looks like an anchor.
    first_is_plain: bool,
    /// The last search: its start and its result.
    last: Option<(usize, Option<Anchor>)>,
}

/// The blanks before `at` on its line, if there is nothing else.
fn indent(text: &str, at: usize) -> Option<usize> {
    let start = at.saturating_sub(LOOK_BACK);
    let before = &text.as_bytes()[start..at];
    let blanks = before.iter().rev().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let first = blanks == before.len() && start == 0;
    (first || (blanks < before.len() && before[before.len() - 1 - blanks] == b'\n')).then_some(blanks)
}

fn in_line_comment(text: &str, at: usize) -> bool {
    let before = &text.as_bytes()[at.saturating_sub(LOOK_BACK)..at];
    let line = before.iter().rposition(|byte| *byte == b'\n').map_or(before, |newline| &before[newline..]);
    line.trim_ascii_start().starts_with(b"//")
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// What follows `text` after blanks, `expected`, and more blanks.
fn after<'a>(text: &'a [u8], expected: &[u8]) -> Option<&'a [u8]> {
    text.trim_ascii_start().strip_prefix(expected).map(<[u8]>::trim_ascii_start)
}

impl<'a> Anchors<'a> {
    pub fn new(text: &'a str, section: Section, key: usize) -> Self {
        Self {
            text,
            section,
            key_indent: indent(text, key),
            entry_indent: None,
            begun: false,
            first_is_plain: false,
            last: None,
        }
    }

    /// Tells where an entry begins, for others to be recognized by what they have in common with the first.
    pub fn entry_begins(&mut self, at: usize, bracket: Option<usize>) {
        if self.begun {
            return;
        }
        self.begun = true;
        // Without indentation alignment says nothing.
        self.entry_indent =
            indent(self.text, at).filter(|blanks| *blanks > self.key_indent.unwrap_or_default());
        self.first_is_plain = bracket.is_some_and(|bracket| self.is_entry(bracket));
    }

    /// Whether an entry of this list may begin with the bracket at `at`, judged by the list's first.
    pub fn could_be_entry(&self, at: usize) -> bool {
        !self.first_is_plain || self.is_entry(at)
    }

    /// The first anchor after `from`.
    pub fn after(&mut self, from: usize) -> Option<Anchor> {
        if let Some((start, found)) = self.last
            && start <= from
            && found.is_none_or(|anchor| anchor.at > from)
        {
            return found;
        }
        let bytes = self.text.as_bytes();
        let found = (from + 1..bytes.len()).find_map(|at| match bytes[at] {
            b'(' if self.is_entry(at) => {
                let start = self.name_start(at);
                (start > from).then_some(Anchor { at: start, section: false })
            }
            b'a'..=b'z' if !is_name(bytes[at - 1]) && self.is_section(at) => {
                Some(Anchor { at, section: true })
            }
            _ => None,
        });
        self.last = Some((from, found));
        found
    }

    /// The beginning of the name before a bracket, as in `Machine(`.
    fn name_start(&self, bracket: usize) -> usize {
        let before = &self.text.as_bytes()[..bracket];
        before.iter().rposition(|byte| !is_name(*byte)).map_or(0, |at| at + 1)
    }

    fn is_entry(&self, at: usize) -> bool {
        let inside = &self.text.as_bytes()[at + 1..];
        // Constants in calibrations have ids too.
        let has_id = self.section != Section::Calibrations
            && after(inside, b"id").is_some_and(|rest| rest.starts_with(b":"));
        let aligned =
            || self.entry_indent.is_some() && indent(self.text, self.name_start(at)) == self.entry_indent;
        (has_id || aligned()) && !in_line_comment(self.text, at)
    }

    fn is_section(&self, at: usize) -> bool {
        let rest = &self.text.as_bytes()[at..];
        let length = rest.iter().position(|byte| !is_name(*byte)).unwrap_or(rest.len());
        let (name, rest) = rest.split_at(length);
        let opens = || after(rest, b":").is_some_and(|rest| rest.starts_with(b"["));
        let Some(section) = str::from_utf8(name).ok().and_then(Section::named) else {
            return false;
        };
        if !opens() || in_line_comment(self.text, at) {
            return false;
        }
        // Calibrations have a list of chips inside.
        let nested = self.section == Section::Calibrations && section == Section::Chips;
        match (indent(self.text, at), self.key_indent) {
            (Some(here), Some(key)) => here <= key,
            _ => !nested,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_and_lists_are_recognized() {
        let text = "(\n  chips: [\n    (id: \"a\"),\n    // (id: \"b\"),\n    Chip( id : \"c\"), (id: \"d\"),\n  ],\n  models: [],\n)";
        let mut anchors = Anchors::new(text, Section::Chips, text.find("chips").unwrap());
        let mut found = Vec::new();
        let mut at = text.find('[').unwrap();
        while let Some(anchor) = anchors.after(at) {
            found.push(&text[anchor.at..anchor.at + 5]);
            at = anchor.at;
        }
        assert_eq!(found, ["(id: ", "Chip(", "(id: ", "model"]);
    }

    #[test]
    fn entries_without_an_id_are_recognized_by_their_alignment() {
        let text = "(\n  exchange_rates: [\n    (\n      date: (\n      )),\n    (date: 2),\n  ]\n)";
        let mut anchors = Anchors::new(text, Section::ExchangeRates, text.find("ex").unwrap());
        let first = text.find("    (").unwrap() + 4;
        anchors.entry_begins(first, Some(first));
        assert!(anchors.could_be_entry(first));
        assert!(!anchors.could_be_entry(text.find("(\n      )").unwrap()));
        assert_eq!(anchors.after(first), Some(Anchor { at: text.find("(date").unwrap(), section: false }));
    }
}
