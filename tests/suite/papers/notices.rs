//! Notices that a rule asks for: what stands on them, what must not, and who may have them.

use earlypost::{
    case::{ProposedAction, Recipient},
    document::{WrittenFor, written_for},
    due::{DocumentKind as Kind, Subject},
};

use super::{Made, Paper, assembled, assert_hides, assert_shows, paper, rendered};
use crate::{
    due::samples::{newest, samples},
    gate::Case,
};

fn notice_of(child: &str, kind: Kind, recipient: &str) -> &'static Made {
    paper(child, kind, recipient)
}

#[test]
fn a_paper_for_parents_is_refused_to_every_office_and_a_letter_to_an_office_to_every_parent() {
    for kind in Kind::ALL {
        let parent = Case::new("c-0417", "family:0417-mother", &[*kind]).answer();
        let office = Case::new("c-0417", "office:bayside-therapy", &[*kind]).answer();
        match written_for(*kind) {
            WrittenFor::Parents => {
                assert_eq!(parent, "parent's own copy", "{kind}");
                assert_ne!(office, "participating agency", "{kind}");
            }
            WrittenFor::Offices => assert_eq!(parent, "not-for-recipient", "{kind}"),
            WrittenFor::Both => {}
        }
    }
}

#[test]
fn the_limited_notice_holds_what_the_rule_allows_and_has_no_field_for_more() {
    const FIELDS: [&str; 9] = [
        "birth_date",
        "child_name",
        "language",
        "parents",
        "printed_on",
        "printed_on_iso",
        "sender",
        "sender_telephone",
        "to",
    ];
    for (kind, office) in [(Kind::LeaNotice, "office:norfolk-schools"), (Kind::SeaNotice, "office:state-education")] {
        let notice = notice_of("c-0352", kind, office);
        let view: serde_json::Value = serde_json::from_slice(&notice.view).unwrap();
        let fields: Vec<&String> = view.as_object().unwrap().keys().collect();
        assert_eq!(fields, FIELDS, "{kind}");
        for parent in view["parents"].as_array().unwrap() {
            let fields: Vec<&String> = parent.as_object().unwrap().keys().collect();
            assert_eq!(fields, ["address", "name", "telephone"], "{kind}");
        }
        assert_shows(notice, ["Noah Castellano", "April 2, 2024", "Marisol Castellano", "Peter Castellano"]);
        assert_shows(notice, ["1426 Westover Avenue, Apt. 2", "(757) 555-0174", "Tidewater Early Steps"]);
        let record = samples().record("c-0352");
        assert_hides(notice, [record.program_number.as_str(), "Marcus Bell", "200 Granby Street", "Page 1", "delay"]);
        assert_eq!(notice.rendered.pages.len(), 1, "{kind}");
    }
}

#[test]
fn the_limited_notice_is_made_for_the_district_of_residence_only() {
    let record = samples().record("c-0352");
    for (kind, office) in [(Kind::LeaNotice, "office:vabeach-schools"), (Kind::SeaNotice, "office:norfolk-schools")] {
        let recipient: Recipient = office.parse().unwrap();
        assert!(assembled(&record, &recipient, kind, &Subject::Child).is_none(), "{kind} to {office}");
    }
}

#[test]
fn the_notice_of_a_meeting_says_what_a_family_needs_to_come() {
    let notice = notice_of("c-0375", Kind::MeetingNotice, "family:0375-mother");

    assert_shows(
        notice,
        [
            "Tuesday, December 15, 2026",
            "4:00 p.m., 60 minutes",
            "the family’s home",
            "Ana Duarte",
            "early interventionist, Harbor Kids",
            "The list from the heart clinic",
            "family, a friend, or an advocate",
            "The day, the time, and the place must work for you.",
            "An interpreter costs you nothing.",
            "I need an interpreter, or other help to take part.",
            "(757) 555-0142",
        ],
    );
}

#[test]
fn an_interpreter_who_is_booked_is_named_with_the_language() {
    let notice = notice_of("c-0402", Kind::MeetingNotice, "family:0402-mother");

    assert_shows(notice, ["Habrá un intérprete de español."]);
}

#[test]
fn an_office_is_invited_without_a_word_about_the_family() {
    let notice = notice_of("c-0375", Kind::MeetingNotice, "office:harbor-kids");

    assert_shows(notice, ["Tuesday, December 15, 2026, 4:00 p.m.", "34 CFR 303.342(b)"]);
    assert_hides(notice, ["heart clinic", "high chair", "Brandt, Sofia", "Sofia"]);
}

