//! First starts, wrong starts, and what is said about them.

use std::sync::Arc;

use earlypost::store::{ProgramKey, Store, StoreError, StoreSettings, migrate};
use sqlx::{Connection, Executor, PgConnection};

use crate::harness::{Database, MAYA, World, cluster, postgres_is_here};

fn settings(url: &str, folder: &tempfile::TempDir) -> StoreSettings {
    StoreSettings {
        url: url.to_owned(),
        bodies: folder.path().join("papers").into(),
        key: ProgramKey::parse(&"07".repeat(32)).unwrap(),
        connections: 2,
    }
}

async fn refusal(url: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    match Store::open(settings(url, &folder)).await {
        Ok(_) => panic!("it was opened"),
        Err(error) => error.to_string(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn eight_first_starts_at_the_same_moment_all_find_a_whole_database() {
    if !postgres_is_here("eight_first_starts_at_the_same_moment_all_find_a_whole_database") {
        return;
    }
    let database = Database::empty_postgres();
    let folder = Arc::new(tempfile::tempdir().unwrap());
    let starts: Vec<_> = (0..8)
        .map(|_| {
            let (url, folder) = (database.url().to_owned(), Arc::clone(&folder));
            tokio::spawn(async move { Store::open(settings(&url, &folder)).await.map(drop) })
        })
        .collect();
    for start in starts {
        start.await.unwrap().unwrap();
    }
    migrate(database.url()).await.unwrap();
    migrate(database.url()).await.unwrap();
}

#[test]
fn long_texts_are_packed_with_the_quicker_way_where_the_server_has_it() {
    if !postgres_is_here("long_texts_are_packed_with_the_quicker_way_where_the_server_has_it") {
        return;
    }
    let world = World::on_postgres(&[MAYA]);
    world.import();
    world.runtime.block_on(async {
        let mut database = PgConnection::connect(world.database.url()).await.unwrap();
        let sql = "SELECT pg_column_compression(record), EXISTS (SELECT 1 FROM pg_settings
                   WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)) FROM child";
        let (packed, has_it): (String, bool) = sqlx::query_as(sql).fetch_one(&mut database).await.unwrap();
        assert_eq!(packed, if has_it { "lz4" } else { "pglz" });
    });
}

#[tokio::test]
async fn a_newer_schema_another_program_and_a_missing_database_are_named() {
    if !postgres_is_here("a_newer_schema_another_program_and_a_missing_database_are_named") {
        return;
    }
    let newer = Database::postgres();
    let mut owner = PgConnection::connect(newer.owner_url()).await.unwrap();
    owner
        .execute("INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES (9999, 'later', true, '', 0)")
        .await
        .unwrap();
    assert!(refusal(newer.url()).await.contains("it was written by a newer Earlypost (schema 9999)"));
    let other = Database::empty_postgres();
    let mut owner = PgConnection::connect(other.url()).await.unwrap();
    owner.execute("CREATE TABLE invoices (id BIGINT)").await.unwrap();
    assert!(refusal(other.url()).await.contains("it holds the tables of another program"));
    let says = refusal(&cluster().url("nowhere")).await;
    assert!(says.contains("the server has no database of this name"), "{says}");
}

#[tokio::test]
async fn a_wrong_password_is_said_without_a_secret() {
    if !postgres_is_here("a_wrong_password_is_said_without_a_secret") || cluster().ca.is_none() {
        return;
    }
    let says = refusal(&cluster().url_of("tester", "hunter2-secret", "postgres")).await;
    assert_eq!(says, "the database cannot be opened: the database refused this user or password");
    let says = refusal("postgres://tester:hunter2-secret@127.0.0.1:1/postgres").await;
    assert!(says.contains("the database does not answer"), "{says}");
    for url in ["postgres://tester:hunter2-secret@127.0.0.1:http/x", "postgres://tester:hunter2-secret@:::/"] {
        let says = refusal(url).await;
        assert!(!says.contains("hunter2"), "{says}");
    }
}

#[tokio::test]
async fn two_programs_in_one_database_are_kept_apart_by_their_keys() {
    if !postgres_is_here("two_programs_in_one_database_are_kept_apart_by_their_keys") {
        return;
    }
    let database = Database::postgres();
    let folder = tempfile::tempdir().unwrap();
    Store::open(settings(database.url(), &folder)).await.unwrap();
    let other =
        StoreSettings { key: ProgramKey::parse(&"08".repeat(32)).unwrap(), ..settings(database.url(), &folder) };
    assert!(matches!(Store::open(other).await, Err(StoreError::Key(_))));
}

#[tokio::test]
async fn a_read_only_database_is_said_to_be_one() {
    if !postgres_is_here("a_read_only_database_is_said_to_be_one") {
        return;
    }
    let database = Database::postgres();
    let url = format!("{}?options=-c%20default_transaction_read_only%3Don", database.url());
    let says = refusal(&url).await;
    assert!(says.contains("the database may only be read"), "{says}");
}

#[tokio::test]
async fn the_connection_is_encrypted_and_its_certificate_is_checked_where_the_url_asks_for_it() {
    let name = "the_connection_is_encrypted_and_its_certificate_is_checked_where_the_url_asks_for_it";
    if !postgres_is_here(name) {
        return;
    }
    let Some(ca) = &cluster().ca else { return };
    let database = Database::postgres();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ca.pem");
    std::fs::write(&file, ca).unwrap();
    let url = format!("{}?sslmode=verify-full&sslrootcert={}", database.url(), file.display());
    let store = Store::open(settings(&url, &folder)).await.unwrap();
    store.close().await;
    let mut connection = PgConnection::connect(&url).await.unwrap();
    let (encrypted,): (bool,) = sqlx::query_as("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
        .fetch_one(&mut connection)
        .await
        .unwrap();
    assert!(encrypted);
    let other = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    std::fs::write(&file, other.cert.pem()).unwrap();
    let says = refusal(&url).await;
    assert!(says.contains("is not safe"), "{says}");
}
