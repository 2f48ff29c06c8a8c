//! Measured speeds from a CSV file, to set predictions against.

use std::path::Path;

use super::CliError;
use crate::catalog::{Measurement, Split, System};

/// A row of the file: what was measured, and why it cannot be used, if so.
#[derive(Clone, Debug)]
pub(super) struct MeasuredRow {
    pub measurement: Measurement,
    pub problem: Option<String>,
}

/// Columns without which nothing can be predicted.
const REQUIRED: [&str; 3] = ["chip_id", "model_id", "quant_id"];

/// What a column says of how devices shared the model.
const SPLITS: [(&str, Split); 3] =
    [("layers", Split::Layers), ("tensors", Split::Tensors), ("rows", Split::Rows)];

/// Reads a file whose header names its columns, in any order; columns of other names are left alone.
pub(super) fn read(path: &Path) -> Result<Vec<MeasuredRow>, CliError> {
    let bytes = std::fs::read(path).map_err(|error| CliError::Read { path: path.to_owned(), error })?;
    parse(&bytes).map_err(|problem| CliError::Malformed { path: path.to_owned(), problem })
}

fn parse(bytes: &[u8]) -> Result<Vec<MeasuredRow>, String> {
    // A spreadsheet may put a byte order mark before the first name.
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(bytes);
    let header = reader.byte_headers().map_err(|error| error.to_string())?;
    let header: Vec<String> = header.iter().map(|name| String::from_utf8_lossy(name).into_owned()).collect();
    let missing: Vec<&str> =
        REQUIRED.into_iter().filter(|name| !header.iter().any(|found| found == name)).collect();
    if !missing.is_empty() {
        return Err(format!("its first line must name the columns, and {} is missing", missing.join(", ")));
    }
    let mut rows = Vec::new();
    for (index, record) in reader.byte_records().enumerate() {
        let record = record.map_err(|error| error.to_string())?;
        let cells = Cells { header: &header, record: &record };
        rows.push(cells.row(index + 1));
    }
    Ok(rows)
}

struct Cells<'a> {
    header: &'a [String],
    record: &'a csv::ByteRecord,
}

