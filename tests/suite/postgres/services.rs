//! Four services on one database: the work is shared, one is killed, and nothing is lost or sent twice.

use std::{
    process::{Child, Stdio},
    time::Instant,
};

use sqlx::{Connection, PgConnection};

use crate::{
    commands::place::{Place, told_to_stop},
    harness::{Database, postgres_is_here},
};

const CHILDREN: [&str; 6] = ["c-0398", "c-0402", "c-0405", "c-0415", "c-0417", "c-0352"];
/// A service that has done nothing by then is broken; a machine under load needs a while.
const PATIENCE_SECONDS: u64 = 300;

fn service(place: &Place, database: &Database, roles: &str) -> Child {
    place
        .command(&["serve", "--roles", roles])
        .env("EARLYPOST_STORE", database.url())
        .env("EARLYPOST_SERVICE_POLL_SECONDS", "1")
        .env("EARLYPOST_DELIVERY_LEASE_SECONDS", "3")
        .env("EARLYPOST_RENDER_WORKERS", "1")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

async fn count(connection: &mut PgConnection, sql: &'static str) -> i64 {
    let (count,): (i64,) = sqlx::query_as(sql).fetch_one(connection).await.unwrap();
    count
}

/// Asks until the answer holds.
async fn until(connection: &mut PgConnection, sql: &'static str, holds: impl Fn(i64) -> bool) {
    let began = Instant::now();
    while !holds(count(connection, sql).await) {
        assert!(began.elapsed().as_secs() < PATIENCE_SECONDS, "waited too long for {sql}");
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn four_services_share_the_work_and_one_that_is_killed_is_taken_over() {
    if !postgres_is_here("four_services_share_the_work_and_one_that_is_killed_is_taken_over") {
        return;
    }
    let alone = Place::on_sqlite(&CHILDREN);
    alone.done(&["run"]);
    let expected = alone.json(&["status"])["dispatches"].clone();
    let (place, database) = (Place::on_sqlite(&CHILDREN), Database::postgres());
    let mut services: Vec<Child> = (0..4).map(|_| service(&place, &database, "plan,render,deliver,receive")).collect();
    let mut watch = PgConnection::connect(database.url()).await.unwrap();
    // Killed with the first envelopes in its hands or out of them: whichever it is, the others go on.
    until(&mut watch, "SELECT COUNT(*) FROM attempt", |n| n > 0).await;
    let (worker,): (String,) =
        sqlx::query_as("SELECT worker FROM attempt LIMIT 1").fetch_one(&mut watch).await.unwrap();
    let victim = worker.split('-').next().unwrap().parse::<u32>().unwrap();
    let at = services.iter().position(|service| service.id() == victim).expect("a worker is named after its process");
    let mut killed = services.remove(at);
    killed.kill().unwrap();
    killed.wait().unwrap();
    // The one that was killed may have been the one that planned: the next tick repairs that, and it is due now.
    sqlx::query("UPDATE schedule SET next_due = '2026-01-01T00:00:00.000Z'").execute(&mut watch).await.unwrap();
    let planned: i64 = expected.as_object().unwrap().values().map(|count| count.as_i64().unwrap()).sum();
    let deadline = Instant::now();
    loop {
        let made = count(&mut watch, "SELECT COUNT(*) FROM dispatch").await;
        let open = count(&mut watch, "SELECT COUNT(*) FROM dispatch WHERE state IN ('queued', 'sending')").await;
        if made == planned && open == 0 {
            break;
        }
        assert!(deadline.elapsed().as_secs() < PATIENCE_SECONDS, "{made} of {planned} made, {open} open");
        tokio::task::yield_now().await;
    }
    services.into_iter().for_each(told_to_stop);
    let status = |args: &[&str]| {
        let said = crate::commands::place::ended(place.command(args).env("EARLYPOST_STORE", database.url()));
        assert_eq!(said.code, 0, "{}", said.err);
        said
    };
    assert_eq!(status(&["status", "--json"]).json()["dispatches"], expected);
    status(&["ledger", "verify", "--documents"]);
    assert_eq!(place.sent().len(), alone.sent().len(), "every file once");
    let twice = count(
        &mut watch,
        "SELECT COUNT(*) FROM (SELECT dispatch_id FROM attempt WHERE outcome IN ('accepted', 'printed')
         GROUP BY dispatch_id HAVING COUNT(*) > 1) twice",
    )
    .await;
    assert_eq!(twice, 0);
}

#[tokio::test]
async fn a_service_does_only_the_work_of_its_roles() {
    if !postgres_is_here("a_service_does_only_the_work_of_its_roles") {
        return;
    }
    let (place, database) = (Place::on_sqlite(&["c-0417"]), Database::postgres());
    let mut watch = PgConnection::connect(database.url()).await.unwrap();
    let queued = "SELECT COUNT(*) FROM dispatch WHERE state IN ('queued', 'sending')";
    let without_papers = "SELECT COUNT(*) FROM dispatch WHERE state = 'queued' AND packet IS NULL";
    let with_papers = "SELECT COUNT(*) FROM dispatch WHERE packet IS NOT NULL";
    let attempts = "SELECT COUNT(*) FROM attempt";

    let first = service(&place, &database, "plan");
    until(&mut watch, "SELECT COUNT(*) FROM run WHERE ended_at IS NOT NULL", |n| n > 0).await;
    told_to_stop(first);
    let planned = count(&mut watch, queued).await;
    assert!(planned > 0);
    assert_eq!(count(&mut watch, with_papers).await, 0, "a planner makes no paper");
    let (balance,): (String,) = sqlx::query_as("SELECT balance FROM run LIMIT 1").fetch_one(&mut watch).await.unwrap();
    assert!(balance.contains(&format!("\"queued\":{planned}")), "the run accounts for what it queued: {balance}");

    let second = service(&place, &database, "render,receive");
    until(&mut watch, without_papers, |n| n == 0).await;
    told_to_stop(second);
    assert!(count(&mut watch, with_papers).await > 0);
    assert_eq!(count(&mut watch, "SELECT COUNT(*) FROM rendering").await, 0, "nothing is held by one that has stopped");
    assert_eq!(count(&mut watch, attempts).await, 0, "a renderer sends nothing");

    let runs = count(&mut watch, "SELECT COUNT(*) FROM run").await;
    sqlx::query("UPDATE schedule SET next_due = '2026-01-01T00:00:00.000Z'").execute(&mut watch).await.unwrap();
    let deliverer = service(&place, &database, "deliver");
    until(&mut watch, queued, |n| n == 0).await;
    assert!(count(&mut watch, attempts).await > 0);
    assert_eq!(count(&mut watch, "SELECT COUNT(*) FROM run").await, runs, "a deliverer plans nothing");
    told_to_stop(deliverer);
    place.earlypost(&["serve", "--roles", "everything"]).fails(2, "plan, render, deliver, receive");
}
