//! Papers for offices and the family's reminder: what stands on them, and what must not.

use earlypost::{
    case::{Address, CaseRecord, FamilyInformation, IfspVersion, Line, OutcomeFor, Protected, Recipient},
    due::{DocumentKind as Kind, Subject},
};

use super::{Made, Paper, assembled, assert_hides, assert_shows, familys_plan::levels, made, paper, rendered};
use crate::due::samples::{newest, samples};

const PHYSICIAN: &str = "office:ghent-pediatrics/dr-osei";

/// What a family tells about itself: its pages, its goals for itself, its day.
fn family_information(plan: &IfspVersion) -> Vec<String> {
    let mut texts: Vec<String> = plan.daily_routines.iter().map(ToString::to_string).collect();
    if let Some(FamilyInformation::Agreed { resources, priorities, concerns }) = &plan.family {
        texts.extend([resources, priorities, concerns].map(ToString::to_string));
    }
    for outcome in plan.outcomes.iter().filter(|o| o.benefits == OutcomeFor::Family) {
        texts.extend([&outcome.statement, &outcome.criteria, &outcome.procedures].map(ToString::to_string));
    }
    for service in &plan.other_services {
        texts.push(service.name.to_string());
        texts.extend(service.funding.iter().map(ToString::to_string));
        texts.extend(service.steps.iter().map(ToString::to_string));
    }
    texts
}

fn payment(plan: &IfspVersion) -> Vec<&'static str> {
    plan.services.iter().flat_map(|line| &line.payment).map(|payer| payer.words()).collect()
}

/// Where the family lives and is reached.
fn addresses(record: &CaseRecord) -> Vec<String> {
    let endpoints = record.family.iter().flat_map(|m| &m.endpoints);
    endpoints
        .map(|endpoint| match &endpoint.address {
            Address::Postal { lines } => lines[0].to_string(),
            other => other.in_one_line(),
        })
        .collect()
}

/// A sentence of each text is enough to know it by.
fn beginnings(texts: &[String]) -> Vec<&str> {
    texts.iter().map(|text| text.split_inclusive(". ").next().unwrap().trim()).collect()
}

#[track_caller]
fn holds_nothing_of_the_familys_own(paper: &Made, record: &CaseRecord, plan: &IfspVersion) {
    let told = family_information(plan);
    let addresses = addresses(record);
    assert!(told.len() > 5 && !addresses.is_empty());
    assert_hides(paper, beginnings(&told));
    assert_hides(paper, payment(plan));
    assert_hides(paper, addresses.iter().map(String::as_str));
}

#[test]
fn the_physicians_copies_hold_no_family_information_no_other_services_and_no_payment() {
    let mut record = samples().record("c-0417");
    let plan = newest(&mut record).clone();
    for kind in [Kind::PhysicianLetter, Kind::Ifsp] {
        holds_nothing_of_the_familys_own(paper("c-0417", kind, PHYSICIAN), &record, &plan);
    }
}

#[test]
fn the_agencys_copies_hold_no_family_information_no_other_services_and_no_payment() {
    let mut record = samples().record("c-0417");
    let plan = newest(&mut record).clone();
    for kind in [Kind::ServiceAuthorization, Kind::Ifsp] {
        holds_nothing_of_the_familys_own(paper("c-0417", kind, "office:bayside-therapy"), &record, &plan);
    }
}

#[test]
fn what_the_tests_look_for_stands_on_the_familys_copy() {
    // Otherwise a text that no paper ever shows would make every paper above pass.
    let plan = newest(&mut samples().record("c-0417")).clone();
    let family = paper("c-0417", Kind::Ifsp, "family:0417-mother");

    assert_shows(family, beginnings(&family_information(&plan)));
    assert_shows(family, payment(&plan));
}

