//! Mail that comes back: failure notices (RFC 3464 and the plain text of common servers), disposition notices (RFC 8098),
//! complaints (RFC 5965), automatic replies. Read and not yet believed.

mod cause;
mod delivery_status;
mod disposition;
mod fields;
mod plain_notice;
mod sort;

use mail_parser::{Message, MessageParser, MessagePart, MimeHeaders, PartType};

pub use cause::{Cause, NO_CODE};
pub use sort::Sort;

/// What a message that came in says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Incoming {
    /// The addresses at which it arrived, the mail system's own note of it first.
    pub arrived_at: Vec<String>,
    /// What it reports about one of our messages, where it is a report.
    pub report: Option<Report>,
    /// Whether it is a report by its type as a whole, and not by its words or by one of its parts alone.
    pub formal: bool,
    /// What kind of mail it is, for the person who reads what nothing else settles.
    pub sort: Sort,
    /// The envelope id that it repeats.
    pub envelope_id: Option<String>,
    /// The Message-ID of which it speaks, without angle brackets.
    pub about: Option<String>,
    /// The reference of a fax that it confirms, where a gateway's pattern found one.
    pub fax_reference: Option<String>,
    /// Its subject. For matching a fax gateway's confirmations; never logged.
    pub subject: String,
    /// The sender's address. For matching a fax gateway's confirmations and receipts without a mark; never logged.
    pub from: String,
    /// Its text. For matching a fax gateway's confirmations; never logged.
    pub text: String,
}

/// What is reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// What became of the message.
    pub fate: Fate,
    /// RFC 3463 status, such as `5.1.1`.
    pub status: Option<String>,
    /// The words of the server that refused it. They may hold an address.
    pub diagnostic: Option<String>,
    /// What the notice says around the diagnostic, for a reader. It is asked only for what speaks against it. Never logged.
    pub around: String,
    /// The recipients of which it speaks, in small letters; none where it names none. Never logged.
    pub recipients: Vec<String>,
}

impl Report {
    /// A report that names no code and no recipient.
    #[must_use]
    pub fn of(fate: Fate, diagnostic: Option<String>) -> Self {
        Self { fate, status: None, diagnostic, around: String::new(), recipients: Vec::new() }
    }

    /// Whether it speaks of this address, or of nobody by name.
    #[must_use]
    pub fn may_speak_of(&self, address: &str) -> bool {
        self.recipients.is_empty() || self.names(address)
    }

    /// Whether it names this address.
    #[must_use]
    pub fn names(&self, address: &str) -> bool {
        self.recipients.iter().any(|named| named.eq_ignore_ascii_case(address.trim()))
    }
}

/// What became of a message, by a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Given up: it did not arrive.
    Failed,
    /// Not yet arrived; it is still being tried.
    Delayed,
    /// In the recipient's mailbox.
    Delivered,
    /// Handed on to a system that reports nothing.
    Relayed,
    /// Shown to a person, or dealt with by one.
    Displayed,
    /// Direct: the recipient's service has taken it and vouches for its sender.
    Processed,
    /// Direct: the recipient's service has handed it to its destination.
    Dispatched,
    /// Put away unread.
    Deleted,
}

impl Fate {
    /// The word in the database and in JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::Delayed => "delayed",
            Self::Delivered => "delivered",
            Self::Relayed => "relayed",
            Self::Displayed => "displayed",
            Self::Processed => "processed",
            Self::Dispatched => "dispatched",
            Self::Deleted => "deleted",
        }
    }
}

