//! `earlypost resend`: the same bytes once more, as a new attempt of the same dispatch.

use serde_json::json;

use crate::{
    cli::{Exit, Global, ui},
    pipeline::Resent,
};

/// Sends the same stored bytes once more, under the same Message-ID. The gate decides anew.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Papers made from older facts stay what they were: for papers of today use `earlypost regenerate`.\n\
The dispatch is queued; the service, or the next `earlypost run` or `deliver`, sends it."
)]
pub(in crate::cli) struct Args {
    /// The dispatch's id.
    dispatch: String,
    /// To the recipient's next address instead, with papers made for it by the next run.
    #[arg(long)]
    another_way: bool,
}

pub(in crate::cli) async fn act(args: &Args, global: &Global) -> anyhow::Result<Exit> {
    global
        .with_app(true, async |app| {
            let id = &args.dispatch;
            let resent = app.pipeline.dispatch_operations().resend(id, args.another_way, &app.actor).await?;
            let (exit, says) = match &resent {
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
            };
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
            Ok(exit)
        })
        .await
}
