//! What a family or a court keeps back, and what one parent's report must not tell the other.

use earlypost::{
    actor::{Actor, Role},
    case::{
        CourtOrder, EmergencyAnswer, Exception, ExceptionGround, Fact, ObjectionTo, OrderEffect, Organisation,
        PersonId, RecordClass, Release, ReleaseRecipient,
    },
    due::DocumentKind,
    ledger::{Event, report::Report},
    pipeline::{ExceptionAsked, IncidentKind, NewIncident, Revocation, Stop, Wanted},
};

use crate::{
    due::samples::{date, id, line},
    harness::{MAYA, World, by, child, somebody},
    papers::plain,
};

const MOTHER: &str = "0417-mother";
const FATHER: &str = "0417-father";

/// The report for a parent, as pages and as JSON together.
fn report(world: &World, reader: Option<&str>) -> (Report, String) {
    let reader = reader.map(|reader| PersonId::parse(reader).unwrap());
    let wanted = Wanted { child: Some(child(MAYA)), reader, ..Wanted::default() };
    world.runtime.block_on(async {
        let access_record = world.pipeline.access_record();
        let report = access_record.report(&wanted, by("the tester")).await.unwrap();
        let pdf = access_record.report_pdf(&child(MAYA), &wanted, &report, by("the tester")).await.unwrap();
        let all = format!("{}\n{}", plain(&pdf.pages.join(" ")), serde_json::to_string(&report).unwrap());
        (report, all)
    })
}

fn order(effect: Option<OrderEffect>, persons: &[&str]) -> CourtOrder {
    CourtOrder {
        order_id: id("order-12"),
        received_on: date("2026-11-19"),
        effective_on: date("2026-11-19"),
        expires_on: None,
        effect,
        verified_by: effect.map(|_| id("jenni-alvarez")),
        persons: persons.iter().map(|person| id(person)).collect(),
    }
}

fn kept_back(world: &World) -> Vec<(String, Option<String>)> {
    let rows = world.runtime.block_on(world.pipeline.store.ledger().ledger_of(&child(MAYA))).unwrap();
    rows.into_iter()
        .filter(|row| row.entry.event == Event::KeptBack)
        .map(|row| (row.entry.outcome, row.entry.about))
        .collect()
}

fn says(world: &World, fact: &Fact) {
    world.runtime.block_on(world.pipeline.intake().record(&child(MAYA), fact, by("the tester"))).unwrap();
}

#[test]
fn revocations_orders_objections_and_opt_outs_are_entries_and_each_import_enters_its_own_once() {
    let world = World::with(&[MAYA]);
    world.import();
    assert!(kept_back(&world).is_empty());
    says(&world, &Fact::Objection { to: ObjectionTo::LimitedNotice, written: true, on: date("2026-11-18") });
    says(&world, &Fact::OptionalMail { person_id: id(FATHER), wanted: false });
    says(&world, &Fact::OptionalMail { person_id: id(FATHER), wanted: true });
    says(&world, &Fact::OrderReceived { order: order(Some(OrderEffect::DenyAddress), &[FATHER]) });
    let revocation = Revocation {
        release_id: id("0417-release-ghent"),
        by: Some(id(FATHER)),
        on: Some(date("2026-11-17")),
        oral: false,
    };
    let intake = world.pipeline.intake();
    world.runtime.block_on(intake.revoke_release(&child(MAYA), &revocation, by("the tester"))).unwrap();
    let about = |code: &str, about: &str| (code.to_owned(), Some(about.to_owned()));
    assert_eq!(
        kept_back(&world),
        [
            about("notice-objected", "limited notice, 2026-11-18"),
            about("optional-mail-stopped", "optional mail to 0417-father"),
            about("order-read", "order order-12"),
            about("release-revoked", "release 0417-release-ghent"),
        ]
    );
    let (_, all) = report(&world, None);
    assert!(all.contains("was taken back on November 17, 2026, in writing"), "{all}");
    // What the record says is entered by its import, each thing once, and what was recorded here is not entered again.
    world.edit(MAYA, |record| {
        record.releases[0].revoked_on = Some(date("2026-11-17"));
        record.court_orders.push(CourtOrder { order_id: id("order-13"), ..order(None, &[FATHER]) });
    });
    world.import();
    world.edit(MAYA, |record| record.child.preferred_name = Some(line("May")));
    world.import();
    assert_eq!(kept_back(&world)[4..], [about("order-received", "order order-13")]);
    world.verify();
}

