//! The states of an envelope. They say what is known, to the machine and to people alike.

use std::fmt;

use chrono::{DateTime, Utc};

use crate::disclosure::Reason;

/// The state of a dispatch, with what belongs to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DispatchState {
    /// Rendered, decided, waiting for its channel.
    Queued,
    /// Waits for a person.
    Held {
        reason: Reason,
        /// What it is about, without names.
        detail: Option<String>,
    },
    /// May not go.
    Withheld {
        reason: Reason,
        /// What it is about, without names.
        detail: Option<String>,
    },
    /// A worker has it.
    Sending {
        /// Until when the worker's lease runs.
        lease_until: DateTime<Utc>,
    },
    /// The next hand has it.
    Accepted,
    /// On paper or in the print folder, not yet mailed.
    Printed,
    /// A receipt came, or a person says that it was mailed or given.
    Confirmed,
    /// It came back.
    Returned,
    /// Refused for good.
    Failed,
    /// Bytes may have left and no answer came.
    Unknown,
    /// A person cancelled it.
    Cancelled,
    /// A newer version took its place.
    Superseded,
}

/// The name of a state, as the database, JSON and the table show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StateName {
    /// `queued`
    Queued,
    /// `held`
    Held,
    /// `withheld`
    Withheld,
    /// `sending`
    Sending,
    /// `accepted`
    Accepted,
    /// `printed`
    Printed,
    /// `confirmed`
    Confirmed,
    /// `returned`
    Returned,
    /// `failed`
    Failed,
    /// `unknown`
    Unknown,
    /// `cancelled`
    Cancelled,
    /// `superseded`
    Superseded,
}

impl StateName {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::Queued,
        Self::Held,
        Self::Withheld,
        Self::Sending,
        Self::Accepted,
        Self::Printed,
        Self::Confirmed,
        Self::Returned,
        Self::Failed,
        Self::Unknown,
        Self::Cancelled,
        Self::Superseded,
    ];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Held => "held",
            Self::Withheld => "withheld",
            Self::Sending => "sending",
            Self::Accepted => "accepted",
            Self::Printed => "printed",
            Self::Confirmed => "confirmed",
            Self::Returned => "returned",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
            Self::Cancelled => "cancelled",
            Self::Superseded => "superseded",
        }
    }

    /// The state with this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }

    /// Open when a run begins: it counts the dispatch again.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::Queued | Self::Held | Self::Withheld | Self::Unknown | Self::Sending)
    }

    /// Whether the state may follow `before`. Nothing leaves a closed state but by what is learned later.
    #[must_use]
    pub fn may_follow(self, before: Self) -> bool {
        use StateName::{
            Accepted, Cancelled, Confirmed, Failed, Held, Printed, Queued, Returned, Sending, Superseded, Unknown,
            Withheld,
        };
        match before {
            Queued => matches!(self, Queued | Held | Withheld | Sending | Cancelled | Superseded),
            Held | Withheld => matches!(self, Queued | Held | Withheld | Cancelled | Superseded),
            Sending => matches!(self, Accepted | Printed | Failed | Unknown | Queued),
            Accepted => matches!(self, Confirmed | Returned),
            Printed => matches!(self, Confirmed | Withheld | Cancelled | Superseded),
            Unknown => matches!(self, Accepted | Printed | Confirmed | Returned | Failed | Queued | Cancelled),
            Confirmed => matches!(self, Returned),
            Failed => matches!(self, Queued | Cancelled | Superseded),
            Returned | Cancelled | Superseded => false,
        }
    }
}

impl fmt::Display for StateName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl DispatchState {
    #[must_use]
    pub fn name(&self) -> StateName {
        match self {
            Self::Queued => StateName::Queued,
            Self::Held { .. } => StateName::Held,
            Self::Withheld { .. } => StateName::Withheld,
            Self::Sending { .. } => StateName::Sending,
            Self::Accepted => StateName::Accepted,
            Self::Printed => StateName::Printed,
            Self::Confirmed => StateName::Confirmed,
            Self::Returned => StateName::Returned,
            Self::Failed => StateName::Failed,
            Self::Unknown => StateName::Unknown,
            Self::Cancelled => StateName::Cancelled,
            Self::Superseded => StateName::Superseded,
        }
    }

    /// A refusal as a state: some reasons hold, the others withhold.
    #[must_use]
    pub fn refused(refusal: &crate::disclosure::Refusal) -> Self {
        let (reason, detail) = (refusal.reason, refusal.detail.clone());
        if reason.holds() { Self::Held { reason, detail } } else { Self::Withheld { reason, detail } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_left_becomes_queued_by_itself() {
        for before in [StateName::Accepted, StateName::Printed, StateName::Confirmed, StateName::Returned] {
            assert!(!StateName::Queued.may_follow(before), "{before}");
            assert!(!StateName::Sending.may_follow(before), "{before}");
        }
    }

    #[test]
    fn every_state_is_found_by_its_word() {
        for state in StateName::ALL {
            assert_eq!(StateName::from_word(state.as_str()), Some(state));
        }
    }
}
