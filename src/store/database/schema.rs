//! The tables: made at the first start, brought up to date by a newer program, refused where they are another's.

use sqlx::{AnyConnection, migrate::MigrateError, migrate::Migrator};

use super::error_messages::of_database;
use crate::{
    hint::Hint,
    store::{Dialect, StoreError},
};

/// The table in which sqlx keeps what was applied.
pub(in crate::store) const MIGRATIONS: &str = "_sqlx_migrations";

/// Harmless to share: text of the program.
static SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");
/// Harmless to share: text of the program.
static POSTGRES: Migrator = sqlx::migrate!("migrations/postgres");

fn migrator(dialect: Dialect) -> &'static Migrator {
    match dialect {
        Dialect::Sqlite => &SQLITE,
        Dialect::Postgres => &POSTGRES,
    }
}

fn refused(error: &sqlx::Error) -> StoreError {
    StoreError::Open(of_database(error))
}

/// Brings the tables up to date. Where they are, nothing is written and no right to change tables is needed:
/// a service may run as a user who can only work in them. Safe to run twice and from two machines at once.
pub(in crate::store) async fn bring_up_to_date(
    connection: &mut AnyConnection,
    dialect: Dialect,
) -> Result<(), StoreError> {
    let tables = tables(connection, dialect).await.map_err(|error| refused(&error))?;
    let known = |name: &str| tables.iter().any(|table| table == name);
    let migrator = migrator(dialect);
    if known(MIGRATIONS) {
        if !known("installation") && tables.len() > 1 {
            return Err(of_another_program());
        }
        let applied: Vec<(i64, Vec<u8>)> =
            sqlx::query_as("SELECT version, checksum FROM _sqlx_migrations WHERE success ORDER BY version")
                .fetch_all(&mut *connection)
                .await
                .map_err(|error| refused(&error))?;
        let ours: Vec<(i64, Vec<u8>)> = migrator.iter().map(|m| (m.version, m.checksum.to_vec())).collect();
        // Looked at here and not first by sqlx, which wants to make its own table before it looks, and a service may not.
        for (version, checksum) in applied.iter().rev() {
            let wrong = match ours.iter().find(|(own, _)| own == version) {
                None => MigrateError::VersionMissing(*version),
                Some((_, own)) if own != checksum => MigrateError::VersionMismatch(*version),
                Some(_) => continue,
            };
            return Err(StoreError::Open(migration_words(&wrong)));
        }
        if applied.len() == ours.len() {
            return Ok(());
        }
    } else if !tables.is_empty() {
        return Err(of_another_program());
    }
    // `run` would do the same, but its future cannot be sent between threads.
    migrator.run_direct(None, connection, false).await.map_err(|error| StoreError::Open(migration_words(&error)))
}

/// The names of the tables.
pub(in crate::store) async fn tables(
    connection: &mut AnyConnection,
    dialect: Dialect,
) -> Result<Vec<String>, sqlx::Error> {
    let sql = match dialect {
        Dialect::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
        Dialect::Postgres => {
            "SELECT CAST(table_name AS TEXT) FROM information_schema.tables
             WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'"
        }
    };
    let rows: Vec<(String,)> = sqlx::query_as(sql).fetch_all(connection).await?;
    Ok(rows.into_iter().map(|(name,)| name).collect())
}

fn of_another_program() -> StoreError {
    StoreError::Open(
        "it holds the tables of another program; give Earlypost a database (on PostgreSQL: or a schema) of its own"
            .into(),
    )
}

fn migration_words(error: &MigrateError) -> String {
    match error {
        MigrateError::VersionMissing(version) => {
            format!("it was written by a newer Earlypost (schema {version}); use that version")
        }
        MigrateError::VersionMismatch(version) => {
            format!("its schema {version} is not the one that this Earlypost knows; use the version that made it")
        }
        MigrateError::Execute(source) | MigrateError::ExecuteMigration(source, _)
            if source
                .as_database_error()
                .and_then(sqlx::error::DatabaseError::code)
                .is_some_and(|code| code == "42501") =>
        {
            format!(
                "its tables are older than this Earlypost, and this user may not change them; let their owner run {}",
                Hint::MigrateStore
            )
        }
        MigrateError::Execute(source) | MigrateError::ExecuteMigration(source, _) => of_database(source),
        other => other.to_string(),
    }
}
