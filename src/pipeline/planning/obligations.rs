//! Duties for people: looks that keep them up to date, boards, and why each stands as it does.

use chrono::NaiveDate;
use serde::Serialize;

use crate::{
    actor::{Actor, Permission, RecordedActor},
    case::{ChildId, Date, Fact, Recorded},
    due::{self, NotDue, Obligation, Status, calendar::add_calendar_days, due_items, status_on},
    pipeline::{child_facts::ChildFacts, planning::Planning},
    store::{DutyHistoryRow, DutyLook, Mailing, ObligationRow},
};

/// Which duties a board shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// What is late, and what is due by the next business day.
    Today,
    /// What is late.
    Late,
    /// What is late, and what is due within so many calendar days.
    Within(u16),
}

/// A line of a board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BoardLine {
    /// The child's id.
    pub child: String,
    /// The duty, as commands name it.
    pub duty: &'static str,
    /// The duty in words.
    pub title: &'static str,
    /// The event or period that it hangs on.
    pub anchor: String,
    /// The first day.
    pub opens_on: NaiveDate,
    /// The last day in time.
    pub due_on: NaiveDate,
    /// The last business day before.
    pub work_on: NaiveDate,
    /// How it stands.
    pub status: &'static str,
    /// Calendar days past due; none where it is not late.
    pub late_calendar_days: Option<i64>,
    /// The coordinator's id; none is the supervisor's.
    pub owner: Option<String>,
    pub rule: String,
    /// How many recipients a paper is still owed to; 0 for a duty that a person does.
    pub papers_owed: i64,
}

/// One duty of a child, explained.
#[derive(Debug, Clone, Serialize)]
pub struct Explained {
    /// The duty, as commands name it.
    pub duty: &'static str,
    /// The duty in words.
    pub title: &'static str,
    /// The event or period that it hangs on.
    pub anchor: String,
    pub rule: String,
    /// The sum, a step at a time.
    pub steps: Vec<String>,
    /// The first day.
    pub opens_on: NaiveDate,
    /// The last day in time.
    pub due_on: NaiveDate,
    /// The last business day before.
    pub work_on: NaiveDate,
    /// How it stands, in a word.
    pub status: &'static str,
    /// How it stands, in a sentence.
    pub verdict: String,
    /// To whom papers are owed: recipient and papers.
    pub owed: Vec<String>,
}

/// Why nothing of a kind is due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExplainedNotDue {
    /// The duty, as commands name it.
    pub duty: &'static str,
    /// The duty in words.
    pub title: &'static str,
    /// Why, in a sentence.
    pub why: String,
}

/// Everything about a child's duties on a day.
#[derive(Debug, Clone, Serialize)]
pub struct Explanation {
    /// The child's id.
    pub child: String,
    pub on: NaiveDate,
    /// The coordinator's id; none is the supervisor's.
    pub owner: Option<String>,
    /// The duties, in order of due dates.
    pub duties: Vec<Explained>,
    /// What is not due, and why.
    pub not_due: Vec<ExplainedNotDue>,
    /// What was superseded, done late or waived, with the dates that it had.
    pub history: Vec<DutyHistoryRow>,
    /// What a person should know about the rules themselves, such as a list of holidays that has ended.
    pub notes: Vec<String>,
}

impl Planning {
    pub(in crate::pipeline) fn mailing(&self) -> Mailing {
        Mailing { zone: self.pipeline.program.time_zone.0, day: self.pipeline.day() }
    }

    /// Works out what is owed for a child and brings its rows up to date.
    pub(in crate::pipeline) async fn look_at(&self, facts: &ChildFacts) -> anyhow::Result<Vec<Obligation>> {
        let due = due_items(&facts.record, &self.pipeline.rules(), self.pipeline.day());
        let look = DutyLook {
            computed: &due,
            recorded: &facts.recorded,
            owner: facts.record.assigned_coordinator_on(self.pipeline.day()),
            mailing: self.mailing(),
        };
        self.pipeline.store.obligations().reconcile(&facts.record.child_id, &look, self.pipeline.now()).await?;
        // After a death nothing is made by itself.
        if facts.have_a_death() {
            return Ok(Vec::new());
        }
        // A waived duty owes no paper any more; its row says who waived it.
        Ok(due.into_iter().filter(|o| facts.recorded.waiver(o.kind.as_str(), &o.anchor).is_none()).collect())
    }

