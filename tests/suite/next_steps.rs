//! A text outside the command line names no command and no option: it holds a hint, of which each face makes its own.

mod string_literals;

use std::{fs, path::Path};

use regex::Regex;
use string_literals::literals;

use crate::order::rust_files;

/// What looks like an option of this program and is none that a person types: the file, the literal, and why.
const OTHERS: [(&str, &str, &str); 2] = [
    ("src/document/typst/worker/pool.rs", "--megabytes", "the program starts its own rendering processes with it"),
    ("src/document/typst/worker/pool.rs", "--cpu-seconds", "the program starts its own rendering processes with it"),
];

fn names_a_command() -> Regex {
    Regex::new(r"earlypost [a-z]|(?:^|[^-\w])--[a-z]").unwrap()
}

#[test]
fn no_text_outside_the_command_line_names_a_command_or_an_option() {
    let mut files = Vec::new();
    rust_files(Path::new("src"), &mut files);
    let names = names_a_command();
    let (mut read, mut wrong, mut met) = (0, Vec::new(), Vec::new());
    for file in &files {
        let path = file.to_string_lossy().into_owned();
        if path.starts_with("src/cli/") || path.ends_with("/tests.rs") {
            continue;
        }
        for literal in literals(&fs::read_to_string(file).unwrap()) {
            read += 1;
            if !names.is_match(&literal.text) {
                continue;
            }
            match OTHERS.iter().find(|other| (other.0, other.1) == (path.as_str(), literal.text.as_str())) {
                Some(other) => met.push(other),
                None => wrong.push(format!("{path}:{}: put a `Hint` there: {}", literal.line, literal.text)),
            }
        }
    }
    assert!(read > 5000, "the literals are read: {read}");
    wrong.extend(OTHERS.iter().filter(|other| !met.contains(other)).map(|other| format!("{other:?} is gone")));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_template_names_a_command() {
    fn look(folder: &Path, wrong: &mut Vec<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                look(&path, wrong);
            } else if fs::read_to_string(&path).is_ok_and(|text| text.contains("earlypost ")) {
                wrong.push(path.display().to_string());
            }
        }
    }
    let mut wrong = Vec::new();
    look(Path::new("templates"), &mut wrong);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_command_and_an_option_are_found_and_other_dashes_are_not() {
    let names = names_a_command();
    for text in ["run `earlypost show`", "say with --child", "--on", "`release --dispatch`", "(--papers-read)"] {
        assert!(names.is_match(text), "{text}");
    }
    for text in ["a -- b", "-----BEGIN", "one--two", "earlypost.toml", "pg_dump", "earlypost_up", "x ---"] {
        assert!(!names.is_match(text), "{text}");
    }
}