#[test]
fn the_physicians_letter_says_on_what_it_rests_and_what_is_asked() {
    let letter = paper("c-0417", Kind::PhysicianLetter, PHYSICIAN);
    let record = samples().record("c-0417");

    assert_shows(
        letter,
        ["Parent's release signed by Elena Rivera on November 20, 2026, valid through November 19, 2027"],
    );
    assert_shows(letter, record.physicians[0].requests.iter().map(|request| request.text.as_str()));
    assert_shows(letter, ["Abena Osei, MD", "Ghent Pediatrics", "Speech-language therapy", "Maya Rivera"]);
    assert_shows(letter, ["Do not share it with anyone else unless the parent gives written consent"]);
}

#[test]
fn a_release_of_the_plan_alone_shows_no_evaluation_and_no_health() {
    let mut record = samples().record("c-0405");
    let plan = newest(&mut record).clone();
    let [physical, vision, hearing, health, cognitive, communication, social, adaptive] =
        levels(plan.present_levels.as_ref().unwrap());
    let copy = paper("c-0405", Kind::Ifsp, "office:oceanview-family/dr-lindqvist");
    let letter = paper("c-0405", Kind::PhysicianLetter, "office:oceanview-family/dr-lindqvist");

    for level in [physical, cognitive, communication, social, adaptive] {
        assert_hides(copy, [&level.source, &level.result].into_iter().flatten().map(Line::as_str));
    }
    assert_hides(copy, beginnings(&[vision, hearing, health].map(|level| level.narrative.to_string())));
    let basis: Vec<&str> = record.evaluations.iter().filter_map(|e| e.eligibility_basis.as_deref()).collect();
    assert!(!basis.is_empty());
    assert_hides(letter, basis.iter().copied());
    assert_hides(copy, basis);
}

#[test]
fn the_agencys_authorization_holds_its_own_consented_lines_and_not_the_declined_one() {
    let plan = newest(&mut samples().record("c-0405")).clone();
    let (own, others): (Vec<_>, Vec<_>) =
        plan.services.iter().partition(|l| l.service_line_id.as_str() == "0405-speech");
    let authorization = paper("c-0405", Kind::ServiceAuthorization, "office:bayside-therapy");

    assert_shows(authorization, own.iter().flat_map(|l| [l.service.words(), l.location.as_str()]));
    assert_hides(authorization, others.iter().map(|l| l.service.words()));
    assert_hides(
        authorization,
        others.iter().map(|l| l.location.as_str()).filter(|place| *place != own[0].location.as_str()),
    );
}

#[test]
fn outside_copies_of_the_plan_leave_out_lines_without_consent() {
    let plan = newest(&mut samples().record("c-0405")).clone();
    let methods: Vec<&str> = plan.services.iter().filter(|l| !l.consent.stands()).map(|l| l.method.as_str()).collect();
    assert_eq!(methods.len(), 2);

    assert_shows(paper("c-0405", Kind::Ifsp, "family:0405-mother"), methods.iter().copied());
    for office in ["office:bayside-therapy", "office:oceanview-family/dr-lindqvist"] {
        assert_hides(paper("c-0405", Kind::Ifsp, office), methods.iter().copied());
    }
}

#[test]
fn a_stop_notice_holds_number_service_and_last_day_and_no_name() {
    let notice = paper("c-0402", Kind::StopNotice, "office:harbor-kids");
    let record = samples().record("c-0402");

    assert_shows(notice, ["26-0402", "Special instruction", "November 19, 2026", "Harbor Kids Developmental Services"]);
    let names = std::iter::once(&record.child.legal_name).chain(record.family.iter().map(|m| &m.name));
    assert_hides(notice, names.flat_map(|name| [name.first.as_str(), name.last.as_str()]));
    assert_hides(notice, ["Speech-language therapy", "February 3, 2025"]);
    assert_hides(notice, addresses(&record).iter().map(String::as_str));
    assert_eq!(notice.rendered.pages.len(), 1);
}

