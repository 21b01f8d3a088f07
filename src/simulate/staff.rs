//! Coordinators, therapists and physicians, each made from a number alone.

use super::{
    mix::scatter,
    names,
    offices::{PROGRAM, agency_id, office_id, practice_id, telephone},
    typed::line,
};
use crate::case::{Name, OrganisationId, PersonId, Professional};

const COORDINATOR: &str = "service coordinator";

/// What a therapist of an agency does; every agency has one of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Craft {
    Speech,
    Physical,
    Occupational,
    Instruction,
    Nutrition,
}

const CRAFTS: [(Craft, &str, &str, &str); 5] = [
    (Craft::Speech, "slp", "speech-language pathologist", "M.S., CCC-SLP"),
    (Craft::Physical, "pt", "physical therapist", "PT, DPT"),
    (Craft::Occupational, "ot", "occupational therapist", "OTR/L"),
    (Craft::Instruction, "ei", "early interventionist", "M.Ed."),
    (Craft::Nutrition, "rd", "registered dietitian", "RDN"),
];

/// The therapists of an agency.
pub(super) fn therapists(agency: u32) -> impl Iterator<Item = Professional> {
    CRAFTS.iter().map(move |(craft, ..)| therapist(agency, *craft))
}

/// The therapist of an agency for a craft.
pub(super) fn therapist(agency: u32, craft: Craft) -> Professional {
    let (place, (_, code, profession, credentials)) =
        (0..).zip(CRAFTS).find(|(_, (c, ..))| *c == craft).unwrap_or((0, CRAFTS[0]));
    person(
        &format!("t-{agency:04}-{code}"),
        1 + u64::from(agency) * 5 + place,
        agency_id(agency),
        profession,
        credentials,
    )
}

/// One of the two physicians of a practice.
pub(super) fn physician(practice: u32, who: u32) -> Professional {
    let number = 0x1000_0000 + u64::from(practice) * 2 + u64::from(who);
    person(&format!("dr-{practice:04}-{}", who + 1), number, practice_id(practice), "pediatrician", "MD")
}

pub(super) fn coordinator(number: u32) -> Professional {
    let id = format!("sc-{number:04}");
    let mut person = person(&id, 0x2000_0000 + u64::from(number), office_id(PROGRAM), COORDINATOR, "M.S.W.");
    person.telephone = Some(telephone(number));
    person.email = Some(line(format!("{id}@riverbend.example.org")));
    person.hours = Some(line(if number.is_multiple_of(2) { "Weekdays 8:00 to 5:00" } else { "Weekdays 8:30 to 5:30" }));
    if number.is_multiple_of(3) {
        person.languages = vec![line("es")];
    }
    person
}

fn person(id: &str, number: u64, office: OrganisationId, profession: &str, credentials: &str) -> Professional {
    let drawn = scatter(number);
    let first = names::professional(profession == COORDINATOR, drawn);
    let name = Name { first: line(first), middle: None, last: line(names::surname(drawn >> 32)), suffix: None };
    Professional {
        person_id: PersonId::parse(id).expect("ids of simulated people are plain"),
        name,
        credentials: Some(line(credentials)),
        profession: line(profession),
        organisation_id: office,
        telephone: None,
        email: None,
        hours: None,
        languages: Vec::new(),
        endpoint: None,
        supervisors: Vec::new(),
    }
}

/// Name with credentials, as on an attendance line.
pub(super) fn signed(person: &Professional) -> String {
    match &person.credentials {
        Some(credentials) => format!("{}, {credentials}", person.name.full()),
        None => person.name.full(),
    }
}
