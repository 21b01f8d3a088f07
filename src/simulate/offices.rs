//! Offices and professionals, each made from its number alone.
//!
//! Children are grouped into districts of neighbours; a district has its own offices. So which office a child has
//! does not depend on how many children there are.

use chrono::NaiveDate;

use super::{endpoints, mix::scatter, names, typed::line};
use crate::{
    case::{Directory, Name, Organisation, OrganisationId, OrganisationKind, PersonId, Professional, SchemaOne},
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
pub(super) const CITIES: [(&str, &str, &str); 3] =
    [("lea-norfolk", "Norfolk", "235"), ("lea-vabeach", "Virginia Beach", "234"), ("lea-chesapeake", "Chesapeake", "233")];

const PLACES: [&str; 24] = [
    "Bayside", "Harborview", "Lakeside", "Riverside", "Ocean Park", "Elmhurst", "Ghent", "Larchmont", "Oakdale", "Pine Ridge",
    "Stonebridge", "Cedar Grove", "Seaboard", "Lynnwood", "Great Neck", "Kempsville", "Deep Creek", "Indian River", "Western Branch",
    "Thalia", "Little Creek", "Wards Corner", "Hickory", "Pungo",
];
const AGENCY_KINDS: [&str; 6] =
    ["Therapy Partners", "Children’s Services", "Developmental Center", "Early Learning", "Pediatric Therapy", "Home Therapies"];
const PRACTICE_KINDS: [&str; 6] =
    ["Pediatrics", "Family Practice", "Children’s Clinic", "Family Medicine", "Pediatric Associates", "Community Health"];

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
        endpoints: Vec::new(),
    };
    let mut organisations = vec![program];
    let mut professionals: Vec<Professional> = (0..children.div_ceil(CASES).max(1)).map(coordinator).collect();
    for number in 0..count(AGENCIES) {
        organisations.push(office(number, "agency", AGENCY_KINDS, OrganisationKind::EisProvider, verified));
        professionals.extend(CRAFTS.iter().map(|(craft, ..)| therapist(number, *craft)));
    }
    for number in 0..count(PRACTICES) {
        organisations.push(office(number, "practice", PRACTICE_KINDS, OrganisationKind::PrimaryCare, verified));
        professionals.extend((0..2).map(|who| physician(number, who)));
    }
    for (number, (id, city, _)) in (0..).zip(CITIES) {
        organisations.push(Organisation {
            organisation_id: office_id(id),
            name: line(format!("{city} Public Schools, Preschool Services")),
            kind: OrganisationKind::Lea,
            telephone: Some(telephone(90 + number)),
            endpoints: vec![endpoints::office(id, 0, verified)],
        });
    }
    Directory { schema: SchemaOne, organisations, professionals }
}

fn office(number: u32, what: &str, kinds: [&str; 6], kind: OrganisationKind, verified: NaiveDate) -> Organisation {
    let id = format!("{what}-{number:04}");
    Organisation {
        organisation_id: office_id(&id),
        name: line(office_name(number, kinds)),
        kind,
        telephone: Some(telephone(number)),
        endpoints: vec![endpoints::office(&id, number, verified)],
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

/// The therapist of an agency for a craft.
pub(super) fn therapist(agency: u32, craft: Craft) -> Professional {
    let (place, (_, code, profession, credentials)) =
        (0..).zip(CRAFTS).find(|(_, (c, ..))| *c == craft).unwrap_or((0, CRAFTS[0]));
    person(&format!("t-{agency:04}-{code}"), 1 + u64::from(agency) * 5 + place, agency_id(agency), profession, credentials)
}

/// One of the two physicians of a practice.
pub(super) fn physician(practice: u32, who: u32) -> Professional {
    let number = 0x1000_0000 + u64::from(practice) * 2 + u64::from(who);
    person(&format!("dr-{practice:04}-{}", who + 1), number, practice_id(practice), "pediatrician", "MD")
}

/// A coordinator.
pub(super) fn coordinator(number: u32) -> Professional {
    let id = format!("sc-{number:04}");
    let mut person = person(&id, 0x2000_0000 + u64::from(number), office_id(PROGRAM), "service coordinator", "M.S.W.");
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
    let first = if drawn & 0x100_0000 == 0 { names::man(drawn) } else { names::woman(drawn) };
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
    }
}

/// Name with credentials, as on an attendance line.
pub(super) fn signed(person: &Professional) -> String {
    match &person.credentials {
        Some(credentials) => format!("{}, {credentials}", person.name.full()),
        None => person.name.full(),
    }
}
