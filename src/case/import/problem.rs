//! What is wrong with an input, in words that say where and what to do.

use std::fmt;

use crate::shown::shown;

/// One thing wrong with one field. It never repeats the value found: that may be a name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The file, relative to the folder that was given.
    pub file: String,
    /// The line of a TOML or malformed file, or the record's number in an NDJSON file; from 1.
    pub row: Option<usize>,
    /// Path of the field, such as `ifsps[0].services[1].outcomes`; empty for the whole file.
    pub field: String,
    /// What was expected and what to do.
    pub says: String,
}

impl Problem {
    /// A problem of a whole file.
    #[must_use]
    pub fn of_file(file: &str, says: impl Into<String>) -> Self {
        Self { file: file.to_owned(), row: None, field: String::new(), says: says.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", shown(&self.file))?;
        if let Some(row) = self.row {
            write!(f, ":{row}")?;
        }
        if !self.field.is_empty() {
            write!(f, ": {}", shown(&self.field))?;
        }
        write!(f, ": {}", self.says)
    }
}

/// Several problems, one a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problems(pub Vec<Problem>);

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, problem) in self.0.iter().enumerate() {
            if i > 0 {
                writeln!(f)?;
            }
            write!(f, "{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Self {
        Self(vec![problem])
    }
}
