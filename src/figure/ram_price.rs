//! Price against memory for each product line: what its maker asks for a GB more.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    Axis, Course, Facts, Figure, FigureOptions, Hue, LegendEntry, Line, Maker, Mark, MarkKind, Name,
    Quantity, Scale, Spacing, Stroke, Symbol,
    notes::{self, Quoted},
    tips,
};
use crate::{
    catalog::Machine,
    compare::{Price, Row, Standing},
    units,
};

/// Machines that differ in memory alone.
struct Product<'a> {
    name: String,
    hue: Hue,
    /// By memory, in GB as sold.
    sizes: Vec<Size<'a>>,
}

/// One size that a product is sold in.
struct Size<'a> {
    memory: f64,
    price: &'a Price,
    row: &'a Row,
    machine: &'a Machine,
}

/// Price against memory, a line for each product that is sold with several sizes.
#[must_use]
pub fn ram_price(facts: &Facts, options: &FigureOptions) -> Figure {
    let products = products(facts);
    if products.is_empty() {
        return Figure::saying(
            Name::RamPrice,
            "No product that is shown is sold with several sizes of memory",
        );
    }
    let shown = options.axes.y(Name::RamPrice);
    let currency = facts.scenario.money.currency.code();
    let value = |size: &Size| shown.of_machine(size.row, size.machine).unwrap_or(size.price.amount);
    let sizes = || products.iter().flat_map(|product| &product.sizes);
    let x_scale = match options.axes.x_scale {
        None | Some(Spacing::Log) => Scale::PowersOfTwo,
        Some(Spacing::Linear) => Scale::LinearBinary,
    };
    let y_scale = match options.axes.y_scale {
        None | Some(Spacing::Log) => Scale::Log,
        Some(Spacing::Linear) => Scale::Linear,
    };
    let x = Axis::fitting("Memory in GB, as sold", x_scale, sizes().map(|size| size.memory)).with_unit("GB");
    let y = Axis::fitting(shown.label(facts.scenario), y_scale, sizes().map(value))
        .with_unit(shown.unit(facts.scenario))
        .with_sign(shown.sign(facts.scenario));
    let mut figure = Figure::new(Name::RamPrice, x, y);
    match shown {
        Quantity::PricePerGb => "What does a GB cost in the whole machine?",
        _ => "What does a GB more cost?",
    }
    .clone_into(&mut figure.title);
    figure.subtitle =
        format!("Products sold with several sizes of memory, prices up to {}", facts.scenario.money.as_of);
    for product in &products {
        let prices: Vec<(f64, f64)> =
            product.sizes.iter().map(|size| (size.memory, size.price.amount)).collect();
        figure.lines.push(Line {
            id: None,
            course: Course::Points(product.sizes.iter().map(|size| (size.memory, value(size))).collect()),
            stroke: Stroke::Thin,
            hue: product.hue,
            label: slope(&prices)
                .map(|slope| format!("{}: {} {currency}/GB", product.name, units::significant(slope))),
            end: None,
            pinned: false,
            tip: None,
        });
        let marks =
            product.sizes.iter().map(|size| mark(facts, options.pinned, product.hue, size, value(size)));
        figure.marks.extend(marks);
    }
    if let Some(market) = facts.catalog.memory_price(facts.scenario.money.as_of) {
        let for_a_gb = facts.scenario.money.convert(market.amount, market.currency) / market.memory_gib;
        let course = match shown {
            Quantity::PricePerGb => Course::Level(for_a_gb),
            _ => Course::Points(
                [figure.x.low, figure.x.high].map(|memory| (memory, memory * for_a_gb)).to_vec(),
            ),
        };
        let label = format!("{} alone: {} {currency}/GB", market.name, units::significant(for_a_gb));
        figure.lines.push(Line {
            id: None,
            course,
            stroke: Stroke::Dashed,
            hue: Hue::Ink,
            label: Some(label),
            end: None,
            pinned: false,
            tip: None,
        });
        figure.notes.push(format!(
            "Memory by itself: {}, {} GB, {} {} on {}.",
            market.name,
            units::thousands(market.memory_gib),
            units::thousands(market.amount),
            market.currency.code(),
            market.date
        ));
    }
    for maker in Maker::ALL {
        let hue = Hue::Maker(maker);
        let count = figure.marks.iter().filter(|mark| mark.hue == hue).count();
        if count > 0 {
            let symbol = Symbol::Mark(hue, MarkKind::Filled);
            figure.legend.push(LegendEntry { symbol, text: maker.name().to_owned(), count: Some(count) });
        }
    }
    let mut quoted = Quoted::default();
    quoted.extend(sizes().map(|size| size.price));
    figure.notes.push(notes::prices(facts.scenario, &quoted));
    figure.notes.push(
        "Numbers at the lines are the price of a GB more, from a product's smallest to its largest memory. Sizes can \
         differ in storage and cores as well. A GB of memory as sold is a GiB."
            .to_owned(),
    );
    figure
}

fn products<'a>(facts: &Facts<'a>) -> Vec<Product<'a>> {
    let mut products: BTreeMap<(String, u32), Product> = BTreeMap::new();
    for row in facts.comparison.rows.iter().filter(|row| row.shown && row.standing != Standing::Part) {
        let (Some(machine), Some(price)) = (facts.catalog.machines.at(row.machine), &row.price) else {
            continue;
        };
        let name = without_memory(&machine.name, machine.memory_gib);
        let hue = Hue::Maker(facts.directory.maker(row.machine));
        let product = products.entry((name.clone(), machine.devices)).or_insert_with(|| Product {
            name,
            hue,
            sizes: Vec::new(),
        });
        product.sizes.push(Size { memory: machine.memory_gib, price, row, machine });
    }
    let mut products: Vec<Product> = products.into_values().collect();
    for product in &mut products {
        product
            .sizes
            .sort_by(|a, b| a.memory.total_cmp(&b.memory).then(a.price.amount.total_cmp(&b.price.amount)));
        product.sizes.dedup_by(|a, b| a.memory.total_cmp(&b.memory).is_eq());
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

/// Money for a GB more, from the smallest memory to the largest.
fn slope(prices: &[(f64, f64)]) -> Option<f64> {
    let (&(small, cheap), &(large, dear)) = (prices.first()?, prices.last()?);
    (large > small).then(|| (dear - cheap) / (large - small))
}

fn mark(facts: &Facts, pinned: &[String], hue: Hue, size: &Size, value: f64) -> Mark {
    let Size { memory, row, machine, price } = *size;
    let chip = facts.catalog.chips.get(&machine.chip);
    let mut tip = tips::of_machine(facts.catalog, facts.scenario, row, machine, chip);
    let each = Quantity::PricePerGb.text(price.amount / memory, facts.scenario);
    tip.details.push((Quantity::PricePerGb.title(), each.into()));
    Mark {
        id: machine.id.as_str().into(),
        // The line bears the name.
        name: if pinned.contains(&machine.id) { machine.name.as_str().into() } else { Arc::default() },
        full_name: machine.name.as_str().into(),
        quant: None,
        x: memory,
        y: value,
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
        tip,
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
    fn slopes_are_money_for_a_gb_more() {
        assert_eq!(slope(&[(32.0, 1000.0), (64.0, 1400.0), (128.0, 2200.0)]), Some(12.5));
        assert_eq!(slope(&[(32.0, 1000.0), (32.0, 1400.0)]), None);
    }
}
