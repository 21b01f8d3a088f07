//! Agencies, by their role for the child, and everybody else, by a parent's release.

use earlypost::{
    case::{
        AssignmentRole, IfspStatus, OrganisationKind, ParentRole, RecordClass, ReleaseRecipient, ServiceConsent,
        Surrogacy,
    },
    due::{DocumentKind, Subject},
};

use super::{
    Case, agency, days_from, physician, stop_notice,
    table::{holds, row},
};
use crate::due::samples::{id, line, newest};

const AGENCY: &str = "participating agency";
const RELEASE: &str = "parent's release";

/// First and last day of the office's assignment, counted from today.
fn assigned(case: &mut Case, first: i64, last: Option<i64>) {
    let today = case.day;
    let office = case.recipient.organisation_id().unwrap().clone();
    for assignment in case.record.assignments.iter_mut().filter(|a| a.organisation_id == office) {
        assignment.from = days_from(today, first);
        assignment.to = last.map(|days| days_from(today, days));
    }
}

/// The release that names the recipient.
fn release(case: &mut Case) -> &mut earlypost::case::Release {
    let office = case.recipient.organisation_id().unwrap().clone();
    let named = |r: &&mut earlypost::case::Release| r.recipients.iter().any(|to| to.organisation_id == office);
    case.record.releases.iter_mut().find(named).expect("a release names the office")
}

/// A release of Maya's mother for the agency.
fn release_to_agency(case: &mut Case) {
    let recipient = ReleaseRecipient { organisation_id: id("bayside-therapy"), person_id: None, initials: None };
    case.record.releases[0].recipients.push(recipient);
}

#[test]
fn an_agency_has_a_copy_while_it_is_assigned_and_for_lines_with_consent() {
    holds(
        "the agency",
        &agency(),
        &[
            row("assigned to deliver since a week", AGENCY, |c| assigned(c, -7, None)),
            row("assigned from today", AGENCY, |c| assigned(c, 0, None)),
            row("its last day is today", AGENCY, |c| assigned(c, -7, Some(0))),
            row("its assignment ended yesterday", "no-assignment", |c| assigned(c, -7, Some(-1))),
            row("its assignment starts tomorrow", "no-assignment", |c| assigned(c, 1, None)),
            row("it has no assignment", "no-assignment", |c| c.record.assignments.clear()),
            row("it is only assigned to evaluate", "no-assignment", |c| {
                c.record.assignments.iter_mut().for_each(|a| a.role = AssignmentRole::Evaluate);
            }),
            row("only assigned to evaluate, and gets the plan without an authorization", AGENCY, |c| {
                c.record.assignments.iter_mut().for_each(|a| a.role = AssignmentRole::Evaluate);
                c.papers = vec![DocumentKind::Ifsp];
            }),
            row("the parent has not answered its line", "no-consented-line", |c| {
                newest(&mut c.record).services[0].consent = ServiceConsent::Open;
            }),
            row("a release cannot take the place of an assignment to deliver", "no-assignment", |c| {
                c.record.assignments.clear();
                release_to_agency(c);
            }),
            row("an agency without a role has the plan by a release", RELEASE, |c| {
                c.record.assignments.clear();
                release_to_agency(c);
                c.papers = vec![DocumentKind::Ifsp];
            }),
            row("an agency without a role and release", "no-release", |c| {
                c.record.assignments.clear();
                c.papers = vec![DocumentKind::Ifsp];
            }),
            row("the program wants a release for teams, and there is none", "no-release", |c| {
                c.program.policy.team_copy_needs_release = true;
            }),
            row("the program wants a release for teams, and there is one", AGENCY, |c| {
                c.program.policy.team_copy_needs_release = true;
                release_to_agency(c);
            }),
            row("the program wants a release for teams, and it was taken back", "release-revoked", |c| {
                c.program.policy.team_copy_needs_release = true;
                release_to_agency(c);
                c.recorded.revoked.insert(id("0417-release-ghent"));
            }),
            row("the plan is a draft", "not-final", |c| newest(&mut c.record).status = IfspStatus::Draft),
            row("the plan waits for its signature", "not-yet-signed", |c| {
                newest(&mut c.record).status = IfspStatus::AwaitingSignature;
            }),
            row("a newer version stands", "superseded", |c| newest(&mut c.record).status = IfspStatus::Superseded),
            row("the reminder", "not-for-recipient", |c| c.papers = vec![DocumentKind::MonthlyReminder]),
            row("the transition packet", "not-for-recipient", |c| c.papers = vec![DocumentKind::TransitionPacket]),
            row("it is not in the directory", "unknown-recipient", |c| {
                c.directory.organisations.retain(|o| o.organisation_id.as_str() != "bayside-therapy");
            }),
        ],
    );
}

