use std::sync::Arc;

use earlypost::{
    disclosure::Reason,
    dispatch::StateName,
    hint::Hint,
    pipeline::{LeftOut, PlanReport, PlanScope, RunReport, Silent, Stop},
    store::{PlanLineRow, ReleaseRule},
};

use super::lines::{lines_of, plan_of};
use crate::harness::{MAYA, World, by, child};

const AGENCY: &str = "office:bayside-therapy";

/// A program with real people: papers to offices wait for a person.
fn real(children: &[&str]) -> World {
    let mut world = World::with(children);
    Arc::get_mut(&mut world.pipeline).unwrap().program.synthetic = false;
    world.import();
    world
}

fn release(world: &World, plan: &PlanReport, lines: &[&PlanLineRow]) {
    let envelopes: Vec<_> = lines.iter().map(|l| (&l.planned.envelope, l.planned.facts_hash.as_str())).collect();
    let (store, now) = (&world.pipeline.store, world.pipeline.now());
    world
        .runtime
        .block_on(store.send_plans().approve(&envelopes, Some(plan.plan.plan_id), "a supervisor", now))
        .unwrap();
}

fn to<'a>(lines: &'a [PlanLineRow], recipient: &str) -> Vec<&'a PlanLineRow> {
    lines.iter().filter(|l| l.planned.envelope.recipient.to_string() == recipient).collect()
}

fn run_plan(world: &World, plan: &PlanReport) -> (RunReport, Vec<LeftOut>) {
    let (caseload, stop) = (world.caseload(), Stop::default());
    let operations = world.pipeline.operations();
    let run = operations.run_plan(plan.plan.plan_id, Some(&caseload), &Silent, &stop, by("a test"));
    world.runtime.block_on(run).unwrap()
}

#[test]
fn a_paper_to_an_office_waits_for_a_persons_release_and_the_familys_does_not() {
    let world = real(&[MAYA]);
    let report = world.run();
    assert_eq!(world.row(MAYA, "family:0417-mother").state, StateName::Accepted);
    let agency = world.row(MAYA, AGENCY);
    assert_eq!((agency.state, agency.reason), (StateName::Held, Some(Reason::NotApproved)));
    assert!(
        report.waiting.iter().any(|w| w.next_step.contains(&Hint::ApprovePlan { plan: None, line: None }.to_string()))
    );
    assert!(world.mail.given_to(AGENCY).is_empty());
}

#[test]
fn what_a_person_released_goes_with_the_next_run() {
    let world = real(&[MAYA]);
    world.run();
    let plan = plan_of(&world, &PlanScope::default());
    let lines = lines_of(&world, &plan);
    let of_agency = to(&lines, AGENCY);
    assert!(of_agency.iter().all(|l| l.planned.rule == ReleaseRule::Approve && l.approved_by.is_none()));
    release(&world, &plan, &of_agency);
    world.run();
    assert_eq!(world.row(MAYA, AGENCY).state, StateName::Accepted);
    let again = lines_of(&world, &plan);
    assert_eq!(to(&again, AGENCY)[0].approved_by.as_deref(), Some("a supervisor"));
    assert_eq!(world.row(MAYA, "office:ghent-pediatrics/dr-osei").state, StateName::Held);
}

#[test]
fn a_release_is_for_what_was_shown_and_a_changed_record_waits_again() {
    let world = real(&[MAYA]);
    let plan = plan_of(&world, &PlanScope::default());
    release(&world, &plan, &to(&lines_of(&world, &plan), AGENCY));
    world.edit(MAYA, |record| record.evaluations.clear());
    world.run();
    let agency = world.row(MAYA, AGENCY);
    assert_eq!((agency.state, agency.reason), (StateName::Held, Some(Reason::NotApproved)));
}

#[test]
fn a_plan_is_carried_out_exactly_and_what_changed_since_is_left_out_and_named() {
    let mut world = real(&[MAYA, "c-0405"]);
    world.leaves_open(StateName::Queued);
    // Something else is queued already; it is no part of the plan.
    let scope = PlanScope { child: Some(child(MAYA)), until: None };
    world.prepare();
    assert!(world.rows("c-0405").iter().any(|row| row.state == StateName::Queued));
    let plan = plan_of(&world, &scope);
    let lines = lines_of(&world, &plan);
    release(&world, &plan, &to(&lines, AGENCY));
    let (report, left_out) = run_plan(&world, &plan);
    assert!(report.balance.holds());
    assert_eq!(world.row(MAYA, AGENCY).state, StateName::Accepted);
    assert!(world.rows("c-0405").iter().all(|row| row.state != StateName::Accepted), "nothing else leaves");
    assert_eq!(left_out.iter().map(|l| l.recipient.as_str()).collect::<Vec<_>>(), ["office:ghent-pediatrics/dr-osei"]);
    assert!(left_out[0].why.contains("Nobody has released it"), "{}", left_out[0].why);
}

#[test]
fn a_plan_made_from_another_record_sends_nothing_of_it() {
    let world = real(&[MAYA]);
    let plan = plan_of(&world, &PlanScope::default());
    let lines = lines_of(&world, &plan);
    release(&world, &plan, &lines.iter().collect::<Vec<_>>());
    world.edit(MAYA, |record| record.contacts.clear());
    let (report, left_out) = run_plan(&world, &plan);
    assert_eq!(report.attempts, 0);
    assert_eq!(left_out.len(), lines.len());
    assert!(left_out.iter().all(|l| l.why.contains("changed since")), "{left_out:#?}");
    assert!(world.mail.given().is_empty() && world.post.given().is_empty());
}
