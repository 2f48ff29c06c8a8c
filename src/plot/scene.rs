//! What is painted in a figure, from back to front.

use egui::{Align2, FontId, Painter, Pos2, Rect, Stroke, Ui, pos2, vec2};
use egui_plot::{PlotPoint, PlotTransform};

use super::{
    View, bars,
    layout::{self, Layout},
    legend::line_stroke,
    marker::Marker,
    names::{LEADING, Name, Names},
    palette::{self, Palette, strength},
    strip,
};
use crate::figure::{self, Course, Figure, Mark, MarkKind};

/// A figure with all that is needed to draw it.
pub(super) struct Scene<'a> {
    pub ui: &'a Ui,
    pub figure: &'a Figure,
    pub layout: &'a Layout,
    pub palette: Palette,
    pub transform: PlotTransform,
    pub frame: Rect,
    pub hovered: Option<Hit>,
    highlighted: Option<&'a str>,
    /// All of the figure is in view.
    fitted: bool,
    /// Where the marks of the strip lie.
    absent: Vec<Pos2>,
    absent_beyond: Vec<Option<Beyond>>,
}

/// What the pointer is on, by its index in the figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hit {
    Mark(usize),
    Absent(usize),
    Bar(usize),
    Line(usize),
}

/// On which side a mark lies out of view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Beyond {
    Left,
    Right,
}

impl Beyond {
    fn sign(self) -> f32 {
        match self {
            Self::Left => -1.0,
            Self::Right => 1.0,
        }
    }
}

/// From a pinned mark's rim to the outside of its ring, in points.
const RING: f32 = 4.0;

/// How far from the edge the marks stand that lie beyond it, in points.
const EDGE: f32 = 13.0;

/// How far from a mark's rim the pointer still means it, in points.
const REACH: f32 = 9.0;

impl<'a> Scene<'a> {
    pub fn new(
        ui: &'a Ui,
        figure: &'a Figure,
        layout: &'a Layout,
        palette: Palette,
        transform: PlotTransform,
        view: &'a View,
    ) -> Self {
        let frame = layout.frame;
        let (highlighted, fitted) = (view.highlighted.as_deref(), !view.is_zoomed());
        let mut scene = Self {
            ui,
            figure,
            layout,
            palette,
            transform,
            frame,
            hovered: None,
            highlighted,
            fitted,
            absent: Vec::new(),
            absent_beyond: Vec::new(),
        };
        if let (Some(band), Some(strip)) = (layout.strip, &figure.strip) {
            let xs: Vec<f32> = strip.absent.iter().map(|it| scene.at(it.x, 1.0).x).collect();
            // Far off to the left or right is at the edge, as with the marks of the chart.
            let inside = |x: f32| match scene.beyond(x) {
                Some(_) => x.clamp(band.left() + EDGE, band.right() - EDGE),
                None => x,
            };
            scene.absent = strip::spread(band, &xs.iter().map(|x| inside(*x)).collect::<Vec<_>>());
            scene.absent_beyond = xs.iter().map(|x| scene.beyond(*x)).collect();
        }
        scene
    }

    /// Where a pair of values lies on the screen.
    pub fn at(&self, x: f64, y: f64) -> Pos2 {
        let point = PlotPoint::new(self.figure.x.to_plot(x), self.figure.y.to_plot(y));
        self.transform.position_from_point(&point)
    }

    /// Where a mark is drawn, or nowhere where it is out of view.
    ///
    /// While all of the figure is in view, the few marks that lie far off to the left or right stand at the edge.
    pub fn place(&self, mark: &Mark) -> Option<(Pos2, Option<Beyond>)> {
        let at = self.at(mark.x, mark.y);
        let beyond = self.beyond(at.x);
        let at = match beyond {
            Some(_) => pos2(at.x.clamp(self.frame.left() + EDGE, self.frame.right() - EDGE), at.y),
            None => at,
        };
        self.frame.expand(0.5).contains(at).then_some((at, beyond))
    }