#[test]
fn a_stop_notice_may_go_for_thirty_calendar_days_after_the_assignment_ended() {
    holds(
        "the agency",
        &stop_notice(),
        &[
            row("its last day was yesterday", AGENCY, |_| {}),
            row("30 days after its last day", AGENCY, |c| assigned(c, -60, Some(-30))),
            row("31 days after its last day", "no-assignment", |c| assigned(c, -60, Some(-31))),
            row("it never delivered, only evaluated", "no-assignment", |c| {
                c.record.assignments.iter_mut().for_each(|a| a.role = AssignmentRole::Evaluate);
            }),
            row("the program wants releases for teams: a notice names no family", AGENCY, |c| {
                c.program.policy.team_copy_needs_release = true;
            }),
        ],
    );
}

#[test]
fn a_physician_has_what_a_standing_release_covers() {
    holds(
        "the physician",
        &physician(),
        &[
            row("a release names the physician", RELEASE, |_| {}),
            row("there is no release", "no-release", |c| c.record.releases.clear()),
            row("its last day is today", RELEASE, |c| release(c).expires_on = Some(days_from(c.day, 0))),
            row("it expired yesterday", "release-expired", |c| release(c).expires_on = Some(days_from(c.day, -1))),
            row("it has no end", RELEASE, |c| release(c).expires_on = None),
            row("it is signed tomorrow", "no-release", |c| release(c).signed_on = days_from(c.day, 1)),
            row("it is signed today", RELEASE, |c| release(c).signed_on = days_from(c.day, 0)),
            row("it was taken back today", "release-revoked", |c| release(c).revoked_on = Some(days_from(c.day, 0))),
            row("it is taken back from tomorrow, as the record has it: nobody does that", "release-revoked", |c| {
                release(c).revoked_on = Some(days_from(c.day, 1));
            }),
            row("it was taken back before it was signed", "release-revoked", |c| {
                release(c).revoked_on = Some(days_from(c.day, -4000));
            }),
            row("it was taken back here, not yet in the record", "release-revoked", |c| {
                c.recorded.revoked.insert(id("0417-release-ghent"));
            }),
            row("it was taken back, and asked for by hand", "release-revoked", |c| {
                c.recorded.revoked.insert(id("0417-release-ghent"));
                c.by_hand = true;
            }),
            row("it names another person of the office", "no-release", |c| {
                release(c).recipients[0].person_id = Some(id("dr-lindqvist"));
            }),
            row("it names the office: that covers its people", RELEASE, |c| release(c).recipients[0].person_id = None),
            row("it names the person, and the paper goes to the office", "no-release", |c| {
                c.recipient = "office:ghent-pediatrics".parse().unwrap();
            }),
            row("it names another office", "no-release", |c| {
                release(c).recipients[0].organisation_id = id("lakeside-pediatrics");
            }),
            row("its signer may no longer consent", "release-suspended", |c| c.record.family[0].may_consent = false),
            row("its signer is barred here", "release-suspended", |c| {
                c.recorded.barred.insert(id("0417-mother"));
            }),
            row("its signer is not in the record any more", "release-suspended", |c| {
                c.record.family.remove(0);
            }),
            row("it leaves out the plan", "class-not-covered", |c| {
                release(c).classes = vec![RecordClass::Health, RecordClass::EvaluationAndEligibility];
            }),
            row("it covers the plan alone", RELEASE, |c| release(c).classes = vec![RecordClass::Plan]),
            row("a summary of contacts that it does not cover", "class-not-covered", |c| {
                c.papers = vec![DocumentKind::ContactSummary];
            }),
            row("of two releases one stands", RELEASE, |c| {
                let mut second = release(c).clone();
                second.release_id = id("second");
                second.expires_on = Some(days_from(c.day, -1));
                c.record.releases.push(second);
            }),
        ],
    );
}

