//! The record of access in the database: appended by the transaction that it records, never changed.

use chrono::{DateTime, Utc};

use super::{
    Dialect, Doing, Store, StoreError, Write,
    children::sha256_hex,
    seal::{open, seal},
};
use crate::{
    case::ChildId,
    clock::instant_text,
    ledger::{ChainError, Detail, Entry, GENESIS, Head, Link, Verifier, detail_digest, link_hash},
};

/// An entry with its personal part, for a person's eyes.
#[derive(Debug, Clone)]
pub struct LedgerRow {
    /// The stored link.
    pub link: Link,
    /// The entry.
    pub entry: Entry,
    /// The personal part, unless it was destroyed.
    pub detail: Option<Detail>,
}

impl Store {
    /// Appends an entry within a transaction. Entries are in one order for the whole database.
    pub(super) async fn append_in(
        &self,
        write: &mut Write<'_>,
        entry: &Entry,
        detail: Option<(&Detail, &[u8; 32])>,
        now: DateTime<Utc>,
    ) -> Result<i64, StoreError> {
        if self.dialect == Dialect::Postgres {
            sqlx::query("SELECT pg_advisory_xact_lock(7301)")
                .execute(&mut *write.tx)
                .await
                .doing("waiting for the record of access")?;
        }
        let last: Option<(i64, String)> = sqlx::query_as("SELECT seq, hash FROM ledger ORDER BY seq DESC LIMIT 1")
            .fetch_optional(&mut *write.tx)
            .await
            .doing("reading the record of access")?;
        let (seq, prev) = last.map_or((1, GENESIS.to_owned()), |(seq, hash)| (seq + 1, hash));
        let mut entry = entry.clone();
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
        sqlx::query("INSERT INTO ledger (seq, at, child_id, body, prev, hash) VALUES ($1, $2, $3, $4, $5, $6)")
            .bind(seq)
            .bind(&at)
            .bind(entry.child.as_str())
            .bind(&body)
            .bind(&prev)
            .bind(&hash)
            .execute(&mut *write.tx)
            .await
            .doing("adding to the record of access")?;
        if let Some(sealed) = sealed {
            sqlx::query("INSERT INTO ledger_detail (seq, child_id, sealed) VALUES ($1, $2, $3)")
                .bind(seq)
                .bind(entry.child.as_str())
                .bind(sealed)
                .execute(&mut *write.tx)
                .await
                .doing("adding to the record of access")?;
        }
        Ok(seq)
    }

