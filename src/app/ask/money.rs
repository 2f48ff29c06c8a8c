//! What money means: currency, prices and the cost of running.

use egui::{ComboBox, TextEdit, Ui};
use jiff::civil::Date;

use super::super::{
    AppState,
    command::{Command, Commands},
    theme::Tokens,
    widgets,
    widgets::Number,
};
use crate::{
    catalog::Currency,
    scenario::{Money, PriceChoice, Scenario, TaxChoice},
    units,
};

pub fn money_ui(ui: &mut Ui, state: &AppState, draft: &mut Scenario, commands: &mut Commands) {
    widgets::section(ui, "Money");
    let money = &mut draft.money;
    currency_ui(ui, state, money);
    budget_ui(ui, money);
    price_ui(ui, money);
    date_ui(ui, state, money, commands);
    tax_ui(ui, money);
    running_ui(ui, money);
}

fn currency_ui(ui: &mut Ui, state: &AppState, money: &mut Money) {
    widgets::row(ui, "Currency", |ui, _| {
        for currency in Currency::ALL {
            if widgets::choice(ui, currency.code(), money.currency == currency, "") {
                switch_currency(money, currency);
            }
        }
    });
    let rate = |value: f64| format!("{value:.3} USD");
    let number = Number {
        range: 0.2..=5.0,
        logarithmic: false,
        step: None,
        format: &rate,
        speed: 0.002,
        tooltip: "Dollars for one euro",
    };
    if let Some(value) = widgets::value(ui, "1 EUR", money.usd_per_eur, &number) {
        money.usd_per_eur = value;
        money.rate_date = None;
    }
    match (money.rate_date, state.catalog.exchange_rates.last()) {
        (Some(date), _) => {
            widgets::remark(ui, format!("The rate of {date}."));
        }
        (None, Some(rate)) => {
            ui.horizontal(|ui| {
                widgets::remark(ui, "Your own rate.");
                if ui.link(format!("Use {} of {}", rate.usd_per_eur, rate.date)).clicked() {
                    money.usd_per_eur = rate.usd_per_eur;
                    money.rate_date = Some(rate.date.last_day());
                }
            });
        }
        (None, None) => {}
    }
}

/// Amounts that were typed keep their worth.
fn switch_currency(money: &mut Money, currency: Currency) {
    let from = money.currency;
    money.currency = currency;
    money.budget = money.budget.map(|budget| (money.convert(budget, from) / 50.0).round() * 50.0);
    let to_mills = |amount: f64| (money.convert(amount, from) * 1000.0).round() / 1000.0;
    (money.electricity_per_kwh, money.api_per_million) =
        (to_mills(money.electricity_per_kwh), money.api_per_million.map(to_mills));
}

fn budget_ui(ui: &mut Ui, money: &mut Money) {
    const FIRST: f64 = 5000.0;
    let mut has = money.budget.is_some();
    widgets::row(ui, "Budget", |ui, label| {
        let text = if has { "" } else { "no limit" };
        let response = ui.checkbox(&mut has, text);
        response.labelled_by(label.id);
        if has != money.budget.is_some() {
            money.budget = has.then_some(FIRST);
        }
    });
    if let Some(budget) = money.budget {
        let currency = money.currency;
        let amount = |value: f64| units::money(value, currency);
        let number = Number {
            range: 300.0..=50_000.0,
            logarithmic: true,
            step: None,
            format: &amount,
            speed: 20.0,
            tooltip: "Drawn as a line in the figure. The filter \"Within budget\" leaves out what costs more",
        };
        if let Some(value) = widgets::slider(ui, "At most", budget, &number) {
            let unit = if value >= 2000.0 { 100.0 } else { 50.0 };
            let dragged = ui.input(|input| input.pointer.any_down() || input.pointer.any_released());
            money.budget = Some(if dragged { (value / unit).round() * unit } else { value.max(1.0) });
        }
    }
}

fn price_name(price: PriceChoice) -> &'static str {
    match price {
        PriceChoice::Newest => "Newest of any kind",
        PriceChoice::List => "List price",
        PriceChoice::Street => "Street price",
        PriceChoice::Used => "Second hand",
        PriceChoice::Article => "The article's prices",
    }
}

fn price_ui(ui: &mut Ui, money: &mut Money) {
    widgets::row(ui, "Which price", |ui, label| {
        let response = ComboBox::from_id_salt("which price")
            .width(ui.available_width())
            .selected_text(price_name(money.price))
            .show_ui(ui, |ui| {
                for price in PriceChoice::ALL {
                    ui.selectable_value(&mut money.price, price, price_name(price));
                }
            });
        response.response.labelled_by(label.id);
    });
    ui.checkbox(&mut money.with_host, "Cards count with a host PC")
        .on_hover_text("A card does not run alone. Its preset says what the computer round it costs");
}