#[test]
fn a_physician_gets_the_signed_plan_and_nothing_that_is_the_familys_own() {
    holds(
        "the physician",
        &physician(),
        &[
            row("the plan is a draft", "not-final", |c| newest(&mut c.record).status = IfspStatus::Draft),
            row("the plan waits for its signature", "not-yet-signed", |c| {
                newest(&mut c.record).status = IfspStatus::AwaitingSignature;
            }),
            row("a newer version stands", "superseded", |c| newest(&mut c.record).status = IfspStatus::Superseded),
            row("the monthly reminder", "not-for-recipient", |c| {
                c.papers = vec![DocumentKind::MonthlyReminder];
                c.subject = Subject::Month { month: "2026-11".to_owned() };
            }),
            row("the transition packet, with every class released", "not-for-recipient", |c| {
                release(c).classes = RecordClass::ALL.to_vec();
                c.papers = vec![DocumentKind::TransitionPacket];
                c.subject = Subject::Child;
            }),
            row("an authorization of services", "no-assignment", |c| {
                c.papers = vec![DocumentKind::ServiceAuthorization];
            }),
            row("a stop notice", "no-assignment", |c| c.papers = vec![DocumentKind::StopNotice]),
        ],
    );
}

#[test]
fn a_physician_who_is_also_on_the_team_still_has_the_letter_by_release_only() {
    let mut case = physician();
    let mut role = case.record.assignments[0].clone();
    role.organisation_id = id("ghent-pediatrics");
    role.role = AssignmentRole::Deliver;
    role.to = None;
    case.record.assignments.push(role);
    case.record.releases.clear();

    assert_eq!(case.answer(), "no-release");
}

#[test]
fn the_samples_own_releases_are_read_as_they_stand() {
    let letter =
        |child, physician| Case::new(child, physician, &[DocumentKind::PhysicianLetter, DocumentKind::Ifsp]).answer();

    assert_eq!(letter("c-0394", "office:lakeside-pediatrics/dr-tran"), "release-expired");
    assert_eq!(letter("c-0394", "office:oceanview-family/dr-lindqvist"), RELEASE);
    assert_eq!(letter("c-0398", "office:ghent-pediatrics/dr-osei"), "no-release");
    assert_eq!(letter("c-0402", "office:lakeside-pediatrics/dr-tran"), "no-release");
    assert_eq!(letter("c-0409", "office:ghent-pediatrics/dr-osei"), "release-revoked");
    assert_eq!(letter("c-0415", "office:ghent-pediatrics/dr-osei"), "not-yet-signed");
}

#[test]
fn a_release_rests_from_the_appointment_of_a_surrogate_until_somebody_who_may_consent_has_confirmed_it() {
    let appoint = |c: &mut Case, on: i64| {
        let mut surrogate = c.record.family[0].clone();
        surrogate.person_id = id("surrogate");
        surrogate.parent_role = ParentRole::Surrogate;
        surrogate.surrogate = Some(Surrogacy {
            appointed_by: line("Judge Park"),
            appointed_on: days_from(c.day, on),
            employer: None,
            conflicting_interest: None,
        });
        c.record.family.push(surrogate);
    };
    let signed = || {
        let mut case = physician();
        case.record.releases[0].signed_on = days_from(case.day, -30);
        case
    };
    let mut case = signed();
    assert_eq!(case.answer(), "parent's release");
    appoint(&mut case, 1);
    assert_eq!(case.answer(), "parent's release", "appointed from tomorrow on");
    let mut case = signed();
    appoint(&mut case, 0);
    assert_eq!(case.answer(), "release-suspended");
    case.record.releases[0].confirmed_by = Some(id("surrogate"));
    assert_eq!(case.answer(), "parent's release", "the surrogate has looked at it");
    case.record.releases[0].confirmed_by = None;
    case.record.releases[0].signed_on = case.day.into();
    assert_eq!(case.answer(), "parent's release", "signed on the day of the appointment");
    // An employee of the lead agency is no surrogate, so that nothing rests on the appointment.
    case.record.releases[0].signed_on = days_from(case.day, -30);
    let office = case.directory.organisations.iter_mut().find(|o| o.organisation_id.as_str() == "state-education");
    office.unwrap().kind = OrganisationKind::LeadAgency;
    let surrogate = case.record.family.last_mut().unwrap().surrogate.as_mut().unwrap();
    surrogate.employer = Some(id("state-education"));
    assert_eq!(case.answer(), "parent's release");
    case.recipient = "family:surrogate".parse().unwrap();
    case.papers = vec![DocumentKind::Ifsp];
    assert_eq!(case.answer(), "surrogate-conflict");
}
