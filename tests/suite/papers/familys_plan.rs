//! The family's copy of the plan: every field of 34 CFR 303.344 stands on it.

use earlypost::{
    case::{FamilyInformation, IfspVersion, Line, PresentLevels},
    due::DocumentKind,
};

use super::{Made, assert_hides, assert_shows, paper};
use crate::due::samples::{newest, samples};

fn plan() -> (&'static Made, IfspVersion) {
    (paper("c-0417", DocumentKind::Ifsp, "family:0417-mother"), newest(&mut samples().record("c-0417")).clone())
}

/// The paragraphs of a text; a list's dashes are set as points.
fn paragraphs(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(|line| line.trim_start_matches(['-', '*', '•', ' '])).filter(|line| !line.is_empty())
}

pub fn levels(levels: &PresentLevels) -> [&earlypost::case::Level; 8] {
    let PresentLevels { physical, vision, hearing, health, cognitive, communication, social_emotional, adaptive } =
        levels;
    [physical, vision, hearing, health, cognitive, communication, social_emotional, adaptive]
}

#[test]
fn a_present_levels_of_development() {
    let (paper, plan) = plan();
    for level in levels(plan.present_levels.as_ref().unwrap()) {
        assert_shows(paper, paragraphs(&level.narrative));
        assert_shows(paper, [&level.source, &level.result].into_iter().flatten().map(Line::as_str));
    }
}

#[test]
fn b_resources_priorities_and_concerns_of_the_family_with_its_day() {
    let (paper, plan) = plan();
    let Some(FamilyInformation::Agreed { resources, priorities, concerns }) = &plan.family else {
        panic!("the sample's family agreed")
    };
    for text in [resources, priorities, concerns, plan.daily_routines.as_ref().unwrap()] {
        assert_shows(paper, paragraphs(text));
    }
}

#[test]
fn c_outcomes_with_criteria_procedures_and_timelines() {
    let (paper, plan) = plan();
    assert!(plan.outcomes.len() >= 2);
    for outcome in &plan.outcomes {
        for text in [&outcome.statement, &outcome.criteria, &outcome.procedures, &outcome.timeline] {
            assert_shows(paper, paragraphs(text));
        }
        assert_shows(paper, outcome.routine.iter().flat_map(|text| paragraphs(text)));
    }
}

#[test]
fn d_and_f_services_with_frequency_length_intensity_method_setting_place_payment_and_days() {
    let (paper, plan) = plan();
    for line in &plan.services {
        let minutes = format!("{} minutes", line.session_minutes);
        let days = [*line.projected_start, *line.duration_end].map(|day| day.format("%b %-d, %Y").to_string());
        assert_shows(paper, [line.service.words(), &line.method, line.setting.words(), &line.location, &minutes]);
        assert_shows(paper, [line.intensity.words(), line.per.words()]);
        assert_shows(paper, days.iter().map(String::as_str));
        assert_shows(paper, line.payment.iter().map(|payer| payer.words()));
    }
    assert_shows(paper, ["1 time a week", "Priya Nair", "Bayside Therapy", "You agreed, Nov 20, 2026"]);
}

#[test]
fn d_a_service_outside_the_natural_environment_has_its_justification() {
    let plan = newest(&mut samples().record("c-0427")).clone();
    let justification = plan.services.iter().find_map(|line| line.justification.as_ref()).unwrap();

    assert_shows(paper("c-0427", DocumentKind::Ifsp, "family:0427-mother"), paragraphs(justification));
}

#[test]
fn e_other_services_with_who_gives_and_pays_them_and_the_steps() {
    let (paper, plan) = plan();
    assert!(!plan.other_services.is_empty());
    for service in &plan.other_services {
        assert_shows(paper, [service.name.as_str()]);
        assert_shows(paper, [&service.provider, &service.funding].into_iter().flatten().map(Line::as_str));
        assert_shows(paper, service.steps.iter().flat_map(|text| paragraphs(text)));
    }
}

#[test]
fn g_the_service_coordinator_with_profession_and_telephone() {
    let (paper, plan) = plan();
    let coordinator = samples().directory.professional(&plan.service_coordinator).unwrap();

    assert_shows(paper, [coordinator.name.full().as_str(), coordinator.telephone.as_ref().unwrap()]);
    assert_shows(paper, plan.coordinator_profession.iter().map(Line::as_str));
}

#[test]
fn h_steps_of_transition_with_who_takes_them() {
    let noah = newest(&mut samples().record("c-0352")).clone();
    let paper = paper("c-0352", DocumentKind::Ifsp, "family:0352-mother");
    assert!(!noah.transition_steps.is_empty());
    for step in &noah.transition_steps {
        assert_shows(paper, paragraphs(&step.text));
        assert_shows(paper, [step.responsible.as_str()]);
    }
}

#[test]
fn the_child_the_meeting_and_the_signature() {
    let (paper, plan) = plan();

    assert_shows(paper, ["Maya Rivera", "26-0417", "March 4, 2025", "20 months", "November 20, 2026"]);
    assert_shows(paper, ["Elena Rivera (mother)", "Luis Rivera (father)"]);
    assert_shows(paper, plan.participants.iter().flat_map(|p| [p.name.as_str(), p.role.as_str()]));
    assert_shows(paper, ["Signed by Elena Rivera on November 20, 2026"]);
}

#[test]
fn the_family_reads_who_else_has_a_copy() {
    let (paper, _) = plan();

    assert_shows(paper, ["Bayside Therapy: the agency that gives a service on this plan, without your family pages"]);
    assert_shows(paper, ["Ghent Pediatrics: you signed a release on November 20, 2026"]);
}

#[test]
fn an_unsigned_plan_says_so_on_every_page_and_a_signed_one_nowhere() {
    const BAND: &str = "Not yet signed: this plan is not in effect.";
    let unsigned = paper("c-0415", DocumentKind::Ifsp, "family:0415-father");
    for (i, page) in unsigned.rendered.pages.iter().enumerate() {
        assert!(super::plain(page).contains(BAND), "page {}", i + 1);
    }
    assert_hides(plan().0, [BAND]);
}

#[test]
fn every_page_carries_name_number_day_version_and_its_place() {
    for (child, recipient) in [("c-0417", "family:0417-mother"), ("c-0405", "family:0405-mother")] {
        let record = samples().record(child);
        let plan = newest(&mut record.clone()).clone();
        let pages = &paper(child, DocumentKind::Ifsp, recipient).rendered.pages;
        for (i, page) in pages.iter().enumerate() {
            let page = super::plain(page);
            let place = format!("Page {} of {}", i + 1, pages.len());
            let day = plan.meeting_on.format("%B %-d, %Y").to_string();
            let mut marks = vec![record.child.legal_name.first.to_string(), day, place];
            if i > 0 {
                marks.push(record.child.legal_name.full());
                marks.push(format!("No. {}", record.program_number));
                marks.push(format!("Version {}", plan.version));
            }
            for mark in marks {
                assert!(page.contains(&mark), "{child}: page {} lacks {mark}: {page}", i + 1);
            }
        }
    }
}
