//! What came back, kept whole and once: applied to its dispatch, noted, or put before a person.

use chrono::{DateTime, Utc};

use super::returned::{come_back, wait_to_come_back};
use crate::{
    case::ChildId,
    clock::instant_text,
    dispatch::{StateName, email::incoming::Sort},
    ledger::{Detail, Entry},
    store::{
        CameBack, DispatchRow, Doing, StoreError, Write,
        database::hash_column::sha256_hex,
        keys::encryption::seal,
        new_id,
        outbox::{
            dispatches::{COLUMNS, read_row},
            state::change_state,
        },
        outcomes::Outcomes,
    },
};

/// Where a message that came in stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReceiptStanding {
    /// It changed its dispatch.
    Applied,
    /// It belongs to a dispatch and changes nothing.
    Noted,
    /// Its attempt is not settled yet; it is looked at again.
    Later,
    /// Somebody has to look.
    Person,
}

impl ReceiptStanding {
    /// The word in the database.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Noted => "noted",
            Self::Later => "later",
            Self::Person => "person",
        }
    }
}

/// The dispatch of which a message speaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matched {
    pub dispatch_id: String,
    /// Whose it is.
    pub child_id: ChildId,
    pub attempt: i64,
    /// By what it was found: `return-path`, `envelope-id`, `message-id`, `fax-job`.
    pub by: &'static str,
}

/// What a message changes.
#[derive(Debug)]
pub struct Change<'a> {
    /// The new state, where it is another one.
    pub state: Option<StateName>,
    /// Why, for the history.
    pub why: &'a str,
    /// The entry in the record of access.
    pub entry: (Entry, Detail),
    /// What came back, where something did.
    pub came_back: Option<CameBack<'a>>,
}

/// A message that came in, with what follows from it.
#[derive(Debug)]
pub struct NewReceipt<'a> {
    /// Where it was found: `maildir`, `imap`, `fax`.
    pub source: &'a str,
    /// The whole message.
    pub bytes: &'a [u8],
    /// Its kind: `failed`, `delivered`, `mail`, ...
    pub says: &'a str,
    /// What kind of mail it is, for the person who reads it.
    pub sort: Sort,
    /// The code by which failures are alike.
    pub code: Option<&'a str>,
    /// The dispatch of which it speaks.
    pub matched: Option<&'a Matched>,
    /// Where it stands.
    pub standing: ReceiptStanding,
    /// Why it stands there, without names.
    pub why: &'a str,
    /// What it changes; only where it is applied.
    pub change: Option<Change<'a>>,
}

