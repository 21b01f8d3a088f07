//! Letters around a family's way through early intervention, and what offices hear on it.

use earlypost::{
    case::{ContactOutcome, ExitReason, Recipient},
    due::{DocumentKind as Kind, Subject},
};

use super::{Made, Paper, assembled, assert_hides, assert_shows, made, paper, rendered};
use crate::due::samples::{date, samples};

#[track_caller]
fn changed(child: &str, kind: Kind, parent: &str, change: impl Fn(&mut earlypost::case::CaseRecord)) -> Option<Made> {
    let mut record = samples().record(child);
    change(&mut record);
    let recipient: Recipient = parent.parse().unwrap();
    let view = assembled(&record, &recipient, kind, &Subject::Child)?.view;
    Some(rendered(Paper { recipient, kind, view }))
}

#[test]
fn the_letter_before_the_first_visit_says_when_where_who_comes_and_that_the_family_decides() {
    let letter = paper("c-0433", Kind::IntakeLetter, "family:0433-mother");

    assert_shows(letter, ["Tuesday, November 24, 2026", "5:30 p.m.", "the family’s home", "Jenni Alvarez"]);
    assert_shows(letter, ["at most 45 days", "You may say no to this visit, or to any step after it."]);
}

#[test]
fn the_office_that_referred_learns_that_it_came_and_nothing_more() {
    let thanks = paper("c-0433", Kind::ReferralAcknowledgement, "office:little-lighthouse");
    let record = samples().record("c-0433");

    assert_shows(thanks, ["We received your referral on November 17, 2026", "S. A."]);
    assert_hides(thanks, ["Samuel", "Sam ", "Adeyemi", record.program_number.as_str(), "June 5, 2025", "November 24"]);
}

#[test]
fn every_agency_that_offers_a_service_is_named_in_the_order_of_the_alphabet_with_the_day_of_the_check() {
    let choices = paper("c-0421", Kind::ProviderChoices, "family:0421-mother");
    let text = choices.text();

    assert_shows(choices, ["Not now", "asked on Nov 17, 2026", "We do not recommend any over another."]);
    let occupational = text.find("Occupational therapy").unwrap();
    let bayside = text[occupational..].find("Bayside Therapy").unwrap();
    assert!(text[occupational..].find("Coastal Occupational Therapy").unwrap() > bayside);
}

#[test]
fn the_places_that_a_mother_asked_for_stand_with_number_and_hours_on_her_list_only() {
    let list = paper("c-0411", Kind::ResourceList, "family:0411-mother");
    let record = samples().record("c-0411");
    let places: Vec<_> = record.contacts.iter().flat_map(|c| &c.resources).collect();

    assert_eq!(places.len(), 4);
    for place in &places {
        assert_shows(list, [place.name.as_str(), place.offers.as_str()]);
        assert_shows(
            list,
            place.telephone.iter().chain(&place.hours).chain(&place.address).map(earlypost::case::Line::as_str),
        );
    }
    for paper in made("c-0411").iter().filter(|p| p.recipient.organisation_id().is_some()) {
        assert_hides(paper, places.iter().map(|place| place.name.as_str()));
    }
}

#[test]
fn a_notice_on_eligibility_never_says_the_opposite_of_the_evaluation() {
    let record = samples().record("c-0417");
    let recipient: Recipient = "family:0417-mother".parse().unwrap();
    let evaluation = record.evaluations.iter().find(|e| e.eligible == Some(true)).unwrap();
    let subject = Subject::Event { event_id: evaluation.event_id.clone() };

    assert!(assembled(&record, &recipient, Kind::EligibleNotice, &subject).is_some());
    assert!(assembled(&record, &recipient, Kind::NotEligibleNotice, &subject).is_none());
    let other = paper("c-0424", Kind::NotEligibleNotice, "family:0424-mother");
    assert_shows(other, ["cannot have early intervention now", "mediation", "(804) 555-0125"]);
}