    /// Appends an entry on its own: somebody looked at a paper.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn append(&self, entry: &Entry, detail: &Detail, now: DateTime<Utc>) -> Result<i64, StoreError> {
        let key = self.child_key(&entry.child).await?;
        let mut write = self.write().await?;
        let seq = self.append_in(&mut write, entry, Some((detail, &key)), now).await?;
        write.commit().await?;
        Ok(seq)
    }

    /// The last entry's place and hash.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn ledger_head(&self) -> Result<Head, StoreError> {
        let last: Option<(i64, String)> = sqlx::query_as("SELECT seq, hash FROM ledger ORDER BY seq DESC LIMIT 1")
            .fetch_optional(&self.pool)
            .await
            .doing("reading the record of access")?;
        Ok(last.map_or_else(Head::default, |(count, hash)| Head { count, hash }))
    }

    /// The hash of one entry.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn ledger_hash_at(&self, seq: i64) -> Result<Option<String>, StoreError> {
        let row: Option<(String,)> = sqlx::query_as("SELECT hash FROM ledger WHERE seq = $1")
            .bind(seq)
            .fetch_optional(&self.pool)
            .await
            .doing("reading the record of access")?;
        Ok(row.map(|(hash,)| hash))
    }

    /// Links after `after`, in order.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn ledger_links(&self, after: i64, limit: i64) -> Result<Vec<Link>, StoreError> {
        let rows: Vec<(i64, String, String, String, String)> =
            sqlx::query_as("SELECT seq, at, body, prev, hash FROM ledger WHERE seq > $1 ORDER BY seq LIMIT $2")
                .bind(after)
                .bind(limit)
                .fetch_all(&self.pool)
                .await
                .doing("reading the record of access")?;
        Ok(rows.into_iter().map(|(seq, at, body, prev, hash)| Link { seq, at, body, prev, hash }).collect())
    }

    /// Entries of one child, oldest first, with their personal parts.
    ///
    /// # Errors
    /// When the database refuses or a detail does not open.
    pub async fn ledger_of(&self, child_id: &ChildId) -> Result<Vec<LedgerRow>, StoreError> {
        let rows: Vec<(i64, String, String, String, String, Option<Vec<u8>>)> = sqlx::query_as(
            "SELECT l.seq, l.at, l.body, l.prev, l.hash, d.sealed FROM ledger l LEFT JOIN ledger_detail d ON d.seq = l.seq
             WHERE l.child_id = $1 ORDER BY l.seq",
        )
        .bind(child_id.as_str())
        .fetch_all(&self.pool)
        .await
        .doing("reading the record of access")?;
        let key = self.child_key(child_id).await?;
        rows.into_iter()
            .map(|(seq, at, body, prev, hash, sealed)| {
                let wrong = |column| StoreError::Inconsistent { table: "ledger", column, id: seq.to_string() };
                let entry: Entry = serde_json::from_str(&body).map_err(|_| wrong("body"))?;
                let detail = sealed
                    .map(|sealed| {
                        open_detail(&key, seq, &sealed).map(|(_, detail)| detail).ok_or_else(|| wrong("detail"))
                    })
                    .transpose()?;
                Ok(LedgerRow { link: Link { seq, at, body, prev, hash }, entry, detail })
            })
            .collect()
    }

    /// Checks the whole record: the chain, each entry's personal part, and with `papers` every stored paper.
    /// Gives the head of a clean record, or the first bad entry.
    ///
    /// # Errors
    /// When the database refuses; a bad entry is not an error but an answer.
    pub async fn verify_ledger(&self, papers: bool) -> Result<Result<Head, ChainError>, StoreError> {
        let mut verifier = Verifier::default();
        let mut keys = std::collections::HashMap::new();
        loop {
            let links = self.ledger_links(verifier.head().count, 500).await?;
            if links.is_empty() {
                return Ok(Ok(verifier.head().clone()));
            }
            let last = links.last().map_or(0, |l| l.seq);
            let details: std::collections::HashMap<i64, Vec<u8>> = sqlx::query_as::<_, (i64, Vec<u8>)>(
                "SELECT seq, sealed FROM ledger_detail WHERE seq > $1 AND seq <= $2",
            )
            .bind(verifier.head().count)
            .bind(last)
            .fetch_all(&self.pool)
            .await
            .doing("reading the record of access")?
            .into_iter()
            .collect();
            for link in &links {
                if let Err(error) = verifier.take(link) {
                    return Ok(Err(error));
                }
                let Ok(entry) = serde_json::from_str::<Entry>(&link.body) else {
                    return Ok(Err(ChainError::Changed(link.seq)));
                };
                if !keys.contains_key(&entry.child) {
                    keys.insert(entry.child.clone(), self.child_key(&entry.child).await?);
                }
                let key = &keys[&entry.child];
                if let Some(digest) = &entry.detail {
                    let opened = details.get(&link.seq).and_then(|sealed| open_detail(key, link.seq, sealed));
                    if opened.is_none_or(|(found, _)| &found != digest) {
                        return Ok(Err(ChainError::Detail(link.seq)));
                    }
                }
                if papers && !self.papers_stand(&entry).await? {
                    return Ok(Err(ChainError::Paper(link.seq)));
                }
            }
        }
    }

    /// Whether every paper of an entry is stored and is the one that the entry names.
    async fn papers_stand(&self, entry: &Entry) -> Result<bool, StoreError> {
        let Some(dispatch) = &entry.dispatch else { return Ok(true) };
        let row = self.dispatch(dispatch).await?;
        let Some(packet) = row.packet else { return Ok(entry.items.is_empty()) };
        for item in &entry.items {
            let Some(stored) = packet.items.iter().find(|i| i.sha256 == item.sha256) else { return Ok(false) };
            match self.get_body(&entry.child, &stored.body).await {
                Ok(bytes) if sha256_hex(&bytes) == item.sha256 => {}
                Ok(_) | Err(StoreError::Body(_)) => return Ok(false),
                Err(error) => return Err(error),
            }
        }
        Ok(true)
    }

    /// The evidence of an attempt, for a person's eyes.
    ///
    /// # Errors
    /// When there is none, or the database refuses.
    pub async fn evidence(
        &self,
        child_id: &ChildId,
        dispatch_id: &str,
        attempt: i64,
    ) -> Result<Option<crate::dispatch::Evidence>, StoreError> {
        let row: Option<(Option<Vec<u8>>,)> =
            sqlx::query_as("SELECT sealed_evidence FROM attempt WHERE dispatch_id = $1 AND attempt = $2")
                .bind(dispatch_id)
                .bind(attempt)
                .fetch_optional(&self.pool)
                .await
                .doing("reading an attempt")?;
        let Some((Some(sealed),)) = row else { return Ok(None) };
        let key = self.child_key(child_id).await?;
        let wrong =
            || StoreError::Inconsistent { table: "attempt", column: "sealed_evidence", id: dispatch_id.to_owned() };
        let plain = open(&key, &format!("attempt/{dispatch_id}/{attempt}"), &sealed).map_err(|_| wrong())?;
        serde_json::from_slice(&plain).map(Some).map_err(|_| wrong())
    }
}

/// Opens a detail; gives the digest of what was found, and the detail.
fn open_detail(key: &[u8; 32], seq: i64, sealed: &[u8]) -> Option<(String, Detail)> {
    let opened = open(key, &format!("ledger/{seq}"), sealed).ok()?;
    let (salt, plain) = opened.split_first_chunk::<32>()?;
    Some((detail_digest(salt, plain), serde_json::from_slice(plain).ok()?))
}