#[test]
fn a_parents_report_holds_what_that_parent_keeps_back_and_nothing_of_the_others() {
    let world = World::with(&[MAYA]);
    world.import();
    says(&world, &Fact::OrderReceived { order: order(Some(OrderEffect::DenyAddress), &[FATHER]) });
    says(&world, &Fact::OptionalMail { person_id: id(MOTHER), wanted: false });
    says(&world, &Fact::Objection { to: ObjectionTo::LimitedNotice, written: true, on: date("2026-11-18") });
    says(&world, &Fact::ReleaseRevoked { release_id: id("0417-release-ghent") });
    let (fathers, all) = report(&world, Some(FATHER));
    assert!(fathers.others.is_empty(), "{:?}", fathers.others);
    for kept in ["order", "objected", "taken back", "optional mail"] {
        assert!(!all.contains(kept), "{kept}: {all}");
    }
    let (mothers, all) = report(&world, Some(MOTHER));
    assert_eq!(mothers.others.len(), 2, "{:?}", mothers.others);
    assert!(all.contains("taken back") && all.contains("optional mail") && !all.contains("order"), "{all}");
    assert_eq!(report(&world, None).0.others.len(), 4);
}

#[test]
fn an_order_that_gives_a_parent_a_right_stands_in_that_parents_report_only() {
    let world = World::with(&[MAYA]);
    world.import();
    says(&world, &Fact::OrderReceived { order: order(Some(OrderEffect::NamedDecisionMaker), &[MOTHER]) });
    let (mothers, all) = report(&world, Some(MOTHER));
    assert_eq!(mothers.others.len(), 1);
    assert!(mothers.others[0].records.contains("Elena Rivera") && !mothers.others[0].records.contains(MOTHER), "{all}");
    assert!(report(&world, Some(FATHER)).0.others.is_empty());
}

fn send(world: &World, kind: DocumentKind, to: &str) {
    let operations = world.pipeline.operations();
    world.runtime.block_on(async {
        let recipients = [to.parse().unwrap()];
        let plan = operations.plan_send(kind, &child(MAYA), &recipients, &[], by("the tester")).await.unwrap();
        operations.send(&plan, &Stop::default(), by("the tester")).await.unwrap();
    });
}

#[test]
fn two_parents_one_shelter_no_string_of_it() {
    let world = World::with(&[MAYA]);
    let strings = ["harbor-light", "Harbor Light", "9 Cove Road", "555-0190", "shelter@example.org"];
    world.edit_directory(|directory| {
        let shelter: Organisation = serde_json::from_value(serde_json::json!({
            "organisation_id": "harbor-light", "name": "Harbor Light House", "kind": "other",
            "telephone": "(757) 555-0190", "location_private": true,
            "endpoints": [
                { "endpoint_id": "harbor-light-mail", "verified_on": "2026-09-01", "verified_how": "a call", "verified_by": "J. Alvarez",
                  "address": { "kind": "email", "to": "shelter@example.org", "protection": { "kind": "tls_required" } } },
                { "endpoint_id": "harbor-light-post", "verified_on": "2026-09-01", "verified_how": "a call", "verified_by": "J. Alvarez",
                  "address": { "kind": "postal", "lines": ["9 Cove Road", "Norfolk, VA 23503"] } },
            ],
        }))
        .unwrap();
        directory.organisations.push(shelter);
    });
    world.edit(MAYA, |record| {
        let release = Release {
            release_id: id("0417-release-shelter"),
            recipients: vec![ReleaseRecipient {
                organisation_id: id("harbor-light"),
                person_id: None,
                ..record.releases[0].recipients[0].clone()
            }],
            ..record.releases[0].clone()
        };
        record.releases.push(release);
        let plan = record.ifsps.last_mut().unwrap();
        for service in &mut plan.services {
            service.location = line("Harbor Light House, 9 Cove Road, Norfolk, VA 23503 (757-555-0190)");
        }
    });
    world.run();
    send(&world, DocumentKind::Ifsp, "office:harbor-light");
    let (programs, all) = report(&world, None);
    assert!(programs.disclosures.iter().any(|line| line.recipient == "office:harbor-light"));
    assert!(all.contains("Harbor Light House"));
    let plan = |reader: &str| {
        let (previews, child, to) = (world.pipeline.previews(), child(MAYA), reader.parse().unwrap());
        let shown = previews.preview(DocumentKind::Ifsp, &child, &to, by("the tester"));
        plain(&world.runtime.block_on(shown).unwrap().rendered.pages.join(" "))
    };
    for (what, text) in [("report", report(&world, Some(FATHER)).1), ("plan", plan("family:0417-father"))] {
        for string in strings {
            assert!(!text.to_lowercase().contains(&string.to_lowercase()), "{what}, {string}: {text}");
        }
    }
    // Who signed the release knows it.
    assert!(
        report(&world, Some(MOTHER)).1.contains("Harbor Light House") && plan("family:0417-mother").contains("9 Cove")
    );
    // A reviewer has looked.
    let known = Fact::OfficeMayBeKnown {
        organisation_id: id("harbor-light"),
        person_id: id(FATHER),
        because: line("they live there together"),
    };
    says(&world, &known);
    assert!(
        report(&world, Some(FATHER)).1.contains("Harbor Light House") && plan("family:0417-father").contains("9 Cove")
    );
}

