//! The plan's view, under the recipient's mask.

use super::{
    AssembleError, Sheet, meeting,
    page::{Stamped, page, parts_of_plan},
    words,
};
use crate::{
    case::{
        Audience, FamilyInformation, FamilyMember, IfspKind, IfspVersion, Level, OtherServiceStatus, OutcomeFor,
        ParentRole, PlanSection, RecordClass, ServiceConsent, ServiceLine, Setting,
    },
    document::view::{
        Area, Consent, DateLine, Family, IfspView, LineOfService, OtherServiceLine, OutcomeBlock, ParticipantLine,
        ReviewLine, SignatureLine, StepLine, Tile,
    },
    due::{
        calendar::{add_calendar_days, add_months},
        dates::FortyFiveDays,
    },
};

/// Builds the view of a plan.
pub(super) fn view(sheet: &Sheet<'_>, version: &IfspVersion) -> Result<IfspView, AssembleError> {
    let record = sheet.record;
    let child = &record.child;
    let family_shown = sheet.mask.shows(RecordClass::FamilyInformation);
    let mut page = page(sheet, Some(version), Stamped::Yes)?;
    page.copy.parts = parts_of_plan(sheet);
    let mut view = IfspView {
        plan_name: sheet.rules.program.plan_name.to_string(),
        kind: sheet.said.word("plan_kind", &version.kind),
        meeting_on: sheet.said.long(*version.meeting_on),
        meeting: meeting(sheet, version),
        period: sheet.said.span(*version.meeting_on, *version.period_end),
        age: sheet.said.age(*child.birth_date, *version.meeting_on),
        adjusted_age: adjusted_age(sheet, *version.meeting_on),
        county: child.residence_county.to_string(),
        language_at_home: sheet.said.fill(
            "said.meeting.home_language",
            &[("language", &sheet.said.language(&child.home_language)), ("mode", &child.mode_of_communication)],
        ),
        interpreter_needed: child.interpreter_needed,
        parents: parents(sheet),
        tiles: tiles(sheet, version, &page.caller.first_name, &page.caller.telephone, page.caller.hours.as_deref()),
        areas: Some(areas(sheet, version)),
        evaluation_due: (version.kind == IfspKind::Interim)
            .then(|| sheet.said.long(FortyFiveDays::of(record, &sheet.rules, sheet.day).due_on)),
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
            .map(|o| outcome(sheet, o))
            .collect(),
        services: version.services.iter().filter(|l| shown(sheet, l)).map(|l| line(sheet, l)).collect(),
        shows_payment: family_shown,
        other_services: family_shown.then(|| version.other_services.iter().map(|s| other_service(sheet, s)).collect()),
        coordinator_profession: version
            .coordinator_profession
            .as_ref()
            .map_or_else(|| page.caller.profession.clone(), ToString::to_string),
        transition: sheet.mask.shows(RecordClass::Transition).then(|| steps(sheet, version)),
        third_birthday: sheet.said.long(sheet.rules.third_birthday(*child.birth_date)),
        participants: version
            .participants
            .iter()
            .map(|p| ParticipantLine {
                name: p.name.to_string(),
                role: p.role.to_string(),
                attendance: sheet.said.word("attendance", &p.attendance),
            })
            .collect(),
        signature: version.signature.as_ref().map(|s| SignatureLine {
            name: record.member(&s.person_id).map(|m| m.name.full()).unwrap_or_default(),
            on: sheet.said.long(*s.on),
            method: sheet.said.word("signed", &s.method),
        }),
        explained_on: version.explained_on.map(|d| sheet.said.long(*d)),
        who_receives: if sheet.mask.whole { who_receives(sheet, version) } else { Vec::new() },
        next_dates: next_dates(sheet, version),
        page,
    };
    keep_out(&mut view, sheet);
    Ok(view)
}

/// Parts that a release keeps out are not in the copy at all.
fn keep_out(view: &mut IfspView, sheet: &Sheet<'_>) {
    for section in &sheet.mask.without {
        match section {
            PlanSection::PresentLevels => view.areas = None,
            PlanSection::DailyRoutines => view.routines = None,
            PlanSection::Outcomes => view.outcomes.clear(),
            PlanSection::Participants => view.participants.clear(),
            PlanSection::TransitionSteps => view.transition = None,
        }
    }
}

