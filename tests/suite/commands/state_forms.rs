//! A state's own text or form as a file: it goes along in the place of ours, cleaned, hashed, gated and recorded.

use std::fs;

use earlypost::{
    document::external::{FiledLimits, examine},
    due::StateForm,
};
use sha2::{Digest, Sha256};

use super::{
    place::{Place, dispatch, sample},
    templates::place_with,
};
use crate::{
    filed::made,
    papers::{plain, poppler},
};

const OURS: &str = "You may say no to any service";
const FILE: &str = "state/procedural-safeguards.pdf";

fn safeguards() -> Vec<u8> {
    made::pdf_with_scripts_and_files(&["Part C rights in this state", "How to complain in this state"])
}

fn text_of(place: &Place, paper: &str, child: &str, recipient: &str) -> String {
    let out = place.path("paper.pdf");
    let path = out.to_str().unwrap();
    let said = place.done(&["preview", paper, "--child", child, "--as", recipient, "--out", path]).out;
    assert!(said.contains("With it goes your state's own file state/"), "{said}");
    plain(&poppler::text(&fs::read(out).unwrap()))
}

#[test]
fn the_states_file_goes_with_the_notice_in_the_place_of_ours() {
    let place = place_with(&[(FILE, safeguards())]);
    place.change("c-0405", |record| record["family"][1]["preferred_endpoint"] = "0405-post-2".into());
    let copy = examine(&safeguards(), &FiledLimits::default()).unwrap().copy;
    let sha256 = hex::encode(Sha256::digest(&copy));
    assert!(!copy.windows(10).any(|bytes| bytes == b"JavaScript"));
    let run = place.json(&["run"]);
    for parent in ["family:0405-mother", "family:0405-father"] {
        let sent = dispatch(&run, parent, "prior-written-notice");
        let papers: Vec<_> = sent["documents"].as_array().unwrap().iter().collect();
        let of_the_state: Vec<_> = papers.iter().filter(|d| d["kind"] == "state-procedural-safeguards").collect();
        assert_eq!(of_the_state.len(), 1, "{sent:#}");
        assert_eq!((of_the_state[0]["pages"].as_u64(), of_the_state[0]["sha256"].as_str()), (Some(2), Some(&*sha256)));
        let shown = place.done(&["ledger", "evidence", sent["id"].as_str().unwrap()]).out;
        assert!(shown.contains(&sha256), "the record of access names the very bytes: {shown}");
    }
    let letters: Vec<String> = place
        .sent()
        .iter()
        .filter(|path| path.extension().is_some_and(|end| end == "pdf"))
        .map(|path| plain(&poppler::text(&fs::read(path).unwrap())))
        .filter(|text| text.contains("How to complain in this state"))
        .collect();
    assert!(!letters.is_empty(), "a parent gets it by post");
    for letter in letters {
        assert!(letter.contains("Your state has its own pages about this"), "{letter}");
        assert!(letter.contains("Your rights, as your state publishes them (2 pages)"), "{letter}");
        assert!(!letter.contains(OURS), "ours stands beside the state's");
    }
    assert!(place.done(&["ledger", "verify", "--documents"]).out.contains("is clean"));
}

#[test]
fn each_paper_with_the_part_says_that_the_states_file_comes_along() {
    let files: Vec<(String, Vec<u8>)> =
        StateForm::ALL.iter().map(|form| (form.file("en"), made::pdf(&["A form of this state"]))).collect();
    let files: Vec<(&str, &Vec<u8>)> = files.iter().map(|(path, bytes)| (path.as_str(), bytes)).collect();
    let place = place_with(&files);
    for child in ["c-0352", "c-0433"] {
        place.put(child, &sample(child));
    }
    let (sign, read) = ("Your state has its own form for this", "Your state has its own pages about this");
    let doctor = "office:ghent-pediatrics/dr-osei";
    let mother = "family:0417-mother";
    for (paper, child, recipient, notes) in [
        ("consent-to-release", "c-0417", mother, (1, 0)),
        ("insurance-consent", "c-0417", mother, (1, 0)),
        ("visit-packet", "c-0433", "family:0433-mother", (2, 1)),
        ("family-packet", "c-0417", mother, (1, 1)),
        ("evaluation-consent", "c-0433", "family:0433-mother", (1, 0)),
        ("confidentiality-rights", "c-0417", mother, (0, 1)),
        ("rights-and-advocacy", "c-0417", mother, (0, 1)),
        ("opt-out-information", "c-0352", "family:0352-mother", (0, 1)),
        ("physician-certification", "c-0417", doctor, (0, 0)),
    ] {
        let text = text_of(&place, paper, child, recipient);
        assert_eq!((text.matches(sign).count(), text.matches(read).count()), notes, "{paper}: {text}");
        assert!(!text.contains("cut here"), "{paper} has a slip of ours");
        assert_eq!(text.contains("The state's own form comes with this page"), paper == "physician-certification");
    }
    let check = place.done(&["template", "check"]).out;
    assert!(
        check.contains("state/evaluation-consent.pdf: goes along in the place of our evaluation-consent"),
        "{check}"
    );
}

