//! Names and service lines in the words of the page.

use super::Sheet;
use crate::{
    case::{Directory, OrganisationId, PersonId, ServiceLine},
    document::language::Language,
};

/// `Priya Nair, M.S., CCC-SLP`, or the name without credentials.
pub(super) fn professional(directory: &Directory, id: &PersonId) -> Option<String> {
    let person = directory.professional(id)?;
    Some(match &person.credentials {
        Some(credentials) => format!("{}, {credentials}", person.name.full()),
        None => person.name.full(),
    })
}

/// An office's name.
pub(super) fn organisation(directory: &Directory, id: &OrganisationId) -> Option<String> {
    directory.organisation(id).map(|o| o.name.to_string())
}

/// Person and agency of a service line.
pub(super) fn who(sheet: &Sheet<'_>, line: &ServiceLine) -> String {
    let person = line.provider_person.as_ref().and_then(|id| professional(sheet.directory, id));
    let agency = line.provider_organisation.as_ref().and_then(|id| organisation(sheet.directory, id));
    match (person, agency) {
        (Some(person), Some(agency)) => format!("{person}, {agency}"),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => sheet.said.text("said.to_be_chosen").to_owned(),
    }
}

/// `1 time a week`.
pub(super) fn how_often(said: &Language, line: &ServiceLine) -> String {
    let period = serde_json::to_value(line.per).expect("a period is a name");
    said.count(&format!("times.{}", period.as_str().unwrap_or_default()), i64::from(line.sessions))
}

/// `45 minutes, one to one`.
pub(super) fn how_long(said: &Language, line: &ServiceLine) -> String {
    let minutes = said.count("minutes", i64::from(line.session_minutes));
    said.fill(
        "said.intensity.length",
        &[("minutes", &minutes), ("intensity", &said.word("intensity", &line.intensity))],
    )
}

/// `1 time a week, 45 minutes, one to one`.
pub(super) fn summary(said: &Language, line: &ServiceLine) -> String {
    [how_often(said, line), how_long(said, line)].join(said.text("said.comma"))
}

/// `1, 3`.
pub(super) fn numbers(outcomes: &[u8]) -> String {
    outcomes.iter().map(u8::to_string).collect::<Vec<_>>().join(", ")
}
