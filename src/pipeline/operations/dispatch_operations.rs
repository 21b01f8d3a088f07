//! What a person does to one dispatch: send the same bytes again, have newer papers made, cancel, say what was
//! learned, say that it was given or came back.

use anyhow::Context;
use chrono::{Days, NaiveDate, NaiveTime};

use crate::{
    actor::{Actor, Permission},
    disclosure::{Point, Refusal, Roster, Verdict, decide},
    dispatch::{DispatchState, Envelope, Evidence, Operation, RenderedPacket, StateName, UnknownEmail},
    hint::{Field, Hint},
    ledger::Entry,
    pipeline::{
        access_record::entries::{disclosure_entry, learned},
        child_facts::ChildFacts,
        operations::DispatchOperations,
        owed_envelopes::{packet_of, question},
        preparation::{
            decide_and_render::{Made, Papers},
            fact_diff,
        },
    },
    store::{Act, CameBack, DispatchRow, NewDispatch, StoreError},
};

/// What `resend` did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resent {
    /// It is queued: the same bytes go once more.
    SameBytes,
    /// Its papers are made anew for the recipient's next address.
    AnotherWay,
    /// The gate does not let it go.
    Refused(Refusal),
    /// The gate would let papers go, but not these.
    Changed,
}

/// What `regenerate` did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Regenerated {
    /// A newer edition stands in the outbox.
    Made {
        dispatch_id: String,
        state: StateName,
        /// What changed, in words without names.
        changes: Vec<String>,
        /// The older one lies in the print stack and has to be taken out.
        in_the_stack: bool,
    },
    /// The papers would be the same bytes.
    Same,
    /// The gate does not let it go.
    Refused(Refusal),
}

/// What `mark returned` led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reopened {
    /// The dispatch that takes its place.
    pub dispatch_id: String,
    /// Its state: queued to another address, or withheld until one is found.
    pub state: StateName,
}

/// How something was given in person.
#[derive(Debug, Clone, Copy)]
pub struct Given<'a> {
    /// The initials of the person who took it.
    pub initials: &'a str,
    pub on: NaiveDate,
}

impl DispatchOperations {
    /// The same stored bytes go once more, as a new attempt of the same dispatch with its own decision. With
    /// `another_way` the recipient's next address is tried instead, with papers made for it.
    ///
    /// # Errors
    /// When the state does not allow it, nothing was rendered, or the database refuses.
    pub async fn resend(&self, dispatch_id: &str, another_way: bool, by: &Actor) -> anyhow::Result<Resent> {
        let recorded = by.recorded();
        let row = self.pipeline.authority().dispatch_for(by, Permission::Send, dispatch_id).await?;
        Operation::Resend.leads_to(row.state).map_err(|source| not_possible(&row, source))?;
        let never = row.state == StateName::Unknown && self.pipeline.delivery.unknown_email == UnknownEmail::Never;
        anyhow::ensure!(
            !never,
            "dispatch {dispatch_id} is not sent again: nobody knows whether it arrived, and `unknown_email = \"never\"` is set. \
             Ask the recipient, then run {} with {} or {}",
            Hint::Resolve { dispatch: Some(dispatch_id.to_owned()) },
            Field::Arrived,
            Field::NotArrived
        );
        let packet = row.packet.as_ref().with_context(|| nothing_made(&row))?;
        let facts = self.pipeline.child_facts(&row.envelope.child_id).await?;
        let act = |why| Act::on(&row, Operation::Resend, why, &recorded);
        if another_way {
            let mut exhausted = row.exhausted.clone();
            exhausted.push(packet.endpoint_id.clone());
            anyhow::ensure!(
                self.pipeline.delivery().has_another_way(&facts, &row, &exhausted),
                "dispatch {dispatch_id} is not sent: this recipient has no other address by which it may go"
            );
            self.pipeline
                .store
                .outcomes()
                .another_way(&act("a person sends it to another address"), &exhausted, self.pipeline.now())
                .await?;
            return Ok(Resent::AnotherWay);
        }
        let facts = facts.for_row(&row);
        match self.as_it_left(&facts, &row, packet) {
            Verdict::Authorized(_) => {
                self.pipeline
                    .store
                    .outcomes()
                    .operate(&act("a person sends the same bytes again"), self.pipeline.now())
                    .await?;
                Ok(Resent::SameBytes)
            }
            Verdict::Refused(refusal) => Ok(Resent::Refused(refusal)),
            Verdict::RenderAnew => Ok(Resent::Changed),
        }
    }

