//! Opening the store: folder, key, database, migrations.

use crate::hint::Field;
use std::{path::Path, sync::Arc};

use sqlx::{AnyConnection, Connection, Executor, any::AnyPoolOptions};

use super::{
    BodyError, BodyPlace, Dialect, Doing, KeyError, LeaseClock, ProgramKey, Store, StoreError,
    bodies::backend::Shelf,
    children::cache::Recent,
    database::{error_messages::of_database, pool::Connections, schema::bring_up_to_date},
    keys::encryption::{open, seal},
};

/// The note by which a key is known to be the one that this database was written with.
pub(super) const KEY_CHECK: &str = "key-check";
/// What the sealed note says.
pub(super) const KEY_CHECK_WORD: &[u8] = b"earlypost";

/// Where things are kept.
#[derive(Debug, Clone)]
pub struct StoreSettings {
    /// `sqlite://...` or `postgres://...`.
    pub url: String,
    /// Where stored papers stand.
    pub bodies: BodyPlace,
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
        let shelf = Shelf::open(&settings.bodies).await.map_err(|error| match error {
            BodyError::Disk { source, .. } => StoreError::Open(folder_words(&source)),
            other => other.into(),
        })?;
        let refused = |error: sqlx::Error| StoreError::Open(of_database(&error));
        let dialect = Dialect::of_url(&settings.url);
        // A pool tries again for half a minute and then says only that it timed out: the first look is our own.
        migrate(&settings.url).await?;
        let pool = AnyPoolOptions::new()
            .max_connections(settings.connections.max(1))
            .after_connect(move |connection, _| Box::pin(set_up(connection, dialect)))
            .connect(&settings.url)
            .await
            .map_err(refused)?;
        let store = Self {
            pool: Connections::new(pool, dialect),
            dialect,
            key: settings.key,
            shelf,
            writer: Arc::default(),
            lease_clock: LeaseClock::default(),
            reading: std::sync::Mutex::default(),
            keys: Recent::default(),
            records: Recent::default(),
            directory: std::sync::Mutex::new(None),
        };
        store.check_key().await?;
        Ok(store)
    }

    /// A key that does not fit is found at once and not at the first paper. The first start leaves a sealed note;
    /// of two first starts at the same moment the one with another key loses, and so does another program that
    /// was given this database by mistake.
    async fn check_key(&self) -> Result<(), StoreError> {
        if self.service().note_of_installation(KEY_CHECK).await?.is_none() {
            let sealed = hex::encode(seal(&self.key.0, KEY_CHECK, KEY_CHECK_WORD));
            let mut write = self.write().await?;
            sqlx::query("INSERT INTO installation (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING")
                .bind(KEY_CHECK)
                .bind(sealed)
                .execute(&mut *write.tx)
                .await
                .doing("noting the key")?;
            write.commit().await?;
        }
        let note = self.service().note_of_installation(KEY_CHECK).await?.unwrap_or_default();
        let opened = hex::decode(note).ok().and_then(|sealed| open(&self.key.0, KEY_CHECK, &sealed).ok());
        if opened.is_some() { Ok(()) } else { Err(KeyError::Wrong.into()) }
    }
}

impl Dialect {
    /// The database that a URL names.
    #[must_use]
    pub fn of_url(url: &str) -> Self {
        if url.starts_with("postgres") { Self::Postgres } else { Self::Sqlite }
    }
}

/// Makes the tables of a database or brings them up to date, and nothing else.
///
/// # Errors
/// When the database cannot be reached, is newer than this program, belongs to another one, or may not be changed.
pub async fn migrate(url: &str) -> Result<(), StoreError> {
    sqlx::any::install_default_drivers();
    let dialect = Dialect::of_url(url);
    let refused = |error: sqlx::Error| StoreError::Open(of_database(&error));
    let mut connection = AnyConnection::connect(url).await.map_err(refused)?;
    set_up(&mut connection, dialect).await.map_err(refused)?;
    let done = bring_up_to_date(&mut connection, dialect).await;
    connection.close().await.map_err(refused)?;
    done
}

async fn set_up(connection: &mut AnyConnection, dialect: Dialect) -> Result<(), sqlx::Error> {
    let settings: &[&'static str] = match dialect {
        Dialect::Sqlite => &[
            "PRAGMA busy_timeout = 5000",
            "PRAGMA journal_mode = WAL",
            // FULL: a committed attempt row survives a power cut.
            "PRAGMA synchronous = FULL",
            "PRAGMA foreign_keys = ON",
            // A megabyte a connection: the system caches the file, and memory stays flat.
            "PRAGMA cache_size = -1000",
        ],
        // A machine that is cut off in the middle of a change must not keep its rows locked for hours.
        Dialect::Postgres => &[
            "SET application_name = 'earlypost'",
            "SET synchronous_commit = on",
            "SET idle_in_transaction_session_timeout = '60s'",
            "SET tcp_keepalives_idle = 20",
            "SET tcp_keepalives_interval = 5",
            "SET tcp_keepalives_count = 4",
            // A record is kept in parts, packed anew with each; what packs quicker than the server's default, where it can.
            "SELECT set_config('default_toast_compression', 'lz4', false) FROM pg_settings
             WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)",
        ],
    };
    for setting in settings {
        connection.execute(*setting).await?;
    }
    Ok(())
}

fn folder_words(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem => {
            format!(
                "the data folder may not be written to; check its permissions or give another with {}",
                Field::DataDir
            )
        }
        kind => format!("the data folder cannot be made ({kind})"),
    }
}
