//! Mail that comes back: failure notices (RFC 3464) and disposition notices (RFC 8098), read and not yet believed.

use mail_parser::{Message, MessageParser, MessagePart, MimeHeaders};

/// What a message that came in says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Incoming {
    /// The addresses at which it arrived, the mail system's own note of it first.
    pub arrived_at: Vec<String>,
    /// What it reports about one of our messages, where it is a report.
    pub report: Option<Report>,
    /// The envelope id that it repeats.
    pub envelope_id: Option<String>,
    /// The Message-ID of which it speaks, without angle brackets.
    pub about: Option<String>,
    /// The reference of a fax that it confirms, where a gateway's pattern found one.
    pub fax_reference: Option<String>,
    /// Its subject. For matching a fax gateway's confirmations; never logged.
    pub subject: String,
    /// The sender's address. For matching a fax gateway's confirmations; never logged.
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
    let Some(message) = MessageParser::default().parse(bytes) else { return Incoming::default() };
    let mut incoming = Incoming {
        arrived_at: arrived_at(&message),
        subject: message.subject().unwrap_or_default().to_owned(),
        from: message.from().and_then(|f| f.first()).and_then(|a| a.address()).unwrap_or_default().to_owned(),
        text: message.body_text(0).unwrap_or_default().into_owned(),
        ..Incoming::default()
    };
    // A report is believed to be one by its type as a whole: the same words in a letter's text say nothing.
    let reports = |kind: &str| {
        message.content_type().is_some_and(|c| {
            c.ctype().eq_ignore_ascii_case("multipart")
                && c.subtype().is_some_and(|s| s.eq_ignore_ascii_case("report"))
                && c.attribute("report-type").is_some_and(|t| t.eq_ignore_ascii_case(kind))
        })
    };
    let (delivery, disposition) = (reports("delivery-status"), reports("disposition-notification"));
    for part in &message.parts {
        if delivery && is(part, "message", &["delivery-status", "global-delivery-status"]) {
            let groups = groups(part.contents());
            incoming.envelope_id = groups.iter().find_map(|g| value(g, "original-envelope-id")).map(str::to_owned);
            incoming.report = delivery_report(&groups);
        } else if disposition && is(part, "message", &["disposition-notification", "global-disposition-notification"]) {
            let groups = groups(part.contents());
            incoming.about =
                groups.iter().find_map(|g| value(g, "original-message-id")).map(bare).or(incoming.about.take());
            incoming.report = groups.iter().find_map(disposition_report);
        } else if (delivery || disposition) && is(part, "text", &["rfc822-headers", "rfc822-header"]) {
            let returned = MessageParser::default().parse(part.contents());
            incoming.about = incoming.about.take().or_else(|| returned.and_then(|m| m.message_id().map(str::to_owned)));
        } else if (delivery || disposition) && is(part, "message", &["rfc822", "global"]) {
            let inner = part.message().and_then(|m| m.message_id().map(str::to_owned));
            incoming.about = incoming.about.take().or(inner);
        }
    }
    incoming
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

type Group = Vec<(String, String)>;

/// Groups of fields, set apart by empty lines; a line that begins with a blank goes on with the one before it.
fn groups(bytes: &[u8]) -> Vec<Group> {
    let mut groups: Vec<Group> = vec![Vec::new()];
    for line in String::from_utf8_lossy(bytes).lines() {
        let last = groups.last_mut().expect("there is always a group");
        if line.trim().is_empty() {
            if !last.is_empty() {
                groups.push(Vec::new());
            }
        } else if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = last.last_mut() {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let Some((name, value)) = line.split_once(':') {
            last.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
        }
    }
    groups
}

fn value<'a>(group: &'a Group, name: &str) -> Option<&'a str> {
    group.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

fn bare(id: &str) -> String {
    id.trim().trim_start_matches('<').trim_end_matches('>').to_owned()
}

/// The worst that is said: our messages have one recipient, but a list behind that address may have more.
fn delivery_report(groups: &[Group]) -> Option<Report> {
    let of = |group: &Group| {
        let fate = match value(group, "action")?.to_ascii_lowercase().as_str() {
            "failed" => Fate::Failed,
            "delayed" => Fate::Delayed,
            "delivered" => Fate::Delivered,
            "relayed" | "expanded" => Fate::Relayed,
            _ => return None,
        };
        let status = value(group, "status").and_then(|s| s.split_ascii_whitespace().next()).map(str::to_owned);
        Some(Report { fate, status, diagnostic: value(group, "diagnostic-code").map(str::to_owned) })
    };
    let badness = |report: &Report| match report.fate {
        Fate::Failed => 0,
        Fate::Delayed => 1,
        Fate::Relayed => 2,
        _ => 3,
    };
    groups.iter().filter_map(of).min_by_key(badness)
}

/// `Disposition: automatic-action/MDN-sent-automatically; dispatched/error` and what follows from it.
fn disposition_report(group: &Group) -> Option<Report> {
    let (_, what) = value(group, "disposition")?.split_once(';')?;
    let (kind, modifiers) = what.trim().split_once('/').unwrap_or((what.trim(), ""));
    let modifiers = modifiers.to_ascii_lowercase();
    let failed = ["error", "failure"].iter().any(|word| modifiers.contains(word));
    let fate = match kind.trim().to_ascii_lowercase().as_str() {
        "failed" => Fate::Failed,
        _ if failed => Fate::Failed,
        "displayed" => Fate::Displayed,
        "processed" => Fate::Processed,
        "dispatched" => Fate::Dispatched,
        "deleted" | "denied" => Fate::Deleted,
        _ => return None,
    };
    let words = ["failure", "error", "warning"].iter().find_map(|name| value(group, name)).map(str::to_owned);
    Some(Report { fate, status: None, diagnostic: words })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_in_groups_and_folded_lines_go_on() {
        let groups = groups(b"A: 1\r\nB: 2\r\n more\r\n\r\n\r\nC: 3\r\n");
        assert_eq!(value(&groups[0], "b"), Some("2 more"));
        assert_eq!(value(&groups[1], "c"), Some("3"));
    }

    #[test]
    fn the_words_of_a_report_in_a_letter_are_no_report() {
        let letter = b"From: a@example.org\r\nTo: b@example.org\r\nContent-Type: text/plain\r\n\r\nFinal-Recipient: rfc822; x@example.org\r\nAction: failed\r\nStatus: 5.1.1\r\n";
        assert_eq!(read(letter).report, None);
        assert_eq!(read(b"").report, None);
    }

    #[test]
    fn a_disposition_with_an_error_is_a_failure() {
        let report = |text: &str| disposition_report(&groups(text.as_bytes())[0]).map(|r| r.fate);
        assert_eq!(report("Disposition: manual-action/MDN-sent-manually; displayed"), Some(Fate::Displayed));
        assert_eq!(report("Disposition: automatic-action/MDN-sent-automatically; processed"), Some(Fate::Processed));
        assert_eq!(report("Disposition: automatic-action/MDN-sent-automatically; processed/error"), Some(Fate::Failed));
        assert_eq!(report("Disposition: automatic-action/MDN-sent-automatically;failed"), Some(Fate::Failed));
        assert_eq!(report("Disposition: nonsense"), None);
    }
}
