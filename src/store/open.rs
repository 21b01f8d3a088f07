//! Opening the store: folder, key, database, migrations.

use std::{fs, path::Path, path::PathBuf};

use sqlx::{AnyConnection, Connection, Executor, any::AnyPoolOptions, migrate::Migrator};

use super::{Dialect, Doing, ProgramKey, Store, StoreError};

static SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("migrations/postgres");

/// Where things are kept.
#[derive(Debug, Clone)]
pub struct StoreSettings {
    /// `sqlite://...` or `postgres://...`.
    pub url: String,
    /// The folder of stored papers.
    pub bodies: PathBuf,
    /// The program's key.
    pub key: ProgramKey,
    /// Most connections at a time.
    pub connections: u32,
}

/// The URL of the database file in a data folder.
#[must_use]
pub fn sqlite_url(data_dir: &Path) -> String {
    format!("sqlite://{}?mode=rwc", data_dir.join("earlypost.db").display())
}

impl Store {
    /// Opens the database, makes it if it is missing, and brings its tables up to date.
    ///
    /// # Errors
    /// When the database cannot be reached or written, is newer than this program, or the key does not fit.
    pub async fn open(settings: StoreSettings) -> Result<Self, StoreError> {
        sqlx::any::install_default_drivers();
        let dialect = if settings.url.starts_with("postgres") { Dialect::Postgres } else { Dialect::Sqlite };
        fs::create_dir_all(&settings.bodies).map_err(|error| StoreError::Open(folder_words(&error)))?;
        let refused = |error: sqlx::Error| StoreError::Open(super::of_database(&error));
        // A pool tries again for half a minute and then says only that it timed out: the first look is our own.
        let mut first = AnyConnection::connect(&settings.url).await.map_err(refused)?;
        set_up(&mut first, dialect).await.map_err(refused)?;
        first.close().await.map_err(refused)?;
        let pool = AnyPoolOptions::new()
            .max_connections(settings.connections.max(1))
            .after_connect(move |connection, _| Box::pin(set_up(connection, dialect)))
            .connect(&settings.url)
            .await
            .map_err(refused)?;
        let migrator = match dialect {
            Dialect::Sqlite => &SQLITE,
            Dialect::Postgres => &POSTGRES,
        };
        migrator.run(&pool).await.map_err(|error| StoreError::Open(migration_words(&error)))?;
        let store = Self {
            pool,
            dialect,
            key: settings.key,
            bodies: settings.bodies,
            writer: tokio::sync::Mutex::new(()),
            directory: std::sync::Mutex::new(None),
        };
        store.check_key().await?;
        Ok(store)
    }

    /// A key that does not fit is found at once and not at the first paper.
    async fn check_key(&self) -> Result<(), StoreError> {
        let row: Option<(String, Vec<u8>)> = sqlx::query_as("SELECT child_id, wrapped FROM child_key LIMIT 1")
            .fetch_optional(&self.pool)
            .await
            .doing("checking the key")?;
        if let Some((child_id, wrapped)) = row {
            let child_id = child_id.parse().map_err(|_| StoreError::Inconsistent {
                table: "child_key",
                column: "child_id",
                id: child_id,
            })?;
            self.unwrap_key(&child_id, &wrapped)?;
        }
        Ok(())
    }
}

async fn set_up(connection: &mut AnyConnection, dialect: Dialect) -> Result<(), sqlx::Error> {
    if dialect == Dialect::Sqlite {
        // FULL: a committed attempt row survives a power cut.
        for pragma in [
            "PRAGMA busy_timeout = 5000",
            "PRAGMA journal_mode = WAL",
            "PRAGMA synchronous = FULL",
            "PRAGMA foreign_keys = ON",
            // A megabyte a connection: the system caches the file, and memory stays flat.
            "PRAGMA cache_size = -1000",
        ] {
            connection.execute(pragma).await?;
        }
    }
    Ok(())
}

fn folder_words(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem => {
            "the data folder may not be written to; check its permissions or give another with --data-dir".to_owned()
        }
        kind => format!("the data folder cannot be made ({kind})"),
    }
}

fn migration_words(error: &sqlx::migrate::MigrateError) -> String {
    match error {
        sqlx::migrate::MigrateError::VersionMissing(version) => {
            format!("it was written by a newer Earlypost (schema {version}); use that version")
        }
        sqlx::migrate::MigrateError::Execute(source) => super::of_database(source),
        other => other.to_string(),
    }
}
