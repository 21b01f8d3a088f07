//! Files that are no JSON, no UTF-8, or not of the shape that the schema asks for.

use serde_json::json;

use super::{GOOD, TELLTALE, WRONG, refused, refused_bytes};
use crate::commands::place::{Place, sample};

/// The sample's bytes, a field a line.
fn bytes() -> Vec<u8> {
    serde_json::to_vec_pretty(&sample(WRONG)).unwrap()
}

fn text() -> String {
    String::from_utf8(bytes()).unwrap()
}

#[test]
fn a_missing_colon_is_named_by_line_and_column() {
    let wrong = text().replacen("\"child_id\": ", "\"child_id\" ", 1);
    let row = wrong.lines().position(|line| line.contains("\"child_id\"")).unwrap() as u64 + 1;
    refused_bytes(wrong.as_bytes()).only(Some(row), "", "is not JSON at column");
}

#[test]
fn a_truncated_file_is_said_to_end_too_early() {
    let mut wrong = bytes();
    // Not in the middle of a letter: that would be another mistake.
    let half = (0..=wrong.len() / 2).rev().find(|at| wrong[*at].is_ascii()).unwrap();
    wrong.truncate(half);
    let lines = String::from_utf8_lossy(&wrong).lines().count() as u64;
    refused_bytes(&wrong).only(Some(lines), "", "ends too early");
}

#[test]
fn an_empty_file_is_said_to_end_too_early() {
    refused_bytes(b"").only(Some(1), "", "ends too early");
}

#[test]
fn a_file_that_is_not_utf_8_is_named_with_the_line_of_its_first_bad_byte() {
    let good = text();
    let at = good.find("Norfolk").unwrap();
    let row = good[..at].lines().count() as u64;
    let mut wrong = good.into_bytes();
    wrong[at + 1] = 0xF6;
    refused_bytes(&wrong).only(Some(row), "", "is not UTF-8");
}

#[test]
fn a_value_nested_without_end_is_refused_and_does_not_end_the_program() {
    refused_bytes(&b"[".repeat(200_000)).only(Some(1), "", "is not JSON");
}

#[test]
fn an_unknown_field_is_named_and_its_value_is_not_repeated() {
    refused(|r| r["child"]["nickname"] = json!(TELLTALE)).only(None, "child.nickname", "unknown field");
}

#[test]
fn a_field_name_with_a_terminal_command_is_not_passed_on_to_the_terminal() {
    let refusal = refused(|r| r["child"]["nick\u{1b}[2Jname"] = json!(1));
    assert_eq!(refusal.problems.len(), 1);
    assert!(!refusal.err.contains('\u{1b}'), "{:?}", refusal.err);
}

#[test]
fn a_day_that_no_calendar_has_is_refused() {
    refused(|r| r["referral"]["received_on"] = json!("2026-02-30")).only(
        None,
        "referral.received_on",
        "of the calendar",
    );
}

#[test]
fn a_date_that_could_be_march_or_april_is_refused() {
    refused(|r| r["child"]["birth_date"] = json!("03/04/2026")).only(None, "child.birth_date", "YYYY-MM-DD");
}

#[test]
fn a_two_digit_year_is_refused() {
    refused(|r| r["child"]["birth_date"] = json!("26-03-04")).only(None, "child.birth_date", "four-digit year");
}

#[test]
fn an_unknown_choice_is_answered_with_those_that_there_are() {
    refused(|r| r["family"][0]["parent_role"] = json!(TELLTALE)).only(
        None,
        "family[0].parent_role",
        "must be one of \"parent\", \"foster\"",
    );
}

#[test]
fn an_unknown_kind_of_address_is_answered_with_those_that_there_are() {
    refused(|r| r["family"][0]["endpoints"][0]["address"] = json!({"kind": "pigeon", "to": TELLTALE})).only(
        None,
        "family[0].endpoints[0].address",
        "must be one of \"email\", \"postal\"",
    );
}

#[test]
fn a_name_where_another_type_belongs_is_not_repeated() {
    refused(|r| r["child"]["gestational_age_weeks"] = json!(TELLTALE)).only(
        None,
        "child.gestational_age_weeks",
        "must be of type null or integer",
    );
    refused(|r| r["family"] = json!(TELLTALE)).only(None, "family", "must be of type array");
    refused(|r| r["child"]["birth_date"] = json!(TELLTALE)).only(None, "child.birth_date", "is no date");
    refused(|r| r["child_id"] = json!(format!("../{TELLTALE}"))).only(None, "child_id", "is no id");
}

#[test]
fn a_name_with_a_line_break_could_forge_a_header_and_is_refused() {
    let name = format!("Maya\nBcc: {TELLTALE}@example.org");
    refused(|r| r["child"]["legal_name"]["first"] = json!(name)).only(None, "child.legal_name.first", "line break");
}

#[test]
fn a_name_with_a_control_character_is_refused() {
    for name in ["Ma\u{7}ya", "Ma\u{0}ya", "Ma\u{202e}ya"] {
        refused(|r| r["child"]["legal_name"]["first"] = json!(name)).only(
            None,
            "child.legal_name.first",
            "control character",
        );
    }
}

#[test]
fn a_narrative_longer_than_a_field_may_be_is_named_with_the_limit() {
    let long = "word ".repeat(6_000);
    refused(|r| r["ifsps"][0]["present_levels"]["vision"]["narrative"] = json!(long)).only(
        None,
        "ifsps[0].present_levels.vision.narrative",
        "at most 20000 characters",
    );
}

#[test]
fn a_narrative_of_five_megabytes_is_named_by_its_field() {
    let long = "word ".repeat(1024 * 1024);
    refused(|r| r["ifsps"][0]["present_levels"]["vision"]["narrative"] = json!(long)).only(
        None,
        "ifsps[0].present_levels.vision.narrative",
        "a record may have 4194304",
    );
}

#[test]
fn a_caseload_without_a_record_is_an_error_and_makes_nothing() {
    let place = Place::with(&[]);
    place.earlypost(&["import", "--json"]).fails(3, "children: holds no record");
    assert_eq!(place.json(&["status"])["children"], 0);
}

#[test]
fn a_directory_with_a_mistake_is_named_and_no_record_is_taken_by_it() {
    let place = Place::with(&[GOOD]);
    place.edit("caseload/directory.json", "\"profession\": \"pediatrician\"", "\"profesion\": \"pediatrician\"");
    place.earlypost(&["import"]).fails(3, "directory.json: professionals[2].profesion: unknown field");
    assert_eq!(place.json(&["status"])["children"], 0);
}

#[test]
fn a_field_that_stands_twice_is_refused_for_one_of_the_two_may_hold_the_revocation() {
    let good = text();
    let row = good.lines().position(|line| line.starts_with("  \"releases\"")).unwrap() as u64 + 1;
    let wrong = good.replacen("  \"releases\":", "  \"releases\": [], \"releases\":", 1);
    refused_bytes(wrong.as_bytes()).only(Some(row), "", "has the field releases twice in one object");
}
