//! The committed calibration holds together: its names are those that terms ask for, its values are sane, and the
//! estimator's rates are the products that it states.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{collections::HashSet, mem::discriminant};

use rigwise::{
    accuracy::{Unpredictable, subject},
    calibrate::Quantity,
    catalog::{Catalog, Chip, Link, Measurement, Runtime, System, Table, Transport, load},
    estimate::{
        Circumstances, ComputeRates, Confidence, Coverage, DEPTH_CLASSES, Devices, Estimator, Evidence,
        Exchange, Index, KernelClass, Rates, Rig, Setup, TermKey, api, architecture, architecture_names,
        basis, decode_widening, factor_names, prefill_least_seconds, width_names,
    },
    scenario::Scenario,
};

fn catalog() -> Catalog {
    load::embedded().catalog
}

/// All names that a term may ask for, whatever the circumstances.
fn names(key: TermKey, runtime: &Runtime, chip: &Chip) -> impl Iterator<Item = String> {
    let under = |system: System| Circumstances {
        age_years: 1.0,
        unfused_attention: true,
        power_limit_w: Some(100.0),
        system: Some(system),
        older_mesa: true,
    };
    factor_names(key, runtime, chip)
        .into_iter()
        .chain(
            System::ALL
                .into_iter()
                .flat_map(move |system| under(system).factor_names(key, api(runtime), chip)),
        )
        .map(|(name, _)| name)
        .chain(width_names(key, runtime))
}

/// The names of all models' architectures under all runtimes.
fn architectures(catalog: &Catalog) -> HashSet<String> {
    let models: HashSet<String> = catalog.models.iter().map(architecture).collect();
    let mut names = HashSet::new();
    for runtime in &catalog.runtimes {
        for (model, key) in models.iter().flat_map(|model| TermKey::all().map(move |key| (model, key))) {
            names.extend(architecture_names(key, runtime, model));
        }
    }
    names
}

#[test]
fn factors_are_those_that_terms_ask_for() {
    let catalog = catalog();
    let known: HashSet<String> = catalog
        .runtimes
        .iter()
        .flat_map(|runtime| catalog.chips.iter().map(move |chip| (runtime, chip)))
        .filter(|(runtime, chip)| runtime.reaches(chip))
        .flat_map(|(runtime, chip)| TermKey::all().flat_map(move |key| names(key, runtime, chip)))
        .chain(architectures(&catalog))
        .collect();
    for calibration in &catalog.calibrations {
        assert!(!calibration.factors.is_empty());
        for factor in &calibration.factors {
            assert!(known.contains(&factor.name), "no term asks for {}", factor.name);
            assert!(factor.value.is_finite() && factor.value > 0.01 && factor.value < 1000.0, "{factor:?}");
        }
        for measured in &calibration.evidence {
            assert!(catalog.runtimes.get(&measured.runtime).is_some(), "{}", measured.runtime);
            assert!(catalog.chips.get(&measured.chip).is_some(), "{}", measured.chip);
        }
    }
}

#[test]
fn a_file_of_another_size_is_not_the_quantization_it_is_named_by() {
    let catalog = catalog();
    let sized = |run: &&Measurement| run.file_gib.is_some() && subject(&catalog, run).is_ok();
    let run = catalog.measurements.iter().find(sized).unwrap();
    let resized = |factor: f64| Measurement { file_gib: run.file_gib.map(|gib| gib * factor), ..run.clone() };
    for factor in [0.6, 1.6] {
        let found = subject(&catalog, &resized(factor)).map(|_| ());
        assert!(matches!(found, Err(Unpredictable::OtherSize { .. })), "{factor}: {found:?}");
    }
}

/// Of a model in `Q4_K_M` with llama.cpp, and nothing else stated.
fn run_of(model: &str, chip: &str, backend: &str) -> Measurement {
    Measurement {
        chip: Some(chip.to_owned()),
        model: Some(model.to_owned()),
        quant: "Q4_K_M".to_owned(),
        engine: Some("llama.cpp".to_owned()),
        backend: Some(backend.to_owned()),
        ..Measurement::default()
    }
}

