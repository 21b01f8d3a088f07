//! What a signed paper settles, and what a person still has to do with it.

use super::take_in::FileIn;
use crate::{
    case::{
        CaseRecord, ConsentAct, EventId, Fact, FiledId, FiledKind, IfspStatus, ObjectionTo, PersonId, ReleaseId,
        RequestKind, Settles,
    },
    hint::{Field, Hint},
    pipeline::child_facts::ChildFacts,
};

/// What follows from a paper besides that it is on file.
#[derive(Debug, Default)]
pub(super) struct Signed {
    pub(super) settles: Option<Settles>,
    pub(super) facts: Vec<Fact>,
    pub(super) task: Option<Next>,
    pub(super) says: Vec<String>,
}

/// A task for a person.
#[derive(Debug)]
pub(super) struct Next {
    pub(super) kind: &'static str,
    pub(super) says: String,
}

impl Signed {
    /// Works out what the paper settles; refuses what does not fit the record, in words.
    pub(super) fn of(facts: &ChildFacts, ask: &FileIn, paper_id: &FiledId) -> Result<Self, String> {
        let record = &facts.record;
        match ask.kind {
            FiledKind::SignedPlan => plan(facts, ask),
            FiledKind::SignedEvaluationConsent => consent(facts, ask, ConsentAct::Evaluation),
            FiledKind::SignedPublicInsuranceConsent => consent(facts, ask, ConsentAct::PublicInsurance),
            FiledKind::SignedPrivateInsuranceConsent => consent(facts, ask, ConsentAct::PrivateInsurance),
            FiledKind::SignedCertification => answered(record, ask, RequestKind::PhysicianCertification),
            FiledKind::ProgressReport => answered(record, ask, RequestKind::ProgressReport),
            FiledKind::SignedRelease => release(facts, ask),
            FiledKind::Revocation => revocation(record, ask),
            FiledKind::ObjectionSlip => Ok(Self {
                facts: vec![Fact::Objection { to: ObjectionTo::LimitedNotice, written: true, on: ask.on }],
                says: vec!["The written objection to the notice to the school district is recorded.".to_owned()],
                ..Self::default()
            }),
            FiledKind::CourtOrder => Ok(Self {
                task: Some(Next {
                    kind: "order-filed",
                    says: format!(
                        "Record what the order in paper {paper_id} does with {}: a paper on file stops nothing by itself.",
                        Hint::RecordOrder
                    ),
                }),
                says: vec![format!(
                    "The order is on file and stops nothing yet: record what it does with {}.",
                    Hint::RecordOrder
                )],
                ..Self::default()
            }),
            FiledKind::EvaluationReport | FiledKind::AssessmentReport => Ok(Self {
                says: vec![format!(
                    "The parents have a right to a copy: {} puts it behind a letter.",
                    Hint::SendEnclosed
                )],
                ..Self::default()
            }),
            FiledKind::HealthRecord | FiledKind::OfficialForm | FiledKind::Other => Ok(Self::default()),
        }
    }

    fn settled(settles: Settles, says: String) -> Self {
        Self { settles: Some(settles), says: vec![says], ..Self::default() }
    }
}

/// The parent who signed: one who decides for this child.
fn signer(facts: &ChildFacts, ask: &FileIn) -> Result<PersonId, String> {
    let may: Vec<&PersonId> = facts
        .record
        .family
        .iter()
        .filter(|m| m.may_consent && !facts.recorded.barred.contains(&m.person_id))
        .map(|m| &m.person_id)
        .collect();
    let listed = may.iter().map(|id| id.as_str()).collect::<Vec<_>>().join(", ");
    match &ask.signed_by {
        Some(person) if may.contains(&person) => Ok(person.clone()),
        Some(person) => Err(format!("{person} may not sign for this child; those who may are: {listed}")),
        None => Err(format!("say with {} who signed it: {listed}", Field::SignedBy)),
    }
}

