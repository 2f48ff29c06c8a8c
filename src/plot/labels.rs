//! Where to write the names: beside their marks, and over nothing else.
//!
//! Names are placed one after the other, the most important first. Each takes the best of some places about its mark
//! that are still free, or is left out. What is taken is kept as bits of a coarse raster, so that looking costs a few
//! machine words whatever else is in the figure: ten thousand names are no trouble.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "points become cells of a raster after they were clamped to it"
)]

use egui::{Pos2, Rect, Vec2, vec2};

use super::raster::{CELL, Raster};

/// Free room round a name, in points.
const AIR: f32 = 1.0;

/// A name to place.
#[derive(Clone, Copy, Debug)]
pub struct Request {
    /// The middle of the mark.
    pub anchor: Pos2,
    /// From the middle of the mark to where its name may begin, in points.
    pub reach: f32,
    /// Of the text.
    pub size: Vec2,
    /// Which side is tried first.
    pub side: Side,
    /// How far off it may stand, with a line that leads to it: not at all, near by, or as far as it takes.
    pub lead: Lead,
}

/// How far from its mark a name may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lead {
    Beside,
    Near,
    Far,
}

impl Lead {
    fn rings(self) -> u8 {
        match self {
            Self::Beside => 0,
            Self::Near => 3,
            Self::Far => 9,
        }
    }
}

/// The side of the mark where a name is likely to stand well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Up and to the left, where nothing is beyond the frontier.
    UpperLeft,
    /// The same where less is better.
    LowerLeft,
    Right,
}

/// Where a name stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    pub rect: Rect,
    /// From the mark to the name, where the name stands apart from it.
    pub leader: Option<[Pos2; 2]>,
}

/// Places names in a frame, one after the other.
#[derive(Clone, Debug)]
pub struct Placer {
    frame: Rect,
    /// Marks and names: nothing may be written over them.
    solid: Raster,
    /// Lines and intervals: better not written over.
    fine: Raster,
}

impl Placer {
    #[must_use]
    pub fn new(frame: Rect) -> Self {
        Self { frame, solid: Raster::new(frame), fine: Raster::new(frame) }
    }

    /// Keeps names off a mark or a text that is there already.
    pub fn block(&mut self, rect: Rect) {
        self.solid.take(rect);
    }

    /// Keeps names off a line, unless there is no better place.
    pub fn avoid_line(&mut self, from: Pos2, to: Pos2) {
        self.fine.take_line(from, to);
    }

    /// Whether a text could stand here without touching anything.
    #[must_use]
    pub fn is_free(&self, rect: Rect) -> bool {
        self.frame.contains_rect(rect) && self.solid.is_free(rect)
    }

    /// How much of lines a text here would cover.
    #[must_use]
    pub fn covered(&self, rect: Rect) -> u32 {
        self.fine.taken(rect)
    }

    /// Finds a place for a name and takes it. `None` where there is no room.
    pub fn place(&mut self, request: &Request) -> Option<Place> {
        let sound = request.anchor.is_finite() && request.size.is_finite() && request.size.x > 0.0;
        if !sound || !self.frame.contains(request.anchor) {
            return None;
        }
        let mut best: Option<(f32, Rect)> = None;
        for (dislike, rect) in near(request) {
            // Candidates come by growing dislike: one that covers nothing cannot be beaten by a later one.
            if best.is_some_and(|(least, _)| least <= dislike) {
                break;
            }
            if !self.frame.contains_rect(rect) || !self.solid.is_free(rect.expand(AIR)) {
                continue;
            }
            let dislike = dislike + self.fine.taken(rect) as f32 * COVERED;
            if best.is_none_or(|(least, _)| dislike < least) {
                best = Some((dislike, rect));
            }
        }
        let beside = best.map(|(dislike, rect)| (dislike, Place { rect, leader: None }));
        // Rather a little off than across a line.
        let apart = beside.is_none_or(|(dislike, _)| dislike > ACROSS).then(|| self.place_apart(request));
        let (_, place) =
            [beside, apart.flatten()].into_iter().flatten().min_by(|(a, _), (b, _)| a.total_cmp(b))?;
        self.solid.take(place.rect.expand(AIR));
        if let Some([from, to]) = place.leader {
            self.solid.take_line(from, to);
        }
        Some(place)
    }

