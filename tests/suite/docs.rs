//! What the glossary and the style guide say about today's names is so.

use std::{collections::HashMap, fs, path::Path, process::Command};

const KINDS: [&str; 6] = ["type", "table", "column", "command", "key", "page"];
const SCOPES: [&str; 5] = ["families", "partners", "screens", "code", "all"];

/// The text of all files with these extensions under a folder.
fn text_under(folder: &Path, extensions: &[&str]) -> String {
    let mut text = String::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            text.push_str(&text_under(&path, extensions));
        } else if path.extension().is_some_and(|e| extensions.iter().any(|wanted| e == *wanted)) {
            text.push_str(&fs::read_to_string(&path).unwrap());
            text.push('\n');
        }
    }
    text
}

/// The cells of each row below the heading of every table that has a column of this name, with the row's line number.
fn rows<'a>(text: &'a str, column: &str) -> Vec<(usize, Vec<&'a str>)> {
    let cells = |line: &'a str| -> Vec<&'a str> { line.trim_matches('|').split('|').map(str::trim).collect() };
    let (mut found, mut inside) = (Vec::new(), false);
    for (at, line) in text.lines().enumerate() {
        if !line.starts_with('|') {
            inside = false;
        } else if cells(line).contains(&column) {
            inside = true;
        } else if inside && !line.starts_with("| ---") {
            found.push((at + 1, cells(line)));
        }
    }
    found
}

/// The names in backticks of a cell, each with the kind that was said last before it.
fn names(cell: &str) -> Vec<(Option<&'static str>, &str)> {
    let mut kind = None;
    let mut found = Vec::new();
    for (at, part) in cell.split('`').enumerate() {
        if at % 2 == 1 {
            found.push((kind, part));
        } else {
            let last =
                part.rsplit(|c: char| !c.is_alphanumeric()).find_map(|word| KINDS.into_iter().find(|k| *k == word));
            kind = last.or(kind);
        }
    }
    found
}

fn has_word(text: &str, word: &str) -> bool {
    let part_of_a_word = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    text.match_indices(word)
        .any(|(at, _)| !text[..at].ends_with(part_of_a_word) && !text[at + word.len()..].starts_with(part_of_a_word))
}

/// `not-feasible` and `not_feasible` as serde derives them from a variant: `NotFeasible`.
fn variant(name: &str) -> String {
    let capital =
        |word: &str| word.chars().take(1).flat_map(char::to_uppercase).chain(word.chars().skip(1)).collect::<String>();
    name.split(['-', '_']).map(capital).collect()
}

/// The names of today, read once.
struct Today {
    source: String,
    migrations: String,
    /// What people read, and the source, with all white space made single.
    words: String,
    help: HashMap<String, Option<String>>,
}

impl Today {
    fn read() -> Self {
        let source = text_under(Path::new("src"), &["rs"]);
        let shown = fs::read_to_string("templates/documents/lang/en.toml").unwrap();
        let messages = text_under(Path::new("templates/messages"), &["hbs"]);
        let words = [source.as_str(), &shown, &messages].join("\n");
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        Self { source, migrations: text_under(Path::new("migrations"), &["sql"]), words, help: HashMap::new() }
    }

    fn has(&mut self, kind: &str, name: &str) -> bool {
        match kind {
            "type" => {
                let declared = ["struct", "enum", "trait", "type"].map(|word| format!("{word} {name}"));
                // A macro declares some: `named_enum! { ObligationKind { ... } }`.
                let by_macro = format!("{name} {{");
                declared.iter().any(|declared| has_word(&self.source, declared))
                    || self.source.lines().any(|line| line.trim() == by_macro)
            }
            "table" => self.migrations.contains(&format!("CREATE TABLE {name} (")),
            "column" => has_word(&self.migrations, name),
            "command" => self.has_command(name),
            "page" => self.words.contains(name),
            _ => [&self.words, &self.migrations].iter().any(|t| has_word(t, name) || has_word(t, &variant(name))),
        }
    }

    /// Whether `earlypost mark mailed --all` names a command, and options that its help shows.
    fn has_command(&mut self, line: &str) -> bool {
        let mut words = line.split_whitespace().peekable();
        if words.next() != Some("earlypost") {
            return false;
        }
        let mut path = Vec::new();
        while let Some(word) = words.next_if(|word| word.starts_with(|c: char| c.is_ascii_lowercase())) {
            path.push(word);
        }
        let mut help = self.help_of(&path);
        // The last words may be arguments, where the command has no commands of its own: `channel resume smtp`.
        while help.is_none() && path.len() > 1 {
            path.pop();
            help = self.help_of(&path).filter(|help| !help.contains("Commands:"));
        }
        help.is_some_and(|help| words.filter(|word| word.starts_with("--")).all(|option| has_word(&help, option)))
    }

