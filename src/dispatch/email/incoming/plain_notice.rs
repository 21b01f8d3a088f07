//! Failure notices in plain text, as servers write them that send no report by RFC 3464, or wrap one in words alone.
//!
//! A machine must have sent it, and one of the known openings must stand in what comes before the returned message. All
//! that is taken from it are codes, words and addresses; only the mark in the return path makes any of it count.

use mail_parser::{Message, PartType};

use super::{Fate, Report, delivery_status, fields, sort};
use crate::dispatch::email::refusal::{enhanced_codes, holds_any, words};

/// Openings of notices that a message was given up, and whose they are. Compared word by word, without case or
/// punctuation.
const GIVEN_UP: &[(&str, &str)] = &[
    (
        "this is the qmail send program; i wasn t able to deliver your message; i m not going to try again; i ve given up",
        "qmail and its children",
    ),
    (
        "could not be delivered; this is a permanent error; returned permanent errors; trouble delivering your message",
        "Exim, Postfix, Courier, GMX, Zoho, MX Logic, KDDI, MailMarshal, InterScan",
    ),
    (
        "did not reach the following recipient; did not reach some or all of the intended recipients; could not be \
         reached; delivery has failed to these recipients",
        "Exchange, Exchange Online",
    ),
    (
        "was not delivered to; not listed in domino directory; not listed in public name; failure reasons",
        "Domino, Notes",
    ),
    (
        "delivery to the following recipient failed; delivery to the following recipients failed; technical details of \
         permanent failure; the group you tried to contact; delevery to the following recipients was aborted",
        "Gmail, Google Groups and others",
    ),
    (
        "had permanent fatal errors; had delivery problems; had permanent delivery errors; transcript of session follows",
        "Sendmail, Active!hunter, Biglobe",
    ),
    (
        "there was an error delivering your mail; an error has occurred while attempting to deliver a message; an error \
         occurred while trying to deliver the mail",
        "DragonFly, OpenSMTPD, Amazon",
    ),
    (
        "unable to deliver; undeliverable to; cannot be delivered; can not be delivered; couldn t be delivered; wasn t \
         delivered; was not delivered; delivery failed; delivery has failed; failed to deliver; was rejected by a remote",
        "Yahoo, MailFoundry, IMail, EZweb and others",
    ),
    (
        "unknown user; user unknown; no such user; invalid final delivery userid; user mailbox exceeds; mailbox is full; \
         account is disabled; server message",
        "IMail, m-FILTER and others, who say little more",
    ),
];

/// Subjects of the same, where the words are of another language.
const SUBJECTS: &str = "undeliverable; undelivered mail; undeliverable mail; failure notice; returned mail; delivery failure; delivery \
                        status notification failure; mail delivery failed; mail system error; mail failure; mail failed; \
                        message delivery has failed; error sending your mail; could not be delivered";

/// Openings of notices that it is still being tried.
const STILL_TRIED: &str = "has not yet been delivered; not yet been delivered; have not yet been delivered; has been delayed; \
                           delivery delayed; will be retried; warning message only; you do not need to resend; delay reason; \
                           is still being tried; will continue to try; delivery is delayed; delivery attempts will continue";

/// Where the returned message begins, as a line begins: in small letters, leading marks left out.
const RETURNED: &[&str] = &[
    "below this line is a copy of",
    "this is a copy of the message",
    "this is a copy of your message",
    "below is a copy of the original message",
    "the header of the original message",
    "original message follows",
    "original message headers",
    "original message",
    "original mail info",
    "message headers follow",
    "included is a copy of",
    "returned message",
    "unsent message below",
    "your original message",
    "message header",
    "undelivered message",
    "start of returned",
    "received: from",
    "received: by",
    "return-path:",
    "dkim-signature:",
];