/// Of a run that does not state its driver the date decides, and other makers and systems have other drivers.
#[test]
fn a_run_of_before_mesa_26_2_is_told_by_its_driver_or_its_date() {
    let catalog = catalog();
    let is_older = |chip: &str, driver: Option<&str>, date: &str, system: Option<System>| {
        let run = Measurement {
            driver: driver.map(str::to_owned),
            date: date.parse().ok(),
            system,
            ..run_of("llama-3.1-8b", chip, "Vulkan")
        };
        subject(&catalog, &run).unwrap().setup.circumstances.older_mesa
    };
    for (driver, date, older) in [
        (Some("Mesa 26.0.8"), "2026-10", true),
        (Some("Mesa 26.2-dev"), "2026-05-08", false),
        (Some("Mesa 26.2.3"), "2026-08", false),
        (Some("Mesa"), "2026-08-31", true),
        (None, "2026-08-31", true),
        (None, "2026-09-01", false),
        (None, "", false),
    ] {
        assert_eq!(is_older("arc-b580", driver, date, None), older, "{driver:?} {date}");
    }
    assert!(!is_older("rx-7900-xtx", None, "2025", None));
    assert!(!is_older("arc-b580", None, "2025", Some(System::Windows)));
}

/// PCI Express 3.0 carries 15.75 GB/s over 16 lanes, and 3.94 over 4. The RTX 3090's own bus is 4.0 x16.
#[test]
fn a_bus_that_a_run_states_takes_the_place_of_the_cards() {
    let catalog = catalog();
    let bus_gb_per_s = |pcie: Option<&str>| {
        let run = Measurement {
            offload: Some("--n-cpu-moe 20".to_owned()),
            pcie: pcie.map(str::to_owned),
            ..run_of("qwen3-30b-a3b", "rtx-3090", "CUDA")
        };
        subject(&catalog, &run).unwrap().setup.host.unwrap().pcie_gb_per_s.unwrap()
    };
    for (pcie, gb_per_s) in
        [(None, 31.51), (Some("3.0 x16"), 15.75), (Some("3.0 x4"), 3.94), (Some("a riser"), 31.51)]
    {
        assert!((bus_gb_per_s(pcie) - gb_per_s).abs() < 0.01, "{pcie:?}: {}", bus_gb_per_s(pcie));
    }
}

/// Each of them says something of chips that have not been measured, through those of their family.
#[test]
fn kernels_for_experts_and_for_prompts_are_those_of_a_family() {
    let catalog = catalog();
    let runtime = catalog.runtimes.get("llama.cpp-vulkan").unwrap();
    let chip = catalog.chips.get("rx-7900-xtx").unwrap();
    let has = |key: TermKey, name: &str| factor_names(key, runtime, chip).iter().any(|(it, _)| it == name);
    assert!(has(TermKey::Experts(KernelClass::K4), "experts/vulkan/amd-rdna3/k4"));
    assert!(!has(TermKey::Weights(KernelClass::K4), "experts/vulkan/amd-rdna3/k4"));
    assert!(has(TermKey::PrefillDense(KernelClass::Iq4), "prefill-kernel/vulkan/amd-rdna3/iq4"));
}

#[test]
fn intervals_widen_with_less_evidence() {
    let catalog = catalog();
    for quantity in [Quantity::Decode, Quantity::Prefill] {
        let spreads = &catalog.calibrations.get(quantity.id()).unwrap().spreads;
        let of = |class: String| spreads.iter().find(|spread| spread.class == class).unwrap();
        for kind in ["dense", "hybrid", "moe"] {
            for (depth, _) in DEPTH_CLASSES {
                let [chip, family, general] =
                    [Evidence::Chip, Evidence::Family, Evidence::General].map(|evidence| {
                        let spread = of(format!("{}/{kind}/{depth}", evidence.name()));
                        assert!(spread.low < 1.0 && spread.high > 1.0 && spread.high < 10.0, "{spread:?}");
                        spread.high / spread.low
                    });
                // Rounding may turn equal widths around.
                assert!(chip <= family * 1.01 && family <= general * 1.01, "{kind} {depth}");
            }
        }
    }
    let widening = |rows: u32| decode_widening(Evidence::Chip, rows, 1);
    assert!(widening(1) > widening(100) && decode_widening(Evidence::Chip, 100, 2) > widening(1));
}

