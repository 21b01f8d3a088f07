//! The database is busy, or away, while an envelope is out.

use sqlx::{Connection, Executor, PgConnection, SqliteConnection};

use super::{MidWay, each_went_once, world};
use crate::harness::{World, by, postgres_is_here};

/// A world on SQLite, and another program's connection to its file. On PostgreSQL no lock is on the whole database.
fn on_sqlite() -> (World, SqliteConnection) {
    let world = world(World::on_sqlite);
    let other = world.runtime.block_on(SqliteConnection::connect(world.database.url())).unwrap();
    (world, other)
}

#[test]
fn an_answer_that_cannot_be_written_at_once_is_written_when_the_database_is_back() {
    let (world, mut other) = on_sqlite();
    let midway = MidWay::of(&world);
    // For two seconds the database takes no outcome.
    world.runtime.block_on(async {
        other.execute("CREATE TABLE fault AS SELECT julianday('now') + 2.0 / 86400 AS until").await.unwrap();
        let away = "CREATE TRIGGER away BEFORE UPDATE ON attempt WHEN julianday('now') < (SELECT until FROM fault)
                    BEGIN SELECT RAISE(ABORT, 'away'); END";
        other.execute(away).await.unwrap();
    });

    midway.let_answer(&world).unwrap();

    world.runtime.block_on(other.execute("DROP TRIGGER away; DROP TABLE fault")).unwrap();
    each_went_once(&world);
}

#[test]
fn a_database_that_another_program_holds_is_named_and_afterwards_everything_goes_once() {
    let (world, mut other) = on_sqlite();
    world.runtime.block_on(other.execute("BEGIN IMMEDIATE")).unwrap();

    let refused = world.runtime.block_on(world.pipeline.delivery().deliver_all(
        &earlypost::pipeline::Silent,
        &earlypost::pipeline::Stop::default(),
        by("the tester"),
    ));

    let says = format!("{:#}", refused.unwrap_err());
    assert!(says.contains("in use by another process"), "{says}");
    assert!(world.mail.given().is_empty(), "nothing goes without its attempt in the database");
    world.runtime.block_on(other.execute("ROLLBACK")).unwrap();
    world.deliver();
    each_went_once(&world);
}

#[test]
fn connections_that_are_cut_while_an_envelope_is_out_cost_nothing() {
    if !postgres_is_here("connections_that_are_cut_while_an_envelope_is_out_cost_nothing") {
        return;
    }
    let world = world(|children, _| World::on_postgres(children));
    let midway = MidWay::of(&world);
    world.runtime.block_on(async {
        let mut other = PgConnection::connect(world.database.owner_url()).await.unwrap();
        // What a restart does to everybody who is connected.
        let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                   WHERE datname = current_database() AND pid <> pg_backend_pid()";
        other.execute(cut).await.unwrap();
    });

    // The answer is written over a new connection. Whether the next envelope is claimed over one of the old is chance;
    // then this delivery ends with an error, and the next goes on.
    if let Err(error) = midway.let_answer(&world) {
        assert!(format!("{error:#}").contains("the database"), "{error:#}");
    }

    world.deliver();
    each_went_once(&world);
}