    /// A place further off, on rings about the mark, that a free line can lead to.
    fn place_apart(&self, request: &Request) -> Option<(f32, Place)> {
        let mut best: Option<(f32, Place)> = None;
        for ring in 1..=request.lead.rings() {
            let distance = request.reach + 7.0 + 11.0 * f32::from(ring);
            let dislike = f32::from(ring) * 2.0;
            if best.is_some_and(|(least, _)| least <= dislike - 3.0) {
                break;
            }
            for step in 0..DIRECTIONS {
                let turn = f32::from(step) * std::f32::consts::TAU / f32::from(DIRECTIONS);
                let direction = Vec2::angled(turn);
                let end = request.anchor + direction * distance;
                for rect in apart(end, direction, request.size) {
                    if !self.frame.contains_rect(rect) || !self.solid.is_free(rect.expand(AIR)) {
                        continue;
                    }
                    let start = request.anchor + direction * (request.reach + 2.0);
                    let end = rect.expand(1.0).clamp(start);
                    // Where it has left the mark's own square, and the cells that this touches.
                    let own =
                        Rect::from_center_size(request.anchor, Vec2::splat(2.0 * (request.reach + CELL)));
                    let outside = leaving(own, start, end);
                    if (end - start).length() < 5.0 || !self.line_is_free(outside, end) {
                        continue;
                    }
                    let away = match request.side {
                        Side::UpperLeft => (direction.x + direction.y) * 3.0,
                        Side::LowerLeft => (direction.x - direction.y) * 3.0,
                        Side::Right => -direction.x,
                    };
                    let dislike = dislike + away + self.fine.taken(rect) as f32 * COVERED;
                    if best.is_none_or(|(least, _)| dislike < least) {
                        best = Some((dislike, Place { rect, leader: Some([start, end]) }));
                    }
                }
            }
        }
        best
    }

    fn line_is_free(&self, from: Pos2, to: Pos2) -> bool {
        // Close enough that not even a corner of a mark lies between two.
        let beads = (2.0 * (to - from).length() / CELL).ceil().min(1024.0) as u16;
        (0..=beads).all(|bead| {
            let at = from + (to - from) * (f32::from(bead) / f32::from(beads.max(1)));
            self.solid.is_free(Rect::from_center_size(at, Vec2::splat(1.0)))
        })
    }
}

/// Where the line from a point in a rectangle to another leaves it; its end where it does not.
fn leaving(rect: Rect, from: Pos2, to: Pos2) -> Pos2 {
    let share = |from: f32, to: f32, low: f32, high: f32| {
        let (wall, way) = (if to > from { high } else { low }, to - from);
        if way.abs() > f32::EPSILON { ((wall - from) / way).clamp(0.0, 1.0) } else { 1.0 }
    };
    let across = share(from.x, to.x, rect.left(), rect.right());
    let down = share(from.y, to.y, rect.top(), rect.bottom());
    from + (to - from) * across.min(down)
}

/// What one covered cell of a line weighs against a less liked place.
const COVERED: f32 = 0.12;
/// The dislike from which on a place beside the mark may be worse than one that a line leads to: no place has more but
/// for what it covers.
const ACROSS: f32 = 4.0;
const DIRECTIONS: u8 = 16;

/// Where a text can stand at the end of a leader: beside it, or over or under it, in the middle or to either side.
fn apart(end: Pos2, direction: Vec2, size: Vec2) -> impl Iterator<Item = Rect> {
    let upright = direction.x.abs() < 0.5;
    let shifts: &[f32] = if upright { &[0.0, -0.4, 0.4] } else { &[0.5] };
    shifts.iter().map(move |shift| {
        let across = if upright { *shift } else { shift * direction.x.signum() };
        Rect::from_center_size(end + vec2(across * size.x, direction.y * size.y / 2.0), size)
    })
}

