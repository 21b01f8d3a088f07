//! The installation: set up, run, watched, backed up.

pub(in crate::cli) mod backup;
pub(in crate::cli) mod channel;
pub(in crate::cli) mod check;
pub(in crate::cli) mod config;
pub(in crate::cli) mod doctor;
pub(in crate::cli) mod init;
pub(in crate::cli) mod key;
pub(in crate::cli) mod man;
pub(in crate::cli) mod render_worker;
pub(in crate::cli) mod schedule;
pub(in crate::cli) mod schema;
pub(in crate::cli) mod serve;
pub(in crate::cli) mod simulate;
pub(in crate::cli) mod store;
pub(in crate::cli) mod template;
pub(in crate::cli) mod test_server;
pub(in crate::cli) mod trial;
