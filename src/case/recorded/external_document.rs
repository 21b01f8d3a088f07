//! Papers made elsewhere that were taken in: reports, orders, and what comes back signed.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::case::{
    ActAnswer, ActConsent, CaseRecord, ConsentAct, Date, EventId, FiledId, IfspId, IfspStatus, PersonId, RecordClass,
    ReleaseId, Signature, SignatureMethod,
};

macro_rules! filed_kinds {
    ($($(#[$doc:meta])* $variant:ident => $text:literal, $title:literal, $outside:expr;)*) => {
        /// What a paper made elsewhere is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum FiledKind { $($(#[$doc])* $variant,)* }

        impl FiledKind {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name used on the command line and in keys.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            /// The words a person reads.
            #[must_use]
            pub fn title(self) -> &'static str {
                match self { $(Self::$variant => $title,)* }
            }

            /// The record classes that an office must be allowed to have before it gets such a paper; `None` for what
            /// never goes outside. Parents have a right to every paper of the record (34 CFR 303.405).
            #[must_use]
            pub fn outside(self) -> Option<&'static [RecordClass]> {
                match self { $(Self::$variant => $outside,)* }
            }
        }
    };
}

filed_kinds! {
    /// An evaluation for eligibility (34 CFR 303.321).
    EvaluationReport => "evaluation-report", "Evaluation report", Some(&[RecordClass::EvaluationAndEligibility]);
    /// An assessment of the child (34 CFR 303.321(c)).
    AssessmentReport => "assessment-report", "Assessment report", Some(&[RecordClass::EvaluationAndEligibility]);
    /// Medical, vision or hearing records.
    HealthRecord => "health-record", "Health record", Some(&[RecordClass::Health]);
    /// A provider's report before a review.
    ProgressReport => "progress-report", "Progress report", Some(&[RecordClass::Plan]);
    /// The plan's signed pages. They show the family's own pages too.
    SignedPlan => "signed-plan", "Signed plan", Some(&[RecordClass::Plan, RecordClass::FamilyInformation]);
    /// What a physician signed.
    SignedCertification => "signed-certification", "Physician's certification", Some(&[RecordClass::Health]);
    /// A parent's answer to an evaluation (34 CFR 303.420(a)(2)).
    SignedEvaluationConsent => "signed-evaluation-consent", "Signed consent to the evaluation", None;
    /// A parent's answer to the use of public insurance (34 CFR 303.520(a)).
    SignedPublicInsuranceConsent => "signed-public-insurance-consent", "Signed consent to use public insurance", None;
    /// A parent's answer to the use of private insurance (34 CFR 303.520(b)).
    SignedPrivateInsuranceConsent => "signed-private-insurance-consent", "Signed consent to use private insurance", None;
    /// A signed release of records (34 CFR 303.414).
    SignedRelease => "signed-release", "Signed release of records", None;
    /// A release taken back in writing (34 CFR 303.7(c)).
    Revocation => "revocation", "Release taken back", None;
    /// A parent's written objection to the notice to the school district (34 CFR 303.401(e)).
    ObjectionSlip => "objection-slip", "Objection slip", None;
    /// The state's own form of a consent or a notice, in a language that a family reads. It lies behind the paper whose place
    /// it takes (34 CFR 303.421(c)).
    OfficialForm => "official-form", "The state's form", None;
    /// An order or other binding paper.
    CourtOrder => "court-order", "Order", None;
    Other => "other", "Other paper", None;
}

impl fmt::Display for FiledKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for FiledKind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == text).ok_or_else(|| {
            format!("must be one of {}", Self::ALL.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(", "))
        })
    }
}

/// Bytes of a paper as they are kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FiledBytes {
    /// SHA-256, in hex.
    pub sha256: String,
    /// Name of the stored body.
    pub body: String,
    /// Size in bytes.
    pub bytes: u64,
}

