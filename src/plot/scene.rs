//! A figure in a place on the screen: where each of its parts lies.

use egui::{Pos2, Rect, Ui, pos2, vec2};
use egui_plot::{PlotPoint, PlotTransform};

use super::{View, hit::Hit, layout::Layout, palette::Palette, strip};
use crate::figure::{Course, Figure, Mark, MarkKind};

/// A figure with all that is needed to draw it.
pub(super) struct Scene<'a> {
    pub ui: &'a Ui,
    pub figure: &'a Figure,
    pub layout: &'a Layout,
    pub palette: Palette,
    pub transform: PlotTransform,
    pub frame: Rect,
    pub hovered: Option<Hit>,
    pub hovered_id: Option<&'a str>,
    pub highlighted: Option<&'a str>,
    /// All of the figure is in view.
    fitted: bool,
    /// How many marks there are that were asked for.
    foremost: usize,
    /// Ids of pinned marks.
    followed: Vec<&'a str>,
    /// Where the marks lie that are in view.
    places: Vec<Option<(Pos2, Option<Beyond>)>>,
    /// Where the marks of the strip lie.
    pub absent: Vec<Pos2>,
    pub absent_beyond: Vec<Option<Beyond>>,
}

/// On which side a mark lies out of view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Beyond {
    Left,
    Right,
}

impl Beyond {
    pub fn sign(self) -> f32 {
        match self {
            Self::Left => -1.0,
            Self::Right => 1.0,
        }
    }
}

/// More marks than this are a crowd.
const CROWD: usize = 2000;

/// The radius of the dots along a curve, in points.
const DOT: f32 = 1.9;
/// The same where there are very many.
const BEAD: f32 = 0.9;
/// More dots than this are very many.
const MOST_DOTS: usize = 400;
/// With more than this the curves alone are drawn: dots would be most of a file.
const MOST_BEADS: usize = 2000;

/// From a pinned mark's rim to the outside of its ring, in points.
const RING: f32 = 4.0;

/// How far from the edge the marks stand that lie beyond it, in points.
const EDGE: f32 = 13.0;

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
            hovered_id: None,
            highlighted,
            fitted,
            foremost: figure.marks.iter().filter(|mark| mark.kind != MarkKind::Another).count(),
            followed: figure.marks.iter().filter(|mark| mark.pinned).map(|mark| &*mark.id).collect(),
            places: Vec::new(),
            absent: Vec::new(),
            absent_beyond: Vec::new(),
        };
        scene.places = figure.marks.iter().map(|mark| scene.locate(mark)).collect();
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

    /// Sets what the pointer is on.
    pub fn hover(&mut self, hit: Option<Hit>) {
        self.hovered = hit;
        self.hovered_id = hit.and_then(|hit| self.id(hit));
    }

    /// Where a pair of values lies on the screen.
    pub fn at(&self, x: f64, y: f64) -> Pos2 {
        let point = PlotPoint::new(self.figure.x.to_plot(x), self.figure.y.to_plot(y));
        self.transform.position_from_point(&point)
    }

    /// Where the mark at an index is drawn, or nowhere where it is out of view.
    ///
    /// While all of the figure is in view, the few marks that lie far off to the left or right stand at the edge.
    pub fn place(&self, index: usize) -> Option<(Pos2, Option<Beyond>)> {
        self.places.get(index).copied().flatten()
    }

    /// The marks in view, by index, with their places.
    pub fn in_view(&self) -> impl Iterator<Item = (usize, Pos2, Option<Beyond>)> {
        let places = self.places.iter().enumerate();
        places.filter_map(|(index, place)| place.map(|(at, beyond)| (index, at, beyond)))
    }

    /// Whether there are so many marks that each can show little more than that it is there.
    pub fn is_crowded(&self) -> bool {
        self.foremost > CROWD
    }

    /// Whether a mark's interval is drawn though nobody points at it.
    pub fn has_interval(&self, mark: &Mark) -> bool {
        mark.pinned || (mark.kind != MarkKind::Another && !self.is_crowded())
    }

    /// Whether a dot on a curve stands out: where there are few, and on the curves that somebody looks at.
    pub fn is_vivid(&self, mark: &Mark) -> bool {
        let id = Some(&*mark.id);
        self.dots() <= MOST_DOTS
            || self.is_zoomed()
            || self.is_followed(&mark.id)
            || id == self.highlighted
            || id == self.hovered_id
    }

    /// Whether a mark is drawn, and not only the curve that it lies on.
    pub fn is_drawn(&self, mark: &Mark) -> bool {
        mark.kind != MarkKind::Another || self.dots() <= MOST_BEADS || self.is_vivid(mark)
    }

    fn dots(&self) -> usize {
        self.figure.marks.len() - self.foremost
    }

    /// Whether somebody follows a mark of this id.
    pub fn is_followed(&self, id: &str) -> bool {
        self.followed.contains(&id)
    }

    pub fn is_zoomed(&self) -> bool {
        !self.fitted
    }

    fn locate(&self, mark: &Mark) -> Option<(Pos2, Option<Beyond>)> {
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

    /// How large a mark is drawn: smaller in a crowd, larger where it matters.
    pub fn radius(&self, mark: &Mark) -> f32 {
        if mark.kind == MarkKind::Another {
            return if self.is_vivid(mark) { DOT } else { BEAD };
        }
        let usual = match self.foremost {
            0..=400 => 4.4,
            401..=CROWD => 3.4,
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
}
