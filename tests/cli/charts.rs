//! `rigwise chart`: each chart, as a file of each format.

use std::{collections::HashSet, fs, path::Path};

use crate::{DAY, csv_records, folder, path, refusal, stdout, with};

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
fn models_on_a_machine_are_listed_at_each_quantization_that_fits() {
    let folder = folder();
    let file = path(&folder, "models.csv");
    let ask = with(&["chart", "models-on-machine", "--machine", "rtx5090", "--out", &file], &DAY);
    assert_eq!(stdout(&ask), "");
    let (_, records) = csv_records(&fs::read_to_string(&file).unwrap());
    let marks = || records.iter().filter(|record| record["what"] == "mark");
    let of = |model: &str| -> HashSet<String> {
        marks().filter(|record| record["id"] == model).map(|record| record["quantization"].clone()).collect()
    };
    assert!(of("llama-3.1-8b").is_superset(&["Q2_K", "Q4_K_M", "Q8_0"].map(str::to_owned).into()));
    // 70 billion parameters at 4.8 bits each are more than the card has room for.
    let large = of("llama-3.3-70b");
    assert!(large.contains("IQ2_M") && !large.contains("Q4_K_M"), "{large:?}");
    assert!(marks().all(|record| record["Memory needed in GiB"].parse::<f64>().unwrap() < 32.0));
}
