//! The limited notice to the school district and the state: who was told, who objected, who consented.

use earlypost::{
    case::{Objection, ObjectionTo},
    disclosure::Point,
    due::{DocumentKind, Subject},
};

use super::{
    Case, days_from,
    table::{holds, row},
};
use crate::due::samples::id;

const NOTICE: &str = "limited notice";
const RELEASE: &str = "parent's release";

/// The limited notice about Maya to her district: told fourteen days ago, no objection.
fn district() -> Case {
    let mut case = Case::new("c-0352", "office:norfolk-schools", &[DocumentKind::LeaNotice]);
    case.subject = Subject::Child;
    case.record.child.residence_lea = Some(id("norfolk-schools"));
    let told = days_from(case.day, -14);
    let transition = case.record.transition.as_mut().expect("the sample is near its third birthday");
    transition.may_be_eligible_for_part_b = Some(true);
    transition.parents_told_on = Some(told);
    transition.notice_objection_on = None;
    case
}

fn transition(case: &mut Case) -> &mut earlypost::case::Transition {
    case.record.transition.as_mut().unwrap()
}

fn objection(case: &mut Case, written: bool, days: i64) {
    let on = days_from(case.day, days);
    case.record.here.objections.push(Objection { to: ObjectionTo::LimitedNotice, written, on });
}

#[test]
fn the_limited_notice_goes_when_the_child_may_be_eligible_and_the_parents_time_has_passed() {
    holds(
        "the district",
        &district(),
        &[
            row("told fourteen days ago, no objection", NOTICE, |_| {}),
            row("told thirteen days ago: the last day to object, with the days of mailing", "objection-period", |c| {
                transition(c).parents_told_on = Some(days_from(c.day, -13));
            }),
            row("told by our own letter fourteen days ago", NOTICE, |c| {
                transition(c).parents_told_on = None;
                c.record.here.told_of_notice_on = Some(days_from(c.day, -14));
            }),
            row("told long ago, and again by our own letter last week", "objection-period", |c| {
                transition(c).parents_told_on = Some(days_from(c.day, -60));
                c.record.here.told_of_notice_on = Some(days_from(c.day, -7));
            }),
            row("nobody told the parents", "parents-not-told", |c| transition(c).parents_told_on = None),
            row("told tomorrow", "parents-not-told", |c| transition(c).parents_told_on = Some(days_from(c.day, 1))),
            row("not decided whether the child may be eligible", "may-not-be-eligible", |c| {
                transition(c).may_be_eligible_for_part_b = None;
            }),
            row("the child may not be eligible", "may-not-be-eligible", |c| {
                transition(c).may_be_eligible_for_part_b = Some(false);
            }),
            row("objected in writing, in the record", "parents-objected", |c| {
                transition(c).notice_objection_on = Some(days_from(c.day, -5));
            }),
            row("objected in writing, recorded here", "parents-objected", |c| objection(c, true, -3)),
            row("objected in writing after the time had passed", "objection-late", |c| objection(c, true, 0)),
            row("objected late in the record", "objection-late", |c| {
                transition(c).notice_objection_on = Some(c.day.into());
            }),
            row("objected late, and a supervisor decided that it counts", "parents-objected", |c| {
                objection(c, true, 0);
                c.record.here.late_objection_counts = Some(true);
            }),
            row("objected late, and a supervisor decided that it does not count", NOTICE, |c| {
                objection(c, true, 0);
                c.record.here.late_objection_counts = Some(false);
            }),
            row("objected late, and the program honors it", "parents-objected", |c| {
                objection(c, true, 0);
                c.program.policy.late_objection = earlypost::case::LateObjection::Honor;
            }),
            row("objected late, and in time before", "parents-objected", |c| {
                objection(c, true, 0);
                objection(c, true, -1);
                c.record.here.late_objection_counts = Some(false);
            }),
            row("objected aloud in time", "objection-spoken", |c| objection(c, false, -2)),
            row("objected aloud, then in writing", "parents-objected", |c| {
                objection(c, false, -2);
                objection(c, true, -1);
            }),
            row("objected in writing, and nobody had told the parents", "parents-objected", |c| {
                transition(c).parents_told_on = None;
                objection(c, true, -1);
            }),
            row("the district of another town", "not-for-recipient", |c| {
                c.recipient = "office:vabeach-schools".parse().unwrap();
            }),
            row("the state's notice to the district", "not-for-recipient", |c| {
                c.papers = vec![DocumentKind::SeaNotice];
            }),
            row("the state's notice to the state", NOTICE, |c| {
                c.papers = vec![DocumentKind::SeaNotice];
                c.recipient = "office:state-education".parse().unwrap();
            }),
            row("a physician is no district", "not-for-recipient", |c| {
                c.recipient = "office:ghent-pediatrics".parse().unwrap();
            }),
            row("the notice with the plan beside it", "not-for-recipient", |c| c.papers.push(DocumentKind::Ifsp)),
            row("the child died", "child-died", |c| c.recorded.died = true),
        ],
    );
}

