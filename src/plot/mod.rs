//! Draws a [`Figure`], on the screen and, in a context without a window, for the exports.
//!
//! [`show`] lays the parts out, lets `egui_plot` handle dragging and zooming, and paints. What is in view and where the
//! names stand is kept in a [`View`].

mod bars;
mod hit;
pub mod labels;
mod layout;
mod legend;
pub mod marker;
mod names;
mod paint;
pub mod palette;
pub mod places;
mod raster;
mod scene;
mod strip;
mod tip;

use egui::{Key, Rect, Sense, Ui, Vec2, Vec2b};
use egui_plot::{PlotBounds, PlotTransform};

use crate::figure::{Axis, Figure, Name, Tip};
use layout::Layout;
use palette::Palette;
use places::Place;
use scene::Scene;

/// Which parts of a figure are drawn round the chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parts {
    pub title: bool,
    pub legend: bool,
    pub notes: bool,
}

impl Parts {
    /// All, as a figure needs that stands alone.
    pub const ALL: Self = Self { title: true, legend: true, notes: true };
    /// The legend only: in the window the rest stands elsewhere.
    pub const WINDOW: Self = Self { title: false, legend: true, notes: false };
}

impl Default for Parts {
    fn default() -> Self {
        Self::WINDOW
    }
}

/// What of a figure is in view, and what was worked out for it.
#[derive(Clone, Debug, Default)]
pub struct View {
    pub parts: Parts,
    /// A machine to set off from the others, such as the one hovered in a table beside.
    pub highlighted: Option<String>,
    /// What hovering over a machine says whose mark does not say it itself, with the machine's id.
    pub late_tip: Option<(String, Tip)>,
    /// Whether to tell where everything lies.
    locates: bool,
    /// In plot coordinates; absent while all of the figure is in view.
    bounds: Option<PlotBounds>,
    /// What the bounds belong to.
    shown: Option<Axes>,
    names: Option<names::Names>,
}

/// What makes the numbers of a view meaningless when it changes.
type Axes = (Name, [String; 2], [bool; 2]);

impl View {
    /// A view of a part of a figure, or of all of it, that tells where everything lies.
    #[must_use]
    pub fn showing(figure: &Figure, part: Option<PlotBounds>, parts: Parts) -> Self {
        let bounds = part.map(|part| clamped(part, figure));
        Self { parts, bounds, shown: Some(axes(figure)), locates: true, ..Self::default() }
    }

    /// What is in view, in plot coordinates; absent while it is all of the figure.
    #[must_use]
    pub fn part(&self) -> Option<PlotBounds> {
        self.bounds
    }

    /// A view of all of a figure, with some parts round the chart.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        Self { parts, ..Self::default() }
    }

    /// Shows all of the figure again.
    pub fn fit(&mut self) {
        self.bounds = None;
    }

    /// Whether the person has zoomed or panned.
    #[must_use]
    pub fn is_zoomed(&self) -> bool {
        self.bounds.is_some()
    }
}

/// What the person did.
#[derive(Clone, Debug)]
pub struct Response {
    /// Id of the machine under the pointer.
    pub hovered: Option<String>,
    /// Id of the machine that was clicked.
    pub clicked: Option<String>,
    /// Of the chart, for menus and the like.
    pub response: egui::Response,
    /// Where everything lies, where the view asks for it.
    pub places: Vec<Place>,
}

/// Draws a figure in the room that is left, and handles the pointer.
///
/// Wheel, pinch and the keys plus and minus zoom, dragging pans, dragging with the other button zooms to a box, and a
/// double click or the Home key shows all.
pub fn show(ui: &mut Ui, figure: &Figure, view: &mut View) -> Response {
    let palette = Palette::of(ui);
    let rect = ui.available_rect_before_wrap();
    let rect = Rect::from_min_size(rect.min, rect.size().max(Vec2::new(160.0, 120.0)));
    ui.advance_cursor_after_rect(rect);
    let layout = Layout::new(ui, figure, rect, view.parts);

    let axes = axes(figure);
    if view.shown.as_ref() != Some(&axes) {
        view.shown = Some(axes);
        view.bounds = None;
    }

    let (response, transform) = chart(ui, figure, view, layout.frame);
    keys(ui, figure, view, &response, &transform);
    let before = view.names.take();
    let mut scene = Scene::new(ui, figure, &layout, palette, transform, view);
    let placed = figure.empty.is_none().then(|| names::place(&scene, before));
    let names = placed.as_ref();

    let strip_response =
        layout.strip.map(|strip| ui.interact(strip, response.id.with("strip"), Sense::click()));
    let pointer = response.hover_pos().or(strip_response.as_ref().and_then(egui::Response::hover_pos));
    let dragged = response.dragged();
    let hit = pointer.filter(|_| !dragged).and_then(|pointer| scene.hit(pointer, names));
    scene.hover(hit);
    scene.paint(names);
    let located = if view.locates { scene.places() } else { Vec::new() };

    let hovered = hit.and_then(|hit| scene.id(hit)).map(str::to_owned);
    if let Some(hit) = hit {
        ui.set_cursor_icon(egui::CursorIcon::PointingHand);
        tip::show(&scene, hit, &response, view.late_tip.as_ref());
    }
    view.names = placed;
    let clicked = response.clicked() || strip_response.is_some_and(|strip| strip.clicked());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, summary(figure)));
    Response { clicked: hovered.clone().filter(|_| clicked), hovered, response, places: located }
}

