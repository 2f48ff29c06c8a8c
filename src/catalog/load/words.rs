//! How messages name things.

use super::super::diagnostic::Diagnostic;
use super::fields::Fields;
use super::section::Section;

/// Something to report, with its offset in the text.
#[derive(Debug)]
pub(super) struct Finding {
    pub at: usize,
    pub diagnostic: Box<Diagnostic>,
}

impl Finding {
    pub fn new(at: usize, diagnostic: Diagnostic) -> Self {
        Self { at, diagnostic: Box::new(diagnostic) }
    }
}

/// Source text is quoted up to this many characters.
const QUOTED: usize = 48;

/// A piece of a file between backquotes: its first line, shortened where it is long.
pub(super) fn quoted(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default().trim_end_matches([' ', '\t']);
    let mut short: String = line.chars().take(QUOTED).collect();
    if short.len() < text.trim_end_matches([' ', '\t', '\r', '\n']).len() {
        short.push_str("...");
    }
    let strange = |letter: char| letter.is_control() || (letter.is_whitespace() && letter != ' ');
    match short.chars().find(|letter| strange(*letter)) {
        Some(letter) => format!("the character U+{:04X}", u32::from(letter)),
        None => format!("`{short}`"),
    }
}

fn listed(names: &[&str], last: &str) -> String {
    let mut text = String::new();
    for (index, name) in names.iter().enumerate() {
        match index {
            0 => {}
            _ if index + 1 == names.len() => text.push_str(last),
            _ => text.push_str(", "),
        }
        text.push('`');
        text.push_str(name);
        text.push('`');
    }
    text
}

/// `a`, `b` or `c`, each in backquotes.
pub(super) fn one_of(names: &[&str]) -> String {
    listed(names, " or ")
}

/// `a`, `b` and `c`, each in backquotes.
pub(super) fn all_of(names: &[&str]) -> String {
    listed(names, " and ")
}

/// An entry's id.
pub(super) fn id<'a>(fields: &Fields<'a>) -> Option<&'a str> {
    let root = (!fields.values.is_empty()).then_some(0);
    let id = fields.last_named(root, "id", usize::MAX)?;
    let text = fields.slice(&fields.values[id].range);
    let id = text.strip_prefix('"').map_or(Some(text), |rest| rest.split('"').next())?;
    (!id.is_empty()).then_some(id)
}

/// What an entry is called in messages: ``machine `my-box` ``.
pub(super) fn label(section: Section, fields: &Fields) -> String {
    match id(fields) {
        Some(id) if id.chars().count() <= QUOTED && !id.contains('\n') => {
            format!("{} `{id}`", section.entry())
        }
        _ if section == Section::ExchangeRates => "an exchange rate".to_owned(),
        _ => format!("a {}", section.entry()),
    }
}

/// What a value is called in messages: ``  `date` in `prices` of machine `my-box` ``.
pub(super) fn subject(section: Section, fields: &Fields, value: Option<usize>) -> String {
    let label = label(section, fields);
    let mut words = String::new();
    let mut at = value.map(|value| fields.owner(value));
    while let Some(value) = at {
        let parent = fields.values[value].parent;
        let name = match (fields.name(value), parent) {
            (Some(name), _) => Some(format!("`{name}`")),
            (None, Some(_)) if words.is_empty() => Some(item_name(fields, value)),
            _ => None,
        };
        if let Some(name) = name {
            if !words.is_empty() {
                words.push_str(" in ");
            }
            words.push_str(&name);
        }
        at = parent;
    }
    if words.is_empty() { label } else { format!("{words} of {label}") }
}

/// An item of a list by the name before its brackets, if it has one: `full(...)`.
fn item_name(fields: &Fields, value: usize) -> String {
    let text = fields.slice(&fields.values[value].range);
    match text.split_once('(') {
        Some((name, _)) if !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_') => {
            format!("`{name}`")
        }
        _ => "an item".to_owned(),
    }
}

/// What is said of something that lacks a field.
pub(super) fn lacks(subject: &str, field: &str) -> Diagnostic {
    Diagnostic::error(format!("{subject} lacks the field `{field}`")).help(format!("add `{field}: ...`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn things_have_names_in_messages() {
        assert_eq!(one_of(&["a"]), "`a`");
        assert_eq!(one_of(&["a", "b", "c"]), "`a`, `b` or `c`");
        assert_eq!(quoted("12"), "`12`");
        assert_eq!(quoted("(a: 1,\n b: 2)"), "`(a: 1,...`");
        assert_eq!(quoted("\u{a0}"), "the character U+00A0");
        let fields = Fields::new("(id: \"a\", prices: [(date: 1), full(n: 2), 3])");
        let name = |text: &str| {
            let at = fields.values.iter().position(|value| fields.slice(&value.range) == text);
            subject(Section::Machines, &fields, at)
        };
        assert_eq!(name("1"), "`date` in `prices` of machine `a`");
        assert_eq!(name("full(n: 2)"), "`full` in `prices` of machine `a`");
        assert_eq!(name("3"), "an item in `prices` of machine `a`");
        assert_eq!(subject(Section::ExchangeRates, &Fields::new("(date: 1)"), Some(0)), "an exchange rate");
    }
}
