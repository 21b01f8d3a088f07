//! Duties that a paper meets.

use earlypost::{
    case::{CopyGiven, IfspStatus, Recipient},
    due::{ObligationKind as Kind, Subject},
};

use super::{
    days, envelopes, every, none, owed, owed_by, owed_on,
    samples::{date, day, id, line, newest, samples},
    the,
};

#[test]
fn the_plan_of_the_day_is_owed_to_both_parents_the_physician_and_the_agency() {
    let all = owed("c-0417");

    assert_eq!(envelopes(the(Kind::PlanToParent, &all)), ["family:0417-mother: ifsp", "family:0417-father: ifsp"]);
    assert_eq!(
        envelopes(the(Kind::PlanToPhysician, &all)),
        ["office:ghent-pediatrics/dr-osei: physician-letter + ifsp"]
    );
    assert_eq!(envelopes(the(Kind::PlanToAgency, &all)), ["office:bayside-therapy: service-authorization + ifsp"]);
}

#[test]
fn a_plan_goes_from_the_day_of_its_meeting_within_fifteen_days_and_the_work_is_done_before_the_weekend() {
    let all = owed("c-0417");

    for kind in [Kind::PlanToParent, Kind::PlanToPhysician, Kind::PlanToAgency] {
        assert_eq!(days(the(kind, &all)), [day("2026-11-20"), day("2026-12-05"), day("2026-12-04")]);
    }
}

#[test]
fn the_program_owes_no_authorization_to_itself() {
    for child in samples().children() {
        for obligation in owed(&child.child_id) {
            assert!(!envelopes(&obligation).iter().any(|e| e.starts_with("office:tidewater")), "{}", child.child_id);
        }
    }
}

#[test]
fn a_child_that_left_is_owed_nothing() {
    assert!(owed("c-0290").is_empty(), "it left before the program began here: its exit is nobody's duty any more");
}

#[test]
fn a_child_is_owed_its_papers_up_to_and_on_the_day_it_leaves() {
    let record = samples().record("c-0290");
    let mut program = samples().program.clone();
    program.automatic_from = None;
    let rules = earlypost::due::Rulebook { program: &program, profile: &samples().profile };

    assert!(!earlypost::due::due_items(&record, &rules, day("2026-09-14")).is_empty());
    let after = earlypost::due::due_items(&record, &rules, day("2026-09-15"));
    assert!(after.iter().all(|o| o.owed.is_empty()), "no paper is owed to a family that has left");
    let kinds: Vec<_> = after.iter().map(|o| (o.kind, o.met_on)).collect();
    assert_eq!(kinds, [(Kind::Exit, Some(day("2026-09-14"))), (Kind::OutcomesRating, None)]);
}

#[test]
fn a_withdrawn_consent_owes_a_stop_notice_on_the_day_of_the_withdrawal() {
    let all = owed("c-0402");
    let stop = the(Kind::StopService, &all);

    assert_eq!(envelopes(stop), ["office:harbor-kids: stop-notice"]);
    assert_eq!(days(stop), [day("2026-11-19"); 3]);
    assert_eq!(
        stop.subject,
        Subject::Lines { ifsp_id: id("0402-ifsp"), version: 2, lines: vec![id("0402-instruction")] }
    );
    assert!(the(Kind::StopService, &owed_on(&samples().record("c-0402"), "2026-11-19")).is_open_on(day("2026-11-19")));
}

#[test]
fn one_withdrawal_from_two_agencies_owes_each_a_notice_of_its_own_lines() {
    let mut record = samples().record("c-0402");
    let services = &mut newest(&mut record).services;
    services[0].consent = services[1].consent.clone();
    let all = owed_on(&record, "2026-11-20");
    let stops = every(Kind::StopService, &all);

    let told: Vec<_> = stops.iter().flat_map(|o| envelopes(o)).collect();
    assert_eq!(told, ["office:bayside-therapy: stop-notice", "office:harbor-kids: stop-notice"]);
    let lines: Vec<_> = stops.iter().map(|o| &o.subject).collect();
    let of = |line| Subject::Lines { ifsp_id: id("0402-ifsp"), version: 2, lines: vec![id(line)] };
    assert_eq!(lines, [&of("0402-speech"), &of("0402-instruction")]);
    assert_ne!(stops[0].anchor, stops[1].anchor, "an anchor is unique for a child and kind");
}

