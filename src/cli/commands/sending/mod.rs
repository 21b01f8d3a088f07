//! From the plan of sends to one delivery.

pub(in crate::cli) mod cancel;
pub(in crate::cli) mod deliver;
pub(in crate::cli) mod plan;
pub(in crate::cli) mod preview;
pub(in crate::cli) mod regenerate;
pub(in crate::cli) mod resend;
pub(in crate::cli) mod resolve;
pub(in crate::cli) mod run;
pub(in crate::cli) mod send;
pub(in crate::cli) mod show;
