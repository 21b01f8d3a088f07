//! `earlypost resend`: the same bytes once more, as a new attempt of the same dispatch.

use chrono::NaiveDate;
use serde_json::json;

use crate::{
    app::App,
    cli::{Exit, Global, ui},
    pipeline::Resent,
    shown::with_causes,
};

/// Sends the same stored bytes once more, under the same Message-ID. The gate decides anew.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Papers made from older facts stay what they were: for papers of today use `earlypost regenerate`.\n\
The dispatch is queued; the service, or the next `earlypost run` or `deliver`, sends it."
)]
pub(in crate::cli) struct Args {
    /// The dispatch's id.
    #[arg(required_unless_present = "failed", conflicts_with = "failed")]
    dispatch: Option<String>,
    /// To the recipient's next address instead, with papers made for it by the next run.
    #[arg(long)]
    another_way: bool,
    /// Everything that failed since a day. The gate decides anew about each.
    #[arg(long, requires = "since")]
    failed: bool,
    /// The first day of what is sent again with --failed.
    #[arg(long, value_name = "DAY", requires = "failed")]
    since: Option<NaiveDate>,
}

pub(in crate::cli) async fn act(args: &Args, global: &Global) -> anyhow::Result<Exit> {
    global
        .with_app(true, async |app| match (&args.dispatch, args.since) {
            (Some(id), _) => {
                let resent = app.pipeline.dispatch_operations().resend(id, args.another_way, &app.actor).await?;
                let (exit, says) = said(id, &resent);
                say(&app, global, id, exit, &says).await?;
                Ok(exit)
            }
            (None, Some(since)) => all_failed(&app, since, args.another_way, global).await,
            (None, None) => Ok(Exit::WrongUse),
        })
        .await
}

/// What cannot go again keeps nothing else from going.
async fn all_failed(app: &App, since: NaiveDate, another_way: bool, global: &Global) -> anyhow::Result<Exit> {
    let operations = app.pipeline.dispatch_operations();
    let (mut lines, mut queued, mut left) = (Vec::new(), 0, 0);
    for id in operations.failed_since(since, &app.actor).await? {
        let (exit, says) = match operations.resend(&id, another_way, &app.actor).await {
            Ok(resent) => said(&id, &resent),
            Err(error) => (Exit::NotSent, with_causes(&error)),
        };
        queued += usize::from(exit == Exit::Done);
        left += usize::from(exit != Exit::Done);
        if global.json {
            let state = operations.life_of(&id, &app.actor).await?.row.state;
            lines.push(json!({"dispatch": id, "state": state.as_str(), "says": says}));
        } else {
            say(app, global, &id, exit, &says).await?;
        }
    }
    if global.json {
        ui::print_json(&json!({ "resent": lines }))?;
    } else if !global.quiet {
        println!("{queued} of {} that failed since {since} are queued again.", queued + left);
    }
    Ok(if left == 0 { Exit::Done } else { Exit::NotSent })
}

async fn say(app: &App, global: &Global, id: &str, exit: Exit, says: &str) -> anyhow::Result<()> {
    if global.json {
        let state = app.pipeline.dispatch_operations().life_of(id, &app.actor).await?.row.state;
        ui::print_json(&json!({"dispatch": id, "state": state.as_str(), "says": says}))?;
    } else if exit == Exit::Done {
        if !global.quiet {
            println!("{says}");
        }
    } else {
        eprintln!("earlypost: {says}");
    }
    Ok(())
}

fn said(id: &str, resent: &Resent) -> (Exit, String) {
    match resent {
        Resent::SameBytes => (Exit::Done, format!("{id} is queued: the same bytes go once more.")),
        Resent::AnotherWay => {
            (Exit::Done, format!("{id} is queued: the next run makes its papers for another address."))
        }
        Resent::Refused(refusal) => {
            (Exit::NotSent, format!("{id} is not sent again: {refusal} {}", refusal.reason.next_step()))
        }
        Resent::Changed => (
            Exit::NotSent,
            format!(
                "{id} is not sent again as it was: what this recipient may have, or the address, has changed. \
                 Run `earlypost regenerate {id}` for papers of today."
            ),
        ),
    }
}
