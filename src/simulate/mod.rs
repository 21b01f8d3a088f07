//! A made-up caseload of any size, for trials and measurements. Nobody in it exists.
//!
//! Child number `i` is drawn from the seed and `i` alone, so that a larger caseload only adds children to a
//! smaller one. Sentences stand in `bank/*.txt`, where a person who knows families can read and correct them.

mod bank;
mod ids;
mod mix;
mod names;
mod teller;
mod timeline;
mod typed;
mod endpoints;
mod contacts;
mod files;
mod offices;
mod staff;
mod focus;
mod sketch;
mod consent;
mod family;
mod levels;
mod outcomes;
mod services;
mod plan;
mod team;
mod record;
#[cfg(test)]
mod tests;

use std::{
    fs,
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use chrono::{Datelike, NaiveDate};

/// Full names are unique up to this number of children.
pub const MOST_CHILDREN: u32 = 1_000_000;

/// What to simulate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// How many children.
    pub children: u32,
    /// Another seed gives other children; the same seed gives the same bytes.
    pub seed: u64,
    /// The day around which everything is dated: new plans lie up to ten days before it.
    pub day: NaiveDate,
    /// Whether the program is marked synthetic, with `day` as its date. Without it the caseload runs on the
    /// real date and over real channels.
    pub synthetic: bool,
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The configuration file.
    pub config: PathBuf,
    /// The caseload folder.
    pub caseload: PathBuf,
    pub children: u32,
    /// Bytes of all records.
    pub record_bytes: u64,
}

/// Why nothing, or not everything, was written.
#[derive(Debug, thiserror::Error)]
pub enum SimulateError {
    /// The folder holds something already; it might be a real caseload.
    #[error("{} is not empty; name a new or an empty folder", .0.display())]
    NotEmpty(PathBuf),
    /// Too many to name.
    #[error("at most {MOST_CHILDREN} children can be simulated: beyond that, names would repeat")]
    TooMany,
    /// A day whose neighbours have no four-digit year.
    #[error("the day must lie in the years 1910 to 9990")]
    Day,
    /// The system refused.
    #[error("{} cannot be written: {source}", .path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
}

/// Writes a caseload and a configuration into `out`, which is created.
///
/// # Errors
/// When `out` is not empty, the plan is out of range, or a file cannot be written.
pub fn write_caseload(plan: &Plan, out: &Path) -> Result<Written, SimulateError> {
    if plan.children > MOST_CHILDREN {
        return Err(SimulateError::TooMany);
    }
    if !(1910..=9990).contains(&plan.day.year()) {
        return Err(SimulateError::Day);
    }
    let caseload = out.join("caseload");
    empty_folder(out)?;
    fs::create_dir(&caseload).map_err(at(&caseload))?;
    let config = out.join("earlypost.toml");
    put(&config, files::CONFIGURATION.as_bytes())?;
    put(&caseload.join("program.toml"), files::program(plan).as_bytes())?;
    let directory = offices::directory(plan.children, plan.day);
    let mut text = serde_json::to_vec_pretty(&directory).map_err(|e| at(&caseload)(e.into()))?;
    text.push(b'\n');
    put(&caseload.join("directory.json"), &text)?;
    let record_bytes = children(plan, &caseload.join("children.ndjson"))?;
    Ok(Written { config, caseload, children: plan.children, record_bytes })
}

/// One record at a time: a caseload of any size takes the memory of one child.
fn children(plan: &Plan, path: &Path) -> Result<u64, SimulateError> {
    let mut file = BufWriter::new(fs::File::create_new(path).map_err(at(path))?);
    let mut bytes = 0;
    for index in 0..plan.children {
        let mut line = serde_json::to_vec(&record::of(plan, index)).map_err(|e| at(path)(e.into()))?;
        line.push(b'\n');
        bytes += line.len() as u64;
        file.write_all(&line).map_err(at(path))?;
    }
    file.flush().map_err(at(path))?;
    Ok(bytes)
}

fn empty_folder(out: &Path) -> Result<(), SimulateError> {
    fs::create_dir_all(out).map_err(at(out))?;
    match fs::read_dir(out).map_err(at(out))?.next() {
        None => Ok(()),
        Some(_) => Err(SimulateError::NotEmpty(out.to_owned())),
    }
}

fn put(path: &Path, bytes: &[u8]) -> Result<(), SimulateError> {
    fs::write(path, bytes).map_err(at(path))
}

fn at(path: &Path) -> impl Fn(io::Error) -> SimulateError {
    let path = path.to_owned();
    move |source| SimulateError::Write { path: path.clone(), source }
}
