//! The plan as an object: what it says, what a person releases of it, and that it is carried out exactly.

#[path = "plan/approval.rs"]
mod approval;
#[path = "plan/lines.rs"]
pub mod lines;
