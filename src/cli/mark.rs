//! `earlypost mark`: a person says what happened to a printed letter.

use super::{Exit, Global, who};
use crate::pipeline::mark_mailed;

/// Says that something happened to printed letters.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// They were put into the mail. What may no longer go is refused: take it out of the stack.
    Mailed {
        /// The dispatches' ids; `--all` for the whole stack.
        dispatches: Vec<String>,
        /// Every printed letter.
        #[arg(long, conflicts_with = "dispatches")]
        all: bool,
    },
    /// They were taken out of the stack because they may not be mailed (see `earlypost status`).
    Pulled {
        /// The dispatches' ids.
        #[arg(required = true)]
        dispatches: Vec<String>,
    },
}

pub(super) async fn act(args: &Args, global: &Global) -> anyhow::Result<Exit> {
    let (dispatches, all) = match &args.what {
        What::Mailed { dispatches, all } => (dispatches, all),
        What::Pulled { dispatches } => return pulled(dispatches, global).await,
    };
    let (_, app) = global.app(true).await?;
    let ids: Vec<String> = if *all {
        app.pipeline.store.printed().await?.into_iter().map(|row| row.dispatch_id).collect()
    } else {
        dispatches.clone()
    };
    anyhow::ensure!(!ids.is_empty(), "no letter is named, and none waits to be mailed");
    let mut refused = 0;
    for id in &ids {
        match mark_mailed(&app.pipeline, id, &who()).await {
            Ok(()) if !global.quiet => println!("{id} is recorded as mailed."),
            Ok(()) => {}
            Err(error) => {
                refused += 1;
                eprintln!("earlypost: {error:#}");
            }
        }
    }
    app.pipeline.renew_mark().await?;
    app.pipeline.store.close().await;
    Ok(if refused == 0 { Exit::Done } else { Exit::NotSent })
}

async fn pulled(dispatches: &[String], global: &Global) -> anyhow::Result<Exit> {
    let (_, app) = global.app(false).await?;
    for id in dispatches {
        app.pipeline.store.take_out(id, &who(), app.pipeline.now()).await?;
        if !global.quiet {
            println!("{id} is recorded as taken out. It is withheld, and made anew if it becomes permitted.");
        }
    }
    app.pipeline.store.close().await;
    Ok(Exit::Done)
}
