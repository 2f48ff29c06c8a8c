//! Where the fields of one entry stand in its text.
//!
//! This is read only when something is to be reported, so that good files cost nothing.

use std::ops::Range;

use super::lexer::{Kind, Lexer};

/// A step from a value to one inside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::catalog) enum Step {
    Field(&'static str),
    Item(usize),
}

/// A value, with the field or place in a list that it stands in.
#[derive(Clone, Debug)]
pub(super) struct Value {
    pub parent: Option<usize>,
    /// The field's name.
    pub name: Option<Range<usize>>,
    /// How many values stand before it in its parent.
    index: usize,
    pub range: Range<usize>,
    /// Where its first bracket stands.
    bracket: Option<usize>,
    /// Whether the text ends, or goes on wrongly, before the value does.
    open: bool,
}

/// All the values of a text that is one value; those around others come first.
#[derive(Debug)]
pub(super) struct Fields<'a> {
    text: &'a str,
    pub values: Vec<Value>,
}

/// Deeper values are not looked into; the parser refuses them anyway.
const MAX_DEPTH: usize = 160;

impl<'a> Fields<'a> {
    pub fn new(text: &'a str) -> Self {
        let mut fields = Self { text, values: Vec::new() };
        fields.read();
        fields
    }

    fn read(&mut self) {
        // Containers that are open, each with the number of values begun in it.
        let mut containers: Vec<(usize, usize)> = Vec::new();
        let mut too_deep = 0_usize;
        let mut current: Option<usize> = None;
        let mut name: Option<Range<usize>> = None;
        let mut lexer = Lexer::new(self.text, 0..self.text.len());
        while let Some(token) = lexer.next() {
            if too_deep > 0 {
                match token.kind {
                    Kind::Open(_) => too_deep += 1,
                    Kind::Close(_) => too_deep -= 1,
                    _ => {}
                }
                continue;
            }
            match token.kind {
                Kind::Comma => {
                    self.note_missing(&mut containers, name.take(), token.start);
                    current = None;
                }
                Kind::Close(_) => {
                    self.note_missing(&mut containers, name.take(), token.start);
                    let Some((container, _)) = containers.pop() else {
                        break;
                    };
                    self.values[container].range.end = token.end;
                    self.values[container].open = false;
                    current = Some(container);
                }
                Kind::Word | Kind::Text
                    if current.is_none()
                        && name.is_none()
                        && lexer.peek().is_some_and(|next| next.kind == Kind::Colon) =>
                {
                    name = Some(token.range());
                    lexer.next();
                }
                kind => {
                    let value = match current {
                        Some(value) => value,
                        None => self.begin(&mut containers, name.take(), token.start),
                    };
                    current = Some(value);
                    self.values[value].range.end = token.end;
                    if matches!(kind, Kind::Open(_)) {
                        if containers.len() == MAX_DEPTH {
                            too_deep = 1;
                        } else {
                            self.values[value].open = true;
                            self.values[value].bracket.get_or_insert(token.start);
                            containers.push((value, 0));
                            current = None;
                        }
                    }
                }
            }
        }
        for value in self.values.iter_mut().filter(|value| value.open) {
            value.range.end = self.text.len();
        }
    }

    fn begin(
        &mut self,
        containers: &mut [(usize, usize)],
        name: Option<Range<usize>>,
        start: usize,
    ) -> usize {
        let (parent, index) = match containers.last_mut() {
            Some((parent, count)) => {
                *count += 1;
                (Some(*parent), *count - 1)
            }
            None => (None, 0),
        };
        self.values.push(Value { parent, name, index, range: start..start, bracket: None, open: false });
        self.values.len() - 1
    }

    /// A field's name without a value gets an empty one.
    fn note_missing(&mut self, containers: &mut [(usize, usize)], name: Option<Range<usize>>, start: usize) {
        if name.is_some() {
            self.begin(containers, name, start);
        }
    }

