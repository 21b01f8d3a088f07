//! Looks on while a page is drawn, and says what a machine read of it.

use hayro_interpret::{
    BlendMode, ClipPath, Device, GlyphDrawMode, Image, Paint, PathDrawMode, SoftMask, font::Glyph, hayro_cmap::BfString,
};
use kurbo::{Affine, BezPath, Point, Rect, Shape};

use super::{
    lines::{self, Lines},
    signs::Sign,
};
use crate::{
    case::folding::spelled,
    document::external::{FiledPage, short_values::side_by_side},
};

/// A page with fewer letters than this, and with something drawn on it, is not read.
const FEWEST_LETTERS: usize = 20;
/// Pictures over more than this part of a page may hold words, and are read only with a layer of text of their own.
const PICTURES: f64 = 0.1;
/// So many letters make such a layer over a whole page; a stamp of a fax machine has fewer.
const LETTERS_OF_A_LAYER: f64 = 160.0;
/// Of the signs of a page, at most this part may be unknown.
const MOST_UNKNOWN: f64 = 0.1;
/// Of its letters, at most this part may have another name than the map says.
const MOST_LIES: f64 = 0.1;
/// So many curved shapes of a letter's size are letters that were drawn as pictures.
const LETTERS_AS_SHAPES: usize = 150;
/// The height of letters, in points.
const LETTER_HEIGHTS: std::ops::Range<f64> = 4.0..40.0;
/// No page is looked at beyond so many strokes: no real one has them, and drawings that draw each other never end.
const MOST_STROKES: usize = 1_000_000;

#[derive(Default)]
pub(super) struct Reader {
    /// The part of the page that is seen.
    seen: Rect,
    signs: Vec<Sign>,
    pictures: Vec<Rect>,
    shapes: usize,
    drawn: bool,
    strokes: usize,
}

/// A page draws more than any real one.
pub(super) struct Endless;

impl Reader {
    pub(super) fn within(seen: Rect) -> Self {
        Self { seen, ..Self::default() }
    }

    pub(super) fn letters(&self) -> usize {
        self.signs.iter().filter(|sign| !sign.is_blank()).count()
    }

    /// What was read, compared with what the letters' own names say.
    pub(super) fn page(&self, area: Rect, by_name: Option<&Self>) -> FiledPage {
        let drawn = lines::as_drawn(&self.signs);
        let in_lines = lines::of(&self.signs);
        let letters = drawn.chars().filter(|c| c.is_alphanumeric()).count();
        let blank = !self.drawn && self.signs.is_empty();
        let read = letters >= FEWEST_LETTERS
            && part(self.signs.iter().filter(|sign| sign.text.is_empty()).count(), self.signs.len()) <= MOST_UNKNOWN
            && in_lines.single * 2 <= in_lines.words
            && !self.has_pictures_of_words(area)
            && (self.shapes < LETTERS_AS_SHAPES || self.shapes < letters)
            && by_name.is_none_or(|named| self.agrees(named));
        let mut texts = vec![drawn];
        if in_lines.text.trim_end() != texts[0] {
            texts.push(in_lines.text.clone());
        }
        if let Some(named) = by_name.filter(|named| !self.agrees(named)) {
            texts.push(lines::of(&named.signs).text);
        }
        texts.extend(apart(&in_lines));
        FiledPage { text: texts.join("\n"), read: blank || read }
    }

    /// Pictures cover a part of the page, and too few letters stand on them for all the words that may be in them.
    fn has_pictures_of_words(&self, page: Rect) -> bool {
        let covers = |picture: &Rect| picture.area() / page.area().max(1.0);
        let without_words = |picture: &&Rect| {
            let on_it = self.signs.iter().filter(|sign| !sign.is_blank() && picture.contains(sign.at)).count();
            #[expect(clippy::cast_precision_loss, reason = "a page has far fewer signs than a double can count")]
            let on_it = on_it as f64;
            on_it < LETTERS_OF_A_LAYER * covers(picture).min(1.0)
        };
        self.pictures.iter().filter(without_words).map(covers).sum::<f64>() > PICTURES
    }

