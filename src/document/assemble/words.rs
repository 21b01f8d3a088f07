//! Dates, names and lists in the words of the page. English so far; other languages come with their files.

use chrono::NaiveDate;

use crate::case::{Directory, IfspKind, Intensity, OrganisationId, PersonId, ServiceLine};

/// `November 20, 2026`.
pub(super) fn long(date: NaiveDate) -> String {
    date.format("%B %-d, %Y").to_string()
}

/// `Friday, November 20, 2026`.
pub(super) fn weekday(date: NaiveDate) -> String {
    date.format("%A, %B %-d, %Y").to_string()
}

/// `Nov 20, 2026`.
pub(super) fn short(date: NaiveDate) -> String {
    date.format("%b %-d, %Y").to_string()
}

/// `November 2026`.
pub(super) fn month(date: NaiveDate) -> String {
    date.format("%B %Y").to_string()
}

/// `20 months`, `3 weeks`.
pub(super) fn age(born: NaiveDate, day: NaiveDate) -> String {
    let months = crate::due::calendar::months_of_age(born, day);
    let weeks = (day - born).num_days().max(0) / 7;
    match months {
        0 | 1 => format!("{weeks} weeks"),
        _ => format!("{months} months"),
    }
}

/// A language tag in words; an unknown tag stands as it is.
pub(super) fn language(tag: &str) -> String {
    match tag.split('-').next().unwrap_or(tag) {
        "en" => "English",
        "es" => "Spanish",
        "ht" => "Haitian Creole",
        "vi" => "Vietnamese",
        "zh" => "Chinese",
        "ar" => "Arabic",
        "pt" => "Portuguese",
        "fr" => "French",
        "ru" => "Russian",
        "ko" => "Korean",
        "so" => "Somali",
        "ja" => "Japanese",
        "cs" => "Czech",
        "pl" => "Polish",
        "tl" => "Tagalog",
        "ur" => "Urdu",
        _ => return tag.to_owned(),
    }
    .to_owned()
}

/// `Initial`, `Six-month review`.
pub(super) fn plan_kind(kind: IfspKind) -> &'static str {
    match kind {
        IfspKind::Interim => "Interim plan",
        IfspKind::Initial => "Initial plan",
        IfspKind::PeriodicReview => "Six-month review",
        IfspKind::Annual => "Annual plan",
        IfspKind::Revision => "Changed plan",
    }
}

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
pub(super) fn who(directory: &Directory, line: &ServiceLine) -> String {
    let person = line.provider_person.as_ref().and_then(|id| professional(directory, id));
    let agency = line.provider_organisation.as_ref().and_then(|id| organisation(directory, id));
    match (person, agency) {
        (Some(person), Some(agency)) => format!("{person}, {agency}"),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => "To be chosen".to_owned(),
    }
}

/// `1 time a week`.
pub(super) fn how_often(line: &ServiceLine) -> String {
    let times = if line.sessions == 1 { "1 time".to_owned() } else { format!("{} times", line.sessions) };
    match line.per {
        crate::case::Period::HalfYear => format!("{times} in six months"),
        per => format!("{times} a {}", per.words()),
    }
}

/// `45 minutes, one to one`.
pub(super) fn how_long(line: &ServiceLine) -> String {
    let with = match line.intensity {
        Intensity::Individual => Intensity::Individual.words(),
        Intensity::Group => Intensity::Group.words(),
    };
    format!("{} minutes, {with}", line.session_minutes)
}

/// `1, 3`.
pub(super) fn numbers(outcomes: &[u8]) -> String {
    outcomes.iter().map(u8::to_string).collect::<Vec<_>>().join(", ")
}

/// `Bayside Therapy, Harbor Kids and Ocean View`.
pub(super) fn listed(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
