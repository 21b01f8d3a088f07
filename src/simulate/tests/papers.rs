//! What is due for the children.

use std::collections::BTreeMap;

use super::{plan, program};
use crate::{
    case::Recipient,
    due::{DocumentKind, ObligationKind, Profile, Rulebook, calendar, due_items},
    simulate::{Plan, record},
};

/// Papers due on the day, by obligation and kind of paper.
fn due(plan: &Plan) -> BTreeMap<(ObligationKind, DocumentKind), usize> {
    let (program, profile) = (program(plan), Profile::named("virginia").unwrap());
    let rules = Rulebook { program: &program, profile: &profile };
    let mut count = BTreeMap::new();
    for index in 0..plan.children {
        for item in
            due_items(&record::of(plan, index), &rules, plan.day).iter().filter(|item| item.is_open_on(plan.day))
        {
            for owed in item.owed.iter().filter(|owed| owed.has_it_since.is_none()) {
                for paper in &owed.papers {
                    *count.entry((item.kind, *paper)).or_default() += 1;
                }
            }
        }
    }
    count
}

#[test]
fn a_thousand_children_have_about_three_thousand_papers_due() {
    for (seed, day) in [(1, "2026-11-20"), (2, "2026-12-31")] {
        let papers: usize = due(&Plan { seed, day: day.parse().unwrap(), ..plan(1000) }).values().sum();
        assert!((2700..=3300).contains(&papers), "{papers} papers on {day} with seed {seed}");
    }
}

/// Papers that a made-up caseload owes to somebody; the others are sent by hand or hang on facts that it has none of.
const OWED: [DocumentKind; 8] = [
    DocumentKind::Ifsp,
    DocumentKind::PhysicianLetter,
    DocumentKind::ServiceAuthorization,
    DocumentKind::StopNotice,
    DocumentKind::ContactSummary,
    DocumentKind::TransitionPacket,
    DocumentKind::MonthlyReminder,
    DocumentKind::OptOutInformation,
];

#[test]
fn every_kind_of_paper_that_a_caseload_owes_is_due_for_somebody() {
    let due = due(&plan(1000));
    for kind in &OWED {
        assert!(due.keys().any(|(_, paper)| paper == kind), "{kind}");
    }
}

#[test]
fn the_special_cases_are_what_they_say() {
    let due = due(&plan(500));
    let of = |kind: ObligationKind| due.iter().filter(|((k, _), _)| *k == kind).map(|(_, n)| n).sum::<usize>();
    assert_eq!(of(ObligationKind::StopService), 3);
    assert!(of(ObligationKind::SummaryOfContact) >= 6);
    assert!((3..=6).contains(&of(ObligationKind::TransitionPacketToFamily)));
    let records = (0..500).map(|index| record::of(&plan(500), index));
    let without_release = records.filter(|r| r.in_effect().is_some() && r.releases.is_empty()).count();
    assert!((20..=80).contains(&without_release), "{without_release}");
}

#[test]
fn an_agency_of_a_new_plan_has_a_role_on_the_day() {
    let plan = plan(300);
    for index in 0..plan.children {
        let record = record::of(&plan, index);
        for line in record.in_effect().into_iter().flat_map(|v| &v.services).filter(|line| line.consent.stands()) {
            let agency = line.provider_organisation.as_ref().unwrap();
            let holds = record.assignments.iter().any(|a| &a.organisation_id == agency && a.holds_on(plan.day));
            assert!(holds, "{} for {:?}", record.child_id, Recipient::office(agency, None));
        }
    }
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config::with_cases(400))]
    #[test]
    fn any_child_of_any_seed_on_any_day_obeys_the_rules(seed: u64, index in 0..crate::simulate::MOST_CHILDREN, offset in 0i64..40_000) {
        let day = calendar::add_calendar_days("1950-01-01".parse().unwrap(), offset);
        let plan = Plan { seed, day, ..plan(1) };
        let record = record::of(&plan, index);
        let born = *record.child.birth_date;
        proptest::prop_assert!(born < *record.referral.received_on && *record.referral.received_on <= day);
        for version in &record.ifsps {
            proptest::prop_assert!(*version.meeting_on <= day && version.meeting_on <= version.period_end);
        }
        let (opens, closes) = calendar::transition_window(born);
        let open = opens <= day && day <= closes && record.exit.is_none();
        proptest::prop_assert_eq!(open, record.transition.is_some());
    }
}
