//! `earlypost reassign`: one coordinator's children go to another.

use chrono::NaiveDate;
use serde_json::json;

use crate::{
    case::{ChildId, PersonId},
    cli::{Exit, Global, ui},
};

/// Gives one coordinator's children to another.
#[derive(Debug, clap::Args)]
#[command(
    long_about = "Gives one coordinator's children to another: all of them, or those that you name. From the first day on duties \
and letters name the new coordinator, and each family is owed word of the change. Correct your source system too: a later term \
in an import counts over this one.",
    after_help = "Example:\n  earlypost reassign --from jenni-alvarez --to marcus-bell --reason \"Jenni is on leave.\""
)]
pub(in crate::cli) struct Args {
    /// The coordinator who gives them up, by id.
    #[arg(long, value_name = "ID")]
    from: PersonId,
    /// The new coordinator, a professional of the directory.
    #[arg(long, value_name = "ID")]
    to: PersonId,
    /// The first day; without one, today.
    #[arg(long, value_name = "DATE")]
    on: Option<NaiveDate>,
    /// These children only.
    #[arg(long, value_name = "ID")]
    child: Vec<ChildId>,
    /// Why.
    #[arg(long)]
    reason: String,
}

pub(in crate::cli) async fn act(args: &Args, global: &Global) -> anyhow::Result<Exit> {
    global
        .with_app(false, async |app| {
            let pipeline = &app.pipeline;
            let on = args.on.unwrap_or_else(|| pipeline.day());
            let reason = crate::cli::reason(&args.reason)?;
            let moved = pipeline
                .intake()
                .duty_decisions()
                .reassign(&args.from, &args.to, on, &args.child, &reason, &app.actor)
                .await?;
            if global.json {
                let ids: Vec<&str> = moved.iter().map(ChildId::as_str).collect();
                ui::print_json(&json!({"from": args.from, "to": args.to, "on": on, "children": ids}))?;
            } else if !global.quiet {
                println!("{} children go from {} to {} on {on}:", moved.len(), args.from, args.to);
                for child in &moved {
                    println!("  {child}");
                }
                println!("Each family is owed word of it; `earlypost due` shows by when.");
            }
            Ok(Exit::Done)
        })
        .await
}
