//! A plan that is marked final and lacks what the rules ask of every plan: it is not final, and a task says why.

use serde_json::{Value, json};

use super::{GOOD, TELLTALE, WRONG, refused};
use crate::commands::place::{Place, sample};

/// Every field that a plan must have: its pointer within the version, as a person writes it, and the section of 34 CFR.
const MANDATORY: [(&str, &str, &str); 33] = [
    ("/present_levels", "present_levels", "303.344(a)"),
    ("/present_levels/physical", "present_levels.physical", "303.344(a)"),
    ("/present_levels/vision", "present_levels.vision", "303.344(a)"),
    ("/present_levels/hearing", "present_levels.hearing", "303.344(a)"),
    ("/present_levels/health", "present_levels.health", "303.344(a)"),
    ("/present_levels/cognitive", "present_levels.cognitive", "303.344(a)"),
    ("/present_levels/communication", "present_levels.communication", "303.344(a)"),
    ("/present_levels/social_emotional", "present_levels.social_emotional", "303.344(a)"),
    ("/present_levels/adaptive/narrative", "present_levels.adaptive.narrative", "303.344(a)"),
    ("/family", "family", "303.344(b)"),
    ("/outcomes/0/statement", "outcomes[0].statement", "303.344(c)"),
    ("/outcomes/0/criteria", "outcomes[0].criteria", "303.344(c)"),
    ("/outcomes/1/procedures", "outcomes[1].procedures", "303.344(c)"),
    ("/outcomes/1/timeline", "outcomes[1].timeline", "303.344(c)"),
    ("/services/0/service", "services[0].service", "303.344(d)(1)"),
    ("/services/0/session_minutes", "services[0].session_minutes", "303.344(d)(1)(i)"),
    ("/services/0/sessions", "services[0].sessions", "303.344(d)(1)(i)"),
    ("/services/0/per", "services[0].per", "303.344(d)(1)(i)"),
    ("/services/0/intensity", "services[0].intensity", "303.344(d)(1)(i)"),
    ("/services/1/method", "services[1].method", "303.344(d)(1)(i)"),
    ("/services/0/setting", "services[0].setting", "303.344(d)(1)(ii)"),
    ("/services/1/location", "services[1].location", "303.344(d)(1)(iii)"),
    ("/services/0/payment", "services[0].payment", "303.344(d)(1)(iv)"),
    ("/other_services/1/steps", "other_services[1].steps", "303.344(e)(2)"),
    ("/services/0/projected_start", "services[0].projected_start", "303.344(f)(1)"),
    ("/services/0/duration_end", "services[0].duration_end", "303.344(f)(2)"),
    ("/service_coordinator", "service_coordinator", "303.344(g)"),
    ("/transition_steps", "transition_steps", "303.344(h)"),
    ("/transition_steps/0/text", "transition_steps[0].text", "303.344(h)"),
    ("/transition_steps/0/responsible", "transition_steps[0].responsible", "303.344(h)"),
    ("/explained_on", "explained_on", "303.342(e)"),
    ("/signature", "signature", "303.342(e)"),
    ("/outcomes", "outcomes", "303.344(c)"),
];

/// Takes a field out of the child's only version.
fn leave_out(record: &mut Value, pointer: &str) {
    let (parent, field) = pointer.rsplit_once('/').unwrap();
    let parent = record["ifsps"][0].pointer_mut(parent).unwrap().as_object_mut().unwrap();
    assert!(parent.remove(field).is_some(), "{pointer} is not in the sample");
}

/// Subject and next step of the open tasks about plans that are not final.
fn asked(place: &Place) -> Vec<String> {
    let listed = place.json(&["tasks"]);
    let about = listed["tasks"].as_array().unwrap().iter().filter(|line| line["what"] == "plan-not-final");
    about.map(|line| line["next_step"].as_str().unwrap().to_owned()).collect()
}

/// The papers that are owed of the plan: its copies, its letters and its authorizations.
fn papers_of_the_plan(place: &Place) -> usize {
    let planned = place.earlypost(&["plan", "--json", "--child", WRONG]).json();
    let of_plan = ["ifsp", "physician-letter", "service-authorization", "family-packet", "physician-certification"];
    let papers = planned["lines"].as_array().unwrap().iter().flat_map(|line| line["documents"].as_array().unwrap());
    papers.filter(|paper| of_plan.iter().any(|kind| paper.as_str() == Some(kind) || paper["kind"] == *kind)).count()
}

