//! `rigwise list`: what the presets hold, with the ids that other commands take.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde::Serialize;

use super::{
    CliError, Done,
    output::{self, Align, Format, Table},
    presets,
};
use crate::{catalog::Catalog, units};

/// List what is known, with the ids that other commands take
#[derive(Clone, Debug, Args)]
#[command(after_help = "Examples:\n  rigwise list models\n  rigwise list machines --format csv")]
pub(super) struct ListArgs {
    /// What to list
    what: What,
    /// File or folder with presets of your own, added to the built-in ones; may be repeated
    #[arg(long, value_name = "PATH")]
    presets: Vec<PathBuf>,
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum What {
    /// Machines one can buy
    Machines,
    /// Chips they are built on
    Chips,
    /// Language models
    Models,
    /// Ways to quantize a model's weights
    Quants,
    /// Types that keys and values are kept in
    KvTypes,
    /// Programs that run models, with what they compute on
    Runtimes,
}

pub(super) fn run(args: &ListArgs) -> Result<Done, CliError> {
    let (catalog, errors) = presets::load(&args.presets)?;
    let text = match args.what {
        What::Machines => show(args.format, &machines(&catalog), machine_table),
        What::Chips => show(args.format, &chips(&catalog), chip_table),
        What::Models => show(args.format, &models(&catalog), model_table),
        What::Quants => show(args.format, &quants(&catalog), quant_table),
        What::KvTypes => show(args.format, &kv_types(&catalog), kv_type_table),
        What::Runtimes => show(args.format, &runtimes(&catalog), runtime_table),
    }?;
    output::print(&text)?;
    Ok(Done::unless(errors))
}

fn show<T: Serialize, const N: usize>(
    format: Format,
    lines: &[T],
    table: impl Fn(&[T]) -> Table<N>,
) -> Result<String, CliError> {
    match format {
        Format::Table => Ok(table(lines).aligned()),
        Format::Csv => output::csv(lines),
        Format::Json => output::json(lines),
    }
}

/// A number for people, or nothing.
fn short(value: Option<f64>) -> String {
    value.map(units::significant).unwrap_or_default()
}

/// How serde writes a value that it writes as one word.
fn word<T: Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

fn words<T: Serialize>(values: &[T]) -> String {
    values.iter().map(word).collect::<Vec<_>>().join(" ")
}

#[derive(Serialize)]
struct MachineLine<'a> {
    id: &'a str,
    name: &'a str,
    maker: &'a str,
    chip_id: &'a str,
    kind: String,
    devices: u32,
    memory_gib: f64,
    bandwidth_gb_per_s: Option<f64>,
    load_w: Option<f64>,
    prices: usize,
}

fn machines(catalog: &Catalog) -> Vec<MachineLine<'_>> {
    let machines = catalog.machines.iter();
    let lines = machines.map(|machine| {
        let chip = catalog.chips.get(&machine.chip);
        MachineLine {
            id: &machine.id,
            name: &machine.name,
            maker: chip.map_or("", |chip| &chip.maker),
            chip_id: &machine.chip,
            kind: word(&machine.kind),
            devices: machine.devices,
            memory_gib: machine.memory_gib,
            bandwidth_gb_per_s: machine.device_gb_per_s(chip),
            load_w: machine.load_w,
            prices: machine.prices.len(),
        }
    });
    lines.collect()
}

fn machine_table(lines: &[MachineLine]) -> Table<6> {
    let mut table = Table::new([
        ("Id", Align::Left),
        ("Name", Align::Left),
        ("Chip", Align::Left),
        ("Memory (GiB)", Align::Right),
        ("Bandwidth of a device (GB/s)", Align::Right),
        ("Kind", Align::Left),
    ]);
    for line in lines {
        let chip = if line.devices > 1 {
            format!("{} x {}", line.devices, line.chip_id)
        } else {
            line.chip_id.to_owned()
        };
        table.push([
            line.id.to_owned(),
            line.name.to_owned(),
            chip,
            line.memory_gib.to_string(),
            short(line.bandwidth_gb_per_s),
            line.kind.clone(),
        ]);
    }
    table
}

#[derive(Serialize)]
struct ChipLine<'a> {
    id: &'a str,
    name: &'a str,
    maker: &'a str,
    family: &'a str,
    kind: String,
    memory_type: Option<&'a str>,
    bandwidth_gb_per_s: Option<f64>,
    fp16_tflops: Option<f64>,
    int8_tops: Option<f64>,
    tdp_w: Option<f64>,
    released: Option<String>,
}

fn chips(catalog: &Catalog) -> Vec<ChipLine<'_>> {
    let chips = catalog.chips.iter();
    chips
        .map(|chip| ChipLine {
            id: &chip.id,
            name: &chip.name,
            maker: &chip.maker,
            family: &chip.family,
            kind: word(&chip.kind),
            memory_type: chip.memory_type.as_deref(),
            bandwidth_gb_per_s: chip.bandwidth_gb_per_s,
            fp16_tflops: chip.compute.fp16_tflops,
            int8_tops: chip.compute.int8_tops,
            tdp_w: chip.tdp_w,
            released: chip.released.map(|date| date.to_string()),
        })
        .collect()
}

