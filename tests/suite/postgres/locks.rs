//! A claim and a change of the same child's facts, in both orders that two machines can bring them into; and what
//! many machines may do only once.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use earlypost::{
    case::Fact,
    disclosure::{Reason, Refusal},
    dispatch::StateName,
    pipeline::{Pipeline, Silent, Stop},
    store::{Among, DispatchRow, Go, ImportOutcome, Judged, Judgement, ProgramKey, Store, StoreSettings, StoredFacts},
};
use sqlx::{Connection, Executor, PgConnection};

use crate::harness::{MAYA, World, by, child, postgres_is_here};

/// Waits until so many sessions of this database wait for a lock that another one holds.
async fn until_waiting(url: &str, sessions: i64) {
    let mut watch = PgConnection::connect(url).await.unwrap();
    loop {
        let (waiting,): (i64,) = sqlx::query_as(
            "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
        )
        .fetch_one(&mut watch)
        .await
        .unwrap();
        if waiting >= sessions {
            return;
        }
        tokio::task::yield_now().await;
    }
}

fn hold() -> Fact {
    Fact::Held { reason: "a test".to_owned() }
}

async fn claim(
    pipeline: &Pipeline,
    judge: impl Fn(&DispatchRow, &StoredFacts) -> Judgement + Send + Sync,
) -> Option<Judged> {
    let now = pipeline.now();
    pipeline
        .store
        .outbox()
        .claim(&Among::default(), &pipeline.worker, now, now + chrono::Duration::seconds(60), &judge)
        .await
        .unwrap()
}

#[test]
fn a_change_that_came_first_is_seen_by_the_claim_that_waited_for_it() {
    if !postgres_is_here("a_change_that_came_first_is_seen_by_the_claim_that_waited_for_it") {
        return;
    }
    let mut world = World::on_postgres(&[MAYA]);
    world.leaves_open(StateName::Queued);
    world.import();
    world.prepare();
    let url = world.database.url().to_owned();
    let seen = Mutex::new(None);
    world.runtime.block_on(async {
        // Another machine records a hold, as `record_fact` does, and has not committed yet.
        let mut other = PgConnection::connect(&url).await.unwrap();
        other.execute("BEGIN").await.unwrap();
        sqlx::query("SELECT child_id FROM child WHERE child_id = $1 FOR UPDATE").bind(MAYA).execute(&mut other).await.unwrap();
        sqlx::query("INSERT INTO fact (fact_id, child_id, body, recorded_at, recorded_by) VALUES ('f', $1, $2, '2026-11-20T17:00:00.000Z', 'a test')")
            .bind(MAYA)
            .bind(serde_json::to_string(&hold()).unwrap())
            .execute(&mut other)
            .await
            .unwrap();
        let claiming = claim(&world.pipeline, |_, facts| {
            *seen.lock().unwrap() = Some(facts.recorded.hold.is_some());
            Judgement::Refuse(Refusal::of(Reason::Held))
        });
        let commit = async {
            until_waiting(&url, 1).await;
            other.execute("COMMIT").await.unwrap();
        };
        tokio::join!(claiming, commit);
    });
    assert_eq!(*seen.lock().unwrap(), Some(true), "the gate saw the facts of before the change");
}

#[test]
fn a_change_that_comes_second_waits_until_the_claim_is_written() {
    if !postgres_is_here("a_change_that_comes_second_waits_until_the_claim_is_written") {
        return;
    }
    let mut world = World::on_postgres(&[MAYA]);
    world.leaves_open(StateName::Queued);
    world.import();
    world.prepare();
    let other = world.another_machine("worker-2");
    let url = world.database.url().to_owned();
    let recorded = Arc::new(AtomicBool::new(false));
    let changes: Mutex<Vec<tokio::task::JoinHandle<()>>> = Mutex::default();
    let runtime = world.runtime.handle().clone();
    world.runtime.block_on(async {
        claim(&world.pipeline, |_, _| {
            let (other, done, url) = (Arc::clone(&other), Arc::clone(&recorded), url.clone());
            changes.lock().unwrap().push(runtime.spawn(async move {
                other.store.children().record_fact(&child(MAYA), &hold(), "a test", other.now()).await.unwrap();
                done.store(true, Ordering::SeqCst);
            }));
            tokio::task::block_in_place(|| runtime.block_on(until_waiting(&url, 1)));
            assert!(!recorded.load(Ordering::SeqCst), "the facts changed under the gate's eyes");
            Judgement::Refuse(Refusal::of(Reason::Held))
        })
        .await;
        let changes = std::mem::take(&mut *changes.lock().unwrap());
        for change in changes {
            change.await.unwrap();
        }
    });
    assert!(recorded.load(Ordering::SeqCst));
}

