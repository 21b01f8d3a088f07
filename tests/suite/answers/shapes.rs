//! Failure notices as common servers write them, made up in their shape: one a server, with a code about the address and
//! with one about something else.

use earlypost::dispatch::{
    StateName,
    email::incoming::{Cause, Fate, read},
};

use super::{Answered, WRITTEN_TO};
use crate::harness::MAYA;

/// Name of the server, and its notice about recipient `{rcpt}` with the refusal `{said}`.
const SHAPES: &[(&str, &str)] = &[
    (
        "qmail",
        "From: MAILER-DAEMON@mx.example.org\nSubject: failure notice\n\nHi. This is the qmail-send program at mx.example.org.\n\
         I'm afraid I wasn't able to deliver your message to the following addresses.\nThis is a permanent error; I've given \
         up. Sorry it didn't work out.\n\n<{rcpt}>:\n192.0.2.20 does not like recipient.\nRemote host said: {said}\nGiving up \
         on 192.0.2.20.\n\n--- Below this line is a copy of the message.\n\nReturn-Path: <x@example.org>\nSubject: A paper\n",
    ),
    (
        "Exim",
        "From: Mail Delivery System <Mailer-Daemon@mx.example.org>\nAuto-Submitted: auto-replied\nSubject: Mail delivery failed: \
         returning message to sender\n\nThis message was created automatically by mail delivery software.\n\nA message that you \
         sent could not be delivered to one or more of its\nrecipients. This is a permanent error. The following address(es) \
         failed:\n\n  {rcpt}\n    SMTP error from remote mail server after RCPT TO:<{rcpt}>:\n    host mx.example.org \
         [192.0.2.20]: {said}\n\n------ This is a copy of the message, including all the headers. ------\n\nReturn-path: \
         <x@example.org>\nX-Spam: policy\n",
    ),
    (
        "Exchange 2003",
        "From: System Administrator <postmaster@example.org>\nSubject: Undeliverable: A paper\n\nYour message\n\n  To: \
         {rcpt}\n  Subject: A paper\n\ndid not reach the following recipient(s):\n\n{rcpt} on Fri, 20 Nov 2026 09:00:00 \
         -0500\n    The e-mail account could not be found <mx.example.org #{said}>\n",
    ),
    (
        "Exchange Online in words",
        "From: postmaster@example.onmicrosoft.example\nSubject: Undeliverable: A paper\n\nDelivery has failed to these recipients \
         or groups:\n\n{rcpt}<mailto:{rcpt}>\n\nDiagnostic information for administrators:\n\nGenerating server: \
         mx.example.org\n\n{rcpt}\nRemote Server returned '{said}'\n\nOriginal message headers:\n\nReceived: from x (192.0.2.1)\n",
    ),
    (
        "Gmail, as it was",
        "From: Mail Delivery Subsystem <mailer-daemon@googlemail.example>\nSubject: Delivery Status Notification \
         (Failure)\n\nDelivery to the following recipient failed permanently:\n\n     {rcpt}\n\nTechnical details of permanent \
         failure:\nGoogle tried to deliver your message, but it was rejected by the recipient domain. The error that the other \
         server returned was: {said}\n\n----- Original message -----\n\nDKIM-Signature: v=1; a=rsa-sha256\n",
    ),
    (
        "Yahoo",
        "From: MAILER-DAEMON@yahoo.example\nSubject: Failure Notice\n\nSorry, we were unable to deliver your message to the \
         following address.\n\n<{rcpt}>:\nRemote host said: {said} [RCPT_TO]\n\n--- Below this line is a copy of the \
         message.\n\nReceived: from [192.0.2.1]\n",
    ),
    (
        "Sendmail in words",
        "From: Mail Delivery Subsystem <MAILER-DAEMON>\nSubject: Returned mail: see transcript for details\n\nThe original \
         message was received at Fri, 20 Nov 2026 09:00:00 -0500\nfrom localhost [127.0.0.1]\n\n   ----- The following addresses \
         had permanent fatal errors -----\n<{rcpt}>\n\n   ----- Transcript of session follows -----\n... while talking to \
         mx.example.org.:\n>>> RCPT To:<{rcpt}>\n<<< {said}\n",
    ),
    (
        "Postfix in words",
        "From: MAILER-DAEMON@mx.example.org (Mail Delivery System)\nSubject: Undelivered Mail Returned to Sender\n\nThis is the \
         mail system at host mx.example.org.\n\nI'm sorry to have to inform you that your message could not\nbe delivered to \
         one or more recipients. It's attached below.\n\n<{rcpt}>: host mx.example.org[192.0.2.20] said: {said} (in reply to \
         RCPT TO command)\n",
    ),
    (
        "Domino",
        "From: Postmaster@example.org\nSubject: DELIVERY FAILURE: {said}\n\nYour message\n\n  Subject: A paper\n\nwas not \
         delivered to:\n\n  {rcpt}\n\nbecause:\n\n  {said}\n",
    ),
    (
        "GMX",
        "From: MAILER-DAEMON@mail.gmx.example\nSubject: Mail delivery failed: returning message to sender\n\nThis message was \
         created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or more of\n\
         its recipients. This is a permanent error. The following address\nfailed:\n\n\"{rcpt}\":\nSMTP error from remote server \
         after RCPT command:\nhost: mx.example.org\n{said}\n\n--- The header of the original message is following. ---\n\nReceived: \
         from [192.0.2.1]\n",
    ),
    (
        "DragonFly",
        "From: MAILER-DAEMON <>\nSubject: Mail delivery failed\n\nThis is the DragonFly Mail Agent v0.13 at \
         mx.example.org.\n\nThere was an error delivering your mail to <{rcpt}>.\n\nmx.example.org [192.0.2.20] did not like our RCPT \
         TO:\n{said}\n\nMessage headers follow.\n\nReceived: from root (uid 0)\n",
    ),
    (
        "OpenSMTPD in words",
        "From: Mailer Daemon <MAILER-DAEMON@mx.example.org>\nSubject: Delivery status notification: error\n\n    Hi!\n\n    This \
         is the MAILER-DAEMON, please DO NOT REPLY to this e-mail.\n\n    An error has occurred while attempting to deliver a \
         message for\n    the following list of recipients:\n\n{rcpt}: {said}\n\n    Below is a copy of the original \
         message:\n\nReceived: from [127.0.0.1]\n",
    ),
    (
        "a report in multipart/mixed, as OpenSMTPD and McAfee send it",
        "From: Mailer Daemon <MAILER-DAEMON@mx.example.org>\nSubject: Delivery status notification\nMIME-Version: 1.0\nContent-Type: \
         multipart/mixed; boundary=B\n\n--B\nContent-Type: text/plain\n\nIt did not go.\n\n--B\nContent-Type: \
         message/delivery-status\n\nReporting-MTA: dns; mx.example.org\n\nFinal-Recipient: rfc822; {rcpt}\nAction: failed\nStatus: \
         5.0.0\nDiagnostic-Code: smtp; {said}\n\n--B--\n",
    ),
    (
        "Courier, whose status says nothing",
        "From: \"Courier mail server at mx.example.org\" <postmaster@mx.example.org>\nSubject: NOTICE: mail delivery \
         status.\nMIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=B\n\n--B\nContent-Type: \
         text/plain\n\nThis is a delivery status notification from mx.example.org.\n\n--B\nContent-Type: \
         message/delivery-status\n\nReporting-MTA: dns; mx.example.org\n\nFinal-Recipient: rfc822; {rcpt}\nAction: failed\nStatus: \
         5.0.0\nDiagnostic-Code: smtp; {said}\n\n--B--\n",
    ),
    (
        "a report in the words of the text, as Amazon writes it",
        "From: MAILER-DAEMON@mx.example.org\nSubject: Delivery Status Notification (Failure)\n\nAn error occurred while trying to \
         deliver the mail to the following recipients:\n{rcpt}\n\nTechnical report:\n\nReporting-MTA: dsn; \
         mx.example.org\n\nAction: failed\nFinal-Recipient: rfc822; {rcpt}\nDiagnostic-Code: smtp; {said}\nStatus: 5.1.1\n",
    ),
];

