//! The cover sheet of a fax, made for the attempt: its number of pages and its address are those of the parcel.

use std::sync::Arc;

use anyhow::Context;

use crate::{
    case::Address,
    dispatch::{Channel, Evidence, Outcome, Parcel},
    document::{FaxCoverView, render_fax_cover},
    pipeline::{access_record::entries::recipient_name, child_facts::ChildFacts, delivery::Delivery},
    shown::with_causes,
    store::DispatchRow,
};

impl Delivery {
    /// The parcel with its cover sheet, where the channel puts one before the papers. Every fax needs one: where not even
    /// one without a name can be made the channel is wrong, else it is this envelope.
    pub(super) async fn with_cover(
        &self,
        channel: &dyn Channel,
        facts: &ChildFacts,
        row: &DispatchRow,
        parcel: Parcel,
    ) -> Result<Parcel, Outcome> {
        let (true, Address::Fax { number }) = (channel.needs_cover(), parcel.address()) else { return Ok(parcel) };
        let pages = 1 + parcel.papers().iter().map(|paper| paper.pages).sum::<u32>();
        let office = row.envelope.recipient.organisation_id().is_some();
        let to = office.then(|| recipient_name(facts, &row.envelope.recipient));
        let view = |to: Option<&str>, number: &str| {
            FaxCoverView::new(&self.pipeline.program, to, number, pages, &row.dispatch_id, self.pipeline.day())
        };
        match rendered(facts, view(to.as_deref(), number.as_str())).await {
            Ok(cover) => Ok(parcel.with_cover(cover.into())),
            Err(error) => {
                let evidence = Evidence::of(format!("not sent: {}", with_causes(&error)));
                let works = rendered(facts, view(None, NO_NUMBER)).await.is_ok();
                Err(if works { Outcome::Permanent(evidence) } else { Outcome::Misconfigured(evidence) })
            }
        }
    }
}

/// A number of nobody.
const NO_NUMBER: &str = "(555) 555-0100";

async fn rendered(facts: &ChildFacts, view: FaxCoverView) -> anyhow::Result<Vec<u8>> {
    let templates = Arc::clone(&facts.templates);
    let rendering = tokio::task::spawn_blocking(move || render_fax_cover(&templates, &view));
    let cover = rendering.await.context("rendering the cover sheet")?.context("the cover sheet")?;
    anyhow::ensure!(cover.pages.len() == 1, "the cover sheet has more than one page");
    Ok(cover.pdf)
}
