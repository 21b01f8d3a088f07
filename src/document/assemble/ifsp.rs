//! The plan's view, under the recipient's mask.

use super::{
    AssembleError, Sheet, meeting,
    page::{Stamped, page, parts_of_plan},
    words,
};
use crate::{
    case::{
        Audience, FamilyInformation, FamilyMember, IfspKind, IfspVersion, Level, OtherServiceStatus, OutcomeFor,
        ParentRole, RecordClass, ServiceConsent, ServiceLine, Setting, SignatureMethod,
    },
    document::view::{
        Area, Consent, DateLine, Family, IfspView, LineOfService, OtherServiceLine, OutcomeBlock, ParticipantLine,
        ReviewLine, SignatureLine, StepLine, Tile,
    },
    due::calendar::{add_calendar_days, add_months},
};

/// Builds the view of a plan.
pub(super) fn view(sheet: &Sheet<'_>, version: &IfspVersion) -> Result<IfspView, AssembleError> {
    let record = sheet.record;
    let child = &record.child;
    let family_shown = sheet.mask.shows(RecordClass::FamilyInformation);
    let mut page = page(sheet, Some(version), Stamped::Yes)?;
    page.copy.parts = parts_of_plan(sheet);
    Ok(IfspView {
        plan_name: sheet.rules.program.plan_name.to_string(),
        kind: words::plan_kind(version.kind).to_owned(),
        meeting_on: words::long(*version.meeting_on),
        meeting: meeting(version),
        period: format!("{} to {}", words::long(*version.meeting_on), words::long(*version.period_end)),
        age: words::age(*child.birth_date, *version.meeting_on),
        adjusted_age: adjusted_age(sheet, version),
        county: child.residence_county.to_string(),
        language_at_home: format!("{}, {}", words::language(&child.home_language), child.mode_of_communication),
        interpreter_needed: child.interpreter_needed,
        parents: parents(sheet),
        tiles: tiles(sheet, version, &page.caller.first_name, &page.caller.telephone, page.caller.hours.as_deref()),
        areas: Some(areas(sheet, version)),
        evaluation_due: (version.kind == IfspKind::Interim).then(|| {
            let days = i64::from(sheet.rules.profile.initial_meeting_calendar_days.value);
            words::long(add_calendar_days(*record.referral.received_on, days))
        }),
        // A family that keeps its own pages out of the plan keeps its day out too.
        routines: version
            .daily_routines
            .as_ref()
            .filter(|_| family_shown && version.family != Some(FamilyInformation::Declined))
            .map(ToString::to_string),
        family: family_shown.then(|| family(version)),
        outcomes: version
            .outcomes
            .iter()
            .filter(|o| family_shown || o.benefits == OutcomeFor::Child)
            .map(outcome)
            .collect(),
        services: version.services.iter().filter(|l| shown(sheet, l)).map(|l| line(sheet, l)).collect(),
        shows_payment: family_shown,
        other_services: family_shown.then(|| version.other_services.iter().map(other_service).collect()),
        coordinator_profession: version
            .coordinator_profession
            .as_ref()
            .map_or_else(|| page.caller.profession.clone(), ToString::to_string),
        transition: sheet.mask.shows(RecordClass::Transition).then(|| steps(version)),
        third_birthday: words::long(sheet.rules.third_birthday(*child.birth_date)),
        participants: version
            .participants
            .iter()
            .map(|p| ParticipantLine {
                name: p.name.to_string(),
                role: p.role.to_string(),
                attendance: p.attendance.words().to_owned(),
            })
            .collect(),
        signature: version.signature.as_ref().map(|s| SignatureLine {
            name: record.member(&s.person_id).map(|m| m.name.full()).unwrap_or_default(),
            on: words::long(*s.on),
            method: match s.method {
                SignatureMethod::Ink => "on paper",
                SignatureMethod::Electronic => "electronically",
            }
            .to_owned(),
        }),
        explained_on: version.explained_on.map(|d| words::long(*d)),
        who_receives: if sheet.mask.whole { who_receives(sheet, version) } else { Vec::new() },
        next_dates: next_dates(sheet, version),
        page,
    })
}

fn meeting(version: &IfspVersion) -> String {
    let language = words::language(&version.meeting_language);
    match &version.interpreter {
        Some(interpreter) => format!("{}, in {language}, with {interpreter} interpreting", version.meeting_method),
        None => format!("{}, in {language}", version.meeting_method),
    }
}

/// Adjusted for weeks before 40 until two years, as many programs print it; it moves no date.
fn adjusted_age(sheet: &Sheet<'_>, version: &IfspVersion) -> Option<String> {
    let weeks = i64::from(sheet.record.child.gestational_age_weeks?);
    if weeks >= 37 || !sheet.mask.shows(RecordClass::EvaluationAndEligibility) {
        return None;
    }
    let born = *sheet.record.child.birth_date;
    let adjusted = add_calendar_days(born, (40 - weeks) * 7);
    (*version.meeting_on > adjusted && *version.meeting_on < add_months(born, 24))
        .then(|| words::age(adjusted, *version.meeting_on))
}

