//! The words on the finished pages, read from the same layout that the PDF is written from.

use typst::layout::{Abs, Frame, FrameItem, Point, Transform};
use typst_layout::PagedDocument;

/// The text of every page in the order of the layout, a line of the layout on a line.
///
/// Runs that touch on one line are joined without a space: a letter from another font must not split a name.
pub(super) fn text_of(document: &PagedDocument) -> Vec<String> {
    document
        .pages()
        .iter()
        .map(|page| {
            let mut reader = Reader::default();
            reader.frame(&page.frame, Transform::identity());
            reader.text
        })
        .collect()
}

#[derive(Default)]
struct Reader {
    text: String,
    end: Option<(Abs, Abs)>,
}

impl Reader {
    fn frame(&mut self, frame: &Frame, at: Transform) {
        for (position, item) in frame.items() {
            let here = at.pre_concat(Transform::translate(position.x, position.y));
            match item {
                FrameItem::Group(group) => self.frame(&group.frame, here.pre_concat(group.transform)),
                FrameItem::Text(run) => {
                    let start = Point::zero().transform(here);
                    let touches = self.end.is_some_and(|(x, y)| {
                        (start.y - y).abs() < Abs::pt(0.5) && (start.x - x).abs() < run.size * 0.08
                    });
                    let same_line = self.end.is_some_and(|(_, y)| (start.y - y).abs() < Abs::pt(0.5));
                    if !touches && !self.text.is_empty() && !self.text.ends_with(char::is_whitespace) {
                        self.text.push(if same_line { ' ' } else { '\n' });
                    }
                    self.text.push_str(&run.text);
                    self.end = Some((start.x + run.width(), start.y));
                }
                _ => {}
            }
        }
    }
}
