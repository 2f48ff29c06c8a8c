//! The estimator against figures computed by hand, and its laws.
//!
//! Speeds are checked with round constants of the test's own (weights at 80 % of the bandwidth, the cache at 50 %, 20 µs
//! a layer, next to no time for attention's arithmetic), so that a new calibration changes no expectation here.
#![expect(clippy::unwrap_used, reason = "what a test cannot set up has failed")]

mod devices;
mod goldens;
mod laws;

use std::sync::OnceLock;

use rigwise::{
    catalog::{Calibration, Catalog, Factor, Split, System, load},
    compare::{Filters, compare},
    estimate::{
        Assumption, CacheClass, Devices, Estimate, Estimator, NoEstimate, Offload, Placement, Rig, StepWork,
        TermKey, terms,
    },
    scenario::Scenario,
};

const GB: f64 = 1e9;
const GIB: f64 = 1_073_741_824.0;

/// Of the arithmetic of attention and unpacking at the FP32 rate, so little that it is lost in the goldens' tolerance.
const ARITHMETIC: f64 = 1e-3;

fn catalog() -> &'static Catalog {
    static CATALOG: OnceLock<Catalog> = OnceLock::new();
    CATALOG.get_or_init(|| {
        let mut catalog = load::embedded().catalog;
        let factor = |name: &str, value: f64| Factor { name: name.to_owned(), value, rows: 0 };
        let calibration = Calibration {
            id: "decode".to_owned(),
            fitted: "2026-11-22".parse().unwrap(),
            rows: 0,
            factors: ["cuda", "metal", "vulkan", "rocm"]
                .iter()
                .flat_map(|api| {
                    [
                        factor(&format!("weights/{api}"), 1.25),
                        factor(&format!("cache/{api}"), 2.0),
                        factor(&format!("attention/{api}"), ARITHMETIC),
                        factor(&format!("unpack/{api}"), ARITHMETIC),
                        factor(&format!("layer/{api}"), 20.0),
                        factor(&format!("prefill/{api}"), 2.0),
                    ]
                })
                .chain([factor("layer/windows", 1.5), factor("layer/wsl", 1.25), factor("weights/wsl", 1.1)])
                .collect(),
            evidence: Vec::new(),
            spreads: Vec::new(),
            runtime_widths: Vec::new(),
            kernel_widths: Vec::new(),
        };
        catalog.calibrations = rigwise::catalog::Table::default();
        catalog.calibrations.insert(calibration);
        catalog
    })
}

fn scenario(model: &str, quant: &str, context: u32) -> Scenario {
    Scenario { model: model.to_owned(), quant: quant.to_owned(), context, ..Scenario::default() }
}

#[track_caller]
fn estimate(scenario: &Scenario, machine: &str, runtime: &str) -> Estimate {
    static ESTIMATOR: OnceLock<Estimator> = OnceLock::new();
    let catalog = catalog();
    let workload = scenario.workload(catalog).unwrap();
    let machine = catalog.machines.get(machine).unwrap();
    let chip = catalog.chips.get(&machine.chip).unwrap();
    let estimator = ESTIMATOR.get_or_init(|| Estimator::new(catalog));
    estimator.estimate(&workload, Rig { machine, chip }, runtime).unwrap()
}

#[track_caller]
fn near(found: f64, expected: f64, tolerance: f64) {
    assert!((found / expected - 1.0).abs() <= tolerance, "{found} is not within {tolerance} of {expected}");
}

#[test]
fn bytes_of_every_cache_agree_with_the_published_layers() {
    let mut reader = csv::Reader::from_path("tests/fixtures/model_cache_bytes.csv").unwrap();
    let headers = reader.headers().unwrap().clone();
    let mut checked = 0;
    for record in reader.records() {
        let record = record.unwrap();
        let get = |name: &str| {
            let at = headers.iter().position(|header| header == name).unwrap();
            record.get(at).and_then(|text| text.parse::<f64>().ok())
        };
        let id = record.get(0).unwrap();
        let model = catalog().models.get(id).unwrap_or_else(|| panic!("no model {id}"));
        let workload = scenario(id, "F16", 0).workload(catalog()).unwrap();
        assert!((get("total_params").unwrap() - model.params.total() as f64).abs() < 1.0, "{id}");
        near(model.active_params(), get("params_read_per_token").unwrap(), 1e-6);
        for (kind, depth) in [("4k", 4096.0), ("32k", 32_768.0), ("128k", 131_072.0)] {
            if let Some(bytes) = get(&format!("kv_mem_f16_{kind}")) {
                near(workload.cache.stored_bytes(depth), bytes, 1e-6);
                near(workload.cache.read_bytes(depth), get(&format!("kv_read_f16_{kind}")).unwrap(), 1e-6);
                checked += 1;
            }
        }
        assert!((workload.cache.state_bytes() - get("state_bytes_f32").unwrap()).abs() < 1.0, "{id}");
    }
    assert!(checked > 300, "{checked}");
}

