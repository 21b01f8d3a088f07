//! Who reads a report: a parent in that parent's own language, and never what another parent keeps private.

use std::sync::Arc;

use earlypost::{
    case::{CaseRecord, Exception, ExceptionGround, Fact, PersonId, Protected, RecordClass},
    document::{Rendered, TemplateSet},
    due::DocumentKind,
    ledger::report::Report,
    pipeline::{IncidentKind, NewIncident, Stop, Wanted},
};

use crate::{
    due::samples::{date, id, line},
    harness::{MAYA, World, by, child},
    papers::plain,
};

const MOTHER: &str = "0417-mother";

fn text(rendered: &Rendered) -> String {
    plain(&rendered.pages.join(" "))
}

fn report(world: &World, reader: &str) -> (Report, String) {
    let reader = Some(PersonId::parse(reader).unwrap());
    let wanted = Wanted { child: Some(child(MAYA)), reader, in_own_language: true, ..Wanted::default() };
    world.runtime.block_on(async {
        let report = world.pipeline.access_record().report(&wanted, by("the tester")).await.unwrap();
        let pdf =
            world.pipeline.access_record().report_pdf(&child(MAYA), &wanted, &report, by("the tester")).await.unwrap();
        (report, text(&pdf))
    })
}

/// The mother reads this language.
fn reads(tag: &str) -> impl FnOnce(&mut CaseRecord) {
    let tag = tag.to_owned();
    move |record| record.family[0].preferred_language = serde_json::from_value(tag.into()).unwrap()
}

#[test]
fn a_parent_has_the_reports_in_spanish_or_haitian_creole_with_the_mark_of_a_machine() {
    for (tag, of_record, of_sheet, of_letter) in [
        (
            "es",
            ["Quién ha recibido este expediente", "Nuestro servidor de correo lo aceptó"],
            "Qué pasó con un envío",
            "Hubo un error",
        ),
        (
            "ht",
            ["Kiyès ki te resevwa dosye sa a", "Sèvè imel nou an te aksepte l"],
            "Sa ki te rive ak yon voye",
            "Yon erè te fèt",
        ),
    ] {
        let world = World::with(&[MAYA]);
        world.edit(MAYA, reads(tag));
        world.run();
        let (_, record) = report(&world, MOTHER);
        for said in of_record {
            assert!(record.contains(said), "{said} is not in {record}");
        }
        assert!(!record.contains("Our mail server") && !record.contains("Your own copy of the plan"), "{record}");
        let mother = PersonId::parse(MOTHER).unwrap();
        let row = world.row(MAYA, "family:0417-mother");
        let access_record = world.pipeline.access_record();
        let sheet = access_record.evidence_sheet(&row.dispatch_id, Some(&mother), by("a test"));
        let (view, sheet) = world.runtime.block_on(sheet).unwrap();
        assert!(text(&sheet).contains(of_sheet) && view.page.language == tag, "{}", text(&sheet));
        let new = NewIncident {
            dispatch: row.dispatch_id.clone(),
            kind: IncidentKind::LostMail,
            found_on: world.pipeline.day(),
            says: "The envelope was open.".to_owned(),
        };
        let (incident, _) =
            world.runtime.block_on(world.pipeline.access_record().open_incident(&new, by("a test"))).unwrap();
        let letter = world
            .runtime
            .block_on(world.pipeline.access_record().incident_letter(&incident, &mother, None, by("the tester")))
            .unwrap();
        assert!(text(&letter).contains(of_letter), "{}", text(&letter));
        let templates = world.pipeline.templates.now();
        let own = templates.languages().of(tag).unwrap();
        assert!(text(&letter).contains(&plain(own.text("said.access.unknown_where"))), "{}", text(&letter));
    }
}

#[test]
fn every_paper_has_its_title_in_english_as_the_program_says_it() {
    let templates = TemplateSet::built_in();
    for kind in DocumentKind::ALL {
        assert_eq!(templates.languages().english().word("paper", kind), kind.title());
    }
}