#[test]
fn a_prompt_is_exchanged_as_the_cards_reach_each_other() {
    let catalog = catalog();
    let paths = |exchange: Exchange, runtime: &str, chip: &str| -> Vec<String> {
        let (runtime, chip) = (catalog.runtimes.get(runtime).unwrap(), catalog.chips.get(chip).unwrap());
        let names = factor_names(TermKey::PrefillLink(exchange), runtime, chip).into_iter();
        names.map(|(name, _)| name).collect()
    };
    let has = |chip: &str, path: &str| {
        paths(Exchange::Pair, "vllm-cuda", chip).contains(&format!("prefill-link/{path}"))
    };
    for chip in ["rtx-3090", "rtx-5090", "rtx-pro-6000", "h100-pcie", "h100-sxm", "b200"] {
        assert!(has(chip, "bus"), "{chip}");
        assert_eq!(has(chip, "peers"), ["rtx-pro-6000", "h100-pcie"].contains(&chip), "{chip}");
        assert_eq!(has(chip, "modules"), ["h100-sxm", "b200"].contains(&chip), "{chip}");
    }
    assert!(has("gb10", "cable") && !has("gb10", "peers"));
    for (runtime, chip, own) in [
        ("llama.cpp-cuda", "rtx-3090", &["several"][..]),
        ("vllm-cuda", "rtx-3090", &["several", "several/server"]),
        ("vllm-cuda", "rtx-pro-6000", &["several/peers", "several/server"]),
    ] {
        let pair = paths(Exchange::Pair, runtime, chip);
        let more = paths(Exchange::Several, runtime, chip);
        let own: Vec<String> = own.iter().map(|own| format!("prefill-link/{own}")).collect();
        assert_eq!(more, [pair, own].concat(), "{runtime} {chip}");
    }
}

#[test]
fn intels_vulkan_has_constants_of_its_own() {
    let catalog = catalog();
    let runtime = catalog.runtimes.get("llama.cpp-vulkan").unwrap();
    let of =
        |chip: &str| factor_names(TermKey::State, runtime, catalog.chips.get(chip).unwrap())[0].0.clone();
    assert_eq!(of("arc-b580"), "weights/vulkan-intel");
    assert_eq!(of("rx-7900-xtx"), "weights/vulkan");
}

#[test]
fn unpacking_takes_longer_without_products_of_bytes() {
    let catalog = catalog();
    let slow = |runtime: &str, chip: &str, kernel: KernelClass| {
        let (runtime, chip) = (catalog.runtimes.get(runtime).unwrap(), catalog.chips.get(chip).unwrap());
        let names = factor_names(TermKey::Unpack(kernel), runtime, chip);
        names.iter().any(|(name, _)| name == "unpack/cuda/no-byte-products")
    };
    assert!(slow("llama.cpp-cuda", "p100", KernelClass::K4));
    // Looked up in tables.
    assert!(!slow("llama.cpp-cuda", "p100", KernelClass::IqLow));
    for chip in ["p40", "rtx-3090", "gb300"] {
        assert!(!slow("llama.cpp-cuda", chip, KernelClass::K4), "{chip}");
    }
    // Shaders multiply in floating point.
    assert!(!slow("llama.cpp-vulkan", "p100", KernelClass::K4));
}