#[test]
fn files_of_llama_cpp_have_the_size_that_its_own_tables_state() {
    let mut reader = csv::Reader::from_path("tests/fixtures/quant_file_bytes.csv").unwrap();
    for record in reader.deserialize() {
        let (model, quant, file_bytes, _read_bpw): (String, String, f64, f64) = record.unwrap();
        let workload = scenario(&model, &quant, 0).workload(catalog()).unwrap();
        near(workload.weights.stored_bytes(), file_bytes, 0.006);
    }
}

#[test]
fn a_model_too_large_for_a_card_leaves_experts_to_the_host() {
    let estimate = estimate(&scenario("gpt-oss-120b", "MXFP4", 8192), "rtx5090", "llama.cpp-cuda");
    let Placement::Offloads { what: Offload::Experts, bytes } = estimate.placement else {
        panic!("{:?}", estimate.placement)
    };
    near(bytes, estimate.memory.needed_bytes() - estimate.memory.usable_bytes, 1e-9);
    // Half of the experts in the host's memory, read at 42 of its 96 GB/s, take longer than all the rest.
    assert!(estimate.time.offload_ms > estimate.time.weights_ms + estimate.time.cache_ms);
}

#[test]
fn what_lies_in_the_hosts_memory_is_copied_for_every_batch_of_a_prompt() {
    let first_token_s = |prompt: u32, machine: &str| {
        let scenario = Scenario { prompt, ..scenario("gpt-oss-120b", "MXFP4", 8192) };
        let estimate = estimate(&scenario, machine, "llama.cpp-cuda");
        let Placement::Offloads { bytes, .. } = estimate.placement else { return (0.0, f64::NAN) };
        (bytes, estimate.time_to_first_token_s.unwrap())
    };
    let (bytes, one_batch) = first_token_s(512, "rtx5090");
    let (_, four_batches) = first_token_s(2048, "rtx5090");
    // Over PCIe 5.0 x16 at 18 x 2^0.6 = 27.3 GB/s; 512 tokens need every expert.
    let copying = bytes / 27.3e9;
    assert!(
        one_batch > copying && one_batch < copying + 1.0,
        "{one_batch} s, of which {copying} s are copying"
    );
    near(four_batches - one_batch, 3.0 * copying, 0.3);
}

#[test]
fn a_prompt_too_short_for_a_batch_is_no_slower_than_its_tokens_one_by_one() {
    for prompt in [1, 2, 8, 32] {
        let scenario = Scenario { prompt, ..scenario("gpt-oss-120b", "MXFP4", 8192) };
        let estimate = estimate(&scenario, "rtx5090", "llama.cpp-cuda");
        let one_by_one = (f64::from(prompt) + 1.0) * estimate.time.total_ms() / 1e3;
        assert!(estimate.time_to_first_token_s.unwrap() < 1.5 * one_by_one, "{prompt} tokens");
    }
}

#[test]
fn a_program_for_some_models_is_not_offered_for_others() {
    let estimator = Estimator::new(catalog());
    let machine = catalog().machines.get("studio-m3ultra-256").unwrap();
    let rig = Rig { machine, chip: catalog().chips.get(&machine.chip).unwrap() };
    let program = |model: &str| {
        let workload = scenario(model, "DwarfStar-q2", 8192).workload(catalog()).unwrap();
        estimator.ask(&workload).best(rig, None).map(|(runtime, _)| runtime.to_string())
    };
    assert_eq!(program("deepseek-v4-flash"), Ok("dwarfstar-metal".to_owned()));
    assert_eq!(program("llama-3.3-70b"), Err(NoEstimate::ModelNotSupported));
}