#[test]
fn four_machines_send_each_envelope_once() {
    if !postgres_is_here("four_machines_send_each_envelope_once") {
        return;
    }
    let world = World::on_postgres(&["c-0398", "c-0402", "c-0405", MAYA]);
    world.import();
    world.prepare();
    let queued = world.runtime.block_on(world.pipeline.store.monitoring().state_counts()).unwrap();
    let queued = queued.iter().find(|c| c.state == "queued").unwrap().count;
    let machines: Vec<Arc<Pipeline>> = (2..=5).map(|n| world.another_machine(&format!("worker-{n}"))).collect();
    let sent: u64 = world.runtime.block_on(async {
        let tasks: Vec<_> = machines
            .iter()
            .map(|m| {
                let machine = Arc::clone(m);
                tokio::spawn(async move {
                    machine.delivery().deliver_all(&Silent, &Stop::default(), by("the tester")).await.unwrap().attempts
                })
            })
            .collect();
        let mut sent = 0;
        for task in tasks {
            sent += task.await.unwrap();
        }
        sent
    });
    assert_eq!(i64::try_from(sent).unwrap(), queued);
    let mut given: BTreeMap<String, usize> = BTreeMap::new();
    for parcel in world.mail.given().into_iter().chain(world.post.given()) {
        *given.entry(parcel.dispatch_id).or_default() += 1;
    }
    assert_eq!(i64::try_from(given.len()).unwrap(), queued);
    assert!(given.values().all(|times| *times == 1), "{given:?}");
    world.verify();
}

#[test]
fn a_lease_is_measured_by_the_databases_clock_and_a_machine_far_from_it_sends_nothing() {
    if !postgres_is_here("a_lease_is_measured_by_the_databases_clock_and_a_machine_far_from_it_sends_nothing") {
        return;
    }
    let mut world = World::on_postgres(&[MAYA]);
    world.leaves_open(StateName::Queued);
    world.leaves_open(StateName::Sending);
    world.import();
    world.prepare();
    let mut machine = world.another_machine("worker-2");
    world.runtime.block_on(async {
        let settings = StoreSettings {
            url: world.database.url().to_owned(),
            bodies: world.folder.path().join("data/papers").into(),
            key: ProgramKey::parse(&"07".repeat(32)).unwrap(),
            connections: 8,
        };
        // As the program opens it; the world's own clock stands on a day of the samples.
        Arc::get_mut(&mut machine).unwrap().store = Store::open(settings).await.unwrap();
        let refusal =
            machine.delivery().deliver_all(&Silent, &Stop::default(), by("the tester")).await.unwrap_err().to_string();
        assert!(refusal.contains("this machine's clock is") && refusal.contains("nothing is sent"), "{refusal}");
        assert!(world.mail.given().is_empty() && world.post.given().is_empty());
        let permission = crate::gate::mother().permission();
        claim(&machine, |_, _| {
            Judgement::Send(Box::new(Go {
                authorization: permission.clone(),
                wording: None,
                counts_on: None,
                watches_address: None,
            }))
        })
        .await
        .unwrap();
        let mut reader = PgConnection::connect(world.database.url()).await.unwrap();
        let (seconds,): (i64,) = sqlx::query_as(
            "SELECT CAST(extract(epoch FROM lease_until::timestamptz - clock_timestamp()) AS BIGINT) FROM dispatch
             WHERE state = 'sending'",
        )
        .fetch_one(&mut reader)
        .await
        .unwrap();
        assert!((0..=60).contains(&seconds), "a lease of a minute from the database's now ends in {seconds} s");
    });
}

