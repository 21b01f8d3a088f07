//! Why a paper may not go: a closed list that a coordinator understands, each with the one next step.

use serde::{Deserialize, Serialize};

use crate::{
    case::EndpointKind,
    hint::{Field, Hint},
};

/// Make sure of an address: which one is not said here.
const ADDRESS: Hint = Hint::VerifyAddress { child: None, endpoint: None };

macro_rules! reasons {
    ($($(#[$doc:meta])* $variant:ident => $code:literal, $holds:literal, $says:literal, $next:literal $(, $hint:expr)*;)*) => {
        /// A reason. `holds` reasons wait for a person and pass; the others withhold until a fact changes.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum Reason { $($(#[$doc])* $variant,)* }

        impl Reason {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The stable code kept in the database and shown in JSON.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// Whether it is a hold (somebody looks at it) and not a refusal.
            #[must_use]
            pub fn holds(self) -> bool {
                match self { $(Self::$variant => $holds,)* }
            }

            #[must_use]
            pub fn says(self) -> &'static str {
                match self { $(Self::$variant => $says,)* }
            }

            /// The one next step.
            #[must_use]
            pub fn next_step(self) -> String {
                match self { $(Self::$variant => format!($next $(, $hint)*),)* }
            }

            /// The reason with this code.
            #[must_use]
            pub fn from_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|reason| reason.code() == code)
            }
        }
    };
}

