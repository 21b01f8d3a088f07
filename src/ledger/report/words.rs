//! Results, purposes, authorities and what was learned later, as sentences in a reader's language.

use chrono_tz::Tz;

use crate::{
    document::{Language, Languages},
    due::ObligationKind,
    ledger::{
        entry::{Detail, Entry},
        event::Event,
    },
};

/// In which zone its days are, and in which language it is told.
#[derive(Debug, Clone, Copy)]
pub struct Telling<'a> {
    /// The program's zone.
    pub zone: Tz,
    /// The reader's language.
    pub said: &'a Language,
}

impl<'a> Telling<'a> {
    /// In English, the language of the program's own copies.
    #[must_use]
    pub fn english(zone: Tz, languages: &'a Languages) -> Self {
        Self { zone, said: languages.english() }
    }
}

/// What became of it when it left, and whether that leaves it open whether it was received.
pub(super) fn result(outcome: &str, channel: Option<&str>, said: &Language) -> (String, bool) {
    let (key, uncertain) = match (outcome, channel) {
        ("accepted", Some("folder")) => ("folder", false),
        ("accepted", Some("smtp")) => ("smtp", false),
        ("accepted", Some("fax")) => ("fax", false),
        ("accepted", _) => ("accepted", false),
        ("mailed", _) => ("mailed", false),
        ("given", _) => ("given", false),
        ("unknown", _) => ("unknown", true),
        ("refused-after-body", _) => ("refused", true),
        ("partly-sent", _) => ("partly", true),
        (other, _) => return (said.fill("said.access.result_other", &[("word", other)]), true),
    };
    (said.text(&format!("said.access.result_{key}")).to_owned(), uncertain)
}

/// What was learned later, and whether it makes the receipt uncertain.
pub(super) fn later(entry: &Entry, detail: Option<&Detail>, said: &Language) -> (String, bool) {
    let words = detail.map(|d| d.purpose.as_str()).filter(|says| !says.is_empty());
    let (key, uncertain) = match (entry.event, entry.outcome.as_str()) {
        (Event::Correction, _) => {
            let says = words.unwrap_or_else(|| said.text("said.access.later_wrong"));
            return (said.fill("said.access.later_corrected", &[("says", says)]), false);
        }
        (Event::Recall, _) => ("recall", true),
        (Event::Incident, "prevented") => ("prevented", false),
        (Event::Incident, _) => ("incident", true),
        (_, "returned") => ("returned", true),
        (_, "confirmed" | "arrived") => ("confirmed", false),
        (_, "not-arrived") => ("not_arrived", true),
        (_, other) => {
            let says =
                words.map_or_else(|| said.fill("said.access.result_other", &[("word", other)]), ToOwned::to_owned);
            return (says, false);
        }
    };
    (said.text(&format!("said.access.later_{key}")).to_owned(), uncertain)
}

/// On what authority, in words that a parent knows.
#[must_use]
pub fn authority(entry: &Entry, said: &Language) -> String {
    let key = match entry.basis.as_deref() {
        Some("CONSENT") => {
            let Some(release) = &entry.release else { return said.text("said.access.by_consent").to_owned() };
            let id = release.id.as_str();
            return match &release.expires_on {
                Some(until) => {
                    let day = until.parse().map_or_else(|_| until.clone(), |day| said.long(day));
                    said.fill("said.access.by_release_until", &[("id", id), ("until", &day)])
                }
                None => said.fill("said.access.by_release", &[("id", id)]),
            };
        }
        Some("PARENT_COPY") => "parent",
        Some("PARTICIPATING_AGENCY") => "agency",
        Some("LIMITED_NOTICE") => "notice",
        Some("CASEWORKER") => "caseworker",
        Some("PROGRAM_AGENT") => "agent",
        Some("COURT_ORDER") => "order",
        Some("EMERGENCY") => "emergency",
        Some("AUDIT") => "audit",
        Some(other) => return other.to_lowercase().replace('_', " "),
        None => "nothing",
    };
    said.text(&format!("said.access.by_{key}")).to_owned()
}

/// Why. What a release or a reviewer says stands word for word; what this program says is told in the reader's language.
pub(super) fn purpose(entry: &Entry, detail: &Detail, said: &Language) -> String {
    let key = match (entry.basis.as_deref(), entry.obligation) {
        _ if entry.release.is_some() => return detail.purpose.clone(),
        (Some("LIMITED_NOTICE"), _) => "notice",
        (Some("CASEWORKER"), _) => "caseworker",
        (Some("PROGRAM_AGENT"), _) => "agent",
        (Some("PARENT_COPY"), Some(ObligationKind::PlanToParent)) => "plan",
        (Some("PARENT_COPY"), Some(ObligationKind::MonthlyReminder)) => "reminder",
        (Some("PARENT_COPY"), _) => "copy",
        (Some("PARTICIPATING_AGENCY"), Some(ObligationKind::StopService)) => "stop",
        (Some("PARTICIPATING_AGENCY"), _) => "services",
        _ => return detail.purpose.clone(),
    };
    let own = said.text(&format!("said.access.why_{key}"));
    if said.tag() == "en" || own.is_empty() { detail.purpose.clone() } else { own.to_owned() }
}
