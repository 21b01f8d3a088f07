//! The view of a review's summary: this version beside the one before it.

use super::{
    AssembleError, Sheet, ifsp, letters,
    page::{Stamped, page},
    words,
};
use crate::{
    case::{Audience, IfspStatus, IfspVersion, OutcomeFor, RecordClass, ServiceLine},
    document::view::{ChangeLine, IfspReviewSummaryView, ReviewLine, ReviewedOutcome},
};

/// 34 CFR 303.342(b).
pub(super) fn view(sheet: &Sheet<'_>, version: &IfspVersion) -> Result<IfspReviewSummaryView, AssembleError> {
    let family = sheet.mask.audience == Audience::Family;
    let before = sheet
        .record
        .ifsps
        .iter()
        .filter(|v| v.status != IfspStatus::Draft)
        .filter(|v| (v.meeting_on, v.version) < (version.meeting_on, version.version))
        .max_by_key(|v| (v.meeting_on, v.version));
    // An agency is told of its own lines and of no other's.
    let shown = |l: &&ServiceLine| {
        sheet.mask.whole
            || sheet.mask.agency.as_ref().is_none_or(|agency| l.provider_organisation.as_ref() == Some(agency))
    };
    let services: Vec<&ServiceLine> = version.services.iter().filter(shown).collect();
    let earlier: Vec<&ServiceLine> = before.iter().flat_map(|v| &v.services).filter(shown).collect();
    let outcomes = version
        .outcomes
        .iter()
        .filter(|o| o.benefits == OutcomeFor::Child || sheet.mask.shows(RecordClass::FamilyInformation))
        .map(|o| ReviewedOutcome {
            number: o.number,
            statement: o.statement.to_string(),
            review: o.reviews.iter().max_by_key(|r| r.on).map(|r| ReviewLine {
                on: words::short(*r.on),
                progress: r.progress.words().to_owned(),
                // Free text never goes outside by itself.
                note: r.note.as_ref().filter(|_| family).map(ToString::to_string),
            }),
        })
        .collect();
    Ok(IfspReviewSummaryView {
        page: page(sheet, Some(version), Stamped::Yes)?,
        greeting: sheet.recipient_name()?,
        plan_name: sheet.rules.program.plan_name.to_string(),
        kind: words::plan_kind(version.kind).to_owned(),
        meeting_on: words::long(*version.meeting_on),
        outcomes,
        changes: if before.is_some() { changes(&earlier, &services) } else { Vec::new() },
        first: before.is_none(),
        services: services
            .iter()
            .filter(|l| l.consent.stands())
            .map(|l| letters::short_service(sheet, l, false))
            .collect(),
        next_dates: ifsp::next_dates(sheet, version),
    })
}

fn summary(line: &ServiceLine) -> String {
    format!("{}, {}", words::how_often(line), words::how_long(line))
}

fn terms(line: &ServiceLine) -> (String, String, &str, &str) {
    (summary(line), words::short(*line.duration_end), line.location.as_str(), line.method.as_str())
}

fn changes(before: &[&ServiceLine], now: &[&ServiceLine]) -> Vec<ChangeLine> {
    let same = |a: &ServiceLine, b: &ServiceLine| a.service_line_id == b.service_line_id;
    let mut out = Vec::new();
    for line in now {
        let old = before.iter().find(|b| same(b, line));
        let was_given = old.is_some_and(|b| b.consent.stands());
        let ended = was_given && matches!(line.consent, crate::case::ServiceConsent::Withdrawn { .. });
        let change = match old {
            None => "added",
            Some(_) if ended => "ended",
            Some(old) if terms(old) != terms(line) => "changed",
            Some(_) => continue,
        };
        out.push(ChangeLine {
            change: change.to_owned(),
            service: line.service.words().to_owned(),
            before: old.map(|b| summary(b)),
            now: (change != "ended").then(|| {
                format!(
                    "{}, {} to {}",
                    summary(line),
                    words::short(*line.projected_start),
                    words::short(*line.duration_end)
                )
            }),
            consent: ifsp::consent(&line.consent),
        });
    }
    for old in before.iter().filter(|b| b.consent.stands() && !now.iter().any(|l| same(l, b))) {
        out.push(ChangeLine {
            change: "ended".to_owned(),
            service: old.service.words().to_owned(),
            before: Some(summary(old)),
            now: None,
            consent: ifsp::consent(&old.consent),
        });
    }
    out
}
