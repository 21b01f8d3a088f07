//! What a monitor asks for: a row a child, with evidence, every exclusion named, and what the counting rests on.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;

use crate::{
    actor::{Actor, Permission},
    case::{CaseRecord, ChildId, Recorded},
    due::{self, Obligation, ObligationKind as Kind, Step, dates::TransitionDates},
    pipeline::{Pipeline, planning::Planning},
    store::{DispatchRow, ObligationRow},
};

/// What is monitored, by the numbers of the state's annual performance report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Indicator {
    /// Services start in time.
    C1,
    /// Evaluation, assessment and initial meeting within 45 days.
    C7,
    /// Transition: steps in the plan (A), notice to the district (B), conference (C).
    C8,
}

impl Indicator {
    fn parts(self) -> &'static [(&'static str, Kind)] {
        match self {
            Self::C1 => &[("C1", Kind::ServiceStart)],
            Self::C7 => &[("C7", Kind::InitialMeeting)],
            Self::C8 => &[("C8A", Kind::TransitionPlan), ("C8B", Kind::LeaNotice), ("C8C", Kind::TransitionConference)],
        }
    }

    /// What of the counting nobody has confirmed: the numbers are a help, the state's instructions decide.
    fn unconfirmed(self) -> Vec<&'static str> {
        let mut said = vec![
            "a child counts in the period in which the duty was due; the state may count by referral, plan or exit instead",
            "lateness for a documented reason of the family is shown apart and is not in the numerator; the state may count \
             it as in time",
        ];
        match self {
            Self::C1 => said.push("all services of a child that were due in the period must have started in time"),
            Self::C7 => said.push("days that do not count (34 CFR 303.310(b)) move the due date"),
            Self::C8 => said.push(
                "B counts the notice to the school district only; children whose parent objected in writing are left out",
            ),
        }
        said
    }
}

/// One child's row of one part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MonitorRow {
    /// `C1`, `C7`, `C8A`, `C8B` or `C8C`.
    pub part: &'static str,
    /// The child's id.
    pub child: String,
    /// The event or service line.
    pub anchor: String,
    /// The day that set it off, such as the referral or the third birthday.
    pub trigger: NaiveDate,
    /// The last day in time.
    pub due: NaiveDate,
    /// The day on which it was done.
    pub done: Option<NaiveDate>,
    /// Calendar days between the trigger and the day on which it was done; negative before a birthday.
    pub calendar_days: Option<i64>,
    /// Whether it was done in time.
    pub in_time: bool,
    /// `family` or `system`, where somebody said why it was late.
    pub reason: Option<String>,
    /// The note that documents it, and days that did not count.
    pub note: String,
    /// The fact that met it, and dispatches with the SHA-256 of each paper.
    pub evidence: Vec<String>,
}

/// A child that is not counted, and why.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Exclusion {
    pub part: &'static str,
    /// The child's id.
    pub child: String,
    /// Why, in a sentence.
    pub why: String,
}

/// The numbers of one part, in children.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Children in time.
    pub numerator: usize,
    /// Children that count.
    pub denominator: usize,
    /// Late for a documented reason of the family.
    pub late_family: usize,
    /// Late for a reason of the system.
    pub late_system: usize,
    /// Late, and nobody has said why.
    pub late_unexplained: usize,
}

/// A monitor's list.
#[derive(Debug, Clone, Serialize)]
pub struct Monitored {
    /// The first day of the period.
    pub from: NaiveDate,
    /// Its last day.
    pub to: NaiveDate,
    /// Rows, by part and child; of a sample only those drawn.
    pub rows: Vec<MonitorRow>,
    /// The numbers of each part, over all children, whatever the sample shows.
    pub tallies: BTreeMap<&'static str, Tally>,
    /// Children that are not counted.
    pub excluded: Vec<Exclusion>,
    /// The seed of the sample, where one was drawn.
    pub seed: Option<u64>,
    /// What of the counting nobody has confirmed.
    pub unconfirmed: Vec<&'static str>,
}

/// Children to draw, and the seed that lets somebody else draw the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sample {
    pub children: usize,
    pub seed: u64,
}