/// What a message reports in plain text. `arrived_at` are addresses of ours that say nothing about the recipient.
pub(super) fn report(message: &Message<'_>, arrived_at: &[String]) -> Option<Report> {
    if !is_from_a_machine(message) || sort::says_away(message) {
        return None;
    }
    let text = texts(message);
    let whole = words(&text);
    let subject = words(message.subject().unwrap_or_default());
    // A whole report in words: some servers write its fields into the text.
    if let Some(report) = delivery_status::report(&fields::groups(unindented(&text).as_bytes())) {
        return Some(report);
    }
    let fate = if holds_any(&whole, STILL_TRIED) || holds_any(&subject, "delay; delayed; warning") {
        Fate::Delayed
    } else if GIVEN_UP.iter().any(|(openings, _)| holds_any(&whole, openings)) || holds_any(&subject, SUBJECTS) {
        Fate::Failed
    } else {
        return None;
    };
    let code = enhanced_codes(&text).into_iter().next();
    let status = code.map(|(class, subject, detail)| format!("{class}.{subject}.{detail}"));
    Some(Report { status, recipients: recipients(&text, arrived_at), ..Report::of(fate, Some(text)) })
}

/// Whether a mail system sent it: it names itself, or nobody. A reply for a person who is away has an empty return path
/// too, but a person's name.
pub(super) fn is_from_a_machine(message: &Message<'_>) -> bool {
    let from = message.from().and_then(|from| from.first());
    let bare = |text: &str| text.to_ascii_lowercase().replace(['-', '_', '.', ' '], "");
    let local = bare(from.and_then(|from| from.address()).unwrap_or_default().split('@').next().unwrap_or_default());
    let name = bare(from.and_then(|from| from.name()).unwrap_or_default());
    let mailers = ["mailerdaemon", "postmaster", "mailsystem", "maildelivery", "maildaemon"];
    let is_mailer = mailers.iter().any(|mailer| local.starts_with(mailer) || name.starts_with(mailer));
    let returns_nowhere = message.headers_raw().any(|(known, value)| {
        known.eq_ignore_ascii_case("Return-Path") && value.trim().trim_matches(['<', '>']).is_empty()
    });
    let answers_nobody = ["noreply", "donotreply", "bounce"].iter().any(|word| local.starts_with(word));
    (local.is_empty() && name.is_empty()) || is_mailer || (returns_nowhere && answers_nobody)
}

/// The texts of a message, each up to where the returned message begins.
pub(super) fn texts(message: &Message<'_>) -> String {
    let mut all = String::new();
    for part in &message.parts {
        if let PartType::Text(text) = &part.body {
            all.push_str(before_the_returned(text));
            all.push('\n');
        }
    }
    if all.trim().is_empty() {
        let text = message.body_text(0).unwrap_or_default();
        all.push_str(before_the_returned(&text));
    }
    all
}

fn before_the_returned(text: &str) -> &str {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let bare = line.trim_start_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        // A notice may open with such words; then all of it would be the returned message.
        if at > 0 && RETURNED.iter().any(|beginning| bare.starts_with(beginning)) {
            return &text[..at];
        }
        at += line.len();
    }
    text
}

fn unindented(text: &str) -> String {
    text.lines()
        .map(|line| if is_field(line.trim_start()) { line.trim_start() } else { line })
        .collect::<Vec<_>>()
        .join("\n")
}

fn is_field(line: &str) -> bool {
    [
        "final-recipient:",
        "action:",
        "status:",
        "diagnostic-code:",
        "reporting-mta:",
        "original-recipient:",
        "remote-mta:",
    ]
    .iter()
    .any(|name| line.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name)))
}

/// Addresses that the text names, but for our own, the sender's, and the one before a forwarding.
fn recipients(text: &str, arrived_at: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    let divides = |c: char| c.is_whitespace() || !c.is_ascii() || "<>()[]{}\"',;:=|".contains(c);
    for line in text.lines() {
        let small = line.to_lowercase();
        let holds = ["generated from", "generated by", "mail from:"].iter().any(|words| small.contains(words));
        let begins = ["from:", "sender:", "original sender:", "envelope-from", "(envelope-from"];
        if holds || begins.iter().any(|words| small.trim_start().starts_with(words)) {
            continue;
        }
        for word in small.split(divides).map(|word| word.trim_matches(['.', '-', '!', '?', '*'])) {
            let is_address = word.split_once('@').is_some_and(|(local, domain)| {
                !local.is_empty() && domain.contains('.') && !domain.contains('@') && domain.len() > 3
            });
            let ours = arrived_at.iter().any(|address| address.trim_matches(['<', '>']).eq_ignore_ascii_case(word));
            if is_address && !ours && !found.iter().any(|known| known == word) {
                found.push(word.to_owned());
            }
        }
    }
    found
}
