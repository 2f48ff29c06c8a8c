//! PDF files, read by another program's library: text that can be selected, fonts inside, no pictures, and the same
//! look as the PNG.

use std::sync::{Arc, Mutex};

use hayro::{
    PixmapSettings, RenderCache, RenderSettings,
    hayro_interpret::{
        BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps, InterpreterCache,
        InterpreterSettings, RectExt as _, SoftMask, font::GlyphRun, hayro_cmap::BfString, interpret_page,
    },
    hayro_syntax::Pdf,
    kurbo::{Affine, BezPath},
};
use rigwise::export::{self, ExportOptions};

use crate::drawing::Drawing;

/// Takes down the letters and counts the pictures.
#[derive(Default)]
struct Reader {
    letters: String,
    pictures: usize,
}

impl Device<'_> for Reader {
    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'_>, _: &DrawMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'_>>, _: BlendMode) {}
    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, '_>, _: DrawProps<'_>, _: &DrawMode) {
        for glyph in run.glyphs() {
            match glyph.as_unicode() {
                Some(BfString::Char(letter)) => self.letters.push(letter),
                Some(BfString::String(letters)) => self.letters.push_str(&letters),
                None => self.letters.push('\u{fffd}'),
            }
        }
    }
    fn draw_image(&mut self, _: Image<'_, '_>, _: ImageDrawProps<'_>) {
        self.pictures += 1;
    }
    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}

/// Settings that take down what the file lacks.
fn settings() -> (InterpreterSettings, Arc<Mutex<Vec<String>>>) {
    let lacks = Arc::new(Mutex::new(Vec::new()));
    let (fonts, warnings) = (Arc::clone(&lacks), Arc::clone(&lacks));
    let settings = InterpreterSettings {
        font_resolver: Arc::new(move |_| {
            fonts.lock().unwrap().push("a font".to_owned());
            None
        }),
        warning_sink: Arc::new(move |warning| warnings.lock().unwrap().push(format!("{warning:?}"))),
        ..InterpreterSettings::default()
    };
    (settings, lacks)
}

#[test]
fn text_can_be_selected_and_nothing_is_a_picture() {
    for figure in crate::figures() {
        let options = ExportOptions::default();
        let svg = String::from_utf8(export::svg(&figure, &options).unwrap()).unwrap();
        let pdf = Pdf::new(export::pdf(&figure, &options).unwrap()).unwrap();
        assert_eq!(pdf.pages().len(), 1);
        let page = &pdf.pages()[0];
        assert_eq!(page.render_dimensions(), (options.width * 0.75, options.height * 0.75));
        let (settings, lacks) = settings();
        let cache = InterpreterCache::new();
        let bounds = page.intersected_crop_box().to_kurbo();
        let mut context = Context::new(Affine::IDENTITY, bounds, &cache, page.xref(), settings);
        let mut reader = Reader::default();
        interpret_page(page, &mut context, &mut reader);
        assert_eq!(reader.pictures, 0);
        assert_eq!(*lacks.lock().unwrap(), Vec::<String>::new());
        for word in Drawing::new(&svg).words() {
            assert!(reader.letters.contains(word), "{:?} lacks {word:?}: {}", figure.name, reader.letters);
        }
        let info = pdf.metadata();
        let text = |bytes: Option<&[u8]>| bytes.map(<[u8]>::is_empty);
        assert_eq!((text(info.title.as_deref()), text(info.creator.as_deref())), (Some(false), Some(false)));
    }
}

#[test]
fn it_looks_like_the_png() {
    for figure in crate::figures() {
        let options = ExportOptions { pixels_per_point: 1.0, ..ExportOptions::default() };
        let png = image::load_from_memory(&export::png(&figure, &options).unwrap()).unwrap().into_rgb8();
        let pdf = Pdf::new(export::pdf(&figure, &options).unwrap()).unwrap();
        let (settings, _) = settings();
        let white = hayro::vello_cpu::color::palette::css::WHITE;
        let scale = 4.0 / 3.0;
        let size = PixmapSettings { x_scale: scale, y_scale: scale, bg_color: white };
        let cache = RenderCache::new();
        let page = hayro::render(&pdf.pages()[0], &cache, &settings, &RenderSettings::default(), &size);
        assert_eq!((u32::from(page.width()), u32::from(page.height())), png.dimensions());
        let pixels = page.data().iter().zip(png.pixels());
        let differs = pixels
            .filter(|(pdf, png)| {
                let far = |a: u8, b: u8| a.abs_diff(b) > 110;
                far(pdf.r, png[0]) || far(pdf.g, png[1]) || far(pdf.b, png[2])
            })
            .count();
        // Edges of letters fall a little otherwise in each of the two programs.
        assert!(differs < png.pixels().len() / 400, "{:?}: {differs} pixels differ", figure.name);
    }
}
