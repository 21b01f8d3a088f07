//! Papers that an envelope had before its present ones.

use chrono::{DateTime, Utc};

use super::state::{note, state_of};
use crate::{
    case::EndpointId,
    clock::instant_text,
    dispatch::{RenderedPacket, StateName},
    store::{Doing, StoreError, Write, outbox::Outbox},
};

impl Outbox<'_> {
    /// Papers that a dispatch had before its present ones.
    pub async fn former_packets(self, dispatch_id: &str) -> Result<Vec<RenderedPacket>, StoreError> {
        let rows: Vec<(String,)> =
            sqlx::query_as("SELECT packet FROM former_packet WHERE dispatch_id = $1 ORDER BY replaced_at")
                .bind(dispatch_id)
                .fetch_all(&self.store.pool)
                .await
                .doing("reading former papers")?;
        let wrong =
            |_| StoreError::Inconsistent { table: "former_packet", column: "packet", id: dispatch_id.to_owned() };
        rows.into_iter().map(|(packet,)| serde_json::from_str(&packet).map_err(wrong)).collect()
    }
}

impl Outbox<'_> {
    /// What is still queued goes to its recipient's next address instead.
    pub async fn give_way(
        self,
        dispatch_id: &str,
        exhausted: &[EndpointId],
        why: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let mut write = self.store.write().await?;
        if state_of(&mut write, dispatch_id).await? == StateName::Queued {
            take_another_way(&mut write, dispatch_id, exhausted, now).await?;
            note(&mut write, dispatch_id, StateName::Queued.as_str(), why, now).await?;
        }
        write.commit().await
    }
}

/// Bytes of it left or may have left: no other papers take the place of these by themselves.
pub(in crate::store) async fn left(write: &mut Write, dispatch_id: &str) -> Result<(), StoreError> {
    sqlx::query("UPDATE dispatch SET has_left = 1 WHERE dispatch_id = $1")
        .bind(dispatch_id)
        .execute(&mut *write.tx)
        .await
        .doing("keeping that an envelope left")?;
    Ok(())
}

/// Puts the present papers aside and lets the next look make them for another endpoint.
pub(in crate::store) async fn take_another_way(
    write: &mut Write,
    dispatch_id: &str,
    exhausted: &[EndpointId],
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO former_packet (dispatch_id, replaced_at, packet)
         SELECT dispatch_id, $1, packet FROM dispatch WHERE dispatch_id = $2 AND has_left = 1 AND packet IS NOT NULL",
    )
    .bind(instant_text(now))
    .bind(dispatch_id)
    .execute(&mut *write.tx)
    .await
    .doing("keeping former papers")?;
    sqlx::query(
        "UPDATE dispatch SET exhausted = $1, packet = NULL, endpoint_id = NULL, has_left = 0, sealed_message = NULL,
            message_sha256 = NULL, trying_since = NULL, refusals = 0, resent_unknown = 0, not_before = $2
         WHERE dispatch_id = $3",
    )
    .bind(serde_json::to_string(exhausted).expect("ids are plain data"))
    .bind(instant_text(now))
    .bind(dispatch_id)
    .execute(&mut *write.tx)
    .await
    .doing("taking another way")?;
    Ok(())
}
