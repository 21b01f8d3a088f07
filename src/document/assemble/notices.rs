//! Views of the notices that a rule asks for.

use super::{
    AssembleError, Sheet,
    page::{Stamped, page},
    rights, words,
};
use crate::{
    case::{Address, FamilyMember, OrganisationKind, ParentRole, ProposedAction, ProposedMatter},
    document::view::{LimitedNoticeView, LimitedParent, OptOutView, PriorWrittenNoticeView},
    due::{DocumentKind, Subject, calendar::add_calendar_days, dates::NoticeToDistrict},
};

/// 34 CFR 303.421.
pub(super) fn prior_written(sheet: &Sheet<'_>, subject: &Subject) -> Result<PriorWrittenNoticeView, AssembleError> {
    let Subject::Event { event_id } = subject else { return Err(AssembleError::NoSubject) };
    let proposal = sheet.record.proposals.iter().find(|p| &p.event_id == event_id).ok_or(AssembleError::NoSubject)?;
    let line = proposal
        .service_line_id
        .as_ref()
        .and_then(|id| sheet.record.in_effect().and_then(|v| v.services.iter().find(|l| &l.service_line_id == id)));
    Ok(PriorWrittenNoticeView {
        page: page(sheet, None, Stamped::Yes)?,
        greeting: sheet.recipient_name()?,
        action: match proposal.action {
            ProposedAction::Begin => "begin",
            ProposedAction::Change => "change",
            ProposedAction::End => "end",
            ProposedAction::RefuseToBegin => "refuse_to_begin",
            ProposedAction::RefuseToChange => "refuse_to_change",
        }
        .to_owned(),
        matter: match proposal.matter {
            ProposedMatter::Identification => "identification",
            ProposedMatter::Evaluation => "evaluation",
            ProposedMatter::Placement => "placement",
            ProposedMatter::Service => "service",
        }
        .to_owned(),
        what: proposal.what.to_string(),
        reasons: proposal.reasons.to_string(),
        decided_on: sheet.said.long(*proposal.decided_on),
        effective_on: proposal.effective_on.map(|d| sheet.said.long(*d)),
        service: line.map(|l| {
            let parts = [sheet.said.word("service", &l.service), words::summary(sheet.said, l)];
            parts.join(sheet.said.text("said.comma"))
        }),
        rights: rights::rights(sheet),
    })
}

/// Parents of 303.27 who may have the record.
pub(super) fn parents<'a>(sheet: &Sheet<'a>) -> impl Iterator<Item = &'a FamilyMember> {
    sheet.record.family.iter().filter(|m| m.parent_role != ParentRole::None && m.may_receive_records)
}

fn limited_parent(member: &FamilyMember) -> LimitedParent {
    let address = member.endpoints.iter().filter(|e| e.disabled_on.is_none()).find_map(|e| match &e.address {
        Address::Postal { lines } => Some(lines.iter().map(ToString::to_string).collect()),
        _ => None,
    });
    LimitedParent {
        name: member.name.full(),
        address: address.unwrap_or_default(),
        telephone: member.telephone.as_ref().map(ToString::to_string),
    }
}

fn limited(sheet: &Sheet<'_>, to: String) -> LimitedNoticeView {
    LimitedNoticeView {
        language: "en".to_owned(),
        to,
        sender: sheet.rules.program.name.to_string(),
        sender_telephone: sheet.rules.program.telephone.to_string(),
        printed_on: sheet.said.long(sheet.day),
        printed_on_iso: sheet.day.to_string(),
        child_name: sheet.record.child.legal_name.full(),
        birth_date: sheet.said.long(*sheet.record.child.birth_date),
        parents: parents(sheet).map(limited_parent).collect(),
    }
}

/// The limited notice to a district or to the state agency; to no other office.
pub(super) fn limited_notice(sheet: &Sheet<'_>, kind: DocumentKind) -> Result<LimitedNoticeView, AssembleError> {
    let office = sheet
        .recipient
        .organisation_id()
        .and_then(|id| sheet.directory.organisation(id))
        .ok_or(AssembleError::NoRecipient)?;
    let fits = match kind {
        DocumentKind::LeaNotice => sheet.record.child.residence_lea.as_ref() == Some(&office.organisation_id),
        _ => office.kind == OrganisationKind::Sea,
    };
    if !fits || parents(sheet).next().is_none() {
        return Err(AssembleError::NothingToShow);
    }
    Ok(limited(sheet, office.name.to_string()))
}

/// 34 CFR 303.401(e): only where the state lets parents object.
pub(super) fn opt_out(sheet: &Sheet<'_>) -> Result<OptOutView, AssembleError> {
    let Some(dates) = NoticeToDistrict::of(sheet.record, &sheet.rules) else {
        return Err(AssembleError::NothingToShow);
    };
    // Whoever is told so late that the notice would go before their time is over has that time all the same.
    let back_by = dates.objection_by(sheet.day);
    let goes_by = dates.due_on.max(add_calendar_days(back_by, 1));
    let born = *sheet.record.child.birth_date;
    let district = sheet.record.child.residence_lea.as_ref().and_then(|id| words::organisation(sheet.directory, id));
    let state = sheet.directory.organisations.iter().filter(|o| o.kind == OrganisationKind::Sea);
    let offices: Vec<String> = district.into_iter().chain(state.map(|o| o.name.to_string())).collect();
    Ok(OptOutView {
        page: page(sheet, None, Stamped::Yes)?,
        greeting: sheet.recipient_name()?,
        by: sheet.said.long(goes_by),
        back_by: sheet.said.long(back_by),
        notice: limited(sheet, sheet.said.listed(&offices)),
        offices,
        third_birthday: sheet.said.long(sheet.rules.third_birthday(born)),
        help: rights::help(sheet),
    })
}
