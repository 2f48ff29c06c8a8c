//! What is loaded, and what a mistake costs.

use super::*;

fn texts(loaded: &Loaded) -> Vec<String> {
    loaded.diagnostics.iter().map(ToString::to_string).collect()
}

fn source(name: &str, text: &str) -> Source {
    Source { name: name.to_owned(), text: text.to_owned() }
}

#[test]
fn the_built_in_presets_have_nothing_wrong() {
    let loaded = embedded();
    assert_eq!(texts(&loaded), [""; 0]);
    assert!(loaded.catalog.machines.len() > 100);
    assert!(loaded.catalog.models.len() > 100);
}

#[test]
fn a_machine_takes_five_lines() {
    let text = r#"(schema: 1, machines: [(
        id: "my-box", name: "My box", chip: "ryzen-ai-max-395", memory_gib: 96,
        prices: [(amount: 1800, currency: EUR, date: "2026-11-01", kind: used, covers: machine,
            tax: included, source: "receipt")],
    )])"#;
    let loaded = with_sources(&[source("my.ron", text)]);
    assert_eq!(texts(&loaded), [""; 0]);
    let machine = loaded.catalog.machines.get("my-box").unwrap();
    assert_eq!((machine.devices, machine.prices.len()), (1, 1));
}

#[test]
fn a_machine_may_bring_its_chip_in_any_order() {
    let machine = r#"machines: [(id: "m", name: "M", chip: "c", memory_gib: 8)]"#;
    let chip = r#"chips: [(id: "c", name: "C", maker: "X", family: "x", kind: unified)]"#;
    for text in [format!("(schema: 1, {machine}, {chip})"), format!("(schema: 1, {chip}, {machine})")] {
        let loaded = from_sources(&[source("my.ron", &text)]);
        assert_eq!(texts(&loaded), [""; 0]);
        assert_eq!(loaded.catalog.machines.len(), 1);
    }
}

#[test]
fn later_files_override_by_id_unless_they_are_wrong() {
    let machine = |name: &str, chip: &str, gib: i32| {
        let entry = format!(r#"(id: "m", name: "{name}", chip: "{chip}", memory_gib: {gib})"#);
        source(name, &format!("(schema: 1, machines: [{entry}])"))
    };
    let chip = r#"(schema: 1, chips: [(id: "c", name: "C", maker: "X", family: "x", kind: unified)])"#;
    let sources = [source("c", chip), machine("1", "c", 8), machine("2", "c", 16)];
    let name = |sources: &[Source]| {
        let loaded = from_sources(sources);
        (loaded.catalog.machines.get("m").unwrap().name.clone(), loaded.diagnostics.len())
    };
    assert_eq!(name(&sources), ("2".to_owned(), 0));
    assert_eq!(name(&[&sources[..], &[machine("3", "d", 16)]].concat()), ("2".to_owned(), 1));
    assert_eq!(name(&[&sources[..], &[machine("3", "c", -1)]].concat()), ("2".to_owned(), 1));
}

/// The machines and models that survive in `text`, and the first lines of what is reported.
fn survivors(text: &str) -> (Vec<String>, Vec<String>) {
    let loaded = from_sources(&[source("my.ron", text)]);
    let catalog = &loaded.catalog;
    let ids = catalog.chips.ids().chain(catalog.machines.ids()).map(str::to_owned).collect();
    let first_line = |text: String| text.lines().next().unwrap_or_default().replace("my.ron:", "");
    (ids, texts(&loaded).into_iter().map(first_line).collect())
}

const CHIP: &str = r#"(id: "c", name: "C", maker: "X", family: "x", kind: unified)"#;

/// Three machines, the second of which ends in `slip`.
fn three_machines(slip: &str) -> String {
    format!(
        r#"(
    schema: 1,
    machines: [
        (
            id: "first", name: "First", chip: "c", memory_gib: 8,
        ),
        (
            id: "second", name: "Second", chip: "c", memory_gib: 8,
            {slip}
        ),
        (
            id: "third", name: "Third", chip: "c", memory_gib: 8,
        ),
    ],
    chips: [
        {CHIP},
    ],
)
"#
    )
}

