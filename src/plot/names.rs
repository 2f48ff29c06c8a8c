//! Which names are written, and where: worked out once for a figure, a size and a part in view.

use egui::{Pos2, Rect, Vec2, vec2};

use super::{
    bars,
    labels::{Lead, Place, Placer, Request, Side},
    layout::{self, line},
    scene::Scene,
};
use crate::figure::{Course, Mark, MarkKind, Stroke};

/// Names with their places, relative to the chart's upper left corner.
#[derive(Clone, Debug)]
pub(super) struct Names {
    key: Key,
    /// Marks by index.
    pub marks: Vec<Name>,
    /// Lines by index.
    pub lines: Vec<Name>,
}

#[derive(Clone, Debug)]
pub(super) struct Name {
    pub index: usize,
    /// Not laid out: letters lie elsewhere in the font's texture after a change of theme or scale.
    pub text: String,
    pub place: Place,
}

/// All that the places depend on.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Key {
    figure: u64,
    size: Vec2,
    bounds: [f64; 4],
    pixels_per_point: f32,
}

/// Empty room over and under the letters of a line, in points: it may lie over other things.
pub(super) const LEADING: f32 = 2.0;
/// After so many names in a row without room the rest will have none either.
const MOST_FAILURES: u32 = 200;

/// The names of a scene; those worked out before where nothing has changed.
pub(super) fn place(scene: &Scene, before: Option<Names>) -> Names {
    let bounds = scene.transform.bounds();
    let ([left, bottom], [right, top]) = (bounds.min(), bounds.max());
    let key = Key {
        figure: scene.figure.fingerprint(),
        size: scene.layout.named.size(),
        bounds: [left, bottom, right, top],
        pixels_per_point: scene.ui.pixels_per_point(),
    };
    if let Some(names) = before.filter(|names| names.key == key) {
        return names;
    }
    let frame = Rect::from_min_size(Pos2::ZERO, scene.layout.named.size());
    let mut placer = Placer::new(frame);
    let to_frame = -scene.frame.min.to_vec2();
    block_marks(scene, &mut placer, to_frame);
    avoid_lines(scene, &mut placer, to_frame);
    let lines = line_names(scene, &mut placer, to_frame);
    let marks = mark_names(scene, &mut placer, to_frame);
    Names { key, marks, lines }
}

fn block_marks(scene: &Scene, placer: &mut Placer, to_frame: Vec2) {
    for (index, center, beyond) in scene.in_view() {
        let mark = &scene.figure.marks[index];
        // A name may lie over the dots of a curve as over the curve.
        if mark.kind == MarkKind::Another {
            continue;
        }
        let size = Vec2::splat(2.0 * scene.reach(mark));
        placer.block(Rect::from_center_size(center + to_frame, size));
        if let Some(beyond) = beyond {
            let arrow = Rect::from_two_pos(center, scene.arrow_tip(center, beyond, mark));
            placer.block(arrow.expand(3.0).translate(to_frame));
        }
        for (value, _) in &mark.measured {
            let at = scene.at(mark.x, *value) + to_frame;
            placer.block(Rect::from_center_size(at, Vec2::splat(5.0)));
        }
    }
    for bar in bars::occupied(scene) {
        placer.block(bar.translate(to_frame));
    }
}

fn avoid_lines(scene: &Scene, placer: &mut Placer, to_frame: Vec2) {
    for line in &scene.figure.lines {
        for pair in scene.course(&line.course).windows(2) {
            placer.avoid_line(pair[0] + to_frame, pair[1] + to_frame);
        }
    }
    for mark in &scene.figure.marks {
        if let Some((low, high)) = mark.y_range.filter(|_| scene.has_interval(mark)) {
            placer.avoid_line(scene.at(mark.x, low) + to_frame, scene.at(mark.x, high) + to_frame);
        }
    }
}

