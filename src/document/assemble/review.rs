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
                on: sheet.said.short(*r.on),
                progress: sheet.said.word("progress", &r.progress),
                // Free text never goes outside by itself.
                note: r.note.as_ref().filter(|_| family).map(ToString::to_string),
            }),
        })
        .collect();
    Ok(IfspReviewSummaryView {
        page: page(sheet, Some(version), Stamped::Yes)?,
        greeting: sheet.recipient_name()?,
        plan_name: sheet.rules.program.plan_name.to_string(),
        kind: sheet.said.word("plan_kind", &version.kind),
        meeting_on: sheet.said.long(*version.meeting_on),
        outcomes,
        changes: if before.is_some() { changes(sheet, &earlier, &services) } else { Vec::new() },
        first: before.is_none(),
        services: services
            .iter()
            .filter(|l| l.consent.stands())
            .map(|l| letters::short_service(sheet, l, false))
            .collect(),
        next_dates: ifsp::next_dates(sheet, version),
    })
}

fn terms<'a>(sheet: &Sheet<'_>, line: &'a ServiceLine) -> (String, crate::case::Date, &'a str, &'a str) {
    (words::summary(sheet.said, line), line.duration_end, line.location.as_str(), line.method.as_str())
}

fn changes(sheet: &Sheet<'_>, before: &[&ServiceLine], now: &[&ServiceLine]) -> Vec<ChangeLine> {
    let same = |a: &ServiceLine, b: &ServiceLine| a.service_line_id == b.service_line_id;
    let mut out = Vec::new();
    for line in now {
        let old = before.iter().find(|b| same(b, line));
        let was_given = old.is_some_and(|b| b.consent.stands());
        let ended = was_given && matches!(line.consent, crate::case::ServiceConsent::Withdrawn { .. });
        let change = match old {
            None => "added",
            Some(_) if ended => "ended",
            Some(old) if terms(sheet, old) != terms(sheet, line) => "changed",
            Some(_) => continue,
        };
        out.push(ChangeLine {
            change: change.to_owned(),
            service: sheet.said.word("service", &line.service),
            before: old.map(|b| words::summary(sheet.said, b)),
            now: (change != "ended").then(|| {
                let (from, to) = (sheet.said.short(*line.projected_start), sheet.said.short(*line.duration_end));
                let span = sheet.said.fill("said.dates.span", &[("from", &from), ("to", &to)]);
                [words::summary(sheet.said, line), span].join(sheet.said.text("said.comma"))
            }),
            consent: ifsp::consent(sheet, &line.consent),
        });
    }
    for old in before.iter().filter(|b| b.consent.stands() && !now.iter().any(|l| same(l, b))) {
        out.push(ChangeLine {
            change: "ended".to_owned(),
            service: sheet.said.word("service", &old.service),
            before: Some(words::summary(sheet.said, old)),
            now: None,
            consent: ifsp::consent(sheet, &old.consent),
        });
    }
    out
}
