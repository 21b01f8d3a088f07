//! What people say about duties: waivers, reasons of lateness, days that do not count, a new coordinator.

use serde::{Deserialize, Serialize};

use crate::case::{CaseRecord, CoordinatorTerm, Date, Recorded, RecordedHere};

/// By whom a duty is late, as federal reports tell it apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LateBecause {
    /// Documented exceptional circumstances of the family.
    Family,
    /// The program or the system.
    System,
}

impl LateBecause {
    /// The word in tables.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Family => "family",
            Self::System => "system",
        }
    }
}

/// Why a duty is late, with the note that documents it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lateness {
    pub because: LateBecause,
    pub note: String,
}

impl Recorded {
    /// Who waived a duty, and why.
    #[must_use]
    pub fn waiver(&self, obligation: &str, anchor: &str) -> Option<&(String, String)> {
        // Nearly no child has a waiver: the key is made only where one does.
        if self.waived.is_empty() { None } else { self.waived.get(&(obligation.to_owned(), anchor.to_owned())) }
    }

    /// Why a duty is late, where somebody said so.
    #[must_use]
    pub fn lateness(&self, obligation: &str, anchor: &str) -> Option<&Lateness> {
        if self.late.is_empty() { None } else { self.late.get(&(obligation.to_owned(), anchor.to_owned())) }
    }

    /// Whether nothing of what [`Recorded::complete`] looks at was recorded: most records stay as they were received.
    #[must_use]
    pub fn completes_nothing(&self) -> bool {
        self.excused.is_empty()
            && self.coordinator.is_none()
            && self.optional_mail.is_empty()
            && self.filed.is_empty()
            && self.here() == RecordedHere::default()
    }

    fn here(&self) -> RecordedHere {
        RecordedHere {
            objections: self.objections.clone(),
            late_objection_counts: self.late_objection_counts,
            told_of_notice_on: self.told_of_notice_on,
        }
    }

    /// Completes the record with what was recorded here: excused days, the coordinator, who wants reminders. The answer
    /// is whether that changed anything, so that papers made from the record as received are made anew.
    pub fn complete(&self, record: &mut CaseRecord) -> bool {
        record.here = self.here();
        let mut changed = !record.here.objections.is_empty() || record.here.late_objection_counts.is_some();
        for span in &self.excused {
            if !record.referral.excused.iter().any(|known| known.event_id == span.event_id) {
                record.referral.excused.push(span.clone());
                changed = true;
            }
        }
        if let Some((to, from)) = &self.coordinator
            && record.coordinators.iter().all(|term| term.from < *from)
        {
            for term in record.coordinators.iter_mut().filter(|term| term.to.is_none_or(|last| last >= *from)) {
                term.to = from.pred_opt().map(Date::from);
            }
            record.coordinators.push(CoordinatorTerm { person_id: to.clone(), from: *from, to: None });
            changed = true;
        }
        for member in &mut record.family {
            if let Some(wanted) = self.optional_mail.get(&member.person_id).filter(|w| **w != member.wants_reminders) {
                member.wants_reminders = *wanted;
                changed = true;
            }
        }
        for paper in self.filed.values() {
            changed |= paper.complete(record);
        }
        changed
    }
}