    /// Whether the letters are called what the map says they are.
    fn agrees(&self, named: &Self) -> bool {
        if self.signs.len() != named.signs.len() {
            return false;
        }
        let plain = |sign: &Sign| {
            let text = spelled(&sign.text);
            text.chars().any(char::is_alphanumeric).then_some(text)
        };
        let both = self.signs.iter().zip(&named.signs).filter_map(|(map, name)| Some((plain(map)?, plain(name)?)));
        let (mut all, mut lies) = (0, 0);
        for (map, name) in both {
            all += 1;
            lies += usize::from(map != name);
        }
        lies < 4 || part(lies, all) <= MOST_LIES
    }

    /// Nothing else ends the drawing of a page from within: whoever began it catches this.
    fn stroke(&mut self) {
        self.strokes += 1;
        if self.strokes > MOST_STROKES {
            std::panic::resume_unwind(Box::new(Endless));
        }
    }

    fn sign(&mut self, text: String, glyph: &Glyph<'_>, whole: Affine) {
        let at = whole * Point::ZERO;
        let advance = match glyph {
            Glyph::Outline(outline) => outline.advance_width().unwrap_or(500.0),
            Glyph::Type3(_) => 500.0,
        };
        let end = whole * Point::new(f64::from(advance), 0.0);
        let size = (whole * Point::new(0.0, 1000.0) - at).hypot();
        // Filled and outlined is one sign, drawn twice.
        let twice = self.signs.last().is_some_and(|last| last.text == text && (last.at - at).hypot() < size * 0.05);
        if !twice {
            self.signs.push(Sign { text, at, end, size });
        }
    }
}

/// Letters that were joined, and values that stand apart.
fn apart(lines: &Lines) -> Vec<String> {
    let joined = lines.joined.iter().cloned();
    let cells = lines.cells.iter().flatten().map(String::as_str);
    joined.chain(side_by_side(cells.chain(lines.joined.iter().map(String::as_str)))).collect()
}

#[expect(clippy::cast_precision_loss, reason = "a page has far fewer signs than a double can count")]
fn part(of: usize, all: usize) -> f64 {
    of as f64 / all.max(1) as f64
}

/// What a sign is; empty where nobody can say.
fn known(glyph: &Glyph<'_>) -> String {
    let text = match glyph.as_unicode() {
        Some(BfString::Char(c)) => c.to_string(),
        Some(BfString::String(s)) => s,
        None => return String::new(),
    };
    let unknown =
        |c: char| c == '\u{fffd}' || (c.is_control() && !c.is_whitespace()) || matches!(c, '\u{e000}'..='\u{f8ff}');
    if text.chars().all(unknown) { String::new() } else { text }
}

impl Device<'_> for Reader {
    fn draw_glyph(
        &mut self,
        glyph: &Glyph<'_>,
        transform: Affine,
        glyph_transform: Affine,
        _: &Paint<'_>,
        mode: &GlyphDrawMode,
    ) {
        self.stroke();
        self.drawn |= !matches!(mode, GlyphDrawMode::Invisible);
        // A sign is a thousand units high in its own space.
        self.sign(known(glyph), glyph, transform * glyph_transform);
    }

    fn draw_image(&mut self, image: Image<'_, '_>, transform: Affine) {
        self.stroke();
        self.drawn = true;
        let points = Rect::new(0.0, 0.0, f64::from(image.width()), f64::from(image.height()));
        let seen = transform.transform_rect_bbox(points).intersect(self.seen);
        if seen.width() > 0.0 && seen.height() > 0.0 {
            self.pictures.push(seen);
        }
    }

    fn draw_path(&mut self, path: &BezPath, transform: Affine, _: &Paint<'_>, mode: &PathDrawMode) {
        self.stroke();
        self.drawn = true;
        if matches!(mode, PathDrawMode::Fill(_)) && path.elements().len() > 6 {
            let height = transform.transform_rect_bbox(path.bounding_box()).height();
            self.shapes += usize::from(LETTER_HEIGHTS.contains(&height));
        }
    }

    fn set_soft_mask(&mut self, _: Option<SoftMask<'_>>) {}

    fn set_blend_mode(&mut self, _: BlendMode) {}

    fn push_clip_path(&mut self, _: &ClipPath) {
        self.stroke();
    }

    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'_>>, _: BlendMode) {
        self.stroke();
    }

    fn pop_clip_path(&mut self) {}

    fn pop_transparency_group(&mut self) {}
}
