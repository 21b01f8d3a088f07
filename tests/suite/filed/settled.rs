use earlypost::{
    case::{
        CaseRecord, ChildId, ConsentAct, EventId, FiledKind, IfspStatus, Line, OrganisationId, PersonId, Request,
        RequestKind,
    },
    due::{ObligationKind, due_items},
    hint::Field,
    pipeline::FileIn,
};

use super::{confirmed, made, refusal, try_in};
use crate::harness::{MAYA, World, by, child};

fn signed(kind: FiledKind) -> FileIn {
    FileIn { signed_by: Some(PersonId::parse("0417-mother").unwrap()), ..confirmed(kind) }
}

fn record(world: &World) -> CaseRecord {
    CaseRecord::clone(&world.runtime.block_on(world.pipeline.store.children().child(&child(MAYA))).unwrap().record)
}

fn met(world: &World, kind: ObligationKind) -> Option<String> {
    let due = due_items(&record(world), &world.pipeline.rules(), world.pipeline.day());
    due.iter().find(|o| o.kind == kind).and_then(|o| o.met_on).map(|day| day.to_string())
}

fn certification_asked(world: &World) {
    world.edit(MAYA, |record| {
        record.requests.push(Request {
            event_id: EventId::parse("0417-certification").unwrap(),
            kind: RequestKind::PhysicianCertification,
            on: "2026-10-30".parse().unwrap(),
            by: Line::parse("service coordinator").unwrap(),
            organisation_id: Some(OrganisationId::parse("ghent-pediatrics").unwrap()),
            person_id: None,
            needed_by: None,
            sent_on: Some("2026-10-31".parse().unwrap()),
            done_on: None,
        });
    });
}

#[test]
fn a_signed_plan_is_in_effect_and_an_import_that_lags_does_not_undo_it() {
    let world = World::with(&[MAYA]);
    world.edit(MAYA, |record| {
        record.ifsps[0].status = IfspStatus::AwaitingSignature;
        record.ifsps[0].signature = None;
    });
    world.import();
    let ask = FileIn { on: "2026-11-20".parse().unwrap(), ..signed(FiledKind::SignedPlan) };
    let without = FileIn { signed_by: None, ..ask.clone() };
    assert!(
        refusal(&world, &made::scan(1), &without)
            .contains(&format!("say with {} who signed it: 0417-mother", Field::SignedBy))
    );

    let taken = try_in(&world, &made::scan(1), &ask).unwrap();
    assert!(taken.says[0].contains("Version 1 of the plan is signed and in effect"), "{:?}", taken.says);
    world.edit(MAYA, |record| record.program_number = Line::parse("26-0417B").unwrap());
    world.import();
    let plan = record(&world).ifsps[0].clone();
    assert_eq!(plan.status, IfspStatus::InEffect);
    assert_eq!(plan.signature.unwrap().person_id.as_str(), "0417-mother");

    let paper = taken.paper.paper_id;
    let why = Line::parse("another family's").unwrap();
    world
        .runtime
        .block_on(world.pipeline.external_documents().withdraw_paper(&child(MAYA), &paper, why, by("a test")))
        .unwrap();
    assert_eq!(record(&world).ifsps[0].status, IfspStatus::AwaitingSignature);
}

#[test]
fn a_plan_cannot_have_been_signed_before_it_was_made() {
    let world = World::with(&[MAYA]);
    world.edit(MAYA, |record| record.ifsps[0].status = IfspStatus::AwaitingSignature);
    world.import();
    let early = FileIn { on: "2026-11-01".parse().unwrap(), ..signed(FiledKind::SignedPlan) };
    assert!(refusal(&world, &made::scan(1), &early).contains("cannot have been signed before"));
}

#[test]
fn a_physicians_certification_that_comes_settles_the_chase() {
    let world = World::with(&[MAYA]);
    certification_asked(&world);
    world.import();
    assert_eq!(met(&world, ObligationKind::CertificationAnswer), None);
    let strange = FileIn { about: Some("0417-other".to_owned()), ..confirmed(FiledKind::SignedCertification) };
    assert!(refusal(&world, &made::scan(1), &strange).contains("open are: 0417-certification"));

    try_in(&world, &made::scan(1), &confirmed(FiledKind::SignedCertification)).unwrap();
    assert_eq!(met(&world, ObligationKind::CertificationAnswer).as_deref(), Some("2026-11-02"));
}

#[test]
fn a_signed_consent_settles_the_duty_to_have_it_and_a_no_ends_it() {
    for declined in [false, true] {
        let world = World::with(&[MAYA]);
        world.edit(MAYA, |record| record.consents.retain(|c| c.act != ConsentAct::Evaluation));
        world.import();
        let ask = FileIn { declined, on: "2026-10-20".parse().unwrap(), ..signed(FiledKind::SignedEvaluationConsent) };
        try_in(&world, &made::scan(1), &ask).unwrap();
        let consent = record(&world).consents.into_iter().find(|c| c.act == ConsentAct::Evaluation).unwrap();
        assert_eq!(consent.answer.unwrap().given, !declined);
        let day = met(&world, ObligationKind::EvaluationConsent);
        assert_eq!(day.as_deref(), (!declined).then_some("2026-10-20"));
    }
}

#[test]
fn a_person_who_may_not_consent_settles_nothing() {
    let world = World::with(&[MAYA]);
    world.import();
    let ask = FileIn { signed_by: Some(PersonId::parse("dr-osei").unwrap()), ..signed(FiledKind::SignedPlan) };
    assert!(refusal(&world, &made::scan(1), &ask).contains("dr-osei may not sign for this child"));
}

#[test]
fn a_written_revocation_stops_what_waits_and_an_order_opens_a_task() {
    let world = World::with(&[MAYA]);
    world.import();
    world.prepare();
    let revocation = FileIn { about: Some("0417-release-ghent".to_owned()), ..confirmed(FiledKind::Revocation) };
    let taken = try_in(&world, &made::scan(1), &revocation).unwrap();
    assert!(taken.stopped.iter().any(|line| line.recipient == "office:ghent-pediatrics/dr-osei"));

    try_in(&world, &made::scan(2), &confirmed(FiledKind::CourtOrder)).unwrap();
    let tasks = world.runtime.block_on(world.pipeline.store.service().tasks()).unwrap();
    assert!(tasks.iter().any(|task| task.kind == "order-filed"));
    world.deliver();
}

#[test]
fn an_objection_slip_is_a_written_objection() {
    let world = World::with(&[MAYA]);
    world.import();
    try_in(&world, &made::scan(1), &confirmed(FiledKind::ObjectionSlip)).unwrap();
    let recorded =
        world.runtime.block_on(world.pipeline.store.children().child(&ChildId::parse(MAYA).unwrap())).unwrap().recorded;
    assert!(recorded.objections.iter().any(|o| o.written && o.on.to_string() == "2026-11-02"));
}
