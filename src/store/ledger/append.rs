//! The record of access in the database: appended by the transaction that it records, never changed.

use chrono::{DateTime, Utc};

use crate::{
    case::ChildId,
    clock::instant_text,
    ledger::{Detail, Entry, Event, GENESIS, Head, LedgerRow, Link, detail_digest, link_hash},
    store::{
        Doing, StoreError, Write,
        database::{batch::Several, locks::Order},
        keys::encryption::{open, seal},
        ledger::LedgerTable,
    },
};

/// The last entry's place and hash; the run that made a dispatch, and who approved of its papers.
type Before = (Option<i64>, Option<String>, Option<String>, Option<String>);

// Who approved of papers is told by the release on the very facts that they were made from.
const BEFORE: &str = "SELECT (SELECT seq FROM ledger ORDER BY seq DESC LIMIT 1),
    (SELECT hash FROM ledger ORDER BY seq DESC LIMIT 1),
    (SELECT run_id FROM dispatch WHERE dispatch_id = $1),
    (SELECT a.approved_by FROM dispatch d JOIN approval a ON a.child_id = d.child_id AND a.obligation = d.obligation
        AND a.anchor = d.anchor AND a.revision = d.revision AND a.recipient = d.recipient
     WHERE d.dispatch_id = $1 AND a.facts_hash = $2 ORDER BY a.approval_id LIMIT 1)";

