use super::{
    layers::{count, is_full, is_sliding, layers_of},
    *,
};

fn dense() -> Model {
    ron::from_str(
        r#"(
        id: "dense", name: "Dense 70B", family: "Test", max_context: 131072, layers: 80, hidden_size: 8192,
        vocab_size: 128256,
        params: (embedding: 1050673152, head: 1050673152, attention: 12079595520, dense_ffn: 56371445760,
            other: 1318912),
        dense_ffn: Some((layers: 80, size: 28672, matrices: 3)),
        attention: [full(layers: 80, heads: 64, kv_heads: 8, head_dim: 128)],
        )"#,
    )
    .unwrap()
}

fn mixture() -> Model {
    ron::from_str(
        r#"(
        id: "moe", name: "Mixture 30B", family: "Test", max_context: 40960, layers: 48, hidden_size: 2048,
        vocab_size: 151936,
        params: (embedding: 311164928, head: 311164928, attention: 905969664, experts: 28991029248,
            router: 12582912, other: 211456),
        experts: Some((layers: 48, count: 128, active: 8, size: 768, matrices: 3)),
        attention: [full(layers: 48, heads: 32, kv_heads: 4, head_dim: 128)],
        )"#,
    )
    .unwrap()
}

#[track_caller]
fn near(value: f64, wanted: f64) {
    assert!((value / wanted - 1.0).abs() < 1e-3, "{value} is not near {wanted}");
}

fn attending(model: &Model) -> u32 {
    model.attention.iter().map(layers_of).sum()
}

#[test]
fn no_edits_change_nothing() {
    assert_eq!(ModelEdits::default().apply(&dense()), dense());
}

#[test]
fn the_total_alone_scales_depth_and_width() {
    let edits = ModelEdits { total_b: Some(8.8), ..Default::default() };
    let model = edits.apply(&dense());
    near(model.params.total() as f64, 8.8e9);
    assert_eq!(model.layers, 40);
    assert_eq!(attending(&model), 40);
    assert_eq!(model.hidden_size, 4096);
    assert_eq!(model.name, "Custom, based on Dense 70B");
    let edits = ModelEdits { total_b: Some(120.0), ..Default::default() };
    let model = edits.apply(&mixture());
    near(model.params.total() as f64, 120e9);
    near(model.active_params() / mixture().active_params(), 120e9 / mixture().params.total() as f64);
}

#[test]
fn active_parameters_are_met() {
    for active in [2.0, 3.3, 5.0, 12.0] {
        let edits = ModelEdits { active_b: Some(active), ..Default::default() };
        let model = edits.apply(&mixture());
        near(model.params.total() as f64, mixture().params.total() as f64);
        near(model.active_params(), active * 1e9);
    }
    let edits = ModelEdits { active_b: Some(20.0), ..Default::default() };
    let model = edits.apply(&dense());
    assert_eq!(model.experts.unwrap().count, DEFAULT_EXPERTS);
    near(model.params.total() as f64, dense().params.total() as f64);
    near(model.active_params(), 20e9);
}

#[test]
fn a_change_to_attention_keeps_the_total() {
    let edits = ModelEdits { kv_heads: Some(64), head_dim: Some(64), ..Default::default() };
    let model = edits.apply(&dense());
    near(model.params.total() as f64, dense().params.total() as f64);
    assert!(matches!(model.attention[0], Layers::Full { kv_heads: 64, head_dim: 64, .. }));
}

#[test]
fn layers_are_shared_out_between_full_and_sliding() {
    let edits = ModelEdits { sliding_share: Some(0.75), window: Some(1024), ..Default::default() };
    let model = edits.apply(&dense());
    assert_eq!(count(&model.attention, is_sliding), 60);
    assert_eq!(count(&model.attention, is_full), 20);
    assert!(model.attention.iter().any(|group| matches!(group, Layers::Sliding { window: 1024, .. })));
    let all = ModelEdits { sliding_share: Some(1.0), ..Default::default() }.apply(&dense());
    assert_eq!((count(&all.attention, is_sliding), count(&all.attention, is_full)), (80, 0));
    let none = ModelEdits { sliding_share: Some(0.0), ..Default::default() }.apply(&all);
    assert_eq!((count(&none.attention, is_sliding), count(&none.attention, is_full)), (0, 80));
}

#[test]
fn experts_divide_what_there_is() {
    let edits = ModelEdits { experts: Some(256), ..Default::default() };
    let model = edits.apply(&mixture());
    near(model.params.total() as f64, mixture().params.total() as f64);
    assert!(model.active_params() < mixture().active_params());
    let edits = ModelEdits { experts: Some(64), ..Default::default() };
    assert_eq!(edits.apply(&dense()).experts.unwrap().count, 64);
}

#[test]
fn nonsense_gives_a_model_all_the_same() {
    for value in [f64::NAN, f64::INFINITY, -1.0, 0.0, 1e300] {
        let edits = ModelEdits {
            total_b: Some(value),
            active_b: Some(value),
            layers: Some(0),
            kv_heads: Some(u32::MAX),
            head_dim: Some(u32::MAX),
            sliding_share: Some(value),
            window: Some(0),
            experts: Some(u32::MAX),
        };
        for preset in [dense(), mixture()] {
            let model = edits.apply(&preset);
            assert!(model.params.total() > 0, "{value}");
            assert!(model.active_params().is_finite());
        }
    }
}