#[test]
fn rates_are_products_of_factors() {
    let catalog = catalog();
    let index = Index::new(&catalog.calibrations);
    for (runtime, chip) in [
        ("llama.cpp-cuda", "rtx-4090"),
        ("llama.cpp-vulkan", "rx-9070-xt"),
        ("mlx", "apple-m4-max-40c"),
        ("vllm-cuda", "gb10"),
        ("llama.cpp-cpu", "ryzen-7950x"),
    ] {
        let (runtime, chip) = (catalog.runtimes.get(runtime).unwrap(), catalog.chips.get(chip).unwrap());
        let rates = Rates::new(&index, runtime, chip);
        for key in TermKey::all() {
            let product: f64 = factor_names(key, runtime, chip)
                .iter()
                .map(|(name, weight)| index.value(name).unwrap_or(1.0).powf(*weight))
                .product();
            assert!((rates.factor(key) / product - 1.0).abs() < 1e-9, "{key:?} of {}", runtime.id);
        }
        // Weights are read at 30 to 105 % of the bandwidth, and a layer costs 5 to 2,000 microseconds.
        let weights = rates.factor(TermKey::State);
        assert!((0.95..3.3).contains(&weights), "{weights} for {} on {}", runtime.id, chip.id);
        let layer = rates.factor(TermKey::Layer);
        assert!((5.0..2000.0).contains(&layer), "{layer} for {} on {}", runtime.id, chip.id);
    }
}

/// Whatever runs on them, machines that exchange through the operating system are no faster than those that do not.
#[test]
fn a_network_through_the_operating_system_is_slower() {
    let catalog = catalog();
    let mut machine = catalog.machines.get("dgx-spark").unwrap().clone();
    machine.devices = 2;
    let chip = catalog.chips.get(&machine.chip).unwrap();
    let scenario = Scenario { model: "qwen3-32b".into(), quant: "FP8".into(), ..Scenario::default() };
    let workload = scenario.workload(&catalog).unwrap();
    let estimator = Estimator::new(&catalog);
    let mut rate = |transport: Option<Transport>| {
        machine.link = Some(Link { name: "Ethernet".to_owned(), gb_per_s: None, transport });
        estimator.estimate(&workload, Rig { machine: &machine, chip }, "vllm-cuda").unwrap().tokens_per_s
    };
    let (direct, rdma, tcp) = (rate(None), rate(Some(Transport::Rdma)), rate(Some(Transport::Tcp)));
    assert!((direct - rdma).abs() < 1e-9);
    assert!(tcp < 0.9 * direct, "{tcp} {direct}");
}

/// The limit that estimates of prefill keep to is one that chips keep to: no measured prompt was read faster.
#[test]
fn no_measured_prompt_passes_the_limit_of_estimates() {
    let catalog = catalog();
    let mut compared = 0;
    for measurement in &catalog.measurements {
        let Ok(subject) = subject(&catalog, measurement) else { continue };
        let Setup { chip, devices: 1, runtime, split, .. } = subject.setup else { continue };
        let compute = ComputeRates::new(chip, runtime, subject.workload.kernel);
        let (Some(rate), Some(prompt), Some(compute)) =
            (measurement.prefill_tokens_per_s, subject.prompt, compute)
        else {
            continue;
        };
        let device = Devices::new(chip.bandwidth_gb_per_s.unwrap_or(0.0), runtime, chip, 1, split);
        let least = prefill_least_seconds(&subject.workload, prompt, &device, compute);
        assert!(rate * least <= 1.0, "{} reads {rate} tokens a second", measurement.id);
        compared += 1;
    }
    assert!(compared > 1400, "{compared}");
}

