//! Duties that a person meets by acting.

use earlypost::{
    case::{EvaluationKind, IfspKind, IfspStatus, ParentRole, Surrogacy, SurrogateNeed},
    due::ObligationKind as Kind,
};

use super::{
    days, every, none, owed, owed_on,
    samples::{TODAY, date, day, id, line, newest, samples},
    the,
};

#[test]
fn a_referral_is_followed_by_a_meeting_within_forty_five_calendar_days() {
    let all = owed("c-0433");
    let meeting = the(Kind::InitialMeeting, &all);

    // 1 January is a Friday: the deadline does not move for the holiday.
    assert_eq!(days(meeting), [day("2026-11-17"), day("2027-01-01"), day("2027-01-01")]);
    assert_eq!(meeting.met_on, None);
}

#[test]
fn the_first_full_plan_meets_the_forty_five_days() {
    let all = owed("c-0417");
    let meeting = the(Kind::InitialMeeting, &all);

    assert_eq!(meeting.due_on, day("2026-11-26"));
    assert_eq!(meeting.met_on, Some(day("2026-11-20")));
}

#[test]
fn an_interim_plan_owes_the_evaluation_and_the_full_meeting_within_the_same_forty_five_days() {
    let all = owed("c-0430");

    for kind in [Kind::InterimEvaluation, Kind::InitialMeeting] {
        let duty = the(kind, &all);
        assert_eq!((duty.due_on, duty.met_on), (day("2026-12-17"), None), "{kind}");
    }
}

#[test]
fn a_health_review_is_no_evaluation_and_an_evaluation_meets_the_duty() {
    let mut record = samples().record("c-0430");
    assert_eq!(record.evaluations[0].kind, EvaluationKind::HealthReview);
    record.evaluations[0].kind = EvaluationKind::Evaluation;

    assert_eq!(the(Kind::InterimEvaluation, &owed_on(&record, "2026-11-20")).met_on, Some(day("2026-11-12")));
}

#[test]
fn an_interim_plan_that_came_late_leaves_the_deadline_where_it_was() {
    let mut record = samples().record("c-0430");
    newest(&mut record).meeting_on = date("2027-01-11");
    let all = owed_on(&record, "2027-01-12");
    let duty = the(Kind::InterimEvaluation, &all);

    assert_eq!(duty.due_on, day("2026-12-17"));
    assert!(duty.opens_on <= duty.due_on, "a duty that opens after it was due can never be met");
}

#[test]
fn a_plan_owes_its_review_after_six_months_and_its_annual_meeting_after_twelve() {
    let all = owed("c-0375");

    assert_eq!(the(Kind::SixMonthReview, &all).due_on, day("2026-12-18"));
    assert_eq!(the(Kind::AnnualMeeting, &all).due_on, day("2027-06-18"));
}

#[test]
fn a_review_that_was_held_meets_the_duty() {
    let first = |child| every(Kind::SixMonthReview, &owed(child)).first().map(|duty| duty.met_on);

    assert_eq!(first("c-0388"), Some(Some(day("2026-09-08"))));
    assert_eq!(first("c-0398"), Some(Some(day("2026-11-12"))));
    assert_eq!(first("c-0375"), Some(None));
}

#[test]
fn an_early_review_makes_the_next_look_due_six_months_after_it() {
    let mut record = samples().record("c-0375");
    let mut review = record.in_effect().unwrap().clone();
    record.ifsps.iter_mut().for_each(|v| v.status = IfspStatus::Superseded);
    review.kind = IfspKind::PeriodicReview;
    review.version = 2;
    review.meeting_on = date("2026-07-20");
    record.ifsps.push(review);
    let all = owed_on(&record, TODAY);
    let looks: Vec<_> = every(Kind::SixMonthReview, &all).iter().map(|d| (d.due_on, d.met_on)).collect();

    assert_eq!(looks, [(day("2026-12-18"), Some(day("2026-07-20"))), (day("2027-01-20"), None)]);
    assert_eq!(the(Kind::AnnualMeeting, &all).due_on, day("2027-06-18"), "a review moves no annual meeting");
}

