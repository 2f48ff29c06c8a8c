//! What exported files hold: the figure's own marks and words, whichever the format.

#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::expect_used,
    clippy::float_cmp,
    clippy::unwrap_used,
    reason = "what goes wrong here fails a test"
)]

mod drawing;
mod file;
mod pdf;
mod png;
#[allow(dead_code, clippy::format_push_string, reason = "shared with other tests")]
#[path = "../support/sample.rs"]
mod sample;
mod svg;

use rigwise::{
    catalog::Catalog,
    compare::{Filters, compare},
    estimate::Estimator,
    figure::{self, Directory, Facts, Figure, FigureOptions, Name},
};

/// Each figure there is, of machines that are no presets.
fn figures() -> Vec<Figure> {
    let catalog = sample::fixed();
    let pinned = ["pro-6000", "spark", "studio-128"].map(str::to_owned);
    Name::ALL.map(|name| draw(name, &catalog, &Filters::default(), &pinned)).to_vec()
}

fn draw(name: Name, catalog: &Catalog, filters: &Filters, pinned: &[String]) -> Figure {
    let estimator = Estimator::new(catalog);
    let scenario = sample::scenario();
    let comparison = compare(catalog, &estimator, &scenario, filters).expect("a sound scenario");
    let directory = Directory::new(catalog);
    let facts = Facts {
        catalog,
        directory: &directory,
        estimator: &estimator,
        scenario: &scenario,
        comparison: &comparison,
    };
    figure::draw(name, &facts, &FigureOptions { pinned, ..FigureOptions::default() })
}
