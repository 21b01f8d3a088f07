//! `earlypost doctor`: is everything in order? What is not, why it matters, and what to do.

use serde_json::json;

use crate::{
    app::Overrides,
    cli::{Exit, Global, ui},
    doctor::{examine, has_faults},
    pipeline::{Finding, Level},
    shown::with_causes,
    telemetry,
};

/// Checks the whole installation: settings, database, clock, disk, keys, fonts, channels, backups, rules, and whether
/// anything was forgotten or stands still. Sends nothing.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Exit code 0 when nothing needs anybody, 5 when something does. Run it after every change of the settings,\n\
and from your own monitoring."
)]
pub(in crate::cli) struct Args {
    /// Say what is in order too.
    #[arg(long)]
    all: bool,
}

pub(in crate::cli) async fn act(args: &Args, global: &Global) -> anyhow::Result<Exit> {
    let findings = match global.load() {
        Ok(config) => {
            telemetry::start(global.verbosity(), config.log_format);
            let overrides = Overrides { as_of: global.as_of, sends: false, ..Overrides::default() };
            examine(&config, &overrides).await
        }
        Err(error) => vec![Finding::fault(
            "settings",
            with_causes(&error),
            "Nothing works without them.",
            "Correct what is named; `earlypost config check` looks again.",
        )],
    };
    if global.json {
        ui::print_json(&json!({"faults": has_faults(&findings), "findings": findings}))?;
    } else if !global.quiet {
        say(&findings, args.all);
    }
    Ok(if has_faults(&findings) { Exit::FaultFound } else { Exit::Done })
}

fn say(findings: &[Finding], all: bool) {
    for finding in findings.iter().filter(|f| all || f.level != Level::Good) {
        let word = match finding.level {
            Level::Good => "good ",
            Level::Note => "note ",
            Level::Fault => "FAULT",
        };
        println!("{word}  {}: {}", finding.check, finding.what);
        if finding.level != Level::Good {
            if !finding.why.is_empty() {
                println!("       Why it matters: {}", finding.why);
            }
            println!("       What to do: {}", finding.next_step);
        }
    }
    let count = |level| findings.iter().filter(|f| f.level == level).count();
    println!(
        "{} checks: {} in order, {} to know, {} that need somebody.",
        findings.len(),
        count(Level::Good),
        count(Level::Note),
        count(Level::Fault)
    );
}
