//! Tables for spreadsheets. A cell that a spreadsheet would take for a formula is made plain text.

use std::io::Write;

use super::{broken_pipe::Output, hints};
use crate::shown::shown_lines;

/// One cell: quoted where it must be, and never a formula.
fn cell(text: &str) -> String {
    let text = shown_lines(&hints::words(text)).into_owned();
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if formula { format!("'{text}") } else { text };
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

/// One line, its end included: a long table is written as it is read.
pub(super) fn line<'a>(cells: impl IntoIterator<Item = &'a str>) -> String {
    let cells: Vec<String> = cells.into_iter().map(cell).collect();
    cells.join(",") + "\r\n"
}

/// Rows as CSV (RFC 4180).
fn table<'a>(header: &[&str], rows: impl IntoIterator<Item = Vec<String>> + 'a) -> String {
    let line = |cells: Vec<String>| format!("{}\r\n", cells.join(","));
    let head = line(header.iter().map(|text| cell(text)).collect());
    rows.into_iter().fold(head, |out, row| out + &line(row.iter().map(|text| cell(text)).collect()))
}

/// Prints rows as CSV on standard output.
pub(super) fn print(header: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> anyhow::Result<()> {
    Output.write_all(table(header, rows).as_bytes())?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula_and_commas_and_quotes_stay_in_their_cell() {
        let rows =
            vec![vec!["=1+1".to_owned(), "-2".to_owned(), "@x".to_owned(), "+3".to_owned(), "a, \"b\"".to_owned()]];
        assert_eq!(table(&["a"], rows), "a\r\n'=1+1,'-2,'@x,'+3,\"a, \"\"b\"\"\"\r\n");
        assert_eq!(cell("2026-11-20"), "2026-11-20");
    }
}
