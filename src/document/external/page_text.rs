//! The words on the pages of a PDF from elsewhere, read as they are drawn; words of a scan's hidden layer too.

use hayro_interpret::{
    BlendMode, ClipPath, Context, Device, GlyphDrawMode, Image, InterpreterCache, InterpreterSettings, Paint,
    PathDrawMode, SoftMask, font::Glyph, hayro_cmap::BfString, hayro_syntax::Pdf, interpret_page,
};
use kurbo::{Affine, BezPath, Point, Rect};

use super::{FiledFault, FiledPage};

/// A page with fewer letters than this, and with something drawn on it, is not read.
const FEWEST_LETTERS: usize = 20;
/// A picture over more than this part of a page is a scan, and is read only with a layer of text of its own.
const SCAN: f64 = 0.4;
/// So many letters make a layer of text; a stamp of a fax machine has fewer.
const LETTERS_OF_A_LAYER: usize = 160;
/// Of the signs of a page, at most this part may be unknown.
const MOST_UNKNOWN: f64 = 0.1;

pub(super) fn pages(pdf: &[u8]) -> Result<Vec<FiledPage>, FiledFault> {
    let pdf = Pdf::new(pdf.to_vec()).map_err(|_| FiledFault::Broken)?;
    let cache = InterpreterCache::new();
    let read = |page| {
        let (width, height) = hayro_interpret::hayro_syntax::page::Page::render_dimensions(page);
        let area = f64::from(width) * f64::from(height);
        let bounds = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
        let mut context = Context::new(Affine::IDENTITY, bounds, &cache, page.xref(), InterpreterSettings::default());
        let mut reader = Reader::default();
        interpret_page(page, &mut context, &mut reader);
        reader.page(area)
    };
    Ok(pdf.pages().iter().map(read).collect())
}

/// One sign as it was drawn.
struct Sign {
    text: String,
    at: Point,
    end: f64,
    size: f64,
}

#[derive(Default)]
struct Reader {
    signs: Vec<Sign>,
    unknown: usize,
    scanned: f64,
    drawn: bool,
}

impl Reader {
    fn page(self, area: f64) -> FiledPage {
        let drawn = joined(self.signs.iter());
        let mut sorted: Vec<&Sign> = self.signs.iter().collect();
        // Lines from above, each from the left: what was drawn in pieces stands together here.
        sorted.sort_by(|a, b| {
            let row = |sign: &Sign| -(sign.at.y / 2.0).round();
            row(a).total_cmp(&row(b)).then(a.at.x.total_cmp(&b.at.x))
        });
        let in_lines = joined(sorted.into_iter());
        let letters = drawn.chars().filter(|c| c.is_alphanumeric()).count();
        #[expect(clippy::cast_precision_loss, reason = "a page has far fewer signs than a double can count")]
        let unknown = self.unknown as f64 / (self.unknown + letters).max(1) as f64;
        let scan = self.scanned > area * SCAN;
        let enough = if scan { LETTERS_OF_A_LAYER } else { FEWEST_LETTERS };
        let blank = !self.drawn && self.signs.is_empty() && self.unknown == 0;
        let text = if in_lines == drawn { drawn } else { format!("{drawn}\n{in_lines}") };
        FiledPage { text, read: blank || (letters >= enough && unknown <= MOST_UNKNOWN) }
    }
}

/// Signs that touch make a word; those farther apart have a space between them, and another height is another line.
fn joined<'a>(signs: impl Iterator<Item = &'a Sign>) -> String {
    let mut text = String::new();
    let mut last: Option<&Sign> = None;
    for sign in signs {
        if let Some(last) = last {
            let size = last.size.max(1.0);
            let gap = sign.at.x - last.end;
            if (sign.at.y - last.at.y).abs() > size * 0.4 {
                text.push('\n');
            } else if gap.abs() > size * 0.18 && !text.ends_with(' ') {
                text.push(' ');
            }
        }
        text.push_str(&sign.text);
        last = Some(sign);
    }
    text
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
        let Some(text) = glyph.as_unicode() else {
            self.unknown += 1;
            return;
        };
        let text = match text {
            BfString::Char(c) => c.to_string(),
            BfString::String(s) => s,
        };
        if text.chars().all(|c| c == '\u{fffd}' || (c.is_control() && !c.is_whitespace())) {
            self.unknown += 1;
            return;
        }
        // A sign is a thousand units high in its own space.
        let whole = transform * glyph_transform;
        let at = whole * Point::ZERO;
        let advance = match glyph {
            Glyph::Outline(outline) => outline.advance_width().unwrap_or(500.0),
            Glyph::Type3(_) => 500.0,
        };
        let end = (whole * Point::new(f64::from(advance), 0.0)).x;
        let size = (whole * Point::new(0.0, 1000.0) - at).hypot();
        // Filled and outlined is one sign, drawn twice.
        let twice = self.signs.last().is_some_and(|last| last.text == text && (last.at - at).hypot() < size * 0.05);
        self.drawn |= !matches!(mode, GlyphDrawMode::Invisible);
        if !twice {
            self.signs.push(Sign { text, at, end, size });
        }
    }

    fn draw_image(&mut self, image: Image<'_, '_>, transform: Affine) {
        self.drawn = true;
        let points = f64::from(image.width()) * f64::from(image.height());
        self.scanned += transform.determinant().abs() * points;
    }

    fn draw_path(&mut self, _: &BezPath, _: Affine, _: &Paint<'_>, _: &PathDrawMode) {
        self.drawn = true;
    }

    fn set_soft_mask(&mut self, _: Option<SoftMask<'_>>) {}

    fn set_blend_mode(&mut self, _: BlendMode) {}

    fn push_clip_path(&mut self, _: &ClipPath) {}

    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'_>>, _: BlendMode) {}

    fn pop_clip_path(&mut self) {}

    fn pop_transparency_group(&mut self) {}
}
