//! What the model takes of each machine's memory: weights, cache and buffers against what may be used.

use super::{
    Axis, Bar, Facts, Figure, Hue, LegendEntry, Name, Scale, Segment, Symbol,
    followed::{NOBODY, followed},
    notes, tips,
};
use crate::{
    estimate::{MemoryNeed, Placement},
    units::{self, GIB},
};

/// As many rows as can be read.
const MOST: usize = 14;

const PARTS: [(&str, Hue); 3] =
    [("weights", Hue::Accent(0)), ("cache", Hue::Accent(1)), ("buffers and runtime", Hue::Accent(7))];

/// Memory needed and usable, a bar for each pinned machine.
#[must_use]
pub fn memory(facts: &Facts, pinned: &[String]) -> Figure {
    let (machines, note) = followed(facts, pinned, MOST);
    if machines.is_empty() {
        return Figure::saying(Name::Memory, NOBODY);
    }
    let mut names = Vec::new();
    let mut bars = Vec::new();
    let mut without = Vec::new();
    for followed in &machines {
        let Ok(estimate) = &followed.row.estimate else {
            without.push(followed.machine.name.clone());
            continue;
        };
        let need = &estimate.memory;
        let fits = estimate.placement == Placement::Fits;
        bars.push(Bar {
            id: followed.machine.id.clone(),
            row: names.len(),
            segments: segments(need),
            limit: Some(need.usable_bytes / GIB),
            label: label(need),
            faded: !fits,
            pinned: false,
            tip: tips::of_machine(
                facts.catalog,
                facts.scenario,
                followed.row,
                followed.machine,
                followed.chip,
            ),
        });
        names.push(followed.short_name.clone());
    }
    if bars.is_empty() {
        return Figure::saying(Name::Memory, "There is no estimate for any of the pinned machines");
    }
    let ends = bars.iter().flat_map(|bar| [bar.limit.unwrap_or(0.0), sum(bar)]);
    let x = Axis::fitting("Memory in GiB", Scale::Linear, ends.chain([0.0])).with_unit("GiB");
    let mut figure = Figure::new(Name::Memory, x, Axis::rows("", names));
    "Does it fit, and how much memory is left?".clone_into(&mut figure.title);
    figure.subtitle = notes::scenario_line(facts.scenario, facts.comparison);
    figure.bars = bars;
    figure.legend = PARTS
        .map(|(name, hue)| LegendEntry { symbol: Symbol::Fill(hue), text: name.to_owned(), count: None })
        .to_vec();
    figure.legend.push(LegendEntry { symbol: Symbol::Limit, text: "usable memory".to_owned(), count: None });
    figure.notes.extend(note);
    if !without.is_empty() {
        figure.notes.push(format!("No estimate: {}.", without.join(", ")));
    }
    figure.notes.push(notes::memory(facts.scenario).to_owned());
    figure
}

fn segments(need: &MemoryNeed) -> Vec<Segment> {
    let values = [need.weights_bytes, need.cache_bytes, need.buffers_bytes];
    let parts = PARTS.into_iter().zip(values);
    parts.map(|((name, hue), bytes)| Segment { name: name.to_owned(), value: bytes / GIB, hue }).collect()
}

fn sum(bar: &Bar) -> f64 {
    bar.segments.iter().map(|segment| segment.value).sum()
}

fn label(need: &MemoryNeed) -> String {
    let (needed, usable) = (need.needed_bytes(), need.usable_bytes);
    if needed <= usable {
        format!("{} of {}, {} free", gib(needed), units::gibibytes(usable), units::gibibytes(usable - needed))
    } else {
        format!(
            "{} of {}, {} too little",
            gib(needed),
            units::gibibytes(usable),
            units::gibibytes(needed - usable)
        )
    }
}

fn gib(bytes: f64) -> String {
    units::significant(bytes / GIB)
}
