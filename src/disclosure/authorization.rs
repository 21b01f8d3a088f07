//! The permission for one packet, one recipient, one endpoint, one instant.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    case::{Address, ChildId, EndpointId, Exception, Recipient, RecordClass, Release, ReleaseId},
    document::Mask,
};

/// An authorization older than this when the first byte leaves is decided again.
pub const LIFETIME_SECONDS: i64 = 60;

/// On what a disclosure rests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Basis {
    /// A parent's own copy (34 CFR 303.405, 303.409(c)).
    ParentCopy,
    /// A participating agency within its role (303.403, 303.414(b)).
    ParticipatingAgency,
    /// A parent's written release (303.7, 303.414).
    Consent,
    /// The limited notice to the school district and the state (303.209(b), 303.401(d)).
    LimitedNotice,
    /// A caseworker with legal responsibility and access to the case plan (20 USC 1232g(b)(1)(L)).
    Caseworker,
    /// An interpreter under the program's agreement, for an appointment.
    ProgramAgent,
    /// An emergency of health or safety (99.31(a)(10)), with a reviewer.
    Emergency,
    /// A court order (99.31(a)(9)), with a reviewer.
    CourtOrder,
    /// An audit, with a reviewer.
    Audit,
}

impl Basis {
    /// The code in the record of access.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::ParentCopy => "PARENT_COPY",
            Self::ParticipatingAgency => "PARTICIPATING_AGENCY",
            Self::Consent => "CONSENT",
            Self::LimitedNotice => "LIMITED_NOTICE",
            Self::Caseworker => "CASEWORKER",
            Self::ProgramAgent => "PROGRAM_AGENT",
            Self::Emergency => "EMERGENCY",
            Self::CourtOrder => "COURT_ORDER",
            Self::Audit => "AUDIT",
        }
    }

    /// Words for a screen.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::ParentCopy => "parent's own copy",
            Self::ParticipatingAgency => "participating agency",
            Self::Consent => "parent's release",
            Self::LimitedNotice => "limited notice",
            Self::Caseworker => "caseworker responsible for the child",
            Self::ProgramAgent => "under the program's agreement",
            Self::Emergency => "health or safety emergency",
            Self::CourtOrder => "court order",
            Self::Audit => "audit",
        }
    }
}

/// A release as it stood when it was relied on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleaseSnapshot {
    pub release_id: ReleaseId,
    /// What it covered.
    pub classes: BTreeSet<RecordClass>,
    pub purpose: String,
    /// When it was signed.
    pub signed_on: NaiveDate,
    /// Its last day.
    pub expires_on: Option<NaiveDate>,
}

impl From<&Release> for ReleaseSnapshot {
    fn from(release: &Release) -> Self {
        Self {
            release_id: release.release_id.clone(),
            classes: release.classes.iter().copied().collect(),
            purpose: release.purpose.to_string(),
            signed_on: *release.signed_on,
            expires_on: release.expires_on.map(|d| *d),
        }
    }
}

/// A permission. Only [`super::decide`] makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authorization {
    pub(super) child_id: ChildId,
    pub(super) recipient: Recipient,
    pub(super) endpoint_id: EndpointId,
    pub(super) address: Address,
    pub(super) basis: Basis,
    pub(super) release: Option<ReleaseSnapshot>,
    pub(super) exception: Option<Exception>,
    pub(super) mask: Mask,
    pub(super) decided_at: DateTime<Utc>,
    pub(super) for_sending: bool,
}

impl Authorization {
    #[must_use]
    pub fn child_id(&self) -> &ChildId {
        &self.child_id
    }

    #[must_use]
    pub fn recipient(&self) -> &Recipient {
        &self.recipient
    }

    /// By which endpoint.
    #[must_use]
    pub fn endpoint_id(&self) -> &EndpointId {
        &self.endpoint_id
    }

    /// The endpoint's address.
    #[must_use]
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// On what it rests.
    #[must_use]
    pub fn basis(&self) -> Basis {
        self.basis
    }

    /// The release, where it rests on one.
    #[must_use]
    pub fn release(&self) -> Option<&ReleaseSnapshot> {
        self.release.as_ref()
    }

    /// The exception with its reviewer, where it rests on one.
    #[must_use]
    pub fn exception(&self) -> Option<&Exception> {
        self.exception.as_ref()
    }

    /// What the copy may hold.
    #[must_use]
    pub fn mask(&self) -> &Mask {
        &self.mask
    }

    /// When it was decided.
    #[must_use]
    pub fn decided_at(&self) -> DateTime<Utc> {
        self.decided_at
    }

    /// Whether it was decided on the finished packet for sending, and is still fresh at `now`.
    #[must_use]
    pub fn allows_sending_at(&self, now: DateTime<Utc>) -> bool {
        let age = now - self.decided_at;
        // A clock that jumped back gives no older permission a longer life.
        self.for_sending && (TimeDelta::zero()..=TimeDelta::seconds(LIFETIME_SECONDS)).contains(&age)
    }
}