impl Planning {
    /// The rows of an indicator for what was due in a period, and who is left out and why. Nothing is written.
    pub async fn monitor(
        &self,
        indicator: Indicator,
        (from, to): (NaiveDate, NaiveDate),
        sample: Option<Sample>,
        by: &Actor,
    ) -> anyhow::Result<Monitored> {
        let sight = self.pipeline.authority().sight(by, Permission::SeeBoards).await?;
        let mut monitored = Monitored {
            from,
            to,
            rows: Vec::new(),
            tallies: indicator.parts().iter().map(|(part, _)| (*part, Tally::default())).collect(),
            excluded: Vec::new(),
            seed: sample.map(|sample| sample.seed),
            unconfirmed: indicator.unconfirmed(),
        };
        let mut after = String::new();
        loop {
            let page = self.pipeline.store.children().child_ids_after(&after, 200).await?;
            let Some(last) = page.last() else { break };
            after = last.to_string();
            for child_id in &page {
                if sight.sees(child_id.as_str()) {
                    self.monitor_child(indicator, child_id, &mut monitored).await?;
                }
            }
        }
        for (part, tally) in &mut monitored.tallies {
            *tally = tallied(monitored.rows.iter().filter(|row| row.part == *part));
        }
        if let Some(sample) = sample {
            let drawn = drawn(&monitored.rows, sample);
            monitored.rows.retain(|row| drawn.contains(&row.child));
        }
        monitored.rows.sort_by(|a, b| (a.part, &a.child, a.due, &a.anchor).cmp(&(b.part, &b.child, b.due, &b.anchor)));
        monitored.excluded.sort();
        Ok(monitored)
    }

    async fn monitor_child(&self, indicator: Indicator, child_id: &ChildId, out: &mut Monitored) -> anyhow::Result<()> {
        let facts = self.pipeline.child_facts(child_id).await?;
        let record = &facts.record;
        // A child that left is looked at as on its last day: later nothing is computed for it.
        let day = record.exit.as_ref().map_or(self.pipeline.day(), |exit| self.pipeline.day().min(*exit.on));
        let (duties, not_due) = due::explain(record, &self.pipeline.rules(), day);
        let rows = self.pipeline.store.obligations().obligations_of(child_id).await?;
        let dispatches = self.pipeline.store.outbox().dispatches_of(child_id).await?;
        for (part, kind) in indicator.parts() {
            let mut counted = false;
            for duty in duties.iter().filter(|duty| duty.kind == *kind && (out.from..=out.to).contains(&duty.due_on)) {
                counted = true;
                let row = monitor_row(part, record, duty, &rows, &facts.recorded, &dispatches);
                if row.done.is_none() && self.pipeline.day() <= duty.due_on && record.exit.is_none() {
                    out.excluded.push(exclusion(
                        part,
                        child_id,
                        format!("not done, and not yet past its due date {}", duty.due_on),
                    ));
                } else if row.done.is_none() && record.exit.as_ref().is_some_and(|exit| *exit.on < duty.due_on) {
                    let on = record.exit.as_ref().map_or(day, |exit| *exit.on);
                    out.excluded.push(exclusion(
                        part,
                        child_id,
                        format!("left on {on}, before it was due on {}", duty.due_on),
                    ));
                } else {
                    out.rows.push(row);
                }
            }
            let line = ordinary_due(*kind, record, &self.pipeline);
            if !counted && line.is_some_and(|line| (out.from..=out.to).contains(&line)) {
                let whys = not_due.iter().filter(|line| line.kind == *kind).map(|line| line.why.to_string());
                out.excluded.extend(whys.map(|why| exclusion(part, child_id, why)));
            }
        }
        Ok(())
    }
}

fn exclusion(part: &'static str, child_id: &ChildId, why: String) -> Exclusion {
    Exclusion { part, child: child_id.to_string(), why }
}

