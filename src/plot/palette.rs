//! Colors and shapes, in one place.
//!
//! The hues are Okabe and Ito's, which color-blind people tell apart, each darkened or lightened until it stands out
//! from its background by a contrast of at least 3:1. A maker has a shape of its own as well, so that nothing is told by
//! color alone.

use egui::{Color32, Ui};

use crate::figure::{Hue, Maker};

/// A shape that marks are drawn in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shape {
    Circle,
    Square,
    Triangle,
    Diamond,
    Pentagon,
    Cross,
}

/// One color for light backgrounds and one for dark.
struct Pair {
    light: Color32,
    dark: Color32,
}

const fn pair(light: [u8; 3], dark: [u8; 3]) -> Pair {
    Pair {
        light: Color32::from_rgb(light[0], light[1], light[2]),
        dark: Color32::from_rgb(dark[0], dark[1], dark[2]),
    }
}

/// Reddish purple, bluish green, vermilion, blue, orange, yellow, sky blue.
const PURPLE: Pair = pair([184, 88, 138], [221, 137, 181]);
const GREEN: Pair = pair([0, 142, 103], [24, 184, 138]);
const VERMILION: Pair = pair([205, 84, 0], [240, 120, 40]);
const BLUE: Pair = pair([0, 104, 170], [86, 166, 233]);
const ORANGE: Pair = pair([176, 118, 0], [230, 170, 40]);
const YELLOW: Pair = pair([140, 130, 0], [226, 214, 70]);
const SKY: Pair = pair([30, 136, 194], [110, 196, 240]);
const GRAY: Pair = pair([105, 105, 110], [160, 160, 165]);

/// The colors of one figure, on a light or a dark background.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Palette {
    pub dark: bool,
    /// What the figure lies on.
    pub background: Color32,
    /// Frontier names, headings, numbers that matter.
    pub strong: Color32,
    /// Tick numbers and the legend.
    pub text: Color32,
    /// Names of ordinary marks, notes.
    pub weak: Color32,
    pub grid: Color32,
    pub axis: Color32,
    /// The band behind the machines that do not fit.
    pub band: Color32,
    /// The limit that the person set.
    pub budget: Color32,
    /// Lines for orientation and their labels.
    pub reference: Color32,
}

impl Palette {
    #[must_use]
    pub fn of(ui: &Ui) -> Self {
        let visuals = ui.visuals();
        let palette = if visuals.dark_mode { Self::dark() } else { Self::light() };
        let background = visuals.panel_fill;
        // Grid and bands are told from whatever they lie on by a little, not by a color of their own.
        let toned = |strength| background.lerp_to_gamma(palette.text, strength);
        Self { background, grid: toned(0.10), band: toned(0.05), ..palette }
    }

    #[must_use]
    pub fn light() -> Self {
        Self {
            dark: false,
            background: Color32::WHITE,
            strong: Color32::from_gray(20),
            text: Color32::from_gray(62),
            weak: Color32::from_gray(98),
            grid: Color32::from_gray(236),
            axis: Color32::from_gray(150),
            band: Color32::from_gray(244),
            budget: Color32::from_rgb(140, 95, 0),
            reference: Color32::from_gray(112),
        }
    }

    #[must_use]
    pub fn dark() -> Self {
        Self {
            dark: true,
            background: Color32::from_gray(18),
            strong: Color32::from_gray(240),
            text: Color32::from_gray(196),
            weak: Color32::from_gray(158),
            grid: Color32::from_gray(38),
            axis: Color32::from_gray(110),
            band: Color32::from_gray(28),
            budget: Color32::from_rgb(236, 190, 90),
            reference: Color32::from_gray(142),
        }
    }

    #[must_use]
    pub fn color(&self, hue: Hue) -> Color32 {
        let pair = match hue {
            Hue::Ink => return self.text,
            Hue::Maker(maker) => match maker {
                Maker::Apple => PURPLE,
                Maker::Nvidia => GREEN,
                Maker::Amd => VERMILION,
                Maker::Intel => BLUE,
                Maker::Qualcomm => ORANGE,
                Maker::Other => GRAY,
            },
            Hue::Accent(index) => match index % 8 {
                0 => BLUE,
                1 => VERMILION,
                2 => GREEN,
                3 => PURPLE,
                4 => ORANGE,
                5 => SKY,
                6 => YELLOW,
                _ => GRAY,
            },
        };
        if self.dark { pair.dark } else { pair.light }
    }

    /// `color` mixed into the background: what a translucent color would look like, without translucency.
    #[must_use]
    pub fn toned(&self, color: Color32, strength: f32) -> Color32 {
        self.background.lerp_to_gamma(color, strength)
    }
}

/// The shape that belongs to a hue.
#[must_use]
pub fn shape(hue: Hue) -> Shape {
    match hue {
        Hue::Maker(Maker::Apple) | Hue::Ink => Shape::Circle,
        Hue::Maker(Maker::Nvidia) => Shape::Square,
        Hue::Maker(Maker::Amd) => Shape::Triangle,
        Hue::Maker(Maker::Intel) => Shape::Diamond,
        Hue::Maker(Maker::Qualcomm) => Shape::Pentagon,
        Hue::Maker(Maker::Other) => Shape::Cross,
        Hue::Accent(index) => match index % 6 {
            0 => Shape::Circle,
            1 => Shape::Triangle,
            2 => Shape::Square,
            3 => Shape::Diamond,
            4 => Shape::Pentagon,
            _ => Shape::Cross,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Contrast as the Web Content Accessibility Guidelines define it.
    fn contrast(a: Color32, b: Color32) -> f64 {
        let luminance = |color: Color32| {
            let linear = |byte: u8| {
                let value = f64::from(byte) / 255.0;
                if value <= 0.03928 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
            };
            0.2126 * linear(color.r()) + 0.7152 * linear(color.g()) + 0.0722 * linear(color.b())
        };
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn every_hue_stands_out() {
        for palette in [Palette::light(), Palette::dark()] {
            let hues = Maker::ALL.map(Hue::Maker).into_iter().chain((0..8).map(Hue::Accent));
            for hue in hues {
                let color = palette.color(hue);
                for ground in [palette.background, palette.band] {
                    assert!(contrast(color, ground) >= 3.0, "{hue:?} {}", contrast(color, ground));
                }
            }
        }
    }

    #[test]
    fn text_can_be_read() {
        for palette in [Palette::light(), Palette::dark()] {
            for text in [palette.strong, palette.text, palette.weak, palette.budget, palette.reference] {
                assert!(contrast(text, palette.background) >= 4.5, "{text:?}");
            }
        }
    }

    #[test]
    fn makers_have_shapes_of_their_own() {
        let shapes: std::collections::HashSet<_> = Maker::ALL.map(|it| shape(Hue::Maker(it))).into();
        assert_eq!(shapes.len(), Maker::ALL.len());
    }
}
