//! Where a value ends, and what keeps it from ending.

use super::super::diagnostic::Diagnostic;
use super::lexer::{Kind, Lexer, closing};
use super::position::Positions;
use super::words::Finding;

/// More brackets inside brackets than this are not read.
const MAX_DEPTH: usize = 256;

/// Why a value has no end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// A closing bracket that is not the one that was due.
    Mismatch {
        at: usize,
        found: u8,
        open: u8,
        opened: usize,
    },
    Unclosed {
        open: u8,
        at: usize,
    },
    UnclosedText(usize),
    UnclosedComment(usize),
    TooDeep(usize),
}

/// The end of the value that starts at `start` and must end before `limit`.
///
/// A value is all that stands before a comma or a closing bracket, or before what follows its own brackets.
pub(super) fn value_end(text: &str, start: usize, limit: usize) -> Result<usize, Fault> {
    let mut open: Vec<(u8, usize)> = Vec::new();
    // The first text that goes on for several lines: probably the one whose quote is missing.
    let mut long_text = None;
    let mut end = start;
    for token in Lexer::new(text, start..limit) {
        match token.kind {
            Kind::Open(bracket) if open.len() < MAX_DEPTH => open.push((bracket, token.start)),
            Kind::Open(_) => return Err(Fault::TooDeep(token.start)),
            Kind::Close(found) => match open.pop() {
                Some((bracket, _)) if closing(bracket) == found => {
                    if open.is_empty() {
                        return Ok(token.end);
                    }
                }
                Some((bracket, opened)) => {
                    let mismatch = Fault::Mismatch { at: token.start, found, open: bracket, opened };
                    return Err(long_text.map_or(mismatch, Fault::UnclosedText));
                }
                None => return Ok(end),
            },
            Kind::Comma if open.is_empty() => return Ok(end),
            Kind::UnclosedText => return Err(Fault::UnclosedText(long_text.unwrap_or(token.start))),
            Kind::UnclosedComment => return Err(Fault::UnclosedComment(token.start)),
            Kind::Text if long_text.is_none() && text[token.range()].contains('\n') => {
                long_text = Some(token.start);
            }
            _ => {}
        }
        end = token.end;
    }
    match open.pop() {
        Some((open, at)) => Err(Fault::Unclosed { open, at }),
        None => Ok(end),
    }
}

impl Fault {
    /// The fault in words. What is open should have been closed before `limit`, if there is one.
    pub fn finding(&self, text: &str, positions: &Positions, limit: Option<usize>) -> Finding {
        let line = |at: usize| format!("line {}", positions.line_column(at).0);
        let before = |limit: usize| match text.as_bytes().get(limit) {
            Some(b')') => format!("the `)` in {}", line(limit)),
            _ => format!("what begins in {}", line(limit)),
        };
        match *self {
            Self::Mismatch { at, found, open, opened } => {
                let expected = format!("`{}`", char::from(closing(open)));
                let diagnostic = Diagnostic::error("brackets do not match")
                    .found(format!("`{}`", char::from(found)))
                    .expected(format!("{expected} for the `{}` in {}", char::from(open), line(opened)));
                Finding::new(at, diagnostic)
            }
            Self::Unclosed { open, at } => {
                let diagnostic = Diagnostic::error(format!("this `{}` is never closed", char::from(open)));
                let expected = char::from(closing(open));
                let help = match limit {
                    Some(limit) => format!("write its `{expected}` before {}", before(limit)),
                    None => format!("write its `{expected}`"),
                };
                Finding::new(at, diagnostic.help(help))
            }
            Self::UnclosedText(at) => {
                let diagnostic = Diagnostic::error("the closing quote of this text is missing");
                Finding::new(at, diagnostic.help("write a `\"` at its end"))
            }
            Self::UnclosedComment(at) => {
                let diagnostic = Diagnostic::error("this comment has no end");
                Finding::new(at, diagnostic.help("write `*/` at its end; each `/*` inside needs one too"))
            }
            Self::TooDeep(at) => {
                Finding::new(at, Diagnostic::error("there are too many brackets inside brackets here"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn end(text: &str) -> Result<usize, Fault> {
        value_end(text, 0, text.len())
    }

    #[test]
    fn values_end_with_their_brackets_or_before_a_comma() {
        assert_eq!(end("(a: [1, \")\"]) (b"), Ok(13));
        assert_eq!(end("12 GB, 3"), Ok(5));
        assert_eq!(end("12 ]"), Ok(2));
        assert_eq!(end(""), Ok(0));
    }

    #[test]
    fn what_keeps_a_value_from_ending_is_found_where_it_is() {
        assert_eq!(end("(a: [1)"), Err(Fault::Mismatch { at: 6, found: b')', open: b'[', opened: 4 }));
        assert_eq!(end("(a: [1]"), Err(Fault::Unclosed { open: b'(', at: 0 }));
        assert_eq!(end("(a: \"b, \n c: \"d\")"), Err(Fault::UnclosedText(4)));
        assert_eq!(end("(a: /* b)"), Err(Fault::UnclosedComment(4)));
        assert_eq!(end(&"(".repeat(100_000)), Err(Fault::TooDeep(MAX_DEPTH)));
    }
}
