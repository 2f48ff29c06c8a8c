//! The built program's command line, as scripts and people use it.
#![expect(clippy::unwrap_used, reason = "what a test cannot set up or read has failed")]

use std::{
    collections::{HashMap, HashSet},
    fs,
    io::Read,
    path::Path,
    process::{Command, Output, Stdio},
};

/// A day on which all the built-in prices are known, so that results do not change with the calendar.
const DAY: [&str; 2] = ["--as-of", "2026-11-01"];

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

fn rigwise(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_rigwise")).args(arguments).output().unwrap()
}

/// What a command prints, which must end well and say nothing on standard error.
fn stdout(arguments: &[&str]) -> String {
    let output = rigwise(arguments);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && stderr.is_empty(), "{arguments:?}: {:?} {stderr}", output.status);
    String::from_utf8(output.stdout).unwrap()
}

/// What a command that must be refused says: one line on standard error, nothing on standard output.
fn refusal(arguments: &[&str]) -> String {
    let output = rigwise(arguments);
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {stderr}");
    assert!(output.stdout.is_empty(), "{arguments:?}");
    assert!(stderr.starts_with("rigwise: ") && stderr.lines().count() == 1, "{arguments:?}: {stderr}");
    stderr
}

fn with<'a>(arguments: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
    arguments.iter().chain(more).copied().collect()
}

fn csv_records(text: &str) -> (Vec<String>, Vec<HashMap<String, String>>) {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    (header, reader.deserialize().map(Result::unwrap).collect())
}

fn json_records(text: &str) -> Vec<serde_json::Map<String, serde_json::Value>> {
    serde_json::from_str(text).unwrap()
}

fn column(text: &str, name: &str) -> Vec<String> {
    csv_records(text).1.into_iter().map(|mut record| record.remove(name).unwrap()).collect()
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

fn path(folder: &tempfile::TempDir, name: &str) -> String {
    folder.path().join(name).to_str().unwrap().to_owned()
}

const OWN_MACHINE: &str = r#"(
    schema: 1,
    machines: [
        (
            id: "my-box", name: "My box", chip: "rtx-4090", kind: card, memory_gib: 24,
            prices: [(amount: 1234, currency: USD, date: "2026-10-01", kind: street, covers: machine,
                tax: excluded, source: "my receipt")],
        ),
    ],
)
"#;

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
fn own_presets_add_to_the_built_in_ones() {
    let folder = folder();
    let file = path(&folder, "own.ron");
    fs::write(&file, OWN_MACHINE).unwrap();
    let ask = with(&["compare", "--model", "llama-3.1-8b", "--format", "csv", "--machine", "my-box"], &DAY);
    assert!(refusal(&ask).contains("there is no machine `my-box`"));
    for presets in [file.as_str(), folder.path().to_str().unwrap()] {
        let text = stdout(&with(&ask, &["--presets", presets]));
        assert_eq!(
            (column(&text, "price"), column(&text, "fit")),
            (vec!["1234.0".to_owned()], vec!["fits".to_owned()])
        );
    }
    let listed = stdout(&["list", "machines", "--format", "csv", "--presets", &file]);
    assert_eq!(column(&listed, "id").last().map(String::as_str), Some("my-box"));
}

#[test]
fn an_error_in_presets_is_said_and_the_rest_counts() {
    let folder = folder();
    let file = path(&folder, "own.ron");
    fs::write(&file, format!("{}\n", OWN_MACHINE.replace("memory_gib: 24", "memory_gib: \"many\""))).unwrap();
    let output = rigwise(&["list", "chips", "--format", "csv", "--presets", &file]);
    assert_eq!(output.status.code(), Some(1));
    assert!(column(&String::from_utf8(output.stdout).unwrap(), "id").contains(&"rtx-4090".to_owned()));
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.contains("own.ron:5:"), "{stderr}");
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

#[test]
fn check_says_what_is_wrong_and_where() {
    let folder = folder();
    let (good, bad) = (path(&folder, "good.ron"), path(&folder, "bad.ron"));
    fs::write(&good, OWN_MACHINE).unwrap();
    fs::write(&bad, OWN_MACHINE.replace("rtx-4090", "rtx-4900").replace("my-box", "other-box")).unwrap();
    let text = stdout(&["check", &good]);
    assert!(text.contains("1 file checked: 0 errors"), "{text}");
    let output = rigwise(&["check", &good, &bad]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.contains("bad.ron:5:") && text.contains("rtx-4090"), "{text}");
    assert!(text.contains("2 files checked: 1 error,"), "{text}");
}

