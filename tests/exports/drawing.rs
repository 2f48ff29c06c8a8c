//! An SVG file as a reader sees it: words, shapes and axes, found without the program that drew them.

use std::collections::BTreeMap;

use svgtypes::{SimplePathSegment, SimplifyingPathParser};
use usvg::roxmltree::{Document, Node};

/// A word or a line of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Word {
    pub text: String,
    pub x: f32,
    pub y: f32,
    pub length: f32,
}

/// Something that is painted.
#[derive(Clone, Debug, PartialEq)]
pub struct Shape {
    pub kind: &'static str,
    pub left: f32,
    pub right: f32,
    pub top: f32,
    pub bottom: f32,
    pub fill: String,
    pub stroke: Option<String>,
}

/// Something that can be pointed at.
#[derive(Clone, Debug, PartialEq)]
pub struct Handle {
    pub id: String,
    pub x: f32,
    pub y: f32,
    pub title: String,
}

#[derive(Debug)]
pub struct Drawing {
    pub title: String,
    pub description: String,
    pub metadata: BTreeMap<String, String>,
    pub size: (f32, f32),
    pub texts: Vec<Word>,
    pub shapes: Vec<Shape>,
    pub handles: Vec<Handle>,
}

/// The line that numbers of an axis lie on: a value's logarithm, or the value itself, to a place.
#[derive(Debug)]
pub struct Ruler {
    log: bool,
    from: (f64, f64),
    to: (f64, f64),
}

impl Shape {
    pub fn holds(&self, x: f32, y: f32) -> bool {
        let slack = 0.02;
        (self.left - slack..=self.right + slack).contains(&x)
            && (self.top - slack..=self.bottom + slack).contains(&y)
    }

    pub fn width(&self) -> f32 {
        self.right - self.left
    }

    pub fn height(&self) -> f32 {
        self.bottom - self.top
    }
}

/// An attribute that is zero where it is left out.
fn number(node: Node, name: &str) -> f32 {
    node.attribute(name).map_or(0.0, |text| text.parse().unwrap())
}

impl Drawing {
    /// Reads a file with a parser that takes nothing that is not XML.
    pub fn new(svg: &str) -> Self {
        let document = Document::parse(svg).unwrap();
        let root = document.root_element();
        assert_eq!(root.tag_name().namespace(), Some("http://www.w3.org/2000/svg"));
        let child = |name: &str| root.children().find(|node| node.has_tag_name(name)).unwrap();
        let text = |node: Node| node.text().unwrap_or_default().to_owned();
        let metadata = child("metadata").descendants().filter(Node::is_element);
        let metadata =
            metadata.filter(|node| node.tag_name().namespace() == Some("http://purl.org/dc/elements/1.1/"));
        let metadata = metadata.map(|node| (node.tag_name().name().to_owned(), text(node))).collect();
        let mut drawing = Self {
            title: text(child("title")),
            description: text(child("desc")),
            metadata,
            size: (number(root, "width"), number(root, "height")),
            texts: Vec::new(),
            shapes: Vec::new(),
            handles: Vec::new(),
        };
        for node in root.descendants().filter(Node::is_element) {
            drawing.take(node);
        }
        drawing
    }

    fn take(&mut self, node: Node) {
        let clips = node.ancestors().any(|it| it.has_tag_name("clipPath"));
        let kind = match node.tag_name().name() {
            _ if clips => return,
            "text" => {
                return self.texts.push(Word {
                    text: node.text().unwrap_or_default().to_owned(),
                    x: number(node, "x"),
                    y: number(node, "y"),
                    length: number(node, "textLength"),
                });
            }
            "circle" => "circle",
            "rect" => "rect",
            "path" => "path",
            _ => return,
        };
        if let Some(ends) = node.attribute("stroke-linecap") {
            return self.take_dots(node, if ends == "square" { "rect" } else { "circle" });
        }
        let (left, right, top, bottom) = extent(node, kind);
        if let Some(id) = node.attribute("data-id") {
            let title = node.children().find(|child| child.has_tag_name("title")).unwrap();
            let title = title.text().unwrap().to_owned();
            let (x, y) = (f32::midpoint(left, right), f32::midpoint(top, bottom));
            return self.handles.push(Handle { id: id.to_owned(), x, y, title });
        }
        let fill = node.attribute("fill").unwrap().to_owned();
        let stroke = node.attribute("stroke").map(str::to_owned);
        self.shapes.push(Shape { kind, left, right, top, bottom, fill, stroke });
    }

    /// Lines without length, of which only the ends are seen.
    fn take_dots(&mut self, node: Node, kind: &'static str) {
        let radius = number(node, "stroke-width") / 2.0;
        let fill = node.attribute("stroke").unwrap().to_owned();
        let mut at = (0.0, 0.0);
        for segment in SimplifyingPathParser::from(node.attribute("d").unwrap()).map(Result::unwrap) {
            match segment {
                SimplePathSegment::MoveTo { x, y } => at = (x as f32, y as f32),
                SimplePathSegment::LineTo { x, y } => {
                    assert_eq!((x as f32, y as f32), at);
                    self.shapes.push(Shape {
                        kind,
                        left: at.0 - radius,
                        right: at.0 + radius,
                        top: at.1 - radius,
                        bottom: at.1 + radius,
                        fill: fill.clone(),
                        stroke: None,
                    });
                }
                _ => panic!("{segment:?} is no dot"),
            }
        }
    }

