//! What follows from a report, and what does not.

use earlypost::{
    case::Fact,
    dispatch::StateName,
    ledger::{Entry, Event},
    store::Closes,
};

use super::{Answered, PHYSICIAN, message_id, postfix_notice};
use crate::harness::{Does, MAYA, World, by};

fn outcomes(answered: &Answered) -> Vec<Entry> {
    let rows =
        answered.world.runtime.block_on(answered.world.pipeline.store.ledger().ledger_of(&crate::harness::child(MAYA)));
    rows.unwrap().into_iter().map(|row| row.entry).filter(|entry| entry.event == Event::Outcome).collect()
}

fn disabled(answered: &Answered) -> usize {
    answered.out_of_use(MAYA)
}

#[test]
fn an_accepted_plan_that_bounces_days_later_is_returned_and_its_duty_is_open_again() {
    let answered = Answered::new();
    answered.world.run();
    let row = answered.physician();
    assert_eq!(row.state, StateName::Accepted);
    answered.world.clock.advance(chrono::Duration::days(4));
    answered.comes(&postfix_notice(&answered.address(&row), None, &message_id(&row), "failed", "5.1.1"));

    let done = answered.receive();

    assert_eq!((done.messages, done.returned, done.for_a_person), (1, 1, 0));
    assert_eq!(answered.physician().state, StateName::Returned);
    let entries = outcomes(&answered);
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0].outcome, "returned");
    let about =
        answered.world.runtime.block_on(answered.world.pipeline.store.ledger().ledger_of(&crate::harness::child(MAYA)));
    let first = about.unwrap().into_iter().find(|r| Some(r.link.seq) == entries[0].about_seq).unwrap();
    assert_eq!(first.entry.event, Event::Disclosure);
    assert_eq!(first.entry.dispatch.as_deref(), Some(row.dispatch_id.as_str()));
    assert_eq!(disabled(&answered), 1, "the address is used no more");
    assert!(answered.waiting().contains(&"came-back".to_owned()));
    let next: Vec<_> = answered.editions().into_iter().skip(1).map(|row| (row.state, row.reason)).collect();
    // The office has a fax number too, and this program no fax.
    let no_way = (StateName::Withheld, Some(earlypost::disclosure::Reason::NoChannel));
    assert_eq!(next, [no_way], "the next edition waits for a way, as when a person says that it came back");
    answered.world.verify();

    // The same notice once more changes nothing, and the file is not offered again.
    answered.comes(&postfix_notice(&answered.address(&row), None, &message_id(&row), "failed", "5.1.1"));
    let again = answered.receive();
    assert_eq!((again.messages, again.known, again.returned), (1, 1, 0));
    assert_eq!(answered.receive().messages, 0);
    assert_eq!(outcomes(&answered).len(), 1);
    assert_eq!(answered.editions().len(), 2);
}

#[test]
fn a_full_mailbox_comes_back_too_but_says_nothing_against_the_address() {
    let answered = Answered::new();
    answered.world.run();
    let row = answered.physician();
    answered.comes(&postfix_notice(&answered.address(&row), None, "x@elsewhere.example.org", "failed", "5.2.2"));
    assert_eq!(answered.receive().returned, 1);
    assert_eq!(disabled(&answered), 0);
    assert_eq!(answered.physician().state, StateName::Returned);
    assert_eq!(answered.editions().len(), 1, "a person decides whether it goes there again");
}

#[test]
fn a_receipt_confirms_and_a_delay_does_not() {
    let answered = Answered::new();
    answered.world.run();
    let row = answered.physician();
    let token = answered.token(&row);
    answered.comes(&postfix_notice(
        "papers@earlysteps.example.org",
        Some(&token),
        "x@y.example.org",
        "delayed",
        "4.4.7",
    ));
    assert_eq!(answered.receive().noted, 1);
    assert_eq!(answered.physician().state, StateName::Accepted);
    answered.comes(&postfix_notice(
        "papers@earlysteps.example.org",
        Some(&token),
        "x@y.example.org",
        "delivered",
        "2.0.0",
    ));
    assert_eq!(answered.receive().confirmed, 1);
    assert_eq!(answered.physician().state, StateName::Confirmed);
    assert_eq!(answered.receipts().iter().filter(|r| r.matched_by.as_deref() == Some("envelope-id")).count(), 2);
}

/// A read receipt that names a message of ours by its Message-ID.
fn read_receipt(from: &str, about: &str) -> Vec<u8> {
    format!(
        "From: {from}\nTo: papers@earlysteps.example.org\nSubject: Read\nMIME-Version: 1.0\nContent-Type: multipart/report; \
         report-type=disposition-notification; boundary=b\n\n--b\nContent-Type: text/plain\n\nread\n\n--b\nContent-Type: \
         message/disposition-notification\n\nOriginal-Message-ID: <{about}>\nDisposition: manual-action/MDN-sent-manually; \
         displayed\n\n--b--\n"
    )
    .into_bytes()
}

