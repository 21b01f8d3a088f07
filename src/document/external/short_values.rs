//! Short values that stand apart, as in a form or a table, side by side: `First name: Ann` and `Last name: Lee` a line below
//! are one name.

/// A value has so many words and letters at most.
const MOST_WORDS: usize = 3;
const MOST_LETTERS: usize = 40;
/// Of so many values, one after another, any two may belong together.
const NEAR: usize = 3;

/// Each value beside those that follow it.
pub(super) fn side_by_side<'t>(cells: impl Iterator<Item = &'t str>) -> Vec<String> {
    let values: Vec<&str> = cells.flat_map(values).collect();
    let mut out = Vec::new();
    for (i, value) in values.iter().enumerate() {
        let others = values[i + 1..].iter().take(NEAR);
        out.extend(others.map(|other| format!("{value} {other}")));
    }
    out
}

/// What stands behind a label, or the whole of what has none.
fn values(cell: &str) -> Vec<&str> {
    let parts: Vec<&str> = cell.split(':').map(str::trim).collect();
    let last = parts.len() - 1;
    let mut values = Vec::new();
    for (i, part) in parts.into_iter().enumerate().skip(usize::from(last > 0)) {
        // In the middle the next label follows the value.
        values.push(if i == last { part } else { part.split(' ').next().unwrap_or(part) });
    }
    values.retain(|value| is_short(value));
    values
}

fn is_short(value: &str) -> bool {
    let sign =
        |c: char| c.is_alphabetic() || matches!(c, ' ' | '-' | '\'' | '\u{2019}' | '.' | ',' | '\u{301}' | '\u{303}');
    value.chars().all(sign)
        && value.chars().count() <= MOST_LETTERS
        && value.split_whitespace().count() <= MOST_WORDS
        && value.chars().filter(|c| c.is_alphabetic()).count() > 1
}
