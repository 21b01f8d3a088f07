//! The evidence sheet: everything that is known of one dispatch, for a lay person.

use super::{Against, Pipeline, report::pages};
use crate::{
    clock::parse_instant,
    dispatch::{Evidence, StateName},
    document::{
        Rendered, ReportKind, render_report,
        view::{EvidenceAttempt, EvidenceEntry, EvidencePaper, EvidenceStep, EvidenceView},
    },
    ledger::{
        Event, LedgerRow,
        report::{Disclosed, Report},
    },
    store::{AttemptRow, DispatchRow, HistoryRow},
};

impl Pipeline {
    /// What the sheet says, and the sheet itself as a PDF.
    ///
    /// # Errors
    /// When there is no such dispatch, the database refuses, or the paper cannot be made.
    pub async fn evidence_sheet(&self, dispatch_id: &str) -> anyhow::Result<(EvidenceView, Rendered)> {
        let row = self.store.dispatch(dispatch_id).await?;
        let child = &row.envelope.child_id;
        let facts = self.child_facts(child).await?;
        let mut rows = self.store.ledger_of(child).await?;
        rows.retain(|entry| {
            entry.entry.dispatch.as_deref() == Some(dispatch_id) && entry.entry.event != Event::AccessView
        });
        let mut report = Report::default();
        report.add(&rows, self.program.time_zone.0, &crate::ledger::report::Filter::default());
        let last = report.disclosures.last();
        let mut attempts = Vec::new();
        for attempt in self.store.attempts(dispatch_id).await? {
            let evidence = self.store.evidence(child, dispatch_id, attempt.attempt).await?;
            attempts.push(self.attempt_in_words(&attempt, evidence.as_ref()));
        }
        let mut addresses: Vec<String> = report.disclosures.iter().filter_map(|line| line.address.clone()).collect();
        addresses.dedup();
        let view = EvidenceView {
            page: self.page_of_report(&facts, None)?,
            dispatch: dispatch_id.to_owned(),
            recipient: last
                .and_then(|line| line.recipient_name.clone())
                .unwrap_or_else(|| super::account::recipient_name(&facts, &row.envelope.recipient)),
            addresses,
            purpose: last.and_then(|line| line.purpose.clone()),
            authority: last.map(|line| line.authority.clone()),
            stands: stands(&row, last),
            uncertain: report.disclosures.iter().any(|line| line.may_have_been_received),
            papers: self.papers_in_words(&row, &report).await?,
            steps: self.store.history(dispatch_id).await?.iter().map(|step| self.step_in_words(step)).collect(),
            attempts,
            entries: rows.iter().map(|entry| self.entry_in_words(entry)).collect(),
            check: self.check_in_words().await?,
        };
        let rendered = render_report(ReportKind::EvidenceSheet, serde_json::to_vec(&view)?)?;
        Ok((view, rendered))
    }

    fn instant(&self, text: &str) -> String {
        parse_instant(text).map_or_else(
            |_| text.to_owned(),
            |at| at.with_timezone(&self.program.time_zone.0).format("%b %-d, %Y, %-I:%M:%S %p %Z").to_string(),
        )
    }

    fn step_in_words(&self, step: &HistoryRow) -> EvidenceStep {
        let state = StateName::from_word(&step.state);
        let what = match state {
            Some(StateName::Queued) => "Ready to be sent",
            Some(StateName::Held) => "Held: a person has to look",
            Some(StateName::Withheld) => "Withheld: it may not go",
            Some(StateName::Sending) => "Being sent",
            Some(StateName::Accepted) => "Accepted by the next carrier",
            Some(StateName::Printed) => "Printed, not yet mailed",
            Some(StateName::Confirmed) => "Confirmed",
            Some(StateName::Returned) => "Came back",
            Some(StateName::Failed) => "Refused",
            Some(StateName::Unknown) => "Not known whether it arrived",
            Some(StateName::Cancelled) => "Cancelled by a person",
            Some(StateName::Superseded) => "A newer version took its place",
            None => step.state.as_str(),
        };
        let why = if step.why == step.state { String::new() } else { format!(" ({})", step.why) };
        EvidenceStep { when: self.instant(&step.at), what: format!("{what}{why}") }
    }

