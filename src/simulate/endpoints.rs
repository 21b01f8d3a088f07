//! Ways to reach offices and parents. All of them lead to names kept for examples.

use chrono::NaiveDate;
use unicode_normalization::UnicodeNormalization;

use super::{bank, ids, typed::line};
use crate::case::{Address, Endpoint, MailProtection, Safe};

/// An office's endpoint: of five offices two are reached over enforced TLS, two by Direct, one by mail.
pub(super) fn office(id: &str, number: u32, verified: NaiveDate) -> Endpoint {
    let (what, address, how) = match number % 5 {
        0 | 3 => (
            "mail",
            email(format!("intake@{id}.example.org"), MailProtection::TlsRequired),
            "called the published number",
        ),
        1 | 4 => (
            "direct",
            email(format!("records@direct.{id}.example.org"), MailProtection::Direct),
            "called the published number",
        ),
        _ => {
            let streets = bank::list("street");
            let street = streets[number as usize % streets.len()].text;
            let lines = vec![
                line(format!("{} {street}", 100 + number % 900)),
                line(format!("Norfolk, VA 235{:02}", 1 + number % 28)),
            ];
            ("post", Address::Postal { lines }, "from the office's web page")
        }
    };
    Endpoint {
        endpoint_id: ids::endpoint(id, what),
        address,
        verified_on: Some(verified.into()),
        verified_how: Some(line(how)),
        verified_by: Some(line("J. Alvarez")),
        disabled_on: None,
        safe: Safe::default(),
    }
}

/// A parent's e-mail address, used after a warning.
pub(super) fn parent_mail(person: &str, first: &str, warned: NaiveDate) -> Endpoint {
    // A mailbox name takes plain letters; the person's id makes it unique.
    let letters: String = first.nfd().filter(char::is_ascii_alphanumeric).collect();
    let protection = MailProtection::PlainWithWarning { warned_on: warned.into(), warning_version: line("2026-1") };
    Endpoint {
        endpoint_id: ids::endpoint(person, "mail"),
        address: email(format!("{}.{person}@example.org", letters.to_lowercase()), protection),
        verified_on: Some(warned.into()),
        verified_how: Some(line("read back at intake")),
        verified_by: None,
        disabled_on: None,
        safe: Safe::default(),
    }
}

/// A parent's postal address.
pub(super) fn parent_post(person: &str, lines: &[String], read_back: NaiveDate) -> Endpoint {
    Endpoint {
        endpoint_id: ids::endpoint(person, "post"),
        address: Address::Postal { lines: lines.iter().map(line).collect() },
        verified_on: Some(read_back.into()),
        verified_how: Some(line("read back at intake")),
        verified_by: None,
        disabled_on: None,
        safe: Safe::default(),
    }
}

fn email(to: String, protection: MailProtection) -> Address {
    Address::Email { to: line(to), protection: Some(protection) }
}
