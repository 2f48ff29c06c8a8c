//! A small catalog and a comparison made by hand, so that tests and pictures do not change with the presets.

use std::sync::Arc;

use rigwise::{
    catalog::{Catalog, Measurement, load},
    compare::{Comparison, Filters, Standing, compare},
    estimate::{
        Confidence, DecodeTime, Estimate, Estimator, Evidence, MemoryNeed, NoEstimate, Offload, Placement,
    },
    scenario::Scenario,
    units::{GB, GIB},
};

/// Id, name, maker, memory in GiB, bandwidth in GB/s, price in USD.
type Line = (&'static str, &'static str, &'static str, f64, f64, f64);

const MACHINES: [Line; 18] = [
    ("mini-64", "Mac mini M4 Pro 64 GB", "Apple", 64.0, 273.0, 2199.0),
    ("studio-64", "Mac Studio M4 Max 64 GB", "Apple", 64.0, 546.0, 2699.0),
    ("studio-128", "Mac Studio M4 Max 128 GB", "Apple", 128.0, 546.0, 3699.0),
    ("ultra-96", "Mac Studio M3 Ultra 96 GB", "Apple", 96.0, 819.0, 3999.0),
    ("ultra-512", "Mac Studio M3 Ultra 512 GB", "Apple", 512.0, 819.0, 9499.0),
    ("air-16", "MacBook Air M4 16 GB", "Apple", 16.0, 120.0, 1199.0),
    ("spark", "DGX Spark 128 GB", "NVIDIA", 119.0, 273.0, 3999.0),
    ("rtx-3090", "GeForce RTX 3090 24 GB", "NVIDIA", 24.0, 936.0, 1750.0),
    ("rtx-5090", "GeForce RTX 5090 32 GB", "NVIDIA", 32.0, 1792.0, 3900.0),
    ("pro-6000", "RTX PRO 6000 Blackwell 96 GB", "NVIDIA", 96.0, 1792.0, 9400.0),
    ("h100", "NVIDIA H100 SXM5 80 GB (module)", "NVIDIA", 80.0, 3350.0, 25_000.0),
    ("old-48", "RTX A6000 48 GB", "NVIDIA", 48.0, 768.0, 4400.0),
    ("strix-128", "Framework Desktop 128 GB", "AMD", 128.0, 256.0, 1999.0),
    ("strix-64", "Framework Desktop 64 GB", "AMD", 64.0, 256.0, 1599.0),
    ("epyc", "Server EPYC 9005, 768 GB", "AMD", 768.0, 576.0, 14_000.0),
    ("arc-24", "Arc Pro B60 24 GB", "Intel", 24.0, 456.0, 1450.0),
    ("snapdragon", "Zenbook A16 48 GB", "Qualcomm", 48.0, 228.0, 2100.0),
    ("pi", "Raspberry Pi 5 16 GB", "Broadcom", 16.0, 17.0, 210.0),
];

/// The machines above, with the models and quantizations of the presets.
pub fn catalog() -> Catalog {
    let mut catalog = load::embedded().catalog;
    let mut text = String::from("(schema: 1, chips: [");
    for (id, name, maker, _, bandwidth, _) in MACHINES {
        text += &format!(
            "(id: \"chip-{id}\", name: \"{name}\", maker: \"{maker}\", family: \"f\", kind: gpu, \
             bandwidth_gb_per_s: {bandwidth}, compute: (fp16_tflops: {}), sources: [\"test\"]),",
            bandwidth / 8.0
        );
    }
    text += "], machines: [";
    for (id, name, _, memory, _, price) in MACHINES {
        text += &format!(
            "(id: \"{id}\", name: \"{name}\", chip: \"chip-{id}\", memory_gib: {memory}, load_w: 200, prices: [(\
             amount: {price}, currency: USD, date: \"2026-10\", kind: street, covers: machine, tax: excluded, \
             low: {}, high: {}, source: \"test\")], sources: [\"test\"]),",
            price * 0.95,
            price * 1.1
        );
    }
    text += "])";
    let sample = load::from_sources(&[load::Source { name: "sample.ron".to_owned(), text }]);
    assert!(sample.catalog.machines.len() == MACHINES.len(), "{:?}", sample.diagnostics);
    catalog.machines = sample.catalog.machines;
    catalog.chips = sample.catalog.chips;
    catalog
}

/// The models and quantizations that [`fixed`] keeps.
const MODELS: [&str; 6] =
    ["llama-3.1-8b", "llama-3.3-70b", "gpt-oss-20b", "gpt-oss-120b", "qwen3-30b-a3b", "qwen3-32b"];
const QUANTS: [&str; 7] = ["Q8_0", "Q6_K", "Q5_K_M", "Q4_K_M", "Q3_K_M", "Q2_K", "MXFP4"];

/// Machine whose chip was measured, model, quantization, depth, prompt's and answer's tokens per second.
type Run = (&'static str, &'static str, &'static str, u32, Option<f64>, f64);

const MEASUREMENTS: [Run; 9] = [
    ("rtx-5090", "llama-3.1-8b", "Q4_K_M", 512, Some(9800.0), 201.0),
    ("rtx-3090", "llama-3.1-8b", "Q4_K_M", 512, Some(3100.0), 118.0),
    ("spark", "gpt-oss-120b", "MXFP4", 2048, Some(1900.0), 51.0),
    ("studio-64", "llama-3.3-70b", "Q4_K_M", 8192, None, 7.9),
    ("strix-64", "llama-3.3-70b", "Q4_K_M", 0, None, 5.1),
    ("snapdragon", "llama-3.1-8b", "Q8_0", 0, None, 9.0),
    ("arc-24", "gpt-oss-20b", "MXFP4", 512, Some(1200.0), 61.0),
    ("mini-64", "gpt-oss-20b", "MXFP4", 4096, Some(640.0), 46.0),
    ("pro-6000", "llama-3.3-70b", "Q8_0", 0, Some(1450.0), 19.3),
];

/// The machines above with a few models, and with constants and measurements that are no presets.
pub fn fixed() -> Catalog {
    let whole = catalog();
    let text = include_str!("../fixtures/constants.ron").to_owned();
    let constants = load::from_sources(&[load::Source { name: "constants.ron".to_owned(), text }]);
    assert!(constants.diagnostics.is_empty(), "{:?}", constants.diagnostics);
    let mut fixed = Catalog {
        machines: whole.machines,
        chips: whole.chips,
        tensor_types: whole.tensor_types,
        kv_types: whole.kv_types,
        ..constants.catalog
    };
    for (index, (chip, model, quant, depth, prefill, decode)) in MEASUREMENTS.into_iter().enumerate() {
        fixed.measurements.insert(Measurement {
            id: format!("m{index}"),
            chip: Some(format!("chip-{chip}")),
            model: Some(model.to_owned()),
            quant: quant.to_owned(),
            engine: Some("sample".to_owned()),
            backend: Some("CUDA".to_owned()),
            depth: Some(depth),
            prefill_tokens: prefill.map(|_| 512),
            prefill_tokens_per_s: prefill,
            decode_tokens: Some(128),
            decode_tokens_per_s: Some(decode),
            source: "test".to_owned(),
            outlier: chip == "snapdragon",
            ..Measurement::default()
        });
    }
    for id in MODELS {
        fixed.models.insert(whole.models.get(id).expect("a model of the presets").clone());
    }
    for id in QUANTS {
        fixed.quants.insert(whole.quants.get(id).expect("a quantization of the presets").clone());
    }
    fixed
}

/// The default scenario with a budget.
pub fn scenario() -> Scenario {
    let mut scenario = Scenario::default();
    scenario.money.budget = Some(5000.0);
    scenario
}

/// A comparison with speeds from bandwidth alone.
pub fn comparison<'a>(catalog: &'a Catalog, scenario: &Scenario) -> Comparison<'a> {
    let mut comparison =
        compare(catalog, &Estimator::new(catalog), scenario, &Filters::default()).expect("a sound scenario");
    for row in &mut comparison.rows {
        let (id, _, _, memory, bandwidth, _) = MACHINES[row.machine];
        row.estimate = if id == "pi" {
            Err(NoEstimate::NotCalibrated)
        } else {
            Ok(Arc::new(estimate(memory, bandwidth)))
        };
        row.standing = match id {
            "h100" => Standing::Part,
            "old-48" => Standing::Withdrawn,
            _ => Standing::Buyable,
        };
    }
    let mut order: Vec<usize> = (0..MACHINES.len())
        .filter(|&at| comparison.rows[at].standing == Standing::Buyable)
        .filter(|&at| comparison.rows[at].estimate.as_ref().is_ok_and(|it| it.placement == Placement::Fits))
        .collect();
    order.sort_by(|&a, &b| MACHINES[a].5.total_cmp(&MACHINES[b].5));
    let mut fastest = 0.0;
    order.retain(|&at| {
        let speed = comparison.rows[at].speed().unwrap_or(0.0);
        let better = speed > fastest;
        fastest = speed.max(fastest);
        better
    });
    for row in &mut comparison.rows {
        row.on_frontier = false;
    }
    for &at in &order {
        comparison.rows[at].on_frontier = true;
    }
    comparison.frontier = order;
    comparison
}

