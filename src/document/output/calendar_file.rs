//! A calendar file (`.ics`, RFC 5545) beside a message, for a reader who asked for such files. Its title says nothing, and
//! it names no child; a place stands in it only where nobody of the family keeps one private.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use chrono_tz::Tz;
use icalendar::{Calendar, Class, Component, Event, EventLike, EventStatus};
use sha2::{Digest, Sha256};

use crate::{
    case::{Appointment, CaseRecord, ChildId, Safe},
    document::{Language, Mask},
    due::{DocumentKind, Subject, calendar::add_months},
};

/// The appointments that papers of one subject are about: of a notice its meeting, of a reminder the visits that it
/// names, and those of the same time that were called off: an earlier file may have brought them.
#[must_use]
pub fn appointments_of<'a>(
    record: &'a CaseRecord,
    papers: &[DocumentKind],
    subject: &Subject,
    mask: &Mask,
    day: NaiveDate,
) -> Vec<&'a Appointment> {
    let ahead = record.appointments.iter().filter(|a| *a.on >= day && !a.held);
    match subject {
        Subject::Event { event_id } if papers.contains(&DocumentKind::MeetingNotice) => {
            ahead.filter(|a| &a.event_id == event_id && a.cancelled_on.is_none()).collect()
        }
        Subject::Month { month } if mask.names_visits && papers.contains(&DocumentKind::MonthlyReminder) => {
            let Ok(first) = format!("{month}-01").parse::<NaiveDate>() else { return Vec::new() };
            let until = add_months(first, 2);
            ahead.filter(|a| *a.on < until).collect()
        }
        _ => Vec::new(),
    }
}

/// Whether places may stand in the file: nobody keeps one private, and only its reader opens the mailbox.
#[must_use]
pub fn shows_places(record: &CaseRecord, safe: Safe) -> bool {
    safe.private && !record.keeps_places_private()
}

/// The file. The same arguments give the same bytes; an appointment keeps its id, so that a later file moves it.
#[must_use]
pub fn calendar_file(
    child: &ChildId,
    appointments: &[&Appointment],
    places: bool,
    said: &Language,
    zone: Tz,
    domain: &str,
    made_at: DateTime<Utc>,
) -> String {
    let mut calendar = Calendar::new();
    // The same as the message says of the file (RFC 6047, 2.4).
    calendar.append_property(("METHOD", "PUBLISH"));
    for appointment in appointments {
        // Children of one family may have events with the same id.
        let id = hex::encode(Sha256::digest(format!("{domain}|{child}|{}", appointment.event_id)));
        let mut event = Event::new();
        event
            .uid(&format!("{}@{domain}", &id[..32]))
            .timestamp(made_at)
            .summary(said.text("said.next.appointment"))
            .class(Class::Private);
        // An hour that a change of the clock leaves out or doubles is still some instant of that day.
        let begins =
            appointment.at.and_then(|at| appointment.on.and_time(at.time()).and_local_timezone(zone).earliest());
        match begins.map(|at| at.with_timezone(&Utc)) {
            Some(at) => {
                event.starts(at);
                if let Some(minutes) = appointment.minutes {
                    event.ends(at + Duration::minutes(i64::from(minutes)));
                }
            }
            None => {
                event.all_day(*appointment.on);
            }
        }
        if let Some(place) = appointment.place.as_ref().filter(|_| places) {
            event.location(place.as_str());
        }
        if appointment.cancelled_on.is_some() {
            event.status(EventStatus::Cancelled).sequence(1);
        }
        calendar.push(event.done());
    }
    calendar.to_string()
}

/// The file's text with its folded lines joined, for those who look for words in it.
#[must_use]
pub fn unfolded(file: &str) -> String {
    file.replace("\r\n ", "").replace("\\,", ",").replace("\\;", ";")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn appointment(at: Option<&str>) -> Appointment {
        let mut fields = serde_json::json!({
            "event_id": "e-1", "on": "2026-12-03", "what": "home visit", "place": "Harbor House, 12 Long Street",
            "minutes": 45,
        });
        if let Some(at) = at {
            fields["at"] = at.into();
        }
        serde_json::from_value(fields).unwrap()
    }

    fn file(appointment: &Appointment, places: bool) -> String {
        file_of("c-0417", appointment, places)
    }

    fn file_of(child: &str, appointment: &Appointment, places: bool) -> String {
        let made_at = "2026-11-20T17:00:00Z".parse().unwrap();
        let zone = chrono_tz::America::New_York;
        let set = crate::document::TemplateSet::built_in();
        let child = ChildId::parse(child).unwrap();
        calendar_file(&child, &[appointment], places, set.languages().english(), zone, "ei.example.org", made_at)
    }

    #[test]
    fn an_hour_is_the_programs_own_and_the_title_says_nothing() {
        let text = file(&appointment(Some("16:00")), false);
        for line in ["DTSTART:20261203T210000Z", "DTEND:20261203T214500Z", "SUMMARY:Appointment", "CLASS:PRIVATE"] {
            assert!(text.contains(line), "{line}: {text}");
        }
        assert!(!text.contains("home visit") && !text.contains("Harbor"), "{text}");
        assert_eq!(text, file(&appointment(Some("16:00")), false), "the same bytes again");
    }

    #[test]
    fn without_an_hour_it_is_a_day_and_a_place_stands_only_where_it_may() {
        assert!(file(&appointment(None), false).contains("DTSTART;VALUE=DATE:20261203"));
        let text = file(&appointment(None), true);
        assert!(unfolded(&text).contains("Harbor House, 12 Long Street"), "{text}");
    }

    #[test]
    fn each_child_has_ids_of_its_own_and_the_file_says_its_method() {
        let uid = |child: &str| {
            let text = file_of(child, &appointment(None), false);
            assert!(text.contains("METHOD:PUBLISH\r\n"), "{text}");
            text.lines().find(|line| line.starts_with("UID:")).unwrap().to_owned()
        };
        assert_ne!(uid("c-0430"), uid("c-0431"), "twins whose records use the same event ids");
        assert_eq!(uid("c-0430"), uid("c-0430"));
    }

    #[test]
    fn a_visit_that_was_called_off_takes_the_earlier_entry_away() {
        let mut gone = appointment(Some("16:00"));
        let before = file(&gone, false);
        assert!(!before.contains("STATUS:"));
        gone.cancelled_on = Some("2026-11-30".parse::<NaiveDate>().unwrap().into());
        let after = file(&gone, false);
        assert!(after.contains("STATUS:CANCELLED") && after.contains("SEQUENCE:1"), "{after}");
        let uid = |text: &str| text.lines().find(|line| line.starts_with("UID:")).unwrap().to_owned();
        assert_eq!(uid(&before), uid(&after));
    }
}
