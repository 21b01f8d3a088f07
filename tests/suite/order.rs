//! A module imports only modules that stand above it in `lib.rs`.

use std::{
    fs,
    path::{Path, PathBuf},
};

fn modules() -> Vec<String> {
    let lib = fs::read_to_string("src/lib.rs").unwrap();
    lib.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).map(ToOwned::to_owned).collect()
}

pub fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

/// The modules that a file names in `crate::` paths, groups (`use crate::{a, b}`) among them.
fn imported(text: &str, modules: &[String]) -> Vec<String> {
    let code: String = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let mut found = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        if let Some(group) = rest.strip_prefix('{') {
            let (mut depth, mut start) = (0, true);
            for (i, c) in group.char_indices() {
                match c {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    ',' => start = true,
                    c if c.is_whitespace() => {}
                    _ => {
                        if start && depth == 0 {
                            found.extend(modules.iter().find(|m| names(&group[i..], m)).cloned());
                        }
                        start = false;
                    }
                }
            }
        } else {
            found.extend(modules.iter().find(|m| names(rest, m)).cloned());
        }
    }
    found
}

fn names(text: &str, module: &str) -> bool {
    text.strip_prefix(module).is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
}

#[test]
fn a_module_imports_only_modules_above_it() {
    let modules = modules();
    let place = |name: &str| modules.iter().position(|m| m == name);
    let mut wrong = Vec::new();
    let mut files = Vec::new();
    rust_files(Path::new("src"), &mut files);
    for file in files {
        let own = file
            .strip_prefix("src")
            .unwrap()
            .components()
            .next()
            .unwrap()
            .as_os_str()
            .to_string_lossy()
            .replace(".rs", "");
        let Some(own_place) = place(&own) else { continue };
        for import in imported(&fs::read_to_string(&file).unwrap(), &modules) {
            if place(&import).is_some_and(|at| at > own_place) {
                wrong.push(format!("{} imports {import}, which stands below {own}", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_order_is_read_from_groups_and_from_paths() {
    let modules = vec!["case".to_owned(), "due".to_owned(), "store".to_owned()];
    let text = "use crate::{\n    case::{A, B},\n    store::Store,\n};\n// crate::due in a comment\nfn f() { crate::due::x() }";
    assert_eq!(imported(text, &modules), ["case", "store", "due"]);
}
