//! Any birth date, meeting and day over twenty years.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use earlypost::{
    case::{CaseRecord, IfspKind, IfspStatus, ServiceConsent},
    due::{Rulebook, due_items},
};
use proptest::prelude::*;

use super::samples::{day, id, newest, samples};

const TWENTY_YEARS: u64 = 7305;

fn any_day() -> impl Strategy<Value = NaiveDate> {
    (0..TWENTY_YEARS).prop_map(|days| day("2015-01-01") + Days::new(days))
}

fn any_kind() -> impl Strategy<Value = IfspKind> {
    prop::sample::select(vec![
        IfspKind::Interim,
        IfspKind::Initial,
        IfspKind::PeriodicReview,
        IfspKind::Annual,
        IfspKind::Revision,
    ])
}

fn any_status() -> impl Strategy<Value = IfspStatus> {
    prop::sample::select(vec![
        IfspStatus::Draft,
        IfspStatus::AwaitingSignature,
        IfspStatus::InEffect,
        IfspStatus::Superseded,
        IfspStatus::Ended,
    ])
}

/// One withdrawal that ends every line that it is put on.
fn withdrawal(on: NaiveDate) -> ServiceConsent {
    let (on, by, event_id) = (on.into(), id("somebody"), id("one-withdrawal"));
    ServiceConsent::Withdrawn { given_on: on, on, by, event_id, last_day: None }
}

/// A sample whose dates, kinds and states are any.
fn any_record() -> impl Strategy<Value = CaseRecord> {
    let children: Vec<CaseRecord> = samples().children().cloned().collect();
    (prop::sample::select(children), any_day(), any_day(), any_day(), any_kind(), any_status(), any::<bool>()).prop_map(
        |(mut record, born, referred, met, kind, status, withdrawn)| {
            record.child.birth_date = born.into();
            record.referral.received_on = referred.into();
            if !record.ifsps.is_empty() {
                let plan = newest(&mut record);
                plan.meeting_on = met.into();
                plan.kind = kind;
                plan.status = status;
                if withdrawn {
                    plan.services.iter_mut().for_each(|line| line.consent = withdrawal(met));
                }
            }
            record
        },
    )
}

/// A paper that is owed: what makes it the same paper on another day.
type Owed = (String, String, u32, String);

/// The papers that may go on a day.
fn open_on(record: &CaseRecord, on: NaiveDate) -> BTreeSet<Owed> {
    let due = due_items(record, &samples().rules(), on);
    let open = due.iter().filter(|duty| duty.is_open_on(on));
    open.flat_map(|duty| {
        let to = duty.owed.iter().filter(|owed| owed.has_it_since.is_none()).map(|owed| owed.recipient.to_string());
        to.map(|to| (duty.kind.to_string(), duty.anchor.clone(), duty.revision, to))
    })
    .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// A service looks once a day at any hour of any zone; some days it does not run, some days it starts twice. What was
    /// once put into the outbox is not put there again; that is its key. So each paper goes once, and none is missed
    /// unless every day on which it was of use was left out.
    #[test]
    fn over_a_year_of_ticks_in_any_zone_each_paper_goes_once_and_none_is_missed(
        sample in 0usize..17,
        ticks in prop::collection::vec(0u8..4, 365),
        hour in 0i64..24,
        zone in prop::sample::select(vec!["America/New_York", "America/Los_Angeles", "Pacific/Kiritimati", "Pacific/Honolulu"]),
    ) {
        let record = samples().children().nth(sample).unwrap();
        let zone: chrono_tz::Tz = zone.parse().unwrap();
        let start: DateTime<Utc> = "2026-11-20T00:00:00Z".parse().unwrap();
        let mut sent: BTreeMap<Owed, u32> = BTreeMap::new();
        let mut days: BTreeMap<Owed, Vec<(usize, bool)>> = BTreeMap::new();
        for (n, times) in ticks.iter().enumerate() {
            let at = start + TimeDelta::days(i64::try_from(n).unwrap()) + TimeDelta::hours(hour);
            let on = earlypost::clock::day_in(zone, at);
            let open = open_on(record, on);
            for owed in &open {
                days.entry(owed.clone()).or_default().push((n, *times > 0));
            }
            for _ in 0..*times {
                // What the next look finds and has not been sent is sent.
                let found: Vec<&Owed> = open.iter().filter(|owed| !sent.contains_key(*owed)).collect();
                for owed in found {
                    *sent.entry(owed.clone()).or_default() += 1;
                }
            }
        }
        prop_assert!(sent.values().all(|times| *times == 1));
        for (owed, days) in days {
            // No paper goes away and comes back from one look to the next: a day left out inside its time costs nothing,
            // be it by the service or by the clocks, which take a day from who looks at midnight in spring.
            let gaps = days.windows(2).any(|pair| pair[1].0 - pair[0].0 > 1);
            prop_assert!(!gaps, "{:?} is owed, then not, then again", owed);
            let seen = days.iter().any(|(_, looked)| *looked);
            prop_assert_eq!(seen, sent.contains_key(&owed), "{:?}", owed);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_duty_opens_before_it_is_due_and_its_work_never_moves_later(
        record in any_record(), on in any_day(), reminder_day in 1u32..=28, automatic in proptest::option::of(any_day())
    ) {
        let mut program = samples().program.clone();
        program.policy.reminder_day = reminder_day;
        program.automatic_from = automatic.map(Into::into);
        for duty in due_items(&record, &Rulebook { program: &program, profile: &samples().profile }, on) {
            prop_assert!(duty.opens_on <= duty.due_on, "{}: {} after {}", duty.kind, duty.opens_on, duty.due_on);
            prop_assert!(duty.work_on <= duty.due_on, "{}", duty.kind);
            prop_assert!((duty.due_on - duty.work_on).num_days() <= 2, "{}", duty.kind);
        }
    }

    #[test]
    fn the_same_record_owes_the_same_in_the_same_order(record in any_record(), on in any_day()) {
        let first = due_items(&record, &samples().rules(), on);
        let second = due_items(&record, &samples().rules(), on);
        prop_assert!(first.windows(2).all(|pair| pair[0].due_on <= pair[1].due_on));
        prop_assert_eq!(first, second);
    }

    #[test]
    fn no_two_duties_of_a_child_have_the_same_kind_anchor_and_revision(record in any_record(), on in any_day()) {
        let all = due_items(&record, &samples().rules(), on);
        let keys: std::collections::BTreeSet<_> = all.iter().map(|o| (o.kind, &o.anchor, o.revision)).collect();
        prop_assert_eq!(keys.len(), all.len());
    }
}
