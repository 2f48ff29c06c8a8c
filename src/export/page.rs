//! Draws a figure without a window.

use egui::{Color32, Pos2, Rect, Theme, epaint::ClippedShape, vec2};

use super::{ExportError, ExportOptions, Paper};
use crate::{
    figure::Figure,
    plot::{self, Parts, View, palette::Palette, places::Place},
};

/// Free room round the figure, in points.
const MARGIN: f32 = 18.0;
/// Text is laid out as on a fine screen, so that letters stand where a printer would put them.
const FINENESS: f32 = 4.0;
/// The first pass lays out, the second draws what has settled.
const PASSES: usize = 2;

/// A figure as shapes on a page.
pub(super) struct Drawn {
    pub page: Rect,
    pub background: Color32,
    pub shapes: Vec<ClippedShape>,
    /// Where what is drawn can be pointed at.
    pub places: Vec<Place>,
}

pub(super) fn draw(figure: &Figure, options: &ExportOptions) -> Result<Drawn, ExportError> {
    let &ExportOptions { width, height, .. } = options;
    let sound = |length: f32| (200.0..=10_000.0).contains(&length);
    if !sound(width) || !sound(height) {
        return Err(ExportError::Size { width, height });
    }
    let page = Rect::from_min_size(Pos2::ZERO, vec2(width, height));
    let context = egui::Context::default();
    let (theme, background) = match options.paper {
        Paper::Light => (Theme::Light, Palette::light().background),
        Paper::Dark => (Theme::Dark, Palette::dark().background),
    };
    context.set_theme(theme);
    context.all_styles_mut(|style| style.visuals.panel_fill = background);
    let mut view = View::showing(figure, options.part, Parts::ALL);
    let (mut shapes, mut places) = (Vec::new(), Vec::new());
    for _ in 0..PASSES {
        let mut input = egui::RawInput { screen_rect: Some(page), ..Default::default() };
        if let Some(viewport) = input.viewports.get_mut(&egui::ViewportId::ROOT) {
            viewport.native_pixels_per_point = Some(FINENESS);
        }
        let mut output = context.run_ui(input, |ui| {
            let frame = egui::Frame::NONE.fill(background).inner_margin(MARGIN);
            egui::CentralPanel::default().frame(frame).show(ui, |ui| {
                places = plot::show(ui, figure, &mut view).places;
            });
        });
        shapes = std::mem::take(&mut output.shapes);
        // The letters' texture is of no use here: SVG has its own letters.
        output.textures_delta.clear();
    }
    Ok(Drawn { page, background, shapes, places })
}
