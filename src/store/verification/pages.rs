//! Reading entries for the check. The database joins a page of them into one text: a row a million times costs more
//! than all that is checked of it.

use data_encoding::HEXLOWER_PERMISSIVE;

use crate::{
    ledger::ChainError,
    store::{Dialect, Doing, StoreError, verification::Verification},
};

/// Entries read at a time; the next ones are read while these are checked. So many that SQLite, which has a megabyte of
/// memory here, puts them in order without writing them to a file first.
const ENTRIES: i64 = 500;

/// Entries in one text, each with the lengths of its parts before it, so that no part can be taken for another.
#[derive(Debug)]
pub(super) struct Page {
    /// The last entry.
    pub(super) last: i64,
    text: String,
}

/// An entry with the columns beside it and its personal part.
#[derive(Debug)]
pub(super) struct Stored<'a> {
    pub(super) seq: i64,
    pub(super) at: &'a str,
    pub(super) body: &'a str,
    pub(super) prev: &'a str,
    pub(super) hash: &'a str,
    pub(super) child_id: &'a str,
    pub(super) detail_child: Option<&'a str>,
    pub(super) sealed: Option<Vec<u8>>,
}

/// One statement for both databases but for the words by which each joins texts and writes bytes in hex.
fn statement(dialect: Dialect) -> String {
    let (hex, join) = match dialect {
        Dialect::Sqlite => ("hex(d.sealed)", "group_concat(part, '' ORDER BY seq)"),
        Dialect::Postgres => ("encode(d.sealed, 'hex')", "string_agg(part, '' ORDER BY seq)"),
    };
    format!(
        "SELECT MAX(seq), {join} FROM (SELECT l.seq AS seq, concat(l.seq, ' ', octet_length(l.at), ' ', octet_length(l.body), ' ',
            octet_length(l.prev), ' ', octet_length(l.hash), ' ', octet_length(l.child_id), ' ', COALESCE(octet_length(d.child_id), -1),
            ' ', COALESCE(2 * octet_length(d.sealed), -1), ' ', l.at, l.body, l.prev, l.hash, l.child_id, d.child_id, {hex}) AS part
         FROM ledger l LEFT JOIN ledger_detail d ON d.seq = l.seq WHERE l.seq > $1 AND l.seq < $3 ORDER BY l.seq LIMIT $2) page"
    )
}

impl Verification<'_> {
    /// The next entries; `None` after the last.
    pub(super) async fn verify_page(self, after: i64) -> Result<Option<Page>, StoreError> {
        match self.page(after, i64::MAX).await {
            Ok(page) => Ok(page),
            Err(error) => match self.unreadable_entry(after).await? {
                None => Err(error),
                // What stands before it is checked first: the first bad entry is named.
                Some(seq) => match self.page(after, seq).await? {
                    None => Ok(Some(Page { last: seq, text: String::from("unreadable") })),
                    page => Ok(page),
                },
            },
        }
    }

    /// Entries after one and before another.
    async fn page(self, after: i64, before: i64) -> Result<Option<Page>, StoreError> {
        let (last, text): (Option<i64>, Option<String>) =
            sqlx::query_as(sqlx::AssertSqlSafe(statement(self.store.dialect())))
                .bind(after)
                .bind(ENTRIES)
                .bind(before)
                .fetch_one(&self.store.pool)
                .await
                .doing("reading the record of access")?;
        Ok(last.zip(text).map(|(last, text)| Page { last, text }))
    }

    /// The first entry after one whose columns hold something that is no text: SQLite takes whatever somebody writes into
    /// them, and a page with it cannot be read as one.
    async fn unreadable_entry(self, after: i64) -> Result<Option<i64>, StoreError> {
        if self.store.dialect() == Dialect::Postgres {
            return Ok(None);
        }
        let rows: Vec<(i64, String)> = sqlx::query_as(
            "SELECT l.seq, hex(l.at) || ' ' || hex(l.body) || ' ' || hex(l.prev) || ' ' || hex(l.hash) || ' ' || hex(l.child_id)
                || ' ' || hex(COALESCE(d.child_id, ''))
             FROM ledger l LEFT JOIN ledger_detail d ON d.seq = l.seq WHERE l.seq > $1 ORDER BY l.seq LIMIT $2",
        )
        .bind(after)
        .bind(ENTRIES)
        .fetch_all(&self.store.pool)
        .await
        .doing("looking for an entry that cannot be read")?;
        let is_text = |hex: &str| hex::decode(hex).is_ok_and(|bytes| String::from_utf8(bytes).is_ok());
        Ok(rows.into_iter().find(|(_, columns)| !columns.split(' ').all(is_text)).map(|(seq, _)| seq))
    }
}

