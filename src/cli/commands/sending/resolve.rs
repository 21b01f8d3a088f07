//! `earlypost resolve`: a person closes an unknown outcome with what was learned.

use serde_json::json;

use crate::cli::{Exit, Global, ui};

/// Closes an unknown outcome with what you learned. The record of access keeps your words.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example: earlypost resolve DISPATCH --arrived --because \"Ms. Ortiz at the front desk has it\""
)]
pub(in crate::cli) struct Args {
    /// The dispatch's id.
    dispatch: String,
    /// The recipient has it.
    #[arg(long, required_unless_present = "not_arrived", conflicts_with = "not_arrived")]
    arrived: bool,
    /// The recipient does not have it. `earlypost resend` sends it again.
    #[arg(long)]
    not_arrived: bool,
    /// How you know. It is kept encrypted in the record of access.
    #[arg(long, value_name = "TEXT")]
    because: String,
}

pub(in crate::cli) async fn act(args: &Args, global: &Global) -> anyhow::Result<Exit> {
    global
        .with_app(false, async |app| {
            let id = &args.dispatch;
            app.pipeline.dispatch_operations().resolve(id, args.arrived, &args.because, &app.actor).await?;
            app.pipeline.renew_mark().await?;
            let state = app.pipeline.dispatch_operations().life_of(id, &app.actor).await?.row.state;
            if global.json {
                ui::print_json(&json!({"dispatch": id, "state": state.as_str()}))?;
            } else if !global.quiet {
                let next =
                    if args.arrived { String::new() } else { format!(" Send it again with `earlypost resend {id}`.") };
                println!("{id} is recorded as {}.{next}", if args.arrived { "arrived" } else { "not arrived" });
            }
            Ok(Exit::Done)
        })
        .await
}
