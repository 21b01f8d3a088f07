//! Logs. They hold ids, counts and states; never a name, an address, a birth date or a document's text.

mod codes;
mod counters;

use std::io;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tracing_subscriber::{EnvFilter, fmt, prelude::*};

use crate::shown::shown;
use codes::Codes;

pub use counters::{Measures, Renders};

/// How logs are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// Lines for people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// Standard error for one line of the log: whatever stands in it moves no terminal and begins no second line.
#[derive(Debug, Default)]
struct Shown;

impl io::Write for Shown {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let line = String::from_utf8_lossy(bytes.strip_suffix(b"\n").unwrap_or(bytes));
        let ends = if bytes.ends_with(b"\n") { "\n" } else { "" };
        io::stderr().lock().write_all(format!("{}{ends}", shown(&line)).as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().lock().flush()
    }
}

/// Starts logging to standard error. `verbosity`: -1 errors only, 0 warnings, 1 what happens, 2 everything of ours.
pub fn start(verbosity: i8, format: LogFormat) {
    let level = match verbosity {
        ..=-1 => "error",
        0 => "warn",
        1 => "info",
        _ => "debug",
    };
    // Only our own words: libraries log addresses and statements.
    let filter = EnvFilter::new(format!("off,earlypost={level}"));
    let stderr = || Codes(Shown);
    let registry = tracing_subscriber::registry().with(filter);
    // A second start, as in tests, keeps the first.
    let _ = match format {
        LogFormat::Text => registry.with(fmt::layer().with_writer(stderr).with_target(false)).try_init(),
        LogFormat::Json => registry.with(fmt::layer().json().with_writer(stderr)).try_init(),
    };
}
