//! A small catalog and a comparison made by hand, so that tests and pictures do not change with the presets.

use rigwise::{
    catalog::{Catalog, load},
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
             bandwidth_gb_per_s: {bandwidth}, sources: [\"test\"]),"
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
        row.estimate =
            if id == "pi" { Err(NoEstimate::NotCalibrated) } else { Ok(estimate(memory, bandwidth)) };
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
