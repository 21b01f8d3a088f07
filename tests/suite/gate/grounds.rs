//! Grounds besides a parent's right, an agency's role and a release: school, caseworker, exception, agreement.

use earlypost::{
    case::{Caseworker, HipaaElements, OrganisationKind, Placement, PlanSection, Release},
    disclosure::Point,
    document::Mask,
    due::DocumentKind,
};

use super::{
    Case, agency, days_from, mother, physician,
    table::{holds, row},
};
use crate::due::samples::{id, line, newest};

const RELEASE: &str = "parent's release";

/// Destiny's plan to a caseworker of the city.
fn ward() -> Case {
    let mut case = Case::new("c-0409", "office:city-children/casey-worker", &[DocumentKind::Ifsp]);
    let mut office = case.directory.organisation(&id("bayside-therapy")).unwrap().clone();
    office.organisation_id = id("city-children");
    office.kind = OrganisationKind::ChildWelfare;
    for endpoint in &mut office.endpoints {
        endpoint.endpoint_id = id(&format!("city-{}", endpoint.endpoint_id));
    }
    case.directory.organisations.push(office);
    let mut worker = case.directory.professionals[0].clone();
    worker.person_id = id("casey-worker");
    worker.organisation_id = id("city-children");
    worker.endpoint = None;
    case.directory.professionals.push(worker);
    case.record.caseworkers = vec![Caseworker {
        organisation_id: id("city-children"),
        person_id: id("casey-worker"),
        legal_responsibility: Some(line("custody order of August")),
        case_plan_access: true,
        from: days_from(case.day, -60),
        to: None,
    }];
    case
}

#[test]
fn a_caseworker_has_the_record_with_legal_responsibility_and_access_to_the_case_plan() {
    const CASEWORKER: &str = "caseworker responsible for the child";
    holds(
        "the caseworker",
        &ward(),
        &[
            row("responsible, with access", CASEWORKER, |_| {}),
            row("no paper on file", "not-responsible", |c| c.record.caseworkers[0].legal_responsibility = None),
            row("no access to the case plan", "not-responsible", |c| c.record.caseworkers[0].case_plan_access = false),
            row("the last day was yesterday", "not-responsible", |c| {
                c.record.caseworkers[0].to = Some(days_from(c.day, -1));
            }),
            row("the last day is today", CASEWORKER, |c| c.record.caseworkers[0].to = Some(days_from(c.day, 0))),
            row("nothing of this child is recorded", "not-responsible", |c| c.record.caseworkers.clear()),
            row("the office, and no caseworker", "not-responsible", |c| {
                c.recipient = "office:city-children".parse().unwrap();
            }),
        ],
    );
}

#[test]
fn interpreters_get_the_appointment_and_mail_houses_nothing_whatever_they_have_signed() {
    let of_kind = |kind, papers: &[DocumentKind]| {
        let mut case = agency();
        case.papers = papers.to_vec();
        let office = case.directory.organisations.iter_mut().find(|o| o.organisation_id.as_str() == "bayside-therapy");
        office.unwrap().kind = kind;
        case.answer()
    };
    assert_eq!(of_kind(OrganisationKind::Interpreter, &[DocumentKind::MeetingNotice]), "under the program's agreement");
    for papers in [&[DocumentKind::Ifsp][..], &[DocumentKind::MeetingNotice, DocumentKind::Ifsp]] {
        assert_eq!(of_kind(OrganisationKind::Interpreter, papers), "appointments-only");
    }
    assert_eq!(of_kind(OrganisationKind::MailHouse, &[DocumentKind::MeetingNotice]), "appointments-only");
}

#[test]
fn a_merged_office_has_no_role_left_and_its_successor_needs_its_own() {
    let mut case = agency();
    let office = case.directory.organisations.iter_mut().find(|o| o.organisation_id.as_str() == "bayside-therapy");
    office.unwrap().merged_into = Some(id("harbor-kids"));
    assert_eq!(case.answer(), "office-merged");
    case.recipient = "office:harbor-kids".parse().unwrap();
    assert_eq!(case.answer(), "no-assignment");
}

#[test]
fn an_offices_new_address_needs_a_second_look_and_a_parents_does_not() {
    let unlooked = |case: &mut Case| {
        for office in &mut case.directory.organisations {
            office.endpoints.iter_mut().for_each(|e| e.verified_by = None);
        }
    };
    for mut case in [agency(), physician()] {
        unlooked(&mut case);
        assert_eq!(case.answer(), "endpoint-second-look");
        let endpoints =
            case.directory.organisation(case.recipient.organisation_id().unwrap()).unwrap().endpoints.clone();
        let looked = earlypost::case::Verification { on: case.day.into(), by: line("J. A."), how: line("called") };
        case.recorded.verified.extend(endpoints.into_iter().map(|e| (e.endpoint_id, looked.clone())));
        assert_ne!(case.answer(), "endpoint-second-look");
    }
    let mut case = mother();
    case.record.family[0].endpoints.iter_mut().for_each(|e| e.verified_by = None);
    assert_eq!(case.answer(), "parent's own copy");
}