/// Reads a message. Whatever is no mail at all gives an empty [`Incoming`].
#[must_use]
pub fn read(bytes: &[u8]) -> Incoming {
    let bytes = with_line_ends(bytes);
    let Some(message) = MessageParser::default().parse(bytes.as_ref()) else { return Incoming::default() };
    let mut incoming = Incoming {
        arrived_at: arrived_at(&message),
        subject: message.subject().unwrap_or_default().to_owned(),
        from: message.from().and_then(|f| f.first()).and_then(|a| a.address()).unwrap_or_default().to_owned(),
        text: message.body_text(0).unwrap_or_default().into_owned(),
        ..Incoming::default()
    };
    let (delivery, disposition) =
        (is_report(&message, "delivery-status"), is_report(&message, "disposition-notification"));
    incoming.formal = delivery || disposition;
    for part in &message.parts {
        if is(part, "message", &["delivery-status", "global-delivery-status"]) {
            let groups = fields::groups(part.contents());
            let named = groups.iter().find_map(|g| fields::value(g, "original-envelope-id")).map(str::to_owned);
            incoming.envelope_id = incoming.envelope_id.take().or(named);
            incoming.report = incoming.report.take().or_else(|| delivery_status::report(&groups));
        } else if disposition && is(part, "message", &["disposition-notification", "global-disposition-notification"]) {
            let groups = fields::groups(part.contents());
            incoming.about =
                groups.iter().find_map(|g| fields::value(g, "original-message-id")).map(bare).or(incoming.about.take());
            incoming.report = groups.iter().find_map(disposition::report);
        } else if is(part, "message", &["feedback-report"]) {
            let groups = fields::groups(part.contents());
            // The envelope sender of the message that was complained about: our return path, with its mark.
            let sender = groups.iter().find_map(|g| fields::value(g, "original-mail-from")).map(bare);
            incoming.arrived_at.extend(sender);
        }
        incoming.about = incoming.about.take().or_else(|| id_of_returned(part));
    }
    if let Some(report) = &mut incoming.report {
        report.around = plain_notice::texts(&message);
    } else if !disposition {
        incoming.report = plain_notice::report(&message, &incoming.arrived_at);
    }
    if sort::is_complaint(&message) {
        incoming.report = None;
    }
    incoming.sort = sort::of(&message, incoming.report.as_ref());
    incoming
}

/// A report is believed to be one by its type as a whole: the same words in a letter's text say nothing.
fn is_report(message: &Message<'_>, kind: &str) -> bool {
    message.content_type().is_some_and(|c| {
        c.ctype().eq_ignore_ascii_case("multipart")
            && c.subtype().is_some_and(|s| s.eq_ignore_ascii_case("report"))
            && c.attribute("report-type").is_some_and(|t| t.eq_ignore_ascii_case(kind))
    })
}

/// Very old systems end lines with a carriage return alone.
fn with_line_ends(bytes: &[u8]) -> std::borrow::Cow<'_, [u8]> {
    if bytes.contains(&b'\n') || !bytes.contains(&b'\r') {
        return bytes.into();
    }
    bytes.iter().map(|byte| if *byte == b'\r' { b'\n' } else { *byte }).collect::<Vec<u8>>().into()
}

/// The Message-ID of the message that a part brings back.
fn id_of_returned(part: &MessagePart<'_>) -> Option<String> {
    if is(part, "text", &["rfc822-headers", "rfc822-header"]) {
        MessageParser::default().parse(part.contents()).and_then(|m| m.message_id().map(str::to_owned))
    } else if let PartType::Message(inner) = &part.body {
        inner.message_id().map(str::to_owned)
    } else {
        None
    }
}

fn arrived_at(message: &Message<'_>) -> Vec<String> {
    let mut found = Vec::new();
    // The mail system's own notes come before what the sender wrote.
    for name in ["Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To"] {
        let notes = message.headers_raw().filter(|(known, _)| known.eq_ignore_ascii_case(name));
        found.extend(notes.map(|(_, address)| address.trim().to_owned()));
    }
    for address in message.all_to().flat_map(mail_parser::Address::iter) {
        found.extend(address.address().map(str::to_owned));
    }
    found
}

fn is(part: &MessagePart<'_>, kind: &str, subtypes: &[&str]) -> bool {
    part.content_type().is_some_and(|c| {
        c.ctype().eq_ignore_ascii_case(kind)
            && c.subtype().is_some_and(|s| subtypes.iter().any(|known| s.eq_ignore_ascii_case(known)))
    })
}

fn bare(id: &str) -> String {
    id.trim().trim_start_matches('<').trim_end_matches('>').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_a_report_in_a_letter_are_no_report() {
        let letter = b"From: a@example.org\r\nTo: b@example.org\r\nContent-Type: text/plain\r\n\r\nFinal-Recipient: rfc822; x@example.org\r\nAction: failed\r\nStatus: 5.1.1\r\n";
        assert_eq!(read(letter).report, None);
        assert_eq!(read(b"").report, None);
    }
}