    fn beyond(&self, x: f32) -> Option<Beyond> {
        match x {
            _ if !self.fitted => None,
            x if x > self.frame.right() + 0.5 => Some(Beyond::Right),
            x if x < self.frame.left() - 0.5 => Some(Beyond::Left),
            _ => None,
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

    /// How large a mark is drawn: smaller in a crowd, larger where it matters.
    pub fn radius(&self, mark: &Mark) -> f32 {
        let usual = match self.figure.marks.len() {
            0..=400 => 4.4,
            401..=2000 => 3.4,
            _ => 2.4,
        };
        let more = f32::from(u8::from(mark.on_frontier)) * 0.5 + f32::from(u8::from(mark.pinned)) * 1.2;
        usual + more
    }

    /// From the middle of a mark to where nothing of it is, its ring included.
    pub fn reach(&self, mark: &Mark) -> f32 {
        self.radius(mark) + if mark.pinned { RING } else { 0.0 }
    }

    /// Where the arrow ends that points to where a mark really lies.
    pub fn arrow_tip(&self, at: Pos2, beyond: Beyond, mark: &Mark) -> Pos2 {
        at + vec2(beyond.sign() * (self.radius(mark) + 6.0), 0.0)
    }

    /// A line's corners on the screen.
    pub fn course(&self, course: &Course) -> Vec<Pos2> {
        match course {
            Course::Points(points) => points.iter().map(|&(x, y)| self.at(x, y)).collect(),
            Course::Steps(points) => {
                let mut corners: Vec<Pos2> = Vec::with_capacity(points.len() * 2 + 1);
                for &(x, y) in points {
                    let at = self.at(x, y);
                    if let Some(before) = corners.last() {
                        corners.push(pos2(at.x, before.y));
                    }
                    corners.push(at);
                }
                if let Some(last) = corners.last() {
                    corners.push(pos2(self.frame.right().max(last.x), last.y));
                }
                corners
            }
            Course::Level(y) => {
                let y = self.at(1.0, *y).y;
                vec![pos2(self.frame.left(), y), pos2(self.frame.right(), y)]
            }
            Course::Upright(x) => {
                let x = self.at(*x, 1.0).x;
                let bottom = self.layout.strip.map_or(self.frame.bottom(), |strip| strip.bottom());
                vec![pos2(x, self.frame.top()), pos2(x, bottom)]
            }
        }
    }

    /// What lies under the pointer: the nearest mark, or the mark whose name it is on.
    pub fn hit(&self, pointer: Pos2, names: Option<&Names>) -> Option<Hit> {
        if self.figure.empty.is_some() {
            return None;
        }
        if let Some(bar) = bars::hit(self, pointer) {
            return Some(Hit::Bar(bar));
        }
        let marks = self.figure.marks.iter().enumerate().filter_map(|(index, mark)| {
            let (at, _) = self.place(mark)?;
            let distance = at.distance(pointer) - self.radius(mark);
            (distance <= REACH).then_some((distance, Hit::Mark(index)))
        });
        let absent = self.absent.iter().enumerate().filter_map(|(index, at)| {
            let distance = at.distance(pointer) - strip::RADIUS;
            (distance <= REACH).then_some((distance, Hit::Absent(index)))
        });
        let nearest = marks.chain(absent).min_by(|a, b| a.0.total_cmp(&b.0));
        let by_name = || {
            let at = pointer - self.frame.min.to_vec2();
            let name = names?.marks.iter().find(|name| name.place.rect.contains(at))?;
            Some(Hit::Mark(name.index))
        };
        match nearest {
            // On a name the mark it belongs to is meant, unless the pointer is right on another.
            Some((distance, hit)) if distance <= 1.0 => Some(hit),
            nearest => by_name().or(nearest.map(|(_, hit)| hit)).or_else(|| self.hit_line(pointer)),
        }
    }

    fn hit_line(&self, pointer: Pos2) -> Option<Hit> {
        let lines = self.figure.lines.iter().enumerate().filter(|(_, line)| line.id.is_some());
        let distances = lines.filter_map(|(index, line)| {
            let corners = self.course(&line.course);
            let nearest =
                corners.windows(2).map(|pair| to_segment(pointer, pair[0], pair[1])).reduce(f32::min)?;
            (nearest <= REACH).then_some((nearest, Hit::Line(index)))
        });
        distances.min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, hit)| hit)
    }

