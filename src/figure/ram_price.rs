//! Price against memory for each product line: what its maker asks for a GB more.

use std::collections::BTreeMap;

use super::{
    Axis, Course, Facts, Figure, Hue, LegendEntry, Line, Maker, Mark, MarkKind, Name, Scale, Stroke, Symbol,
    notes, tips,
};
use crate::{
    catalog::Machine,
    compare::{Row, Standing},
    units,
};

/// Machines that differ in memory alone.
struct Product<'a> {
    name: String,
    hue: Hue,
    /// By memory, in GB as sold, with prices.
    sizes: Vec<(f64, f64, &'a Row, &'a Machine)>,
}

/// Price against memory, a line for each product that is sold with several sizes.
#[must_use]
pub fn ram_price(facts: &Facts, pinned: &[String]) -> Figure {
    let products = products(facts);
    if products.is_empty() {
        return Figure::saying(
            Name::RamPrice,
            "No product that is shown is sold with several sizes of memory",
        );
    }
    let currency = facts.scenario.money.currency.code();
    let sizes = || products.iter().flat_map(|product| &product.sizes);
    let x = Axis::fitting("Memory in GB, as sold", Scale::PowersOfTwo, sizes().map(|size| size.0))
        .with_unit("GB");
    let y = format!("Price in {currency}");
    let y = Axis::fitting(y, Scale::Log, sizes().map(|size| size.1)).with_unit(currency);
    let mut figure = Figure::new(Name::RamPrice, x, y);
    "What a GB more costs".clone_into(&mut figure.title);
    figure.subtitle =
        format!("Products sold with several sizes of memory, prices up to {}", facts.scenario.money.as_of);
    for product in &products {
        let points: Vec<(f64, f64)> = product.sizes.iter().map(|size| (size.0, size.1)).collect();
        let slope = slope(&points);
        figure.lines.push(Line {
            id: None,
            course: Course::Points(points),
            stroke: Stroke::Thin,
            hue: product.hue,
            label: slope
                .map(|slope| format!("{}: {} {currency}/GB", product.name, units::significant(slope))),
            end: None,
            pinned: false,
            tip: None,
        });
        figure.marks.extend(product.sizes.iter().map(|size| mark(facts, pinned, product.hue, size)));
    }
    for maker in Maker::ALL {
        let hue = Hue::Maker(maker);
        let count = figure.marks.iter().filter(|mark| mark.hue == hue).count();
        if count > 0 {
            let symbol = Symbol::Mark(hue, MarkKind::Filled);
            figure.legend.push(LegendEntry { symbol, text: maker.name().to_owned(), count: Some(count) });
        }
    }
    figure.notes.push(
        "Slopes are from a product's smallest to its largest memory. Sizes can differ in storage and cores as well."
            .to_owned(),
    );
    figure.notes.push(notes::prices(facts.scenario));
    figure
}

fn products<'a>(facts: &Facts<'a>) -> Vec<Product<'a>> {
    let machines: Vec<&Machine> = facts.catalog.machines.iter().collect();
    let mut products: BTreeMap<(String, u32), Product> = BTreeMap::new();
    for row in facts.comparison.rows.iter().filter(|row| row.shown && row.standing != Standing::Part) {
        let (Some(machine), Some(price)) = (machines.get(row.machine).copied(), &row.price) else {
            continue;
        };
        let chip = facts.catalog.chips.get(&machine.chip);
        let name = without_memory(&machine.name, machine.memory_gib);
        let hue = Hue::Maker(chip.map_or(Maker::Other, |chip| Maker::named(&chip.maker)));
        let product = products.entry((name.clone(), machine.devices)).or_insert_with(|| Product {
            name,
            hue,
            sizes: Vec::new(),
        });
        product.sizes.push((machine.memory_gib, price.amount, row, machine));
    }
    let mut products: Vec<Product> = products.into_values().collect();
    for product in &mut products {
        product.sizes.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
        product.sizes.dedup_by(|a, b| a.0.total_cmp(&b.0).is_eq());
    }
    products.retain(|product| product.sizes.len() > 1);
    products
}

/// A name without its memory: `Mac mini M4 Pro` of `Mac mini M4 Pro 64 GB`.
fn without_memory(name: &str, memory_gib: f64) -> String {
    let memory = format!(" {} GB", units::thousands(memory_gib));
    match name.find(&memory) {
        Some(at) => format!("{}{}", &name[..at], &name[at + memory.len()..]),
        None => name.to_owned(),
    }
}

/// Money for a GB, from the smallest to the largest.
fn slope(points: &[(f64, f64)]) -> Option<f64> {
    let (&(small, cheap), &(large, dear)) = (points.first()?, points.last()?);
    (large > small).then(|| (dear - cheap) / (large - small))
}

fn mark(
    facts: &Facts,
    pinned: &[String],
    hue: Hue,
    &(memory, price, row, machine): &(f64, f64, &Row, &Machine),
) -> Mark {
    let chip = facts.catalog.chips.get(&machine.chip);
    Mark {
        id: machine.id.clone(),
        // The line bears the name.
        name: if pinned.contains(&machine.id) { machine.name.clone() } else { String::new() },
        full_name: machine.name.clone(),
        x: memory,
        y: price,
        y_range: None,
        x_range: None,
        measured: Vec::new(),
        hue,
        kind: match row.standing {
            Standing::Buyable => MarkKind::Filled,
            Standing::Part => MarkKind::Part,
            Standing::Withdrawn | Standing::Announced => MarkKind::Withdrawn,
        },
        on_frontier: false,
        pinned: pinned.contains(&machine.id),
        tip: tips::of_machine(facts.catalog, facts.scenario, row, machine, chip),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_are_named_without_their_memory() {
        assert_eq!(without_memory("Mac mini M4 Pro 64 GB, 2 TB", 64.0), "Mac mini M4 Pro, 2 TB");
        assert_eq!(without_memory("Server EPYC 9005, 768 GB", 768.0), "Server EPYC 9005,");
        assert_eq!(without_memory("DGX Station GB300", 748.0), "DGX Station GB300");
    }

    #[test]
    fn slopes_are_money_for_a_gb() {
        assert_eq!(slope(&[(32.0, 1000.0), (64.0, 1400.0), (128.0, 2200.0)]), Some(12.5));
        assert_eq!(slope(&[(32.0, 1000.0), (32.0, 1400.0)]), None);
    }
}
