//! What a file holds besides entries.

use super::{check, file};

#[test]
fn versions_and_attributes() {
    check(
        file("(schema: 2, machines: [])"),
        "
my.ron:1:10: warning: the file is written in version 2 of the format, and this program knows versions up to 1
  help: what it understands is used; a newer Rigwise may understand more",
    );
    check(
        file("(schema: 0)"),
        "
my.ron:1:10: error: `schema`: found `0`, expected `1`",
    );
    check(
        file(r#"(schema: "1")"#),
        r#"
my.ron:1:10: error: `schema`: found `"1"`, expected `1`"#,
    );
    check(
        file("(schema: , machines: [])"),
        "
my.ron:1:2: error: `schema`: found nothing, expected `1`",
    );
    check(
        file("(schema: 1 machines: [])"),
        "
my.ron:1:12: warning: before `machines`: expected `,`",
    );
    check(file("Presets(schema: 1, chips: [])"), "");
    check(
        file(
            r#"#![enable(implicit_some, unwrap_newtypes)]
#![type = "x"]
(schema: 1)"#,
        ),
        "",
    );
    check(
        file(
            "#![enable(explicit_struct_names)]
(schema: 1)",
        ),
        "
my.ron:1:11: warning: presets do not use the extension `explicit_struct_names`
  help: leave it out",
    );
    check(
        file("#![allow(x)] (schema: 1)"),
        "
my.ron:1:4: warning: there is no attribute `allow`
  help: leave it out",
    );
    check(
        file("# (schema: 1)"),
        "
my.ron:1:1: error: an attribute: expected `#![enable(implicit_some)]`
my.ron:1:4: error: a file of presets: found `schema`, expected `(`
  help: write all of it in round brackets: `(schema: 1, machines: [...])`",
    );
}

#[test]
fn files_that_are_none() {
    check(
        file(""),
        "
my.ron:1:1: warning: the file has no presets
  help: write `(schema: 1, machines: [...])`",
    );
    check(
        file(
            " // nothing
",
        ),
        "
my.ron:2:1: warning: the file has no presets
  help: write `(schema: 1, machines: [...])`",
    );
    check(
        file("schema: 1, machines: []"),
        "
my.ron:1:1: error: a file of presets: found `schema`, expected `(`
  help: write all of it in round brackets: `(schema: 1, machines: [...])`",
    );
    check(
        file("[]"),
        "
my.ron:1:1: error: a file of presets: found `[`, expected `(`
  help: write all of it in round brackets: `(schema: 1, machines: [...])`
my.ron:1:1: warning: the file does not say which version of the format it is written in
  help: write `schema: 1` at the top",
    );
    check(
        file("("),
        "
my.ron:1:1: error: this `(` is never closed
  help: write its `)`
my.ron:1:1: warning: the file does not say which version of the format it is written in
  help: write `schema: 1` at the top",
    );
    check(
        file("()"),
        "
my.ron:1:1: warning: the file does not say which version of the format it is written in
  help: write `schema: 1` at the top",
    );
    check(
        file("(schema: 1, machine: [])"),
        "
my.ron:1:13: error: a file of presets has no list `machine`
  help: did you mean `machines`?",
    );
    check(file("(schema: 1, colors: [(a: 1)], machines: [1])"), "
my.ron:1:13: error: a file of presets has no list `colors`
  help: the lists are `chips`, `machines`, `models`, `tensor_types`, `quants`, `kv_types`, `runtimes`, `calibrations`, `measurements`, `memory_prices` and `exchange_rates`
my.ron:1:42: error: the list `machines`: found `1`, expected `(`
  help: each entry stands in round brackets; is there one too many, or one missing?");
}

#[test]
fn lists_that_are_unknown_or_none() {
    check(
        file("(schema: 1, chips: (a: 1))"),
        "
my.ron:1:20: error: `chips`: found `(`, expected a list in `[...]`",
    );
    check(
        file("(schema: 1, chips [])"),
        "
my.ron:1:19: error: `chips`: found `[`, expected `:` after the name",
    );
    check(
        file("(schema: 1, chips: ([])"),
        "
my.ron:1:20: error: `chips`: found `(`, expected a list in `[...]`",
    );
    check(
        file(
            "(schema: 1, chips: [])
 more",
        ),
        "
my.ron:2:2: error: the file goes on after its closing `)`: found `more`, expected its end
  help: is there a bracket too many before?",
    );
    check(
        file(r#"{"schema": 1, "machines": []}"#),
        "
my.ron:1:1: error: a file of presets: found `{`, expected `(`
  help: write all of it in round brackets: `(schema: 1, machines: [...])`
my.ron:1:2: warning: the name `schema` stands in quotes
  help: write `schema: ...`
my.ron:1:15: warning: the name `machines` stands in quotes
  help: write `machines: ...`",
    );
    check(
        file(r#"(schema: 1, chips: [5, "x", y(1)])"#),
        "
my.ron:1:21: error: the list `chips`: found `5`, expected `(`
  help: each entry stands in round brackets; is there one too many, or one missing?
my.ron:1:29: error: a chip: found `y`, expected fields in `(...)`
  help: leave the name before the bracket out",
    );
    check(
        file("(schema: 1, ?)"),
        "
my.ron:1:13: error: the file: found `?`, expected the name of a list, such as `machines`",
    );
}
