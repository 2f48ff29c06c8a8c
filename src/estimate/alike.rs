//! Which machines have one answer.

use std::hash::{Hash, Hasher};

use foldhash::{HashMap, HashMapExt as _};

use crate::catalog::{Catalog, Machine, MachineKind, Transport};

/// For each of a catalog's machines the first that is alike in all that an estimate rests on: with very many machines, to find
/// it anew for every question would take as long as the estimates.
pub(super) fn first_alike(catalog: &Catalog) -> Vec<usize> {
    let mut first: HashMap<Rating, usize> = HashMap::with_capacity(catalog.machines.len());
    let machines = catalog.machines.iter().enumerate();
    machines.map(|(index, machine)| *first.entry(Rating::of(machine)).or_insert(index)).collect()
}

/// All of a machine that its estimate rests on: those that are alike in it have one answer.
#[derive(PartialEq, Eq)]
struct Rating<'a> {
    chip: &'a str,
    devices: u32,
    kind: MachineKind,
    /// Memory, usable memory, bandwidth and those of the host, as bits: equal is what is the same number.
    numbers: [Option<u64>; 7],
    pcie: Option<&'a str>,
    transport: Option<Transport>,
}

impl Hash for Rating<'_> {
    /// Of what tells most machines apart.
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.chip.hash(state);
        self.numbers[0].hash(state);
    }
}

impl<'a> Rating<'a> {
    fn of(machine: &'a Machine) -> Self {
        // Each field is named, so that nobody adds one without thinking of this.
        let Machine {
            chip,
            devices,
            kind,
            memory_gib,
            usable_gib,
            usable_raised_gib,
            bandwidth_gb_per_s,
            host,
            link,
            pcie,
            id: _,
            name: _,
            brand: _,
            usable_note: _,
            needs: _,
            idle_w: _,
            load_w: _,
            sales: _,
            prices: _,
            sources: _,
            notes: _,
        } = machine;
        let host = host.as_ref().map(|host| (host.bandwidth_gb_per_s, host.memory_gib));
        let numbers = [
            Some(*memory_gib),
            *usable_gib,
            *usable_raised_gib,
            *bandwidth_gb_per_s,
            host.map(|host| host.0),
            host.map(|host| host.1),
            link.as_ref().and_then(|link| link.gb_per_s),
        ];
        let numbers = numbers.map(|number| number.map(f64::to_bits));
        let transport = link.as_ref().and_then(|link| link.transport);
        Self { chip, devices: *devices, kind: *kind, numbers, pcie: pcie.as_deref(), transport }
    }
}
