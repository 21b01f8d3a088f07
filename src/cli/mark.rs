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
}

pub(super) async fn act(args: &Args, global: &Global) -> anyhow::Result<Exit> {
    let What::Mailed { dispatches, all } = &args.what;
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
