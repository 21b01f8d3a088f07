//! Letters: the print folder, the printer, the envelopes they go into.

pub(super) mod ipp;
pub mod print;