    pub fn slice(&self, range: &Range<usize>) -> &'a str {
        self.text.get(range.clone()).unwrap_or_default()
    }

    /// The name of a value's field.
    pub fn name(&self, value: usize) -> Option<&'a str> {
        self.values.get(value)?.name.as_ref().map(|name| self.slice(name).trim_matches('"'))
    }

    /// The innermost value that `at` lies in.
    pub fn around(&self, at: usize) -> Option<usize> {
        // An inner value comes after those around it.
        self.values.iter().rposition(|value| {
            value.range.start <= at
                && (at < value.range.end || value.range.is_empty() && at == value.range.start)
        })
    }

    /// The innermost value with brackets that `at` lies between.
    pub fn container(&self, at: usize) -> Option<usize> {
        let between =
            |value: &Value| value.bracket.is_some_and(|bracket| bracket < at && at < value.range.end);
        self.values.iter().rposition(between)
    }

    /// Where a value's first bracket stands.
    pub fn bracket(&self, value: usize) -> Option<usize> {
        self.values.get(value)?.bracket
    }

    /// The last field of this name in `container` that starts before or at `at`.
    pub fn last_named(&self, container: Option<usize>, name: &str, at: usize) -> Option<usize> {
        (0..self.values.len()).rev().find(|&value| {
            self.values[value].parent == container
                && self.name(value).is_some_and(|found| found.trim_start_matches("r#") == name)
                && self.values[value].name.as_ref().is_some_and(|range| range.start <= at)
        })
    }

    /// The value to speak of where `value` is one without a name: itself in a list, else the one round it.
    pub fn owner(&self, mut value: usize) -> usize {
        while self.values[value].name.is_none()
            && let Some(parent) = self.values[value].parent
            && self.values[parent].bracket.is_none_or(|at| self.text.as_bytes().get(at) != Some(&b'['))
        {
            value = parent;
        }
        value
    }

    /// The value at the end of a path, or the last value on the way to it and the step that leads nowhere.
    pub fn find(&self, path: &[Step]) -> Result<usize, (Option<usize>, Step)> {
        let mut at = 0;
        for step in path {
            at = match self.values.get(at) {
                Some(_) => self.child(at, *step).ok_or((Some(at), *step))?,
                None => return Err((None, *step)),
            };
        }
        Ok(at)
    }

    fn child(&self, parent: usize, step: Step) -> Option<usize> {
        let mut children = (parent + 1..self.values.len())
            .filter(|&value| self.values[value].parent == Some(parent))
            .peekable();
        // `Some(...)` stands between a field and its value.
        if self.slice(&self.values[parent].range).starts_with("Some") {
            let only = *children.peek()?;
            return self.child(only, step);
        }
        children.find(|&value| match step {
            Step::Field(name) => self.name(value) == Some(name),
            Step::Item(index) => self.values[value].index == index,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Step::{Field, Item};
    use super::*;

    const TEXT: &str = r#"(id: "a", list: [full(n: 1), full(n: 2)], host: Some((gib: 3)), // )
        end: x)"#;

    #[test]
    fn paths_lead_to_values() {
        let fields = Fields::new(TEXT);
        let text = |value: usize| fields.slice(&fields.values[value].range);
        let at = |path: &[Step]| fields.find(path).ok().map(text);
        assert_eq!(at(&[Field("id")]), Some("\"a\""));
        assert_eq!(at(&[Field("list"), Item(1)]), Some("full(n: 2)"));
        assert_eq!(at(&[Field("list"), Item(1), Field("n")]), Some("2"));
        assert_eq!(at(&[Field("host"), Field("gib")]), Some("3"));
        let (list, step) = fields.find(&[Field("list"), Item(5), Field("n")]).unwrap_err();
        assert_eq!((list.map(text), step), (Some("[full(n: 1), full(n: 2)]"), Item(5)));
        assert_eq!(at(&[]), Some(TEXT));
    }

    #[test]
    fn places_belong_to_values() {
        let fields = Fields::new(TEXT);
        let two = TEXT.find("2)").unwrap();
        assert_eq!(fields.around(two).and_then(|value| fields.name(value)), Some("n"));
        let container = fields.container(two).unwrap();
        assert_eq!(fields.slice(&fields.values[container].range), "full(n: 2)");
        let named = fields.last_named(Some(container), "n", TEXT.len()).unwrap();
        assert_eq!(fields.values[named].range, two..two + 1);
    }

    #[test]
    fn depth_and_broken_text_are_survived() {
        for text in ["", "((((", "))))", "(a: (b", "(a: ]", "a: b", "(((a:)))b)", "\"x"] {
            let fields = Fields::new(text);
            for at in 0..=text.len() {
                let _ = (fields.around(at), fields.container(at));
            }
        }
        assert!(Fields::new(&"[".repeat(100_000)).values.len() <= MAX_DEPTH + 1);
    }
}
