use chrono::Duration;
use earlypost::{
    app::Operator,
    config::{Missed, Work},
    dispatch::OperatorMail,
    hint::worded,
    pipeline::{Finding, Level},
    schedule::Ticked,
};

use super::{entry, service, tick};
use crate::harness::{MAYA, World};

fn proof(world: &World) -> Vec<Finding> {
    world.runtime.block_on(world.pipeline.operations().prove()).unwrap()
}

fn faults(world: &World) -> Vec<String> {
    proof(world).into_iter().filter(|f| f.level == Level::Fault).map(|f| f.what).collect()
}

#[test]
fn an_installation_where_everything_went_has_nothing_to_say() {
    let world = World::with(&[MAYA]);
    world.run();
    assert_eq!(faults(&world), Vec::<String>::new());
    assert!(world.runtime.block_on(world.pipeline.operations().last_proof()).unwrap().unwrap().faults.is_empty());
}

#[test]
fn a_duty_that_is_nobodys_is_named() {
    let world = World::with(&[MAYA]);
    world.edit(MAYA, |record| {
        record.coordinators.clear();
        record.ifsps.clear();
        record.proposals.clear();
    });
    world.run();
    let faults = faults(&world);
    assert!(faults.iter().any(|f| f.contains("no coordinator: c-0417")), "{faults:?}");
}

#[test]
fn letters_that_lie_on_a_desk_and_runs_that_do_not_happen_are_named() {
    let world = World::with(&[MAYA]);
    world.run();
    world.clock.advance(Duration::days(3));
    let faults = faults(&world);
    assert!(faults.iter().any(|f| f.contains("printed for more than a day")), "{faults:?}");
    assert!(faults.iter().any(|f| f.contains("The last run began")), "{faults:?}");
}

#[test]
fn a_schedule_that_no_service_looks_after_is_named() {
    let world = World::with(&[MAYA]);
    world.run();
    service(&world, vec![entry("run", Work::Run, "*/15 * * * *", Missed::RunOnceNow)]);
    world.clock.advance(Duration::hours(3));
    let faults = faults(&world);
    assert!(faults.iter().any(|f| f.contains("Schedule run was due") && f.contains("did not run")), "{faults:?}");
}

#[test]
fn a_schedule_whose_work_failed_is_named_and_the_service_goes_on() {
    let world = World::with(&[MAYA]);
    let mut service = service(&world, vec![entry("run", Work::Run, "*/15 * * * *", Missed::RunOnceNow)]);
    service.caseload = world.folder.path().join("nowhere");
    let ticked = tick(&world, &service);
    assert!(matches!(ticked[0].1, Ticked::Failed(_)), "{ticked:?}");
    let faults = faults(&world);
    assert!(faults.iter().any(|f| f.contains("Schedule run failed")), "{faults:?}");
}

#[test]
fn the_operator_is_told_by_mail_and_the_mail_names_no_person() {
    let world = World::with(&[MAYA]);
    world.run();
    world.clock.advance(Duration::days(3));
    let folder = world.folder.path().join("operator");
    let mut service = service(&world, vec![entry("proof", Work::Proof, "0 6 * * *", Missed::RunOnceNow)]);
    service.operator = Some(Operator {
        to: "operator@example.org".parse().unwrap(),
        from: "papers@example.org".parse().unwrap(),
        mail: OperatorMail::Folder(folder.clone()),
        words: |text| worded(text, |hint| format!("<{}>", hint.code())).into_owned(),
    });
    world.clock.advance(Duration::days(1));
    let ticked = tick(&world, &service);
    assert!(matches!(&ticked[0].1, Ticked::Ran(says) if says.contains("the operator was told")), "{ticked:?}");
    let mails: Vec<_> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    assert_eq!(mails.len(), 1);
    let mail = mail_parser_text(&std::fs::read(&mails[0]).unwrap());
    assert!(mail.contains("printed for more than a day"), "{mail}");
    assert!(mail.contains("Mail them, then <mark-mailed>."), "{mail}");
    assert!(mail.contains("<run-doctor> shows how things stand now."), "{mail}");
    for name in ["Maya", "Rivera", "Granby"] {
        assert!(!mail.contains(name), "{name} stands in the operator's mail");
    }
}

/// Head and decoded body of our own one-part message.
pub fn mail_parser_text(bytes: &[u8]) -> String {
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let body: String = body.split_whitespace().collect();
    format!("{head}\n{}", String::from_utf8(base64(&body)).unwrap())
}

fn base64(text: &str) -> Vec<u8> {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let values: Vec<u32> = text
        .bytes()
        .filter(|b| *b != b'=')
        .map(|b| u32::try_from(LETTERS.iter().position(|l| *l == b).unwrap()).unwrap())
        .collect();
    values
        .chunks(4)
        .flat_map(|four| {
            let bits = four.iter().fold(0, |bits, v| bits << 6 | v) << (6 * (4 - four.len()));
            bits.to_be_bytes()[1..four.len()].to_vec()
        })
        .collect()
}
