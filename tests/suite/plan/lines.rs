use std::sync::Arc;

use chrono::NaiveDate;
use earlypost::{
    case::Fact,
    pipeline::{PlanReport, PlanScope, Silent},
    store::{PlanLineRow, PlannedVerdict},
};

use crate::harness::{MAYA, World, by, child};

pub fn plan_of(world: &World, scope: &PlanScope) -> PlanReport {
    world.runtime.block_on(world.pipeline.planning().plan(scope, by("a tester"), &Silent)).unwrap()
}

pub fn lines_of(world: &World, report: &PlanReport) -> Vec<PlanLineRow> {
    world.runtime.block_on(world.pipeline.store.send_plans().plan_lines(&report.plan, None, 10_000)).unwrap()
}

fn only(id: &str) -> PlanScope {
    PlanScope { child: Some(child(id)), until: None }
}

fn set_day(world: &mut World, day: NaiveDate) {
    Arc::get_mut(&mut world.pipeline).unwrap().as_of = Some(day);
}

#[test]
fn a_child_whose_facts_and_calendar_are_as_before_is_not_looked_at_again() {
    let world = World::with(&[MAYA, "c-0405"]);
    world.import();
    let first = plan_of(&world, &PlanScope::default());
    assert_eq!((first.plan.looked, first.before), (2, None));
    let second = plan_of(&world, &PlanScope::default());
    assert_eq!((second.plan.looked, second.before), (0, Some(first.plan.plan_id)));
    assert!(second.changes.came.is_empty() && second.changes.went.is_empty());
    assert_eq!(lines_of(&world, &first).len(), lines_of(&world, &second).len());
}

#[test]
fn what_changed_since_the_last_plan_is_named() {
    let world = World::with(&[MAYA, "c-0405"]);
    world.import();
    plan_of(&world, &PlanScope::default());
    world.record(MAYA, &Fact::Held { reason: "a call".to_owned() });
    let report = plan_of(&world, &PlanScope::default());
    assert_eq!(report.plan.looked, 1, "only the child with the new fact");
    let of_maya = |lines: &[PlanLineRow]| lines.iter().all(|l| l.planned.envelope.child_id.as_str() == MAYA);
    assert!(of_maya(&report.changes.came) && of_maya(&report.changes.went));
    assert_eq!(report.changes.came.len(), 5);
    assert!(report.changes.went.iter().all(|l| matches!(l.planned.verdict, PlannedVerdict::Goes { .. })));
    assert!(report.changes.came.iter().all(|l| matches!(l.planned.verdict, PlannedVerdict::Waits { .. })));
}

#[test]
fn an_older_plan_still_shows_its_own_lines() {
    let world = World::with(&[MAYA]);
    world.import();
    let first = plan_of(&world, &PlanScope::default());
    world.record(MAYA, &Fact::Held { reason: "a call".to_owned() });
    plan_of(&world, &PlanScope::default());
    let shown = lines_of(&world, &first);
    assert_eq!(shown.len(), 5);
    assert!(shown.iter().all(|l| matches!(l.planned.verdict, PlannedVerdict::Goes { .. })));
}

/// Forty days, one day skipped here and there: a plan that skips children must say what a plan of each child says.
#[test]
fn a_plan_that_skips_children_says_the_same_as_one_that_looks_at_each() {
    let children = ["c-0290", "c-0352", "c-0398", "c-0405", "c-0417", "c-0421", "c-0430"];
    let mut world = World::with(&children);
    world.import();
    let first: NaiveDate = "2026-11-18".parse().unwrap();
    let mut skipped = 0;
    for day in first.iter_days().take(40).filter(|day| day.format("%d").to_string() != "23") {
        set_day(&mut world, day);
        let all = plan_of(&world, &PlanScope::default());
        skipped += children.len() - usize::try_from(all.plan.looked).unwrap();
        let mut of_all: Vec<_> = lines_of(&world, &all).into_iter().map(|l| l.planned).collect();
        let mut of_each: Vec<_> =
            children.iter().flat_map(|id| lines_of(&world, &plan_of(&world, &only(id)))).map(|l| l.planned).collect();
        let order = |l: &earlypost::store::PlannedLine| format!("{:?}", l.envelope);
        of_all.sort_by_key(order);
        of_each.sort_by_key(order);
        assert_eq!(of_all, of_each, "on {day}");
    }
    assert!(skipped > 150, "most looks are saved: {skipped}");
}

#[test]
fn a_plan_may_look_ahead_and_does_not_look_back() {
    let world = World::with(&[MAYA]);
    world.import();
    let until = |day: &str| PlanScope { child: None, until: Some(day.parse().unwrap()) };
    let report = plan_of(&world, &until("2026-12-31"));
    let reminders: Vec<_> = lines_of(&world, &report)
        .into_iter()
        .filter(|l| l.planned.envelope.obligation.as_str() == "monthly-reminder")
        .map(|l| l.planned.opens_on.to_string())
        .collect();
    assert!(reminders.iter().any(|day| day == "2026-11-15") && reminders.iter().any(|day| day == "2026-12-15"));
    let back = world.runtime.block_on(world.pipeline.planning().plan(&until("2026-11-01"), by("a tester"), &Silent));
    assert!(back.unwrap_err().to_string().contains("lies before 2026-11-20"));
    assert!(world.rows(MAYA).is_empty(), "a plan makes no envelope");
}