#[test]
fn what_one_parent_keeps_private_stands_in_no_report_of_the_other() {
    let world = World::with(&[MAYA]);
    let secrets = ["1100 Colley", "555-0162", "Harbor House"];
    world.edit(MAYA, |record| {
        let mother = &mut record.family[0];
        for endpoint in &mut mother.endpoints {
            if let earlypost::case::Address::Postal { lines } = &mut endpoint.address {
                *lines = vec![line("1100 Colley Avenue"), line("Norfolk, VA 23507")];
            }
        }
        mother.telephone = Some(line("(757) 555-0162"));
        mother.protected =
            Some(Protected { address: true, telephone: true, email: true, places: vec![line("Harbor House")] });
    });
    world.run();
    let row = world.row(MAYA, "office:bayside-therapy");
    // What a person writes may hold anything.
    let because = "they say it is at 1100 Colley Avenue, Norfolk, call (757) 555-0162 or ask at Harbor House";
    world.runtime.block_on(world.pipeline.access_record().correct_entry(1, because, by("a test"))).unwrap();
    let new = NewIncident {
        dispatch: row.dispatch_id.clone(),
        kind: IncidentKind::WrongRecipient,
        found_on: world.pipeline.day(),
        says: because.to_owned(),
    };
    let (incident, _) =
        world.runtime.block_on(world.pipeline.access_record().open_incident(&new, by("a test"))).unwrap();
    let father = PersonId::parse("0417-father").unwrap();
    let (lines, pages) = report(&world, "0417-father");
    let (view, sheet) = world
        .runtime
        .block_on(world.pipeline.access_record().evidence_sheet(&row.dispatch_id, Some(&father), by("the tester")))
        .unwrap();
    let letter = world
        .runtime
        .block_on(world.pipeline.access_record().incident_letter(&incident, &father, Some(because), by("the tester")))
        .unwrap();
    let json = serde_json::to_string(&lines).unwrap();
    let sheet_json = serde_json::to_string(&view).unwrap();
    for secret in secrets {
        for (what, said) in [
            ("the record", &pages),
            ("its JSON", &json),
            ("its CSV", &lines.csv()),
            ("the sheet", &text(&sheet)),
            ("its JSON", &sheet_json),
            ("the letter", &text(&letter)),
        ] {
            assert!(!said.contains(secret), "{what} holds {secret}: {said}");
        }
    }
    let own = world.row(MAYA, "family:0417-mother");
    let refused = world
        .runtime
        .block_on(world.pipeline.access_record().evidence_sheet(&own.dispatch_id, Some(&father), by("the tester")))
        .unwrap_err();
    assert!(refused.to_string().contains("is another parent's"), "{refused}");
    let other = lines.disclosures.iter().find(|line| line.another_parent).unwrap();
    assert_eq!((other.channel.as_deref(), other.dispatch.as_deref(), other.series.as_deref()), (None, None, None));
}

#[test]
fn an_entry_names_who_approved_of_the_papers() {
    let mut world = World::with(&[MAYA]);
    Arc::get_mut(&mut world.pipeline).unwrap().program.synthetic = false;
    world.run();
    let row = world.row(MAYA, "office:bayside-therapy");
    let facts = world.runtime.block_on(world.pipeline.store.outbox().dispatch(&row.dispatch_id)).unwrap();
    let plan = crate::plan::lines::plan_of(&world, &earlypost::pipeline::PlanScope::default());
    let lines = crate::plan::lines::lines_of(&world, &plan);
    let line = lines.iter().find(|l| l.planned.envelope.recipient == facts.envelope.recipient).unwrap();
    let released = [(&line.planned.envelope, line.planned.facts_hash.as_str())];
    let (store, now) = (&world.pipeline.store, world.pipeline.now());
    world.runtime.block_on(store.send_plans().approve(&released, None, "Dana Okafor", now)).unwrap();
    world.run();
    let entries = world.disclosures(MAYA);
    let by = |to: &str| {
        let entry = entries.iter().find(|e| e.recipient.as_ref().is_some_and(|r| r.to_string() == to)).unwrap();
        (entry.approved_by.clone(), entry.released_by.clone())
    };
    assert_eq!(
        by("office:bayside-therapy"),
        (Some("Dana Okafor".to_owned()), "Earlypost <service:delivery> (schedule)".to_owned())
    );
    assert_eq!(by("family:0417-mother").0, None, "nobody has to release a parent's own copy");
}

#[test]
fn an_emergency_keeps_its_threat_in_the_entry_of_what_was_sent() {
    let world = World::with(&[MAYA]);
    world.import();
    let exception = Exception {
        recipient: "office:ghent-pediatrics".parse().unwrap(),
        classes: vec![RecordClass::Plan],
        ground: ExceptionGround::Emergency { threat: line("carbon monoxide in the home") },
        reviewer: line("Dana Okafor"),
        from: date("2026-11-20"),
        until: date("2026-11-21"),
        not_now: Vec::new(),
    };
    world.record(MAYA, &Fact::ReleaseRevoked { release_id: id("0417-release-ghent") });
    world.record(MAYA, &Fact::ExceptionGranted { exception: exception.clone() });
    let sent = async {
        let plan = world
            .pipeline
            .operations()
            .plan_send(DocumentKind::Ifsp, &child(MAYA), &[exception.recipient], &[], by("the tester"))
            .await
            .unwrap();
        world.pipeline.operations().send(&plan, &Stop::default(), by("the tester")).await.unwrap()
    };
    world.runtime.block_on(sent);
    let rows = world.runtime.block_on(world.pipeline.store.ledger().ledger_of(&child(MAYA))).unwrap();
    let row = rows.iter().find(|row| row.entry.basis.as_deref() == Some("EMERGENCY")).unwrap();
    let detail = row.detail.as_ref().unwrap();
    assert_eq!(detail.emergency_threat.as_deref(), Some("carbon monoxide in the home"));
    assert!(!serde_json::to_string(&row.entry).unwrap().contains("monoxide"), "it stands in the personal part only");
}
