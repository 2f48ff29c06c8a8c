//! Several devices that run a model together.

use rigwise::{
    catalog::Split,
    estimate::{ComputeRates, Devices, Prompt, StepWork, TermKey, prefill_terms, terms},
};

use super::{catalog, near, scenario};

/// Llama 3.1 8B has 8 key-value heads, which 2 devices halve and 16 cannot share further; a latent cache is one head,
/// and each device reads all of it.
#[test]
fn devices_share_the_heads_of_a_cache_and_no_more() {
    for (model, heads) in [("llama-3.1-8b", 8.0), ("deepseek-v3", 1.0)] {
        let workload = scenario(model, "Q4_K_M", 32_768).workload(catalog()).unwrap();
        let work = StepWork::new(&workload, 32_768.0, 1.0);
        near(work.cache_heads, heads, 1e-12);
        let chip = catalog().chips.get("rtx-4090").unwrap();
        let runtime = catalog().runtimes.get("vllm-cuda").unwrap();
        let cache_s = |count: u32| -> f64 {
            let devices = Devices::new(1008.0, runtime, chip, count, Split::Tensors);
            let terms = terms(&workload, &work, &devices);
            terms.iter().filter(|term| matches!(term.key, TermKey::Cache(..))).map(|term| term.seconds).sum()
        };
        near(cache_s(1) / cache_s(2), 2_f64.min(heads).powf(0.85), 1e-9);
        near(cache_s(1) / cache_s(16), heads.powf(0.85), 1e-9);
    }
}

/// Four devices that split Llama 3.1 8B by rows read its matrices 4^0.85 = 3.249 times as fast and its cache no faster, and
/// gather 32 layers x 7 products from 4 devices.
#[test]
fn devices_that_split_rows_share_matrices_alone_and_gather_every_product() {
    let workload = scenario("llama-3.1-8b", "Q4_K_M", 8192).workload(catalog()).unwrap();
    let chip = catalog().chips.get("p40").unwrap();
    let runtime = catalog().runtimes.get("llama.cpp-cuda").unwrap();
    let seconds = |count: u32, of: fn(&TermKey) -> bool| -> f64 {
        let devices = Devices::new(347.0, runtime, chip, count, Split::Rows);
        let terms = terms(&workload, &StepWork::new(&workload, 8192.0, 1.0), &devices);
        terms.iter().filter(|term| of(&term.key)).map(|term| term.seconds).sum()
    };
    let weights = |key: &TermKey| matches!(key, TermKey::Weights(_));
    let cache = |key: &TermKey| matches!(key, TermKey::Cache(..));
    near(seconds(1, weights) / seconds(4, weights), 3.249, 1e-3);
    near(seconds(1, cache) / seconds(4, cache), 1.0, 1e-12);
    near(seconds(4, |key| *key == TermKey::RowLink), 896e-6, 1e-9);
    assert!(seconds(1, |key| *key == TermKey::RowLink) < f64::EPSILON);
}

/// Marlin kernels take multiples of 64. Gemma 4's experts are 704 wide: whole they are 11 x 64, half of one is 352; Qwen
/// 3's are 768 wide, of which a quarter is 3 x 64 and an eighth is 96.
#[test]
fn experts_cut_too_narrow_need_other_kernels() {
    let narrow = |model: &str, quant: &str, count: u32, split: Split| {
        let workload = scenario(model, quant, 0).workload(catalog()).unwrap();
        let chip = catalog().chips.get("rtx-3090").unwrap();
        let runtime = catalog().runtimes.get("vllm-cuda").unwrap();
        let devices = Devices::new(936.0, runtime, chip, count, split);
        let terms = terms(&workload, &StepWork::new(&workload, 0.0, 1.0), &devices);
        terms.iter().any(|term| term.key == TermKey::NarrowExperts)
    };
    let (gemma, qwen) = ("gemma-4-26b-a4b", "qwen3-30b-a3b");
    assert!(!narrow(gemma, "AWQ-int4", 1, Split::Tensors));
    assert!(narrow(gemma, "AWQ-int4", 2, Split::Tensors));
    assert!(!narrow(gemma, "AWQ-int4", 2, Split::Layers));
    assert!(!narrow(gemma, "FP8", 2, Split::Tensors));
    assert!(!narrow(qwen, "AWQ-int4", 4, Split::Tensors));
    assert!(narrow(qwen, "AWQ-int4", 8, Split::Tensors));
}

/// A prompt of 4,096 tokens is 8 batches of 512. In a pipeline of 2 cards they take 9 steps where one takes 16, and 0.85 of
/// that gain, in logarithms, is reached: (16/9)^0.85 = 1.631. 4 cards take 11 steps for 32, and reach 0.85/sqrt(3) of it:
/// 1.689. A single batch gains nothing, nor do programs whose cards wait for one another. Devices that share
/// layers are 2^0.85 = 1.803 times as fast, and each sends 32 layers x 2 sums x 4,096 elements of 2 bytes = 524 kB
/// for a token. Of rows the first gets 0.5 x 4 bytes x 6.979e9 / 4,096 = 3.408 MB.
#[test]
fn devices_read_a_prompt_together() {
    let workload = scenario("llama-3.1-8b", "Q4_K_M", 0).workload(catalog()).unwrap();
    let chip = catalog().chips.get("rtx-4090").unwrap();
    let seconds = |runtime: &str, count: u32, split: Split, tokens: f64, link: bool| -> f64 {
        let runtime = catalog().runtimes.get(runtime).unwrap();
        let devices = Devices::new(1008.0, runtime, chip, count, split);
        let compute = ComputeRates::new(chip, runtime, workload.kernel).unwrap();
        let prompt = Prompt { depth: 0.0, tokens, batch_tokens: 512.0 };
        let terms = prefill_terms(&workload, prompt, &devices, compute);
        terms
            .iter()
            .filter(|term| matches!(term.key, TermKey::PrefillLink(_) | TermKey::PrefillRowLink) == link)
            .map(|term| term.seconds)
            .sum()
    };
    let gain = |runtime: &str, count: u32, split: Split, tokens: f64| -> f64 {
        seconds(runtime, 1, split, tokens, false) / seconds(runtime, count, split, tokens, false)
    };
    near(gain("llama.cpp-cuda", 2, Split::Layers, 4096.0), 1.631, 1e-3);
    near(gain("llama.cpp-vulkan", 4, Split::Layers, 4096.0), 1.689, 1e-3);
    near(gain("llama.cpp-cuda", 2, Split::Layers, 512.0), 1.0, 1e-12);
    near(gain("exllamav3", 2, Split::Layers, 4096.0), 1.0, 1e-12);
    near(gain("vllm-cuda", 2, Split::Tensors, 4096.0), 1.803, 1e-3);
    near(seconds("vllm-cuda", 2, Split::Tensors, 4096.0, true), 524.3e-6, 1e-3);
    near(seconds("llama.cpp-cuda", 2, Split::Rows, 4096.0, true), 3.408e-3, 1e-3);
    assert!(seconds("llama.cpp-cuda", 2, Split::Layers, 4096.0, true) < f64::EPSILON);
}