#[test]
fn a_tick_is_taken_by_one_of_many_services() {
    if !postgres_is_here("a_tick_is_taken_by_one_of_many_services") {
        return;
    }
    let world = World::on_postgres(&[]);
    let machines: Vec<Arc<Pipeline>> = (2..=5).map(|n| world.another_machine(&format!("worker-{n}"))).collect();
    let run = earlypost::store::NewSchedule {
        name: "run".to_owned(),
        work: "run",
        expression: "*/15 * * * *".to_owned(),
        zone: "America/New_York".to_owned(),
        missed: "run-once-now",
        next_due: world.pipeline.now(),
    };
    world.runtime.block_on(world.pipeline.store.service().sync_schedules(&[run])).unwrap();
    for _ in 0..5 {
        let taken = world.runtime.block_on(async {
            let tasks: Vec<_> = machines
                .iter()
                .map(|m| {
                    let machine = Arc::clone(m);
                    tokio::spawn(async move {
                        let now = machine.now();
                        let row = machine.store.service().schedules().await.unwrap().remove(0);
                        let next = now + chrono::Duration::minutes(15);
                        row.next_due <= now
                            && machine
                                .store
                                .service()
                                .take_tick(&row, next, &machine.worker, now)
                                .await
                                .unwrap()
                                .is_some()
                    })
                })
                .collect();
            let mut taken = 0;
            for task in tasks {
                taken += usize::from(task.await.unwrap());
            }
            taken
        });
        assert_eq!(taken, 1);
        world.clock.advance(chrono::Duration::minutes(15));
    }
}

#[test]
fn two_machines_that_prepare_the_same_children_at_once_make_each_envelope_once() {
    if !postgres_is_here("two_machines_that_prepare_the_same_children_at_once_make_each_envelope_once") {
        return;
    }
    let mut world = World::on_postgres(&["c-0398", "c-0405", MAYA]);
    world.leaves_open(StateName::Queued);
    world.import();
    let other = world.another_machine("worker-2");
    let (pipeline, counts) = (Arc::clone(&world.pipeline), |world: &World| {
        world.runtime.block_on(world.pipeline.store.monitoring().state_counts()).unwrap()
    });
    world.runtime.block_on(async {
        let one = tokio::spawn({
            let pipeline = Arc::clone(&pipeline);
            async move { pipeline.preparation().prepare_all("run-1", &Silent).await.unwrap() }
        });
        let two = tokio::spawn(async move { other.preparation().prepare_all("run-2", &Silent).await.unwrap() });
        one.await.unwrap();
        two.await.unwrap();
    });
    let together = counts(&world);
    let mut alone = World::on_postgres(&["c-0398", "c-0405", MAYA]);
    alone.leaves_open(StateName::Queued);
    alone.import();
    alone.prepare();
    assert_eq!(together, counts(&alone));
}

#[test]
fn an_import_of_records_that_are_as_they_were_locks_and_writes_no_row_of_theirs() {
    if !postgres_is_here("an_import_of_records_that_are_as_they_were_locks_and_writes_no_row_of_theirs") {
        return;
    }
    let world = World::on_postgres(&["c-0398", "c-0405", MAYA]);
    let rows = || {
        world.runtime.block_on(async {
            let mut watch = PgConnection::connect(world.database.url()).await.unwrap();
            let rows: Vec<(String, String, String)> =
                sqlx::query_as("SELECT child_id, xmin::text, xmax::text FROM child ORDER BY child_id")
                    .fetch_all(&mut watch)
                    .await
                    .unwrap();
            rows
        })
    };
    world.import();
    let before = rows();
    world.import();
    assert_eq!(rows(), before);
}

#[test]
fn a_changed_record_that_waited_for_its_childs_destruction_is_not_taken() {
    if !postgres_is_here("a_changed_record_that_waited_for_its_childs_destruction_is_not_taken") {
        return;
    }
    let world = World::on_postgres(&[MAYA]);
    world.import();
    let other = world.another_machine("worker-2");
    let outcome = world.runtime.block_on(async {
        let mut record = (*other.store.children().child(&child(MAYA)).await.unwrap().record).clone();
        record.contact_every_months = Some(2);
        let mut destroys = PgConnection::connect(world.database.owner_url()).await.unwrap();
        // Its certificate is not looked for.
        destroys.execute("SET session_replication_role = replica").await.unwrap();
        let mut destruction = destroys.begin().await.unwrap();
        destruction.execute("SELECT child_id FROM child FOR UPDATE").await.unwrap();
        destruction.execute("INSERT INTO destroyed_child SELECT child_id, '', 1, '' FROM child").await.unwrap();
        let import = tokio::spawn(async move {
            other.store.children().import_child(&Arc::new(record), "a test", other.now()).await.unwrap()
        });
        until_waiting(world.database.owner_url(), 1).await;
        destruction.commit().await.unwrap();
        import.await.unwrap()
    });
    assert_eq!(outcome, ImportOutcome::Destroyed);
}
