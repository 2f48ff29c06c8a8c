//! Small marks as the ends of a line without length, which take half the room of their outlines.

use egui::{
    Pos2, Rect,
    epaint::{CircleShape, PathShape},
};

use super::{
    attributes::{Hex, Number, Paint, Point},
    in_tenths,
};

/// Up to this radius a circle, or a square about it, is a dot.
const RADIUS: f32 = 3.0;
/// The line that has no length.
pub(super) const NO_LENGTH: &str = "h0";
/// What follows the line, up to the form of its ends.
pub(super) const DOT_PAINT: &str = "\" fill=\"none\" stroke-linecap=\"";

/// A small circle or square of one plain color.
pub(super) struct Dot<'a> {
    center: Pos2,
    width: f32,
    ends: &'static str,
    paint: &'a Paint,
}

impl<'a> Dot<'a> {
    pub fn of_circle(circle: &CircleShape, paint: &'a Paint) -> Option<Self> {
        Self::new(circle.center, 2.0 * circle.radius, "round", paint)
    }

    /// Of a path that is a level square.
    pub fn of_path(path: &PathShape, paint: &'a Paint) -> Option<Self> {
        /// What a corner may be off by, in pixels.
        const TOLERANCE: f32 = 0.01;
        let &[first, _, opposite, _] = path.points.as_slice() else { return None };
        let bounds = Rect::from_points(&path.points);
        let side = bounds.width();
        let corners = [bounds.left_top(), bounds.right_top(), bounds.right_bottom(), bounds.left_bottom()];
        let has = |corner: &Pos2| path.points.iter().any(|at| at.distance(*corner) < TOLERANCE);
        let is_square = path.closed
            && (side - bounds.height()).abs() < TOLERANCE
            && corners.iter().all(has)
            && first.distance(opposite) > side + TOLERANCE;
        Self::new(bounds.center(), side, "square", paint).filter(|_| is_square)
    }

    fn new(center: Pos2, width: f32, ends: &'static str, paint: &'a Paint) -> Option<Self> {
        let is_plain = paint.fill.a() == u8::MAX && !paint.has_stroke();
        (is_plain && width <= 2.0 * RADIUS).then_some(Self { center, width, ends, paint })
    }
}

impl std::fmt::Display for Dot<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { ends, .. } = self;
        let (center, color, width) =
            (Point(in_tenths(self.center)), Hex(self.paint.fill), Number(self.width));
        write!(
            f,
            r#"<path d="M{center}{NO_LENGTH}{DOT_PAINT}{ends}" stroke="{color}" stroke-width="{width}"/>"#
        )
    }
}
