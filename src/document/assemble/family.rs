//! Views of the family's own papers: summary of contacts, transition packet, monthly reminder.

use chrono::NaiveDate;

use super::{
    AssembleError, Sheet, ifsp, meeting,
    page::{Stamped, page},
    words,
};
use crate::{
    case::{FollowUp, IfspKind},
    document::view::{
        DateLine, FollowUpLine, MonthlyReminderView, NoticeInfo, OptionLine, ResourceLine, TransitionPacketView,
    },
    due::{
        calendar::{add_calendar_days, add_months},
        dates::{NoticeToDistrict, Objected, TransitionDates},
    },
};

pub(super) fn follow_up(sheet: &Sheet<'_>, f: &FollowUp) -> FollowUpLine {
    FollowUpLine { text: f.text.to_string(), owner: f.owner.to_string(), due: f.due_on.map(|d| sheet.said.long(*d)) }
}

pub(super) fn resource(r: &crate::case::Resource) -> ResourceLine {
    let text = |line: &Option<crate::case::Line>| line.as_ref().map(ToString::to_string);
    ResourceLine {
        name: r.name.to_string(),
        offers: r.offers.to_string(),
        address: text(&r.address),
        telephone: text(&r.telephone),
        hours: text(&r.hours),
        note: text(&r.note),
    }
}

/// A date with what happens then, in the record's own words.
fn dated(sheet: &Sheet<'_>, on: NaiveDate, what: &str) -> (NaiveDate, DateLine) {
    (on, DateLine { date: sheet.said.long(on), what: what.to_owned(), note: None })
}

/// A date of the calendar: `said.next.<key>`, with a note where there is a text for one.
fn dated_key(sheet: &Sheet<'_>, on: NaiveDate, key: &str, note: Option<&str>) -> (NaiveDate, DateLine) {
    let (on, line) = dated(sheet, on, sheet.said.text(&format!("said.next.{key}")));
    (on, DateLine { note: note.map(|note| sheet.said.text(&format!("said.next.{note}")).to_owned()), ..line })
}

fn in_order(mut dates: Vec<(NaiveDate, DateLine)>) -> Vec<DateLine> {
    dates.sort_by_key(|(on, _)| *on);
    dates.into_iter().map(|(_, line)| line).collect()
}

/// Appointments and the next review, for papers that name the child anyway.
pub(super) fn ahead(sheet: &Sheet<'_>) -> Vec<DateLine> {
    let mut dates: Vec<_> =
        meeting::ahead(sheet).map(|a| dated(sheet, *a.on, &meeting::in_one_line(sheet, a))).collect();
    let review = review(sheet).filter(|on| !dates.iter().any(|(at, _)| at == on));
    dates.extend(review.map(|on| dated_key(sheet, on, "any_review", None)));
    in_order(dates)
}

pub(super) fn review(sheet: &Sheet<'_>) -> Option<NaiveDate> {
    let version = sheet.record.in_effect()?;
    let months = i32::from(sheet.rules.profile.review_months.value);
    let on =
        if version.kind == IfspKind::Interim { *version.period_end } else { add_months(*version.meeting_on, months) };
    (on >= sheet.day).then_some(on)
}

/// One page that names no visit, place, child or diagnosis. Where its reader said that it is safe, it names the day and
/// hour of each visit until the end of the next month, and still neither its kind nor its place.
pub(super) fn reminder(sheet: &Sheet<'_>, month: &str) -> Result<MonthlyReminderView, AssembleError> {
    let first: NaiveDate = format!("{month}-01").parse().map_err(|_| AssembleError::NothingToShow)?;
    let mut dates = Vec::new();
    if let Some(on) = review(sheet) {
        dates.push(dated_key(sheet, on, "review", Some("sooner")));
    }
    if sheet.mask.names_visits {
        let until = add_months(first, 2);
        for visit in meeting::ahead(sheet).filter(|visit| *visit.on < until) {
            let (on, mut line) = dated_key(sheet, *visit.on, "visit", None);
            let hour = visit.at.map(|at| format!("{}{}", sheet.said.text("said.comma"), sheet.said.time(at)));
            line.date.push_str(&hour.unwrap_or_default());
            dates.push((on, line));
        }
    }
    Ok(MonthlyReminderView {
        page: page(sheet, None, Stamped::No)?,
        month: sheet.said.month(first),
        greeting: sheet.recipient_name()?,
        dates: in_order(dates),
        // What was promised may name a visit or a place: the reminder only says that something is open.
        follow_ups: Vec::new(),
    })
}

