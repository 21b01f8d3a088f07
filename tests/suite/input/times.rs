//! Dates of which one must be wrong: deadlines would be counted from them.

use serde_json::json;

use super::refused;
use crate::commands::place::Place;

#[test]
fn a_birth_date_years_after_the_referral_is_refused() {
    refused(|r| r["referral"]["received_on"] = json!("2023-03-01")).lists(
        None,
        "referral.received_on",
        "lies before the child's birth date",
    );
}

#[test]
fn a_referral_on_or_after_the_third_birthday_is_refused() {
    refused(|r| {
        r["child"]["birth_date"] = json!("2023-10-12");
    })
    .lists(None, "referral.received_on", "on or after the third birthday");
}

#[test]
fn excused_days_that_overlap_end_before_they_begin_or_come_before_the_referral_are_refused() {
    let span = |id: &str, from: &str, to: &str| json!({ "event_id": id, "from": from, "to": to, "reason": "family_circumstances", "note": "a contact note" });
    let refusal = refused(|r| {
        r["referral"]["excused"] = json!([
            span("x-1", "2026-10-14", "2026-10-20"),
            span("x-2", "2026-10-20", "2026-10-22"),
            span("x-3", "2026-11-02", "2026-11-01"),
            span("x-4", "2026-10-01", "2026-10-02"),
            span("x-5", "2026-11-25", "2026-11-26"),
        ]);
    });
    refusal.lists(None, "referral.excused[1]", "overlaps another span");
    refusal.lists(None, "referral.excused[2].to", "before the first day");
    refusal.lists(None, "referral.excused[3].from", "before the referral");
    refusal.lists(None, "referral.excused[4].from", "in the future");
}

#[test]
fn a_meeting_without_a_date_is_refused() {
    refused(|r| {
        r["appointments"][0].as_object_mut().unwrap().remove("on");
    })
    .lists(None, "appointments[0].on", "missing");
    refused(|r| {
        r["transition"] = json!({ "conference": { "event_id": "x-conference", "approved": true, "held": true } });
    })
    .lists(None, "transition.conference.on", "a conference that was held has its day");
}

#[test]
fn a_meeting_that_was_held_tomorrow_is_refused() {
    refused(|r| {
        r["appointments"][0]["on"] = json!("2026-11-21");
        r["appointments"][0]["held"] = json!(true);
    })
    .lists(None, "appointments[0].held", "its day lies in the future");
}

#[test]
fn an_answer_before_the_question_is_refused() {
    let refusal = refused(|r| {
        r["consents"] = json!([{ "event_id": "x-consent", "act": "evaluation", "asked_on": "2026-10-14",
            "answer": { "given": true, "on": "2026-10-13", "by": "0417-mother" } }]);
        r["requests"] = json!([{ "event_id": "x-request", "kind": "record_inspection", "on": "2026-11-10", "by": "mother",
            "done_on": "2026-11-09" }]);
    });
    refusal.lists(None, "consents[0].answer.on", "before the day on which the parent was asked");
    refusal.lists(None, "requests[0].done_on", "lies before the request");
}

#[test]
fn a_closure_that_ends_before_it_begins_is_refused_and_an_old_list_of_holidays_is_named() {
    let place = Place::with(&["c-0433"]);
    let program = |calendar: &str| {
        let place = Place::with(&["c-0433"]);
        place.edit("caseload/program.toml", "\n[policy]", &format!("\n{calendar}\n[policy]"));
        place
    };
    let wrong = "[calendar]\nthrough = \"2026-12-31\"\nclosed = [{ on = \"2026-12-26\", to = \"2026-12-24\", name = \"Winter\" }]";
    program(wrong).earlypost(&["import"]).fails(3, "calendar.closed[0].to: lies before the first day");

    assert!(place.done(&["due"]).err.contains("has no list of holidays"));
    let old = program("[calendar]\nthrough = \"2025-12-31\"\nclosed = []");
    assert!(old.done(&["due"]).err.contains("ends on 2025-12-31"));
    assert!(old.done(&["config", "check"]).out.contains("ends on 2025-12-31"));
    let good =
        program("[calendar]\nthrough = \"2026-12-31\"\nclosed = [{ on = \"2026-11-26\", name = \"Thanksgiving\" }]");
    assert!(!good.done(&["due"]).err.contains("holidays"));
}
