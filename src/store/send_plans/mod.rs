//! Plans of sends: lines that stand until a later plan closes them, and who approved what.

pub(super) mod lines;
mod read;
mod keep;
