//! The 45 days from the referral to the first meeting about the plan (34 CFR 303.310).

use chrono::NaiveDate;

use crate::{
    case::{CaseRecord, ExcuseReason, ExcusedSpan},
    due::{Rulebook, Step, calendar::add_calendar_days},
};

/// The 45-day clock: it counts calendar days from the day after the referral and stands still in excused spans.
pub struct FortyFiveDays {
    /// The day after which it is late, as far as the spans have ended.
    pub due_on: NaiveDate,
    /// Since when it stands still today.
    pub stands_still_since: Option<NaiveDate>,
    pub(in crate::due) steps: Vec<Step>,
}

impl FortyFiveDays {
    /// Federal: the days of an excused span do not count. Where the state bounds what remains after the reason ended
    /// (Illinois: 45 calendar days), the earlier day counts.
    #[must_use]
    pub fn of(record: &CaseRecord, rules: &Rulebook<'_>, day: NaiveDate) -> Self {
        let (rule, calendar) = (rules.initial_meeting(), rules.calendar());
        let received = *record.referral.received_on;
        let mut spans: Vec<&ExcusedSpan> = record.referral.excused.iter().collect();
        spans.sort_by_key(|span| span.from);
        let mut due_on = rule.from(received, &calendar);
        let mut steps = vec![Step::Trigger { what: "referral received", on: received }, Step::rule(&rule)];
        let mut stands_still_since = None;
        // The first day that may still be left out: spans do not overlap, and the day of the referral is day 0.
        let mut free = add_calendar_days(received, 1);
        for span in spans {
            let from = (*span.from).max(free);
            // A span that begins after the clock ran out stops nothing any more.
            if from > due_on {
                continue;
            }
            let reason = reason(span.reason);
            let Some(to) = span.to.map(|to| *to) else {
                if *span.from <= day {
                    stands_still_since = Some(from);
                    steps.push(Step::NotCounted { from, to: None, calendar_days: 0, reason });
                }
                continue;
            };
            if to < from {
                continue;
            }
            let calendar_days = (to - from).num_days() + 1;
            due_on = add_calendar_days(due_on, calendar_days);
            steps.push(Step::NotCounted { from, to: Some(to), calendar_days, reason });
            free = add_calendar_days(to, 1);
            if let Some(bound) = rules.after_excuse() {
                let latest = bound.from(to, &calendar);
                if latest < due_on {
                    due_on = latest;
                    steps.push(Step::Note(format!("but not later than {to} {} ({})", bound.amount, bound.source)));
                }
            }
        }
        Self { due_on, stands_still_since, steps }
    }
}

fn reason(reason: ExcuseReason) -> &'static str {
    match reason {
        ExcuseReason::FamilyCircumstances => "exceptional family circumstances, 34 CFR 303.310(b)(1)",
        ExcuseReason::NoConsentDespiteAttempts => "no consent despite repeated attempts, 34 CFR 303.310(b)(2)",
    }
}
