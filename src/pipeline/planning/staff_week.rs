//! A coordinator's week: what is due, who is visited, whom to call. It is for the staff person alone: program numbers and
//! first names, on the screen or on that person's own paper. It is no disclosure.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{
    actor::{Actor, Permission},
    case::{ContactMethod, ContactOutcome, FamilyMember, Recipient},
    disclosure::{Point, Question, Verdict, decide},
    document::{
        RenderError, Rendered,
        assemble::{language_of, reminder_lines},
        render_week,
    },
    due::{DocumentKind, ObligationKind, Subject, calendar::add_calendar_days},
    pipeline::{Shown, child_facts::ChildFacts, planning::Planning},
};

/// How long a sheet covers and is kept, in calendar days.
const CALENDAR_DAYS: i64 = 7;

/// Whose sheet holds the children without a present coordinator.
pub const SUPERVISOR: &str = "supervisor";

/// A child on a staff sheet: number and first name, nothing else that names it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SheetChild {
    /// The program's number.
    pub number: String,
    pub first_name: String,
}

/// A duty of the week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WeekDuty {
    /// The last day in time.
    pub due_on: NaiveDate,
    pub child: SheetChild,
    /// The duty in words.
    pub what: String,
    /// How it stands: `late`, `warned`, `open`.
    pub status: String,
    /// Whether a paper goes by itself.
    pub goes_by_itself: bool,
}

/// A visit or meeting of the week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WeekVisit {
    pub on: NaiveDate,
    pub at: Option<String>,
    pub child: SheetChild,
    pub what: String,
    /// Whether an interpreter comes, where one is needed.
    pub interpreter: Option<bool>,
}

/// A family that is called instead of reminded by mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WeekCall {
    pub child: SheetChild,
    /// Whom: first name and relationship.
    pub person: String,
    pub telephone: String,
    /// Whether a message may be left. Where nobody said so, none may.
    pub may_leave_message: bool,
    /// Whether to say at first nothing of the program, because somebody else may answer.
    pub ask_for_the_person: bool,
    /// What to say: the words of the reminder, in the language that this person reads.
    pub says: Vec<String>,
}

/// A coordinator's week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WeekSheet {
    /// The coordinator's id, or `supervisor`.
    pub staff: String,
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
    /// What is due, late first.
    pub duties: Vec<WeekDuty>,
    /// Visits and meetings, in order.
    pub visits: Vec<WeekVisit>,
    /// Whom to call.
    pub calls: Vec<WeekCall>,
}

