//! The tokens of RON, as far as finding the ends of values needs them.
//!
//! Every text has tokens: what is not closed is a token too, so that reading on is always possible.

use std::ops::Range;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// `(`, `[` or `{`.
    Open(u8),
    /// `)`, `]` or `}`.
    Close(u8),
    Comma,
    Colon,
    /// A name or a number.
    Word,
    /// A string of any kind, quotes included.
    Text,
    /// A character in quotes.
    Char,
    /// Any other character.
    Other,
    /// A string whose closing quote is missing: the rest of the text.
    UnclosedText,
    /// A block comment whose end is missing: the rest of the text.
    UnclosedComment,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub kind: Kind,
    pub start: usize,
    pub end: usize,
}

impl Token {
    pub fn range(self) -> Range<usize> {
        self.start..self.end
    }
}

/// The bracket that closes what `open` opened.
pub(super) fn closing(open: u8) -> u8 {
    match open {
        b'(' => b')',
        b'[' => b']',
        _ => b'}',
    }
}

/// Reads tokens from `at` up to `end`.
#[derive(Clone, Debug)]
pub(super) struct Lexer<'a> {
    text: &'a str,
    pub at: usize,
    end: usize,
}

/// What RON takes for white space.
fn is_blank(character: char) -> bool {
    matches!(character, ' ' | '\t'..='\r' | '\u{85}' | '\u{200E}' | '\u{200F}' | '\u{2028}' | '\u{2029}')
}

impl<'a> Lexer<'a> {
    /// Both ends must lie between characters.
    pub fn new(text: &'a str, range: Range<usize>) -> Self {
        Self { text, at: range.start, end: range.end.min(text.len()) }
    }

    fn byte(&self, at: usize) -> Option<u8> {
        if at < self.end { self.text.as_bytes().get(at).copied() } else { None }
    }

    fn char(&self, at: usize) -> Option<char> {
        self.text.get(at..self.end)?.chars().next()
    }

    /// Where `wanted` next stands at or after `at`.
    fn seek(&self, at: usize, wanted: impl Fn(u8) -> bool) -> Option<usize> {
        let rest = self.text.as_bytes().get(at..self.end)?;
        rest.iter().position(|&byte| wanted(byte)).map(|offset| at + offset)
    }

    /// Goes past blanks and comments. Returns the start of a comment that does not end.
    fn skip_blanks(&mut self) -> Option<usize> {
        while let Some(byte) = self.byte(self.at) {
            match byte {
                b' ' | b'\t'..=b'\r' => self.at += 1,
                b'/' if self.byte(self.at + 1) == Some(b'/') => {
                    self.at = self.seek(self.at, |byte| byte == b'\n').unwrap_or(self.end);
                }
                b'/' if self.byte(self.at + 1) == Some(b'*') => {
                    let start = self.at;
                    if !self.skip_block_comment() {
                        return Some(start);
                    }
                }
                0x80.. => match self.char(self.at) {
                    Some(character) if is_blank(character) => self.at += character.len_utf8(),
                    _ => break,
                },
                _ => break,
            }
        }
        None
    }

    fn skip_block_comment(&mut self) -> bool {
        let mut depth = 0_usize;
        while let Some(at) = self.seek(self.at, |byte| byte == b'/' || byte == b'*') {
            match (self.byte(at), self.byte(at + 1)) {
                (Some(b'/'), Some(b'*')) => {
                    depth += 1;
                    self.at = at + 2;
                }
                (Some(b'*'), Some(b'/')) => {
                    depth -= 1;
                    self.at = at + 2;
                    if depth == 0 {
                        return true;
                    }
                }
                _ => self.at = at + 1,
            }
        }
        self.at = self.end;
        false
    }