#[test]
fn a_model_too_large_for_everything_does_not_fit() {
    let estimate = estimate(&scenario("deepseek-v3", "Q4_K_M", 8192), "rtx5090", "llama.cpp-cuda");
    let Placement::DoesNotFit { needed_bytes, usable_bytes } = estimate.placement else {
        panic!("{:?}", estimate.placement)
    };
    assert!(needed_bytes > 400.0 * GB && usable_bytes < 32.0 * GIB);
}

/// A score and a weighted sum for each of 32 layers, 32 heads and 32,768 tokens, 2 x 128 operations each:
/// 4 x 32 x 32 x 128 x 32,768 = 17.18e9. Of Gemma 3's 62 layers, 52 look back on 1,024 tokens only:
/// 4 x 32 x 128 x (10 x 32,768 + 52 x 1,024) = 6.24e9.
#[test]
fn attention_multiplies_every_head_with_every_token_it_sees() {
    for (model, flops) in [("llama-3.1-8b", 17.18e9), ("gemma-3-27b", 6.24e9)] {
        let workload = scenario(model, "Q4_K_M", 32_768).workload(catalog()).unwrap();
        near(StepWork::new(&workload, 32_768.0, 1.0).attention_flops, flops, 0.01);
        near(StepWork::new(&workload, 32_768.0, 3.0).attention_flops, 3.0 * flops, 0.01);
    }
}

/// Of Llama 3.1 8B a token reads all but the embedding of 128,256 x 4,096: 8.030e9 - 0.525e9 weights, of which all but the
/// 65 norms of 4,096 are packed. Of Mixtral's 8 experts it reads 2, and of 64 users' all.
/// Eight bits are not packed, nor are 16.
#[test]
fn weights_of_few_bits_are_unpacked_once_a_step() {
    let packed = |model: &str, quant: &str, users: f64| {
        let workload = scenario(model, quant, 0).workload(catalog()).unwrap();
        StepWork::new(&workload, 0.0, users).packed_params
    };
    near(packed("llama-3.1-8b", "Q4_K_M", 1.0), 8_030_261_248.0 - 128_256.0 * 4096.0 - 65.0 * 4096.0, 1e-9);
    near(packed("llama-3.1-8b", "Q4_K_M", 8.0), packed("llama-3.1-8b", "Q4_K_M", 1.0), 1e-12);
    let experts = 32.0 * 3.0 * 4096.0 * 14_336.0;
    let more = packed("mixtral-8x7b", "Q4_K_M", 64.0) - packed("mixtral-8x7b", "Q4_K_M", 1.0);
    near(more, experts * 6.0, 1e-4);
    for quant in ["Q8_0", "F16"] {
        assert!(packed("llama-3.1-8b", quant, 1.0) < f64::EPSILON);
    }
    // All but the experts have eight bits.
    near(packed("deepseek-v4-flash", "DwarfStar-q2", 1.0), 277_025_390_592.0 * 6.0 / 256.0, 1e-9);
}

/// Gemma 4 has a dense feed-forward beside the experts of all its 30 layers, DeepSeek V3 shared experts in 58 of 61 and a dense
/// feed-forward instead in 3, Qwen 3 neither.
#[test]
fn layers_with_a_feed_forward_beside_their_experts_launch_more() {
    let shared_us = |model: &str| {
        let workload = scenario(model, "Q4_K_M", 0).workload(catalog()).unwrap();
        let chip = catalog().chips.get("rtx-4090").unwrap();
        let devices =
            Devices::new(1008.0, catalog().runtimes.get("llama.cpp-cuda").unwrap(), chip, 1, Split::Layers);
        let terms = terms(&workload, &StepWork::new(&workload, 0.0, 1.0), &devices);
        terms.iter().find(|term| term.key == TermKey::SharedLayer).map_or(0.0, |term| term.seconds * 1e6)
    };
    near(shared_us("gemma-4-26b-a4b"), 30.0, 1e-9);
    near(shared_us("deepseek-v3"), 58.0, 1e-9);
    assert!(shared_us("qwen3-30b-a3b") < f64::EPSILON);
}

