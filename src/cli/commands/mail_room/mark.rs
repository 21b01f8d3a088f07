//! `earlypost mark`: a person says what happened to an envelope: mailed, given in person, or come back.

use chrono::NaiveDate;

use crate::{
    app::App,
    cli::{Exit, Global},
    pipeline::{Given, mark_mailed},
    shown::with_causes,
};

/// Says that something happened to envelopes.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
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
    /// They were handed over in person. It counts as a delivery and enters the record of access.
    Given {
        /// The dispatches' ids.
        #[arg(required = true)]
        dispatches: Vec<String>,
        /// The initials of the person who took them.
        #[arg(long, value_parser = initials)]
        initials: String,
        /// The day of the hand-over; without it, today.
        #[arg(long, value_name = "DATE")]
        on: Option<NaiveDate>,
    },
    /// They came back. Nothing more of the child goes to that address, and what was owed is owed again.
    Returned {
        /// The dispatches' ids, as the print manifest shows them.
        #[arg(required = true)]
        dispatches: Vec<String>,
        /// What was written on it, such as "moved, no forwarding address". Kept encrypted.
        #[arg(long, default_value = "it came back", value_name = "TEXT")]
        because: String,
    },
}

fn initials(text: &str) -> Result<String, &'static str> {
    let text = text.trim();
    let fits = (1..=6).contains(&text.chars().count()) && text.chars().all(|c| c.is_alphabetic() || c == '.');
    fits.then(|| text.to_owned()).ok_or("initials are one to six letters, such as ER")
}

pub(in crate::cli) async fn act(args: &Args, global: &Global) -> anyhow::Result<Exit> {
    global
        .with_app(true, async |app| {
            let mut refused = 0;
            let ids = match &args.what {
                What::Mailed { all: true, .. } => app.pipeline.print_room().printed(&app.actor).await?,
                What::Mailed { dispatches, .. }
                | What::Pulled { dispatches }
                | What::Given { dispatches, .. }
                | What::Returned { dispatches, .. } => dispatches.clone(),
            };
            anyhow::ensure!(!ids.is_empty(), "no letter is named, and none waits to be mailed");
            for id in &ids {
                match mark(&app, &args.what, id).await {
                    Ok(says) if !global.quiet => println!("{id} {says}"),
                    Ok(_) => {}
                    Err(error) => {
                        refused += 1;
                        eprintln!("earlypost: {}", with_causes(&error));
                    }
                }
            }
            app.pipeline.renew_mark().await?;
            Ok(match &args.what {
                _ if refused == 0 => Exit::Done,
                What::Mailed { .. } | What::Given { .. } => Exit::NotSent,
                What::Pulled { .. } | What::Returned { .. } => Exit::Failed,
            })
        })
        .await
}

async fn mark(app: &App, what: &What, id: &str) -> anyhow::Result<String> {
    let (pipeline, by) = (&app.pipeline, &app.actor);
    Ok(match what {
        What::Mailed { .. } => {
            mark_mailed(pipeline, id, by).await?;
            "is recorded as mailed.".to_owned()
        }
        What::Pulled { .. } => {
            pipeline.print_room().take_out(id, by).await?;
            "is recorded as taken out. It is withheld, and made anew if it becomes permitted.".to_owned()
        }
        What::Given { initials, on, .. } => {
            let given = Given { initials, on: on.unwrap_or_else(|| pipeline.clock_day()) };
            pipeline.dispatch_operations().mark_given(id, given, by).await?;
            format!("is recorded as given on {}.", given.on)
        }
        What::Returned { because, .. } => {
            let reopened = pipeline.dispatch_operations().mark_returned(id, because, by).await?;
            format!("is recorded as returned. {} takes its place and is {}.", reopened.dispatch_id, reopened.state)
        }
    })
}
