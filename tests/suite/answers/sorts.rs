//! What is left for a person: sorted, with child and delivery, and closed many at once.

use earlypost::{
    dispatch::{StateName, email::incoming::Sort},
    store::Closes,
};

use super::Answered;
use crate::harness::MAYA;

/// A complaint as RFC 5965 has it, about a message whose envelope sender is `sender`.
fn complaint(sender: &str) -> String {
    format!(
        "From: feedback@mail.example.com\nTo: papers@earlysteps.example.org\nSubject: Abuse report\nMIME-Version: 1.0\n\
         Content-Type: multipart/report; report-type=feedback-report; boundary=B\n\n--B\nContent-Type: text/plain\n\nThis is \
         an abuse report.\n\n--B\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\nUser-Agent: x/1\nVersion: \
         1\nOriginal-Mail-From: <{sender}>\n\n--B\nContent-Type: text/rfc822-headers\n\nSubject: A paper\n\n--B--\n"
    )
}

fn reply(to: &str, extra: &str, subject: &str) -> String {
    format!(
        "Return-Path: <>\nFrom: Pat Doe <pat@example.org>\nTo: {to}\n{extra}Subject: {subject}\n\nI could not be reached; \
             mail cannot be delivered to my desk this week.\n"
    )
}

#[test]
fn automatic_replies_complaints_and_letters_change_nothing_and_are_told_apart() {
    let answered = Answered::new();
    answered.world.run();
    let row = answered.physician();
    let to = answered.address(&row);
    answered.comes(complaint(&to).as_bytes());
    answered.comes(reply(&to, "Auto-Submitted: auto-replied\n", "Re: A paper").as_bytes());
    answered.comes(reply(&to, "", "Automatic reply: A paper").as_bytes());
    answered.comes(reply(&to, "", "Fuera de la oficina").as_bytes());
    answered.comes(reply(&to, "X-Autoreply: yes\n", "gone fishing").as_bytes());
    answered.comes(reply(&to, "", "Re: A paper").as_bytes());
    let done = answered.receive();
    assert_eq!((done.for_a_person, done.returned, done.noted), (6, 0, 0));
    let sorts: Vec<_> = done.sorts.iter().map(|(sort, count)| (*sort, *count)).collect();
    assert_eq!(sorts, [("complaint", 1), ("out-of-office", 4), ("person", 1)]);
    assert_eq!(answered.physician().state, StateName::Accepted);
    for receipt in answered.receipts() {
        assert_eq!(receipt.child_id.as_deref(), Some(MAYA), "{}", receipt.why);
        assert_eq!(receipt.dispatch_id.as_deref(), Some(row.dispatch_id.as_str()));
    }
}

#[test]
fn a_complaint_is_a_task_of_that_child_once() {
    let answered = Answered::new();
    answered.world.run();
    let row = answered.physician();
    let complaints = || {
        let tasks = answered.world.runtime.block_on(answered.world.pipeline.store.service().tasks()).unwrap();
        tasks.into_iter().filter(|task| task.kind == "complaint").collect::<Vec<_>>()
    };
    answered.comes(complaint(&answered.address(&row)).as_bytes());
    answered.comes(complaint(&answered.address(&row)).replace("x/1", "x/2").as_bytes());
    answered.receive();
    let open = complaints();
    assert_eq!(open.len(), 1);
    assert_eq!(open[0].child_id.as_deref(), Some(MAYA));
    assert_eq!(open[0].subject, row.dispatch_id);
    // One whose return path is not ours is about nobody.
    answered.comes(complaint("somebody@example.com").as_bytes());
    answered.receive();
    assert_eq!(complaints().len(), 1);
    assert_eq!(answered.receipts().iter().filter(|r| r.sort == "complaint").count(), 3);
}

#[test]
fn all_of_one_kind_are_closed_at_once_and_of_named_ones_all_or_none() {
    let answered = Answered::new();
    answered.world.run();
    let to = answered.address(&answered.physician());
    for number in 0..3 {
        answered.comes(reply(&to, "", &format!("Automatic reply: {number}")).as_bytes());
    }
    answered.comes(reply(&to, "", "Re: A paper").as_bytes());
    answered.receive();
    let (store, runtime) = (&answered.world.pipeline.store, &answered.world.runtime);
    let now = answered.world.pipeline.now();
    let letter = answered.receipts().into_iter().find(|r| r.sort == "person").unwrap().receipt_id;
    let close = |closes: Closes<'_>| runtime.block_on(store.outcomes().close_receipts(closes, "a person", "read", now));
    close(Closes::These(&[letter.clone(), "none".to_owned()])).unwrap_err();
    assert_eq!(runtime.block_on(store.outcomes().receipts(false)).unwrap().len(), 4);
    assert_eq!(close(Closes::All(Sort::OutOfOffice)).unwrap(), 3);
    assert!(answered.waiting().contains(&"mail-to-read".to_owned()));
    assert_eq!(close(Closes::These(&[letter])).unwrap(), 1);
    assert!(!answered.waiting().contains(&"mail-to-read".to_owned()));
}