    /// What failed on a day or after it and is still failed: its ids, in the order in which it was made.
    pub async fn failed_since(&self, day: NaiveDate, by: &Actor) -> anyhow::Result<Vec<String>> {
        let sight = self.pipeline.authority().sight(by, Permission::Send).await?;
        // The zone moves a day's beginning by less than a day; what failed on the day before is left out again.
        let from = (day - Days::new(1)).and_time(NaiveTime::MIN).and_utc();
        let failed = self.pipeline.store.outbox().failed_since(from).await?;
        let wanted = |child: &str, at| self.pipeline.day_of(at) >= day && sight.sees(child);
        Ok(failed.into_iter().filter(|(_, child, at)| wanted(child, *at)).map(|(id, _, _)| id).collect())
    }

    fn as_it_left(&self, facts: &ChildFacts, row: &DispatchRow, packet: &RenderedPacket) -> Verdict {
        let as_it_left = packet_of(&row.envelope, packet, &packet.made_from);
        decide(&question(&row.envelope), &facts.facts(&self.pipeline, self.pipeline.now()), Point::Release(&as_it_left))
    }

    /// A newer edition of the papers from today's facts. What had left stays what it was; what had not is superseded.
    ///
    /// # Errors
    /// When the state does not allow it, or the database or disk refuses.
    pub async fn regenerate(&self, dispatch_id: &str, by: &Actor) -> anyhow::Result<Regenerated> {
        let recorded = by.recorded();
        let row = self.pipeline.authority().dispatch_for(by, Permission::Send, dispatch_id).await?;
        Operation::Regenerate.leads_to(row.state).map_err(|source| not_possible(&row, source))?;
        let facts = self.pipeline.child_facts(&row.envelope.child_id).await?;
        let envelope = self.next_edition(&row).await?;
        let roster = Roster::new(self.pipeline.store.children().roster().await?);
        // The person who has them made has looked at them: that releases them. It needs no transaction with the newer
        // edition: without one, what is released on these facts goes nowhere by itself.
        if !self.pipeline.is_released(&envelope, &facts.hash).await? {
            self.pipeline
                .store
                .send_plans()
                .approve(&[(&envelope, &facts.hash)], None, &by.recorded(), self.pipeline.now())
                .await?;
        }
        let made = self.pipeline.preparation().decide_and_render(&facts, &envelope, Papers::Now(&roster)).await?;
        let packet = match (&made.packet, &made.state) {
            (Some(packet), _) => packet,
            (None, DispatchState::Held { reason, detail } | DispatchState::Withheld { reason, detail }) => {
                return Ok(Regenerated::Refused(Refusal { reason: *reason, detail: detail.clone() }));
            }
            (None, _) => anyhow::bail!("dispatch {dispatch_id}: nothing was rendered"),
        };
        let changes = self.changes(&row, packet).await?;
        if changes.is_empty() {
            return Ok(Regenerated::Same);
        }
        let in_the_stack = row.state == StateName::Printed;
        let why = "a person had newer papers made; they are another dispatch";
        let act = Act::on(&row, Operation::Regenerate, why, &recorded);
        let id = self.put_in_its_place(&act, &row, &envelope, &made).await?;
        Ok(Regenerated::Made { dispatch_id: id, state: made.state.name(), changes, in_the_stack })
    }

    /// It is not to go at all. Tells whether it lies in the print stack and has to be taken out.
    ///
    /// # Errors
    /// When it has left or is leaving, or the database refuses.
    pub async fn cancel(&self, dispatch_id: &str, by: &Actor) -> anyhow::Result<bool> {
        let row = self.pipeline.authority().dispatch_for(by, Permission::RecordStop, dispatch_id).await?;
        self.pipeline
            .store
            .outcomes()
            .operate(&Act::on(&row, Operation::Cancel, "a person cancelled it", &by.recorded()), self.pipeline.now())
            .await?;
        Ok(row.state == StateName::Printed)
    }

