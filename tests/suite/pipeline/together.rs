//! One envelope a parent, child and day: what leaves together, and what never waits for another.

use earlypost::{
    case::Fact,
    disclosure::Reason,
    dispatch::StateName,
    due::{DocumentKind as Kind, ObligationKind},
    pipeline::{PlanScope, Silent, Stop},
    store::{DispatchRow, HoldScope},
};

use crate::harness::{MAYA, World, by, child};

const MOTHER: &str = "family:0417-mother";

fn to_mother(world: &World) -> Vec<DispatchRow> {
    world.rows(MAYA).into_iter().filter(|row| row.envelope.recipient.to_string() == MOTHER).collect()
}

fn papers(row: &DispatchRow) -> Vec<Kind> {
    row.envelope.contents().map(|(kind, _)| kind).collect()
}

/// How the mother's duties stand: kind and status.
fn duties(world: &World, kind: ObligationKind) -> Vec<(String, Option<String>)> {
    let rows = world.runtime.block_on(world.pipeline.store.obligations().obligations_of(&child(MAYA))).unwrap();
    rows.into_iter().filter(|row| row.kind == kind).map(|row| (row.status, row.met_by)).collect()
}

#[test]
fn the_plan_and_the_reminder_of_one_day_leave_in_one_message_and_each_duty_is_met() {
    let world = World::with(&[MAYA]);
    world.run();
    let rows = to_mother(&world);
    let [row] = &rows[..] else { panic!("one envelope: {:?}", rows.iter().map(papers).collect::<Vec<_>>()) };
    assert_eq!(papers(row), [Kind::Ifsp, Kind::MonthlyReminder], "what is required leads");
    assert_eq!(row.state, StateName::Accepted);
    let given = world.mail.given_to(MOTHER);
    assert_eq!((given.len(), given[0].papers.len()), (1, 2));
    let met = || ("met".to_owned(), Some("mailed".to_owned()));
    assert_eq!(duties(&world, ObligationKind::MonthlyReminder), [met()]);
    let entries = world.disclosures(MAYA);
    let entry = entries.iter().find(|e| e.recipient.as_ref().is_some_and(|r| r.to_string() == MOTHER)).unwrap();
    assert_eq!((entry.items.len(), entry.item_keys.len()), (2, 2));
    assert!(entry.item_keys[1].contains("|monthly-reminder|"), "{:?}", entry.item_keys);
    world.run();
    assert_eq!(to_mother(&world).len(), 1, "nothing goes a second time");
    world.verify();
}

#[test]
fn a_required_paper_never_waits_for_one_that_is_held() {
    let world = World::with(&[MAYA]);
    let hold = HoldScope::Document(Kind::MonthlyReminder.to_string());
    let (store, now) = (&world.pipeline.store, world.pipeline.now());
    world.runtime.block_on(store.service().hold(&hold, "a new text", "a tester", now)).unwrap();
    world.run();
    let states: Vec<_> = to_mother(&world).iter().map(|row| (papers(row), row.state)).collect();
    assert_eq!(states.len(), 2);
    assert!(states.contains(&(vec![Kind::Ifsp], StateName::Accepted)), "{states:?}");
    assert!(states.contains(&(vec![Kind::MonthlyReminder], StateName::Held)), "{states:?}");
}

#[test]
fn a_hold_that_comes_later_stops_its_paper_and_the_rest_goes_on_alone() {
    let world = World::with(&[MAYA]);
    world.import();
    world.prepare();
    assert_eq!(to_mother(&world).len(), 1);
    let hold = HoldScope::Document(Kind::MonthlyReminder.to_string());
    let (store, now) = (&world.pipeline.store, world.pipeline.now());
    world.runtime.block_on(store.service().hold(&hold, "a new text", "a tester", now)).unwrap();
    world.deliver();
    world.run();
    let states: Vec<_> = to_mother(&world).iter().map(|row| (papers(row), row.state)).collect();
    assert_eq!(states.len(), 2, "{states:?}");
    assert!(states.contains(&(vec![Kind::Ifsp], StateName::Accepted)), "{states:?}");
    let reminder = to_mother(&world).into_iter().find(|row| papers(row) == [Kind::MonthlyReminder]).unwrap();
    assert_eq!((reminder.state, reminder.reason), (StateName::Held, Some(Reason::Held)));
    assert_eq!(world.mail.given_to(MOTHER).len(), 1);
    world.verify();
}

#[test]
fn a_duty_that_is_waived_leaves_the_envelope_and_the_rest_of_it_goes() {
    let world = World::with(&[MAYA]);
    world.import();
    world.prepare();
    let waived = Fact::Waived {
        obligation: ObligationKind::MonthlyReminder.to_string(),
        anchor: "2026-11".to_owned(),
        reason: "she asked on the telephone".to_owned(),
    };
    world.record(MAYA, &waived);
    world.run();
    let states: Vec<_> = to_mother(&world).iter().map(|row| (papers(row), row.state)).collect();
    assert!(states.contains(&(vec![Kind::Ifsp], StateName::Accepted)), "{states:?}");
    assert!(states.contains(&(vec![Kind::MonthlyReminder], StateName::Superseded)), "{states:?}");
}

#[test]
fn papers_that_changed_before_they_left_are_made_anew_together() {
    let world = World::with(&[MAYA]);
    world.import();
    world.prepare();
    world.edit(MAYA, |record| record.contact_every_months = Some(2));
    world.run();
    let rows = to_mother(&world);
    assert_eq!(rows.iter().map(papers).collect::<Vec<_>>(), [[Kind::Ifsp, Kind::MonthlyReminder]]);
    assert_eq!(rows[0].state, StateName::Accepted);
}

#[test]
fn the_lines_of_a_plan_stay_lines_and_leave_in_one_envelope() {
    let world = World::with(&[MAYA]);
    world.import();
    let plan =
        world.runtime.block_on(world.pipeline.planning().plan(&PlanScope::default(), by("a tester"), &Silent)).unwrap();
    let (caseload, stop) = (world.caseload(), Stop::default());
    let operations = world.pipeline.operations();
    let run = operations.run_plan(plan.plan.plan_id, Some(&caseload), &Silent, &stop, by("a test"));
    let (report, left_out) = world.runtime.block_on(run).unwrap();
    assert!(left_out.is_empty());
    assert!(report.balance.holds());
    assert_eq!(to_mother(&world).len(), 1);
    let lines = world.runtime.block_on(world.pipeline.store.send_plans().plan_lines(&plan.plan, None, 100)).unwrap();
    let hers: Vec<_> = lines.iter().filter(|line| line.planned.envelope.recipient.to_string() == MOTHER).collect();
    assert_eq!(hers.len(), 2);
    assert!(hers.iter().all(|line| line.state == Some(StateName::Accepted)), "each line sees its envelope");
}