#[test]
fn a_mistake_in_an_entry_costs_that_entry() {
    for (slip, report) in [
        ("color: 3,", "9:13: error: machine `second` has no field `color`"),
        ("notes: [", "10:9: error: brackets do not match: found `)`, expected `]` for the `[` in line 9"),
        ("notes: [(],", "9:22: error: brackets do not match: found `]`, expected `)` for the `(` in line 9"),
        ("host: (", "7:9: error: this `(` is never closed"),
        ("notes: [\"a],", "9:21: error: the closing quote of this text is missing"),
        ("notes: [a\"],", "9:22: error: the closing quote of this text is missing"),
        ("brand: \"a, pcie: \"b\",", "9:31: error: the closing quote of this text is missing"),
        ("brand: r##\"a\"#,", "9:20: error: the closing quote of this text is missing"),
        ("/* note", "9:13: error: this comment has no end"),
        (
            "notes: [\"a\"]],",
            "9:25: error: brackets do not match: found `]`, expected `)` for the `(` in line 7",
        ),
        (
            "prices: [(amount: 3]),",
            "9:32: error: brackets do not match: found `]`, expected `)` for the `(` in line 9",
        ),
    ] {
        let (ids, reports) = survivors(&three_machines(slip));
        assert_eq!(ids, ["c", "first", "third"], "{slip}");
        assert_eq!(reports, [report], "{slip}");
    }
}

#[test]
fn brackets_too_many_cost_nothing_but_the_entry() {
    let (ids, reports) = survivors(&three_machines("brand: \"B\")"));
    assert_eq!(ids, ["c", "first", "second", "third"]);
    assert_eq!(reports, ["10:9: error: this `)` closes nothing"]);
    let (ids, reports) = survivors(&three_machines("brand: \"B\"), kind: laptop,"));
    assert_eq!(ids, ["c", "first", "second", "third"]);
    assert_eq!(reports, ["9:26: error: the list `machines`: found `kind`, expected `(`"]);
    let (ids, reports) = survivors(&three_machines("brand: \"B\")], kind: laptop,"));
    assert_eq!(ids, ["c", "first", "second", "third"]);
    assert_eq!(reports, ["9:27: error: the field `kind` follows the `]` that closes `machines`"]);
}

#[test]
fn brackets_in_strings_and_comments_are_no_brackets() {
    let slip = r###"brand: "]) \" (", notes: [r#"")]"#, r##"("#["##], // ([ "
            /* ) ] " /* ( */ */ pcie: "a",
            "###;
    let (ids, reports) = survivors(&three_machines(slip));
    assert_eq!(ids, ["c", "first", "second", "third"]);
    assert_eq!(reports, [""; 0]);
}

#[test]
fn lists_that_are_not_closed_end_at_the_next_one() {
    let machine = r#"(id: "m", name: "M", chip: "c", memory_gib: 8)"#;
    for (text, reports) in [
        (
            format!("(schema: 1, machines: [{machine},\nchips: [{CHIP}])"),
            vec!["1:23: error: this `[` is never closed"],
        ),
        (
            format!("(schema: 1, machines: [{machine}]],\nchips: [{CHIP}])"),
            vec!["1:71: error: the file: found `]`, expected the name of a list, such as `machines`"],
        ),
        (
            format!("(schema: 1, machines: [{machine}]),\nchips: [{CHIP}])"),
            vec!["1:72: error: the file goes on after its closing `)`: found `,`, expected its end"],
        ),
        (
            format!("(schema: 1, machines: [{machine}]\nchips: [{CHIP}])"),
            vec!["2:1: warning: before `chips`: expected `,`"],
        ),
        (
            format!("(schema: 1, machines: [], {machine}], chips: [{CHIP}])"),
            vec!["1:27: warning: an entry follows the `]` that closes `machines`"],
        ),
        (
            format!("(schema: 1, chips: [{CHIP}], machines: [{machine} {machine}"),
            vec![
                "1:1: error: this `(` is never closed",
                "1:94: error: this `[` is never closed",
                "1:142: warning: two entries of `machines` stand side by side",
                "1:147: error: `id` of machine `m`: another machine has this id",
            ],
        ),
    ] {
        let (ids, found) = survivors(&text);
        assert_eq!(found, reports, "{text}");
        assert_eq!(ids, ["c", "m"], "{text}");
    }
}