fn asked(world: &World) -> Vec<String> {
    let tasks = world.runtime.block_on(world.pipeline.store.service().tasks()).unwrap();
    tasks.into_iter().filter(|task| task.kind == "tell-parent-of-emergency").map(|task| task.subject).collect()
}

#[test]
fn an_emergency_is_told_parent_by_parent_and_stays_out_of_a_report_until_a_reviewer_has_decided() {
    let world = World::with(&[MAYA]);
    world.edit_directory(|directory| {
        let mut office =
            directory.organisations.iter().find(|o| o.organisation_id.as_str() == "kings-hearing").unwrap().clone();
        office.organisation_id = id("kings-emergency");
        for endpoint in &mut office.endpoints {
            endpoint.endpoint_id = id(&format!("emergency-{}", endpoint.endpoint_id));
        }
        directory.organisations.push(office);
    });
    world.import();
    let supervisor = somebody("lena-park", &[Role::Approver]);
    let asking = |danger: &[&str]| ExceptionAsked {
        recipient: "office:kings-emergency".parse().unwrap(),
        classes: vec![RecordClass::Plan, RecordClass::Health],
        ground: ExceptionGround::Emergency { threat: line("unconscious after a fall") },
        reviewer: None,
        until: None,
        danger: danger.iter().map(|person| id(person)).collect(),
    };
    let exceptions = world.pipeline.intake().exceptions();
    let coordinator = somebody("jenni-alvarez", &[Role::Coordinator]);
    let refused = world.runtime.block_on(exceptions.grant(&child(MAYA), asking(&[]), &coordinator));
    assert!(refused.is_err(), "who coordinates does not approve it alone");
    world.runtime.block_on(exceptions.grant(&child(MAYA), asking(&[FATHER]), &supervisor)).unwrap();
    send(&world, DocumentKind::Ifsp, "office:kings-emergency");
    assert_eq!(asked(&world).len(), 2, "{:?}", asked(&world));
    let told = |person: &str, answer| {
        let (child, to, person) = (child(MAYA), "office:kings-emergency".parse().unwrap(), id(person));
        world.runtime.block_on(exceptions.tell(&child, &to, &person, answer, &supervisor))
    };
    let in_report = |person: &str| report(&world, Some(person)).1.contains("unconscious");
    assert!(in_report(MOTHER) && !in_report(FATHER), "the danger is not told by a report");
    // Nor by the sheet of that delivery, nor by what went wrong with it later.
    let row =
        world.rows(MAYA).into_iter().find(|row| row.envelope.recipient.to_string().contains("emergency")).unwrap();
    let access_record = world.pipeline.access_record();
    let sheet = |person: &str| {
        let person = id(person);
        world.runtime.block_on(access_record.evidence_sheet(&row.dispatch_id, Some(&person), by("the tester"))).is_ok()
    };
    assert!(sheet(MOTHER) && !sheet(FATHER));
    let new = NewIncident {
        dispatch: row.dispatch_id.clone(),
        kind: IncidentKind::WrongRecipient,
        found_on: world.pipeline.day(),
        says: "The emergency room passed it on.".to_owned(),
    };
    world.runtime.block_on(access_record.open_incident(&new, by("the tester"))).unwrap();
    let passed_on = |person: &str| report(&world, Some(person)).1.contains("passed it on");
    assert!(passed_on(MOTHER) && !passed_on(FATHER));
    let phone = || EmergencyAnswer::Told { on: date("2026-11-20"), how: line("by phone") };
    told(MOTHER, phone()).unwrap();
    assert_eq!(asked(&world), ["person 0417-father, office:kings-emergency of 2026-11-20"]);
    let not_now = |day: &str| EmergencyAnswer::NotNow { reason: line("a report was made"), look_again_on: date(day) };
    assert!(told(FATHER, not_now("2026-11-20")).is_err(), "a day that has come is no day to look again");
    told(FATHER, not_now("2026-12-04")).unwrap();
    assert!(!in_report(FATHER) && asked(&world).len() == 1);
    told(FATHER, phone()).unwrap();
    assert!(in_report(FATHER) && asked(&world).is_empty());
}