impl LedgerTable<'_> {
    /// Appends an entry within a transaction. Entries are in one order for the whole database.
    pub(in crate::store) async fn append_in(
        self,
        write: &mut Write,
        entry: &Entry,
        detail: Option<(&Detail, &[u8; 32])>,
        now: DateTime<Utc>,
    ) -> Result<i64, StoreError> {
        let mut several = Several::new(write);
        write.wait_for(Order::Ledger, false).await?;
        let seq = self.add_entry(write, &mut several, entry, detail, now).await?;
        several.run(write, "adding to the record of access").await?;
        Ok(seq)
    }

    /// The same as the last part of several statements, which run right after. The transaction has its turn already.
    pub(in crate::store) async fn add_entry(
        self,
        write: &mut Write,
        several: &mut Several,
        entry: &Entry,
        detail: Option<(&Detail, &[u8; 32])>,
        now: DateTime<Utc>,
    ) -> Result<i64, StoreError> {
        let disclosed = entry.dispatch.as_deref().filter(|_| entry.event == Event::Disclosure);
        let before: Before = sqlx::query_as(BEFORE)
            .bind(disclosed.unwrap_or_default())
            .bind(entry.made_from.as_deref().unwrap_or_default())
            .fetch_one(&mut *write.tx)
            .await
            .doing("reading the record of access")?;
        let (seq, prev, run, approved_by) = before;
        let (seq, prev) = (seq.map_or(1, |seq| seq + 1), prev.unwrap_or_else(|| GENESIS.to_owned()));
        let mut entry = entry.clone();
        if disclosed.is_some() {
            (entry.run, entry.approved_by) = (run, approved_by);
        }
        let sealed = detail.map(|(detail, key)| {
            let mut salt = [0; 32];
            getrandom::fill(&mut salt).expect("the system has randomness");
            let plain = serde_json::to_vec(detail).expect("a detail is plain data");
            entry.detail = Some(detail_digest(&salt, &plain));
            seal(key, &format!("ledger/{seq}"), &[salt.as_slice(), &plain].concat())
        });
        let at = instant_text(now);
        let body = serde_json::to_string(&entry).expect("an entry is plain data");
        let hash = link_hash(seq, &at, &body, &prev);
        let child = entry.child.to_string();
        several
            .add("INSERT INTO ledger (seq, at, child_id, body, prev, hash) VALUES ($1, $2, $3, $4, $5, $6)")
            .bind(seq)
            .bind(at)
            .bind(child.clone())
            .bind(body)
            .bind(prev)
            .bind(hash);
        if let Some(sealed) = sealed {
            several
                .add("INSERT INTO ledger_detail (seq, child_id, sealed) VALUES ($1, $2, $3)")
                .bind(seq)
                .bind(child)
                .bind(sealed);
        }
        Ok(seq)
    }

    /// Appends an entry on its own: somebody looked at a paper.
    pub async fn append(self, entry: &Entry, detail: &Detail, now: DateTime<Utc>) -> Result<i64, StoreError> {
        let key = self.store.bodies().child_key(&entry.child).await?;
        let mut write = self.store.write().await?;
        let seq = self.append_in(&mut write, entry, Some((detail, &key)), now).await?;
        write.commit().await?;
        Ok(seq)
    }

    /// Appends several entries in one transaction, in their order.
    ///
    /// # Errors
    /// When a child has no key, or the database refuses; then none is added.
    pub async fn append_all(self, entries: &[(Entry, Detail)], now: DateTime<Utc>) -> Result<(), StoreError> {
        let mut keys = std::collections::HashMap::new();
        for (entry, _) in entries {
            if !keys.contains_key(&entry.child) {
                keys.insert(entry.child.clone(), self.store.bodies().child_key(&entry.child).await?);
            }
        }
        let mut write = self.store.write().await?;
        for (entry, detail) in entries {
            self.append_in(&mut write, entry, Some((detail, &keys[&entry.child])), now).await?;
        }
        write.commit().await
    }

    /// The last entry's place and hash.
    pub async fn ledger_head(self) -> Result<Head, StoreError> {
        let last: Option<(i64, String)> = sqlx::query_as("SELECT seq, hash FROM ledger ORDER BY seq DESC LIMIT 1")
            .fetch_optional(&self.store.pool)
            .await
            .doing("reading the record of access")?;
        Ok(last.map_or_else(Head::default, |(count, hash)| Head { count, hash }))
    }

    /// The hash of one entry.
    pub async fn ledger_hash_at(self, seq: i64) -> Result<Option<String>, StoreError> {
        let row: Option<(String,)> = sqlx::query_as("SELECT hash FROM ledger WHERE seq = $1")
            .bind(seq)
            .fetch_optional(&self.store.pool)
            .await
            .doing("reading the record of access")?;
        Ok(row.map(|(hash,)| hash))
    }

    /// Links after `after`, in order.
    pub async fn ledger_links(self, after: i64, limit: i64) -> Result<Vec<Link>, StoreError> {
        let rows: Vec<(i64, String, String, String, String)> =
            sqlx::query_as("SELECT seq, at, body, prev, hash FROM ledger WHERE seq > $1 ORDER BY seq LIMIT $2")
                .bind(after)
                .bind(limit)
                .fetch_all(&self.store.pool)
                .await
                .doing("reading the record of access")?;
        Ok(rows.into_iter().map(|(seq, at, body, prev, hash)| Link { seq, at, body, prev, hash }).collect())
    }

    pub async fn entry_at(self, seq: i64) -> Result<Option<Entry>, StoreError> {
        let row: Option<(String,)> = sqlx::query_as("SELECT body FROM ledger WHERE seq = $1")
            .bind(seq)
            .fetch_optional(&self.store.pool)
            .await
            .doing("reading the record of access")?;
        row.map(|(body,)| {
            serde_json::from_str(&body).map_err(|_| StoreError::Inconsistent {
                table: "ledger",
                column: "body",
                id: seq.to_string(),
            })
        })
        .transpose()
    }

    /// Entries of one child, oldest first, with their personal parts.
    ///
    /// # Errors
    /// When the database refuses or a detail does not open.
    pub async fn ledger_of(self, child_id: &ChildId) -> Result<Vec<LedgerRow>, StoreError> {
        let rows: Vec<(i64, String, String, String, String, Option<Vec<u8>>)> = sqlx::query_as(
            "SELECT l.seq, l.at, l.body, l.prev, l.hash, d.sealed FROM ledger l LEFT JOIN ledger_detail d ON d.seq = l.seq
             WHERE l.child_id = $1 ORDER BY l.seq",
        )
        .bind(child_id.as_str())
        .fetch_all(&self.store.pool)
        .await
        .doing("reading the record of access")?;
        if rows.iter().all(|(.., sealed)| sealed.is_none()) {
            // A destroyed child has no key any more, and no details.
            return rows.into_iter().map(|row| ledger_row(row, None)).collect();
        }
        let key = self.store.bodies().child_key(child_id).await?;
        rows.into_iter().map(|row| ledger_row(row, Some(&key))).collect()
    }

    /// Entries of all children within a time, oldest first, a page after `after`: with their personal parts.
    ///
    /// # Errors
    /// When the database refuses or a detail does not open.
    pub async fn ledger_between(
        self,
        from: Option<DateTime<Utc>>,
        before: Option<DateTime<Utc>>,
        after: i64,
        limit: i64,
    ) -> Result<Vec<LedgerRow>, StoreError> {
        let rows: Vec<(i64, String, String, String, String, Option<Vec<u8>>)> = sqlx::query_as(
            "SELECT l.seq, l.at, l.body, l.prev, l.hash, d.sealed FROM ledger l LEFT JOIN ledger_detail d ON d.seq = l.seq
             WHERE l.seq > $1 AND l.at >= $2 AND l.at < $3 ORDER BY l.seq LIMIT $4",
        )
        .bind(after)
        .bind(from.map_or_else(String::new, instant_text))
        .bind(before.map_or_else(|| "9999".to_owned(), instant_text))
        .bind(limit)
        .fetch_all(&self.store.pool)
        .await
        .doing("reading the record of access")?;
        let mut keys = std::collections::HashMap::new();
        let mut found = Vec::with_capacity(rows.len());
        for row in rows {
            let entry: Entry = serde_json::from_str(&row.2).map_err(|_| StoreError::Inconsistent {
                table: "ledger",
                column: "body",
                id: row.0.to_string(),
            })?;
            if row.5.is_some() && !keys.contains_key(&entry.child) {
                keys.insert(entry.child.clone(), self.store.bodies().child_key(&entry.child).await?);
            }
            found.push(ledger_row(row, keys.get(&entry.child))?);
        }
        Ok(found)
    }

    /// The evidence of an attempt, for a person's eyes.
    ///
    /// # Errors
    /// When there is none, or the database refuses.
    pub async fn evidence(
        self,
        child_id: &ChildId,
        dispatch_id: &str,
        attempt: i64,
    ) -> Result<Option<crate::dispatch::Evidence>, StoreError> {
        let row: Option<(Option<Vec<u8>>,)> =
            sqlx::query_as("SELECT sealed_evidence FROM attempt WHERE dispatch_id = $1 AND attempt = $2")
                .bind(dispatch_id)
                .bind(attempt)
                .fetch_optional(&self.store.pool)
                .await
                .doing("reading an attempt")?;
        let Some((Some(sealed),)) = row else { return Ok(None) };
        let key = self.store.bodies().child_key(child_id).await?;
        let wrong =
            || StoreError::Inconsistent { table: "attempt", column: "sealed_evidence", id: dispatch_id.to_owned() };
        let plain = open(&key, &format!("attempt/{dispatch_id}/{attempt}"), &sealed).map_err(|_| wrong())?;
        serde_json::from_slice(&plain).map(Some).map_err(|_| wrong())
    }
}

