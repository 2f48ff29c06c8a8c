//! What hovering says: a small card beside the mark.

use egui::{Color32, Grid, RichText, TextStyle, Tooltip, Ui};

use super::{hit::Hit, scene::Scene};
use crate::figure::Tip;

const WIDTH: f32 = 360.0;
/// Between names and values.
const BETWEEN: f32 = 12.0;
const LACK: &str = "Too little memory: ";

/// Shows the card of what the pointer is on.
pub(super) fn show(scene: &Scene, hit: Hit, response: &egui::Response, late: Option<&(String, Tip)>) {
    let Some(tip) = hit.tip(scene.figure) else {
        return;
    };
    let late = late.filter(|(id, _)| tip.details.is_empty() && scene.id(hit) == Some(id));
    let tip = late.map_or(tip, |(_, tip)| tip);
    let pointer = response.ctx.pointer_hover_pos().unwrap_or(scene.frame.center());
    let anchor = scene.anchor(hit, pointer);
    Tooltip::always_open(response.ctx.clone(), response.layer_id, response.id, anchor)
        .gap(6.0)
        .width(WIDTH)
        .show(|ui| card(ui, tip, hit.lack(scene.figure).as_deref()));
}

fn card(ui: &mut Ui, tip: &Tip, lack: Option<&str>) {
    // A tooltip is laid out before anything is known of its width, and would wrap each value to a word a line.
    let font = TextStyle::Body.resolve(ui.style());
    let width =
        |text: &str| ui.painter().layout_no_wrap(text.to_owned(), font.clone(), Color32::WHITE).size().x;
    let details: Vec<(&str, String)> =
        tip.details.iter().map(|(name, value)| (*name, value.to_string())).collect();
    let names = details.iter().map(|(name, _)| width(name)).fold(0.0, f32::max) + BETWEEN;
    let values = details.iter().map(|(_, value)| width(value)).fold(0.0, f32::max);
    let values = values.min(WIDTH - names).ceil();
    let others = tip.remarks.iter().map(|text| width(text)).fold(width(&tip.heading), f32::max);
    let lacking = lack.map_or(0.0, |lack| width(lack) + width(LACK));
    ui.set_width((names + values).max(others).max(lacking).min(WIDTH).ceil());
    ui.label(RichText::new(&*tip.heading).strong());
    if let Some(lack) = lack {
        ui.label(RichText::new(format!("{LACK}{lack}")).color(ui.visuals().warn_fg_color));
    }
    Grid::new("tip").num_columns(2).spacing([BETWEEN, 3.0]).show(ui, |ui| {
        for (name, value) in &details {
            ui.label(RichText::new(*name).weak());
            ui.scope(|ui| {
                ui.set_width(values);
                ui.add(egui::Label::new(value).wrap());
            });
            ui.end_row();
        }
    });
    for remark in &tip.remarks {
        ui.label(RichText::new(remark).italics());
    }
}
