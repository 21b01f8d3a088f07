//! The evidence sheet: everything that is known of one dispatch, for a lay person.

use super::report::{is_kept_from, pages};
use crate::{
    actor::{Actor, Permission},
    case::{PersonId, Recipient},
    clock::parse_instant,
    dispatch::{Evidence, StateName},
    document::{
        Language, Rendered, ReportKind,
        view::{EvidenceAttempt, EvidenceEntry, EvidencePaper, EvidenceStep, EvidenceView},
    },
    hint::Hint,
    ledger::{
        Event, LedgerRow,
        report::{Disclosed, Filter, Report, Telling},
    },
    pipeline::{Against, access_record::AccessRecord},
    store::{AttemptRow, DispatchRow, HistoryRow},
};

impl AccessRecord {
    /// What the sheet says, and the sheet itself as a PDF. For a parent it is told in that parent's language, and what
    /// other people of the family keep private stands nowhere.
    ///
    /// # Errors
    /// When there is no such dispatch, it went to another parent than the reader, the reader may not inspect the record,
    /// the database refuses, or the paper cannot be made.
    pub async fn evidence_sheet(
        &self,
        dispatch_id: &str,
        reader: Option<&PersonId>,
        by: &Actor,
    ) -> anyhow::Result<(EvidenceView, Rendered)> {
        let row = self.pipeline.authority().dispatch_for(by, Permission::ReadAccessRecord, dispatch_id).await?;
        let child = &row.envelope.child_id;
        let another = |person: &PersonId| matches!(&row.envelope.recipient, Recipient::FamilyMember { person_id } if person_id != person);
        if let Some(person) = reader.filter(|person| another(person)) {
            let report = Hint::ReportAccess { child: Some(child.to_string()), person: Some(person.to_string()) };
            anyhow::bail!(
                "no evidence sheet for {person}: dispatch {dispatch_id} is another parent's. Its day and papers stand in {report}"
            );
        }
        let person = reader;
        let (facts, reader) = self.facts_for(child, person).await?;
        let said = facts.told_in(reader.as_ref());
        let mut rows = self.pipeline.store.ledger().ledger_of(child).await?;
        rows.retain(|entry| {
            entry.entry.dispatch.as_deref() == Some(dispatch_id) && entry.entry.event != Event::AccessView
        });
        let mut report = Report::default();
        report.add(&rows, &Telling { zone: self.pipeline.program.time_zone.0, said }, &Filter::default());
        if let Some(person) = person
            && report.disclosures.iter().any(|line| is_kept_from(&facts, line, person))
        {
            anyhow::bail!(
                "no evidence sheet for {person}: nobody has decided yet to tell this parent of the emergency; decide it with {}",
                Hint::RecordEmergencyTelling
            );
        }
        let last = report.disclosures.last();
        let mut attempts = Vec::new();
        for attempt in self.pipeline.store.outbox().attempts(dispatch_id).await? {
            let evidence = self.pipeline.store.ledger().evidence(child, dispatch_id, attempt.attempt).await?;
            attempts.push(self.attempt_in_words(&attempt, evidence.as_ref(), said));
        }
        let mut addresses: Vec<String> = report.disclosures.iter().filter_map(|line| line.address.clone()).collect();
        addresses.dedup();
        let history = self.pipeline.store.outbox().history(dispatch_id).await?;
        let mut view = EvidenceView {
            page: self.page_of_report(&facts, person, said)?,
            dispatch: dispatch_id.to_owned(),
            recipient: last
                .and_then(|line| line.recipient_name.clone())
                .unwrap_or_else(|| super::entries::recipient_name(&facts, &row.envelope.recipient)),
            addresses,
            purpose: last.and_then(|line| line.purpose.clone()),
            authority: last.map(|line| line.authority.clone()),
            stands: stands(&row, last, said),
            uncertain: report.disclosures.iter().any(|line| line.may_have_been_received),
            papers: self.papers_in_words(&row, &report, said).await?,
            steps: history.iter().map(|step| self.step_in_words(step, said)).collect(),
            attempts,
            entries: rows.iter().map(|entry| self.entry_in_words(entry, said)).collect(),
            check: self.check_in_words(said).await?,
        };
        if let Some(reader) = &reader {
            let private = self.private_from(&facts, reader);
            texts_of(&mut view).for_each(|text| private.take_out_of(text));
        }
        let rendered = self.render_for(ReportKind::EvidenceSheet, &view, &facts, reader.as_ref())?;
        Ok((view, rendered))
    }

    fn instant(&self, text: &str, said: &Language) -> String {
        parse_instant(text).map_or_else(
            |_| text.to_owned(),
            |at| {
                let date = said.short(self.pipeline.day_of(at));
                let at = at.with_timezone(&self.pipeline.program.time_zone.0);
                let (time, zone) = (at.format("%-I:%M:%S %p").to_string(), at.format("%Z").to_string());
                said.fill("said.access.instant", &[("date", &date), ("time", &time), ("zone", &zone)])
            },
        )
    }

    fn step_in_words(&self, step: &HistoryRow, said: &Language) -> EvidenceStep {
        let state = said.text(&format!("said.access.step_{}", step.state));
        let what = if state.is_empty() { step.state.as_str() } else { state };
        let why = if step.why == step.state { String::new() } else { format!(" ({})", step.why) };
        EvidenceStep { when: self.instant(&step.at, said), what: format!("{what}{why}") }
    }

