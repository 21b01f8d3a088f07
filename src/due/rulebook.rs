//! The rules that apply to a program: its state's where the state sets one, else the program's own.

use chrono::NaiveDate;

use super::{
    Amount, Counted, Profile, Rule,
    calendar::{self, Calendar},
};
use crate::case::{CaseRecord, LateObjection, Program};

/// The rules that apply: the state's and the program's own.
#[derive(Debug, Clone, Copy)]
pub struct Rulebook<'a> {
    pub program: &'a Program,
    /// Its state's profile.
    pub profile: &'a Profile,
}

fn calendar_days(rule: &Rule<u16>) -> Counted<'_> {
    counted(rule, Amount::CalendarDays(i64::from(rule.value)))
}

fn counted<T>(rule: &Rule<T>, amount: Amount) -> Counted<'_> {
    Counted { amount, source: rule.source.as_str(), confirmed: rule.confirmed }
}

fn own<'a>(days: u32) -> Counted<'a> {
    Counted::own(Amount::CalendarDays(i64::from(days)))
}

impl<'a> Rulebook<'a> {
    /// The days on which the program works.
    #[must_use]
    pub fn calendar(&self) -> Calendar<'a> {
        self.program.calendar.as_ref().map_or_else(Calendar::weekdays, |list| Calendar::without(&list.closed))
    }

    /// What is wrong with the list of holidays on a day, in words for a person; nothing where it covers the day.
    #[must_use]
    pub fn calendar_gap(&self, day: NaiveDate) -> Option<String> {
        match &self.program.calendar {
            None => Some(
                "program.toml has no list of holidays ([calendar]): business days count Monday to Friday".to_owned(),
            ),
            Some(list) if *list.through < day => Some(format!(
                "the list of holidays in program.toml ends on {}: since then business days count Monday to Friday; add \
                 the new year's holidays",
                list.through
            )),
            Some(_) => None,
        }
    }

    /// Calendar days after a meeting within which the copies are out.
    #[must_use]
    pub fn parent_copy_calendar_days(&self) -> i64 {
        match self.parent_copy().amount {
            Amount::CalendarDays(days) => days,
            Amount::BusinessDays(_) | Amount::Months(_) => unreachable!("copies are counted in calendar days"),
        }
    }

    /// The day by which a service starts after consent, where the state sets one.
    #[must_use]
    pub fn service_start_by(&self, consent: NaiveDate) -> Option<NaiveDate> {
        self.service_start().map(|rule| rule.from(consent, &self.calendar()))
    }

    /// The third birthday by this state's rule.
    #[must_use]
    pub fn third_birthday(&self, born: NaiveDate) -> NaiveDate {
        calendar::third_birthday(born, self.profile.leap_birthday.value)
    }

    /// From a referral to the initial meeting.
    #[must_use]
    pub fn initial_meeting(&self) -> Counted<'a> {
        calendar_days(&self.profile.initial_meeting_calendar_days)
    }

    /// The most time that remains for the initial meeting after the clock stood still.
    #[must_use]
    pub fn after_excuse(&self) -> Option<Counted<'a>> {
        self.profile.after_excuse_calendar_days.as_ref().map(calendar_days)
    }

    /// From a meeting to the copies.
    #[must_use]
    pub fn parent_copy(&self) -> Counted<'a> {
        let own = own(self.program.policy.parent_copy_calendar_days);
        self.profile.parent_copy_calendar_days.as_ref().map_or(own, calendar_days)
    }

    /// From consent to the first session.
    #[must_use]
    pub fn service_start(&self) -> Option<Counted<'a>> {
        self.profile.service_start_calendar_days.as_ref().map(calendar_days)
    }

    /// Age in months until which the adjusted age of a premature child is printed: the state's, else the program's.
    #[must_use]
    pub fn adjusted_age_months(&self) -> i32 {
        let own = self.program.policy.adjusted_age_months;
        i32::from(self.profile.adjusted_age_months.as_ref().map_or(own, |rule| rule.value))
    }

    /// From a plan to its review.
    #[must_use]
    pub fn review(&self) -> Counted<'a> {
        counted(&self.profile.review_months, Amount::Months(i32::from(self.profile.review_months.value)))
    }

    /// From a plan to the annual meeting.
    #[must_use]
    pub fn annual(&self) -> Counted<'a> {
        counted(&self.profile.annual_months, Amount::Months(i32::from(self.profile.annual_months.value)))
    }

    /// Prior written notice before an action.
    #[must_use]
    pub fn prior_notice(&self) -> Counted<'a> {
        let own = own(self.program.policy.prior_notice_calendar_days);
        self.profile.prior_notice_calendar_days.as_ref().map_or(own, calendar_days)
    }

    /// Written notice before a meeting.
    #[must_use]
    pub fn meeting_notice(&self) -> Counted<'a> {
        let own = own(self.program.policy.meeting_notice_calendar_days);
        self.profile.meeting_notice_calendar_days.as_ref().map_or(own, calendar_days)
    }

    /// How long parents may object to the notice to the district after they were told: the state's count, else the
    /// program's. The days of mailing come on top ([`Rulebook::mailing`]).
    #[must_use]
    pub fn objection_period(&self) -> Counted<'a> {
        let own = own(self.program.policy.objection_calendar_days);
        self.profile.opt_out_calendar_days.as_ref().map_or(own, calendar_days)
    }

    /// The days that a letter takes, in each period that begins with one.
    #[must_use]
    pub fn mailing(&self) -> Counted<'a> {
        own(self.program.policy.mailing_calendar_days)
    }

    /// The parents' period with the days of mailing.
    #[must_use]
    pub fn objection_period_calendar_days(&self) -> i64 {
        let days = |counted: Counted<'_>| match counted.amount {
            Amount::CalendarDays(days) => days,
            Amount::BusinessDays(_) | Amount::Months(_) => unreachable!("both are counted in calendar days"),
        };
        days(self.objection_period()) + days(self.mailing())
    }

    /// Whether an objection after the period counts: as the program always does, or as a person decided for this child;
    /// nothing where nobody has decided.
    #[must_use]
    pub fn late_objection_counts(&self, record: &CaseRecord) -> Option<bool> {
        match self.program.policy.late_objection {
            LateObjection::Honor => Some(true),
            LateObjection::Decide => record.here.late_objection_counts,
        }
    }

    /// From a contact to its signed note, where the state sets a count.
    #[must_use]
    pub fn contact_note(&self) -> Option<Counted<'a>> {
        let rule = self.profile.contact_note_business_days.as_ref()?;
        Some(counted(rule, Amount::BusinessDays(i64::from(rule.value))))
    }

    /// A provider's progress report before a review; none where neither state nor program ask for one.
    #[must_use]
    pub fn progress_report(&self) -> Option<Counted<'a>> {
        let days = self.program.policy.progress_report_calendar_days;
        let own = (days > 0).then(|| own(days));
        self.profile.progress_report_calendar_days.as_ref().map(calendar_days).or(own)
    }

    /// From a parent's request to the record shown.
    #[must_use]
    pub fn record_inspection(&self) -> Counted<'a> {
        calendar_days(&self.profile.record_inspection_calendar_days)
    }

    /// What the program means by "as soon as possible".
    #[must_use]
    pub fn as_soon_as_possible(&self) -> Counted<'a> {
        own(self.program.policy.as_soon_as_possible_calendar_days)
    }

    /// From asking a physician for a certification to asking again.
    #[must_use]
    pub fn certification(&self) -> Counted<'a> {
        own(self.program.policy.certification_calendar_days)
    }

    /// From the request for a review to the review.
    #[must_use]
    pub fn requested_review(&self) -> Counted<'a> {
        own(self.program.policy.requested_review_calendar_days)
    }

    /// An interpreter before a meeting.
    #[must_use]
    pub fn interpreter(&self) -> Counted<'a> {
        own(self.program.policy.interpreter_calendar_days)
    }

    /// A release is renewed from this long before it expires.
    #[must_use]
    pub fn release_renewal(&self) -> Counted<'a> {
        own(self.program.policy.release_renewal_calendar_days)
    }

    /// From a referral to the first contact.
    #[must_use]
    pub fn first_contact(&self) -> Counted<'a> {
        own(self.program.policy.first_contact_calendar_days)
    }

    /// From the need of a surrogate parent to the assignment.
    #[must_use]
    pub fn surrogate(&self) -> Counted<'a> {
        own(self.program.policy.surrogate_calendar_days)
    }

    /// From an attempt to the next one.
    #[must_use]
    pub fn next_attempt(&self) -> Counted<'a> {
        own(self.program.policy.next_attempt_calendar_days)
    }

    /// The cadence of contacts for a child: the child's own or the program's, and never less often than the state's
    /// floor where that applies. None where there is no cadence.
    #[must_use]
    pub fn contact_cadence(&self, of_child: Option<u8>, floor_applies: bool) -> Option<Counted<'a>> {
        let own = of_child.unwrap_or(self.program.policy.contact_every_months);
        let source = if of_child.is_some() { "agreed for this child" } else { "the program's own policy" };
        let own = (own > 0).then_some(Counted { amount: Amount::Months(i32::from(own)), source, confirmed: true });
        let floor = self.profile.contact_every_months.as_ref().filter(|rule| floor_applies && rule.value > 0);
        let floor = floor.map(|rule| counted(rule, Amount::Months(i32::from(rule.value))));
        match (own, floor) {
            (Some(own), Some(floor)) if months(floor) < months(own) => Some(floor),
            (own, floor) => own.or(floor),
        }
    }
}

fn months(counted: Counted<'_>) -> i32 {
    match counted.amount {
        Amount::Months(months) => months,
        Amount::CalendarDays(_) | Amount::BusinessDays(_) => i32::MAX,
    }
}