    /// Id of what was hit.
    pub fn id(&self, hit: Hit) -> Option<&'a str> {
        match hit {
            Hit::Mark(index) => self.figure.marks.get(index).map(|it| it.id.as_str()),
            Hit::Absent(index) => self.figure.strip.as_ref()?.absent.get(index).map(|it| it.id.as_str()),
            Hit::Bar(index) => self.figure.bars.get(index).map(|it| it.id.as_str()),
            Hit::Line(index) => self.figure.lines.get(index)?.id.as_deref(),
        }
    }

    /// Where the tip of something points to.
    pub fn anchor(&self, hit: Hit, pointer: Pos2) -> Rect {
        match hit {
            Hit::Mark(index) => {
                let mark = &self.figure.marks[index];
                Rect::from_center_size(
                    self.at(mark.x, mark.y),
                    egui::Vec2::splat(2.0 * self.radius(mark) + 4.0),
                )
            }
            Hit::Absent(index) => Rect::from_center_size(self.absent[index], egui::Vec2::splat(12.0)),
            Hit::Bar(_) | Hit::Line(_) => Rect::from_center_size(pointer, egui::Vec2::splat(16.0)),
        }
    }

    fn is_lit(&self, hit: Hit) -> bool {
        self.hovered == Some(hit) || (self.highlighted.is_some() && self.id(hit) == self.highlighted)
    }

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
        for tick in self.figure.y.ticks(bottom, top, f64::from(frame.height()), room) {
            let y = self.transform.position_from_point_y(tick.at);
            if !rows {
                inside.hline(frame.x_range(), y, faint);
            }
            if !tick.text.is_empty() {
                let galley = layout::line(self.ui, tick.text, layout::TICK);
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
        for (index, line) in self.figure.lines.iter().enumerate() {
            let lit = line.pinned || self.is_lit(Hit::Line(index));
            let stroke = line_stroke(line.stroke, &self.palette, self.palette.color(line.hue), lit);
            let corners = self.course(&line.course);
            match line.stroke {
                figure::Stroke::Dashed => {
                    outside.extend(egui::Shape::dashed_line(&corners, stroke, 5.0, 4.0));
                }
                figure::Stroke::Faint => inside.extend(egui::Shape::dashed_line(&corners, stroke, 2.0, 3.0)),
                figure::Stroke::Solid | figure::Stroke::Thin | figure::Stroke::Frontier => {
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
        let crowded = marks.len() > 2000;
        let in_view: Vec<(usize, Pos2, Option<Beyond>)> = marks
            .iter()
            .enumerate()
            .filter_map(|(index, mark)| self.place(mark).map(|(at, beyond)| (index, at, beyond)))
            .collect();
        // What matters most is drawn last, over all others.
        let rank = |index: usize| {
            let mark = &marks[index];
            let lit = self.is_lit(Hit::Mark(index));
            (lit, mark.pinned, mark.on_frontier, mark.kind.is_buyable())
        };
        let mut order: Vec<_> =
            in_view.into_iter().map(|(index, at, beyond)| (rank(index), index, at, beyond)).collect();
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
            if let Some((low, high)) = mark.y_range.filter(|_| !crowded || lit || pinned) {
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
            let marker = Marker {
                shape: palette::shape(mark.hue),
                kind: mark.kind,
                color: self.palette.color(mark.hue),
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
                figure::Stroke::Solid | figure::Stroke::Thin | figure::Stroke::Frontier => {
                    palette.color(line.hue)
                }
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
            let important = mark.pinned || mark.on_frontier || self.is_lit(Hit::Mark(*index));
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

/// Distance from a point to a stretch of line.
fn to_segment(point: Pos2, from: Pos2, to: Pos2) -> f32 {
    let along = to - from;
    let share = if along.length_sq() > 0.0 { (point - from).dot(along) / along.length_sq() } else { 0.0 };
    (from + along * share.clamp(0.0, 1.0)).distance(point)
}
