//! Looks at the plan: six-month review, annual meeting, reviews asked for, and the reports that come before them.

use chrono::NaiveDate;

use super::{Findings, Look, copies};
use crate::{
    case::{AppointmentKind, EvaluationKind, IfspKind, IfspStatus, IfspVersion, Recipient, RequestKind},
    due::{Counted, DocumentKind, Obligation, ObligationKind as Kind, Owed, Step, calendar::add_calendar_days},
};

pub(super) fn duties(look: &Look<'_>, out: &mut Findings) {
    let looks = looks(look);
    if looks.is_empty() {
        for kind in [
            Kind::SixMonthReview,
            Kind::AnnualMeeting,
            Kind::ProgressReport,
            Kind::ProgressReportReminder,
            Kind::AnnualEligibility,
        ] {
            out.not_due(kind, "there is no full plan yet");
        }
    }
    for one in &looks {
        one.add(look, out);
    }
    if let Some(next) = looks.iter().filter(|one| one.met.is_none()).min_by_key(|one| one.due_on) {
        progress_reports(look, next, out);
    }
    for year in looks.iter().filter(|one| one.kind == Kind::AnnualMeeting) {
        annual_eligibility(look, year, out);
    }
    asked_for(look, out);
}

/// A review or annual meeting that one meeting makes due.
struct NextLook<'a> {
    kind: Kind,
    anchor: &'a str,
    from: NaiveDate,
    due_on: NaiveDate,
    rule: Counted<'a>,
    /// The plan's own period ends the year, because the file begins after the annual meeting.
    by_period: bool,
    met: Option<(NaiveDate, &'a str)>,
}

impl NextLook<'_> {
    fn add(&self, look: &Look<'_>, out: &mut Findings) {
        let obligation = Obligation::new(self.kind, self.anchor, self.from, self.due_on, self.rule.source).met(
            self.met.map(|(on, _)| on),
            "the meeting that followed",
            self.met.map(|(_, event)| event),
        );
        out.add(look, obligation, || {
            if self.by_period {
                let says = format!("the plan's period ends the day before {}", self.due_on);
                return vec![Step::Trigger { what: "review", on: self.from }, Step::Note(says)];
            }
            vec![Step::Trigger { what: "meeting about the plan", on: self.from }, Step::rule(&self.rule)]
        });
    }
}

/// Every full meeting makes the next look due six months later (303.342(b)); an initial or annual one also
/// makes the next annual meeting due a year later (303.342(c)). The meeting that follows meets the duty.
fn looks<'a>(look: &Look<'a>) -> Vec<NextLook<'a>> {
    let mut full: Vec<&IfspVersion> = look
        .record
        .ifsps
        .iter()
        .filter(|v| matches!(v.status, IfspStatus::InEffect | IfspStatus::Superseded))
        .filter(|v| matches!(v.kind, IfspKind::Initial | IfspKind::Annual | IfspKind::PeriodicReview))
        .collect();
    full.sort_by_key(|v| (v.meeting_on, v.version));
    let (review, annual) = (look.rules.review(), look.rules.annual());
    let held = |kinds: &[AppointmentKind], from: NaiveDate| {
        let held = look.record.appointments.iter().filter(|a| a.held && kinds.contains(&a.kind) && *a.on > from);
        held.min_by_key(|a| a.on).map(|a| (*a.on, a.event_id.as_str()))
    };
    let mut out = Vec::new();
    let mut annual_due: Option<NaiveDate> = None;
    for (i, version) in full.iter().enumerate() {
        let from = *version.meeting_on;
        let anchor = version.meeting_event_id.as_str();
        let later = || full[i + 1..].iter();
        // A file may begin with a review whose initial meeting was before it: the year then ends with the plan.
        if version.kind != IfspKind::PeriodicReview || annual_due.is_none() {
            let by_period = version.kind == IfspKind::PeriodicReview;
            let due_on = if by_period {
                add_calendar_days(*version.period_end, 1).max(from)
            } else {
                annual.from(from, &look.calendar)
            };
            annual_due = Some(due_on);
            let met = later().find(|v| v.kind == IfspKind::Annual).map(|v| meeting(v));
            let met = earlier(met, held(&[AppointmentKind::AnnualMeeting], from));
            out.push(NextLook { kind: Kind::AnnualMeeting, anchor, from, due_on, rule: annual, by_period, met });
        }
        let due_on = review.from(from, &look.calendar);
        // Where the annual meeting comes first it is the next look.
        if annual_due.is_none_or(|annual| due_on < annual) {
            let met = later().next().map(|v| meeting(v));
            let met = earlier(met, held(&[AppointmentKind::PeriodicReview, AppointmentKind::AnnualMeeting], from));
            let by_period = false;
            out.push(NextLook { kind: Kind::SixMonthReview, anchor, from, due_on, rule: review, by_period, met });
        }
    }
    out
}

fn meeting(version: &IfspVersion) -> (NaiveDate, &str) {
    (*version.meeting_on, version.meeting_event_id.as_str())
}

type Event<'a> = Option<(NaiveDate, &'a str)>;

fn earlier<'a>(a: Event<'a>, b: Event<'a>) -> Event<'a> {
    a.into_iter().chain(b).min()
}