fn meeting(sheet: &Sheet<'_>, version: &IfspVersion) -> String {
    let language = sheet.said.language(&version.meeting_language);
    match &version.interpreter {
        Some(interpreter) => sheet.said.fill(
            "said.meeting.interpreted",
            &[("how", &version.meeting_method), ("language", &language), ("interpreter", interpreter)],
        ),
        None => sheet.said.fill("said.meeting.language", &[("how", &version.meeting_method), ("language", &language)]),
    }
}

/// Adjusted for weeks before 40, up to the age that the state or the program sets; it moves no date.
pub(super) fn adjusted_age(sheet: &Sheet<'_>, day: chrono::NaiveDate) -> Option<String> {
    let weeks = i64::from(sheet.record.child.gestational_age_weeks?);
    if weeks >= 37 || !sheet.mask.shows(RecordClass::EvaluationAndEligibility) {
        return None;
    }
    let born = *sheet.record.child.birth_date;
    let adjusted = add_calendar_days(born, (40 - weeks) * 7);
    (day > adjusted && day < add_months(born, sheet.rules.adjusted_age_months())).then(|| sheet.said.age(adjusted, day))
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
            label: sheet.said.text("said.tiles.services").to_owned(),
            value: sheet.said.long(*line.projected_start),
            note: sheet.said.fill(
                "said.setting.first",
                &[
                    ("service", &sheet.said.word("service", &line.service)),
                    ("setting", &sheet.said.word("setting_in_line", &line.setting)),
                ],
            ),
        });
    }
    let review = add_months(*version.meeting_on, i32::from(sheet.rules.profile.review_months.value));
    tiles.push(Tile {
        label: sheet.said.text("said.tiles.review").to_owned(),
        value: sheet.said.by(review.min(*version.period_end)),
        note: sheet.said.text("said.tiles.review_note").to_owned(),
    });
    tiles.push(Tile {
        label: sheet.said.fill("said.tiles.call", &[("first", first_name)]),
        value: telephone.to_owned(),
        note: hours.unwrap_or(sheet.said.text("said.no_message_hours")).to_owned(),
    });
    tiles
}

