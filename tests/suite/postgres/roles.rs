//! The roles of packaging/postgres/roles.sql, and the views for analysts.

use earlypost::{
    pipeline::{Silent, Stop},
    store::{ProgramKey, Store, StoreSettings},
};
use sqlx::{Connection, Executor, PgConnection};

use crate::harness::{MAYA, World, as_owner, cluster, postgres_is_here};

const PASSWORD: &str = "a-test-only";

/// A user of a role in this world's database, and the URL with which it comes.
async fn user_of(world: &World, role: &str) -> String {
    let name = format!("{role}_{}", world.database.url().rsplit('/').next().unwrap());
    let mut owner = PgConnection::connect(world.database.url()).await.unwrap();
    // Roles belong to the server: tests that run at once must not make them at once.
    owner.execute("BEGIN; SELECT pg_advisory_xact_lock(731)").await.unwrap();
    let script = std::fs::read_to_string("packaging/postgres/roles.sql").unwrap();
    owner.execute(sqlx::raw_sql(sqlx::AssertSqlSafe(script))).await.unwrap();
    owner
        .execute(sqlx::AssertSqlSafe(format!("CREATE USER {name} PASSWORD '{PASSWORD}' IN ROLE {role}")))
        .await
        .unwrap();
    owner.execute("COMMIT").await.unwrap();
    cluster().url_of(&name, PASSWORD, world.database.url().rsplit('/').next().unwrap())
}

fn forget(url: &str) {
    let name = url.split_once("://").unwrap().1.split(':').next().unwrap();
    let database = url.rsplit('/').next().unwrap();
    as_owner(&format!("DROP DATABASE IF EXISTS {database} WITH (FORCE)"));
    as_owner(&format!("DROP USER IF EXISTS {name}"));
}

async fn refused(connection: &mut PgConnection, sql: &'static str) {
    let error = connection.execute(sql).await.expect_err(sql);
    let code = error.as_database_error().and_then(|e| e.code().map(|c| c.to_string()));
    assert_eq!(code.as_deref(), Some("42501"), "{sql}: {error}");
}

#[test]
fn a_service_with_few_rights_does_its_whole_work_and_cannot_touch_the_record_of_access() {
    if !postgres_is_here("a_service_with_few_rights_does_its_whole_work_and_cannot_touch_the_record_of_access") {
        return;
    }
    let world = World::on_postgres(&["c-0398", MAYA]);
    let url = world.runtime.block_on(user_of(&world, "earlypost_service"));
    let mut machine = world.another_machine("worker-2");
    let store = world.runtime.block_on(Store::open(StoreSettings {
        url: url.clone(),
        bodies: world.folder.path().join("data/papers").into(),
        key: ProgramKey::parse(&"07".repeat(32)).unwrap(),
        connections: 8,
    }));
    std::sync::Arc::get_mut(&mut machine).unwrap().store =
        store.unwrap().with_lease_clock(earlypost::store::LeaseClock::Caller);
    let report = world.runtime.block_on(machine.run(Some(&world.caseload()), &Silent, &Stop::default())).unwrap();
    assert!(report.balance.accepted > 0 && report.balance.printed > 0, "{}", report.balance);
    world.verify();
    world.runtime.block_on(async {
        let mut service = PgConnection::connect(&url).await.unwrap();
        for sql in [
            "UPDATE ledger SET body = '{}'",
            "DELETE FROM ledger",
            "TRUNCATE ledger CASCADE",
            "ALTER TABLE ledger DISABLE TRIGGER ALL",
            "DROP TABLE ledger",
            "UPDATE ledger_detail SET sealed = ''",
            "UPDATE dispatch_history SET why = 'x'",
            "DELETE FROM fact",
            "DELETE FROM dispatch",
            "CREATE TABLE anything (id BIGINT)",
            "UPDATE _sqlx_migrations SET version = 9999",
        ] {
            refused(&mut service, sql).await;
        }
        let mut owner = PgConnection::connect(world.database.url()).await.unwrap();
        for sql in ["UPDATE ledger SET body = '{}'", "DELETE FROM ledger", "TRUNCATE ledger CASCADE"] {
            let error = owner.execute(sql).await.expect_err("the triggers refuse it to the owner too");
            assert!(error.to_string().contains("only added to"), "{error}");
        }
        machine.store.close().await;
    });
    drop(world);
    forget(&url);
}

#[test]
fn an_analyst_sees_days_and_instants_with_their_own_types_and_no_names() {
    if !postgres_is_here("an_analyst_sees_days_and_instants_with_their_own_types_and_no_names") {
        return;
    }
    let world = World::on_postgres(&[MAYA]);
    world.run();
    let url = world.runtime.block_on(user_of(&world, "earlypost_analyst"));
    world.runtime.block_on(async {
        let mut analyst = PgConnection::connect(&url).await.unwrap();
        let (count,): (i64,) = sqlx::query_as(
            "SELECT COUNT(*) FROM report_dispatch d JOIN report_attempt a USING (dispatch_id)
             WHERE a.settled_at >= a.started_at AND d.created_at > '2026-11-20' AND d.due_on >= DATE '2026-11-01'
               AND extract(year FROM d.updated_at) = 2026",
        )
        .fetch_one(&mut analyst)
        .await
        .unwrap();
        assert!(count > 0);
        let (entries,): (i64,) =
            sqlx::query_as("SELECT COUNT(*) FROM report_ledger WHERE event = 'disclosure' AND at > '2026-11-20' AND dispatch_id IS NOT NULL")
                .fetch_one(&mut analyst)
                .await
                .unwrap();
        assert!(entries > 0);
        for view in ["report_obligation", "report_task", "report_run"] {
            analyst.execute(sqlx::AssertSqlSafe(format!("SELECT * FROM {view}"))).await.unwrap();
        }
        for sql in ["SELECT * FROM child", "SELECT * FROM dispatch", "SELECT * FROM ledger_detail", "DELETE FROM report_task"] {
            refused(&mut analyst, sql).await;
        }
    });
    drop(world);
    forget(&url);
}
