//! The commands, by the people who use them.

pub(super) mod today;
pub(super) mod records;
pub(super) mod sending;
pub(super) mod mail_room;
pub(super) mod access_record;
pub(super) mod supervisor;
pub(super) mod operator;
