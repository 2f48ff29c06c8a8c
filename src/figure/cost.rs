//! What a machine costs over the years: purchase and electricity, and what a million tokens come to.

use super::{
    Axis, Bar, Facts, Figure, Hue, LegendEntry, Name, Scale, Segment, Symbol, compact,
    followed::{Followed, NOBODY, followed},
    notes, tips,
};
use crate::{scenario::Money, units};

const MOST: usize = 14;
const DAYS_PER_YEAR: f64 = 365.25;
const SECONDS_PER_HOUR: f64 = 3600.0;

const PURCHASE: Hue = Hue::Accent(0);
const ELECTRICITY: Hue = Hue::Accent(4);

/// Purchase plus electricity over the scenario's years, a bar for each pinned machine.
#[must_use]
pub fn cost(facts: &Facts, pinned: &[String]) -> Figure {
    let (machines, note) = followed(facts, pinned, MOST);
    if machines.is_empty() {
        return Figure::saying(Name::Cost, NOBODY);
    }
    let money = &facts.scenario.money;
    let currency = money.currency.code();
    let mut names = Vec::new();
    let mut bars = Vec::new();
    let (mut unpriced, mut without_watts) = (Vec::new(), Vec::new());
    for followed in &machines {
        let Some(price) = &followed.row.price else {
            unpriced.push(followed.machine.name.clone());
            continue;
        };
        let electricity = followed.machine.load_w.map(|watts| electricity(money, watts));
        if electricity.is_none() {
            without_watts.push(followed.machine.name.clone());
        }
        let total = price.amount + electricity.unwrap_or(0.0);
        let segment = |name: &str, value, hue| Segment { name: name.to_owned(), value, hue };
        let mut segments = vec![segment("purchase", price.amount, PURCHASE)];
        segments.extend(electricity.map(|amount| segment("electricity", amount, ELECTRICITY)));
        bars.push(Bar {
            id: followed.machine.id.clone(),
            row: names.len(),
            segments,
            limit: None,
            label: label(facts, followed, total),
            faded: followed.row.speed().is_none(),
            pinned: false,
            tip: tips::of_machine(
                facts.catalog,
                facts.scenario,
                followed.row,
                followed.machine,
                followed.chip,
            ),
        });
        names.push(followed.short_name.clone());
    }
    if bars.is_empty() {
        return Figure::saying(
            Name::Cost,
            "None of the pinned machines has a price of the chosen kind and date",
        );
    }
    let ends = bars.iter().map(|bar| bar.segments.iter().map(|segment| segment.value).sum());
    let years = compact(money.years);
    let x = format!("Cost over {years} years in {currency}");
    let mut x = Axis::fitting(x, Scale::Linear, ends.chain([0.0])).with_unit(currency);
    x.high *= 1.5;
    let mut figure = Figure::new(Name::Cost, x, Axis::rows("", names));
    "Cost of ownership, and of a million tokens".clone_into(&mut figure.title);
    figure.subtitle = notes::scenario_line(facts.scenario, facts.comparison);
    figure.bars = bars;
    figure.legend = [("purchase", PURCHASE), ("electricity", ELECTRICITY)]
        .map(|(name, hue)| LegendEntry { symbol: Symbol::Fill(hue), text: name.to_owned(), count: None })
        .to_vec();
    figure.notes.extend(note);
    figure.notes.push(format!(
        "Used {} hours a day at full load for {years} years, switched off otherwise; a kWh at {} {currency}. Tokens are \
         what it writes in that time, for all users.",
        compact(money.hours_per_day),
        units::significant(money.electricity_per_kwh),
    ));
    for (what, names) in [("Without a price", unpriced), ("Power unknown, purchase only", without_watts)] {
        if !names.is_empty() {
            figure.notes.push(format!("{what}: {}.", names.join(", ")));
        }
    }
    figure.notes.push(notes::prices(facts.scenario));
    figure
}

fn hours(money: &Money) -> f64 {
    money.hours_per_day.clamp(0.0, 24.0) * DAYS_PER_YEAR * money.years.max(0.0)
}

fn electricity(money: &Money, watts: f64) -> f64 {
    watts / 1e3 * hours(money) * money.electricity_per_kwh
}

/// The sum, and what a million tokens of it come to.
fn label(facts: &Facts, followed: &Followed, total: f64) -> String {
    let money = &facts.scenario.money;
    let sum = units::money(total, money.currency);
    let speed = followed.row.speed().and(followed.row.estimate.as_ref().ok()).map(|it| it.total_tokens_per_s);
    let Some(speed) = speed else {
        return format!("{sum}; too little memory for the model");
    };
    let millions = speed * SECONDS_PER_HOUR * hours(money) / 1e6;
    if millions <= 0.0 {
        return sum;
    }
    let each = units::significant(total / millions);
    format!("{sum}; {each} {} per million tokens", money.currency.code())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn electricity_is_power_times_time_times_price() {
        let money = Money { hours_per_day: 4.0, years: 1.0, electricity_per_kwh: 0.25, ..Money::default() };
        assert!((electricity(&money, 1000.0) - 365.25).abs() < 1e-9);
        let always = Money { hours_per_day: 99.0, years: -1.0, ..money };
        assert!(electricity(&always, 1000.0).abs() < 1e-9);
    }
}
