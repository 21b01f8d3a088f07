//! Organisations and professionals, shared by all children of a program.

use std::{collections::HashMap, hash::Hash, sync::OnceLock};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Date, Endpoint, EndpointId, LanguageTag, Line, Name, OrganisationId, PersonId, SchemaOne, ServiceType};

/// The directory file of a caseload: `directory.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Directory {
    /// Version of the file's shape.
    pub schema: SchemaOne,
    /// Offices: agencies, practices, districts.
    pub organisations: Vec<Organisation>,
    /// People who work in them, the program's coordinators among them.
    pub professionals: Vec<Professional>,
    /// Where each stands in its list.
    #[serde(skip)]
    #[schemars(skip)]
    places: Places,
}

/// Where each id stands, worked out at the first question: a state's directory has thousands of people, and a plan asks
/// for some of them for every child.
#[derive(Debug, Clone, Default)]
struct Places {
    organisations: OnceLock<HashMap<OrganisationId, usize>>,
    professionals: OnceLock<HashMap<PersonId, usize>>,
}

/// They say nothing that the lists do not say.
impl PartialEq for Places {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Places {}

/// The first item with this id. What was changed after its place was noted is looked for in the whole list.
fn placed<'a, T, I: Clone + Eq + Hash>(
    list: &'a [T],
    places: &OnceLock<HashMap<I, usize>>,
    id: &I,
    id_of: fn(&T) -> &I,
) -> Option<&'a T> {
    let places =
        places.get_or_init(|| list.iter().enumerate().rev().map(|(n, item)| (id_of(item).clone(), n)).collect());
    let noted = places.get(id).and_then(|n| list.get(*n)).filter(|item| id_of(item) == id);
    noted.or_else(|| list.iter().find(|item| id_of(item) == id))
}

/// An office. Whether it is a participating agency is a role for one child and period
/// ([`super::Assignment`]), never a property of the office (34 CFR 303.403).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Organisation {
    /// Id.
    pub organisation_id: OrganisationId,
    /// Name as on its letterhead.
    pub name: Line,
    /// What it is.
    pub kind: OrganisationKind,
    /// Telephone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub telephone: Option<Line>,
    /// The office into which it has merged. Its roles and releases do not pass over by themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged_into: Option<OrganisationId>,
    /// Whether where it is must stay private, as of a shelter or an advocate: its name, place, telephone and e-mail stand in
    /// nothing that a parent receives who did not sign a release for it, until a reviewer has looked.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub location_private: bool,
    /// Ways to send it papers, the preferred one first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub endpoints: Vec<Endpoint>,
    /// What it offers to families who choose, where it is an agency among which they may.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offers: Option<Offers>,
}

/// What an agency offers, as last checked; the page of choices prints the day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Offers {
    /// Services.
    pub services: Vec<ServiceType>,
    /// Whether it takes new families.
    pub accepts_families: bool,
    /// The day on which both were checked.
    pub checked_on: Date,
    /// Languages spoken with families besides English.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<LanguageTag>,
}

/// What an organisation is. It gives no right to any record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OrganisationKind {
    /// The local early-intervention program itself.
    LocalProgram,
    /// The state's lead agency for early intervention.
    LeadAgency,
    /// A provider of early-intervention services.
    EisProvider,
    /// A physician's practice.
    PrimaryCare,
    /// A specialist or hospital.
    Specialist,
    /// A school district.
    Lea,
    /// The state education agency.
    Sea,
    /// A payer.
    Payer,
    /// Child care.
    ChildCare,
    /// Child welfare.
    ChildWelfare,
    /// Police, a sheriff, a prosecutor.
    LawEnforcement,
    /// Interpreters under the program's agreement: they learn of appointments, and of nothing else.
    Interpreter,
    /// A mail house under the program's agreement: it carries envelopes and receives none.
    MailHouse,
    /// Anything else.
    Other,
}

/// A person who works in an office of the directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Professional {
    /// Id, unique in the program.
    pub person_id: PersonId,
    /// Name.
    pub name: Name,
    /// Such as `MD` or `M.S., CCC-SLP`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credentials: Option<Line>,
    /// What this person does: `service coordinator`, `speech-language pathologist`.
    pub profession: Line,
    /// The office.
    pub organisation_id: OrganisationId,
    /// Telephone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub telephone: Option<Line>,
    /// E-mail, for replies to letters that this person signs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Line>,
    /// Hours in which to call, such as `weekdays 8:00 to 5:00`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<Line>,
    /// Languages spoken with families besides English.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<LanguageTag>,
    /// Which of the office's endpoints reaches this person, where it is not the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<EndpointId>,
    /// Who answers for this person's work, oldest first. Without one every supervisor of the program does.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub supervisors: Vec<SupervisorTerm>,
}

/// A supervisor's time with a person of the staff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SupervisorTerm {
    /// A professional of the directory.
    pub person_id: PersonId,
    /// First day.
    pub from: Date,
    /// Last day, included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Date>,
}

impl Professional {
    /// Whether `person` answers for this person's work on a day.
    #[must_use]
    pub fn is_supervised_by(&self, person: &PersonId, day: chrono::NaiveDate) -> bool {
        let on = |term: &&SupervisorTerm| *term.from <= day && term.to.is_none_or(|to| day <= *to);
        let mut terms = self.supervisors.iter().filter(on).peekable();
        terms.peek().is_none() || terms.any(|term| &term.person_id == person)
    }
}

impl Directory {
    /// A directory of these.
    #[must_use]
    pub fn of(organisations: Vec<Organisation>, professionals: Vec<Professional>) -> Self {
        Self { schema: SchemaOne, organisations, professionals, places: Places::default() }
    }

    /// The office with this id.
    #[must_use]
    pub fn organisation(&self, id: &OrganisationId) -> Option<&Organisation> {
        placed(&self.organisations, &self.places.organisations, id, |office| &office.organisation_id)
    }

    /// The professional with this id.
    #[must_use]
    pub fn professional(&self, id: &PersonId) -> Option<&Professional> {
        placed(&self.professionals, &self.places.professionals, id, |person| &person.person_id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn office(id: &str, name: &str) -> Organisation {
        serde_json::from_value(serde_json::json!({ "organisation_id": id, "name": name, "kind": "eis_provider" }))
            .unwrap()
    }

    #[test]
    fn an_office_is_found_also_after_the_list_has_changed() {
        let id = |id: &str| OrganisationId::parse(id).unwrap();
        let mut directory = Directory::of(vec![office("a", "One"), office("b", "Two")], Vec::new());
        assert_eq!(directory.organisation(&id("b")).unwrap().name.as_str(), "Two");
        assert!(directory.organisation(&id("c")).is_none());

        directory.organisations.remove(0);
        directory.organisations.push(office("c", "Three"));
        assert_eq!(directory.organisation(&id("b")).unwrap().name.as_str(), "Two");
        assert_eq!(directory.organisation(&id("c")).unwrap().name.as_str(), "Three");
        assert!(directory.organisation(&id("a")).is_none());
    }
}