#[test]
fn a_reminder_names_day_and_hour_of_a_visit_where_its_reader_said_that_this_is_safe() {
    let mut record = samples().record("c-0417");
    let visit = serde_json::json!({
        "event_id": "0417-visit", "on": "2026-12-08", "at": "16:00", "place": "the library", "what": "home visit",
    });
    record.appointments.push(serde_json::from_value(visit).unwrap());
    let recipient: Recipient = "family:0417-mother".parse().unwrap();
    let month = Subject::Month { month: "2026-11".to_owned() };
    let view = |record: &CaseRecord| {
        let assembled = assembled(record, &recipient, Kind::MonthlyReminder, &month).unwrap();
        String::from_utf8(assembled.view).unwrap()
    };
    assert!(!view(&record).contains("December 8"), "nobody said that it is safe");
    record.family[0].endpoints[0].safe.may_name_visit = true;
    let text = view(&record);
    assert!(text.contains("December 8, 2026, 4:00") && text.contains("A visit or a meeting with us"), "{text}");
    assert!(!text.contains("library") && !text.contains("home visit"), "{text}");
    assert!(!text.contains("January 6"), "what lies after the next month stands on the next reminder");
}

#[test]
fn a_letter_to_a_protected_home_is_not_forwarded_and_a_discreet_envelope_names_no_program() {
    let father: Recipient = "family:0417-father".parse().unwrap();
    let letter = |change: &dyn Fn(&mut CaseRecord)| {
        let mut record = samples().record("c-0417");
        change(&mut record);
        let plan = newest(&mut record);
        let subject = Subject::Plan { ifsp_id: plan.ifsp_id.clone(), version: plan.version };
        let view = assembled(&record, &father, Kind::Ifsp, &subject).unwrap().view;
        rendered(Paper { recipient: father.clone(), kind: Kind::Ifsp, view })
    };
    let says = "RETURN SERVICE REQUESTED";
    assert!(!letter(&|_| {}).shows(says));
    let protected = || Some(Protected { address: true, ..Protected::default() });
    assert!(letter(&|r| r.family[1].protected = protected()).shows(says), "he keeps his address private");
    assert!(!letter(&|r| r.family[0].protected = protected()).shows(says), "she lives elsewhere");
    let home = || Some(earlypost::case::HouseholdId::parse("home").unwrap());
    let same_home = |r: &mut CaseRecord| {
        (r.family[0].protected, r.family[0].household, r.family[1].household) = (protected(), home(), home());
    };
    assert!(letter(&same_home).shows(says), "somebody of his home does");
}

#[test]
fn a_reminder_names_no_child_place_or_visit() {
    let mut reminders = 0;
    for record in samples().children() {
        for reminder in made(&record.child_id).iter().filter(|p| p.kind == Kind::MonthlyReminder) {
            reminders += 1;
            let child = &record.child;
            assert_hides(reminder, [child.legal_name.first.as_str(), &child.legal_name.full(), child.called()]);
            assert_hides(reminder, [record.program_number.as_str()]);
            assert_hides(reminder, record.appointments.iter().map(|a| a.what.as_str()));
            let lines = record.ifsps.iter().flat_map(|v| &v.services);
            assert_hides(reminder, lines.flat_map(|l| [l.location.as_str(), l.service.words()]));
            let therapies =
                samples().directory.organisations.iter().filter(|o| o.organisation_id.as_str() != "tidewater");
            assert_hides(reminder, therapies.map(|o| o.name.as_str()));
            assert_eq!(reminder.rendered.pages.len(), 1, "{}", record.child_id);
        }
    }
    assert!(reminders > 10);
}

#[test]
fn a_summary_for_an_office_holds_no_narrative_and_no_one_who_was_present() {
    for child in ["c-0417", "c-0388", "c-0427"] {
        let record = samples().record(child);
        for summary in
            made(child).iter().filter(|p| p.kind == Kind::ContactSummary && p.recipient.organisation_id().is_some())
        {
            let told: Vec<String> = record.contacts.iter().map(|c| c.narrative.to_string()).collect();
            assert_hides(summary, beginnings(&told));
            assert_hides(summary, record.contacts.iter().flat_map(|c| &c.resources).map(|r| r.name.as_str()));
        }
    }
}
