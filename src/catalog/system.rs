//! What programs run under.

use serde::{Deserialize, Serialize};

/// What a program's calls to a graphics processor go through, where that is more than on Linux or macOS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum System {
    /// A desktop of Windows, whose driver model (WDDM) gathers calls before it passes them on.
    Windows,
    /// Linux in a virtual machine of Windows, whose calls cross over to the driver outside.
    Wsl,
}

impl System {
    pub const ALL: [Self; 2] = [Self::Windows, Self::Wsl];

    /// As presets call it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Windows => "windows",
            Self::Wsl => "wsl",
        }
    }

    /// As people do: `Windows`.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Windows => "Windows",
            Self::Wsl => "WSL",
        }
    }
}