/// The day on which a child would count if nothing stood against it; it tells in which period an exclusion belongs.
fn ordinary_due(kind: Kind, record: &CaseRecord, pipeline: &Pipeline) -> Option<NaiveDate> {
    match kind {
        Kind::InitialMeeting => {
            Some(pipeline.rules().initial_meeting().from(*record.referral.received_on, &pipeline.rules().calendar()))
        }
        Kind::ServiceStart => record.in_effect().map(|version| *version.meeting_on),
        _ => Some(TransitionDates::of(record, &pipeline.rules()).due_on),
    }
}

fn monitor_row(
    part: &'static str,
    record: &CaseRecord,
    duty: &Obligation,
    rows: &[ObligationRow],
    recorded: &Recorded,
    dispatches: &[DispatchRow],
) -> MonitorRow {
    let kept = rows.iter().find(|row| row.kind == duty.kind && row.anchor == duty.anchor);
    let mailed = kept.filter(|row| row.status == "met" && row.met_by.as_deref() == Some("mailed"));
    let done = duty.met_on.or_else(|| mailed.and_then(|row| row.met_on));
    let trigger = duty
        .steps
        .iter()
        .find_map(|step| match step {
            Step::Trigger { on, .. } => Some(*on),
            _ => None,
        })
        .unwrap_or(duty.opens_on);
    let late = recorded.lateness(duty.kind.as_str(), &duty.anchor);
    let mut notes: Vec<String> = late.map(|late| late.note.clone()).into_iter().collect();
    notes.extend(duty.steps.iter().filter(|step| matches!(step, Step::NotCounted { .. })).map(ToString::to_string));
    if duty.kind == Kind::InitialMeeting {
        notes.extend(record.referral.excused.iter().map(|span| format!("documented by {}", span.note.as_str())));
    }
    let event = duty.met_by.as_ref().and_then(|by| by.event.clone());
    let mut evidence: Vec<String> = duty
        .met_by
        .as_ref()
        .map(|by| event.as_ref().map_or_else(|| by.what.to_owned(), |event| format!("{}: {event}", by.what)))
        .into_iter()
        .collect();
    evidence.extend(dispatches.iter().flat_map(|row| {
        let of_duty = row.envelope.duties().any(|(kind, anchor, _)| kind == duty.kind && anchor == duty.anchor);
        let of_event = row.envelope.duties().any(|(_, anchor, _)| event.as_deref() == Some(anchor));
        let papers = row.packet.iter().filter(move |_| of_duty || of_event).flat_map(|packet| &packet.items);
        papers.map(|item| format!("dispatch {} ({}): {} {}", row.dispatch_id, row.state, item.document, item.sha256))
    }));
    MonitorRow {
        part,
        child: record.child_id.to_string(),
        anchor: duty.anchor.clone(),
        trigger,
        due: duty.due_on,
        done,
        calendar_days: done.map(|done| (done - trigger).num_days()),
        in_time: done.is_some_and(|done| done <= duty.due_on),
        reason: late.map(|late| late.because.word().to_owned()),
        note: notes.join("; "),
        evidence,
    }
}

/// A child counts once, in time only where all its rows are.
fn tallied<'a>(rows: impl Iterator<Item = &'a MonitorRow>) -> Tally {
    let mut children: BTreeMap<&str, Vec<&MonitorRow>> = BTreeMap::new();
    for row in rows {
        children.entry(&row.child).or_default().push(row);
    }
    let mut tally = Tally { denominator: children.len(), ..Tally::default() };
    for rows in children.values() {
        let late: Vec<_> = rows.iter().filter(|row| !row.in_time).collect();
        let of = |reason: &str| late.iter().filter(|row| row.reason.as_deref() == Some(reason)).count();
        if late.is_empty() {
            tally.numerator += 1;
        } else if of("family") == late.len() {
            tally.late_family += 1;
        } else if of("system") > 0 {
            tally.late_system += 1;
        } else {
            tally.late_unexplained += 1;
        }
    }
    tally
}

/// The children of a sample: the same seed draws the same children from the same list.
fn drawn(rows: &[MonitorRow], sample: Sample) -> Vec<String> {
    let mut children: Vec<String> = rows.iter().map(|row| row.child.clone()).collect();
    children.sort();
    children.dedup();
    fastrand::Rng::with_seed(sample.seed).shuffle(&mut children);
    children.truncate(sample.children);
    children
}
