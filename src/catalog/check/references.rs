//! Whether the entries that an entry names exist.

use std::collections::HashSet;

use super::super::diagnostic::Diagnostic;
use super::super::load::{Section, Step, nearest};
use super::super::{Catalog, Machine, Measurement, Mix, Quant, Runtime, TensorMixes, TensorType};
use super::Problems;
use Step::{Field, Item};

/// Cards of one size are sold with that size; sources differ by how they round it.
const MEMORY_TOLERANCE: f64 = 0.02;

impl Problems<'_> {
    /// Says that `path` names an entry that does not exist, where `names` do.
    fn unknown<'a>(
        &mut self,
        path: &[Step],
        section: Section,
        name: &str,
        names: impl IntoIterator<Item = &'a str>,
    ) {
        self.fatal = true;
        let kind = section.entry();
        if self.is_full() || self.reported.contains(&(section, name.to_owned())) {
            return;
        }
        self.reported.push((section, name.to_owned()));
        if self.lost.is_some_and(|lost| lost.has(section, name)) {
            let help = format!("mend the {kind} first");
            self.add(path, Diagnostic::error(format!("the {kind} `{name}` has an error")).help(help));
            return;
        }
        let near = if self.quiet { None } else { nearest(name, names) };
        self.add(path, Diagnostic::error(format!("there is no {kind} `{name}`")).nearest(near));
    }
}

pub(in super::super) fn machine(machine: &Machine, catalog: &Catalog, problems: &mut Problems) {
    let Some(chip) = catalog.chips.get(&machine.chip) else {
        problems.unknown(&[Field("chip")], Section::Chips, &machine.chip, catalog.chips.ids());
        return;
    };
    if let Some(memory) = chip.memory_gib {
        let all = memory * f64::from(machine.devices);
        if (machine.memory_gib / all - 1.0).abs() > MEMORY_TOLERANCE {
            let chips = match machine.devices {
                1 => format!("the chip `{}` has", chip.id),
                devices => format!("{devices} of the chip `{}` have", chip.id),
            };
            let message = format!("{chips} {all} GiB, and this says {}", machine.memory_gib);
            problems.warning(&[Field("memory_gib")], message);
        }
    }
}

pub(in super::super) fn tensor_type(
    tensor_type: &TensorType,
    ids: &HashSet<String>,
    problems: &mut Problems,
) {
    if let Some(fallback) = &tensor_type.fallback
        && !ids.contains(fallback)
    {
        problems.unknown(
            &[Field("fallback")],
            Section::TensorTypes,
            fallback,
            ids.iter().map(String::as_str),
        );
    }
}

/// The mixes of a quantization with their fields.
fn mixes(tensors: &TensorMixes) -> [(&'static str, Option<&Mix>); 18] {
    [
        ("default", Some(&tensors.default)),
        ("embedding", tensors.embedding.as_ref()),
        ("head", tensors.head.as_ref()),
        ("tied_embedding", tensors.tied_embedding.as_ref()),
        ("attention_q", tensors.attention_q.as_ref()),
        ("attention_k", tensors.attention_k.as_ref()),
        ("attention_v", tensors.attention_v.as_ref()),
        ("attention_output", tensors.attention_output.as_ref()),
        ("linear_attention", tensors.linear_attention.as_ref()),
        ("ffn_up", tensors.ffn_up.as_ref()),
        ("ffn_down", tensors.ffn_down.as_ref()),
        ("experts_up", tensors.experts_up.as_ref()),
        ("experts_down", tensors.experts_down.as_ref()),
        ("shared_up", tensors.shared_up.as_ref()),
        ("shared_down", tensors.shared_down.as_ref()),
        ("router", tensors.router.as_ref()),
        ("other", tensors.other.as_ref()),
        ("lookup", tensors.lookup.as_ref()),
    ]
}

pub(in super::super) fn quant(quant: &Quant, catalog: &Catalog, problems: &mut Problems) {
    for (field, mix) in mixes(&quant.tensors) {
        for (_, id) in mix.iter().flat_map(|mix| &mix.0) {
            if catalog.tensor_types.get(id).is_none() {
                problems.unknown(
                    &[Field("tensors"), Field(field)],
                    Section::TensorTypes,
                    id,
                    catalog.tensor_types.ids(),
                );
            }
        }
    }
}

/// Ids and aliases of all quantizations.
pub(in super::super) fn quant_names(catalog: &Catalog) -> HashSet<String> {
    let names = |quant: &Quant| [std::slice::from_ref(&quant.id), &quant.aliases].concat();
    catalog.quants.iter().flat_map(names).collect()
}

pub(in super::super) fn runtime(
    runtime: &Runtime,
    catalog: &Catalog,
    quants: &HashSet<String>,
    problems: &mut Problems,
) {
    for (index, model) in runtime.models.iter().enumerate() {
        if catalog.models.get(model).is_none() {
            let path = [Field("models"), Item(index)];
            problems.unknown(&path, Section::Models, model, catalog.models.ids());
        }
    }
    for (index, alias) in runtime.quant_aliases.iter().enumerate() {
        if !quants.contains(&alias.means) {
            let path = [Field("quant_aliases"), Item(index), Field("means")];
            problems.unknown(&path, Section::Quants, &alias.means, quants.iter().map(String::as_str));
        }
    }
}

/// `quants` are all names that a quantization goes by, in any runtime.
pub(in super::super) fn measurement(
    measurement: &Measurement,
    catalog: &Catalog,
    quants: &HashSet<String>,
    problems: &mut Problems,
) {
    if let Some(chip) = &measurement.chip
        && catalog.chips.get(chip).is_none()
    {
        problems.unknown(&[Field("chip")], Section::Chips, chip, catalog.chips.ids());
    }
    if let Some(model) = &measurement.model
        && catalog.models.get(model).is_none()
    {
        problems.unknown(&[Field("model")], Section::Models, model, catalog.models.ids());
    }
    let quant = &measurement.quant;
    if !quant.is_empty() && !quants.contains(quant) {
        problems.unknown(&[Field("quant")], Section::Quants, quant, quants.iter().map(String::as_str));
    }
}
