//! The notice to the district: duty, gate and letter name the same days, for any child.

use earlypost::due::{
    DocumentKind, ObligationKind, Rulebook, Subject,
    calendar::add_calendar_days,
    dates::{NoticeToDistrict, TransitionDates},
    due_items,
};

use super::{Case, days_from};
use crate::due::samples::{id, samples};

/// Numbers that look like chance and are the same each time.
fn drawn(n: u64, below: i64) -> i64 {
    let mixed = (n.wrapping_add(0x9E37_79B9_7F4A_7C15)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    i64::try_from((mixed ^ (mixed >> 31)) % u64::try_from(below).unwrap()).unwrap()
}

#[test]
fn duty_and_gate_name_the_same_first_day_for_ten_thousand_children() {
    let mut case = Case::new("c-0352", "office:norfolk-schools", &[DocumentKind::LeaNotice]);
    case.subject = Subject::Child;
    case.record.child.residence_lea = Some(id("norfolk-schools"));
    let born = *case.record.child.birth_date;
    let mut late = 0;
    for n in 0..10_000_u64 {
        // Four years of birthdays, with 29 February.
        case.record.child.birth_date = days_from(born, drawn(n * 7, 1_461));
        case.record.referral.received_on = days_from(*case.record.child.birth_date, 200);
        let eligible = days_from(*case.record.child.birth_date, 400 + drawn(n * 11, 640));
        for evaluation in &mut case.record.evaluations {
            evaluation.eligible = Some(true);
            evaluation.on = eligible;
        }
        let transition = case.record.transition.as_mut().unwrap();
        (transition.notice_objection_on, transition.notice_sent_on) = (None, None);
        transition.may_be_eligible_for_part_b = Some(true);
        let rules = Rulebook { program: &case.program, profile: &samples().profile };
        let window = TransitionDates::of(&case.record, &rules);
        late += usize::from(window.late_since.is_some());
        let told = add_calendar_days(window.opens_on, drawn(n * 13, 300));
        case.record.transition.as_mut().unwrap().parents_told_on = Some(told.into());
        let dates = NoticeToDistrict::of(&case.record, &rules).unwrap();
        let first = dates.free_on().unwrap();
        if told <= dates.tell_by && dates.tell_by > window.opens_on {
            assert!(first <= window.due_on, "told by the last day for it, {told}, the notice goes in time: {first}");
        }
        assert_eq!(first, add_calendar_days(dates.objection_by(told), 1));
        let duties = due_items(&case.record, &rules, told);
        let of = |kind| duties.iter().find(|duty| duty.kind == kind).unwrap();
        let notice = of(ObligationKind::LeaNotice);
        // Where the parents were told too late, the duty is late by the day on which it is due, and the gate waits all the same.
        assert_eq!((notice.opens_on, notice.due_on), (first.min(window.due_on), window.due_on), "{n}");
        assert_eq!(of(ObligationKind::OptOutInformation).due_on, dates.tell_by, "{n}");
        case.day = add_calendar_days(first, -1);
        assert_eq!(case.answer(), "objection-period", "{n}");
        case.day = first;
        for endpoint in case.directory.organisations.iter_mut().flat_map(|office| &mut office.endpoints) {
            endpoint.verified_on = endpoint.verified_on.map(|_| first.into());
        }
        assert_eq!(case.answer(), "limited notice", "{n}");
    }
    assert!(late > 100, "children who were found eligible late are among them: {late}");
}
