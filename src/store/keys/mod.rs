//! The program's key, what is sealed with it, and the passphrases that recipients are told.

pub(super) mod program_key;
pub(super) mod encryption;
