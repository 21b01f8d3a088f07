//! `earlypost tasks`: what waits for a person, with owner, days left and the next step.

use serde_json::json;

use crate::{
    cli::{Exit, Global, ui},
    pipeline::WorkLine,
};

/// Shows what waits for a person.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Letters that must not be mailed come first, then what is held or withheld by the day on which it is due, \
then open tasks. Days below zero are late.\nExample: earlypost tasks --mine alvarez"
)]
pub(in crate::cli) struct Args {
    /// Only what belongs to this coordinator: an id, or a part of the name.
    #[arg(long, value_name = "NAME")]
    mine: Option<String>,
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Say that tasks are done which end by a person's word only, such as a call.
    Done {
        /// The tasks' ids.
        #[arg(required = true, value_name = "TASK")]
        tasks: Vec<String>,
    },
}

async fn done(tasks: &[String], global: &Global) -> anyhow::Result<Exit> {
    global
        .with_app(false, async |app| {
            app.pipeline.operations().close_tasks(tasks, &app.actor).await?;
            if !global.quiet {
                println!("{} recorded as done.", if tasks.len() == 1 { "One task is" } else { "The tasks are" });
            }
            Ok(Exit::Done)
        })
        .await
}

pub(in crate::cli) async fn act(args: &Args, global: &Global) -> anyhow::Result<Exit> {
    if let Some(What::Done { tasks }) = &args.what {
        return done(tasks, global).await;
    }
    global
        .with_app(false, async |app| {
            let lines = app.pipeline.operations().worklist(args.mine.as_deref(), &app.actor).await?;
            if global.json {
                ui::print_json(&json!({ "as_of": app.pipeline.day().to_string(), "tasks": lines }))?;
            } else if !global.quiet {
                say(&lines);
            }
            Ok(Exit::Done)
        })
        .await
}

fn say(lines: &[WorkLine]) {
    if lines.is_empty() {
        println!("Nothing waits for a person.");
        return;
    }
    let mut table = ui::table(&["days left", "child", "to", "what", "why", "next step", "owner", "dispatch or task"]);
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
