//! Entries that name others.

use super::{check, file};

#[test]
fn quantizations_and_their_types() {
    check(file(r#"(schema: 1, tensor_types: [
(id: "A1", bits_per_weight: 4.5, fallback: "B1"),
(id: "C1", bits_per_weight: 4.5, fallback: "A1", block_elements: 32, block_bytes: 20),
(id: "Q4_K", bits_per_weight: 99)])"#), "
my.ron:2:44: error: `fallback` of tensor type `A1`: there is no tensor type `B1`
my.ron:3:44: error: `fallback` of tensor type `C1`: the tensor type `A1` has an error
  help: mend the tensor type first
my.ron:3:83: warning: `block_bytes` of tensor type `C1`: 20 bytes for 32 weights are 5 bits for a weight, and `bits_per_weight` is 4.5
my.ron:4:31: error: `bits_per_weight` of tensor type `Q4_K`: found `99`, expected a number above 0 and at most 64");
    check(file(r#"(schema: 1, tensor_types: [(id: "Q4_K", bits_per_weight: 4.5)], quants: [
(id: "q", name: "Q", family: gguf, tensors: (default: "Q4_K", head: "0.5 Q4_K + 0.6 Q6_K")),
(id: "r", name: "R", family: ggfu, tensors: (default: "Q4_K")),
(id: "s", name: "S", family: gguf, tensors: (default: "Q4_L", head: "Q4_L", router: "Q4_K"))])"#), "
my.ron:2:69: error: `head` in `tensors` of quantization `q`: `0.5 Q4_K + 0.6 Q6_K` is not a mix of types
  help: write `Q4_K`, or shares that sum to 1 as in `0.5 Q6_K + 0.5 Q4_K`
my.ron:3:30: error: `family` of quantization `r`: found `ggfu`, expected `gguf`, `mlx`, `safetensors`, `gptq`, `awq`, `bitsandbytes`, `exl2`, `exl3`, `mlc`, `dwarfstar` or `npu`
  help: did you mean `gguf`?
my.ron:4:55: error: `default` in `tensors` of quantization `s`: there is no tensor type `Q4_L`
  help: did you mean `Q4_K`?");
    check(file(r#"(schema: 1, kv_types: [
(id: "f16", name: "F16", bits_per_element: 0),
(id: "q8", name: "Q8", bits_per_element: 8.5, kl_divergence: inf)])"#), "
my.ron:2:44: error: `bits_per_element` of cache type `f16`: found `0`, expected a number above 0 and at most 64
my.ron:3:62: error: `kl_divergence` of cache type `q8`: found `inf`, expected a number that is not infinite");
    check(
        file(
            r#"(schema: 1, runtimes: [
(id: "r", name: "R", engine: "r", backend: "", quant_families: ["gguf"], chip_families: ["*"]),
(id: "s", name: "S", engine: "s", backend: "", quant_families: [gguf], chip_families: ["*"], quant_aliases: [(name: "a", means: "b")]),
(id: "t", name: "T", engine: "t", backend: "", quant_families: [gguf], chip_families: ["*"], models: ["m"])])"#,
        ),
        r#"
my.ron:2:65: error: an item in `quant_families` of runtime `r`: found `"gguf"`, expected one word without quotes
  help: write it without quotes
my.ron:3:129: error: `means` in `quant_aliases` of runtime `s`: there is no quantization `b`
my.ron:4:103: error: an item in `models` of runtime `t`: there is no model `m`"#,
    );
}

#[test]
fn names_of_entries_that_do_not_exist() {
    check(
        file(
            r#"(schema: 1, chips: [
(id: "rtx-5090", name: "5090", maker: "N", family: "n", kind: gpu),
(id: "broken", maker: "N", family: "n", kind: gpu)], machines: [
(id: "a", name: "A", chip: "rtx-5080", memory_gib: 32),
(id: "b", name: "B", chip: "something", memory_gib: 32),
(id: "c", name: "C", chip: "broken", memory_gib: 32)])"#,
        ),
        "
my.ron:3:1: error: chip `broken` lacks the field `name`
  help: add `name: ...`
my.ron:4:28: error: `chip` of machine `a`: there is no chip `rtx-5080`
  help: did you mean `rtx-5090`?
my.ron:5:28: error: `chip` of machine `b`: there is no chip `something`
my.ron:6:28: error: `chip` of machine `c`: the chip `broken` has an error
  help: mend the chip first",
    );
    check(
        file(
            r#"(schema: 1, chips: [
(id: "c", name: "C", maker: "N", family: "n", kind: gpu),
(id: "c", name: "D", maker: "N", family: "n", kind: gpu)])"#,
        ),
        "
my.ron:3:6: error: `id` of chip `c`: another chip has this id
  help: the one in line 2 is used; give this one another id or remove it",
    );
}