fn date_ui(ui: &mut Ui, state: &AppState, money: &mut Money, commands: &mut Commands) {
    let id = ui.scope_id().with("as of");
    widgets::row(ui, "Prices as of", |ui, label| {
        let mut text = ui.data(|data| data.get_temp::<String>(id)).unwrap_or_else(|| money.as_of.to_string());
        let typed: Option<Date> = text.trim().parse().ok();
        let mut field = TextEdit::singleline(&mut text).desired_width(92.0);
        if typed.is_none() {
            field = field.text_color(Tokens::of(ui).error);
        }
        let response = ui.add(field).labelled_by(label.id).on_hover_text("Year, month and day: 2026-11-22");
        if response.changed() {
            if let Ok(date) = text.trim().parse() {
                money.as_of = date;
            }
            ui.data_mut(|data| data.insert_temp(id, text));
        }
        if response.lost_focus() {
            ui.data_mut(|data| data.remove_temp::<String>(id));
        }
        if state.view.follows_today {
            ui.label(widgets::weak(ui, "today"));
        } else if ui.link("Today").clicked() {
            commands.send(Command::FollowToday(true));
        }
    });
}

fn tax_ui(ui: &mut Ui, money: &mut Money) {
    widgets::row(ui, "Sales tax", |ui, _| {
        for (tax, name, tooltip) in [
            (TaxChoice::AsQuoted, "As quoted", "US prices without, European prices with"),
            (TaxChoice::With, "With", "Added where the quote is without"),
            (TaxChoice::Without, "Without", "Taken off where the quote is with"),
        ] {
            if widgets::choice(ui, name, money.tax == tax, tooltip) {
                money.tax = tax;
            }
        }
    });
    if money.tax != TaxChoice::AsQuoted {
        let percent = |value: f64| format!("{value:.1} %");
        let number = Number {
            range: 0.0..=30.0,
            logarithmic: false,
            step: Some(0.5),
            format: &percent,
            speed: 0.05,
            tooltip: "The rate of sales tax",
        };
        if let Some(value) = widgets::slider(ui, "Tax rate", money.tax_percent, &number) {
            money.tax_percent = value;
        }
    }
}

fn running_ui(ui: &mut Ui, money: &mut Money) {
    let code = money.currency.code();
    let electricity = |value: f64| format!("{value:.2} {code}/kWh");
    let number = Number {
        range: 0.0..=1.0,
        logarithmic: false,
        step: Some(0.01),
        format: &electricity,
        speed: 0.002,
        tooltip: "For the cost over the years",
    };
    if let Some(value) = widgets::slider(ui, "Electricity", money.electricity_per_kwh, &number) {
        money.electricity_per_kwh = value;
    }
    let hours = |value: f64| format!("{value:.1} h a day");
    let number = Number {
        range: 0.0..=24.0,
        step: Some(0.5),
        format: &hours,
        speed: 0.05,
        tooltip: "At work, not idle",
        ..number
    };
    if let Some(value) = widgets::slider(ui, "In use", money.hours_per_day, &number) {
        money.hours_per_day = value;
    }
    let years = |value: f64| {
        let unit = if (value - 1.0).abs() < 0.01 { "year" } else { "years" };
        format!("{value:.1} {unit}")
    };
    let number =
        Number { range: 0.5..=10.0, format: &years, speed: 0.02, tooltip: "How long it serves", ..number };
    if let Some(value) = widgets::slider(ui, "Kept for", money.years, &number) {
        money.years = value;
    }
    api_ui(ui, money);
}

/// What others ask for the tokens.
fn api_ui(ui: &mut Ui, money: &mut Money) {
    const FIRST: f64 = 1.0;
    let mut has = money.api_per_million.is_some();
    widgets::row(ui, "An API asks", |ui, label| {
        let text = if has { "" } else { "not compared" };
        ui.checkbox(&mut has, text).labelled_by(label.id);
    });
    if has != money.api_per_million.is_some() {
        money.api_per_million = has.then_some(FIRST);
    }
    if let Some(asked) = money.api_per_million {
        let code = money.currency.code();
        let amount = |value: f64| format!("{} {code}", units::significant(value));
        let number = Number {
            range: 0.01..=100.0,
            logarithmic: true,
            step: None,
            format: &amount,
            speed: 0.01,
            tooltip: "For a million tokens of the answer. Drawn as a line where the cost is of a million tokens",
        };
        if let Some(value) = widgets::slider(ui, "Per million", asked, &number) {
            money.api_per_million = Some(value.max(0.001));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_keep_their_worth_when_the_currency_changes() {
        let mut money = Money {
            budget: Some(5000.0),
            usd_per_eur: 1.25,
            electricity_per_kwh: 0.3,
            api_per_million: Some(2.5),
            ..Money::default()
        };
        switch_currency(&mut money, Currency::EUR);
        assert_eq!(money.budget, Some(4000.0));
        assert!((money.electricity_per_kwh - 0.24).abs() < 1e-9);
        assert_eq!(money.api_per_million, Some(2.0));
    }
}
