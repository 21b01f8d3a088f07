//! Checking the whole record of access: chain, personal parts, dispatches, and on request every stored paper.

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use serde::Deserialize;

use super::{Doing, Store, StoreError, children::sha256_hex, ledger::detail_digest_of, seal::open};
use crate::{
    case::ChildId,
    ledger::{ChainError, Entry, EntryMatter, Head, Link, Verifier},
};

/// Entries read at a time; the next ones are read while these are checked.
const PAGE: i64 = 4_000;

/// A link with the columns beside it and its personal part.
struct Stored {
    link: Link,
    child_id: String,
    detail_child: Option<String>,
    sealed: Option<Vec<u8>>,
}

/// What the check needs of an entry.
#[derive(Deserialize)]
struct Glance<'a> {
    #[serde(borrow)]
    event: Cow<'a, str>,
    #[serde(borrow)]
    child: Cow<'a, str>,
    #[serde(borrow, default)]
    dispatch: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    detail: Option<Cow<'a, str>>,
    #[serde(borrow)]
    outcome: Cow<'a, str>,
    #[serde(default)]
    matter: Option<EntryMatter>,
}

type Keys = HashMap<String, [u8; 32]>;

/// The state of a check, page after page.
struct Check {
    verifier: Verifier,
    keys: Arc<Keys>,
    /// Where each dispatch of a disclosure is first named.
    dispatches: HashMap<u128, (i64, Arc<str>)>,
    /// Children whose details are missing so far, by the first such entry; their destruction entry settles it.
    missing: BTreeMap<String, i64>,
    /// Children that were destroyed.
    destroyed: BTreeMap<String, i64>,
    children: HashMap<String, Arc<str>>,
    /// Requests and incidents as the entries tell them.
    matters: BTreeMap<String, Told>,
}

/// A request or an incident as the entries tell it.
pub(super) struct Told {
    pub(super) child: String,
    pub(super) matter: EntryMatter,
    pub(super) opened_seq: i64,
    pub(super) closed: Option<(i64, String)>,
}

fn number_of(id: &str) -> u128 {
    uuid::Uuid::parse_str(id).map_or_else(
        |_| {
            let hash = sha256_hex(id.as_bytes());
            u128::from_str_radix(&hash[..32], 16).unwrap_or_default()
        },
        |id| id.as_u128(),
    )
}

impl Check {
    fn page(&mut self, page: &[Stored]) -> Result<(), ChainError> {
        page.iter().try_for_each(|stored| self.one(stored))
    }

    fn one(&mut self, stored: &Stored) -> Result<(), ChainError> {
        let Stored { link, child_id, detail_child, sealed } = stored;
        self.verifier.take(link)?;
        let glance: Glance<'_> = serde_json::from_str(&link.body).map_err(|_| ChainError::Changed(link.seq))?;
        if glance.child != *child_id {
            return Err(ChainError::Moved { seq: link.seq, table: "ledger" });
        }
        if glance.event == "destruction" {
            self.missing.remove(child_id);
            self.destroyed.insert(child_id.clone(), link.seq);
        }
        match (&glance.detail, sealed) {
            (Some(digest), Some(sealed)) => {
                if detail_child.as_deref() != Some(child_id) {
                    return Err(ChainError::Moved { seq: link.seq, table: "ledger_detail" });
                }
                let found = self.keys.get(child_id).and_then(|key| detail_digest_of(key, link.seq, sealed));
                if found.as_deref() != Some(digest) {
                    return Err(ChainError::Detail(link.seq));
                }
            }
            (Some(_), None) => {
                self.missing.entry(child_id.clone()).or_insert(link.seq);
            }
            (None, Some(_)) => return Err(ChainError::Stray(link.seq)),
            (None, None) => {}
        }
        if let Some(matter) = glance.matter {
            if let Some(told) = self.matters.get_mut(&matter.id) {
                told.closed = Some((link.seq, glance.outcome.into_owned()));
            } else {
                let told = Told { child: child_id.clone(), matter, opened_seq: link.seq, closed: None };
                self.matters.insert(told.matter.id.clone(), told);
            }
        }
        if glance.event == "disclosure"
            && let Some(dispatch) = &glance.dispatch
        {
            let child = self.children.entry(child_id.clone()).or_insert_with(|| Arc::from(child_id.as_str()));
            self.dispatches.entry(number_of(dispatch)).or_insert_with(|| (link.seq, Arc::clone(child)));
        }
        Ok(())
    }
}

