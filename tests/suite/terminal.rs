//! Nothing reaches a terminal or a log but through the one place that shows control characters.

use std::{fs, path::Path};

use crate::order::rust_files;

/// Where standard output and standard error are written, and why they are safe there.
const WRITERS: [(&str, &str); 2] = [
    ("src/cli/broken_pipe.rs", "it shows what it is given"),
    ("src/telemetry/mod.rs", "it shows every line of the log"),
];

/// Who writes bytes to standard output past that.
const RAW: [(&str, &str); 2] =
    [("src/cli/csv.rs", "each cell is shown"), ("src/cli/mod.rs", "completions: words of the program")];

/// Lines of the program's own code, tests and comments left out: file, number, text.
fn lines() -> Vec<(String, usize, String)> {
    let mut files = Vec::new();
    rust_files(Path::new("src"), &mut files);
    let mut lines = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap_or_default().to_owned();
        let numbered = code.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//"));
        lines.extend(numbered.map(|(i, line)| (file.display().to_string(), i + 1, line.to_owned())));
    }
    lines
}

fn is_listed(list: &[(&str, &str)], file: &str) -> bool {
    list.iter().any(|(known, why)| *known == file && !why.is_empty())
}

#[test]
fn only_the_places_that_show_control_characters_write_to_a_terminal_or_a_log() {
    let mut wrong = Vec::new();
    for (file, number, line) in lines() {
        let asks_only = line.contains("is_terminal()") || line.contains("stderr().flush()");
        let writes = ["io::stdout", "io::stderr", "libc::write", "dbg!("].iter().any(|word| line.contains(word));
        if writes && !asks_only && !is_listed(&WRITERS, &file) {
            wrong.push(format!("{file}:{number}: {}", line.trim()));
        }
        // Within src/cli these are macros of our own; elsewhere they are those of the standard library.
        let prints = ["print!(", "println!(", "eprint!(", "eprintln!("].iter().any(|word| line.contains(word));
        let own = line.contains("std::print") || line.contains("std::eprint");
        if own || (prints && !file.starts_with("src/cli/")) {
            wrong.push(format!("{file}:{number}: {}", line.trim()));
        }
        let raw = line.contains("Output.") || line.contains("&mut broken_pipe::Output");
        if raw && !is_listed(&RAW, &file) {
            wrong.push(format!("{file}:{number}: {}", line.trim()));
        }
    }
    assert!(wrong.is_empty(), "these write past `shown`:\n{}", wrong.join("\n"));
    let pipe = fs::read_to_string("src/cli/broken_pipe.rs").unwrap();
    assert_eq!(
        pipe.matches("shown_lines(&hints::words(&words.to_string()))").count(),
        2,
        "both outputs show what they are given"
    );
    assert!(!fs::read_to_string("src/telemetry/mod.rs").unwrap().contains("with_writer(std::io"));
}

#[test]
fn causes_are_put_together_in_one_place_where_none_is_said_twice() {
    let twice: Vec<String> = lines()
        .into_iter()
        .filter(|(_, _, line)| line.contains("error:#}") || line.contains("{:#}"))
        .map(|(file, number, _)| format!("{file}:{number}"))
        .collect();
    assert!(twice.is_empty(), "use `shown::with_causes`: {twice:?}");
}