/// The words of a month's reminder, a line a date, for somebody who reads them out on the telephone.
pub(super) fn reminder_lines(sheet: &Sheet<'_>, month: &str) -> Result<Vec<String>, AssembleError> {
    let view = reminder(sheet, month)?;
    let lines: Vec<String> = view.dates.into_iter().map(|line| format!("{}: {}", line.date, line.what)).collect();
    let none = || vec![sheet.said.text("monthly_reminder.no_dates").to_owned()];
    Ok(if lines.is_empty() { none() } else { lines })
}

/// The packet for the time after the third birthday.
pub(super) fn transition(sheet: &Sheet<'_>) -> Result<TransitionPacketView, AssembleError> {
    let record = sheet.record;
    let version = record.in_effect().ok_or(AssembleError::NothingToShow)?;
    let born = *record.child.birth_date;
    let third = sheet.rules.third_birthday(born);
    let TransitionDates { opens_on: opens, due_on: closes, .. } = TransitionDates::of(record, &sheet.rules);
    let transition = record.transition.as_ref();
    let conference = transition.and_then(|t| t.conference.as_ref()).filter(|c| c.approved);
    let mut dates = vec![
        dated_key(sheet, opens, "window_opens", None),
        dated_key(sheet, closes, "window_closes", Some("window_closes_note")),
        dated_key(sheet, third, "third_birthday", None),
        dated_key(sheet, add_calendar_days(third, -1), "last_day", None),
    ];
    if let Some(on) = conference.and_then(|c| c.on) {
        dates.push(dated_key(sheet, *on, "conference", None));
    }
    let district = record.child.residence_lea.as_ref().and_then(|id| words::organisation(sheet.directory, id));
    // What parents said counts as it does for the notice itself: in time it is not sent, later a person decides.
    let objected = NoticeToDistrict::of(record, &sheet.rules).is_some_and(|dates| {
        match dates.objected(&record.objections(), sheet.day) {
            Objected::InTime { .. } => true,
            Objected::Late { .. } => sheet.rules.late_objection_counts(record) == Some(true),
            Objected::Aloud | Objected::No => false,
        }
    });
    let status = match transition {
        Some(_) if objected => "objected",
        Some(t) if t.may_be_eligible_for_part_b == Some(true) => "will_be_sent",
        Some(t) if t.may_be_eligible_for_part_b == Some(false) => "not_sent",
        _ => "undecided",
    };
    Ok(TransitionPacketView {
        page: page(sheet, Some(version), Stamped::Yes)?,
        greeting: sheet.recipient_name()?,
        third_birthday: sheet.said.long(third),
        last_day: sheet.said.long(add_calendar_days(third, -1)),
        dates: in_order(dates),
        conference: conference.map(|c| DateLine {
            date: c.on.map_or_else(|| sheet.said.text("said.next.not_arranged").to_owned(), |d| sheet.said.long(*d)),
            what: c
                .place
                .as_ref()
                .map_or_else(|| sheet.said.text("said.next.place_open").to_owned(), ToString::to_string),
            note: None,
        }),
        invited: conference.map(|c| c.invited.iter().map(ToString::to_string).collect()).unwrap_or_default(),
        steps: ifsp::steps(sheet, version),
        notice: NoticeInfo {
            district,
            status: status.to_owned(),
            by: (status == "will_be_sent").then(|| sheet.said.long(closes)),
        },
        options: transition
            .map(|t| {
                t.options
                    .iter()
                    .map(|o| OptionLine {
                        name: o.name.to_string(),
                        about: o.about.to_string(),
                        telephone: o.telephone.as_ref().map(ToString::to_string),
                    })
                    .collect()
            })
            .unwrap_or_default(),
        questions: transition.map(|t| t.family_questions.iter().map(ToString::to_string).collect()).unwrap_or_default(),
        help: super::rights::help(sheet),
    })
}
