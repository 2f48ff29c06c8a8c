//! Files to publish: a figure as SVG, PNG or PDF, and its data as CSV.
//!
//! The figure is drawn by [`crate::plot`] in a context without a window, exactly as on the screen but with title and notes
//! and, unless asked otherwise, on white paper. Its shapes become SVG; PNG and PDF are made from that. Nothing here needs
//! a graphics card.

mod csv;
mod file;
mod page;
mod pdf;
mod png;
pub mod record;
mod svg;

use std::{
    borrow::Cow,
    path::{Path, PathBuf},
};

use egui_plot::PlotBounds;

use crate::figure::Figure;

pub use csv::csv;
pub use file::write;

/// A kind of file that a figure can be written to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    #[default]
    Svg,
    Png,
    Pdf,
    /// The data, not the picture.
    Csv,
}

impl Format {
    pub const ALL: [Self; 4] = [Self::Svg, Self::Png, Self::Pdf, Self::Csv];

    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Svg => "svg",
            Self::Png => "png",
            Self::Pdf => "pdf",
            Self::Csv => "csv",
        }
    }

    /// The format that a file's name asks for.
    #[must_use]
    pub fn of_path(path: &Path) -> Option<Self> {
        let extension = path.extension()?.to_str()?;
        Self::ALL.into_iter().find(|format| format.extension().eq_ignore_ascii_case(extension))
    }
}

/// Sizes that figures are published in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SizePreset {
    /// 16:9, as slides and wide screens are.
    #[default]
    Slide,
    /// As wide as the text of a page or an article.
    Column,
    Square,
}

impl SizePreset {
    pub const ALL: [Self; 3] = [Self::Slide, Self::Column, Self::Square];

    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Slide => "Slide, 16:9",
            Self::Column => "Text column",
            Self::Square => "Square",
        }
    }

    /// Width and height in points.
    #[must_use]
    pub fn size(self) -> [f32; 2] {
        match self {
            Self::Slide => [1280.0, 720.0],
            Self::Column => [760.0, 620.0],
            Self::Square => [900.0, 900.0],
        }
    }
}

/// What figures are drawn on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Paper {
    /// White, for print and documents.
    #[default]
    Light,
    /// Nearly black, for dark slides and pages.
    Dark,
}

impl Paper {
    pub const ALL: [Self; 2] = [Self::Light, Self::Dark];

    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Light => "On white",
            Self::Dark => "On black",
        }
    }
}

/// How a figure is exported.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ExportOptions {
    /// In points of 1/96 inch. Text is 11 to 19 points high.
    pub width: f32,
    pub height: f32,
    /// For PNG only.
    pub pixels_per_point: f32,
    pub paper: Paper,
    /// What of the figure is in view; absent means all of it.
    pub part: Option<PlotBounds>,
}

impl Default for ExportOptions {
    fn default() -> Self {
        Self::preset(SizePreset::Slide)
    }
}

impl ExportOptions {
    /// A preset's size, at twice the pixels of an ordinary screen.
    #[must_use]
    pub fn preset(preset: SizePreset) -> Self {
        let [width, height] = preset.size();
        Self { width, height, pixels_per_point: 2.0, paper: Paper::default(), part: None }
    }

    /// For a PNG of so many pixels from left to right.
    #[must_use]
    pub fn pixels_wide(self, pixels: u32) -> Self {
        Self { pixels_per_point: pixels as f32 / self.width, ..self }
    }
}

/// Why a figure could not be exported.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error("{width} x {height} points is no size for a figure: choose 200 to 10,000 points each way")]
    Size { width: f32, height: f32 },
    #[error(
        "a picture of {width} x {height} points at {pixels_per_point} pixels per point has too many pixels: \
         choose at most 100 million in all, by a smaller size or scale"
    )]
    Pixels { width: f32, height: f32, pixels_per_point: f32 },
    #[error(
        "the figure could not be turned into {format}: {reason}; please report this with the figure's settings"
    )]
    Drawing { format: &'static str, reason: String },
    #[error("cannot write {}: {}", path.display(), file::reason(source))]
    Write { path: PathBuf, source: std::io::Error },
}

/// The figure, or its data, as the bytes of a file.
pub fn export(figure: &Figure, format: Format, options: &ExportOptions) -> Result<Vec<u8>, ExportError> {
    match format {
        Format::Svg => svg(figure, options),
        Format::Png => png(figure, options),
        Format::Pdf => pdf(figure, options),
        Format::Csv => csv(figure),
    }
}

/// The figure as SVG with real text.
pub fn svg(figure: &Figure, options: &ExportOptions) -> Result<Vec<u8>, ExportError> {
    Ok(drawn(figure, options)?.into_bytes())
}

/// The figure as PNG.
pub fn png(figure: &Figure, options: &ExportOptions) -> Result<Vec<u8>, ExportError> {
    png::write(&drawn(figure, options)?, figure, png::Size::new(options)?)
}

/// The figure as a PDF of one page, with text that can be searched and selected.
pub fn pdf(figure: &Figure, options: &ExportOptions) -> Result<Vec<u8>, ExportError> {
    pdf::write(&drawn(figure, options)?, figure)
}

/// The figure as SVG, from which the other pictures are made.
fn drawn(figure: &Figure, options: &ExportOptions) -> Result<String, ExportError> {
    let mut figure = Cow::Borrowed(figure);
    if options.part.is_some() && figure.empty.is_none() {
        figure.to_mut().notes.insert(0, "Only a part of the figure is in view.".to_owned());
    }
    let page = page::draw(&figure, options)?;
    Ok(svg::write(&figure, &page))
}

/// What made the file, for those who find it.
const CREATOR: &str = concat!("Rigwise ", env!("CARGO_PKG_VERSION"));

/// All that stands over and under the chart, in words: scenario, assumptions, date of the prices, source.
fn description(figure: &Figure) -> String {
    let subtitle = Some(format!("{}.", figure.subtitle)).filter(|_| !figure.subtitle.is_empty());
    let lines = subtitle.iter().chain(&figure.notes).chain(std::iter::once(&figure.source));
    lines.map(String::as_str).collect::<Vec<_>>().join(" ")
}

/// The fonts that figures are drawn with, under the names that SVG knows them by.
fn fonts() -> usvg::fontdb::Database {
    let mut fonts = usvg::fontdb::Database::new();
    for data in egui::FontDefinitions::default().font_data.into_values() {
        fonts.load_font_source(usvg::fontdb::Source::Binary(data.font.clone()));
    }
    fonts.set_sans_serif_family(svg::FONT);
    fonts
}

/// The SVG as a tree with all text laid out.
fn tree(svg: &str, format: &'static str) -> Result<usvg::Tree, ExportError> {
    let options = usvg::Options {
        fontdb: std::sync::Arc::new(fonts()),
        font_family: svg::FONT.to_owned(),
        ..Default::default()
    };
    usvg::Tree::from_str(svg, &options)
        .map_err(|error| ExportError::Drawing { format, reason: error.to_string() })
}
