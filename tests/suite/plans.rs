//! No claim, no poll and no report reads a whole table, nor a whole directory for its hash, nor a plan's lines about other
//! children than those it asks for. The statements are those that the program really sends in a day's work, taken from
//! sqlx's own log, so that a new one is looked at too.

use std::{
    collections::BTreeSet,
    process::Command,
    sync::{Arc, Mutex},
};

use chrono::Duration;
use earlypost::{
    dispatch::StateName,
    pipeline::{PlanScope, Silent},
};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, Row, SqliteConnection, sqlite::SqliteConnectOptions};
use tracing::field::{Field, Visit};
use tracing_subscriber::{Layer, layer::Context, prelude::*};

use crate::harness::{Does, MAYA, World, by, on_postgres, postgres_is_here};

/// Tables of a few rows, whatever the size of the program: a checkpoint is written once a day, a hold by a person.
const SMALL: [&str; 13] = [
    "channel_day",
    "channel_pause",
    "channel_resumed",
    "checkpoint",
    "directory",
    "endpoint_pause",
    // What was recorded about one child, and about offices' addresses, read as one.
    "facts",
    "hold",
    "installation",
    // What is known about one child; each part of it is looked at by itself.
    "known",
    "office_fact",
    "schedule",
    "_sqlx_migrations",
];

/// Tables that hold rows of a dispatch, each with the columns whose values must differ from the original's.
const OF_A_DISPATCH: [(&str, &[&str]); 4] =
    [("dispatch", &["anchor"]), ("dispatch_part", &["anchor"]), ("attempt", &[]), ("dispatch_history", &[])];

#[test]
fn no_claim_poll_or_report_reads_a_whole_table() {
    look_at_a_day("no_claim_poll_or_report_reads_a_whole_table", None);
}

/// The same with the planner's own choice among a million dispatches. Two minutes.
#[test]
#[ignore = "started by hand: two minutes"]
fn no_claim_poll_or_report_reads_a_whole_table_of_a_million_dispatches() {
    look_at_a_day("no_claim_poll_or_report_reads_a_whole_table_of_a_million_dispatches", Some("1000000"));
}

fn look_at_a_day(test: &str, dispatches: Option<&str>) {
    if on_postgres() {
        return;
    }
    let mut stores = vec!["sqlite"];
    if postgres_is_here(test) {
        stores.push("postgres");
    }
    for store in stores {
        // A process of its own: a log's reader is set once a process.
        let output = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "plans::the_statements_of_a_day", "--ignored", "--nocapture"])
            .env("EARLYPOST_TEST_STORE", store)
            .envs(dispatches.map(|count| ("EARLYPOST_DISPATCHES", count)))
            .output()
            .unwrap();
        let out = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{store}: {out}\n{}", String::from_utf8_lossy(&output.stderr));
        assert!(out.contains("1 passed"), "{out}");
        out.lines().filter(|line| line.starts_with("looked at")).for_each(|line| println!("{store}: {line}"));
    }
}