#[test]
fn the_agency_whose_service_was_withdrawn_is_owed_no_authorization_any_more() {
    assert_eq!(
        envelopes(the(Kind::PlanToAgency, &owed("c-0402"))),
        ["office:bayside-therapy: service-authorization + ifsp"]
    );
}

#[test]
fn an_agency_with_declined_or_unanswered_lines_only_is_owed_nothing() {
    // Bayside has one line with consent and one declined; Harbor Kids has one that is not answered yet.
    assert_eq!(
        envelopes(the(Kind::PlanToAgency, &owed("c-0405"))),
        ["office:bayside-therapy: service-authorization + ifsp"]
    );
}

#[test]
fn a_plan_that_waits_for_its_signature_is_owed_to_the_parents_only() {
    let all = owed("c-0415");

    assert_eq!(envelopes(the(Kind::PlanToParent, &all)), ["family:0415-father: ifsp", "family:0415-mother: ifsp"]);
    none(Kind::PlanToPhysician, &all);
    none(Kind::PlanToAgency, &all);
    none(Kind::MonthlyReminder, &all);
}

#[test]
fn a_draft_is_owed_to_nobody() {
    let mut record = samples().record("c-0415");
    newest(&mut record).status = IfspStatus::Draft;

    none(Kind::PlanToParent, &owed_on(&record, "2026-11-20"));
}

#[test]
fn a_grandmother_is_owed_nothing_and_a_foster_parent_is_owed_the_plan() {
    assert_eq!(envelopes(the(Kind::PlanToParent, &owed("c-0411"))), ["family:0411-mother: ifsp"]);
    let foster = owed("c-0409");
    assert!(envelopes(the(Kind::PlanToParent, &foster)).contains(&"family:0409-foster-mother: ifsp".to_owned()));
}

#[test]
fn only_the_version_in_effect_is_owed() {
    for (child, version) in [("c-0388", 3), ("c-0398", 2), ("c-0402", 2)] {
        let all = owed(child);
        for kind in [Kind::PlanToParent, Kind::PlanToAgency] {
            let obligation = the(kind, &all);
            assert_eq!(obligation.revision, version, "{child}");
            assert!(matches!(obligation.subject, Subject::Plan { version: v, .. } if v == version), "{child}");
        }
    }
}

#[test]
fn a_record_whose_versions_are_all_superseded_owes_no_plan() {
    let mut record = samples().record("c-0388");
    record.ifsps.iter_mut().for_each(|v| v.status = IfspStatus::Superseded);
    let all = owed_on(&record, "2026-11-20");

    for kind in [Kind::PlanToParent, Kind::PlanToPhysician, Kind::PlanToAgency, Kind::MonthlyReminder] {
        none(kind, &all);
    }
}

#[test]
fn a_copy_that_was_given_is_not_owed_again() {
    let mut record = samples().record("c-0417");
    newest(&mut record).copies_given =
        [Recipient::family(&id("0417-mother")), Recipient::office(&id("bayside-therapy"), Some(&id("priya-nair")))]
            .map(|to| CopyGiven { to, on: date("2026-11-20"), how: line("by hand") })
            .to_vec();
    let all = owed_on(&record, "2026-11-20");
    let has_it = |kind| the(kind, &all).owed.iter().map(|o| o.has_it_since).collect::<Vec<_>>();

    assert_eq!(has_it(Kind::PlanToParent), [Some(day("2026-11-20")), None]);
    // The copy was given to a person of the agency: it is the agency's copy.
    assert_eq!(has_it(Kind::PlanToAgency), [Some(day("2026-11-20"))]);
    assert_eq!(has_it(Kind::PlanToPhysician), [None]);
}