    /// A person closes an unknown outcome with what was learned; the record of access gets an entry about the
    /// earlier one. `because` stands in the entry's personal part only.
    ///
    /// # Errors
    /// When the outcome is not unknown, or the database refuses.
    pub async fn resolve(&self, dispatch_id: &str, arrived: bool, because: &str, by: &Actor) -> anyhow::Result<()> {
        let recorded = by.recorded();
        let row = self.pipeline.authority().dispatch_for(by, Permission::Send, dispatch_id).await?;
        let facts = self.pipeline.child_facts(&row.envelope.child_id).await?;
        let (operation, outcome, why) = if arrived {
            (Operation::Arrived, "arrived", "a person learned that it arrived")
        } else {
            (Operation::NotArrived, "not-arrived", "a person learned that it did not arrive")
        };
        let act = Act::on(&row, operation, why, &recorded).entered(learned(&facts, &row, outcome, because, by));
        self.pipeline.store.outcomes().operate(&act, self.pipeline.now()).await?;
        Ok(())
    }

    /// It came back. The address is suspect from now on, the record of access says so, and what was owed is owed
    /// again: to another address of the recipient, or as soon as one is found.
    ///
    /// # Errors
    /// When it never left, or the database or disk refuses.
    pub async fn mark_returned(&self, dispatch_id: &str, because: &str, by: &Actor) -> anyhow::Result<Reopened> {
        let recorded = by.recorded();
        let row = self.pipeline.authority().dispatch_for(by, Permission::HandleMail, dispatch_id).await?;
        let packet = row.packet.as_ref().with_context(|| nothing_made(&row))?;
        let facts = self.pipeline.child_facts(&row.envelope.child_id).await?;
        let office = self.pipeline.intake().office_of(&packet.endpoint_id).await?;
        let (endpoint, of_office) = (Some(&packet.endpoint_id), office.is_some());
        let act = Act {
            came_back: Some(CameBack {
                endpoint,
                of_office,
                duties: duties_of(&row),
                by: &recorded,
                for_our_reason: false,
            }),
            ..Act::on(&row, Operation::Return, "it came back", &recorded)
                .entered(learned(&facts, &row, "returned", because, by))
        };
        self.pipeline.store.outcomes().operate(&act, self.pipeline.now()).await?;
        self.pipeline.intake().office_address_came_back(&packet.endpoint_id, office.as_ref(), by).await?;
        self.reopen(&row).await
    }

    /// What came back from an address that is used no more is owed again, in a newer edition. Rendering has no place in the
    /// transaction that notes the return; that one opens the duty and a task, so that a crash in between leaves neither
    /// unseen.
    pub(in crate::pipeline) async fn reopen(&self, row: &DispatchRow) -> anyhow::Result<Reopened> {
        let facts = self.pipeline.child_facts(&row.envelope.child_id).await?;
        let envelope = self.next_edition(row).await?;
        let roster = Roster::new(self.pipeline.store.children().roster().await?);
        let made = self.pipeline.preparation().decide_and_render(&facts, &envelope, Papers::Now(&roster)).await?;
        let new = self.new_dispatch(row, &envelope, &made);
        let id = self.pipeline.store.outbox().enqueue(&new, self.pipeline.now()).await?;
        let dispatch_id = id.context("the next edition is there already")?;
        Ok(Reopened { dispatch_id, state: made.state.name() })
    }

    /// Handed over in person: it counts as a delivery and enters the record of access. The gate is asked whether
    /// this recipient may have these papers; an address is not needed.
    ///
    /// # Errors
    /// When the state does not allow it, nothing was made, the recipient may not have it, the day lies ahead, or
    /// the database refuses.
    pub async fn mark_given(&self, dispatch_id: &str, given: Given<'_>, by: &Actor) -> anyhow::Result<()> {
        let recorded = by.recorded();
        let row = self.pipeline.authority().dispatch_for(by, Permission::Send, dispatch_id).await?;
        Operation::Give.leads_to(row.state).map_err(|source| not_possible(&row, source))?;
        let packet = row.packet.as_ref().with_context(|| nothing_made(&row))?;
        anyhow::ensure!(
            given.on <= self.pipeline.clock_day(),
            "dispatch {dispatch_id}: {} lies ahead; give the day of the hand-over",
            given.on
        );
        let made_on = self.pipeline.day_of(row.created_at);
        anyhow::ensure!(
            given.on >= made_on,
            "dispatch {dispatch_id}: its papers were made on {made_on}, after {}",
            given.on
        );
        let facts = self.pipeline.child_facts(&row.envelope.child_id).await?;
        let as_made = packet_of(&row.envelope, packet, &packet.made_from);
        let now = self.pipeline.now();
        let authorization = match decide(
            &question(&row.envelope),
            &facts.facts(&self.pipeline, now),
            Point::InPerson(&as_made),
        ) {
            Verdict::Authorized(authorization) => authorization,
            Verdict::Refused(refusal) => {
                anyhow::bail!("dispatch {dispatch_id} must not be given: {refusal} {}", refusal.reason.next_step())
            }
            Verdict::RenderAnew => anyhow::bail!(
                "dispatch {dispatch_id} must not be given: what this recipient may have has changed since it was made. \
                 Run {}",
                Hint::Regenerate { dispatch: Some(dispatch_id.to_owned()) }
            ),
        };
        let says = format!("given in person on {}, initials {}, says {by}", given.on, given.initials);
        let (entry, detail) =
            disclosure_entry(&facts, &row, &authorization, row.attempt, "given", &recorded, &Evidence::of(says));
        let entry = Entry { channel: Some("in-person".to_owned()), attempt: None, ..entry };
        let act = Act::on(&row, Operation::Give, "given in person", &recorded).entered((entry, detail));
        self.pipeline.store.outcomes().operate(&act, now).await?;
        Ok(())
    }