    fn attempt_in_words(&self, attempt: &AttemptRow, evidence: Option<&Evidence>, said: &Language) -> EvidenceAttempt {
        let channel = said.text(&format!("said.access.channel_{}", attempt.channel));
        let way = evidence.and_then(|evidence| {
            let key = match evidence.tls {
                Some(true) => "said.access.way_tls",
                Some(false) => "said.access.way_plain",
                None => "said.access.way_none",
            };
            let way = said.fill(key, &[("peer", evidence.peer.as_ref()?)]);
            Some(match &evidence.certificate_sha256 {
                Some(hash) => format!("{way} {}", said.fill("said.access.certificate_shown", &[("hash", hash)])),
                None => way,
            })
        });
        EvidenceAttempt {
            number: attempt.attempt,
            began: self.instant(&attempt.started_at, said),
            channel: if channel.is_empty() { attempt.channel.clone() } else { channel.to_owned() },
            outcome: match (&attempt.outcome, &attempt.settled_at) {
                (Some(outcome), Some(at)) => {
                    said.fill("said.access.ended", &[("outcome", outcome.words()), ("when", &self.instant(at, said))])
                }
                _ => said.text("said.access.running").to_owned(),
            },
            reply: evidence.map(|e| e.reply.clone()).filter(|reply| !reply.is_empty()),
            way,
        }
    }

    /// Papers as the entries name them; before anything left, as they were rendered.
    async fn papers_in_words(
        &self,
        row: &DispatchRow,
        report: &Report,
        said: &Language,
    ) -> anyhow::Result<Vec<EvidencePaper>> {
        let mut papers: Vec<(String, u32, String)> = report
            .disclosures
            .iter()
            .flat_map(|line| &line.items)
            .map(|item| (item.title.clone(), item.pages, item.sha256.clone()))
            .collect();
        if papers.is_empty() {
            papers = row
                .packet
                .iter()
                .flat_map(|packet| &packet.items)
                .map(|item| (said.word("paper", &item.document), item.pages, item.sha256.clone()))
                .collect();
        }
        papers.sort();
        papers.dedup();
        let mut out = Vec::new();
        for (title, pages, sha256) in papers {
            let stands = self.pipeline.store.verification().paper_stands(row, &sha256).await?;
            out.push(EvidencePaper { title, pages, sha256, stands });
        }
        Ok(out)
    }

    fn entry_in_words(&self, row: &LedgerRow, said: &Language) -> EvidenceEntry {
        let event = said.text(&format!("said.access.{}", row.entry.event.as_str()));
        let what = match row.entry.event {
            Event::Disclosure => {
                let count: u32 = row.entry.items.iter().map(|item| item.pages).sum();
                format!("{event}, {}: {}", pages(count, said), row.entry.outcome)
            }
            _ => format!("{event}: {}", row.entry.outcome),
        };
        let when = self.instant(&row.link.at, said);
        EvidenceEntry { number: row.link.seq, when, what, hash: row.link.hash.clone() }
    }

    async fn check_in_words(&self, said: &Language) -> anyhow::Result<String> {
        let verified = self.verify(false, &Against::default()).await?;
        let day = said.long(self.pipeline.clock_day());
        Ok(match verified.verdict {
            Ok(head) => {
                let checkpoints = i64::try_from(verified.checkpoints).unwrap_or(i64::MAX);
                let checkpoints = said.count("access.checkpoints", checkpoints);
                let count = head.count.to_string();
                said.fill("said.access.checked", &[("day", &day), ("count", &count), ("checkpoints", &checkpoints)])
            }
            Err(fault) => said.fill("said.access.fault", &[("day", &day), ("fault", &fault.to_string())]),
        })
    }
}

/// The texts of a sheet in which something private may stand.
fn texts_of(view: &mut EvidenceView) -> impl Iterator<Item = &mut String> {
    let attempts =
        view.attempts.iter_mut().flat_map(|a| a.reply.iter_mut().chain(a.way.iter_mut()).chain([&mut a.outcome]));
    view.addresses
        .iter_mut()
        .chain(view.purpose.iter_mut())
        .chain([&mut view.stands])
        .chain(view.steps.iter_mut().map(|step| &mut step.what))
        .chain(view.entries.iter_mut().map(|entry| &mut entry.what))
        .chain(attempts)
}

fn stands(row: &DispatchRow, last: Option<&Disclosed>, said: &Language) -> String {
    match (last, row.state) {
        (Some(line), _) => {
            let later = line.later.iter().map(|later| format!(" {}: {}", said.short(later.on), later.says));
            std::iter::once(line.result.clone()).chain(later).collect()
        }
        (None, StateName::Printed) => said.text("said.access.stands_printed").to_owned(),
        (None, StateName::Held | StateName::Withheld) => {
            // The reasons of the gate are the program's own words, in English.
            let why = row.reason.map_or_else(String::new, |reason| format!(" {}", reason.says()));
            format!("{}{why}", said.text("said.access.stands_waits"))
        }
        (None, state) => {
            let state = said.text(&format!("said.access.step_{}", state.as_str()));
            format!("{} {state}.", said.text("said.access.stands_waits"))
        }
    }
}
