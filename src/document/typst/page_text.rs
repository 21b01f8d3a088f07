//! The words on the finished pages, read from the same layout that the PDF is written from.

use typst::{
    foundations::NativeElement,
    introspection::{Location, Tag},
    layout::{Abs, Frame, FrameItem, Point, Transform},
    model::{HeadingElem, TitleElem},
};
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

/// The text of a layout without pages: every paragraph one line, an empty line where there is room between two,
/// and a line under each heading, so that ear and eye find the parts.
pub(super) fn plain_text_of(document: &PagedDocument) -> String {
    let mut writer = PlainWriter::default();
    for page in document.pages() {
        writer.frame(&page.frame, Transform::identity());
        writer.end_line();
    }
    let mut out = String::new();
    for line in writer.lines {
        let words = line.text.split_whitespace().collect::<Vec<_>>().join(" ");
        if words.is_empty() {
            continue;
        }
        let again = out.is_empty() || out.ends_with("\n\n");
        if (line.room || line.heading.is_some()) && !again {
            out.push('\n');
        }
        out.push_str(&words);
        out.push('\n');
        if let Some(sign) = line.heading {
            out.extend(std::iter::repeat_n(sign, words.chars().count().min(72)));
            out.push('\n');
        }
    }
    out
}

/// More than this many times its size between two lines is a paragraph's end.
const ROOM: f64 = 2.1;

#[derive(Default)]
struct PlainWriter {
    lines: Vec<PlainLine>,
    open: Option<(PlainLine, Abs, Abs)>,
    last: Option<Abs>,
    headings: Vec<(Location, char)>,
}

#[derive(Default)]
struct PlainLine {
    text: String,
    room: bool,
    heading: Option<char>,
}

impl PlainWriter {
    fn frame(&mut self, frame: &Frame, at: Transform) {
        for (position, item) in frame.items() {
            let here = at.pre_concat(Transform::translate(position.x, position.y));
            match item {
                FrameItem::Group(group) => self.frame(&group.frame, here.pre_concat(group.transform)),
                FrameItem::Tag(Tag::Start(element, _)) => {
                    let sign = match element.elem() {
                        kind if kind == TitleElem::ELEM => Some('='),
                        kind if kind == HeadingElem::ELEM => Some('-'),
                        _ => None,
                    };
                    self.headings.extend(element.location().zip(sign));
                }
                FrameItem::Tag(Tag::End(location, ..)) => self.headings.retain(|(open, _)| open != location),
                FrameItem::Text(run) => {
                    let start = Point::zero().transform(here);
                    let heading = self.headings.last().map(|(_, sign)| *sign);
                    let same = self.open.as_ref().is_some_and(|(_, _, y)| (start.y - *y).abs() < run.size * 0.45);
                    if !same {
                        self.end_line();
                        let room = self.last.is_none_or(|last| start.y - last > run.size * ROOM);
                        self.open = Some((PlainLine { text: String::new(), room, heading }, start.x, start.y));
                    }
                    let Some((line, end, _)) = &mut self.open else { continue };
                    if (start.x - *end).abs() > run.size * 0.08 {
                        line.text.push(' ');
                    }
                    line.text.push_str(&run.text);
                    *end = start.x + run.width();
                }
                _ => {}
            }
        }
    }

    fn end_line(&mut self) {
        if let Some((line, _, y)) = self.open.take() {
            self.lines.push(line);
            self.last = Some(y);
        }
    }
}
