//! Values that can be read and cannot be true.

use super::{check, chip, file, machine, model};

#[test]
fn numbers_that_cannot_be() {
    check(
        machine(r#"chip: "c", memory_gib: 8, devices: 0"#),
        "
my.ron:3:36: error: `devices` of machine `b`: found `0`, expected a whole number from 1 to 10,000",
    );
    check(
        machine(r#"chip: "c", memory_gib: -8"#),
        "
my.ron:3:24: error: `memory_gib` of machine `b`: found `-8`, expected a number above 0 and at most 1,000,000",
    );
    check(machine(r#"chip: "c", memory_gib: 8, bandwidth_gb_per_s: NaN, load_w: inf"#), "
my.ron:3:47: error: `bandwidth_gb_per_s` of machine `b`: found `NaN`, expected a number above 0 and at most 1,000,000
my.ron:3:60: error: `load_w` of machine `b`: found `inf`, expected a number above 0 and at most 1,000,000");
    check(
        machine(r#"chip: "c", memory_gib: 8, usable_gib: 9"#),
        "
my.ron:3:39: error: `usable_gib` of machine `b`: it is more than `memory_gib`, which is 8",
    );
    check(
        machine(r#"chip: "c", memory_gib: 8, usable_gib: 7, usable_raised_gib: 6"#),
        "
my.ron:3:61: warning: `usable_raised_gib` of machine `b`: it is less than `usable_gib`, which is 7",
    );
    check(
        machine(r#"chip: "c", memory_gib: 8, idle_w: 20, load_w: 10"#),
        "
my.ron:3:35: warning: `idle_w` of machine `b`: it is more than `load_w`, which is 10",
    );
    check(
        machine(r#"chip: "c", memory_gib: 8, idle_w: -1"#),
        "
my.ron:3:35: error: `idle_w` of machine `b`: found `-1`, expected a number from 0 to 1,000,000",
    );
    check(machine(r#"chip: "c", memory_gib: 8, host: Some((memory_gib: 3, bandwidth_gb_per_s: 0, price_usd: -1))"#), "
my.ron:3:74: error: `bandwidth_gb_per_s` in `host` of machine `b`: found `0`, expected a number above 0 and at most 1,000,000
my.ron:3:88: error: `price_usd` in `host` of machine `b`: found `-1`, expected a number from 0 to 1,000,000,000");
    check(
        machine(r#"chip: "c", memory_gib: 8, sales: [(how: new, from: "2026", until: "2025-02")]"#),
        "
my.ron:3:67: error: `until` in `sales` of machine `b`: 2025-02 is not after `from`, which is 2026",
    );
    check(machine(r#"chip: "c", memory_gib: 8, prices: [(amount: 9, currency: EUR, date: "2026", kind: used, covers: machine, tax: included, source: "x"), (amount: 0, currency: EUR, date: "2026", kind: used, covers: machine, tax: included, source: "x")]"#), "
my.ron:3:144: error: `amount` in `prices` of machine `b`: found `0`, expected a number above 0 and at most 1,000,000,000");
    check(
        machine(
            r#"chip: "c", memory_gib: 8, prices: [(amount: 9, currency: EUR, date: "2026", kind: used, covers: machine, tax: included, source: "x", low: 5, high: 4)]"#,
        ),
        "
my.ron:3:139: error: `low` in `prices` of machine `b`: 5 is more than the range's upper end, 4",
    );
    check(
        machine(
            r#"chip: "c", memory_gib: 8, prices: [(amount: 9, currency: EUR, date: "2026", kind: used, covers: machine, tax: included, source: "x", low: 15, high: 18)]"#,
        ),
        "
my.ron:3:45: warning: `amount` in `prices` of machine `b`: 9 is not between 15 and 18",
    );
    check(
        machine(r#"chip: "sized", memory_gib: 8"#),
        "
my.ron:3:28: warning: `memory_gib` of machine `b`: the chip `sized` has 24 GiB, and this says 8",
    );
    check(machine(r#"chip: "sized", devices: 2, memory_gib: 48"#), "");
}

#[test]
fn chips() {
    check(chip("bus_bits: 256, data_rate_mt_per_s: 8000, bandwidth_gb_per_s: 273"), "
my.ron:2:62: warning: `bandwidth_gb_per_s` of chip `c`: 256 bits at 8000 MT/s carry 256.0 GB/s, which is not within 3 % of 273");
    check(chip("bus_bits: 256, data_rate_mt_per_s: 8000, bandwidth_gb_per_s: 256"), "");
    check(chip("compute: (fp16_tflops: -3, fp4_tflops: 0)"), "
my.ron:2:24: error: `fp16_tflops` in `compute` of chip `c`: found `-3`, expected a number above 0 and at most 1,000,000
my.ron:2:40: error: `fp4_tflops` in `compute` of chip `c`: found `0`, expected a number above 0 and at most 1,000,000");
    check(
        chip(r#"streaming: (share: 1.2, benchmark: "x")"#),
        "
my.ron:2:20: error: `share` in `streaming` of chip `c`: found `1.2`, expected a number above 0 and at most 1",
    );
    check(
        chip(r#"released: "soon""#),
        "
my.ron:2:11: error: `released` of chip `c`: `soon` is not a date
  help: write it as 2026-09-22, 2026-09 or 2026",
    );
    check(
        chip("tdp_w: 0"),
        "
my.ron:2:8: error: `tdp_w` of chip `c`: found `0`, expected a number above 0 and at most 1,000,000",
    );
}

#[test]
fn models() {
    check(
        model("layers: 0"),
        "
my.ron:2:9: error: `layers` of model `m`: found `0`, expected a whole number from 1 to 100,000",
    );
    check(
        model("max_context: 0"),
        "
my.ron:2:14: error: `max_context` of model `m`: found `0`, expected a whole number from 1 to 1,000,000,000",
    );
    check(
        model("params: ()"),
        "
my.ron:2:9: error: `params` of model `m`: they are all zero",
    );
    check(
        model("params: (embedding: 18446744073709551615)"),
        "
my.ron:2:21: error: `embedding` in `params` of model `m`: no model has so many parameters",
    );
    check(model("params: (experts: 5)"), "
my.ron:2:19: error: `experts` in `params` of model `m`: the model has parameters in experts, and does not say how many experts are active");
    check(
        model("experts: (layers: 1, count: 8, active: 9, size: 4, matrices: 3)"),
        "
my.ron:2:10: error: `experts` of model `m`: `params` counts no parameters in experts
my.ron:2:40: error: `active` in `experts` of model `m`: 9 are more than there are: `count` is 8",
    );
    check(
        model("params: (experts: 5), experts: (layers: 1, count: 8, active: 9, size: 4, matrices: 3)"),
        "
my.ron:2:62: error: `active` in `experts` of model `m`: 9 are more than there are: `count` is 8",
    );
    check(model("attention: [full(layers: 2, heads: 0, kv_heads: 1, head_dim: 64, shared: 3)]"), "
my.ron:2:36: error: `heads` in `attention` of model `m`: found `0`, expected a whole number from 1 to 100,000,000
my.ron:2:74: error: `shared` in `attention` of model `m`: 3 are more than there are: `layers` is 2");
    check(
        model("attention: [sliding(layers: 2, heads: 1, kv_heads: 1, head_dim: 64)]"),
        "
my.ron:2:13: error: `sliding` in `attention` of model `m` lacks the field `window`
  help: add `window: ...`",
    );
    check(model("attention: [ful(layers: 2)]"), "
my.ron:2:13: error: `attention` of model `m`: found `ful`, expected `full`, `sliding`, `mla`, `compressed` or `linear`
  help: did you mean `full`?");
    check(
        model("attention: [full(layers: 2, haeds: 1)]"),
        "
my.ron:2:29: error: `full` in `attention` of model `m` has no field `haeds`
  help: did you mean `heads`?",
    );
    check(model("attention: [compressed(layers: 2, heads: 1, entry_dim: 8)]"), "
my.ron:2:13: error: `compressed` in `attention` of model `m`: it has neither compressed entries nor a window, so it remembers nothing");
    check(model("attention: [linear(layers: 1, kind: mamba, state_elements: 1)]"), "
my.ron:2:37: error: `kind` in `attention` of model `m`: found `mamba`, expected `gated_deltanet`, `kda`, `mamba1`, `mamba2`, `short_conv` or `lightning`
  help: did you mean `mamba1`?");
    check(model("attention: [mla(layers: 1, heads: 1, kv_lora_rank: 1, rope_dim: 0, nope_dim: 0, v_head_dim: 1, sparse: (top_k: 0, layers: 2, index_layers: 1, index_dim: 1))]"), "
my.ron:2:112: error: `top_k` in `sparse` in `attention` of model `m`: found `0`, expected a whole number from 1 to 1,000,000,000
my.ron:2:123: error: `layers` in `sparse` in `attention` of model `m`: found `2`, expected a whole number from 1 to 1");
}

#[test]
fn calibrations_measurements_and_rates() {
    check(file(r#"(schema: 1, calibrations: [
(id: "decode", fitted: "2026", rows: 9, factors: [(name: "weights", value: 0, rows: 9)],
spreads: [(class: "dense", low: 0.9, high: 0.95, rows: 9)])])"#), "
my.ron:2:76: error: `value` in `factors` of calibration `decode`: found `0`, expected a number above 0 and at most 1,000,000
my.ron:3:44: error: `high` in `spreads` of calibration `decode`: it is the upper end, and less than 1");
    check(
        file(r#"(schema: 1, kv_types: [(id: " ", name: "N", bits_per_element: 16)])"#),
        r#"
my.ron:1:29: error: `id` of cache type ` `: found `" "`, expected a name that is not empty, without spaces at its ends"#,
    );
    check(file(r#"(schema: 1, models: [], measurements: [
(chip: "x"),
(id: "m1", chip: "rtx", model: "llama", quant: "Q4"),
(id: "m2", devices: 0, decode_tokens_per_s: -1)])"#), "
my.ron:2:1: error: a measurement lacks the field `id`
  help: add `id: ...`
my.ron:3:18: error: `chip` of measurement `m1`: there is no chip `rtx`
my.ron:3:32: error: `model` of measurement `m1`: there is no model `llama`
my.ron:3:48: error: `quant` of measurement `m1`: there is no quantization `Q4`
my.ron:4:21: error: `devices` of measurement `m2`: found `0`, expected a whole number from 1 to 10,000
my.ron:4:45: error: `decode_tokens_per_s` of measurement `m2`: found `-1`, expected a number above 0 and at most 10,000,000");
    check(
        file(
            r#"(schema: 1, exchange_rates: [
(date: "2026-01", usd_per_eur: 50, source: "x"),
(date: "2026-02", usd_per_eur: 1.1)])"#,
        ),
        "
my.ron:2:32: error: `usd_per_eur` of an exchange rate: found `50`, expected a number above 0.1 and at most 10
my.ron:3:1: error: an exchange rate lacks the field `source`
  help: add `source: ...`",
    );
}