#[test]
fn accuracy_predicts_the_rows_of_a_file() {
    let folder = folder();
    let file = path(&folder, "runs.csv");
    let runs = "tg_tps,depth,id,chip_id,model_id,quant_id,runtime,backend,n_devices,kv_type,pp_n,pp_tps,cpu_offload,source\n\
                100,0,a,rtx-4090,llama-3.1-8b,Q4_K_M,llama.cpp,CUDA,1,f16,512,5000,,x\n\
                100,0,b,no-such-chip,llama-3.1-8b,Q4_K_M,llama.cpp,CUDA,1,f16,512,5000,,x\n\
                100,deep,c,rtx-4090,llama-3.1-8b,Q4_K_M,llama.cpp,CUDA,1,f16,512,5000,,x\n\
                ,,d,rtx-4090,llama-3.1-8b,Q4_K_M,,,,,,,,\n";
    fs::write(&file, runs).unwrap();
    let ask = ["accuracy", "--measurements", &file, "--format"];
    let text = stdout(&with(&ask, &["csv"]));
    let (header, records) = csv_records(&text);
    let columns = [
        "id",
        "tg_predicted",
        "tg_low",
        "tg_high",
        "tg_measured",
        "tg_error",
        "pp_predicted",
        "pp_measured",
        "pp_error",
        "reason",
    ];
    assert_eq!(header, columns);
    assert_eq!(column(&text, "id"), ["a", "b", "c", "d"]);
    let number = |row: usize, name: &str| records[row][name].parse::<f64>().ok();
    let error = number(0, "tg_predicted").unwrap() / 100.0 - 1.0;
    assert!((number(0, "tg_error").unwrap() - error).abs() < 1e-12);
    assert!(number(0, "tg_low") < number(0, "tg_predicted"));
    assert!(number(0, "pp_predicted").is_some() && records[0]["reason"].is_empty());
    assert!(records[1]["reason"].contains("no-such-chip") && number(1, "tg_predicted").is_none());
    assert!(records[2]["reason"].contains("depth") && number(2, "tg_predicted").is_none());
    assert_eq!(number(2, "tg_measured"), Some(100.0));
    assert!(number(3, "tg_predicted").is_some() && number(3, "tg_error").is_none());
    let objects = json_records(&stdout(&with(&ask, &["json"])));
    assert_eq!(objects[0]["tg_predicted"].as_f64().is_some(), number(0, "tg_predicted").is_some());
    assert!(objects[3]["tg_error"].is_null());
    let table = stdout(&["accuracy", "--measurements", &file]);
    assert!(table.contains("Median error") && table.contains("4 runs."), "{table}");
}

#[test]
fn accuracy_without_a_file_takes_the_built_in_measurements() {
    let text = stdout(&["accuracy", "--format", "csv"]);
    let (_, records) = csv_records(&text);
    assert!(records.len() > 1000);
    let predicted = records.iter().filter(|record| !record["tg_predicted"].is_empty()).count();
    assert!(predicted * 10 > records.len() * 8, "{predicted} of {}", records.len());
    let ids: HashSet<&String> = records.iter().map(|record| &record["id"]).collect();
    assert_eq!(ids.len(), records.len());
}

#[test]
fn charts_are_files_of_their_format() {
    let folder = folder();
    let chart = |name: &str, more: &[&str]| {
        let file = path(&folder, name);
        let ask = with(&["chart", "price-speed", "--model", "llama-3.1-8b", "--out", &file], &DAY);
        assert_eq!(stdout(&with(&ask, more)), "");
        fs::read(&file).unwrap()
    };
    let svg = String::from_utf8(chart("chart.svg", &["--width", "900", "--height", "600"])).unwrap();
    assert!(svg.starts_with("<svg") || svg.starts_with("<?xml"), "{}", &svg[..80]);
    assert!(svg.contains("GeForce RTX 4090") || svg.contains("RTX 4090"));
    assert_eq!(svg, String::from_utf8(chart("again.svg", &["--width", "900", "--height", "600"])).unwrap());
    let png = chart("chart.PNG", &["--width", "640", "--height", "480", "--scale", "1.5"]);
    let picture = image::load_from_memory(&png).unwrap();
    assert_eq!((picture.width(), picture.height()), (960, 720));
    assert!(chart("chart.pdf", &[]).starts_with(b"%PDF-"));
    let rows = String::from_utf8(chart("chart.csv", &["--machine", "rtx5090"])).unwrap();
    assert!(rows.contains("RTX 5090") && !rows.contains("RTX 4090"), "{rows}");
}

