//! Statements of one transaction that follow each other, none of which reads what another one writes. They go to the
//! database together, since each one by itself is a way there and back: SQLite takes them as a script, PostgreSQL as the
//! parts of one statement.

use sqlx::{
    Any, Arguments, AssertSqlSafe, Encode, Type,
    any::{AnyArguments, AnyRow},
};

use crate::store::{Dialect, Doing, StoreError, Write};

/// Statements that are being gathered, with what they bind.
pub(in crate::store) struct Several {
    dialect: Dialect,
    groups: Vec<Group>,
}

/// What goes at once.
#[derive(Default)]
struct Group {
    statements: Vec<String>,
    arguments: AnyArguments,
    places: usize,
    tables: Vec<Touched>,
}

/// The table that a statement writes to.
#[derive(PartialEq, Eq)]
struct Touched {
    table: String,
    /// It adds rows and changes none.
    only_adds: bool,
}

impl Several {
    pub(in crate::store) fn new(write: &Write) -> Self {
        Self { dialect: write.dialect, groups: vec![Group::default()] }
    }

    /// The next statement: this program's own words with places `$1`, `$2`, and so on. What it binds follows, in their
    /// order.
    pub(in crate::store) fn add(&mut self, sql: &str) -> &mut Self {
        let touched = Touched::of(sql);
        // Parts of one statement see the tables as they were before it, and a row changed twice would be changed once.
        if self.dialect == Dialect::Postgres && self.last().tables.iter().any(|other| touched.meets(other)) {
            self.groups.push(Group::default());
        }
        self.last().add(sql, touched);
        self
    }

    /// What stands in the next place.
    pub(in crate::store) fn bind<'q, T: Encode<'q, Any> + Type<Any>>(&mut self, value: T) -> &mut Self {
        let group = self.last();
        group.arguments.add(value).expect("texts, numbers and bytes are encoded without fail");
        group.places += 1;
        self
    }

    /// Runs them in their order.
    pub(in crate::store) async fn run(self, write: &mut Write, doing: &'static str) -> Result<(), StoreError> {
        self.run_and_read(write, doing).await.map(drop)
    }

    /// The same; gives the rows that the last one returns. The others return none.
    pub(in crate::store) async fn run_and_read(
        self,
        write: &mut Write,
        doing: &'static str,
    ) -> Result<Vec<AnyRow>, StoreError> {
        let mut read = Vec::new();
        for group in self.groups.into_iter().filter(|group| !group.statements.is_empty()) {
            let sql = written_as_one(self.dialect, &group.statements);
            let query = sqlx::query_with(AssertSqlSafe(sql), group.arguments);
            read = query.fetch_all(&mut *write.tx).await.doing(doing)?;
        }
        Ok(read)
    }

    fn last(&mut self) -> &mut Group {
        self.groups.last_mut().expect("there is a group from the beginning")
    }
}

impl Group {
    fn add(&mut self, sql: &str, touched: Touched) {
        // The places of a statement that follows others come after theirs.
        let mut parts = sql.split('$');
        let mut moved = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let digits = part.bytes().take_while(u8::is_ascii_digit).count();
            let place: usize = part[..digits].parse().expect("a place of a statement has a number");
            moved.push_str(&format!("${}{}", place + self.places, &part[digits..]));
        }
        self.statements.push(moved);
        self.tables.push(touched);
    }
}

impl Touched {
    /// Of `INSERT INTO table`, `UPDATE table` or `DELETE FROM table`.
    fn of(sql: &str) -> Self {
        let mut words = sql.split_whitespace();
        let first = words.next().unwrap_or_default();
        let table = if first == "UPDATE" { words.next() } else { words.nth(1) };
        let table = table.unwrap_or_default().to_owned();
        Self { table, only_adds: first == "INSERT" && !sql.contains("DO UPDATE") }
    }

    fn meets(&self, other: &Self) -> bool {
        self.table == other.table && !(self.only_adds && other.only_adds)
    }
}

fn written_as_one(dialect: Dialect, statements: &[String]) -> String {
    match (dialect, statements) {
        (Dialect::Postgres, [first @ .., last]) if !first.is_empty() => {
            let parts: Vec<String> = first.iter().enumerate().map(|(n, sql)| format!("part_{n} AS ({sql})")).collect();
            format!("WITH {} {last}", parts.join(", "))
        }
        _ => statements.join("; "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn groups(dialect: Dialect, statements: &[&str]) -> Vec<String> {
        let mut several = Several { dialect, groups: vec![Group::default()] };
        for sql in statements {
            several.add(sql);
            for _ in 0..sql.matches('$').count() {
                several.bind(1_i64);
            }
        }
        several.groups.iter().map(|group| written_as_one(dialect, &group.statements)).collect()
    }

    const STATEMENTS: [&str; 4] = [
        "UPDATE dispatch SET state = $1 WHERE dispatch_id = $2",
        "INSERT INTO dispatch_history (dispatch_id) VALUES ($1)",
        "INSERT INTO dispatch_history (dispatch_id) VALUES ($1)",
        "UPDATE dispatch SET worker = $1",
    ];

    #[test]
    fn sqlite_takes_them_as_a_script_with_places_that_go_on() {
        assert_eq!(
            groups(Dialect::Sqlite, &STATEMENTS),
            ["UPDATE dispatch SET state = $1 WHERE dispatch_id = $2; \
              INSERT INTO dispatch_history (dispatch_id) VALUES ($3); \
              INSERT INTO dispatch_history (dispatch_id) VALUES ($4); \
              UPDATE dispatch SET worker = $5"]
        );
    }

    #[test]
    fn postgresql_takes_them_as_one_statement_as_long_as_no_table_is_changed_twice() {
        assert_eq!(
            groups(Dialect::Postgres, &STATEMENTS),
            [
                "WITH part_0 AS (UPDATE dispatch SET state = $1 WHERE dispatch_id = $2), \
                 part_1 AS (INSERT INTO dispatch_history (dispatch_id) VALUES ($3)) \
                 INSERT INTO dispatch_history (dispatch_id) VALUES ($4)",
                "UPDATE dispatch SET worker = $1",
            ]
        );
    }
}
