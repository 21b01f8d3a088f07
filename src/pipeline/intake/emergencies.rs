//! Disclosures without consent that a reviewer lets go, and what a parent is told of an emergency: decided parent by
//! parent, never by itself, because the parent may be the danger.

use super::Intake;
use crate::{
    actor::{Actor, Permission},
    case::{
        CaseRecord, ChildId, Date, EmergencyAnswer, EmergencyTelling, Exception, ExceptionGround, Fact, FamilyMember,
        Line, OrganisationKind, PersonId, Recipient, RecordClass, Recorded,
    },
    hint::Hint,
    pipeline::{Refusal, StoppedLine},
};

/// What a reviewer is asked to let go.
#[derive(Debug, Clone)]
pub struct ExceptionAsked {
    pub recipient: Recipient,
    pub classes: Vec<RecordClass>,
    pub ground: ExceptionGround,
    /// Who looked at it; whoever grants it, when nobody else did.
    pub reviewer: Option<Line>,
    /// The last day; today, when there is none.
    pub until: Option<Date>,
    /// Parents who are, or may be, the danger.
    pub danger: Vec<PersonId>,
}

/// A parent who may learn from the record of access what went where.
fn is_told(member: &FamilyMember) -> bool {
    member.may_receive_records || member.is_parent_or_guardian()
}

/// Emergencies of which a parent has not been told, with what was decided so far.
pub(super) fn untold<'a>(
    record: &'a CaseRecord,
    recorded: &'a Recorded,
) -> impl Iterator<Item = (&'a Exception, &'a PersonId, Option<&'a EmergencyAnswer>)> {
    let emergencies =
        recorded.exceptions.iter().filter(|exception| matches!(exception.ground, ExceptionGround::Emergency { .. }));
    emergencies
        .flat_map(move |exception| {
            record.family.iter().filter(|member| is_told(member)).map(move |member| (exception, &member.person_id))
        })
        .map(|(exception, person)| (exception, person, recorded.emergency_answer(exception, person)))
        .filter(|(.., answer)| !matches!(answer, Some(EmergencyAnswer::Told { .. })))
}

/// What the task about a parent says.
pub(super) fn asks_to_tell(exception: &Exception, person: &PersonId, answer: Option<&EmergencyAnswer>) -> String {
    let to = &exception.recipient;
    match answer {
        Some(EmergencyAnswer::NotNow { look_again_on, .. }) => format!(
            "It was decided not to tell this parent yet. Look at it again on {look_again_on}, then run {}.",
            Hint::RecordEmergencyTelling
        ),
        _ if exception.not_now.contains(person) => format!(
            "{to} had the record in an emergency. Telling this parent now could put somebody in danger: a supervisor decides, \
             with the reason and the day to look again, by {}. Until then it is not in this parent's report.",
            Hint::RecordEmergencyTelling
        ),
        _ => format!(
            "{to} had the record in an emergency, without a release. Decide whether to tell this parent what went and why, \
             then record it with {}.",
            Hint::RecordEmergencyTelling
        ),
    }
}

/// Disclosures without consent, and what parents are told of them.
#[derive(Debug, Clone)]
pub struct Exceptions {
    intake: Intake,
}

impl Intake {
    /// Disclosures without consent, and what parents are told of them.
    #[must_use]
    pub fn exceptions(&self) -> Exceptions {
        Exceptions { intake: self.clone() }
    }
}

impl Exceptions {
    /// Lets an office have a record without consent, because the law names the case.
    ///
    /// # Errors
    /// [`Refusal`] when this person may not approve it, or a person named is not of the family.
    pub async fn grant(
        &self,
        child_id: &ChildId,
        asked: ExceptionAsked,
        by: &Actor,
    ) -> anyhow::Result<Vec<StoppedLine>> {
        self.intake.pipeline.authority().allow_for(by, Permission::GrantException, child_id).await?;
        let record = self.intake.pipeline.store.children().child(child_id).await?.record;
        if let Some(person) = asked.danger.iter().find(|person| record.member(person).is_none()) {
            let says = format!("nothing is recorded: the family of child {child_id} has no person {person}");
            return Err(Refusal::invalid(says).into());
        }
        let (directory, _) = self.intake.pipeline.store.children().directory().await?;
        let office = asked.recipient.organisation_id().and_then(|id| directory.organisation(id));
        // Who protects children, or prosecutes, may be at work against a parent: none is told before somebody has decided.
        let all =
            office.is_some_and(|o| matches!(o.kind, OrganisationKind::ChildWelfare | OrganisationKind::LawEnforcement));
        let emergency = matches!(asked.ground, ExceptionGround::Emergency { .. });
        let parents = record.family.iter().filter(|member| is_told(member)).map(|member| &member.person_id);
        let not_now = parents.filter(|person| emergency && (all || asked.danger.contains(person))).cloned().collect();
        let today = self.intake.today();
        let exception = Exception {
            recipient: asked.recipient,
            classes: asked.classes,
            ground: asked.ground,
            reviewer: match asked.reviewer {
                Some(name) => name,
                None => Line::parse(by.name())?,
            },
            from: today,
            until: asked.until.unwrap_or(today),
            not_now,
        };
        self.intake.record(child_id, &Fact::ExceptionGranted { exception }, by).await
    }

    /// Records whether a parent was told of the last emergency in which this office had the record.
    ///
    /// # Errors
    /// [`Refusal`] when there was none, the parent is not of the family, or a day is on the wrong side of today.
    pub async fn tell(
        &self,
        child_id: &ChildId,
        recipient: &Recipient,
        person_id: &PersonId,
        answer: EmergencyAnswer,
        by: &Actor,
    ) -> anyhow::Result<Vec<StoppedLine>> {
        self.intake.pipeline.authority().allow_for(by, Permission::GrantException, child_id).await?;
        let row = self.intake.pipeline.store.children().child(child_id).await?;
        if row.record.member(person_id).is_none() {
            let says = format!("nothing is recorded: the family of child {child_id} has no person {person_id}");
            return Err(Refusal::invalid(says).into());
        }
        let emergency = row.recorded.exceptions.iter().rev().find(|exception| {
            &exception.recipient == recipient && matches!(exception.ground, ExceptionGround::Emergency { .. })
        });
        let Some(emergency) = emergency else {
            let says = format!("nothing is recorded: no emergency of {recipient} is recorded for child {child_id}");
            return Err(Refusal::invalid(says).into());
        };
        let today = self.intake.pipeline.day();
        let wrong = match &answer {
            EmergencyAnswer::Told { on, .. } if **on > today => Some("the day lies in the future"),
            EmergencyAnswer::NotNow { look_again_on, .. } if **look_again_on <= today => {
                Some("the day to look at it again has to come after today")
            }
            _ => None,
        };
        if let Some(wrong) = wrong {
            return Err(Refusal::invalid(format!("nothing is recorded: {wrong}")).into());
        }
        let telling = EmergencyTelling {
            recipient: recipient.clone(),
            from: emergency.from,
            person_id: person_id.clone(),
            answer,
        };
        self.intake.record(child_id, &Fact::EmergencyTelling { telling }, by).await
    }
}
