//! What the person chose and can undo.

use std::collections::BTreeMap;

use crate::{
    compare::Filters,
    figure::{Axes, Name},
    scenario::Scenario,
};

/// The question, the filters, the pinned machines, and what the figures show of them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inputs {
    pub scenario: Scenario,
    pub filters: Filters,
    /// Ids of machines, in the order they were pinned.
    pub pinned: Vec<String>,
    /// What was chosen for the axes of each figure.
    pub axes: BTreeMap<Name, Axes>,
}

impl Inputs {
    #[must_use]
    pub fn axes_of(&self, name: Name) -> Axes {
        self.axes.get(&name).copied().unwrap_or_default()
    }

    /// Chooses the axes of a figure. What is as the figure has it by itself is not kept.
    pub fn choose_axes(&mut self, name: Name, axes: Axes) {
        if axes == Axes::default() {
            self.axes.remove(&name);
        } else {
            self.axes.insert(name, axes);
        }
    }

    pub fn toggle_pin(&mut self, id: &str) {
        match self.pinned.iter().position(|pinned| pinned == id) {
            Some(at) => {
                self.pinned.remove(at);
            }
            None => self.pinned.push(id.to_owned()),
        }
    }
}
