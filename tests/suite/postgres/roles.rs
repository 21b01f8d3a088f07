//! The roles of packaging/postgres/roles.sql, and the views for analysts.

use std::collections::BTreeSet;

use earlypost::{
    case::ChildId,
    ledger::{Entry, Event},
};
use sqlx::{Connection, Executor, PgConnection};

use crate::{
    commands::place::{Place, ended},
    harness::{Database, MAYA, World, as_owner, child, cluster, postgres_is_here},
};

const PASSWORD: &str = "a-test-only";

/// Runs the script as the owner of the tables does after an upgrade.
async fn run_script(database: &Database) -> PgConnection {
    let mut owner = PgConnection::connect(database.owner_url()).await.unwrap();
    // Roles belong to the server: tests that run at once must not make them at once.
    owner.execute("BEGIN; SELECT pg_advisory_xact_lock(731)").await.unwrap();
    let script = std::fs::read_to_string("packaging/postgres/roles.sql").unwrap();
    owner.execute(sqlx::raw_sql(sqlx::AssertSqlSafe(script))).await.unwrap();
    owner.execute("COMMIT").await.unwrap();
    owner
}

/// A new user in a role, and the URL with which it comes to this database.
async fn user_of(database: &Database, role: &str) -> String {
    let mut owner = run_script(database).await;
    let name = database.owner_url().rsplit('/').next().unwrap();
    let user = format!("{role}_{name}");
    let sql = format!("CREATE USER {user} PASSWORD '{PASSWORD}' IN ROLE {role}");
    owner.execute(sqlx::AssertSqlSafe(sql)).await.unwrap();
    cluster().url_of(&user, PASSWORD, name)
}

fn forget(url: &str) {
    let name = url.split_once("://").unwrap().1.split(':').next().unwrap();
    let database = url.rsplit('/').next().unwrap();
    as_owner(&format!("DROP DATABASE IF EXISTS {database} WITH (FORCE)"));
    as_owner(&format!("DROP USER IF EXISTS {name}"));
}

async fn refused(connection: &mut PgConnection, sql: &str) {
    let error = connection.execute(sqlx::AssertSqlSafe(sql.to_owned())).await.expect_err(sql);
    let code = error.as_database_error().and_then(|e| e.code().map(|c| c.to_string()));
    assert_eq!(code.as_deref(), Some("42501"), "{sql}: {error}");
}

/// The second pass is for this user: were it another, the suite would prove nothing about the role.
#[test]
fn the_tests_come_to_their_database_as_a_service_with_few_rights() {
    if !postgres_is_here("the_tests_come_to_their_database_as_a_service_with_few_rights") {
        return;
    }
    let database = Database::postgres();
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let mut service = PgConnection::connect(database.url()).await.unwrap();
        let (is_service, is_keeper, is_super): (bool, bool, bool) = sqlx::query_as(
            "SELECT pg_has_role('earlypost_service', 'MEMBER'), pg_has_role('earlypost_keeper', 'MEMBER'), rolsuper
             FROM pg_roles WHERE rolname = current_user",
        )
        .fetch_one(&mut service)
        .await
        .unwrap();
        assert!(is_service && !is_keeper && !is_super);
    });
}

