//! The child and the parents.

use super::{
    endpoints, ids,
    offices::{self, CITIES},
    sketch::{ParentSketch, Sketch},
    teller::Teller,
    typed::line,
};
use crate::{
    case::{Child, FamilyMember, Name, ParentRole, Safe},
    due::calendar::add_calendar_days,
};

/// The child's own facts.
pub(super) fn child(sketch: &Sketch, teller: &mut Teller) -> Child {
    let (lea, city, _) = CITIES[sketch.city];
    Child {
        legal_name: name(sketch.name.first, sketch.name.last),
        preferred_name: None,
        birth_date: sketch.time.born.into(),
        gestational_age_weeks: Some(sketch.gestation_weeks),
        residence_county: line(format!("City of {city}")),
        residence_lea: Some(offices::office_id(lea)),
        home_language: line(sketch.language),
        mode_of_communication: line("spoken"),
        interpreter_needed: sketch.language != "en" && teller.chance(50),
        siblings_in_program: Vec::new(),
    }
}

/// The parents, who live together.
pub(super) fn parents(sketch: &Sketch, teller: &mut Teller) -> Vec<FamilyMember> {
    let (_, city, zip) = CITIES[sketch.city];
    let street = teller.raw("street");
    let flat = if teller.chance(30) { format!(", Apartment {}", teller.rng.u32(1..30)) } else { String::new() };
    let address = [
        format!("{} {street}{flat}", teller.rng.u32(101..9900)),
        format!("{city}, VA {zip}{:02}", teller.rng.u32(1..30)),
    ];
    let also_post = teller.chance(50);
    sketch.parents.iter().map(|parent| member(sketch, parent, &address, also_post, teller)).collect()
}

fn member(
    sketch: &Sketch,
    parent: &ParentSketch,
    address: &[String],
    also_post: bool,
    teller: &mut Teller,
) -> FamilyMember {
    // Addresses are read back at the first visit, a few days after the referral.
    let read_back = add_calendar_days(sketch.time.referred, 4).min(sketch.day);
    let mail = (!parent.by_post).then(|| endpoints::parent_mail(&parent.id, parent.first, read_back));
    let post = (parent.by_post || also_post).then(|| endpoints::parent_post(&parent.id, address, read_back));
    let preferred = if parent.by_post { "post" } else { "mail" };
    FamilyMember {
        person_id: parent.id.clone(),
        name: name(parent.first, parent.last),
        relationship: line(parent.relationship),
        parent_role: ParentRole::Parent,
        surrogate: None,
        may_consent: true,
        may_receive_records: true,
        restriction_basis: None,
        preferred_language: line(sketch.language),
        both_languages: false,
        format: crate::case::Format::Standard,
        household: None,
        endpoints: mail.into_iter().chain(post).collect(),
        preferred_endpoint: Some(ids::endpoint(&parent.id, preferred)),
        protected: None,
        telephone: Some(offices::telephone(teller.rng.u32(0..100))),
        telephone_safe: Safe::default(),
        wants_reminders: parent.reminders,
        reminders_by_telephone: false,
        wants_calendar_files: false,
    }
}

fn name(first: &str, last: &str) -> Name {
    Name { first: line(first), middle: None, last: line(last), suffix: None }
}
