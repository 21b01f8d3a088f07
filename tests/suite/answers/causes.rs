//! Of what a failure notice speaks: only a code about the address puts it out of use, and only ours.

use earlypost::dispatch::{
    StateName,
    email::incoming::{Cause, read},
};

use super::{Answered, WRITTEN_TO, message_id, notice};
use crate::harness::{MAYA, World};

/// Status, words of the refusing server, and of what they speak together.
const CASES: &[(&str, &str, Cause)] = &[
    ("5.1.1", "550 5.1.1 no such user", Cause::Address),
    ("5.1.1", "550 User unknown", Cause::Address),
    (
        "5.1.1",
        "550-5.1.1 The email account that you tried to reach does not exist. 550 5.1.1 Please check it",
        Cause::Address,
    ),
    ("5.1.2", "550 5.1.2 Host unknown", Cause::Address),
    ("5.1.3", "501 5.1.3 Bad recipient address syntax", Cause::Address),
    ("5.1.6", "551 5.1.6 recipient no longer on server", Cause::Address),
    ("5.1.10", "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup", Cause::Address),
    ("5.0.0", "550 5.1.1 <front.desk@example.org>... User unknown", Cause::Address),
    ("5.2.1", "550 5.2.1 The email account that you tried to reach is disabled", Cause::Address),
    ("5.2.1", "550 5.2.1 This mailbox is inactive", Cause::Address),
    // The code inside the diagnostic wins over the field.
    ("5.1.1", "550 5.7.1 IP address blacklisted by recipient", Cause::Us),
    ("5.1.1", "550 5.2.2 mailbox full", Cause::Other),
    ("5.1.1", "552 over quota", Cause::Other),
    ("5.1.1", "450 4.2.1 try again later", Cause::Other),
    ("5.1.1", "554 rejected", Cause::Other),
    // Words that speak of another cause veto the code.
    ("5.1.1", "550 5.1.1 listed by zen.spamhaus.org", Cause::Us),
    ("5.1.1", "550 5.1.1 too many recipients", Cause::Us),
    ("5.1.1", "550 5.1.1 rejected by content policy", Cause::Other),
    ("5.1.1", "552 5.1.1 mailbox is over quota temporarily", Cause::Other),
    ("5.1.1", "550 5.1.1 refused due to recipient preferences", Cause::Other),
    ("5.1.3", "550 5.1.3 sender blocked", Cause::Us),
    ("5.2.1", "550 5.2.1 too many messages to this mailbox just now, a matter of rate", Cause::Other),
    ("5.2.1", "550 5.2.1 not now", Cause::Other),
    // Codes about us, and about nothing.
    ("5.1.0", "550 5.1.0 relay.example.org may not send for earlysteps.example.org (SPF)", Cause::Us),
    ("5.1.0", "550 5.1.0 Address rejected", Cause::Other),
    ("5.1.7", "553 5.1.7 bad sender", Cause::Us),
    ("5.1.8", "553 5.1.8 sender domain does not resolve", Cause::Us),
    ("5.1.90", "550 5.1.90 daily limit for message recipients", Cause::Us),
    ("5.4.5", "550 5.4.5 daily sending quota exceeded", Cause::Us),
    ("5.7.1", "550 5.7.1 Relaying denied", Cause::Us),
    ("5.7.1", "550 5.7.1 content policy", Cause::Other),
    ("5.7.13", "525 5.7.13 Disabled recipient address", Cause::Other),
    ("5.7.26", "550 5.7.26 This message does not pass authentication checks", Cause::Us),
    ("5.7.64", "550 5.7.64 TenantAttribution; Relay Access Denied", Cause::Us),
    ("5.2.2", "552 5.2.2 over quota", Cause::Other),
    ("5.4.4", "Host or domain name not found", Cause::Other),
    ("4.4.7", "message expired", Cause::Other),
    ("5.0.0", "550 no", Cause::Other),
    ("5.6.0", "554 5.6.0 message not well formed", Cause::Other),
];