/// A paper made elsewhere, as it was taken in. It holds no name: what it says stands in stored bodies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FiledPaper {
    pub paper_id: FiledId,
    /// What it is.
    pub kind: FiledKind,
    /// The date on the paper.
    pub on: Date,
    pub pages: u32,
    /// Pages that no machine reads, from 1.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unread: Vec<u32>,
    /// A person looked at it and says that it is this child's and no other's.
    #[serde(default)]
    pub confirmed: bool,
    /// The file byte for byte.
    pub original: FiledBytes,
    /// What goes out: the same pages, and nothing but pages.
    pub copy: FiledBytes,
    /// Name of the stored body that holds its words.
    pub words: String,
    /// What was taken out of the copy.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub taken_out: Vec<String>,
    /// What it settles in the record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settles: Option<Settles>,
}

/// What a signed paper settles. An import that knows less never undoes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case", deny_unknown_fields)]
pub enum Settles {
    /// A parent signed a version of the plan.
    Plan { ifsp_id: IfspId, version: u32, by: PersonId },
    /// A parent answered what was asked before there is a plan.
    Act {
        act: ConsentAct,
        /// The event of the record in which it was asked; none where the record knows of none.
        event_id: Option<EventId>,
        /// Yes or no.
        given: bool,
        by: PersonId,
    },
    /// What was asked of somebody has come.
    Request { event_id: EventId },
    /// A prepared release is signed.
    Release { release_id: ReleaseId, by: PersonId },
}

impl FiledPaper {
    /// Writes what the paper settles into a record that does not know it yet. Tells whether anything changed.
    pub(super) fn complete(&self, record: &mut CaseRecord) -> bool {
        match &self.settles {
            None => false,
            Some(Settles::Plan { ifsp_id, version, by }) => self.sign_plan(record, ifsp_id, *version, by),
            Some(Settles::Act { act, event_id, given, by }) => self.answer(record, *act, event_id.as_ref(), *given, by),
            Some(Settles::Request { event_id }) => {
                let open = record.requests.iter_mut().find(|r| &r.event_id == event_id && r.done_on.is_none());
                open.map(|request| request.done_on = Some(self.on)).is_some()
            }
            Some(Settles::Release { release_id, by }) => {
                let draft = record.releases.iter_mut().find(|r| &r.release_id == release_id && r.draft);
                let signed = draft.map(|release| {
                    release.draft = false;
                    release.signed_by = by.clone();
                    release.signed_on = self.on;
                });
                signed.is_some()
            }
        }
    }

    /// The signed version is in effect, and the one before it is not any more. What was agreed to line by line comes
    /// with the next record: until then no agency is asked to act on a line that is open.
    fn sign_plan(&self, record: &mut CaseRecord, ifsp_id: &IfspId, version: u32, by: &PersonId) -> bool {
        let waits = |v: &crate::case::IfspVersion| {
            &v.ifsp_id == ifsp_id && v.version == version && v.status == IfspStatus::AwaitingSignature
        };
        if !record.ifsps.iter().any(waits) {
            return false;
        }
        for plan in &mut record.ifsps {
            if waits(plan) {
                plan.status = IfspStatus::InEffect;
                plan.signature = Some(Signature { person_id: by.clone(), on: self.on, method: SignatureMethod::Ink });
            } else if plan.status == IfspStatus::InEffect && (&plan.ifsp_id != ifsp_id || plan.version < version) {
                plan.status = IfspStatus::Superseded;
            }
        }
        true
    }

    fn answer(
        &self,
        record: &mut CaseRecord,
        act: ConsentAct,
        event_id: Option<&EventId>,
        given: bool,
        by: &PersonId,
    ) -> bool {
        let answer = ActAnswer { given, on: self.on, by: by.clone() };
        if let Some(asked) = event_id {
            let open = record.consents.iter_mut().find(|c| &c.event_id == asked && c.answer.is_none());
            return open.map(|consent| consent.answer = Some(answer)).is_some();
        }
        // The record may have come to know of it since.
        if record.consents.iter().any(|c| c.act == act && c.answer.as_ref().is_some_and(|a| a.on >= self.on)) {
            return false;
        }
        let event_id = EventId::parse(self.paper_id.as_str()).expect("the id of a paper has the shape of every id");
        record.consents.push(ActConsent { event_id, act, asked_on: self.on, answer: Some(answer) });
        true
    }
}
