//! Bytes, rates, money and times: their constants and how they are written for people.
//!
//! GB is 1e9 bytes (bandwidth, bytes read), GiB is 2^30 bytes (memory sizes).

/// Bytes in a GB.
pub const GB: f64 = 1e9;
/// Bytes in a GiB.
pub const GIB: f64 = 1_073_741_824.0;

/// A number with about three significant digits and thousands separated: `4.56`, `45.6`, `456`, `4,560`.
#[must_use]
pub fn significant(value: f64) -> String {
    if !value.is_finite() {
        return "–".to_owned();
    }
    let magnitude = value.abs();
    if magnitude == 0.0 {
        "0".to_owned()
    } else if magnitude < 0.0095 {
        format!("{value:.4}")
    } else if magnitude < 9.995 {
        format!("{value:.2}")
    } else if magnitude < 99.95 {
        format!("{value:.1}")
    } else {
        thousands(value)
    }
}

/// A whole number with thousands separated: `32,768`.
#[must_use]
pub fn thousands(value: f64) -> String {
    let digits = whole(value.abs());
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if value < 0.0 && digits != "0" {
        text.push('-');
    }
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The digits of a number that is not negative, rounded. Whole numbers are many times faster to write than fractions.
fn whole(value: f64) -> String {
    /// Up to here every whole number is one that an f64 can be.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if value < EXACT {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "whole, and small enough"
        )]
        let rounded = value.round_ties_even() as u64;
        rounded.to_string()
    } else {
        format!("{value:.0}")
    }
}

/// Bytes in GB: `42.5 GB`, or MB below one.
#[must_use]
pub fn gigabytes(bytes: f64) -> String {
    if bytes.abs() >= 0.9995e9 {
        format!("{} GB", significant(bytes / GB))
    } else {
        format!("{} MB", significant(bytes / 1e6))
    }
}

/// Bytes in GiB: `39.6 GiB`, or MiB below one.
#[must_use]
pub fn gibibytes(bytes: f64) -> String {
    if bytes.abs() >= 0.9995 * GIB {
        format!("{} GiB", significant(bytes / GIB))
    } else {
        format!("{} MiB", significant(bytes / GIB * 1024.0))
    }
}

/// A rate in tokens per second: `11.8 tokens/s`.
#[must_use]
pub fn tokens_per_s(rate: f64) -> String {
    format!("{} tokens/s", significant(rate))
}

/// A number of tokens: `32,768 tokens`.
#[must_use]
pub fn tokens(count: u32) -> String {
    let unit = if count == 1 { "token" } else { "tokens" };
    format!("{} {unit}", thousands(f64::from(count)))
}

/// A time: `840 µs`, `3.2 ms`, `1.9 s`, `3 min 20 s`, `2 h 5 min`.
#[must_use]
pub fn duration(seconds: f64) -> String {
    if !seconds.is_finite() {
        return "–".to_owned();
    }
    if seconds < 0.9995e-3 {
        format!("{} µs", significant(seconds * 1e6))
    } else if seconds < 0.9995 {
        format!("{} ms", significant(seconds * 1e3))
    } else if seconds < 99.95 {
        format!("{} s", significant(seconds))
    } else if seconds < 5970.0 {
        let whole = seconds.round();
        format!("{:.0} min {:.0} s", (whole / 60.0).floor(), whole % 60.0)
    } else {
        let minutes = (seconds / 60.0).round();
        format!("{} h {:.0} min", thousands((minutes / 60.0).floor()), minutes % 60.0)
    }
}

/// An amount of money without fractions: `3,449 USD`.
#[must_use]
pub fn money(amount: f64, currency: crate::catalog::Currency) -> String {
    format!("{} {}", thousands(amount), currency.code())
}

/// Parameters: `70.6 B`, `135 M`.
#[must_use]
pub fn parameters(count: f64) -> String {
    if count >= 0.9995e9 {
        format!("{} B", significant(count / 1e9))
    } else {
        format!("{} M", significant(count / 1e6))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_three_digits() {
        for (value, text) in [
            (0.0, "0"),
            (0.00123, "0.0012"),
            (0.456, "0.46"),
            (1.0, "1.00"),
            (4.567, "4.57"),
            (9.996, "10.0"),
            (45.67, "45.7"),
            (99.96, "100"),
            (456.7, "457"),
            (4567.0, "4,567"),
            (1_234_567.0, "1,234,567"),
            (-4567.0, "-4,567"),
            (f64::NAN, "–"),
        ] {
            assert_eq!(significant(value), text);
        }
    }

    proptest::proptest! {
        #[test]
        fn whole_numbers_are_rounded_as_fractions_are(value in 0.0..1e6_f64, halves in 0_u32..1_000_000, large in 1e6..1e18_f64) {
            for value in [value, f64::from(halves) / 2.0, large] {
                proptest::prop_assert_eq!(whole(value), format!("{value:.0}"));
            }
        }
    }

    #[test]
    fn units_change_with_size() {
        assert_eq!(gigabytes(42.51e9), "42.5 GB");
        assert_eq!(gigabytes(3.1e6), "3.10 MB");
        assert_eq!(gibibytes(96.0 * GIB), "96.0 GiB");
        assert_eq!(gibibytes(0.5 * GIB), "512 MiB");
        assert_eq!(duration(0.000_84), "840 µs");
        assert_eq!(duration(0.0032), "3.20 ms");
        assert_eq!(duration(200.0), "3 min 20 s");
        assert_eq!(duration(7500.0), "2 h 5 min");
        assert_eq!(tokens(32_768), "32,768 tokens");
        assert_eq!(parameters(70.6e9), "70.6 B");
        assert_eq!(money(3449.0, crate::catalog::Currency::USD), "3,449 USD");
    }
}
