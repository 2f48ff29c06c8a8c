//! Where what a figure shows lies on the page, for those who draw the page without this module.

use egui::{Pos2, Rect};

pub use super::hit::Hit;
use super::{bars, scene::Scene};
use crate::figure::{Absent, Figure, Tip};

/// Where it lies.
#[derive(Clone, Debug, PartialEq)]
pub enum Area {
    Point(Pos2),
    Row(Rect),
    Course(Vec<Pos2>),
}

/// Something that is drawn and can be pointed at.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    pub hit: Hit,
    pub area: Area,
}

impl Hit {
    #[must_use]
    pub fn id(self, figure: &Figure) -> Option<&str> {
        match self {
            Self::Mark(index) => figure.marks.get(index).map(|it| &*it.id),
            Self::Absent(index) => figure.strip.as_ref()?.absent.get(index).map(|it| &*it.id),
            Self::Bar(index) => figure.bars.get(index).map(|it| it.id.as_str()),
            Self::Line(index) => figure.lines.get(index)?.id.as_deref(),
        }
    }

    /// What pointing at it says.
    #[must_use]
    pub fn tip(self, figure: &Figure) -> Option<&Tip> {
        match self {
            Self::Mark(index) => figure.marks.get(index).map(|it| &it.tip),
            Self::Absent(index) => figure.strip.as_ref()?.absent.get(index).map(|it| &it.tip),
            Self::Bar(index) => figure.bars.get(index).map(|it| &it.tip),
            Self::Line(index) => figure.lines.get(index)?.tip.as_ref(),
        }
    }

    /// What a machine in the strip lacks.
    #[must_use]
    pub fn lack(self, figure: &Figure) -> Option<String> {
        match self {
            Self::Absent(index) => figure.strip.as_ref()?.absent.get(index).map(Absent::lack),
            Self::Mark(_) | Self::Bar(_) | Self::Line(_) => None,
        }
    }
}

impl Scene<'_> {
    /// All that is in view, from back to front.
    pub fn places(&self) -> Vec<Place> {
        let figure = self.figure;
        if figure.empty.is_some() {
            return Vec::new();
        }
        let bars = figure
            .bars
            .iter()
            .enumerate()
            .map(|(index, bar)| Place { hit: Hit::Bar(index), area: Area::Row(bars::place(self, bar)) });
        let lines = figure.lines.iter().enumerate().filter(|(_, line)| line.is_pointed_at());
        let lines = lines.map(|(index, line)| Place {
            hit: Hit::Line(index),
            area: Area::Course(self.course(&line.course)),
        });
        let band = self.layout.strip.map(|band| band.expand(5.0));
        let absent =
            self.absent.iter().enumerate().filter(|(_, at)| band.is_some_and(|it| it.contains(**at)));
        let absent = absent.map(|(index, at)| Place { hit: Hit::Absent(index), area: Area::Point(*at) });
        let marks =
            self.in_view().map(|(index, at, _)| Place { hit: Hit::Mark(index), area: Area::Point(at) });
        bars.chain(lines).chain(absent).chain(marks).collect()
    }
}
