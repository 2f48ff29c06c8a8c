//! A figure's data as CSV.

use super::ExportError;
use crate::figure::{Course, Figure, Hue, Mark, MarkKind, Stroke, Symbol};

/// The data of a figure: commas between the fields, points in the numbers, units in the heading.
pub fn csv(figure: &Figure) -> Result<Vec<u8>, ExportError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    write(figure, &mut writer)
        .map_err(|error| ExportError::Drawing { format: "CSV", reason: error.to_string() })?;
    writer.into_inner().map_err(|error| ExportError::Drawing { format: "CSV", reason: error.to_string() })
}

fn write(figure: &Figure, writer: &mut csv::Writer<Vec<u8>>) -> Result<(), csv::Error> {
    if figure.bars.is_empty() {
        points(figure, writer)?;
    } else {
        bars(figure, writer)?;
    }
    writer.flush().map_err(csv::Error::from)
}

/// A line of a chart with two axes. Absent numbers are empty cells.
#[derive(Clone, Copy, Default)]
struct Point<'a> {
    kind: &'static str,
    id: &'a str,
    name: &'a str,
    series: &'a str,
    x: Option<f64>,
    y: Option<f64>,
    x_range: Option<(f64, f64)>,
    y_range: Option<(f64, f64)>,
    standing: &'static str,
    on_frontier: Option<bool>,
    remark: &'a str,
    quant: &'a str,
}

fn points(figure: &Figure, writer: &mut csv::Writer<Vec<u8>>) -> Result<(), csv::Error> {
    let (x, y) = (&figure.x.label, &figure.y.label);
    let ends = |axis: &str| [format!("{axis}, low end"), format!("{axis}, high end")];
    let [[x_low, x_high], [y_low, y_high]] = [ends(x), ends(y)];
    let headings = ["what", "id", "name", "series", x, y, &x_low, &x_high, &y_low, &y_high];
    let with_quants = figure.marks.iter().any(|mark| mark.quant.is_some());
    let quant_heading = with_quants.then_some("quantization");
    writer.write_record(
        headings.into_iter().chain(["standing", "on the frontier", "remark"]).chain(quant_heading),
    )?;
    let mut write = |point: &Point| {
        let number = |value: Option<f64>| value.map_or(String::new(), number);
        let ends = |range: Option<(f64, f64)>| [number(range.map(|it| it.0)), number(range.map(|it| it.1))];
        let [[x_low, x_high], [y_low, y_high]] = [ends(point.x_range), ends(point.y_range)];
        let best = point.on_frontier.map_or("", |best| if best { "yes" } else { "no" });
        let (x, y) = (number(point.x), number(point.y));
        let cells =
            [point.kind, point.id, point.name, point.series, &x, &y, &x_low, &x_high, &y_low, &y_high];
        let last = [point.standing, best, point.remark].into_iter();
        writer.write_record(cells.into_iter().chain(last).chain(with_quants.then_some(point.quant)))
    };
    for mark in &figure.marks {
        let Mark { id, full_name: name, x, y, x_range, y_range, .. } = mark;
        let quant = mark.quant.as_deref().unwrap_or_default();
        let series = series(figure, mark.hue);
        let of_mark = Point { id, name, series, x: Some(*x), quant, ..Point::default() };
        write(&Point {
            kind: "mark",
            y: Some(*y),
            x_range: *x_range,
            y_range: *y_range,
            standing: standing(mark.kind),
            on_frontier: Some(mark.on_frontier),
            ..of_mark
        })?;
        for (speed, source) in &mark.measured {
            write(&Point { kind: "measured", y: Some(*speed), remark: source, ..of_mark })?;
        }
    }
    for absent in figure.strip.iter().flat_map(|strip| &strip.absent) {
        let name = if absent.tip.heading.is_empty() { &absent.name } else { &absent.tip.heading };
        let lack = absent.lack();
        write(&Point {
            kind: "too little memory",
            id: &absent.id,
            name,
            series: series(figure, absent.hue),
            x: Some(absent.x),
            remark: &lack,
            ..Point::default()
        })?;
    }
    // The frontier's corners are the marks that are best for the money, and hairs only join marks.
    for line in figure.lines.iter().filter(|line| !matches!(line.stroke, Stroke::Frontier | Stroke::Hair)) {
        let of_line = Point {
            kind: "line",
            id: line.id.as_deref().unwrap_or_default(),
            name: line.tip.as_ref().map(|tip| &*tip.heading).or(line.label.as_deref()).unwrap_or_default(),
            series: series(figure, line.hue),
            remark: line.end.as_deref().unwrap_or_default(),
            ..Point::default()
        };
        match &line.course {
            Course::Points(points) | Course::Steps(points) => {
                for (x, y) in points {
                    write(&Point { x: Some(*x), y: Some(*y), ..of_line })?;
                }
            }
            Course::Level(y) => write(&Point { y: Some(*y), ..of_line })?,
            Course::Upright(x) => write(&Point { x: Some(*x), ..of_line })?,
        }
    }
    Ok(())
}

fn bars(figure: &Figure, writer: &mut csv::Writer<Vec<u8>>) -> Result<(), csv::Error> {
    writer.write_record(["id", "name", "part", &figure.x.label, "remark"])?;
    for bar in &figure.bars {
        let mut write = |part: &str, value: f64| {
            writer.write_record([&*bar.id, &bar.tip.heading, part, &number(value), &bar.label])
        };
        for segment in &bar.segments {
            write(&segment.name, segment.value)?;
        }
        if let Some(limit) = bar.limit {
            write(&limit_name(figure), limit)?;
        }
    }
    Ok(())
}

/// What the legend calls the limit of a bar.
fn limit_name(figure: &Figure) -> String {
    let entry = figure.legend.iter().find(|entry| entry.symbol == Symbol::Limit);
    entry.map_or_else(|| "limit".to_owned(), |entry| entry.text.clone())
}

/// What things of this color have in common: their maker, or what the legend says of it.
fn series(figure: &Figure, hue: Hue) -> &str {
    let of = |symbol: &Symbol| match *symbol {
        Symbol::Mark(of, MarkKind::Filled) | Symbol::Line(_, of) | Symbol::Fill(of) => of == hue,
        _ => false,
    };
    match hue {
        Hue::Maker(maker) => maker.name(),
        Hue::Accent(_) => {
            figure.legend.iter().find(|entry| of(&entry.symbol)).map_or("", |entry| entry.text.as_str())
        }
        Hue::Ink => "",
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
