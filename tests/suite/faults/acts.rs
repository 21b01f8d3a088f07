//! The database fails in the middle of what a person records: nothing of the act stands, and the same act is done whole
//! afterwards.

use std::{collections::BTreeSet, fmt::Debug};

use earlypost::{
    case::{ChildId, Fact, FiledKind, TellingWay},
    disclosure::Reason,
    dispatch::StateName,
    pipeline::{FileIn, StoppedLine},
};
use sqlx::{Connection, Executor, SqliteConnection};

use crate::{
    filed::made,
    harness::{MAYA, World, by, child, on_postgres},
};

const LILY: &str = "c-0405";

/// Everything that a person's act may write, as it stands.
fn everything(world: &World) -> Vec<String> {
    let mut found = Vec::new();
    world.runtime.block_on(async {
        let mut other = SqliteConnection::connect(world.database.url()).await.unwrap();
        for (table, columns) in [
            ("fact", "fact_id || body"),
            ("office_fact", "fact_id || body"),
            ("task", "task_id || COALESCE(closed_at, '')"),
            ("hold", "hold_id || COALESCE(released_at, '')"),
            ("ledger", "seq || hash"),
            ("dispatch", "dispatch_id || state || envelope"),
            ("dispatch_item", "item_key"),
            ("dispatch_history", "dispatch_id || at || state || why"),
            ("approval", "approval_id"),
        ] {
            let sql = format!("SELECT {columns} FROM {table} ORDER BY 1");
            let rows: Vec<(String,)> = sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_all(&mut other).await.unwrap();
            found.extend(rows.into_iter().map(|(row,)| format!("{table}: {row}")));
        }
    });
    found
}

/// Does an act while the database refuses what `refused` says, and again when it does not.
fn half_and_whole<T: Debug>(world: &World, refused: &str, act: impl Fn(&World) -> anyhow::Result<T>) -> T {
    let database = |sql: String| {
        world.runtime.block_on(async {
            let mut other = SqliteConnection::connect(world.database.url()).await.unwrap();
            other.execute(sqlx::AssertSqlSafe(sql)).await.unwrap();
        });
    };
    let before = everything(world);
    database(format!("CREATE TRIGGER fault BEFORE INSERT ON {refused} BEGIN SELECT RAISE(ABORT, 'away'); END"));
    let error = act(world).unwrap_err();
    assert!(format!("{error:#}").contains("away"), "{error:#}");
    assert_eq!(everything(world), before, "something of the act stands");
    database("DROP TRIGGER fault".to_owned());
    let done = act(world).unwrap();
    assert_ne!(everything(world), before);
    world.verify();
    done
}

/// On PostgreSQL a trigger is written in another way; the transactions are the same.
fn world(children: &[&str]) -> Option<World> {
    (!on_postgres()).then(|| World::with(children))
}

fn lines(stopped: &[StoppedLine]) -> Vec<&str> {
    stopped.iter().map(|line| line.dispatch.as_str()).collect()
}

fn recorded(world: &World, id: &str) -> earlypost::case::Recorded {
    world.runtime.block_on(world.pipeline.store.children().child(&child(id))).unwrap().recorded
}

#[test]
fn a_paper_that_reaches_a_parent_in_another_way_is_recorded_whole_and_every_envelope_that_waits_is_named() {
    let Some(world) = world(&[LILY]) else { return };
    world.edit(LILY, |record| {
        record.family.iter_mut().for_each(|member| member.preferred_language = "vi".parse().unwrap());
    });
    world.run();
    let held = world.rows(LILY).into_iter().find(|row| row.reason == Some(Reason::NotInTheirLanguage)).unwrap();
    let file = made::pdf(&["Thong bao truoc bang van ban"]);
    let intake = world.pipeline.intake();
    let form = intake.take_in_form(&held.dispatch_id, &file, world.pipeline.intake().today(), true, by("a test"));
    let paper_id = world.runtime.block_on(form).unwrap();
    // Something else holds the child's other mail.
    let silence = Fact::Held { reason: "a call is awaited".to_owned() };
    world.runtime.block_on(world.pipeline.intake().record(&child(LILY), &silence, by("a test"))).unwrap();

    let stopped = half_and_whole(&world, "fact", |world| {
        let (language, paper_id) = ("vi".parse().unwrap(), paper_id.clone());
        let way = TellingWay::OfficialForm { language, paper_id };
        world.runtime.block_on(world.pipeline.intake().tell(
            &held.dispatch_id,
            way,
            world.pipeline.intake().today(),
            by("a test"),
        ))
    });

    let waiting: BTreeSet<String> = world
        .rows(LILY)
        .into_iter()
        .filter(|row| matches!(row.state, StateName::Held | StateName::Withheld | StateName::Printed))
        .map(|row| row.dispatch_id)
        .collect();
    assert!(!stopped.is_empty());
    assert_eq!(lines(&stopped).into_iter().map(str::to_owned).collect::<BTreeSet<_>>(), waiting);
    assert_eq!(recorded(&world, LILY).told.len(), held.envelope.apart().len());
}