/// Of Qwen 3.8 Flash-Next's 48 layers 12 score every token and read 2,048: 12 x 32,768 scores, and
/// 4 x 12 x 24 x 256 x 2,048 = 0.604e9 operations. Of DeepSeek V4 Flash's 43 layers 21 score an entry for each 4 tokens:
/// 21 x 8,192.
#[test]
fn sparse_attention_scores_every_entry_and_computes_with_the_selected() {
    let work = |model: &str| {
        let workload = scenario(model, "Q4_K_M", 32_768).workload(catalog()).unwrap();
        StepWork::new(&workload, 32_768.0, 1.0)
    };
    near(work("qwen3.8-flash-next").scored_entries, 393_216.0, 1e-12);
    near(work("qwen3.8-flash-next").attention_flops, 0.604e9, 0.001);
    near(work("deepseek-v4-flash").scored_entries, 172_032.0, 1e-12);
    near(work("deepseek-v3").scored_entries + 1.0, 1.0, 1e-12);
}

/// GLM 4.7 Flash keeps one latent head for all query heads, Llama 3.1 8B one for each four.
#[test]
fn blocks_of_a_latent_cache_are_not_unpacked_for_each_query_head() {
    let attention = |model: &str| {
        let scenario = Scenario { kv_type: "q8_0".to_owned(), ..scenario(model, "Q4_K_M", 8192) };
        let workload = scenario.workload(catalog()).unwrap();
        let chip = catalog().chips.get("p100").unwrap();
        let runtime = catalog().runtimes.get("llama.cpp-cuda").unwrap();
        let devices = Devices::new(732.0, runtime, chip, 1, Split::Layers);
        let terms = terms(&workload, &StepWork::new(&workload, 8192.0, 1.0), &devices);
        terms.iter().map(|term| term.key).find(|key| matches!(key, TermKey::Attention(_)))
    };
    assert_eq!(attention("glm-4.7-flash-30b"), Some(TermKey::Attention(CacheClass::Plain)));
    assert_eq!(attention("llama-3.1-8b"), Some(TermKey::Attention(CacheClass::Blocks)));
}

/// Constants that promise more than the data sheet has are held to it: an RTX 4090 multiplies 16-bit weights at 330
/// TFLOPS, of which 0.9 read 0.9 x 330e12 / (2 x 6.979e9) = 21,278 tokens a second, and half of it where a program for
/// servers sums in FP32.
#[test]
fn no_prompt_is_read_faster_than_the_chip_multiplies() {
    let mut catalog = catalog().clone();
    let mut calibration = catalog.calibrations.get("decode").unwrap().clone();
    for factor in calibration.factors.iter_mut().filter(|factor| factor.name.starts_with("prefill/")) {
        factor.value = 0.01;
    }
    catalog.calibrations = rigwise::catalog::Table::default();
    catalog.calibrations.insert(calibration);
    let machine = catalog.machines.get("rtx4090").unwrap();
    let chip = catalog.chips.get("rtx-4090").unwrap();
    let estimator = Estimator::new(&catalog);
    let tokens_per_s = |quant: &str, runtime: &str| -> f64 {
        let workload = scenario("llama-3.1-8b", quant, 0).workload(&catalog).unwrap();
        let estimate = estimator.estimate(&workload, Rig { machine, chip }, runtime).unwrap();
        estimate.prefill_tokens_per_s.unwrap()
    };
    near(tokens_per_s("F16", "llama.cpp-cuda"), 21_278.0, 1e-3);
    near(tokens_per_s("Safetensors-F16", "vllm-cuda"), 10_639.0, 1e-3);
}

/// Four users read the weights once and four caches: 4.617 / 1008 x 1.25 + 4 x 1.074 / 1008 x 2 + 0.64 ms = 14.89 ms. Products of
/// 2 x 6.979e9 operations, at 4 x 82.6e12 a second and half of that reached, take 84.5 µs in a long prompt, and each user
/// after the first as long as six of them: 3 x 6 x 84.5 µs = 1.52 ms. Sixteen users take a tile of 16, twice as long as in a
/// prompt: 5.73 + 16 x 2.131 + 0.64 + 32 x 0.0845 = 43.17 ms.
#[test]
fn users_share_the_weights_and_not_the_caches() {
    let mut scenario = scenario("llama-3.1-8b", "Q4_K_M", 8192);
    let alone = estimate(&scenario, "rtx4090", "llama.cpp-cuda");
    scenario.users = 4;
    let together = estimate(&scenario, "rtx4090", "llama.cpp-cuda");
    near(together.kv_read_bytes, 4.0 * alone.kv_read_bytes, 1e-9);
    near(together.weights_read_bytes, alone.weights_read_bytes, 1e-9);
    near(together.total_tokens_per_s, 4.0 * 1e3 / 16.41, 0.01);
    scenario.users = 16;
    let sixteen = estimate(&scenario, "rtx4090", "llama.cpp-cuda");
    near(sixteen.total_tokens_per_s, 16.0 * 1e3 / 43.17, 0.01);
}