#[test]
fn entries_may_bear_names_and_files_a_byte_order_mark() {
    let text = format!("\u{feff}Presets(schema: 1, chips: [Chip{CHIP}, {CHIP}])");
    let (ids, reports) = survivors(&text);
    assert_eq!(ids, ["c"]);
    assert_eq!(reports, ["1:99: error: `id` of chip `c`: another chip has this id"]);
}

#[test]
fn an_error_never_takes_the_place_of_what_was_there() {
    let chip = source("a.ron", &format!("(schema: 1, chips: [{CHIP}])"));
    let bad = source("b.ron", r#"(schema: 1, chips: [(id: "c", name: 3)])"#);
    let loaded = from_sources(&[chip, bad]);
    assert_eq!(loaded.catalog.chips.get("c").unwrap().name, "C");
    assert_eq!(loaded.diagnostics.len(), 1);
}

#[test]
fn exchange_rates_are_sorted_and_one_for_a_date() {
    let rate = |date: &str, rate: f64| {
        let text =
            format!(r#"(schema: 1, exchange_rates: [(date: "{date}", usd_per_eur: {rate}, source: "x")])"#);
        source("x", &text)
    };
    let loaded = from_sources(&[rate("2026-09", 1.1), rate("2025", 1.2), rate("2026-09", 1.3)]);
    let rates: Vec<f64> = loaded.catalog.exchange_rates.iter().map(|rate| rate.usd_per_eur).collect();
    assert_eq!(rates, [1.2, 1.3]);
}

#[test]
fn a_flood_of_reports_is_cut_off() {
    let entries = "(name: \"C\"),\n".repeat(300);
    let loaded = from_sources(&[source("my.ron", &format!("(schema: 1, chips: [{entries}])"))]);
    assert_eq!(loaded.diagnostics.len(), 201);
    assert_eq!(loaded.diagnostics[200].to_string(), "my.ron: error: 100 more things are wrong");
    let loaded = from_sources(&[source("my.ron", &format!("(schema: 1, chips: [{}", ")".repeat(5000)))]);
    assert_eq!(loaded.diagnostics.len(), 201);
    let given_up = "too much is wrong in this file for the rest of it to be read";
    assert!(loaded.diagnostics.iter().any(|diagnostic| diagnostic.message == given_up));
}

#[test]
fn paths_are_loaded_on_top_of_what_is_built_in() {
    let folder = tempfile::tempdir().unwrap();
    let text = format!("(schema: 1, chips: [{CHIP}])");
    std::fs::write(folder.path().join("b.ron"), text.replace("\"C\"", "\"Second\"")).unwrap();
    std::fs::write(folder.path().join("a.ron"), &text).unwrap();
    let missing = folder.path().join("missing.ron");
    let loaded = with_paths(&[folder.path().to_owned(), missing.clone()]);
    assert_eq!(loaded.catalog.chips.get("c").unwrap().name, "Second");
    assert_eq!(loaded.catalog.chips.len(), embedded().catalog.chips.len() + 1);
    assert_eq!(loaded.files, [folder.path().join("a.ron"), folder.path().join("b.ron"), missing.clone()]);
    let report = format!("{}: error: there is no such file or folder", missing.display());
    assert_eq!(texts(&loaded), [report]);
}
