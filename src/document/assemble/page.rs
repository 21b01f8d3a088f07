//! What every page shows around its content.

use super::{AssembleError, Sheet, words};
use crate::{
    case::{
        Address, Audience, CaseRecord, Directory, Format, IfspStatus, IfspVersion, Line, PersonId, Program, Recipient,
        RecordClass, ServiceType,
    },
    document::view::{Caller, Copy, Letterhead, Notice, Page, Postal, Stamp},
};

/// Version of the redisclosure notice; it stands in the record of access.
pub const REDISCLOSURE_VERSION: &str = "2026-1";

/// 34 CFR 99.33(d), in plain words.
const REDISCLOSURE: &str = "This record is protected by federal early-intervention and education privacy law. You received it \
for the purpose shown above. Do not share it with anyone else unless the parent gives written consent or a law allows it. \
If it reached you by mistake, please call us at once and destroy it.";

/// The mail's own words for "do not forward this": it comes back instead.
const NO_FORWARDING: &str = "RETURN SERVICE REQUESTED";

/// Whether a paper bears the child's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stamped {
    Yes,
    No,
}

/// The page of a paper about `plan`, or about no plan.
pub(super) fn page(sheet: &Sheet<'_>, plan: Option<&IfspVersion>, stamped: Stamped) -> Result<Page, AssembleError> {
    let record = sheet.record;
    let stamp = (stamped == Stamped::Yes).then(|| Stamp {
        name: record.child.legal_name.full(),
        called: record.child.called().to_owned(),
        program_number: record.program_number.to_string(),
        born: sheet.said.long(*record.child.birth_date),
        plan_date: plan.map(|v| sheet.said.long(*v.meeting_on)),
        version: plan.map(|v| v.version),
    });
    let outside = sheet.mask.audience != Audience::Family;
    Ok(Page {
        language: sheet.said.tag().to_owned(),
        cover_language: cover_language(sheet),
        format: format(sheet),
        letterhead: letterhead(sheet),
        stamp,
        caller: caller(sheet)?,
        copy: Copy {
            recipient: sheet.recipient_name()?,
            audience: match sheet.mask.audience {
                Audience::Family => "family",
                Audience::Physician => "physician",
                Audience::Team => "team",
            }
            .to_owned(),
            not_yet_signed: plan.is_some_and(|v| v.status == IfspStatus::AwaitingSignature),
            parts: None,
            redisclosure: outside
                .then(|| Notice { version: REDISCLOSURE_VERSION.to_owned(), text: REDISCLOSURE.to_owned() }),
        },
        postal: postal(sheet)?,
        statements: Vec::new(),
        enclosed: sheet.filed.to_vec(),
        in_english: Vec::new(),
        english_note: None,
        translated: Vec::new(),
        printed_on: sheet.said.long(sheet.day),
        printed_on_iso: sheet.day.to_string(),
        // Measured over the finished view.
        long_words: false,
        wide_words: false,
    })
}

/// A parent who reads another language than that of the copy finds a cover in the own one before it.
fn cover_language(sheet: &Sheet<'_>) -> Option<String> {
    let own = super::language_of(sheet.languages, sheet.record, sheet.recipient);
    (own.tag() != sheet.said.tag()).then(|| own.tag().to_owned())
}

/// The format that a person of the family recorded. Text is for a screen: on paper it is ordinary print. Offices read print.
fn format(sheet: &Sheet<'_>) -> Format {
    match sheet.record.family_member(sheet.recipient).map_or(Format::Standard, |member| member.format) {
        Format::PlainText if sheet.postal.is_some() => Format::Standard,
        format => format,
    }
}

fn letterhead(sheet: &Sheet<'_>) -> Letterhead {
    let program = sheet.rules.program;
    Letterhead {
        name: program.name.to_string(),
        tagline: program.tagline.as_ref().map(ToString::to_string),
        logo: program.logo.as_ref().map(|name| format!("/letterhead/{name}")),
        address: program.address.iter().map(ToString::to_string).collect(),
        telephone: program.telephone.to_string(),
        fax: program.fax.as_ref().map(ToString::to_string),
        website: program.website.as_ref().map(ToString::to_string),
    }
}

