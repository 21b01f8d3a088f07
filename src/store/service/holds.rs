//! Holds beside those on a child. One ends only when a person ends it; what was held stays on record.

use chrono::{DateTime, Utc};

use crate::{
    clock::instant_text,
    disclosure::Holds,
    store::{Doing, StoreError, Write, new_id, service::ServiceState},
};

/// What a hold stops.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(tag = "scope", content = "subject", rename_all = "kebab-case")]
pub enum HoldScope {
    Everything,
    /// Everything to this recipient, by its written form; for an office also its people.
    Recipient(String),
    /// Every paper of this kind.
    Document(String),
    /// A schedule: it does not run.
    Schedule(String),
}

impl HoldScope {
    fn columns(&self) -> (&'static str, &str) {
        match self {
            Self::Everything => ("everything", ""),
            Self::Recipient(subject) => ("recipient", subject),
            Self::Document(subject) => ("document", subject),
            Self::Schedule(subject) => ("schedule", subject),
        }
    }
}

/// In words, as `everything`, `papers of the kind ifsp`.
impl std::fmt::Display for HoldScope {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Everything => f.write_str("everything"),
            Self::Recipient(subject) => write!(f, "everything to {subject}"),
            Self::Document(subject) => write!(f, "papers of the kind {subject}"),
            Self::Schedule(subject) => write!(f, "the schedule {subject}"),
        }
    }
}

/// A hold that stands.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct HoldRow {
    /// What it stops.
    #[serde(flatten)]
    pub scope: HoldScope,
    /// Why, in the person's words.
    pub reason: String,
    pub held_at: String,
    pub held_by: String,
}

impl ServiceState<'_> {
    /// Holds something. A hold that stands already stays as it is: `false`.
    pub async fn hold(self, scope: &HoldScope, reason: &str, by: &str, now: DateTime<Utc>) -> Result<bool, StoreError> {
        if self.holds().await?.iter().any(|hold| &hold.scope == scope) {
            return Ok(false);
        }
        let mut write = self.store.write().await?;
        let added = hold_in(&mut write, scope, reason, by, now).await?;
        write.commit().await?;
        Ok(added)
    }

    /// Ends a hold. Tells whether one stood.
    pub async fn release_hold(
        self,
        scope: &HoldScope,
        because: &str,
        by: &str,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let (word, subject) = scope.columns();
        let mut write = self.store.write().await?;
        let ended = sqlx::query(
            "UPDATE hold SET released_at = $1, released_by = $2, released_because = $3
             WHERE scope = $4 AND subject = $5 AND released_at IS NULL",
        )
        .bind(instant_text(now))
        .bind(by)
        .bind(because)
        .bind(word)
        .bind(subject)
        .execute(&mut *write.tx)
        .await
        .doing("ending a hold")?;
        write.commit().await?;
        Ok(ended.rows_affected() > 0)
    }

    /// Holds that stand, the oldest first.
    pub async fn holds(self) -> Result<Vec<HoldRow>, StoreError> {
        let rows: Vec<(String, String, String, String, String)> =
            sqlx::query_as(STANDING).fetch_all(&self.store.pool).await.doing("reading holds")?;
        rows.into_iter().map(read_hold).collect()
    }

    /// The same as the gate looks at them.
    pub async fn standing_holds(self) -> Result<Holds, StoreError> {
        as_gate(self.holds().await?)
    }
}

/// Holds something within a transaction. A hold that stands already stays as it is: `false`.
pub(in crate::store) async fn hold_in(
    write: &mut Write,
    scope: &HoldScope,
    reason: &str,
    by: &str,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let (word, subject) = scope.columns();
    let added = sqlx::query(
        "INSERT INTO hold (hold_id, scope, subject, reason, held_at, held_by) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT DO NOTHING",
    )
    .bind(new_id(now))
    .bind(word)
    .bind(subject)
    .bind(reason)
    .bind(instant_text(now))
    .bind(by)
    .execute(&mut *write.tx)
    .await
    .doing("holding")?;
    Ok(added.rows_affected() == 1)
}

const STANDING: &str =
    "SELECT scope, subject, reason, held_at, held_by FROM hold WHERE released_at IS NULL ORDER BY hold_id";

/// A hold by its scope, subject, reason, instant and person.
pub(in crate::store) fn read_hold(
    (scope, subject, reason, held_at, held_by): (String, String, String, String, String),
) -> Result<HoldRow, StoreError> {
    let scope = match scope.as_str() {
        "everything" => HoldScope::Everything,
        "recipient" => HoldScope::Recipient(subject),
        "document" => HoldScope::Document(subject),
        "schedule" => HoldScope::Schedule(subject),
        _ => return Err(StoreError::Inconsistent { table: "hold", column: "scope", id: subject }),
    };
    Ok(HoldRow { scope, reason, held_at, held_by })
}

/// Holds, as the gate asks for them.
pub(in crate::store) fn as_gate(rows: Vec<HoldRow>) -> Result<Holds, StoreError> {
    let mut holds = Holds::default();
    for row in rows {
        match row.scope {
            HoldScope::Everything => holds.everything = true,
            HoldScope::Recipient(subject) => {
                holds.recipients.insert(subject);
            }
            HoldScope::Document(subject) => {
                let kind = subject.parse().map_err(|_| StoreError::Inconsistent {
                    table: "hold",
                    column: "subject",
                    id: subject,
                })?;
                holds.documents.insert(kind);
            }
            HoldScope::Schedule(_) => {}
        }
    }
    Ok(holds)
}
