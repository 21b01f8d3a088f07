//! Reminders and messages must not endanger anyone: what is not said to be safe at an address is not done there.

use earlypost::{
    case::{Appointment, CaseRecord, Endpoint, FamilyMember, Protected},
    disclosure::Reason,
    dispatch::StateName,
    due::DocumentKind,
};

use crate::harness::{MAYA, World, by};

const MOTHER: &str = "family:0417-mother";

fn mother(record: &mut CaseRecord) -> &mut FamilyMember {
    &mut record.family[0]
}

fn mailbox(record: &mut CaseRecord) -> &mut Endpoint {
    &mut mother(record).endpoints[0]
}

fn without_address(record: &mut CaseRecord) {
    mother(record).endpoints.clear();
    mother(record).preferred_endpoint = None;
}

fn visit(place: &str) -> Appointment {
    serde_json::from_value(serde_json::json!({
        "event_id": "0417-visit", "on": "2026-12-08", "at": "16:00", "minutes": 60, "place": place,
        "what": "home visit about the feeding clinic",
    }))
    .unwrap()
}

/// The message to the mother that holds this paper, as it was given to the mail channel, decoded part by part.
fn message_with(world: &World, paper: DocumentKind) -> (String, Vec<String>) {
    let row = world
        .rows(MAYA)
        .into_iter()
        .find(|r| r.envelope.recipient.to_string() == MOTHER && r.envelope.contents().any(|(kind, _)| kind == paper))
        .unwrap();
    let given = world.mail.given().into_iter().find(|g| g.dispatch_id == row.dispatch_id).unwrap();
    let bytes = given.message.unwrap();
    let parsed = mail_parser::MessageParser::default().parse(&bytes).unwrap();
    let head = String::from_utf8_lossy(&bytes).split("\r\n\r\n").next().unwrap().to_owned();
    let parts = parsed.parts.iter().filter_map(|part| part.text_contents()).map(ToOwned::to_owned).collect();
    (head, parts)
}

fn calendars(parts: &[String]) -> Vec<&String> {
    parts.iter().filter(|part| part.starts_with("BEGIN:VCALENDAR")).collect()
}

#[test]
fn a_discreet_mailbox_hears_of_no_program() {
    let world = World::with(&[MAYA]);
    world.edit(MAYA, |record| mailbox(record).safe.discreet = true);
    world.run();
    let (head, parts) = message_with(&world, DocumentKind::Ifsp);
    let name = world.pipeline.program.name.as_str();
    assert!(head.contains("Subject: A message for you") && !head.contains(name), "{head}");
    assert!(parts.iter().all(|part| !part.contains(name)), "{parts:?}");

    let plain = World::with(&[MAYA]);
    plain.run();
    let (head, parts) = message_with(&plain, DocumentKind::Ifsp);
    assert!(
        head.contains(name) && parts.iter().any(|part| part.contains(name)),
        "it is said where nobody asked not to"
    );
}

#[test]
fn a_calendar_file_goes_only_to_who_asked_and_names_a_visit_only_where_that_is_safe() {
    let with = |asked: bool, may_name_visit: bool| {
        let world = World::with(&[MAYA]);
        world.edit(MAYA, |record| {
            mother(record).wants_calendar_files = asked;
            mailbox(record).safe.may_name_visit = may_name_visit;
            record.appointments.push(visit("the library"));
        });
        world.run();
        message_with(&world, DocumentKind::MonthlyReminder).1
    };
    assert!(calendars(&with(false, true)).is_empty(), "nobody asked");
    assert!(calendars(&with(true, false)).is_empty(), "a reminder there may name no visit");
    let parts = with(true, true);
    let [file] = calendars(&parts)[..] else { panic!("one calendar file: {parts:?}") };
    assert!(file.contains("DTSTART:20261208T210000Z") && file.contains("SUMMARY:Appointment"), "{file}");
    for word in ["Maya", "Rivera", "feeding", "speech", "library"] {
        assert!(!file.contains(word), "{word}: {file}");
    }
}