fn shaped(shape: &str, to: &str, rcpt: &str, said: &str) -> Vec<u8> {
    let notice = shape.replace("{rcpt}", rcpt).replace("{said}", said);
    format!("Return-Path: <>\nDelivered-To: {to}\nTo: {to}\n{notice}").into_bytes()
}

#[test]
fn the_notices_of_common_servers_are_failures_that_name_their_recipient_and_their_cause() {
    for (server, shape) in SHAPES {
        for (said, cause) in [
            ("550 5.1.1 no such user", Cause::Address),
            ("552 5.2.2 mailbox full", Cause::Other),
            ("550 5.1.8 sender domain not found", Cause::Us),
            ("550 5.7.1 blacklisted", Cause::Us),
        ] {
            let bytes = shaped(shape, "bounces+x@earlysteps.example.org", WRITTEN_TO, said);
            let report = read(&bytes).report.unwrap_or_else(|| panic!("{server}: no report"));
            assert_eq!(report.fate, Fate::Failed, "{server}");
            assert_eq!(report.cause(), cause, "{server}: {said}");
            assert!(report.names(WRITTEN_TO), "{server}: {:?}", report.recipients);
            // Line ends of other systems change nothing.
            for ends in ["\r\n", "\r"] {
                let text = String::from_utf8(bytes.clone()).unwrap().replace('\n', ends);
                assert_eq!(read(text.as_bytes()).report.map(|r| r.cause()), Some(cause), "{server} with {ends:?}");
            }
        }
    }
}