impl Outcomes<'_> {
    /// Keeps a message and makes what follows from it, in one transaction. A message that is known already
    /// changes nothing; where it waited for its attempt to be settled, it is looked at anew. Gives its id where it
    /// was taken.
    ///
    /// # Errors
    /// When the dispatch's state does not allow the change, or the database refuses.
    pub async fn take_receipt(self, new: &NewReceipt<'_>, now: DateTime<Utc>) -> Result<Option<String>, StoreError> {
        let hash = sha256_hex(new.bytes);
        let key = match new.matched {
            Some(matched) => Some(self.store.bodies().child_key(&matched.child_id).await?),
            None => None,
        };
        let mut write = self.store.write().await?;
        let known: Option<(String, String)> =
            sqlx::query_as("SELECT receipt_id, standing FROM receipt WHERE message_hash = $1")
                .bind(&hash)
                .fetch_optional(&mut *write.tx)
                .await
                .doing("looking for a message")?;
        let id = match known {
            Some((_, standing)) if standing != "later" => return Ok(None),
            Some(_) if new.standing == ReceiptStanding::Later => return Ok(None),
            Some((id, _)) => id,
            None => new_id(now),
        };
        let sealed = seal(key.as_ref().unwrap_or(&self.store.key.0), &bound(&id), new.bytes);
        sqlx::query(
            "INSERT INTO receipt (receipt_id, message_hash, source, received_at, says, matched_by, dispatch_id, attempt, standing, why, sealed,
                sort, code)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
             ON CONFLICT (receipt_id) DO UPDATE SET standing = excluded.standing, why = excluded.why",
        )
        .bind(&id)
        .bind(&hash)
        .bind(new.source)
        .bind(instant_text(now))
        .bind(new.says)
        .bind(new.matched.map(|m| m.by))
        .bind(new.matched.map(|m| m.dispatch_id.as_str()))
        .bind(new.matched.map(|m| m.attempt))
        .bind(new.standing.word())
        .bind(new.why)
        .bind(sealed)
        .bind(new.sort.word())
        .bind(new.code)
        .execute(&mut *write.tx)
        .await
        .doing("keeping a message")?;
        if let (Some(matched), Some(change), Some(key)) = (new.matched, &new.change, &key) {
            self.apply(&mut write, matched, change, key, now).await?;
        }
        write.commit().await?;
        Ok(Some(id))
    }

    async fn apply(
        self,
        write: &mut Write,
        matched: &Matched,
        change: &Change<'_>,
        key: &[u8; 32],
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let id = &matched.dispatch_id;
        if let Some(back) = &change.came_back {
            wait_to_come_back(write, &matched.child_id, back).await?;
        }
        if let Some(state) = change.state {
            change_state(write, id, state.as_str(), None, None, change.why, now).await?;
        }
        self.store.ledger().append_in(write, &change.entry.0, Some((&change.entry.1, key)), now).await?;
        match &change.came_back {
            Some(back) => come_back(write, &matched.child_id, id, back, now).await,
            None => Ok(()),
        }
    }

    /// Accepted envelopes of a channel that have stood so since before an instant, and not for longer than two weeks
    /// before it: an older silence was told long ago.
    pub async fn accepted_by(self, channel: &str, before: DateTime<Utc>) -> Result<Vec<DispatchRow>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM dispatch WHERE state = 'accepted' AND channel = $1 AND updated_at <= $2 AND updated_at > $3
             ORDER BY dispatch_id"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(channel)
            .bind(instant_text(before))
            .bind(instant_text(before - chrono::Duration::days(14)))
            .fetch_all(&self.store.pool)
            .await
            .doing("looking for envelopes without an answer")?;
        rows.iter().map(read_row).collect()
    }

    /// Of [`Store::accepted_by`] those for which nothing came back, and about which nobody was asked by a task of this
    /// kind: a person who has closed it is not asked again.
    pub async fn silent_since(
        self,
        channel: &str,
        before: DateTime<Utc>,
        task: &str,
    ) -> Result<Vec<DispatchRow>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM dispatch WHERE state = 'accepted' AND channel = $1 AND updated_at <= $2 AND updated_at > $3
             AND NOT EXISTS (SELECT 1 FROM receipt r WHERE r.dispatch_id = dispatch.dispatch_id)
             AND NOT EXISTS (SELECT 1 FROM task t WHERE t.child_id = dispatch.child_id AND t.kind = $4 AND t.subject = dispatch.dispatch_id)
             ORDER BY dispatch_id"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(channel)
            .bind(instant_text(before))
            .bind(instant_text(before - chrono::Duration::days(14)))
            .bind(task)
            .fetch_all(&self.store.pool)
            .await
            .doing("looking for envelopes without an answer")?;
        rows.iter().map(read_row).collect()
    }

    /// How far a mailbox was read: its validity and the last message.
    pub async fn mailbox_mark(self, mailbox: &str) -> Result<Option<(u32, u32)>, StoreError> {
        let row: Option<(i64, i64)> = sqlx::query_as("SELECT validity, last_uid FROM mailbox_mark WHERE mailbox = $1")
            .bind(mailbox)
            .fetch_optional(&self.store.pool)
            .await
            .doing("reading a mailbox's mark")?;
        let wrong = |_| StoreError::Inconsistent { table: "mailbox_mark", column: "last_uid", id: mailbox.to_owned() };
        row.map(|(validity, last)| Ok((validity.try_into().map_err(wrong)?, last.try_into().map_err(wrong)?)))
            .transpose()
    }

    /// Remembers how far a mailbox was read.
    pub async fn set_mailbox_mark(self, mailbox: &str, validity: u32, last_uid: u32) -> Result<(), StoreError> {
        let mut write = self.store.write().await?;
        sqlx::query(
            "INSERT INTO mailbox_mark (mailbox, validity, last_uid) VALUES ($1, $2, $3)
             ON CONFLICT (mailbox) DO UPDATE SET validity = excluded.validity, last_uid = excluded.last_uid",
        )
        .bind(mailbox)
        .bind(i64::from(validity))
        .bind(i64::from(last_uid))
        .execute(&mut *write.tx)
        .await
        .doing("keeping a mailbox's mark")?;
        write.commit().await
    }
}

pub(in crate::store) fn bound(receipt_id: &str) -> String {
    format!("receipt/{receipt_id}")
}
