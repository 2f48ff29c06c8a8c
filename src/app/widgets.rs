//! Controls that several panels share: rows of label, slider and value, aligned with one another.

use std::ops::RangeInclusive;

use egui::{
    Align, Align2, Color32, CornerRadius, DragValue, Layout, Response, RichText, Role, Sense, Slider,
    TextStyle, Ui, UiBuilder, Vec2, WidgetInfo, WidgetText, vec2,
};

use super::theme::{self, Tokens};

/// The width that labels get, so that the controls of all rows begin at one line.
pub const LABEL_WIDTH: f32 = 92.0;
/// Of a list of choices at most, where the window is high enough: all families and programs.
pub const LIST_HEIGHT: f32 = 480.0;
/// The width that values get. They are aligned at the right, so that nothing moves when a number changes.
const VALUE_WIDTH: f32 = 96.0;

/// A heading with room above it.
pub fn section(ui: &mut Ui, title: &str) {
    ui.add_space(theme::GROUP_GAP);
    let tokens = Tokens::of(ui);
    ui.label(RichText::new(title).font(theme::heading_font()).color(tokens.strong));
    ui.add_space(1.0);
}

/// Text for remarks and units.
pub fn weak(ui: &Ui, text: impl Into<String>) -> RichText {
    RichText::new(text).color(Tokens::of(ui).weak)
}

/// A remark below a control.
pub fn remark(ui: &mut Ui, text: impl Into<String>) -> Response {
    let text = weak(ui, text).size(12.0);
    ui.add(egui::Label::new(text).wrap())
}

/// A row with a label at the left, and what `add` adds in the rest.
pub fn row<R>(ui: &mut Ui, label: &str, add: impl FnOnce(&mut Ui, &Response) -> R) -> R {
    let width = ui.available_width();
    let (rect, _) = ui.allocate_exact_size(vec2(width, ui.spacing().interact_size.y), Sense::hover());
    let (left, right) = rect.split_left_right_at_x(rect.left() + LABEL_WIDTH.min(width * 0.5));
    let text = weak(ui, label);
    let layout = Layout::left_to_right(Align::Center);
    let mut left = ui.new_child(UiBuilder::new().max_rect(left).layout(layout));
    let label = left.add(egui::Label::new(text).truncate());
    let mut right = ui.new_child(UiBuilder::new().max_rect(right).layout(layout));
    right.set_clip_rect(right.clip_rect().intersect(rect.expand2(vec2(2.0, 4.0))));
    add(&mut right, &label)
}

/// A row that only says something, among rows whose values can be typed.
pub fn fact(ui: &mut Ui, label: &str, value: impl Into<WidgetText>) -> Response {
    // In line with values that can be typed, which have room round them.
    fact_inset(ui, label, value.into(), 4.0)
}

/// A row that only says something: label at the left, value at the right edge.
pub fn plain_fact(ui: &mut Ui, label: &str, value: impl Into<WidgetText>) -> Response {
    fact_inset(ui, label, value.into(), 0.0)
}

fn fact_inset(ui: &mut Ui, label: &str, value: WidgetText, inset: f32) -> Response {
    row(ui, label, |ui, _| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = 0.0;
            ui.add_space(inset);
            ui.add(egui::Label::new(value).truncate())
        })
        .inner
    })
}

/// How a number is shown, typed and moved.
pub struct Number<'a> {
    pub range: RangeInclusive<f64>,
    pub logarithmic: bool,
    pub step: Option<f64>,
    pub format: &'a dyn Fn(f64) -> String,
    /// How much dragging the value by one point changes it.
    pub speed: f64,
    pub tooltip: &'a str,
}

/// Reads what was typed.
type Parser<'a> = &'a dyn Fn(&str) -> Option<f64>;

/// A row with a slider and a value that can be typed. Returns the new value while it changes.
pub fn slider(ui: &mut Ui, label: &str, value: f64, number: &Number) -> Option<f64> {
    slider_named(ui, label, value, number, &parse_number)
}

/// A slider over stops with names, which `parse` finds.
pub fn slider_named(ui: &mut Ui, label: &str, value: f64, number: &Number, parse: Parser) -> Option<f64> {
    let mut edited = value;
    let changed = row(ui, label, |ui, label| {
        let mut slider_width = ui.available_width() - VALUE_WIDTH - ui.spacing().item_spacing.x;
        slider_width = slider_width.max(40.0);
        ui.spacing_mut().slider_width = slider_width;
        // Sets the size of the handle.
        ui.spacing_mut().interact_size.y = 15.0;
        ui.visuals_mut().selection.bg_fill = Tokens::of(ui).accent;
        ui.visuals_mut().handle_shape = egui::style::HandleShape::Circle;
        let mut slider = Slider::new(&mut edited, number.range.clone())
            .logarithmic(number.logarithmic)
            .clamping(egui::SliderClamping::Edits)
            .show_value(false);
        if let Some(step) = number.step {
            slider = slider.step_by(step);
        }
        let moved = ui.add(slider).labelled_by(label.id);
        ui.spacing_mut().interact_size.y = theme::ROW_HEIGHT;
        let moved = with_tooltip(moved, number.tooltip).changed();
        moved | value_field(ui, label, &mut edited, number, parse)
    });
    #[expect(clippy::float_cmp, reason = "the very value that went in")]
    let differs = edited != value;
    (changed && differs).then_some(edited)
}

