//! How the window looks: colors and sizes as tokens, one set for dark and one for light.
//!
//! Text stands out from its background by a contrast of 4.5:1 at least; a test holds the tokens to it.

use egui::{
    Color32, Context, CornerRadius, FontFamily, FontId, Margin, Stroke, Style, TextStyle, Theme, Ui, Vec2,
    Visuals, style::WidgetVisuals, vec2,
};

/// The colors of one theme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tokens {
    /// Behind the answer.
    pub ground: Color32,
    /// Behind the panels at the sides.
    pub panel: Color32,
    /// Fields, buttons and chips.
    pub raised: Color32,
    pub hovered: Color32,
    pub pressed: Color32,
    pub border: Color32,
    pub text: Color32,
    /// Headings and numbers that matter.
    pub strong: Color32,
    /// Labels, units and remarks.
    pub weak: Color32,
    pub accent: Color32,
    /// Behind what is chosen.
    pub selected: Color32,
    pub error: Color32,
    pub warning: Color32,
}

const fn rgb(hex: u32) -> Color32 {
    let [_, red, green, blue] = hex.to_be_bytes();
    Color32::from_rgb(red, green, blue)
}

const DARK: Tokens = Tokens {
    ground: Color32::from_gray(18),
    panel: rgb(0x1b_1f_26),
    raised: rgb(0x28_2e_38),
    hovered: rgb(0x33_3b_48),
    pressed: rgb(0x3d_47_57),
    border: rgb(0x2c_33_3e),
    text: rgb(0xd5_db_e4),
    strong: rgb(0xf3_f5_f8),
    weak: rgb(0x9c_a7_b6),
    accent: rgb(0x82_a6_ff),
    selected: rgb(0x2c_3d_68),
    error: rgb(0xff_8f_8a),
    warning: rgb(0xe8_b9_5a),
};

const LIGHT: Tokens = Tokens {
    ground: rgb(0xff_ff_ff),
    panel: rgb(0xf5_f6_f8),
    raised: rgb(0xe6_e9_ee),
    hovered: rgb(0xd9_de_e6),
    pressed: rgb(0xca_d1_dc),
    border: rgb(0xdc_e0_e7),
    text: rgb(0x2a_31_3c),
    strong: rgb(0x10_14_1a),
    weak: rgb(0x55_60_70),
    accent: rgb(0x2b_57_cf),
    selected: rgb(0xd6_e2_ff),
    error: rgb(0xb0_23_1c),
    warning: rgb(0x85_56_00),
};

/// Space between groups of controls.
pub const GROUP_GAP: f32 = 14.0;
/// Space round the contents of a panel.
pub const PANEL_MARGIN: i8 = 14;
/// The height of one row of controls.
pub const ROW_HEIGHT: f32 = 22.0;
/// The rows of the table.
pub const TABLE_ROW_HEIGHT: f32 = 23.0;

/// The sentence that answers.
#[must_use]
pub fn verdict_font() -> FontId {
    FontId::new(17.0, FontFamily::Proportional)
}

/// Headings of sections.
#[must_use]
pub fn heading_font() -> FontId {
    FontId::new(15.5, FontFamily::Proportional)
}

impl Tokens {
    #[must_use]
    pub fn of(ui: &Ui) -> Self {
        Self::for_theme(if ui.visuals().dark_mode { Theme::Dark } else { Theme::Light })
    }

    #[must_use]
    pub fn for_theme(theme: Theme) -> Self {
        match theme {
            Theme::Dark => DARK,
            Theme::Light => LIGHT,
        }
    }