#[test]
fn copies_that_were_all_given_long_ago_are_all_known() {
    let mut program = samples().program.clone();
    program.automatic_from = None;
    let all = owed_by(&program, &samples().record("c-0375"));

    for kind in [Kind::PlanToParent, Kind::PlanToPhysician, Kind::PlanToAgency] {
        assert!(the(kind, &all).owed.iter().all(|o| o.has_it_since.is_some()), "{kind}");
    }
}

#[test]
fn a_plan_from_before_the_automatic_day_is_left_to_people() {
    let all = owed("c-0375");

    for kind in [Kind::PlanToParent, Kind::PlanToPhysician, Kind::PlanToAgency] {
        none(kind, &all);
    }
    the(Kind::MonthlyReminder, &all);
}

#[test]
fn a_meeting_on_the_automatic_day_itself_is_automatic() {
    let mut program = samples().program.clone();
    let record = samples().record("c-0417");
    program.automatic_from = Some(date("2026-11-20"));
    the(Kind::PlanToParent, &owed_by(&program, &record));

    program.automatic_from = Some(date("2026-11-21"));
    none(Kind::PlanToParent, &owed_by(&program, &record));
}

#[test]
fn a_reminder_is_open_from_its_day_of_the_month_on() {
    let record = samples().record("c-0417");
    let open_on = |on: &str| {
        let all = owed_on(&record, on);
        every(Kind::MonthlyReminder, &all).iter().any(|o| o.is_open_on(day(on)))
    };

    assert!(!open_on("2026-12-14"));
    assert!(open_on("2026-12-15"));
    assert!(open_on("2026-12-31"));
    assert!(!open_on("2027-01-01"), "December is over and January's day has not come");
}

#[test]
fn a_reminder_that_goes_after_its_day_is_in_time_as_long_as_its_month_lasts() {
    let all = owed("c-0417");
    assert_eq!(days(the(Kind::MonthlyReminder, &all)), [day("2026-11-15"), day("2026-11-30"), day("2026-11-30")]);
    let december = owed_on(&samples().record("c-0417"), "2026-12-20");
    assert_eq!(the(Kind::MonthlyReminder, &december).due_on, day("2026-12-31"));
}

#[test]
fn a_reminder_goes_only_to_parents_who_want_it() {
    let reminded = |child: &str| envelopes(the(Kind::MonthlyReminder, &owed(child)));

    assert_eq!(reminded("c-0417"), ["family:0417-mother: monthly-reminder"]);
    assert_eq!(reminded("c-0394"), ["family:0394-father: monthly-reminder"]);
    assert_eq!(reminded("c-0405"), ["family:0405-mother: monthly-reminder"]);
}

#[test]
fn a_family_that_wants_no_reminder_is_owed_none() {
    let mut record = samples().record("c-0417");
    record.family.iter_mut().for_each(|m| m.wants_reminders = false);

    none(Kind::MonthlyReminder, &owed_on(&record, "2026-11-20"));
}

#[test]
fn each_month_has_its_own_reminder() {
    let record = samples().record("c-0417");
    let anchor = |on: &str| the(Kind::MonthlyReminder, &owed_on(&record, on)).anchor.clone();

    assert_eq!([anchor("2026-12-20"), anchor("2027-01-20")], ["2026-12", "2027-01"]);
}

#[test]
fn a_summary_is_owed_to_those_whom_the_signed_note_names_the_day_after_the_contact() {
    let family = owed("c-0411");
    let summary = the(Kind::SummaryOfContact, &family);
    assert_eq!(envelopes(summary), ["family:0411-mother: contact-summary"]);
    assert_eq!(summary.due_on, day("2026-11-20"));

    assert_eq!(
        envelopes(the(Kind::SummaryOfContact, &owed("c-0388"))),
        ["office:oceanview-family/dr-lindqvist: contact-summary"]
    );
    none(Kind::SummaryOfContact, &owed("c-0417"));
}

