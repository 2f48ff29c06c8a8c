//! What is known of a machine, and in words how its estimate was made.

use egui::{RichText, Ui};

use super::{
    super::{AppState, chips, theme::Tokens, widgets},
    heading,
};
use crate::{
    catalog::{Availability, Basis, Covers, Machine, PriceKind, Quote, System, Tax},
    compare::{Row, Standing},
    estimate::{Assumption, Estimate, Evidence, Offload, Placement},
    units,
};

/// The speed in large figures, or why there is none.
pub fn speed_ui(ui: &mut Ui, row: &Row) {
    let tokens = Tokens::of(ui);
    match (&row.estimate, row.speed()) {
        (Ok(estimate), Some(speed)) => {
            ui.horizontal(|ui| {
                ui.label(RichText::new(units::tokens_per_s(speed)).size(19.0).color(tokens.strong));
                let interval = format!(
                    "{} to {}",
                    units::significant(estimate.tokens_per_s_low()),
                    units::significant(estimate.tokens_per_s_high())
                );
                ui.label(widgets::weak(ui, interval));
            });
        }
        (Ok(estimate), None) => {
            ui.label(RichText::new("The model does not fit").size(17.0).color(tokens.warning));
            widgets::remark(
                ui,
                format!("With memory enough it would decode {}.", units::tokens_per_s(estimate.tokens_per_s)),
            );
        }
        (Err(reason), _) => {
            ui.label(RichText::new("No estimate").size(17.0).color(tokens.warning));
            widgets::remark(ui, sentence(&reason.to_string()));
        }
    }
}

pub fn configuration_ui(ui: &mut Ui, state: &AppState, row: &Row, machine: &Machine) {
    let chip = state.catalog.chips.get(&machine.chip);
    let several = if machine.devices > 1 { format!("{} × ", machine.devices) } else { String::new() };
    if let Some(chip) = chip {
        widgets::plain_fact(ui, "Chip", format!("{several}{}", chip.name)).on_hover_text(&chip.name);
    }
    widgets::plain_fact(ui, "Kind", chips::kind_name(machine.kind));
    let kind = chip.and_then(|chip| chip.memory_type.as_deref()).unwrap_or_default();
    widgets::plain_fact(ui, "Memory", format!("{} GiB {kind}", units::significant(machine.memory_gib)));
    let bandwidth = machine.device_gb_per_s(chip);
    if let Some(bandwidth) = bandwidth {
        widgets::plain_fact(ui, "Bandwidth", format!("{several}{} GB/s", units::significant(bandwidth)));
    }
    if let Some(host) = &machine.host {
        let text = format!(
            "{} GiB at {} GB/s",
            units::significant(host.memory_gib),
            units::significant(host.bandwidth_gb_per_s)
        );
        widgets::plain_fact(ui, "Host memory", text);
    }
    if let Some(load) = machine.load_w {
        widgets::plain_fact(ui, "Power", format!("{} W under load", units::significant(load)));
    }
    let runtime = row.runtime.as_deref().and_then(|id| state.catalog.runtimes.get(id));
    if let Some(runtime) = runtime {
        widgets::plain_fact(ui, "Runtime", runtime.name.as_str());
    }
    if let Ok(estimate) = &row.estimate {
        if let Some(prefill) = estimate.prefill_tokens_per_s {
            widgets::plain_fact(ui, "Prefill", units::tokens_per_s(prefill));
        }
        if let Some(wait) = estimate.time_to_first_token_s {
            widgets::plain_fact(ui, "First token", format!("after {}", units::duration(wait)));
        }
        if let Some(speed) = estimate.answer_tokens_per_s {
            widgets::plain_fact(ui, "Answer, felt", units::tokens_per_s(speed))
                .on_hover_text("Answer tokens over the time from the question to the last token");
        }
        if state.inputs.scenario.users > 1 {
            widgets::plain_fact(ui, "All users", units::tokens_per_s(estimate.total_tokens_per_s));
        }
    }
    widgets::plain_fact(ui, "On sale", availability(row));
}

fn availability(row: &Row) -> &'static str {
    match (row.standing, row.availability) {
        (Standing::Part, _) => "as a part that does not run alone",
        (_, Availability::New) => "new",
        (_, Availability::Used) => "second hand only",
        (_, Availability::Announced) => "announced, not yet",
        (_, Availability::Withdrawn) => "no longer",
    }
}

pub fn prices_ui(ui: &mut Ui, state: &AppState, row: &Row, machine: &Machine) {
    heading(ui, "Prices");
    let tokens = Tokens::of(ui);
    let money = &state.inputs.scenario.money;
    match &row.price {
        Some(price) => {
            let mut text = units::money(price.amount, price.currency);
            if price.host > 0.0 {
                text = format!("{text}, {} of it for the host", units::thousands(price.host));
            }
            widgets::plain_fact(ui, "Counts here", RichText::new(text).color(tokens.strong));
        }
        None => {
            widgets::remark(ui, "No quote of the chosen kind up to the chosen date.");
        }
    }
    let mut quotes: Vec<(usize, &Quote)> = machine.prices.iter().enumerate().collect();
    quotes.sort_by_key(|(_, quote)| std::cmp::Reverse(quote.date.first_day()));
    for (index, quote) in quotes {
        let counts = row.price.as_ref().is_some_and(|price| price.quote == index);
        let later = quote.date.first_day() > money.as_of;
        quote_ui(ui, quote, counts, later);
    }
}

