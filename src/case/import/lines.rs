//! The lines of a file of many records, each a record; a line without end ends the reading.

use std::{
    fs::File,
    io::{BufRead, BufReader, Read},
};

/// No record is larger, in megabytes.
const MOST_MEGABYTES: u64 = 64;
const MOST: u64 = MOST_MEGABYTES * 1024 * 1024;

/// Each line that is not blank, with its number from 1.
pub(super) struct RecordLines {
    file: Option<BufReader<File>>,
    row: usize,
}

impl RecordLines {
    pub(super) fn of(file: File) -> Self {
        Self { file: Some(BufReader::new(file)), row: 0 }
    }

    /// The next line, blank or not; `None` at the end.
    fn next_line(&mut self) -> Option<Result<Vec<u8>, String>> {
        let file = self.file.as_mut()?;
        let mut line = Vec::new();
        let read = file.take(MOST + 1).read_until(b'\n', &mut line);
        self.row += 1;
        let failed = match read {
            Ok(0) => return None,
            Ok(_) if line.ends_with(b"\n") || line.len() as u64 <= MOST => {
                if line.ends_with(b"\n") {
                    line.pop();
                }
                return Some(Ok(line));
            }
            Ok(_) => format!(
                "is a line of more than {MOST_MEGABYTES} MB, and a record is one line; this line and what stands below it was \
                 not read"
            ),
            Err(error) => format!("cannot be read ({}); what stands below was not read either", error.kind()),
        };
        self.file = None;
        Some(Err(failed))
    }
}

impl Iterator for RecordLines {
    type Item = (usize, Result<Vec<u8>, String>);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.next_line()? {
                Ok(line) if line.iter().all(u8::is_ascii_whitespace) => {}
                line => return Some((self.row, line)),
            }
        }
    }
}
