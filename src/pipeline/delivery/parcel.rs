//! The parcel of an attempt: the stored papers, unchanged since they were decided on, with message or envelope.

use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::attempt::NotMade;
use crate::{
    case::Address,
    disclosure::Authorization,
    dispatch::{Evidence, Paper, Parcel, ParcelError},
    document::assemble::{discreet_at, name_on_envelope, postal_of},
    pipeline::{child_facts::ChildFacts, delivery::Delivery},
    store::{DispatchRow, StoreError},
};

impl Delivery {
    /// A stored body, if it is there and has the hash under which it was queued.
    async fn stored(&self, row: &DispatchRow, body: &str, sha256: &str) -> anyhow::Result<Option<Vec<u8>>> {
        match self.pipeline.store.bodies().get_body(&row.envelope.child_id, body).await {
            Ok(bytes) if hex::encode(Sha256::digest(&bytes)) == sha256 => Ok(Some(bytes)),
            Ok(_) => Ok(None),
            Err(StoreError::Body(error)) if error.is_about_the_paper() => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// The parcel from the stored papers; their hashes must be those that were queued.
    pub(super) async fn parcel(
        &self,
        facts: &ChildFacts,
        row: &DispatchRow,
        authorization: &Authorization,
        as_message: bool,
    ) -> anyhow::Result<Result<(Parcel, Option<String>), NotMade>> {
        let Some(packet) = &row.packet else { return Ok(Err(NotMade::Otherwise(Evidence::of("it was not rendered")))) };
        let mut papers = Vec::new();
        let changed = || Ok(Err(NotMade::Otherwise(Evidence::of("a stored paper is missing or was changed"))));
        for item in &packet.items {
            let Some(pdf) = self.stored(row, &item.body, &item.sha256).await? else { return changed() };
            let text = match &item.text {
                Some(copy) => match self.stored(row, &copy.body, &copy.sha256).await? {
                    Some(text) => Some(text.into()),
                    None => return changed(),
                },
                None => None,
            };
            papers.push(Paper {
                child_id: row.envelope.child_id.clone(),
                document: item.document,
                pdf: pdf.into(),
                pages: item.pages,
                text,
            });
        }
        let papers = match self.protected(row, authorization, papers).await? {
            Ok(papers) => papers,
            Err(error) => return Ok(Err(NotMade::Otherwise(Evidence::of(format!("not sent: {error}"))))),
        };
        let (message, sha256) = if as_message {
            let (message, sha256) = self.message(facts, row, authorization, &papers).await?;
            if !self.same_bytes_as_before(row, authorization, &sha256).await? {
                return Ok(Err(NotMade::Otherwise(Evidence::of(
                    "the message would not be the same bytes as the one whose outcome is unknown",
                ))));
            }
            (Some(message), Some(sha256))
        } else {
            (None, None)
        };
        match Parcel::new(
            row.dispatch_id.clone(),
            authorization.clone(),
            papers,
            message,
            Arc::clone(&facts.templates),
            self.pipeline.now(),
        ) {
            Ok(parcel) => {
                let recipient = &row.envelope.recipient;
                let (postal, discreet) = match authorization.address() {
                    Address::Postal { lines } => {
                        let name = name_on_envelope(&facts.record, &facts.directory, recipient)?;
                        let postal = postal_of(&facts.record, &self.pipeline.program, recipient, name, lines);
                        (Some(postal), discreet_at(&facts.record, recipient, lines))
                    }
                    _ => (None, false),
                };
                Ok(Ok((parcel.with_postal(postal).discreet(discreet), sha256)))
            }
            Err(error @ ParcelError::Stale) => Ok(Err(NotMade::Later(Evidence::of(error.to_string())))),
            Err(error) => Err(error.into()),
        }
    }
}
