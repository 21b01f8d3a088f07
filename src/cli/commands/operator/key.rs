//! `earlypost key`: the program's key.

use std::path::PathBuf;

use serde_json::json;

use crate::cli::{Exit, Global, ui};

/// The key that opens everything that is stored.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Make a new key. Stored papers stay as they are; only the children's keys are wrapped anew.
    ///
    /// Stop the service first, and start it again afterwards. Backups made before need the old key. What comes back by
    /// e-mail for messages sent before can no longer be matched by its return path, and waits for a person.
    Rotate {
        /// Where the new key is written, where systemd or the environment hands the key over.
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
}

pub(in crate::cli) async fn act(args: &Args, global: &Global) -> anyhow::Result<Exit> {
    let What::Rotate { out } = &args.what;
    global.with_app(false, async |app| {
    let rotated = app.rotate_key(out.as_deref()).await?;
    if global.json {
        ui::print_json(&json!({
            "children": rotated.children, "new_key": rotated.new_key, "old_key": rotated.old_key,
        }))?;
    } else if !global.quiet {
        println!("{} children's keys are wrapped with the new key, {}.", rotated.children, rotated.new_key.display());
        match &rotated.old_key {
            Some(old) => println!(
                "The old key is {}. Backups made until now need it: keep it with them, away from this machine, or destroy it.",
                old.display()
            ),
            None => println!("Put it where the old key came from before anything is started again."),
        }
        println!("Keep a copy of the new key in a safe place, and start the service again.");
    }
    Ok(Exit::Done)
    }).await
}
