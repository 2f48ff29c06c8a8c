//! The strip under the chart: machines that have a price, but too little memory.

use egui::{Pos2, Rect, pos2};

/// Of the band, in points.
pub(super) const HEIGHT: f32 = 44.0;
/// Of the band's top, where its caption stands.
pub(super) const CAPTION: f32 = 17.0;
pub(super) const RADIUS: f32 = 3.2;

/// Where each mark of the strip goes: at its x, and below its neighbors where they would touch.
///
/// A mark takes the first of three rows where it is free of the marks before it, and the middle where none is.
pub(super) fn spread(band: Rect, xs: &[f32]) -> Vec<Pos2> {
    let top = band.top() + CAPTION;
    let room = (band.bottom() - top - 2.0) / 3.0;
    let rows = [1.5, 0.5, 2.5].map(|row: f32| top + room * row);
    let mut last = [f32::NEG_INFINITY; 3];
    let mut order: Vec<usize> = (0..xs.len()).collect();
    order.sort_by(|&a, &b| xs[a].total_cmp(&xs[b]));
    let mut places = vec![Pos2::ZERO; xs.len()];
    for index in order {
        let x = xs[index];
        let row = (0..3).find(|&row| x - last[row] >= 2.0 * RADIUS + 1.0);
        let row = row.unwrap_or_else(|| if last[1] <= last[2] { 1 } else { 2 });
        last[row] = x;
        places[index] = pos2(x, rows[row]);
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbors_do_not_touch() {
        let band = Rect::from_min_max(pos2(0.0, 0.0), pos2(100.0, HEIGHT));
        let places = spread(band, &[50.0, 10.0, 51.0, 52.0]);
        assert_eq!(places[1], pos2(10.0, places[0].y));
        for (index, place) in places.iter().enumerate() {
            assert!(band.contains(*place));
            for other in &places[index + 1..] {
                assert!(place.distance(*other) >= 2.0 * RADIUS, "{place:?} {other:?}");
            }
        }
    }
}
