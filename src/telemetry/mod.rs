//! Logs. They hold ids, counts and states; never a name, an address, a birth date or a document's text.

mod codes;
mod counters;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tracing_subscriber::{EnvFilter, fmt, prelude::*};

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
    let stderr = || Codes(std::io::stderr());
    let registry = tracing_subscriber::registry().with(filter);
    // A second start, as in tests, keeps the first.
    let _ = match format {
        LogFormat::Text => registry.with(fmt::layer().with_writer(stderr).with_target(false)).try_init(),
        LogFormat::Json => registry.with(fmt::layer().json().with_writer(stderr)).try_init(),
    };
}
