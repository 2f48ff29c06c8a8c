//! Why an entry cannot be read, in words a person can act on.

use ron::error::{Error, SpannedError};

use super::super::diagnostic::Diagnostic;
use super::fields::{Fields, Value};
use super::lexer::{Kind, Lexer, Token};
use super::nearest::nearest;
use super::position::offset;
use super::section::Section;
use super::words::{Finding, all_of, label, lacks, one_of, quoted, subject};

const UNIT_HELP: &str = "leave the unit out: the field's name states it";

/// Says what `error`, met in `text`, means. The finding's offset is one in `text`.
pub(super) fn explain(section: Section, text: &str, error: &SpannedError) -> Finding {
    let at = offset(text, error.span.end.line, error.span.end.col);
    let fields = Fields::new(text);
    Explainer { section, text, fields, at }.explain(&error.code)
}

struct Explainer<'a> {
    section: Section,
    text: &'a str,
    fields: Fields<'a>,
    /// How far the parser came.
    at: usize,
}

impl Explainer<'_> {
    fn explain(&self, error: &Error) -> Finding {
        match error {
            Error::NoSuchStructField { expected, found, .. } => self.unknown_field(found, expected),
            Error::MissingStructField { field, .. } => self.missing_field(field),
            Error::DuplicateStructField { field, .. } => self.duplicate_field(field),
            Error::NoSuchEnumVariant { expected, found, .. } => self.unknown_variant(found, expected),
            Error::Message(text) => self.refused(text),
            Error::ExpectedString | Error::ExpectedByteString | Error::ExpectedChar => {
                self.wrong_type("text in quotes")
            }
            Error::ExpectedFloat | Error::FloatUnderscore | Error::UnderscoreAtBeginning => {
                self.wrong_type("a number")
            }
            Error::ExpectedInteger | Error::InvalidIntegerDigit { .. } | Error::ExpectedByteLiteral => {
                self.wrong_type("a whole number")
            }
            Error::IntegerOutOfBounds | Error::InvalidValueForType { .. } => self.out_of_bounds(),
            Error::ExpectedBoolean => self.wrong_type("`true` or `false`"),
            Error::ExpectedArray => self.wrong_type("a list in `[...]`"),
            Error::ExpectedStructLike
            | Error::ExpectedNamedStructLike(_)
            | Error::ExpectedMap
            | Error::ExpectedStructName(_) => self.wrong_type("fields in `(...)`"),
            Error::ExpectedDifferentStructName { found, .. } => self.wrong_name(found),
            Error::ExpectedIdentifier | Error::InvalidIdentifier(_) | Error::SuggestRawIdentifier(_) => {
                self.not_a_word()
            }
            Error::InvalidEscape(_) => self.bad_escape(),
            Error::ExpectedMapColon => self.syntax("`:` after the field's name"),
            Error::ExpectedComma
            | Error::ExpectedStructLikeEnd
            | Error::ExpectedOptionEnd
            | Error::ExpectedArrayEnd
            | Error::ExpectedMapEnd
            | Error::TrailingCharacters => self.syntax(self.after_value()),
            Error::ExceededRecursionLimit => Finding::new(
                self.at,
                Diagnostic::error(format!("{} has too many brackets inside brackets", self.label())),
            ),
            _ => self.syntax("a value"),
        }
    }

    fn label(&self) -> String {
        label(self.section, &self.fields)
    }

    fn subject_at(&self, at: usize) -> String {
        subject(self.section, &self.fields, self.fields.around(at))
    }

    fn unknown_field(&self, found: &str, expected: &[&str]) -> Finding {
        // The parser stands behind the name, whose value begins later.
        let value = (0..self.fields.values.len()).rev().find(|&value| {
            self.fields.name(value) == Some(found)
                && self.fields.values[value].name.as_ref().is_some_and(|name| name.start <= self.at)
        });
        let name = value.and_then(|value| self.fields.values[value].name.clone());
        let container = match value {
            Some(value) => self.fields.values[value].parent,
            None => self.fields.container(self.at),
        };
        let at = name.map_or(self.at, |name| name.start);
        let message =
            format!("{} has no field {}", subject(self.section, &self.fields, container), quoted(found));
        let near = nearest(found, expected.iter().copied());
        let help = || format!("its fields are {}", all_of(expected));
        Finding::new(at, Diagnostic::error(message).nearest_or(near, help))
    }

    fn missing_field(&self, field: &str) -> Finding {
        let container = self.fields.container(self.at);
        let at = container.map_or(0, |container| self.fields.values[container].range.start);
        Finding::new(at, lacks(&subject(self.section, &self.fields, container), field))
    }

    fn duplicate_field(&self, field: &str) -> Finding {
        let container = self.fields.container(self.at);
        let second = self.fields.last_named(container, field, self.at);
        let name = second.and_then(|value| self.fields.values[value].name.clone());
        let at = name.map_or(self.at, |name| name.start);
        let message =
            format!("{} has the field `{field}` twice", subject(self.section, &self.fields, container));
        Finding::new(at, Diagnostic::error(message).help("keep one of them"))
    }

    fn unknown_variant(&self, found: &str, expected: &[&str]) -> Finding {
        let before = self.at.saturating_sub(1);
        let at = self.fields.around(before).map_or(before, |value| self.fields.values[value].range.start);
        let diagnostic = Diagnostic::error(self.subject_of_field(before))
            .found(quoted(found))
            .expected(one_of(expected))
            .nearest(nearest(found, expected.iter().copied()));
        Finding::new(at, diagnostic)
    }

    /// The subject at `at`, where a list item stands for its list.
    fn subject_of_field(&self, at: usize) -> String {
        let mut value = self.fields.around(at);
        while let Some(inner) = value {
            if self.fields.name(inner).is_some() {
                break;
            }
            value = self.fields.values[inner].parent;
        }
        subject(self.section, &self.fields, value)
    }

    /// A text that is of the right type and still not what it should be, as its type says.
    fn refused(&self, reason: &str) -> Finding {
        let before = self.at.saturating_sub(1);
        let at = self.fields.around(before).map_or(before, |value| self.fields.values[value].range.start);
        let subject = self.subject_at(before);
        let diagnostic = match reason.split_once(": ") {
            Some((what, help)) => Diagnostic::error(format!("{subject}: {what}")).help(help),
            None => Diagnostic::error(format!("{subject}: {reason}")),
        };
        Finding::new(at, diagnostic)
    }

    fn wrong_type(&self, expected: &str) -> Finding {
        let Some(value) = self.fields.around(self.at) else {
            return self.syntax(expected);
        };
        let range = self.fields.values[value].range.clone();
        let text = self.fields.slice(&range);
        let diagnostic = Diagnostic::error(subject(self.section, &self.fields, Some(value)));
        if text.is_empty() {
            return Finding::new(range.start, diagnostic.found("nothing").expected(expected));
        }
        let mut diagnostic = diagnostic.found(quoted(text)).expected(expected);
        let bare = text.trim_matches('"');
        let is_quoted = text.starts_with('"') && bare.len() + 2 == text.len();
        let word = text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'));
        if expected.ends_with("number") {
            if is_quoted && bare.replace('_', "").parse::<f64>().is_ok() {
                diagnostic = diagnostic.help("write it without quotes");
            } else if text.replace('_', "").parse::<f64>().is_ok() {
                diagnostic = diagnostic.help("write it with all its digits, without a point or an exponent");
            }
        } else if expected.starts_with("text") && word {
            diagnostic = diagnostic.help(format!("put it in quotes: `\"{text}\"`"));
        } else if expected.starts_with("a list") {
            diagnostic = diagnostic.help("a list stands in `[...]`, also where it holds one thing");
        }
        Finding::new(range.start, diagnostic)
    }

    /// A name stands where fields in brackets should: before them, or instead.
    fn wrong_name(&self, found: &str) -> Finding {
        let value = self.fields.around(self.at.saturating_sub(1));
        let at = value.map_or(0, |value| self.fields.values[value].range.start);
        let diagnostic = Diagnostic::error(subject(self.section, &self.fields, value))
            .found(quoted(found))
            .expected("fields in `(...)`");
        let named = Lexer::new(self.text, self.at..self.text.len()).next();
        if named.is_some_and(|token| token.kind == Kind::Open(b'(')) {
            return Finding::new(at, diagnostic.help("leave the name before the bracket out"));
        }
        Finding::new(at, diagnostic)
    }

    fn out_of_bounds(&self) -> Finding {
        let before = self.at.saturating_sub(1);
        let Some(value) = self.fields.around(before) else {
            return self.syntax("a whole number");
        };
        let range = self.fields.values[value].range.clone();
        let text = self.fields.slice(&range);
        let expected =
            if text.starts_with('-') { "a number that is not negative" } else { "a smaller whole number" };
        let diagnostic = Diagnostic::error(subject(self.section, &self.fields, Some(value)));
        Finding::new(range.start, diagnostic.found(quoted(text)).expected(expected))
    }

    /// Where a field's name or one of several words should stand.
    fn not_a_word(&self) -> Finding {
        let token = self.token();
        let text = token.map_or("", |token| &self.text[token.range()]);
        let value = self.fields.around(self.at);
        if self.at_field_name() {
            let finding = self.syntax("the name of a field");
            let help = if text.starts_with('"') {
                "names of fields stand without quotes".to_owned()
            } else if let Some(decimal) = self.decimal_comma() {
                format!("write a point in numbers: `{decimal}`")
            } else {
                return finding;
            };
            return Finding::new(finding.at, (*finding.diagnostic).help(help));
        }
        let diagnostic = Diagnostic::error(subject(self.section, &self.fields, value));
        if text.is_empty() || matches!(text, "," | ")" | "]") {
            return Finding::new(self.at, diagnostic.found("nothing").expected("one word"));
        }
        let diagnostic = diagnostic.found(quoted(text)).expected("one word without quotes");
        let diagnostic = if text.starts_with('"') {
            diagnostic.help("write it without quotes")
        } else if text.contains('-') {
            diagnostic.help(format!("such words have `_` for `-`: `{}`", text.replace('-', "_")))
        } else {
            diagnostic
        };
        Finding::new(self.at, diagnostic)
    }

    /// Whether the name of a field should stand where the parser is.
    fn at_field_name(&self) -> bool {
        let values = &self.fields.values;
        let starts = |value: &Value| value.range.start == self.at && !value.range.is_empty();
        values.iter().any(|value| value.name.as_ref().is_some_and(|name| name.start == self.at))
            || self.fields.container(self.at).is_some_and(|container| {
                let bracket = self.fields.bracket(container).and_then(|at| self.text.as_bytes().get(at));
                let items = values.iter().filter(|value| value.parent == Some(container));
                bracket == Some(&b'(')
                    && !items.into_iter().any(|item| item.name.is_some() && starts(item))
                    && self.fields.around(self.at).is_none_or(|value| self.fields.name(value).is_none())
            })
    }

    /// `96.5`, where the parser stands behind the comma of `96,5`.
    fn decimal_comma(&self) -> Option<String> {
        let before = self.text.get(..self.at)?.strip_suffix(',')?;
        let whole = &before[before.rfind(|letter: char| !letter.is_ascii_digit())? + 1..];
        let rest = &self.text[self.at..];
        let part = &rest[..rest.find(|letter: char| !letter.is_ascii_digit())?];
        (!whole.is_empty() && !part.is_empty()).then(|| format!("{whole}.{part}"))
    }

    fn bad_escape(&self) -> Finding {
        let before = self.at.saturating_sub(1);
        let value = self.fields.around(before);
        let from = value.map_or(0, |value| self.fields.values[value].range.start);
        let text = self.text.get(from..self.at).unwrap_or_default();
        let backslash = text.rfind('\\').map_or(self.at, |at| from + at);
        let escape: String = self.text.get(backslash..).unwrap_or_default().chars().take(2).collect();
        let message = format!("{}: {} stands for no character", self.subject_at(before), quoted(&escape));
        Finding::new(backslash, Diagnostic::error(message).help("write `\\\\` for a backslash"))
    }

    /// What may follow a value where the parser stands.
    fn after_value(&self) -> &'static str {
        let container = self
            .fields
            .container(self.at)
            .and_then(|value| self.text.as_bytes().get(self.fields.bracket(value)?));
        match container {
            Some(b'(') => "`,` or `)`",
            Some(b'[') => "`,` or `]`",
            Some(_) => "`,` or `}`",
            None => "`,` or the end of the list",
        }
    }

    /// The token at the place that the parser came to.
    fn token(&self) -> Option<Token> {
        let inside = self.fields.around(self.at);
        let from = inside.map_or(0, |value| self.fields.values[value].range.start);
        Lexer::new(self.text, from..self.text.len()).find(|token| token.end > self.at)
    }

    fn syntax(&self, expected: &str) -> Finding {
        if let Some(finding) = self.after_long_text() {
            return finding;
        }
        let Some(token) = self.token() else {
            let diagnostic = Diagnostic::error(self.label()).found("its end").expected(expected);
            return Finding::new(self.at, diagnostic);
        };
        let text = &self.text[token.range()];
        let value = self.fields.around(self.at);
        let diagnostic = Diagnostic::error(subject(self.section, &self.fields, value)).found(quoted(text));
        let digits = |text: &str| text.starts_with(|letter: char| letter.is_ascii_digit());
        if token.start < self.at && token.kind == Kind::Word && digits(text) {
            // The parser took the word's beginning for a number.
            let diagnostic = if text.replace('_', "").parse::<f64>().is_ok() {
                diagnostic.expected("a whole number")
            } else {
                diagnostic.expected("a number").help(UNIT_HELP)
            };
            return Finding::new(token.start, diagnostic);
        }
        if text.starts_with(char::is_whitespace) {
            let help = "this looks like a space and is none: write an ordinary one";
            return Finding::new(token.start, diagnostic.expected(expected).help(help));
        }
        let next = Lexer::new(self.text, token.end..self.text.len()).next();
        if token.kind == Kind::Word && next.is_some_and(|next| next.kind == Kind::Colon) {
            let help = "write a `,` before it, as between all fields";
            return Finding::new(token.start, diagnostic.expected(expected).help(help));
        }
        let mut diagnostic = diagnostic.expected(expected);
        let touched = Lexer::new(self.text, 0..self.at).last();
        if touched.is_some_and(|before| before.kind == Kind::Text && before.end == token.start) {
            let help = "is there a quote too many before it, or one missing?";
            return Finding::new(token.start, diagnostic.help(help));
        }
        let before = value.and_then(|value| self.text.get(self.fields.values[value].range.start..self.at));
        if token.kind == Kind::Word && before.is_some_and(digits) {
            diagnostic = diagnostic.help(UNIT_HELP);
        } else if text == "=" {
            diagnostic = diagnostic.help("write `name: value`");
        }
        Finding::new(token.start, diagnostic)
    }

    /// A text over several lines before the place where the parser gave up is probably one without its closing quote.
    fn after_long_text(&self) -> Option<Finding> {
        let token = Lexer::new(self.text, 0..self.at).last()?;
        if token.kind != Kind::Text || !self.text[token.range()].contains('\n') {
            return None;
        }
        let message = format!("{}: this text goes on for more than one line", self.subject_at(token.start));
        Some(Finding::new(token.start, Diagnostic::error(message).help("is its closing quote missing?")))
    }
}