/// Names of the parents who may have the record; addresses stand in no plan.
fn parents(sheet: &Sheet<'_>) -> Vec<String> {
    let named = |m: &&FamilyMember| m.parent_role != ParentRole::None && m.may_receive_records;
    sheet.record.family.iter().filter(named).map(|m| format!("{} ({})", m.name.full(), m.relationship)).collect()
}

fn tiles(
    sheet: &Sheet<'_>,
    version: &IfspVersion,
    first_name: &str,
    telephone: &str,
    hours: Option<&str>,
) -> Vec<Tile> {
    let mut tiles = Vec::new();
    let coming = |l: &&ServiceLine| shown(sheet, l) && l.consent.stands() && l.actual_first_date.is_none();
    let first = version.services.iter().filter(coming).min_by_key(|l| {
        // Coordination has begun already; a family waits for therapy.
        (l.service == crate::case::ServiceType::ServiceCoordination, l.projected_start)
    });
    if let Some(line) = first {
        tiles.push(Tile {
            label: "Services start by".to_owned(),
            value: words::long(*line.projected_start),
            note: format!("{}, {}", line.service.words(), line.setting.words().to_lowercase()),
        });
    }
    let review = add_months(*version.meeting_on, i32::from(sheet.rules.profile.review_months.value));
    tiles.push(Tile {
        label: "We look at the plan again".to_owned(),
        value: format!("by {}", words::long(review.min(*version.period_end))),
        note: "Sooner if you ask".to_owned(),
    });
    tiles.push(Tile {
        label: format!("Questions? Call {first_name}"),
        value: telephone.to_owned(),
        note: hours.unwrap_or("Leave a message at any hour").to_owned(),
    });
    tiles
}

fn areas(sheet: &Sheet<'_>, version: &IfspVersion) -> Vec<Area> {
    let Some(levels) = &version.present_levels else { return Vec::new() };
    let scores = sheet.mask.shows(RecordClass::EvaluationAndEligibility);
    let health = sheet.mask.shows(RecordClass::Health);
    let rows: [(&str, &str, &Level, bool); 8] = [
        ("Moving", "Physical: motor", &levels.physical, true),
        ("Seeing", "Physical: vision", &levels.vision, health),
        ("Hearing", "Physical: hearing", &levels.hearing, health),
        ("Health", "Physical: health", &levels.health, health),
        ("Thinking and learning", "Cognitive", &levels.cognitive, true),
        ("Talking and understanding", "Communication", &levels.communication, true),
        ("Feelings and play", "Social or emotional", &levels.social_emotional, true),
        ("Doing things for themselves", "Adaptive", &levels.adaptive, true),
    ];
    let text = |line: &Option<crate::case::Line>| line.as_ref().filter(|_| scores).map(ToString::to_string);
    rows.into_iter()
        .filter(|(.., shown)| *shown)
        .map(|(plain, term, level, _)| Area {
            plain: plain.to_owned(),
            term: term.to_owned(),
            narrative: level.narrative.to_string(),
            source: text(&level.source),
            result: text(&level.result),
        })
        .collect()
}

fn family(version: &IfspVersion) -> Family {
    match &version.family {
        None => Family::NotDiscussed,
        Some(FamilyInformation::Declined) => Family::Declined,
        Some(FamilyInformation::Agreed { resources, priorities, concerns }) => Family::Agreed {
            resources: resources.to_string(),
            priorities: priorities.to_string(),
            concerns: concerns.to_string(),
        },
    }
}

fn outcome(outcome: &crate::case::Outcome) -> OutcomeBlock {
    OutcomeBlock {
        number: outcome.number,
        for_family: outcome.benefits == OutcomeFor::Family,
        statement: outcome.statement.to_string(),
        routine: outcome.routine.as_ref().map(ToString::to_string),
        criteria: outcome.criteria.to_string(),
        procedures: outcome.procedures.to_string(),
        timeline: outcome.timeline.to_string(),
        preliteracy: outcome.preliteracy,
        reviews: outcome
            .reviews
            .iter()
            .map(|r| ReviewLine {
                on: words::short(*r.on),
                progress: r.progress.words().to_owned(),
                note: r.note.as_ref().map(ToString::to_string),
            })
            .collect(),
    }
}

/// Parents see every line with their answer; others only lines to which the parent has consented.
fn shown(sheet: &Sheet<'_>, line: &ServiceLine) -> bool {
    sheet.mask.whole || line.consent.stands()
}

