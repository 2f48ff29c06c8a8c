//! SVG as PDF.

use krilla::{Document, geom::Size, metadata::Metadata, page::PageSettings};
use krilla_svg::{SurfaceExt as _, SvgSettings};

use super::{CREATOR, ExportError, description, tree};
use crate::figure::Figure;

/// Points of 1/72 inch in one of 1/96 inch.
const PDF_POINTS: f32 = 0.75;

pub(super) fn write(svg: &str, figure: &Figure) -> Result<Vec<u8>, ExportError> {
    let error = |reason: String| ExportError::Drawing { format: "PDF", reason };
    let tree = tree(svg, "PDF")?;
    let size = Size::from_wh(tree.size().width() * PDF_POINTS, tree.size().height() * PDF_POINTS)
        .ok_or_else(|| error("the page has no size".to_owned()))?;
    let mut document = Document::new();
    document.set_metadata(
        Metadata::new()
            .title(figure.title.clone())
            .description(description(figure))
            .creator(CREATOR.to_owned())
            .language("en-US".to_owned()),
    );
    let mut page = document.start_page_with(PageSettings::new(size));
    let mut surface = page.surface();
    let drawn = surface.draw_svg(&tree, size, SvgSettings::default());
    surface.finish();
    page.finish();
    drawn.ok_or_else(|| error("the drawing has a part that PDF cannot hold".to_owned()))?;
    document.finish().map_err(|failure| error(format!("{failure:?}")))
}
