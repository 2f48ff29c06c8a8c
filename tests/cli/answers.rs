//! What the commands answer, as tables and for programs.

use std::collections::{HashMap, HashSet};

use crate::{DAY, column, csv_records, json_records, refusal, stdout, with};

const COLUMNS: [&str; 22] = [
    "machine_id",
    "machine",
    "maker",
    "chip_id",
    "runtime_id",
    "fit",
    "tokens_per_s",
    "tokens_per_s_low",
    "tokens_per_s_high",
    "confidence",
    "time_to_first_token_s",
    "prefill_tokens_per_s",
    "answer_tokens_per_s",
    "weights_read_bytes",
    "kv_read_bytes",
    "memory_needed_bytes",
    "memory_usable_bytes",
    "price",
    "currency",
    "price_date",
    "price_kind",
    "on_frontier",
];

#[test]
fn compare_has_a_row_for_each_machine() {
    let ask = with(&["compare", "--model", "llama-3.1-8b", "--quant", "Q4_K_M", "--context", "0"], &DAY);
    let text = stdout(&with(&ask, &["--format", "csv"]));
    let (header, records) = csv_records(&text);
    assert_eq!(header, COLUMNS);
    assert_eq!(column(&text, "machine_id"), column(&stdout(&["list", "machines", "--format", "csv"]), "id"));
    let number = |record: &HashMap<String, String>, name: &str| -> Option<f64> {
        Some(&record[name]).filter(|cell| !cell.is_empty()).map(|cell| cell.parse().unwrap())
    };
    let mut fits = HashSet::new();
    for record in &records {
        fits.insert(record["fit"].as_str());
        let Some(speed) = number(record, "tokens_per_s") else {
            assert_eq!((record["fit"].as_str(), record["on_frontier"].as_str()), ("", "false"));
            continue;
        };
        let (low, high) = (number(record, "tokens_per_s_low"), number(record, "tokens_per_s_high"));
        assert!(low.unwrap() < speed && speed < high.unwrap(), "{record:?}");
        assert!(["chip", "family", "general"].contains(&record["confidence"].as_str()), "{record:?}");
        let needed = number(record, "memory_needed_bytes").unwrap();
        assert!(needed > number(record, "weights_read_bytes").unwrap(), "{record:?}");
        let fits = needed <= number(record, "memory_usable_bytes").unwrap();
        assert_eq!(record["fit"] == "fits", fits, "{record:?}");
        assert_eq!(number(record, "kv_read_bytes"), Some(0.0));
        if number(record, "price").is_some() {
            assert_eq!(record["currency"], "USD");
        }
    }
    assert!(fits.contains("fits"));
    assert!(records.iter().any(|record| record["on_frontier"] == "true"));
    // Nothing on the frontier is beaten in both by something else on it.
    let mut frontier: Vec<(f64, f64)> = records
        .iter()
        .filter(|record| record["on_frontier"] == "true")
        .map(|record| (number(record, "price").unwrap(), number(record, "tokens_per_s").unwrap()))
        .collect();
    frontier.sort_by(|left, right| left.0.total_cmp(&right.0));
    assert!(frontier.windows(2).all(|pair| pair[0].1 < pair[1].1), "{frontier:?}");
}

#[test]
fn csv_and_json_say_the_same_and_the_same_again() {
    let ask = with(&["compare", "--model", "gpt-oss-120b", "--quant", "MXFP4"], &DAY);
    let csv_ask = with(&ask, &["--format", "csv"]);
    let text = stdout(&csv_ask);
    assert_eq!(text, stdout(&csv_ask));
    let (_, records) = csv_records(&text);
    let objects = json_records(&stdout(&with(&ask, &["--format", "json"])));
    assert_eq!(records.len(), objects.len());
    for (record, object) in records.iter().zip(&objects) {
        assert_eq!(object.keys().map(String::as_str).collect::<HashSet<_>>(), HashSet::from(COLUMNS));
        for (name, value) in object {
            let cell = &record[name];
            match value {
                serde_json::Value::Null => assert_eq!(cell, "", "{name}"),
                serde_json::Value::String(text) => assert_eq!(cell, text, "{name}"),
                serde_json::Value::Number(number) => {
                    // The reader of JSON may be off in the last digit.
                    let (left, right) = (cell.parse::<f64>().unwrap(), number.as_f64().unwrap());
                    assert!((left - right).abs() <= 1e-15 * left.abs(), "{name}: {left} {right}");
                }
                other => assert_eq!(*cell, other.to_string(), "{name}"),
            }
        }
    }
}