    fn help_of(&mut self, path: &[&str]) -> Option<String> {
        let ask = || {
            let output = Command::new(env!("CARGO_BIN_EXE_earlypost")).arg("help").args(path).output().unwrap();
            output.status.success().then(|| String::from_utf8(output.stdout).unwrap())
        };
        self.help.entry(path.join(" ")).or_insert_with(ask).clone()
    }
}

#[test]
fn every_name_that_the_glossary_says_is_used_today_is_used() {
    let glossary = fs::read_to_string("docs/glossary.md").unwrap();
    let mut today = Today::read();
    let mut wrong = Vec::new();
    let mut count = 0;
    for column in ["Term", "Word"] {
        for (line, cells) in rows(&glossary, column) {
            let place = if column == "Term" { 4 } else { 3 };
            let Some(cell) = cells.get(place) else {
                wrong.push(format!("line {line}: a column is missing"));
                continue;
            };
            let names = names(cell);
            if names.is_empty() && *cell != "none" {
                wrong.push(format!("line {line}: the column Today has no name in backticks, and is not `none`"));
            }
            for (kind, name) in names {
                count += 1;
                match kind {
                    None => wrong.push(format!("line {line}: of `{name}` say which it is: {}", KINDS.join(", "))),
                    Some(kind) if !today.has(kind, name) => {
                        wrong.push(format!(
                            "line {line}: there is no {kind} `{name}` any more; write what it is called now"
                        ));
                    }
                    Some(_) => {}
                }
            }
        }
    }
    assert!(wrong.is_empty(), "docs/glossary.md\n{}", wrong.join("\n"));
    assert!(count > 300, "only {count} names were found: is a column named otherwise?");
}

#[test]
fn every_command_that_the_style_guide_shows_is_a_command() {
    let style = fs::read_to_string("docs/style.md").unwrap();
    let mut today = Today::read();
    let shown: Vec<&str> = style.split('`').filter(|part| part.starts_with("earlypost ")).collect();
    assert!(shown.len() > 2, "{shown:?}");
    let gone: Vec<&str> = shown.into_iter().filter(|line| !today.has_command(line)).collect();
    assert!(gone.is_empty(), "docs/style.md shows {gone:?}");
}

#[test]
fn the_words_we_no_longer_use_each_have_a_replacement_and_a_place() {
    let style = fs::read_to_string("docs/style.md").unwrap();
    let mut seen = Vec::new();
    let mut wrong = Vec::new();
    for (line, cells) in rows(&style, "no longer") {
        let [words, instead, place] = cells[..] else {
            wrong.push(format!("line {line}: three columns are needed"));
            continue;
        };
        let scopes: Vec<&str> = place.split(';').next().unwrap_or_default().split(',').map(str::trim).collect();
        if instead.is_empty() || !scopes.iter().all(|scope| SCOPES.contains(scope)) {
            wrong.push(format!("line {line}: say what to use instead, and where: {}", SCOPES.join(", ")));
        }
        let here: Vec<&str> = words.split('`').skip(1).step_by(2).collect();
        if here.is_empty() {
            wrong.push(format!("line {line}: the words belong in backticks"));
        }
        for word in here {
            if seen.contains(&word) {
                wrong.push(format!("line {line}: `{word}` is listed twice"));
            }
            seen.push(word);
        }
    }
    assert!(wrong.is_empty(), "docs/style.md\n{}", wrong.join("\n"));
    assert!(seen.len() > 80, "only {} words were found", seen.len());
}

#[test]
fn each_test_that_the_lists_of_attacks_and_of_cases_name_is_there() {
    let code = text_under(Path::new("tests/suite"), &["rs"]) + &text_under(Path::new("src"), &["rs"]);
    for file in ["tests/suite/attacks/README.md", "tests/suite/cases/README.md"] {
        let list = fs::read_to_string(file).unwrap();
        let quoted = list.split('`').skip(1).step_by(2).filter(|name| name.matches('_').count() > 2);
        let named: Vec<&str> = quoted.collect();
        assert!(named.len() > 15, "{file} is read");
        let gone: Vec<_> = named.into_iter().filter(|name| !code.contains(&format!("fn {name}("))).collect();
        assert!(gone.is_empty(), "{file}: {gone:?}");
    }
}
