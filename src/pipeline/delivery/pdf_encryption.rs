//! Papers to an address that asks for encrypted copies: the master stays as it was rendered, and what leaves opens
//! with a passphrase that goes by another way.

use anyhow::Context;
use sha2::{Digest, Sha256};

use crate::{
    disclosure::Authorization,
    dispatch::{
        Paper, passphrase,
        pdf_encryption::{ProtectError, encrypted, wants_encrypted},
    },
    hint::Hint,
    pipeline::delivery::Delivery,
    store::DispatchRow,
};

fn tell() -> String {
    format!(
        "Papers to this address open with a passphrase. Look it up with {}, tell it by telephone at a number that you know, and \
         note it with {}.",
        Hint::ShowPassphrase,
        Hint::NotePassphrase
    )
}

impl Delivery {
    /// The papers as they leave: encrypted where the address asks for it, else as they are. The same paper of the same
    /// dispatch gives the same bytes at every attempt. A paper that cannot be encrypted does not leave at all.
    pub(super) async fn protected(
        &self,
        row: &DispatchRow,
        authorization: &Authorization,
        papers: Vec<Paper>,
    ) -> anyhow::Result<Result<Vec<Paper>, ProtectError>> {
        if !wants_encrypted(authorization.address()) {
            return Ok(Ok(papers));
        }
        let words = self.passphrase_for(row, authorization).await?;
        let child = &row.envelope.child_id;
        let mut out = Vec::new();
        for paper in papers {
            let plain_sha256 = hex::encode(Sha256::digest(&paper.pdf));
            if self.pipeline.store.service().protected_copy(&row.dispatch_id, &plain_sha256).await?.is_none() {
                let (plain, words) = (paper.pdf.clone(), words.clone());
                let copying = tokio::task::spawn_blocking(move || encrypted(&plain, &words));
                let copy = match copying.await.context("encrypting a paper")? {
                    Ok(copy) => copy,
                    Err(error) => return Ok(Err(error)),
                };
                let sha256 = hex::encode(Sha256::digest(&copy));
                let body = self.pipeline.store.bodies().put_body(child, &copy).await?;
                let (hashes, stored) = ((plain_sha256.as_str(), sha256.as_str()), (body.as_str(), copy.len()));
                self.pipeline
                    .store
                    .service()
                    .list_protected_copy(child, &row.dispatch_id, hashes, stored, self.pipeline.now())
                    .await?;
            }
            let body = self.pipeline.store.service().protected_copy(&row.dispatch_id, &plain_sha256).await?;
            let pdf =
                self.pipeline.store.bodies().get_body(child, &body.context("the copy was listed just now")?).await?;
            // A plain text cannot be locked: its reader opens the tagged PDF, which programs that read aloud can read.
            out.push(Paper { pdf: pdf.into(), text: None, ..paper });
        }
        Ok(Ok(out))
    }

    /// One passphrase for a child's papers to one address, so that it is told once.
    async fn passphrase_for(&self, row: &DispatchRow, authorization: &Authorization) -> anyhow::Result<String> {
        let (child, endpoint) = (&row.envelope.child_id, authorization.endpoint_id());
        if self.pipeline.store.service().passphrase(child, endpoint).await?.is_none() {
            self.pipeline
                .store
                .service()
                .keep_passphrase(child, endpoint, &passphrase::generate(), &tell(), self.pipeline.now())
                .await?;
        }
        let kept = self
            .pipeline
            .store
            .service()
            .passphrase(child, endpoint)
            .await?
            .context("the passphrase was kept just now")?;
        Ok(kept.words)
    }
}
