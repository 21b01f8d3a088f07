//! Results, authorities and what was learned later, as sentences.

use crate::ledger::{
    entry::{Detail, Entry},
    event::Event,
};

/// What became of it when it left.
pub(super) fn result(outcome: &str, channel: Option<&str>) -> (String, bool) {
    let says = match (outcome, channel) {
        ("accepted", Some("folder")) => "It was written to a folder on our own machine; nothing left it.",
        ("accepted", Some("smtp")) => "Our mail server accepted it for delivery.",
        ("accepted", Some("fax")) => "The fax line accepted it.",
        ("accepted", _) => "The next carrier accepted it.",
        ("mailed", _) => "It was put into the mail.",
        ("given", _) => "It was given by hand.",
        ("unknown", _) => return ("It may have been received: it left, and no answer came.".to_owned(), true),
        ("refused-after-body", _) => {
            return ("It may have been received: the other side refused it after it had left.".to_owned(), true);
        }
        ("partly-sent", _) => return ("It may have been received in part: the sending broke off.".to_owned(), true),
        (other, _) => return (format!("It is recorded as: {other}."), true),
    };
    (says.to_owned(), false)
}

/// What was learned later, and whether it makes the receipt uncertain.
pub(super) fn later(entry: &Entry, detail: Option<&Detail>) -> (String, bool) {
    let said = detail.map(|d| d.purpose.as_str()).filter(|says| !says.is_empty());
    match (entry.event, entry.outcome.as_str()) {
        (Event::Correction, _) => (format!("Corrected: {}", said.unwrap_or("what it says is wrong.")), false),
        (Event::Recall, _) => ("We asked for it back. It may have been received.".to_owned(), true),
        (Event::Incident, "prevented") => ("It was stopped before it left.".to_owned(), false),
        (Event::Incident, _) => ("It was found to have gone wrong. It may have been received.".to_owned(), true),
        (_, "returned") => ("It came back. It may have been received.".to_owned(), true),
        (_, "confirmed" | "arrived") => ("It was confirmed that it arrived.".to_owned(), false),
        (_, "not-arrived") => ("It is said not to have arrived. It may have been received.".to_owned(), true),
        (_, other) => (said.map_or_else(|| format!("It is recorded as: {other}."), ToOwned::to_owned), false),
    }
}

/// On what authority, in words that a parent knows.
#[must_use]
pub fn authority(entry: &Entry) -> String {
    match entry.basis.as_deref() {
        Some("PARENT_COPY") => "A parent's own right to the record (34 CFR 303.405, 303.409)".to_owned(),
        Some("PARTICIPATING_AGENCY") => "Gives services on the plan (34 CFR 303.403, 303.414(b))".to_owned(),
        Some("CONSENT") => match &entry.release {
            Some(release) => match &release.expires_on {
                Some(until) => {
                    format!("Parent's signed release {}, valid through {until} (34 CFR 303.414)", release.id)
                }
                None => format!("Parent's signed release {} (34 CFR 303.414)", release.id),
            },
            None => "Parent's signed release (34 CFR 303.414)".to_owned(),
        },
        Some("LEA_LIMITED_NOTICE") => "Notice to the school district (34 CFR 303.209(b), 303.401(d))".to_owned(),
        Some("COURT_ORDER") => "A court's order (34 CFR 99.31(a)(9))".to_owned(),
        Some("EMERGENCY") => "A health or safety emergency (34 CFR 99.36)".to_owned(),
        Some(other) => other.to_lowercase().replace('_', " "),
        None => "Not recorded: the attempt was lost".to_owned(),
    }
}
