//! How the answer is looked at: saved, but no part of the question and not undone.

use egui::ThemePreference;
use serde::{Deserialize, Serialize};

use super::results::Sort;
use crate::{
    export::{ExportOptions, Paper, SizePreset},
    figure::Name,
};

/// How figures are exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ExportChoice {
    pub size: SizePreset,
    pub paper: Paper,
    /// Pixels for a point, for PNG and the clipboard.
    pub scale: u8,
    /// Instead of the scale: pixels from left to right.
    pub pixels_wide: Option<u32>,
}

impl Default for ExportChoice {
    fn default() -> Self {
        Self { size: SizePreset::default(), paper: Paper::default(), scale: 2, pixels_wide: None }
    }
}

impl ExportChoice {
    pub const SCALES: [u8; 4] = [1, 2, 3, 4];
    pub const PIXELS_WIDE: std::ops::RangeInclusive<u32> = 100..=10_000;

    #[must_use]
    pub fn options(self) -> ExportOptions {
        let pixels_per_point = f32::from(self.scale.clamp(1, 4));
        let preset = ExportOptions::preset(self.size);
        let options = ExportOptions { pixels_per_point, paper: self.paper, ..preset };
        match self.pixels_wide {
            Some(pixels) => {
                options.pixels_wide(pixels.clamp(*Self::PIXELS_WIDE.start(), *Self::PIXELS_WIDE.end()))
            }
            None => options,
        }
    }
}

/// How the answer is looked at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct View {
    pub tab: Name,
    pub sort: Sort,
    pub export: ExportChoice,
    pub theme: ThemePreference,
    /// Prices as of the day the program runs, whichever that is.
    pub follows_today: bool,
}

impl Default for View {
    fn default() -> Self {
        Self {
            tab: Name::default(),
            sort: Sort::default(),
            export: ExportChoice::default(),
            theme: ThemePreference::System,
            follows_today: true,
        }
    }
}
