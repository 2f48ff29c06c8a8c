//! The legend: one or a few lines of symbols and what they mean.

use std::sync::Arc;

use egui::{Galley, Painter, Pos2, Rect, Stroke, Ui, Vec2, pos2, vec2};

use super::{
    layout::{self, line},
    marker::Marker,
    palette::{self, Palette, strength},
};
use crate::{
    figure::{self, Figure, MarkKind, Symbol},
    units,
};

/// Entries with their places, from the legend's upper left corner.
#[derive(Clone, Debug)]
pub(super) struct Legend {
    entries: Vec<(Vec2, Symbol, Arc<Galley>)>,
    row_height: f32,
    pub height: f32,
}

const SYMBOL_WIDTH: f32 = 18.0;
const BETWEEN: f32 = 16.0;

impl Legend {
    pub fn new(ui: &Ui, figure: &Figure, width: f32) -> Self {
        let mut entries = Vec::with_capacity(figure.legend.len());
        let row_height = line(ui, "X", layout::LEGEND).size().y + 2.0;
        let mut at = Vec2::ZERO;
        for entry in &figure.legend {
            let text = match entry.count {
                Some(count) => format!("{} ({})", entry.text, units::thousands(count as f64)),
                None => entry.text.clone(),
            };
            let galley = line(ui, text, layout::LEGEND);
            let taken = SYMBOL_WIDTH + galley.size().x;
            if at.x > 0.0 && at.x + taken > width {
                at = vec2(0.0, at.y + row_height);
            }
            entries.push((at, entry.symbol, galley));
            at.x += taken + BETWEEN;
        }
        Self { entries, row_height, height: at.y + row_height }
    }

    pub fn draw(&self, painter: &Painter, corner: Pos2, palette: &Palette) {
        for (offset, symbol, galley) in &self.entries {
            let corner = corner + *offset;
            let cell = Rect::from_min_size(corner, vec2(SYMBOL_WIDTH - 5.0, self.row_height));
            draw_symbol(painter, cell, *symbol, palette);
            let top = corner.y + (self.row_height - galley.size().y) / 2.0;
            painter.galley(pos2(corner.x + SYMBOL_WIDTH, top), galley.clone(), palette.text);
        }
    }
}

fn draw_symbol(painter: &Painter, cell: Rect, symbol: Symbol, palette: &Palette) {
    let center = cell.center();
    match symbol {
        Symbol::Mark(hue, kind) => {
            let color = palette.color(hue);
            let shape = palette::shape(hue);
            Marker { shape, kind, color, radius: 4.5, rim: false }.draw(painter, center, palette);
        }
        Symbol::Line(stroke, hue) => {
            let stroke = line_stroke(stroke, palette, palette.color(hue), false);
            painter.line_segment([cell.left_center(), cell.right_center()], stroke);
        }
        Symbol::Fill(hue) => {
            painter.rect_filled(Rect::from_center_size(center, Vec2::splat(10.0)), 1.5, palette.color(hue));
        }
        Symbol::Limit => {
            let reach = vec2(0.0, 6.0);
            painter.line_segment([center - reach, center + reach], Stroke::new(2.0, palette.strong));
        }
        Symbol::Interval => {
            let color = palette.color(figure::Hue::Ink);
            let reach = vec2(0.0, 6.5);
            painter.line_segment(
                [center - reach, center + reach],
                Stroke::new(1.0, palette.toned(color, strength::INTERVAL)),
            );
            let shape = palette::Shape::Circle;
            Marker { shape, kind: MarkKind::Filled, color, radius: 3.0, rim: false }
                .draw(painter, center, palette);
        }
    }
}

/// Color and width of a line.
pub(super) fn line_stroke(
    stroke: figure::Stroke,
    palette: &Palette,
    color: egui::Color32,
    emphasized: bool,
) -> Stroke {
    let more = if emphasized { 1.0 } else { 0.0 };
    match stroke {
        figure::Stroke::Solid => Stroke::new(1.8 + more, color),
        figure::Stroke::Dashed => Stroke::new(1.2, palette.budget),
        figure::Stroke::Faint => Stroke::new(1.0, palette.toned(palette.reference, strength::REFERENCE)),
        figure::Stroke::Thin => Stroke::new(1.1 + more, palette.toned(color, strength::THIN)),
        figure::Stroke::Hair if emphasized => Stroke::new(1.3, color),
        figure::Stroke::Hair => Stroke::new(0.7, palette.toned(color, strength::HAIR)),
        figure::Stroke::Frontier => Stroke::new(1.5, palette.toned(palette.text, strength::FRONTIER)),
    }
}
