//! What a child's facts ask of a person, as long as they stand: each is a task that opens and closes by itself.

use std::collections::BTreeMap;

use super::emergencies::{asks_to_tell, untold};
use crate::{
    case::{CaseRecord, CourtOrder, FamilyMember, ObjectionTo, OrderEffect, ParentRole, Recorded, disagreements},
    document::{Hidden, not_searchable},
    due::calendar::add_calendar_days,
    hint::Hint,
    pipeline::intake::Intake,
    store::{Asked, STANDING_TASKS},
};

impl Intake {
    /// Every standing task of a child. A kind that is missing from it has no open task.
    pub(super) fn asks(&self, record: &CaseRecord, recorded: &Recorded) -> Asked {
        let mut asked: Asked = STANDING_TASKS.iter().map(|kind| (*kind, BTreeMap::new())).collect();
        let mut ask = |kind: &'static str, subject: String, says: String| {
            asked.entry(kind).or_default().insert(subject, says);
        };
        for (subject, says) in disagreements(recorded, record, self.pipeline.day()) {
            ask("import-disagrees", subject, says);
        }
        let templates = self.pipeline.templates.now();
        for member in record.family.iter().filter(|member| member.may_receive_records) {
            let tag = &member.preferred_language;
            if templates.languages().of(tag).is_none() {
                ask(
                    "language-not-served",
                    format!("{}, {tag}", member.person_id),
                    format!(
                        "There are no texts in `{tag}` here: the papers for {} go in English and offer an interpreter on each page. \
                         Find one, and say so to the family. Where the tag is wrong, correct it in the record.",
                        member.person_id
                    ),
                );
            }
        }
        for member in &record.family {
            let Some(protected) = &member.protected else { continue };
            for value in not_searchable(member, Hidden::of(protected)) {
                let says = "Nothing of this value can be looked for in a text, so the copies for the other people of the family \
                            wait for a supervisor, to be decided within 2 business days: correct it (a street with its number, a \
                            telephone with all its digits), or give the words by which an address is known under \
                            `protected.places`, and import the record again.";
                ask("protected-not-searchable", value, says.to_owned());
            }
        }
        for plan in record.unfinished.iter().filter(|plan| plan.is_marked_final()) {
            let fields: Vec<_> = plan.lacks.iter().map(|lack| format!("{} ({})", lack.field, lack.rule)).collect();
            ask(
                "plan-not-final",
                format!("plan {}, version {}", plan.ifsp_id, plan.version),
                format!(
                    "This version is marked final and lacks what 34 CFR asks of every plan: {}. Nothing of it is sent. Complete it \
                     and import the record again.",
                    fields.join(", ")
                ),
            );
        }
        for order in recorded.orders(record).into_iter().filter(|order| order.effect.is_none()) {
            ask(
                "order-unread",
                format!("order {}", order.order_id),
                format!(
                    "Read the order and record its effect with {}. Until then it holds the mail of the persons whom it names. From \
                     {} on it is a supervisor's.",
                    Hint::RecordOrderEffect,
                    add_calendar_days(
                        *order.received_on,
                        i64::from(self.pipeline.program.policy.unread_order_calendar_days) + 1
                    )
                ),
            );
        }
        for member in record.family.iter().filter(|member| member.parent_role == ParentRole::Surrogate) {
            let decided = |order: &&CourtOrder| order.effect == Some(OrderEffect::NamedDecisionMaker);
            let beside = |other: &&FamilyMember| other.person_id != member.person_id && other.may_consent;
            if recorded.orders(record).iter().any(decided) || !record.family.iter().any(|other| beside(&other)) {
                continue;
            }
            ask(
                "who-decides",
                format!("surrogate {}", member.person_id),
                format!(
                    "A surrogate is appointed beside a parent who may consent. Find out who has legal authority to consent (34 CFR \
                     303.422, 303.27): correct the record, or record the order that says so with {}. Releases signed before the \
                     appointment rest until then, or until somebody who may consent has confirmed them.",
                    Hint::RecordOrder
                ),
            );
        }
        for (exception, person, answer) in untold(record, recorded) {
            ask(
                "tell-parent-of-emergency",
                format!("person {person}, {} of {}", exception.recipient, exception.from),
                asks_to_tell(exception, person, answer),
            );
        }
        if !self.pipeline.profile.parents_may_opt_out_of_notice.value {
            let in_record = record.transition.as_ref().and_then(|t| t.notice_objection_on).map(|on| *on);
            let here = recorded.objections.iter().filter(|o| o.to == ObjectionTo::LimitedNotice).map(|o| *o.on);
            if let Some(on) = here.chain(in_record).max() {
                ask(
                    "objection",
                    format!("limited notice, {on}"),
                    format!(
                        "A parent objects to the notice to the school district. In this state it goes all the same (34 CFR \
                         303.209(b)): talk with the parent, then run {}.",
                        Hint::CloseTask
                    ),
                );
            }
        }
        asked
    }
}
