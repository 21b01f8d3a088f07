//! The stored papers and answers: each is there, opens, and is the one that was recorded.

use std::collections::BTreeMap;

use super::entries::Keys;
use crate::{
    case::ChildId,
    ledger::{ChainError, Entry},
    store::{
        DispatchRow, Doing, StoreError, database::hash_column::sha256_hex, keys::encryption::open,
        verification::Verification,
    },
};

impl Verification<'_> {
    /// Every paper of an entry, every listed paper, every kept answer.
    pub(super) async fn papers_agree(
        self,
        keys: &Keys,
        destroyed: &BTreeMap<String, i64>,
    ) -> Result<Option<ChainError>, StoreError> {
        let mut after = 0;
        loop {
            let links = self.store.ledger().ledger_links(after, 500).await?;
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
    async fn papers_stand(self, entry: &Entry) -> Result<bool, StoreError> {
        for item in &entry.items {
            let name = match (&item.body, &entry.dispatch) {
                (Some(name), _) => name.clone(),
                // An entry of version 1 names its papers by hash only; its dispatch knows where they are.
                (None, Some(dispatch)) => {
                    let mut packets = self.store.outbox().former_packets(dispatch).await?;
                    packets.extend(self.store.outbox().dispatch(dispatch).await?.packet);
                    let stored = packets.iter().flat_map(|p| &p.items).find(|i| i.sha256 == item.sha256);
                    match stored {
                        Some(stored) => stored.body.clone(),
                        None => return Ok(false),
                    }
                }
                // A preview is not kept.
                (None, None) => continue,
            };
            match self.store.bodies().get_body(&entry.child, &name).await {
                Ok(bytes) if sha256_hex(&bytes) == item.sha256 => {}
                Ok(_) => return Ok(false),
                Err(StoreError::Body(error)) if error.is_about_the_paper() => return Ok(false),
                Err(error) => return Err(error),
            }
        }
        Ok(true)
    }

    /// Whether a paper of an envelope is stored with these very bytes, whichever version of the envelope it is from.
    pub async fn paper_stands(self, row: &DispatchRow, sha256: &str) -> Result<bool, StoreError> {
        let child = &row.envelope.child_id;
        let of_packet = row.packet.iter().flat_map(|p| &p.items).find(|i| i.sha256 == sha256).map(|i| i.body.clone());
        let name = match of_packet {
            Some(name) => Some(name),
            None => self
                .store
                .ledger()
                .ledger_of(child)
                .await?
                .into_iter()
                .flat_map(|entry| entry.entry.items)
                .find(|item| item.sha256 == sha256)
                .and_then(|item| item.body),
        };
        let Some(name) = name else { return Ok(false) };
        match self.store.bodies().get_body(child, &name).await {
            Ok(bytes) => Ok(sha256_hex(&bytes) == sha256),
            Err(StoreError::Body(error)) if error.is_about_the_paper() => Ok(false),
            Err(error) => Err(error),
        }
    }

    async fn bodies_stand(self, keys: &Keys) -> Result<Option<ChainError>, StoreError> {
        let mut after = String::new();
        loop {
            let rows: Vec<(String, String, i64)> =
                sqlx::query_as("SELECT name, child_id, bytes FROM body WHERE name > $1 ORDER BY name LIMIT 1000")
                    .bind(&after)
                    .fetch_all(&self.store.pool)
                    .await
                    .doing("reading the list of stored papers")?;
            let Some((last, ..)) = rows.last() else { return Ok(None) };
            after.clone_from(last);
            for (name, child_id, bytes) in rows {
                let stands = match ChildId::parse(&*child_id) {
                    Ok(child) if keys.contains_key(&child_id) => {
                        match self.store.bodies().get_body(&child, &name).await {
                            Ok(plain) => i64::try_from(plain.len()) == Ok(bytes),
                            Err(StoreError::Body(error)) if error.is_about_the_paper() => false,
                            Err(error) => return Err(error),
                        }
                    }
                    _ => false,
                };
                if !stands {
                    return Ok(Some(ChainError::Body(name)));
                }
            }
        }
    }

    async fn answers_stand(self, keys: &Keys) -> Result<Option<ChainError>, StoreError> {
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
            .fetch_all(&self.store.pool)
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
