//! One thing recorded here, with its circumstances. Facts are only ever added.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::case::{
    CourtOrder, Date, EmergencyTelling, EndpointId, Exception, ExcusedSpan, FiledId, FiledPaper, LateBecause, Line,
    ObjectionTo, OrganisationId, PersonId, ReleaseId, Telling,
};

/// One thing recorded here about one child. Facts are only ever added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "snake_case", deny_unknown_fields)]
pub enum Fact {
    /// A parent revoked a release (34 CFR 303.7(c)): nothing not yet released may rest on it.
    ReleaseRevoked { release_id: ReleaseId },
    /// An endpoint is wrong, unsafe or came back.
    EndpointDisabled { endpoint_id: EndpointId },
    /// A paper came back from an endpoint: nothing more of this child goes there until it is looked at.
    EndpointReturned {
        endpoint_id: EndpointId,
        /// The dispatch that came back.
        dispatch_id: String,
    },
    /// That return said nothing about the address: many came back at once for one reason of ours. The address is as it was
    /// before, unless something else speaks against it.
    ReturnSetAside {
        endpoint_id: EndpointId,
        /// The dispatch whose return is set aside.
        dispatch_id: String,
    },
    /// A person may no longer have this child's papers: an order, or the end of a placement.
    PersonBarred { person_id: PersonId },
    /// The child died. All automatic papers stop.
    Died,
    /// A person holds everything for this child.
    Held {
        /// Why, in the person's words.
        reason: String,
    },
    /// A person holds everything for this child until a day.
    HeldUntil {
        /// Why, in the person's words.
        reason: String,
        /// The last day of the hold.
        until: Date,
    },
    /// A person lifts the hold.
    HoldLifted { reason: String },
    /// An import brought a record of this child that could not be taken; it may hold a revocation.
    RecordRefused,
    /// A good record came, or a person looked at the refused one and released the child.
    RecordSettled,
    /// An order or other binding paper came, read or not yet read. The same order recorded again is its later reading.
    OrderReceived { order: CourtOrder },
    /// Somebody says that there is an order, and shows none. It blocks nothing; a person asks for the paper.
    OrderClaimed { person_id: PersonId },
    /// A person of the family has moved: the addresses known until now reach somebody else.
    Moved {
        person_id: PersonId,
        /// The day of the move.
        on: Date,
        /// The day on which it was recorded.
        recorded_on: Date,
        /// The person's postal endpoints as they were known then.
        endpoints: BTreeSet<EndpointId>,
    },
    /// The child no longer lives with this foster parent, relative or other caregiver.
    PlacementEnded {
        person_id: PersonId,
        /// The last day.
        on: Date,
    },
    /// The child lives with this caregiver again.
    PlacementBegan {
        person_id: PersonId,
        /// The first day.
        on: Date,
    },
    /// A parent objects to a disclosure that needs no consent (34 CFR 303.401(e)).
    Objection {
        to: ObjectionTo,
        /// In writing; said aloud it holds what it is about and the paper is asked for.
        written: bool,
        on: Date,
    },
    /// Whether an objection counts that came after the parents' time.
    LateObjectionDecided {
        counts: bool,
        /// Why, in a few words.
        because: Line,
    },
    /// Our own letter told the parents of the notice to the school district, or came back: then nobody was told.
    ToldOfNotice { on: Option<Date> },
    /// Somebody made sure that an endpoint belongs to its owner. It may be used (again).
    EndpointVerified {
        endpoint_id: EndpointId,
        on: Date,
        by: Line,
        /// How: `called the number on the practice's own web page`.
        how: Line,
    },
    /// A parent said aloud that a release is taken back: an immediate hold on what rests on it.
    ReleaseRevokedOrally { release_id: ReleaseId },
    /// The parent was asked and lets the release stand after all: the hold ends.
    ReleaseKept {
        release_id: ReleaseId,
        /// What the parent said, in a few words.
        because: Line,
    },
    /// A disclosure without consent that the law allows, looked at by a reviewer.
    ExceptionGranted { exception: Exception },
    /// Whether a parent was told of an emergency in which an office had the record without the parents' consent.
    EmergencyTelling { telling: EmergencyTelling },
    /// A parent may know an office whose place is private.
    OfficeMayBeKnown {
        organisation_id: OrganisationId,
        person_id: PersonId,
        /// Why, in a few words.
        because: Line,
    },
    /// A name in a paper that is another child's name was looked at, and belongs there.
    NameAccountedFor {
        /// The name, as an answer is remembered.
        name: NameAnswer,
    },
    /// A person lets an envelope go that had waited too long to go by itself.
    LetGo {
        dispatch_id: String,
        /// Why, in the person's words.
        reason: String,
    },
    /// Calendar days that the 45 do not count (34 CFR 303.310(b)); they stand beside those of the record.
    Excused {
        /// The span with its reason and the note that documents it.
        span: ExcusedSpan,
    },
    /// A duty will not be done, and a person answers for it.
    Waived {
        /// Kind of duty.
        obligation: String,
        anchor: String,
        reason: String,
    },
    /// A waiver was a mistake: the duty stands again.
    WaiverLifted {
        /// Kind of duty.
        obligation: String,
        anchor: String,
        reason: String,
    },
    /// Why a duty is or was late.
    LatenessExplained {
        /// Kind of duty.
        obligation: String,
        anchor: String,
        /// By whom it is late.
        because: LateBecause,
        /// The note that documents it.
        note: String,
    },
    /// A parent does, or does not, want optional mail such as the monthly reminder. Required notices go in any case.
    OptionalMail {
        person_id: PersonId,
        /// Whether it is wanted.
        wanted: bool,
    },
    /// Another coordinator from a day on, until an import brings a later term.
    CoordinatorChanged {
        to: PersonId,
        /// The first day.
        from: Date,
        reason: String,
    },
    /// A paper made elsewhere was taken in.
    PaperFiled { paper: Box<FiledPaper> },
    /// A consent or a prior written notice that is not written in the parent's language was brought to the parent in it, or
    /// could not be (34 CFR 303.421(c)): the paper may go.
    Told { telling: Telling },
    /// A paper was taken in by mistake: it goes nowhere any more, and what it settled is open again.
    PaperWithdrawn { paper_id: FiledId, reason: Line },
}

/// A remembered answer of the wrong-child guard. It holds no name, only a hash bound to the child.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NameAnswer {
    /// The kind of paper in which it was found.
    pub document: String,
    /// The recipient of that paper, in its written form.
    pub recipient: String,
    /// SHA-256 over the child's id and the folded name.
    pub name_sha256: String,
}

/// A move as it was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// The day of the move.
    pub on: Date,
    /// The day on which it was recorded.
    pub recorded_on: Date,
    /// The person's postal endpoints as they were known then.
    pub endpoints: BTreeSet<EndpointId>,
}

/// That an endpoint belongs to its owner: when, by whom, how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    pub on: Date,
    pub by: Line,
    pub how: Line,
}

/// A fact with its circumstances.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedFact {
    pub fact: Fact,
    /// When it was recorded.
    pub at: DateTime<Utc>,
    /// By whom: a person's name for the command, or `import`.
    pub by: String,
}
