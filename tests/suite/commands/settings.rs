//! Settings: made, checked, and refused with the line of every mistake.

use std::{fs, os::unix::fs::PermissionsExt};

use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};

use super::place::{Place, earlypost};

#[track_caller]
fn refused(from: &str, to: &str, says: &str) {
    let place = Place::with(&["c-0415"]);
    place.edit("earlypost.toml", from, to);
    let line = format!("{}:{says}", place.path("earlypost.toml").display());
    for command in [&["config", "check"][..], &["run"]] {
        place.earlypost(command).fails(3, &line);
    }
    assert!(!place.path("data").exists(), "wrong settings leave no trace");
}

#[test]
fn init_makes_a_trial_whose_placeholders_are_mistakes_in_files_that_nobody_else_reads() {
    let place = Place::with(&[]);
    let folder = place.path("my-program");
    let made = earlypost(&["init", folder.to_str().unwrap()]);
    assert_eq!(made.code, 0, "{}", made.err);
    let config = folder.join("earlypost.toml");
    let check = || earlypost(&["config", "check", "--config", config.to_str().unwrap()]);
    let named = ["program.toml:3: program_id", "name", "tagline", "address", "telephone", "email", "help"];
    for field in named.into_iter().chain(["earlypost.toml: trial.addresses"]) {
        check().fails(3, &format!("{field}: still "));
    }
    assert!(fs::read_to_string(&config).unwrap().contains("\n[trial]\naddresses = "), "it begins in trial mode");

    let filled = |file: &str, words: &[(&str, &str)]| {
        let text = fs::read_to_string(folder.join(file)).unwrap();
        let text = words.iter().fold(text, |text, (from, to)| {
            assert!(text.contains(from), "{from}");
            text.replacen(from, to, 1)
        });
        fs::write(folder.join(file), text).unwrap();
    };
    filled("earlypost.toml", &[("me@example.org", "dana@example.org")]);
    filled(
        "caseload/program.toml",
        &[
            ("my-program", "tidewater"),
            ("My Early Intervention Program", "Tidewater Early Steps"),
            ("Early intervention for our county", "Early steps"),
            ("1 Main Street", "12 Harbor Road"),
            ("(000) 555-0100", "(757) 555-0100"),
            ("papers@example.org", "papers@earlysteps.example.org"),
            ("(000) 555-0110", "(757) 555-0110"),
        ],
    );
    let checked = check();
    assert_eq!(checked.code, 0, "{}", checked.err);
    assert!(checked.out.contains("The settings are in order."), "{}", checked.out);
    for (name, mode) in [
        ("caseload", 0o700),
        ("caseload/children", 0o700),
        ("caseload/program.toml", 0o600),
        ("caseload/directory.json", 0o600),
        ("earlypost.toml", 0o600),
        ("data", 0o700),
        ("data/program.key", 0o600),
    ] {
        assert_eq!(fs::metadata(folder.join(name)).unwrap().permissions().mode() & 0o777, mode, "{name}");
    }
}

#[test]
fn init_leaves_a_folder_alone_that_is_not_empty() {
    let place = Place::with(&[]);
    let before = place.files("");
    let folder = place.path("");
    earlypost(&["init", folder.to_str().unwrap()]).fails(1, "is not empty; nothing was changed");
    assert_eq!(place.files(""), before);
}

#[test]
fn a_missing_caseload_is_named_with_its_line() {
    refused("caseload = \"caseload\"", "caseload = \"nowhere\"", "2: caseload: there is no such folder");
}

#[test]
fn an_unknown_setting_is_named_with_its_line() {
    refused("kind = \"print\"", "kind = \"print\"\ncolour = true", "12: channels.postal.colour: unknown field");
    refused("data_dir = \"data\"", "data_dir = \"data\"\ncolour = true", "4: colour: unknown field");
}

#[test]
fn a_wrong_schedule_is_named_with_its_line() {
    refused(
        "kind = \"print\"",
        "kind = \"print\"\n[[schedule]]\nname = \"run\"\nwork = \"run\"\nat = \"sometimes\"",
        "15: schedule.0.at: is no cron",
    );
}

#[test]
fn a_file_that_is_no_toml_is_named_with_its_line() {
    refused("data_dir = \"data\"", "data_dir = data dir", "3: is not TOML");
}

#[test]
fn several_wrong_settings_are_all_named() {
    let place = Place::with(&["c-0415"]);
    place.edit("earlypost.toml", "\"caseload\"", "\"nowhere\"");
    place.edit("earlypost.toml", "\"folder\"", "\"print\"");
    let said = place.earlypost(&["config", "check"]);
    said.fails(3, ":2: caseload: there is no such folder");
    said.fails(3, ":6: channels.email: e-mail needs `folder` or `smtp`");
}

