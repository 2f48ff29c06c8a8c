//! Where the parts of a figure go: legend, axis names, numbers, the chart itself, the strip under it.

use std::sync::Arc;

use egui::{Color32, FontId, Galley, Rect, Ui, pos2, text::LayoutJob};

use super::{Parts, legend::Legend, strip};
use crate::figure::{Course, Figure, Scale, Stroke};

/// Type sizes, in points.
pub(super) const TITLE: f32 = 19.0;
pub(super) const SUBTITLE: f32 = 13.0;
pub(super) const AXIS_NAME: f32 = 12.0;
pub(super) const TICK: f32 = 11.5;
pub(super) const LEGEND: f32 = 12.0;
pub(super) const NAME: f32 = 11.0;
pub(super) const NOTE: f32 = 10.5;

/// With less height than this for chart, axes and strip, there is no legend.
const LEAST: f32 = 180.0;

/// Lays out a line of text whose color is chosen when it is drawn.
pub(super) fn line(ui: &Ui, text: impl Into<String>, size: f32) -> Arc<Galley> {
    ui.painter().layout_no_wrap(text.into(), FontId::proportional(size), Color32::PLACEHOLDER)
}

/// Lays out a line of text that ends in an ellipsis where it is longer than `width`.
pub(super) fn elided(ui: &Ui, text: impl Into<String>, size: f32, width: f32) -> Arc<Galley> {
    let mut job =
        LayoutJob::simple(text.into(), FontId::proportional(size), Color32::PLACEHOLDER, width.max(size));
    job.wrap.max_rows = 1;
    job.wrap.break_anywhere = true;
    ui.painter().layout_job(job)
}

/// The type size of what stands beside the upright axis of a chart of some height: names of rows lie close together.
pub(super) fn tick_size(figure: &Figure, height: f32) -> f32 {
    let Scale::Rows(names) = &figure.y.scale else {
        return TICK;
    };
    (height / names.len().max(1) as f32 * 0.8).clamp(7.0, TICK)
}

/// Lays out text in lines no longer than `width`.
pub(super) fn paragraph(ui: &Ui, text: impl Into<String>, size: f32, width: f32) -> Arc<Galley> {
    ui.painter().layout(text.into(), FontId::proportional(size), Color32::PLACEHOLDER, width.max(40.0))
}

/// The places of all parts, on the screen.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    pub title: Option<(Rect, [Arc<Galley>; 2])>,
    pub legend: Option<(Rect, Legend)>,
    pub y_name: (Rect, Arc<Galley>),
    /// The chart proper.
    pub frame: Rect,
    /// The chart with the room at its right for the names of lines that end there.
    pub named: Rect,
    pub strip: Option<Rect>,
    /// Top of the numbers under the chart.
    pub x_ticks_top: f32,
    pub x_name: (Rect, Arc<Galley>),
    pub notes: Option<(Rect, Vec<Arc<Galley>>)>,
}

