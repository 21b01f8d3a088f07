//! Foster and kin homes: their names, addresses, numbers and the places of services are kept from everybody but the team,
//! the caseworker and that home, in every document, until the child-welfare agency says otherwise.

use std::collections::BTreeSet;

use earlypost::{
    case::{AgencyWord, Audience, FamilyMember, ParentRole},
    disclosure::{Point, Verdict},
    document::{
        Private,
        assemble::{Sheet, assemble, language_for},
        shows_places,
    },
    due::{DocumentKind, Rulebook, Subject},
};
use serde_json::json;

use super::Case;
use crate::{
    due::samples::{id, line, prose, samples},
    harness::World,
};

const CHILD: &str = "c-0409";
const FATHER: &str = "family:0409-biological-father";
const FOSTER_MOTHER: &str = "family:0409-foster-mother";
/// What tells of the home. The last are where the child can be found.
const SECRETS: [&str; 9] = [
    "Annette",
    "Price",
    "Walter",
    "2915",
    "Tidewatch",
    "annette.price",
    "555-0126",
    "Marigold Library",
    "the yellow house",
];

/// A child in care whose father may have the record, with the home named in every field that people write.
fn in_care(recipient: &str, papers: &[DocumentKind]) -> Case {
    let mut case = Case::new(CHILD, recipient, papers);
    place(&mut case.record);
    case.directory.organisations.push(from(json!({
        "organisation_id": "welfare", "name": "Human Services", "kind": "child_welfare",
        "endpoints": [{ "endpoint_id": "welfare-mail", "verified_on": "2026-09-01", "verified_how": "called", "verified_by": "J. A.",
            "address": { "kind": "email", "to": "care@welfare.example.org", "protection": { "kind": "tls_required" } } }],
    })));
    case.directory.professionals.push(from(json!({
        "person_id": "worker", "name": { "first": "Dee", "last": "Hall" }, "organisation_id": "welfare",
        "profession": "caseworker",
    })));
    case
}

fn from<T: serde::de::DeserializeOwned>(value: serde_json::Value) -> T {
    serde_json::from_value(value).unwrap()
}

fn place(record: &mut earlypost::case::CaseRecord) {
    record.court_orders.clear();
    let father = record.family.iter_mut().find(|m| m.parent_role == ParentRole::Parent).unwrap();
    (father.may_receive_records, father.restriction_basis) = (true, None);
    let mut husband: FamilyMember = record.family[0].clone();
    husband.person_id = id("0409-foster-father");
    husband.name.first = line("Walter");
    (husband.endpoints, husband.preferred_endpoint) = (Vec::new(), None);
    (husband.parent_role, husband.may_consent) = (ParentRole::None, false);
    record.family.push(husband);
    record.placements = vec![from(json!({ "person_id": "0409-foster-mother", "from": "2026-08-11" }))];
    record.caseworkers = vec![from(json!({
        "organisation_id": "welfare", "person_id": "worker", "from": "2026-08-11", "case_plan_access": true,
        "legal_responsibility": "order of the juvenile court",
    }))];
    record.releases = vec![from(json!({
        "release_id": "0409-release", "signed_by": "0409-foster-mother", "signed_on": "2026-11-16",
        "recipients": [{ "organisation_id": "ghent-pediatrics" }, { "organisation_id": "norfolk-schools" }],
        "classes": ["plan", "evaluation_and_eligibility", "health", "contact_notes", "family_information", "transition"],
        "purpose": "To work together",
    }))];
    let told = "Annette Price (Price, Annette) and Mr. Price at 2915 Tidewatch Ave. said: call (757) 555-0126 or write to \
                annette.price@example.org. Walter brings him; Annette’s kitchen is where he eats.";
    let plan = record.ifsps.iter_mut().max_by_key(|v| v.version).unwrap();
    plan.daily_routines = Some(prose(told));
    plan.outcomes[0].statement = prose(told);
    plan.meeting_method = line("At 2915 Tidewatch Avenue, Annette's home");
    plan.services[0].location = line("the yellow house");
    plan.services[1].location = line("Marigold Library, upstairs");
    for contact in &mut record.contacts {
        contact.topic = line("A visit with Annette and Walter");
        contact.present = vec![line("Annette Price"), line("Walter Price")];
        contact.narrative = prose(told);
        contact.share_with = vec![Audience::Family, Audience::Team, Audience::Physician];
    }
    record.appointments.push(from(json!({
        "event_id": "0409-visit", "on": "2026-12-03", "what": "visit at Annette’s", "place": "Marigold Library, upstairs",
    })));
}

