//! Filters over the machines, as chips that are on or off.

use std::collections::{BTreeMap, BTreeSet};

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

/// Below this width the chips of kinds are put into a menu, so that one line holds all and the figure keeps its room.
const ROOM_FOR_ALL: f32 = 1340.0;
/// Below this width those of makers are too.
const ROOM_FOR_MAKERS: f32 = 880.0;

pub fn chips_ui(ui: &mut Ui, state: &AppState, commands: &mut Commands) {
    let mut filters = state.inputs.filters.clone();
    let width = ui.available_width();
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = egui::vec2(6.0, 6.0);
        if width < ROOM_FOR_MAKERS {
            let makers = filters.makers.len();
            menu(ui, "Makers", makers, |ui| makers_ui(ui, state, &mut filters));
        } else {
            makers_ui(ui, state, &mut filters);
            ui.add_space(8.0);
        }
        if width < ROOM_FOR_ALL {
            let kinds = filters.kinds.len();
            menu(ui, "Kinds", kinds, |ui| kinds_ui(ui, &mut filters));
        } else {
            kinds_ui(ui, &mut filters);
            ui.add_space(8.0);
        }
        fits_ui(ui, &mut filters);
        budget_ui(ui, state, &mut filters);
        if width < ROOM_FOR_MAKERS {
            let more = usize::from(filters.show_withdrawn)
                + usize::from(filters.show_parts)
                + usize::from(filters.min_tokens_per_s.is_some());
            menu(ui, "More", more, |ui| more_ui(ui, &mut filters));
        } else {
            more_ui(ui, &mut filters);
        }
        if filters != Filters::default() && ui.link("Clear filters").clicked() {
            filters = Filters::default();
        }
    });
    if filters != state.inputs.filters {
        commands.send(Command::Filter(Box::new(filters)));
    }
}

/// A chip that opens a menu of chips, and says how many of them are on.
fn menu(ui: &mut Ui, name: &str, on: usize, contents: impl FnOnce(&mut Ui)) {
    let text = if on == 0 { format!("{name} ⏷") } else { format!("{name} ({on}) ⏷") };
    let chip = widgets::chip(ui, &text, on > 0, "", None);
    egui::Popup::menu(&chip).close_behavior(egui::PopupCloseBehavior::CloseOnClickOutside).show(|ui| {
        ui.spacing_mut().item_spacing.y = 6.0;
        contents(ui);
    });
}

fn makers_ui(ui: &mut Ui, state: &AppState, filters: &mut Filters) {
    for (maker, names) in &state.makers {
        maker_chip(ui, *maker, names, filters);
    }
}

fn kinds_ui(ui: &mut Ui, filters: &mut Filters) {
    for (kind, name) in KINDS {
        if widgets::chip(ui, name, filters.kinds.contains(&kind), "", None).clicked() {
            toggle(&mut filters.kinds, kind);
        }
    }
}

/// The makers of the catalog's machines, by the color they share.
#[must_use]
pub fn makers(catalog: &Catalog) -> BTreeMap<Maker, BTreeSet<String>> {
    let mut makers: BTreeMap<Maker, BTreeSet<String>> = BTreeMap::new();
    for chip in catalog.machines.iter().filter_map(|machine| catalog.chips.get(&machine.chip)) {
        let names = makers.entry(Maker::named(&chip.maker)).or_default();
        if !names.contains(&chip.maker) {
            names.insert(chip.maker.clone());
        }
    }
    makers
}

fn maker_chip(ui: &mut Ui, maker: Maker, names: &BTreeSet<String>, filters: &mut Filters) {
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
            filters.makers.extend(names.iter().cloned());
        }
    }
}

/// A maker's mark as the figures draw it.
pub fn draw_mark(painter: &Painter, at: Pos2, maker: Maker, palette: &Palette) {
    let hue = Hue::Maker(maker);
    let drawn = Marker {
        shape: palette::shape(hue),
        kind: MarkKind::Filled,
        color: palette.color(hue),
        radius: 4.5,
        rim: false,
    };
    drawn.draw(painter, at, palette);
}

fn flag(ui: &mut Ui, text: &str, on: &mut bool, tooltip: &str) {
    if widgets::chip(ui, text, *on, tooltip, None).clicked() {
        *on = !*on;
    }
}

fn fits_ui(ui: &mut Ui, filters: &mut Filters) {
    flag(ui, "Fits only", &mut filters.fits_only, "Leaves out machines without room for the model");
}

/// Only where there is a budget: a chip without effect would be a riddle.
fn budget_ui(ui: &mut Ui, state: &AppState, filters: &mut Filters) {
    let money = &state.inputs.scenario.money;
    if let Some(budget) = money.budget {
        let tooltip = format!("At most {}", units::money(budget, money.currency));
        flag(ui, "Within budget", &mut filters.within_budget, &tooltip);
    }
}

fn more_ui(ui: &mut Ui, filters: &mut Filters) {
    let mut least = filters.min_tokens_per_s.is_some();
    flag(ui, "Minimum speed", &mut least, "Leaves out what is slower. The answer asks for this speed too");
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
            egui::WidgetInfo::labeled(egui::Role::SpinButton, true, "Minimum tokens per second")
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
