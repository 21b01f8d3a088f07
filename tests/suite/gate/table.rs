//! The table by which the gate's answers are read: who, in which situation, and the answer.
//!
//! An answer is what the disclosure rests on (`parent's own copy`, `participating agency`, `parent's release`)
//! or the code of the reason why it may not go.

use super::Case;

/// A line of the table.
pub struct Row {
    pub situation: &'static str,
    pub answer: &'static str,
    pub change: fn(&mut Case),
}

pub const fn row(situation: &'static str, answer: &'static str, change: fn(&mut Case)) -> Row {
    Row { situation, answer, change }
}

/// Asks every line, and shows all that are answered otherwise.
#[track_caller]
pub fn holds(who: &str, base: &Case, rows: &[Row]) {
    let wrong: Vec<String> = rows
        .iter()
        .filter_map(|row| {
            let mut case = base.clone();
            (row.change)(&mut case);
            let answer = case.answer();
            (answer != row.answer).then(|| format!("{who}, {}: {answer}, not {}", row.situation, row.answer))
        })
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
