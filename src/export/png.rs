//! SVG as PNG.

use std::borrow::Cow;

use png::{BitDepth, ColorType, Encoder, PixelDimensions, Unit};
use resvg::tiny_skia::{Pixmap, Transform};

use super::{CREATOR, ExportError, ExportOptions, description, tree};
use crate::figure::Figure;

/// More than this fits in no memory that is worth the picture.
const MOST_PIXELS: f64 = 1e8;
const INCHES_PER_METER: f32 = 39.370_08;
/// Of an inch, in SVG's pixels.
const POINTS_PER_INCH: f32 = 96.0;

/// Of a picture, in pixels.
#[derive(Clone, Copy)]
pub(super) struct Size {
    width: u32,
    height: u32,
    pixels_per_meter: u32,
}

impl Size {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the size was checked")]
    pub fn new(options: &ExportOptions) -> Result<Self, ExportError> {
        let &ExportOptions { width, height, pixels_per_point, .. } = options;
        let (across, down) = ((width * pixels_per_point).round(), (height * pixels_per_point).round());
        if across >= 1.0 && down >= 1.0 && f64::from(across) * f64::from(down) <= MOST_PIXELS {
            let pixels_per_meter = (pixels_per_point * POINTS_PER_INCH * INCHES_PER_METER).round();
            Ok(Self { width: across as u32, height: down as u32, pixels_per_meter: pixels_per_meter as u32 })
        } else {
            Err(ExportError::Pixels { width, height, pixels_per_point })
        }
    }
}

pub(super) fn write(svg: &str, figure: &Figure, size: Size) -> Result<Vec<u8>, ExportError> {
    let error = |reason: String| ExportError::Drawing { format: "PNG", reason };
    let tree = tree(svg, "PNG")?;
    let Size { width, height, .. } = size;
    let mut pixmap = Pixmap::new(width, height).ok_or_else(|| error("it has no pixels".to_owned()))?;
    let scale =
        Transform::from_scale(width as f32 / tree.size().width(), height as f32 / tree.size().height());
    resvg::render(&tree, scale, &mut pixmap.as_mut());
    encode(&pixmap, figure, size).map_err(|failure| error(failure.to_string()))
}

fn encode(pixmap: &Pixmap, figure: &Figure, size: Size) -> Result<Vec<u8>, png::EncodingError> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, size.width, size.height);
    encoder.set_color(ColorType::Rgb);
    encoder.set_depth(BitDepth::Eight);
    let Size { pixels_per_meter: density, .. } = size;
    encoder.set_pixel_dims(Some(PixelDimensions { xppu: density, yppu: density, unit: Unit::Meter }));
    let texts: [(&str, Cow<str>); 4] = [
        ("Title", figure.title.as_str().into()),
        ("Description", description(figure).into()),
        ("Software", CREATOR.into()),
        ("Comment", figure.source.as_str().into()),
    ];
    for (keyword, text) in texts {
        // The plain chunk is the one that every reader knows.
        if text.chars().all(|letter| u32::from(letter) < 256) {
            encoder.add_text_chunk(keyword.to_owned(), text.into_owned())?;
        } else {
            encoder.add_itxt_chunk(keyword.to_owned(), text.into_owned())?;
        }
    }
    let mut writer = encoder.write_header()?;
    // Figures lie on paper of one color: nothing shines through.
    let colors: Vec<u8> =
        pixmap.pixels().iter().flat_map(|pixel| [pixel.red(), pixel.green(), pixel.blue()]).collect();
    writer.write_image_data(&colors)?;
    writer.finish()?;
    Ok(bytes)
}
