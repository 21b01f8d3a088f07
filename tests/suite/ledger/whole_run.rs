//! After a whole run over the samples: each sending has its one entry with its bytes, and nobody's name, birth date,
//! address or words stand where they must not.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use aho_corasick::AhoCorasick;
use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::commands::place::Place;

fn hash(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// Hashes of the PDF files in a message.
fn hashes(path: &Path) -> Vec<String> {
    let bytes = fs::read(path).unwrap();
    let text = String::from_utf8(bytes).unwrap().replace("\r\n", "\n");
    text.split("\n--")
        .filter(|part| part.contains("application/pdf"))
        .filter_map(|part| part.split_once("\n\n"))
        .map(|(_, body)| BASE64.decode(body.split_whitespace().collect::<String>()).unwrap())
        .inspect(|pdf| assert!(pdf.starts_with(b"%PDF-")))
        .map(|pdf| hash(&pdf))
        .collect()
}

/// Texts of a record that must stay in the papers: names in full, birth date, street lines, the family's own words.
fn secrets(record: &Value) -> BTreeSet<String> {
    let name = |value: &Value| format!("{} {}", value["first"].as_str().unwrap(), value["last"].as_str().unwrap());
    let child = &record["child"];
    let mut found: BTreeSet<String> =
        [name(&child["legal_name"]), child["birth_date"].as_str().unwrap().to_owned()].into();
    for member in record["family"].as_array().unwrap() {
        found.insert(name(&member["name"]));
        for endpoint in member["endpoints"].as_array().into_iter().flatten() {
            let address = &endpoint["address"];
            found.extend(
                address["lines"].as_array().into_iter().flatten().take(1).map(|l| l.as_str().unwrap().to_owned()),
            );
        }
    }
    for plan in record["ifsps"].as_array().into_iter().flatten() {
        for outcome in plan["outcomes"].as_array().into_iter().flatten() {
            found.insert(outcome["statement"].as_str().unwrap().chars().take(40).collect());
        }
    }
    for contact in record["contacts"].as_array().into_iter().flatten() {
        found.extend(contact["narrative"].as_str().map(|text| text.chars().take(40).collect()));
    }
    found
}

/// Every secret of these records, to be looked for in one go.
struct Secrets {
    texts: Vec<String>,
    automaton: AhoCorasick,
}

impl Secrets {
    fn of(records: &[Value]) -> Self {
        let all: BTreeSet<String> = records.iter().flat_map(secrets).collect();
        let texts: Vec<String> = all.into_iter().collect();
        let automaton = AhoCorasick::new(&texts).unwrap();
        Self { texts, automaton }
    }

    #[track_caller]
    fn none_in(&self, what: &str, bytes: &[u8]) {
        let found = self.automaton.find(bytes).map(|hit| &self.texts[hit.pattern().as_usize()]);
        assert!(found.is_none(), "{what} holds {}", found.unwrap());
    }
}

/// Runs the whole job and proves it: one entry for each sending with its very bytes, and no secret out of its place.
fn proven(place: &Place, at_least: usize) {
    let secrets = Secrets::of(&place.records());
    let run = place.done(&["run", "--json", "-vv"]);
    let dispatches = run.json()["dispatches"].as_array().unwrap().clone();
    let marked = place.done(&["mark", "mailed", "--all"]);
    place.done(&["ledger", "verify", "--documents"]);

    let entries = place.json(&["ledger", "list"])["entries"].as_array().unwrap().clone();
    let mut items: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for entry in entries.iter().map(|e| &e["entry"]).filter(|e| e["event"] == "disclosure") {
        let id = entry["dispatch"].as_str().unwrap().to_owned();
        let of_entry = entry["items"].as_array().unwrap().iter().map(|i| i["sha256"].as_str().unwrap().to_owned());
        assert!(items.insert(id.clone(), of_entry.collect()).is_none(), "{id} has two entries");
    }
    let left = |d: &&Value| matches!(d["state"].as_str(), Some("accepted" | "printed"));
    let sent: BTreeSet<&str> = dispatches.iter().filter(left).map(|d| d["id"].as_str().unwrap()).collect();
    assert!(sent.len() > at_least, "{} sendings are too few to prove anything", sent.len());
    assert_eq!(items.keys().map(String::as_str).collect::<BTreeSet<_>>(), sent);
    let files: Vec<PathBuf> = place.sent();
    let mut outgoing: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for path in &files {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let id = sent.iter().find(|id| name.contains(**id)).unwrap_or_else(|| panic!("{name} is of no sending"));
        if path.extension().is_some_and(|e| e == "pdf") {
            // A letter is one file for the printer; the attempt knows its hash, and the papers in it are kept singly.
            let shown = place.json(&["show", id, "--pdf", place.path("went.pdf").to_str().unwrap()]);
            let reply = shown["attempts"][0]["reply"].as_str().unwrap();
            assert!(reply.ends_with(&hash(&fs::read(path).unwrap())), "{reply} is not of {name}");
            let papers = shown["dispatch"]["documents"].as_array().unwrap();
            let kept = (1..=papers.len()).map(|n| if n == 1 { "went.pdf".into() } else { format!("went-{n}.pdf") });
            outgoing.entry(id).or_default().extend(kept.map(|name| hash(&fs::read(place.path(&name)).unwrap())));
        } else {
            outgoing.entry(id).or_default().extend(hashes(path));
        }
    }
    for (id, named) in &items {
        let (mut named, mut left) = (named.clone(), outgoing.remove(id.as_str()).unwrap_or_default());
        named.sort();
        left.sort();
        assert_eq!(named, left, "{id}");
    }

    secrets.none_in("a log", run.err.as_bytes());
    secrets.none_in("the run's report", run.out.as_bytes());
    secrets.none_in("the report of the mailing", marked.out.as_bytes());
    secrets.none_in("the log of the mailing", marked.err.as_bytes());
    for entry in &entries {
        secrets.none_in("a chained entry", serde_json::to_string(&entry["entry"]).unwrap().as_bytes());
    }
    let all = place.files("data");
    let mut subjects = 0;
    for path in &all {
        let name = path.strip_prefix(place.path("data")).unwrap().to_string_lossy().into_owned();
        secrets.none_in("a file's name", name.as_bytes());
        if path.extension().is_some_and(|e| e == "eml") {
            let message = fs::read_to_string(path).unwrap();
            let headers = message.split_once("\r\n\r\n").map_or(message.as_str(), |(headers, _)| headers);
            for line in headers.lines().filter(|line| line.starts_with("Subject: ")) {
                subjects += 1;
                secrets.none_in("a subject", line.as_bytes());
            }
        }
    }
    assert!(subjects > 0);
    let hidden = all.iter().filter(|path| {
        !path.starts_with(place.data("outgoing"))
            && !path.file_name().unwrap().to_string_lossy().starts_with("earlypost.db")
    });
    let mut looked_at = 0;
    for path in hidden {
        secrets.none_in(&format!("{} in the clear", path.display()), &fs::read(path).unwrap());
        looked_at += 1;
    }
    assert!(looked_at > at_least, "stored papers, keys, mark and checkpoints are looked at: {looked_at}");
}

#[test]
fn every_sending_of_the_samples_has_its_one_entry_and_no_secret_leaves_its_place() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/caseload/children");
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let ids: Vec<String> = names.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect();
    proven(&Place::with(&ids.iter().map(String::as_str).collect::<Vec<_>>()), 50);
}

#[test]
fn every_sending_of_a_simulated_caseload_has_its_one_entry_and_no_secret_leaves_its_place() {
    proven(&Place::simulated(12), 20);
}

/// The same over a whole program: `EARLYPOST_CHILDREN=1000 cargo test --test suite -- full_proof --ignored --nocapture`.
#[test]
#[ignore = "takes minutes"]
fn full_proof_over_a_thousand_simulated_children() {
    let children = std::env::var("EARLYPOST_CHILDREN").ok().and_then(|n| n.parse().ok()).unwrap_or(1000);
    proven(&Place::simulated(children), children as usize);
}
