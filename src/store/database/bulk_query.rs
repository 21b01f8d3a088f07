//! A statement for many rows or many ids at once. sqlx's own builder writes `?` where any database may stand behind the
//! pool, which PostgreSQL does not read; this one counts its places for it. SQLite looks a numbered place up in a list of
//! all of them, each time: for it the places have no numbers.

use crate::store::Dialect;
use sqlx::{
    Any, Arguments, AssertSqlSafe, Encode, FromRow, Type, any::AnyArguments, any::AnyRow, query::Query, query::QueryAs,
};

/// A statement that is being written, with what it binds.
pub(in crate::store) struct Many {
    dialect: Dialect,
    sql: String,
    arguments: AnyArguments,
    places: usize,
}

impl Many {
    pub(in crate::store) fn new(dialect: Dialect, sql: impl Into<String>) -> Self {
        Self { dialect, sql: sql.into(), arguments: AnyArguments::default(), places: 0 }
    }

    /// Adds to the statement: this program's own words, never input.
    pub(in crate::store) fn push(&mut self, sql: &str) -> &mut Self {
        self.sql.push_str(sql);
        self
    }

    /// Adds a place and what stands in it.
    pub(in crate::store) fn push_bind<'q, T: Encode<'q, Any> + Type<Any>>(&mut self, value: T) -> &mut Self {
        self.arguments.add(value).expect("texts and numbers are encoded without fail");
        self.places += 1;
        match self.dialect {
            Dialect::Sqlite => self.sql.push('?'),
            Dialect::Postgres => self.sql.push_str(&format!("${}", self.places)),
        }
        self
    }

    /// Places with commas between them.
    pub(in crate::store) fn separated(&mut self) -> Row<'_> {
        Row { many: self, first: true }
    }

    /// `VALUES (..), (..)`, a row for each item.
    pub(in crate::store) fn push_values<I>(
        &mut self,
        items: impl IntoIterator<Item = I>,
        mut row: impl FnMut(&mut Row<'_>, I),
    ) {
        self.push("VALUES ");
        for (n, item) in items.into_iter().enumerate() {
            self.push(if n == 0 { "(" } else { ", (" });
            row(&mut self.separated(), item);
            self.push(")");
        }
    }

    pub(in crate::store) fn build(self) -> Query<'static, Any, AnyArguments> {
        sqlx::query_with(AssertSqlSafe(self.sql), self.arguments)
    }

    pub(in crate::store) fn build_query_as<O: for<'r> FromRow<'r, AnyRow>>(
        self,
    ) -> QueryAs<'static, Any, O, AnyArguments> {
        sqlx::query_as_with(AssertSqlSafe(self.sql), self.arguments)
    }
}

/// Places with commas between them.
pub(in crate::store) struct Row<'a> {
    many: &'a mut Many,
    first: bool,
}

impl Row<'_> {
    pub(in crate::store) fn push_bind<'q, T: Encode<'q, Any> + Type<Any>>(&mut self, value: T) -> &mut Self {
        if !self.first {
            self.many.push(", ");
        }
        self.first = false;
        self.many.push_bind(value);
        self
    }
}
