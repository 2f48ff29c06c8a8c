//! Lines and columns of a text.

use std::cell::OnceCell;

/// Bytes between two remembered counts of characters.
const STRIDE: usize = 1024;

/// Finds lines and columns quickly, also in a file that is one long line.
#[derive(Debug)]
pub(super) struct Positions<'a> {
    text: &'a str,
    /// Made at the first question: good files raise none.
    index: OnceCell<Index>,
}

#[derive(Debug)]
struct Index {
    line_starts: Vec<usize>,
    /// Characters before every multiple of `STRIDE` bytes.
    chars_before: Vec<usize>,
}

fn count_chars(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xC0 != 0x80).count()
}

impl Index {
    fn new(text: &str) -> Self {
        let newlines = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let line_starts = std::iter::once(0).chain(newlines.map(|(at, _)| at + 1)).collect();
        let mut chars = 0;
        let mut chars_before = Vec::with_capacity(text.len() / STRIDE + 1);
        for chunk in text.as_bytes().chunks(STRIDE) {
            chars_before.push(chars);
            chars += count_chars(chunk);
        }
        Self { line_starts, chars_before }
    }
}

impl<'a> Positions<'a> {
    pub fn new(text: &'a str) -> Self {
        Self { text, index: OnceCell::new() }
    }

    /// Line and column, both counted from 1.
    pub fn line_column(&self, at: usize) -> (usize, usize) {
        let index = self.index.get_or_init(|| Index::new(self.text));
        let at = at.min(self.text.len());
        let line = index.line_starts.partition_point(|start| *start <= at);
        let start = index.line_starts.get(line.saturating_sub(1)).copied().unwrap_or(0);
        let mark = usize::from(start == 0 && at > 0 && self.text.starts_with('\u{feff}'));
        (line, 1 + self.chars_up_to(index, at).saturating_sub(self.chars_up_to(index, start) + mark))
    }

    fn chars_up_to(&self, index: &Index, at: usize) -> usize {
        let chunk = at / STRIDE;
        match index.chars_before.get(chunk) {
            Some(before) => before + count_chars(&self.text.as_bytes()[chunk * STRIDE..at]),
            // The end of a text that fills its last chunk.
            None => count_chars(self.text.as_bytes()),
        }
    }
}

/// The offset in `text` of a line and column counted from 1, as a parser of that text states them.
pub(super) fn offset(text: &str, line: usize, column: usize) -> usize {
    let mut start = 0;
    for _ in 1..line {
        match text[start..].find('\n') {
            Some(newline) => start += newline + 1,
            None => return text.len(),
        }
    }
    let rest = &text[start..];
    start + rest.char_indices().nth(column.saturating_sub(1)).map_or(rest.len(), |(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters() {
        let text = "\u{feff}aé\nß x\n";
        let positions = Positions::new(text);
        assert_eq!(positions.line_column(0), (1, 1));
        assert_eq!(positions.line_column(text.find('é').unwrap()), (1, 2));
        assert_eq!(positions.line_column(text.find('x').unwrap()), (2, 3));
        assert_eq!(positions.line_column(text.len()), (3, 1));
        assert_eq!(offset(text, 2, 3), text.find('x').unwrap());
        assert_eq!(offset(text, 9, 9), text.len());
    }

    #[test]
    fn a_long_line_is_counted_in_strides() {
        let text = "é".repeat(5 * STRIDE / 2);
        let positions = Positions::new(&text);
        for chars in [0, 1, STRIDE / 2, STRIDE, 2 * STRIDE + 7] {
            assert_eq!(positions.line_column(2 * chars), (1, chars + 1));
        }
        let full = "x".repeat(STRIDE);
        assert_eq!(Positions::new(&full).line_column(STRIDE), (1, STRIDE + 1));
    }
}