fn ledger_row(
    (seq, at, body, prev, hash, sealed): (i64, String, String, String, String, Option<Vec<u8>>),
    key: Option<&[u8; 32]>,
) -> Result<LedgerRow, StoreError> {
    let wrong = |column| StoreError::Inconsistent { table: "ledger", column, id: seq.to_string() };
    let entry: Entry = serde_json::from_str(&body).map_err(|_| wrong("body"))?;
    let detail = match (sealed, key) {
        (Some(sealed), Some(key)) => Some(open_detail(key, seq, &sealed).ok_or_else(|| wrong("detail"))?.1),
        _ => None,
    };
    Ok(LedgerRow { link: Link { seq, at, body, prev, hash }, entry, detail })
}

/// Opens a detail; gives the digest of what was found, and the detail.
fn open_detail(key: &[u8; 32], seq: i64, sealed: &[u8]) -> Option<(String, Detail)> {
    let opened = open(key, &format!("ledger/{seq}"), sealed).ok()?;
    let (salt, plain) = opened.split_first_chunk::<32>()?;
    Some((detail_digest(salt, plain), serde_json::from_slice(plain).ok()?))
}

/// The digest of a stored detail, where it opens.
pub(in crate::store) fn detail_digest_of(key: &[u8; 32], seq: i64, sealed: &[u8]) -> Option<String> {
    let opened = open(key, &format!("ledger/{seq}"), sealed).ok()?;
    let (salt, plain) = opened.split_first_chunk::<32>()?;
    Some(detail_digest(salt, plain))
}
