//! Which part of the record is wanted.

use chrono::NaiveDate;

use super::line::Disclosed;
use crate::{case::Recipient, due::DocumentKind};

/// What of the record is wanted. An empty filter wants all of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// To this recipient, or to anybody of this office.
    pub recipient: Option<Recipient>,
    /// From this day on.
    pub from: Option<NaiveDate>,
    /// Through this day.
    pub to: Option<NaiveDate>,
    /// With this paper.
    pub document: Option<DocumentKind>,
    /// About this version of a plan.
    pub version: Option<u32>,
}

impl Filter {
    /// Whether something of this day is wanted.
    #[must_use]
    pub fn in_time(&self, on: NaiveDate) -> bool {
        self.from.is_none_or(|from| from <= on) && self.to.is_none_or(|to| on <= to)
    }

    /// Whether a disclosure is wanted.
    #[must_use]
    pub fn wants(&self, line: &Disclosed) -> bool {
        let recipient = self.recipient.as_ref().is_none_or(|wanted| {
            let wanted = wanted.to_string();
            line.recipient == wanted || line.recipient.starts_with(&format!("{wanted}/"))
        });
        recipient
            && self.in_time(line.on)
            && self.document.is_none_or(|kind| line.items.iter().any(|item| item.kind == kind))
            && self.version.is_none_or(|version| line.plan_version == Some(version))
    }
}