#[test]
fn tables_are_for_people() {
    let ask = with(&["compare", "--model", "llama-3.1-8b", "--machine", "rtx4090"], &DAY);
    let table = stdout(&ask);
    assert!(table.contains("GeForce RTX 4090 24 GB") && table.contains("8,192 tokens"), "{table}");
    let markdown = stdout(&with(&ask, &["--format", "markdown"]));
    let lines: Vec<&str> = markdown.lines().collect();
    assert_eq!(lines.len(), 3, "{markdown}");
    let bars = |line: &str| line.matches('|').count();
    assert!(lines[1].starts_with("| ---") && lines.iter().all(|line| bars(line) == bars(lines[0])));
}

#[test]
fn explain_takes_an_estimate_apart() {
    let ask = with(&["--model", "llama-3.1-8b", "--machine", "rtx4090", "--context", "0"], &DAY);
    let text = stdout(&with(&["explain"], &ask));
    let json = json_records(&stdout(&with(&["compare", "--format", "json"], &ask)));
    let total = text.lines().find_map(|line| line.strip_prefix("1 / ")).unwrap();
    let ms: f64 = total.split(' ').next().unwrap().parse().unwrap();
    assert!((1e3 / ms - json[0]["tokens_per_s"].as_f64().unwrap()).abs() < 0.1, "{text}");
    let gigabytes = json[0]["weights_read_bytes"].as_f64().unwrap() / 1e9;
    assert!(text.contains(&format!("{gigabytes:.3} GB / (1,008 GB/s")), "{text}");
    let several = stdout(&["explain", "--machine", "rtx4090", "--machine", "dgx-spark", "--users", "4"]);
    assert!(several.contains("DGX Spark") && several.contains("host's memory"), "{several}");
    assert!(refusal(&["explain"]).contains("--machine"));
}

#[test]
fn options_choose_machines_prices_and_currency() {
    let ask = with(&["compare", "--format", "csv", "--machine", "rtx5090", "--machine", "rtx4090"], &DAY);
    let text = stdout(&ask);
    // In the catalog's order, not in that of the options.
    assert_eq!(column(&text, "machine_id"), ["rtx4090", "rtx5090"]);
    let euros = stdout(&with(&ask, &["--currency", "eur", "--price-kind", "used"]));
    assert_eq!(column(&euros, "currency")[0], "EUR");
    assert_eq!(column(&euros, "price_kind")[0], "used");
    let early = stdout(&["compare", "--format", "csv", "--machine", "rtx5090", "--as-of", "2020-01-01"]);
    assert_eq!(column(&early, "price"), [""]);
    let speed = |more: &[&str]| -> f64 {
        let ask = with(&ask, &["--model", "llama-3.1-8b"]);
        column(&stdout(&with(&ask, more)), "tokens_per_s")[0].parse().unwrap()
    };
    assert!(speed(&["--context", "65536"]) < speed(&["--context", "0"]));
    let small_cache = speed(&["--context", "65536", "--kv", "q8_0"]);
    assert!(speed(&["--context", "65536"]) < small_cache);
    assert!(speed(&["--users", "8"]) < speed(&[]));
}

#[test]
fn a_system_counts_where_machines_run_it() {
    let ask =
        with(&["compare", "--model", "qwen3-4b", "--machine", "rtx4090", "--machine", "dgx-spark"], &DAY);
    let speeds =
        |system: &str| column(&stdout(&with(&ask, &["--system", system, "--format", "csv"])), "tokens_per_s");
    let [linux, windows] = ["linux", "windows"].map(speeds);
    let number = |cell: &str| -> f64 { cell.parse().unwrap() };
    assert!(number(&windows[0]) < number(&linux[0]), "{windows:?} {linux:?}");
    assert_eq!(windows[1], linux[1]);
    assert!(stdout(&with(&ask, &["--system", "wsl"])).contains(" tokens, under WSL.\n"));
}

#[test]
fn lists_give_the_ids_that_other_commands_take() {
    for (what, id) in [
        ("machines", "dgx-spark"),
        ("chips", "gb10"),
        ("models", "llama-3.1-8b"),
        ("quants", "Q4_K_M"),
        ("kv-types", "q8_0"),
        ("runtimes", "llama.cpp-cuda"),
    ] {
        let text = stdout(&["list", what, "--format", "csv"]);
        let ids = column(&text, "id");
        assert!(ids.contains(&id.to_owned()), "{what}: {ids:?}");
        let objects = json_records(&stdout(&["list", what, "--format", "json"]));
        let names: Vec<&str> = objects.iter().filter_map(|object| object["id"].as_str()).collect();
        assert_eq!(names, ids);
        let table = stdout(&["list", what]);
        assert_eq!(table.lines().count(), ids.len() + 2);
    }
}
