//! The translated copy follows: whoever got a paper in English with a cover, or with lines in English, gets it as a newer
//! edition by itself as soon as it can be had in the own language.

use crate::{
    dispatch::{DispatchState, Envelope, StateName},
    document::assemble::{assemble, language_for},
    due::{Obligation, PaperKind},
    pipeline::{OwedLine, Prepared, child_facts::ChildFacts, preparation::Preparation},
    store::{DispatchRow, NewDispatch},
};

impl Preparation {
    /// Owes newer editions in the readers' languages; the caller makes their papers. What left stays what it was.
    /// Each is due from now on: one line for each duty of an envelope.
    pub(super) async fn follow_translations(
        &self,
        facts: &ChildFacts,
        obligations: &[Obligation],
        run_id: &str,
        prepared: &mut Prepared,
    ) -> anyhow::Result<()> {
        let english = |tag: &str| facts.languages().of(tag).is_some_and(|language| language.tag() == "en");
        if facts.record.family.iter().all(|member| english(&member.preferred_language)) {
            return Ok(());
        }
        let open: Vec<_> =
            obligations.iter().filter(|o| o.is_open_on(self.pipeline.day())).map(Obligation::duty).collect();
        let rows = self.pipeline.store.outbox().dispatches_for(&facts.record.child_id, &open, true).await?;
        for row in &rows {
            let left = matches!(row.state, StateName::Accepted | StateName::Confirmed | StateName::Printed);
            if !left || is_followed(row, &rows) || !self.is_of_use(row, obligations) || !self.can_be_had(facts, row) {
                continue;
            }
            let newest = rows.iter().filter(|other| is_same(row, other)).map(|other| other.envelope.edition).max();
            let edition = newest.unwrap_or(row.envelope.edition) + 1;
            let envelope = Envelope { edition, ..row.envelope.clone() };
            let new = NewDispatch {
                envelope: &envelope,
                state: DispatchState::Queued,
                packet: None,
                channel: None,
                due_on: row.due_on,
                run_id,
                not_before: None,
            };
            prepared.due += envelope.duties().count();
            if self.pipeline.store.outbox().enqueue(&new, self.pipeline.now()).await?.is_none() {
                // Another service may have owed it at the same moment: then it is that one's.
                let now = self.pipeline.store.outbox().dispatches_for(&facts.record.child_id, &open, true).await?;
                if is_followed(row, &now) {
                    prepared.due -= envelope.duties().count();
                } else {
                    prepared.missing.extend(OwedLine::of(&envelope));
                }
            }
        }
        Ok(())
    }

    /// Whether somebody still wants it: a duty that is open, or a paper asked for by hand not long ago.
    fn is_of_use(&self, row: &DispatchRow, due: &[Obligation]) -> bool {
        if row.envelope.by_hand() {
            return (self.pipeline.clock_day() - self.pipeline.day_of(row.created_at)).num_days()
                <= i64::from(self.pipeline.program.policy.release_within_calendar_days);
        }
        row.envelope.duties().any(|(kind, anchor, revision)| {
            due.iter().any(|duty| {
                (duty.kind, duty.anchor.as_str(), duty.revision) == (kind, anchor, revision)
                    && duty.is_open_on(self.pipeline.day())
            })
        })
    }

    /// Whether a paper that its reader has not got in the own language can be had in it today.
    fn can_be_had(&self, facts: &ChildFacts, row: &DispatchRow) -> bool {
        let Some(packet) = &row.packet else { return false };
        let states_own = packet.items.iter().any(|item| match (item.document, &item.waits_for) {
            (PaperKind::State(form), Some(wanted)) => {
                let languages = facts.languages();
                languages.of(wanted).is_some_and(|own| languages.of_the_states(form, own) == Some(own.tag()))
            }
            _ => false,
        });
        states_own
            || row.envelope.contents().any(|(kind, subject)| {
                let went = packet.items.iter().find(|i| i.document == PaperKind::Made(kind) && i.waits_for.is_some());
                let Some(went) = went else { return false };
                let recipient = &row.envelope.recipient;
                let said = language_for(facts.languages(), kind, &facts.record, recipient, &self.pipeline.program);
                let sheet = self.pipeline.sheet(facts, said, &packet.mask, recipient);
                let in_own = went.language.is_none() && said.tag() != "en";
                assemble(kind, subject, &sheet).is_ok_and(|made| in_own || made.waits_for.is_none())
            })
    }
}

/// Whether a newer edition answers for it already.
fn is_followed(row: &DispatchRow, rows: &[DispatchRow]) -> bool {
    rows.iter().any(|other| other.is_live() && other.envelope.edition > row.envelope.edition && is_same(row, other))
}

/// Whether two dispatches are about the same line.
fn is_same(row: &DispatchRow, other: &DispatchRow) -> bool {
    other.envelope.recipient == row.envelope.recipient
        && other.envelope.duties().any(|duty| row.envelope.duties().any(|own| own == duty))
}
