//! Models on one machine: every quantization that fits.

use std::collections::BTreeMap;

use rigwise::{
    export,
    figure::{Course, Figure, Mark, MarkKind, Name},
    scenario::Scenario,
};

use crate::{draw, support::sample};

/// The marks of each model in the figure's order.
fn by_model(figure: &Figure) -> BTreeMap<&str, Vec<&Mark>> {
    let mut models: BTreeMap<&str, Vec<&Mark>> = BTreeMap::new();
    for mark in &figure.marks {
        models.entry(&mark.id).or_default().push(mark);
    }
    models
}

#[test]
fn every_mark_fits_and_a_larger_quantization_needs_more() {
    let catalog = sample::fixed();
    let bits = |mark: &Mark| {
        let text = mark.tip.details.iter().find(|(name, _)| *name == "Quantization").unwrap().1.to_string();
        let (_, bits) = text.rsplit_once(", ").unwrap();
        bits.split(' ').next().unwrap().parse::<f64>().unwrap()
    };
    let mut fitting = 0;
    for machine in &catalog.machines {
        for context in [0, 8192, 131_072] {
            let scenario = Scenario { context, ..sample::scenario() };
            let figure = draw(Name::ModelsOnMachine, &catalog, &scenario, std::slice::from_ref(&machine.id));
            fitting += figure.marks.len();
            for (model, marks) in by_model(&figure) {
                let named = marks.iter().filter(|mark| mark.kind != MarkKind::Another);
                assert_eq!(named.count(), 1, "{model} on {}", machine.id);
                for mark in &marks {
                    assert!(mark.x <= machine.memory_gib, "{model} at {:?} on {}", mark.quant, machine.id);
                }
                for pair in marks.windows(2) {
                    assert!(pair[0].x <= pair[1].x && bits(pair[0]) <= bits(pair[1]), "{pair:?}");
                    assert!(pair[0].x < pair[1].x || bits(pair[0]) >= bits(pair[1]), "{pair:?}");
                    assert_ne!(pair[0].quant, pair[1].quant);
                }
            }
        }
    }
    assert!(fitting > 500, "{fitting}");
}

#[test]
fn what_was_asked_for_has_the_name_or_the_largest_that_is_smaller() {
    let figure =
        draw(Name::ModelsOnMachine, &sample::fixed(), &sample::scenario(), &["studio-64".to_owned()]);
    let models = by_model(&figure);
    let named = |id: &str| *models[id].iter().find(|mark| mark.kind != MarkKind::Another).unwrap();
    let asked = named("llama-3.3-70b");
    assert_eq!((asked.kind, asked.quant.as_deref()), (MarkKind::Filled, Some("Q4_K_M")));
    assert!(asked.pinned && &*asked.name == "Llama 3.3 70B");
    let smaller = named("gpt-oss-120b");
    assert_eq!((smaller.kind, &*smaller.name), (MarkKind::Smaller, "gpt-oss 120B, Q2_K"));
    let sizes = &models["llama-3.3-70b"];
    assert_eq!(sizes.iter().map(|mark| &*mark.name).collect::<Vec<_>>()[..2], ["Q2_K", "Q3_K_M"]);
    let others = figure.marks.len() - models.len();
    let counted = format!("{} models fit, in {} combinations", models.len(), figure.marks.len());
    assert!(figure.notes[0].starts_with(&counted), "{:?}", figure.notes);
    let entry = figure.legend.iter().find(|entry| entry.text == MarkKind::Another.text());
    assert_eq!(entry.unwrap().count, Some(others));
}

#[test]
fn a_curve_joins_the_marks_of_each_model() {
    let figure = draw(Name::ModelsOnMachine, &sample::fixed(), &sample::scenario(), &["ultra-96".to_owned()]);
    for (model, marks) in by_model(&figure) {
        let line = figure.lines.iter().find(|line| line.id.as_deref() == Some(model)).unwrap();
        let points: Vec<(f64, f64)> = marks.iter().map(|mark| (mark.x, mark.y)).collect();
        assert_eq!(line.course, Course::Points(points), "{model}");
    }
}

#[test]
fn the_table_has_a_row_for_each_combination() {
    let figure = draw(Name::ModelsOnMachine, &sample::fixed(), &sample::scenario(), &["spark".to_owned()]);
    let csv = export::csv(&figure).unwrap();
    let mut reader = csv::Reader::from_reader(csv.as_slice());
    let at = reader.headers().unwrap().iter().position(|name| name == "quantization").unwrap();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let of_marks: Vec<_> = rows.iter().filter(|row| &row[0] == "mark").collect();
    assert_eq!(of_marks.len(), figure.marks.len());
    for (row, mark) in of_marks.into_iter().zip(&figure.marks) {
        assert_eq!((&row[1], Some(&row[at])), (&*mark.id, mark.quant.as_deref()));
        assert!((row[4].parse::<f64>().unwrap() / mark.x - 1.0).abs() < 1e-5);
    }
}