#[test]
fn a_service_takes_a_changed_record_and_cannot_touch_what_is_only_added_to() {
    if !postgres_is_here("a_service_takes_a_changed_record_and_cannot_touch_what_is_only_added_to") {
        return;
    }
    let world = World::on_postgres(&["c-0398", MAYA]);
    let report = world.run();
    assert!(report.balance.accepted > 0 && report.balance.printed > 0, "{}", report.balance);
    world.edit(MAYA, |record| record.contact_every_months = Some(2));
    assert_eq!(world.import().changed, 1);
    world.verify();
    world.runtime.block_on(async {
        // An older script gave more. Run again, this one takes it back.
        let mut owner = PgConnection::connect(world.database.owner_url()).await.unwrap();
        let more = "GRANT UPDATE, DELETE, TRUNCATE ON ALL TABLES IN SCHEMA public TO earlypost_service";
        owner.execute(more).await.unwrap();
        run_script(&world.database).await;
        let mut service = PgConnection::connect(world.database.url()).await.unwrap();
        for table in [
            "approval",
            "checkpoint",
            "child_history",
            "destroyed_child",
            "directory",
            "dispatch_history",
            "fact",
            "former_packet",
            "ifsp_version",
            "ledger",
            "ledger_detail",
            "obligation_history",
            "office_fact",
            "_sqlx_migrations",
        ] {
            let sql = "SELECT column_name::text FROM information_schema.columns WHERE table_name = $1 LIMIT 1";
            let (column,): (String,) = sqlx::query_as(sql).bind(table).fetch_one(&mut service).await.unwrap();
            refused(&mut service, &format!("UPDATE {table} SET {column} = {column}")).await;
            refused(&mut service, &format!("SELECT 1 FROM {table} FOR UPDATE")).await;
            refused(&mut service, &format!("DELETE FROM {table}")).await;
        }
        for sql in [
            "TRUNCATE ledger CASCADE",
            "ALTER TABLE ledger DISABLE TRIGGER ALL",
            "DROP TABLE ledger",
            "DELETE FROM child",
            "DELETE FROM child_key",
            "DELETE FROM dispatch",
            "DELETE FROM report_task",
            "CREATE TABLE anything (id BIGINT)",
            "INSERT INTO _sqlx_migrations SELECT * FROM _sqlx_migrations",
        ] {
            refused(&mut service, sql).await;
        }
        for sql in ["UPDATE ledger SET body = '{}'", "DELETE FROM ledger", "TRUNCATE ledger CASCADE"] {
            let error = owner.execute(sql).await.expect_err("the triggers refuse it to the owner too");
            assert!(error.to_string().contains("only added to"), "{error}");
        }
    });
}

/// The tables that a text of the store names after these words of SQL.
fn after<'t>(text: &'t str, words: &str) -> Vec<(usize, &'t str)> {
    let name = |at: usize| text[at..].split(|c: char| !c.is_ascii_lowercase() && c != '_').next().unwrap_or_default();
    text.match_indices(words).map(|(at, _)| (at, name(at + words.len()))).filter(|(_, name)| !name.is_empty()).collect()
}

#[test]
fn a_service_may_what_the_stores_statements_do_and_removes_rows_nowhere_else() {
    if !postgres_is_here("a_service_may_what_the_stores_statements_do_and_removes_rows_nowhere_else") {
        return;
    }
    let mut wanted: BTreeSet<(String, &str)> = BTreeSet::new();
    let mut folders = vec![std::path::PathBuf::from("src/store")];
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(path).unwrap();
            let inserts = after(&text, "INSERT INTO ");
            let of = |right| move |(_, table): &(usize, &str)| ((*table).to_owned(), right);
            wanted.extend(inserts.iter().map(of("INSERT")));
            wanted.extend(after(&text, "DELETE FROM ").iter().map(of("DELETE")));
            wanted.extend(after(&text, "UPDATE ").iter().map(of("UPDATE")));
            for (at, _) in text.match_indices(" DO UPDATE ") {
                wanted.extend(inserts.iter().rev().find(|(insert, _)| *insert < at).map(of("UPDATE")));
            }
        }
    }
    let database = Database::postgres();
    let rights: Vec<(String, bool, bool, bool)> = tokio::runtime::Runtime::new().unwrap().block_on(async {
        let mut service = PgConnection::connect(database.url()).await.unwrap();
        let sql = "SELECT relname::text, has_table_privilege(oid, 'INSERT'), has_table_privilege(oid, 'UPDATE'),
                   has_table_privilege(oid, 'DELETE') FROM pg_class
                   WHERE relkind IN ('r', 'v') AND relnamespace = 'public'::regnamespace";
        sqlx::query_as(sql).fetch_all(&mut service).await.unwrap()
    });
    let there: BTreeSet<&str> = rights.iter().map(|(table, ..)| table.as_str()).collect();
    wanted.retain(|(table, _)| there.contains(table.as_str()));
    assert!(wanted.len() > 50, "{wanted:?}");
    let has: BTreeSet<(String, &str)> = rights
        .iter()
        .flat_map(|(table, insert, update, delete)| {
            [(insert, "INSERT"), (update, "UPDATE"), (delete, "DELETE")]
                .map(|(has, right)| has.then(|| (table.clone(), right)))
        })
        .flatten()
        .collect();
    let refused: Vec<_> = wanted.difference(&has).collect();
    assert!(refused.is_empty(), "the service's role is refused {refused:?}");
    let unused: Vec<_> = has.difference(&wanted).filter(|(_, right)| *right == "DELETE").collect();
    assert!(unused.is_empty(), "no statement needs {unused:?}");
}

