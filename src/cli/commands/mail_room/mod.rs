//! Letters on paper, what is handed over, and what comes back.

pub(in crate::cli) mod handover;
pub(in crate::cli) mod mark;
pub(in crate::cli) mod passphrase;
pub(in crate::cli) mod print;
pub(in crate::cli) mod receive;
