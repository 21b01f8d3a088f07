//! Who has a role for the child, from when to when.

use super::look::Look;
use crate::case::{Assignment, CoordinatorTerm, OrganisationKind, PersonId};

/// Kinds of office whose people coordinate nobody's services.
fn never_coordinates(kind: OrganisationKind) -> bool {
    matches!(
        kind,
        OrganisationKind::PrimaryCare
            | OrganisationKind::Payer
            | OrganisationKind::ChildCare
            | OrganisationKind::Interpreter
            | OrganisationKind::MailHouse
    )
}

/// Kinds of office in which a physician may follow a child.
fn treats(kind: OrganisationKind) -> bool {
    matches!(
        kind,
        OrganisationKind::PrimaryCare
            | OrganisationKind::Specialist
            | OrganisationKind::EisProvider
            | OrganisationKind::Other
    )
}

/// A coordinator of the child: a professional, and nobody's physician.
pub(super) fn coordinator(field: String, person: &PersonId, f: &mut Look<'_>) {
    let directory = f.directory();
    let Some(professional) = directory.professional(person) else { return f.professional(field, person) };
    let office = directory.organisation(&professional.organisation_id);
    let follows = f.record.physicians.iter().any(|p| p.person_id.as_ref() == Some(person));
    if follows || office.is_some_and(|office| never_coordinates(office.kind)) {
        f.refuse(
            field,
            "is a physician or works in an office that coordinates no services; name the service coordinator",
        );
    }
}

/// Terms of coordinators, oldest first.
pub(super) fn coordinators(f: &mut Look<'_>) {
    let terms = &f.record.coordinators;
    for (i, term) in terms.iter().enumerate() {
        let at = format!("coordinators[{i}]");
        coordinator(format!("{at}.person_id"), &term.person_id, f);
        f.since_known(format!("{at}.from"), term.from);
        f.follows(format!("{at}.to"), term.to, term.from, "the first day");
        // On the day of a handover both may be there.
        let after = |other: &CoordinatorTerm| other.to.is_none_or(|to| to > term.from);
        if i > 0 && terms[i - 1].person_id != term.person_id && after(&terms[i - 1]) {
            f.ask(
                format!("{at}.from"),
                format!("coordinator {} from {}", term.person_id, term.from),
                "begins while the coordinator above has not ended; enter the last day of the one who left",
            );
        }
    }
    if let Some(i) = terms.windows(2).position(|pair| pair[1].from < pair[0].from) {
        f.refuse(format!("coordinators[{}].from", i + 1), "lies before the one above; write the oldest term first");
    }
}

/// Roles of offices (34 CFR 303.403, 303.414(b)).
pub(super) fn assignments(f: &mut Look<'_>) {
    for (i, assignment) in f.record.assignments.iter().enumerate() {
        self::assignment(assignment, &format!("assignments[{i}]"), f);
    }
}

fn assignment(assignment: &Assignment, at: &str, f: &mut Look<'_>) {
    f.office(format!("{at}.organisation_id"), &assignment.organisation_id);
    f.since_known(format!("{at}.from"), assignment.from);
    f.follows(format!("{at}.to"), assignment.to, assignment.from, "the first day");
    if assignment.to == Some(assignment.from) {
        f.ask(
            format!("{at}.to"),
            format!("assignment {}", assignment.event_id),
            "is the first day too; check whether the assignment really lasts one day",
        );
    }
    let lasts = assignment.to.is_none_or(|to| *to >= f.today());
    f.works_in(format!("{at}.person_id"), assignment.person_id.as_ref(), Some(&assignment.organisation_id), lasts);
    // An agency may be assigned while the plan with its line is still being written.
    if let Some(line) = &assignment.service_line_id
        && f.record.has_lines()
        && !f.record.has_line(line)
    {
        f.refuse(
            format!("{at}.service_line_id"),
            "names no service line of this record; correct it, or add the plan that has the line",
        );
    }
}

pub(super) fn physicians(f: &mut Look<'_>) {
    for (i, physician) in f.record.physicians.iter().enumerate() {
        let at = format!("physicians[{i}]");
        f.office(format!("{at}.organisation_id"), &physician.organisation_id);
        let office = f.directory().organisation(&physician.organisation_id);
        if office.is_some_and(|office| !treats(office.kind)) {
            f.refuse(
                format!("{at}.organisation_id"),
                "is no practice, as the directory has it; name the practice, or correct its kind",
            );
        }
        f.since_known(format!("{at}.from"), physician.from);
        f.follows(format!("{at}.to"), physician.to, physician.from, "the first day");
        let lasts = physician.to.is_none_or(|to| *to >= f.today());
        f.works_in(format!("{at}.person_id"), physician.person_id.as_ref(), Some(&physician.organisation_id), lasts);
        if !lasts {
            f.professional(format!("{at}.person_id"), physician.person_id.as_ref());
        }
    }
}

/// With whom the child lives, and who answers for a child in care.
pub(super) fn placements(f: &mut Look<'_>) {
    for (i, placement) in f.record.placements.iter().enumerate() {
        let at = format!("placements[{i}]");
        f.family(format!("{at}.person_id"), &placement.person_id);
        f.since_birth(format!("{at}.from"), placement.from);
        f.follows(format!("{at}.to"), placement.to, placement.from, "the first day");
        if let Some(word) = &placement.may_be_known {
            f.happened_since_birth(format!("{at}.may_be_known.on"), word.on);
            let agency = f.directory().professional(&word.said_by).map(|p| &p.organisation_id);
            let office = agency.and_then(|agency| f.directory().organisation(agency));
            if office.is_none_or(|office| office.kind != OrganisationKind::ChildWelfare) {
                f.refuse(
                    format!("{at}.may_be_known.said_by"),
                    "is no professional of a child-welfare agency of the directory; name the person of the agency who said so, or \
                     leave `may_be_known` out",
                );
            }
        }
    }
    for (i, caseworker) in f.record.caseworkers.iter().enumerate() {
        let at = format!("caseworkers[{i}]");
        f.professional(format!("{at}.person_id"), &caseworker.person_id);
        let works_in = f.directory().professional(&caseworker.person_id).map(|p| &p.organisation_id);
        if works_in.is_some_and(|office| office != &caseworker.organisation_id) {
            f.refuse(
                format!("{at}.organisation_id"),
                "is not the office in which this professional works; correct one of the two",
            );
        }
        f.since_known(format!("{at}.from"), caseworker.from);
        f.follows(format!("{at}.to"), caseworker.to, caseworker.from, "the first day");
        if caseworker.case_plan_access && caseworker.legal_responsibility.is_none() {
            f.refuse(
                format!("{at}.legal_responsibility"),
                "missing; say which paper makes the agency legally responsible for this child",
            );
        }
    }
}
