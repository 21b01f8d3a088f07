//! Joins letters to words and words to lines: signs that touch make a word, those farther apart have a space between them.

use std::collections::BTreeMap;

use super::signs::{Along, Sign};

/// A gap of more than this part of a line's height is a space.
const SPACE: f64 = 0.18;
/// A gap of more than this is another cell.
const CELL: f64 = 1.2;
/// A height that differs by more is another line.
const ANOTHER_LINE: f64 = 0.4;
/// So many letters with equal gaps are spaced letters of one word.
const FEWEST_SPACED: usize = 4;
/// A gap so much wider than those between the letters, and a step so much longer, is one between words.
const WIDER: f64 = 1.55;
const LONGER: f64 = 1.3;

/// What the lines of a page say.
#[derive(Default)]
pub(super) struct Lines {
    pub(super) text: String,
    /// Words of spaced letters, and of letters that stand one below the other.
    pub(super) joined: Vec<String>,
    /// Each line's cells.
    pub(super) cells: Vec<Vec<String>>,
    /// Words of one letter, and all words.
    pub(super) single: usize,
    pub(super) words: usize,
}

/// Signs in the order in which they were drawn.
pub(super) fn as_drawn(signs: &[Sign]) -> String {
    let mut text = String::new();
    let mut last: Option<Along<'_>> = None;
    for sign in signs.iter().filter(|sign| !sign.text.is_empty()) {
        let direction = sign.direction();
        let now = sign.along(direction);
        if let Some(last) = last {
            let size = last.sign.size.max(1.0);
            let before = last.sign.along(direction);
            if (now.height - before.height).abs() > size * ANOTHER_LINE {
                text.push('\n');
            } else if (now.from - before.to).abs() > size * SPACE && !text.ends_with(' ') {
                text.push(' ');
            }
        }
        text.push_str(&sign.text);
        last = Some(now);
    }
    text
}

/// Signs line by line, each direction by itself.
pub(super) fn of(signs: &[Sign]) -> Lines {
    let mut directions: BTreeMap<i64, Vec<Along<'_>>> = BTreeMap::new();
    for sign in signs.iter().filter(|sign| !sign.text.is_empty()) {
        let direction = sign.direction();
        directions.entry(direction).or_default().push(sign.along(direction));
    }
    let mut lines = Lines::default();
    for of_direction in directions.into_values() {
        let mut alone: Vec<Along<'_>> = Vec::new();
        for line in in_lines(of_direction) {
            if let [only] = line.as_slice() {
                alone.push(*only);
            }
            lines.add(&line);
        }
        lines.below_each_other(alone);
    }
    lines
}

/// From above to below, each from its beginning to its end.
fn in_lines(mut signs: Vec<Along<'_>>) -> Vec<Vec<Along<'_>>> {
    signs.sort_by(|a, b| b.height.total_cmp(&a.height));
    let mut lines: Vec<Vec<Along<'_>>> = Vec::new();
    for sign in signs {
        match lines.last_mut() {
            Some(line) if (line[0].height - sign.height).abs() <= line[0].sign.size.max(1.0) * ANOTHER_LINE => {
                line.push(sign);
            }
            _ => lines.push(vec![sign]),
        }
    }
    for line in &mut lines {
        line.sort_by(|a, b| a.from.total_cmp(&b.from));
    }
    lines
}

/// Letters between two gaps.
struct Word {
    text: String,
    signs: usize,
    /// The gap before it, and the step from the beginning of the last letter, in parts of the line's height.
    gap: f64,
    step: f64,
}

fn words(line: &[Along<'_>]) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut last: Option<&Along<'_>> = None;
    let mut blank = false;
    for now in line {
        if now.sign.is_blank() {
            blank = true;
            continue;
        }
        let since =
            |place: fn(&Along<'_>) -> f64| last.map_or(0.0, |last| (now.from - place(last)) / last.sign.size.max(1.0));
        let (gap, step) = (since(|last| last.to), since(|last| last.from));
        match words.last_mut() {
            Some(word) if !blank && gap.abs() <= SPACE => {
                word.text.push_str(&now.sign.text);
                word.signs += 1;
            }
            _ => words.push(Word { text: now.sign.text.clone(), signs: 1, gap, step }),
        }
        blank = false;
        last = Some(now);
    }
    words
}

impl Lines {
    fn add(&mut self, line: &[Along<'_>]) {
        let words = words(line);
        if words.is_empty() {
            return;
        }
        let mut cells: Vec<String> = Vec::new();
        for word in &words {
            match cells.last_mut() {
                Some(cell) if word.gap <= CELL => {
                    cell.push(' ');
                    cell.push_str(&word.text);
                }
                _ => cells.push(word.text.clone()),
            }
        }
        self.text.push_str(&cells.join(" "));
        self.text.push('\n');
        self.cells.push(cells);
        let spaced = self.spaced(&words);
        let is_word = |word: &&Word| word.text.chars().any(char::is_alphabetic);
        self.words += words.iter().filter(is_word).count();
        self.single += words.iter().filter(is_word).filter(|word| word.signs == 1).count();
        // A word of spaced letters is one.
        self.words -= spaced.min(self.words);
        self.single -= spaced.min(self.single);
    }

    /// Joins letters that have the same wide gap, or step, between them; how many. Two that touch are among them.
    fn spaced(&mut self, words: &[Word]) -> usize {
        let letter = |word: &Word| word.signs <= 2 && word.text.chars().all(char::is_alphanumeric);
        let mut joined = 0;
        for run in words.chunk_by(|a, b| letter(a) && letter(b)) {
            let single = run.iter().filter(|word| word.signs == 1).count();
            if single < FEWEST_SPACED || single * 2 < run.len() {
                continue;
            }
            let between = |of: fn(&Word) -> f64| {
                let mut all: Vec<f64> = run[1..].iter().map(of).collect();
                all.sort_by(f64::total_cmp);
                all[all.len() / 2]
            };
            let (gap, step) = (between(|word| word.gap), between(|word| word.step));
            let mut text = String::new();
            for (i, word) in run.iter().enumerate() {
                if i > 0 && word.gap > gap * WIDER && word.step > step * LONGER {
                    text.push(' ');
                }
                text.push_str(&word.text);
            }
            joined += single;
            self.joined.push(text);
        }
        joined
    }

    /// Letters that are lines of their own and stand one below the other.
    fn below_each_other(&mut self, mut alone: Vec<Along<'_>>) {
        alone.sort_by(|a, b| a.from.total_cmp(&b.from).then(b.height.total_cmp(&a.height)));
        let mut columns: Vec<Vec<Along<'_>>> = Vec::new();
        for sign in alone.into_iter().filter(|sign| !sign.sign.is_blank()) {
            match columns.last_mut() {
                Some(column) if (column[0].from - sign.from).abs() <= column[0].sign.size * 0.6 => column.push(sign),
                _ => columns.push(vec![sign]),
            }
        }
        for mut column in columns.into_iter().filter(|column| column.len() >= FEWEST_SPACED) {
            column.sort_by(|a, b| b.height.total_cmp(&a.height));
            let mut gaps: Vec<f64> = column.windows(2).map(|pair| pair[0].height - pair[1].height).collect();
            gaps.sort_by(f64::total_cmp);
            let between_letters = gaps[gaps.len() / 2];
            let mut text = String::new();
            let mut last: Option<f64> = None;
            for sign in &column {
                if last.is_some_and(|last| last - sign.height > between_letters * WIDER) {
                    text.push(' ');
                }
                text.push_str(&sign.sign.text);
                last = Some(sign.height);
            }
            self.joined.push(text);
        }
    }
}
