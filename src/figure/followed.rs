//! The few machines that a figure of single machines is about.

use super::{Facts, short_names};
use crate::{
    catalog::{Chip, Machine},
    compare::Row,
};

/// A machine with its line of the comparison.
pub(super) struct Followed<'a> {
    pub row: &'a Row,
    pub machine: &'a Machine,
    pub chip: Option<&'a Chip>,
    pub short_name: String,
}

/// What is said where there is nobody to follow.
pub(super) const NOBODY: &str = "Pin a machine in the price and speed figure or in the table: none is pinned, and none that is shown holds the model";

/// A best buy that costs so many times the next cheaper one, and all beyond, are for other purses.
const LEAP: f64 = 4.0;

/// The comparison's frontier up to the first leap in price.
fn without_leaps(facts: &Facts) -> Vec<usize> {
    let mut before = f64::INFINITY;
    let price = |index: &usize| facts.comparison.rows.get(*index)?.price.as_ref().map(|price| price.amount);
    let near =
        |index: &&usize| price(index).is_some_and(|now| now <= std::mem::replace(&mut before, now) * LEAP);
    facts.comparison.frontier.iter().take_while(near).copied().collect()
}

/// The pinned machines; where none is pinned, the best buys, at most `most` from the cheapest to the fastest.
///
/// Returns as well what a note should say about the choice.
pub(super) fn followed<'a>(
    facts: &Facts<'a>,
    pinned: &[String],
    most: usize,
) -> (Vec<Followed<'a>>, Option<String>) {
    let machines = &facts.catalog.machines;
    let rows = &facts.comparison.rows;
    let chosen: Vec<&Row> = rows
        .iter()
        .filter(|row| machines.at(row.machine).is_some_and(|machine| pinned.contains(&machine.id)))
        .collect();
    let (chosen, note) = if chosen.is_empty() {
        let frontier = without_leaps(facts);
        let shown = frontier.len().min(most);
        // Evenly from the first to the last.
        let at = |index: usize| index * (frontier.len() - 1) / (shown - 1).max(1);
        let best = (0..shown).filter_map(|index| rows.get(frontier[at(index)])).collect();
        (best, Some("No machine is pinned: these are the best buys, cheapest first.".to_owned()))
    } else {
        (chosen, None)
    };
    let found = chosen.into_iter().filter_map(|row| Some((row, machines.at(row.machine)?)));
    let found: Vec<(&Row, &Machine)> = found.collect();
    let names = short_names(found.iter().map(|(_, machine)| machine.name.as_str()));
    let followed = found.into_iter().zip(names).map(|((row, machine), short_name)| {
        let chip = facts.catalog.chips.get(&machine.chip);
        Followed { row, machine, chip, short_name }
    });
    (followed.collect(), note)
}