    /// Brings the duties of every child up to date with its record and the day, and sends nothing.
    pub async fn look_at_all(&self) -> anyhow::Result<()> {
        let mut after = String::new();
        loop {
            let page = self.pipeline.store.children().child_ids_after(&after, 200).await?;
            let Some(last) = page.last() else { break };
            after = last.to_string();
            for child_id in &page {
                self.look_at(&self.pipeline.child_facts(child_id).await?).await?;
            }
        }
        self.settle_mailed().await
    }

    /// Closes the duties whose papers have all left, and notes what follows from that.
    pub(in crate::pipeline) async fn settle_mailed(&self) -> anyhow::Result<()> {
        let obligations = self.pipeline.store.obligations();
        obligations.settle_mailed(self.mailing(), self.pipeline.now()).await?;
        // Our own letter about the notice to the district tells the parents, and gives them their time to object.
        let itself = Actor::service("duties").recorded();
        for (child_id, told) in obligations.newly_told_of_notice().await? {
            let fact = Fact::ToldOfNotice { on: told.map(Date::from) };
            self.pipeline.store.children().record_fact(&child_id, &fact, &itself, self.pipeline.now()).await?;
        }
        Ok(())
    }

    /// What is to be done, by whom, in order of due dates; duties whose papers only wait for their first day are left
    /// out until then.
    pub async fn board(&self, shown: Shown, coordinator: Option<&str>, by: &Actor) -> anyhow::Result<Vec<BoardLine>> {
        let sight = self.pipeline.authority().sight(by, Permission::SeeBoards).await?;
        let day = self.pipeline.day();
        let until = match shown {
            Shown::Today => self.pipeline.rules().calendar().add_business_days(day, 1),
            Shown::Late => add_calendar_days(day, -1),
            Shown::Within(calendar_days) => add_calendar_days(day, i64::from(calendar_days)),
        };
        let rows = self.pipeline.store.obligations().open_obligations(until).await?;
        let warn = self.pipeline.program.policy.warn_calendar_days;
        let mine = |row: &ObligationRow| coordinator.is_none_or(|id| row.owner.as_deref() == Some(id));
        Ok(rows
            .into_iter()
            .filter(|row| row.opens_on <= until && mine(row) && sight.sees(&row.child_id))
            .map(|row| board_line(row, warn, day))
            .filter(|line| shown != Shown::Late || line.late_calendar_days.is_some())
            .collect())
    }

    /// Every duty of a child with its rule, its sum and how it stands, and why the rest is not due.
    /// Nothing is written.
    ///
    /// # Errors
    /// When there is no such child, or the database refuses.
    pub async fn explain(&self, child_id: &ChildId, by: &Actor) -> anyhow::Result<Explanation> {
        self.pipeline.authority().allow_for(by, Permission::SeeChild, child_id).await?;
        let facts = self.pipeline.child_facts(child_id).await?;
        let day = self.pipeline.day();
        let (duties, not_due) = due::explain(&facts.record, &self.pipeline.rules(), day);
        let rows = self.pipeline.store.obligations().obligations_of(child_id).await?;
        let warn = self.pipeline.program.policy.warn_calendar_days;
        let duties = duties.iter().map(|duty| explained(duty, &rows, &facts.recorded, warn, day)).collect();
        let history = self.pipeline.store.obligations().duty_history(child_id).await?;
        let told = |row: &DutyHistoryRow| matches!(row.status.as_str(), "superseded" | "waived");
        Ok(Explanation {
            child: child_id.to_string(),
            on: day,
            owner: facts.record.assigned_coordinator_on(day).map(ToString::to_string),
            duties,
            not_due: not_due.into_iter().map(not_due_line).collect(),
            history: history.into_iter().filter(|row| told(row) || row.what.starts_with("done late")).collect(),
            notes: self.pipeline.rules().calendar_gap(day).into_iter().collect(),
        })
    }
}

