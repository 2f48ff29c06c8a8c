//! What is wrong in a preset file: where, what was found, what was expected, and how to mend it.

use std::fmt;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// What it speaks of is left out.
    Error,
    /// What it speaks of is kept, and may be wrong.
    Warning,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
        })
    }
}

/// One thing that is wrong in one place of a file.
///
/// It displays as a line `file:line:column: error: ...` and, where there is advice, an indented second one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    pub severity: Severity,
    /// The file's path or name.
    pub file: String,
    /// Counted from 1; 0 where the file as a whole is meant.
    pub line: usize,
    /// In characters, counted from 1; 0 where the file as a whole is meant.
    pub column: usize,
    /// What it is about, as a sentence or as the subject of `found` and `expected`.
    pub message: String,
    /// What stands there.
    pub found: Option<String>,
    /// What should stand there.
    pub expected: Option<String>,
    /// The valid name most like the one that was found.
    pub nearest: Option<String>,
    /// How to mend it.
    pub help: Option<String>,
}

impl Diagnostic {
    /// An error that is not yet placed in a file.
    #[must_use]
    pub fn error(message: impl Into<String>) -> Self {
        Self::new(Severity::Error, message.into())
    }

    /// A warning that is not yet placed in a file.
    #[must_use]
    pub fn warning(message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, message.into())
    }

    fn new(severity: Severity, message: String) -> Self {
        Self {
            severity,
            file: String::new(),
            line: 0,
            column: 0,
            message,
            found: None,
            expected: None,
            nearest: None,
            help: None,
        }
    }

    #[must_use]
    pub fn found(mut self, found: impl Into<String>) -> Self {
        self.found = Some(found.into());
        self
    }

    #[must_use]
    pub fn expected(mut self, expected: impl Into<String>) -> Self {
        self.expected = Some(expected.into());
        self
    }

    #[must_use]
    pub fn nearest(mut self, nearest: Option<String>) -> Self {
        self.nearest = nearest;
        self
    }

    /// The nearest name, or other help where no name is near.
    #[must_use]
    pub fn nearest_or(self, nearest: Option<String>, help: impl FnOnce() -> String) -> Self {
        if nearest.is_some() { self.nearest(nearest) } else { self.help(help()) }
    }

    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    #[must_use]
    pub fn in_file(mut self, file: impl Into<String>) -> Self {
        self.file = file.into();
        self
    }

    #[must_use]
    pub fn at(mut self, line: usize, column: usize) -> Self {
        self.line = line;
        self.column = column;
        self
    }

    /// The sentence, without the place and the advice.
    #[must_use]
    pub fn sentence(&self) -> String {
        let message = &self.message;
        match (&self.found, &self.expected) {
            (Some(found), Some(expected)) => format!("{message}: found {found}, expected {expected}"),
            (Some(found), None) => format!("{message}: found {found}"),
            (None, Some(expected)) => format!("{message}: expected {expected}"),
            (None, None) => message.clone(),
        }
    }

    /// How to mend it, as one line.
    #[must_use]
    pub fn advice(&self) -> Option<String> {
        match (&self.nearest, &self.help) {
            (Some(nearest), Some(help)) => Some(format!("did you mean `{nearest}`? {help}")),
            (Some(nearest), None) => Some(format!("did you mean `{nearest}`?")),
            (None, help) => help.clone(),
        }
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { severity, file, line, column, .. } = self;
        if self.line == 0 {
            write!(f, "{file}: {severity}: {}", self.sentence())?;
        } else {
            write!(f, "{file}:{line}:{column}: {severity}: {}", self.sentence())?;
        }
        match self.advice() {
            Some(advice) => write!(f, "\n  help: {advice}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_diagnostic_reads_as_a_sentence_with_advice() {
        let diagnostic = Diagnostic::error("`kind` of machine `a`")
            .found("`minipc`")
            .expected("`desktop` or `mini_pc`")
            .nearest(Some("mini_pc".to_owned()))
            .in_file("my.ron")
            .at(3, 14);
        let text = "my.ron:3:14: error: `kind` of machine `a`: found `minipc`, expected `desktop` or `mini_pc`\n  \
                    help: did you mean `mini_pc`?";
        assert_eq!(diagnostic.to_string(), text);
        let whole = Diagnostic::warning("the file is empty").in_file("my.ron");
        assert_eq!(whole.to_string(), "my.ron: warning: the file is empty");
    }
}
