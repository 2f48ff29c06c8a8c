//! SVG as PNG.

use resvg::tiny_skia::{Pixmap, Transform};

use super::{ExportError, ExportOptions, tree};

/// More than this fits in no memory that is worth the picture.
const MOST_PIXELS: f64 = 1e8;

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the size was checked")]
pub(super) fn write(svg: &str, options: &ExportOptions) -> Result<Vec<u8>, ExportError> {
    let &ExportOptions { width, height, pixels_per_point } = options;
    let too_many = || ExportError::Pixels { width, height, pixels_per_point };
    let (across, down) = ((width * pixels_per_point).round(), (height * pixels_per_point).round());
    let pixels = f64::from(across) * f64::from(down);
    if !(across >= 1.0 && down >= 1.0 && pixels <= MOST_PIXELS) {
        return Err(too_many());
    }
    let tree = tree(svg, "PNG")?;
    let mut pixmap = Pixmap::new(across as u32, down as u32).ok_or_else(too_many)?;
    let scale = Transform::from_scale(across / tree.size().width(), down / tree.size().height());
    resvg::render(&tree, scale, &mut pixmap.as_mut());
    pixmap.encode_png().map_err(|error| ExportError::Drawing { format: "PNG", reason: error.to_string() })
}
