//! Preset files with as many machines as one likes, none of them real.

use std::fmt::Write as _;

use rigwise::catalog::load;

/// Presets with `count` machines: on all the chips that there are, with prices and memory spread as real ones are.
pub fn presets(count: u32) -> String {
    let catalog = load::embedded().catalog;
    let chips: Vec<_> = catalog.chips.iter().filter(|chip| chip.bandwidth_gb_per_s.is_some()).collect();
    let mut text = "(schema: 1, machines: [\n".to_owned();
    let mut state = 1_u32;
    let mut random = |below: u32| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) % below
    };
    for (index, chip) in (0..count).zip(chips.iter().cycle()) {
        let memory = 16 << random(6);
        let price = 300.0 * 1.5_f64.powf(f64::from(random(1000)) / 100.0) + f64::from(memory) * 8.0;
        writeln!(
            text,
            "(id: \"many-{index}\", name: \"Machine {index} {} {memory} GB\", chip: \"{}\", memory_gib: {memory}, \
             load_w: {}, prices: [(amount: {price:.0}, currency: USD, date: \"2026-10-01\", kind: list, \
             covers: machine, tax: excluded, source: \"none\")]),",
            chip.name,
            chip.id,
            60 + random(600),
        )
        .expect("memory enough for a text");
    }
    text.push_str("])");
    text
}