/// Each agency's report before the next look; where the look is arranged earlier, before the day arranged.
fn progress_reports(look: &Look<'_>, next: &NextLook<'_>, out: &mut Findings) {
    let (Some(rule), Some(version)) = (look.rules.progress_report(), look.record.in_effect()) else {
        for kind in [Kind::ProgressReport, Kind::ProgressReportReminder] {
            out.not_due(kind, "neither the state nor the program asks for progress reports");
        }
        return;
    };
    let arranged = look
        .record
        .appointments
        .iter()
        .filter(|a| matches!(a.kind, AppointmentKind::PeriodicReview | AppointmentKind::AnnualMeeting))
        .filter(|a| a.cancelled_on.is_none() && *a.on > next.from && *a.on >= look.day && *a.on < next.due_on)
        .map(|a| *a.on)
        .min();
    let target = arranged.unwrap_or(next.due_on);
    let due_on = rule.back().from(target, &look.calendar).max(next.from);
    let agencies = copies::agencies(look, version);
    if agencies.is_empty() {
        for kind in [Kind::ProgressReport, Kind::ProgressReportReminder] {
            out.not_due(kind, "no agency delivers a service that the parent has consented to");
        }
    }
    for agency in agencies {
        let came = look
            .record
            .requests
            .iter()
            .filter(|r| r.kind == RequestKind::ProgressReport && r.organisation_id.as_ref() == Some(agency))
            .filter_map(|r| Some((*r.done_on.filter(|on| **on > next.from)?, r.event_id.as_str())))
            .min();
        let opens_on = add_calendar_days(due_on, -30).max(next.from);
        let anchor = format!("{}/{agency}", next.anchor);
        let obligation = Obligation::new(Kind::ProgressReport, anchor, opens_on, due_on, rule.source).met(
            came.map(|(on, _)| on),
            "the agency's report",
            came.map(|(_, event)| event),
        );
        // A reminder may go from the same day on, as long as the look at the plan lies ahead; the report ends it.
        if !look.before_automatic(due_on) {
            let anchor = obligation.anchor.clone();
            let reminder = Obligation::new(Kind::ProgressReportReminder, anchor, opens_on, due_on, rule.source).met(
                came.map(|(on, _)| on),
                "the agency's report",
                came.map(|(_, event)| event),
            );
            let owed = Owed {
                recipient: Recipient::office(agency, None),
                papers: vec![DocumentKind::ProgressReportReminder],
                has_it_since: None,
            };
            let reminder = Obligation { closes_on: Some(target), ..reminder.owes(vec![owed]) };
            out.add(look, reminder, || {
                vec![Step::Trigger { what: "next look at the plan", on: target }, Step::rule(&rule.back())]
            });
        }
        let what =
            if arranged.is_some() { "next look at the plan, as arranged," } else { "next look at the plan, latest" };
        out.add(look, obligation, || vec![Step::Trigger { what, on: target }, Step::rule(&rule.back())]);
    }
}

/// Where the program's state asks for it: an evaluation within the year of each annual meeting.
fn annual_eligibility(look: &Look<'_>, year: &NextLook<'_>, out: &mut Findings) {
    if !look.rules.program.policy.annual_eligibility {
        out.not_due(Kind::AnnualEligibility, "the program's settings say that its state does not ask for it");
        return;
    }
    let evaluated =
        look.record.evaluations.iter().filter(|e| e.kind == EvaluationKind::Evaluation && *e.on > year.from);
    let evaluated = evaluated.min_by_key(|e| e.on);
    let obligation =
        Obligation::new(Kind::AnnualEligibility, year.anchor, year.from, year.due_on, "the program's own policy").met(
            evaluated.map(|e| *e.on),
            "the evaluation",
            evaluated.map(|e| e.event_id.as_str()),
        );
    out.add(look, obligation, || {
        vec![Step::Trigger { what: "meeting about the plan", on: year.from }, Step::rule(&year.rule)]
    });
}

/// A review that the family or a provider asked for; any full meeting after it meets it.
fn asked_for(look: &Look<'_>, out: &mut Findings) {
    let mut asked = look.record.requests.iter().filter(|r| r.kind == RequestKind::Review).peekable();
    if asked.peek().is_none() {
        out.not_due(Kind::ReviewAskedFor, "nobody asked for a review");
    }
    let rule = look.rules.requested_review();
    for request in asked {
        let on = *request.on;
        let meeting = look
            .record
            .ifsps
            .iter()
            .filter(|v| v.status.is_final() && v.kind != IfspKind::Interim && *v.meeting_on >= on)
            .map(|v| (*v.meeting_on, v.meeting_event_id.as_str()))
            .min();
        let met = earlier(meeting, request.done_on.map(|day| (*day, request.event_id.as_str())));
        let due_on = request.needed_by.map_or_else(|| rule.from(on, &look.calendar), |by| (*by).max(on));
        let citation = rule.under("34 CFR 303.342(b)(1)");
        let obligation = Obligation::new(Kind::ReviewAskedFor, request.event_id.as_str(), on, due_on, citation).met(
            met.map(|(day, _)| day),
            "the review",
            met.map(|(_, event)| event),
        );
        out.add(look, obligation, || {
            let mut steps = vec![Step::Trigger { what: "review asked for", on }];
            match request.needed_by {
                Some(by) => steps.push(Step::Note(format!("it was asked for by {by}"))),
                None => steps.push(Step::rule(&rule)),
            }
            steps
        });
    }
}