impl Page {
    /// Hands its entries out one after another, until one is refused.
    pub(super) fn each(&self, mut take: impl FnMut(&Stored<'_>) -> Result<(), ChainError>) -> Result<(), ChainError> {
        let (mut rest, mut last) = (self.text.as_str(), None);
        while !rest.is_empty() {
            // A column that holds something of another type than this program writes cannot be laid apart again.
            let (stored, after) =
                entry(rest).ok_or(ChainError::Changed(last.map_or(self.last, |last: i64| last + 1)))?;
            take(&stored)?;
            last = Some(stored.seq);
            rest = after;
        }
        Ok(())
    }
}

/// The first entry of a text, and what follows it.
fn entry(text: &str) -> Option<(Stored<'_>, &str)> {
    let (seq, mut rest) = number(text)?;
    let mut lengths = [0_i64; 7];
    for length in &mut lengths {
        (*length, rest) = number(rest)?;
    }
    let mut next = |length: i64| {
        let (part, after) = rest.split_at_checked(usize::try_from(length).ok()?)?;
        rest = after;
        Some(part)
    };
    let [at, body, prev, hash, child_id, detail_child, sealed] = lengths;
    let stored = Stored {
        seq,
        at: next(at)?,
        body: next(body)?,
        prev: next(prev)?,
        hash: next(hash)?,
        child_id: next(child_id)?,
        detail_child: if detail_child < 0 { None } else { Some(next(detail_child)?) },
        sealed: if sealed < 0 { None } else { Some(HEXLOWER_PERMISSIVE.decode(next(sealed)?.as_bytes()).ok()?) },
    };
    Some((stored, rest))
}

fn number(text: &str) -> Option<(i64, &str)> {
    let (number, rest) = text.split_once(' ')?;
    Some((number.parse().ok()?, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seqs(text: &str) -> Result<Vec<i64>, ChainError> {
        let mut seen = Vec::new();
        let page = Page { last: 9, text: text.to_owned() };
        page.each(|stored| {
            seen.push(stored.seq);
            Ok(())
        })?;
        Ok(seen)
    }

    #[test]
    fn entries_are_laid_apart_by_their_lengths_whatever_stands_in_them() {
        let (first, rest) = entry("7 2 8 1 1 3 3 4 at{\"n\": 1}phc-1c-100ffrest").unwrap();
        assert_eq!((first.seq, first.at, first.body, first.child_id), (7, "at", "{\"n\": 1}", "c-1"));
        assert_eq!((first.detail_child, first.sealed, rest), (Some("c-1"), Some(vec![0, 255]), "rest"));
        assert_eq!(seqs("7 1 1 1 1 1 -1 -1 abcde8 1 1 1 1 1 1 2 abcdef0a"), Ok(vec![7, 8]));
    }

    #[test]
    fn a_text_that_cannot_be_laid_apart_is_a_changed_entry() {
        assert_eq!(seqs("7 1 1 1 1 1 -1 -1 abcde8 9 1 1 1 1 -1 -1 abcde"), Err(ChainError::Changed(8)));
        assert_eq!(seqs("nothing"), Err(ChainError::Changed(9)));
    }
}
