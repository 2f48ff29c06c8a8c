//! A figure's data as CSV.

use super::ExportError;
use crate::figure::{Course, Figure, Hue, MarkKind};

/// The data of a figure: commas between the fields, points in the numbers, units in the heading.
pub fn csv(figure: &Figure) -> Result<Vec<u8>, ExportError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    write(figure, &mut writer)
        .map_err(|error| ExportError::Drawing { format: "CSV", reason: error.to_string() })?;
    writer.into_inner().map_err(|error| ExportError::Drawing { format: "CSV", reason: error.to_string() })
}

fn write(figure: &Figure, writer: &mut csv::Writer<Vec<u8>>) -> Result<(), csv::Error> {
    if !figure.marks.is_empty() || figure.strip.is_some() {
        marks(figure, writer)?;
    } else if !figure.bars.is_empty() {
        bars(figure, writer)?;
    } else {
        lines(figure, writer)?;
    }
    writer.flush().map_err(csv::Error::from)
}

fn marks(figure: &Figure, writer: &mut csv::Writer<Vec<u8>>) -> Result<(), csv::Error> {
    let (x, y) = (&figure.x.label, &figure.y.label);
    let (low, high) = (format!("{y}, low end of the interval"), format!("{y}, high end of the interval"));
    writer.write_record(["id", "name", "series", x, y, &low, &high, "standing", "on the frontier"])?;
    for mark in &figure.marks {
        let (low, high) =
            mark.y_range.map_or((String::new(), String::new()), |(low, high)| (number(low), number(high)));
        writer.write_record([
            mark.id.as_str(),
            &mark.full_name,
            series(mark.hue),
            &number(mark.x),
            &number(mark.y),
            &low,
            &high,
            standing(mark.kind),
            if mark.on_frontier { "yes" } else { "no" },
        ])?;
    }
    for absent in figure.strip.iter().flat_map(|strip| &strip.absent) {
        let name = if absent.tip.heading.is_empty() { &absent.name } else { &absent.tip.heading };
        let lack = format!("too little memory: {}", absent.lack);
        writer.write_record([
            &absent.id,
            name,
            series(absent.hue),
            &number(absent.x),
            "",
            "",
            "",
            &lack,
            "no",
        ])?;
    }
    Ok(())
}

fn bars(figure: &Figure, writer: &mut csv::Writer<Vec<u8>>) -> Result<(), csv::Error> {
    writer.write_record(["id", "name", "part", &figure.x.label])?;
    for bar in &figure.bars {
        for segment in &bar.segments {
            writer.write_record([&bar.id, &bar.tip.heading, &segment.name, &number(segment.value)])?;
        }
        if let Some(limit) = bar.limit {
            writer.write_record([bar.id.as_str(), &bar.tip.heading, "limit", &number(limit)])?;
        }
    }
    Ok(())
}

fn lines(figure: &Figure, writer: &mut csv::Writer<Vec<u8>>) -> Result<(), csv::Error> {
    writer.write_record(["id", "name", &figure.x.label, &figure.y.label])?;
    for line in &figure.lines {
        let (Some(id), Course::Points(points)) = (&line.id, &line.course) else {
            continue;
        };
        let name = line.label.as_deref().unwrap_or_default();
        for (x, y) in points {
            writer.write_record([id.as_str(), name, &number(*x), &number(*y)])?;
        }
    }
    Ok(())
}

fn series(hue: Hue) -> &'static str {
    match hue {
        Hue::Maker(maker) => maker.name(),
        Hue::Accent(_) | Hue::Ink => "",
    }
}

fn standing(kind: MarkKind) -> &'static str {
    match kind {
        MarkKind::Filled => "fits",
        other => other.text(),
    }
}

/// Six digits at most: the estimates have no more to say.
fn number(value: f64) -> String {
    if value.abs() >= 1000.0 {
        format!("{value:.1}").trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        let digits = if value == 0.0 { 0.0 } else { 5.0 - value.abs().log10().floor() };
        let scale = 10f64.powf(digits.clamp(0.0, 12.0));
        format!("{}", (value * scale).round() / scale)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_six_digits() {
        for (value, text) in [
            (0.0, "0"),
            (1.0 / 3.0, "0.333333"),
            (12.345_678_9, "12.3457"),
            (3449.0, "3449"),
            (1234.56, "1234.6"),
        ] {
            assert_eq!(number(value), text);
        }
    }
}
