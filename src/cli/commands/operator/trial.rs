//! `earlypost trial`: how the trial stands, and its end.

use serde_json::json;

use crate::{
    cli::{Exit, Global, ui},
    pipeline::{TrialStanding, Vouched},
};

/// Trial mode: papers go to test addresses only, marked TRIAL on every page; nothing is printed or faxed.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Trial mode is on where the settings have a [trial] section with addresses, until it is finished."
)]
pub(in crate::cli) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Say whether the trial is on, and what is left to do.
    Status,
    /// End the trial, once the checklist is done. Papers that went out marked are made and sent again without it.
    Finish {
        /// Somebody has read the papers that arrived, page by page.
        #[arg(long)]
        papers_read: bool,
        /// A copy of the program's key lies in a safe place.
        #[arg(long)]
        key_copied: bool,
    },
}

pub(in crate::cli) async fn act(args: &Args, global: &Global) -> anyhow::Result<Exit> {
    global.with_app(false, async |app| {
    match args.what {
        What::Status => {
            let standing = app.pipeline.trial_end().standing(Vouched::default()).await?;
            if global.json {
                ui::print_json(&json!(standing))?;
            } else if !global.quiet {
                say(&standing);
            }
        }
        What::Finish { papers_read, key_copied } => {
            let owed = app.pipeline.trial_end().finish(Vouched { papers_read, key_copied }, &app.actor).await?;
            if global.json {
                ui::print_json(&json!({"on": false, "owed_again": owed}))?;
            } else if !global.quiet {
                println!(
                    "The trial is over. {owed} papers went out marked; the next run makes and sends them without the mark."
                );
            }
        }
    }
    Ok(Exit::Done)
    }).await
}

fn say(standing: &TrialStanding) {
    if !standing.on {
        let since = standing.finished.as_ref().map(|at| format!("; it was ended {at}")).unwrap_or_default();
        println!("This installation is not in trial mode{since}.");
        return;
    }
    println!(
        "This installation is in trial mode: at most {} messages a day, to {} test addresses, every page marked.",
        standing.cap, standing.addresses
    );
    for line in &standing.checklist {
        println!("  {}  {}", if line.done { "done" } else { "open" }, line.what);
    }
}