    /// The envelope's next edition: one more than the newest that stands in the outbox.
    async fn next_edition(&self, row: &DispatchRow) -> anyhow::Result<Envelope> {
        let rows = self.pipeline.store.outbox().dispatches_of(&row.envelope.child_id).await?;
        let same = |e: &Envelope| {
            e.recipient == row.envelope.recipient && e.duties().any(|duty| row.envelope.duties().any(|own| own == duty))
        };
        let newest = rows.iter().filter(|r| same(&r.envelope)).map(|r| r.envelope.edition).max();
        Ok(Envelope { edition: newest.unwrap_or(row.envelope.edition) + 1, ..row.envelope.clone() })
    }

    fn new_dispatch<'a>(&self, row: &DispatchRow, envelope: &'a Envelope, made: &'a Made) -> NewDispatch<'a> {
        NewDispatch {
            envelope,
            state: made.state.clone(),
            packet: made.packet.as_ref(),
            channel: made.channel,
            due_on: row.due_on,
            run_id: "",
            not_before: self.pipeline.preparation().first_offer(&made.state),
        }
    }

    async fn put_in_its_place(
        &self,
        act: &Act<'_>,
        row: &DispatchRow,
        envelope: &Envelope,
        made: &Made,
    ) -> anyhow::Result<String> {
        let new = self.new_dispatch(row, envelope, made);
        let id = self.pipeline.store.outcomes().supersede(act, &new, self.pipeline.now()).await?;
        id.with_context(|| format!("dispatch {}: somebody else had newer papers made at this moment", row.dispatch_id))
    }

    /// What is different now: the record since then, and the papers themselves. Equal bytes are no change.
    async fn changes(&self, row: &DispatchRow, packet: &RenderedPacket) -> anyhow::Result<Vec<String>> {
        let Some(before) = &row.packet else { return Ok(vec!["nothing was made before".to_owned()]) };
        let hashes = |p: &RenderedPacket| p.items.iter().map(|i| i.sha256.clone()).collect::<Vec<_>>();
        if hashes(before) == hashes(packet) && before.endpoint_id == packet.endpoint_id {
            return Ok(Vec::new());
        }
        let mut said = Vec::new();
        if let Some(then) = self.pipeline.store.children().record_as_of(&row.envelope.child_id, row.created_at).await? {
            let now =
                serde_json::to_value(&self.pipeline.store.children().child(&row.envelope.child_id).await?.record)?;
            let places = fact_diff::places(&then, &now);
            if !places.is_empty() {
                said.push(format!("the record changed: {}", places.join(", ")));
            }
        }
        said.extend(fact_diff::between(before, packet));
        Ok(said)
    }
}

/// The duties that an envelope meets: kind, anchor, revision.
pub(in crate::pipeline) fn duties_of(row: &DispatchRow) -> Vec<(&str, &str, i64)> {
    row.envelope.duties().map(|(kind, anchor, revision)| (kind.as_str(), anchor, i64::from(revision))).collect()
}

fn not_possible(row: &DispatchRow, source: crate::dispatch::NotPossible) -> StoreError {
    StoreError::NotPossible { id: row.dispatch_id.clone(), source }
}

fn nothing_made(row: &DispatchRow) -> String {
    format!(
        "dispatch {}: its papers were not made yet; the next {} makes them if they may go",
        row.dispatch_id,
        Hint::Run
    )
}
