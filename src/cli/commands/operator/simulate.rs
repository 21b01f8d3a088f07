//! `earlypost simulate`: a synthetic caseload of any size, ready to run.

use std::path::PathBuf;

use chrono::NaiveDate;

use crate::{
    cli::{Exit, Global},
    clock::{Clock, SystemClock, day_in},
    simulate::{Plan, write_caseload},
};

/// Makes a synthetic caseload.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// How many children.
    #[arg(long)]
    children: u32,
    /// The same seed makes the same caseload.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The folder to make; it must not hold anything yet.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// The day round which everything happens; today where none is given. A given day makes the program
    /// synthetic: it sends to folders only.
    #[arg(long, value_name = "DATE")]
    day: Option<NaiveDate>,
}

pub(in crate::cli) fn act(args: &Args, global: &Global) -> anyhow::Result<Exit> {
    let day = args.day.or(global.as_of);
    let plan = Plan {
        children: args.children,
        seed: args.seed,
        day: day.unwrap_or_else(|| day_in(chrono_tz::America::New_York, SystemClock.now())),
        synthetic: day.is_some(),
    };
    write_caseload(&plan, &args.out)?;
    if !global.quiet {
        println!(
            "{} children were made up. Run: earlypost run --config {}",
            args.children,
            args.out.join("earlypost.toml").display()
        );
    }
    Ok(Exit::Done)
}
