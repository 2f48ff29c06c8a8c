//! `rigwise explain`: where each byte and each millisecond of an estimate goes.

use std::fmt::Write;

use clap::Args;

use super::{
    CliError, Done,
    output::{self, Align, Table},
    question::{Asked, Question},
};
use crate::{
    catalog::Machine,
    compare::{Comparison, Row, compare},
    estimate::{Estimate, Estimator, Placement, WeightPart, Workload},
    units,
};

const EXAMPLES: &str = "\
Examples:
  rigwise explain --machine rtx4090 --model llama-3.1-8b --quant Q4_K_M
  rigwise explain --machine dgx-spark --machine rtx5090 --model gpt-oss-120b --quant MXFP4";

/// Show where each byte and each millisecond of an estimate goes
#[derive(Clone, Debug, Args)]
#[command(after_help = EXAMPLES, mut_arg("machines", |machines| {
    machines.required(true).help("Machine, by its id; may be repeated")
}))]
pub(super) struct ExplainArgs {
    #[command(flatten)]
    question: Question,
}

pub(super) fn run(args: &ExplainArgs) -> Result<Done, CliError> {
    let asked = args.question.resolve()?;
    let estimator = Estimator::new(&asked.catalog);
    let comparison = compare(&asked.catalog, &estimator, &asked.scenario, &asked.filters)?;
    let mut text = weights(&comparison.workload);
    for (machine, row) in asked.rows(&comparison) {
        let _ = write!(text, "\n{}", explain(&asked, &comparison, machine, row));
    }
    output::print(&text)?;
    Ok(Done::unless(asked.errors))
}

/// What one token reads of the weights, the same on every machine.
fn weights(workload: &Workload) -> String {
    let mut table = Table::new([
        ("Weights", Align::Left),
        ("Parameters", Align::Right),
        ("Bits for each", Align::Right),
        ("Share read", Align::Right),
        ("Read for a token", Align::Right),
    ]);
    for part in WeightPart::ALL {
        let groups = || workload.weights.groups().iter().filter(move |group| group.class.part() == part);
        let params: f64 = groups().map(|group| group.params).sum();
        let stored = workload.weights.part_stored_bytes(part);
        let read = workload.weights.part_read_bytes(part);
        if params > 0.0 {
            table.push([
                part.name().to_owned(),
                units::thousands(params),
                format!("{:.3}", stored * 8.0 / params),
                format!("{:.2} %", read / stored * 100.0),
                gigabytes(read),
            ]);
        }
    }
    let whole = &workload.weights;
    table.push([
        "All".to_owned(),
        units::thousands(whole.groups().iter().map(|group| group.params).sum()),
        format!("{:.3}", whole.bits_per_weight()),
        format!("{:.2} %", whole.read_bytes() / whole.stored_bytes() * 100.0),
        gigabytes(whole.read_bytes()),
    ]);
    format!("{}, {}\n\n{}", workload.model.name, workload.quant.name, table.aligned())
}

fn gigabytes(bytes: f64) -> String {
    format!("{:.3} GB", bytes / units::GB)
}

fn milliseconds(ms: f64) -> String {
    format!("{ms:.3} ms")
}

fn explain(asked: &Asked, comparison: &Comparison, machine: &Machine, row: &Row) -> String {
    let runtime = row.runtime.as_deref().and_then(|id| asked.catalog.runtimes.get(id));
    let name = runtime.map_or(String::new(), |runtime| format!(" with {}", runtime.name));
    let estimate = match &row.estimate {
        Ok(estimate) => estimate,
        Err(reason) => return format!("{}{name}: no estimate, for {reason}.\n", machine.name),
    };
    let workload = &comparison.workload;
    let users = if workload.users == 1 { String::new() } else { format!(" for each of {}", workload.users) };
    let context = units::tokens(workload.context);
    let mut text = format!("{}{name}, {context}{users} in the cache\n\n", machine.name);
    let at_once = runtime.map_or(1, |runtime| runtime.split.at_once(machine.devices));
    let bandwidth = machine.device_gb_per_s(asked.catalog.chips.get(&machine.chip)).unwrap_or_default();
    text.push_str(&times(estimate, bandwidth * f64::from(at_once)).aligned());
    let _ = writeln!(
        text,
        "\n1 / {} = {}, and with 80 % probability {} to {}.",
        milliseconds(estimate.time.total_ms()),
        units::tokens_per_s(estimate.tokens_per_s),
        units::significant(estimate.tokens_per_s_low()),
        units::significant(estimate.tokens_per_s_high()),
    );
    text.push_str(&memory(estimate));
    text
}

/// Where the milliseconds of one token go.
fn times(estimate: &Estimate, bandwidth_gb_per_s: f64) -> Table<3> {
    let mut table = Table::new([("Time", Align::Left), ("How", Align::Left), ("For a token", Align::Right)]);
    let time = &estimate.time;
    // With a part in the host's memory, what the devices read is less than all.
    let whole = !matches!(estimate.placement, Placement::Offloads { .. });
    let reading = |bytes: f64, ms: f64| {
        if whole {
            let share = bytes / units::GB / bandwidth_gb_per_s / (ms / 1e3);
            let rate = units::significant(bandwidth_gb_per_s);
            format!("{} / ({rate} GB/s x {:.1} %)", gigabytes(bytes), share * 100.0)
        } else {
            "what lies in the devices' memory".to_owned()
        }
    };
    let cache_bytes = estimate.kv_read_bytes + estimate.state_bytes;
    let lines = [
        ("Weights", reading(estimate.weights_read_bytes, time.weights_ms), time.weights_ms),
        ("Cache and states", reading(cache_bytes, time.cache_ms), time.cache_ms),
        ("Arithmetic", "multiplying for several users".to_owned(), time.compute_ms),
        ("Host", "what lies in the host's memory".to_owned(), time.offload_ms),
        ("Exchange", "between the devices".to_owned(), time.link_ms),
        ("Fixed", "launching kernels, sampling".to_owned(), time.fixed_ms),
    ];
    for (what, how, ms) in lines {
        if ms > 0.0 {
            table.push([what.to_owned(), how, milliseconds(ms)]);
        }
    }
    table.push(["All".to_owned(), String::new(), milliseconds(time.total_ms())]);
    table
}

fn memory(estimate: &Estimate) -> String {
    let memory = &estimate.memory;
    let verdict = match estimate.placement {
        Placement::Fits => "it fits".to_owned(),
        Placement::Offloads { bytes, .. } => {
            format!("{} of it lie in the host's memory", units::gibibytes(bytes))
        }
        Placement::DoesNotFit { .. } => {
            "it does not fit, and this is the speed with memory enough".to_owned()
        }
    };
    format!(
        "Memory: weights {}, cache {}, buffers {}; needed {} of {} usable: {verdict}.\n",
        units::gibibytes(memory.weights_bytes),
        units::gibibytes(memory.cache_bytes),
        units::gibibytes(memory.buffers_bytes),
        units::gibibytes(memory.needed_bytes()),
        units::gibibytes(memory.usable_bytes),
    )
}
