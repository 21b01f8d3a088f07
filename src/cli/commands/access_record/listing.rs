//! What requests and incidents have in common on the command line: saying what was opened, listing, ending.

use serde_json::{Value, json};

use crate::{
    app::App,
    cli::{
        Global,
        ui::{print_json, table},
    },
    store::MatterRow,
};

/// Which of them to list.
#[derive(Debug, clap::Args)]
pub(super) struct Listing {
    /// The closed ones too.
    #[arg(long)]
    all: bool,
}

impl Listing {
    /// Lists requests or incidents by their last day.
    pub(super) async fn show(&self, what: &'static str, app: &App, global: &Global) -> anyhow::Result<()> {
        show(&app.pipeline.access_record().matters(what, self.all, &app.actor).await?, global)
    }
}

/// Says what was opened: as JSON, or in these lines.
pub(super) fn opened(value: &Value, lines: &[String], global: &Global) -> anyhow::Result<()> {
    if global.json {
        return print_json(value);
    }
    say(lines, global);
    Ok(())
}

/// Says something, unless nothing is to be said.
pub(super) fn say(lines: &[String], global: &Global) {
    if !global.quiet {
        for line in lines {
            println!("{line}");
        }
    }
}

fn show(rows: &[MatterRow], global: &Global) -> anyhow::Result<()> {
    if global.json {
        return print_json(&json!({ "matters": rows }));
    }
    if rows.is_empty() {
        println!("Nothing is open.");
        return Ok(());
    }
    let mut table = table(&["id", "child", "kind", "since", "answer by", "ended"]);
    for row in rows {
        table.add_row([
            row.matter_id.as_str(),
            &row.child_id,
            &row.kind,
            &row.began_on,
            row.due_on.as_deref().unwrap_or("without delay"),
            row.outcome.as_deref().unwrap_or("open"),
        ]);
    }
    println!("{table}");
    Ok(())
}