#[test]
fn the_notice_before_a_change_says_what_why_from_when_and_what_the_parents_can_do() {
    let notice = notice_of("c-0405", Kind::PriorWrittenNotice, "family:0405-mother");
    let record = samples().record("c-0405");
    let proposal = &record.proposals[0];

    assert_shows(notice, [proposal.what.as_str(), "December 17, 2026", "November 18, 2026"]);
    assert_shows(notice, proposal.reasons.split("\n\n"));
    assert_shows(notice, ["mediation", "complaint to the state", "Ask for a hearing", "In your language"]);
    assert_shows(notice, samples().program.help.iter().map(|help| help.telephone.as_str()));
}

#[test]
fn a_refusal_has_its_own_words_and_no_day_on_which_it_starts() {
    for action in [ProposedAction::RefuseToBegin, ProposedAction::RefuseToChange, ProposedAction::End] {
        let mut record = samples().record("c-0405");
        let proposal = &mut record.proposals[0];
        proposal.action = action;
        proposal.effective_on = None;
        let subject = Subject::Event { event_id: proposal.event_id.clone() };
        let recipient: Recipient = "family:0405-mother".parse().unwrap();
        let kind = Kind::PriorWrittenNotice;
        let view = assembled(&record, &recipient, kind, &subject).unwrap().view;
        let notice = rendered(Paper { recipient, kind, view });

        assert_eq!(notice.shows("You asked us to"), action.refuses(), "{action:?}");
        assert_eq!(notice.shows("What we will not do"), action.refuses(), "{action:?}");
    }
}

#[test]
fn the_form_has_a_line_for_each_office_and_a_slip_to_take_it_back() {
    let form = notice_of("c-0352", Kind::ConsentToRelease, "family:0352-mother");

    assert_shows(form, ["Abena Osei, MD, Ghent Pediatrics", "Bayside Therapy", "Harbor Kids Developmental Services"]);
    assert_shows(form, ["Norfolk Public Schools, Early Childhood Special Education", "Your initials"]);
    assert_shows(form, ["I may take it back at any time, in writing.", "To take your permission back"]);
    assert_shows(form, earlypost::case::RecordClass::ALL.map(earlypost::case::RecordClass::words));
}

#[test]
fn the_letter_about_the_districts_notice_shows_the_notice_itself_and_how_to_object() {
    let letter = notice_of("c-0352", Kind::OptOutInformation, "family:0352-mother");

    assert_shows(letter, ["Norfolk Public Schools, Early Childhood Special Education", "Noah Castellano"]);
    assert_shows(letter, ["1426 Westover Avenue, Apt. 2", "January 2, 2027", "I say no to the notice"]);
}

#[test]
fn a_review_is_summed_up_for_the_family_in_full_and_for_an_agency_by_its_own_lines() {
    let mut record = samples().record("c-0388");
    let plan = newest(&mut record).clone();
    let notes: Vec<String> = plan
        .outcomes
        .iter()
        .flat_map(|o| &o.reviews)
        .filter_map(|r| r.note.as_ref())
        .map(ToString::to_string)
        .collect();
    assert!(!notes.is_empty());
    let family = notice_of("c-0388", Kind::IfspReviewSummary, "family:0388-mother");
    let agency = notice_of("c-0388", Kind::IfspReviewSummary, "office:bayside-therapy");

    assert_shows(family, ["2 times a month, 45 minutes, one to one", "1 time a week, 45 minutes, one to one"]);
    assert!(notes.iter().any(|note| family.shows(note)));
    assert_shows(agency, ["2 times a month, 45 minutes, one to one", "Physical therapy"]);
    assert_hides(agency, notes.iter().map(String::as_str));
    assert_hides(agency, ["Service coordination"]);
}

#[test]
fn the_physician_signs_one_page_that_says_where_it_goes() {
    let page = notice_of("c-0417", Kind::PhysicianCertification, "office:ghent-pediatrics/dr-osei");

    assert_eq!(page.rendered.pages.len(), 1);
    assert_shows(page, ["Please sign and send back this page by December 11, 2026", "by fax to (757) 555-0141"]);
    assert_shows(page, ["200 Granby Street, Norfolk, VA 23510", "Speech-language therapy", "November 19, 2027"]);
}
