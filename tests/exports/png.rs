//! PNG files: their size, and what they say of themselves.

use std::io::Cursor;

use rigwise::export::{self, ExportOptions, SizePreset};

#[test]
fn pictures_have_the_size_that_was_asked_for() {
    let figure = &crate::figures()[0];
    let column = ExportOptions::preset(SizePreset::Column);
    for (options, size) in [
        (ExportOptions { pixels_per_point: 1.0, ..column }, (760, 620)),
        (ExportOptions { pixels_per_point: 4.0, ..column }, (3040, 2480)),
        (column.pixels_wide(1001), (1001, 817)),
        (ExportOptions::default().pixels_wide(333), (333, 187)),
    ] {
        let png = export::png(figure, &options).unwrap();
        let image = image::load_from_memory(&png).unwrap();
        assert_eq!((image.width(), image.height()), size);
    }
}

#[test]
fn pictures_say_what_they_are() {
    for figure in crate::figures() {
        let bytes = export::png(&figure, &ExportOptions::default()).unwrap();
        let reader = png::Decoder::new(Cursor::new(bytes)).read_info().unwrap();
        let info = reader.info();
        let plain = info.uncompressed_latin1_text.iter().map(|it| (it.keyword.clone(), it.text.clone()));
        let wide = info.utf8_text.iter().map(|it| (it.keyword.clone(), it.get_text().unwrap()));
        let texts: std::collections::BTreeMap<String, String> = plain.chain(wide).collect();
        assert_eq!(texts["Title"], figure.title);
        assert!(texts["Description"].contains(&figure.subtitle));
        assert!(figure.notes.iter().all(|note| texts["Description"].contains(note)));
        assert_eq!(texts["Software"], concat!("Rigwise ", env!("CARGO_PKG_VERSION")));
        assert_eq!(texts["Comment"], figure.source);
        // Two pixels for each point of 1/96 inch.
        let side = info.pixel_dims.unwrap();
        assert_eq!((side.xppu, side.yppu), (7559, 7559));
    }
}
