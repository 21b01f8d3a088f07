//! Send: the plan of this morning, now.

use chrono::{NaiveDate, NaiveTime};

use crate::{
    actor::{Actor, Permission},
    case::{ChildId, FiledId, Recipient},
    dispatch::{Envelope, StateName},
    due::{DocumentKind, Obligation, ObligationKind, due_items},
    hint::{Field, Hint},
    pipeline::{
        HeldInstallation, PlanVerdict, RunReport, Silent, Standing, Stop,
        balance::{Asked, ensure_complete},
        child_facts::ChildFacts,
        live_dispatches::LiveDispatches,
        operations::Operations,
        owed_envelopes::{envelopes_of, question},
        preparation::preview::subject_of,
    },
    store::{DispatchRow, RunKind, new_id},
};

/// What a person is asked to confirm, one recipient a line. For the screen only: it names people.
#[derive(Debug, Clone)]
pub struct SendLine {
    pub envelope: Envelope,
    /// Recipient in words.
    pub to: String,
    /// The exact address, where the gate lets it go.
    pub address: Option<String>,
    /// What the gate says now.
    pub verdict: PlanVerdict,
    /// At what time the same was sent to this recipient today already.
    pub sent_today: Option<NaiveTime>,
}

/// What `send` is about to do. For the screen only.
#[derive(Debug, Clone)]
pub struct SendPlan {
    /// The child's full name.
    pub child: String,
    pub birth_date: String,
    pub program_number: String,
    /// The plan's version and day, where the paper is about one.
    pub version: Option<String>,
    /// One line a recipient.
    pub lines: Vec<SendLine>,
}

impl Operations {
    /// Works out what `send` would do: the owed envelopes of this kind, or new ones to those named.
    /// An envelope that is owed keeps its key, so that the night's run does not send it twice.
    ///
    /// # Errors
    /// When there is no such child, nothing that the paper could be about, or nobody to send it to.
    pub async fn plan_send(
        &self,
        kind: DocumentKind,
        child_id: &ChildId,
        to: &[Recipient],
        enclosed: &[FiledId],
        by: &Actor,
    ) -> anyhow::Result<SendPlan> {
        self.pipeline.authority().allow_for(by, Permission::Send, child_id).await?;
        self.pipeline.planning().settle_mailed().await?;
        let facts = self.pipeline.child_facts(child_id).await?;
        on_file(&facts, enclosed)?;
        let rows = self.pipeline.store.outbox().dispatches_of(child_id).await?;
        let live = LiveDispatches::of(rows.iter().cloned());
        let mut envelopes = self.owed_of(&facts, kind, |_| true);
        envelopes.retain(|(envelope, _)| to.is_empty() || to.contains(&envelope.recipient));
        // What stands already has its enclosures; others go in an envelope of their own.
        let (apart, mut envelopes): (Vec<_>, Vec<_>) =
            envelopes.into_iter().partition(|(envelope, _)| !enclosed.is_empty() && live.has(envelope));
        for (envelope, _) in &mut envelopes {
            envelope.enclosed = enclosed.to_vec();
        }
        let owed: Vec<Recipient> = envelopes.iter().map(|(envelope, _)| envelope.recipient.clone()).collect();
        let mut others: Vec<Recipient> = apart.into_iter().map(|(envelope, _)| envelope.recipient).collect();
        others.extend(to.iter().filter(|r| !owed.contains(r)).cloned());
        others.sort_by_key(ToString::to_string);
        others.dedup();
        for recipient in &others {
            let subject = subject_of(&self.pipeline, &facts, kind, None)
                .ok_or_else(|| anyhow::anyhow!("child {child_id} has nothing that a {kind} could be about"))?;
            let fresh = Envelope {
                child_id: child_id.clone(),
                obligation: ObligationKind::OnRequest,
                anchor: new_id(self.pipeline.now()),
                revision: 1,
                edition: 0,
                subject,
                recipient: recipient.clone(),
                papers: vec![kind],
                shares: Vec::new(),
                enclosed: enclosed.to_vec(),
            };
            // What was asked for before and still waits is the same request: one copy goes, however often it was tried.
            let open = rows.iter().rev().find(|row| row.state.is_open() && same_request(&row.envelope, &fresh));
            envelopes.push((open.map_or(fresh, |row| row.envelope.clone()), None));
        }
        anyhow::ensure!(
            !envelopes.is_empty(),
            "nobody is owed a {kind} for child {child_id}; name the recipient with {}",
            Field::To
        );
        self.send_plan(&facts, envelopes).await
    }

