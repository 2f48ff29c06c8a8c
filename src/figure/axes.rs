//! What of a figure's axes can be chosen, and what was.

use serde::{Deserialize, Serialize};

use super::{Name, Quantity};

/// How an axis that can be either is scaled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Spacing {
    Linear,
    Log,
}

/// What was chosen for the axes of one figure. What is absent, or what the figure does not offer, is the figure's own
/// first choice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct Axes {
    pub x: Option<Quantity>,
    pub y: Option<Quantity>,
    pub x_scale: Option<Spacing>,
    pub y_scale: Option<Spacing>,
}

/// How a figure is to be drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct FigureOptions<'a> {
    /// Ids of machines that the person follows: they are always drawn and named.
    pub pinned: &'a [String],
    pub axes: Axes,
}

const SPEEDS: &[Quantity] =
    &[Quantity::Decode, Quantity::Total, Quantity::Answer, Quantity::Prefill, Quantity::FirstToken];

impl Name {
    /// What the level axis can show, the first choice first. Empty where there is nothing to choose.
    #[must_use]
    pub fn x_choices(self) -> &'static [Quantity] {
        match self {
            Self::PriceSpeed => &[Quantity::Price, Quantity::PricePerGib, Quantity::Watts],
            Self::Cost => &[Quantity::Cost, Quantity::CostPerMillion],
            Self::SpeedContext | Self::Memory | Self::RamPrice | Self::ModelsOnMachine | Self::Accuracy => {
                &[]
            }
        }
    }

    /// What the upright axis can show, the first choice first. Empty where there is nothing to choose.
    #[must_use]
    pub fn y_choices(self) -> &'static [Quantity] {
        match self {
            Self::PriceSpeed | Self::SpeedContext | Self::ModelsOnMachine => SPEEDS,
            Self::RamPrice => &[Quantity::Price, Quantity::PricePerGb],
            Self::Accuracy => &[Quantity::Decode, Quantity::Prefill],
            Self::Memory | Self::Cost => &[],
        }
    }

    /// What its level axis shows, in a word or two.
    #[must_use]
    pub fn x_title(self, axes: Axes) -> &'static str {
        match self {
            Self::SpeedContext => "Context",
            Self::Memory | Self::RamPrice => "Memory",
            Self::ModelsOnMachine => "Memory needed",
            Self::Accuracy => "Measured",
            Self::PriceSpeed | Self::Cost => axes.x(self).title(),
        }
    }

    /// Whether its axes can be linear as well as logarithmic.
    ///
    /// Stacked bars have no logarithm, and of predictions only the ratio to what was measured counts.
    #[must_use]
    pub fn has_spacings(self) -> bool {
        match self {
            Self::PriceSpeed | Self::SpeedContext | Self::RamPrice | Self::ModelsOnMachine => true,
            Self::Memory | Self::Cost | Self::Accuracy => false,
        }
    }
}

impl Axes {
    /// What the level axis of a figure that offers a choice shows.
    #[must_use]
    pub fn x(self, name: Name) -> Quantity {
        offered(name.x_choices(), self.x)
    }

    /// What the upright axis of a figure that offers a choice shows.
    #[must_use]
    pub fn y(self, name: Name) -> Quantity {
        offered(name.y_choices(), self.y)
    }
}

fn offered(choices: &[Quantity], wanted: Option<Quantity>) -> Quantity {
    let wanted = wanted.filter(|wanted| choices.contains(wanted));
    wanted.or(choices.first().copied()).unwrap_or(Quantity::Decode)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_figure_does_not_offer_is_its_first_choice() {
        let axes = Axes { x: Some(Quantity::Watts), y: Some(Quantity::Prefill), ..Axes::default() };
        assert_eq!(axes.x(Name::PriceSpeed), Quantity::Watts);
        assert_eq!(axes.y(Name::PriceSpeed), Quantity::Prefill);
        assert_eq!(axes.x(Name::Cost), Quantity::Cost);
        assert_eq!(axes.y(Name::RamPrice), Quantity::Price);
        assert_eq!(Axes::default().y(Name::Accuracy), Quantity::Decode);
    }
}
