//! Passphrases of addresses that get encrypted documents: looked up by whoever tells them, and noted as told.

use crate::{
    actor::{Actor, Permission},
    case::{ChildId, EndpointId},
    pipeline::{Delivery, Refusal},
    store::PassphraseRow,
};

impl Delivery {
    /// The passphrase of an address. That somebody looked is recorded.
    ///
    /// # Errors
    /// [`Refusal`] when this person may not send for the child, or nothing encrypted went there yet.
    pub async fn passphrase(
        &self,
        child: &ChildId,
        endpoint: &EndpointId,
        by: &Actor,
    ) -> anyhow::Result<PassphraseRow> {
        self.pipeline.authority().allow_for(by, Permission::Send, child).await?;
        let found = self.pipeline.store.service().passphrase(child, endpoint).await?;
        let Some(found) = found else {
            let says = format!("no encrypted paper of child {child} went to {endpoint} yet, so there is no passphrase");
            return Err(Refusal::not_found(says).into());
        };
        self.pipeline.access_record().record_access(child, None, Vec::new(), by).await?;
        Ok(found)
    }

    /// Notes how the recipient was told.
    pub async fn passphrase_told(
        &self,
        child: &ChildId,
        endpoint: &EndpointId,
        how: &str,
        by: &Actor,
    ) -> anyhow::Result<()> {
        self.pipeline.authority().allow_for(by, Permission::Send, child).await?;
        if how.trim().is_empty() {
            return Err(Refusal::invalid("say how it was told").into());
        }
        let now = self.pipeline.now();
        Ok(self.pipeline.store.service().passphrase_told(child, endpoint, how, &by.recorded(), now).await?)
    }
}
