//! What all of a process shares: nothing that one installation could find changed by another.

use std::{fs, path::Path};

use crate::order::rust_files;

/// The statics of the program, by the name of their file, and why none of them joins two installations.
const STATICS: [(&str, &str, &str); 19] = [
    ("main.rs", "ALLOCATOR", "a process has one"),
    ("world.rs", "TEMPLATES", "bytes of the program"),
    ("world.rs", "BUILT_IN", "what the program carries; no file of a program's own gets into it"),
    ("fonts.rs", "FILES", "bytes of the program"),
    ("fonts.rs", "FONTS", "what the program carries"),
    ("message.rs", "FILES", "bytes of the program"),
    ("message.rs", "TEMPLATES", "what the program carries"),
    ("envelopes.rs", "READ", "what the program carries"),
    ("files.rs", "WAITS_FOR_DISKS", "each thread has its own, about what it does at this moment"),
    ("files.rs", "OWN", "the name of the process"),
    ("files.rs", "WRITING", "paths of the disk, which is one"),
    ("structure.rs", "RECORD", "the published schema, always the same"),
    ("email_address.rs", "INVISIBLE", "one pattern, always the same"),
    ("schema.rs", "SQLITE", "text of the program"),
    ("schema.rs", "POSTGRES", "text of the program"),
    ("mod.rs", "LAST", "keeps the ids of the process apart"),
    ("broken_pipe.rs", "REFUSED", "a process has one standard output"),
    ("bank.rs", "BANK", "what the program carries"),
    ("names.rs", "NAMES", "what the program carries"),
];

/// Files that may take the built-in templates: who assembles, and commands without an installation. Everybody else works
/// with the set that they are handed.
const ASSEMBLE: [&str; 4] = ["app.rs", "child.rs", "print.rs", "template.rs"];

/// The program's own code, tests left out: file name and lines.
fn code() -> Vec<(String, Vec<String>)> {
    let mut files = Vec::new();
    rust_files(Path::new("src"), &mut files);
    let read = |file: &std::path::PathBuf| {
        let text = fs::read_to_string(file).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        (name, code.lines().map(|line| line.trim().to_owned()).collect())
    };
    files.iter().map(read).collect()
}

fn is_comment(line: &str) -> bool {
    line.starts_with("//")
}

/// The name of the static that begins on a line.
fn static_of(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("pub ").unwrap_or(line);
    let rest = if rest.starts_with("pub(") { rest.split_once(") ")?.1 } else { rest };
    let name = rest.strip_prefix("static ")?;
    Some(name.strip_prefix("mut ").unwrap_or(name).split(':').next().unwrap_or_default())
}

#[test]
fn a_static_is_one_of_those_that_join_no_two_installations_and_says_so_where_it_stands() {
    let mut wrong = Vec::new();
    let mut met = Vec::new();
    for (file, lines) in code() {
        for (at, line) in lines.iter().enumerate() {
            let Some(name) = static_of(line) else { continue };
            let above = lines[..at].iter().rev().take_while(|line| is_comment(line) || line.starts_with("#["));
            if !above.into_iter().any(|line| line.contains("share")) {
                wrong.push(format!("{file}: a line above {name} says why it is shared"));
            }
            match STATICS.iter().find(|known| (known.0, known.1) == (file.as_str(), name)) {
                Some(known) => met.push(known),
                None => wrong.push(format!("{file}: {name} belongs into the value that owns it")),
            }
        }
    }
    wrong.extend(STATICS.iter().filter(|known| !met.contains(known)).map(|known| format!("{known:?} is gone")));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn nothing_is_leaked_or_kept_by_a_thread() {
    // What a thread does at this moment is no installation's.
    const OF_THREADS: [&str; 1] = ["files.rs"];
    let mut wrong = Vec::new();
    for (file, lines) in code() {
        for line in lines.iter().filter(|line| !is_comment(line)) {
            let kept = line.contains("thread_local!") && !OF_THREADS.contains(&file.as_str());
            if kept || ["::leak(", ".leak()", "lazy_static!"].iter().any(|word| line.contains(word)) {
                wrong.push(format!("{file}: {line}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn only_who_assembles_takes_the_built_in_templates_and_all_others_work_with_those_that_they_are_handed() {
    let takes = |lines: &[String]| {
        let mut lines = lines.iter().filter(|line| !is_comment(line));
        lines.any(|line| line.contains("TemplateSet::built_in"))
    };
    let mut taking: Vec<String> = code().into_iter().filter(|(_, lines)| takes(lines)).map(|(file, _)| file).collect();
    taking.sort();
    assert_eq!(taking, ASSEMBLE);
}