    pub fn words(&self) -> Vec<&str> {
        self.texts.iter().map(|text| text.text.as_str()).collect()
    }

    /// The ruler under the chart, by the numbers that stand in one line there.
    pub fn level_ruler(&self, log: bool) -> Ruler {
        let ticks = self.ticks(|text| text.y, |text| text.x + text.length / 2.0);
        Ruler::new(&ticks, log)
    }

    /// The ruler left of the chart, by the numbers that end at one place there.
    pub fn upright_ruler(&self, log: bool) -> Ruler {
        let ticks = self.ticks(|text| text.x + text.length, |text| text.y);
        Ruler::new(&ticks, log)
    }

    /// Of the numbers that are alike in one way, the most there are, with where they lie in another.
    fn ticks(&self, alike: impl Fn(&Word) -> f32, place: impl Fn(&Word) -> f32) -> Vec<(f64, f64)> {
        let mut groups: BTreeMap<i32, Vec<(f64, f64)>> = BTreeMap::new();
        for text in &self.texts {
            if let Some(value) = value(&text.text) {
                groups.entry(alike(text).round() as i32).or_default().push((f64::from(place(text)), value));
            }
        }
        groups.into_values().max_by_key(Vec::len).unwrap()
    }
}

impl Ruler {
    fn new(ticks: &[(f64, f64)], log: bool) -> Self {
        let at = |value: f64| if log { value.log10() } else { value };
        let ends = |a: &&(f64, f64), b: &&(f64, f64)| a.1.total_cmp(&b.1);
        let (from, to) = (ticks.iter().min_by(ends).unwrap(), ticks.iter().max_by(ends).unwrap());
        assert!(ticks.len() > 1 && from.1 < to.1, "{ticks:?}");
        let ruler = Self { log, from: (at(from.1), from.0), to: (at(to.1), to.0) };
        // What lies between the ends must lie on the line.
        for (place, value) in ticks {
            assert!((ruler.place(*value) - place).abs() < 0.5, "{value} at {place} in {ruler:?}");
        }
        ruler
    }

    /// Where a value lies on the page.
    pub fn place(&self, value: f64) -> f64 {
        let value = if self.log { value.log10() } else { value };
        self.from.1 + (value - self.from.0) / (self.to.0 - self.from.0) * (self.to.1 - self.from.1)
    }
}

/// `0.5`, `20`, `1,500`, `$2.5k`, `1M`.
pub fn value(text: &str) -> Option<f64> {
    let text = text.trim_start_matches(['$', '€']).replace(',', "");
    let (number, factor) = match text.strip_suffix(['k', 'M']) {
        Some(number) if text.ends_with('k') => (number, 1e3),
        Some(number) => (number, 1e6),
        None => (text.as_str(), 1.0),
    };
    number.parse::<f64>().ok().map(|number| number * factor)
}

fn extent(node: Node, kind: &str) -> (f32, f32, f32, f32) {
    match kind {
        "circle" => {
            let (x, y, radius) = (number(node, "cx"), number(node, "cy"), number(node, "r"));
            (x - radius, x + radius, y - radius, y + radius)
        }
        "rect" => {
            let (x, y) = (number(node, "x"), number(node, "y"));
            (x, x + number(node, "width"), y, y + number(node, "height"))
        }
        _ => {
            let path = SimplifyingPathParser::from(node.attribute("d").unwrap());
            let mut corners: Vec<(f32, f32)> = Vec::new();
            for segment in path.map(Result::unwrap) {
                corners.extend(match segment {
                    SimplePathSegment::MoveTo { x, y } | SimplePathSegment::LineTo { x, y } => {
                        vec![(x as f32, y as f32)]
                    }
                    SimplePathSegment::Quadratic { x1, y1, x, y } => {
                        vec![(x1 as f32, y1 as f32), (x as f32, y as f32)]
                    }
                    SimplePathSegment::CurveTo { x1, y1, x2, y2, x, y } => {
                        vec![(x1 as f32, y1 as f32), (x2 as f32, y2 as f32), (x as f32, y as f32)]
                    }
                    SimplePathSegment::ClosePath => Vec::new(),
                });
            }
            let ends = |values: Vec<f32>| {
                values.iter().fold((f32::INFINITY, f32::NEG_INFINITY), |(low, high), value| {
                    (low.min(*value), high.max(*value))
                })
            };
            let (left, right) = ends(corners.iter().map(|corner| corner.0).collect());
            let (top, bottom) = ends(corners.iter().map(|corner| corner.1).collect());
            (left, right, top, bottom)
        }
    }
}
