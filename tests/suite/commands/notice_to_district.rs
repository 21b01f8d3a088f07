//! The notice to the school district: who was told, who objected, and what that does everywhere at once.

use std::process::Command;

use serde_json::{Value, json};

use super::place::{Place, dispatches};
use crate::papers::plain;

const CHILD: &str = "c-0352";

/// Near the third birthday; told on November 16, the notice is due on January 2.
fn near_three() -> Place {
    let place = Place::with(&[CHILD]);
    place.change(CHILD, |r| r["transition"]["may_be_eligible_for_part_b"] = json!(true));
    place
}

fn day(place: &Place, from: &str, to: &str) {
    place.edit("caseload/program.toml", &format!("as_of = \"{from}\""), &format!("as_of = \"{to}\""));
}

/// What became of the notice in a run: its state, with the reason where it did not go.
fn notice(run: &Value) -> Option<String> {
    let line = dispatches(run).iter().find(|line| line.to_string().contains("lea-notice"))?;
    let reason = line["reason"].as_str().map_or_else(String::new, |reason| format!(", {reason}"));
    Some(format!("{}{reason}", line["state"].as_str().unwrap()))
}

fn explained(place: &Place) -> String {
    place.done(&["explain", "--child", CHILD]).out
}

#[test]
fn our_own_letter_tells_the_parents_and_gives_them_their_time() {
    let place = near_three();
    place.change(CHILD, |r| drop(r["transition"].as_object_mut().unwrap().remove("parents_told_on")));
    place.done(&["run"]);
    place.done(&["mark", "mailed", "--all"]);
    // What a synthetic program mails counts from its own day, as the next run on that day sees it.
    place.done(&["run"]);
    day(&place, "2026-11-20", "2026-12-03");
    assert_eq!(notice(&place.json(&["run"])), None, "the thirteenth day is the last one to object on");
    day(&place, "2026-12-03", "2026-12-04");
    assert_eq!(notice(&place.json(&["run"])).as_deref(), Some("accepted"));
}

#[test]
fn a_letter_that_came_back_told_nobody() {
    let place = near_three();
    place.change(CHILD, |r| drop(r["transition"].as_object_mut().unwrap().remove("parents_told_on")));
    let run = place.json(&["run"]);
    let printed = dispatches(&run).iter().find(|line| line["state"] == "printed").unwrap()["id"].clone();
    place.done(&["mark", "mailed", "--all"]);
    place.done(&["run"]);
    place.done(&["mark", "returned", printed.as_str().unwrap()]);
    day(&place, "2026-11-20", "2026-12-04");
    assert_eq!(notice(&place.json(&["run"])), None);
    let by_hand =
        place.earlypost(&["--json", "send", "lea-notice", "--child", CHILD, "--to", "office:norfolk-schools", "--yes"]);
    assert!(by_hand.out.contains("parents-not-told"), "{}{}", by_hand.out, by_hand.err);
}

#[test]
fn an_objection_recorded_here_is_known_to_duties_gate_and_packet_at_once() {
    let place = near_three();
    place.done(&["import"]);
    place.done(&["record", "objection", "--child", CHILD, "--written", "--on", "2026-11-20"]);
    let why = "a parent objected in writing on 2026-11-20: the notice is not permitted";
    assert!(explained(&place).contains(why), "{}", explained(&place));
    let packet = place.path("packet.pdf");
    let to = packet.to_str().unwrap();
    place.done(&["preview", "transition-packet", "--child", CHILD, "--as", "family:0352-mother", "--out", to]);
    let text = Command::new("pdftotext").arg(&packet).arg("-").output().unwrap().stdout;
    let text = plain(&String::from_utf8_lossy(&text));
    assert!(text.contains("You told us not to send this notice"), "{text}");
    day(&place, "2026-11-20", "2027-01-10");
    let late = place.json(&["due", "--late"]);
    assert!(!late.to_string().contains("lea-notice"), "{late}");
    let by_hand =
        place.earlypost(&["--json", "send", "lea-notice", "--child", CHILD, "--to", "office:norfolk-schools", "--yes"]);
    assert!(by_hand.out.contains("parents-objected"), "{}{}", by_hand.out, by_hand.err);
}

#[test]
fn an_objection_after_the_time_holds_the_notice_until_a_supervisor_has_decided() {
    for (counts, then) in [(true, "withheld, parents-objected"), (false, "accepted")] {
        let place = near_three();
        place.done(&["import"]);
        day(&place, "2026-11-20", "2026-12-05");
        place.done(&["record", "objection", "--child", CHILD, "--written", "--on", "2026-12-05"]);
        assert_eq!(notice(&place.json(&["run"])).as_deref(), Some("held, objection-late"));
        let waiting = place.json(&["status"])["waiting"].to_string();
        assert!(waiting.contains("2027-01-02"), "it names the last day in time: {waiting}");
        let because = if counts { &["--counts", "--because", "we honor it"][..] } else { &["--because", "the rule"] };
        let decide = [&["record", "late-objection", "--child", CHILD], because].concat();
        place.done(&decide);
        let run = place.json(&["run"]);
        if counts {
            assert!(explained(&place).contains("and the program honors it"), "{}", explained(&place));
            assert_ne!(notice(&run).as_deref(), Some("accepted"), "{then}");
        } else {
            assert_eq!(notice(&run).as_deref(), Some(then));
        }
    }
}

#[test]
fn a_late_referral_is_met_by_the_notice_that_the_parents_consented_to() {
    let place = near_three();
    place.change(CHILD, |r| {
        r["ifsps"] = json!([]);
        r["evaluations"] = json!([]);
        r["assignments"] = json!([]);
        r["contacts"] = json!([]);
        r["appointments"] = json!([]);
        r["referral"]["received_on"] = json!("2026-11-18");
        r["referral"]["first_contact_on"] = json!("2026-11-18");
        r["child"]["birth_date"] = json!("2023-12-28");
        r["transition"] = json!({ "may_be_eligible_for_part_b": true });
        for office in ["coordinators", "physicians"] {
            for term in r[office].as_array_mut().into_iter().flatten() {
                term["from"] = json!("2026-11-18");
                drop(term.as_object_mut().unwrap().remove("to"));
            }
        }
        let release = &mut r["releases"][0];
        release["signed_on"] = json!("2026-11-19");
        release["recipients"] = json!([{ "organisation_id": "norfolk-schools", "initials": "M. C." }]);
    });
    let taken = place.done(&["run"]).out;
    assert!(taken.contains("lea-notice") && taken.contains("accepted"), "{taken}");
    place.done(&["run"]);
    let duties = explained(&place);
    let late = duties.split("late referral").nth(1).unwrap_or(&duties);
    assert!(late.contains("met") && late.contains("mailed"), "{duties}");
}
