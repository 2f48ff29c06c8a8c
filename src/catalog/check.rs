//! Whether what an entry says can be true.
//!
//! What cannot be is an error, and the entry is left out, so that the estimator never meets it. What is doubtful is a
//! warning.

mod hardware;
pub(super) mod references;
mod software;

use super::diagnostic::{Diagnostic, Severity};
use super::load::{Section, Step};
use crate::units::thousands;
use std::collections::HashSet;

/// Checks of an entry by itself.
pub(super) trait Check {
    fn check(&self, problems: &mut Problems);
}

/// Something wrong with a value of an entry.
#[derive(Debug)]
pub(super) struct Problem {
    /// From the entry to the value.
    pub path: Vec<Step>,
    /// Its message speaks of the value; it is empty where what the file says and what is expected say enough.
    pub diagnostic: Diagnostic,
}

/// More than these in one entry help nobody.
const MAX_PROBLEMS: usize = 20;

/// What is wrong with one entry.
#[derive(Debug, Default)]
pub(super) struct Problems<'a> {
    pub list: Vec<Problem>,
    /// Whether the entry must be left out.
    pub fatal: bool,
    /// Entries that are left out for reasons of their own.
    pub lost: Option<&'a Lost>,
    /// Names of entries that have been reported as missing: once for an entry is enough.
    pub reported: Vec<(Section, String)>,
    /// Whether nobody will read them, so that searching for advice is idle.
    pub quiet: bool,
}

/// The ids of entries that are left out.
#[derive(Debug, Default)]
pub(super) struct Lost(HashSet<(Section, String)>);

impl Lost {
    pub fn add(&mut self, section: Section, id: &str) {
        self.0.insert((section, id.to_owned()));
    }

    fn has(&self, section: Section, id: &str) -> bool {
        self.0.contains(&(section, id.to_owned()))
    }
}

/// Above `above` and at most `most`.
#[derive(Clone, Copy, Debug)]
struct Range {
    above: f64,
    most: f64,
}

/// Above zero and at most `most`.
const fn up_to(most: f64) -> Range {
    Range { above: 0.0, most }
}

/// A part of a whole, and not nothing.
const SHARE: Range = up_to(1.0);

impl Range {
    fn holds(self, value: f64) -> bool {
        value > self.above && value <= self.most
    }

    fn text(self) -> String {
        format!("a number above {} and at most {}", self.above, thousands(self.most))
    }
}

impl Problems<'_> {
    fn add(&mut self, path: &[Step], diagnostic: Diagnostic) {
        self.fatal |= diagnostic.severity == Severity::Error;
        if !self.is_full() {
            self.list.push(Problem { path: path.to_vec(), diagnostic });
        }
    }

    fn is_full(&self) -> bool {
        self.list.len() >= MAX_PROBLEMS
    }

    fn error(&mut self, path: &[Step], message: String) {
        self.add(path, Diagnostic::error(message));
    }

    fn warning(&mut self, path: &[Step], message: String) {
        self.add(path, Diagnostic::warning(message));
    }

    fn number(&mut self, path: &[Step], value: impl Into<Option<f64>>, range: Range) {
        if let Some(value) = value.into()
            && !range.holds(value)
        {
            self.add(path, Diagnostic::error("").expected(range.text()));
        }
    }

    /// A number that may be zero.
    fn zero_or_more(&mut self, path: &[Step], value: impl Into<Option<f64>>, most: f64) {
        if let Some(value) = value.into()
            && !(0.0..=most).contains(&value)
        {
            self.add(path, Diagnostic::error("").expected(format!("a number from 0 to {}", thousands(most))));
        }
    }

    fn finite(&mut self, path: &[Step], value: Option<f64>) {
        if value.is_some_and(|value| !value.is_finite()) {
            self.add(path, Diagnostic::error("").expected("a number that is not infinite"));
        }
    }

    fn count(&mut self, path: &[Step], value: impl Into<Option<u32>>, least: u32, most: u32) {
        if let Some(value) = value.into()
            && !(least..=most).contains(&value)
        {
            let range = format!("a whole number from {least} to {}", thousands(f64::from(most)));
            self.add(path, Diagnostic::error("").expected(range));
        }
    }

    fn id(&mut self, id: &str) {
        if id.is_empty() || id != id.trim() || id.contains(char::is_control) {
            let expected = "a name that is not empty, without spaces at its ends";
            self.add(&[Step::Field("id")], Diagnostic::error("").expected(expected));
        }
    }
}
