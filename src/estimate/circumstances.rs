//! How a run was made, where that differs from what an estimate assumes: a program of today, fused attention, full power,
//! Linux or macOS.
//!
//! Estimates are of a machine as it is sold, with today's programs. A measurement of an older program, or with attention
//! that writes its scores to memory, is predicted, and fitted, under its own circumstances.

use jiff::civil::Date;

use super::{TermKey, data_sheet::board_power_w};
use crate::catalog::{Chip, System};

/// Programs from this day on are today's.
const TODAYS_PROGRAMS: Date = Date::constant(2026, 11, 1);

/// Share of its board's power with which a card decodes about as fast as with all of it.
const ENOUGH_TO_READ: f64 = 0.5;

/// What is special about a run. The default is what estimates assume.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Circumstances {
    /// Years by which the program is older than today's.
    pub age_years: f64,
    /// Attention in several kernels, as llama.cpp's without flash attention.
    pub unfused_attention: bool,
    /// Power that the board was limited to.
    pub power_limit_w: Option<f64>,
    /// Windows, or Linux within it.
    pub system: Option<System>,
    /// Mesa of before 26.2 on one of Intel's chips.
    pub older_mesa: bool,
}

impl Circumstances {
    /// The age of a program of that day.
    #[must_use]
    pub fn age_years(date: Date) -> f64 {
        const DAYS_A_YEAR: f64 = 365.25;
        f64::from((TODAYS_PROGRAMS - date).get_days().max(0)) / DAYS_A_YEAR
    }

    /// Those that a run on this chip differs in, each with the power that its factors are raised to.
    pub fn of(&self, api: &str, chip: &Chip) -> impl Iterator<Item = (Circumstance, f64)> {
        let limit = self.power_limit_w.zip(board_power_w(chip, api)).filter(|(limit_w, _)| *limit_w > 0.0);
        let lacking = limit.map(|(limit_w, board_w)| (ENOUGH_TO_READ * board_w / limit_w).ln());
        let differences = [
            Some((Circumstance::Age, self.age_years)).filter(|(_, years)| *years > 0.0),
            self.unfused_attention.then_some((Circumstance::UnfusedAttention, 1.0)),
            self.system.map(|system| (Circumstance::Under(system), 1.0)),
            self.older_mesa.then_some((Circumstance::OlderMesa, 1.0)),
            limit.map(|(limit_w, board_w)| (Circumstance::PowerToCompute, (limit_w / board_w).ln())),
            lacking.filter(|lacking| *lacking > 0.0).map(|lacking| (Circumstance::PowerToRead, lacking)),
        ];
        differences.into_iter().flatten()
    }

    /// The factors that scale a term under these circumstances, with their exponents.
    #[must_use]
    pub fn factor_names(&self, key: TermKey, api: &str, chip: &Chip) -> Vec<(String, f64)> {
        let of_one = |(circumstance, power): (Circumstance, f64)| {
            let names = circumstance.factor_names(key, api).into_iter();
            names.map(move |name| (name, power))
        };
        self.of(api, chip).flat_map(of_one).collect()
    }
}

/// One way in which a run differs from what estimates assume.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Circumstance {
    /// A year by which the program is older.
    Age,
    UnfusedAttention,
    Under(System),
    /// Mesa of before 26.2 on one of Intel's chips, whose compiler made slow code of the shaders that programs have.
    OlderMesa,
    /// A board's power, against all of it, where a chip computes.
    PowerToCompute,
    /// Power that a board lacks to read at its full rate.
    PowerToRead,
}

impl Circumstance {
    /// How many there are.
    pub const COUNT: usize = 5 + System::ALL.len();

    /// A place below [`Self::COUNT`] for each.
    #[must_use]
    pub fn place(self) -> usize {
        match self {
            Self::Age => 0,
            Self::UnfusedAttention => 1,
            Self::PowerToCompute => 2,
            Self::PowerToRead => 3,
            Self::OlderMesa => 4,
            Self::Under(system) => 5 + system as usize,
        }
    }

    /// The factors that scale a term.
    #[must_use]
    pub fn factor_names(self, key: TermKey, api: &str) -> Vec<String> {
        match self {
            Self::Age => age_names(key, api),
            Self::UnfusedAttention => {
                let term = match key {
                    TermKey::Cache(..) => Some("cache"),
                    TermKey::Attention(_) => Some("attention"),
                    TermKey::PrefillAttention(_) => Some("prefill-attention"),
                    _ => None,
                };
                term.map(|term| format!("{term}/{api}/no-flash-attention")).into_iter().collect()
            }
            Self::Under(system) => {
                // Calls take longer, and a desktop shares the card and its memory.
                let term = match key {
                    _ if key.is_launch() => Some("layer"),
                    _ if key.is_reading_weights() => Some("weights"),
                    _ if key.is_prefill_compute() => Some("prefill"),
                    _ => None,
                };
                term.map(|term| format!("{term}/{}", system.name())).into_iter().collect()
            }
            Self::OlderMesa => {
                // Prompts, which the matrix units read, gain a tenth at most.
                let slower = key.is_reading_weights() || matches!(key, TermKey::Unpack(_));
                slower.then(|| "weights/older-mesa".to_owned()).into_iter().collect()
            }
            Self::PowerToCompute if key.is_prefill_compute() => vec!["prefill/power".to_owned()],
            // Reading takes less power than computing, so that only low limits slow it.
            Self::PowerToRead if key.is_reading_weights() => vec!["weights/low-power".to_owned()],
            Self::PowerToRead if matches!(key, TermKey::Cache(..) | TermKey::Attention(_)) => {
                vec!["cache/low-power".to_owned()]
            }
            Self::PowerToCompute | Self::PowerToRead => Vec::new(),
        }
    }
}

