//! Boards and answers: what is due, why, and what people say about it.

use serde_json::Value;

use super::place::{Place, account};

fn lines(board: &Value) -> &[Value] {
    board["duties"].as_array().unwrap()
}

fn duty<'a>(board: &'a Value, child: &str, kind: &str) -> Option<&'a Value> {
    lines(board).iter().find(|line| line["child"] == child && line["duty"] == kind)
}

#[test]
fn tomorrows_promise_stands_on_todays_board_and_the_next_months_does_not() {
    let place = Place::with(&["c-0411", "c-0352"]);
    // 20 November 2026 is a Friday: the next business day is Monday the 23rd.
    let board = place.json(&["due", "--today"]);
    let promised: Vec<&str> = lines(&board)
        .iter()
        .filter(|line| line["duty"] == "follow-up")
        .map(|line| line["due_on"].as_str().unwrap())
        .collect();
    assert_eq!(promised, ["2026-11-20", "2026-11-23"]);
    assert!(duty(&board, "c-0352", "transition-conference").is_none());
    let board = place.json(&["due", "--within", "60"]);
    assert_eq!(duty(&board, "c-0352", "transition-conference").unwrap()["status"], "open");
}

#[test]
fn what_is_late_says_by_how_much_and_whose_it_is() {
    let place = Place::with(&["c-0433"]);
    place.change("c-0433", |record| record["referral"]["received_on"] = "2026-10-01".into());
    let board = place.json(&["due", "--late"]);
    let late = duty(&board, "c-0433", "initial-meeting").unwrap();
    assert_eq!((late["late_calendar_days"].as_i64(), late["owner"].as_str()), (Some(5), Some("jenni-alvarez")));
    let mine = place.json(&["due", "--late", "--coordinator", "marcus-bell"]);
    assert!(lines(&mine).is_empty());
}

#[test]
fn duties_without_a_present_coordinator_are_the_supervisors() {
    let place = Place::with(&["c-0433"]);
    place.change("c-0433", |record| record["coordinators"][0]["to"] = "2026-11-18".into());
    let said = place.done(&["due", "--within", "60"]);
    assert!(said.out.contains("supervisor"), "{}", said.out);
    assert!(!said.out.contains("jenni-alvarez"), "{}", said.out);
}

#[test]
fn a_board_for_a_spreadsheet_has_a_row_a_duty_and_no_formula() {
    let place = Place::with(&["c-0433"]);
    let said = place.done(&["due", "--csv", "--within", "60"]);
    let mut rows = said.out.lines();
    assert_eq!(rows.next().unwrap(), "child,duty,anchor,opens_on,due_on,work_on,status,late_calendar_days,owner,rule");
    let meeting = rows.find(|row| row.contains("initial-meeting")).unwrap();
    assert_eq!(
        meeting,
        "c-0433,initial-meeting,0433-referral,2026-11-17,2027-01-01,2027-01-01,open,,jenni-alvarez,34 CFR 303.310(a)"
    );
    assert!(!said.out.lines().any(|row| row.split(',').any(|cell| cell.starts_with(['=', '+', '-', '@']))));
}

#[test]
fn no_board_and_no_explanation_names_a_person_of_the_family() {
    let place = Place::with(&["c-0417"]);
    for args in [&["due", "--within", "366"][..], &["explain", "--child", "c-0417"]] {
        let said = place.done(args);
        for name in ["Maya", "Rivera", "Elena", "Luis"] {
            assert!(!said.out.contains(name), "{args:?} says {name}");
        }
    }
}

#[test]
fn explain_shows_rule_sum_and_verdict_and_why_the_rest_is_not_due() {
    let place = Place::with(&["c-0433"]);
    place.done(&["import"]);
    let said = place.done(&["explain", "--child", "c-0433"]).out;
    for words in [
        "rule     34 CFR 303.310(a)",
        "referral received on 2026-11-17",
        "plus 45 calendar days (34 CFR 303.310(a))",
        "= due 2027-01-01",
        "Six-month review: there is no full plan yet.",
        "minus 90 calendar days (34 CFR 303.301(c); not confirmed)",
    ] {
        assert!(said.contains(words), "not said: {words}\n{said}");
    }
    place.earlypost(&["explain", "--child", "c-9999"]).fails(1, "there is no child c-9999");
}

#[test]
fn excused_days_move_the_45_days_at_once_and_overlapping_ones_are_refused() {
    let place = Place::with(&["c-0433"]);
    place.done(&["import"]);
    let due = |place: &Place| {
        let explained = place.json(&["explain", "--child", "c-0433", "--duty", "initial-meeting"]);
        (explained["duties"][0]["due_on"].clone(), explained["history"].as_array().unwrap().len())
    };
    let excuse = |from: &str, to: &str| {
        place.earlypost(&[
            "excuse",
            "--child",
            "c-0433",
            "--from",
            from,
            "--to",
            to,
            "--reason",
            "family-circumstances",
            "--note",
            "contact 0433-contact-hospital",
        ])
    };
    assert_eq!(due(&place).0, "2027-01-01");
    place.done(&["due"]);
    let said = excuse("2026-11-18", "2026-11-19");
    assert_eq!(said.code, 0, "{}", said.err);
    assert_eq!(due(&place), ("2027-01-03".into(), 1), "two days later, and the old date stands in the history");
    excuse("2026-11-19", "2026-11-20").fails(1, "the days overlap those from 2026-11-18");
    excuse("2026-11-10", "2026-11-11").fails(1, "begin before the referral");
    excuse("2026-12-24", "2026-12-26").fails(1, "lie in the future");
    excuse("2026-11-20", "2026-11-19").fails(1, "lies before the first");
    // An import of the same record does not undo it.
    place.done(&["import"]);
    assert_eq!(due(&place).0, "2027-01-03");
}

