//! `rigwise accuracy`: measured runs of one's own, and those built in.

use std::{collections::HashSet, fs};

use crate::{column, csv_records, folder, json_records, path, stdout, with};

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
