//! What lies under the pointer.

use egui::{Pos2, Rect, Vec2};

use super::{bars, names::Names, scene::Scene, strip};
use crate::figure::MarkKind;

/// What the pointer is on, by its index in the figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hit {
    Mark(usize),
    Absent(usize),
    Bar(usize),
    Line(usize),
}

/// How far from a mark's rim the pointer still means it, in points.
const REACH: f32 = 9.0;
/// The same for a dot on a curve: others are near.
const REACH_OF_DOTS: f32 = 4.0;

impl<'a> Scene<'a> {
    /// What lies under the pointer: the nearest mark, or the mark whose name it is on.
    pub fn hit(&self, pointer: Pos2, names: Option<&Names>) -> Option<Hit> {
        if self.figure.empty.is_some() {
            return None;
        }
        if let Some(bar) = bars::hit(self, pointer) {
            return Some(Hit::Bar(bar));
        }
        let marks = self.in_view().filter_map(|(index, at, _)| {
            let mark = &self.figure.marks[index];
            let distance = at.distance(pointer) - self.radius(mark);
            let reach = if mark.kind == MarkKind::Another { REACH_OF_DOTS } else { REACH };
            (distance <= reach).then_some((distance, Hit::Mark(index)))
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
        let lines = self.figure.lines.iter().enumerate().filter(|(_, line)| line.is_pointed_at());
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
        hit.id(self.figure)
    }

    /// Where the tip of something points to.
    pub fn anchor(&self, hit: Hit, pointer: Pos2) -> Rect {
        match hit {
            Hit::Mark(index) => {
                let mark = &self.figure.marks[index];
                Rect::from_center_size(self.at(mark.x, mark.y), Vec2::splat(2.0 * self.radius(mark) + 4.0))
            }
            Hit::Absent(index) => Rect::from_center_size(self.absent[index], Vec2::splat(12.0)),
            Hit::Bar(_) | Hit::Line(_) => Rect::from_center_size(pointer, Vec2::splat(16.0)),
        }
    }

    /// Whether something is set off: what is pointed at, or highlighted, and all that belongs to it but dots.
    pub fn is_lit(&self, hit: Hit) -> bool {
        let is_dot = matches!(hit, Hit::Mark(index) if self.figure.marks[index].kind == MarkKind::Another);
        let is = |id: Option<&str>| id.is_some() && self.id(hit) == id;
        self.hovered == Some(hit) || (!is_dot && (is(self.highlighted) || is(self.hovered_id)))
    }
}

/// Distance from a point to a stretch of line.
fn to_segment(point: Pos2, from: Pos2, to: Pos2) -> f32 {
    let along = to - from;
    let share = if along.length_sq() > 0.0 { (point - from).dot(along) / along.length_sq() } else { 0.0 };
    (from + along * share.clamp(0.0, 1.0)).distance(point)
}