#[test]
fn attempts_since_the_last_talk_are_listed_and_no_child_is_named() {
    let letter = paper("c-0398", Kind::CouldNotReachYou, "family:0398-mother");
    let name = samples().record("c-0398").child.legal_name.full();

    assert_shows(letter, ["November 18, 2026", "We left a message", "(757) 555-0143"]);
    assert_hides(letter, [name.as_str(), "Theo"]);
    let reached = changed("c-0398", Kind::CouldNotReachYou, "family:0398-mother", |record| {
        let last = record.contacts.iter_mut().max_by_key(|c| c.on).unwrap();
        last.outcome = ContactOutcome::Reached;
    });
    assert!(reached.is_none(), "a family that was reached gets no such letter");
}

#[test]
fn the_new_coordinator_is_named_with_number_and_the_one_before() {
    let letter = paper("c-0394", Kind::NewCoordinator, "family:0394-mother");

    assert_shows(letter, ["Marcus Bell, M.Ed. has been your service coordinator since March 2, 2026"]);
    assert_shows(letter, ["it was Jenni Alvarez, M.S.W.", "(757) 555-0143"]);
}

#[test]
fn a_good_bye_gives_the_reason_in_kind_words_and_never_goes_to_a_family_in_mourning() {
    let letter = paper("c-0290", Kind::ExitLetter, "family:0290-mother");
    assert_shows(letter, ["September 14, 2026", "can have help at preschool"]);

    let withdrawn = changed("c-0290", Kind::ExitLetter, "family:0290-mother", |record| {
        record.exit.as_mut().unwrap().reason = ExitReason::WithdrawnByParent;
    });
    assert_shows(&withdrawn.unwrap(), ["That is your right.", "you can call us again at any time"]);
    let mourning = changed("c-0290", Kind::ExitLetter, "family:0290-mother", |record| {
        record.exit.as_mut().unwrap().reason = ExitReason::Deceased;
    });
    assert!(mourning.is_none());
}

#[test]
fn an_agency_is_asked_for_its_report_before_the_review_with_its_own_lines_only() {
    let reminder = paper("c-0375", Kind::ProgressReportReminder, "office:harbor-kids");

    assert_shows(reminder, ["Please send your progress report by December 1, 2026", "December 15, 2026"]);
    assert_shows(reminder, ["Special instruction"]);
    assert_hides(reminder, ["Service coordination", "heart clinic"]);
}

#[test]
fn the_parents_choose_on_each_consent_form_and_may_say_no() {
    let evaluation = paper("c-0430", Kind::EvaluationConsent, "family:0430-mother");
    assert_shows(evaluation, ["Yes, you may evaluate Iris.", "No, not now.", "Tuesday, December 1, 2026, 9:30 a.m."]);

    let both = paper("c-0417", Kind::InsuranceConsent, "family:0417-mother");
    assert_shows(both, ["Public insurance (such as Medicaid)", "Private insurance", "No, do not use it."]);
    let one = changed("c-0417", Kind::InsuranceConsent, "family:0417-mother", |record| {
        record.consents = vec![earlypost::case::ActConsent {
            event_id: crate::due::samples::id("0417-asked-insurance"),
            act: earlypost::case::ConsentAct::PublicInsurance,
            asked_on: date("2026-11-20"),
            answer: None,
        }];
    });
    let one = one.unwrap();
    assert_shows(&one, ["Public insurance (such as Medicaid)"]);
    assert!(!one.shows("May we use your private insurance"));
}

#[test]
fn a_parent_learns_which_records_there_are_where_and_whom_to_ask() {
    for kind in [Kind::RecordLocations, Kind::ConfidentialityRights] {
        let paper = paper("c-0417", kind, "family:0417-mother");
        for kept in &samples().program.records {
            assert_shows(paper, [kept.records.as_str(), kept.place.as_str(), kept.ask.as_str()]);
        }
    }
}
