//! One integration binary: Typst links slowly.

mod commands;
mod harness;
mod input;
mod order;
mod pipeline;
mod readme;
mod smtp;
mod smtp_server;
