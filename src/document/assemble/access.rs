//! The page around the reports on the record of access.

use super::{
    AssembleError, Sheet,
    page::{Stamped, page},
};
use crate::document::view::Page;

/// The page of a report. `holder` is whose copy it is, where that is not the sheet's recipient: the program's own.
///
/// # Errors
/// When recipient or coordinator cannot be named.
pub fn report_page(sheet: &Sheet<'_>, holder: Option<&str>) -> Result<Page, AssembleError> {
    let mut page = page(sheet, None, Stamped::Yes)?;
    if let Some(holder) = holder {
        holder.clone_into(&mut page.copy.recipient);
    }
    Ok(page)
}