fn estimate(memory_gib: f64, bandwidth_gb_per_s: f64) -> Estimate {
    let need = MemoryNeed {
        weights_bytes: 42.5 * GB,
        cache_bytes: 2.7 * GB,
        buffers_bytes: 1.0 * GB,
        usable_bytes: memory_gib * 0.95 * GIB,
    };
    let over = need.needed_bytes() - need.usable_bytes;
    let time = DecodeTime { weights_ms: 42.5 / (0.75 * bandwidth_gb_per_s) * 1e3, ..DecodeTime::default() };
    let (placement, time) = if over <= 0.0 {
        (Placement::Fits, time)
    } else if memory_gib >= 24.0 {
        let time = DecodeTime { offload_ms: over / 60e6, ..time };
        (Placement::Offloads { what: Offload::Layers, bytes: over }, time)
    } else {
        let needed_bytes = need.needed_bytes();
        (Placement::DoesNotFit { needed_bytes, usable_bytes: need.usable_bytes }, time)
    };
    let tokens_per_s = 1e3 / time.total_ms();
    Estimate {
        placement,
        memory: need,
        weights_read_bytes: 42.5 * GB,
        kv_read_bytes: 2.7 * GB,
        state_bytes: 0.0,
        time,
        tokens_per_s,
        total_tokens_per_s: tokens_per_s,
        confidence: Confidence {
            evidence: Evidence::Family,
            rows: 12,
            low_factor: 0.88,
            high_factor: 1.12,
            prefill_low_factor: 0.7,
            prefill_high_factor: 1.4,
        },
        prefill_tokens_per_s: Some(tokens_per_s * 40.0),
        time_to_first_token_s: Some(51.2 / tokens_per_s),
        answer_tokens_per_s: Some(tokens_per_s * 0.9),
        assumptions: Vec::new(),
    }
}
