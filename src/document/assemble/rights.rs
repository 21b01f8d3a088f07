//! Views of what a family may do, and who helps.

use super::{
    AssembleError, Sheet,
    page::{Stamped, page},
};
use crate::document::view::{HelpLine, ProceduralSafeguardsView, Rights};

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
