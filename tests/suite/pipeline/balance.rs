//! The balance can fail: what was due and ends in no delivery is named, whichever way the run took.
//!
//! The fault that these tests put into preparing is one that happened: the key of an item is taken, so that the
//! envelope which holds it is not made, without a word.

use earlypost::{
    dispatch::{Envelope, StateName},
    due::{DocumentKind, ObligationKind},
    pipeline::{PlanScope, Silent, Stop},
    store::HoldScope,
};
use sqlx::Connection;

use crate::{
    harness::{MAYA, World, by, child},
    plan::lines::{lines_of, plan_of},
};

const DOCTOR: &str = "office:ghent-pediatrics/dr-osei";
const OTHER: &str = "c-0405";

/// What is owed to the doctor, as a plan of sends shows it.
fn owed_to_the_doctor(world: &World) -> Envelope {
    let plan = plan_of(world, &PlanScope::default());
    let lines = lines_of(world, &plan).into_iter().map(|line| line.planned.envelope);
    lines
        .filter(|envelope| envelope.child_id == child(MAYA))
        .find(|envelope| envelope.recipient.to_string() == DOCTOR)
        .expect("the samples owe the doctor the plan")
}

/// Takes the keys of an envelope's items away: another dispatch holds them.
fn take_the_keys(world: &World, envelope: &Envelope) {
    let holder = world.rows(OTHER)[0].dispatch_id.clone();
    world.runtime.block_on(async {
        let mut database = sqlx::AnyConnection::connect(world.database.url()).await.unwrap();
        for (place, key) in envelope.item_keys().iter().enumerate() {
            sqlx::query("INSERT INTO dispatch_item (item_key, dispatch_id, place, document) VALUES ($1, $2, $3, $4)")
                .bind(key.to_string())
                .bind(&holder)
                .bind(100 + i64::try_from(place).unwrap())
                .bind(&key.document)
                .execute(&mut database)
                .await
                .unwrap();
        }
    });
}

/// An installation where one child's documents went, and the key of what another child's doctor is owed is taken.
fn with_a_fault() -> (World, Envelope) {
    let world = World::with(&[OTHER]);
    world.run();
    std::fs::copy(
        format!("samples/caseload/children/{MAYA}.json"),
        world.caseload().join(format!("children/{MAYA}.json")),
    )
    .unwrap();
    world.import();
    let envelope = owed_to_the_doctor(&world);
    take_the_keys(&world, &envelope);
    (world, envelope)
}

/// The error names the line by ids, and the balance that was kept does not hold.
fn assert_named(world: &World, error: &str, envelope: &Envelope) {
    let named = format!("{MAYA}: {} ({}) for {DOCTOR}", envelope.obligation, envelope.anchor);
    assert!(error.contains("the balance does not hold: 1 document is due and in no delivery"), "{error}");
    assert!(error.contains(&named), "{error}");
    let kept: serde_json::Value = serde_json::from_str(&last_balance(world)).unwrap();
    let placed: u64 = ["accepted", "printed", "withheld", "held", "failed", "unknown", "queued", "closed"]
        .iter()
        .map(|place| kept[place].as_u64().unwrap())
        .sum();
    assert_eq!(kept["expected"].as_u64().unwrap(), placed + 1, "{kept}");
}

fn last_balance(world: &World) -> String {
    world.runtime.block_on(async {
        let mut database = sqlx::AnyConnection::connect(world.database.url()).await.unwrap();
        let sql = "SELECT balance FROM run ORDER BY run_id DESC LIMIT 1";
        sqlx::query_scalar::<_, String>(sql).fetch_one(&mut database).await.unwrap()
    })
}

#[test]
fn a_run_names_what_was_due_and_is_in_no_delivery() {
    let (world, envelope) = with_a_fault();
    let (caseload, stop) = (world.caseload(), Stop::default());
    let operations = world.pipeline.operations();
    let run = operations.run(Some(&caseload), &Silent, &stop, by("a test"));
    let error = world.runtime.block_on(run).unwrap_err().to_string();
    assert_named(&world, &error, &envelope);
    assert_eq!(world.row(MAYA, "family:0417-mother").state, StateName::Accepted, "the others went");
}

#[test]
fn a_run_for_other_services_names_it_too() {
    let (mut world, envelope) = with_a_fault();
    world.leaves_open(StateName::Queued);
    let caseload = world.caseload();
    let operations = world.pipeline.operations();
    let run = operations.run_for_others(Some(&caseload), &Silent, by("a test"));
    let error = world.runtime.block_on(run).unwrap_err().to_string();
    assert_named(&world, &error, &envelope);
}