    /// What `send --to-missing` would do: the envelopes of this kind that are still open. Whoever has the paper, or to
    /// whom it is on its way, is left out; so is a duty that is not open today, met or waived. It may be nothing.
    ///
    /// # Errors
    /// When there is no such child, or the database refuses.
    pub async fn plan_send_missing(
        &self,
        kind: DocumentKind,
        child_id: &ChildId,
        by: &Actor,
    ) -> anyhow::Result<SendPlan> {
        self.pipeline.authority().allow_for(by, Permission::Send, child_id).await?;
        let facts = self.pipeline.child_facts(child_id).await?;
        let day = self.pipeline.day();
        let open = |o: &Obligation| o.is_open_on(day) && facts.recorded.waiver(o.kind.as_str(), &o.anchor).is_none();
        let envelopes = self.owed_of(&facts, kind, open);
        let mut plan = self.send_plan(&facts, envelopes).await?;
        plan.lines.retain(|line| matches!(line.verdict, PlanVerdict::Goes { .. } | PlanVerdict::Waits(_)));
        Ok(plan)
    }

    /// The envelopes of a kind of paper that a child's duties owe, and since when a recipient has it from elsewhere.
    fn owed_of(
        &self,
        facts: &ChildFacts,
        kind: DocumentKind,
        counts: impl Fn(&Obligation) -> bool,
    ) -> Vec<(Envelope, Option<NaiveDate>)> {
        // After a death nothing is owed: what a parent asks for is a request of its own.
        let due = if facts.have_a_death() {
            Vec::new()
        } else {
            due_items(&facts.record, &self.pipeline.rules(), self.pipeline.day())
        };
        due.iter()
            .filter(|obligation| counts(obligation))
            .flat_map(|obligation| envelopes_of(&facts.record.child_id, obligation))
            .filter(|(envelope, _)| envelope.papers.contains(&kind))
            .collect()
    }

    async fn send_plan(
        &self,
        facts: &ChildFacts,
        envelopes: Vec<(Envelope, Option<NaiveDate>)>,
    ) -> anyhow::Result<SendPlan> {
        let child_id = &facts.record.child_id;
        let rows = self.pipeline.store.outbox().dispatches_of(child_id).await?;
        let live = LiveDispatches::of(rows.iter().cloned());
        let lines = envelopes
            .into_iter()
            .map(|(envelope, has_it)| {
                let waits = |state| matches!(state, StateName::Held | StateName::Withheld | StateName::Queued);
                let verdict = match live.get(&envelope) {
                    Some(row) if !waits(row.state) => PlanVerdict::Stands(row.state),
                    None if let Some(since) = has_it => PlanVerdict::HasIt(since),
                    Some(row) => self.pipeline.preparation().would(&facts.seen_by(row), &envelope),
                    None => self.pipeline.preparation().would(facts, &envelope),
                };
                SendLine {
                    sent_today: self.sent_today(&rows, &envelope),
                    to: recipient_words(facts, &envelope.recipient),
                    address: self.address_words(facts, &envelope),
                    envelope,
                    verdict,
                }
            })
            .collect();
        let version = facts.record.in_effect().map(|v| format!("version {} of {}", v.version, v.meeting_on));
        Ok(SendPlan {
            child: facts.record.child.legal_name.full(),
            birth_date: facts.record.child.birth_date.to_string(),
            program_number: facts.record.program_number.to_string(),
            version,
            lines,
        })
    }

    /// When the same documents were last made for this recipient today, where they left or lie on paper.
    fn sent_today(&self, rows: &[DispatchRow], envelope: &Envelope) -> Option<NaiveTime> {
        let left = |row: &&DispatchRow| {
            matches!(row.state, StateName::Accepted | StateName::Confirmed | StateName::Printed | StateName::Unknown)
                && self.pipeline.day_of(row.created_at) == self.pipeline.clock_day()
                && row.envelope.recipient == envelope.recipient
                && row
                    .envelope
                    .contents()
                    .any(|(kind, subject)| envelope.contents().any(|(other, about)| (other, about) == (kind, subject)))
        };
        let last = rows.iter().filter(left).max_by_key(|row| row.created_at)?;
        Some(last.created_at.with_timezone(&self.pipeline.program.time_zone.0).time())
    }

    fn address_words(&self, facts: &ChildFacts, envelope: &Envelope) -> Option<String> {
        use crate::disclosure::{Point, Verdict, decide};
        match decide(&question(envelope), &facts.facts(&self.pipeline, self.pipeline.now()), Point::BeforeRender) {
            Verdict::Authorized(a) => Some(format!("{}: {}", a.address().kind().word(), a.address().in_one_line())),
            _ => None,
        }
    }