impl Planning {
    /// The week that begins today, a sheet a coordinator; with `staff` one person's only. A person without work has an
    /// empty sheet only where they were asked for.
    pub async fn week(&self, staff: Option<&str>, by: &Actor) -> anyhow::Result<Vec<WeekSheet>> {
        let sight = self.pipeline.authority().sight(by, Permission::SeeChild).await?;
        let (from, to) = (self.pipeline.day(), add_calendar_days(self.pipeline.day(), CALENDAR_DAYS - 1));
        let empty = |staff: &str| WeekSheet {
            staff: staff.to_owned(),
            from,
            to,
            duties: Vec::new(),
            visits: Vec::new(),
            calls: Vec::new(),
        };
        let mut sheets: BTreeMap<String, WeekSheet> = BTreeMap::new();
        if let Some(staff) = staff {
            sheets.insert(staff.to_owned(), empty(staff));
        }
        let mut children: BTreeMap<String, SheetChild> = BTreeMap::new();
        let mut after = String::new();
        loop {
            let page = self.pipeline.store.children().child_ids_after(&after, 200).await?;
            let Some(last) = page.last() else { break };
            after = last.to_string();
            for child_id in &page {
                let facts = self.pipeline.child_facts(child_id).await?;
                let owner = facts.record.assigned_coordinator_on(from).map_or(SUPERVISOR, |id| id.as_str());
                if staff.is_some_and(|staff| staff != owner) || !sight.sees(child_id.as_str()) {
                    continue;
                }
                let child = SheetChild {
                    number: facts.record.program_number.to_string(),
                    first_name: facts.record.child.called().to_owned(),
                };
                children.insert(child_id.to_string(), child.clone());
                if facts.have_a_death() || facts.record.has_left(from) {
                    continue;
                }
                let (visits, calls) = (visits_of(&facts, &child, from, to), self.calls_of(&facts, &child, to));
                if !(visits.is_empty() && calls.is_empty()) {
                    let sheet = sheets.entry(owner.to_owned()).or_insert_with(|| empty(owner));
                    sheet.visits.extend(visits);
                    sheet.calls.extend(calls);
                }
            }
        }
        let within = u16::try_from(CALENDAR_DAYS - 1).unwrap_or(u16::MAX);
        for line in self.board(Shown::Within(within), staff.filter(|staff| *staff != SUPERVISOR), by).await? {
            let owner = line.owner.as_deref().unwrap_or(SUPERVISOR);
            let Some(child) = children.get(&line.child).filter(|_| staff.is_none_or(|staff| staff == owner)) else {
                continue;
            };
            let sheet = sheets.entry(owner.to_owned()).or_insert_with(|| empty(owner));
            sheet.duties.push(WeekDuty {
                due_on: line.due_on,
                child: child.clone(),
                what: line.title.to_owned(),
                status: line.status.to_owned(),
                goes_by_itself: line.papers_owed > 0,
            });
        }
        for sheet in sheets.values_mut() {
            sheet.visits.sort_by(|a, b| (a.on, &a.at, &a.child).cmp(&(b.on, &b.at, &b.child)));
            sheet.calls.sort_by(|a, b| a.child.cmp(&b.child));
        }
        Ok(sheets.into_values().collect())
    }

    /// Makes the week's sheets and keeps them for seven calendar days; tells how many there are.
    pub async fn keep_week(&self) -> anyhow::Result<usize> {
        let sheets = self.week(None, &Actor::service("weekly sheets")).await?;
        for sheet in &sheets {
            let bytes = serde_json::to_vec(sheet)?;
            let days = (sheet.from, add_calendar_days(sheet.from, CALENDAR_DAYS));
            let key = (sheet.staff.as_str(), sheet.from.to_string());
            self.pipeline.store.service().keep_staff_sheet((key.0, &key.1), &bytes, days, self.pipeline.now()).await?;
        }
        Ok(sheets.len())
    }

    /// The sheets that are still kept, oldest week first.
    pub async fn kept_weeks(&self, staff: Option<&str>, by: &Actor) -> anyhow::Result<Vec<WeekSheet>> {
        let kept = self.pipeline.store.service().staff_sheets(self.pipeline.day()).await?;
        let (wide, mine) = (self.pipeline.authority().allow_for_all(by, Permission::SeeChild).is_ok(), by.person_id());
        let kept = kept.into_iter().filter(|(whose, _, _)| wide || mine.is_some_and(|mine| mine.as_str() == whose));
        let mine = kept.filter(|(whose, _, _)| staff.is_none_or(|staff| staff == whose));
        mine.map(|(_, _, sheet)| Ok(serde_json::from_slice(&sheet)?)).collect()
    }

    /// A sheet on paper.
    ///
    /// # Errors
    /// When the template refuses it.
    pub fn week_pdf(&self, sheet: &WeekSheet) -> Result<Rendered, RenderError> {
        let day = |day: NaiveDate| day.format("%a, %b %-d").to_string();
        let duty = |duty: &WeekDuty| {
            json!({
                "day": day(duty.due_on), "late": duty.status == "late", "child": duty.child, "what": duty.what,
                "goes_by_itself": duty.goes_by_itself,
            })
        };
        let visit = |visit: &WeekVisit| {
            json!({
                "day": day(visit.on), "hour": visit.at, "child": visit.child, "what": visit.what,
                "interpreter": visit.interpreter,
            })
        };
        let templates = self.pipeline.templates.now();
        let english = templates.languages().english();
        let view = json!({
            "staff": sheet.staff, "from": english.long(sheet.from), "to": english.long(sheet.to),
            "made": [sheet.from.year(), sheet.from.month().cast_signed(), sheet.from.day().cast_signed()],
            "kept_until": english.long(add_calendar_days(sheet.from, CALENDAR_DAYS)),
            "duties": sheet.duties.iter().map(duty).collect::<Vec<_>>(),
            "visits": sheet.visits.iter().map(visit).collect::<Vec<_>>(), "calls": sheet.calls,
        });
        render_week(&templates, &view)
    }