#[test]
fn a_receipt_without_our_mark_counts_from_the_address_written_to_only_and_the_record_says_so() {
    for with_path in [Some(super::return_path()), None] {
        let answered = Answered::of(World::with(&[MAYA]), with_path);
        answered.world.run();
        let about = message_id(&answered.physician());
        answered.comes(&read_receipt("stranger@example.com", &about));
        // A mail system's word is nobody's either, as long as it bears no mark.
        answered.comes(&postfix_notice("papers@earlysteps.example.org", None, &about, "delivered", "2.0.0"));
        assert_eq!(answered.receive().for_a_person, 2);
        assert_eq!(answered.physician().state, StateName::Accepted);
        assert!(outcomes(&answered).is_empty());

        answered.comes(&read_receipt(super::WRITTEN_TO, &about));
        assert_eq!(answered.receive().confirmed, 1);
        assert_eq!(answered.physician().state, StateName::Confirmed);
        let ledger = answered.world.pipeline.store.ledger();
        let rows = answered.world.runtime.block_on(ledger.ledger_of(&crate::harness::child(MAYA))).unwrap();
        let confirmed = rows.into_iter().find(|row| row.entry.outcome == "confirmed").unwrap();
        let purpose = confirmed.detail.unwrap().purpose;
        assert!(purpose.contains("rests on the Message-ID alone"), "{purpose}");
    }
}

#[test]
fn a_forged_notice_is_kept_for_a_person_and_changes_nothing() {
    let answered = Answered::new();
    answered.world.run();
    let row = answered.physician();
    let mut forged = answered.address(&row).into_bytes();
    forged[45] = if forged[45] == b'a' { b'b' } else { b'a' };
    let forged = String::from_utf8(forged).unwrap();
    answered.comes(&postfix_notice(&forged, None, &message_id(&row), "failed", "5.1.1"));
    // Without a return path of ours, a Message-ID proves nothing: everybody who had the message knows it.
    answered.comes(&postfix_notice("papers@earlysteps.example.org", None, &message_id(&row), "failed", "5.1.1"));

    let done = answered.receive();

    assert_eq!((done.for_a_person, done.returned), (2, 0));
    assert_eq!(answered.physician().state, StateName::Accepted);
    assert!(outcomes(&answered).is_empty());
    assert_eq!(disabled(&answered), 0);
    let waits = answered.world.runtime.block_on(answered.world.pipeline.store.outcomes().receipts(false)).unwrap();
    assert_eq!(waits.len(), 2);
    assert!(waits[0].why.contains("a mark that is not ours"), "{}", waits[0].why);
    assert!(answered.waiting().contains(&"mail-to-read".to_owned()));
    for receipt in waits {
        let (_, bytes) = answered
            .world
            .runtime
            .block_on(answered.world.pipeline.store.outcomes().receipt(&receipt.receipt_id))
            .unwrap();
        assert!(bytes.starts_with(b"Return-Path: <>"), "it is kept whole");
        let ids = [receipt.receipt_id];
        let (outcomes, now) = (answered.world.pipeline.store.outcomes(), answered.world.pipeline.now());
        let close = outcomes.close_receipts(Closes::These(&ids), "a test", "read", now);
        assert_eq!(answered.world.runtime.block_on(close).unwrap(), 1);
    }
    assert!(!answered.waiting().contains(&"mail-to-read".to_owned()), "nothing is left to read");
}

#[test]
fn without_a_return_path_the_message_id_is_all_there_is() {
    let answered = Answered::of(World::with(&[MAYA]), None);
    answered.world.run();
    let row = answered.physician();
    answered.comes(&postfix_notice("papers@earlysteps.example.org", None, &message_id(&row), "failed", "5.1.1"));
    assert_eq!(answered.receive().returned, 1);
    assert_eq!(answered.receipts()[0].matched_by.as_deref(), Some("message-id"));
}

#[test]
fn other_mail_is_kept_for_a_person_and_its_sender_hears_nothing() {
    let answered = Answered::new();
    answered.world.run();
    let row = answered.physician();
    let letter = format!(
        "From: nurse@ghent-pediatrics.example.org\nTo: {}\nSubject: Re: A paper\n\nWe need page two again.\n",
        answered.address(&row)
    );
    answered.comes(letter.as_bytes());
    answered.comes(b"not even a message");
    let done = answered.receive();
    assert_eq!(done.for_a_person, 2);
    let matched: Vec<_> = answered.receipts().into_iter().filter_map(|r| r.dispatch_id).collect();
    assert_eq!(matched, std::slice::from_ref(&row.dispatch_id));
    assert_eq!(answered.physician().state, StateName::Accepted);
    assert_eq!(answered.world.deliver(), 0, "nothing is answered");
}

