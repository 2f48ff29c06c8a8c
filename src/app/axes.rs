//! What the figure's axes show, chosen beside its tabs.

use egui::{Button, Popup, PopupCloseBehavior, RichText, Role, Ui, WidgetInfo};

use super::{
    AppState,
    command::{Command, Commands},
    widgets,
};
use crate::figure::{Axes, Name, Quantity, Spacing};

/// Below this width one button opens both axes.
const ROOM_FOR_BOTH: f32 = 330.0;

/// One of the two axes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Upward,
    Across,
}

impl Side {
    const ALL: [Self; 2] = [Self::Upward, Self::Across];

    fn heading(self) -> &'static str {
        match self {
            Self::Upward => "Upward",
            Self::Across => "Across",
        }
    }

    fn letter(self) -> &'static str {
        match self {
            Self::Upward => "y",
            Self::Across => "x",
        }
    }

    fn choices(self, name: Name) -> &'static [Quantity] {
        match self {
            Self::Upward => name.y_choices(),
            Self::Across => name.x_choices(),
        }
    }

    fn title(self, name: Name, axes: Axes) -> &'static str {
        match self {
            Self::Upward => axes.y(name).title(),
            Self::Across => name.x_title(axes),
        }
    }

    fn has_choice(self, name: Name) -> bool {
        self.choices(name).len() > 1 || name.has_spacings()
    }
}

/// The controls of the figure that is shown, if it has any.
pub fn axes_ui(ui: &mut Ui, state: &AppState, commands: &mut Commands) {
    let name = state.view.tab;
    let before = state.inputs.axes_of(name);
    let mut axes = before;
    let sides: Vec<Side> = Side::ALL.into_iter().filter(|side| side.has_choice(name)).collect();
    if sides.is_empty() {
        return;
    }
    if ui.available_width() < ROOM_FOR_BOTH {
        menu(ui, "Axes", "Axes", |ui| {
            for (index, side) in sides.iter().enumerate() {
                if index > 0 {
                    ui.separator();
                }
                ui.label(widgets::weak(ui, side.heading()));
                side_ui(ui, state, *side, &mut axes);
            }
        });
    } else {
        for side in sides {
            let title = side.title(name, before);
            let text = format!("{}: {title}", side.letter());
            let label = format!("{}, {title}", side.heading());
            menu(ui, &text, &label, |ui| side_ui(ui, state, side, &mut axes));
        }
    }
    if axes != before {
        commands.send(Command::ShowAxes(name, axes));
    }
}

/// A button that opens choices, of which several can be made one after the other.
fn menu(ui: &mut Ui, text: &str, label: &str, contents: impl FnOnce(&mut Ui)) {
    let button = ui.add(Button::new(format!("{text} ⏷")));
    let button = button.on_hover_text("What the figure's axes show");
    button.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), label));
    Popup::menu(&button).close_behavior(PopupCloseBehavior::CloseOnClickOutside).show(contents);
}

fn side_ui(ui: &mut Ui, state: &AppState, side: Side, axes: &mut Axes) {
    let name = state.view.tab;
    let choices = side.choices(name);
    let (chosen, spacing, is_log) = match side {
        Side::Upward => (&mut axes.y, &mut axes.y_scale, state.results.figure.y.is_log()),
        Side::Across => (&mut axes.x, &mut axes.x_scale, state.results.figure.x.is_log()),
    };
    if choices.len() > 1 {
        let shown = chosen.filter(|chosen| choices.contains(chosen)).unwrap_or(choices[0]);
        for &quantity in choices {
            let worthwhile = quantity.is_worthwhile(&state.inputs.scenario);
            let radio = egui::RadioButton::new(shown == quantity, quantity.title());
            let radio = ui.add_enabled(worthwhile, radio).on_hover_text(quantity.explanation());
            if radio.on_disabled_hover_text("Differs with several users at once").clicked() {
                // The first choice goes without saying.
                *chosen = (quantity != choices[0]).then_some(quantity);
            }
        }
    }
    if name.has_spacings() {
        ui.horizontal(|ui| {
            for (text, one) in [("Logarithmic", Spacing::Log), ("Linear", Spacing::Linear)] {
                if widgets::choice(ui, text, is_log == (one == Spacing::Log), "") {
                    *spacing = Some(one);
                }
            }
        });
    }
}

/// Brings all of the figure back into view, where it was zoomed or moved.
pub fn fit_ui(ui: &mut Ui, view: &mut crate::plot::View) {
    if view.is_zoomed()
        && ui
            .button(RichText::new("Show all"))
            .on_hover_text("Back to all of the figure, as a double click in it or the Home key")
            .clicked()
    {
        view.fit();
    }
}
