//! Moving a program from one database to another: every table, whole or not at all, the record of access checked
//! before and after. Tables and columns are read from the database itself, so that none can be forgotten.

use futures_util::TryStreamExt;
use sqlx::{AnyConnection, AssertSqlSafe, Row, any::AnyRow};

use super::{
    Dialect, Doing, Store, StoreError, StoreSettings,
    database::{
        error_messages::of_database,
        pool::Change,
        schema::{MIGRATIONS, tables},
    },
    open::migrate,
};
use crate::ledger::Head;

/// What was copied.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Copied {
    /// Rows of each table, in the order in which they were copied.
    pub tables: Vec<CopiedTable>,
    /// Entries of the record of access; the same in both databases, and each chain whole.
    pub entries: i64,
}

/// A table that was copied.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct CopiedTable {
    pub table: String,
    pub rows: u64,
}

/// Rows that are written with one statement, as long as their values stay below SQLite's limit of 32,766.
const ROWS_AT_ONCE: usize = 200;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Number,
    Float,
    Bytes,
}

enum Value {
    Text(Option<String>),
    Number(Option<i64>),
    Float(Option<f64>),
    Bytes(Option<Vec<u8>>),
}

struct Table {
    name: String,
    columns: Vec<(String, Kind)>,
    /// Tables whose rows must be there first.
    after: Vec<String>,
}

fn refused(says: impl Into<String>) -> StoreError {
    StoreError::Copy(says.into())
}

impl Store {
    /// Copies everything to another database, which must be empty, and opens it. Nothing can be written here while it
    /// is copied. The stored papers stay where they are: both databases name them in the same way.
    ///
    /// # Errors
    /// When a record of access is not whole, the other database holds something, or either refuses. Then the other
    /// database is left empty.
    pub async fn copy_to(&self, to: StoreSettings) -> Result<Copied, StoreError> {
        let before = self.whole_record("this database").await?;
        migrate(&to.url).await?;
        let refused_there = |error: sqlx::Error| refused(of_database(&error));
        let mut target = <AnyConnection as sqlx::Connection>::connect(&to.url).await.map_err(refused_there)?;
        let begin = if Dialect::of_url(&to.url) == Dialect::Sqlite { "BEGIN IMMEDIATE" } else { "BEGIN" };
        let mut writing = sqlx::Connection::begin_with(&mut target, begin).await.map_err(refused_there)?;
        let mut reading = self.still().await?;
        let mut copied = Vec::new();
        for table in in_order(described(&mut reading, self.dialect).await?)? {
            if has_rows(&mut writing, &table.name).await? {
                return Err(refused(format!(
                    "the other database holds something already (table {}); give an empty one",
                    table.name
                )));
            }
            let rows = copy_table(&mut reading, &mut writing, &table).await?;
            copied.push(CopiedTable { table: table.name, rows });
        }
        writing.commit().await.doing("finishing the copy")?;
        drop(reading);
        sqlx::Connection::close(target).await.doing("finishing the copy")?;
        let other = Self::open(to).await?;
        let after = other.whole_record("the copy").await?;
        other.close().await;
        if before != after {
            return Err(refused("the record of access changed while it was copied; stop every service and copy again"));
        }
        Ok(Copied { tables: copied, entries: after.count })
    }

    async fn whole_record(&self, which: &str) -> Result<Head, StoreError> {
        self.verification()
            .verify_ledger(false)
            .await?
            .map_err(|error| refused(format!("the record of access of {which} is not whole: {error}")))
    }

    /// A transaction that sees one moment and lets nobody write until it ends.
    async fn still(&self) -> Result<Change, StoreError> {
        let begin = match self.dialect {
            Dialect::Sqlite => "BEGIN IMMEDIATE",
            Dialect::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ",
        };
        let mut tx = self.pool.begin(begin, None).await.doing("holding this database still")?;
        if self.dialect == Dialect::Postgres {
            let names = tables(&mut tx, self.dialect).await.doing("holding this database still")?;
            let sql = format!("LOCK TABLE {} IN SHARE MODE", names.join(", "));
            sqlx::query(AssertSqlSafe(sql)).execute(&mut *tx).await.doing("holding this database still")?;
        }
        Ok(tx)
    }
}