#[test]
fn a_place_stands_in_a_calendar_file_only_in_a_private_mailbox_and_where_nobody_keeps_one_private() {
    let with = |private: bool, kept: bool| {
        let world = World::with(&[MAYA]);
        world.edit(MAYA, |record| {
            mother(record).wants_calendar_files = true;
            let safe = &mut mailbox(record).safe;
            (safe.may_name_visit, safe.private) = (true, private);
            record.appointments.push(visit("the library"));
            if kept {
                record.family[1].protected = Some(Protected { address: true, ..Protected::default() });
            }
        });
        world.run();
        let (_, parts) = message_with(&world, DocumentKind::MonthlyReminder);
        calendars(&parts)[0].contains("library")
    };
    assert!(with(true, false));
    assert!(!with(false, false), "a shared mailbox");
    assert!(!with(true, true), "the father keeps his address private");
}

#[test]
fn a_required_paper_without_a_safe_way_is_a_task_and_a_hand_over_ends_it() {
    let world = World::with(&[MAYA]);
    world.edit(MAYA, without_address);
    world.run();
    let tasks = || world.runtime.block_on(world.pipeline.store.service().tasks()).unwrap();
    let plan = world.row(MAYA, MOTHER);
    assert_eq!(plan.reason, Some(Reason::NoEndpoint));
    let [task] = &tasks()[..] else { panic!("one task, none for the reminder: {:?}", tasks()) };
    assert_eq!((task.kind.as_str(), task.subject.as_str()), ("give-by-hand", plan.dispatch_id.as_str()));
    world.run();
    assert_eq!(tasks().len(), 1, "the next run opens no other");

    let previews = world.pipeline.previews();
    let made = previews.make_for_handover(&plan.dispatch_id, by("a tester"));
    let papers = world.runtime.block_on(made).unwrap();
    assert_eq!(papers.len(), 1);
    assert!(papers[0].pdf.starts_with(b"%PDF") && papers[0].pages > 1);
    world.run();
    let before = world.disclosures(MAYA).len();
    let on = world.pipeline.clock_day();
    let given = earlypost::pipeline::Given { initials: "ER", on };
    world
        .runtime
        .block_on(world.pipeline.dispatch_operations().mark_given(&plan.dispatch_id, given, by("a tester")))
        .unwrap();
    assert_eq!(world.row(MAYA, MOTHER).state, StateName::Confirmed);
    assert_eq!(world.disclosures(MAYA).len(), before + 1);
    assert!(tasks().is_empty());
}

#[test]
fn an_address_that_is_found_again_closes_the_task() {
    let world = World::with(&[MAYA]);
    world.edit(MAYA, without_address);
    world.run();
    world.edit(MAYA, |record| {
        let endpoint = serde_json::json!({
            "endpoint_id": "0417-new", "verified_on": "2026-11-20", "verified_how": "read back",
            "address": { "kind": "postal", "lines": ["1 Sample Street", "Norfolk, VA 23510"] },
        });
        mother(record).endpoints = vec![serde_json::from_value(endpoint).unwrap()];
        mother(record).preferred_endpoint = None;
    });
    world.run();
    assert_eq!(world.row(MAYA, MOTHER).state, StateName::Printed);
    assert!(world.runtime.block_on(world.pipeline.store.service().tasks()).unwrap().is_empty());
}

#[test]
fn what_may_not_go_to_a_person_is_not_made_for_a_hand_over_either() {
    let world = World::with(&[MAYA]);
    world.edit(MAYA, |record| {
        let mother = mother(record);
        mother.may_receive_records = false;
        mother.may_consent = false;
        mother.restriction_basis = Some(earlypost::case::Line::parse("order of 2026-10-01").unwrap());
    });
    world.run();
    let plan = world.row(MAYA, MOTHER);
    let made = world.runtime.block_on(world.pipeline.previews().make_for_handover(&plan.dispatch_id, by("a tester")));
    assert!(made.unwrap_err().to_string().contains("must not be given"));
    let tasks = world.runtime.block_on(world.pipeline.store.service().tasks()).unwrap();
    assert!(tasks.iter().all(|t| t.subject != plan.dispatch_id), "a refusal is no missing way: {tasks:?}");
}
