//! Records at the edge of what a file may hold: long names, forty services, none, text without spaces, one line and forty
//! pages.

use earlypost::{
    case::{CaseRecord, IfspKind, Prose},
    document::Rendered,
    due::DocumentKind as Kind,
};

use super::{
    Made, Paper,
    conformance::faults,
    papers_of,
    poppler::{self, WordBox},
    rendered,
};
use crate::due::samples::{id, line, newest, prose, samples};

/// A name of 120 characters, forty services, and 3,000 words without a space between them.
fn extreme() -> CaseRecord {
    let mut record = samples().record("c-0417");
    let name = &mut record.child.legal_name;
    name.first = line(&"Maximiliana".repeat(6)[..60]);
    name.middle = None;
    name.last = line(&format!("{}-{}", "Featherstone".repeat(3), "Cholmondeley".repeat(2))[..59]);
    assert_eq!(name.full().chars().count(), 120);
    record.child.preferred_name = None;
    record.family[0].name.last = record.child.legal_name.last.clone();
    let words = "unbrokenwords".repeat(3_000);
    let words = |most: usize| prose(&words[..most.min(Prose::LIMIT)]);
    let plan = newest(&mut record);
    let first = plan.services[0].clone();
    let forty = (0..40).map(|n| {
        let mut service = first.clone();
        service.service_line_id = id(&format!("0417-line-{n}"));
        service
    });
    plan.services = forty.collect();
    plan.outcomes[0].procedures = words(39_000);
    for contact in &mut record.contacts {
        contact.narrative = words(39_000);
    }
    record
}

/// Words that run into the margins, as poppler measures them: a letter is 612 by 792 points, and no paper of ours sets
/// words nearer to the left and right edge than three quarters of an inch. Above and below a printer needs a quarter.
fn beyond(made: &Made) -> Vec<String> {
    let last = u32::try_from(made.rendered.pages.len()).unwrap();
    let words = poppler::boxes(&made.rendered.pdf, 1..=last);
    assert!(words.len() > 40, "poppler measured {} words on {}", words.len(), made.name());
    let out = |w: &&WordBox| w.left < 53.0 || w.right > 559.0 || w.top < 18.0 || w.bottom > 774.0;
    words.iter().filter(out).map(|w| format!("{w:?}")).take(5).collect()
}

#[test]
fn nothing_runs_off_the_page_whatever_a_record_holds_and_it_stays_sound() {
    let papers = papers_of(&extreme());
    assert!(papers.len() > 30, "{}", papers.len());
    let mut wrong = Vec::new();
    for paper in papers {
        let made = rendered(paper);
        let found: Vec<String> = beyond(&made).into_iter().chain(faults(&made.rendered.pdf)).collect();
        if !found.is_empty() {
            wrong.push(format!("{}: {found:#?}", made.name()));
        }
        let blank = made.rendered.pages.iter().filter(|page| page.trim().is_empty()).count();
        assert_eq!(blank, 0, "{} has an empty page", made.name());
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn plan_of(record: &CaseRecord) -> Rendered {
    let mother = |p: &Paper| p.kind == Kind::Ifsp && p.recipient.to_string() == "family:0417-mother";
    let paper = papers_of(record).into_iter().find(mother).expect("the mother has a copy");
    rendered(paper).rendered
}

#[test]
fn a_plan_grows_from_a_line_to_forty_pages_and_every_page_says_which_it_is() {
    let mut long = samples().record("c-0417");
    let paragraph = "She walks along the sofa, reaches for the ball and waits for her turn. ".repeat(60);
    let plan = newest(&mut long);
    let model = plan.outcomes[0].clone();
    plan.outcomes = (1..=24)
        .map(|number| {
            let mut outcome = model.clone();
            outcome.number = number;
            outcome.procedures = prose(paragraph.trim());
            outcome
        })
        .collect();
    for service in &mut plan.services {
        service.outcomes = (1..=24).collect();
    }
    let long = plan_of(&long);
    assert!((30..=60).contains(&long.pages.len()), "{} pages", long.pages.len());
    let count = long.pages.len();
    for (i, page) in long.pages.iter().enumerate() {
        assert!(page.contains(&format!("Page {} of {count}", i + 1)), "{page}");
    }
    assert!(faults(&long.pdf).is_empty());

    let mut short = samples().record("c-0417");
    let plan = newest(&mut short);
    plan.kind = IfspKind::Interim;
    plan.outcomes.truncate(1);
    plan.services.truncate(1);
    plan.services[0].outcomes = vec![1];
    plan.outcomes[0].procedures = prose("We play.");
    plan.present_levels = None;
    plan.family = None;
    plan.other_services.clear();
    plan.transition_steps.clear();
    let short = plan_of(&short);
    assert!(short.pages.len() < 8, "{} pages", short.pages.len());
    assert!(faults(&short.pdf).is_empty());
}

#[test]
fn an_interim_plan_without_any_service_says_so_and_leaves_no_empty_table() {
    let mut record = samples().record("c-0430");
    let plan = newest(&mut record);
    plan.services.clear();
    for paper in papers_of(&record) {
        let made = rendered(paper);
        assert!(made.rendered.pages.iter().all(|page| !page.trim().is_empty()), "{}", made.name());
        if made.kind == Kind::Ifsp {
            assert!(faults(&made.rendered.pdf).is_empty(), "{}", made.name());
        }
    }
}

#[test]
fn a_child_without_a_plan_has_every_paper_that_needs_none() {
    let mut record = samples().record("c-0433");
    record.contacts.clear();
    record.appointments.clear();
    record.physicians.clear();
    let kinds: Vec<Kind> = papers_of(&record).into_iter().map(|paper| rendered(paper).kind).collect();
    for kind in [
        Kind::IntakeLetter,
        Kind::ConsentToRelease,
        Kind::EvaluationConsent,
        Kind::VisitPacket,
        Kind::FamilyPacket,
        Kind::ProceduralSafeguards,
    ] {
        assert!(kinds.contains(&kind), "{kind}");
    }
    assert!(!kinds.contains(&Kind::MeetingNotice), "there is no meeting");
}

#[test]
fn a_name_with_a_combining_accent_or_in_two_directions_is_printed_whole_and_sound() {
    for (first, last) in [("Jose\u{301}", "Nu\u{303}n\u{303}ez"), ("Maya \u{646}\u{648}\u{631}", "Rivera")] {
        let mut record = samples().record("c-0417");
        for member in &mut record.family {
            member.name.first = line(first);
            member.name.last = line(last);
        }
        let letters: Vec<char> = format!("{first}{last}").chars().filter(|c| !c.is_whitespace()).collect();
        assert!(letters.iter().all(|c| earlypost::document::can_print(*c)), "every sign of {first} {last} has a glyph");
        for paper in papers_of(&record).into_iter().filter(|p| p.kind == Kind::MonthlyReminder || p.kind == Kind::Ifsp)
        {
            let made = rendered(paper);
            assert_eq!(faults(&made.rendered.pdf), Vec::<String>::new(), "{}", made.name());
            if made.recipient.organisation_id().is_none() && made.kind == Kind::Ifsp {
                let text: String = made.rendered.pages.concat();
                let seen = letters.iter().filter(|c| !c.is_ascii()).all(|c| text.contains(*c));
                assert!(seen, "{} lacks a sign of {first} {last}", made.name());
            }
        }
    }
}