/// The coordinator of this child; before one is named, the program answers itself.
fn caller(sheet: &Sheet<'_>) -> Result<Caller, AssembleError> {
    let program = sheet.rules.program;
    let Some(id) = sheet.record.coordinator_on(sheet.day) else {
        return Ok(Caller {
            name: program.name.to_string(),
            first_name: program.name.to_string(),
            profession: sheet.said.text("said.program_answers").to_owned(),
            telephone: program.telephone.to_string(),
            email: Some(program.email.to_string()),
            hours: None,
            languages: Vec::new(),
            also_gives: None,
        });
    };
    let person = sheet.directory.professional(id).ok_or(AssembleError::NoCoordinator)?;
    Ok(Caller {
        name: words::professional(sheet.directory, id).unwrap_or_default(),
        first_name: person.name.first.to_string(),
        profession: person.profession.to_string(),
        telephone: person.telephone.as_ref().unwrap_or(&program.telephone).to_string(),
        email: person.email.as_ref().map(ToString::to_string),
        hours: person.hours.as_ref().map(ToString::to_string),
        languages: person.languages.iter().map(|tag| sheet.said.language(tag)).collect(),
        also_gives: also_gives(sheet, id),
    })
}

/// The services beside coordination that the coordinator herself gives.
fn also_gives(sheet: &Sheet<'_>, coordinator: &PersonId) -> Option<String> {
    let own: Vec<String> = sheet
        .record
        .in_effect()?
        .services
        .iter()
        .filter(|l| l.consent.stands() && l.service != ServiceType::ServiceCoordination)
        .filter(|l| l.provider_person.as_ref() == Some(coordinator))
        .map(|l| sheet.said.word("service", &l.service).to_lowercase())
        .collect();
    (!own.is_empty()).then(|| sheet.said.listed(&own))
}

fn postal(sheet: &Sheet<'_>) -> Result<Option<Postal>, AssembleError> {
    let Some(lines) = sheet.postal else { return Ok(None) };
    Ok(Some(postal_of(sheet.record, sheet.rules.program, sheet.recipient, sheet.recipient_name()?, lines)))
}

/// Whether a person asked that nothing at this address says from outside who sends.
#[must_use]
pub fn discreet_at(record: &CaseRecord, recipient: &Recipient, lines: &[Line]) -> bool {
    record.family_member(recipient).into_iter().flat_map(|member| &member.endpoints).any(|endpoint| {
        endpoint.safe.discreet && matches!(&endpoint.address, Address::Postal { lines: at } if at == lines)
    })
}

/// The two addresses of an envelope. A discreet one names no program: a name such as "Tidewater Early Intervention" tells
/// the neighbours.
#[must_use]
pub fn postal_of(
    record: &CaseRecord,
    program: &Program,
    recipient: &Recipient,
    name: String,
    lines: &[Line],
) -> Postal {
    let return_lines = if program.return_address.is_empty() {
        let shown = (!discreet_at(record, recipient, lines)).then_some(&program.name);
        shown.into_iter().chain(&program.address).map(ToString::to_string).collect()
    } else {
        program.return_address.iter().map(ToString::to_string).collect()
    };
    let stays = record.family_member(recipient).is_some_and(|member| record.must_not_be_forwarded(&member.person_id));
    Postal {
        name,
        lines: lines.iter().map(ToString::to_string).collect(),
        return_lines,
        endorsement: stays.then(|| NO_FORWARDING.to_owned()),
    }
}

/// The name of a recipient as on an envelope.
///
/// # Errors
/// When they are neither in the family nor in the directory.
pub fn name_on_envelope(
    record: &CaseRecord,
    directory: &Directory,
    recipient: &Recipient,
) -> Result<String, AssembleError> {
    match recipient {
        Recipient::FamilyMember { person_id } => {
            record.member(person_id).map(|m| m.name.full()).ok_or(AssembleError::NoRecipient)
        }
        Recipient::Office { organisation_id, person_id } => {
            let office = words::organisation(directory, organisation_id).ok_or(AssembleError::NoRecipient)?;
            Ok(match person_id.as_ref().and_then(|id| words::professional(directory, id)) {
                Some(person) => format!("{person}, {office}"),
                None => office,
            })
        }
    }
}

/// The lettered parts of a plan that a copy holds: "A, C and D".
pub(super) fn parts_of_plan(sheet: &Sheet<'_>) -> Option<String> {
    if sheet.mask.whole {
        return None;
    }
    let mut parts = vec!["A", "C", "D"];
    if sheet.mask.shows(RecordClass::FamilyInformation) {
        parts.insert(1, "B");
        parts.push("E");
    }
    parts.push("F");
    if sheet.mask.shows(RecordClass::Transition) {
        parts.push("G");
    }
    let parts: Vec<String> = parts.into_iter().map(ToOwned::to_owned).collect();
    Some(sheet.said.listed(&parts))
}

impl Sheet<'_> {
    /// The recipient's name as on an envelope.
    pub(super) fn recipient_name(&self) -> Result<String, AssembleError> {
        name_on_envelope(self.record, self.directory, self.recipient)
    }
}
