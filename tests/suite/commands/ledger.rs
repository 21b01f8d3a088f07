//! The record of access: whoever changes it, cuts it or carries it elsewhere is found out.

use sqlx::{AnyConnection, Connection};

use super::place::Place;
use crate::ledger::tamper;

/// A place where a run sent two papers.
fn ran() -> Place {
    let place = Place::with(&["c-0415"]);
    place.done(&["run"]);
    assert_eq!(place.json(&["ledger", "verify", "--documents"])["entries"], 2);
    place
}

#[track_caller]
fn found_out(place: &Place, says: &str) {
    place.earlypost(&["ledger", "verify"]).fails(5, says);
    let said = place.earlypost(&["ledger", "verify", "--json"]);
    assert_eq!(said.code, 5);
    let verdict = said.json();
    assert_eq!(verdict["clean"], false);
    assert!(verdict["says"].as_str().unwrap().contains(says), "{verdict}");
}

#[tokio::test]
async fn the_database_itself_refuses_to_change_or_cut_the_record() {
    let place = ran();
    sqlx::any::install_default_drivers();
    // Not even its owner may.
    let mut database = AnyConnection::connect(place.database.owner_url()).await.unwrap();
    for statement in
        ["UPDATE ledger SET at = '' WHERE seq = 1", "DELETE FROM ledger", "UPDATE ledger_detail SET sealed = sealed"]
    {
        let refused = sqlx::query(statement).execute(&mut database).await.unwrap_err();
        assert!(refused.to_string().contains("only added to"), "{statement}: {refused}");
    }
}

#[test]
fn a_changed_entry_is_named() {
    let place = ran();
    let change = "UPDATE ledger SET body = replace(body, 'accepted', 'returned') WHERE seq = 2";
    tamper(&place, &[change]);
    found_out(&place, "entry 2 was changed after it was written");
}

#[test]
fn an_entry_taken_out_of_the_middle_is_named() {
    let place = ran();
    tamper(&place, &["DELETE FROM ledger_detail WHERE seq = 1", "DELETE FROM ledger WHERE seq = 1"]);
    found_out(&place, "entry 1 is missing; the next one found is 2");
}

#[test]
fn a_cut_tail_is_found_by_the_mark_and_nothing_is_sent() {
    let place = ran();
    tamper(&place, &["DELETE FROM ledger_detail WHERE seq = 2", "DELETE FROM ledger WHERE seq = 2"]);
    found_out(&place, "the record ends at entry 1, but entry 2 was seen before");
    place.earlypost(&["run"]).fails(4, "nothing is sent: the record of access ends at entry 1");
    found_out(&place, "the record ends at entry 1, but entry 2 was seen before");
}

#[test]
fn a_lost_personal_part_is_named() {
    let place = ran();
    tamper(&place, &["DELETE FROM ledger_detail WHERE seq = 1"]);
    found_out(&place, "the detail of entry 1 is missing or was changed");
}

#[test]
fn a_lost_or_changed_paper_is_found_where_papers_are_checked() {
    let place = ran();
    let papers = place.files("data/papers");
    let bytes = std::fs::read(&papers[0]).unwrap();
    let mut changed = bytes.clone();
    changed[100] ^= 1;
    std::fs::write(&papers[0], changed).unwrap();
    place.earlypost(&["ledger", "verify", "--documents"]).fails(5, "a paper of entry");
    std::fs::remove_file(&papers[0]).unwrap();
    place.earlypost(&["ledger", "verify", "--documents"]).fails(5, "a paper of entry");
    place.done(&["ledger", "verify"]);
    std::fs::write(&papers[0], bytes).unwrap();
    place.done(&["ledger", "verify", "--documents"]);
}

#[test]
fn a_database_without_its_mark_sends_nothing_until_a_person_accepts_it() {
    let place = ran();
    std::fs::remove_file(place.data("ledger.mark")).unwrap();
    place.put("c-0417", &super::place::sample("c-0417"));
    let sent = place.sent();
    for command in [&["run"][..], &["deliver"], &["status"], &["send", "ifsp", "--child", "c-0417", "--yes"]] {
        place.earlypost(command).fails(4, "this installation has never seen them");
    }
    assert_eq!(place.sent(), sent);
    found_out(&place, "no mark of it was ever made here");

    place.done(&["release", "--installation", "--reason", "moved to a new machine"]);
    place.done(&["run"]);
    assert_eq!(place.sent().len(), sent.len() + 4);
    place.done(&["ledger", "verify", "--documents"]);
}