/// Each field in a record of its own, all of one caseload.
#[test]
fn whatever_mandatory_field_a_final_plan_lacks_the_record_is_taken_and_the_field_named() {
    let place = Place::with(&[]);
    for (i, (pointer, ..)) in MANDATORY.iter().enumerate() {
        let mut record = sample(WRONG);
        record["child_id"] = json!(format!("c-{i}"));
        record["program_number"] = json!(format!("26-{i:04}"));
        leave_out(&mut record, pointer);
        if *pointer == "/outcomes" {
            // A service for an outcome that is not there would be wrong besides.
            record["ifsps"][0]["services"] = json!([]);
        }
        place.put(&format!("c-{i}"), &record);
    }
    let said = place.earlypost(&["import", "--json"]);
    assert_eq!(said.code, 0, "{}", said.err);
    let report = said.json();
    assert_eq!((&report["new"], &report["refused"]), (&json!(MANDATORY.len()), &json!([])));
    let tasks = place.json(&["tasks"]);
    for (i, (_, field, rule)) in MANDATORY.iter().enumerate() {
        let line = format!("children/c-{i}.json: ifsps[0].{field}: missing; a final plan has it (34 CFR {rule});");
        assert_eq!(said.err.lines().filter(|said| said.starts_with(&line)).count(), 1, "{line}\n{}", said.err);
        let task = |line: &&Value| line["child"] == format!("c-{i}") && line["what"] == "plan-not-final";
        let next = tasks["tasks"].as_array().unwrap().iter().find(task).unwrap()["next_step"].as_str().unwrap();
        assert!(next.contains(&format!("{field} ({rule})")), "{next}");
    }
    assert_eq!(said.err.matches("missing; ").count(), MANDATORY.len(), "{}", said.err);
}

#[test]
fn nothing_of_a_plan_that_lacks_a_field_is_sent_until_it_is_there() {
    let place = Place::with(&[GOOD]);
    place.change(WRONG, |r| leave_out(r, "/present_levels/hearing"));
    let run = place.json(&["run"]);
    assert_eq!(papers_of_the_plan(&place), 0);
    assert!(!run["dispatches"].as_array().unwrap().iter().any(|line| {
        line["child"] == WRONG && line["documents"].as_array().unwrap().iter().any(|d| d["kind"] == "ifsp")
    }));
    assert_eq!(asked(&place).len(), 1);
    place
        .earlypost(&["preview", "ifsp", "--child", WRONG, "--as", "family:0417-mother", "--out", "no.pdf"])
        .fails(1, "plan");

    place.put(WRONG, &sample(WRONG));
    let run = place.json(&["run"]);
    assert_eq!(asked(&place), Vec::<String>::new());
    assert!(run["dispatches"].as_array().unwrap().iter().any(|line| {
        line["child"] == WRONG && line["documents"].as_array().unwrap().iter().any(|d| d["kind"] == "ifsp")
    }));
}

#[test]
fn an_empty_text_and_an_empty_list_are_no_field() {
    let place = Place::with(&[]);
    place.change(WRONG, |r| {
        r["ifsps"][0]["present_levels"] = json!({});
        r["ifsps"][0]["outcomes"][0]["criteria"] = json!("  ");
        r["ifsps"][0]["services"][0]["payment"] = json!([]);
    });
    let report = place.json(&["import"]);
    let fields: Vec<_> = report["not_final"].as_array().unwrap().iter().map(|p| p["field"].as_str().unwrap()).collect();
    assert_eq!(fields, ["ifsps[0].present_levels", "ifsps[0].outcomes[0].criteria", "ifsps[0].services[0].payment"]);
}

#[test]
fn a_draft_may_lack_anything_and_asks_nothing() {
    let place = Place::with(&[]);
    place.change(WRONG, |r| {
        r["ifsps"][0]["status"] = json!("draft");
        for pointer in ["/present_levels/hearing", "/outcomes/0/criteria", "/services/0/method", "/signature"] {
            leave_out(r, pointer);
        }
    });
    let report = place.json(&["import"]);
    assert_eq!((&report["new"], &report["not_final"]), (&json!(1), &json!([])));
    assert_eq!(asked(&place), Vec::<String>::new());
    assert_eq!(papers_of_the_plan(&place), 0);
}

