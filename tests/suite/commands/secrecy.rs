//! A child's name, birth date and address stand in the papers, and nowhere beside them.

use std::path::PathBuf;

use super::place::Place;

/// What must not stand outside a paper. Ids may hold a name: the source system gave them.
const SECRETS: [&str; 6] = ["Maya", "Rivera", "2025-03-04", "March 4, 2025", "Heron", "elena.rivera@"];

#[track_caller]
fn silent(what: &str, text: &str) {
    for secret in SECRETS {
        assert!(!text.contains(secret), "{what} holds {secret}: {text}");
    }
}

/// The headers of a message and of its parts, without the addresses that it cannot go without.
fn headers(message: &str) -> String {
    let base64 =
        |line: &&str| !line.is_empty() && line.bytes().all(|b| b.is_ascii_alphanumeric() || b"+/=".contains(&b));
    let address = |line: &&str| line.starts_with("To: ") || line.starts_with("Reply-To: ");
    message.lines().filter(|line| !base64(line) && !address(line)).collect::<Vec<_>>().join("\n")
}

#[test]
fn nothing_beside_the_papers_tells_who_the_child_is() {
    let place = Place::with(&["c-0417"]);
    let run = place.done(&["run", "-vv"]);
    silent("standard error", &run.err);
    silent("the run's table", &run.out);
    let again = place.done(&["run", "-vv"]);
    silent("standard error of a second run", &again.err);
    for command in [&["status"][..], &["plan"], &["ledger", "list", "--json"], &["status", "--json", "-vv"]] {
        let said = place.done(command);
        silent("a report", &said.out);
        silent("its log", &said.err);
    }

    for path in place.files("data") {
        let name = path.strip_prefix(place.path("data")).unwrap().to_string_lossy().to_lowercase();
        assert!(!["maya", "rivera", "2025-03-04", "heron"].iter().any(|secret| name.contains(secret)), "{name}");
    }

    let is = |path: &PathBuf, kind: &str| path.extension().is_some_and(|e| e == kind);
    let messages: Vec<_> = place.sent().into_iter().filter(|path| is(path, "eml")).collect();
    assert_eq!(messages.len(), 3);
    for path in messages {
        let message = std::fs::read_to_string(&path).unwrap();
        let headers = headers(&message);
        assert!(headers.contains("Subject: ") && headers.contains("Content-Disposition: attachment"), "{headers}");
        silent("a header", &headers);
        assert!(!headers.contains("c-0417") && !headers.contains("26-0417"), "{headers}");
    }
    for manifest in place.files("data/outgoing/print").iter().filter(|path| is(path, "csv")) {
        silent("the manifest", &std::fs::read_to_string(manifest).unwrap());
    }
}

#[test]
fn stored_papers_and_letters_to_send_again_are_not_readable_without_the_key() {
    let place = Place::with(&["c-0415"]);
    place.done(&["run"]);
    let papers = place.files("data/papers");
    assert!(!papers.is_empty());
    for path in papers {
        let bytes = std::fs::read(&path).unwrap();
        assert!(!bytes.windows(4).any(|window| window == b"%PDF"), "{}", path.display());
    }
}

#[test]
fn a_log_in_json_holds_no_name_either() {
    let place = Place::with(&["c-0417"]);
    place.edit("earlypost.toml", "data_dir = \"data\"", "data_dir = \"data\"\nlog_format = \"json\"");
    place.change("c-0417", |r| r["releases"][0]["recipients"] = serde_json::json!([]));
    let said = place.earlypost(&["import", "-vv"]);
    assert_eq!(said.code, 3);
    silent("standard error", &said.err);
}
