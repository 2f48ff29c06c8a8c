//! Checks of chips, machines and prices.

use super::super::{Chip, ExchangeRate, Host, Machine, MemoryPrice, Quote, Sale};
use super::{Check, Problems, Range, SHARE, up_to};
use crate::catalog::load::Step::{self, Field, Item};

/// In 1e9 bytes per second: ten times more than any device has.
const BANDWIDTH: Range = up_to(1e6);
/// In 2^30 bytes.
const MEMORY: Range = up_to(1e6);
/// Tera-operations per second.
const COMPUTE: Range = up_to(1e6);
const WATTS: Range = up_to(1e6);
const AMOUNT: Range = up_to(1e9);
const MAX_DEVICES: u32 = 10_000;

/// Bandwidth and bus agree to this share on every data sheet; a table that disagrees has an error in it.
const BUS_TOLERANCE: f64 = 0.03;

impl Check for Chip {
    fn check(&self, problems: &mut Problems) {
        problems.id(&self.id);
        problems.count(&[Field("bus_bits")], self.bus_bits, 1, 1_000_000);
        problems.number(&[Field("data_rate_mt_per_s")], self.data_rate_mt_per_s, up_to(1e6));
        problems.number(&[Field("bandwidth_gb_per_s")], self.bandwidth_gb_per_s, BANDWIDTH);
        problems.number(&[Field("memory_gib")], self.memory_gib, MEMORY);
        problems.number(&[Field("tdp_w")], self.tdp_w, WATTS);
        let compute = &self.compute;
        for (name, rate) in [
            ("fp32_tflops", compute.fp32_tflops),
            ("fp16_tflops", compute.fp16_tflops),
            ("fp16_fp32_accumulate_tflops", compute.fp16_fp32_accumulate_tflops),
            ("int8_tops", compute.int8_tops),
            ("fp8_tflops", compute.fp8_tflops),
            ("fp4_tflops", compute.fp4_tflops),
        ] {
            problems.number(&[Field("compute"), Field(name)], rate, COMPUTE);
        }
        if let Some(streaming) = &self.streaming {
            problems.number(&[Field("streaming"), Field("share")], streaming.share, SHARE);
        }
        if let (Some(bits), Some(rate), Some(bandwidth)) =
            (self.bus_bits, self.data_rate_mt_per_s, self.bandwidth_gb_per_s)
        {
            let bus = f64::from(bits) * rate / 8.0 / 1000.0;
            if (bus / bandwidth - 1.0).abs() > BUS_TOLERANCE {
                let message = format!(
                    "{bits} bits at {rate} MT/s carry {bus:.1} GB/s, which is not within {:.0} % of {bandwidth}",
                    100.0 * BUS_TOLERANCE
                );
                problems.warning(&[Field("bandwidth_gb_per_s")], message);
            }
        }
    }
}

impl Check for Machine {
    fn check(&self, problems: &mut Problems) {
        problems.id(&self.id);
        problems.count(&[Field("devices")], self.devices, 1, MAX_DEVICES);
        problems.number(&[Field("memory_gib")], self.memory_gib, MEMORY);
        problems.number(&[Field("bandwidth_gb_per_s")], self.bandwidth_gb_per_s, BANDWIDTH);
        for (name, usable) in [("usable_gib", self.usable_gib), ("usable_raised_gib", self.usable_raised_gib)]
        {
            problems.number(&[Field(name)], usable, MEMORY);
            if usable.is_some_and(|usable| usable > self.memory_gib) {
                problems.error(
                    &[Field(name)],
                    format!("it is more than `memory_gib`, which is {}", self.memory_gib),
                );
            }
        }
        if let (Some(shipped), Some(raised)) = (self.usable_gib, self.usable_raised_gib)
            && raised < shipped
        {
            problems.warning(
                &[Field("usable_raised_gib")],
                format!("it is less than `usable_gib`, which is {shipped}"),
            );
        }
        if let Some(host) = &self.host {
            check_host(host, problems);
        }
        if let Some(link) = &self.link {
            problems.number(&[Field("link"), Field("gb_per_s")], link.gb_per_s, BANDWIDTH);
        }
        problems.zero_or_more(&[Field("idle_w")], self.idle_w, WATTS.most);
        problems.number(&[Field("load_w")], self.load_w, WATTS);
        if let (Some(idle), Some(load)) = (self.idle_w, self.load_w)
            && idle > load
        {
            problems.warning(&[Field("idle_w")], format!("it is more than `load_w`, which is {load}"));
        }
        for (index, sale) in self.sales.iter().enumerate() {
            check_sale(sale, &[Field("sales"), Item(index), Field("until")], problems);
        }
        for (index, quote) in self.prices.iter().enumerate() {
            check_quote(quote, index, problems);
        }
    }
}

fn check_host(host: &Host, problems: &mut Problems) {
    let field = |name: &'static str| [Field("host"), Field(name)];
    problems.number(&field("bandwidth_gb_per_s"), host.bandwidth_gb_per_s, BANDWIDTH);
    problems.number(&field("memory_gib"), host.memory_gib, MEMORY);
    problems.zero_or_more(&field("price_usd"), host.price_usd, AMOUNT.most);
}

fn check_sale(sale: &Sale, until_path: &[Step], problems: &mut Problems) {
    if let (Some(from), Some(until)) = (sale.from, sale.until)
        && until.last_day() <= from.first_day()
    {
        problems.error(until_path, format!("{until} is not after `from`, which is {from}"));
    }
}

fn check_quote(quote: &Quote, index: usize, problems: &mut Problems) {
    let field = |name: &'static str| [Field("prices"), Item(index), Field(name)];
    problems.number(&field("amount"), quote.amount, AMOUNT);
    problems.number(&field("low"), quote.low, AMOUNT);
    problems.number(&field("high"), quote.high, AMOUNT);
    let (low, high) = (quote.low.unwrap_or(quote.amount), quote.high.unwrap_or(quote.amount));
    if low > high {
        problems.error(&field("low"), format!("{low} is more than the range's upper end, {high}"));
    } else if !(low..=high).contains(&quote.amount) {
        problems.warning(&field("amount"), format!("{} is not between {low} and {high}", quote.amount));
    }
}

impl Check for MemoryPrice {
    fn check(&self, problems: &mut Problems) {
        problems.number(&[Field("memory_gib")], self.memory_gib, Range { above: 0.0, most: 1e5 });
        problems.number(&[Field("amount")], self.amount, Range { above: 0.0, most: 1e8 });
    }
}

impl Check for ExchangeRate {
    fn check(&self, problems: &mut Problems) {
        problems.number(&[Field("usd_per_eur")], self.usd_per_eur, Range { above: 0.1, most: 10.0 });
    }
}
