//! `earlypost tasks`: what waits for a person, with owner, days left and the next step.

use serde_json::json;

use super::{Exit, Global, screen};
use crate::pipeline::WorkLine;

/// Shows what waits for a person.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Letters that must not be mailed come first, then what is held or withheld by the day on which it is due, \
then open tasks. Days below zero are late.\nExample: earlypost tasks --mine alvarez"
)]
pub(super) struct Args {
    /// Only what belongs to this coordinator: an id, or a part of the name.
    #[arg(long, value_name = "NAME")]
    mine: Option<String>,
}

pub(super) async fn act(args: &Args, global: &Global) -> anyhow::Result<Exit> {
    let (_, app) = global.app(false).await?;
    let lines = app.pipeline.worklist(args.mine.as_deref()).await?;
    if global.json {
        screen::print_json(&json!({ "as_of": app.pipeline.day().to_string(), "tasks": lines }))?;
    } else if !global.quiet {
        say(&lines);
    }
    app.pipeline.store.close().await;
    Ok(Exit::Done)
}

fn say(lines: &[WorkLine]) {
    if lines.is_empty() {
        println!("Nothing waits for a person.");
        return;
    }
    let mut table =
        screen::table(&["days left", "child", "to", "what", "why", "next step", "owner", "dispatch or task"]);
    for work in lines {
        let line = &work.line;
        table.add_row([
            work.calendar_days_left.map_or_else(|| "-".to_owned(), |days| days.to_string()).as_str(),
            line.child.as_deref().unwrap_or("-"),
            line.recipient.as_deref().unwrap_or("-"),
            &line.what,
            &line.why,
            &line.next_step,
            work.owner.as_deref().unwrap_or("supervisor"),
            &line.id,
        ]);
    }
    println!("{table}");
}
