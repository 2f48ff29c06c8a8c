//! An axis: what it measures, how it is scaled, and ticks that a person would have chosen.

/// How values lie along an axis.
#[derive(Clone, Debug, PartialEq)]
pub enum Scale {
    Linear,
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
}

/// A tick of an axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    /// In plot coordinates, as [`Axis::to_plot`] gives them.
    pub at: f64,
    /// Empty for a grid line without a number.
    pub text: String,
}

/// Ticks beyond this are no help and cost time.
const MOST_TICKS: i32 = 60;

/// One in so many values may stay beyond either end of an axis.
const ONE_IN: usize = 33;
/// Of an axis, the share that this must win for the others.
const WORTHWHILE: f64 = 0.12;

impl Axis {
    /// An axis that shows all of `values` with some room on both sides.
    ///
    /// Values that the scale cannot show are left out; without any the range is 1 to 10.
    #[must_use]
    pub fn fitting(label: impl Into<String>, scale: Scale, values: impl IntoIterator<Item = f64>) -> Self {
        let mut axis = Self { label: label.into(), unit: String::new(), scale, low: 1.0, high: 10.0 };
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
        values.sort_by(f64::total_cmp);
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
        Self { label: label.into(), unit: String::new(), scale: Scale::Rows(names), low, high: 0.5 }
    }

    /// The axis with a unit for numbers that stand alone.
    #[must_use]
    pub fn with_unit(mut self, unit: impl Into<String>) -> Self {
        self.unit = unit.into();
        self
    }

    /// A value of this axis, short and with its unit: `450k USD`.
    #[must_use]
    pub fn value_text(&self, value: f64) -> String {
        format!("{} {}", compact(value), self.unit).trim_end().to_owned()
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
        let sound = low.is_finite() && high.is_finite() && low < high && length > 0.0 && room > 0.0;
        if !sound {
            return Vec::new();
        }
        match &self.scale {
            Scale::Linear => linear(low, high, length, room, |value| value),
            Scale::Log => decades(low, high, length, room),
            Scale::PowersOfTwo => powers_of_two(low, high, length, room),
            Scale::Rows(names) => names
                .iter()
                .enumerate()
                .map(|(row, name)| Tick { at: -(row as f64), text: name.clone() })
                .filter(|tick| (low..=high).contains(&tick.at))
                .collect(),
        }
    }
}

/// Ticks at multiples of 1, 2 or 5 times a power of ten, at places that `place` gives.
fn linear(low: f64, high: f64, length: f64, room: f64, place: impl Fn(f64) -> f64) -> Vec<Tick> {
    let least = (high - low) * room / length;
    let magnitude = 10f64.powf(least.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].map(|factor| factor * magnitude).into_iter().find(|step| *step >= least);
    let step = step.unwrap_or(10.0 * magnitude);
    let first = (low / step).ceil();
    (0..MOST_TICKS)
        .map(|index| (first + f64::from(index)) * step)
        .take_while(|value| *value <= high)
        .map(|value| Tick { at: place(value), text: stepped(value, step) })
        .collect()
}

/// Ticks of a logarithmic axis: at 1, 2 and 5 where there is room, at powers of ten otherwise, at even steps where
/// less than a decade is in view.
fn decades(low: f64, high: f64, length: f64, room: f64) -> Vec<Tick> {
    let per_decade = length / (high - low);
    if high - low < 0.8 {
        // On a short piece of the axis even steps read best. They crowd at the upper end, so ask for more room.
        let (from, to) = (10f64.powf(low), 10f64.powf(high));
        let crowding = (to - from) / (to * std::f64::consts::LN_10 * (high - low));
        return linear(from, to, length, room / crowding.max(0.2), f64::log10);
    }
    // Between 1, 2 and 5 the closest two lie 0.3 decades apart.
    let (factors, every): (&[f64], f64) = if per_decade * 0.3 >= room {
        (&[1.0, 2.0, 5.0], 1.0)
    } else {
        (&[1.0], (room / per_decade).ceil().max(1.0))
    };
    let mut ticks = Vec::new();
    let mut decade = (low / every).floor() * every;
    while decade <= high && ticks.len() < 3 * MOST_TICKS as usize {
        for factor in factors {
            let value = factor * 10f64.powf(decade);
            ticks.push(Tick { at: value.log10(), text: compact(value) });
        }
        if factors.len() == 1 && every < 1.5 && per_decade >= 24.0 {
            for factor in [2.0_f64, 5.0] {
                ticks.push(Tick { at: decade + factor.log10(), text: String::new() });
            }
        }
        decade += every;
    }
    ticks.retain(|tick| (low..=high).contains(&tick.at));
    ticks
}

