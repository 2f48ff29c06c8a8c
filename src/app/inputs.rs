//! What the person chose and can undo.

use crate::{compare::Filters, scenario::Scenario};

/// The question, the filters and the pinned machines.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inputs {
    pub scenario: Scenario,
    pub filters: Filters,
    /// Ids of machines, in the order they were pinned.
    pub pinned: Vec<String>,
}

impl Inputs {
    pub fn toggle_pin(&mut self, id: &str) {
        match self.pinned.iter().position(|pinned| pinned == id) {
            Some(at) => {
                self.pinned.remove(at);
            }
            None => self.pinned.push(id.to_owned()),
        }
    }
}