    fn visuals(&self, theme: Theme) -> Visuals {
        let mut visuals = theme.default_visuals();
        visuals.panel_fill = self.panel;
        visuals.window_fill = self.panel;
        visuals.window_stroke = Stroke::new(1.0, self.border);
        visuals.window_corner_radius = CornerRadius::same(8);
        visuals.menu_corner_radius = CornerRadius::same(7);
        visuals.extreme_bg_color = self.ground;
        visuals.text_edit_bg_color = Some(self.ground);
        visuals.faint_bg_color = self.panel;
        visuals.code_bg_color = self.raised;
        visuals.hyperlink_color = self.accent;
        visuals.error_fg_color = self.error;
        visuals.warn_fg_color = self.warning;
        visuals.weak_text_color = Some(self.weak);
        visuals.selection.bg_fill = self.selected;
        visuals.selection.stroke = Stroke::new(1.0, self.accent);
        visuals.slider_trailing_fill = true;
        visuals.striped = false;
        visuals.indent_has_left_vline = false;
        let widgets = &mut visuals.widgets;
        widgets.noninteractive = widget(self.panel, self.text);
        widgets.noninteractive.bg_stroke = Stroke::new(1.0, self.border);
        widgets.inactive = widget(self.raised, self.text);
        widgets.hovered = widget(self.hovered, self.strong);
        widgets.active = widget(self.pressed, self.strong);
        widgets.open = widget(self.hovered, self.strong);
        visuals
    }
}

fn widget(fill: Color32, text: Color32) -> WidgetVisuals {
    WidgetVisuals {
        bg_fill: fill,
        weak_bg_fill: fill,
        bg_stroke: Stroke::NONE,
        corner_radius: CornerRadius::same(5),
        fg_stroke: Stroke::new(1.0, text),
        expansion: 0.0,
    }
}

/// Sets both themes on a context.
pub fn install(ctx: &Context) {
    for theme in [Theme::Dark, Theme::Light] {
        ctx.set_visuals_of(theme, Tokens::for_theme(theme).visuals(theme));
    }
    ctx.all_styles_mut(style);
}

fn style(style: &mut Style) {
    let font = |size: f32| FontId::new(size, FontFamily::Proportional);
    style.text_styles = [
        (TextStyle::Small, font(11.5)),
        (TextStyle::Body, font(13.5)),
        (TextStyle::Button, font(13.5)),
        (TextStyle::Heading, heading_font()),
        (TextStyle::Monospace, FontId::new(12.5, FontFamily::Monospace)),
    ]
    .into();
    let spacing = &mut style.spacing;
    spacing.item_spacing = vec2(8.0, 5.0);
    spacing.button_padding = vec2(8.0, 3.0);
    spacing.interact_size = vec2(36.0, ROW_HEIGHT);
    spacing.menu_margin = Margin::same(6);
    spacing.window_margin = Margin::same(14);
    spacing.slider_rail_height = 4.0;
    spacing.combo_width = 60.0;
    spacing.tooltip_width = 360.0;
    style.interaction.tooltip_delay = 0.35;
    style.interaction.selectable_labels = false;
}

/// The frame of a panel at the side.
pub fn panel_frame(tokens: &Tokens) -> egui::Frame {
    egui::Frame::new().fill(tokens.panel).inner_margin(Margin::same(PANEL_MARGIN))
}

/// A square's size.
#[must_use]
pub fn square(side: f32) -> Vec2 {
    Vec2::splat(side)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn luminance(color: Color32) -> f64 {
        let linear = |channel: u8| {
            let value = f64::from(channel) / 255.0;
            if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(color.r()) + 0.7152 * linear(color.g()) + 0.0722 * linear(color.b())
    }

    fn contrast(a: Color32, b: Color32) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn text_can_be_read() {
        for tokens in [DARK, LIGHT] {
            for ground in [tokens.ground, tokens.panel] {
                for text in
                    [tokens.text, tokens.strong, tokens.weak, tokens.accent, tokens.error, tokens.warning]
                {
                    assert!(contrast(text, ground) >= 4.5, "{text:?} on {ground:?}");
                }
            }
            for ground in [tokens.raised, tokens.hovered, tokens.pressed, tokens.selected] {
                assert!(contrast(tokens.strong, ground) >= 4.5, "{ground:?}");
            }
            for ground in [tokens.raised, tokens.selected] {
                assert!(contrast(tokens.text, ground) >= 4.5, "{ground:?}");
            }
        }
    }
}