#[test]
fn where_the_state_has_no_opt_out_an_objection_goes_to_the_coordinator_and_blocks_nothing() {
    use earlypost::disclosure::{Facts, Question, Verdict, decide};
    let mut case = district();
    transition(&mut case).parents_told_on = None;
    objection(&mut case, true, -3);
    let federal = earlypost::due::Profile::named("federal").unwrap();
    let question = Question {
        recipient: &case.recipient,
        duty: (earlypost::due::ObligationKind::LeaNotice, "notice"),
        subject: &case.subject,
        papers: &case.papers,
        shares: &[],
        enclosed: &[],
        by_hand: false,
    };
    let mut profile = federal;
    profile.parents_may_opt_out_of_notice.value = false;
    let facts = Facts {
        record: &case.record,
        recorded: &case.recorded,
        directory: &case.directory,
        holds: &earlypost::disclosure::Holds::default(),
        rules: earlypost::due::Rulebook { program: &case.program, profile: &profile },
        languages: case.templates.languages(),
        channels: &case.channels,
        day: case.day,
        now: case.now,
    };
    assert!(matches!(decide(&question, &facts, Point::BeforeRender), Verdict::Authorized(_)));
}

/// A parent consents in writing to what goes to the district.
fn consents(c: &mut Case) {
    let mut release = Case::new("c-0417", "office:kings-hearing", &[]).record.releases[0].clone();
    release.signed_by = c.record.family[0].person_id.clone();
    release.recipients[0].organisation_id = id("norfolk-schools");
    release.recipients[0].person_id = None;
    c.record.releases.push(release);
}

#[test]
fn a_late_referral_goes_to_the_district_with_the_parents_consent_and_at_once() {
    let late = || {
        let mut case = district();
        case.record.referral.received_on = days_from(*case.record.child.birth_date, 3 * 365 - 40);
        transition(&mut case).parents_told_on = None;
        case.record.releases.clear();
        case
    };
    holds(
        "the district, of a child referred forty days before three",
        &late(),
        &[
            row("nobody consented", "late-referral-consent", |_| {}),
            row("a parent consented", RELEASE, consents),
            row(
                "a parent consented, and it is not known whether the child may be eligible",
                "may-not-be-eligible",
                |c| {
                    consents(c);
                    transition(c).may_be_eligible_for_part_b = None;
                },
            ),
            row("the consent was taken back", "release-revoked", |c| {
                consents(c);
                c.record.releases[0].revoked_on = Some(c.day.into());
            }),
            row("the consent names another office", "late-referral-consent", |c| {
                consents(c);
                c.record.releases[0].recipients[0].organisation_id = id("vabeach-schools");
            }),
        ],
    );
}

#[test]
fn the_limited_notice_shows_no_class_of_the_record() {
    let authorization = district().authorized(Point::BeforeRender);
    assert!(authorization.mask().classes.is_empty());
    assert_eq!(authorization.basis().code(), "LIMITED_NOTICE");
}
