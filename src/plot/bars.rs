//! Lying stacked bars, one row each.

use std::sync::Arc;

use egui::{Galley, Painter, Pos2, Rect, Stroke, Ui, pos2, vec2};

use super::{hit::Hit, layout, palette::strength, scene::Scene};
use crate::figure::{Bar, Figure};

/// Of a row's height, what its bar takes.
const SHARE: f32 = 0.62;
/// Bars are no thicker than this, in points.
const MOST: f32 = 22.0;

/// The place of a bar from the axis to the end of its last segment.
pub(super) fn place(scene: &Scene, bar: &Bar) -> Rect {
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

/// The value at which a bar's limit or last segment ends.
fn end(bar: &Bar) -> f64 {
    let sum: f64 = bar.segments.iter().map(|segment| segment.value).sum();
    sum.max(bar.limit.unwrap_or(0.0))
}

/// From a bar's end to its label, in points.
const BEFORE_LABEL: f32 = 7.0;

fn label(scene: &Scene, bar: &Bar) -> (Rect, Arc<Galley>) {
    let left = scene.transform.position_from_point_x(scene.figure.x.to_plot(end(bar))) + BEFORE_LABEL;
    let size = layout::tick_size(scene.figure, scene.frame.height()).min(layout::NAME);
    let galley = layout::elided(scene.ui, bar.label.as_str(), size, scene.frame.right() - left);
    let corner = pos2(left, place(scene, bar).center().y - galley.size().y / 2.0);
    (Rect::from_min_size(corner, galley.size()), galley)
}

/// The end of a level axis `width` long, from zero, that leaves room for what is written behind each bar.
pub(super) fn high(ui: &Ui, figure: &Figure, width: f32) -> f64 {
    // Where a label takes nearly all of the width, its bar still gets a part.
    let share = |label: f32| f64::from((1.0 - (label + BEFORE_LABEL + 2.0) / width.max(1.0)).max(0.2));
    let needed = figure.bars.iter().map(|bar| {
        let label = layout::line(ui, bar.label.as_str(), layout::NAME).size().x;
        end(bar) / share(label)
    });
    needed.fold(figure.x.high, f64::max)
}

/// What bars and their labels take.
pub(super) fn occupied(scene: &Scene) -> impl Iterator<Item = Rect> {
    scene.figure.bars.iter().map(|bar| place(scene, bar).union(label(scene, bar).0))
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
            // A hair's breadth between segments.
            let rect = Rect::from_x_y_ranges(left..=right, whole.y_range()).shrink2(vec2(0.25, 0.0));
            if bar.faded {
                let stroke = Stroke::new(1.0, palette.toned(color, strength::HOLLOW));
                let fill = palette.toned(color, strength::FADED);
                inside.rect(rect, 1.0, fill, stroke, egui::StrokeKind::Inside);
            } else {
                inside.rect_filled(rect, 1.0, color);
            }
        }
        if let Some(limit) = bar.limit {
            let x = scene.transform.position_from_point_x(scene.figure.x.to_plot(limit));
            let reach = whole.expand(3.0).y_range();
            inside.vline(x, reach, Stroke::new(2.0, palette.strong));
            if x > whole.right() {
                let y = whole.center().y;
                inside.hline(whole.right()..=x, y, Stroke::new(1.0, palette.toned(palette.weak, 0.5)));
            }
        }
        let (place, galley) = label(scene, bar);
        inside.galley(place.min, galley, if bar.faded { palette.weak } else { palette.text });
    }
}
