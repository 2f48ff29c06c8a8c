//! What hovering says: a small card beside the mark.

use egui::{Grid, RichText, Tooltip, Ui};

use super::{hit::Hit, scene::Scene};
use crate::figure::Tip;

const WIDTH: f32 = 360.0;
/// Of the width, what names and the space behind them take at most.
const NAMES: f32 = 90.0;

/// Shows the card of what the pointer is on.
pub(super) fn show(scene: &Scene, hit: Hit, response: &egui::Response, late: Option<&(String, Tip)>) {
    let figure = scene.figure;
    let (tip, lack) = match hit {
        Hit::Mark(index) => (figure.marks.get(index).map(|it| &it.tip), None),
        Hit::Absent(index) => {
            let absent = figure.strip.as_ref().and_then(|strip| strip.absent.get(index));
            (absent.map(|it| &it.tip), absent.map(|it| it.lack.as_str()))
        }
        Hit::Bar(index) => (figure.bars.get(index).map(|it| &it.tip), None),
        Hit::Line(index) => (figure.lines.get(index).and_then(|it| it.tip.as_ref()), None),
    };
    let Some(tip) = tip else {
        return;
    };
    let late = late.filter(|(id, _)| tip.facts.is_empty() && scene.id(hit) == Some(id));
    let tip = late.map_or(tip, |(_, tip)| tip);
    let pointer = response.ctx.pointer_hover_pos().unwrap_or(scene.frame.center());
    let anchor = scene.anchor(hit, pointer);
    Tooltip::always_open(response.ctx.clone(), response.layer_id, response.id, anchor)
        .gap(6.0)
        .width(WIDTH)
        .show(|ui| card(ui, tip, lack));
}

fn card(ui: &mut Ui, tip: &Tip, lack: Option<&str>) {
    ui.label(RichText::new(&tip.heading).strong());
    if let Some(lack) = lack {
        ui.label(RichText::new(format!("Too little memory: {lack}")).color(ui.visuals().warn_fg_color));
    }
    Grid::new("tip").num_columns(2).spacing([12.0, 3.0]).max_col_width(WIDTH - NAMES).show(ui, |ui| {
        for (name, value) in &tip.facts {
            ui.label(RichText::new(name).weak());
            ui.add(egui::Label::new(value).wrap());
            ui.end_row();
        }
    });
    for remark in &tip.remarks {
        ui.label(RichText::new(remark).italics());
    }
}
