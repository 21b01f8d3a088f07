//! Views of what a family may do, and who helps.

use super::{
    AssembleError, Sheet,
    page::{Stamped, page},
};
use crate::document::view::{
    HelpLine, ProceduralSafeguardsView, RecordPlace, RecordsView, Rights, RightsAndAdvocacyView,
};

/// Offices that help, as the program names them.
pub(super) fn help(sheet: &Sheet<'_>) -> Vec<HelpLine> {
    sheet
        .rules
        .program
        .help
        .iter()
        .map(|h| HelpLine { name: h.name.to_string(), about: h.about.to_string(), telephone: h.telephone.to_string() })
        .collect()
}

pub(super) fn rights(sheet: &Sheet<'_>) -> Rights {
    Rights { help: help(sheet) }
}

pub(super) fn safeguards(sheet: &Sheet<'_>) -> Result<ProceduralSafeguardsView, AssembleError> {
    Ok(ProceduralSafeguardsView { page: page(sheet, None, Stamped::Yes)?, rights: rights(sheet) })
}

pub(super) fn advocacy(sheet: &Sheet<'_>) -> Result<RightsAndAdvocacyView, AssembleError> {
    Ok(RightsAndAdvocacyView { page: page(sheet, None, Stamped::Yes)?, rights: rights(sheet) })
}

fn kept(sheet: &Sheet<'_>) -> Vec<RecordPlace> {
    let line = |kept: &crate::case::RecordKept| RecordPlace {
        records: kept.records.to_string(),
        place: kept.place.to_string(),
        ask: kept.ask.to_string(),
    };
    sheet.rules.program.records.iter().map(line).collect()
}

/// 34 CFR 303.404; it says which records there are even before any is made.
pub(super) fn confidentiality(sheet: &Sheet<'_>) -> Result<RecordsView, AssembleError> {
    Ok(RecordsView { page: page(sheet, None, Stamped::Yes)?, greeting: sheet.recipient_name()?, records: kept(sheet) })
}

/// 34 CFR 303.408; a list of nothing is no list.
pub(super) fn locations(sheet: &Sheet<'_>) -> Result<RecordsView, AssembleError> {
    let view = confidentiality(sheet)?;
    if view.records.is_empty() { Err(AssembleError::NothingToShow) } else { Ok(view) }
}
