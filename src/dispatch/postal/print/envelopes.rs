//! Which envelope a letter goes into, and what it weighs: data with their sources, and two sums.

use std::sync::OnceLock;

use serde::Deserialize;

use crate::case::{Line, postal::is_abroad};

/// What is known of envelopes and postage.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Envelopes {
    sheet: Sheet,
    envelope: Vec<EnvelopeSize>,
    postage: Vec<Postage>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sheet {
    ounces: f64,
    #[expect(dead_code, reason = "for the person who confirms the number")]
    source: String,
}

/// One size of envelope.
#[derive(Debug, Deserialize)]
pub struct EnvelopeSize {
    /// Its short name, as it stands in the manifest: `10`, `9x12`, `box`.
    pub key: String,
    /// Its name for the clerk.
    pub name: String,
    /// Sheets of the letter that fit in, an address page not counted.
    pub most_sheets: u32,
    /// What it weighs, in ounces.
    pub ounces: f64,
    /// Whether a page with the two addresses lies in front.
    pub address_page: bool,
    /// Where the limits and measures come from.
    pub source: String,
    /// Whether somebody has confirmed them against real stock.
    pub confirmed: bool,
    /// Measures, in inches; absent where there is no window.
    #[serde(flatten)]
    pub measures: Option<Measures>,
}

/// The measures of an envelope with two windows and of the sheet that slides in it, in inches.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct Measures {
    pub width: f64,
    pub height: f64,
    /// The window of the return address.
    pub return_window: Window,
    /// The window of the recipient's address.
    pub window: Window,
    /// Width of the folded sheet.
    pub sheet_width: f64,
    /// Height of the folded sheet.
    pub sheet_height: f64,
}

/// A window, in inches.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct Window {
    pub width: f64,
    pub height: f64,
    /// From the left edge of the envelope.
    pub left: f64,
    /// From its bottom edge.
    pub bottom: f64,
}

/// Everything of a page that a window can show, in inches from the page's upper left corner.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Seen {
    /// From the left.
    pub left: f64,
    /// From the top.
    pub top: f64,
    /// To the right.
    pub right: f64,
    /// To the bottom.
    pub bottom: f64,
}

impl Measures {
    /// What a window shows of the sheet in one position or another: the sheet may lie anywhere inside.
    #[must_use]
    pub fn seen_in_any_position(&self, window: Window) -> Seen {
        let (aside, down) = ((self.width - self.sheet_width).max(0.0), (self.height - self.sheet_height).max(0.0));
        let top = self.height - window.bottom - window.height;
        Seen {
            left: window.left - aside,
            top: top - down,
            right: window.left + window.width,
            bottom: top + window.height,
        }
    }