impl Cells<'_> {
    fn row(&self, number: usize) -> MeasuredRow {
        let mut problems = Vec::new();
        let measurement = Measurement {
            id: self.text("id").unwrap_or_else(|| number.to_string()),
            chip: self.text("chip_id"),
            model: self.text("model_id"),
            quant: self.text("quant_id").unwrap_or_default(),
            file_gib: self.positive("file_gib", "a size", &mut problems),
            engine: self.text("runtime"),
            backend: self.text("backend"),
            devices: self.count("n_devices", &mut problems),
            users: self.count("users", &mut problems),
            split: self.one_of("split", &SPLITS, &mut problems),
            system: self.one_of("system", &System::ALL.map(|it| (it.name(), it)), &mut problems),
            driver: self.text("driver"),
            pcie: self.text("pcie"),
            kv_type: self.text("kv_type"),
            flash_attention: self.flag("flash_attn"),
            batch_tokens: self.count("ubatch", &mut problems),
            power_limit_w: self.positive("power_limit_w", "a power", &mut problems),
            date: self.text("date").and_then(|text| text.parse().ok()),
            depth: self.count("depth", &mut problems),
            prefill_tokens: self.count("pp_n", &mut problems),
            prefill_tokens_per_s: self.rate("pp_tps", &mut problems),
            // Of little weight: a number that cannot be read is no reason to leave the row out.
            decode_tokens: self.count("tg_n", &mut Vec::new()),
            decode_tokens_per_s: self.rate("tg_tps", &mut problems),
            offload: self.text("cpu_offload"),
            host_gb_per_s: self.positive("host_gb_per_s", "a bandwidth", &mut problems),
            ..Measurement::default()
        };
        let problem = (!problems.is_empty()).then(|| problems.join("; "));
        MeasuredRow { measurement, problem }
    }

    /// The cell of a column, if it says anything.
    fn text(&self, column: &str) -> Option<String> {
        let at = self.header.iter().position(|name| name == column)?;
        let cell = String::from_utf8_lossy(self.record.get(at)?).into_owned();
        (!cell.is_empty()).then_some(cell)
    }

    /// Yes or no, as benchmarks print it. What is neither says nothing.
    fn flag(&self, column: &str) -> Option<bool> {
        match self.text(column)?.as_str() {
            "1" | "on" | "true" | "yes" => Some(true),
            "0" | "off" | "false" | "no" => Some(false),
            _ => None,
        }
    }

    /// One of a few words. Another one is a problem, for the rate would not be what it seems.
    fn one_of<T: Copy>(&self, column: &str, words: &[(&str, T)], problems: &mut Vec<String>) -> Option<T> {
        let cell = self.text(column)?;
        let known = words.iter().find(|(word, _)| *word == cell).map(|(_, meaning)| *meaning);
        if known.is_none() {
            let words = words.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(" or ");
            problems.push(format!("{column} is not {words}: `{cell}`"));
        }
        known
    }

    fn number(&self, column: &str, what: &str, problems: &mut Vec<String>) -> Option<f64> {
        let cell = self.text(column)?;
        let number = cell.parse().ok().filter(|number: &f64| number.is_finite() && *number >= 0.0);
        if number.is_none() {
            problems.push(format!("{column} is not {what}: `{cell}`"));
        }
        number
    }

    /// A number above zero; a zero says nothing, as spreadsheets fill empty cells.
    fn positive(&self, column: &str, what: &str, problems: &mut Vec<String>) -> Option<f64> {
        self.number(column, what, problems).filter(|number| *number > 0.0)
    }

    fn rate(&self, column: &str, problems: &mut Vec<String>) -> Option<f64> {
        self.number(column, "a speed", problems)
    }

    /// A whole number, which spreadsheets may have written as `4096.0`.
    fn count(&self, column: &str, problems: &mut Vec<String>) -> Option<u32> {
        let number = self.number(column, "a whole number", problems)?;
        let whole = (number.fract() == 0.0).then(|| format!("{number:.0}").parse().ok()).flatten();
        if whole.is_none() {
            problems.push(format!("{column} is not a whole number: `{number}`"));
        }
        whole
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_found_by_name() {
        let text = "\u{feff}extra,tg_tps,quant_id,model_id,depth,chip_id\r\n,\" 12.5\",Q4_K_M,m,4096.0,c\r\nx,,Q8_0,m\r\n";
        let rows = parse(text.as_bytes()).unwrap();
        let first = &rows[0].measurement;
        assert_eq!((first.id.as_str(), first.chip.as_deref(), first.depth), ("1", Some("c"), Some(4096)));
        assert_eq!((first.decode_tokens_per_s, rows[0].problem.as_deref()), (Some(12.5), None));
        assert_eq!((rows[1].measurement.chip.as_deref(), rows[1].measurement.quant.as_str()), (None, "Q8_0"));
    }

    #[test]
    fn a_bad_cell_is_said_and_the_row_stays() {
        let text = "chip_id,model_id,quant_id,depth,tg_tps,n_devices\nc,m,q,deep,fast,-1\nc,m,q,0.5,1e999,\n";
        let rows = parse(text.as_bytes()).unwrap();
        let expected = "n_devices is not a whole number: `-1`; depth is not a whole number: `deep`; tg_tps is not a speed: `fast`";
        assert_eq!(rows[0].problem.as_deref(), Some(expected));
        assert_eq!(rows[1].measurement.decode_tokens_per_s, None);
        assert!(rows[1].problem.is_some());
    }

    #[test]
    fn circumstances_are_read() {
        let text = "chip_id,model_id,quant_id,system,driver,split,power_limit_w,ubatch,file_gib,host_gb_per_s,pcie\nc,m,q,wsl,Mesa 26.2,tensors,250,2048,4.5,89.6,3.0 x8\nc,m,q,dos,,,0,,0,,\n";
        let rows = parse(text.as_bytes()).unwrap();
        let first = &rows[0].measurement;
        assert_eq!((first.system, first.split), (Some(System::Wsl), Some(Split::Tensors)));
        assert_eq!((first.driver.as_deref(), first.pcie.as_deref()), (Some("Mesa 26.2"), Some("3.0 x8")));
        assert_eq!((first.power_limit_w, first.batch_tokens), (Some(250.0), Some(2048)));
        assert_eq!((first.file_gib, first.host_gb_per_s, &rows[0].problem), (Some(4.5), Some(89.6), &None));
        let second = &rows[1];
        assert_eq!((second.measurement.power_limit_w, second.measurement.file_gib), (None, None));
        assert_eq!(second.problem.as_deref(), Some("system is not windows or wsl: `dos`"));
    }

    #[test]
    fn a_file_without_the_columns_is_refused() {
        let problem = parse(b"chip,model\n1,2\n").unwrap_err();
        assert!(problem.contains("chip_id, model_id, quant_id"), "{problem}");
        assert!(parse(b"").is_err());
        assert!(parse(&[0xff, 0xfe, 0, 1]).is_err());
    }
}
