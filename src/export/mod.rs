//! Files to publish: a figure as SVG, PNG or PDF, and its data as CSV.
//!
//! The figure is drawn by [`crate::plot`] in a context without a window, exactly as on the screen but with title and notes
//! and on white paper. Its shapes become SVG; PNG and PDF are made from that. Nothing here needs a graphics card.

mod csv;
mod page;
mod pdf;
mod png;
mod svg;

use std::{
    io::Write as _,
    path::{Path, PathBuf},
};

use crate::figure::Figure;

pub use csv::csv;

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

/// How large an exported figure is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ExportOptions {
    /// In points of 1/96 inch. Text is 11 to 19 points high.
    pub width: f32,
    pub height: f32,
    /// For PNG only.
    pub pixels_per_point: f32,
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
        Self { width, height, pixels_per_point: 2.0 }
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
    #[error("cannot write {}: {source}; choose another place or name", path.display())]
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
    let drawn = page::draw(figure, options)?;
    Ok(svg::write(figure, &drawn).into_bytes())
}

/// The figure as PNG.
pub fn png(figure: &Figure, options: &ExportOptions) -> Result<Vec<u8>, ExportError> {
    let drawn = page::draw(figure, options)?;
    png::write(&svg::write(figure, &drawn), options)
}

/// The figure as a PDF of one page, with text that can be searched and selected.
pub fn pdf(figure: &Figure, options: &ExportOptions) -> Result<Vec<u8>, ExportError> {
    let drawn = page::draw(figure, options)?;
    pdf::write(&svg::write(figure, &drawn), figure)
}

/// Writes a file as a whole or not at all: what was there stays until the new one is complete.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), ExportError> {
    let error = |source| ExportError::Write { path: path.to_owned(), source };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new().prefix(".rigwise-").tempfile_in(folder).map_err(error)?;
    // A temporary file is for its owner's eyes only; an exported one gets the rights that the folder's files have.
    #[cfg(unix)]
    if let Ok(existing) = std::fs::metadata(path) {
        file.as_file().set_permissions(existing.permissions()).map_err(error)?;
    } else {
        use std::os::unix::fs::PermissionsExt as _;
        file.as_file().set_permissions(std::fs::Permissions::from_mode(0o644)).map_err(error)?;
    }
    file.write_all(bytes).map_err(error)?;
    file.as_file().sync_all().map_err(error)?;
    file.persist(path).map_err(|failed| error(failed.error))?;
    Ok(())
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
