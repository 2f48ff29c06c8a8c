//! What a file says of itself: attributes and the version of its format.

use std::ops::Range;

use super::super::{SCHEMA, diagnostic::Diagnostic};
use super::brackets::value_end;
use super::document::{Next, Reader};
use super::lexer::{Kind, Lexer, Token};
use super::words::quoted;

impl Reader<'_, '_> {
    /// Attributes such as `#![enable(implicit_some)]`.
    pub(super) fn attributes(&mut self) {
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

    /// The version of the format.
    pub(super) fn schema(&mut self, name: Token) -> Next {
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
        if matches!(token.kind, Kind::Open(_) | Kind::UnclosedText | Kind::UnclosedComment) {
            return self.skip_value(token.start);
        }
        self.lexer.next();
        Next::GoOn
    }
}
