//! Statements of one transaction that follow each other, none of which reads what another one answers. SQLite takes them at
//! once, since each one by itself is a way to the database's thread and back; PostgreSQL takes one after another.

use sqlx::{Any, Arguments, AssertSqlSafe, Encode, Type, any::AnyArguments};

use super::{Dialect, Doing, StoreError, Write};

/// Statements that are being gathered, with what they bind.
pub(super) struct Several {
    dialect: Dialect,
    done: Vec<(String, AnyArguments)>,
    sql: String,
    arguments: AnyArguments,
    places: usize,
}

impl Several {
    pub(super) fn new(write: &Write<'_>) -> Self {
        let (done, sql, arguments) = (Vec::new(), String::new(), AnyArguments::default());
        Self { dialect: write.dialect, done, sql, arguments, places: 0 }
    }

    /// The next statement: this program's own words with places `$1`, `$2`, and so on. What it binds follows, in their
    /// order.
    pub(super) fn add(&mut self, sql: &str) -> &mut Self {
        if self.dialect == Dialect::Postgres && !self.sql.is_empty() {
            self.done.push((std::mem::take(&mut self.sql), std::mem::take(&mut self.arguments)));
            self.places = 0;
        }
        if !self.sql.is_empty() {
            self.sql.push_str("; ");
        }
        // The places of a statement that follows others come after theirs.
        let mut parts = sql.split('$');
        self.sql.push_str(parts.next().unwrap_or_default());
        for part in parts {
            let digits = part.bytes().take_while(u8::is_ascii_digit).count();
            let place: usize = part[..digits].parse().expect("a place of a statement has a number");
            self.sql.push_str(&format!("${}{}", place + self.places, &part[digits..]));
        }
        self
    }

    /// What stands in the next place.
    pub(super) fn bind<'q, T: Encode<'q, Any> + Type<Any>>(&mut self, value: T) -> &mut Self {
        self.arguments.add(value).expect("texts, numbers and bytes are encoded without fail");
        self.places += 1;
        self
    }

    /// Runs them in their order.
    pub(super) async fn run(mut self, write: &mut Write<'_>, doing: &'static str) -> Result<(), StoreError> {
        self.done.push((self.sql, self.arguments));
        for (sql, arguments) in self.done {
            sqlx::query_with(AssertSqlSafe(sql), arguments).execute(&mut *write.tx).await.doing(doing)?;
        }
        Ok(())
    }
}