impl Store {
    /// Checks the whole record: the chain, each entry's personal part, and with `papers` every stored paper
    /// and answer. Gives the head of a clean record, or the first bad entry.
    ///
    /// # Errors
    /// When the database refuses; a bad entry is not an error but an answer.
    pub async fn verify_ledger(&self, papers: bool) -> Result<Result<Head, ChainError>, StoreError> {
        self.verify_ledger_against(Vec::new(), papers).await
    }

    /// The same against heads that were seen before: the mark's and the checkpoints'.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn verify_ledger_against(
        &self,
        seen: Vec<Head>,
        papers: bool,
    ) -> Result<Result<Head, ChainError>, StoreError> {
        let keys = match self.all_child_keys().await? {
            Ok(keys) => Arc::new(keys),
            Err(error) => return Ok(Err(error)),
        };
        let mut check = Check {
            verifier: Verifier::expecting(seen),
            keys: Arc::clone(&keys),
            dispatches: HashMap::new(),
            missing: BTreeMap::new(),
            destroyed: BTreeMap::new(),
            children: HashMap::new(),
            matters: BTreeMap::new(),
        };
        let mut page = self.verify_page(0).await?;
        while let Some(last) = page.last().map(|stored| stored.link.seq) {
            let checked = tokio::task::spawn_blocking(move || {
                let verdict = check.page(&page);
                (check, verdict)
            });
            let (next, checked) = tokio::join!(self.verify_page(last), checked);
            let verdict;
            (check, verdict) = checked.expect("checking a page does not panic");
            if let Err(error) = verdict {
                return Ok(Err(error));
            }
            page = next?;
        }
        if let Some(seq) = check.missing.values().min() {
            return Ok(Err(ChainError::Detail(*seq)));
        }
        let Check { verifier, dispatches, destroyed, matters, .. } = check;
        let head = match verifier.end() {
            Ok(head) => head,
            Err(error) => return Ok(Err(error)),
        };
        let found = [
            self.stray_detail().await?,
            self.dispatches_agree(dispatches, &destroyed).await?,
            self.matters_agree(matters).await?,
        ];
        if let Some(error) = found.into_iter().flatten().next() {
            return Ok(Err(error));
        }
        if papers && let Some(error) = self.papers_agree(&keys, &destroyed).await? {
            return Ok(Err(error));
        }
        Ok(Ok(head))
    }

    async fn verify_page(&self, after: i64) -> Result<Vec<Stored>, StoreError> {
        let rows: Vec<(i64, String, String, String, String, String, Option<String>, Option<Vec<u8>>)> = sqlx::query_as(
            "SELECT l.seq, l.at, l.body, l.prev, l.hash, l.child_id, d.child_id AS detail_child, d.sealed
             FROM ledger l LEFT JOIN ledger_detail d ON d.seq = l.seq WHERE l.seq > $1 ORDER BY l.seq LIMIT $2",
        )
        .bind(after)
        .bind(PAGE)
        .fetch_all(&self.pool)
        .await
        .doing("reading the record of access")?;
        Ok(rows
            .into_iter()
            .map(|(seq, at, body, prev, hash, child_id, detail_child, sealed)| Stored {
                link: Link { seq, at, body, prev, hash },
                child_id,
                detail_child,
                sealed,
            })
            .collect())
    }

    /// Every child's key, opened once.
    async fn all_child_keys(&self) -> Result<Result<Keys, ChainError>, StoreError> {
        let rows: Vec<(String, Vec<u8>)> = sqlx::query_as("SELECT child_id, wrapped FROM child_key ORDER BY child_id")
            .fetch_all(&self.pool)
            .await
            .doing("reading the children's keys")?;
        let mut keys = HashMap::with_capacity(rows.len());
        for (child_id, wrapped) in rows {
            let opened = ChildId::parse(&*child_id).ok().and_then(|id| self.unwrap_key(&id, &wrapped).ok());
            match opened {
                Some(key) => keys.insert(child_id, key),
                None => return Ok(Err(ChainError::Key(child_id))),
            };
        }
        Ok(Ok(keys))
    }

    async fn stray_detail(&self) -> Result<Option<ChainError>, StoreError> {
        let (seq,): (Option<i64>,) = sqlx::query_as(
            "SELECT MIN(d.seq) FROM ledger_detail d LEFT JOIN ledger l ON l.seq = d.seq WHERE l.seq IS NULL",
        )
        .fetch_one(&self.pool)
        .await
        .doing("reading the record of access")?;
        Ok(seq.map(ChainError::Stray))
    }

    /// What left has its entry, and each entry its dispatch.
    async fn dispatches_agree(
        &self,
        mut named: HashMap<u128, (i64, Arc<str>)>,
        destroyed: &BTreeMap<String, i64>,
    ) -> Result<Option<ChainError>, StoreError> {
        let mut after = String::new();
        loop {
            let rows: Vec<(String, String)> = sqlx::query_as(
                "SELECT dispatch_id, state FROM dispatch WHERE dispatch_id > $1 ORDER BY dispatch_id LIMIT 10000",
            )
            .bind(&after)
            .fetch_all(&self.pool)
            .await
            .doing("reading envelopes")?;
            let Some((last, _)) = rows.last() else { break };
            after.clone_from(last);
            for (id, state) in rows {
                let entered = named.remove(&number_of(&id)).is_some();
                if !entered && matches!(state.as_str(), "accepted" | "confirmed" | "returned" | "unknown") {
                    return Ok(Some(ChainError::NoEntry(id, state)));
                }
            }
        }
        let gone = named.into_values().filter(|(_, child)| !destroyed.contains_key(&**child)).map(|(seq, _)| seq).min();
        let Some(seq) = gone else { return Ok(None) };
        let dispatch = self.entry_at(seq).await?.and_then(|entry| entry.dispatch).unwrap_or_default();
        Ok(Some(ChainError::NoDispatch { seq, dispatch, says: "does not exist any more" }))
    }

    /// One entry.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn entry_at(&self, seq: i64) -> Result<Option<Entry>, StoreError> {
        let row: Option<(String,)> = sqlx::query_as("SELECT body FROM ledger WHERE seq = $1")
            .bind(seq)
            .fetch_optional(&self.pool)
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

    /// Every paper of an entry, every listed paper, every kept answer.
    async fn papers_agree(
        &self,
        keys: &Keys,
        destroyed: &BTreeMap<String, i64>,
    ) -> Result<Option<ChainError>, StoreError> {
        let mut after = 0;
        loop {
            let links = self.ledger_links(after, 500).await?;
            let Some(last) = links.last() else { break };
            after = last.seq;
            for link in &links {
                let Ok(entry) = serde_json::from_str::<Entry>(&link.body) else {
                    return Ok(Some(ChainError::Changed(link.seq)));
                };
                if !destroyed.contains_key(entry.child.as_str()) && !self.papers_stand(&entry).await? {
                    return Ok(Some(ChainError::Paper(link.seq)));
                }
            }
        }
        if let Some(error) = self.bodies_stand(keys).await? {
            return Ok(Some(error));
        }
        self.answers_stand(keys).await
    }

    /// Whether every paper of an entry is stored and is the one that the entry names.
    async fn papers_stand(&self, entry: &Entry) -> Result<bool, StoreError> {
        for item in &entry.items {
            let name = match (&item.body, &entry.dispatch) {
                (Some(name), _) => name.clone(),
                // An entry of version 1 names its papers by hash only; its dispatch knows where they are.
                (None, Some(dispatch)) => {
                    let mut packets = self.former_packets(dispatch).await?;
                    packets.extend(self.dispatch(dispatch).await?.packet);
                    let stored = packets.iter().flat_map(|p| &p.items).find(|i| i.sha256 == item.sha256);
                    match stored {
                        Some(stored) => stored.body.clone(),
                        None => return Ok(false),
                    }
                }
                // A preview is not kept.
                (None, None) => continue,
            };
            match self.get_body(&entry.child, &name).await {
                Ok(bytes) if sha256_hex(&bytes) == item.sha256 => {}
                Ok(_) | Err(StoreError::Body(_)) => return Ok(false),
                Err(error) => return Err(error),
            }
        }
        Ok(true)
    }

    /// Whether a paper of an envelope is stored with these very bytes, whichever version of the envelope it is from.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn paper_stands(&self, row: &super::DispatchRow, sha256: &str) -> Result<bool, StoreError> {
        let child = &row.envelope.child_id;
        let of_packet = row.packet.iter().flat_map(|p| &p.items).find(|i| i.sha256 == sha256).map(|i| i.body.clone());
        let name = match of_packet {
            Some(name) => Some(name),
            None => self
                .ledger_of(child)
                .await?
                .into_iter()
                .flat_map(|entry| entry.entry.items)
                .find(|item| item.sha256 == sha256)
                .and_then(|item| item.body),
        };
        let Some(name) = name else { return Ok(false) };
        match self.get_body(child, &name).await {
            Ok(bytes) => Ok(sha256_hex(&bytes) == sha256),
            Err(StoreError::Body(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }

    async fn bodies_stand(&self, keys: &Keys) -> Result<Option<ChainError>, StoreError> {
        let mut after = String::new();
        loop {
            let rows: Vec<(String, String, i64)> =
                sqlx::query_as("SELECT name, child_id, bytes FROM body WHERE name > $1 ORDER BY name LIMIT 1000")
                    .bind(&after)
                    .fetch_all(&self.pool)
                    .await
                    .doing("reading the list of stored papers")?;
            let Some((last, ..)) = rows.last() else { return Ok(None) };
            after.clone_from(last);
            for (name, child_id, bytes) in rows {
                let stands = match ChildId::parse(&*child_id) {
                    Ok(child) if keys.contains_key(&child_id) => match self.get_body(&child, &name).await {
                        Ok(plain) => i64::try_from(plain.len()) == Ok(bytes),
                        Err(StoreError::Body(_)) => false,
                        Err(error) => return Err(error),
                    },
                    _ => false,
                };
                if !stands {
                    return Ok(Some(ChainError::Body(name)));
                }
            }
        }
    }

    async fn answers_stand(&self, keys: &Keys) -> Result<Option<ChainError>, StoreError> {
        let mut after = (String::new(), 0_i64);
        loop {
            let rows: Vec<(String, i64, String, Option<Vec<u8>>)> = sqlx::query_as(
                "SELECT a.dispatch_id, a.attempt, d.child_id, a.sealed_evidence FROM attempt a
                 JOIN dispatch d ON d.dispatch_id = a.dispatch_id
                 WHERE a.dispatch_id > $1 OR (a.dispatch_id = $1 AND a.attempt > $2)
                 ORDER BY a.dispatch_id, a.attempt LIMIT 1000",
            )
            .bind(&after.0)
            .bind(after.1)
            .fetch_all(&self.pool)
            .await
            .doing("reading attempts")?;
            let Some((id, attempt, ..)) = rows.last() else { return Ok(None) };
            after = (id.clone(), *attempt);
            for (dispatch, attempt, child_id, sealed) in rows {
                let Some(sealed) = sealed else { continue };
                let bound = format!("attempt/{dispatch}/{attempt}");
                if keys.get(&child_id).is_none_or(|key| open(key, &bound, &sealed).is_err()) {
                    return Ok(Some(ChainError::Answer { dispatch, attempt }));
                }
            }
        }
    }
}
