//! Any combination of facts: where one stands against it, nothing goes.

use earlypost::{
    case::{CourtOrder, Exit, ExitReason, OrderEffect, ParentRole, Recipient},
    disclosure::{Point, Verdict},
    due::DocumentKind,
};
use proptest::prelude::*;

use super::{Case, agency, days_from, mother, physician, stop_notice};
use crate::due::samples::{id, samples};

/// What may be found out about a child, each alone or with others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fact {
    DiedInTheRecord,
    DiedHere,
    Held,
    RecordRefused,
    RevokedInTheRecord,
    RevokedHere,
    Restricted,
    Barred,
    DeniedByOrder,
    NoParent,
}

const FACTS: [Fact; 10] = [
    Fact::DiedInTheRecord,
    Fact::DiedHere,
    Fact::Held,
    Fact::RecordRefused,
    Fact::RevokedInTheRecord,
    Fact::RevokedHere,
    Fact::Restricted,
    Fact::Barred,
    Fact::DeniedByOrder,
    Fact::NoParent,
];

impl Fact {
    fn happens_to(self, case: &mut Case) {
        let today = case.day;
        let (record, recorded) = (&mut case.record, &mut case.recorded);
        match self {
            Self::DiedInTheRecord => {
                record.exit = Some(Exit { event_id: id("exit"), on: today.into(), reason: ExitReason::Deceased });
            }
            Self::DiedHere => recorded.died = true,
            Self::Held => recorded.hold = Some(earlypost::case::Hold::by("jenni", "a question")),
            Self::RecordRefused => recorded.record_refused = Some(case.now),
            Self::RevokedInTheRecord => {
                record.releases.iter_mut().for_each(|release| release.revoked_on = Some(days_from(today, -1)));
            }
            Self::RevokedHere => recorded.revoked.extend(record.releases.iter().map(|r| r.release_id.clone())),
            Self::Restricted => record.family.iter_mut().for_each(|member| member.may_receive_records = false),
            Self::Barred => recorded.barred.extend(record.family.iter().map(|m| m.person_id.clone())),
            Self::DeniedByOrder => record.court_orders.push(CourtOrder {
                order_id: id("order"),
                received_on: today.into(),
                effective_on: today.into(),
                expires_on: None,
                effect: Some(OrderEffect::DenyAccess),
                verified_by: None,
                persons: record.family.iter().map(|m| m.person_id.clone()).collect(),
            }),
            Self::NoParent => record.family.iter_mut().for_each(|member| member.parent_role = ParentRole::None),
        }
    }

    /// Whether it stands against this paper for this recipient. A barred parent's release does not stand either.
    fn stops(self, case: &Case) -> bool {
        let family = case.recipient.organisation_id().is_none();
        let by_release = case.papers.contains(&DocumentKind::PhysicianLetter);
        match self {
            Self::DiedInTheRecord | Self::DiedHere | Self::Held | Self::RecordRefused => true,
            Self::Restricted | Self::DeniedByOrder | Self::NoParent => family,
            Self::RevokedInTheRecord | Self::RevokedHere => by_release,
            Self::Barred => family || by_release,
        }
    }
}

fn with(mut case: Case, facts: &[Fact], by_hand: bool) -> Case {
    for fact in facts {
        fact.happens_to(&mut case);
    }
    case.by_hand = by_hand;
    case
}

fn some_facts() -> impl Strategy<Value = Vec<Fact>> {
    prop::sample::subsequence(FACTS.to_vec(), 0..=FACTS.len())
}

fn goes(case: &Case) -> bool {
    matches!(case.decide(Point::BeforeRender), Verdict::Authorized(_))
}

/// Every recipient of a sample's newest plan, with papers for that recipient.
fn any_case() -> impl Strategy<Value = Case> {
    let cases: Vec<Case> = samples()
        .children()
        .filter(|record| !record.ifsps.is_empty())
        .flat_map(|record| {
            let parents = record.family.iter().map(|m| (Recipient::family(&m.person_id), vec![DocumentKind::Ifsp]));
            let physicians = record.physicians.iter().map(|p| {
                let letter = vec![DocumentKind::PhysicianLetter, DocumentKind::Ifsp];
                (Recipient::office(&p.organisation_id, p.person_id.as_ref()), letter)
            });
            let agencies = record
                .assignments
                .iter()
                .map(|a| (Recipient::office(&a.organisation_id, None), vec![DocumentKind::Ifsp]));
            parents
                .chain(physicians)
                .chain(agencies)
                .map(|(recipient, papers)| Case::new(&record.child_id, &recipient.to_string(), &papers))
                .collect::<Vec<_>>()
        })
        .chain([mother(), physician(), agency(), stop_notice()])
        .collect();
    prop::sample::select(cases)
}

impl std::fmt::Debug for Case {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} to {}: {:?}", self.record.child_id, self.recipient, self.papers)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_stands_against_it_stops_it(case in any_case(), facts in some_facts(), by_hand: bool) {
        let stopped = facts.iter().any(|fact| fact.stops(&case));
        let case = with(case, &facts, by_hand);
        prop_assert!(!(stopped && goes(&case)), "{case:?} goes with {facts:?}");
    }

    #[test]
    fn one_more_fact_against_it_never_lets_it_go(
        case in any_case(), facts in some_facts(), more in prop::sample::select(FACTS.to_vec()), by_hand: bool
    ) {
        let fewer = with(case, &facts, by_hand);
        let all = with(fewer.clone(), &[more], by_hand);
        prop_assert!(goes(&fewer) || !goes(&all), "{all:?} goes with {more:?} and {facts:?}");
    }

    #[test]
    fn an_answer_is_the_same_twice(case in any_case(), facts in some_facts(), by_hand: bool) {
        let case = with(case, &facts, by_hand);
        prop_assert_eq!(case.decide(Point::BeforeRender), case.decide(Point::BeforeRender));
    }
}
