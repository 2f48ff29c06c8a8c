//! Dates as sources state them: a day, a month, or only a year.

use std::{fmt, str::FromStr};

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A date known to the day (`2026-09-22`), to the month (`2026-09`) or to the year (`2026`).
///
/// It is written in presets exactly as precisely as its source states it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PartialDate {
    year: i16,
    month: Option<i8>,
    day: Option<i8>,
}

/// Why a text is not a date.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a date: write it as 2026-09-22, 2026-09 or 2026")]
pub struct DateError(String);

impl PartialDate {
    /// The first day the date can mean.
    #[must_use]
    pub fn first_day(self) -> Date {
        Date::constant(self.year, self.month.unwrap_or(1), self.day.unwrap_or(1))
    }

    /// The last day the date can mean.
    #[must_use]
    pub fn last_day(self) -> Date {
        let month = Date::constant(self.year, self.month.unwrap_or(12), 1);
        match self.day {
            Some(day) => Date::constant(self.year, self.month.unwrap_or(12), day),
            None => month.last_of_month(),
        }
    }
}

impl From<Date> for PartialDate {
    fn from(date: Date) -> Self {
        Self { year: date.year(), month: Some(date.month()), day: Some(date.day()) }
    }
}

impl FromStr for PartialDate {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, DateError> {
        let error = || DateError(text.to_owned());
        let mut parts = text.split('-');
        let mut number = |digits: usize| -> Result<Option<i16>, DateError> {
            let Some(part) = parts.next() else {
                return Ok(None);
            };
            if part.len() != digits || !part.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(error());
            }
            part.parse().map(Some).map_err(|_| error())
        };
        let year = number(4)?.ok_or_else(error)?;
        let month = number(2)?;
        let day = number(2)?;
        if parts.next().is_some() {
            return Err(error());
        }
        let narrow = |value: i16| i8::try_from(value).map_err(|_| error());
        let month = month.map(narrow).transpose()?;
        let day = day.map(narrow).transpose()?;
        Date::new(year, month.unwrap_or(1), day.unwrap_or(1)).map_err(|_| error())?;
        Ok(Self { year, month, day })
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year)?;
        if let Some(month) = self.month {
            write!(f, "-{month:02}")?;
        }
        if let Some(day) = self.day {
            write!(f, "-{day:02}")?;
        }
        Ok(())
    }
}

impl<'de> Deserialize<'de> for PartialDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

impl Serialize for PartialDate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_keep_their_precision() {
        for text in ["2026", "2026-02", "2026-02-28"] {
            assert_eq!(text.parse::<PartialDate>().unwrap().to_string(), text);
        }
        let month: PartialDate = "2028-02".parse().unwrap();
        assert_eq!(month.first_day(), Date::constant(2028, 2, 1));
        assert_eq!(month.last_day(), Date::constant(2028, 2, 29));
        let year: PartialDate = "2026".parse().unwrap();
        assert_eq!(year.last_day(), Date::constant(2026, 12, 31));
    }

    #[test]
    fn what_is_not_a_date_is_refused() {
        for text in ["", "26", "2026-13", "2026-02-30", "2026-9", "2026-09-1", "2026-09-01-01", "soon"] {
            assert!(text.parse::<PartialDate>().is_err(), "{text}");
        }
    }
}
