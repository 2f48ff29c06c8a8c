//! Fields and values that cannot be read.

use super::{check, machine};

#[test]
fn fields_that_are_unknown_missing_or_double() {
    check(
        machine(r#"chip: "c", memory_gb: 8"#),
        "
my.ron:3:12: error: machine `b` has no field `memory_gb`
  help: did you mean `memory_gib`?",
    );
    check(machine(r#"chip: "c", memory_gib: 8, color: "red""#), "
my.ron:3:27: error: machine `b` has no field `color`
  help: its fields are `id`, `name`, `brand`, `chip`, `devices`, `kind`, `memory_gib`, `usable_gib`, `usable_raised_gib`, `usable_note`, `bandwidth_gb_per_s`, `host`, `link`, `pcie`, `needs`, `idle_w`, `load_w`, `sales`, `prices`, `sources` and `notes`");
    check(
        machine(r#"chip: "c""#),
        "
my.ron:2:103: error: machine `b` lacks the field `memory_gib`
  help: add `memory_gib: ...`",
    );
    check(
        machine(r#"chip: "c", memory_gib: 8, memory_gib: 9"#),
        "
my.ron:3:27: error: machine `b` has the field `memory_gib` twice
  help: keep one of them",
    );
    check(
        machine(r#"chip: "c", memory_gib: 8, prices: [(amount: 3)]"#),
        "
my.ron:3:36: error: an item in `prices` of machine `b` lacks the field `currency`
  help: add `currency: ...`",
    );
    check(
        machine(r#"chip: "c", memory_gib: 8, host: (memory_gib: 3)"#),
        "
my.ron:3:33: error: `host` of machine `b` lacks the field `bandwidth_gb_per_s`
  help: add `bandwidth_gb_per_s: ...`",
    );
    check(
        machine(r#"chip: "c", memory_gib: 8, link: (nmae: "x")"#),
        "
my.ron:3:34: error: `link` of machine `b` has no field `nmae`
  help: did you mean `name`?",
    );
}

#[test]
fn values_of_the_wrong_type() {
    check(
        machine(r#"chip: "c", memory_gib: "96""#),
        r#"
my.ron:3:24: error: `memory_gib` of machine `b`: found `"96"`, expected a number
  help: write it without quotes"#,
    );
    check(
        machine(r#"chip: "c", memory_gib: lots"#),
        "
my.ron:3:24: error: `memory_gib` of machine `b`: found `lots`, expected a number",
    );
    check(
        machine(r#"chip: "c", memory_gib: ,"#),
        "
my.ron:3:24: error: `memory_gib` of machine `b`: found nothing, expected a number",
    );
    check(
        machine("chip: ryzen, memory_gib: 8"),
        r#"
my.ron:3:7: error: `chip` of machine `b`: found `ryzen`, expected text in quotes
  help: put it in quotes: `"ryzen"`"#,
    );
    check(
        machine("chip: 5090, memory_gib: 8"),
        r#"
my.ron:3:7: error: `chip` of machine `b`: found `5090`, expected text in quotes
  help: put it in quotes: `"5090"`"#,
    );
    check(
        machine(r#"chip: "c", memory_gib: 8, devices: 1.5"#),
        "
my.ron:3:36: error: `devices` of machine `b`: found `1.5`, expected a whole number",
    );
    check(
        machine(r#"chip: "c", memory_gib: 8, devices: 1e3"#),
        "
my.ron:3:36: error: `devices` of machine `b`: found `1e3`, expected a whole number
  help: write it with all its digits, without a point or an exponent",
    );
    check(
        machine(r#"chip: "c", memory_gib: 8, devices: -1"#),
        "
my.ron:3:36: error: `devices` of machine `b`: found `-1`, expected a number that is not negative",
    );
    check(
        machine(r#"chip: "c", memory_gib: 8, devices: 99999999999"#),
        "
my.ron:3:36: error: `devices` of machine `b`: found `99999999999`, expected a smaller whole number",
    );
    check(
        machine(r#"chip: "c", memory_gib: 8, devices: two"#),
        "
my.ron:3:36: error: `devices` of machine `b`: found `two`, expected a whole number",
    );
    check(
        machine(r#"chip: "c", memory_gib: 8, notes: "red""#),
        r#"
my.ron:3:34: error: `notes` of machine `b`: found `"red"`, expected a list in `[...]`
  help: a list stands in `[...]`, also where it holds one thing"#,
    );
    check(
        machine(r#"chip: "c", memory_gib: 8, notes: [red]"#),
        r#"
my.ron:3:35: error: an item in `notes` of machine `b`: found `red`, expected text in quotes
  help: put it in quotes: `"red"`"#,
    );
    check(
        machine(r#"chip: "c", memory_gib: 8, host: 3"#),
        "
my.ron:3:33: error: `host` of machine `b`: found `3`, expected fields in `(...)`",
    );
    check(
        machine(r#"chip: "c", memory_gib: 8, host: Some(3)"#),
        "
my.ron:3:38: error: `host` of machine `b`: found `3`, expected fields in `(...)`",
    );
    check(
        machine(r#"chip: "c", memory_gib: 8, host: cheap"#),
        "
my.ron:3:33: error: `host` of machine `b`: found `cheap`, expected fields in `(...)`",
    );
    check(
        machine(r#"chip: "c", memory_gib: 8, brand: true"#),
        r#"
my.ron:3:34: error: `brand` of machine `b`: found `true`, expected text in quotes
  help: put it in quotes: `"true"`"#,
    );
}

#[test]
fn words_that_are_none_of_the_possible() {
    check(machine(r#"chip: "c", memory_gib: 8, kind: minipc"#), "
my.ron:3:33: error: `kind` of machine `b`: found `minipc`, expected `desktop`, `mini_pc`, `laptop`, `card`, `several_cards`, `server` or `board`
  help: did you mean `mini_pc`?");
    check(
        machine(r#"chip: "c", memory_gib: 8, kind: mini-pc"#),
        "
my.ron:3:33: error: `kind` of machine `b`: found `mini-pc`, expected one word without quotes
  help: such words have `_` for `-`: `mini_pc`",
    );
    check(
        machine(r#"chip: "c", memory_gib: 8, kind: "mini_pc""#),
        r#"
my.ron:3:33: error: `kind` of machine `b`: found `"mini_pc"`, expected one word without quotes
  help: write it without quotes"#,
    );
    check(
        machine(r#"chip: "c", memory_gib: 8, kind: 3"#),
        "
my.ron:3:33: error: `kind` of machine `b`: found `3`, expected one word without quotes",
    );
    check(
        machine(r#"chip: "c", memory_gib: 8, kind: ,"#),
        "
my.ron:3:33: error: `kind` of machine `b`: found nothing, expected one word",
    );
    check(machine(r#"chip: "c", memory_gib: 8, needs: everything"#), "
my.ron:3:34: error: `needs` of machine `b`: found `everything`, expected `nothing`, `host_pc`, `server` or `carrier`");
    check(
        machine(r#"chip: "c", memory_gib: 8, prices: [(amount: 3, currency: GBP)]"#),
        "
my.ron:3:58: error: `currency` in `prices` of machine `b`: found `GBP`, expected `USD` or `EUR`",
    );
}

#[test]
fn slips_in_the_notation() {
    check(
        machine(r#"chip: "c", memory_gib: 96 GB"#),
        "
my.ron:3:27: error: `memory_gib` of machine `b`: found `GB`, expected `,` or `)`
  help: leave the unit out: the field's name states it",
    );
    check(
        machine(r#"chip: "c", memory_gib: 96GB"#),
        "
my.ron:3:24: error: `memory_gib` of machine `b`: found `96GB`, expected a number
  help: leave the unit out: the field's name states it",
    );
    check(
        machine(r#"chip: "c", memory_gib: 96,5"#),
        "
my.ron:3:27: error: machine `b`: found `5`, expected the name of a field
  help: write a point in numbers: `96.5`",
    );
    check(
        machine(r#"chip: "c", memory_gib = 8"#),
        "
my.ron:3:23: error: machine `b`: found `=`, expected `:` after the field's name
  help: write `name: value`",
    );
    check(
        machine(r#""chip": "c", memory_gib: 8"#),
        r#"
my.ron:3:1: error: machine `b`: found `"chip"`, expected the name of a field
  help: names of fields stand without quotes"#,
    );
    check(
        machine(r#"chip: "c" memory_gib: 8"#),
        "
my.ron:3:11: error: `chip` of machine `b`: found `memory_gib`, expected `,` or `)`
  help: write a `,` before it, as between all fields",
    );
    check(
        machine(r#"chip: "c", memory_gib: 8, notes: ["a" "b"]"#),
        r#"
my.ron:3:39: error: an item in `notes` of machine `b`: found `"b"`, expected `,` or `]`"#,
    );
    check(
        machine(r#"chip: "c", memory_gib: 8, notes: ["C:\dir"]"#),
        r"
my.ron:3:38: error: an item in `notes` of machine `b`: `\d` stands for no character
  help: write `\\` for a backslash",
    );
    check(
        machine("chip: \"c\", memory_gib: 8, \u{a0}kind: desktop"),
        "
my.ron:3:27: error: machine `b`: found the character U+00A0, expected the name of a field
  help: this looks like a space and is none: write an ordinary one",
    );
    check(
        machine(r#"chip: "c", memory_gib: 8, @"#),
        "
my.ron:3:27: error: machine `b`: found `@`, expected the name of a field",
    );
    check(
        machine(r#"chip: "c", memory_gib: 8, brand: 'x'"#),
        "
my.ron:3:34: error: `brand` of machine `b`: found `'x'`, expected text in quotes",
    );
    check(
        machine(r#"chip: "c", memory_gib: 8, brand: "one" two""#),
        r#"
my.ron:3:43: error: the closing quote of this text is missing
  help: write a `"` at its end"#,
    );
}

#[test]
fn dates() {
    check(
        machine(
            r#"chip: "c", memory_gib: 8, prices: [(amount: 9, currency: EUR, date: "2026-13", kind: used, covers: machine, tax: included, source: "x")]"#,
        ),
        "
my.ron:3:69: error: `date` in `prices` of machine `b`: `2026-13` is not a date
  help: write it as 2026-09-22, 2026-09 or 2026",
    );
    check(
        machine(
            r#"chip: "c", memory_gib: 8, prices: [(amount: 9, currency: EUR, date: 2026-10, kind: used, covers: machine, tax: included, source: "x")]"#,
        ),
        r#"
my.ron:3:69: error: `date` in `prices` of machine `b`: found `2026-10`, expected text in quotes
  help: put it in quotes: `"2026-10"`"#,
    );
}
