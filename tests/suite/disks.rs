//! A disk is waited for in one place, off the threads that run tasks.

use std::{fs, path::Path};

use crate::order::rust_files;

/// Where files are flushed.
const FLUSHES: &str = "src/files.rs";

/// Lines that wait for a disk: what is asked of another machine over the wire is awaited, and waits for nobody's disk here.
fn waits(text: &str) -> usize {
    let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    let flushes =
        |line: &&str| line.contains(".sync_all()") || line.contains(".sync_data()") || line.contains(".sync()");
    code.filter(flushes).filter(|line| !line.contains(".await")).count()
}

#[test]
fn files_are_flushed_in_one_place_which_knows_whether_it_may_wait() {
    let mut files = Vec::new();
    rust_files(Path::new("src"), &mut files);
    let found: Vec<String> = files
        .iter()
        .filter(|file| waits(&fs::read_to_string(file).unwrap()) > 0)
        .map(|file| file.to_string_lossy().into_owned())
        .collect();
    assert_eq!(found, [FLUSHES]);
    assert_eq!(waits("let done = file.sync_all();\n// file.sync_all()\nremote.sync_all().await?;"), 1);
}
