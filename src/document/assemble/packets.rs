//! Views of packets: the views of their parts, and what only a packet says.

use super::{
    AssembleError, Sheet, family, family_letters, forms, ifsp, letters, meeting, notices,
    page::{Stamped, page},
    rights, words,
};
use crate::{
    case::{AppointmentKind, CaseRecord, ConsentAct, IfspVersion, PersonId, RecordClass, ServiceType},
    document::view::{
        DateLine, DistrictPacketView, DistrictParts, FamilyPacketView, FamilyParts, OutcomeLine, ReceiverLine,
        TeamLine, TermLine, VisitPacketView, VisitParts,
    },
    due::{DocumentKind, StateForm, calendar::add_calendar_days, dates::FortyFiveDays},
};

/// The newest version that is final, signed or not: parents have it either way.
fn newest<'a>(sheet: &Sheet<'a>) -> Option<&'a IfspVersion> {
    let record = sheet.record;
    record
        .in_effect()
        .or_else(|| record.ifsps.iter().filter(|v| v.status.is_final()).max_by_key(|v| (v.meeting_on, v.version)))
}

/// A part for which the record has nothing is left out.
fn where_there_is<T>(part: Result<T, AssembleError>) -> Result<Option<T>, AssembleError> {
    match part {
        Ok(part) => Ok(Some(part)),
        Err(AssembleError::NothingToShow | AssembleError::NoSubject) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Everything for a family in one file.
pub(super) fn family(sheet: &Sheet<'_>) -> Result<FamilyPacketView, AssembleError> {
    let version = newest(sheet);
    Ok(FamilyPacketView {
        page: page(sheet, version, Stamped::Yes)?,
        greeting: sheet.recipient_name()?,
        duplex: sheet.rules.program.policy.print_on_both_sides,
        team: team(sheet, version),
        former: former(sheet),
        next_dates: version.map_or_else(|| family::ahead(sheet), |v| ifsp::next_dates(sheet, v)),
        receivers: version.map(|v| receivers(sheet, v)).unwrap_or_default(),
        rights: rights::rights(sheet),
        parts: FamilyParts {
            ifsp: version.map(|v| ifsp::view(sheet, v)).transpose()?,
            provider_choices: where_there_is(family_letters::choices(sheet))?,
            resource_list: where_there_is(family_letters::resources(sheet))?,
            consent_to_release: forms::consent_to_release(sheet)?,
            insurance_consent: if asks_for_insurance(sheet.record) {
                Some(forms::insurance_consent(sheet)?)
            } else {
                None
            },
        },
    })
}

/// Whether a parent has been asked about insurance and has not answered.
fn asks_for_insurance(record: &CaseRecord) -> bool {
    let about = |act| matches!(act, ConsentAct::PublicInsurance | ConsentAct::PrivateInsurance);
    record.consents.iter().any(|consent| about(consent.act) && consent.answer.is_none())
}

/// The parts of a paper for which a state may have a file of its own.
#[must_use]
pub fn state_forms_of(kind: DocumentKind, record: &CaseRecord) -> Vec<StateForm> {
    let mut forms = match kind {
        DocumentKind::PriorWrittenNotice => vec![StateForm::ProceduralSafeguards],
        DocumentKind::FamilyPacket => vec![StateForm::ProceduralSafeguards, StateForm::ConsentToRelease],
        DocumentKind::VisitPacket => {
            vec![StateForm::EvaluationConsent, StateForm::ConsentToRelease, StateForm::ProceduralSafeguards]
        }
        _ => StateForm::ALL.iter().copied().filter(|form| form.in_place_of() == kind).collect(),
    };
    if kind == DocumentKind::FamilyPacket && asks_for_insurance(record) {
        forms.push(StateForm::InsuranceConsent);
    }
    forms
}

fn telephone(sheet: &Sheet<'_>, person: &PersonId) -> Option<String> {
    let professional = sheet.directory.professional(person)?;
    let office = sheet.directory.organisation(&professional.organisation_id);
    let number = professional.telephone.as_ref().or_else(|| office.and_then(|o| o.telephone.as_ref()));
    number.map(ToString::to_string)
}

/// The coordinator first, then who gives each service that the parent has said yes to.
fn team(sheet: &Sheet<'_>, version: Option<&IfspVersion>) -> Vec<TeamLine> {
    let mut team = Vec::new();
    let coordinator = sheet.record.coordinator_on(sheet.day);
    if let Some(id) = coordinator {
        team.push(TeamLine {
            name: words::professional(sheet.directory, id).unwrap_or_default(),
            role: sheet.said.word("service", &ServiceType::ServiceCoordination),
            agency: None,
            telephone: telephone(sheet, id),
        });
    }
    let lines = version.iter().flat_map(|v| &v.services);
    for line in lines.filter(|l| l.consent.stands() && l.service != ServiceType::ServiceCoordination) {
        let agency = line.provider_organisation.as_ref().and_then(|id| sheet.directory.organisation(id));
        let person = line.provider_person.as_ref();
        let entry = TeamLine {
            name: person
                .and_then(|id| words::professional(sheet.directory, id))
                .or_else(|| agency.map(|a| a.name.to_string()))
                .unwrap_or_else(|| sheet.said.text("said.to_be_chosen").to_owned()),
            role: sheet.said.word("service", &line.service),
            agency: agency.filter(|_| person.is_some()).map(|a| a.name.to_string()),
            telephone: person
                .and_then(|id| telephone(sheet, id))
                .or_else(|| agency.and_then(|a| a.telephone.as_ref()).map(ToString::to_string)),
        };
        if !team.iter().any(|t| t.name == entry.name && t.role == entry.role) {
            team.push(entry);
        }
    }
    team
}

/// Former coordinators stay in the record with their dates.
fn former(sheet: &Sheet<'_>) -> Vec<TermLine> {
    let over =
        sheet.record.coordinators.iter().filter_map(|term| term.to.filter(|to| **to < sheet.day).map(|to| (term, to)));
    over.filter_map(|(term, to)| {
        Some(TermLine {
            name: words::professional(sheet.directory, &term.person_id)?,
            period: sheet.said.span(*term.from, *to),
        })
    })
    .collect()
}

fn receivers(sheet: &Sheet<'_>, version: &IfspVersion) -> Vec<ReceiverLine> {
    ifsp::receivers(sheet, version)
        .into_iter()
        .map(|receiver| {
            let (why, ground) = match receiver.release {
                None => (sheet.said.text("said.receives.agency_why").to_owned(), "service"),
                Some((date, classes)) => {
                    (sheet.said.fill("said.receives.release_why", &[("date", &date), ("classes", &classes)]), "release")
                }
            };
            ReceiverLine { office: receiver.office, why, ground: ground.to_owned() }
        })
        .collect()
}

/// The papers for a visit before there is a plan, or before it is written anew.
pub(super) fn visit(sheet: &Sheet<'_>) -> Result<VisitPacketView, AssembleError> {
    const VISITS: [AppointmentKind; 5] = [
        AppointmentKind::Intake,
        AppointmentKind::Evaluation,
        AppointmentKind::InitialMeeting,
        AppointmentKind::PeriodicReview,
        AppointmentKind::AnnualMeeting,
    ];
    let record = sheet.record;
    let appointment = meeting::next(sheet, &VISITS);
    let day = appointment.map_or(sheet.day, |a| *a.on);
    let born = *record.child.birth_date;
    let meeting_by =
        record.ifsps.is_empty().then(|| sheet.said.long(FortyFiveDays::of(record, &sheet.rules, sheet.day).due_on));
    Ok(VisitPacketView {
        page: page(sheet, None, Stamped::Yes)?,
        greeting: sheet.recipient_name()?,
        duplex: sheet.rules.program.policy.print_on_both_sides,
        plan_name: sheet.rules.program.plan_name.to_string(),
        visit: appointment.map(|a| meeting::line(sheet, a)),
        age: sheet.said.age(born, day),
        adjusted_age: ifsp::adjusted_age(sheet, day),
        parents: notices::parents(sheet).map(|m| format!("{} ({})", m.name.full(), m.relationship)).collect(),
        language_at_home: sheet.said.fill(
            "said.meeting.home_language",
            &[
                ("language", &sheet.said.language(&record.child.home_language)),
                ("mode", &record.child.mode_of_communication),
            ],
        ),
        county: record.child.residence_county.to_string(),
        meeting_by,
        outcomes: record
            .in_effect()
            .iter()
            .flat_map(|v| &v.outcomes)
            .map(|o| OutcomeLine {
                number: o.number,
                statement: o.statement.to_string(),
                criteria: None,
                procedures: None,
            })
            .collect(),
        rights: rights::rights(sheet),
        parts: VisitParts {
            evaluation_consent: forms::evaluation_consent(sheet)?,
            consent_to_release: forms::consent_to_release(sheet)?,
        },
    })
}

/// For the school district, within the release: steps, conference, and the plan where the release covers it.
pub(super) fn district(sheet: &Sheet<'_>) -> Result<DistrictPacketView, AssembleError> {
    let record = sheet.record;
    if record.child.residence_lea.as_ref() != sheet.recipient.organisation_id() {
        return Err(AssembleError::NothingToShow);
    }
    let version = record.in_effect().ok_or(AssembleError::NothingToShow)?;
    let third = sheet.rules.third_birthday(*record.child.birth_date);
    let conference = record.transition.as_ref().and_then(|t| t.conference.as_ref()).filter(|c| c.approved);
    let appointment = meeting::next(sheet, &[AppointmentKind::TransitionConference]);
    let when = appointment.map(|a| meeting::line(sheet, a)).map(|m| DateLine {
        date: std::iter::once(m.date).chain(m.time).collect::<Vec<_>>().join(", "),
        what: m.place.unwrap_or_default(),
        note: None,
    });
    Ok(DistrictPacketView {
        page: page(sheet, Some(version), Stamped::Yes)?,
        to: sheet.recipient_name()?,
        authority: letters::authority(sheet),
        duplex: sheet.rules.program.policy.print_on_both_sides,
        third_birthday: sheet.said.long(third),
        last_day: sheet.said.long(add_calendar_days(third, -1)),
        conference: when.filter(|_| conference.is_some()).or_else(|| {
            conference.filter(|c| !c.held).and_then(|c| c.on).map(|on| DateLine {
                date: sheet.said.weekday(*on),
                what: conference.and_then(|c| c.place.as_ref()).map(ToString::to_string).unwrap_or_default(),
                note: None,
            })
        }),
        // An outside copy names no third person: offices and their roles, not the family's guests.
        invited: appointment.iter().flat_map(|a| &a.invited).map(|i| format!("{}, {}", i.name, i.role)).collect(),
        steps: ifsp::steps(sheet, version),
        parts: DistrictParts {
            ifsp: if sheet.mask.shows(RecordClass::Plan) { Some(ifsp::view(sheet, version)?) } else { None },
        },
    })
}