fn line(sheet: &Sheet<'_>, line: &ServiceLine) -> LineOfService {
    let payment = sheet
        .mask
        .shows(RecordClass::FamilyInformation)
        .then(|| words::listed(&line.payment.iter().map(|p| p.words().to_owned()).collect::<Vec<_>>()));
    LineOfService {
        service: line.service.words().to_owned(),
        who: words::who(sheet.directory, line),
        how_often: words::how_often(line),
        how_long: words::how_long(line),
        method: line.method.to_string(),
        setting: line.setting.words().to_owned(),
        location: line.location.to_string(),
        natural_environment: line.setting != Setting::Other,
        justification: line.justification.as_ref().map(ToString::to_string),
        starts: words::short(*line.projected_start),
        ends: words::short(*line.duration_end),
        first_session: line.actual_first_date.map(|d| words::short(*d)),
        outcomes: words::numbers(&line.outcomes),
        payment,
        consent: consent(&line.consent),
    }
}

pub(super) fn consent(consent: &ServiceConsent) -> Consent {
    let (status, on) = match consent {
        ServiceConsent::Open => ("open", None),
        ServiceConsent::Given { on, .. } => ("given", Some(on)),
        ServiceConsent::Declined { on, .. } => ("declined", Some(on)),
        ServiceConsent::Withdrawn { on, .. } => ("withdrawn", Some(on)),
    };
    Consent { status: status.to_owned(), on: on.map(|d| words::short(**d)) }
}

fn other_service(service: &crate::case::OtherService) -> OtherServiceLine {
    let from: Vec<String> =
        [&service.provider, &service.funding].into_iter().flatten().map(ToString::to_string).collect();
    OtherServiceLine {
        name: service.name.to_string(),
        from: (!from.is_empty()).then(|| from.join("; paid by ")),
        receiving: service.status == OtherServiceStatus::Receiving,
        steps: service.steps.as_ref().map(ToString::to_string),
    }
}

pub(super) fn steps(version: &IfspVersion) -> Vec<StepLine> {
    version
        .transition_steps
        .iter()
        .map(|s| StepLine {
            text: s.text.to_string(),
            responsible: s.responsible.to_string(),
            due: s.due_on.map(|d| words::short(*d)),
            done: s.done_on.map(|d| words::short(*d)),
        })
        .collect()
}

/// Who gets this plan besides the parents, and why: printed in the parents' copy.
fn who_receives(sheet: &Sheet<'_>, version: &IfspVersion) -> Vec<String> {
    let mut out = Vec::new();
    let mut agencies: Vec<_> = version
        .services
        .iter()
        .filter(|l| l.consent.stands())
        .filter_map(|l| l.provider_organisation.as_ref())
        .filter(|id| **id != sheet.rules.program.program_id)
        .collect();
    agencies.sort();
    agencies.dedup();
    for agency in agencies {
        if let Some(name) = words::organisation(sheet.directory, agency) {
            out.push(format!("{name}: the agency that gives a service on this plan, without your family pages"));
        }
    }
    for release in
        sheet.record.releases.iter().filter(|r| r.revoked_on.is_none() && r.expires_on.is_none_or(|e| *e >= sheet.day))
    {
        for recipient in &release.recipients {
            let Some(office) = words::organisation(sheet.directory, &recipient.organisation_id) else { continue };
            let classes = words::listed(&release.classes.iter().map(|c| c.words().to_owned()).collect::<Vec<_>>());
            out.push(format!(
                "{office}: you signed a release on {} for {classes}. You can take it back at any time",
                words::long(*release.signed_on)
            ));
        }
    }
    out
}

pub(super) fn next_dates(sheet: &Sheet<'_>, version: &IfspVersion) -> Vec<DateLine> {
    if sheet.mask.audience != Audience::Family {
        return Vec::new();
    }
    let date = |date: String, what: &str, note: Option<&str>| DateLine {
        date,
        what: what.to_owned(),
        note: note.map(ToOwned::to_owned),
    };
    let mut dates: Vec<(chrono::NaiveDate, DateLine)> =
        meeting::ahead(sheet).map(|a| (*a.on, date(words::long(*a.on), &meeting::in_one_line(a), None))).collect();
    let mut by = |on: chrono::NaiveDate, what: &str, note: Option<&str>| {
        // An appointment on the very day says it better.
        if !dates.iter().any(|(at, _)| *at == on) {
            dates.push((on, date(format!("by {}", words::long(on)), what, note)));
        }
    };
    let review = add_months(*version.meeting_on, i32::from(sheet.rules.profile.review_months.value));
    if version.kind == IfspKind::Interim {
        by(*version.period_end, "Evaluation, and a meeting for the full plan", None);
    } else {
        if review < *version.period_end {
            by(review, "Six-month review of the plan", Some("You can ask for it sooner."));
        }
        by(*version.period_end, "Yearly meeting for a new plan", None);
    }
    dates.sort_by_key(|(on, _)| *on);
    dates.into_iter().map(|(_, line)| line).collect()
}
