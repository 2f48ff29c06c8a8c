//! Which names are written, and where: worked out once for a figure, a size and a part in view.

use std::sync::Arc;

use egui::{Galley, Pos2, Rect, Vec2, vec2};

use super::{
    labels::{Lead, Place, Placer, Request, Side},
    layout::{self, line},
    scene::Scene,
};
use crate::figure::{Course, Mark, Stroke};

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
    pub galley: Arc<Galley>,
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
        size: scene.frame.size(),
        bounds: [left, bottom, right, top],
        pixels_per_point: scene.ui.pixels_per_point(),
    };
    if let Some(names) = before.filter(|names| names.key == key) {
        return names;
    }
    let frame = Rect::from_min_size(Pos2::ZERO, scene.frame.size());
    let mut placer = Placer::new(frame);
    let to_frame = -scene.frame.min.to_vec2();
    block_marks(scene, &mut placer, to_frame);
    avoid_lines(scene, &mut placer, to_frame);
    let lines = reference_names(scene, &mut placer, frame, to_frame);
    let marks = mark_names(scene, &mut placer, to_frame);
    Names { key, marks, lines }
}

fn block_marks(scene: &Scene, placer: &mut Placer, to_frame: Vec2) {
    for mark in &scene.figure.marks {
        if let Some((center, _)) = scene.place(mark) {
            let size = Vec2::splat(2.0 * scene.radius(mark));
            placer.block(Rect::from_center_size(center + to_frame, size));
        }
    }
}

fn avoid_lines(scene: &Scene, placer: &mut Placer, to_frame: Vec2) {
    for line in &scene.figure.lines {
        for pair in scene.course(&line.course).windows(2) {
            placer.avoid_line(pair[0] + to_frame, pair[1] + to_frame);
        }
    }
    for mark in &scene.figure.marks {
        if let Some((low, high)) = mark.y_range {
            placer.avoid_line(scene.at(mark.x, low) + to_frame, scene.at(mark.x, high) + to_frame);
        }
    }
}

/// Names of lines across the whole chart: on the line, at whichever end or stretch is free.
fn reference_names(scene: &Scene, placer: &mut Placer, frame: Rect, to_frame: Vec2) -> Vec<Name> {
    let mut names = Vec::new();
    for (index, named) in scene.figure.lines.iter().enumerate() {
        let Some(text) = &named.label else {
            continue;
        };
        let galley = line(scene.ui, text.as_str(), layout::NAME);
        let size = galley.size();
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
                let shares = [0.12_f32, 0.25, 0.4, 0.6, 0.8];
                let above = shares.map(|share| on(share) - vec2(size.x + 6.0, size.y + 4.0));
                let below = shares.map(|share| on(share + 0.1) + vec2(8.0, 5.0));
                above.into_iter().chain(below).map(|corner| Rect::from_min_size(corner, size)).collect()
            }
            Course::Points(points) | Course::Steps(points) => {
                let Some(&(x, y)) = points.last() else {
                    continue;
                };
                let end = scene.at(x, y) + to_frame;
                // Behind the end, or over or under it where there is no room; then a line or two off.
                let behind = [-0.5_f32, 0.5, -1.5, 1.5, -2.5].map(|lines| vec2(10.0, lines * size.y));
                let before =
                    [-8.0 - size.y, 8.0, -8.0 - 2.0 * size.y, 8.0 + size.y].map(|drop| vec2(-size.x, drop));
                behind
                    .into_iter()
                    .chain(before)
                    .map(|offset| Rect::from_min_size(end + offset, size))
                    .collect()
            }
        };
        // The first that covers least; its own line touches each of them alike.
        let free = candidates.into_iter().filter(|rect| placer.is_free(*rect));
        if let Some(rect) = free.min_by_key(|rect| placer.covered(*rect)) {
            placer.block(rect.expand(1.0));
            names.push(Name { index, galley, place: Place { rect, leader: None } });
        }
    }
    names
}

/// What decides who is named first: what the person follows, the best buys, the fastest.
fn importance(mark: &Mark) -> (bool, bool, bool) {
    (mark.pinned, mark.on_frontier, mark.kind.is_buyable())
}

fn mark_names(scene: &Scene, placer: &mut Placer, to_frame: Vec2) -> Vec<Name> {
    let marks = &scene.figure.marks;
    let mut order: Vec<usize> = (0..marks.len()).filter(|&index| !marks[index].name.is_empty()).collect();
    order.sort_by(|&a, &b| {
        let (a, b) = (&marks[a], &marks[b]);
        importance(b).cmp(&importance(a)).then(b.y.total_cmp(&a.y))
    });
    let mut names = Vec::new();
    let mut left_over = Vec::new();
    let mut failures = 0;
    for index in order {
        let mark = &marks[index];
        let Some((anchor, beyond)) = scene.place(mark) else {
            continue;
        };
        let text = match beyond {
            // At the edge for want of room: then the name says how far off it really is.
            Some(_) => format!("{}, {}", mark.name, scene.figure.x.value_text(mark.x)),
            None => mark.name.clone(),
        };
        let galley = line(scene.ui, text, layout::NAME);
        let request = Request {
            anchor: anchor + to_frame,
            reach: scene.radius(mark),
            size: galley.size() - vec2(0.0, 2.0 * LEADING),
            side: if mark.on_frontier { Side::UpperLeft } else { Side::Right },
            lead: if mark.pinned || mark.on_frontier { Lead::Far } else { Lead::Beside },
        };
        if let Some(place) = placer.place(&request) {
            failures = 0;
            names.push(Name { index, galley, place });
        } else {
            failures += 1;
            left_over.push((index, galley, request));
        }
        if failures > MOST_FAILURES {
            return names;
        }
    }
    // What room is left goes to those that found none beside their marks.
    for (index, galley, request) in left_over.into_iter().take(MOST_FAILURES as usize) {
        if marks[index].kind.is_buyable()
            && let Some(place) = placer.place(&Request { lead: Lead::Near, ..request })
        {
            names.push(Name { index, galley, place });
        }
    }
    names
}
