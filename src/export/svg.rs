//! Shapes as SVG.

mod attributes;
mod dot;

use std::fmt::Write as _;

use attributes::{Color, Escaped, Number, Paint, Point};
use dot::{DOT_PAINT, Dot, NO_LENGTH};

use egui::{
    Color32, Pos2, Rect, Shape, Stroke,
    epaint::{ColorMode, PathShape, PathStroke, TextShape},
};

use super::{CREATOR, description, page::Drawn};
use crate::{
    figure::{Figure, MarkKind},
    plot::places::{Area, Hit, Place},
};

/// What figures are written in, in its light weight.
pub(super) const FONT: &str = "Ubuntu";
/// The light weight by the name that systems know it by, and what others are likely to have that is about as wide.
///
/// No weight is asked for: the light weights of other fonts are too thin to be read at this size.
const FAMILIES: &str = "'Ubuntu Light', Ubuntu, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif";

/// The figure as a complete SVG file.
pub(super) fn write(figure: &Figure, drawn: &Drawn) -> String {
    let page = drawn.page;
    let mut svg = String::with_capacity(64 * 1024);
    let (width, height) = (Number(page.width()), Number(page.height()));
    write!(
        svg,
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" "#
    )
    .ok();
    write!(svg, r#"role="img" font-family="{FAMILIES}">"#).ok();
    write!(svg, "\n<title>{}</title>\n", Escaped(&figure.title)).ok();
    write_metadata(&mut svg, figure);
    writeln!(svg, r#"<rect width="{width}" height="{height}" {}/>"#, Color(drawn.background)).ok();
    let mut clips: Vec<Rect> = Vec::new();
    let mut open: Option<usize> = None;
    for clipped in &drawn.shapes {
        let mut body = String::new();
        write_shape(&mut body, &clipped.shape);
        if body.is_empty() {
            continue;
        }
        // Most shapes lie within their clip rectangle, which then need not be said.
        let clip = clipped.clip_rect.intersect(page);
        let bounds = clipped.shape.visual_bounding_rect();
        let needed = !clip.expand(0.5).contains_rect(bounds.intersect(page)) && bounds.is_positive();
        let wanted = needed.then(|| {
            clips.iter().position(|known| *known == clip).unwrap_or_else(|| {
                clips.push(clip);
                let (at, number) = (clip.min, clips.len() - 1);
                if open.take().is_some() {
                    svg.push_str("</g>\n");
                }
                let (x, y, width, height) =
                    (Number(at.x), Number(at.y), Number(clip.width().max(0.0)), Number(clip.height().max(0.0)));
                writeln!(
                    svg,
                    r#"<clipPath id="clip{number}"><rect x="{x}" y="{y}" width="{width}" height="{height}"/></clipPath>"#
                )
                .ok();
                number
            })
        });
        if wanted != open {
            if open.is_some() {
                svg.push_str("</g>\n");
            }
            if let Some(number) = wanted {
                writeln!(svg, r#"<g clip-path="url(#clip{number})">"#).ok();
            }
            open = wanted;
        }
        append(&mut svg, &body);
    }
    if open.is_some() {
        svg.push_str("</g>\n");
    }
    write_tips(&mut svg, figure, &drawn.places);
    svg.push_str("</svg>\n");
    svg
}

/// Adds an element. Areas of one plain color that follow one another become one path, which takes a third less, and dots,
/// small squares and the dashes of a line do, which takes two thirds less.
fn append(svg: &mut String, element: &str) {
    const START: &str = "<path d=\"";
    let path = element.strip_prefix(START).filter(|rest| !rest.contains('<'));
    let joined = path.and_then(|path| {
        let (end, is_plain) = if let Some(at) = path.find(DOT_PAINT) {
            (&path[at - NO_LENGTH.len()..], true)
        } else if let Some(at) = path.find(LINE_PAINT) {
            let last = svg.rfind('<').map_or("", |last| &svg[last..]);
            (&path[at..], last.starts_with(START))
        } else {
            let end = &path[path.find('Z')?..];
            (end, !end.contains("stroke"))
        };
        let begun = end.len() - end.find('"')?;
        Some((path, begun)).filter(|_| is_plain && !end.contains("opacity") && svg.ends_with(end))
    });
    match joined {
        Some((path, paint)) => {
            svg.truncate(svg.len() - paint);
            svg.push_str(path);
        }
        None => svg.push_str(element),
    }
}

/// What the file says of itself to programs that collect pictures, in the vocabulary that they share.
fn write_metadata(svg: &mut String, figure: &Figure) {
    let about = description(figure);
    writeln!(svg, "<desc>{}</desc>", Escaped(&about)).ok();
    svg.push_str("<metadata>\n<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" ");
    svg.push_str("xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n<rdf:Description rdf:about=\"\">\n");
    for (name, text) in [
        ("title", figure.title.as_str()),
        ("description", &about),
        ("creator", CREATOR),
        ("source", &figure.source),
        ("format", "image/svg+xml"),
        ("language", "en-US"),
    ] {
        writeln!(svg, "<dc:{name}>{}</dc:{name}>", Escaped(text)).ok();
    }
    svg.push_str("</rdf:Description>\n</rdf:RDF>\n</metadata>\n");
}

/// With more places than this what pointing at them says would be most of the file.
const MOST_TIPS: usize = 250;
/// How far from the middle of a mark pointing still means it, in points.
const REACH: f32 = 7.0;

/// What pointing at something says, for browsers: outlines that nobody sees, with the ids of what they are about.
fn write_tips(svg: &mut String, figure: &Figure, places: &[Place]) {
    let is_asked_for = |place: &&Place| match place.hit {
        Hit::Mark(index) => figure.marks.get(index).is_some_and(|mark| mark.kind != MarkKind::Another),
        _ => true,
    };
    let mut places: Vec<&Place> = places.iter().collect();
    if places.len() > MOST_TIPS {
        places.retain(is_asked_for);
    }
    if places.len() > MOST_TIPS {
        return;
    }
    svg.push_str("<g fill=\"none\" pointer-events=\"all\">\n");
    for Place { hit, area } in places {
        let (Some(id), Some(tip)) = (hit.id(figure), hit.tip(figure)) else {
            continue;
        };
        let id = Escaped(id);
        let name = match area {
            Area::Point(at) => {
                let (x, y) = (Number(at.x), Number(at.y));
                write!(svg, r#"<circle data-id="{id}" cx="{x}" cy="{y}" r="{REACH}">"#).ok();
                "circle"
            }
            Area::Row(rect) => {
                let (x, y) = (Number(rect.left()), Number(rect.top()));
                let (width, height) = (Number(rect.width()), Number(rect.height()));
                write!(svg, r#"<rect data-id="{id}" x="{x}" y="{y}" width="{width}" height="{height}">"#)
                    .ok();
                "rect"
            }
            Area::Course(corners) => {
                write!(svg, r#"<path data-id="{id}" pointer-events="stroke" stroke-width="{REACH}" d=""#)
                    .ok();
                write_corners(svg, corners);
                svg.push_str("\">");
                "path"
            }
        };
        write!(svg, "<title>{}", Escaped(&tip.heading)).ok();
        if let Some(lack) = hit.lack(figure) {
            write!(svg, "\nToo little memory: {}", Escaped(&lack)).ok();
        }
        for (fact, value) in &tip.details {
            write!(svg, "\n{}: {}", Escaped(fact), Escaped(&value.to_string())).ok();
        }
        writeln!(svg, "</title></{name}>").ok();
    }
    svg.push_str("</g>\n");
}

const LINE_PAINT: &str = "\" fill=\"none\" stroke=";

/// The corners of a path to a tenth of a pixel, which no print shows, and each but the first from the one before:
/// thousands of marks take a third of the room.
fn write_corners(svg: &mut String, corners: &[Pos2]) {
    let Some(first) = corners.first() else { return };
    write!(svg, "M{}", Point(in_tenths(*first))).ok();
    for pair in corners.windows(2) {
        // From what is written, so that what is cut off does not add up.
        let step = in_tenths(pair[1]) - in_tenths(pair[0]);
        let (across, down) = (Number(step.x).to_string(), Number(step.y).to_string());
        match (across.as_str(), down.as_str()) {
            (_, "0") => write!(svg, "h{across}"),
            ("0", _) => write!(svg, "v{down}"),
            (_, down) if down.starts_with('-') => write!(svg, "l{across}{down}"),
            _ => write!(svg, "l{across} {down}"),
        }
        .ok();
    }
}

fn in_tenths(at: Pos2) -> Pos2 {
    (at * 10.0).round() / 10.0
}

fn write_shape(svg: &mut String, shape: &Shape) {
    match shape {
        Shape::Noop => {}
        Shape::Vec(shapes) => shapes.iter().for_each(|shape| write_shape(svg, shape)),
        Shape::Circle(circle) => {
            let (x, y, radius) = (Number(circle.center.x), Number(circle.center.y), Number(circle.radius));
            let paint = Paint { fill: circle.fill, stroke: circle.stroke };
            if let Some(dot) = Dot::of_circle(circle, &paint) {
                writeln!(svg, "{dot}").ok();
            } else if paint.is_visible() {
                writeln!(svg, r#"<circle cx="{x}" cy="{y}" r="{radius}"{paint}/>"#).ok();
            }
        }
        Shape::Ellipse(ellipse) => {
            let (x, y) = (Number(ellipse.center.x), Number(ellipse.center.y));
            let (across, down) = (Number(ellipse.radius.x), Number(ellipse.radius.y));
            let paint = Paint { fill: ellipse.fill, stroke: ellipse.stroke };
            writeln!(svg, r#"<ellipse cx="{x}" cy="{y}" rx="{across}" ry="{down}"{paint}/>"#).ok();
        }
        Shape::LineSegment { points: [from, to], stroke } => {
            let paint = Paint { fill: Color32::TRANSPARENT, stroke: *stroke };
            if paint.is_visible() {
                let (x1, y1, x2, y2) = (Number(from.x), Number(from.y), Number(to.x), Number(to.y));
                writeln!(svg, r#"<path d="M{x1} {y1}L{x2} {y2}"{paint}/>"#).ok();
            }
        }
        Shape::Path(path) => write_path(svg, path),
        Shape::Rect(rect) => {
            let paint = Paint { fill: rect.fill, stroke: rect.stroke };
            if paint.is_visible() {
                let Rect { min, .. } = rect.rect;
                let (x, y) = (Number(min.x), Number(min.y));
                let (width, height) = (Number(rect.rect.width()), Number(rect.rect.height()));
                let radius = match rect.corner_radius.nw {
                    0 => String::new(),
                    radius => format!(r#" rx="{radius}""#),
                };
                writeln!(svg, r#"<rect x="{x}" y="{y}" width="{width}" height="{height}"{radius}{paint}/>"#)
                    .ok();
            }
        }
        Shape::Text(text) => write_text(svg, text),
        Shape::QuadraticBezier(curve) => {
            let [a, b, c] = curve.points;
            let paint = Paint { fill: curve.fill, stroke: solid(&curve.stroke) };
            writeln!(svg, r#"<path d="M{}Q{} {}"{paint}/>"#, Point(a), Point(b), Point(c)).ok();
        }
        Shape::CubicBezier(curve) => {
            let [a, b, c, d] = curve.points;
            let paint = Paint { fill: curve.fill, stroke: solid(&curve.stroke) };
            writeln!(svg, r#"<path d="M{}C{} {} {}"{paint}/>"#, Point(a), Point(b), Point(c), Point(d)).ok();
        }
        // No figure is drawn with these.
        Shape::Mesh(_) | Shape::Band(_) | Shape::Callback(_) => {
            log::warn!("a shape of the figure has no counterpart in SVG");
        }
    }
}

fn write_path(svg: &mut String, path: &PathShape) {
    let paint = Paint { fill: path.fill, stroke: solid(&path.stroke) };
    if path.points.is_empty() || !paint.is_visible() {
        return;
    }
    if let Some(dot) = Dot::of_path(path, &paint) {
        writeln!(svg, "{dot}").ok();
        return;
    }
    svg.push_str("<path d=\"");
    write_corners(svg, &path.points);
    let close = if path.closed { "Z" } else { "" };
    writeln!(svg, r#"{close}"{paint}/>"#).ok();
}

/// The stroke's color where it has one; figures have no colored by a function of the place.
fn solid(stroke: &PathStroke) -> Stroke {
    match stroke.color {
        ColorMode::Solid(color) => Stroke::new(stroke.width, color),
        ColorMode::UV(_) => Stroke::NONE,
    }
}

/// Text row by row, each as long as it is on the screen: another font changes the letters, not the layout.
fn write_text(svg: &mut String, text: &TextShape) {
    let Some(section) = text.galley.job.sections.first() else {
        return;
    };
    let own = section.format.color;
    let own = if own == Color32::PLACEHOLDER { text.fallback_color } else { own };
    let color = text.override_text_color.unwrap_or(own).gamma_multiply(text.opacity_factor);
    for row in &text.galley.rows {
        let letters: String = row.glyphs.iter().map(|glyph| glyph.chr).collect();
        let letters = letters.trim_end();
        let count = letters.chars().count();
        let (Some(first), Some(last)) = (row.glyphs.first(), row.glyphs.get(count.wrapping_sub(1))) else {
            continue;
        };
        let at = text.pos + row.pos.to_vec2() + first.pos.to_vec2();
        let length = last.pos.x + last.advance_width - first.pos.x;
        let turned = if text.angle == 0.0 {
            String::new()
        } else {
            let angle = Number(text.angle.to_degrees());
            format!(r#" transform="rotate({angle} {} {})""#, Number(text.pos.x), Number(text.pos.y))
        };
        let (x, y, length) = (Number(at.x), Number(at.y), Number(length));
        let (size, fill) = (Number(section.format.font_id.size), Color(color));
        writeln!(
            svg,
            r#"<text x="{x}" y="{y}" font-size="{size}" textLength="{length}" lengthAdjust="spacingAndGlyphs" {fill}{turned}>{}</text>"#,
            Escaped(letters)
        )
        .ok();
    }
}

#[cfg(test)]
mod tests {
    use egui::pos2;

    use super::*;

    #[test]
    fn corners_are_written_from_one_to_the_next_and_do_not_drift() {
        let mut path = String::new();
        write_corners(
            &mut path,
            &[pos2(1.5, 2.0), pos2(4.5, 2.0), pos2(4.5, 5.25), pos2(3.0, 4.0), pos2(4.0, 6.0)],
        );
        assert_eq!(path, "M1.5 2h3v3.3l-1.5-1.3l1 2");
        let steps: Vec<Pos2> = (0..1000_u16).map(|step| pos2(f32::from(step) * 0.333_33, 0.0)).collect();
        let mut path = String::new();
        write_corners(&mut path, &steps);
        let end: f64 = path.split('h').skip(1).map(|step| step.parse::<f64>().unwrap()).sum();
        assert!((end - 333.0).abs() < 0.01, "{end}");
    }

    #[test]
    fn areas_of_one_color_that_follow_one_another_become_one_path() {
        let (red, blue) = ("\" fill=\"#ff0000\"/>\n", "\" fill=\"#0000ff\"/>\n");
        let mut svg = String::from("<svg>\n");
        for (corners, paint) in [("M0 0L1 0L1 1Z", red), ("M2 0L3 0L3 1Z", red), ("M4 0L5 0L5 1Z", blue)] {
            append(&mut svg, &format!("<path d=\"{corners}{paint}"));
        }
        assert_eq!(
            svg,
            format!("<svg>\n<path d=\"M0 0L1 0L1 1ZM2 0L3 0L3 1Z{red}<path d=\"M4 0L5 0L5 1Z{blue}")
        );
        let outlined = "<path d=\"M0 0L1 0Z\" fill=\"#ff0000\" stroke=\"#000000\" stroke-width=\"1\"/>\n";
        let mut svg = String::from(outlined);
        append(&mut svg, outlined);
        assert_eq!(svg, [outlined, outlined].concat());
    }

    #[test]
    fn dashes_of_one_line_become_one_path_and_circles_do_not() {
        let (dash, ring) =
            (" fill=\"none\" stroke=\"#8d8d8d\" stroke-width=\"1\"/>\n", "<circle cx=\"1\" cy=\"1\" r=\"3\"");
        let mut svg = String::new();
        for element in ["<path d=\"M0 0L1 0\"", "<path d=\"M2 0L3 0\"", ring, "<path d=\"M4 0L5 0\""] {
            append(&mut svg, &format!("{element}{dash}"));
        }
        assert_eq!(svg, format!("<path d=\"M0 0L1 0M2 0L3 0\"{dash}{ring}{dash}<path d=\"M4 0L5 0\"{dash}"));
    }

    #[test]
    fn dots_of_one_color_and_size_that_follow_one_another_become_one_path() {
        let mut svg = String::new();
        let (red, blue) = (Color32::from_rgb(255, 0, 0), Color32::from_rgb(0, 0, 255));
        for (x, radius, color) in [(1.0, 2.4, red), (2.5, 2.4, red), (3.0, 2.0, red), (4.0, 2.0, blue)] {
            let mut element = String::new();
            write_shape(&mut element, &Shape::circle_filled(pos2(x, 7.0), radius, color));
            append(&mut svg, &element);
        }
        let dot = |at: &str, color: &str, width: &str| {
            format!("<path d=\"{at}{DOT_PAINT}round\" stroke=\"{color}\" stroke-width=\"{width}\"/>\n")
        };
        let [first, second, third] =
            [("M1 7h0M2.5 7h0", "#ff0000", "4.8"), ("M3 7h0", "#ff0000", "4"), ("M4 7h0", "#0000ff", "4")]
                .map(|(at, color, width)| dot(at, color, width));
        assert_eq!(svg, [first, second, third].concat());
    }

    #[test]
    fn small_squares_are_dots_and_other_shapes_of_four_corners_are_not() {
        let red = Color32::from_rgb(255, 0, 0);
        let written = |corners: [(f32, f32); 4], fill: Color32, stroke: Stroke| {
            let mut svg = String::new();
            let points = corners.map(|(x, y)| pos2(x, y)).to_vec();
            write_shape(&mut svg, &Shape::convex_polygon(points, fill, stroke));
            svg
        };
        let square = [(1.0, 1.0), (5.0, 1.0), (5.0, 5.0), (1.0, 5.0)];
        let dot = format!("<path d=\"M3 3h0{DOT_PAINT}square\" stroke=\"#ff0000\" stroke-width=\"4\"/>\n");
        assert_eq!(written(square, red, Stroke::NONE), dot);
        let others = [
            (square, red, Stroke::new(1.0, Color32::BLACK)),
            (square, red.gamma_multiply(0.5), Stroke::NONE),
            ([(1.0, 1.0), (6.0, 1.0), (6.0, 5.0), (1.0, 5.0)], red, Stroke::NONE),
            ([(1.0, 1.0), (5.0, 5.0), (5.0, 1.0), (1.0, 5.0)], red, Stroke::NONE),
            ([(3.0, 1.0), (5.0, 3.0), (3.0, 5.0), (1.0, 3.0)], red, Stroke::NONE),
            ([(0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (0.0, 9.0)], red, Stroke::NONE),
        ];
        for (corners, fill, stroke) in others {
            let svg = written(corners, fill, stroke);
            assert!(svg.contains("Z\"") && !svg.contains("linecap"), "{svg}");
        }
    }
}