#[test]
fn every_chart_can_be_drawn() {
    let folder = folder();
    let names =
        ["price-speed", "speed-context", "memory", "cost", "ram-price", "models-on-machine", "accuracy"];
    for name in names {
        let file = path(&folder, &format!("{name}.svg"));
        let more = ["--machine", "rtx5090", "--machine", "rtx4090"];
        // The price of memory needs products with several sizes.
        let more = if name == "ram-price" { &[][..] } else { &more };
        let ask = with(&["chart", name, "--model", "llama-3.1-8b", "--out", &file], &DAY);
        assert_eq!(stdout(&with(&ask, more)), "");
        let svg = fs::read_to_string(&file).unwrap();
        assert!(svg.contains("<text") && svg.len() > 5000, "{name}");
    }
    let nothing = path(&folder, "nothing.svg");
    let words = refusal(&["chart", "ram-price", "--machine", "rtx5090", "--out", &nothing]);
    assert!(words.contains("nothing to draw") && !Path::new(&nothing).exists(), "{words}");
}

#[test]
fn the_axes_of_a_chart_can_be_chosen() {
    let folder = folder();
    let file = path(&folder, "chart.svg");
    let chart = |name: &str, more: &[&str]| {
        let ask = with(&["chart", name, "--model", "llama-3.1-8b", "--out", &file], &DAY);
        assert_eq!(stdout(&with(&ask, more)), "");
        fs::read_to_string(&file).unwrap()
    };
    let waiting = chart("price-speed", &["--x", "watts", "--y", "first-token", "--x-scale", "linear"]);
    assert!(waiting.contains("Power under load in W") && waiting.contains("Time to first token in seconds"));
    let budget = chart("price-speed", &["--budget", "2500"]);
    assert!(budget.contains("budget 2,500 USD"));
    let each = chart("cost", &["--x", "cost-per-million", "--api-price", "0.4", "--machine", "rtx5090"]);
    assert!(each.contains("an API asks 0.40 USD"));
    let refused = |name: &str, more: &[&str]| {
        refusal(&with(&["chart", name, "--out", &path(&folder, "refused.svg")], more))
    };
    assert!(refused("price-speed", &["--x", "decode"]).contains("price, price-per-gib, watts"));
    assert!(refused("memory", &["--y", "decode"]).contains("leave the choice out"));
    assert!(refused("cost", &["--x-scale", "log"]).contains("--x-scale"));
    assert!(refused("price-speed", &["--budget", "-3"]).contains("above zero"));
    assert!(!Path::new(&path(&folder, "refused.svg")).exists());
}

