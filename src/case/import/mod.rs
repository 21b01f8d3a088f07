//! The only door by which facts come in. One child's record is taken whole or refused whole.

mod problem;
mod structure;
mod toml_file;
mod duplicate_fields;
mod characters;
mod incomplete_plan;
mod check;
mod record;
mod lines;
mod folder;

use chrono::NaiveDate;

use super::Directory;

pub use characters::STAND_IN;
pub use folder::{Caseload, number_taken, read_program};
pub use problem::{Problem, Problems};
pub use record::{LARGEST_RECORD_BYTES, Refused, Source, Taken, ToCheck, not_final, read_record, reread};
pub use toml_file::{Lines, from_value, parse_toml, read_toml};

/// What a record is checked against besides its own shape.
#[derive(Debug, Clone, Copy)]
pub struct Rules<'a> {
    /// The day that counts as today in the program's zone; nothing recorded may lie after it.
    pub today: NaiveDate,
    /// The offices and professionals that a record may name.
    pub directory: &'a Directory,
    /// Whether the fonts can print a character.
    pub printable: fn(char) -> bool,
}
