//! How the answer is looked at: saved, but no part of the question and not undone.

use egui::ThemePreference;
use serde::{Deserialize, Serialize};

use super::results::Sort;
use crate::{
    export::{ExportOptions, SizePreset},
    figure::Name,
};

/// How large exported figures are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ExportChoice {
    pub size: SizePreset,
    /// Pixels for a point, for PNG and the clipboard.
    pub scale: u8,
}

impl Default for ExportChoice {
    fn default() -> Self {
        Self { size: SizePreset::default(), scale: 2 }
    }
}

impl ExportChoice {
    pub const SCALES: [u8; 4] = [1, 2, 3, 4];

    #[must_use]
    pub fn options(self) -> ExportOptions {
        let pixels_per_point = f32::from(self.scale.clamp(1, 4));
        ExportOptions { pixels_per_point, ..ExportOptions::preset(self.size) }
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