impl Layout {
    pub fn new(ui: &Ui, figure: &Figure, rect: Rect, parts: Parts) -> Self {
        let mut top = rect.top();
        let title = parts.title.then(|| {
            let lines = [
                paragraph(ui, figure.title.clone(), TITLE, rect.width()),
                paragraph(ui, figure.subtitle.clone(), SUBTITLE, rect.width()),
            ];
            let height = lines[0].size().y + 2.0 + lines[1].size().y;
            let place = Rect::from_min_max(pos2(rect.left(), top), pos2(rect.right(), top + height));
            top += height + 8.0;
            (place, lines)
        });
        // Where there is hardly room for the chart, it comes first.
        let legend =
            (parts.legend && !figure.legend.is_empty()).then(|| Legend::new(ui, figure, rect.width()));
        let legend = legend.filter(|legend| rect.height() - legend.height >= LEAST).map(|legend| {
            let place = Rect::from_min_max(pos2(rect.left(), top), pos2(rect.right(), top + legend.height));
            top += legend.height + 8.0;
            (place, legend)
        });

        let mut bottom = rect.bottom();
        let notes = (parts.notes && !figure.notes.is_empty()).then(|| {
            let texts = figure.notes.iter().chain(std::iter::once(&figure.source));
            let lines: Vec<_> = texts.map(|note| paragraph(ui, note.as_str(), NOTE, rect.width())).collect();
            let height: f32 = lines.iter().map(|note| note.size().y + 1.0).sum();
            let place = Rect::from_min_max(pos2(rect.left(), bottom - height), rect.right_bottom());
            bottom -= height + 8.0;
            (place, lines)
        });

        let y_name = paragraph(ui, figure.y.label.clone(), AXIS_NAME, rect.width());
        let x_name = paragraph(ui, figure.x.label.clone(), AXIS_NAME, rect.width());
        let tick_height = line(ui, "0", TICK).size().y;
        let below = tick_height + 4.0 + x_name.size().y + 2.0;
        let strip_height = figure.strip.as_ref().map_or(0.0, |_| strip::HEIGHT + 6.0);
        let name_height = if figure.y.label.is_empty() { 4.0 } else { y_name.size().y + 5.0 };
        let frame_top = top + name_height;
        let frame_bottom = (bottom - below - strip_height).max(frame_top + 20.0);

        let column = Self::tick_column(ui, figure, frame_bottom - frame_top, rect.width());
        let left = rect.left() + column;
        // The last number under the chart is centered on its tick and needs room on its right.
        let beside = Self::name_column(ui, figure, rect.width());
        let right = (rect.right() - beside.max(14.0)).max(left + 20.0);
        let frame = Rect::from_min_max(pos2(left, frame_top), pos2(right, frame_bottom));
        let strip = figure.strip.as_ref().map(|_| {
            Rect::from_min_max(
                pos2(left, frame_bottom + 6.0),
                pos2(right, frame_bottom + 6.0 + strip::HEIGHT),
            )
        });
        let x_ticks_top = frame_bottom + strip_height + 4.0;
        let x_top = x_ticks_top + tick_height + 2.0;
        let centered = frame.center().x - x_name.size().x / 2.0;
        let x_left = centered.max(rect.left()).min(rect.right() - x_name.size().x);
        Self {
            title,
            legend,
            y_name: (Rect::from_min_size(pos2(rect.left(), top), y_name.size()), y_name),
            frame,
            named: frame.with_max_x(right + beside),
            strip,
            x_ticks_top,
            x_name: (Rect::from_min_size(pos2(x_left, x_top), x_name.size()), x_name),
            notes,
        }
    }

    /// How much room the names of the lines need that end at the right edge, where such lines are named.
    fn name_column(ui: &Ui, figure: &Figure, width: f32) -> f32 {
        let (low, high) = figure.x.fit();
        let near = low + 0.85 * (high - low);
        let named = figure.lines.iter().filter(|line| line.stroke != Stroke::Faint);
        let widest = named.filter_map(|line| match (&line.course, &line.label) {
            (Course::Points(points), Some(label)) => {
                let ends = points.last().is_some_and(|(x, _)| figure.x.to_plot(*x) >= near);
                ends.then(|| self::line(ui, label.as_str(), NAME).size().x)
            }
            _ => None,
        });
        let widest = widest.fold(0.0, f32::max);
        if widest > 0.0 { (widest + 14.0).min(width * 0.28) } else { 0.0 }
    }

    /// How wide the numbers or names left of the chart are.
    fn tick_column(ui: &Ui, figure: &Figure, height: f32, width: f32) -> f32 {
        let (low, high) = figure.y.fit();
        let size = tick_size(figure, height);
        let ticks = figure.y.ticks(low, high, f64::from(height), tick_room(&figure.y.scale)).into_iter();
        let widest = ticks.map(|tick| line(ui, tick.text, size).size().x).fold(0.0, f32::max);
        // Zooming in brings longer numbers such as 12.25; names may not push the chart off the figure.
        let least = line(ui, "0.05", TICK).size().x;
        widest.max(least).min(width * 0.45) + 8.0
    }
}

/// What a number under the level axis needs of its width, with air.
pub(super) const X_TICK_ROOM: f64 = 58.0;

/// What a number beside the upright axis needs of its height.
pub(super) fn tick_room(scale: &Scale) -> f64 {
    if matches!(scale, Scale::Rows(_)) { 1.0 } else { 19.0 }
}