fn plan(facts: &ChildFacts, ask: &FileIn) -> Result<Signed, String> {
    let by = signer(facts, ask)?;
    if ask.declined {
        return Err("a plan is not signed to decline it; record what was declined in the record itself".to_owned());
    }
    let name = |v: &crate::case::IfspVersion| format!("{}/{}", v.ifsp_id, v.version);
    let waiting = facts.record.ifsps.iter().filter(|v| v.status == IfspStatus::AwaitingSignature);
    let version = waiting
        .clone()
        .filter(|v| ask.about.as_ref().is_none_or(|about| *about == name(v)))
        .max_by_key(|v| (v.meeting_on, v.version));
    if let Some(version) = version {
        if ask.on < version.meeting_on {
            return Err(format!("the plan was made on {} and cannot have been signed before", version.meeting_on));
        }
        let says = format!(
            "Version {} of the plan is signed and in effect. Services that are still open in the record wait for the parent's \
             answer there.",
            version.version
        );
        let settles = Settles::Plan { ifsp_id: version.ifsp_id.clone(), version: version.version, by };
        return Ok(Signed::settled(settles, says));
    }
    match &ask.about {
        Some(about) if facts.record.ifsps.iter().any(|v| name(v) == *about) => Ok(Signed {
            says: vec!["That version does not wait for a signature: nothing changes.".to_owned()],
            ..Signed::default()
        }),
        Some(about) => Err(format!("the record has no plan {about}; write it as PLAN/VERSION")),
        None => {
            Ok(Signed { says: vec!["No plan waits for a signature: nothing changes.".to_owned()], ..Signed::default() })
        }
    }
}

fn consent(facts: &ChildFacts, ask: &FileIn, act: ConsentAct) -> Result<Signed, String> {
    let by = signer(facts, ask)?;
    let of_act = || facts.record.consents.iter().filter(|c| c.act == act);
    let event_id: Option<EventId> = of_act().filter(|c| c.answer.is_none()).map(|c| c.event_id.clone()).next();
    let says = if ask.declined { "The parent's no is recorded." } else { "The parent's consent is recorded." };
    let given = !ask.declined;
    Ok(Signed::settled(Settles::Act { act, event_id, given, by }, says.to_owned()))
}

/// The request that a paper answers: the only open one of its kind, or the one that is named.
fn answered(record: &CaseRecord, ask: &FileIn, kind: RequestKind) -> Result<Signed, String> {
    let open: Vec<&EventId> =
        record.requests.iter().filter(|r| r.kind == kind && r.done_on.is_none()).map(|r| &r.event_id).collect();
    let listed = open.iter().map(|id| id.as_str()).collect::<Vec<_>>().join(", ");
    let request = match (&ask.about, open.as_slice()) {
        (Some(about), open) => open
            .iter()
            .find(|id| id.as_str() == about)
            .ok_or_else(|| format!("the record has no open request {about}; open are: {listed}"))?,
        (None, [only]) => only,
        (None, []) => {
            return Ok(Signed {
                says: vec!["No open request waits for it: nothing changes.".to_owned()],
                ..Signed::default()
            });
        }
        (None, _) => {
            return Err(format!("several requests wait for such a paper; say with {} which: {listed}", Field::About));
        }
    };
    let says = format!("Request {request} is answered.");
    Ok(Signed::settled(Settles::Request { event_id: (*request).clone() }, says))
}

fn release(facts: &ChildFacts, ask: &FileIn) -> Result<Signed, String> {
    let by = signer(facts, ask)?;
    let drafts: Vec<&ReleaseId> = facts.record.releases.iter().filter(|r| r.draft).map(|r| &r.release_id).collect();
    let listed = drafts.iter().map(|id| id.as_str()).collect::<Vec<_>>().join(", ");
    let Some(about) = &ask.about else {
        let says = if drafts.is_empty() {
            "The signed release is on file. Enter it in the record: until then nothing rests on it.".to_owned()
        } else {
            format!(
                "The signed release is on file. If it is one of the prepared ones ({listed}), take it in with {}.",
                Field::About
            )
        };
        let task = Next {
            kind: "release-filed",
            says: "Enter the signed release in the record; nothing rests on it yet.".to_owned(),
        };
        return Ok(Signed { task: Some(task), says: vec![says], ..Signed::default() });
    };
    let release_id = drafts
        .iter()
        .find(|id| id.as_str() == about)
        .ok_or_else(|| format!("the record has no prepared release {about}; prepared are: {listed}"))?;
    let settles = Settles::Release { release_id: (*release_id).clone(), by };
    Ok(Signed::settled(settles, format!("Release {release_id} is signed and stands.")))
}

fn revocation(record: &CaseRecord, ask: &FileIn) -> Result<Signed, String> {
    let listed = record.releases.iter().map(|r| r.release_id.as_str()).collect::<Vec<_>>().join(", ");
    let about =
        ask.about.as_ref().ok_or_else(|| format!("say with {} which release is taken back: {listed}", Field::About))?;
    let release = record
        .releases
        .iter()
        .find(|r| r.release_id.as_str() == about)
        .ok_or_else(|| format!("the record has no release {about}, but these: {listed}"))?;
    Ok(Signed {
        facts: vec![Fact::ReleaseRevoked { release_id: release.release_id.clone() }],
        says: vec![format!("Release {about} is taken back.")],
        ..Signed::default()
    })
}
