//! The arithmetic of a step for several users: each weight that is read is multiplied with a token of each.

use super::{ComputeRates, Devices, ModelRates, Workload, api, prefill};
use crate::catalog::Runtime;

/// Milliseconds that a step's matrix products take beyond the `read_ms` for which its weights are read: none for a single
/// user, whose products are a part of that.
#[must_use]
pub fn compute_ms(
    workload: &Workload,
    read_ms: f64,
    devices: &Devices,
    runtime: &Runtime,
    compute: ComputeRates,
    rates: ModelRates,
) -> f64 {
    if workload.users <= 1 {
        return 0.0;
    }
    let users = f64::from(workload.users);
    let batch = prefill::Prompt { depth: 0.0, tokens: users, batch_tokens: users };
    let mut products_s = 0.0;
    prefill::each_term(workload, batch, &devices.alone(), compute, |term| {
        if term.key.is_prefill_product() {
            products_s += rates.seconds(&term);
        }
    });
    products_ms(users, products_s / devices.at_once() * 1e3, read_ms, runtime)
}

/// What the products of a step's tokens take where one of a long prompt takes `prompt_token_ms`: from the runs of
/// `presets/measurements/several_users.ron`.
///
/// Programs for many requests multiply small batches nearly as well as large ones, and what they read does not hide it.
/// Others have kernels for a matrix and a few vectors, which unpack the weights for each vector anew but read them once, and
/// take those for two matrices beyond a few: of whole tiles, however many of a tile's rows are used
/// (`llama.cpp`, `MMVQ_MAX_BATCH_SIZE` in `mmvq.cuh`; MLX, `get_qmv_batch_limit` in `quantized.cpp`).
fn products_ms(users: f64, prompt_token_ms: f64, read_ms: f64, runtime: &Runtime) -> f64 {
    const OF_SERVERS: f64 = 1.5;
    const OF_VECTORS: f64 = 6.0;
    const OF_READING: f64 = 0.7;
    const OF_TILES: f64 = 2.0;
    if runtime.serves_many {
        return OF_SERVERS * users * prompt_token_ms;
    }
    let of_vectors = (users - 1.0) * (OF_VECTORS * prompt_token_ms).min(OF_READING * read_ms);
    let tile_rows = if matches!(api(runtime), "metal" | "mlx") { 32.0 } else { 16.0 };
    let padded = (users / tile_rows).ceil() * tile_rows;
    of_vectors.min(OF_TILES * padded * prompt_token_ms)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::load;

    #[test]
    fn few_users_take_vectors_and_more_take_tiles() {
        let catalog = load::embedded().catalog;
        let ms = |runtime: &str, users: f64, read_ms: f64| {
            products_ms(users, 1.0, read_ms, catalog.runtimes.get(runtime).unwrap())
        };
        let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-9, "{a} is not {b}");
        near(ms("llama.cpp-cuda", 2.0, 100.0), 6.0);
        near(ms("llama.cpp-cuda", 6.0, 100.0), 30.0);
        near(ms("llama.cpp-cuda", 7.0, 100.0), 32.0);
        near(ms("llama.cpp-cuda", 17.0, 100.0), 64.0);
        near(ms("mlx", 8.0, 100.0), 42.0);
        near(ms("mlx", 8.0, 5.0), 24.5);
        near(ms("mlx", 32.0, 100.0), 64.0);
        near(ms("vllm-cuda", 64.0, 100.0), 96.0);
    }
}