/// The tables of a database with their columns and what they refer to.
async fn described(connection: &mut AnyConnection, dialect: Dialect) -> Result<Vec<Table>, StoreError> {
    let (columns, references) = match dialect {
        Dialect::Sqlite => (
            "SELECT name, type FROM pragma_table_info($1) ORDER BY cid",
            "SELECT \"table\" FROM pragma_foreign_key_list($1)",
        ),
        Dialect::Postgres => (
            "SELECT CAST(column_name AS TEXT), CAST(data_type AS TEXT) FROM information_schema.columns
             WHERE table_schema = current_schema() AND table_name = $1 ORDER BY ordinal_position",
            "SELECT CAST(there.relname AS TEXT) FROM pg_constraint c JOIN pg_class here ON here.oid = c.conrelid
             JOIN pg_class there ON there.oid = c.confrelid JOIN pg_namespace n ON n.oid = here.relnamespace
             WHERE c.contype = 'f' AND n.nspname = current_schema() AND here.relname = $1",
        ),
    };
    let mut described = Vec::new();
    for name in tables(connection, dialect).await.doing("reading the tables")? {
        if name == MIGRATIONS {
            continue;
        }
        let rows: Vec<(String, String)> =
            sqlx::query_as(columns).bind(&name).fetch_all(&mut *connection).await.doing("reading the tables")?;
        let mut kinds = Vec::with_capacity(rows.len());
        for (column, declared) in rows {
            let kind = match declared.to_lowercase().as_str() {
                "text" => Kind::Text,
                "bigint" | "integer" => Kind::Number,
                "double" | "double precision" | "real" => Kind::Float,
                "blob" | "bytea" => Kind::Bytes,
                _ => {
                    return Err(refused(format!("column {column} of table {name} is of an unknown kind ({declared})")));
                }
            };
            kinds.push((column, kind));
        }
        let after: Vec<(String,)> =
            sqlx::query_as(references).bind(&name).fetch_all(&mut *connection).await.doing("reading the tables")?;
        let after = after.into_iter().map(|(other,)| other).filter(|other| *other != name).collect();
        described.push(Table { name, columns: kinds, after });
    }
    Ok(described)
}

/// Each table after those that it refers to.
fn in_order(mut left: Vec<Table>) -> Result<Vec<Table>, StoreError> {
    left.sort_by(|a, b| a.name.cmp(&b.name));
    let mut ordered: Vec<Table> = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let ready =
            left.iter().position(|t| t.after.iter().all(|other| ordered.iter().any(|done| done.name == *other)));
        let ready = ready.ok_or_else(|| refused("the tables refer to each other in a circle"))?;
        ordered.push(left.remove(ready));
    }
    Ok(ordered)
}

async fn has_rows(connection: &mut AnyConnection, table: &str) -> Result<bool, StoreError> {
    let sql = format!("SELECT CAST(1 AS BIGINT) FROM {table} LIMIT 1");
    let row =
        sqlx::query(AssertSqlSafe(sql)).fetch_optional(connection).await.doing("looking into the other database")?;
    Ok(row.is_some())
}

async fn copy_table(from: &mut AnyConnection, to: &mut AnyConnection, table: &Table) -> Result<u64, StoreError> {
    let names: Vec<&str> = table.columns.iter().map(|(name, _)| name.as_str()).collect();
    let sql = format!("SELECT {} FROM {}", names.join(", "), table.name);
    let mut rows = sqlx::query(AssertSqlSafe(sql)).fetch(from);
    let (mut count, mut batch) = (0, Vec::with_capacity(ROWS_AT_ONCE));
    while let Some(row) = rows.try_next().await.doing("reading a table to copy it")? {
        batch.push(values(&row, table)?);
        count += 1;
        if batch.len() == ROWS_AT_ONCE {
            insert(to, table, &names, std::mem::take(&mut batch)).await?;
        }
    }
    if !batch.is_empty() {
        insert(to, table, &names, batch).await?;
    }
    Ok(count)
}

fn values(row: &AnyRow, table: &Table) -> Result<Vec<Value>, StoreError> {
    let read = |(place, (_, kind)): (usize, &(String, Kind))| {
        Ok(match kind {
            Kind::Text => Value::Text(row.try_get(place)?),
            Kind::Number => Value::Number(row.try_get(place)?),
            Kind::Float => Value::Float(row.try_get(place)?),
            Kind::Bytes => Value::Bytes(row.try_get(place)?),
        })
    };
    table.columns.iter().enumerate().map(read).collect::<Result<_, sqlx::Error>>().doing("reading a table to copy it")
}

async fn insert(
    to: &mut AnyConnection,
    table: &Table,
    names: &[&str],
    batch: Vec<Vec<Value>>,
) -> Result<(), StoreError> {
    let width = names.len();
    let rows: Vec<String> = (0..batch.len())
        .map(|row| {
            let places: Vec<String> = (1..=width).map(|column| format!("${}", row * width + column)).collect();
            format!("({})", places.join(", "))
        })
        .collect();
    let sql = format!("INSERT INTO {} ({}) VALUES {}", table.name, names.join(", "), rows.join(", "));
    let mut query = sqlx::query(AssertSqlSafe(sql));
    for value in batch.into_iter().flatten() {
        query = match value {
            Value::Text(text) => query.bind(text),
            Value::Number(number) => query.bind(number),
            Value::Float(number) => query.bind(number),
            Value::Bytes(bytes) => query.bind(bytes),
        };
    }
    query.execute(to).await.doing("writing the copy")?;
    Ok(())
}
