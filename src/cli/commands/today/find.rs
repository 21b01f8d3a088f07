//! `earlypost find`: looks a child up by what somebody says. Names appear on the screen only.

use serde_json::json;

use crate::cli::{Exit, Global, ui};

/// Finds a child by name, program number, parent, telephone, agency or practice.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Parents, telephones and offices are looked through for children whose record is open to you. The search is \
logged with your name and how many were found, never with its words."
)]
pub(in crate::cli) struct Args {
    /// A part of a name in any order, a number, or the end of a telephone number.
    #[arg(value_name = "TEXT")]
    name: String,
}

pub(in crate::cli) async fn act(args: &Args, global: &Global) -> anyhow::Result<Exit> {
    global
        .with_app(false, async |app| {
            let found = app.pipeline.records().find(&args.name, &app.actor).await?;
            if global.json {
                ui::print_json(&json!({ "found": found }))?;
            } else if found.is_empty() {
                println!("No child of this program fits that. Was the caseload imported?");
            } else {
                let mut table = ui::table(&["child", "name", "number", "born", "found by", "open to you"]);
                for f in &found {
                    let open = if f.yours { "yes" } else { "no" };
                    table.add_row([&f.child, &f.name, &f.program_number, &f.birth_date, f.by, open]);
                }
                println!("{table}");
            }
            Ok(if found.is_empty() { Exit::Failed } else { Exit::Done })
        })
        .await
}
