//! How a mark is drawn: its maker's shape, filled or hollow by what it stands for.

use egui::{Color32, Painter, Pos2, Stroke, Vec2, vec2};

use super::palette::{Palette, Shape, strength};
use crate::figure::MarkKind;

/// A mark ready to be drawn.
#[derive(Clone, Copy, Debug)]
pub struct Marker {
    pub shape: Shape,
    pub kind: MarkKind,
    pub color: Color32,
    /// Of the circle; other shapes are sized to look as large. In points.
    pub radius: f32,
    /// Whether a thin rim in the background's color sets it off from marks under it.
    pub rim: bool,
}

impl Marker {
    pub fn draw(&self, painter: &Painter, center: Pos2, palette: &Palette) {
        let Self { color, radius, .. } = *self;
        let (fill, stroke, radius) = match self.kind {
            MarkKind::Filled => {
                let rim = if self.rim { Stroke::new(1.0, palette.background) } else { Stroke::NONE };
                (color, rim, radius)
            }
            MarkKind::Offloaded | MarkKind::Smaller => {
                (palette.toned(color, 0.22), Stroke::new(1.4, color), radius - 0.5)
            }
            MarkKind::Withdrawn | MarkKind::Part => {
                (palette.background, Stroke::new(1.1, palette.toned(color, strength::HOLLOW)), radius - 1.0)
            }
            MarkKind::Another => (color, Stroke::NONE, radius.min(2.6)),
            MarkKind::Measured => (palette.background, Stroke::new(1.0, color), (radius * 0.5).max(1.6)),
        };
        let shape = if self.kind == MarkKind::Another { Shape::Circle } else { self.shape };
        outline(painter, shape, center, radius, fill, stroke, color);
        if self.kind == MarkKind::Part {
            painter.circle_filled(center, radius * 0.36, palette.toned(color, strength::HOLLOW));
        }
    }

    /// A small hollow mark for a machine without a place in the figure.
    pub fn draw_absent(&self, painter: &Painter, center: Pos2, ground: Color32) {
        outline(painter, self.shape, center, self.radius, ground, Stroke::new(1.1, self.color), self.color);
    }
}

fn outline(
    painter: &Painter,
    shape: Shape,
    center: Pos2,
    radius: f32,
    fill: Color32,
    stroke: Stroke,
    color: Color32,
) {
    let polygon = |corners: &[Vec2]| {
        let points = corners.iter().map(|corner| center + *corner * radius).collect();
        painter.add(egui::Shape::convex_polygon(points, fill, stroke));
    };
    match shape {
        Shape::Circle => {
            painter.circle(center, radius, fill, stroke);
        }
        Shape::Square => {
            let half = 0.89;
            polygon(&[vec2(-half, -half), vec2(half, -half), vec2(half, half), vec2(-half, half)]);
        }
        Shape::Triangle => polygon(&[vec2(0.0, -1.22), vec2(1.1, 0.72), vec2(-1.1, 0.72)]),
        Shape::Diamond => polygon(&[vec2(0.0, -1.26), vec2(1.26, 0.0), vec2(0.0, 1.26), vec2(-1.26, 0.0)]),
        Shape::Pentagon => {
            let corner = |index: u8| {
                Vec2::angled(std::f32::consts::TAU * f32::from(index) / 5.0 - std::f32::consts::FRAC_PI_2)
                    * 1.12
            };
            polygon(&[corner(0), corner(1), corner(2), corner(3), corner(4)]);
        }
        Shape::Cross => {
            // A cross has no inside: hollow ones are drawn thinner.
            let width = if fill == color { 2.6 } else { 1.2 };
            for arm in [vec2(1.0, 0.0), vec2(0.0, 1.0)] {
                painter
                    .line_segment([center - arm * radius, center + arm * radius], Stroke::new(width, color));
            }
        }
    }
}