/// Launches were fused, and matrix kernels rewritten for the units that chips have. What is read is read as ever: weights and
/// caches with a factor of their own are predicted no better.
fn age_names(key: TermKey, api: &str) -> Vec<String> {
    let mut names = Vec::new();
    if key.is_launch() {
        names.push("layer/age".to_owned());
        names.push(format!("layer/{api}/age"));
    } else if key.is_prefill_compute() {
        names.push(format!("prefill/{api}/age"));
    } else if matches!(key, TermKey::PrefillAttention(_)) {
        names.push(format!("prefill-attention/{api}/age"));
    }
    // Kernels for newer kinds of layers were fused later than those of all layers.
    let newer = match key {
        TermKey::LinearLayer(_) => Some("linear-layer"),
        TermKey::ExpertLayer(_) => Some("expert-layer"),
        TermKey::SharedLayer => Some("shared-layer"),
        TermKey::LatentLayer(_) => Some("latent-layer"),
        TermKey::PrefillLinear => Some("prefill-linear"),
        _ if key.is_prefill_routing() => Some("prefill-routing"),
        _ => None,
    };
    names.extend(newer.into_iter().flat_map(|term| [format!("{term}/age"), format!("{term}/{api}/age")]));
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estimate::{
        KernelClass,
        decode::{ExpertClass, LinearClass},
    };

    #[test]
    fn newer_kinds_of_layers_age_faster() {
        let old = Circumstances { age_years: 1.5, ..Circumstances::default() };
        let chip = crate::catalog::load::embedded().catalog.chips.get("rtx-4090").unwrap().clone();
        let ages = |circumstances: Circumstances, key: TermKey| -> Vec<(String, f64)> {
            circumstances.factor_names(key, "cuda", &chip)
        };
        let of_all = [("layer/age".to_owned(), 1.5), ("layer/cuda/age".to_owned(), 1.5)];
        assert_eq!(ages(old, TermKey::Layer), of_all);
        for (key, own) in [
            (TermKey::ExpertLayer(ExpertClass::Plain), "expert-layer"),
            (TermKey::LinearLayer(LinearClass::Delta), "linear-layer"),
        ] {
            let own = ["age", "cuda/age"].map(|age| (format!("{own}/{age}"), 1.5));
            assert_eq!(ages(old, key), [&of_all[..], &own].concat());
            assert!(ages(Circumstances::default(), key).is_empty());
        }
    }

    #[test]
    fn within_windows_calls_and_reading_take_longer_and_caches_do_not() {
        let chip = crate::catalog::load::embedded().catalog.chips.get("rtx-4090").unwrap().clone();
        let wsl = Circumstances { system: Some(System::Wsl), ..Circumstances::default() };
        let of = |key: TermKey| wsl.factor_names(key, "cuda", &chip);
        assert_eq!(of(TermKey::Layer), [("layer/wsl".to_owned(), 1.0)]);
        assert_eq!(of(TermKey::NarrowExperts), [("weights/wsl".to_owned(), 1.0)]);
        assert_eq!(of(TermKey::PrefillLinear), [("prefill/wsl".to_owned(), 1.0)]);
        assert!(of(TermKey::State).is_empty());
    }

    #[test]
    fn an_older_mesa_slows_what_is_read_for_a_token() {
        let chip = crate::catalog::load::embedded().catalog.chips.get("arc-b580").unwrap().clone();
        let older = Circumstances { older_mesa: true, ..Circumstances::default() };
        let of = |key: TermKey| older.factor_names(key, "vulkan", &chip);
        for key in [TermKey::Unpack(KernelClass::K4), TermKey::Experts(KernelClass::K4)] {
            assert_eq!(of(key), [("weights/older-mesa".to_owned(), 1.0)]);
        }
        assert!(of(TermKey::PrefillDense(KernelClass::K4)).is_empty() && of(TermKey::Layer).is_empty());
    }

    #[test]
    fn only_programs_of_before_are_old() {
        assert!((Circumstances::age_years(Date::constant(2024, 11, 1)) - 2.0).abs() < 0.01);
        assert!(Circumstances::age_years(Date::constant(2026, 11, 1)).abs() < f64::EPSILON);
    }
}
