//! The contact summary in its three variants: the family's in plain words, the team's by outcome, the physician's half
//! page; what each holds is data.

use earlypost::{
    case::{OutsidePart, SummaryPart, SummaryParts, import::read_toml},
    due::DocumentKind as Kind,
};

use super::{assert_hides, assert_shows, paper};
use crate::due::samples::samples;

const CHILD: &str = "c-0388";
const MOTHER: &str = "family:0388-mother";

fn recipient(child: &str, office: bool, person: bool) -> String {
    let of = |p: &&super::Made| {
        let to = p.recipient.to_string();
        p.kind == Kind::ContactSummary && to.starts_with("office:") == office && to.contains('/') == person
    };
    let found = super::made(child).iter().find(of);
    found.unwrap_or_else(|| panic!("{child} has no such summary")).recipient.to_string()
}

#[test]
fn the_familys_summary_holds_the_notes_in_full() {
    let record = samples().record(CHILD);
    let summary = paper(CHILD, Kind::ContactSummary, MOTHER);
    let newest = record.contacts.iter().max_by_key(|c| c.on).unwrap();
    assert_shows(summary, [newest.narrative.split_inclusive(". ").next().unwrap().trim()]);
    assert_shows(summary, ["What is still to do", "Our calls and visits"]);
}

#[test]
fn the_teams_summary_puts_each_contact_under_its_outcome_and_names_no_outcome_of_the_family() {
    let record = samples().record(CHILD);
    let summary = paper(CHILD, Kind::ContactSummary, &recipient(CHILD, true, false));
    let plan = record.in_effect().unwrap();
    let text = summary.text();
    let place = |words: &str| text.find(&super::plain(words)).unwrap_or_else(|| panic!("{words} is missing in {text}"));
    let first = plan.outcomes.iter().find(|o| o.number == 1).unwrap();
    let others = place("Not about one outcome");
    assert!(place("By outcome of the plan") < place(&first.statement));
    let wishes = place("Joel’s wishes for the meeting on November 13");
    assert!(place(&first.statement) < place("The first weekly visit, and getting ready for the neurologist"));
    assert!(place("The first weekly visit, and getting ready for the neurologist") < others && others < wishes);
    let familys = plan.outcomes.iter().find(|o| o.number == 2).unwrap();
    assert_hides(summary, [familys.statement.as_str()]);
}

#[test]
fn the_physicians_summary_is_half_a_page_that_begins_with_what_is_asked() {
    let summary = paper(CHILD, Kind::ContactSummary, &recipient(CHILD, true, true));
    assert_eq!(summary.rendered.pages.len(), 1);
    let text = summary.text();
    let asked = text.find("What we ask of you").or_else(|| text.find("Nothing is asked")).unwrap_or(usize::MAX);
    let services = text.find("Services with the parent's consent").unwrap();
    assert!(asked < services, "{text}");
    assert_shows(summary, ["Outcomes for the child", "Open follow-ups"]);
    assert_hides(summary, ["Decisions", "Not about one outcome"]);
}

#[test]
fn which_parts_a_variant_has_is_data_and_what_is_the_familys_alone_cannot_be_given_outside() {
    let parts: SummaryParts = read_toml("program.toml", "team = [\"contacts\", \"services\"]\n").unwrap();
    assert_eq!(parts.team, [OutsidePart::Contacts, OutsidePart::Services]);
    assert!(parts.family.contains(&SummaryPart::Notes), "what is not named stays as it was");
    for part in ["notes", "resources", "dates"] {
        let problems = read_toml::<SummaryParts>("program.toml", &format!("physician = [\"{part}\"]\n")).unwrap_err();
        assert!(problems.to_string().contains("physician"), "{problems}");
    }
}

#[test]
fn a_part_that_the_program_takes_out_is_in_no_copy() {
    let mut program = samples().program.clone();
    program.policy.contact_summary.family.retain(|part| *part != SummaryPart::Notes);
    let record = samples().record(CHILD);
    let contact = record.contacts.iter().max_by_key(|c| c.on).unwrap();
    let recipient = MOTHER.parse().unwrap();
    let sheet = earlypost::document::assemble::Sheet {
        record: &record,
        directory: &samples().directory,
        rules: earlypost::due::Rulebook { program: &program, profile: &samples().profile },
        day: crate::due::samples::day(crate::due::samples::TODAY),
        languages: samples().languages(),
        said: samples().languages().english(),
        mask: &earlypost::document::Mask::parent(),
        recipient: &recipient,
        postal: None,
        release: None,
        enclosures: &[],
        filed: &[],
    };
    let subject = earlypost::due::Subject::Contact { event_id: contact.event_id.clone() };
    let view = earlypost::document::assemble::assemble(Kind::ContactSummary, &subject, &sheet).unwrap().view;
    let view = String::from_utf8(view).unwrap();
    assert!(view.contains(contact.topic.as_str()) && !view.contains(&contact.narrative.as_str()[..40]), "{view}");
}
