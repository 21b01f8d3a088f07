//! Letters: the print folder, the printer, the envelopes they go into.

pub mod print;
pub(super) mod ipp;