#[test]
fn child_protection_makes_not_now_the_default_for_every_parent() {
    let world = World::with(&[MAYA]);
    world.import();
    let exception = Exception {
        recipient: "office:bayside-therapy".parse().unwrap(),
        classes: vec![RecordClass::Plan],
        ground: ExceptionGround::Emergency { threat: line("a threat") },
        reviewer: line("L. Park"),
        from: date("2026-11-20"),
        until: date("2026-11-20"),
        not_now: vec![id(MOTHER), id(FATHER)],
    };
    for kind in ["child_welfare", "law_enforcement"] {
        world.edit_directory(|directory| {
            let office = directory.organisations.iter_mut().find(|o| o.organisation_id.as_str() == "bayside-therapy");
            office.unwrap().kind = serde_json::from_value(kind.into()).unwrap();
        });
        world.import();
        let asking = ExceptionAsked {
            recipient: exception.recipient.clone(),
            classes: exception.classes.clone(),
            ground: exception.ground.clone(),
            reviewer: Some(exception.reviewer.clone()),
            until: None,
            danger: Vec::new(),
        };
        let exceptions = world.pipeline.intake().exceptions();
        world.runtime.block_on(exceptions.grant(&child(MAYA), asking, by("the tester"))).unwrap();
        let row = world.runtime.block_on(world.pipeline.store.children().child(&child(MAYA))).unwrap();
        assert_eq!(row.recorded.exceptions.last(), Some(&exception), "{kind}");
    }
}

#[test]
fn who_records_a_stop_is_told_what_had_gone_before_to_whom_and_when() {
    let world = World::with(&[MAYA]);
    world.run();
    let access_record = world.pipeline.access_record();
    let gone =
        |fact: &Fact, who: &Actor| world.runtime.block_on(access_record.gone_before(&child(MAYA), fact, who)).unwrap();
    let revoked = Fact::ReleaseRevoked { release_id: id("0417-release-ghent") };
    let lines = gone(&revoked, by("the tester")).lines;
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert_eq!(lines[0].recipient, "office:ghent-pediatrics/dr-osei");
    assert_eq!(lines[0].on, world.pipeline.day());
    let to_father =
        gone(&Fact::OrderReceived { order: order(Some(OrderEffect::DenyAccess), &[FATHER]) }, by("x")).lines;
    assert!(to_father.iter().all(|line| line.recipient == "family:0417-father"), "{to_father:?}");
    let only_father = order(Some(OrderEffect::AllowNamedOnly), &[FATHER]);
    let to_mother = gone(&Fact::OrderReceived { order: only_father }, by("the tester")).lines;
    assert!(!to_mother.is_empty() && to_mother.iter().all(|line| line.recipient == "family:0417-mother"));
    // Who may record what stops, and does not serve the child, learns how many there are.
    let intake = somebody("marcus-bell", &[Role::Intake]);
    let unseen = gone(&revoked, &intake);
    assert!(unseen.lines.is_empty() && unseen.not_shown == 1, "{unseen:?}");
}
