//! Names short enough to stand beside a mark, and long enough to tell machines apart.

use std::{collections::HashMap, sync::Arc};

use crate::catalog::Catalog;

/// What a machine is called. Marks share it: with very many machines, copies would take much of a frame.
#[derive(Clone, Debug)]
pub struct MachineName {
    pub id: Arc<str>,
    pub full: Arc<str>,
    pub short: Arc<str>,
}

/// The names of all machines of a catalog, by their positions. The short ones rest on each other and on nothing else, so
/// they are worked out once.
#[derive(Clone, Debug)]
pub struct MachineNames(Vec<MachineName>);

impl MachineNames {
    #[must_use]
    pub fn new(catalog: &Catalog) -> Self {
        let short = short_names(catalog.machines.iter().map(|machine| machine.name.as_str()));
        let named = catalog.machines.iter().zip(short).map(|(machine, short)| MachineName {
            id: machine.id.as_str().into(),
            full: machine.name.as_str().into(),
            short: short.into(),
        });
        Self(named.collect())
    }

    /// Absent where the catalog has no machine at that position.
    #[must_use]
    pub fn get(&self, machine: usize) -> Option<&MachineName> {
        self.0.get(machine)
    }
}

/// For each name its short form, or the whole name where another of the list has the same short form.
#[must_use]
pub fn short_names<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let names: Vec<&str> = names.into_iter().collect();
    let mut short: Vec<String> = names.iter().map(|name| shorten(name)).collect();
    // A name that is written out can in turn be another one's short form, so look again until nothing changes.
    loop {
        let mut holders: HashMap<&str, usize> = HashMap::with_capacity(short.len());
        let mut clashes = Vec::new();
        for (at, name) in short.iter().enumerate() {
            if let Some(holder) = holders.insert(name, at) {
                clashes.extend([holder, at]);
            }
        }
        clashes.retain(|&at| short[at] != names[at]);
        if clashes.is_empty() {
            return short;
        }
        for at in clashes {
            names[at].clone_into(&mut short[at]);
        }
    }
}

/// A name without brand words that its model number implies, and without what stands in parentheses.
fn shorten(name: &str) -> String {
    let name = ["GeForce ", "NVIDIA "].iter().find_map(|brand| name.strip_prefix(brand)).unwrap_or(name);
    let mut depth = 0_u32;
    let mut outside = String::with_capacity(name.len());
    for letter in name.chars() {
        match letter {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            letter => outside.push(letter),
        }
    }
    let words: Vec<&str> = outside.split_whitespace().filter(|word| *word != ARCHITECTURE).collect();
    words.join(" ")
}

const ARCHITECTURE: &str = "Blackwell";

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_goes_without_saying_is_left_away() {
        for (name, short) in [
            ("GeForce RTX 3090 24 GB", "RTX 3090 24 GB"),
            ("RTX PRO 6000 Blackwell Max-Q 96 GB", "RTX PRO 6000 Max-Q 96 GB"),
            ("NVIDIA H100 SXM5 80 GB (module)", "H100 SXM5 80 GB"),
            ("Mac Studio M5 Max 128 GB", "Mac Studio M5 Max 128 GB"),
        ] {
            assert_eq!(short_names([name]), [short]);
        }
    }

    #[test]
    fn what_tells_machines_apart_is_kept() {
        let names = ["RTX 4090 48 GB (modified)", "RTX 4090 48 GB (used)", "GeForce RTX 5090 32 GB"];
        assert_eq!(short_names(names), [names[0], names[1], "RTX 5090 32 GB"]);
    }

    proptest! {
        #[test]
        fn different_names_stay_different(names in proptest::collection::hash_set("[AB ()]{0,6}", 0..12)) {
            let names: Vec<String> = names.into_iter().collect();
            let short = short_names(names.iter().map(String::as_str));
            for (index, name) in short.iter().enumerate() {
                prop_assert!(!short[index + 1..].contains(name), "{names:?} {short:?}");
            }
        }
    }
}
