//! `earlypost regenerate`: newer papers from today's facts take a dispatch's place.

use serde_json::json;

use crate::{
    cli::{Exit, Global, ui},
    pipeline::Regenerated,
};

/// Makes a newer edition of a dispatch's papers from today's facts, and says what changed.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "What had left stays in the record as it was; what had not left is superseded. The newer edition is a dispatch\n\
of its own, with its own decision. Import first if the record has changed: `earlypost import`."
)]
pub(in crate::cli) struct Args {
    /// The dispatch's id.
    dispatch: String,
}

pub(in crate::cli) async fn act(args: &Args, global: &Global) -> anyhow::Result<Exit> {
    global.with_app(true, async |app| {
    let id = &args.dispatch;
    let exit = match app.pipeline.dispatch_operations().regenerate(id, &app.actor).await? {
        Regenerated::Made { dispatch_id, state, changes, in_the_stack } => {
            if global.json {
                ui::print_json(&json!({
                    "dispatch": id, "newer": dispatch_id, "state": state.as_str(), "changes": changes, "take_out": in_the_stack,
                }))?;
            } else if !global.quiet {
                println!("{dispatch_id} takes its place and is {state}. What changed:");
                for change in &changes {
                    println!("  {change}");
                }
                if in_the_stack {
                    println!("Take {id} out of the print stack.");
                }
            }
            Exit::Done
        }
        Regenerated::Same => {
            let says = "nothing has changed: the papers would be the same bytes; use `earlypost resend`";
            if global.json {
                ui::print_json(&json!({"dispatch": id, "newer": null, "says": says}))?;
            } else {
                eprintln!("earlypost: dispatch {id}: {says}");
            }
            Exit::NotSent
        }
        Regenerated::Refused(refusal) => {
            if global.json {
                let reason = refusal.reason.code();
                ui::print_json(&json!({"dispatch": id, "newer": null, "reason": reason, "says": refusal.to_string()}))?;
            } else {
                eprintln!("earlypost: no newer papers for {id}: {refusal} {}", refusal.reason.next_step());
            }
            Exit::NotSent
        }
    };
    Ok(exit)
    }).await
}