/// Every paper that can be made of this child for this recipient, as its template gets it.
fn papers(case: &Case) -> Vec<(DocumentKind, String)> {
    let plan = case.subject.clone();
    let contact = Subject::Contact { event_id: case.record.contacts.last().unwrap().event_id.clone() };
    let month = Subject::Month { month: "2026-12".into() };
    let meeting = Subject::Event { event_id: id("0409-visit") };
    let subjects = [plan, Subject::Child, contact, month, meeting];
    let mut made = Vec::new();
    for kind in DocumentKind::ALL {
        let asked = Case { papers: vec![*kind], by_hand: true, ..case.clone() };
        let views = subjects.iter().filter_map(|subject| {
            let asked = Case { subject: subject.clone(), ..asked.clone() };
            let Verdict::Authorized(authorization) = asked.decide(Point::BeforeHandover) else { return None };
            let sheet = Sheet {
                record: &asked.record,
                directory: &asked.directory,
                rules: Rulebook { program: &asked.program, profile: &samples().profile },
                day: asked.day,
                languages: asked.templates.languages(),
                said: language_for(asked.templates.languages(), *kind, &asked.record, &asked.recipient, &asked.program),
                mask: authorization.mask(),
                recipient: &asked.recipient,
                postal: None,
                release: None,
                enclosures: &[],
                filed: &[],
            };
            let assembled = assemble(*kind, subject, &sheet).ok()?;
            Some((*kind, String::from_utf8(assembled.view).unwrap()))
        });
        made.extend(views);
    }
    made
}

/// Which of the home's secrets stand in a text.
fn told(text: &str) -> Vec<&'static str> {
    SECRETS.into_iter().filter(|secret| text.contains(secret)).collect()
}

#[track_caller]
fn keeps_the_home(case: &Case, at_least: &[DocumentKind]) {
    let papers = papers(case);
    let made: BTreeSet<DocumentKind> = papers.iter().map(|(kind, _)| *kind).collect();
    for kind in at_least {
        assert!(made.contains(kind), "{kind} is not made: {made:?}");
    }
    for (kind, view) in papers {
        assert!(told(&view).is_empty(), "{kind} tells {:?}: {view}", told(&view));
    }
}

#[test]
fn no_document_that_goes_to_a_parent_tells_of_the_foster_home() {
    let case = in_care(FATHER, &[DocumentKind::Ifsp]);
    let at_least =
        [DocumentKind::Ifsp, DocumentKind::ContactSummary, DocumentKind::FamilyPacket, DocumentKind::MonthlyReminder];
    keeps_the_home(&case, &at_least);
}

#[test]
fn no_document_that_goes_to_a_physician_or_a_school_tells_of_the_foster_home() {
    let physician = in_care("office:ghent-pediatrics", &[DocumentKind::Ifsp]);
    keeps_the_home(&physician, &[DocumentKind::Ifsp, DocumentKind::PhysicianLetter, DocumentKind::ContactSummary]);
    let school = in_care("office:norfolk-schools", &[DocumentKind::Ifsp]);
    keeps_the_home(&school, &[DocumentKind::Ifsp]);
}

#[test]
fn the_team_the_caseworker_and_the_home_itself_have_all_of_it() {
    for recipient in ["office:bayside-therapy", "office:welfare/worker", FOSTER_MOTHER] {
        let case = in_care(recipient, &[DocumentKind::Ifsp]);
        assert!(case.authorized(Point::BeforeRender).mask().hides.is_empty(), "{recipient}");
        let plan = papers(&case).into_iter().find(|(kind, _)| *kind == DocumentKind::Ifsp).unwrap().1;
        assert!(plan.contains("the yellow house") && plan.contains("Annette Price"), "{recipient}: {plan}");
    }
}

