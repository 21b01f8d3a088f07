//! The whole path, on a real store with real rendering processes.

mod crashes;
mod gate_at_release;
mod mail;
mod service;
mod operations;
mod outcomes;
mod path;
mod pauses;
mod ways;
