//! What looks odd and is right: it is taken, and only what cannot go waits.

use serde_json::{Value, json};

use super::WRONG;
use crate::commands::place::{Place, dispatch, fates};

/// Everything that means something to Typst, JSON, HTML or a shell.
const MARKS: &str = r#""'<script>#$@*_\"#;

#[test]
fn the_sample_with_every_mark_is_taken() {
    let report = Place::with(&["c-0427"]).json(&["import"]);
    assert_eq!((&report["new"], &report["refused"]), (&json!(1), &json!([])));
}

#[test]
fn marks_in_names_and_narratives_are_printed_as_they_stand() {
    let place = Place::with(&[]);
    place.change(WRONG, |r| {
        r["child"]["legal_name"]["middle"] = json!(MARKS);
        r["family"][0]["relationship"] = json!(MARKS);
        r["ifsps"][0]["present_levels"]["vision"]["narrative"] = json!(format!("{MARKS}\n\n= {MARKS} */ ]]>"));
    });
    let run = place.json(&["run"]);
    assert_eq!(run["import"]["refused"], json!([]));
    let fates = fates(&run, WRONG);
    assert!(!fates.is_empty());
    assert!(fates.iter().all(|(state, _)| matches!(*state, "accepted" | "printed")), "{fates:?}");
    let (pdf, view) = (place.path("plan.pdf"), place.path("view.json"));
    let paper = ["preview", "ifsp", "--child", WRONG, "--as", "family:0417-mother"];
    place.done(&[&paper[..], &["--out", pdf.to_str().unwrap(), "--view", view.to_str().unwrap()]].concat());
    let view: Value = serde_json::from_slice(&std::fs::read(view).unwrap()).unwrap();
    assert!(holds(&view, MARKS), "the marks are changed on their way to the paper");
}

/// Whether any text of the value contains this one.
fn holds(value: &Value, wanted: &str) -> bool {
    match value {
        Value::String(text) => text.contains(wanted),
        Value::Array(items) => items.iter().any(|item| holds(item, wanted)),
        Value::Object(fields) => fields.values().any(|field| holds(field, wanted)),
        _ => false,
    }
}

#[test]
fn a_recipient_without_an_address_or_a_channel_is_taken_and_its_paper_waits() {
    let place = Place::with(&[]);
    place.change(WRONG, |r| {
        let father = r["family"][1].as_object_mut().unwrap();
        father.insert("endpoints".into(), json!([]));
        father.remove("preferred_endpoint");
    });
    let mut directory: Value =
        serde_json::from_slice(&std::fs::read(place.caseload("directory.json")).unwrap()).unwrap();
    for office in directory["organisations"].as_array_mut().unwrap() {
        if office["organisation_id"] == "bayside-therapy" {
            office["endpoints"] = json!([{
                "endpoint_id": "bayside-fax",
                "address": {"kind": "fax", "number": "(757) 555-0159"},
                "verified_on": "2026-09-01",
                "verified_how": "test page confirmed by telephone",
            }]);
        }
    }
    std::fs::write(place.caseload("directory.json"), directory.to_string()).unwrap();

    let run = place.json(&["run"]);
    let fate = |recipient, paper| {
        let found = dispatch(&run, recipient, paper);
        (found["state"].as_str().unwrap(), found["reason"].as_str())
    };
    assert_eq!(run["import"]["refused"], json!([]));
    assert_eq!(fate("family:0417-father", "ifsp"), ("withheld", Some("no-endpoint")));
    assert_eq!(fate("office:bayside-therapy", "service-authorization"), ("withheld", Some("no-channel")));
    assert_eq!(fate("family:0417-mother", "ifsp"), ("accepted", None));
}