reasons! {
    /// The child died.
    ChildDied => "child-died", false, "A death is recorded.", "Nothing goes out by itself. What a parent asks for: send it with {}, or make it with {} and give it by hand.", Hint::Send, Hint::MakeHandover { dispatch: None };
    /// The child left.
    ChildLeft => "child-left", false, "The child has left the program.", "Send by hand with {} if it is still wanted.", Hint::Send;
    /// A person holds the child.
    Held => "held", true, "A person holds it.", "{} shows who and why; lift the hold with {}.", Hint::ShowStatus, Hint::LiftHold;
    /// The last record of the child was refused.
    RecordRefused => "record-refused", true, "The last imported record of this child was refused; it may hold a revocation.", "Correct the record and import it again, or look at it and run {}.", Hint::LiftHold;
    /// The recipient is not in the record.
    UnknownRecipient => "unknown-recipient", false, "The recipient is neither in the family nor in the directory.", "Add the recipient to the record.";
    /// The person is no parent.
    NotAParent => "not-a-parent", false, "This person is not a parent under 34 CFR 303.27.", "Ask a parent for a release that names this person.";
    /// A surrogate who may not be one.
    SurrogateConflict => "surrogate-conflict", false, "This surrogate parent works for the program or for an office that serves the child, or has another interest against the child's, and so may not act as the parent (34 CFR 303.422(d)).", "Ask the lead agency to appoint another surrogate; if the work or the interest has ended, correct the record.";
    /// The person may not have records.
    Restricted => "restricted", false, "An order or binding paper on file keeps the record from this person.", "Nothing, unless the order changes.";
    /// An order was not read yet.
    OrderUnread => "order-unread", true, "An order that may concern this person has not been read yet.", "Read the order and record its effect.";
    /// The child no longer lives there.
    PlacementEnded => "placement-ended", false, "The child no longer lives with this person.", "Nothing, unless the child is placed there again.";
    /// A caseworker without responsibility for this child.
    NotResponsible => "not-responsible", false, "No legal responsibility for this child and access to the case plan is recorded for this caseworker.", "Ask for the paper and record it, or ask a parent for a release.";
    /// Under the program's agreement, for appointments only.
    AppointmentsOnly => "appointments-only", false, "This office works under the program's agreement and gets appointments or envelopes, never a child's papers.", "Nothing; send it the appointment.";
    /// The office is part of another now.
    OfficeMerged => "office-merged", false, "This office has merged into another, and its roles and releases do not pass over by themselves.", "Record the assignment or a new release for the office that it has become.";
    /// Nobody has recorded that the child may be eligible.
    MayNotBeEligible => "may-not-be-eligible", false, "It is not recorded that the child may be eligible for preschool special education.", "Decide it with the team and record it.";
    /// The parents were not told before the notice.
    ParentsNotTold => "parents-not-told", false, "The parents were not told what will be sent to the district and how to object.", "Send them the information about the notice and record the day.";
    /// The time to object still runs.
    ObjectionPeriod => "objection-period", false, "The parents may still object to this notice.", "Wait; it goes by itself when the period has passed.";
    /// The parents objected in time.
    ParentsObjected => "parents-objected", false, "A parent has objected to this notice in writing and in time.", "Nothing, unless the parent takes the objection back.";
    /// Objected in writing, after the time for it.
    ObjectionLate => "objection-late", true, "A parent has objected to this notice in writing, after the time for it. The notice has not left.", "Decide before the day it is due whether the objection counts: {}.", Hint::DecideLateObjection;
    /// Referred too late for the notice: the parents' consent is needed.
    LateReferralConsent => "late-referral-consent", false, "The child was referred fewer than 45 days before the third birthday: the district and the state are told with the parents' consent only (34 CFR 303.209(b)(1)(iii)).", "Ask a parent to sign a release that names this office; if the parent declines, give the family the district's telephone number and record it.";
    /// Objected by word of mouth.
    ObjectionSpoken => "objection-spoken", true, "A parent has objected to this notice by word of mouth.", "Ask for it in writing, then run {}.", Hint::RecordObjection;
    /// The paper is not for this recipient.
    NotForRecipient => "not-for-recipient", false, "This paper is for the family only.", "Send the family's copy, or another paper.";
    /// An enclosure is not on file any more.
    EnclosureGone => "enclosure-gone", true, "A paper that was to be enclosed is not on file any more.", "Look at {}, then cancel the dispatch and send it again with the right paper.", Hint::ListFiled { child: None };
    /// A consent or a prior written notice that is not in the parent's language.
    NotInTheirLanguage => "not-in-their-language", true, "A consent or prior written notice is not in the parent's own language, in words that a person has read.", "Put a text that a person has read into the template folder's lang/, or run {}, {} or {} with {}.", Hint::RecordOralTranslation { dispatch: None }, Hint::RecordOfficialForm { dispatch: None }, Hint::RecordNotFeasible { dispatch: None }, Field::Dispatch;
    /// No release names this office.
    NoRelease => "no-release", false, "No signed release names this recipient.", "Ask a parent to sign a release.";
    /// The release is not signed.
    ReleaseDraft => "release-draft", false, "The release is prepared and not yet signed.", "Ask a parent to sign it.";
    /// Another release took its place.
    ReleaseSuperseded => "release-superseded", false, "Another release took the place of the one that names this recipient.", "Ask a parent whether the new release should name this recipient too.";
    /// An element that HIPAA asks is missing.
    ReleaseIncomplete => "release-incomplete", false, "The release lacks what 45 CFR 164.508(c) asks of a program under HIPAA.", "Ask a parent to sign a complete form.";
    /// The records lie outside the release's period.
    OutsideRecordsPeriod => "outside-records-period", false, "The release does not cover records of that day.", "Ask a parent to widen the release.";
    /// The release has ended.
    ReleaseExpired => "release-expired", false, "The release has expired.", "Ask a parent to sign a new release.";
    /// The release was taken back.
    ReleaseRevoked => "release-revoked", false, "The parent took the release back.", "Nothing, unless a parent signs a new one.";
    /// Taken back by word of mouth.
    ReleaseRevokedOrally => "release-revoked-orally", true, "A parent said that the release is taken back; the written word is still to come.", "Ask the parent for it in writing, then run {}; or {} if it stands after all.", Hint::RevokeRelease { child: None, release: None }, Hint::KeepRelease { child: None, release: None };
    /// The signer may not consent any more.
    ReleaseSuspended => "release-suspended", false, "The person who signed the release may no longer consent for this child.", "Review the release with the present parent.";
    /// The release leaves out records that the paper needs.
    ClassNotCovered => "class-not-covered", false, "The release does not cover the records that this paper is made of.", "Ask a parent to widen the release, or send another paper.";
    /// The office has no role now.
    NoAssignment => "no-assignment", false, "The office has no role for this child on this day.", "Record the assignment, or ask a parent for a release.";
    /// The plan is a draft.
    NotFinal => "not-final", false, "The plan is not final.", "Finalise the plan.";
    /// The plan is not signed.
    NotYetSigned => "not-yet-signed", false, "The plan is not yet signed; until then it goes to the parents only.", "Have the plan signed.";
    /// A newer version stands.
    Superseded => "superseded", false, "A newer version of the plan is in effect.", "Nothing; the newer version is sent instead.";
    /// No line with consent for this agency.
    NoConsentedLine => "no-consented-line", false, "The parent has consented to no service of this agency.", "Ask the parent, or drop the line from the plan.";
    /// Nothing to reach the recipient by.
    NoEndpoint => "no-endpoint", false, "There is no address for this recipient.", "Record an address.";
    /// The endpoint's kind has no channel.
    NoChannel => "no-channel", false, "There is an address, but no channel of its kind is set up.", "Set up the channel, or record another kind of address.";
    /// Disabled or come back.
    EndpointDisabled => "endpoint-disabled", false, "Every address of this recipient is out of use.", "Find a new address and record it.";
    /// The recipient has moved.
    AddressMoved => "address-moved", false, "The recipient has moved since this address was verified.", "Record the new address, or make sure of this one with {}.", ADDRESS;
    /// Nobody made sure of it.
    EndpointUnverified => "endpoint-unverified", false, "Nobody has made sure yet that this address belongs to the recipient.", "Verify it by calling a number from an independent source.";
    /// An office's new endpoint without a second look.
    EndpointSecondLook => "endpoint-second-look", false, "Nobody has taken the second look that an office's new address needs before its first use.", "Call a number from an independent source, then run {}.", ADDRESS;
    /// An address shared with somebody who may not have the record.
    EndpointShared => "endpoint-shared", false, "Somebody who may not have this record, or all of it, can be reached at the same address.", "Ask the recipient for an address that nobody else uses.";
    /// A family's postal address that nobody has confirmed for a year.
    AddressOld => "address-old", true, "Nobody has confirmed this family's postal address for a year.", "Ask the family, then run {}, or record the new address.", ADDRESS;
    /// A postal address that the post cannot read.
    AddressIncomplete => "address-incomplete", false, "The postal address ends with no ZIP code.", "Correct the address in the record; abroad, the last line is the country in capital letters.";
    /// E-mail without protection.
    EndpointUnprotected => "endpoint-unprotected", false, "The e-mail address has no protection for personal papers.", "Record a postal address, or the protection or the parent's warned choice.";
    /// Another child's name is in the text.
    OtherChildNamed => "other-child-named", true, "The text names another child of the program.", "Read the named line; correct the record, or run {} if the name belongs there.", Hint::RecordName { dispatch: None };
    /// What another person keeps private is in the text.
    ProtectedValue => "protected-value", true, "The text holds an address, number or place that another person of the family keeps private.", "Read the named page and take it out of the record's text; the next run makes it anew.";
    /// What another person keeps private cannot be looked for.
    ProtectedNotSearchable => "protected-not-searchable", true, "Another person of the family keeps a value private in which there is nothing that a text could be searched for.", "A supervisor decides: correct the value in the record (a street with its number, a telephone with all its digits), or give a person's words for an address under `protected.places`, and import it again.";
    /// Permitted again, after a long wait.
    WaitedTooLong => "waited-too-long", true, "It may go now, but it has waited so long that a person decides.", "Look at it with {}; let it go with {}, or leave it to the current version.", Hint::ShowDispatch { dispatch: None }, Hint::LiftDispatchHold { dispatch: None };
    /// Printed for facts that no longer hold.
    ChangedSincePrinted => "changed-since-printed", false, "What this recipient may have, or the address, has changed since it was printed.", "Take it out of the stack; the next run makes it anew.";
    /// The installation is on trial.
    Trial => "trial", true, "The program is in trial mode: papers go to test addresses only.", "Finish the trial with {}, or send to an address of [trial] in the settings.", Hint::FinishTrial;
    /// What left before may not leave again as it was.
    ChangedSince => "changed-since", true, "What this recipient may have, or the address, has changed since the papers left.", "Look at it, then run {} for papers of today.", Hint::Regenerate { dispatch: None };
    /// The paper could not be made.
    CannotRender => "cannot-render", true, "The paper could not be made from this record.", "Read the message and correct the record or the template.";
    /// Nothing in the record is for this recipient.
    NothingToShow => "nothing-to-show", false, "The record holds nothing that this recipient may see.", "Share a contact note with this audience, or send nothing.";
    /// Nobody has released it.
    NotApproved => "not-approved", true, "This paper goes when a person has released it.", "Look at it with {}, then release it with {}.", Hint::MakePlan, Hint::ApprovePlan { plan: None, line: None };
}

