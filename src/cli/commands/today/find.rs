//! `earlypost find`: looks a child up by name or number. Names appear on the screen only.

use serde_json::json;

use crate::cli::{Exit, Global, ui};

/// Finds a child by name or program number.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// A part of the name or number.
    name: String,
}

pub(in crate::cli) async fn act(args: &Args, global: &Global) -> anyhow::Result<Exit> {
    let (_, app) = global.app(false).await?;
    let found = app.pipeline.store.children().find(&args.name).await?;
    if global.json {
        let rows: Vec<_> = found
            .iter()
            .map(|f| json!({"child": f.child_id, "name": f.full_name, "program_number": f.program_number, "birth_date": f.birth_date}))
            .collect();
        ui::print_json(&json!({ "found": rows }))?;
    } else if found.is_empty() {
        println!("No child of this program has that in the name or number. Was the caseload imported?");
    } else {
        let mut table = ui::table(&["child", "name", "number", "born"]);
        for f in &found {
            table.add_row([&f.child_id, &f.full_name, &f.program_number, &f.birth_date]);
        }
        println!("{table}");
    }
    Ok(if found.is_empty() { Exit::Failed } else { Exit::Done })
}
