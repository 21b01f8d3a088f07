//! `earlypost cancel`: a dispatch that has not left is not to go at all.

use serde_json::json;

use crate::{
    cli::{Exit, Global, ui},
    shown::with_causes,
};

/// Cancels dispatches that have not left: queued, held, withheld, failed, or printed and not yet mailed.
#[derive(Debug, clap::Args)]
#[command(after_help = "What has left cannot be called back. The duty stays open: `earlypost plan` goes on naming it.")]
pub(in crate::cli) struct Args {
    /// The dispatches' ids.
    #[arg(required = true)]
    dispatches: Vec<String>,
}

pub(in crate::cli) async fn act(args: &Args, global: &Global) -> anyhow::Result<Exit> {
    global
        .with_app(false, async |app| {
            let mut done = Vec::new();
            let mut refused = false;
            for id in &args.dispatches {
                match app.pipeline.dispatch_operations().cancel(id, &app.actor).await {
                    Ok(in_the_stack) => {
                        if !global.quiet && !global.json {
                            println!("{id} is cancelled.");
                            if in_the_stack {
                                println!("Take {id} out of the print stack.");
                            }
                        }
                        done.push(json!({"dispatch": id, "state": "cancelled", "take_out": in_the_stack}));
                    }
                    Err(error) => {
                        refused = true;
                        eprintln!("earlypost: {}", with_causes(&error));
                    }
                }
            }
            if global.json {
                ui::print_json(&json!({ "cancelled": done }))?;
            }
            Ok(if refused { Exit::Failed } else { Exit::Done })
        })
        .await
}
