//! `earlypost man` (hidden): manual pages and completions, for those who make packages.

use std::path::PathBuf;

use anyhow::Context;
use clap::{CommandFactory, ValueEnum};

use crate::cli::{Cli, Exit};

/// Writes a manual page for every command, and a completion script for every shell.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// Folder for the pages (section 1).
    #[arg(value_name = "DIR")]
    pages: PathBuf,
    /// Folder for the completion scripts.
    #[arg(long, value_name = "DIR")]
    completions: Option<PathBuf>,
}

pub(in crate::cli) fn act(args: &Args) -> anyhow::Result<Exit> {
    let made = |folder: &PathBuf| {
        std::fs::create_dir_all(folder).with_context(|| format!("the folder {} cannot be made", folder.display()))
    };
    made(&args.pages)?;
    clap_mangen::generate_to(Cli::command(), &args.pages).context("writing the manual pages")?;
    if let Some(folder) = &args.completions {
        made(folder)?;
        for shell in clap_complete::Shell::value_variants() {
            clap_complete::generate_to(*shell, &mut Cli::command(), "earlypost", folder)
                .context("writing the completions")?;
        }
    }
    Ok(Exit::Done)
}
