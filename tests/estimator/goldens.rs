//! Models on machines, computed by hand.

use super::{GB, catalog, estimate, near, scenario};

/// Checks bytes read of weights and cache, and the speed on two machines.
#[track_caller]
fn golden(model: &str, quant: &str, weights_gb: f64, cache_32k_bytes: f64, speeds: [(&str, &str, f64); 2]) {
    let scenario = scenario(model, quant, 32_768);
    let catalog = catalog();
    let workload = scenario.workload(catalog).unwrap();
    near(workload.weights.read_bytes(), weights_gb * GB, 0.01);
    near(workload.cache.read_bytes(32_768.0), cache_32k_bytes, 1e-9);
    for (machine, runtime, tokens_per_s) in speeds {
        near(estimate(&scenario, machine, runtime).tokens_per_s, tokens_per_s, 0.01);
    }
}

/// 4.617 GB: of the 7.505e9 parameters read, query, key, output, gate and up in `Q4_K` (4.966e9 x 4.5 bits), half of value and
/// down in `Q6_K` and half in `Q4_K` (2.013e9 x 5.53 bits), the head in `Q6_K` (0.525e9 x 6.5625 bits).
/// Cache: 32 layers x 2 x 8 x 128 x 2 bytes x 32,768.
/// RTX 4090: 4.617 / 1008 x 1.25 + 4.295 / 1008 x 2 + 32 x 20 µs = 5.726 + 8.522 + 0.640 = 14.888 ms.
/// M4 Max: 4.617 / 546 x 1.25 + 4.295 / 546 x 2 + 0.64 ms = 10.571 + 15.732 + 0.640 = 26.943 ms.
#[test]
fn llama_3_1_8b() {
    golden(
        "llama-3.1-8b",
        "Q4_K_M",
        4.617,
        4_294_967_296.0,
        [("rtx4090", "llama.cpp-cuda", 67.17), ("studio-m4max-128", "llama.cpp-metal", 37.12)],
    );
}

/// The file is 42.51 GB; the embedding's 1.051e9 parameters in `Q4_K`, 0.591 GB of it, are not read.
/// RTX PRO 6000: 41.92 / 1792 x 1.25 + 10.737 / 1792 x 2 + 80 x 20 µs = 29.24 + 11.98 + 1.60 = 42.83 ms.
/// M4 Max: 41.92 / 546 x 1.25 + 10.737 / 546 x 2 + 1.60 = 95.97 + 39.33 + 1.60 = 136.90 ms.
#[test]
fn llama_3_1_70b() {
    golden(
        "llama-3.1-70b",
        "Q4_K_M",
        41.92,
        10_737_418_240.0,
        [("pro6000", "llama.cpp-cuda", 23.35), ("studio-m4max-128", "llama.cpp-metal", 7.305)],
    );
}

/// 3.59 GB: experts 114.7e9 x 4/128 x 4.25 bits = 1.904 GB, attention and head 1.535e9 x 8.5 bits = 1.631 GB, router and
/// norms in 32 bits 0.054 GB. Cache: 18 full layers of 1,024 elements x 32,768 and 18 with a window of 128.
/// DGX Spark: 3.589 / 273 x 1.25 + 1.2127 / 273 x 2 + 72 x 20 µs = 16.433 + 8.884 + 1.440 = 26.757 ms,
/// where routing costs each of the 36 expert layers another 20 µs. Framework: the same over 256 GB/s, 28.439 ms.
#[test]
fn gpt_oss_120b() {
    golden(
        "gpt-oss-120b",
        "MXFP4",
        3.589,
        1_212_678_144.0,
        [("dgx-spark", "llama.cpp-cuda", 37.37), ("fw-desktop-128", "llama.cpp-vulkan", 35.16)],
    );
}

/// 2.39 GB: experts 77.31e9 x 10/512 x 4.84 bits = 0.914 GB, shared 0.091, attention 0.187, linear attention 1.214e9 x 4.9
/// bits = 0.744, head 0.255, router in 32 bits 0.201. Cache: 12 layers of 1,024 elements; 79.0 MB of state read and
/// written. Of 48 layers 36 are linear, and all have experts and a shared one. DGX Spark:
/// (2.39 + 0.158) / 273 x 1.25 + 0.8053 / 273 x 2 + (48 + 36 + 48 + 48) x 20 µs = 11.67 + 5.90 + 3.60 = 21.17 ms.
/// M4 Max over 546: 5.83 + 2.95 + 3.60 = 12.38 ms.
#[test]
fn qwen3_next_80b_a3b() {
    golden(
        "qwen3-next-80b-a3b",
        "Q4_K_M",
        2.393,
        805_306_368.0,
        [("dgx-spark", "llama.cpp-cuda", 47.24), ("studio-m4max-128", "llama.cpp-metal", 80.8)],
    );
}

/// 16.57 GB: the tied embedding, read as the head, 1.410e9 x 6.5625 bits = 1.156 GB; gate and up 14.335e9 and query, key and
/// output 3.413e9 x 4.5 bits = 9.983 GB; down 7.168e9 and value 0.683e9 x 5.53 bits = 5.428 GB; norms 0.005 GB.
/// Cache: 10 full layers of 4,096 elements x 32,768 and 52 with a window of 1,024.
/// RTX 5090: 16.573 / 1792 x 1.25 + 3.1206 / 1792 x 2 + 62 x 20 µs = 11.560 + 3.483 + 1.240 = 16.283 ms.
/// RTX 3090: over 936, 22.133 + 6.668 + 1.240 = 30.041 ms.
#[test]
fn gemma_3_27b() {
    golden(
        "gemma-3-27b",
        "Q4_K_M",
        16.573,
        3_120_562_176.0,
        [("rtx5090", "llama.cpp-cuda", 61.41), ("rtx3090", "llama.cpp-cuda", 33.29)],
    );
}

/// 22.25 GB: experts 653.9e9 x 8/256 x 4.84 bits = 12.37 GB, shared 1.547, dense 0.720, attention 11.41e9 x 4.5 bits = 6.42,
/// head 0.760, router 0.426. Cache: 61 layers of one latent vector of 576 elements.
/// M3 Ultra: 22.25 / 819 x 1.25 + 2.3027 / 819 x 2 + (61 + 58 + 58 + 61) x 20 µs = 33.96 + 5.62 + 4.76 = 44.34 ms, where routing,
/// shared experts and latent attention each cost a layer another 20 µs. M5 Ultra: over 1200, 23.18 + 3.84 + 4.76 = 31.78 ms.
#[test]
fn deepseek_v3() {
    golden(
        "deepseek-v3",
        "Q4_K_M",
        22.25,
        2_302_672_896.0,
        [
            ("studio-m3ultra-512", "llama.cpp-metal", 22.55),
            ("studio-m5ultra80-512", "llama.cpp-metal", 31.47),
        ],
    );
}
