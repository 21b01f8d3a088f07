//! One integration binary: Typst links slowly.

mod harness;
mod order;
mod pipeline;
mod smtp;
mod smtp_server;