/// Names of lines: of those across the whole chart on the line, at whichever end or stretch is free; of others at the end.
fn line_names(scene: &Scene, placer: &mut Placer, to_frame: Vec2) -> Vec<Name> {
    let frame = scene.frame.translate(to_frame);
    let mut names = Vec::new();
    for (index, named) in scene.figure.lines.iter().enumerate() {
        let Some(text) = &named.label else {
            continue;
        };
        let size = line(scene.ui, text.as_str(), layout::NAME).size();
        let named_as = |place| Name { index, text: text.clone(), place };
        let stretch = [1.0_f32, 0.0, 0.15, 0.85, 0.3, 0.7, 0.5];
        let candidates: Vec<Rect> = match &named.course {
            Course::Level(y) => {
                let y = scene.at(0.0, *y).y + to_frame.y;
                let room = frame.width() - size.x - 8.0;
                let over = stretch.map(|share| egui::pos2(4.0 + room * share, y - size.y - 1.0));
                let under = stretch.map(|share| egui::pos2(4.0 + room * share, y + 1.0));
                over.into_iter().chain(under).map(|corner| Rect::from_min_size(corner, size)).collect()
            }
            Course::Upright(x) => {
                let x = scene.at(*x, 0.0).x + to_frame.x;
                let room = frame.height() - size.y - 6.0;
                let right = stretch.map(|share| egui::pos2(x + 4.0, 3.0 + room * (1.0 - share)));
                let left = stretch.map(|share| egui::pos2(x - 4.0 - size.x, 3.0 + room * (1.0 - share)));
                right.into_iter().chain(left).map(|corner| Rect::from_min_size(corner, size)).collect()
            }
            Course::Points(points) | Course::Steps(points) if named.stroke == Stroke::Faint => {
                // Along the line, on the side away from what it accompanies.
                let corners: Vec<Pos2> = points.iter().map(|&(x, y)| scene.at(x, y) + to_frame).collect();
                let (Some(&from), Some(&to)) = (corners.first(), corners.last()) else {
                    continue;
                };
                let on = |share: f32| from + (to - from) * share;
                let shares =
                    [0.12_f32, 0.25, 0.4, 0.6, 0.8, 0.02, 0.07, 0.18, 0.32, 0.5, 0.7, 0.86, 0.9, 0.94, 0.98];
                let above = shares.map(|share| on(share) - vec2(size.x + 6.0, size.y + 4.0));
                let below = shares.map(|share| on(share + 0.1) + vec2(8.0, 5.0));
                above.into_iter().chain(below).map(|corner| Rect::from_min_size(corner, size)).collect()
            }
            Course::Points(_) | Course::Steps(_) => {
                // As a mark's name at the end, or where the line leaves the view.
                let Some(anchor) = last_in_view(scene, &named.course) else {
                    continue;
                };
                let at_end = scene.in_view().filter(|(_, center, _)| center.distance(anchor) < 2.0);
                let at_end = at_end.map(|(index, ..)| scene.reach(&scene.figure.marks[index]));
                let request = Request {
                    anchor: anchor + to_frame,
                    reach: at_end.fold(5.0, f32::max),
                    size: size - vec2(0.0, 2.0 * LEADING),
                    side: Side::Right,
                    lead: Lead::Far,
                };
                names.extend(placer.place(&request).map(named_as));
                continue;
            }
        };
        // The first that covers least; its own line touches each of them alike.
        let free = candidates.into_iter().filter(|rect| placer.is_free(*rect));
        if let Some(rect) = free.min_by_key(|rect| placer.covered(*rect)) {
            placer.block(rect.expand(1.0));
            names.push(named_as(Place { rect, leader: None }));
        }
    }
    names
}

/// The last point of a line that is in view.
fn last_in_view(scene: &Scene, course: &Course) -> Option<Pos2> {
    const PARTS: u8 = 32;
    let corners = scene.course(course);
    let pairs = corners.windows(2).rev();
    let mut points = pairs.flat_map(|pair| {
        (0..=PARTS).map(move |part| pair[1] + (pair[0] - pair[1]) * (f32::from(part) / f32::from(PARTS)))
    });
    points.find(|point| scene.frame.shrink(1.0).contains(*point))
}

/// What decides who is named first: what the person follows, the best buys, the fastest.
fn importance(mark: &Mark) -> (bool, bool, bool) {
    (mark.pinned, mark.on_frontier, mark.kind.comes_first())
}

fn mark_names(scene: &Scene, placer: &mut Placer, to_frame: Vec2) -> Vec<Name> {
    let marks = &scene.figure.marks;
    // Close up there is room for what was not asked for as well.
    let is_named = |mark: &Mark| {
        let wanted = mark.kind != MarkKind::Another || scene.is_zoomed() || scene.is_followed(&mark.id);
        wanted && !mark.name.is_empty()
    };
    let mut order: Vec<usize> = (0..marks.len()).filter(|&index| is_named(&marks[index])).collect();
    order.sort_by(|&a, &b| {
        let (a, b) = (&marks[a], &marks[b]);
        let faster = if scene.figure.y.less_is_better { a.y.total_cmp(&b.y) } else { b.y.total_cmp(&a.y) };
        importance(b).cmp(&importance(a)).then(faster)
    });
    // A line is there already that bears the mark's name.
    let is_told = |mark: &Mark| {
        let mut lines = scene.figure.lines.iter().filter(|line| line.label.is_some());
        lines.any(|line| line.id.as_deref() == Some(&*mark.id))
    };
    let mut names = Vec::new();
    let mut left_over = Vec::new();
    let mut failures = 0;
    for index in order {
        let mark = &marks[index];
        let Some((anchor, beyond)) = scene.place(index) else {
            continue;
        };
        let text = match beyond {
            // At the edge for want of room: then the name says how far off it really is.
            Some(_) => format!("{}, {}", mark.name, scene.figure.x.value_text(mark.x)),
            None => mark.name.to_string(),
        };
        let size = line(scene.ui, text.as_str(), layout::NAME).size();
        let followed = mark.pinned || mark.on_frontier;
        let request = Request {
            anchor: anchor + to_frame,
            reach: scene.reach(mark),
            size: size - vec2(0.0, 2.0 * LEADING),
            side: match (mark.on_frontier, scene.figure.y.less_is_better) {
                (false, _) => Side::Right,
                (true, false) => Side::UpperLeft,
                (true, true) => Side::LowerLeft,
            },
            lead: match beyond {
                _ if followed && !is_told(mark) => Lead::Far,
                // Half of the places beside it lie outside the frame.
                Some(_) => Lead::Near,
                None => Lead::Beside,
            },
        };
        if let Some(place) = placer.place(&request) {
            failures = 0;
            names.push(Name { index, text, place });
        } else {
            failures += 1;
            left_over.push((index, text, request));
        }
        if failures > MOST_FAILURES {
            return names;
        }
    }
    // What room is left goes to those that found none beside their marks.
    for (index, text, request) in left_over.into_iter().take(MOST_FAILURES as usize) {
        if marks[index].kind.comes_first()
            && !marks[index].on_frontier
            && let Some(place) = placer.place(&Request { lead: Lead::Near, ..request })
        {
            names.push(Name { index, text, place });
        }
    }
    names
}

#[cfg(test)]
mod tests;
