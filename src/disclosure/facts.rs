//! What the gate is asked, and everything that it looks at.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};

use crate::{
    case::{CaseRecord, Directory, EndpointKind, Recipient, Recorded},
    due::{DocumentKind, Rulebook, Subject},
};

/// What is to go to whom.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// To whom.
    pub recipient: &'a Recipient,
    /// What it is about.
    pub subject: &'a Subject,
    /// Which papers.
    pub papers: &'a [DocumentKind],
    /// Asked for by a person, now: may go after the child has left.
    pub by_hand: bool,
}

/// Everything the gate looks at.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// The child's record as received.
    pub record: &'a CaseRecord,
    /// What was recorded here; where it is stricter it stands.
    pub recorded: &'a Recorded,
    /// Offices and professionals.
    pub directory: &'a Directory,
    /// Program and state.
    pub rules: Rulebook<'a>,
    /// Kinds of endpoint for which a channel is set up.
    pub channels: &'a BTreeSet<EndpointKind>,
    /// The day that counts, in the program's zone.
    pub day: NaiveDate,
    /// The instant of the decision, by the system's clock.
    pub now: DateTime<Utc>,
}
