//! The child, how it came and how it left.

use chrono::{Datelike, Months, NaiveDate, TimeDelta};

use super::look::{FUTURE, Look};
use crate::case::{ExitReason, folding::Folded, overlapping};

/// A mother may be referred while she is pregnant; no referral comes before that.
pub(super) const LONGEST_BEFORE_BIRTH: TimeDelta = TimeDelta::days(300);

pub(super) fn child(f: &mut Look<'_>) {
    let child = &f.record.child;
    f.past("child.birth_date", child.birth_date);
    let name = &child.legal_name;
    for (part, text) in [("first", &name.first), ("last", &name.last)] {
        if Folded::of(text).is_empty() {
            f.ask(
                format!("child.legal_name.{part}"),
                format!("the child's {part} name"),
                "has no letter, so other children's documents cannot be searched for it; write the name as the family does",
            );
        }
    }
    // Shorter than two letters or digits it is found everywhere, or nowhere.
    if f.record.program_number.chars().filter(|c| c.is_alphanumeric()).count() < 2 {
        f.refuse(
            "program_number",
            "has fewer than two letters or digits; give the program's own number for this child",
        );
    }
    if child.siblings_in_program.contains(&f.record.child_id) {
        f.refuse("child.siblings_in_program", "names the child itself; name its brothers and sisters, or leave it out");
    }
    f.office("child.residence_lea", child.residence_lea.as_ref());
}

/// The referral is day 0 of the 45 (34 CFR 303.310(a)); days that do not count are listed one by one (303.310(b)).
pub(super) fn referral(f: &mut Look<'_>) {
    let referral = &f.record.referral;
    let received = referral.received_on;
    f.past("referral.received_on", received);
    f.office("referral.source_organisation", referral.source_organisation.as_ref());
    let born = f.born();
    if *received < born - LONGEST_BEFORE_BIRTH {
        f.refuse(
            "referral.received_on",
            "lies before the child's birth date by more than a pregnancy; correct one of the two",
        );
    } else if *received < born {
        f.ask(
            "referral.received_on",
            format!("referral {}", referral.event_id),
            "lies before the child's birth date; check both, and leave them where the mother was referred",
        );
    }
    if third_year(born).is_some_and(|three| *received >= three) {
        f.refuse(
            "referral.received_on",
            "lies on or after the third birthday; early intervention ends there. Correct the date, or refer the family to the \
             school district",
        );
    }
    f.past("referral.first_contact_on", referral.first_contact_on);
    f.follows("referral.first_contact_on", referral.first_contact_on, received, "the referral");
    for (i, span) in referral.excused.iter().enumerate() {
        let at = format!("referral.excused[{i}]");
        f.follows(format!("{at}.to"), span.to, span.from, "the first day");
        f.follows(format!("{at}.from"), span.from, received, "the referral, which is day 0 of the 45");
        if *span.from > f.today() {
            f.refuse(format!("{at}.from"), "lies in the future; record the days once they are there");
        }
        if referral.excused[..i].iter().any(|other| overlapping(other, span)) {
            f.refuse(at, "overlaps another span; leave each calendar day out once");
        }
    }
}

pub(super) fn exit(f: &mut Look<'_>) {
    let Some(exit) = &f.record.exit else { return };
    f.since_birth("exit.on", exit.on);
    f.follows("exit.on", exit.on, f.record.referral.received_on, "the referral");
    if exit.reason == ExitReason::Deceased && *exit.on > f.today() {
        f.refuse("exit.on", FUTURE);
    }
}

/// By the later reading of 29 February: on 28 February such a child may still be two.
fn third_year(born: NaiveDate) -> Option<NaiveDate> {
    let three = born.checked_add_months(Months::new(36))?;
    if three.day() == born.day() { Some(three) } else { three.succ_opt() }
}
