//! An axis: what it measures, how it is scaled, and how much of it is shown.

use super::ticks;
pub use super::ticks::Tick;

/// How values lie along an axis.
#[derive(Clone, Debug, PartialEq)]
pub enum Scale {
    Linear,
    /// Linear with ticks at multiples of a power of two: 0, 32k, 64k, 96k.
    LinearBinary,
    /// Logarithmic with ticks at 1, 2 and 5.
    Log,
    /// Logarithmic with ticks at powers of two: 512, 1k, 2k, 4k.
    PowersOfTwo,
    /// Named rows from the top: row `i` lies at `-i`.
    Rows(Vec<String>),
}

/// One axis of a figure.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    /// With the unit.
    pub label: String,
    /// What stands behind a number of this axis that stands alone: `USD`.
    pub unit: String,
    pub scale: Scale,
    /// The range that shows everything, in the axis's unit.
    pub low: f64,
    pub high: f64,
    /// Whether the best lie at its low end.
    pub less_is_better: bool,
    /// What stands before each number, such as the sign of a currency.
    pub sign: &'static str,
}

/// One in so many values may stay beyond either end of an axis.
const ONE_IN: usize = 30;
/// Of an axis, the share that this must win for the others.
const WORTHWHILE: f64 = 0.12;

impl Axis {
    /// An axis that shows all of `values` with some room on both sides.
    ///
    /// Values that the scale cannot show are left out; without any the range is 1 to 10.
    #[must_use]
    pub fn fitting(label: impl Into<String>, scale: Scale, values: impl IntoIterator<Item = f64>) -> Self {
        let mut axis = Self {
            label: label.into(),
            unit: String::new(),
            scale,
            low: 1.0,
            high: 10.0,
            less_is_better: false,
            sign: "",
        };
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for value in values {
            if axis.shows(value) {
                low = low.min(value);
                high = high.max(value);
            }
        }
        if low > high {
            return axis;
        }
        if axis.is_log() {
            // A twelfth of the span, and never less than makes room for a mark and its label.
            let room = ((high / low).log10() / 12.0).max(0.06);
            axis.low = low / 10f64.powf(room);
            axis.high = high * 10f64.powf(room);
        } else {
            let room = ((high - low) / 16.0).max(high.abs() * 0.01).max(1e-9);
            axis.low = if low >= 0.0 && low < (high - low) * 0.5 { 0.0 } else { low - room };
            axis.high = high + room;
        }
        axis
    }

    /// An axis that shows most of `values`: a few far off on either side stay beyond its ends where that leaves the
    /// others much more room.
    #[must_use]
    pub fn fitting_most(
        label: impl Into<String>,
        scale: Scale,
        values: impl IntoIterator<Item = f64>,
    ) -> Self {
        let whole = Self::fitting(label, scale, []);
        let mut values: Vec<f64> = values.into_iter().filter(|value| whole.shows(*value)).collect();
        values.sort_unstable_by(f64::total_cmp);
        let few = values.len() / ONE_IN;
        let place = |index: usize| whole.to_plot(values[index]);
        let (mut first, mut last) = (0, values.len().saturating_sub(1));
        // From the most that may go to none: where it gains enough, and the last that goes is far off too.
        let far =
            |gained: f64, step: f64, span: f64| gained > span * WORTHWHILE && step > span * WORTHWHILE / 3.0;
        for cut in (1..=few).rev() {
            let span = place(last) - place(first);
            if first == 0 && far(place(cut) - place(0), place(cut) - place(cut - 1), span) {
                first = cut;
            }
            let (outer, kept) = (values.len() - 1, values.len() - 1 - cut);
            if last == outer && far(place(outer) - place(kept), place(kept + 1) - place(kept), span) {
                last = kept;
            }
        }
        let kept = values.get(first..=last).unwrap_or_default().iter().copied();
        Self::fitting(whole.label, whole.scale, kept)
    }

    /// An axis of named rows.
    #[must_use]
    pub fn rows(label: impl Into<String>, names: Vec<String>) -> Self {
        let low = 0.5 - names.len().max(1) as f64;
        Self {
            label: label.into(),
            unit: String::new(),
            scale: Scale::Rows(names),
            low,
            high: 0.5,
            less_is_better: false,
            sign: "",
        }
    }

    /// The axis with a unit for numbers that stand alone.
    #[must_use]
    pub fn with_unit(mut self, unit: impl Into<String>) -> Self {
        self.unit = unit.into();
        self
    }

    /// The axis with a sign before each number of a tick: `$`.
    #[must_use]
    pub fn with_sign(mut self, sign: &'static str) -> Self {
        self.sign = sign;
        self
    }

    #[must_use]
    pub fn less_is_better(mut self, less_is_better: bool) -> Self {
        self.less_is_better = less_is_better;
        self
    }

    /// A value of this axis, short and with its unit: `450k USD`.
    #[must_use]
    pub fn value_text(&self, value: f64) -> String {
        format!("{} {}", ticks::compact(ticks::rounded(value)), self.unit).trim_end().to_owned()
    }

    #[must_use]
    pub fn is_log(&self) -> bool {
        matches!(self.scale, Scale::Log | Scale::PowersOfTwo)
    }

    /// Whether a value has a place on the axis.
    #[must_use]
    pub fn shows(&self, value: f64) -> bool {
        value.is_finite() && (!self.is_log() || value > 0.0)
    }

    /// Where a value lies in plot coordinates: its decimal logarithm on a logarithmic axis.
    #[must_use]
    pub fn to_plot(&self, value: f64) -> f64 {
        if self.is_log() { value.max(f64::MIN_POSITIVE).log10() } else { value }
    }

    /// The range that shows everything, in plot coordinates.
    #[must_use]
    pub fn fit(&self) -> (f64, f64) {
        (self.to_plot(self.low), self.to_plot(self.high))
    }

    /// Ticks between two plot coordinates, for an axis of some length on the screen.
    ///
    /// `room` is what one tick's number needs along the axis, in the unit of `length`.
    #[must_use]
    pub fn ticks(&self, low: f64, high: f64, length: f64, room: f64) -> Vec<Tick> {
        let mut ticks = ticks::between(&self.scale, low, high, length, room);
        for tick in ticks.iter_mut().filter(|tick| !tick.text.is_empty()) {
            tick.text.insert_str(0, self.sign);
        }
        ticks
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_few_far_off_stay_beyond_the_ends() {
        let near = (0..100).map(|index| 1000.0 * 1.03_f64.powi(index));
        let axis = Axis::fitting_most("", Scale::Log, near.clone().chain([1.0, 4e5, 9e5]));
        assert!(axis.low > 500.0 && axis.high < 40_000.0, "{axis:?}");
        // Two of ten are no exceptions.
        let axis = Axis::fitting_most("", Scale::Log, near.take(10).chain([4e5, 9e5]));
        assert!(axis.high > 9e5);
        assert!((Axis::fitting_most("", Scale::Log, []).high - 10.0).abs() < 1e-9);
    }

    #[test]
    fn what_has_no_logarithm_is_not_shown() {
        let axis = Axis::fitting("", Scale::Log, [0.0, -3.0, f64::NAN, f64::INFINITY]);
        assert_eq!((axis.low, axis.high), (1.0, 10.0));
        assert!(!axis.shows(0.0));
    }
}
