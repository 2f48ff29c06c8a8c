//! What a machine costs over the years: purchase and electricity, and what a million tokens come to.

use super::{
    Axis, Bar, Course, Facts, Figure, FigureOptions, Hue, LegendEntry, Line, Name, Quantity, Scale, Segment,
    Stroke, Symbol, compact,
    followed::{Followed, NOBODY, followed},
    notes::{self, Quoted},
    tips,
};
use crate::{scenario::Money, units};

const MOST: usize = 14;
const DAYS_PER_YEAR: f64 = 365.25;
const SECONDS_PER_HOUR: f64 = 3600.0;

const PURCHASE: Hue = Hue::Accent(0);
const ELECTRICITY: Hue = Hue::Accent(1);

/// Purchase plus electricity over the scenario's years, in all or for a million tokens: a bar for each pinned machine.
#[must_use]
pub fn cost(facts: &Facts, options: &FigureOptions) -> Figure {
    let (machines, note) = followed(facts, options.pinned, MOST);
    if machines.is_empty() {
        return Figure::saying(Name::Cost, NOBODY);
    }
    let money = &facts.scenario.money;
    let shown = options.axes.x(Name::Cost);
    let each = shown == Quantity::CostPerMillion;
    let mut names = Vec::new();
    let mut bars = Vec::new();
    let (mut unpriced, mut without_watts, mut without_tokens) = (Vec::new(), Vec::new(), Vec::new());
    let mut quoted = Quoted::default();
    for followed in &machines {
        let name = || followed.machine.name.clone();
        let Some(costs) = Costs::of(money, followed) else {
            unpriced.push(name());
            continue;
        };
        let share = match (each, costs.millions) {
            (false, _) => 1.0,
            (true, Some(millions)) => 1.0 / millions,
            (true, None) => {
                without_tokens.push(name());
                continue;
            }
        };
        quoted.extend(&followed.row.price);
        if costs.electricity.is_none() {
            without_watts.push(name());
        }
        let segment =
            |name: &str, amount: f64, hue| Segment { name: name.to_owned(), value: amount * share, hue };
        let mut segments = vec![segment("purchase", costs.purchase, PURCHASE)];
        segments.extend(costs.electricity.map(|amount| segment("electricity", amount, ELECTRICITY)));
        bars.push(Bar {
            id: followed.machine.id.clone(),
            row: names.len(),
            segments,
            limit: None,
            label: costs.label(money, each),
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
        let why = if without_tokens.is_empty() {
            "None of the pinned machines has a price of the chosen kind and date"
        } else {
            "None of the pinned machines writes any tokens: too little memory, or never in use"
        };
        return Figure::saying(Name::Cost, why);
    }
    let api = money.api_per_million.filter(|_| each);
    let ends = bars.iter().map(|bar| bar.segments.iter().map(|segment| segment.value).sum());
    let x = Axis::fitting(shown.label(facts.scenario), Scale::Linear, ends.chain([0.0]).chain(api))
        .with_unit(money.currency.code())
        .with_sign(shown.sign(facts.scenario));
    let mut y = Axis::rows("", names);
    // Over the first row, for what the line of the API says.
    y.high += if api.is_some() { 0.5 } else { 0.0 };
    let mut figure = Figure::new(Name::Cost, x, y);
    if each { "What does a million tokens cost?" } else { "What does it cost to buy and to run?" }
        .clone_into(&mut figure.title);
    figure.subtitle = notes::scenario_line(facts.scenario, facts.comparison);
    figure.bars = bars;
    figure.lines.extend(api.map(|api| api_line(money, api)));
    figure.legend = [("purchase", PURCHASE), ("electricity", ELECTRICITY)]
        .map(|(name, hue)| LegendEntry { symbol: Symbol::Fill(hue), text: name.to_owned(), count: None })
        .to_vec();
    figure.notes.extend(note);
    figure.notes.push(notes::prices(facts.scenario, &quoted));
    figure.notes.push(format!(
        "Used {} hours a day at full load for {} years, switched off otherwise; a kWh at {} {}. Tokens are what it writes \
         in that time, for all users.",
        compact(money.hours_per_day),
        compact(money.years),
        units::significant(money.electricity_per_kwh),
        money.currency.code(),
    ));
    for (what, names) in [
        ("Without a price", unpriced),
        ("Power unknown, purchase only", without_watts),
        ("Too little memory for the model, or never in use", without_tokens),
    ] {
        if !names.is_empty() {
            figure.notes.push(format!("{what}: {}.", names.join(", ")));
        }
    }
    figure
}

/// What one machine costs over the years.
struct Costs {
    purchase: f64,
    /// Absent where the machine's power is not known.
    electricity: Option<f64>,
    /// Whether the model runs at all.
    runs: bool,
    /// Tokens written in that time, in millions; absent where there are none.
    millions: Option<f64>,
}

impl Costs {
    fn of(money: &Money, followed: &Followed) -> Option<Self> {
        let purchase = followed.row.price.as_ref()?.amount;
        let electricity = followed.machine.load_w.map(|watts| electricity(money, watts));
        let estimate = followed.row.speed().and(followed.row.estimate.as_ref().ok());
        let millions = estimate.map(|it| it.total_tokens_per_s * SECONDS_PER_HOUR * hours(money) / 1e6);
        Some(Self {
            purchase,
            electricity,
            runs: estimate.is_some(),
            millions: millions.filter(|millions| *millions > 0.0),
        })
    }

    /// The sum, and what a million tokens of it come to.
    fn label(&self, money: &Money, each: bool) -> String {
        let total = self.purchase + self.electricity.unwrap_or(0.0);
        let sum = units::money(total, money.currency);
        let code = money.currency.code();
        match self.millions {
            None if self.runs => sum,
            None => format!("{sum}; too little memory for the model"),
            Some(millions) if each => {
                let written = units::significant(millions);
                format!("{} {code}; {sum} for {written} million", units::significant(total / millions))
            }
            Some(millions) => {
                format!("{sum}; {} {code} per million tokens", units::significant(total / millions))
            }
        }
    }
}

/// What others ask for a million tokens.
fn api_line(money: &Money, api: f64) -> Line {
    Line {
        id: None,
        course: Course::Upright(api),
        stroke: Stroke::Dashed,
        hue: Hue::Ink,
        label: Some(format!("an API asks {} {}", units::significant(api), money.currency.code())),
        end: None,
        pinned: false,
        tip: None,
    }
}

fn hours(money: &Money) -> f64 {
    money.hours_per_day.clamp(0.0, 24.0) * DAYS_PER_YEAR * money.years.max(0.0)
}

fn electricity(money: &Money, watts: f64) -> f64 {
    watts / 1e3 * hours(money) * money.electricity_per_kwh
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
