//! Log lines that name a next step: its code is written, for no face reads them.

use std::io::{Result, Write};

use crate::hint;

/// A writer that gets whole lines.
pub(super) struct Codes<W>(pub(super) W);

impl<W: Write> Write for Codes<W> {
    fn write(&mut self, line: &[u8]) -> Result<usize> {
        match std::str::from_utf8(line) {
            // A field is written with its marks escaped, a message as it is.
            Ok(text) => {
                let text = text.replace("\\u{2068}", "\u{2068}").replace("\\u{2069}", "\u{2069}");
                self.0.write_all(hint::coded(&text).as_bytes())?;
            }
            Err(_) => self.0.write_all(line)?,
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hint::Hint;

    #[test]
    fn a_log_line_names_a_next_step_by_its_code() {
        let hint = Hint::ShowDispatch { dispatch: Some("d-1".to_owned()) };
        let mut lines = Codes(Vec::new());
        let line = format!("an error: see {hint}, or {:?}\n", hint.to_string());
        lines.write_all(line.as_bytes()).unwrap();
        assert_eq!(
            String::from_utf8(lines.0).unwrap(),
            "an error: see `show-dispatch d-1`, or \"`show-dispatch d-1`\"\n"
        );
    }
}