#[test]
fn a_plan_of_sends_names_the_line_that_it_could_not_carry_out() {
    let (world, envelope) = with_a_fault();
    let plan = plan_of(&world, &PlanScope::default());
    let (caseload, stop) = (world.caseload(), Stop::default());
    let operations = world.pipeline.operations();
    let run = operations.run_plan(plan.plan.plan_id, Some(&caseload), &Silent, &stop, by("a test"));
    let error = world.runtime.block_on(run).unwrap_err().to_string();
    assert_named(&world, &error, &envelope);
}

#[test]
fn what_is_sent_by_hand_names_the_recipient_who_was_asked_for_and_got_nothing() {
    let (mut world, envelope) = with_a_fault();
    world.leaves_open(StateName::Queued);
    let to = [envelope.recipient.clone()];
    let (maya, stop) = (child(MAYA), Stop::default());
    let operations = world.pipeline.operations();
    let plan = operations.plan_send(DocumentKind::PhysicianLetter, &maya, &to, &[], by("a test"));
    let plan = world.runtime.block_on(plan).unwrap();
    assert_eq!(plan.lines[0].envelope.obligation, ObligationKind::PlanToPhysician, "an owed letter keeps its key");
    let operations = world.pipeline.operations();
    let send = operations.send(&plan, &stop, by("a test"));
    let error = world.runtime.block_on(send).unwrap_err().to_string();
    assert_named(&world, &error, &envelope);
}

#[test]
fn what_is_due_is_counted_once_and_what_shares_a_delivery_is_named() {
    let world = World::with(&[MAYA]);
    let report = world.run();
    let balance = report.balance;
    assert!(balance.holds() && balance.shared > 0, "{balance:?}");
    assert_eq!(balance.due, balance.expected + balance.shared, "{balance:?}");
    let named: usize = report.dispatches.iter().map(|line| line.shared.len()).sum();
    assert_eq!(named as u64, balance.shared);
    let again = world.run().balance;
    assert_eq!((again.due, again.open_before), (0, balance.withheld + balance.held), "{again:?}");
}

#[test]
fn what_an_export_forgot_for_a_day_is_owed_again_and_made_again() {
    for (recipient, duty) in
        [(DOCTOR, ObligationKind::PlanToPhysician), ("family:0417-father", ObligationKind::PlanToParent)]
    {
        let mut world = World::with(&[MAYA]);
        let hold = HoldScope::Everything;
        let (store, now) = (&world.pipeline.store, world.pipeline.now());
        world.runtime.block_on(store.service().hold(&hold, "a look first", "a tester", now)).unwrap();
        world.run();
        let record = world.caseload().join(format!("children/{MAYA}.json"));
        let whole = std::fs::read(&record).unwrap();
        world.edit(MAYA, |record| {
            record.physicians.clear();
            if recipient != DOCTOR {
                record.ifsps.clear();
                record.proposals.clear();
            }
        });
        world.run();
        let of_duty = |world: &World| {
            let rows = world.rows(MAYA).into_iter();
            rows.filter(|r| r.envelope.recipient.to_string() == recipient && r.envelope.obligation == duty)
                .map(|r| (r.state, r.envelope.edition))
                .collect::<Vec<_>>()
        };
        assert_eq!(of_duty(&world), [(StateName::Superseded, 0)], "{recipient}");
        std::fs::write(&record, whole).unwrap();
        let (store, now) = (&world.pipeline.store, world.pipeline.now());
        world.runtime.block_on(store.service().release_hold(&hold, "looked", "a tester", now)).unwrap();
        let report = world.run();
        let rows = of_duty(&world);
        assert_eq!(rows.len(), 2, "{rows:?}");
        assert!(matches!(rows[1], (StateName::Accepted | StateName::Printed, 1)), "{rows:?}");
        assert!(report.balance.holds());
        let plan = plan_of(&world, &PlanScope::default());
        let lines = lines_of(&world, &plan);
        let its: Vec<_> = lines
            .iter()
            .filter(|l| l.planned.envelope.recipient.to_string() == recipient && l.planned.envelope.obligation == duty)
            .collect();
        assert_eq!(its.len(), 1, "a line has one answer, its newest live delivery");
        assert_eq!(its[0].state, Some(rows[1].0));
        world.leaves_open(StateName::Held);
    }
}
