//! Filters over the machines, as chips that are on or off.

use std::collections::BTreeSet;

use egui::{DragValue, Painter, Pos2, Ui};

use super::{
    AppState,
    command::{Command, Commands},
    widgets,
};
use crate::{
    catalog::{Catalog, MachineKind},
    compare::{COMFORTABLE_TOKENS_PER_S, Filters},
    figure::{Hue, Maker, MarkKind},
    plot::{
        marker::Marker,
        palette::{self, Palette},
    },
    units,
};

const KINDS: [(MachineKind, &str); 7] = [
    (MachineKind::Desktop, "Desktop"),
    (MachineKind::MiniPc, "Mini PC"),
    (MachineKind::Laptop, "Laptop"),
    (MachineKind::Card, "Card"),
    (MachineKind::SeveralCards, "Several cards"),
    (MachineKind::Server, "Server"),
    (MachineKind::Board, "Board"),
];

/// What people call a kind of machine.
#[must_use]
pub fn kind_name(kind: MachineKind) -> &'static str {
    KINDS.iter().find(|(known, _)| *known == kind).map_or("Machine", |(_, name)| name)
}

pub fn chips_ui(ui: &mut Ui, state: &AppState, commands: &mut Commands) {
    let mut filters = state.inputs.filters.clone();
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = egui::vec2(6.0, 6.0);
        for maker in Maker::ALL {
            maker_chip(ui, &state.catalog, maker, &mut filters);
        }
        ui.add_space(8.0);
        for (kind, name) in KINDS {
            let on = filters.kinds.contains(&kind);
            if widgets::chip(ui, name, on, "", None).clicked() {
                toggle(&mut filters.kinds, kind);
            }
        }
        ui.add_space(8.0);
        toggles(ui, state, &mut filters);
        if filters != Filters::default() && ui.link("Clear filters").clicked() {
            filters = Filters::default();
        }
    });
    if filters != state.inputs.filters {
        commands.send(Command::Filter(Box::new(filters)));
    }
}

/// The makers of machines in the catalog that share a color.
fn makers_of(catalog: &Catalog, maker: Maker) -> BTreeSet<String> {
    catalog
        .machines
        .iter()
        .filter_map(|machine| catalog.chips.get(&machine.chip))
        .filter(|chip| Maker::named(&chip.maker) == maker)
        .map(|chip| chip.maker.clone())
        .collect()
}

fn maker_chip(ui: &mut Ui, catalog: &Catalog, maker: Maker, filters: &mut Filters) {
    let names = makers_of(catalog, maker);
    if names.is_empty() {
        return;
    }
    let palette = Palette::of(ui);
    let on = names.iter().any(|name| filters.makers.contains(name));
    let tooltip = if maker == Maker::Other {
        names.iter().map(String::as_str).collect::<Vec<_>>().join(", ")
    } else {
        String::new()
    };
    let draw = |painter: &Painter, at: Pos2| draw_mark(painter, at, maker, &palette);
    if widgets::chip(ui, maker.name(), on, &tooltip, Some(&draw)).clicked() {
        if on {
            filters.makers.retain(|name| !names.contains(name));
        } else {
            filters.makers.extend(names);
        }
    }
}

/// A maker's mark as the figures draw it.
pub fn draw_mark(painter: &Painter, at: Pos2, maker: Maker, palette: &Palette) {
    let hue = Hue::Maker(maker);
    let marker = Marker {
        shape: palette::shape(hue),
        kind: MarkKind::Filled,
        color: palette.color(hue),
        radius: 4.5,
        rim: false,
    };
    marker.draw(painter, at, palette);
}

fn toggles(ui: &mut Ui, state: &AppState, filters: &mut Filters) {
    let flag = |ui: &mut Ui, text: &str, on: &mut bool, tooltip: &str| {
        if widgets::chip(ui, text, *on, tooltip, None).clicked() {
            *on = !*on;
        }
    };
    flag(ui, "Fits only", &mut filters.fits_only, "Leaves out machines without room for the model");
    let budget = state.inputs.scenario.money.budget;
    let tooltip = match budget {
        Some(budget) => format!("At most {}", units::money(budget, state.inputs.scenario.money.currency)),
        None => "Set a budget under Money first".to_owned(),
    };
    ui.add_enabled_ui(budget.is_some() || filters.within_budget, |ui| {
        flag(ui, "Within budget", &mut filters.within_budget, &tooltip);
    });
    let mut least = filters.min_tokens_per_s.is_some();
    flag(ui, "Least speed", &mut least, "Leaves out what is slower. The answer asks for this speed too");
    if least != filters.min_tokens_per_s.is_some() {
        filters.min_tokens_per_s = least.then_some(COMFORTABLE_TOKENS_PER_S);
    }
    if let Some(least) = &mut filters.min_tokens_per_s {
        let field = DragValue::new(least)
            .range(0.1..=1000.0)
            .speed(0.1)
            .custom_formatter(|value, _| units::tokens_per_s(value))
            .custom_parser(widgets::parse_number);
        let field = ui.add(field);
        field.widget_info(|| {
            egui::WidgetInfo::labeled(egui::Role::SpinButton, true, "Least tokens per second")
        });
    }
    flag(ui, "Not on sale", &mut filters.show_withdrawn, "Shows withdrawn and announced machines too");
    flag(ui, "Parts", &mut filters.show_parts, "Shows modules and passive server cards too");
}

fn toggle<T: Ord>(set: &mut BTreeSet<T>, item: T) {
    if !set.remove(&item) {
        set.insert(item);
    }
}