/// A runtime that nobody measured on a family answers for no machine that others hold the model on as well, be it whole or with
/// a part on the host.
#[test]
fn a_guess_does_not_take_the_place_of_what_was_measured() {
    let catalog = catalog();
    let estimator = Estimator::new(&catalog);
    let mut guesses_passed_over = 0;
    for (model, quant) in [("llama-3.1-8b", "Q8_0"), ("gpt-oss-120b", "MXFP4")] {
        let scenario = Scenario { model: model.into(), quant: quant.into(), ..Scenario::default() };
        let workload = scenario.workload(&catalog).unwrap();
        for machine in &catalog.machines {
            let rig = Rig { machine, chip: catalog.chips.get(&machine.chip).unwrap() };
            let Ok((best, chosen)) = estimator.ask(&workload).best(rig, None) else { continue };
            for runtime in catalog.runtimes.iter().filter(|runtime| runtime.offered && runtime.id != **best) {
                let Ok(other) = estimator.estimate(&workload, rig, &runtime.id) else { continue };
                if discriminant(&chosen.placement) != discriminant(&other.placement) {
                    continue;
                }
                let is_guess = [&chosen, &other].map(|it| it.confidence.evidence == Evidence::General);
                assert_ne!(is_guess, [true, false], "{} {best}", machine.id);
                let is_faster = other.tokens_per_s > chosen.tokens_per_s;
                guesses_passed_over += u32::from(is_guess == [false, true] && is_faster);
            }
        }
    }
    assert!(guesses_passed_over > 0);
}

/// Which runtime answers follows from what is known of them, not from the order in which presets name them.
#[test]
fn the_order_of_runtimes_decides_nothing() {
    let catalog = catalog();
    let mut reversed = catalog.clone();
    reversed.runtimes = Table::default();
    let mut runtimes: Vec<_> = catalog.runtimes.iter().cloned().collect();
    while let Some(runtime) = runtimes.pop() {
        reversed.runtimes.insert(runtime);
    }
    let estimators = [Estimator::new(&catalog), Estimator::new(&reversed)];
    for (model, quant) in [("llama-3.1-8b", "Q4_K_M"), ("qwen3-30b-a3b", "AWQ-int4")] {
        let scenario = Scenario { model: model.into(), quant: quant.into(), ..Scenario::default() };
        let workload = scenario.workload(&catalog).unwrap();
        let chosen = estimators.each_ref().map(|estimator| -> Vec<Option<(String, u64)>> {
            let best = |machine| {
                let rig = Rig { machine, chip: catalog.chips.get(&machine.chip).unwrap() };
                let (runtime, estimate) = estimator.ask(&workload).best(rig, None).ok()?;
                Some((runtime.to_string(), estimate.tokens_per_s.to_bits()))
            };
            catalog.machines.iter().map(best).collect()
        });
        assert!(chosen[0].iter().flatten().count() > 50);
        assert_eq!(chosen[0], chosen[1]);
    }
}

#[test]
fn what_an_estimate_rests_on_is_said_in_words() {
    let catalog = catalog();
    let decode = catalog.calibrations.get("decode").unwrap();
    let coverage = Coverage::new(&catalog, &decode.evidence);
    let say = |coverage: &Coverage, runtime: &str, chip: &str| {
        let (runtime, chip) = (catalog.runtimes.get(runtime).unwrap(), catalog.chips.get(chip).unwrap());
        let (evidence, rows) = coverage.evidence(runtime, chip);
        let confidence = Confidence {
            evidence,
            rows,
            low_factor: 0.9,
            high_factor: 1.1,
            prefill_low_factor: 0.7,
            prefill_high_factor: 1.4,
        };
        basis(&catalog, runtime, chip, &confidence)
    };
    let measured = say(&coverage, "llama.cpp-cuda", "rtx-4090");
    assert!(measured.contains("RTX 4090 measured with llama.cpp (CUDA), "), "{measured}");
    let family = say(&coverage, "llama.cpp-vulkan", "w7800");
    assert!(family.starts_with("chips of its family measured with "), "{family}");
    assert!(family.contains("RX 7900 XTX"), "{family}");
    let nothing = say(&Coverage::new(&catalog, &[]), "llama.cpp-opencl", "snapdragon-x-elite");
    assert!(nothing.contains("nothing measured with llama.cpp (OpenCL)"), "{nothing}");
}