#[test]
fn a_hold_that_a_refused_record_set_is_lifted_with_the_one_that_a_person_set_or_not_at_all() {
    let Some(world) = world(&[MAYA]) else { return };
    world.import();
    world.prepare();
    world.record(MAYA, &Fact::RecordRefused);
    world.record(MAYA, &Fact::Held { reason: "a call is awaited".to_owned() });

    let stopped = half_and_whole(&world, "fact WHEN NEW.body LIKE '%hold_lifted%'", |world| {
        world.runtime.block_on(world.pipeline.intake().lift_hold(&child(MAYA), "looked at", by("a test")))
    });

    let recorded = recorded(&world, MAYA);
    assert_eq!((recorded.record_refused, recorded.hold), (None, None));
    let mut ids = lines(&stopped);
    ids.dedup();
    assert_eq!(ids.len(), stopped.len(), "each is named once");
    world.run();
}

#[test]
fn a_paper_is_on_file_with_all_that_it_settles_or_not_at_all() {
    let Some(world) = world(&[MAYA]) else { return };
    world.import();
    let file = made::pdf(&["Order of the court\nMaya Rivera, number 26-0417"]);
    let ask = FileIn {
        child_id: child(MAYA),
        kind: FiledKind::CourtOrder,
        on: "2026-11-02".parse().unwrap(),
        signed_by: None,
        about: None,
        declined: false,
        confirmed: None,
    };
    half_and_whole(&world, "task WHEN NEW.kind = 'order-filed'", |world| {
        world.runtime.block_on(world.pipeline.external_documents().file_in(&file, &ask, by("a test")))
    });
    assert_eq!(recorded(&world, MAYA).filed.len(), 1);
}

#[test]
fn a_death_is_recorded_with_the_calls_and_the_mail_of_the_household_that_waits() {
    let Some(world) = world(&[MAYA, LILY]) else { return };
    world.edit(MAYA, |record| record.child.siblings_in_program = vec![child(LILY)]);
    world.import();

    half_and_whole(&world, "hold", |world| {
        world.runtime.block_on(world.pipeline.intake().record(&child(MAYA), &Fact::Died, by("a test")))
    });

    assert!(recorded(&world, MAYA).died);
    let holds = world.runtime.block_on(world.pipeline.store.service().holds()).unwrap();
    let family =
        world.runtime.block_on(world.pipeline.store.children().child(&child(LILY))).unwrap().record.family.len();
    assert_eq!(holds.len(), family);
    let tasks = world.runtime.block_on(world.pipeline.store.service().tasks()).unwrap();
    assert!(tasks.iter().any(|task| task.kind == "telephone-office"));
    assert!(tasks.iter().any(|task| task.kind == "death-in-family" && task.child_id.as_deref() == Some(LILY)));
}

#[test]
fn children_go_to_another_coordinator_all_or_none() {
    let Some(world) = world(&[MAYA, LILY]) else { return };
    world.import();
    let (from, to) = ("jenni-alvarez".parse().unwrap(), "marcus-bell".parse().unwrap());
    let mut mine: Vec<ChildId> = Vec::new();
    let moved = half_and_whole(&world, &format!("fact WHEN NEW.child_id = '{MAYA}'"), |world| {
        let day = world.pipeline.day();
        world.runtime.block_on(world.pipeline.intake().duty_decisions().reassign(
            &from,
            &to,
            day,
            &[],
            "on leave",
            by("a test"),
        ))
    });
    mine.extend(moved);
    assert_eq!(mine, [child(LILY), child(MAYA)]);
}

#[test]
fn what_came_back_from_an_office_puts_its_address_out_of_use_for_every_child_with_the_return() {
    let Some(mut world) = world(&[MAYA, "c-0398"]) else { return };
    world.run();
    let id = world.row(MAYA, "office:bayside-therapy").dispatch_id;
    half_and_whole(&world, "office_fact", |world| {
        world.runtime.block_on(world.pipeline.dispatch_operations().mark_returned(&id, "no such office", by("a test")))
    });
    for id in [MAYA, "c-0398"] {
        assert!(recorded(&world, id).disabled.iter().any(|endpoint| endpoint.as_str() == "bayside-mail"), "{id}");
    }
    world.leaves_open(StateName::Queued);
}