/// Of 128 experts with 4 active, 8 tokens meet as many distinct ones as 8^0.95 = 7.21 that are routed evenly:
/// 128 x (1 - (1 - 4/128)^7.21) = 26.2, 6.55 times what one meets.
#[test]
fn users_of_a_mixture_of_experts_meet_distinct_experts() {
    let workload = scenario("gpt-oss-120b", "MXFP4", 0).workload(catalog()).unwrap();
    let one = StepWork::new(&workload, 0.0, 1.0);
    let eight = StepWork::new(&workload, 0.0, 8.0);
    near(eight.experts / one.experts, 6.547, 0.01);
    near(eight.weights, one.weights, 1e-12);
}

/// An RTX 4090 takes 4.617 / 1008 x 1.25 + 0.64 ms = 6.37 ms, 0.64 x 1.5 under Windows, and where vLLM, which has no version
/// for it, runs in WSL, 0.64 x 1.25 with weights 1.1 times as long: all of F16's 15.01 GB / 1008 x 1.25 x 1.1 + 0.8 ms.
#[test]
fn a_system_lengthens_what_goes_through_it() {
    let under = |quant: &str, system: Option<System>, machine: &str, runtime: &str| {
        let scenario = Scenario { system, ..scenario("llama-3.1-8b", quant, 0) };
        estimate(&scenario, machine, runtime)
    };
    let windows = under("Q4_K_M", Some(System::Windows), "rtx4090", "llama.cpp-cuda");
    near(windows.time.fixed_ms, 0.96, 1e-3);
    near(windows.tokens_per_s, 1e3 / 6.69, 0.01);
    assert!(windows.assumptions.contains(&Assumption::System(System::Windows)));
    for wanted in System::ALL {
        let served = under("Safetensors-F16", Some(wanted), "rtx4090", "vllm-cuda");
        near(served.time.fixed_ms, 0.8, 1e-3);
        near(served.tokens_per_s, 1e3 / (1.1 * 18.61 + 0.8), 0.01);
        assert!(served.assumptions.contains(&Assumption::System(System::Wsl)));
    }
    for (system, runtime, of_mesa) in [
        (None, "llama.cpp-vulkan", true),
        (None, "llama.cpp-sycl", false),
        (Some(System::Windows), "llama.cpp-vulkan", false),
    ] {
        let assumed = under("Q4_K_M", system, "b580", runtime).assumptions;
        assert_eq!(assumed.contains(&Assumption::NewMesa), of_mesa, "{system:?} {runtime}");
    }
    for (machine, runtime) in [("dgx-spark", "llama.cpp-cuda"), ("studio-m5ultra80-256", "llama.cpp-metal")] {
        let as_it_comes = under("Q4_K_M", None, machine, runtime);
        assert_eq!(under("Q4_K_M", Some(System::Windows), machine, runtime), as_it_comes);
    }
}

#[test]
fn every_machine_has_a_row_and_finite_numbers() {
    let estimator = Estimator::new(catalog());
    for model in ["llama-3.3-70b", "gpt-oss-120b", "gemma-3n-e4b", "deepseek-v4-pro"] {
        let scenario = scenario(model, "Q4_K_M", 8192);
        let comparison = compare(catalog(), &estimator, &scenario, &Filters::default()).unwrap();
        assert_eq!(comparison.rows.len(), catalog().machines.len());
        for estimate in comparison.rows.iter().filter_map(|row| row.estimate.as_ref().ok()) {
            assert!(estimate.tokens_per_s.is_finite() && estimate.tokens_per_s > 0.0);
            assert!(estimate.tokens_per_s_low() <= estimate.tokens_per_s);
            assert!(estimate.tokens_per_s <= estimate.tokens_per_s_high());
        }
    }
}
