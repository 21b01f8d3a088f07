//! `earlypost config check`: names every mistake in the settings at once, with its line.

use super::init::placeholders;
use crate::{
    case::import::{Problems, read_program},
    cli::{Exit, Global},
    clock::{Clock, SystemClock, day_in},
    due::{Profile, Rulebook},
};

/// Settings.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Check the settings and the program file.
    Check,
}

pub(in crate::cli) fn act(args: &Args, global: &Global) -> anyhow::Result<Exit> {
    let What::Check = args.what;
    let config = global.load()?;
    let program = read_program(&config.caseload)?;
    if !program.synthetic {
        let trial = config.trial.as_ref().map_or(&[][..], |trial| &trial.addresses);
        let left = placeholders(&config.caseload, trial)?;
        if !left.is_empty() {
            return Err(Problems(left).into());
        }
    }
    let profile = Profile::of_caseload(&config.caseload, &program.state_profile)?;
    if !global.quiet {
        println!("The settings are in order.");
        let today = day_in(program.time_zone.0, SystemClock.now());
        let day = program.as_of.map_or(today, |day| *day);
        if let Some(gap) = (Rulebook { program: &program, profile: &profile }).calendar_gap(day) {
            println!("  Note: {gap}.");
        }
        for rule in profile.unconfirmed() {
            println!("  Not confirmed in profile {}: {} = {} ({}).", profile.name, rule.rule, rule.value, rule.source);
        }
        for (kind, _) in config.channels.iter() {
            println!("  {}: set up", kind.word());
        }
        if config.channels.iter().next().is_none() {
            println!("  No channel is set up: nothing could ever be sent. Add [channels.email] or [channels.postal].");
            return Ok(Exit::NotSent);
        }
    }
    Ok(Exit::Done)
}
