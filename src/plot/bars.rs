//! Lying stacked bars, one row each.

use egui::{Painter, Pos2, Rect, Stroke, pos2, vec2};

use super::{
    layout,
    scene::{Hit, Scene},
};
use crate::figure::Bar;

/// Of a row's height, what its bar takes.
const SHARE: f32 = 0.62;
/// Bars are no thicker than this, in points.
const MOST: f32 = 22.0;

/// The place of a bar from the axis to the end of its last segment.
fn place(scene: &Scene, bar: &Bar) -> Rect {
    let row = bar.row as f64;
    let (top, bottom) =
        (scene.transform.position_from_point_y(0.5 - row), scene.transform.position_from_point_y(-0.5 - row));
    let middle = f32::midpoint(top, bottom);
    let half = ((bottom - top) * SHARE).min(MOST) / 2.0;
    let sum: f64 = bar.segments.iter().map(|segment| segment.value).sum();
    let left = scene.transform.position_from_point_x(scene.figure.x.to_plot(0.0));
    let right = scene.transform.position_from_point_x(scene.figure.x.to_plot(sum));
    Rect::from_min_max(pos2(left, middle - half), pos2(right.max(left), middle + half))
}

/// The bar whose row the pointer is in.
pub(super) fn hit(scene: &Scene, pointer: Pos2) -> Option<usize> {
    if !scene.frame.contains(pointer) {
        return None;
    }
    scene.figure.bars.iter().position(|bar| place(scene, bar).y_range().contains(pointer.y))
}

pub(super) fn paint(scene: &Scene, inside: &Painter) {
    let palette = &scene.palette;
    for (index, bar) in scene.figure.bars.iter().enumerate() {
        let whole = place(scene, bar);
        let lit = bar.pinned || scene.hovered == Some(Hit::Bar(index));
        if lit {
            let row = Rect::from_x_y_ranges(scene.frame.x_range(), whole.expand(4.0).y_range());
            inside.rect_filled(row, 2.0, palette.band);
        }
        let mut sum = 0.0;
        for segment in &bar.segments {
            let left = scene.transform.position_from_point_x(scene.figure.x.to_plot(sum));
            sum += segment.value;
            let right = scene.transform.position_from_point_x(scene.figure.x.to_plot(sum));
            let color = palette.color(segment.hue);
            let color = if bar.faded { palette.toned(color, 0.4) } else { color };
            let rect = Rect::from_x_y_ranges(left..=right, whole.y_range());
            // A hair's breadth between segments.
            inside.rect_filled(rect.shrink2(vec2(0.25, 0.0)), 1.0, color);
        }
        let mut end = whole.right();
        if let Some(limit) = bar.limit {
            let x = scene.transform.position_from_point_x(scene.figure.x.to_plot(limit));
            let reach = whole.expand(3.0).y_range();
            inside.vline(x, reach, Stroke::new(2.0, palette.strong));
            if x > whole.right() {
                let y = whole.center().y;
                inside.hline(whole.right()..=x, y, Stroke::new(1.0, palette.toned(palette.weak, 0.5)));
            }
            end = end.max(x);
        }
        let label = layout::line(scene.ui, bar.label.as_str(), layout::NAME);
        let at = pos2(end + 7.0, whole.center().y - label.size().y / 2.0);
        inside.galley(at, label, if bar.faded { palette.weak } else { palette.text });
    }
}
