//! Words too long for a line. Looking for them is quick here and slow in a template, and few papers hold one.

use serde::Serialize;
use serde_json::Value;

use crate::hint;

/// Letters that still fit into a full line, and into a narrow column.
const LINE: usize = 40;
const COLUMN: usize = 19;

/// A view as its template gets it: JSON, with the marks of long words on its page, and without the program's own next
/// steps.
pub(in crate::document) fn finished(view: &impl Serialize) -> Vec<u8> {
    let mut view = serde_json::to_value(view).expect("views are plain data");
    leave_hints_out(&mut view);
    mark(&mut view);
    serde_json::to_vec(&view).expect("views are plain data")
}

/// A page outlasts the program's screens, and its reader may have none.
fn leave_hints_out(value: &mut Value) {
    match value {
        Value::String(text) => {
            if let std::borrow::Cow::Owned(kept) = hint::left_out(text) {
                *text = kept;
            }
        }
        Value::Array(items) => items.iter_mut().for_each(leave_hints_out),
        Value::Object(fields) => fields.values_mut().for_each(leave_hints_out),
        _ => {}
    }
}

/// Says on the view's page whether its rules for long words are needed. A view without a page has none.
fn mark(view: &mut Value) {
    let mut longest = Longest::default();
    longest.look_at(view);
    if let Some(page) = view.get_mut("page").and_then(Value::as_object_mut) {
        page.insert("long_words".to_owned(), (longest.word > LINE).into());
        page.insert("wide_words".to_owned(), (longest.part > COLUMN).into());
    }
}

/// The most letters that stand on end in a view's texts.
#[derive(Default)]
struct Longest {
    /// Without a space between them.
    word: usize,
    /// Without a space or another place to break.
    part: usize,
}

impl Longest {
    fn look_at(&mut self, value: &Value) {
        match value {
            Value::String(text) => self.read(text),
            Value::Array(items) => items.iter().for_each(|item| self.look_at(item)),
            Value::Object(fields) => fields.values().for_each(|field| self.look_at(field)),
            _ => {}
        }
    }

    fn read(&mut self, text: &str) {
        let (mut word, mut part) = (0, 0);
        for c in text.chars() {
            if c.is_whitespace() {
                (word, part) = (0, 0);
                continue;
            }
            word += 1;
            part = if matches!(c, '/' | '@' | '.' | '-') { 0 } else { part + 1 };
            self.word = self.word.max(word);
            self.part = self.part.max(part);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn marks(text: &str) -> (bool, bool) {
        let mut view = json!({ "page": {}, "areas": [{ "narrative": text }] });
        mark(&mut view);
        (view["page"]["long_words"].as_bool().unwrap(), view["page"]["wide_words"].as_bool().unwrap())
    }

    #[test]
    fn a_page_names_no_next_step_of_the_program() {
        let says = format!("It came back; {} sends it again. Call them.", hint::Hint::Run);
        let view = json!({ "page": {}, "steps": [{ "what": says }, { "what": "Call them; then write." }] });
        let view: Value = serde_json::from_slice(&finished(&view)).unwrap();
        assert_eq!(
            view["steps"],
            json!([{ "what": "It came back. Call them." }, { "what": "Call them; then write." }])
        );
    }

    #[test]
    fn ordinary_words_need_no_rule() {
        assert_eq!(marks("She asks for more with her hands."), (false, false));
    }

    #[test]
    fn an_address_breaks_at_its_signs_and_a_compound_does_not() {
        assert_eq!(marks("early.intervention@tidewater.example.org"), (false, false));
        assert_eq!(marks("otorhinolaryngologist"), (false, true));
    }

    #[test]
    fn a_narrative_without_spaces_is_long_and_wide() {
        assert_eq!(marks(&"x".repeat(41)), (true, true));
        assert_eq!(marks(&"x".repeat(40)), (false, true));
    }
}