#[test]
fn nothing_goes_to_an_address_at_which_somebody_without_the_right_reads_too() {
    let mut case = mother();
    let theirs = case.record.family[0].endpoints.clone();
    case.record.family[1].endpoints = theirs;
    assert_eq!(case.answer(), "parent's own copy", "two parents of one home");
    case.record.family[1].may_receive_records = false;
    assert_eq!(case.answer(), "endpoint-shared");
    case.record.family[1].endpoints.iter_mut().for_each(|e| e.disabled_on = Some(days_from(case.day, -1)));
    assert_eq!(case.answer(), "parent's own copy", "he is not reached there any more");
}

fn release(case: &mut Case) -> &mut Release {
    &mut case.record.releases[0]
}

fn hipaa() -> HipaaElements {
    HipaaElements {
        expires_with: None,
        authority: line("the child's mother"),
        tells_how_to_revoke: true,
        tells_conditions: true,
        tells_redisclosure: true,
    }
}

#[test]
fn a_release_goes_through_its_states_and_only_an_active_one_lets_anything_go() {
    holds(
        "the physician",
        &physician(),
        &[
            row("active", RELEASE, |_| {}),
            row("a draft", "release-draft", |c| release(c).draft = true),
            row("another took its place", "release-superseded", |c| release(c).superseded_by = Some(id("newer"))),
            row("its signer no longer decides", "release-suspended", |c| c.record.family[0].may_consent = false),
            row("its signer no longer decides, and the father has reviewed it", RELEASE, |c| {
                c.record.family[0].may_consent = false;
                release(c).confirmed_by = Some(id("0417-father"));
            }),
            row("its records end before the meeting", "outside-records-period", |c| {
                let before = newest(&mut c.record).meeting_on.pred_opt().unwrap().into();
                release(c).records_to = Some(before);
            }),
            row("its records end with the meeting", RELEASE, |c| {
                let on = newest(&mut c.record).meeting_on;
                release(c).records_to = Some(on);
            }),
            row("its records begin after the meeting", "outside-records-period", |c| {
                let after = newest(&mut c.record).meeting_on.succ_opt().unwrap().into();
                release(c).records_from = Some(after);
            }),
            row("the program is under HIPAA, and the form is not", "release-incomplete", |c| {
                c.program.policy.under_hipaa = true;
            }),
            row("the program is under HIPAA, and the form too", RELEASE, |c| {
                c.program.policy.under_hipaa = true;
                release(c).hipaa = Some(hipaa());
            }),
            row("under HIPAA, and it ends neither on a day nor with an event", "release-incomplete", |c| {
                c.program.policy.under_hipaa = true;
                release(c).expires_on = None;
                release(c).hipaa = Some(hipaa());
            }),
            row("under HIPAA, and it ends with an event", RELEASE, |c| {
                c.program.policy.under_hipaa = true;
                release(c).expires_on = None;
                release(c).hipaa = Some(HipaaElements { expires_with: Some(line("the end of services")), ..hipaa() });
            }),
        ],
    );
}

#[test]
fn what_a_parent_keeps_out_of_a_release_is_not_in_the_mask() {
    let mut case = physician();
    release(&mut case).excluded_sections = vec![PlanSection::DailyRoutines];
    let mask: Mask = case.authorized(Point::BeforeRender).mask().clone();
    assert!(mask.without.contains(&PlanSection::DailyRoutines));
    let packet = physician().packet();
    assert_eq!(case.decide(Point::Release(&packet)), earlypost::disclosure::Verdict::RenderAnew);
}

#[test]
fn a_placement_of_the_record_counts_for_its_days() {
    let mut case = Case::new("c-0409", "family:0409-foster-mother", &[DocumentKind::Ifsp]);
    let place = |case: &mut Case, from: i64, to: Option<i64>| {
        let (from, to) = (days_from(case.day, from), to.map(|to| days_from(case.day, to)));
        case.record.placements = vec![Placement { person_id: id("0409-foster-mother"), from, to, may_be_known: None }];
    };
    for (from, to, answer) in [
        (-30, None, "parent's own copy"),
        (-30, Some(0), "parent's own copy"),
        (-30, Some(-1), "placement-ended"),
        (1, None, "placement-ended"),
    ] {
        place(&mut case, from, to);
        assert_eq!(case.answer(), answer, "{from} {to:?}");
    }
    place(&mut case, -30, None);
    case.recorded.placements_ended.insert(id("0409-foster-mother"), days_from(case.day, -3));
    assert_eq!(case.answer(), "placement-ended", "recorded here, and the record lags");
    place(&mut case, -1, None);
    assert_eq!(case.answer(), "parent's own copy", "a new placement with her");
}
