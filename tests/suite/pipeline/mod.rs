//! The whole path, on a real store with real rendering processes.

mod alone;
mod at_hand;
mod balance;
mod crashes;
mod encrypted;
mod follows;
mod gate_at_release;
mod lanes;
mod mail;
mod mailed;
mod service;
mod together;
mod too_large;
mod operations;
mod own_templates;
mod outcomes;
mod passive;
mod path;
mod pauses;
mod safety;
mod stops;
mod trial;
mod ways;