#[test]
fn an_interim_plan_needs_no_levels_outcomes_or_steps() {
    let place = Place::with(&[]);
    place.change(WRONG, |r| {
        r["ifsps"][0]["kind"] = json!("interim");
        r["ifsps"][0]["services"] = json!([]);
        for pointer in ["/present_levels", "/outcomes", "/family", "/transition_steps"] {
            leave_out(r, pointer);
        }
    });
    assert_eq!(place.json(&["import"])["not_final"], json!([]));
}

#[test]
fn the_plan_before_it_stays_and_problems_keep_the_numbers_of_the_file() {
    let two = |r: &mut Value| {
        let mut second = r["ifsps"][0].clone();
        second["version"] = json!(2);
        second["outcomes"][0].as_object_mut().unwrap().remove("criteria");
        r["ifsps"].as_array_mut().unwrap().insert(0, second);
    };
    let place = Place::with(&[]);
    place.change(WRONG, two);
    let report = place.json(&["import"]);
    assert_eq!(report["not_final"][0]["field"], "ifsps[0].outcomes[0].criteria");
    assert!(papers_of_the_plan(&place) > 0, "version 1 is whole");

    refused(|r| {
        two(r);
        r["ifsps"][1]["services"][0]["outcomes"] = json!([99]);
    })
    .lists(None, "ifsps[1].services[0].outcomes", "names outcome 99");
}

#[test]
fn a_final_version_that_comes_back_with_a_blank_is_another_text_and_holds_the_child() {
    let place = Place::with(&[WRONG]);
    place.done(&["import"]);
    place.change(WRONG, |r| leave_out(r, "/present_levels/hearing"));
    let said = place.earlypost(&["import", "--json"]);
    said.fails(3, "children/c-0417.json: ifsps[0]: plan ifsp-0417 version 1 was imported before with another text");
    assert_eq!(said.json()["refused"][0]["holds"], true);
}

#[test]
fn a_version_with_a_blank_that_ends_a_consent_refuses_the_record() {
    let ends = |status: &str| {
        let refusal = refused(|r| {
            let mut second = r["ifsps"][0].clone();
            second["version"] = json!(2);
            second["services"][0]["consent"] = match status {
                "declined" => json!({"status": "declined", "on": "2026-11-20", "by": "0417-mother"}),
                _ => json!({"status": "withdrawn", "given_on": "2026-11-20", "on": "2026-11-20", "by": "0417-mother",
                            "event_id": "0417-withdrawal"}),
            };
            second["outcomes"][0].as_object_mut().unwrap().remove("criteria");
            r["ifsps"].as_array_mut().unwrap().push(second);
        });
        refusal.only(None, "ifsps[1].outcomes[0].criteria", "missing");
    };
    ends("declined");
    ends("withdrawn");
}

#[test]
fn a_version_that_lacks_a_field_and_has_a_wrong_one_refuses_the_record_for_both() {
    let refusal = refused(|r| {
        leave_out(r, "/present_levels");
        r["ifsps"][0]["meeting_on"] = json!("20.11.2026");
        r["ifsps"][0]["outcomes"][0]["routine"] = json!(format!("{TELLTALE} ").repeat(2_500));
    });
    refusal.lists(None, "ifsps[0].meeting_on", "is no date of the calendar");
    refusal.lists(None, "ifsps[0].outcomes[0].routine", "at most 20000 characters");
}

#[test]
fn a_misspelt_field_is_no_blank_and_refuses_the_record() {
    let refusal = refused(|r| {
        leave_out(r, "/services/0/per");
        r["ifsps"][0]["services"][0]["period"] = json!("week");
    });
    refusal.lists(None, "ifsps[0].services[0].per", "missing");
    refusal.lists(None, "ifsps[0].services[0].period", "unknown field");
}

#[test]
fn the_records_own_note_of_unfinished_plans_is_no_field_of_a_file() {
    refused(|r| r["unfinished"] = json!([])).only(None, "unfinished", "unknown field");
}
