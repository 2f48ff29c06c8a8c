//! What of a frame is taken, as bits.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "points become cells of a raster after they were clamped to it"
)]

use egui::{Pos2, Rect, Vec2};

/// Points that one bit of the raster stands for, both ways.
pub(super) const CELL: f32 = 2.0;

/// What of a frame is taken.
#[derive(Clone, Debug)]
pub struct Raster {
    frame: Rect,
    words: usize,
    rows: usize,
    bits: Vec<u64>,
}

impl Raster {
    /// A frame with nothing in it.
    #[must_use]
    pub fn new(frame: Rect) -> Self {
        let cells = |length: f32| (length.clamp(0.0, 32_768.0) / CELL).ceil() as usize;
        let (columns, rows) = (cells(frame.width()), cells(frame.height()));
        let words = columns.div_ceil(64);
        Self { frame, words, rows, bits: vec![0; words * rows] }
    }

    /// The cells that `rect` touches: columns and rows, ends excluded. Nothing where it is out of the frame.
    fn cells(&self, rect: Rect) -> Option<[usize; 4]> {
        let rect = rect.intersect(self.frame);
        if !rect.is_positive() {
            return None;
        }
        let from = ((rect.min - self.frame.min) / CELL).floor();
        let to = ((rect.max - self.frame.min) / CELL).ceil();
        let columns = self.words * 64;
        let [left, right] = [from.x, to.x].map(|it| (it.max(0.0) as usize).min(columns));
        let [top, bottom] = [from.y, to.y].map(|it| (it.max(0.0) as usize).min(self.rows));
        (left < right && top < bottom).then_some([left, right, top, bottom])
    }

    /// The words of one row that a range of columns touches, with the bits it touches in each.
    fn masks(left: usize, right: usize) -> impl Iterator<Item = (usize, u64)> + Clone {
        (left / 64..=(right - 1) / 64).map(move |word| {
            let begin = left.saturating_sub(word * 64);
            let end = (right - word * 64).min(64);
            let width = end - begin;
            let mask = if width == 64 { u64::MAX } else { ((1_u64 << width) - 1) << begin };
            (word, mask)
        })
    }

    /// Takes what `rect` touches.
    pub fn take(&mut self, rect: Rect) {
        let Some([left, right, top, bottom]) = self.cells(rect) else {
            return;
        };
        for row in top..bottom {
            for (word, mask) in Self::masks(left, right) {
                self.bits[row * self.words + word] |= mask;
            }
        }
    }

    /// Takes what a line touches.
    pub fn take_line(&mut self, from: Pos2, to: Pos2) {
        let length = (to - from).length();
        if !length.is_finite() {
            return;
        }
        // Along an axis one rectangle will do; otherwise a string of beads.
        if (to.x - from.x).abs() < CELL || (to.y - from.y).abs() < CELL {
            self.take(Rect::from_two_pos(from, to).expand(0.5));
            return;
        }
        let beads = (length / CELL).ceil().min(8192.0) as u16;
        for bead in 0..=beads {
            let at = from + (to - from) * (f32::from(bead) / f32::from(beads.max(1)));
            self.take(Rect::from_center_size(at, Vec2::splat(1.0)));
        }
    }

    /// How many of the cells that `rect` touches are taken.
    #[must_use]
    pub fn taken(&self, rect: Rect) -> u32 {
        let Some([left, right, top, bottom]) = self.cells(rect) else {
            return 0;
        };
        let mut taken = 0;
        for row in top..bottom {
            for (word, mask) in Self::masks(left, right) {
                taken += (self.bits[row * self.words + word] & mask).count_ones();
            }
        }
        taken
    }

    /// Whether nothing is in `rect`.
    #[must_use]
    pub fn is_free(&self, rect: Rect) -> bool {
        let Some([left, right, top, bottom]) = self.cells(rect) else {
            return true;
        };
        (top..bottom).all(|row| {
            Self::masks(left, right).all(|(word, mask)| self.bits[row * self.words + word] & mask == 0)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::{pos2, vec2};

    #[test]
    fn rasters_count_across_words() {
        let mut raster = Raster::new(Rect::from_min_size(Pos2::ZERO, vec2(400.0, 20.0)));
        raster.take(Rect::from_min_max(pos2(100.0, 4.0), pos2(300.0, 8.0)));
        assert_eq!(raster.taken(Rect::from_min_size(Pos2::ZERO, vec2(400.0, 20.0))), 100 * 2);
        assert!(raster.is_free(Rect::from_min_max(pos2(0.0, 0.0), pos2(100.0, 20.0))));
        assert!(!raster.is_free(Rect::from_min_max(pos2(299.0, 7.0), pos2(310.0, 20.0))));
    }
}
