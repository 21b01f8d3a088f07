//! Offices, each made from its number alone, and the directory.
//!
//! Children are grouped into districts of neighbours; a district has its own offices. So which office a child has
//! does not depend on how many children there are.

use chrono::NaiveDate;

use super::{endpoints, staff, typed::line};
use crate::{
    case::{Directory, Organisation, OrganisationId, OrganisationKind, Professional},
    due::calendar::add_calendar_days,
};

/// The program's id.
pub(super) const PROGRAM: &str = "riverbend";
/// Agencies of one district of children, and its size: one agency for sixty children.
const AGENCIES: (u32, u32) = (6, 360);
/// Practices of one district of children, and its size: one practice for sixty children.
const PRACTICES: (u32, u32) = (4, 240);
/// Children of one coordinator.
const CASES: u32 = 50;

/// School districts, with city and the beginning of a ZIP code.
pub(super) const CITIES: [(&str, &str, &str); 3] = [
    ("lea-norfolk", "Norfolk", "235"),
    ("lea-vabeach", "Virginia Beach", "234"),
    ("lea-chesapeake", "Chesapeake", "233"),
];

const PLACES: [&str; 24] = [
    "Bayside",
    "Harborview",
    "Lakeside",
    "Riverside",
    "Ocean Park",
    "Elmhurst",
    "Ghent",
    "Larchmont",
    "Oakdale",
    "Pine Ridge",
    "Stonebridge",
    "Cedar Grove",
    "Seaboard",
    "Lynnwood",
    "Great Neck",
    "Kempsville",
    "Deep Creek",
    "Indian River",
    "Western Branch",
    "Thalia",
    "Little Creek",
    "Wards Corner",
    "Hickory",
    "Pungo",
];
const AGENCY_KINDS: [&str; 6] = [
    "Therapy Partners",
    "Children’s Services",
    "Developmental Center",
    "Early Learning",
    "Pediatric Therapy",
    "Home Therapies",
];
const PRACTICE_KINDS: [&str; 6] = [
    "Pediatrics",
    "Family Practice",
    "Children’s Clinic",
    "Family Medicine",
    "Pediatric Associates",
    "Community Health",
];

/// One of the agencies of a child's district; `pick` chooses.
pub(super) fn agency_of(index: u32, pick: u32) -> u32 {
    index / AGENCIES.1 * AGENCIES.0 + pick % AGENCIES.0
}

/// One of the practices of a child's district.
pub(super) fn practice_of(index: u32, pick: u32) -> u32 {
    index / PRACTICES.1 * PRACTICES.0 + pick % PRACTICES.0
}

/// A child's coordinator.
pub(super) fn coordinator_of(index: u32) -> u32 {
    index / CASES
}

/// The directory of a caseload.
pub(super) fn directory(children: u32, day: NaiveDate) -> Directory {
    let verified = add_calendar_days(day, -60);
    let count = |(offices, of): (u32, u32)| children.div_ceil(of).max(1) * offices;
    let program = Organisation {
        organisation_id: office_id(PROGRAM),
        name: line("Riverbend Early Steps (simulated)"),
        kind: OrganisationKind::LocalProgram,
        telephone: Some(line("(757) 555-0100")),
        merged_into: None,
        location_private: false,
        endpoints: Vec::new(),
        offers: None,
    };
    let mut organisations = vec![program];
    let mut professionals: Vec<Professional> = (0..children.div_ceil(CASES).max(1)).map(staff::coordinator).collect();
    for number in 0..count(AGENCIES) {
        organisations.push(office(number, "agency", AGENCY_KINDS, OrganisationKind::EisProvider, verified));
        professionals.extend(staff::therapists(number));
    }
    for number in 0..count(PRACTICES) {
        organisations.push(office(number, "practice", PRACTICE_KINDS, OrganisationKind::PrimaryCare, verified));
        professionals.extend((0..2).map(|who| staff::physician(number, who)));
    }
    for (number, (id, city, _)) in (0..).zip(CITIES) {
        organisations.push(Organisation {
            organisation_id: office_id(id),
            name: line(format!("{city} Public Schools, Preschool Services")),
            kind: OrganisationKind::Lea,
            telephone: Some(telephone(90 + number)),
            merged_into: None,
            location_private: false,
            endpoints: vec![endpoints::office(id, 0, verified)],
            offers: None,
        });
    }
    Directory::of(organisations, professionals)
}

fn office(number: u32, what: &str, kinds: [&str; 6], kind: OrganisationKind, verified: NaiveDate) -> Organisation {
    let id = format!("{what}-{number:04}");
    Organisation {
        organisation_id: office_id(&id),
        name: line(office_name(number, kinds)),
        kind,
        telephone: Some(telephone(number)),
        merged_into: None,
        location_private: false,
        endpoints: vec![endpoints::office(&id, number, verified)],
        offers: None,
    }
}

/// Beyond the number of place and kind, offices of one name are told apart by a number.
fn office_name(number: u32, kinds: [&str; 6]) -> String {
    let (place, rest) = (number as usize % PLACES.len(), number as usize / PLACES.len());
    let kind = kinds[(place + rest) % kinds.len()];
    match rest / kinds.len() {
        0 => format!("{} {kind}", PLACES[place]),
        branch => format!("{} {kind}, Office {}", PLACES[place], branch + 1),
    }
}

/// Name of an agency.
pub(super) fn agency_name(number: u32) -> String {
    office_name(number, AGENCY_KINDS)
}

/// Name of a practice.
pub(super) fn practice_name(number: u32) -> String {
    office_name(number, PRACTICE_KINDS)
}

/// Id of an agency.
pub(super) fn agency_id(number: u32) -> OrganisationId {
    office_id(&format!("agency-{number:04}"))
}

/// Id of a practice.
pub(super) fn practice_id(number: u32) -> OrganisationId {
    office_id(&format!("practice-{number:04}"))
}

/// An office's id.
pub(super) fn office_id(text: &str) -> OrganisationId {
    OrganisationId::parse(text).expect("ids of simulated offices are plain")
}

/// A telephone number of those kept for fiction.
pub(super) fn telephone(number: u32) -> crate::case::Line {
    line(format!("(757) 555-01{:02}", number % 100))
}