    /// The end of a word that starts at `at`.
    fn word_end(&self, mut at: usize) -> usize {
        while let Some(byte) = self.byte(at) {
            if byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'+' | b'-') {
                at += 1;
            } else if byte >= 0x80 {
                match self.char(at) {
                    Some(character) if !is_blank(character) => at += character.len_utf8(),
                    _ => break,
                }
            } else {
                break;
            }
        }
        at
    }

    /// The end of a quoted string whose quote stands at `at`.
    fn quoted_end(&self, at: usize) -> Option<usize> {
        let mut at = at + 1;
        loop {
            at = self.seek(at, |byte| byte == b'"' || byte == b'\\')?;
            if self.byte(at) == Some(b'"') {
                return Some(at + 1);
            }
            at += 2;
        }
    }

    /// The quote of a raw string whose hashes or quote start at `at`.
    fn raw_quote(&self, at: usize) -> Option<usize> {
        self.seek(at, |byte| byte != b'#').filter(|quote| self.byte(*quote) == Some(b'"'))
    }

    /// The end of a raw string whose quote stands at `quote` after so many hashes.
    fn raw_end(&self, quote: usize, hashes: usize) -> Option<usize> {
        let mut end = quote;
        loop {
            end = self.seek(end + 1, |byte| byte == b'"')?;
            let after = self.seek(end + 1, |byte| byte != b'#').unwrap_or(self.end);
            if after - (end + 1) >= hashes {
                return Some(end + 1 + hashes);
            }
        }
    }

    /// The end of a character in quotes that starts at `at`.
    fn char_end(&self, at: usize) -> Option<usize> {
        let first = self.char(at + 1)?;
        if first != '\\' {
            let end = at + 1 + first.len_utf8();
            return (self.byte(end) == Some(b'\'')).then_some(end + 1);
        }
        // The longest escape is `\u{10ffff}`.
        let end = self.seek(at + 3, |byte| byte == b'\'')?;
        (end - at <= 12).then_some(end + 1)
    }

    fn text_token(&mut self, start: usize, end: Option<usize>) -> Token {
        self.at = end.unwrap_or(self.end);
        let kind = if end.is_some() { Kind::Text } else { Kind::UnclosedText };
        Token { kind, start, end: self.at }
    }

    fn word_or_text(&mut self, start: usize) -> Token {
        let mut end = self.word_end(start);
        match (&self.text[start..end], self.byte(end)) {
            ("b", Some(b'"')) => {
                let closed = self.quoted_end(end);
                return self.text_token(start, closed);
            }
            ("r" | "br", Some(b'"' | b'#')) => {
                if let Some(quote) = self.raw_quote(end) {
                    let closed = self.raw_end(quote, quote - end);
                    return self.text_token(start, closed);
                }
                // Otherwise it may be a raw name, `r#type`.
                end = self.word_end(end + 1);
            }
            _ => {}
        }
        self.at = end;
        Token { kind: Kind::Word, start, end }
    }

    pub fn peek(&self) -> Option<Token> {
        self.clone().next()
    }
}

impl Iterator for Lexer<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        if let Some(start) = self.skip_blanks() {
            return Some(Token { kind: Kind::UnclosedComment, start, end: self.end });
        }
        let start = self.at;
        let byte = self.byte(start)?;
        let kind = match byte {
            b'(' | b'[' | b'{' => Kind::Open(byte),
            b')' | b']' | b'}' => Kind::Close(byte),
            b',' => Kind::Comma,
            b':' => Kind::Colon,
            b'"' => {
                let end = self.quoted_end(start);
                return Some(self.text_token(start, end));
            }
            b'\'' => {
                if let Some(end) = self.char_end(start) {
                    self.at = end;
                    return Some(Token { kind: Kind::Char, start, end });
                }
                Kind::Other
            }
            _ if self.word_end(start) > start => return Some(self.word_or_text(start)),
            _ => Kind::Other,
        };
        self.at = start + 1;
        Some(Token { kind, start, end: self.at })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> Vec<(Kind, &str)> {
        Lexer::new(text, 0..text.len()).map(|token| (token.kind, &text[token.range()])).collect()
    }

    #[test]
    fn brackets_in_strings_characters_and_comments_do_not_count() {
        let text = r##"a: "(\"[", /* ( /* ] */ */ r#"}"]"#, // )
            '(', '\'', b"\")" r#type r")" br#"""#"##;
        let found: Vec<&str> = tokens(text).iter().map(|(_, text)| *text).collect();
        let expected = [
            "a",
            ":",
            r#""(\"[""#,
            ",",
            r##"r#"}"]"#"##,
            ",",
            "'('",
            ",",
            r"'\''",
            ",",
            r#"b"\")""#,
            "r#type",
            r#"r")""#,
            r##"br#"""#"##,
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn what_is_not_closed_is_a_token() {
        assert_eq!(tokens("a \"b c"), [(Kind::Word, "a"), (Kind::UnclosedText, "\"b c")]);
        assert_eq!(tokens("r##\"b\"# c"), [(Kind::UnclosedText, "r##\"b\"# c")]);
        assert_eq!(tokens("a /* b /* */"), [(Kind::Word, "a"), (Kind::UnclosedComment, "/* b /* */")]);
        assert_eq!(tokens("'x"), [(Kind::Other, "'"), (Kind::Word, "x")]);
        assert_eq!(tokens("\"\\"), [(Kind::UnclosedText, "\"\\")]);
    }

    #[test]
    fn words_may_hold_any_letter() {
        let expected =
            [(Kind::Word, "größe"), (Kind::Colon, ":"), (Kind::Word, "-1.5e3"), (Kind::Other, "=")];
        assert_eq!(tokens("größe\u{85}:\u{2028}-1.5e3 ="), expected);
    }
}
