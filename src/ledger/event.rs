//! What an entry is about.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// Bytes left, or may have left.
    Disclosure,
    /// Something learned later about an earlier entry.
    Outcome,
    /// A person looked at a child's paper here (303.406 counts access, not only sending).
    AccessView,
    /// Somebody asked for access, amendment or destruction (34 CFR 99.32(a)(1) counts requests).
    Request,
    /// A request was refused.
    Refusal,
    /// Something an earlier entry says is wrong; that entry stays as it is.
    Correction,
    /// A person asked the recipient to give back or destroy what was sent.
    Recall,
    /// Something reached the wrong hands, was lost, or was stopped just before.
    Incident,
    /// A revocation, an order, an objection, a refusal of a service: something stays back from now on.
    KeptBack,
    /// A parent's statement was placed in the record, or a hold set or lifted.
    Note,
    /// A child's papers and personal fields were destroyed (34 CFR 303.416).
    Destruction,
    /// What was destroyed, what was kept, on what authority.
    Certificate,
}

impl Event {
    /// The word in JSON and CSV.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Disclosure => "disclosure",
            Self::Outcome => "outcome",
            Self::AccessView => "access_view",
            Self::Request => "request",
            Self::Refusal => "refusal",
            Self::Correction => "correction",
            Self::Recall => "recall",
            Self::Incident => "incident",
            Self::KeptBack => "kept_back",
            Self::Note => "note",
            Self::Destruction => "destruction",
            Self::Certificate => "certificate",
        }
    }
}
