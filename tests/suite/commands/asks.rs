//! What the facts of a child ask of a person: tasks that open and end with the facts, and those that a person ends.

use serde_json::json;

use super::place::Place;

fn tasks(place: &Place, kind: &str) -> Vec<(String, String)> {
    let listed = place.json(&["tasks"]);
    let lines = listed["tasks"].as_array().unwrap().iter().filter(|line| line["what"] == kind);
    lines.map(|l| (l["id"].as_str().unwrap().to_owned(), l["next_step"].as_str().unwrap().to_owned())).collect()
}

#[test]
fn a_revocation_asks_at_once_for_a_correction_of_the_source_and_an_unchanged_import_leaves_it_open() {
    let place = Place::with(&["c-0417"]);
    place.done(&["import"]);
    place.done(&["consent", "revoke", "--child", "c-0417", "--release", "0417-release-ghent"]);
    assert_eq!(tasks(&place, "import-disagrees").len(), 1);
    place.done(&["import"]);
    assert_eq!(tasks(&place, "import-disagrees").len(), 1);
    place.change("c-0417", |r| r["releases"][0]["revoked_on"] = json!("2026-11-20"));
    place.done(&["import"]);
    assert!(tasks(&place, "import-disagrees").is_empty());
}

#[test]
fn an_order_of_the_record_that_nobody_has_read_opens_a_task_until_it_is_read() {
    let place = Place::with(&["c-0417"]);
    let order = |effect: Option<&str>| {
        json!([{ "order_id": "order-7", "received_on": "2026-11-18", "effective_on": "2026-11-18",
                 "persons": ["0417-father"], "effect": effect }])
    };
    place.change("c-0417", |r| r["court_orders"] = order(None));
    place.done(&["import"]);
    assert_eq!(tasks(&place, "order-unread").len(), 1);
    place.change("c-0417", |r| r["court_orders"] = order(Some("named_decision_maker")));
    place.done(&["import"]);
    assert!(tasks(&place, "order-unread").is_empty());
}

#[test]
fn an_objection_where_the_state_gives_none_goes_to_the_coordinator_who_ends_its_task() {
    let place = Place::with(&["c-0398"]);
    place.edit("caseload/program.toml", "state_profile = \"virginia\"", "state_profile = \"federal\"");
    place.change("c-0398", |r| {
        if r["transition"].is_null() {
            r["transition"] = json!({});
        }
        r["transition"]["notice_objection_on"] = json!("2026-11-10");
    });
    place.done(&["import"]);
    let open = tasks(&place, "objection");
    assert_eq!(open.len(), 1, "{open:?}");
    place.done(&["tasks", "done", &open[0].0]);
    assert!(tasks(&place, "objection").is_empty());
    place.change("c-0398", |r| r["family"][0]["telephone"] = json!("(757) 555-0199"));
    place.done(&["import"]);
    assert!(tasks(&place, "objection").is_empty(), "what a person has ended stays ended");
}

#[test]
fn a_task_that_a_recorded_fact_ends_is_not_ended_by_hand() {
    let place = Place::with(&["c-0417"]);
    place.done(&["import"]);
    place.done(&["consent", "revoke", "--child", "c-0417", "--release", "0417-release-ghent", "--oral"]);
    let open = tasks(&place, "written-revocation");
    place.earlypost(&["tasks", "done", &open[0].0]).fails(1, "ends by itself");
    assert_eq!(tasks(&place, "written-revocation").len(), 1);
}

#[test]
fn a_parent_whose_language_nobody_configured_gets_english_at_once_and_the_coordinator_is_asked_for_an_interpreter() {
    let place = Place::with(&["c-0417"]);
    place.change("c-0417", |r| r["family"][0]["preferred_language"] = json!("tl"));
    let run = place.json(&["run"]);
    let went = |line: &&serde_json::Value| line["recipient"] == "family:0417-mother" && line["state"] == "accepted";
    assert!(run["dispatches"].as_array().unwrap().iter().any(|line| went(&line)), "{run:#}");
    let open = tasks(&place, "language-not-served");
    assert_eq!(open.len(), 1);
    assert!(open[0].1.starts_with("There are no texts in `tl` here"), "{open:?}");
    let out = place.path("reminder.pdf");
    let paper = ["preview", "monthly-reminder", "--child", "c-0417", "--as", "family:0417-mother", "--out"];
    place.done(&[&paper[..], &[out.to_str().unwrap()]].concat());
    let text =
        crate::papers::poppler::text(&std::fs::read(out).unwrap()).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("An interpreter can read this to you in your language, at no cost: call Jenni"), "{text}");

    place.change("c-0417", |r| r["family"][0]["preferred_language"] = json!("es-MX"));
    place.done(&["import"]);
    assert!(tasks(&place, "language-not-served").is_empty());
}
