//! Numbers, colors and texts as SVG writes them.

use std::fmt::Write as _;

use egui::{Color32, Pos2, Stroke};

/// Fill and stroke as attributes.
pub(super) struct Paint {
    pub fill: Color32,
    pub stroke: Stroke,
}

impl Paint {
    pub fn has_stroke(&self) -> bool {
        self.stroke.width > 0.0 && self.stroke.color.a() > 0
    }

    pub fn is_visible(&self) -> bool {
        self.fill.a() > 0 || self.has_stroke()
    }
}

impl std::fmt::Display for Paint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, " {}", Color(self.fill))?;
        if self.has_stroke() {
            let opacity = self.stroke.color.a();
            write!(f, r#" stroke="{}""#, Hex(self.stroke.color))?;
            if opacity < 255 {
                write!(f, r#" stroke-opacity="{}""#, Number(f32::from(opacity) / 255.0))?;
            }
            write!(f, r#" stroke-width="{}""#, Number(self.stroke.width))?;
        }
        Ok(())
    }
}

/// A fill attribute.
pub(super) struct Color(pub Color32);

impl std::fmt::Display for Color {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let opacity = self.0.a();
        if opacity == 0 {
            return f.write_str(r#"fill="none""#);
        }
        write!(f, r#"fill="{}""#, Hex(self.0))?;
        if opacity < 255 {
            write!(f, r#" fill-opacity="{}""#, Number(f32::from(opacity) / 255.0))?;
        }
        Ok(())
    }
}

/// A color but for its opacity.
pub(super) struct Hex(pub Color32);

impl std::fmt::Display for Hex {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [red, green, blue, _] = self.0.to_srgba_unmultiplied();
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

/// A pair of coordinates.
pub(super) struct Point(pub Pos2);

impl std::fmt::Display for Point {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", Number(self.0.x), Number(self.0.y))
    }
}

/// A number with at most two decimals, and no zeros that say nothing.
pub(super) struct Number(pub f32);

impl std::fmt::Display for Number {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // No number of a picture is beyond this; infinities would make the file invalid.
        let value = if self.0.is_finite() { self.0.clamp(-1e6, 1e6) } else { 0.0 };
        let text = format!("{value:.2}");
        let text = text.trim_end_matches('0').trim_end_matches('.');
        f.write_str(if text == "-0" { "0" } else { text })
    }
}

/// Text with what XML reserves written out, and without characters that XML cannot hold.
pub(super) struct Escaped<'a>(pub &'a str);

impl std::fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for letter in self.0.chars() {
            match letter {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\u{0}'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {
                    f.write_char('\u{fffd}')?;
                }
                letter => f.write_char(letter)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_and_valid() {
        for (value, text) in [(1.0, "1"), (1.505, "1.5"), (-0.001, "0"), (12.34, "12.34"), (f32::NAN, "0")] {
            assert_eq!(Number(value).to_string(), text);
        }
    }

    #[test]
    fn text_is_escaped() {
        assert_eq!(Escaped("a<b & \"c\" \u{1}").to_string(), "a&lt;b &amp; &quot;c&quot; \u{fffd}");
    }
}
