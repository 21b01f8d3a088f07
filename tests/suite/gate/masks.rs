//! What each copy may hold.

use std::collections::BTreeSet;

use earlypost::{
    case::{Audience, RecordClass, ReleaseRecipient},
    disclosure::Point,
    document::Mask,
    due::DocumentKind,
};

use super::{Case, agency, mother, physician};
use crate::due::samples::{id, samples};

fn mask(case: &Case) -> Mask {
    case.authorized(Point::BeforeRender).mask().clone()
}

#[test]
fn a_parents_copy_is_whole() {
    let mask = mask(&mother());

    assert!(mask.whole);
    assert_eq!(mask.audience, Audience::Family);
    assert_eq!(mask.classes, BTreeSet::from(RecordClass::ALL));
    assert_eq!(mask.agency, None);
}

#[test]
fn a_physicians_copy_holds_exactly_what_the_release_names() {
    let mut case = physician();
    for count in 1..=RecordClass::ALL.len() {
        case.record.releases[0].classes = RecordClass::ALL[..count].to_vec();
        let mask = mask(&case);
        assert_eq!(mask.classes, RecordClass::ALL[..count].iter().copied().collect());
        assert_eq!(mask.audience, Audience::Physician);
        assert!(!mask.whole);
    }
}

#[test]
fn two_releases_are_never_added_together() {
    let mut case = physician();
    let mut second = case.record.releases[0].clone();
    case.record.releases[0].classes = vec![RecordClass::Plan, RecordClass::Health];
    second.release_id = id("second");
    second.classes = vec![RecordClass::Plan, RecordClass::Transition, RecordClass::EvaluationAndEligibility];
    case.record.releases.push(second);
    let authorization = case.authorized(Point::BeforeRender);

    let snapshot = authorization.release().unwrap();
    assert_eq!(snapshot.release_id.as_str(), "second");
    assert_eq!(authorization.mask().classes, snapshot.classes);
    assert!(!authorization.mask().shows(RecordClass::Health));
}

#[test]
fn an_agencys_copy_holds_no_family_information_and_is_bound_to_the_agency() {
    let mask = mask(&agency());

    assert!(!mask.shows(RecordClass::FamilyInformation));
    assert!(!mask.whole);
    assert_eq!(mask.audience, Audience::Team);
    assert_eq!(mask.agency, Some(id("bayside-therapy")));
}

#[test]
fn an_agency_that_needs_a_release_has_no_more_than_it_and_never_family_information() {
    let mut case = agency();
    case.program.policy.team_copy_needs_release = true;
    let recipient = ReleaseRecipient { organisation_id: id("bayside-therapy"), person_id: None, initials: None };
    case.record.releases[0].recipients.push(recipient);
    case.record.releases[0].classes = vec![RecordClass::Plan, RecordClass::FamilyInformation];

    assert_eq!(mask(&case).classes, BTreeSet::from([RecordClass::Plan]));
}

#[test]
fn only_a_parent_ever_gets_a_whole_copy() {
    for record in samples().children().filter(|r| !r.ifsps.is_empty()) {
        for office in &samples().directory.organisations {
            for person in
                std::iter::once(None).chain(samples().directory.professionals.iter().map(|p| Some(&p.person_id)))
            {
                let recipient = earlypost::case::Recipient::office(&office.organisation_id, person).to_string();
                let mut case = Case::new(&record.child_id, &recipient, &[DocumentKind::Ifsp]);
                case.by_hand = true;
                if let earlypost::disclosure::Verdict::Authorized(a) = case.decide(Point::BeforeRender) {
                    assert!(!a.mask().whole, "{recipient} for {}", record.child_id);
                }
            }
        }
    }
}
