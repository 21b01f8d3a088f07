//! What has no safe way becomes a task: a person makes the papers, gives them by hand and says so.

use anyhow::ensure;
use chrono::NaiveDate;

use crate::{
    actor::{Actor, Permission},
    case::{ChildId, Recipient},
    disclosure::{Point, Reason, Roster, Verdict, decide},
    dispatch::{DispatchState, RenderedPacket, StateName},
    due::PaperKind,
    hint::Hint,
    ledger::EntryItem,
    pipeline::{
        owed_envelopes::{packet_of, question},
        preparation::Previews,
    },
    store::DispatchRow,
};

/// The kind of the tasks.
const TASK: &str = "give-by-hand";

/// A paper made to be handed over.
#[derive(Debug, Clone)]
pub struct HandoverPaper {
    pub kind: PaperKind,
    pub pages: u32,
    pub pdf: Vec<u8>,
}

impl Previews {
    /// Opens a task for each required paper to a parent that waits for nothing but a safe way, and closes those that
    /// have become needless. Optional mail waits in silence: nobody is owed it.
    pub(super) async fn look_for_handovers(&self, child_id: &ChildId) -> anyhow::Result<()> {
        if !self.pipeline.store.service().waits_or_has_task(child_id, TASK).await? {
            return Ok(());
        }
        let rows =
            self.pipeline.store.outbox().dispatches_of_in(child_id, &[StateName::Held, StateName::Withheld]).await?;
        let asked = [(TASK, rows.iter().filter_map(task_of).collect())].into();
        Ok(self.pipeline.store.service().keep_tasks(child_id, &asked, self.pipeline.now()).await?)
    }

    /// Makes the papers of a dispatch that waits, for a person who hands them over. The gate is asked as for a sending,
    /// but for the address. The papers are kept with the dispatch, and the making is recorded as a look at them: in a
    /// transaction of its own, after which alone anybody sees them.
    ///
    /// # Errors
    /// When it does not wait, the recipient may not have it, it cannot be made, or the database or disk refuses.
    pub async fn make_for_handover(&self, dispatch_id: &str, by: &Actor) -> anyhow::Result<Vec<HandoverPaper>> {
        let row = self.pipeline.authority().dispatch_for(by, Permission::Send, dispatch_id).await?;
        ensure!(
            matches!(row.state, StateName::Held | StateName::Withheld),
            "dispatch {dispatch_id} is {}; only what waits is made for a hand-over",
            row.state
        );
        let packet = match &row.packet {
            Some(packet) if row.has_left => packet.clone(),
            _ => self.made_in_person(&row).await?,
        };
        let items = packet.items.iter().map(EntryItem::from).collect();
        self.pipeline.access_record().record_access(&row.envelope.child_id, Some(dispatch_id), items, by).await?;
        let mut papers = Vec::with_capacity(packet.items.len());
        for item in &packet.items {
            let pdf = self.pipeline.store.bodies().get_body(&row.envelope.child_id, &item.body).await?;
            papers.push(HandoverPaper { kind: item.document, pages: item.pages, pdf });
        }
        Ok(papers)
    }

    async fn made_in_person(&self, row: &DispatchRow) -> anyhow::Result<RenderedPacket> {
        let (id, envelope) = (&row.dispatch_id, &row.envelope);
        let facts = self.pipeline.child_facts(&envelope.child_id).await?;
        let refused = |verdict: Verdict| match verdict {
            Verdict::Authorized(authorization) => Ok(authorization),
            Verdict::Refused(refusal) => {
                anyhow::bail!("dispatch {id} must not be given: {refusal} {}", refusal.reason.next_step())
            }
            Verdict::RenderAnew => anyhow::bail!("dispatch {id}: the day changed while it was made; try again"),
        };
        let before =
            decide(&question(envelope), &facts.facts(&self.pipeline, self.pipeline.now()), Point::BeforeHandover);
        let authorization = refused(before)?;
        let roster = Roster::new(self.pipeline.store.children().roster().await?);
        let packet = match self.pipeline.preparation().render_packet(&facts, envelope, &authorization, &roster).await? {
            Ok(packet) => packet,
            Err(refusal) => anyhow::bail!("dispatch {id} cannot be made: {refusal}"),
        };
        let finished = packet_of(envelope, &packet, &facts.hash);
        refused(decide(
            &question(envelope),
            &facts.facts(&self.pipeline, self.pipeline.now()),
            Point::InPerson(&finished),
        ))?;
        let reason = row.reason.ok_or_else(|| anyhow::anyhow!("dispatch {id} waits without a reason"))?;
        let state = match row.state {
            StateName::Held => DispatchState::Held { reason, detail: row.detail.clone() },
            _ => DispatchState::Withheld { reason, detail: row.detail.clone() },
        };
        self.pipeline
            .store
            .outbox()
            .decide_again(id, &state, Some(&packet), None, "made to be handed over", self.pipeline.now())
            .await?;
        Ok(packet)
    }
}

fn task_of(row: &DispatchRow) -> Option<(String, String)> {
    let waits = matches!(row.state, StateName::Held | StateName::Withheld);
    let to_parent = matches!(row.envelope.recipient, Recipient::FamilyMember { .. });
    // After a death what a parent asked for has one way: a person's hand.
    let asked_after_a_death = |reason| reason == Reason::ChildDied && row.envelope.by_hand();
    let reason = row.reason.filter(|reason| reason.lacks_a_way() || asked_after_a_death(*reason))?;
    if !waits || !to_parent || row.envelope.obligation.is_optional() {
        return None;
    }
    let (id, due): (&str, NaiveDate) = (&row.dispatch_id, row.due_on);
    let says = format!(
        "{} This paper is required and due on {due}: make it with {}, give it by hand, then run {}. Or mend the way: {}",
        reason.says(),
        Hint::MakeHandover { dispatch: Some(id.to_owned()) },
        Hint::MarkGiven { dispatch: Some(id.to_owned()) },
        reason.next_step()
    );
    Some((id.to_owned(), says))
}
