//! The fonts that every paper is set in, carried inside the program.

use std::sync::OnceLock;

use include_dir::{Dir, include_dir};
use typst::{
    foundations::Bytes,
    text::{Font, FontBook},
    utils::LazyHash,
};

/// Harmless to share: bytes of the program.
static FILES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/templates/fonts");

/// Fonts with the book that Typst chooses from.
pub(super) struct Fonts {
    pub(super) book: LazyHash<FontBook>,
    pub(super) faces: Vec<Font>,
}

/// The vendored fonts, read once.
pub(super) fn fonts() -> &'static Fonts {
    /// Harmless to share: what the program carries, read once.
    static FONTS: OnceLock<Fonts> = OnceLock::new();
    FONTS.get_or_init(|| {
        let mut files: Vec<_> = FILES.files().filter(|f| f.path().extension().is_some_and(|e| e == "ttf")).collect();
        files.sort_by_key(|f| f.path());
        let faces: Vec<Font> = files.iter().flat_map(|f| Font::iter(Bytes::new(f.contents()))).collect();
        Fonts { book: LazyHash::new(FontBook::from_fonts(&faces)), faces }
    })
}

/// Whether one of the fonts has a glyph for this character.
#[must_use]
pub fn can_print(c: char) -> bool {
    // The whole of printable ASCII is in every face; most text ends here.
    (' '..='~').contains(&c) || fonts().faces.iter().any(|face| face.info().coverage.contains(u32::from(c)))
}