#[test]
fn a_file_that_begins_with_a_review_still_owes_its_year() {
    let all = owed("c-0394");

    assert_eq!(the(Kind::AnnualMeeting, &all).due_on, day("2027-05-06"), "the day after the plan's period");
    assert_eq!(the(Kind::SixMonthReview, &all).due_on, day("2027-05-04"));
}

#[test]
fn conference_and_notice_fall_into_the_transition_window() {
    let all = owed("c-0352");

    let conference = the(Kind::TransitionConference, &all);
    assert_eq!([conference.opens_on, conference.due_on], [day("2026-07-02"), day("2027-01-02")]);
    assert_eq!(conference.met_on, None, "the conference is arranged, not held");
    // The parents were told on 16 November: ten days to object and three of mailing. It used to be seven here and ten at the
    // gate.
    let notice = the(Kind::LeaNotice, &all);
    assert_eq!([notice.opens_on, notice.due_on], [day("2026-11-30"), day("2027-01-02")]);
    assert_eq!(the(Kind::OptOutInformation, &all).due_on, day("2026-12-19"), "told on this day, it goes in time");
    assert_eq!(the(Kind::OptOutInformation, &all).met_on, Some(day("2026-11-16")));
}

#[test]
fn a_conference_that_was_held_is_met_and_an_objection_ends_the_notice() {
    let mut record = samples().record("c-0352");
    let transition = record.transition.as_mut().unwrap();
    transition.conference.as_mut().unwrap().held = true;
    transition.notice_objection_on = Some(date("2026-11-18"));
    let all = owed_on(&record, "2026-12-11");

    assert_eq!(the(Kind::TransitionConference, &all).met_on, Some(day("2026-12-10")));
    none(Kind::LeaNotice, &all);
}

#[test]
fn only_copies_notices_and_letters_owe_paper() {
    let paper = [
        Kind::PlanToParent,
        Kind::PlanToPhysician,
        Kind::PlanToAgency,
        Kind::StopService,
        Kind::SummaryOfContact,
        Kind::TransitionPacketToFamily,
        Kind::MonthlyReminder,
        Kind::OptOutInformation,
        Kind::MeetingNotice,
        Kind::PriorWrittenNotice,
        Kind::LeaNotice,
        Kind::CertificationRequest,
        Kind::CoordinatorChange,
        Kind::NextAttempt,
        Kind::ProgressReportReminder,
    ];
    for child in samples().children() {
        for duty in owed(&child.child_id) {
            assert!(duty.owed.is_empty() || paper.contains(&duty.kind), "{}: {}", child.child_id, duty.kind);
        }
    }
}

#[test]
fn a_child_without_a_parent_who_can_act_is_owed_a_surrogate_and_the_assignment_meets_it() {
    let mut record = samples().record("c-0430");
    assert!(every(Kind::SurrogateAssignment, &owed_on(&record, TODAY)).is_empty());

    record.surrogate_need = Some(SurrogateNeed { event_id: id("0430-no-parent"), on: date("2026-11-02") });
    let all = owed_on(&record, TODAY);
    let duty = the(Kind::SurrogateAssignment, &all);
    assert_eq!((duty.opens_on, duty.due_on, duty.met_on), (day("2026-11-02"), day("2026-12-02"), None));

    let former = date("2026-10-16");
    record.family[0].parent_role = ParentRole::Surrogate;
    for (appointed_on, interest, met_on) in [
        (former, None, None),
        (date("2026-11-16"), Some(line("sells the chair that the plan names")), None),
        (date("2026-11-16"), None, Some(day("2026-11-16"))),
    ] {
        record.family[0].surrogate = Some(Surrogacy {
            appointed_by: line("the lead agency"),
            appointed_on,
            employer: None,
            conflicting_interest: interest,
        });
        assert_eq!(the(Kind::SurrogateAssignment, &owed_on(&record, TODAY)).met_on, met_on);
    }
}