/// A row with a value alone, at the right.
pub fn value(ui: &mut Ui, label: &str, value: f64, number: &Number) -> Option<f64> {
    let mut edited = value;
    let changed = row(ui, label, |ui, label| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            value_field(ui, label, &mut edited, number, &parse_number)
        })
        .inner
    });
    changed.then_some(edited)
}

fn value_field(ui: &mut Ui, label: &Response, edited: &mut f64, number: &Number, parse: Parser) -> bool {
    let field = DragValue::new(edited)
        .range(number.range.clone())
        .clamp_existing_to_range(false)
        .speed(number.speed)
        .custom_formatter(|value, _| (number.format)(value))
        .custom_parser(parse);
    let size = vec2(VALUE_WIDTH, theme::ROW_HEIGHT);
    let layout = Layout::right_to_left(Align::Center);
    let response = ui.allocate_ui_with_layout(size, layout, |ui| {
        ui.set_min_size(size);
        let visuals = ui.visuals_mut();
        visuals.widgets.inactive.weak_bg_fill = Color32::TRANSPARENT;
        ui.spacing_mut().button_padding.x = 4.0;
        // Short numbers stand at the right too, and not in the middle of a button.
        ui.spacing_mut().interact_size.x = 0.0;
        ui.add(field).labelled_by(label.id)
    });
    with_tooltip(response.inner, number.tooltip).changed()
}

fn with_tooltip(response: Response, tooltip: &str) -> Response {
    if tooltip.is_empty() { response } else { response.on_hover_text(tooltip) }
}

/// A number as people type it: `32,768 tokens`, `32k`, `1.5M`, `70 B`, `20 %`.
#[must_use]
pub fn parse_number(text: &str) -> Option<f64> {
    let text = text.trim();
    let end = text
        .find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ',' | '-' | '+' | '_' | ' ' | '\u{a0}')))
        .unwrap_or(text.len());
    let digits: String = text[..end].chars().filter(|c| !matches!(c, ',' | '_' | ' ' | '\u{a0}')).collect();
    let number: f64 = digits.parse().ok()?;
    let scale = match text[end..].trim_start().chars().next() {
        Some('k' | 'K') => 1024.0,
        Some('M') if !text[end..].contains("MB") => 1_048_576.0,
        _ => 1.0,
    };
    number.is_finite().then_some(number * scale)
}

/// A button of a group of which one is chosen.
pub fn choice(ui: &mut Ui, text: &str, chosen: bool, tooltip: &str) -> bool {
    let response = ui.add(egui::Button::selectable(chosen, text).corner_radius(CornerRadius::same(5)));
    with_tooltip(response, tooltip).clicked()
}

/// Paints a small mark round a point.
type PaintMark<'a> = &'a dyn Fn(&egui::Painter, egui::Pos2);

/// A chip that can be on or off, with an optional mark painted at its left.
pub fn chip(ui: &mut Ui, text: &str, on: bool, tooltip: &str, mark: Option<PaintMark>) -> Response {
    let tokens = Tokens::of(ui);
    let font = TextStyle::Body.resolve(ui.style());
    let galley =
        ui.painter().layout_no_wrap(text.to_owned(), egui::FontId::new(12.5, font.family), tokens.text);
    let mark_width = if mark.is_some() { 15.0 } else { 0.0 };
    let size = vec2(galley.size().x + mark_width + 18.0, 24.0);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::Button, ui.is_enabled(), on, text));
    if ui.is_rect_visible(rect) {
        let (fill, stroke) = match (on, response.hovered() || response.has_focus()) {
            (true, _) => (tokens.selected, tokens.accent),
            (false, true) if response.has_focus() => (tokens.hovered, tokens.accent),
            (false, true) => (tokens.hovered, tokens.border),
            (false, false) => (Color32::TRANSPARENT, tokens.border),
        };
        let painter = ui.painter();
        painter.rect(rect, 12.0, fill, egui::Stroke::new(1.0, stroke), egui::StrokeKind::Inside);
        if let Some(mark) = mark {
            mark(painter, rect.left_center() + vec2(14.0, 0.0));
        }
        let color = if on { tokens.strong } else { tokens.text };
        let at = Align2::LEFT_CENTER.align_size_within_rect(
            galley.size(),
            rect.shrink2(vec2(9.0, 0.0)).translate(vec2(mark_width, 0.0)),
        );
        painter.galley_with_override_text_color(at.min, galley, color);
    }
    with_tooltip(response, tooltip)
}

/// A filled piece of a legend.
pub fn swatch(ui: &mut Ui, color: Color32) {
    let (rect, _) = ui.allocate_exact_size(Vec2::splat(10.0), Sense::hover());
    ui.painter().rect_filled(rect, 2.0, color);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_type_them() {
        for (text, number) in [
            ("32,768 tokens", Some(32_768.0)),
            ("32k", Some(32_768.0)),
            ("1M", Some(1_048_576.0)),
            ("70.6 B", Some(70.6)),
            (" 20 % ", Some(20.0)),
            ("3 449 USD", Some(3449.0)),
            ("-1", Some(-1.0)),
            ("", None),
            ("lots", None),
            ("1.2.3", None),
        ] {
            assert_eq!(parse_number(text), number, "{text}");
        }
    }
}
