//! Every kind of diagnostic, word for word.

mod fields;
mod files;
mod names;
mod truth;

use rigwise::catalog::load::{Source, from_sources};

/// What is reported about a file.
fn file(text: &str) -> String {
    let source = Source { name: "my.ron".to_owned(), text: text.to_owned() };
    let reports = from_sources(&[source]).diagnostics;
    reports.iter().fold(String::new(), |text, report| format!("{text}\n{report}"))
}

/// What is reported about a machine whose remaining fields stand on the third line.
fn machine(fields: &str) -> String {
    file(&format!(
        r#"(schema: 1, chips: [(id: "c", name: "C", maker: "X", family: "x", kind: unified),
            (id: "sized", name: "S", maker: "X", family: "x", kind: gpu, memory_gib: 24)], machines: [(id: "b", name: "B",
{fields}
)])"#
    ))
}

/// What is reported about a chip whose remaining fields stand on the second line.
fn chip(fields: &str) -> String {
    file(&format!(
        r#"(schema: 1, chips: [(id: "c", name: "C", maker: "X", family: "x", kind: unified,
{fields}
)])"#
    ))
}

/// What is reported about a model, some of whose fields stand on the second line.
fn model(fields: &str) -> String {
    let defaults = [
        ("max_context", "max_context: 10,"),
        ("layers", "layers: 1,"),
        ("params", "params: (attention: 10),"),
        ("attention", "attention: [],"),
    ];
    let rest: String = defaults
        .iter()
        .filter(|(name, _)| !fields.starts_with(&format!("{name}:")))
        .map(|(_, field)| *field)
        .collect();
    file(&format!(
        r#"(schema: 1, models: [(id: "m", name: "M", family: "x", hidden_size: 8, vocab_size: 8, {rest}
{fields}
)])"#
    ))
}

#[track_caller]
fn check(found: impl AsRef<str>, expected: &str) {
    assert_eq!(found.as_ref(), expected);
}