#[test]
fn a_states_file_that_cannot_go_out_stops_the_start_and_is_named() {
    for (path, bytes, says) in [
        (
            FILE,
            made::encrypted(&["rights"], "secret"),
            "state/procedural-safeguards.pdf: the PDF is locked (encrypted)",
        ),
        (FILE, made::word_file(), "state/procedural-safeguards.pdf: is no PDF"),
        (FILE, made::pdf(&["rights"; 201]), "state/procedural-safeguards.pdf: it has 201 pages, and at most 200"),
        ("state/rights.pdf", safeguards(), "state/rights.pdf: is no form of a state's; such files lie in state/"),
        ("state/rights.txt", b"Rights".to_vec(), "there can be state/procedural-safeguards.pdf"),
        ("state/procedural-safeguards.tlh.pdf", safeguards(), "is in tlh, in which there are no papers"),
        ("state/procedural-safeguards.en.pdf", safeguards(), "what is in English carries none"),
        ("ifsp/plan.pdf", safeguards(), "ifsp/plan.pdf: is no form of a state's"),
    ] {
        place_with(&[(path, bytes)]).earlypost(&["plan"]).fails(1, says);
    }
    let both = [(FILE, safeguards()), ("state/procedural-safeguards.txt", b"Rights".to_vec())];
    place_with(&both).earlypost(&["plan"]).fails(1, "stand in the same place; keep one of the two");
}

/// Lily's mother reads Spanish, and a person has read the program's Spanish words.
fn spanish_with(files: &[(&str, Vec<u8>)]) -> Place {
    let spanish = fs::read_to_string("templates/documents/lang/es.toml").unwrap();
    let certified = spanish.replace(
        "status = \"machine\"",
        "status = \"certified\"\nreviewer = \"A. Molina, court interpreter\"\nreviewed_on = \"2026-11-01\"",
    );
    let mut all = vec![("lang/es.toml", certified.into_bytes())];
    all.extend(files.iter().cloned());
    let place = place_with(&all);
    place.put("c-0405", &sample("c-0405"));
    place.change("c-0405", |record| {
        for member in record["family"].as_array_mut().unwrap() {
            member["preferred_language"] = "es".into();
        }
    });
    place
}

#[test]
fn a_notice_waits_where_the_states_part_of_it_is_in_english_only_and_goes_with_the_states_own_spanish() {
    let english = (FILE, made::pdf(&["Part C rights in this state"]));
    let spanish = ("state/procedural-safeguards.es.pdf", made::pdf(&["Sus derechos en este estado"]));
    let mother = "family:0405-mother";

    let alone = spanish_with(std::slice::from_ref(&english));
    let run = alone.json(&["run"]);
    let held = dispatch(&run, mother, "prior-written-notice");
    assert_eq!(held["reason"], "not-in-their-language", "{held:#}");

    let both = spanish_with(&[english, spanish]);
    let run = both.json(&["run"]);
    let sent = dispatch(&run, mother, "prior-written-notice");
    assert_eq!(sent["state"], "accepted", "{sent:#}");
    let out = both.path("rights.pdf");
    let copy = examine(&made::pdf(&["Sus derechos en este estado"]), &FiledLimits::default()).unwrap().copy;
    let sha256 = hex::encode(Sha256::digest(&copy));
    let went =
        sent["documents"].as_array().unwrap().iter().find(|d| d["kind"] == "state-procedural-safeguards").unwrap();
    assert_eq!(went["sha256"], sha256.as_str());
    // Who reads English gets the English file.
    let said = both.done(&[
        "preview",
        "procedural-safeguards",
        "--child",
        "c-0417",
        "--as",
        "family:0417-mother",
        "--out",
        out.to_str().unwrap(),
    ]);
    assert!(said.out.contains("state/procedural-safeguards.pdf."), "{}", said.out);
}

#[test]
fn a_states_text_stands_on_the_page_in_the_readers_language() {
    let own = |says: &str| format!("# {says}\n\n{says} (2).\n").into_bytes();
    let texts = [
        ("state/evaluation-consent.txt", own("Permission in this state")),
        ("state/evaluation-consent.es.txt", own("Permiso en este estado")),
    ];
    for (files, says) in [(&texts[..], "Permiso en este estado (2)."), (&texts[..1], "Permission in this state (2).")] {
        let place = spanish_with(files);
        let out = place.path("paper.pdf");
        let path = out.to_str().unwrap();
        place.done(&[
            "preview",
            "evaluation-consent",
            "--child",
            "c-0405",
            "--as",
            "family:0405-mother",
            "--out",
            path,
        ]);
        let text = plain(&poppler::text(&fs::read(&out).unwrap()));
        assert!(text.contains(says), "{text}");
    }
}