    /// Parents who are called this month and were not reached since the reminder day: those who asked for a call, and
    /// those who want the reminder and cannot be reached by a safe way otherwise.
    fn calls_of(&self, facts: &ChildFacts, child: &SheetChild, to: NaiveDate) -> Vec<WeekCall> {
        let day = self.pipeline.day();
        let reminder_day = day.with_day(self.pipeline.program.policy.reminder_day).unwrap_or(day);
        if facts.record.in_effect().is_none() || reminder_day > to {
            return Vec::new();
        }
        let called = facts.record.contacts.iter().any(|contact| {
            contact.method == ContactMethod::Phone
                && contact.outcome == ContactOutcome::Reached
                && *contact.on >= reminder_day
        });
        if called {
            return Vec::new();
        }
        let subject = Subject::Month { month: day.format("%Y-%m").to_string() };
        facts.record.family.iter().filter_map(|member| self.call_of(facts, member, child, &subject)).collect()
    }

    fn call_of(
        &self,
        facts: &ChildFacts,
        member: &FamilyMember,
        child: &SheetChild,
        subject: &Subject,
    ) -> Option<WeekCall> {
        let telephone = member.telephone.as_ref().filter(|_| member.wants_reminders)?;
        let recipient = Recipient::family(&member.person_id);
        let papers = [DocumentKind::MonthlyReminder];
        let question = Question {
            recipient: &recipient,
            duty: (ObligationKind::MonthlyReminder, ""),
            subject,
            papers: &papers,
            shares: &[],
            enclosed: &[],
            by_hand: false,
        };
        let looked_at = facts.facts(&self.pipeline, self.pipeline.now());
        // Whoever may not have the paper is not told its words either.
        let Verdict::Authorized(authorization) = decide(&question, &looked_at, Point::BeforeHandover) else {
            return None;
        };
        let mailed = || match decide(&question, &looked_at, Point::BeforeRender) {
            Verdict::Refused(refusal) => !refusal.reason.lacks_a_way(),
            Verdict::Authorized(_) | Verdict::RenderAnew => true,
        };
        if !member.reminders_by_telephone && mailed() {
            return None;
        }
        let mask = authorization.mask().clone().naming_visits(member.telephone_safe.may_name_visit);
        let sheet =
            self.pipeline.sheet(facts, language_of(facts.languages(), &facts.record, &recipient), &mask, &recipient);
        Some(WeekCall {
            child: child.clone(),
            person: format!("{} ({})", member.name.first, member.relationship),
            telephone: telephone.to_string(),
            may_leave_message: member.telephone_safe.may_leave_message,
            ask_for_the_person: !member.telephone_safe.private || member.telephone_safe.discreet,
            says: reminder_lines(&sheet, subject).ok()?,
        })
    }
}

fn visits_of(facts: &ChildFacts, child: &SheetChild, from: NaiveDate, to: NaiveDate) -> Vec<WeekVisit> {
    let stands = |a: &&crate::case::Appointment| (from..=to).contains(&*a.on) && a.cancelled_on.is_none() && !a.held;
    let visits = facts.record.appointments.iter().filter(stands);
    let needed = facts.record.child.interpreter_needed;
    visits
        .map(|a| WeekVisit {
            on: *a.on,
            at: a.at.map(|at| at.to_string()),
            child: child.clone(),
            what: a.what.to_string(),
            interpreter: needed.then_some(a.interpreter_booked_on.is_some()),
        })
        .collect()
}