fn quote_ui(ui: &mut Ui, quote: &Quote, counts: bool, later: bool) {
    let tokens = Tokens::of(ui);
    let kind = match quote.kind {
        PriceKind::List => "list",
        PriceKind::Street => "street",
        PriceKind::Used => "second hand",
        PriceKind::Quoted => "quoted",
        PriceKind::Article => "article",
    };
    let covers = match quote.covers {
        Covers::Machine => "",
        Covers::Cards => ", card only",
        Covers::Module => ", module only",
    };
    let tax = match quote.tax {
        Tax::Included => ", with tax",
        Tax::Excluded => ", without tax",
        Tax::Unknown => "",
    };
    let basis = match quote.basis {
        Basis::Sourced => "",
        Basis::Derived => ", derived",
        Basis::Estimate => ", an estimate",
    };
    let later = if later { ", after the chosen date" } else { "" };
    let color = if counts { tokens.text } else { tokens.weak };
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        let amount = units::money(quote.amount, quote.currency);
        let text = format!("{amount}, {kind}, {}{covers}{tax}{basis}{later}.", quote.date);
        ui.label(RichText::new(text).size(12.5).color(color));
        source_ui(ui, &quote.source);
        if let Some(note) = &quote.note {
            ui.label(widgets::weak(ui, "Note").size(12.5).underline()).on_hover_text(note);
        }
    });
}

/// A link where the source is an address, its title otherwise.
fn source_ui(ui: &mut Ui, source: &str) {
    let start = source.find("https://").or_else(|| source.find("http://"));
    if let Some(start) = start {
        let address = source[start..].split_whitespace().next().unwrap_or_default();
        let host = address.split('/').nth(2).unwrap_or(address);
        let host = host.strip_prefix("www.").unwrap_or(host);
        ui.hyperlink_to(RichText::new(host).size(12.5), address).on_hover_text(source);
    } else {
        let short: String = source.chars().take(40).collect();
        let short = if short.len() < source.len() { format!("{short}…") } else { short };
        ui.label(widgets::weak(ui, short).size(12.5)).on_hover_text(source);
    }
}

pub fn assumptions_ui(ui: &mut Ui, row: &Row, estimate: &Estimate) {
    let mut lines: Vec<String> = Vec::new();
    match estimate.placement {
        Placement::Fits => {}
        Placement::Offloads { what, bytes } => {
            let what = match what {
                Offload::Layers => "of layers",
                Offload::Experts => "of experts",
            };
            lines.push(format!("{} {what} lie in the host's memory.", units::gibibytes(bytes)));
        }
        Placement::DoesNotFit { .. } => {
            lines.push("The times below are what they would be with memory enough.".to_owned());
        }
    }
    lines.extend(estimate.assumptions.iter().map(assumption));
    if row.standing == Standing::Part {
        lines.push("It is sold as a part, and does not run without a server or carrier.".to_owned());
    }
    if lines.is_empty() {
        return;
    }
    heading(ui, "Assumed");
    for line in lines {
        widgets::remark(ui, line);
    }
}

fn assumption(assumption: &Assumption) -> String {
    match *assumption {
        Assumption::UsableMemoryByRule => {
            "The usable memory follows the platform's rule; no figure is published for this machine."
                .to_owned()
        }
        Assumption::MemoryLimitRaised => {
            "Its owner raised the memory limit by a documented setting.".to_owned()
        }
        Assumption::System(System::Windows) => "It runs under Windows, where calls take longer.".to_owned(),
        Assumption::System(System::Wsl) => {
            "It runs in Linux within Windows (WSL), where calls take longer and memory is read more slowly."
                .to_owned()
        }
        Assumption::NewMesa => {
            "Its driver is Mesa 26.2 or newer; older ones may take nearly twice as long for a token."
                .to_owned()
        }
        Assumption::LayerSplit { devices } => {
            format!(
                "The {devices} devices hold layers and work one after the other, which adds memory, not speed."
            )
        }
        Assumption::TensorParallel { devices } => {
            format!("The {devices} devices each hold a part of every layer and exchange results.")
        }
        Assumption::RowSplit { devices } => {
            format!(
                "The {devices} devices each hold rows of every matrix and gather all products on the first."
            )
        }
        Assumption::Host { gb_per_s, batch_tokens } => format!(
            "The host's memory has {} GB/s on its data sheet. What lies there is copied to the card for every batch \
             of {batch_tokens} tokens of a prompt; larger batches shorten the time to the first token.",
            units::significant(gb_per_s)
        ),
        Assumption::ComputeDerived => "The peak compute rate is derived, not published.".to_owned(),
        Assumption::NoComputeRate => {
            "No compute rate is known, so the time to the first token is not estimated.".to_owned()
        }
    }
}

pub fn confidence_ui(ui: &mut Ui, estimate: &Estimate) {
    heading(ui, "How sure");
    let confidence = &estimate.confidence;
    let rows = match confidence.rows {
        0 => "no measurement".to_owned(),
        1 => "1 measurement".to_owned(),
        rows => format!("{} measurements", units::thousands(f64::from(rows))),
    };
    let basis = match confidence.evidence {
        Evidence::Chip => format!("This chip was measured with this runtime: {rows}."),
        Evidence::Family => format!("Chips of its family were measured with this runtime: {rows}."),
        Evidence::General => format!("Only the runtime in general is known: {rows}, on other chips."),
    };
    widgets::remark(ui, basis);
    let interval = format!(
        "Four of five measurements like it lie between {} and {} % of the estimate.",
        units::significant(confidence.low_factor * 100.0),
        units::significant(confidence.high_factor * 100.0)
    );
    widgets::remark(ui, interval);
}

/// With a capital and a period.
fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => format!("{}{}.", first.to_uppercase(), chars.as_str()),
        None => String::new(),
    }
}