fn axes(figure: &Figure) -> Axes {
    (figure.name, [figure.x.label.clone(), figure.y.label.clone()], [figure.x.is_log(), figure.y.is_log()])
}

/// The chart's area: panning, zooming and what is in view.
fn chart(ui: &mut Ui, figure: &Figure, view: &mut View, frame: Rect) -> (egui::Response, PlotTransform) {
    let whole = {
        let mut whole = fit_bounds(figure);
        if !figure.bars.is_empty() {
            whole.extend_with_x(bars::high(ui, figure, frame.width()));
        }
        whole
    };
    let bounds = view.bounds.unwrap_or(whole);
    let movable = figure.empty.is_none();
    // Rows of bars lie in one order and size; only lengths can be zoomed.
    let free = Vec2b::new(movable, movable && figure.bars.is_empty());
    let mut child = ui.new_child(egui::UiBuilder::new().max_rect(frame).id_salt("chart"));
    let plot = egui_plot::Plot::new(figure.name.key())
        .width(frame.width())
        .height(frame.height())
        .show_axes(false)
        .show_grid(false)
        .show_background(false)
        .show_crosshair(false)
        .allow_scroll(false)
        .allow_axis_zoom_drag(false)
        .allow_double_click_reset(false)
        .allow_drag(free)
        .allow_zoom(free)
        .allow_boxed_zoom(movable)
        .sense(Sense::click_and_drag());
    let shown = plot.show(&mut child, |plot_ui| {
        plot_ui.set_plot_bounds(bounds);
        let wheel = plot_ui.ctx().input(|input| input.smooth_scroll_delta.y);
        if movable && wheel != 0.0 && plot_ui.response().hovered() {
            let factor = (wheel / 240.0).exp();
            plot_ui.zoom_bounds_around_hovered(Vec2::new(factor, if free.y { factor } else { 1.0 }));
        }
    });
    let mut transform = shown.transform;
    if shown.response.double_clicked() {
        view.bounds = None;
        transform.set_bounds(whole);
    } else if *transform.bounds() != bounds {
        let bounds = clamped(*transform.bounds(), figure);
        view.bounds = Some(bounds);
        transform.set_bounds(bounds);
    }
    (shown.response, transform)
}

/// What keys do to the chart that has the focus or the pointer. It is seen in the next frame.
fn keys(ui: &Ui, figure: &Figure, view: &mut View, chart: &egui::Response, transform: &PlotTransform) {
    let is_meant = figure.empty.is_none() && (chart.has_focus() || chart.hovered());
    if !is_meant || ui.text_edit_focused() {
        return;
    }
    // With Ctrl they make the whole window larger; on some keyboards a plus needs Shift.
    let pressed =
        |key| ui.input(|input| !input.modifiers.command && !input.modifiers.alt && input.key_pressed(key));
    if pressed(Key::Home) {
        view.fit();
        ui.request_repaint();
    }
    let closer = i32::from(pressed(Key::Plus) || pressed(Key::Equals));
    let steps = closer - i32::from(pressed(Key::Minus));
    if steps != 0 {
        let factor = 1.25_f32.powi(steps);
        let mut bounds = *transform.bounds();
        bounds.zoom(Vec2::new(factor, if figure.bars.is_empty() { factor } else { 1.0 }), bounds.center());
        view.bounds = Some(clamped(bounds, figure));
        ui.request_repaint();
    }
}

fn fit_bounds(figure: &Figure) -> PlotBounds {
    let ((left, right), (bottom, top)) = (figure.x.fit(), figure.y.fit());
    PlotBounds::from_min_max([left, bottom], [right, top])
}

/// Bounds that stay near the data and are neither too narrow for numbers nor absurdly wide.
fn clamped(bounds: PlotBounds, figure: &Figure) -> PlotBounds {
    let fit = |axis: &Axis, low: f64, high: f64| {
        let (fit_low, fit_high) = axis.fit();
        let whole = (fit_high - fit_low).max(1e-9);
        let span =
            if (high - low).is_finite() { (high - low).clamp(whole * 1e-3, whole * 4.0) } else { whole };
        let middle = f64::midpoint(low, high);
        let middle = if middle.is_finite() { middle.clamp(fit_low, fit_high) } else { fit_low };
        (middle - span / 2.0, middle + span / 2.0)
    };
    let ([left, bottom], [right, top]) = (bounds.min(), bounds.max());
    let ((left, right), (bottom, top)) = (fit(&figure.x, left, right), fit(&figure.y, bottom, top));
    PlotBounds::from_min_max([left, bottom], [right, top])
}

/// The figure in a sentence, for those who do not see it. The table beside it has the numbers.
fn summary(figure: &Figure) -> String {
    if let Some(empty) = &figure.empty {
        return format!("{}: {empty}", figure.title);
    }
    let absent = figure.strip.as_ref().map_or(String::new(), |strip| format!("; {}", strip.caption));
    let count =
        figure.marks.len() + figure.bars.len() + figure.lines.iter().filter(|it| it.is_pointed_at()).count();
    format!("{}. {}. {count} drawn over {}{absent}", figure.title, figure.subtitle, figure.x.label)
}
