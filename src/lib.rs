//! Earlypost sends early-intervention papers to the people who may have them, on time, and keeps a record
//! that proves it.
//!
//! The modules tell the story in order: a case record is received ([`case`]), what is owed is worked out
//! ([`due`]), papers are made ([`document`]), the gate decides ([`disclosure`]), they are sent ([`dispatch`])
//! and the record of access is kept ([`ledger`]). A module imports only modules that stand above it here.

pub mod clock;
pub mod hint;
pub mod shown;
pub mod telemetry;
pub mod files;
pub mod shutdown;
pub mod case;
pub mod actor;
pub mod due;
pub mod document;
pub mod disclosure;
pub mod dispatch;
pub mod ledger;
pub mod store;
pub mod pipeline;
pub mod observe;
pub mod config;
pub mod app;
pub mod schedule;
pub mod doctor;
pub mod simulate;
pub mod cli;