#[test]
fn a_physician_of_former_days_is_owed_neither_the_plan_nor_a_summary() {
    let mut record = samples().record("c-0388");
    record.physicians[0].to = Some(date("2026-11-18"));
    let all = owed_on(&record, "2026-11-20");

    none(Kind::PlanToPhysician, &all);
    assert!(the(Kind::SummaryOfContact, &all).owed.is_empty(), "the contact was on the day after");
}

#[test]
fn a_note_that_is_not_signed_yet_promises_nothing() {
    let mut record = samples().record("c-0411");
    record.contacts.iter_mut().for_each(|c| c.signed_on = None);

    none(Kind::SummaryOfContact, &owed_on(&record, "2026-11-20"));
}

#[test]
fn the_transition_packet_is_owed_from_nine_months_before_the_third_birthday() {
    // Noah is three on 2 April 2027, Freya on 5 September 2027.
    let noah = owed("c-0352");
    let packet = the(Kind::TransitionPacketToFamily, &noah);
    assert_eq!([packet.opens_on, packet.due_on], [day("2026-07-02"), day("2027-01-02")]);
    assert!(packet.is_open_on(day("2026-11-20")), "its window opened before the automatic day and is still open");

    let freya = owed("c-0394");
    let packet = the(Kind::TransitionPacketToFamily, &freya);
    assert_eq!(packet.opens_on, day("2026-12-05"));
    assert!(!packet.is_open_on(day("2026-11-20")));
}

#[test]
fn a_child_without_a_plan_is_owed_no_paper() {
    assert!(owed("c-0433").iter().all(|o| o.owed.is_empty()));
}

#[test]
fn a_new_coordinator_is_told_by_letter_and_a_call_that_reached_the_family_tells_it_too() {
    let mut record = samples().record("c-0433");
    record.coordinators[0].to = Some(date("2026-11-19"));
    let mut next = record.coordinators[0].clone();
    (next.person_id, next.from, next.to) = (id("marcus-bell"), date("2026-11-20"), None);
    record.coordinators.push(next);
    let all = owed_on(&record, "2026-11-20");
    let told = the(Kind::CoordinatorChange, &all);
    assert!(envelopes(told).iter().all(|e| e.ends_with(": new-coordinator")) && !told.owed.is_empty());

    let mut call = record.contacts[0].clone();
    (call.event_id, call.author, call.on) = (id("0433-call"), id("marcus-bell"), date("2026-11-23"));
    record.contacts.push(call);
    let all = owed_on(&record, "2026-11-24");
    assert_eq!(the(Kind::CoordinatorChange, &all).met_on, Some(day("2026-11-23")));
}

#[test]
fn the_third_attempt_that_reaches_nobody_owes_a_letter() {
    let mut record = samples().record("c-0433");
    record.referral.first_contact_on = None;
    let call = record.contacts.remove(0);
    for (place, on) in ["2026-11-18", "2026-11-19", "2026-11-20"].iter().enumerate() {
        let letters = |record: &earlypost::case::CaseRecord| {
            let all = owed_on(record, "2026-11-20");
            every(Kind::NextAttempt, &all).iter().map(|o| o.owed.len()).sum::<usize>()
        };
        assert_eq!(letters(&record), 0, "after {place} attempts");
        let mut tried = call.clone();
        (tried.event_id, tried.on) = (id(&format!("0433-try-{place}")), date(on));
        tried.outcome = earlypost::case::ContactOutcome::NoAnswer;
        record.contacts.push(tried);
    }
    let all = owed_on(&record, "2026-11-20");
    let last = every(Kind::NextAttempt, &all).into_iter().find(|o| o.anchor == "0433-try-2").unwrap();
    assert!(envelopes(last).iter().all(|e| e.ends_with(": could-not-reach-you")) && !last.owed.is_empty());
    assert!(every(Kind::NextAttempt, &all).iter().filter(|o| o.anchor != "0433-try-2").all(|o| o.met_on.is_some()));
}