    /// What a window shows of the sheet in every position.
    #[must_use]
    pub fn seen_in_every_position(&self, window: Window) -> Seen {
        let (aside, down) = ((self.width - self.sheet_width).max(0.0), (self.height - self.sheet_height).max(0.0));
        let top = self.height - window.bottom - window.height;
        Seen { left: window.left, top, right: window.left + window.width - aside, bottom: top + window.height - down }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Postage {
    envelope: String,
    most_ounces: f64,
    name: String,
    #[expect(dead_code, reason = "for the person who confirms the number")]
    source: String,
    #[expect(dead_code, reason = "for the person who confirms the number")]
    confirmed: bool,
}

impl Envelopes {
    /// The data that the program carries.
    ///
    /// # Panics
    /// Never: a test reads them.
    #[must_use]
    pub fn built_in() -> &'static Self {
        /// Harmless to share: what the program carries, read once.
        static READ: OnceLock<Envelopes> = OnceLock::new();
        READ.get_or_init(|| {
            toml::from_str(include_str!("envelopes.toml")).expect("the envelopes that the program carries are read")
        })
    }

    /// All sizes, the smallest first.
    #[must_use]
    pub fn sizes(&self) -> &[EnvelopeSize] {
        &self.envelope
    }

    /// The smallest envelope that a letter of so many sheets fits into; the last takes what no other holds.
    ///
    /// # Panics
    /// Never: there is at least one size.
    #[must_use]
    pub fn for_sheets(&self, sheets: u32) -> &EnvelopeSize {
        let fits = self.envelope.iter().find(|size| sheets <= size.most_sheets);
        fits.or(self.envelope.last()).expect("there is at least one size of envelope")
    }

    /// What a letter weighs in its envelope, in ounces; `sheets` with the address page.
    #[must_use]
    pub fn ounces(&self, size: &EnvelopeSize, sheets: u32) -> f64 {
        f64::from(sheets) * self.sheet.ounces + size.ounces
    }

    /// How the post takes it, in words: `First-Class letter, up to 2 oz`.
    #[must_use]
    pub fn postage(&self, size: &EnvelopeSize, sheets: u32) -> String {
        let ounces = self.ounces(size, sheets);
        match self.postage.iter().find(|postage| postage.envelope == size.key) {
            Some(postage) if ounces <= postage.most_ounces => {
                format!("{}, up to {} oz", postage.name, ounces.ceil().min(postage.most_ounces))
            }
            _ => format!("{ounces:.1} oz; ask at the counter"),
        }
    }
}

/// Characters of a line that the window always shows whole at the smallest type.
pub const WIDEST_LINE: usize = 48;

/// What an address asks of the clerk, beside the stamp.
#[must_use]
pub fn remark(lines: &[Line]) -> Option<&'static str> {
    let text = lines.iter().map(|line| line.to_uppercase()).collect::<Vec<_>>();
    let box_number = text.iter().any(|line| {
        let line = line.replace(['.', ' '], "");
        line.starts_with("POBOX") || line.starts_with("POSTOFFICEBOX")
    });
    if lines.iter().any(|line| line.chars().count() > WIDEST_LINE) {
        Some("a line is too long for the window: write the envelope by hand")
    } else if is_abroad(lines) {
        Some("abroad: international postage")
    } else if box_number {
        Some("PO box: by the post only, no courier")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(sheets: u32) -> &'static str {
        &Envelopes::built_in().for_sheets(sheets).key
    }

    #[test]
    fn six_sheets_are_folded_seven_lie_flat_and_sixty_one_ask_a_person() {
        assert_eq!([1, 6, 7, 60, 61, 500].map(key), ["10", "10", "9x12", "9x12", "box", "box"]);
    }

    #[test]
    fn the_post_counts_whole_ounces_and_a_letter_that_is_too_heavy_says_so() {
        let envelopes = Envelopes::built_in();
        let small = envelopes.for_sheets(2);
        assert_eq!(envelopes.postage(small, 2), "First-Class letter, up to 1 oz");
        assert_eq!(envelopes.postage(small, 6), "First-Class letter, up to 2 oz");
        let large = envelopes.for_sheets(60);
        assert_eq!(envelopes.postage(large, 61), "First-Class large envelope (flat), up to 11 oz");
        assert_eq!(envelopes.postage(large, 90), "15.1 oz; ask at the counter");
    }

    #[test]
    fn what_a_window_shows_is_what_was_measured() {
        let measures = Envelopes::built_in().for_sheets(1).measures.unwrap();
        let seen = measures.seen_in_every_position(measures.window);
        // Printers' rule for this envelope: x 0.625 to 3.625, y 2.125 to 2.667.
        for (is, should) in [(seen.left, 0.625), (seen.right, 3.625), (seen.top, 2.125), (seen.bottom, 2.667)] {
            assert!((is - should).abs() < 0.001, "{is} {should}");
        }
        let any = measures.seen_in_any_position(measures.window);
        assert!(any.right < 4.63 && any.bottom < 3.2 && any.left < 0.0, "{any:?}");
    }

    #[test]
    fn a_post_office_box_and_an_address_abroad_say_what_they_need() {
        let lines = |texts: &[&str]| texts.iter().map(|t| Line::parse(*t).unwrap()).collect::<Vec<_>>();
        assert_eq!(remark(&lines(&["P.O. Box 12", "Norfolk, VA 23510"])), Some("PO box: by the post only, no courier"));
        let abroad = lines(&["Calle 5 No. 12", "06000 Ciudad de Mexico", "MEXICO"]);
        assert_eq!(remark(&abroad), Some("abroad: international postage"));
        assert_eq!(remark(&lines(&["12 Oak Street", "Norfolk, VA 23510"])), None);
    }
}
