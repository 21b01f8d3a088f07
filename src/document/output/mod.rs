//! What finished documents travel in: the printed copy, the fax cover, the calendar file, the barcode.

pub mod barcode;
pub(super) mod calendar_file;
pub(super) mod fax_cover;
pub mod print_copy;
