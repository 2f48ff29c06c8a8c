//! Colors and shapes, in one place.
//!
//! The hues are Okabe and Ito's, each darkened or lightened until it stands out from its background by a contrast of at
//! least 3:1 and makers are told apart by people who lack one kind of cone too, as the tests below compute. A maker has
//! a shape of its own as well, so that nothing is told by color alone.

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
const PURPLE: Pair = pair([200, 96, 164], [224, 146, 198]);
const GREEN: Pair = pair([0, 152, 100], [44, 216, 164]);
const VERMILION: Pair = pair([228, 80, 0], [255, 148, 84]);
const BLUE: Pair = pair([0, 92, 172], [40, 130, 240]);
const ORANGE: Pair = pair([132, 80, 10], [176, 128, 12]);
const YELLOW: Pair = pair([134, 142, 0], [236, 224, 72]);
const SKY: Pair = pair([24, 140, 220], [124, 204, 252]);
const GRAY: Pair = pair([93, 93, 98], [132, 132, 138]);

/// How strong what is drawn in a hue stands out from the background, from 0 to 1.
///
/// What a reader needs keeps a contrast of 3:1; what is only for whoever looks closely recedes.
pub mod strength {
    /// Outlines of hollow marks.
    pub const HOLLOW: f32 = 0.9;
    /// Lines that join marks.
    pub const THIN: f32 = 0.9;
    /// The same where there may be a hundred.
    pub const HAIR: f32 = 0.38;
    /// Dots along such lines.
    pub const BEAD: f32 = 0.55;
    /// The intervals of marks that matter.
    pub const INTERVAL: f32 = 0.9;
    /// The intervals of all others, of which there may be a hundred.
    pub const MANY_INTERVALS: f32 = 0.42;
    /// The best for the money, in the color of text.
    pub const FRONTIER: f32 = 0.58;
    /// Lines for orientation, in their own color.
    pub const REFERENCE: f32 = 0.8;
    /// Inside of bars that are out of the question; their outline is as that of hollow marks.
    pub const FADED: f32 = 0.35;
}

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

    /// Red, green and blue as amounts of light.
    fn light(color: Color32) -> [f64; 3] {
        [color.r(), color.g(), color.b()].map(|byte| {
            let value = f64::from(byte) / 255.0;
            if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        })
    }

    fn product(matrix: [[f64; 3]; 3], vector: [f64; 3]) -> [f64; 3] {
        matrix.map(|row| row.iter().zip(vector).map(|(a, b)| a * b).sum())
    }

    /// Contrast as the Web Content Accessibility Guidelines define it.
    fn contrast(a: Color32, b: Color32) -> f64 {
        let luminance = |color| {
            let [red, green, blue] = light(color);
            0.2126 * red + 0.7152 * green + 0.0722 * blue
        };
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// How different two colors look: the distance in CIE L*a*b*, of which 2 is just noticed.
    fn difference(one: [f64; 3], other: [f64; 3]) -> f64 {
        let lab = |light| {
            let xyz = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]];
            let [x, y, z] = product(xyz, light);
            let [x, y, z] = [x / 0.9505, y, z / 1.089]
                .map(|it| it.max(0.0))
                .map(|it| if it > 0.008_856 { it.cbrt() } else { 7.787 * it + 16.0 / 116.0 });
            [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
        };
        let squares = lab(one).into_iter().zip(lab(other)).map(|(one, other)| (one - other).powi(2));
        squares.sum::<f64>().sqrt()
    }

    /// What is seen with all cones, and without those for long, middle and short waves (Machado and others, 2009).
    const SIGHTS: [(&str, [[f64; 3]; 3]); 4] = [
        ("all", [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]),
        (
            "protanopia",
            [
                [0.152_286, 1.052_583, -0.204_868],
                [0.114_503, 0.786_281, 0.099_216],
                [-0.003_882, -0.048_116, 1.051_998],
            ],
        ),
        (
            "deuteranopia",
            [
                [0.367_322, 0.860_646, -0.227_968],
                [0.280_085, 0.672_501, 0.047_413],
                [-0.011_820, 0.042_940, 0.968_881],
            ],
        ),
        (
            "tritanopia",
            [
                [1.255_528, -0.076_749, -0.178_779],
                [-0.078_411, 0.930_809, 0.147_602],
                [0.004_733, 0.691_367, 0.303_900],
            ],
        ),
    ];

    fn hues() -> impl Iterator<Item = Hue> {
        Maker::ALL.map(Hue::Maker).into_iter().chain((0..8).map(Hue::Accent))
    }

    #[test]
    fn every_hue_stands_out() {
        for palette in [Palette::light(), Palette::dark()] {
            for hue in hues() {
                let color = palette.color(hue);
                for ground in [palette.background, palette.band] {
                    assert!(contrast(color, ground) >= 3.2, "{hue:?} {}", contrast(color, ground));
                }
            }
        }
    }

    #[test]
    fn what_a_reader_needs_stands_out_in_every_strength() {
        for palette in [Palette::light(), Palette::dark()] {
            for hue in hues() {
                for strength in [strength::HOLLOW, strength::THIN, strength::INTERVAL] {
                    let color = palette.toned(palette.color(hue), strength);
                    let contrast = contrast(color, palette.background);
                    assert!(contrast >= 3.0, "{hue:?} at {strength}: {contrast}");
                }
            }
            let frontier = palette.toned(palette.text, strength::FRONTIER);
            let reference = palette.toned(palette.reference, strength::REFERENCE);
            for color in [frontier, reference, palette.budget] {
                let contrast = contrast(color, palette.background);
                assert!(contrast >= 3.0, "{color:?}: {contrast}");
            }
        }
    }

    #[test]
    fn makers_are_told_apart_without_one_kind_of_cone() {
        for palette in [Palette::light(), Palette::dark()] {
            for (sight, matrix) in SIGHTS {
                for (index, maker) in Maker::ALL.into_iter().enumerate() {
                    for other in &Maker::ALL[..index] {
                        let seen = |maker| product(matrix, light(palette.color(Hue::Maker(maker))));
                        let difference = difference(seen(maker), seen(*other));
                        assert!(difference >= 14.0, "{maker:?} {other:?} with {sight}: {difference}");
                    }
                }
            }
        }
    }

    #[test]
    fn text_can_be_read() {
        for palette in [Palette::light(), Palette::dark()] {
            for text in [palette.strong, palette.text, palette.weak, palette.budget, palette.reference] {
                for ground in [palette.background, palette.band] {
                    assert!(contrast(text, ground) >= 4.5, "{text:?} on {ground:?}");
                }
            }
        }
    }

    #[test]
    fn makers_have_shapes_of_their_own() {
        let shapes: std::collections::HashSet<_> = Maker::ALL.map(|it| shape(Hue::Maker(it))).into();
        assert_eq!(shapes.len(), Maker::ALL.len());
    }
}