#[test]
fn a_record_is_destroyed_by_its_keeper_and_by_no_service() {
    if !postgres_is_here("a_record_is_destroyed_by_its_keeper_and_by_no_service") {
        return;
    }
    let world = World::on_postgres(&["c-0398", MAYA]);
    world.run();
    let (maya, now) = (child(MAYA), world.pipeline.now());
    let entry = Entry::new(Event::Destruction, &maya, "destroyed", "a test");
    let keeper = world.as_keeper();
    world.runtime.block_on(async {
        let refusal =
            world.pipeline.store.children().destroy_child(&maya, &entry, "{}", now).await.unwrap_err().to_string();
        assert!(refusal.contains("packaging/postgres/roles.sql shows what it needs"), "{refusal}");
        assert!(world.pipeline.store.children().child(&maya).await.is_ok(), "nothing is destroyed by half");
        keeper.store.children().destroy_child(&maya, &entry, "{}", now).await.unwrap();
        let left: Vec<ChildId> = keeper.store.children().child_ids_after("", 10).await.unwrap();
        assert_eq!(left, [child("c-0398")]);
        let mut connection = PgConnection::connect(world.database.keeper_url()).await.unwrap();
        for sql in
            ["DELETE FROM ledger", "DELETE FROM destroyed_child", "DELETE FROM matter", "UPDATE fact SET body = ''"]
        {
            refused(&mut connection, sql).await;
        }
    });
    world.verify();
}

/// As README says it, by an owner who may make roles and is no superuser.
#[tokio::test]
async fn an_owner_without_a_superusers_rights_sets_up_a_program_that_then_runs_as_a_service() {
    const TEST: &str = "an_owner_without_a_superusers_rights_sets_up_a_program_that_then_runs_as_a_service";
    if !postgres_is_here(TEST) {
        return;
    }
    let (place, database) = (Place::on_sqlite(&["c-0398", MAYA]), Database::empty_postgres());
    let name = database.owner_url().rsplit('/').next().unwrap();
    let (owner, night) = (format!("owner_{name}"), format!("night_{name}"));
    as_owner(&format!("CREATE USER {owner} PASSWORD '{PASSWORD}' CREATEROLE"));
    as_owner(&format!("ALTER DATABASE {name} OWNER TO {owner}"));
    // The roles are there already where another program's owner has made them; then somebody lets this one use them.
    let _other = Database::postgres();
    as_owner(&format!("GRANT earlypost_service, earlypost_keeper TO {owner} WITH ADMIN OPTION"));
    let owner_url = cluster().url_of(&owner, PASSWORD, name);
    let as_user = |url: &str, args: &[&str]| {
        let said = ended(place.command(args).env("EARLYPOST_STORE", url));
        assert_eq!(said.code, 0, "{args:?}: {}", said.err);
        said
    };
    as_user(&owner_url, &["store", "migrate"]);
    let mut connection = PgConnection::connect(&owner_url).await.unwrap();
    let script = std::fs::read_to_string("packaging/postgres/roles.sql").unwrap();
    for _ in 0..2 {
        connection.execute(sqlx::raw_sql(sqlx::AssertSqlSafe(script.clone()))).await.unwrap();
    }
    let user = format!("CREATE USER {night} PASSWORD '{PASSWORD}' IN ROLE earlypost_service");
    connection.execute(sqlx::AssertSqlSafe(user)).await.unwrap();
    connection.close().await.unwrap();
    let night_url = cluster().url_of(&night, PASSWORD, name);
    as_user(&night_url, &["run"]);
    place.change(MAYA, |record| record["contact_every_months"] = 2.into());
    let import = as_user(&night_url, &["import", "--json"]).json();
    assert_eq!(import["changed"], 1, "{import}");
    as_user(&night_url, &["run"]);
    as_user(&night_url, &["ledger", "verify", "--documents"]);
    drop(database);
    for user in [night, owner] {
        as_owner(&format!("DROP USER {user}"));
    }
}

#[test]
fn an_analyst_sees_days_and_instants_with_their_own_types_and_no_names() {
    if !postgres_is_here("an_analyst_sees_days_and_instants_with_their_own_types_and_no_names") {
        return;
    }
    let world = World::on_postgres(&[MAYA]);
    world.run();
    let url = world.runtime.block_on(user_of(&world.database, "earlypost_analyst"));
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
