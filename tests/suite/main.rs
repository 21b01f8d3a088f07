//! One integration binary: Typst links slowly.

mod answers;
mod authority;
mod bucket;
mod channels;
mod chaos;
mod commands;
mod decisions;
mod disks;
mod docs;
mod due;
mod faults;
mod filed;
mod gate;
mod harness;
mod input;
mod ledger;
mod next_steps;
mod observe;
mod mail_domain;
mod order;
#[path = "../../benches/outbox/mod.rs"]
mod outbox;
mod papers;
mod partners;
mod pipeline;
mod plan;
mod plans;
mod postgres;
mod readme;
mod shipping;
mod schedule;
mod shared;
mod smtp;
mod smtp_server;
mod time_source;
mod upgrade;
