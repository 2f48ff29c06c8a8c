//! Ticks that a person would have chosen.

use super::axis::Scale;

/// A tick of an axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    /// In plot coordinates, as [`super::Axis::to_plot`] gives them.
    pub at: f64,
    /// Empty for a grid line without a number.
    pub text: String,
}

/// Ticks beyond this are no help and cost time.
const MOST_TICKS: i32 = 60;

/// Ticks between two plot coordinates, for an axis of some length on the screen.
///
/// `room` is what one tick's number needs along the axis, in the unit of `length`.
pub(super) fn between(scale: &Scale, low: f64, high: f64, length: f64, room: f64) -> Vec<Tick> {
    let sound = low.is_finite() && high.is_finite() && low < high && length > 0.0 && room > 0.0;
    if !sound {
        return Vec::new();
    }
    match scale {
        Scale::Linear => linear(low, high, length, room, |value| value),
        Scale::LinearBinary => linear_binary(low, high, length, room),
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
        return even(low, high, length, room);
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
    // One number alone gives no measure.
    if ticks.iter().filter(|tick| !tick.text.is_empty()).count() < 2 {
        add_apart(&mut ticks, low, high, room / per_decade);
    }
    ticks
}

/// Adds numbers at 2 and 5 times a power of ten that lie at least `apart` from all others.
fn add_apart(ticks: &mut Vec<Tick>, low: f64, high: f64, apart: f64) {
    ticks.retain(|tick| !tick.text.is_empty());
    let mut decade = low.floor();
    while decade <= high {
        for factor in [2.0, 5.0] {
            let value = factor * 10f64.powf(decade);
            let at = value.log10();
            let is_apart = ticks.iter().all(|tick| (tick.at - at).abs() >= apart);
            if (low..=high).contains(&at) && is_apart {
                ticks.push(Tick { at, text: compact(value) });
            }
        }
        decade += 1.0;
    }
    ticks.sort_by(|a, b| a.at.total_cmp(&b.at));
}

/// On a short piece of a logarithmic axis even steps read best. They crowd at the upper end, so they get more room.
fn even(low: f64, high: f64, length: f64, room: f64) -> Vec<Tick> {
    let (from, to) = (10f64.powf(low), 10f64.powf(high));
    let crowding = (to - from) / (to * std::f64::consts::LN_10 * (high - low));
    linear(from, to, length, room / crowding.max(0.2), f64::log10)
}

/// Ticks at multiples of a power of two.
fn linear_binary(low: f64, high: f64, length: f64, room: f64) -> Vec<Tick> {
    let step = ((high - low) * room / length).log2().ceil().exp2();
    if step < 1.0 {
        return linear(low, high, length, room, |value| value);
    }
    let first = (low / step).ceil();
    (0..MOST_TICKS)
        .map(|index| (first + f64::from(index)) * step)
        .take_while(|value| *value <= high)
        .map(|value| Tick { at: value, text: binary(value) })
        .collect()
}

fn powers_of_two(low: f64, high: f64, length: f64, room: f64) -> Vec<Tick> {
    let octave = 2f64.log10();
    let every = (room / (length * octave / (high - low))).ceil().max(1.0);
    let first = (low / octave / every).ceil() * every;
    let ticks: Vec<Tick> = (0..MOST_TICKS)
        .map(|index| first + f64::from(index) * every)
        .take_while(|power| power * octave <= high)
        .map(|power| Tick { at: power * octave, text: binary(power.exp2()) })
        .collect();
    if ticks.len() < 2 { even(low, high, length, room) } else { ticks }
}

/// A multiple of a power of two as context lengths are named: `512`, `8k`, `96k`, `1.5M`.
fn binary(value: f64) -> String {
    if value >= 1_048_576.0 {
        format!("{}M", compact(value / 1_048_576.0))
    } else if value >= 1024.0 {
        format!("{}k", compact(value / 1024.0))
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

/// A number with three digits that count.
pub(super) fn rounded(value: f64) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return value;
    }
    let unit = 10f64.powf(value.abs().log10().floor() - 2.0);
    (value / unit).round() * unit
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
    use super::{super::Axis, *};
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
    fn linear_contexts_tick_at_multiples_of_powers_of_two() {
        let axis = Axis::fitting("", Scale::LinearBinary, [0.0, 131_072.0]);
        assert_eq!(texts(&axis, 0.0, 131_072.0, 240.0), ["0", "32k", "64k", "96k", "128k"]);
    }

    #[test]
    fn an_axis_has_two_numbers_at_least() {
        let axis = Axis::fitting("", Scale::PowersOfTwo, [512.0, 131_072.0]);
        assert_eq!(
            texts(&axis, 4.0, 4.05, 300.0),
            ["10k", "10.2k", "10.4k", "10.6k", "10.8k", "11k", "11.2k"]
        );
        assert_eq!(texts(&log(), 2.1, 3.2, 90.0), ["200", "1k"]);
    }

    proptest! {
        #[test]
        fn ticks_are_in_view_in_order_and_few(
            low in -9.0..9.0f64, span in 1e-6..40.0f64, length in 1.0..4000.0f64, room in 5.0..80.0f64,
        ) {
            for scale in [Scale::Linear, Scale::LinearBinary, Scale::Log, Scale::PowersOfTwo] {
                let ticks = between(&scale, low, low + span, length, room);
                prop_assert!(ticks.len() <= 3 * MOST_TICKS as usize + 3);
                prop_assert!(ticks.iter().all(|tick| tick.at >= low - 1e-6 && tick.at <= low + span + 1e-6));
            }
        }
    }
}
