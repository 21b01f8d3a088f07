//! The record in words: for a parent, a monitor, a spreadsheet, a court.

use std::sync::Arc;

use earlypost::{
    case::{EndpointKind, Fact, PersonId},
    dispatch::StateName,
    document::Rendered,
    ledger::{Event, report::Report},
    pipeline::Wanted,
};
use page_validation::{ValidationOptions, ValidationProfile, validate_pdf_bytes};

use crate::{
    commands::place::{Place, account_as_recorded},
    harness::{Does, MAYA, World, by, child},
    papers::{conformance::false_alarm, plain},
};

fn report(world: &World, reader: Option<&str>, accounting: bool) -> anyhow::Result<(Report, Rendered)> {
    let wanted = Wanted {
        child: Some(child(MAYA)),
        reader: reader.map(|id| PersonId::parse(id).unwrap()),
        accounting,
        ..Wanted::default()
    };
    world.runtime.block_on(async {
        let report = world.pipeline.access_record().report(&wanted, by("the tester")).await?;
        let pdf = world.pipeline.access_record().report_pdf(&child(MAYA), &wanted, &report, by("the tester")).await?;
        Ok((report, pdf))
    })
}

fn text(rendered: &Rendered) -> String {
    plain(&rendered.pages.join(" "))
}

#[track_caller]
fn conforms(rendered: &Rendered) {
    for profile in [ValidationProfile::PdfUa1, ValidationProfile::PdfA2a] {
        let found = validate_pdf_bytes(&rendered.pdf, &ValidationOptions::default().profile(profile)).unwrap();
        let faults: Vec<_> = found.failures.iter().filter(|f| !false_alarm(f, &rendered.pdf)).collect();
        assert!(faults.is_empty(), "{profile:?}: {faults:#?}");
    }
}

#[test]
fn a_parent_reads_who_has_the_plan_and_of_the_other_parent_only_day_and_paper() {
    let world = World::with(&[MAYA]);
    world.run();
    let letter = world.row(MAYA, "family:0417-father");
    world.marks_mailed(&letter.dispatch_id).unwrap();
    let (report, pdf) = report(&world, Some("0417-mother"), false).unwrap();
    let text = text(&pdf);
    for said in [
        "Copy for Elena Rivera",
        "Abena Osei, Ghent Pediatrics",
        "Parent's signed release",
        "Our mail server accepted it for delivery.",
        "Another parent",
        "This copy shows the date and the paper only.",
    ] {
        assert!(text.contains(said), "{said} is not in {text}");
    }
    assert!(!text.contains("Luis"), "{text}");
    assert!(report.disclosures.iter().all(|line| line.address.as_deref() != Some("Luis Rivera")));
    conforms(&pdf);
}

#[test]
fn bytes_that_left_count_whatever_became_of_them() {
    let mut world = World::with(&[MAYA]);
    world.mail.next(Does::TakesItWithoutAnswer);
    world.run();
    world.leaves_open(StateName::Unknown);
    let (report, pdf) = report(&world, None, false).unwrap();
    let uncertain: Vec<_> = report.disclosures.iter().filter(|line| line.may_have_been_received).collect();
    assert_eq!(uncertain.len(), 1);
    assert!(uncertain[0].items.iter().all(|item| item.pages > 0));
    assert!(text(&pdf).contains("It may have been received: it left, and no answer came."));
    assert!(report.csv().lines().any(|line| line.contains("may have been received") && line.contains(",yes,")));
}

#[test]
fn a_person_who_may_not_inspect_the_record_gets_none() {
    let world = World::with(&[MAYA]);
    world.run();
    world.record(MAYA, &Fact::PersonBarred { person_id: PersonId::parse("0417-father").unwrap() });
    let refused = report(&world, Some("0417-father"), false).unwrap_err();
    assert!(refused.to_string().contains("0417-father may not have the record of child c-0417"), "{refused}");
    assert!(report(&world, Some("nobody"), false).is_err());
    report(&world, Some("0417-mother"), false).unwrap();
}

