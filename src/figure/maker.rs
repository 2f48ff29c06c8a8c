//! Who makes the chip: what color and shape tell apart.

use crate::catalog::Chip;

/// A maker of chips with a color and a shape of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Maker {
    Apple,
    Nvidia,
    Amd,
    Intel,
    Qualcomm,
    Other,
}

impl Maker {
    pub const ALL: [Self; 6] =
        [Self::Apple, Self::Nvidia, Self::Amd, Self::Intel, Self::Qualcomm, Self::Other];

    /// The maker that a chip's preset names.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self::ALL.into_iter().find(|maker| maker.name().eq_ignore_ascii_case(name)).unwrap_or(Self::Other)
    }

    /// The maker of a chip, where it is known.
    #[must_use]
    pub fn of(chip: Option<&Chip>) -> Self {
        chip.map_or(Self::Other, |chip| Self::named(&chip.maker))
    }

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Apple => "Apple",
            Self::Nvidia => "NVIDIA",
            Self::Amd => "AMD",
            Self::Intel => "Intel",
            Self::Qualcomm => "Qualcomm",
            Self::Other => "Other",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn makers_are_found_by_name() {
        assert_eq!(Maker::named("nvidia"), Maker::Nvidia);
        assert_eq!(Maker::named("Rockchip"), Maker::Other);
    }
}