#[test]
fn a_notice_about_a_dispatch_of_another_database_waits() {
    let answered = Answered::new();
    answered.world.run();
    let token = super::return_path().token("0199f2b1-7c00-7000-8000-000000000999", 1).unwrap();
    answered.comes(&postfix_notice(
        &super::TEMPLATE.replace("{token}", &token),
        None,
        "x@y.example.org",
        "failed",
        "5.1.1",
    ));
    assert_eq!(answered.receive().for_a_person, 1);
    assert!(answered.receipts()[0].why.contains("does not hold"));
}

#[test]
fn a_notice_about_an_unknown_attempt_tells_what_became_of_it() {
    let answered = Answered::new();
    for _ in 0..20 {
        answered.world.mail.next(Does::TakesItWithoutAnswer);
    }
    let mut answered = answered;
    answered.world.leaves_open(StateName::Unknown);
    answered.world.run();
    let row = answered.physician();
    assert_eq!(row.state, StateName::Unknown);
    answered.comes(&postfix_notice(&answered.address(&row), None, "x@y.example.org", "delayed", "4.4.7"));
    answered.receive();
    assert_eq!(answered.physician().state, StateName::Accepted, "the relay has it, else it could not be late");
    answered.comes(&postfix_notice(&answered.address(&row), None, "x@y.example.org", "failed", "4.4.7"));
    assert_eq!(answered.receive().returned, 1);
    answered.world.verify();
}

#[test]
fn a_notice_that_is_quicker_than_our_own_settling_is_looked_at_again() {
    let mut answered = Answered::new();
    // What came back from a wrong address goes to the recipient's next one.
    answered.world.leaves_open(StateName::Queued);
    let (arrived, open) = (std::sync::Arc::default(), std::sync::Arc::default());
    answered.world.import();
    answered.world.prepare();
    answered.world.record(MAYA, &Fact::RecordSettled);
    answered.world.mail.next(Does::WaitsFor(std::sync::Arc::clone(&arrived), std::sync::Arc::clone(&open)));
    let pipeline = std::sync::Arc::clone(&answered.world.pipeline);
    let (progress, stop) = (earlypost::pipeline::Silent, earlypost::pipeline::Stop::default());
    let running = answered
        .world
        .runtime
        .spawn(async move { pipeline.delivery().deliver_all(&progress, &stop, by("the tester")).await });
    answered.world.runtime.block_on(arrived.notified());
    // The one that waits stays in hand; another one may be on its way at the same moment.
    let sending = loop {
        let mut rows = answered.world.rows(MAYA);
        rows.retain(|row| row.state == StateName::Sending);
        if rows.len() == 1 {
            break rows.remove(0);
        }
    };
    let to = answered.address(&sending);
    let notice = String::from_utf8(postfix_notice(&to, None, "x@y.example.org", "failed", "5.1.1")).unwrap();
    answered.comes(notice.replace(super::WRITTEN_TO, &answered.goes_to(&sending)).as_bytes());
    assert_eq!(answered.receive().later, 1);
    open.notify_one();
    answered.world.runtime.block_on(running).unwrap().unwrap();

    let done = answered.receive();

    assert_eq!((done.messages, done.returned), (1, 1));
    let row =
        answered.world.runtime.block_on(answered.world.pipeline.store.outbox().dispatch(&sending.dispatch_id)).unwrap();
    assert_eq!(row.state, StateName::Returned);
    assert!(PHYSICIAN.starts_with("office:"));
}

#[test]
fn a_direct_service_that_says_nothing_within_the_hour_is_a_task_once() {
    let answered = Answered::new();
    answered.world.run();
    let asked = || answered.waiting().iter().filter(|what| *what == "direct-not-answered").count();
    answered.world.clock.advance(chrono::Duration::minutes(50));
    answered.receive();
    assert_eq!(asked(), 0, "the hour is not over");
    answered.world.clock.advance(chrono::Duration::minutes(20));
    answered.receive();
    assert_eq!(asked(), 1, "the physician's Direct service; nobody else has one");
    let store = &answered.world.pipeline.store;
    let tasks = answered.world.runtime.block_on(store.service().tasks()).unwrap();
    let task = tasks.iter().find(|task| task.kind == "direct-not-answered").unwrap();
    assert_eq!(task.subject, answered.physician().dispatch_id);
    answered
        .world
        .runtime
        .block_on(store.service().close_task(&task.task_id, "a person", answered.world.pipeline.now()))
        .unwrap();
    answered.receive();
    assert_eq!(asked(), 0, "a person who has called is not asked again");
}