#[test]
fn the_same_words_from_a_person_are_no_notice() {
    for (server, shape) in SHAPES.iter().filter(|(server, _)| !server.contains("Courier") && !server.contains("mixed"))
    {
        let bytes = shaped(shape, "bounces+x@earlysteps.example.org", WRITTEN_TO, "550 5.1.1 no such user");
        let text = String::from_utf8(bytes).unwrap();
        let from = text.lines().find(|line| line.starts_with("From: ")).unwrap().to_owned();
        let forwarded = text.replace(&from, "From: Pat Doe <pat@example.org>");
        assert_eq!(read(forwarded.as_bytes()).report, None, "{server}");
    }
}

#[test]
fn a_delay_in_words_is_a_delay() {
    for words in [
        "A message that you sent has not yet been delivered to one or more of its\nrecipients after more than 24 hours on the \
         queue.\n  {rcpt}\n    Delay reason: 450 4.2.0 try again, could not be delivered\n",
        "THIS IS A WARNING MESSAGE ONLY.\nYOU DO NOT NEED TO RESEND YOUR MESSAGE.\nDelivery to the following recipient has been \
         delayed:\n  {rcpt}\n550 5.1.1 no such user\n",
    ] {
        let words = words.replace("{rcpt}", WRITTEN_TO);
        let text = format!("From: Mailer-Daemon@mx.example.org\nTo: x@example.org\nSubject: Warning\n\n{words}");
        assert_eq!(read(text.as_bytes()).report.map(|r| r.fate), Some(Fate::Delayed));
    }
}

#[test]
fn with_our_mark_each_of_them_returns_the_plan_and_without_it_none() {
    for (server, shape) in SHAPES {
        let answered = Answered::new();
        answered.world.run();
        let row = answered.physician();
        answered.comes(&shaped(shape, "papers@earlysteps.example.org", WRITTEN_TO, "550 5.1.1 no such user"));
        assert_eq!(answered.receive().for_a_person, 1, "{server}");
        assert_eq!(answered.physician().state, StateName::Accepted);
        answered.comes(&shaped(shape, &answered.address(&row), WRITTEN_TO, "550 5.1.1 no such user"));
        assert_eq!(answered.receive().returned, 1, "{server}");
        assert_eq!(answered.out_of_use(MAYA), 1, "{server}");
        answered.world.verify();
    }
}