#[test]
#[ignore = "started by the test above, in a process of its own"]
fn the_statements_of_a_day() {
    let statements = Statements::default();
    tracing_subscriber::registry().with(statements.clone()).init();
    let mut world = World::with(&["c-0398", "c-0402", "c-0405", MAYA]);
    world.leaves_open(StateName::Queued);
    world.import();
    world.prepare();
    world.mail.next(Does::RefusesForNow);
    world.deliver();
    world.clock.advance(Duration::minutes(20));
    world.run();
    world.recover();
    let (pipeline, now) = (Arc::clone(&world.pipeline), world.pipeline.now());
    let store = &pipeline.store;
    world.runtime.block_on(async {
        let run = earlypost::store::NewSchedule {
            name: "run".to_owned(),
            work: "run",
            expression: "*/15 * * * *".to_owned(),
            zone: "America/New_York".to_owned(),
            missed: "run-once-now",
            next_due: now,
        };
        store.service().sync_schedules(&[run]).await.unwrap();
        let row = store.service().schedules().await.unwrap().remove(0);
        store.service().take_tick(&row, now + Duration::minutes(15), "worker-1", now).await.unwrap();
        store.service().holds().await.unwrap();
        store.outcomes().requeue_unknown("smtp", now, now).await.unwrap();
        store.outbox().expired(now).await.unwrap();
        store.monitoring().next_not_before().await.unwrap();
        store.monitoring().duties_until(pipeline.day()).await.unwrap();
        store.monitoring().printed().await.unwrap();
        store.outcomes().pull_list().await.unwrap();
        store.outcomes().children_with_letters("", 100).await.unwrap();
        store.ledger().matters("request", false).await.unwrap();
        store.monitoring().lanes().await.unwrap();
        store.monitoring().late_obligations(pipeline.day()).await.unwrap();
        store.monitoring().newest_checkpoint().await.unwrap();
        store.monitoring().state_counts().await.unwrap();
        store.service().tasks().await.unwrap();
        pipeline.operations().waiting(by("the tester")).await.unwrap();
        for _ in 0..2 {
            let made = pipeline.planning().plan(&PlanScope::default(), by("a tester"), &Silent).await.unwrap();
            store.send_plans().plan_lines(&made.plan, None, 10).await.unwrap();
        }
    });
    let seen = statements.0.lock().unwrap().clone();
    // Several that go to SQLite at once are looked at one by one.
    let each: Vec<String> = seen.iter().flat_map(|sql| sql.split("; ")).map(|sql| sql.trim().to_owned()).collect();
    let looked_at: Vec<&String> = each
        .iter()
        .filter(|sql| ["SELECT", "UPDATE", "DELETE", "WITH"].iter().any(|verb| sql.starts_with(verb)))
        .filter(|sql| {
            !sql.contains("pg_advisory") && !sql.contains("information_schema") && !sql.contains("sqlite_master")
        })
        .collect();
    assert!(looked_at.len() > 40, "only {} statements were seen", looked_at.len());
    let dispatches: Option<u32> = std::env::var("EARLYPOST_DISPATCHES").ok().and_then(|count| count.parse().ok());
    let scans = world.runtime.block_on(scans(world.database.owner_url(), &looked_at, dispatches));
    assert!(scans.is_empty(), "whole tables are read:\n{}", scans.join("\n"));
    println!("looked at {} statements with {dispatches:?} dispatches more", looked_at.len());
}

/// Copies of one dispatch that left, with its attempts and its history, for children of former times; a hundred a child.
fn copies(table: &str, columns: &[String], own: &[&str], count: u32) -> String {
    let (numbers, number) = if on_postgres() {
        (format!("generate_series(1, {count}) AS s(g)"), "lpad(to_hex(s.g), 8, '0')")
    } else {
        let numbers = format!(
            "WITH RECURSIVE s(g) AS (SELECT 1 UNION ALL SELECT g + 1 FROM s WHERE g < {count}) SELECT g FROM s"
        );
        (format!("({numbers}) s"), "printf('%08x', s.g)")
    };
    let value = |column: &String| match column.as_str() {
        "child_id" => "t.child_id || '-former-' || (s.g / 100)".to_owned(),
        "dispatch_id" | "history_id" => format!("{number} || substr(t.{column}, 9)"),
        own_one if own.contains(&own_one) => format!("t.{column} || '-' || s.g"),
        _ => format!("t.{column}"),
    };
    let values: Vec<String> = columns.iter().map(value).collect();
    format!(
        "INSERT INTO {table} ({}) SELECT {} FROM {table} t, {numbers}
         WHERE t.dispatch_id = (SELECT MIN(dispatch_id) FROM dispatch WHERE state = 'accepted')",
        columns.join(", "),
        values.join(", ")
    )
}