    /// A person sends these envelopes by hand: that releases them.
    pub async fn release_by_hand(&self, plan: &SendPlan, by: &Actor) -> anyhow::Result<()> {
        for line in &plan.lines {
            self.pipeline.authority().allow_for(by, Permission::Send, &line.envelope.child_id).await?;
        }
        let mut waiting = Vec::new();
        for line in &plan.lines {
            let facts = self.pipeline.child_facts(&line.envelope.child_id).await?;
            if !self.pipeline.is_released(&line.envelope, &facts.hash).await? {
                waiting.push((&line.envelope, facts.hash));
            }
        }
        let released: Vec<_> = waiting.iter().map(|(envelope, hash)| (*envelope, hash.as_str())).collect();
        Ok(self.pipeline.store.send_plans().approve(&released, None, &by.recorded(), self.pipeline.now()).await?)
    }

    /// Sends what was planned, and accounts for it.
    ///
    /// # Errors
    /// When the installation is held, or the database or disk refuses; when a recipient that was asked for is in no
    /// delivery at the end, who is named.
    pub async fn send(&self, plan: &SendPlan, stop: &Stop, by: &Actor) -> anyhow::Result<RunReport> {
        for line in &plan.lines {
            self.pipeline.authority().allow_for(by, Permission::Send, &line.envelope.child_id).await?;
        }
        let held = HeldInstallation(self.pipeline.standing().await?);
        if held.0 != Standing::Same {
            return Err(held.into());
        }
        let run_id =
            self.pipeline.store.service().start_run(RunKind::ByHand, self.pipeline.day(), self.pipeline.now()).await?;
        let mut asked = Asked::default();
        asked.add_due(plan.lines.len());
        for line in &plan.lines {
            let obligation = due_items(
                &self.pipeline.store.children().child(&line.envelope.child_id).await?.record,
                &self.pipeline.rules(),
                self.pipeline.day(),
            );
            let due_on = obligation
                .iter()
                .find(|o| o.kind == line.envelope.obligation && o.anchor == line.envelope.anchor)
                .map_or(self.pipeline.day(), |o| o.due_on);
            let id = self.pipeline.preparation().prepare_one(line.envelope.clone(), due_on, &run_id).await?;
            asked.place(&line.envelope, id);
        }
        let delivered = self.pipeline.delivery().deliver_now(&Silent, stop).await?;
        let (balance, dispatches) = self.account_for_asked(&asked).await?;
        self.pipeline.store.service().end_run(&run_id, &serde_json::to_string(&balance)?, self.pipeline.now()).await?;
        self.pipeline.renew_mark().await?;
        ensure_complete(&balance, asked.missing())?;
        Ok(RunReport {
            as_of: self.pipeline.day().to_string(),
            balance,
            dispatches,
            import: None,
            paused: delivered.paused,
            waiting: Vec::new(),
            attempts: delivered.attempts,
            held_because: None,
        })
    }
}

/// Whether two envelopes are the same request of a person: kind, subject, recipient and enclosures.
fn same_request(one: &Envelope, other: &Envelope) -> bool {
    let asked = |e: &Envelope| e.obligation == ObligationKind::OnRequest && e.shares.is_empty();
    asked(one)
        && asked(other)
        && one.recipient == other.recipient
        && one.papers == other.papers
        && one.subject == other.subject
        && one.enclosed == other.enclosed
}

/// Every enclosure is a paper of this child that was taken in here.
fn on_file(facts: &ChildFacts, enclosed: &[FiledId]) -> anyhow::Result<()> {
    for id in enclosed {
        anyhow::ensure!(
            facts.recorded.filed.contains_key(id),
            "nothing is sent: child {} has no paper {id} on file; {} shows those that there are",
            facts.record.child_id,
            Hint::ListFiled { child: Some(facts.record.child_id.to_string()) }
        );
    }
    Ok(())
}

fn recipient_words(facts: &ChildFacts, recipient: &Recipient) -> String {
    match recipient {
        Recipient::FamilyMember { person_id } => {
            facts.record.member(person_id).map(|m| format!("{} ({})", m.name.full(), m.relationship))
        }
        Recipient::Office { organisation_id, person_id } => {
            facts.directory.organisation(organisation_id).map(|office| {
                match person_id.as_ref().and_then(|id| facts.directory.professional(id)) {
                    Some(person) => format!("{}, {}", person.name.full(), office.name),
                    None => office.name.to_string(),
                }
            })
        }
    }
    .unwrap_or_else(|| recipient.to_string())
}
