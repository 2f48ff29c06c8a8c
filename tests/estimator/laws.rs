//! Laws that hold for any model and machine.

use std::sync::OnceLock;

use proptest::prelude::*;
use rigwise::{
    catalog::{Machine, Model, load},
    estimate::{Estimator, Placement, Rig, StepWork},
};

use super::{catalog, estimate, scenario};

fn machine_with(bandwidth: f64) -> Machine {
    let mut machine = catalog().machines.get("rtx4090").unwrap().clone();
    machine.bandwidth_gb_per_s = Some(bandwidth);
    machine
}

fn speed_of(model: &Model, quant: &str, context: u32, bandwidth: f64) -> (f64, f64) {
    static ESTIMATOR: OnceLock<Estimator> = OnceLock::new();
    let base = catalog();
    let mut scenario = scenario(&model.id, quant, context);
    scenario.offload = false;
    let workload = scenario.workload(base).unwrap();
    let machine = machine_with(bandwidth);
    let chip = base.chips.get(&machine.chip).unwrap();
    let estimator = ESTIMATOR.get_or_init(|| Estimator::new(&load::embedded().catalog));
    let estimate = estimator.estimate(&workload, Rig { machine: &machine, chip }, "llama.cpp-cuda").unwrap();
    let bytes = StepWork::new(&workload, f64::from(context), 1.0).total_bytes();
    (estimate.tokens_per_s, bandwidth * 1e9 / bytes)
}

fn any_model() -> impl Strategy<Value = &'static Model> {
    (0..catalog().models.len()).prop_map(|at| catalog().models.iter().nth(at).unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn more_bandwidth_is_never_slower(
        model in any_model(), context in 0_u32..200_000, bandwidth in 10.0_f64..8000.0, more in 1.0_f64..4.0,
    ) {
        let (slow, _) = speed_of(model, "Q4_K_M", context, bandwidth);
        let (fast, _) = speed_of(model, "Q4_K_M", context, bandwidth * more);
        prop_assert!(fast >= slow * (1.0 - 1e-9), "{slow} {fast}");
    }

    #[test]
    fn a_longer_context_is_never_faster(
        model in any_model(), context in 0_u32..200_000, longer in 0_u32..200_000, bandwidth in 10.0_f64..8000.0,
    ) {
        let (short, _) = speed_of(model, "Q8_0", context, bandwidth);
        let (long, _) = speed_of(model, "Q8_0", context + longer, bandwidth);
        prop_assert!(long <= short * (1.0 + 1e-9), "{short} {long}");
    }

    #[test]
    fn nothing_is_faster_than_its_bytes_allow(
        model in any_model(), context in 0_u32..200_000, bandwidth in 10.0_f64..8000.0,
    ) {
        let (speed, bound) = speed_of(model, "Q6_K", context, bandwidth);
        prop_assert!(speed <= bound * (1.0 + 1e-9), "{speed} {bound}");
    }

    #[test]
    fn more_users_are_never_slower_in_total_nor_faster_each(
        model in any_model(), users in 1_u32..64, context in 0_u32..32_768,
    ) {
        let mut scenario = scenario(&model.id, "Q4_K_M", context);
        scenario.users = users;
        let some = estimate(&scenario, "pro6000", "llama.cpp-cuda");
        scenario.users = users * 2;
        let more = estimate(&scenario, "pro6000", "llama.cpp-cuda");
        if matches!((some.placement, more.placement), (Placement::Fits, Placement::Fits)) {
            prop_assert!(more.tokens_per_s <= some.tokens_per_s * (1.0 + 1e-9));
            prop_assert!(more.total_tokens_per_s >= some.total_tokens_per_s * (1.0 - 1e-9));
        }
    }
}
