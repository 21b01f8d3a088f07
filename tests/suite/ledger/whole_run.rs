//! After a whole run over the samples: each sending has its one entry with its bytes, and nobody's name, birth date,
//! address or words stand where they must not.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::commands::place::{Place, sample};

fn everybody() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/caseload/children");
    let mut ids: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    ids.sort();
    ids
}

/// Hashes of the PDF files in a message, or of a letter itself.
fn hashes(path: &Path) -> Vec<String> {
    let bytes = fs::read(path).unwrap();
    let hash = |bytes: &[u8]| hex::encode(Sha256::digest(bytes));
    if path.extension().is_some_and(|e| e == "pdf") {
        return vec![hash(&bytes)];
    }
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

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[test]
fn every_sending_has_its_one_entry_and_no_secret_leaves_its_place() {
    let ids = everybody();
    let place = Place::with(&ids.iter().map(String::as_str).collect::<Vec<_>>());
    let run = place.done(&["run", "--json", "-vv"]);
    let dispatches = run.json()["dispatches"].as_array().unwrap().clone();
    let marked = place.done(&["mark", "mailed", "--all"]);
    place.done(&["ledger", "verify", "--documents"]);

    // One entry for each sending, with the very bytes that lie in the outgoing folders.
    let entries = place.json(&["ledger", "list"])["entries"].as_array().unwrap().clone();
    let mut items: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for entry in entries.iter().map(|e| &e["entry"]).filter(|e| e["event"] == "disclosure") {
        let id = entry["dispatch"].as_str().unwrap().to_owned();
        let of_entry = entry["items"].as_array().unwrap().iter().map(|i| i["sha256"].as_str().unwrap().to_owned());
        assert!(items.insert(id.clone(), of_entry.collect()).is_none(), "{id} has two entries");
    }
    let left = |d: &&Value| matches!(d["state"].as_str(), Some("accepted" | "printed"));
    let sent: BTreeSet<&str> = dispatches.iter().filter(left).map(|d| d["id"].as_str().unwrap()).collect();
    assert!(sent.len() > 50, "{}", sent.len());
    assert_eq!(items.keys().map(String::as_str).collect::<BTreeSet<_>>(), sent);
    let files: Vec<PathBuf> = place.sent();
    for (id, hashes_of_entry) in &items {
        let mut outgoing: Vec<String> =
            files.iter().filter(|path| path.to_string_lossy().contains(id.as_str())).flat_map(|p| hashes(p)).collect();
        let mut named = hashes_of_entry.clone();
        outgoing.sort();
        named.sort();
        assert_eq!(named, outgoing, "{id}");
    }

    // Nothing of anybody outside the papers, the database and the outgoing files.
    let chained = serde_json::to_string(&entries).unwrap();
    let hidden: Vec<(PathBuf, Vec<u8>)> = place
        .files("data")
        .into_iter()
        .filter(|path| !path.starts_with(place.data("outgoing")))
        .filter(|path| !path.file_name().unwrap().to_string_lossy().starts_with("earlypost.db"))
        .map(|path| (path.clone(), fs::read(path).unwrap()))
        .collect();
    assert!(hidden.len() > 60, "stored papers, keys, mark and checkpoints are looked at: {}", hidden.len());
    let names: Vec<String> = place.files("data").iter().map(|path| path.to_string_lossy().into_owned()).collect();
    let subjects: Vec<String> = files
        .iter()
        .filter(|path| path.extension().is_some_and(|e| e == "eml"))
        .flat_map(|path| fs::read_to_string(path).unwrap().lines().map(ToOwned::to_owned).collect::<Vec<_>>())
        .filter(|line| line.starts_with("Subject: "))
        .collect();
    assert!(!subjects.is_empty());
    for id in &ids {
        for secret in secrets(&sample(id)) {
            assert!(!run.err.contains(&secret), "a log holds {secret}");
            assert!(!marked.out.contains(&secret), "a report holds {secret}");
            assert!(!run.out.contains(&secret), "the run's report holds {secret}");
            assert!(!chained.contains(&secret), "a chained entry holds {secret}");
            assert!(!names.iter().any(|name| name.contains(&secret)), "a file's name holds {secret}");
            assert!(!subjects.iter().any(|line| line.contains(&secret)), "a subject holds {secret}");
            let clear = hidden.iter().find(|(_, bytes)| holds(bytes, &secret));
            assert!(clear.is_none(), "{} holds {secret} in the clear", clear.unwrap().0.display());
        }
    }
}
