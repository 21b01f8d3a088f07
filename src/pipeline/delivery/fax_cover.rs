//! The cover sheet of a fax, made for the attempt: its number of pages and its address are those of the parcel.

use std::sync::Arc;

use anyhow::Context;

use crate::{
    case::Address,
    dispatch::{Channel, Parcel},
    document::{FaxCoverView, render_fax_cover},
    pipeline::{access_record::entries::recipient_name, child_facts::ChildFacts, delivery::Delivery},
    store::DispatchRow,
};

impl Delivery {
    /// The parcel with its cover sheet, where the channel puts one before the papers.
    pub(super) async fn with_cover(
        &self,
        channel: &dyn Channel,
        facts: &ChildFacts,
        row: &DispatchRow,
        parcel: Parcel,
    ) -> anyhow::Result<Parcel> {
        let (true, Address::Fax { number }) = (channel.needs_cover(), parcel.address()) else { return Ok(parcel) };
        let pages = 1 + parcel.papers().iter().map(|paper| paper.pages).sum::<u32>();
        let office = row.envelope.recipient.organisation_id().is_some();
        let to = office.then(|| recipient_name(facts, &row.envelope.recipient));
        let view = FaxCoverView::new(
            &self.pipeline.program,
            to.as_deref(),
            number.as_str(),
            pages,
            &row.dispatch_id,
            self.pipeline.day(),
        );
        let templates = Arc::clone(&facts.templates);
        let rendering = tokio::task::spawn_blocking(move || render_fax_cover(&templates, &view));
        let cover = rendering.await.context("rendering the cover sheet")?.context("the cover sheet")?;
        anyhow::ensure!(cover.pages.len() == 1, "the cover sheet has more than one page");
        Ok(parcel.with_cover(cover.pdf.into()))
    }
}
