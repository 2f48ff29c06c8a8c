//! What each figure looks like, light and dark, and what its SVG says: compared with pictures and texts kept here.
//!
//! `UPDATE_SNAPSHOTS=1 INSTA_UPDATE=always cargo test --test looks` takes new ones, to be looked at before they are kept.
#![allow(clippy::unwrap_used, reason = "what goes wrong here fails a test")]

mod support;

use egui::{Frame, Theme, vec2};
use egui_kittest::Harness;
use rigwise::{
    compare::Comparison,
    estimate::Estimator,
    export::{self, ExportOptions},
    figure::{self, Axes, Directory, Facts, Figure, FigureOptions, Name, Quantity},
    plot::{self, Parts, View, palette::Palette},
};
use support::{SoftRenderer, sample};

/// A machine whose memory is ample, two whose memory ends early, and one that holds the model only in part.
const PINNED: [&str; 5] = ["studio-64", "ultra-96", "rtx-5090", "strix-128", "pro-6000"];

/// The figure of that name from facts that do not change when the presets do.
fn figure(name: Name) -> Figure {
    let catalog = sample::fixed();
    let mut scenario = sample::scenario();
    scenario.money.api_per_million = Some(5.0);
    let comparison: Comparison = sample::comparison(&catalog, &scenario);
    let estimator = Estimator::new(&catalog);
    let directory = Directory::new(&catalog);
    let facts = Facts {
        catalog: &catalog,
        directory: &directory,
        estimator: &estimator,
        scenario: &scenario,
        comparison: &comparison,
    };
    let pinned: Vec<String> = match name {
        Name::PriceSpeed => vec!["spark".to_owned()],
        Name::ModelsOnMachine => vec!["studio-64".to_owned()],
        _ => PINNED.map(str::to_owned).to_vec(),
    };
    let x = (name == Name::Cost).then_some(Quantity::CostPerMillion);
    figure::draw(name, &facts, &FigureOptions { pinned: &pinned, axes: Axes { x, ..Axes::default() } })
}

fn picture(figure: Figure, theme: Theme) -> image::RgbaImage {
    let mut view = View::new(Parts::ALL);
    let mut harness = Harness::builder()
        .with_size(vec2(720.0, 450.0))
        .with_theme(theme)
        .renderer(SoftRenderer::default())
        .build_ui(move |ui| {
            let palette = if theme == Theme::Dark { Palette::dark() } else { Palette::light() };
            ui.visuals_mut().panel_fill = palette.background;
            Frame::new().fill(palette.background).inner_margin(12.0).show(ui, |ui| {
                plot::show(ui, &figure, &mut view);
            });
        });
    harness.run();
    let mut picture = harness.render().unwrap();
    // Four bits of each color are enough to see a change, and make small files.
    for channel in picture.as_flat_samples_mut().samples {
        *channel = u8::try_from((u16::from(*channel) + 8) / 17 * 17).unwrap();
    }
    picture
}

fn looks_as_before(name: Name) {
    for theme in [Theme::Light, Theme::Dark] {
        let ending = if theme == Theme::Dark { "dark" } else { "light" };
        let file = format!("{}_{ending}", name.key());
        egui_kittest::image_snapshot(&picture(figure(name), theme), file);
    }
}

macro_rules! looks {
    ($($test:ident: $name:ident,)+) => {$(
        #[test]
        fn $test() {
            looks_as_before(Name::$name);
        }
    )+};
}

looks! {
    price_speed: PriceSpeed,
    speed_context: SpeedContext,
    memory: Memory,
    cost: Cost,
    ram_price: RamPrice,
    models_on_machine: ModelsOnMachine,
    accuracy: Accuracy,
}

#[test]
fn svg_says_what_it_said() {
    for name in Name::ALL {
        let options = ExportOptions { width: 900.0, height: 600.0, ..ExportOptions::default() };
        let svg = String::from_utf8(export::svg(&figure(name), &options).unwrap()).unwrap();
        let tree = usvg::roxmltree::Document::parse(&svg).unwrap();
        let texts = tree.descendants().filter(|node| node.has_tag_name("text"));
        let texts: Vec<&str> = texts.filter_map(|node| node.text()).collect();
        insta::assert_snapshot!(format!("svg_{}", name.key()), texts.join("\n"));
    }
}