#[test]
fn a_chart_that_cannot_be_written_leaves_nothing() {
    let folder = folder();
    let chart = |out: &str, more: &[&str]| refusal(&with(&["chart", "price-speed", "--out", out], more));
    assert!(chart(&path(&folder, "chart.doc"), &[]).contains(".svg"));
    assert!(chart(&path(&folder, "no-such-folder/chart.svg"), &[]).contains("no-such-folder"));
    assert!(chart(&path(&folder, "chart.svg"), &["--width", "0"]).contains("200 to 10,000"));
    assert!(chart(&path(&folder, "chart.png"), &["--width", "NaN"]).contains("200 to 10,000"));
    assert!(chart(&path(&folder, "chart.png"), &["--scale", "1000"]).contains("100 million"));
    assert!(chart(&path(&folder, "chart.png"), &["--scale", "0"]).contains("pixels"));
    assert!(chart(&path(&folder, "chart.svg"), &["--model", "x"]).contains("no model"));
    assert!(refusal(&["chart", "pie", "--out", "pie.svg"]).contains("price-speed"));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    // What was there stays.
    let kept = path(&folder, "kept.svg");
    fs::create_dir(&kept).unwrap();
    fs::write(Path::new(&kept).join("inside"), "x").unwrap();
    assert!(chart(&kept, &[]).contains("kept.svg"));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn bad_options_are_refused_in_one_sentence() {
    for (arguments, words) in [
        (
            vec!["compare", "--model", "lama-3.1-8b"],
            vec!["no model `lama-3.1-8b`", "`llama-3.1-8b`", "rigwise list models"],
        ),
        (vec!["compare", "--quant", "Q4_K_N"], vec!["no quantization `Q4_K_N`", "Q4_K_M"]),
        (vec!["compare", "--kv", "f17"], vec!["no cache type `f17`", "f16"]),
        (vec!["compare", "--runtime", "llama.cpp-cudo"], vec!["no runtime", "llama.cpp-cuda"]),
        (vec!["compare", "--machine", "rtx-4090"], vec!["no machine `rtx-4090`", "rtx4090"]),
        (vec!["compare", "--context", "-1"], vec!["--context", "-1"]),
        (vec!["compare", "--context", "4000000000"], vec!["context", "100,000,000"]),
        (vec!["compare", "--users", "0"], vec!["users", "0"]),
        (vec!["compare", "--as-of", "yesterday"], vec!["--as-of", "2026-09-22"]),
        (vec!["compare", "--format", "xml"], vec!["--format", "markdown"]),
        (vec!["compare", "--modle", "x"], vec!["--modle", "--model", "rigwise compare --help"]),
        (vec!["list", "everything"], vec!["everything", "machines"]),
        (vec!["check"], vec!["PATH"]),
        (vec!["comapre"], vec!["comapre", "compare"]),
        (vec!["--bogus"], vec!["--bogus"]),
    ] {
        let text = refusal(&arguments);
        for word in words {
            assert!(text.contains(word), "{arguments:?}: {text}");
        }
    }
}

#[test]
fn unreadable_files_are_named() {
    let folder = folder();
    let missing = path(&folder, "missing.ron");
    for arguments in [
        vec!["check", missing.as_str()],
        vec!["compare", "--presets", &missing],
        vec!["list", "models", "--presets", &missing],
        vec!["accuracy", "--measurements", &missing],
        vec![missing.as_str()],
    ] {
        assert!(refusal(&arguments).contains("missing.ron"), "{arguments:?}");
    }
    let columns = path(&folder, "columns.csv");
    fs::write(&columns, "chip,model\n1,2\n").unwrap();
    assert!(refusal(&["accuracy", "--measurements", &columns]).contains("quant_id"));
}

#[test]
fn a_closed_pipe_ends_quietly() {
    for arguments in [vec!["list", "models"], vec!["compare", "--help"], vec!["accuracy", "--format", "csv"]]
    {
        let mut child = Command::new(env!("CARGO_BIN_EXE_rigwise"))
            .args(&arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let mut stderr = String::new();
        child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
        let status = child.wait().unwrap();
        assert!(status.success() && stderr.is_empty(), "{arguments:?}: {status:?} {stderr}");
    }
}

#[test]
fn help_explains_every_command() {
    let help = stdout(&["--help"]);
    for command in ["compare", "explain", "chart", "accuracy", "list", "check"] {
        assert!(help.contains(command));
        let text = stdout(&[command, "--help"]);
        assert!(text.contains("Examples:"), "{command}");
    }
    assert!(!help.contains("smoke"));
    assert_eq!(stdout(&["--version"]), format!("rigwise {}\n", env!("CARGO_PKG_VERSION")));
}

#[cfg(unix)]
#[test]
fn arguments_need_not_be_text() {
    use std::os::unix::ffi::OsStrExt;
    let bytes = std::ffi::OsStr::from_bytes(b"\xff\xfe.ron");
    for arguments in [vec![bytes], vec!["check".as_ref(), bytes], vec!["compare".as_ref(), bytes]] {
        let output = Command::new(env!("CARGO_BIN_EXE_rigwise")).args(&arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(!String::from_utf8_lossy(&output.stderr).contains("panicked"));
    }
}

#[test]
fn broken_files_do_not_make_it_panic() {
    let folder = folder();
    let file = path(&folder, "broken");
    for bytes in
        [&b""[..], b"\xff\xfe\x00\x01", b"((((((", b"(schema: 99)", b"\"", b"(machines: [(id: \"\")])"]
    {
        fs::write(&file, bytes).unwrap();
        let renamed = Path::new(&file).with_extension("ron");
        fs::copy(&file, &renamed).unwrap();
        for arguments in [
            vec!["check", renamed.to_str().unwrap()],
            vec!["compare", "--presets", renamed.to_str().unwrap()],
            vec!["accuracy", "--measurements", &file],
        ] {
            let code = rigwise(&arguments).status.code();
            assert!(matches!(code, Some(0..=2)), "{arguments:?} {bytes:?}: {code:?}");
        }
    }
}
