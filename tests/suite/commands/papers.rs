//! Looking: a child by name, a paper before it goes, the exact bytes that went. Looking is recorded.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::place::{Place, account_as_recorded, dispatch, ended};

/// The entries of the record of access, without their places.
fn entries(place: &Place) -> Vec<Value> {
    let listed = place.json(&["ledger", "list"]);
    listed["entries"].as_array().unwrap().iter().map(|link| link["entry"].clone()).collect()
}

#[test]
fn a_child_is_found_by_a_part_of_the_name_or_number_on_the_screen() {
    let place = Place::with(&["c-0415", "c-0417"]);
    place.done(&["import"]);
    let said = place.done(&["find", "riVER"]);
    assert!(said.out.contains("c-0417") && said.out.contains("Maya Rivera"), "{}", said.out);
    assert!(!said.out.contains("c-0415"), "{}", said.out);
    assert_eq!(place.json(&["find", "26-0415"])["found"][0]["child"], "c-0415");
    let nobody = place.earlypost(&["find", "Rivers"]);
    assert_eq!(nobody.code, 1);
    assert!(nobody.out.contains("No child of this program"), "{}", nobody.out);
}

#[test]
fn a_preview_is_a_pdf_and_an_entry_that_somebody_looked() {
    let place = Place::with(&["c-0417"]);
    let pdf = place.path("preview.pdf");
    let file = pdf.to_str().unwrap();
    let as_whom = "office:ghent-pediatrics/dr-osei";
    let said = place.done(&["preview", "physician-letter", "--child", "c-0417", "--as", as_whom, "--out", file]);
    assert!(said.out.contains("It may go now"), "{}", said.out);
    let bytes = std::fs::read(&pdf).unwrap();
    assert!(bytes.starts_with(b"%PDF"));

    let entries = entries(&place);
    assert_eq!(entries.len(), 1);
    let entry = &entries[0];
    assert_eq!((&entry["event"], &entry["released_by"]), (&json!("access_view"), &json!(account_as_recorded())));
    assert_eq!(entry["items"][0]["document"], "physician-letter");
    assert_eq!(entry["items"][0]["sha256"], hex::encode(Sha256::digest(&bytes)));
    place.done(&["ledger", "verify", "--documents"]);
    assert!(place.sent().is_empty());
}

#[test]
fn a_preview_that_may_not_go_says_why() {
    let place = Place::with(&["c-0398"]);
    let pdf = place.path("preview.pdf");
    let as_whom = "office:ghent-pediatrics/dr-osei";
    let args = ["preview", "ifsp", "--child", "c-0398", "--as", as_whom, "--out", pdf.to_str().unwrap()];
    let said = place.done(&args);
    assert!(said.out.contains("It may not go now: No signed release names this recipient."), "{}", said.out);
}

#[test]
fn the_bytes_that_went_are_shown_as_they_are_and_looking_is_recorded() {
    let place = Place::with(&["c-0405"]);
    let run = place.json(&["run"]);
    let packet = dispatch(&run, "office:oceanview-family/dr-lindqvist", "physician-letter");
    let id = packet["id"].as_str().unwrap();
    let before = entries(&place).len();
    let shown = place.json(&["show", id, "--pdf", place.path("went.pdf").to_str().unwrap()]);
    assert_eq!(shown["dispatch"]["documents"], packet["documents"]);
    assert_eq!(shown["attempts"][0]["outcome"], "printed");
    let states: Vec<_> = shown["history"].as_array().unwrap().iter().map(|h| h["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["queued", "sending", "printed"]);
    for (i, name) in ["went.pdf", "went-2.pdf"].iter().enumerate() {
        let bytes = std::fs::read(place.path(name)).unwrap();
        assert_eq!(packet["documents"][i]["sha256"], hex::encode(Sha256::digest(&bytes)), "{name}");
    }
    let letter =
        place.sent().into_iter().find(|path| path.to_string_lossy().contains(id)).expect("it lies in the stack");
    let printed = hex::encode(Sha256::digest(std::fs::read(letter).unwrap()));
    assert!(shown["attempts"][0]["reply"].as_str().unwrap().ends_with(&printed), "{shown}");
    let entries = entries(&place);
    assert_eq!(entries.len(), before + 1);
    assert_eq!((&entries[before]["event"], &entries[before]["dispatch"]), (&json!("access_view"), &json!(id)));
}

#[test]
fn a_childs_part_of_the_record_names_people_on_the_screen_and_looking_at_it_is_recorded() {
    let place = Place::with(&["c-0415"]);
    place.done(&["run"]);
    let told = place.json(&["ledger", "list", "--child", "c-0415"]);
    let details: Vec<_> = told["entries"].as_array().unwrap().iter().map(|entry| &entry["detail"]).collect();
    assert_eq!(details.len(), 2);
    for detail in details {
        assert!(detail["recipient_name"].as_str().unwrap().contains("Sato"), "{detail}");
        assert!(detail["address"].as_str().unwrap().contains("@example.org"), "{detail}");
        assert!(detail["records"].as_str().unwrap().contains("pages"), "{detail}");
    }
    let entries = entries(&place);
    assert_eq!(entries.len(), 3);
    assert_eq!(
        (&entries[2]["event"], &entries[2]["released_by"]),
        (&json!("access_view"), &json!(account_as_recorded()))
    );
    assert!(!json!(entries).to_string().contains("Sato"));
}

#[test]
fn what_is_not_there_is_said_plainly() {
    let place = Place::with(&["c-0415"]);
    place.done(&["import"]);
    place.earlypost(&["show", "no-such-dispatch"]).fails(1, "there is no dispatch no-such-dispatch");
    place.earlypost(&["hold", "--child", "c-9999", "--reason", "x"]).fails(1, "there is no child c-9999");
    place
        .earlypost(&["send", "contact-summary", "--child", "c-0415", "--yes"])
        .fails(1, "nobody is owed a contact-summary for child c-0415");
}

#[test]
fn a_bare_file_name_is_written_into_the_present_folder() {
    let place = Place::with(&["c-0417"]);
    let here = tempfile::tempdir().unwrap();
    let mut command = place.command(&["preview", "stop-notice", "--child", "c-0417", "--as", "office:bayside-therapy"]);
    let nothing_ends = ended(command.args(["--out", "notice.pdf"]).current_dir(here.path()));
    assert_eq!(nothing_ends.code, 1, "{}", nothing_ends.out);
    let mut command = place.command(&["preview", "ifsp", "--child", "c-0417", "--as", "office:bayside-therapy"]);
    let said = ended(command.args(["--out", "plan.pdf"]).current_dir(here.path()));
    assert_eq!(said.code, 0, "{}", said.out);
    assert!(here.path().join("plan.pdf").is_file());
}