fn areas(sheet: &Sheet<'_>, version: &IfspVersion) -> Vec<Area> {
    let Some(levels) = &version.present_levels else { return Vec::new() };
    let scores = sheet.mask.shows(RecordClass::EvaluationAndEligibility);
    let health = sheet.mask.shows(RecordClass::Health);
    let rows: [(&str, &Level, bool); 8] = [
        ("physical", &levels.physical, true),
        ("vision", &levels.vision, health),
        ("hearing", &levels.hearing, health),
        ("health", &levels.health, health),
        ("cognitive", &levels.cognitive, true),
        ("communication", &levels.communication, true),
        ("social_emotional", &levels.social_emotional, true),
        ("adaptive", &levels.adaptive, true),
    ];
    let text = |line: &Option<crate::case::Line>| line.as_ref().filter(|_| scores).map(ToString::to_string);
    rows.into_iter()
        .filter(|(.., shown)| *shown)
        .map(|(area, level, _)| Area {
            plain: sheet.said.text(&format!("said.areas.{area}")).to_owned(),
            term: sheet.said.text(&format!("said.areas_term.{area}")).to_owned(),
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

fn outcome(sheet: &Sheet<'_>, outcome: &crate::case::Outcome) -> OutcomeBlock {
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
                on: sheet.said.short(*r.on),
                progress: sheet.said.word("progress", &r.progress),
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
        .then(|| sheet.said.listed(&line.payment.iter().map(|p| sheet.said.word("payer", p)).collect::<Vec<_>>()));
    LineOfService {
        service: sheet.said.word("service", &line.service),
        who: words::who(sheet, line),
        how_often: words::how_often(sheet.said, line),
        how_long: words::how_long(sheet.said, line),
        method: line.method.to_string(),
        setting: sheet.said.word("setting", &line.setting),
        location: line.location.to_string(),
        natural_environment: line.setting != Setting::Other,
        justification: line.justification.as_ref().map(ToString::to_string),
        starts: sheet.said.short(*line.projected_start),
        ends: sheet.said.short(*line.duration_end),
        first_session: line.actual_first_date.map(|d| sheet.said.short(*d)),
        outcomes: words::numbers(&line.outcomes),
        payment,
        consent: consent(sheet, &line.consent),
    }
}

pub(super) fn consent(sheet: &Sheet<'_>, consent: &ServiceConsent) -> Consent {
    let (status, on) = match consent {
        ServiceConsent::Open => ("open", None),
        ServiceConsent::Given { on, .. } => ("given", Some(on)),
        ServiceConsent::Declined { on, .. } => ("declined", Some(on)),
        ServiceConsent::Withdrawn { on, .. } => ("withdrawn", Some(on)),
    };
    Consent { status: status.to_owned(), on: on.map(|d| sheet.said.short(**d)) }
}

fn other_service(sheet: &Sheet<'_>, service: &crate::case::OtherService) -> OtherServiceLine {
    let from = match (&service.provider, &service.funding) {
        (Some(provider), Some(funding)) => {
            Some(sheet.said.fill("said.payer.from", &[("provider", provider), ("funding", funding)]))
        }
        (one, other) => one.as_ref().or(other.as_ref()).map(ToString::to_string),
    };
    OtherServiceLine {
        name: service.name.to_string(),
        from,
        receiving: service.status == OtherServiceStatus::Receiving,
        steps: service.steps.as_ref().map(ToString::to_string),
    }
}

pub(super) fn steps(sheet: &Sheet<'_>, version: &IfspVersion) -> Vec<StepLine> {
    version
        .transition_steps
        .iter()
        .map(|s| StepLine {
            text: s.text.to_string(),
            responsible: s.responsible.to_string(),
            due: s.due_on.map(|d| sheet.said.short(*d)),
            done: s.done_on.map(|d| sheet.said.short(*d)),
        })
        .collect()
}

/// Who gets this plan besides the parents, and why: printed in the parents' copy.
fn who_receives(sheet: &Sheet<'_>, version: &IfspVersion) -> Vec<String> {
    receivers(sheet, version)
        .into_iter()
        .map(|receiver| match receiver.release {
            None => sheet.said.fill("said.receives.agency", &[("name", &receiver.office)]),
            Some((date, classes)) => sheet
                .said
                .fill("said.receives.release", &[("name", &receiver.office), ("date", &date), ("classes", &classes)]),
        })
        .collect()
}

/// An office that receives the plan: by its service, or by a release with its day and record classes in words.
pub(super) struct Receiver {
    pub(super) office: String,
    pub(super) release: Option<(String, String)>,
}

pub(super) fn receivers(sheet: &Sheet<'_>, version: &IfspVersion) -> Vec<Receiver> {
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
        if let Some(office) = words::organisation(sheet.directory, agency) {
            out.push(Receiver { office, release: None });
        }
    }
    for release in
        sheet.record.releases.iter().filter(|r| r.revoked_on.is_none() && r.expires_on.is_none_or(|e| *e >= sheet.day))
    {
        for recipient in &release.recipients {
            let Some(office) = words::organisation(sheet.directory, &recipient.organisation_id) else { continue };
            let classes =
                sheet.said.listed(&release.classes.iter().map(|c| sheet.said.word("class", c)).collect::<Vec<_>>());
            out.push(Receiver { office, release: Some((sheet.said.long(*release.signed_on), classes)) });
        }
    }
    out
}

pub(super) fn next_dates(sheet: &Sheet<'_>, version: &IfspVersion) -> Vec<DateLine> {
    if sheet.mask.audience != Audience::Family {
        return Vec::new();
    }
    let mut dates: Vec<(chrono::NaiveDate, DateLine)> = meeting::ahead(sheet)
        .map(|a| {
            let what = meeting::in_one_line(sheet, a);
            (*a.on, DateLine { date: sheet.said.long(*a.on), what, note: None })
        })
        .collect();
    let mut by = |on: chrono::NaiveDate, key: &str, note: Option<&str>| {
        // An appointment on the very day says it better.
        if !dates.iter().any(|(at, _)| *at == on) {
            let text = |key: &str| sheet.said.text(&format!("said.next.{key}")).to_owned();
            dates.push((on, DateLine { date: sheet.said.by(on), what: text(key), note: note.map(text) }));
        }
    };
    let review = add_months(*version.meeting_on, i32::from(sheet.rules.profile.review_months.value));
    if version.kind == IfspKind::Interim {
        by(*version.period_end, "full_plan", None);
    } else {
        if review < *version.period_end {
            by(review, "six_months", Some("sooner"));
        }
        by(*version.period_end, "yearly", None);
    }
    dates.sort_by_key(|(on, _)| *on);
    dates.into_iter().map(|(_, line)| line).collect()
}