#[test]
fn missing_settings_are_said_with_the_command_that_makes_them() {
    let said = earlypost(&["run", "--config", "/nowhere/earlypost.toml"]);
    said.fails(3, "/nowhere/earlypost.toml: cannot be read");
    said.fails(3, "earlypost init DIR");
}

#[test]
fn a_false_date_is_refused_where_people_are_real() {
    let place = Place::with(&["c-0415"]);
    place.edit("caseload/program.toml", "synthetic = true\nas_of = \"2026-11-20\"", "synthetic = false");
    for command in [
        &["run"][..],
        &["deliver"],
        &["send", "ifsp", "--child", "c-0415", "--yes"],
        &["import"],
        &["due"],
        &["plan"],
        &["week"],
        &["doctor"],
        &["hold", "--everything", "--reason", "a test"],
        &["destroy", "--child", "c-0415", "--because", "term-over", "--yes"],
        &["retention", "notice", "--child", "c-0415", "--given-on", "2026-11-20", "--how", "by hand"],
    ] {
        place
            .earlypost(&[command, &["--as-of", "2026-11-20"]].concat())
            .fails(2, "--as-of is for synthetic programs only");
    }
    assert!(!place.path("data").exists());
    assert!(place.sent().is_empty());
}

/// Every row of every table.
fn dump(place: &Place) -> Vec<String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut rows = Vec::new();
        if place.database.url().starts_with("sqlite") {
            let mut database = SqliteConnection::connect(place.database.url()).await.unwrap();
            let tables = "select name from sqlite_master where type = 'table' order by name";
            for table in sqlx::query_scalar::<_, String>(tables).fetch_all(&mut database).await.unwrap() {
                let columns = format!("select group_concat('quote(\"' || name || '\")', ' || '','' || ') from pragma_table_info('{table}')");
                let columns: String = sqlx::query_scalar(AssertSqlSafe(columns)).fetch_one(&mut database).await.unwrap();
                let all = format!("select '{table}: ' || {columns} from \"{table}\" order by 1");
                rows.extend(sqlx::query_scalar::<_, String>(AssertSqlSafe(all)).fetch_all(&mut database).await.unwrap());
            }
        } else {
            let mut database = PgConnection::connect(place.database.owner_url()).await.unwrap();
            let tables = "select tablename::text from pg_tables where schemaname = 'public' order by 1";
            for table in sqlx::query_scalar::<_, String>(tables).fetch_all(&mut database).await.unwrap() {
                let all = format!("select '{table}: ' || t::text from \"{table}\" t order by 1");
                rows.extend(sqlx::query_scalar::<_, String>(AssertSqlSafe(all)).fetch_all(&mut database).await.unwrap());
            }
        }
        rows
    })
}

#[test]
fn what_takes_a_false_date_where_people_are_real_writes_nothing() {
    let place = Place::with(&["c-0415"]);
    place.done(&["run"]);
    place.edit("caseload/program.toml", "synthetic = true\nas_of = \"2026-11-20\"", "synthetic = false");
    let before = dump(&place);
    for command in [
        &["explain", "--child", "c-0415"][..],
        &["monitor", "--rule", "C7", "--from", "2026-07-01", "--to", "2027-06-30"],
        &["tasks"],
        &["status"],
        &["find", "0415"],
        &["plan", "show", "1"],
        &["retention", "list"],
        &["request", "list"],
        &["incident", "list"],
        &["ledger", "list"],
        &["ledger", "verify"],
        &["filed", "list", "--child", "c-0415"],
        &["channel", "list"],
        &["trial", "status"],
        &["print", "list"],
        &["receive", "list"],
        &["template", "list"],
        &["config", "check"],
    ] {
        for day in ["2026-01-02", "2040-01-02"] {
            let said = place.earlypost(&[command, &["--as-of", day]].concat());
            assert!(!said.err.contains("--as-of"), "{command:?}: {}", said.err);
        }
        assert!(before == dump(&place), "{command:?} writes");
    }
}

#[test]
fn a_program_with_real_people_sets_no_date_of_its_own() {
    let place = Place::with(&["c-0415"]);
    place.edit("caseload/program.toml", "synthetic = true", "synthetic = false");
    place.earlypost(&["run"]).fails(3, "program.toml: as_of: a program with real people uses the real date");
}