fn chip_table(lines: &[ChipLine]) -> Table<7> {
    let mut table = Table::new([
        ("Id", Align::Left),
        ("Name", Align::Left),
        ("Family", Align::Left),
        ("Memory", Align::Left),
        ("Bandwidth (GB/s)", Align::Right),
        ("FP16 (TFLOP/s)", Align::Right),
        ("Power (W)", Align::Right),
    ]);
    for line in lines {
        table.push([
            line.id.to_owned(),
            line.name.to_owned(),
            line.family.to_owned(),
            line.memory_type.unwrap_or_default().to_owned(),
            short(line.bandwidth_gb_per_s),
            short(line.fp16_tflops),
            short(line.tdp_w),
        ]);
    }
    table
}

#[derive(Serialize)]
struct ModelLine<'a> {
    id: &'a str,
    name: &'a str,
    family: &'a str,
    released: Option<String>,
    license: Option<&'a str>,
    total_params: u64,
    active_params: f64,
    layers: u32,
    max_context: u32,
}

fn models(catalog: &Catalog) -> Vec<ModelLine<'_>> {
    let models = catalog.models.iter();
    models
        .map(|model| ModelLine {
            id: &model.id,
            name: &model.name,
            family: &model.family,
            released: model.released.map(|date| date.to_string()),
            license: model.license.as_deref(),
            total_params: model.params.total(),
            active_params: model.active_params(),
            layers: model.layers,
            max_context: model.max_context,
        })
        .collect()
}

fn model_table(lines: &[ModelLine]) -> Table<6> {
    let mut table = Table::new([
        ("Id", Align::Left),
        ("Name", Align::Left),
        ("Parameters", Align::Right),
        ("In one token", Align::Right),
        ("Context (tokens)", Align::Right),
        ("Released", Align::Left),
    ]);
    for line in lines {
        table.push([
            line.id.to_owned(),
            line.name.to_owned(),
            units::parameters(line.total_params as f64),
            units::parameters(line.active_params),
            units::thousands(f64::from(line.max_context)),
            line.released.clone().unwrap_or_default(),
        ]);
    }
    table
}

#[derive(Serialize)]
struct QuantLine<'a> {
    id: &'a str,
    name: &'a str,
    family: String,
    /// Of most tensors.
    types: String,
    aliases: String,
    offered: bool,
}

fn quants(catalog: &Catalog) -> Vec<QuantLine<'_>> {
    let quants = catalog.quants.iter();
    quants
        .map(|quant| QuantLine {
            id: &quant.id,
            name: &quant.name,
            family: word(&quant.family),
            types: quant.tensors.default.to_string(),
            aliases: quant.aliases.join(" "),
            offered: quant.offered,
        })
        .collect()
}

fn quant_table(lines: &[QuantLine]) -> Table<5> {
    let mut table = Table::new([
        ("Id", Align::Left),
        ("Name", Align::Left),
        ("For", Align::Left),
        ("Most tensors", Align::Left),
        ("Also called", Align::Left),
    ]);
    for line in lines {
        table.push([
            line.id.to_owned(),
            line.name.to_owned(),
            line.family.clone(),
            line.types.clone(),
            line.aliases.clone(),
        ]);
    }
    table
}

#[derive(Serialize)]
struct KvTypeLine<'a> {
    id: &'a str,
    name: &'a str,
    bits_per_element: f64,
    aliases: String,
}

fn kv_types(catalog: &Catalog) -> Vec<KvTypeLine<'_>> {
    let types = catalog.kv_types.iter();
    types
        .map(|kv_type| KvTypeLine {
            id: &kv_type.id,
            name: &kv_type.name,
            bits_per_element: kv_type.bits_per_element,
            aliases: kv_type.aliases.join(" "),
        })
        .collect()
}

fn kv_type_table(lines: &[KvTypeLine]) -> Table<4> {
    let mut table = Table::new([
        ("Id", Align::Left),
        ("Name", Align::Left),
        ("Bits for an element", Align::Right),
        ("Also called", Align::Left),
    ]);
    for line in lines {
        let bits = line.bits_per_element.to_string();
        table.push([line.id.to_owned(), line.name.to_owned(), bits, line.aliases.clone()]);
    }
    table
}

#[derive(Serialize)]
struct RuntimeLine<'a> {
    id: &'a str,
    name: &'a str,
    engine: &'a str,
    backend: &'a str,
    quant_families: String,
    chip_families: String,
    split: String,
    offloads: bool,
    offered: bool,
    calibrated: bool,
}

fn runtimes(catalog: &Catalog) -> Vec<RuntimeLine<'_>> {
    let runtimes = catalog.runtimes.iter();
    let lines = runtimes.map(|runtime| RuntimeLine {
        id: &runtime.id,
        name: &runtime.name,
        engine: &runtime.engine,
        backend: &runtime.backend,
        quant_families: words(&runtime.quant_families),
        chip_families: runtime.chip_families.join(" "),
        split: word(&runtime.split),
        offloads: runtime.offloads,
        offered: runtime.offered,
        calibrated: catalog.calibrations.get(&runtime.id).is_some(),
    });
    lines.collect()
}

fn runtime_table(lines: &[RuntimeLine]) -> Table<4> {
    let mut table = Table::new([
        ("Id", Align::Left),
        ("Name", Align::Left),
        ("Reads", Align::Left),
        ("Runs on", Align::Left),
    ]);
    for line in lines {
        table.push([
            line.id.to_owned(),
            line.name.to_owned(),
            line.quant_families.clone(),
            line.chip_families.clone(),
        ]);
    }
    table
}
