//! No text, however broken, makes loading panic or hang.

use proptest::prelude::*;

use super::super::embedded;
use super::{Source, from_sources};

/// Loads a text and checks that what is reported lies inside it.
fn survive(text: &str) {
    let loaded = from_sources(&[Source { name: "x".to_owned(), text: text.to_owned() }]);
    let lines = text.matches('\n').count() + 1;
    for diagnostic in &loaded.diagnostics {
        assert!(diagnostic.line <= lines, "{diagnostic}");
        let line = text.split('\n').nth(diagnostic.line.saturating_sub(1)).unwrap_or_default();
        assert!(diagnostic.column <= line.chars().count() + 1, "{diagnostic}");
        assert!(!diagnostic.sentence().is_empty());
    }
}

/// What presets are made of.
const TOKENS: &[&str] = &[
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    ":",
    "\"",
    "'",
    "\\",
    "#",
    "!",
    "r#\"",
    "\"#",
    "b\"",
    "//",
    "/*",
    "*/",
    "\n",
    " ",
    "schema",
    "1",
    "chips",
    "machines",
    "quants",
    "exchange_rates",
    "id",
    "name",
    "\"a\"",
    "prices",
    "Some",
    "None",
    "-1",
    "1e400",
    "0x",
    "NaN",
    "\u{feff}",
    "\u{85}",
    "é",
    "\u{10ffff}",
    "(id:",
    "machines: [",
    "true",
    "..",
    "=",
    "'\\''",
];

/// A preset file that holds a bit of everything.
fn preset() -> impl Strategy<Value = String> {
    (0..embedded::PRESETS.len(), 0..50_usize).prop_map(|(file, skip)| {
        let (_, text) = embedded::PRESETS[file];
        let lines: Vec<&str> = text.lines().skip(skip * 7).take(80).collect();
        let start = if skip == 0 { "" } else { "(schema: 1, machines: [\n" };
        format!("{start}{}", lines.join("\n"))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_survived(text in any::<String>()) {
        survive(&text);
    }

    #[test]
    fn any_tokens_are_survived(tokens in prop::collection::vec(prop::sample::select(TOKENS), 0..60)) {
        survive(&tokens.concat());
        survive(&format!("(schema: 1, machines: [(id: \"a\", {}", tokens.join(" ")));
    }

    #[test]
    fn any_edit_of_a_preset_is_survived(
        text in preset(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), 0..40_usize, prop::sample::select(TOKENS)), 1..5),
    ) {
        let mut letters: Vec<char> = text.chars().collect();
        for (place, removed, added) in edits {
            let from = place.index(letters.len() + 1);
            let to = (from + removed).min(letters.len());
            letters.splice(from..to, added.chars());
        }
        survive(&letters.iter().collect::<String>());
    }

    #[test]
    fn any_part_of_a_preset_is_survived(text in preset(), from in any::<prop::sample::Index>()) {
        let letters: Vec<char> = text.chars().collect();
        let at = from.index(letters.len() + 1);
        survive(&letters[..at].iter().collect::<String>());
        survive(&letters[at..].iter().collect::<String>());
    }
}

#[test]
fn long_and_deep_texts_are_survived() {
    for start in ["", "(schema: 1, machines: [", "(schema: 1, machines: [\n  (id: "] {
        for part in TOKENS.iter().chain(&["(id: \"a\"", "Some(", "chips: [", "(a:", "[[("]) {
            let text = format!("{start}{}", part.repeat(100_000));
            let loaded = from_sources(&[Source { name: "x".to_owned(), text }]);
            assert!(loaded.diagnostics.len() <= 201);
        }
    }
}