#[test]
fn an_accounting_leaves_parents_out_and_bears_hipaas_name_only_for_a_covered_program() {
    let mut world = World::with(&[MAYA]);
    world.run();
    let (lines, pdf) = report(&world, None, true).unwrap();
    // Two workers deliver side by side: which of the two comes first is no matter.
    let mut to: Vec<&str> = lines.disclosures.iter().map(|line| line.recipient.as_str()).collect();
    to.sort_unstable();
    assert_eq!(to, ["office:bayside-therapy", "office:ghent-pediatrics/dr-osei"]);
    assert!(text(&pdf).contains("Disclosures of the last six years") && !text(&pdf).contains("164.528"));
    conforms(&pdf);

    Arc::get_mut(&mut world.pipeline).unwrap().program.policy.under_hipaa = true;
    let (lines, pdf) = report(&world, None, true).unwrap();
    let to: Vec<&str> = lines.disclosures.iter().map(|line| line.recipient.as_str()).collect();
    assert_eq!(to, ["office:bayside-therapy"], "a copy on a release is exempt from 164.528");
    assert!(text(&pdf).contains("45 CFR 164.528"));
}

#[test]
fn an_evidence_sheet_tells_one_sending_from_queue_to_answer() {
    let world = World::with(&[MAYA]);
    world.run();
    let row = world.row(MAYA, "office:ghent-pediatrics/dr-osei");
    let (view, pdf) = world
        .runtime
        .block_on(world.pipeline.access_record().evidence_sheet(&row.dispatch_id, None, by("the tester")))
        .unwrap();
    assert_eq!(view.attempts[0].reply.as_deref(), Some("250 2.0.0 ok"));
    assert!(view.papers.iter().all(|paper| paper.stands) && view.papers.len() == 2, "{:?}", view.papers);
    assert_eq!(view.entries.len(), 1);
    let text = text(&pdf);
    for said in ["Abena Osei", "250 2.0.0 ok", "Being sent (attempt 1)", "none was changed, removed or put in"] {
        assert!(text.contains(said), "{said} is not in {text}");
    }
    let hash = &view.papers[0].sha256;
    assert!(text.contains(&hash[..8]) && text.contains(&hash[56..]), "{text}");
    conforms(&pdf);
    let printed = world.row(MAYA, "family:0417-father");
    let (view, _) = world
        .runtime
        .block_on(world.pipeline.access_record().evidence_sheet(&printed.dispatch_id, None, by("the tester")))
        .unwrap();
    assert_eq!(view.stands, "It is printed and not yet mailed: nothing has left.");
    assert!(world.pipeline.channels.contains_key(&EndpointKind::Email));
}

#[test]
fn the_record_is_asked_by_recipient_period_version_and_coordinator() {
    let place = Place::with(&["c-0415", "c-0417"]);
    place.done(&["run"]);
    let lines = |more: &[&str]| {
        let value = place.json(&[&["ledger", "report"], more].concat());
        value["report"]["disclosures"].as_array().unwrap().clone()
    };
    let all = lines(&[]).len();
    assert!(all >= 5, "{all}");
    let to = lines(&["--recipient", "office:ghent-pediatrics"]);
    assert!(!to.is_empty() && to.iter().all(|line| line["recipient"] == "office:ghent-pediatrics/dr-osei"));
    let plans = lines(&["--document", "ifsp", "--version", "1", "--child", "c-0417"]);
    assert!(!plans.is_empty() && plans.iter().all(|line| line["plan_version"] == 1));
    assert!(lines(&["--document", "ifsp", "--version", "9"]).is_empty());
    assert!(lines(&["--to", "2020-01-01"]).is_empty());
    assert_eq!(lines(&["--from", "2020-01-01"]).len(), all);
    let hers = lines(&["--coordinator", "jenni-alvarez"]);
    assert!(!hers.is_empty() && hers.len() <= all);
    assert!(lines(&["--coordinator", "nobody"]).is_empty());
    let csv = place.done(&["ledger", "report", "--csv"]).out;
    assert_eq!(csv.lines().count(), all + 1);
    place.earlypost(&["ledger", "report", "--child", "c-9999"]).fails(1, "there is no child c-9999");
}

#[test]
fn whoever_reads_the_record_stands_in_it() {
    let place = Place::with(&["c-0417"]);
    place.done(&["run"]);
    let out = place.path("record.pdf");
    place.done(&["ledger", "report", "--child", "c-0417", "--for", "0417-mother", "--out", out.to_str().unwrap()]);
    place.done(&["ledger", "report", "--csv"]);
    let entries = place.json(&["ledger", "list", "--child", "c-0417"])["entries"].as_array().unwrap().clone();
    let views: Vec<_> = entries.iter().filter(|e| e["entry"]["event"] == Event::AccessView.as_str()).collect();
    assert_eq!(views.len(), 2);
    assert!(views.iter().all(|view| view["entry"]["released_by"] == account_as_recorded()));
    assert!(views[0]["detail"]["purpose"].as_str().unwrap().contains("for family:0417-mother"), "{}", views[0]);
    place.done(&["ledger", "verify", "--documents"]);
}