#[test]
fn what_the_child_welfare_agency_says_counts_from_its_day_and_nobody_elses_word_does() {
    let mut case = in_care(FATHER, &[DocumentKind::Ifsp]);
    let hides = |case: &Case| !case.authorized(Point::BeforeRender).mask().hides.is_empty();
    assert!(hides(&case));
    let mut word = |by: &str, on: &str| {
        case.record.placements[0].may_be_known = Some(AgencyWord { said_by: id(by), on: on.parse().unwrap() });
        hides(&case)
    };
    assert!(!word("worker", "2026-11-20"));
    assert!(word("worker", "2026-11-21"), "not before it is said");
    assert!(word("jenni-alvarez", "2026-11-01"), "the program's own word");
    assert!(word("nobody", "2026-11-01"));
}

#[test]
fn a_kin_home_is_kept_as_a_foster_home_is_and_a_former_one_too() {
    let mut case = in_care(FATHER, &[DocumentKind::Ifsp]);
    case.record.family[0].parent_role = ParentRole::ActingAsParent;
    assert_eq!(case.authorized(Point::BeforeRender).mask().hides.len(), 2);
    case.record.placements[0].to = Some("2026-10-31".parse().unwrap());
    assert_eq!(case.authorized(Point::BeforeRender).mask().hides.len(), 2);
    // A parent with whom the child was placed again is a parent.
    case.record.placements[0].person_id = id("0409-biological-father");
    case.record.family[0].parent_role = ParentRole::None;
    case.record.family[0].household = None;
    case.record.family[2].household = None;
    assert!(case.authorized(Point::BeforeRender).mask().hides.is_empty());
}

#[test]
fn names_that_others_bear_are_looked_for_with_both_their_parts_only() {
    let mut case = in_care(FATHER, &[DocumentKind::Ifsp]);
    case.record.family[0].name.last = line("Monroe");
    case.record.family[2].name.last = line("Monroe");
    let hides = case.authorized(Point::BeforeRender).mask().hides.clone();
    let private = Private::of(&case.record, &case.program, &case.recipient, &hides);
    let mut text =
        "Gabriel Monroe and Derek Monroe met Annette Monroe, Annette B. Monroe, Monroe, Annette and Annette. Annette \
                    Alvarez wrote it in May, Walter says."
            .to_owned();
    private.take_out_of(&mut text);
    assert_eq!(
        text,
        "Gabriel Monroe and Derek Monroe met kept private, kept private, kept private and kept private. Annette Alvarez \
         wrote it in May, kept private says."
    );
}

#[test]
fn a_calendar_file_names_no_place_while_a_home_is_to_be_protected() {
    let mut case = in_care(FATHER, &[DocumentKind::Ifsp]);
    let safe = earlypost::case::Safe { private: true, ..Default::default() };
    assert!(!shows_places(&case.record, safe));
    case.record.placements[0].may_be_known =
        Some(AgencyWord { said_by: id("worker"), on: "2026-11-01".parse().unwrap() });
    assert!(shows_places(&case.record, safe));
}

#[test]
fn no_page_and_no_message_to_the_father_of_a_child_in_care_tells_of_the_home() {
    let world = World::with(&[CHILD]);
    world.edit(CHILD, |record| {
        place(record);
        record.caseworkers.clear();
        record.releases.clear();
        record.ifsps[0].version = 2;
    });
    let report = world.run();
    assert!(report.import.unwrap().refused.is_empty());
    let given = world.post.given_to(FATHER);
    assert!(!given.is_empty());
    for given in given {
        for pdf in &given.papers {
            let text = crate::papers::plain(&crate::papers::poppler::text(pdf));
            assert!(told(&text).is_empty(), "{:?}", told(&text));
        }
    }
}