    fn attempt_in_words(&self, attempt: &AttemptRow, evidence: Option<&Evidence>) -> EvidenceAttempt {
        let channel = match attempt.channel.as_str() {
            "smtp" => "e-mail",
            "folder" => "a folder on our own machine",
            "print" => "the print folder",
            other => other,
        };
        let way = evidence.and_then(|evidence| {
            let peer = evidence.peer.as_ref()?;
            let tls = match evidence.tls {
                Some(true) => "the way to that machine was encrypted (TLS)",
                Some(false) => "the way to that machine was not encrypted",
                None => "no network was used",
            };
            Some(format!("To {peer}; {tls}."))
        });
        EvidenceAttempt {
            number: attempt.attempt,
            began: self.instant(&attempt.started_at),
            channel: channel.to_owned(),
            outcome: match (&attempt.outcome, &attempt.settled_at) {
                (Some(outcome), Some(at)) => format!("Result: {outcome}, {}.", self.instant(at)),
                _ => "It has not ended yet.".to_owned(),
            },
            reply: evidence.map(|e| e.reply.clone()).filter(|reply| !reply.is_empty()),
            way,
        }
    }

    /// Papers as the entries name them; before anything left, as they were rendered.
    async fn papers_in_words(&self, row: &DispatchRow, report: &Report) -> anyhow::Result<Vec<EvidencePaper>> {
        let mut papers: Vec<(String, u32, String)> = report
            .disclosures
            .iter()
            .flat_map(|line| &line.items)
            .map(|item| (item.title.to_owned(), item.pages, item.sha256.clone()))
            .collect();
        if papers.is_empty() {
            papers = row
                .packet
                .iter()
                .flat_map(|packet| &packet.items)
                .map(|item| (item.document.title().to_owned(), item.pages, item.sha256.clone()))
                .collect();
        }
        papers.sort();
        papers.dedup();
        let mut out = Vec::new();
        for (title, pages, sha256) in papers {
            let stands = self.store.paper_stands(row, &sha256).await?;
            out.push(EvidencePaper { title, pages, sha256, stands });
        }
        Ok(out)
    }

    fn entry_in_words(&self, row: &LedgerRow) -> EvidenceEntry {
        let what = match row.entry.event {
            Event::Disclosure => {
                let count: u32 = row.entry.items.iter().map(|item| item.pages).sum();
                format!("Disclosure, {}: {}", pages(count), row.entry.outcome)
            }
            other => format!("{}: {}", other.as_str().replace('_', " "), row.entry.outcome),
        };
        EvidenceEntry { number: row.link.seq, when: self.instant(&row.link.at), what, hash: row.link.hash.clone() }
    }

    async fn check_in_words(&self) -> anyhow::Result<String> {
        let verified = self.verify(false, &Against::default()).await?;
        let day =
            crate::document::assemble::day_in_words(self.now().with_timezone(&self.program.time_zone.0).date_naive());
        Ok(match verified.verdict {
            Ok(head) => format!(
                "On {day} all {} entries of the record were checked, with {} outside the database: none was changed, removed \
                 or put in.",
                head.count,
                if verified.checkpoints == 1 {
                    "a signed checkpoint".to_owned()
                } else {
                    format!("{} signed checkpoints", verified.checkpoints)
                }
            ),
            Err(fault) => format!("On {day} the record was checked, and a fault was found: {fault}."),
        })
    }
}

fn stands(row: &DispatchRow, last: Option<&Disclosed>) -> String {
    match (last, row.state) {
        (Some(line), _) => {
            let later = line.later.iter().map(|later| format!(" {}: {}", later.on, later.says));
            std::iter::once(line.result.clone()).chain(later).collect()
        }
        (None, StateName::Printed) => "It is printed and not yet mailed: nothing has left.".to_owned(),
        (None, StateName::Held | StateName::Withheld) => {
            let why = row.reason.map_or_else(String::new, |reason| format!(" {}", reason.says()));
            format!("It has not left.{why}")
        }
        (None, state) => format!("It has not left; it is {state}."),
    }
}