fn powers_of_two(low: f64, high: f64, length: f64, room: f64) -> Vec<Tick> {
    let octave = 2f64.log10();
    let every = (room / (length * octave / (high - low))).ceil().max(1.0);
    let first = (low / octave / every).ceil() * every;
    (0..MOST_TICKS)
        .map(|index| first + f64::from(index) * every)
        .take_while(|power| power * octave <= high)
        .map(|power| Tick { at: power * octave, text: binary(power.exp2()) })
        .collect()
}

/// A power of two as context lengths are named: `512`, `8k`, `128k`, `1M`.
fn binary(value: f64) -> String {
    if value >= 1_048_576.0 {
        format!("{:.0}M", value / 1_048_576.0)
    } else if value >= 1024.0 {
        format!("{:.0}k", value / 1024.0)
    } else {
        compact(value)
    }
}

/// A number as short as it can be: `0.5`, `20`, `1k`, `2.5k`, `10k`, `1M`.
#[must_use]
pub fn compact(value: f64) -> String {
    let (scaled, suffix) = match value.abs() {
        magnitude if magnitude >= 0.999_999e6 => (value / 1e6, "M"),
        magnitude if magnitude >= 0.999_999e3 => (value / 1e3, "k"),
        _ => (value, ""),
    };
    let text = format!("{scaled:.3}");
    let text = if scaled.abs() < 0.01 && scaled != 0.0 { format!("{scaled:.6}") } else { text };
    let text = text.trim_end_matches('0').trim_end_matches('.');
    format!("{text}{suffix}")
}

/// A tick's number among ticks `step` apart: no more digits than tell them apart.
fn stepped(value: f64, step: f64) -> String {
    let value = if value.abs() < step * 1e-6 { 0.0 } else { value };
    if value.abs() >= 1e3 && step < 100.0 {
        crate::units::thousands(value)
    } else if value.abs() >= 1e3 {
        compact(value)
    } else {
        match step {
            step if step > 0.999 => format!("{value:.0}"),
            step if step > 0.0999 => format!("{value:.1}"),
            step if step > 0.009_99 => format!("{value:.2}"),
            _ => format!("{value:.3}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn texts(axis: &Axis, low: f64, high: f64, length: f64) -> Vec<String> {
        axis.ticks(low, high, length, 40.0)
            .into_iter()
            .map(|tick| tick.text)
            .filter(|text| !text.is_empty())
            .collect()
    }

    fn log() -> Axis {
        Axis::fitting("", Scale::Log, [500.0, 20_000.0])
    }

    #[test]
    fn log_axes_tick_at_one_two_and_five() {
        assert_eq!(texts(&log(), 2.6, 4.4, 600.0), ["500", "1k", "2k", "5k", "10k", "20k"]);
        assert_eq!(
            texts(&log(), -1.1, 2.1, 600.0),
            ["0.1", "0.2", "0.5", "1", "2", "5", "10", "20", "50", "100"]
        );
    }

    #[test]
    fn short_log_axes_tick_at_even_steps() {
        assert_eq!(texts(&log(), 3.0, 3.301_04, 300.0), ["1k", "1.2k", "1.4k", "1.6k", "1.8k", "2k"]);
        assert_eq!(texts(&log(), 3.0, 3.01, 300.0), ["1,000", "1,005", "1,010", "1,015", "1,020"]);
    }

    #[test]
    fn long_log_axes_skip_decades() {
        assert_eq!(texts(&log(), 0.0, 12.0, 240.0).len(), 7);
    }

    #[test]
    fn linear_axes_keep_their_digits() {
        let axis = Axis::fitting("", Scale::Linear, [0.0, 1.0]);
        assert_eq!(texts(&axis, 0.0, 1.0, 240.0), ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
        assert_eq!(texts(&axis, 0.0, 2500.0, 240.0), ["0", "500", "1k", "1.5k", "2k", "2.5k"]);
    }

    #[test]
    fn contexts_tick_at_powers_of_two() {
        let axis = Axis::fitting("", Scale::PowersOfTwo, [512.0, 131_072.0]);
        let (low, high) = axis.fit();
        assert_eq!(
            texts(&axis, low, high, 500.0),
            ["512", "1k", "2k", "4k", "8k", "16k", "32k", "64k", "128k"]
        );
    }

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

    proptest! {
        #[test]
        fn ticks_are_in_view_in_order_and_few(
            low in -9.0..9.0f64, span in 1e-6..40.0f64, length in 1.0..4000.0f64, room in 5.0..80.0f64,
        ) {
            for scale in [Scale::Linear, Scale::Log, Scale::PowersOfTwo] {
                let axis = Axis { label: String::new(), unit: String::new(), scale, low: 1.0, high: 2.0 };
                let ticks = axis.ticks(low, low + span, length, room);
                prop_assert!(ticks.len() <= 3 * MOST_TICKS as usize + 3);
                prop_assert!(ticks.iter().all(|tick| tick.at >= low - 1e-6 && tick.at <= low + span + 1e-6));
            }
        }
    }
}