/// Statements whose plan reads a whole table, with the plan's line.
async fn scans(url: &str, statements: &[&String], dispatches: Option<u32>) -> Vec<String> {
    let mut found = Vec::new();
    if on_postgres() {
        let mut database = PgConnection::connect(url).await.unwrap();
        if let Some(count) = dispatches {
            // Nobody looks after references here, and children of former times have no record. Looked through as
            // autovacuum leaves such a table.
            database.execute("SET session_replication_role = replica").await.unwrap();
            for (table, own) in OF_A_DISPATCH.iter().rev() {
                let columns: Vec<(String,)> = sqlx::query_as(
                    "SELECT column_name::text FROM information_schema.columns
                     WHERE table_name = $1 AND table_schema = current_schema()",
                )
                .bind(*table)
                .fetch_all(&mut database)
                .await
                .unwrap();
                let columns: Vec<String> = columns.into_iter().map(|(name,)| name).collect();
                database.execute(AssertSqlSafe(copies(table, &columns, own, count))).await.unwrap();
                database.execute(AssertSqlSafe(format!("VACUUM ANALYZE {table}"))).await.unwrap();
            }
        }
        // In tables of a few rows a scan is the best plan; what is asked here is whether there is another. Of the large ones
        // the planner chooses as it would in service.
        let choice = if dispatches.is_some() { "on" } else { "off" };
        let settings = format!("SET enable_seqscan = {choice}; SET plan_cache_mode = force_generic_plan");
        database.execute(AssertSqlSafe(settings)).await.unwrap();
        for sql in statements {
            let places = (1..400).take_while(|n| sql.contains(&format!("${n}"))).count();
            let nulls = vec!["NULL"; places].join(", ");
            let arguments = if places == 0 { String::new() } else { format!("({nulls})") };
            database.execute(AssertSqlSafe(format!("PREPARE looked AS {sql}"))).await.unwrap();
            let explain = format!("EXPLAIN EXECUTE looked{arguments}");
            let lines: Vec<(String,)> = sqlx::query_as(AssertSqlSafe(explain)).fetch_all(&mut database).await.unwrap();
            for (line,) in lines {
                // An index found lines of more children than were asked for, as it does where there are no statistics yet:
                // this table grows while a plan is made. Here it has few rows, and with scans allowed one is best.
                let of_others = line.contains("Filter: ") && line.contains("child_id = ");
                if dispatches.is_none() && sql.contains("FROM plan_line") && of_others {
                    found.push(format!("{}\n    {sql}", line.trim()));
                }
                if let Some((_, rest)) = line.split_once("Seq Scan on ") {
                    let table = rest.split(' ').next().unwrap();
                    if dispatches.is_none() || OF_A_DISPATCH.iter().any(|(large, _)| *large == table) {
                        note(&mut found, table, sql, &line);
                    }
                }
            }
            database.execute("DEALLOCATE looked").await.unwrap();
        }
    } else {
        let file = url.trim_start_matches("sqlite://").split('?').next().unwrap();
        let options = SqliteConnectOptions::new().filename(file).foreign_keys(dispatches.is_none());
        let mut database = SqliteConnection::connect_with(&options).await.unwrap();
        for (table, own) in OF_A_DISPATCH.iter().rev().filter(|_| dispatches.is_some()) {
            let columns: Vec<(String,)> =
                sqlx::query_as(AssertSqlSafe(format!("SELECT name FROM pragma_table_info('{table}')")))
                    .fetch_all(&mut database)
                    .await
                    .unwrap();
            let columns: Vec<String> = columns.into_iter().map(|(name,)| name).collect();
            let count = dispatches.unwrap_or_default();
            database.execute(AssertSqlSafe(copies(table, &columns, own, count))).await.unwrap();
            database.execute(AssertSqlSafe(format!("ANALYZE {table}"))).await.unwrap();
        }
        for sql in statements {
            let explain = format!("EXPLAIN QUERY PLAN {sql}");
            let rows = sqlx::query(AssertSqlSafe(explain)).fetch_all(&mut database).await.unwrap();
            let lines: Vec<String> = rows.iter().map(|row| row.get("detail")).collect();
            // What the statement itself makes, row by row, has the name of no table.
            let made: BTreeSet<&str> = lines.iter().filter_map(|line| line.strip_prefix("CO-ROUTINE ")).collect();
            for line in &lines {
                // Where the row itself is read, so are its megabytes.
                if line.contains(" directory ") && !line.contains(" COVERING ") && !sql.contains("SELECT body ") {
                    found.push(format!("{line}\n    {sql}"));
                }
                // Every line that an earlier plan made.
                if line.contains(" plan_line_made (from_plan<?)") {
                    found.push(format!("{line}\n    {sql}"));
                }
                if let Some(rest) = line.strip_prefix("SCAN ")
                    && !line.contains(" USING ")
                    // A list that the statement itself brings.
                    && !line.contains("CONSTANT ROW")
                    && !line.contains("VALUES CLAUSE")
                    && !sql.starts_with(&format!("WITH {rest} ("))
                    && !made.contains(rest)
                {
                    note(&mut found, rest.split(' ').next().unwrap(), sql, line);
                }
            }
        }
    }
    found
}

fn note(found: &mut Vec<String>, table: &str, sql: &str, line: &str) {
    if !SMALL.contains(&table) {
        found.push(format!("{}\n    {sql}", line.trim()));
    }
}

/// Keeps every statement that sqlx logs.
#[derive(Clone, Default)]
struct Statements(Arc<Mutex<BTreeSet<String>>>);

impl<S: tracing::Subscriber> Layer<S> for Statements {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() == "sqlx::query" {
            let mut fields = Fields::default();
            event.record(&mut fields);
            // The summary is the statement itself where that is short.
            let sql = if fields.statement.trim().is_empty() { fields.summary } else { fields.statement };
            self.0.lock().unwrap().insert(sql.trim().to_owned());
        }
    }
}

#[derive(Default)]
struct Fields {
    summary: String,
    statement: String,
}

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "summary" => value.clone_into(&mut self.summary),
            "db.statement" => value.clone_into(&mut self.statement),
            _ => {}
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        self.record_str(field, &format!("{value:?}"));
    }
}
