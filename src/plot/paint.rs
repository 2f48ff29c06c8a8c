//! What is painted in a figure, from back to front.

use egui::{Align2, FontId, Painter, Pos2, Rect, Stroke, pos2, vec2};

use super::{
    bars,
    hit::Hit,
    layout::{self, Layout},
    legend::line_stroke,
    marker::Marker,
    names::{LEADING, Name, Names},
    palette::{self, strength},
    scene::{Beyond, Scene},
    strip,
};
use crate::figure::{self, MarkKind};

impl Scene<'_> {
    pub fn paint(&self, names: Option<&Names>) {
        self.surroundings();
        if let Some(empty) = &self.figure.empty {
            let painter = self.ui.painter();
            let font = FontId::proportional(15.0);
            painter.text(self.frame.center(), Align2::CENTER_CENTER, empty, font, self.palette.weak);
            return;
        }
        // A mark on the edge may stand out a little; lines end there.
        let inside = self.ui.painter().with_clip_rect(self.frame.intersect(self.ui.clip_rect()));
        let over = self.frame.expand(6.0).intersect(self.ui.clip_rect());
        let painter = self.ui.painter().with_clip_rect(over);
        self.grid(&inside);
        self.strip();
        bars::paint(self, &inside);
        self.lines(&inside);
        self.marks(&inside, &painter);
        if let Some(names) = names {
            let over = self.layout.named.expand(6.0).intersect(self.ui.clip_rect());
            self.names(&self.ui.painter().with_clip_rect(over), names);
        }
    }

    /// Title, legend, axis names and notes.
    fn surroundings(&self) {
        let painter = self.ui.painter();
        let palette = &self.palette;
        let Layout { title, legend, y_name, x_name, notes, .. } = self.layout;
        if let Some((rect, [title, subtitle])) = title {
            painter.galley(rect.min, title.clone(), palette.strong);
            painter.galley(rect.min + vec2(0.0, title.size().y + 2.0), subtitle.clone(), palette.text);
        }
        if let Some((rect, legend)) = legend {
            legend.draw(painter, rect.min, palette);
        }
        if self.figure.empty.is_none() {
            painter.galley(y_name.0.min, y_name.1.clone(), palette.text);
            painter.galley(x_name.0.min, x_name.1.clone(), palette.text);
        }
        if let Some((rect, notes)) = notes {
            let mut at = rect.min;
            for note in notes {
                painter.galley(at, note.clone(), palette.weak);
                at.y += note.size().y + 1.0;
            }
        }
    }

    fn grid(&self, inside: &Painter) {
        let (palette, frame) = (&self.palette, self.frame);
        let painter = self.ui.painter();
        let bounds = self.transform.bounds();
        let ([left, bottom], [right, top]) = (bounds.min(), bounds.max());
        let faint = Stroke::new(1.0, palette.grid);
        let below = self.layout.strip.map_or(frame.bottom(), |strip| strip.bottom());
        for tick in self.figure.x.ticks(left, right, f64::from(frame.width()), layout::X_TICK_ROOM) {
            let x = self.transform.position_from_point_x(tick.at);
            inside.vline(x, frame.y_range(), faint);
            if !tick.text.is_empty() {
                let galley = layout::line(self.ui, tick.text, layout::TICK);
                painter.vline(x, below..=below + 3.0, Stroke::new(1.0, palette.axis));
                painter.galley(
                    pos2(x - galley.size().x / 2.0, self.layout.x_ticks_top),
                    galley,
                    palette.text,
                );
            }
        }
        let room = layout::tick_room(&self.figure.y.scale);
        let rows = matches!(self.figure.y.scale, figure::Scale::Rows(_));
        let size = layout::tick_size(self.figure, frame.height());
        for tick in self.figure.y.ticks(bottom, top, f64::from(frame.height()), room) {
            let y = self.transform.position_from_point_y(tick.at);
            if !rows {
                inside.hline(frame.x_range(), y, faint);
            }
            if !tick.text.is_empty() {
                let room = frame.left() - 7.0 - self.layout.y_name.0.left();
                let galley = layout::elided(self.ui, tick.text, size, room);
                let at = pos2(frame.left() - 7.0 - galley.size().x, y - galley.size().y / 2.0);
                painter.galley(at, galley, palette.text);
            }
        }
        painter.hline(frame.x_range(), frame.bottom(), Stroke::new(1.0, palette.axis));
    }

    fn strip(&self) {
        let (Some(band), Some(strip)) = (self.layout.strip, &self.figure.strip) else {
            return;
        };
        let palette = &self.palette;
        let clip = band.expand2(vec2(5.0, 0.0)).intersect(self.ui.clip_rect());
        let painter = self.ui.painter().with_clip_rect(clip);
        painter.rect_filled(band, 2.0, palette.band);
        let caption = layout::line(self.ui, strip.caption.as_str(), layout::NAME);
        painter.galley(band.min + vec2(6.0, 2.0), caption, palette.weak);
        for (index, (it, at)) in strip.absent.iter().zip(&self.absent).enumerate() {
            let color = palette.color(it.hue);
            let shape = palette::shape(it.hue);
            let lit = self.is_lit(Hit::Absent(index));
            let radius = if lit || it.pinned { strip::RADIUS + 1.2 } else { strip::RADIUS };
            Marker { shape, kind: MarkKind::Withdrawn, color, radius, rim: false }.draw_absent(
                &painter,
                *at,
                palette.band,
            );
            if let Some(beyond) = self.absent_beyond.get(index).copied().flatten() {
                self.arrow(&painter, *at, beyond, radius);
            }
            if lit || it.pinned {
                painter.circle_stroke(*at, radius + 3.0, Stroke::new(1.2, palette.strong));
            }
        }
        let below = Stroke::new(1.0, palette.axis);
        self.ui.painter().hline(band.x_range(), band.bottom(), below);
    }

    fn lines(&self, inside: &Painter) {
        let whole = self.layout.strip.map_or(self.frame, |strip| self.frame.union(strip));
        let outside = inside.with_clip_rect(whole.intersect(self.ui.clip_rect()));
        let lines = self.figure.lines.iter().enumerate();
        let mut order: Vec<_> =
            lines.map(|(index, line)| (line.pinned || self.is_lit(Hit::Line(index)), line)).collect();
        order.sort_by_key(|(lit, _)| *lit);
        for (lit, line) in order {
            let stroke = line_stroke(line.stroke, &self.palette, self.palette.color(line.hue), lit);
            let corners = self.course(&line.course);
            match line.stroke {
                figure::Stroke::Dashed => {
                    outside.extend(egui::Shape::dashed_line(&corners, stroke, 5.0, 4.0));
                }
                figure::Stroke::Faint => inside.extend(egui::Shape::dashed_line(&corners, stroke, 2.0, 3.0)),
                figure::Stroke::Solid
                | figure::Stroke::Thin
                | figure::Stroke::Hair
                | figure::Stroke::Frontier => {
                    let end = corners.last().copied();
                    inside.add(egui::Shape::line(corners, stroke));
                    if let (Some(_), Some(end)) = (&line.end, end) {
                        inside.vline(end.x, end.y - 5.0..=end.y + 5.0, stroke);
                    }
                }
            }
        }
    }

    fn marks(&self, inside: &Painter, painter: &Painter) {
        let marks = &self.figure.marks;
        let crowded = self.is_crowded();
        // What matters most is drawn last, over all others.
        let rank = |index: usize| {
            let mark = &marks[index];
            let lit = self.is_lit(Hit::Mark(index));
            (lit, mark.pinned, mark.on_frontier, mark.kind.comes_first())
        };
        let mut order: Vec<_> =
            self.in_view().map(|(index, at, beyond)| (rank(index), index, at, beyond)).collect();
        order.sort_by_key(|(rank, ..)| *rank);
        for &((lit, pinned, frontier, _), index, at, _) in &order {
            let mark = &marks[index];
            let color = self.palette.color(mark.hue);
            let strength = if lit || pinned {
                1.0
            } else if frontier {
                strength::INTERVAL
            } else {
                strength::MANY_INTERVALS
            };
            if let Some((low, high)) = mark.y_range.filter(|_| lit || self.has_interval(mark)) {
                let stroke =
                    Stroke::new(if lit || pinned { 1.8 } else { 1.0 }, self.palette.toned(color, strength));
                let (low, high) = (self.at(mark.x, low).y, self.at(mark.x, high).y);
                inside.vline(at.x, high..=low, stroke);
            }
            if let Some((low, high)) = mark.x_range.filter(|_| lit || pinned) {
                let (low, high) = (self.at(low, mark.y).x, self.at(high, mark.y).x);
                inside.hline(
                    low..=high,
                    at.y,
                    Stroke::new(1.4, self.palette.toned(color, strength::INTERVAL)),
                );
            }
            for (speed, _) in &mark.measured {
                let at = self.at(mark.x, *speed);
                let shape = palette::Shape::Circle;
                Marker { shape, kind: MarkKind::Measured, color, radius: 4.4, rim: false }.draw(
                    inside,
                    at,
                    &self.palette,
                );
            }
        }
        for ((lit, pinned, ..), index, at, beyond) in order {
            let mark = &marks[index];
            if !self.is_drawn(mark) {
                continue;
            }
            let (shape, mut color) = (palette::shape(mark.hue), self.palette.color(mark.hue));
            if mark.kind == MarkKind::Another && !self.is_vivid(mark) {
                color = self.palette.toned(color, strength::BEAD);
            }
            let marker = Marker {
                shape,
                kind: mark.kind,
                color,
                radius: self.radius(mark) + if lit { 0.8 } else { 0.0 },
                rim: !crowded,
            };
            marker.draw(painter, at, &self.palette);
            if let Some(beyond) = beyond {
                self.arrow(painter, at, beyond, marker.radius);
            }
            if lit || pinned {
                painter.circle_stroke(at, marker.radius + 3.2, Stroke::new(1.4, self.palette.strong));
            }
        }
    }

    /// An arrow head that points to where a mark really lies.
    fn arrow(&self, painter: &Painter, at: Pos2, beyond: Beyond, radius: f32) {
        let sign = beyond.sign();
        let tip = at + vec2(sign * (radius + 6.0), 0.0);
        let stroke = Stroke::new(1.4, self.palette.weak);
        for side in [-1.0, 1.0] {
            painter.line_segment([tip, tip + vec2(-sign * 3.0, side * 3.5)], stroke);
        }
    }

    /// Keeps what little of a line a name covers from running through the letters.
    fn veil(&self, painter: &Painter, rect: Rect) {
        painter.rect_filled(rect, 1.5, self.palette.background.gamma_multiply(0.85));
    }

    fn names(&self, painter: &Painter, names: &Names) {
        let corner = self.frame.min.to_vec2();
        let palette = &self.palette;
        for Name { index, text, place } in &names.lines {
            let line = &self.figure.lines[*index];
            let color = match line.stroke {
                figure::Stroke::Dashed => palette.budget,
                figure::Stroke::Faint => palette.reference,
                figure::Stroke::Solid
                | figure::Stroke::Thin
                | figure::Stroke::Hair
                | figure::Stroke::Frontier => palette.color(line.hue),
            };
            if let Some([from, to]) = place.leader {
                let stroke = Stroke::new(0.8, palette.toned(color, strength::THIN));
                painter.line_segment([from + corner, to + corner], stroke);
            }
            let rect = place.rect.translate(corner);
            self.veil(painter, rect);
            let galley = layout::line(self.ui, text.as_str(), layout::NAME);
            painter.galley(rect.center() - galley.size() / 2.0, galley, color);
        }
        for Name { index, text, place } in &names.marks {
            let mark = &self.figure.marks[*index];
            let on_curve = mark.kind == MarkKind::Another && self.is_followed(&mark.id);
            let important = mark.pinned || mark.on_frontier || on_curve || self.is_lit(Hit::Mark(*index));
            if let Some([from, to]) = place.leader {
                let stroke = Stroke::new(0.8, palette.toned(palette.weak, 0.7));
                painter.line_segment([from + corner, to + corner], stroke);
            }
            let rect = place.rect.translate(corner);
            self.veil(painter, rect);
            let color = if important { palette.strong } else { palette.weak };
            let galley = layout::line(self.ui, text.as_str(), layout::NAME);
            painter.galley(rect.min - vec2(0.0, LEADING), galley, color);
        }
    }
}
