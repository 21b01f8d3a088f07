//! Parses, starts telemetry, runs, maps errors to exit codes; nothing else.

use std::process::ExitCode;

fn main() -> ExitCode {
    earlypost::cli::main()
}