/// Places beside the mark by growing dislike.
fn near(request: &Request) -> [(f32, Rect); 18] {
    let Request { anchor, reach, size, side, .. } = *request;
    let (half, gap) = (size / 2.0, reach + 4.0);
    let beside = |sign: f32, drop: f32| vec2(sign * (gap + half.x), drop);
    // Off the diagonal the name can come closer to a round mark.
    let corner = |x: f32, y: f32| vec2(x * (gap * 0.7 + half.x), y * (gap * 0.55 + half.y));
    let above = |shift: f32| vec2(shift * half.x, -(gap * 0.9 + half.y));
    let below = |shift: f32| vec2(shift * half.x, gap * 0.9 + half.y);
    let offsets = match side {
        Side::UpperLeft | Side::LowerLeft => [
            (0.0, corner(-1.0, -1.0)),
            (0.2, beside(-1.0, -half.y * 0.35)),
            (0.5, beside(-1.0, 0.0)),
            (0.9, above(0.0)),
            (1.0, above(-0.5)),
            (1.3, above(0.5)),
            (1.6, corner(1.0, -1.0)),
            (1.9, beside(1.0, 0.0)),
            (2.2, beside(1.0, half.y * 0.7)),
            (2.4, corner(1.0, 1.0)),
            (2.6, below(0.0)),
            (2.8, corner(-1.0, 1.0)),
            (3.0, below(0.5)),
            (3.1, above(-0.8)),
            (3.2, below(-0.5)),
            (3.3, above(0.8)),
            (3.4, below(-0.8)),
            (3.5, below(0.8)),
        ],
        Side::Right => [
            (0.0, beside(1.0, 0.0)),
            (0.5, corner(1.0, 1.0)),
            (0.7, corner(1.0, -1.0)),
            (0.9, beside(1.0, half.y * 0.6)),
            (1.0, beside(1.0, -half.y * 0.6)),
            (1.3, beside(-1.0, 0.0)),
            (1.5, below(0.0)),
            (1.6, below(0.5)),
            (1.7, above(0.0)),
            (1.8, above(0.5)),
            (2.0, corner(-1.0, 1.0)),
            (2.1, corner(-1.0, -1.0)),
            (2.3, below(-0.5)),
            (2.4, above(-0.5)),
            (2.5, below(0.8)),
            (2.6, above(0.8)),
            (2.7, below(-0.8)),
            (2.8, above(-0.8)),
        ],
    };
    let upright = if side == Side::LowerLeft { -1.0 } else { 1.0 };
    offsets.map(|(dislike, Vec2 { x, y })| {
        (dislike, Rect::from_center_size(anchor + vec2(x, y * upright), size))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::pos2;
    use proptest::prelude::*;

    fn frame() -> Rect {
        Rect::from_min_size(pos2(40.0, 30.0), vec2(500.0, 300.0))
    }

    fn request(x: f32, y: f32, width: f32) -> Request {
        Request {
            anchor: pos2(x, y),
            reach: 4.0,
            size: vec2(width, 12.0),
            side: Side::Right,
            lead: Lead::Beside,
        }
    }

    #[test]
    fn a_lone_name_stands_to_the_right() {
        let place = Placer::new(frame()).place(&request(200.0, 100.0, 80.0)).unwrap();
        assert!(place.rect.left() > 204.0 && place.leader.is_none());
        assert!((place.rect.center().y - 100.0).abs() < 0.1);
    }

    #[test]
    fn at_the_right_edge_it_stands_to_the_left() {
        let place = Placer::new(frame()).place(&request(535.0, 100.0, 80.0)).unwrap();
        assert!(place.rect.right() < 531.0);
    }

    #[test]
    fn a_crowd_leaves_the_unimportant_out_and_leads_to_the_important() {
        let mut placer = Placer::new(frame());
        placer.block(Rect::from_center_size(pos2(200.0, 100.0), vec2(190.0, 34.0)));
        let mut request = request(200.0, 100.0, 80.0);
        assert_eq!(placer.place(&request), None);
        // A leader may not cross what is taken either, so free a way out.
        let mut placer = Placer::new(frame());
        placer.block(Rect::from_center_size(pos2(250.0, 100.0), vec2(90.0, 60.0)));
        placer.block(Rect::from_center_size(pos2(150.0, 100.0), vec2(90.0, 60.0)));
        request.lead = Lead::Far;
        assert!(placer.place(&request).unwrap().leader.is_some());
    }

    #[test]
    fn lines_are_avoided_where_there_is_another_place() {
        let mut placer = Placer::new(frame());
        placer.avoid_line(pos2(40.0, 100.0), pos2(540.0, 100.0));
        let place = placer.place(&request(200.0, 100.0, 80.0)).unwrap();
        assert!(place.rect.top() > 100.0 || place.rect.bottom() < 100.0);
    }

    proptest! {
        #[test]
        fn names_never_overlap_and_never_leave_the_frame(
            marks in proptest::collection::vec(
                (0.0..580.0f32, 0.0..360.0f32, 10.0..160.0f32, 1.0..8.0f32, any::<bool>(), any::<bool>()), 0..120),
        ) {
            let mut placer = Placer::new(frame());
            for (x, y, _, reach, _, _) in &marks {
                placer.block(Rect::from_center_size(pos2(*x, *y), Vec2::splat(2.0 * reach)));
            }
            let mut places: Vec<Place> = Vec::new();
            for (x, y, width, reach, led, left) in &marks {
                let side = if *left { Side::UpperLeft } else { Side::Right };
                let request = Request {
                    anchor: pos2(*x, *y), reach: *reach, size: vec2(*width, 12.0), side, lead: if *led { Lead::Far } else { Lead::Beside },
                };
                places.extend(placer.place(&request));
            }
            for (index, place) in places.iter().enumerate() {
                prop_assert!(frame().contains_rect(place.rect));
                for (x, y, _, reach, _, _) in &marks {
                    let mark = Rect::from_center_size(pos2(*x, *y), Vec2::splat(2.0 * reach));
                    prop_assert!(!place.rect.shrink(0.01).intersects(mark.shrink(0.01)));
                }
                for other in &places[index + 1..] {
                    prop_assert!(!place.rect.shrink(0.01).intersects(other.rect.shrink(0.01)));
                }
            }
        }
    }
}