#[test]
fn a_reason_is_needed_for_a_waiver_and_it_stands_with_the_name() {
    let place = Place::with(&["c-0417"]);
    place.done(&["import"]);
    let waive = |anchor: &[&str], reason: &str| {
        place.earlypost(&[&["waive", "--child", "c-0417", "--duty", "follow-up", "--reason", reason], anchor].concat())
    };
    waive(&["--anchor", "0417-plan-visit/1"], "  ").fails(1, "a reason is needed");
    waive(&[], "done by the family").fails(1, "say which with --anchor: 0417-");
    waive(&["--anchor", "none"], "done by the family").fails(1, "but these: 0417-");
    let said = waive(&["--anchor", "0417-plan-visit/1"], "done by the family");
    assert_eq!(said.code, 0, "{}", said.err);
    let explained = place.done(&["explain", "--child", "c-0417", "--duty", "follow-up"]).out;
    let waived = format!("waived by {}: done by the family", account());
    assert!(explained.contains(&waived), "{explained}");
}

#[test]
fn a_reason_of_the_family_excuses_lateness_and_one_of_the_system_explains_it() {
    let place = Place::with(&["c-0433"]);
    place.change("c-0433", |record| record["referral"]["received_on"] = "2026-10-01".into());
    place.done(&["import"]);
    let because = |who: &str| {
        let args =
            ["excuse", "--child", "c-0433", "--duty", "initial-meeting", "--late-because", who, "--note", "note 7"];
        place.done(&args);
        place.json(&["explain", "--child", "c-0433", "--duty", "initial-meeting"])["duties"][0].clone()
    };
    let system = because("system");
    assert_eq!(system["status"], "late");
    assert!(system["verdict"].as_str().unwrap().contains("late because of the system: note 7"), "{system}");
    assert_eq!(because("family")["status"], "excused");
}

#[test]
fn reassigned_children_are_the_new_coordinators_and_each_family_is_owed_word() {
    let place = Place::with(&["c-0433", "c-0352"]);
    place.done(&["import"]);
    let moved = place.json(&["reassign", "--from", "jenni-alvarez", "--to", "marcus-bell", "--reason", "on leave"]);
    assert_eq!(moved["children"], serde_json::json!(["c-0433"]));
    let board = place.json(&["due", "--within", "60", "--coordinator", "marcus-bell"]);
    let told = duty(&board, "c-0433", "coordinator-change").unwrap();
    assert_eq!(told["due_on"], "2026-11-27");
    let again = ["reassign", "--from", "jenni-alvarez", "--to", "marcus-bell", "--reason", "on leave"];
    place.earlypost(&again).fails(1, "no child is with jenni-alvarez");
    let nobody = ["reassign", "--from", "marcus-bell", "--to", "nobody", "--reason", "on leave"];
    place.earlypost(&nobody).fails(1, "the directory has no professional nobody");
}

#[test]
fn a_monitor_sees_a_row_a_child_and_who_is_left_out_and_why() {
    let place = Place::with(&["c-0417", "c-0430", "c-0433", "c-0352"]);
    place.change("c-0433", |record| record["referral"]["received_on"] = "2026-10-01".into());
    place.done(&["run"]);
    let c7 = place.json(&["monitor", "--rule", "C7", "--from", "2026-11-01", "--to", "2026-12-31"]);
    let rows: Vec<(&str, bool)> = c7["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["child"].as_str().unwrap(), row["in_time"].as_bool().unwrap()))
        .collect();
    assert_eq!(rows, [("c-0417", true), ("c-0433", false)]);
    assert_eq!(c7["tallies"]["C7"]["numerator"], 1);
    assert_eq!(c7["tallies"]["C7"]["denominator"], 2);
    assert_eq!(c7["tallies"]["C7"]["late_unexplained"], 1);
    assert_eq!(c7["excluded"][0]["child"], "c-0430");
    assert!(c7["excluded"][0]["why"].as_str().unwrap().contains("not yet past its due date"), "{c7}");
    let evidence = c7["rows"][0]["evidence"].to_string();
    assert!(evidence.contains("0417") && evidence.contains("ifsp "), "{evidence}");
    assert!(!c7["unconfirmed"].as_array().unwrap().is_empty());
    let sample = |seed: &str| {
        let args =
            ["monitor", "--rule", "C7", "--from", "2026-11-01", "--to", "2026-12-31", "--sample", "1", "--seed", seed];
        place.json(&args)["rows"][0]["child"].clone()
    };
    assert_eq!(sample("4"), sample("4"));
    assert!((0..20).any(|seed| sample(&seed.to_string()) != sample("4")), "another seed may draw another child");
}
