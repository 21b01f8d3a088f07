//! The release for the physician.

use super::{
    ids,
    mix::{Role, Special},
    offices,
    sketch::Sketch,
    teller::Teller,
    timeline::back,
    typed::line,
};
use crate::{
    case::{RecordClass, Release, ReleaseRecipient},
    due::calendar::add_months,
};

/// Nine of ten families with a plan have signed one.
pub(super) fn releases(sketch: &Sketch, teller: &mut Teller) -> Vec<Release> {
    let Some(meeting) = sketch.time.meetings.last() else { return Vec::new() };
    let refused = teller.chance(10);
    if refused || sketch.role == Role::Special(Special::NoRelease) {
        return Vec::new();
    }
    let mut classes = vec![RecordClass::Plan, RecordClass::EvaluationAndEligibility, RecordClass::Health];
    if teller.chance(35) {
        classes.push(RecordClass::Transition);
    }
    // Where a summary of contacts goes to the physician, the release says so.
    if sketch.role == Role::Special(Special::Summary) {
        classes.push(RecordClass::ContactNotes);
    }
    let initials = teller.chance(50).then(|| line(initials(&sketch.parents[0].full())));
    vec![Release {
        release_id: ids::release(sketch.index),
        signed_by: sketch.parents[0].id.clone(),
        signed_on: meeting.on.into(),
        recipients: vec![ReleaseRecipient {
            organisation_id: offices::practice_id(sketch.practice),
            person_id: teller.chance(50).then(|| sketch.physician.person_id.clone()),
            initials,
        }],
        classes,
        purpose: line(teller.line("purpose")),
        expires_on: Some(back(add_months(meeting.on, 12), 1).into()),
        revoked_on: None,
        explained_in: (sketch.language == "en").then(|| line("English")),
        draft: false,
        superseded_by: None,
        confirmed_by: None,
        excluded_sections: Vec::new(),
        records_from: None,
        records_to: None,
        hipaa: None,
    }]
}

fn initials(name: &str) -> String {
    name.split(' ').filter_map(|part| part.chars().next()).map(|c| format!("{c}.")).collect::<Vec<_>>().join(" ")
}