impl Reason {
    /// Whether only a safe way to the recipient is missing: the paper itself may be given by hand.
    #[must_use]
    pub fn lacks_a_way(self) -> bool {
        matches!(
            self,
            Self::NoEndpoint
                | Self::NoChannel
                | Self::EndpointDisabled
                | Self::AddressMoved
                | Self::EndpointUnverified
                | Self::EndpointSecondLook
                | Self::EndpointShared
                | Self::EndpointUnprotected
        )
    }
}

/// A refusal: the reason, and what it is about where that helps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub reason: Reason,
    /// A detail without names: a kind of address, a release id, a page.
    pub detail: Option<String>,
}

impl Refusal {
    /// A refusal without a detail.
    #[must_use]
    pub fn of(reason: Reason) -> Self {
        Self { reason, detail: None }
    }

    /// A refusal with a detail. The detail must hold no name, address or narrative.
    #[must_use]
    pub fn about(reason: Reason, detail: impl Into<String>) -> Self {
        Self { reason, detail: Some(detail.into()) }
    }

    /// The sentence with the one next step.
    #[must_use]
    pub fn with_next_step(&self) -> String {
        format!("{self} {}", self.reason.next_step())
    }

    /// No channel for these kinds of address.
    #[must_use]
    pub(super) fn no_channel(kinds: &[EndpointKind]) -> Self {
        Self::about(Reason::NoChannel, kinds.iter().map(|k| k.word()).collect::<Vec<_>>().join(", "))
    }
}

/// The reason's sentence, with the detail.
impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.detail {
            Some(detail) => write!(f, "{} ({detail})", self.reason.says()),
            None => f.write_str(self.reason.says()),
        }
    }
}