fn not_due_line(not_due: NotDue) -> ExplainedNotDue {
    ExplainedNotDue { duty: not_due.kind.as_str(), title: not_due.kind.title(), why: not_due.why.into_owned() }
}

fn board_line(row: ObligationRow, warn: u32, day: NaiveDate) -> BoardLine {
    let status = status_on(&row.known(), warn, day);
    BoardLine {
        child: row.child_id,
        duty: row.kind.as_str(),
        title: row.kind.title(),
        anchor: row.anchor,
        opens_on: row.opens_on,
        due_on: row.due_on,
        work_on: row.work_on,
        status: status.word(),
        late_calendar_days: match status {
            Status::Late { calendar_days } => Some(calendar_days),
            _ => None,
        },
        owner: row.owner,
        rule: row.citation,
        papers_owed: row.owed,
    }
}

fn explained(duty: &Obligation, rows: &[ObligationRow], recorded: &Recorded, warn: u32, day: NaiveDate) -> Explained {
    let row = rows
        .iter()
        .find(|row| row.kind == duty.kind && row.anchor == duty.anchor && row.revision == i64::from(duty.revision));
    let mut known = duty.known(recorded);
    let mailed = row.filter(|row| row.status == "met" && row.met_by.as_deref() == Some("mailed"));
    if known.met_on.is_none() {
        known.met_on = mailed.and_then(|row| row.met_on);
    }
    let status = status_on(&known, warn, day);
    Explained {
        duty: duty.kind.as_str(),
        title: duty.kind.title(),
        anchor: duty.anchor.clone(),
        rule: duty.citation.clone(),
        steps: duty.steps.iter().map(ToString::to_string).collect(),
        opens_on: duty.opens_on,
        due_on: duty.due_on,
        work_on: duty.work_on,
        status: status.word(),
        verdict: verdict(duty, status, known.met_on, recorded, day),
        owed: duty
            .owed
            .iter()
            .map(|owed| {
                let papers: Vec<&str> = owed.papers.iter().map(|paper| paper.as_str()).collect();
                let has_it = owed.has_it_since.map_or_else(String::new, |on| format!(" (has it since {on})"));
                format!("{}: {}{has_it}", owed.recipient, papers.join(", "))
            })
            .collect(),
    }
}

fn verdict(
    duty: &Obligation,
    status: Status,
    met_on: Option<NaiveDate>,
    recorded: &Recorded,
    day: NaiveDate,
) -> String {
    let (kind, anchor, due_on) = (duty.kind.as_str(), &duty.anchor, duty.due_on);
    let by = match &duty.met_by {
        Some(by) => match &by.event {
            Some(event) => format!(": {} ({event})", by.what),
            None => format!(": {}", by.what),
        },
        None if duty.owed.iter().all(|owed| owed.has_it_since.is_some()) => ": copies given another way".to_owned(),
        None => ": mailed".to_owned(),
    };
    let late = recorded.lateness(kind, anchor);
    let because =
        late.map_or_else(String::new, |late| format!("; late because of the {}: {}", late.because.word(), late.note));
    match (status, met_on) {
        (Status::Met, Some(on)) => format!("met on {on}{by}"),
        (Status::DoneLate { .. }, Some(on)) => format!("{status}: due {due_on}, done {on}{by}{because}"),
        (Status::Late { .. }, _) => format!("{status}: it was due on {due_on}{because}"),
        (Status::Excused, _) => match duty.stands_still_since {
            Some(since) => format!("excused: its clock stands still since {since}"),
            None => format!("excused: it was due on {due_on}{because}"),
        },
        (Status::Waived, _) => {
            let (by, reason) = recorded.waiver(kind, anchor).cloned().unwrap_or_default();
            format!("waived by {}: {reason}", RecordedActor::parse(&by).shown())
        }
        (Status::NotApplicable, _) => "not applicable: a death is recorded".to_owned(),
        _ if duty.opens_on > day => format!("open: it may be done from {} and is due on {due_on}", duty.opens_on),
        _ => format!("{}: due on {due_on}, in {} calendar days", status.word(), (due_on - day).num_days()),
    }
}