#[test]
fn codes_and_words_together_tell_of_what_a_failure_speaks() {
    let wrong: Vec<String> = CASES
        .iter()
        .filter_map(|(status, words, cause)| {
            let report = read(&notice("bounces@example.org", WRITTEN_TO, status, words)).report.unwrap();
            (report.cause() != *cause).then(|| format!("{status} {words}: {:?} instead of {cause:?}", report.cause()))
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// A plan that came back with this notice: its state, whether its address is out of use, whether the channel rests.
fn after(recipient: &str, status: &str, words: &str) -> (StateName, bool, bool) {
    let answered = Answered::new();
    answered.world.run();
    let row = answered.physician();
    assert_eq!(answered.went_to(&row), WRITTEN_TO);
    answered.comes(&notice(&answered.address(&row), recipient, status, words));
    answered.receive();
    (answered.physician().state, answered.out_of_use(MAYA) > 0, answered.is_paused("smtp"))
}

#[test]
fn an_address_goes_out_of_use_only_where_the_notice_speaks_of_it() {
    let (status, words) = ("5.1.1", "550 5.1.1 no such user");
    assert_eq!(after(WRITTEN_TO, status, words), (StateName::Returned, true, false));
    assert_eq!(after(&WRITTEN_TO.to_uppercase(), status, words), (StateName::Returned, true, false));
    assert_eq!(after(WRITTEN_TO, "5.2.2", "552 5.2.2 full"), (StateName::Returned, false, false));
    assert_eq!(after(WRITTEN_TO, "5.7.1", "550 5.7.1 content policy"), (StateName::Returned, false, false));
}

#[test]
fn a_notice_that_speaks_of_us_rests_the_channel_and_leaves_the_address_alone() {
    for (status, words) in [
        ("5.1.8", "553 5.1.8 sender domain does not resolve"),
        ("5.1.1", "550 5.7.1 IP address blacklisted by recipient"),
        ("5.1.90", "550 5.1.90 daily limit for message recipients"),
    ] {
        assert_eq!(after(WRITTEN_TO, status, words), (StateName::Returned, false, true), "{words}");
    }
}

#[test]
fn a_member_of_a_list_or_a_forwarding_target_is_for_a_person_and_changes_nothing() {
    let answered = Answered::new();
    answered.world.run();
    let row = answered.physician();
    let to = answered.address(&row);
    answered.comes(&notice(&to, "former.employee@example.org", "5.1.1", "550 5.1.1 no such user"));
    // The list delivered to one member and failed at another.
    let both = String::from_utf8(notice(&to, "former.nurse@example.org", "5.1.1", "550 5.1.1 no such user")).unwrap();
    let delivered = format!("\nFinal-Recipient: rfc822; {WRITTEN_TO}\nAction: delivered\nStatus: 2.0.0\n\n--B--");
    answered.comes(both.replace("\n--B--", &delivered).as_bytes());
    let done = answered.receive();
    assert_eq!((done.for_a_person, done.returned, done.confirmed), (2, 0, 0), "{done:?}");
    assert_eq!(done.sorts.get("failure"), Some(&2));
    assert_eq!(answered.physician().state, StateName::Accepted);
    assert_eq!(answered.out_of_use(MAYA), 0);
    for receipt in answered.receipts() {
        assert_eq!(receipt.dispatch_id.as_deref(), Some(row.dispatch_id.as_str()));
        assert_eq!(receipt.child_id.as_deref(), Some(MAYA));
        assert!(receipt.why.contains("another address"), "{}", receipt.why);
    }
}

#[test]
fn a_channel_that_a_person_resumed_does_not_rest_again_for_what_left_before() {
    let answered = Answered::new();
    answered.world.run();
    let row = answered.physician();
    let (pipeline, runtime) = (&answered.world.pipeline, &answered.world.runtime);
    answered.world.clock.advance(chrono::Duration::hours(1));
    runtime.block_on(pipeline.store.service().resume_channel("smtp", "a person", pipeline.now())).unwrap();
    answered.comes(&notice(&answered.address(&row), WRITTEN_TO, "5.1.8", "553 5.1.8 sender domain does not resolve"));
    assert_eq!(answered.receive().returned, 1);
    assert!(!answered.is_paused("smtp"));
}

#[test]
fn a_failure_in_words_alone_without_our_mark_changes_nothing() {
    let answered = Answered::of(World::with(&[MAYA]), None);
    answered.world.run();
    let row = answered.physician();
    let words = format!(
        "From: MAILER-DAEMON@relay.example.org\nTo: papers@earlysteps.example.org\nSubject: failure notice\nContent-Type: \
         multipart/mixed; boundary=B\n\n--B\nContent-Type: text/plain\n\nHi. This is the qmail-send program.\n<{WRITTEN_TO}>:\n\
         550 5.1.1 no such user\n\n--B\nContent-Type: message/rfc822\n\nMessage-ID: <{}>\nSubject: x\n\nx\n\n--B--\n",
        message_id(&row)
    );
    answered.comes(words.as_bytes());
    assert_eq!(answered.receive().for_a_person, 1);
    assert_eq!(answered.physician().state, StateName::Accepted);
}
