//! The embedded presets: complete, consistent, and true to what their sources publish.

use std::sync::OnceLock;

use jiff::civil::Date;
use rigwise::{
    catalog::{Availability, Basis, Catalog, Covers, Currency, PriceKind, Tax, load},
    compare::{Filters, Standing, compare},
    estimate::{Estimator, Placement},
    scenario::{PriceChoice, Scenario},
};

fn catalog() -> &'static Catalog {
    static CATALOG: OnceLock<Catalog> = OnceLock::new();
    CATALOG.get_or_init(|| {
        let loaded = load::embedded();
        assert!(loaded.diagnostics.is_empty(), "{:#?}", loaded.diagnostics);
        loaded.catalog
    })
}

#[test]
fn everything_that_was_collected_is_there() {
    let catalog = catalog();
    assert_eq!(catalog.machines.len(), 140);
    assert_eq!(catalog.models.len(), 143);
    assert_eq!(catalog.measurements.len(), 15_117);
    assert!(catalog.chips.len() >= 156, "{}", catalog.chips.len());
    assert!(catalog.quants.len() >= 80, "{}", catalog.quants.len());
    assert!(catalog.kv_types.len() >= 12, "{}", catalog.kv_types.len());
    assert!(catalog.calibrations.get("decode").is_some() && catalog.calibrations.get("prefill").is_some());
}

#[test]
fn bus_width_times_data_rate_is_the_bandwidth() {
    let mut checked = 0;
    for chip in &catalog().chips {
        if let (Some(bits), Some(rate), Some(bandwidth)) =
            (chip.bus_bits, chip.data_rate_mt_per_s, chip.bandwidth_gb_per_s)
        {
            let computed = f64::from(bits) * rate / 8.0 / 1e3;
            assert!((computed / bandwidth - 1.0).abs() < 0.03, "{}: {computed} against {bandwidth}", chip.id);
            checked += 1;
        }
    }
    assert!(checked > 140, "{checked}");
}

/// Published totals are rounded, and some count a vision tower or leave lookup tables out.
#[test]
fn parameters_sum_to_what_is_published() {
    let (mut within_1, mut within_2, mut all) = (0, 0, 0);
    for model in &catalog().models {
        let Some(published) = &model.published else { continue };
        let text = model.params.total() as f64;
        let candidates = [text, text + model.tower_params as f64, text - model.params.lookup as f64];
        let off = candidates
            .into_iter()
            .map(|total| (total / (published.total_b * 1e9) - 1.0).abs())
            .fold(f64::INFINITY, f64::min);
        all += 1;
        within_1 += u32::from(off <= 0.01);
        within_2 += u32::from(off <= 0.02);
    }
    assert!(all >= 139 && within_1 >= 123 && within_2 >= 133, "{within_1} and {within_2} of {all}");
}

#[test]
fn every_id_referred_to_exists() {
    let catalog = catalog();
    for machine in &catalog.machines {
        assert!(catalog.chips.get(&machine.chip).is_some(), "{}", machine.id);
    }
    for measurement in &catalog.measurements {
        for (id, found) in [
            (&measurement.chip, measurement.chip.as_ref().map(|id| catalog.chips.get(id).is_some())),
            (&measurement.model, measurement.model.as_ref().map(|id| catalog.models.get(id).is_some())),
        ] {
            assert!(found != Some(false), "{}: {id:?}", measurement.id);
        }
    }
    for runtime in &catalog.runtimes {
        for alias in &runtime.quant_aliases {
            assert!(catalog.quant(&alias.means).is_some(), "{}: {}", runtime.id, alias.means);
        }
    }
}

#[test]
fn every_quote_says_what_when_and_where() {
    let mut quotes = 0;
    for machine in &catalog().machines {
        for quote in &machine.prices {
            assert!(quote.amount > 0.0, "{}", machine.id);
            assert!(quote.source.len() > 8, "{}: {}", machine.id, quote.source);
            assert!(quote.date.first_day() >= Date::constant(2016, 1, 1), "{}", machine.id);
            let range = (quote.low.unwrap_or(quote.amount), quote.high.unwrap_or(quote.amount));
            assert!(range.0 <= quote.amount && quote.amount <= range.1, "{}: {range:?}", machine.id);
            if quote.currency == Currency::EUR && quote.kind == PriceKind::Article {
                assert_ne!(quote.tax, Tax::Excluded, "{}", machine.id);
            }
            quotes += 1;
        }
    }
    assert!(quotes > 200, "{quotes}");
}

/// The figures of the articles of November 2025 that the comparison started from.
#[test]
fn the_articles_machines_carry_the_articles_prices() {
    for (machine, amount, date) in [
        ("macmini-m4pro-64-2tb", 3200.0, "2025-11-07"),
        ("studio-m4max-128-2tb", 4800.0, "2025-11-07"),
        ("rtx5090", 2500.0, "2025-10-31"),
        ("pro6000", 8000.0, "2025-10-31"),
        ("rtx3090", 1300.0, "2025-10-31"),
    ] {
        let machine = catalog().machines.get(machine).unwrap();
        let quote = machine
            .prices
            .iter()
            .find(|quote| quote.kind == PriceKind::Article && quote.date.to_string() == date)
            .unwrap_or_else(|| panic!("{}", machine.id));
        assert!((quote.amount - amount).abs() < 0.5, "{}", machine.id);
        assert_eq!(quote.currency, Currency::EUR);
    }
}

#[test]
fn what_is_known_only_roughly_says_so() {
    let catalog = catalog();
    let rough_quotes =
        catalog.machines.iter().flat_map(|machine| &machine.prices).filter(|it| it.basis != Basis::Sourced);
    assert!(rough_quotes.count() > 20);
    assert!(catalog.models.iter().filter(|model| model.basis != Basis::Sourced).count() >= 18);
    assert!(catalog.chips.iter().filter(|chip| chip.compute.basis != Basis::Sourced).count() > 20);
}

#[test]
fn the_frontier_holds_only_what_one_can_buy_and_run() {
    let catalog = catalog();
    let estimator = Estimator::new(catalog);
    for (day, price) in [
        (Date::constant(2026, 11, 22), PriceChoice::Newest),
        (Date::constant(2025, 11, 14), PriceChoice::Newest),
        (Date::constant(2025, 11, 14), PriceChoice::Article),
    ] {
        for with_host in [true, false] {
            let mut scenario = Scenario::default();
            scenario.money.as_of = day;
            scenario.money.price = price;
            scenario.money.with_host = with_host;
            // Parts and withdrawn machines may be shown; they do not stand on the frontier.
            let filters = Filters { show_parts: true, show_withdrawn: true, ..Filters::default() };
            let comparison = compare(catalog, &estimator, &scenario, &filters).unwrap();
            assert!(!comparison.frontier.is_empty());
            let mut last = (0.0, 0.0);
            for &index in &comparison.frontier {
                let row = &comparison.rows[index];
                assert_eq!(row.standing, Standing::Buyable);
                assert!(matches!(row.availability, Availability::New | Availability::Used));
                let (price, estimate) = (row.price.as_ref().unwrap(), row.estimate.as_ref().unwrap());
                assert_eq!(estimate.placement, Placement::Fits);
                assert!(price.amount > last.0 && estimate.tokens_per_s > last.1);
                last = (price.amount, estimate.tokens_per_s);
                let machine = catalog.machines.iter().nth(row.machine).unwrap();
                let quote = &machine.prices[price.quote];
                assert!(quote.covers == Covers::Machine || price.host > 0.0, "{}", machine.id);
            }
        }
    }
}
