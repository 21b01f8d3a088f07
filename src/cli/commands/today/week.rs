//! `earlypost week`: a coordinator's week on the screen: what is due, visits, calls. It names children by number and first
//! name and stays with the person whose week it is.

use std::path::PathBuf;

use anyhow::Context;
use serde_json::json;

use crate::{
    cli::{Exit, Global, ui},
    files::write,
    pipeline::WeekSheet,
};

/// Shows a coordinator's week: what is due, visits, and whom to call.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Calls are for families who asked to be reminded by telephone, or whom no safe address reaches. Say the words that\n\
stand there and no more; leave a message only where it says so. `--kept` shows the sheets that the weekly schedule made;\n\
they are kept for seven calendar days. Example: earlypost week --coordinator jenni-alvarez"
)]
pub(in crate::cli) struct Args {
    /// One coordinator's id, or `supervisor` for children without one; all when left out.
    #[arg(long, value_name = "ID")]
    coordinator: Option<String>,
    /// Write one coordinator's sheet as a PDF, for that person's own desk.
    #[arg(long, value_name = "FILE", requires = "coordinator")]
    out: Option<PathBuf>,
    /// The sheets that the schedule made and that are still kept, as they were then.
    #[arg(long)]
    kept: bool,
}

pub(in crate::cli) async fn act(args: &Args, global: &Global) -> anyhow::Result<Exit> {
    global
        .with_app(false, async |app| {
            let staff = args.coordinator.as_deref();
            let sheets = if args.kept {
                app.pipeline.planning().kept_weeks(staff, &app.actor).await?
            } else {
                app.pipeline.planning().look_at_all().await?;
                app.pipeline.planning().week(staff, &app.actor).await?
            };
            if let Some(out) = &args.out {
                let sheet =
                    sheets.first().context("no sheet is kept for this coordinator; leave --kept out to make one")?;
                let rendered = app.pipeline.planning().week_pdf(sheet)?;
                write(out, &rendered.pdf[..])
                    .await
                    .map_err(|error| anyhow::anyhow!("{} could not be written ({})", out.display(), error.kind()))?;
                if !global.quiet && !global.json {
                    println!(
                        "{} pages written to {}. It is for this person only.",
                        rendered.pages.len(),
                        out.display()
                    );
                }
            }
            if global.json {
                ui::print_json(&json!({ "as_of": app.pipeline.day().to_string(), "sheets": sheets }))?;
            } else if !global.quiet && args.out.is_none() {
                if sheets.is_empty() {
                    println!("Nobody has anything to do in this week.");
                }
                sheets.iter().for_each(say);
            }
            Ok(Exit::Done)
        })
        .await
}

fn say(sheet: &WeekSheet) {
    println!("Week of {} from {} to {}. For this person only; shred it after use.", sheet.staff, sheet.from, sheet.to);
    if sheet.duties.is_empty() && sheet.visits.is_empty() && sheet.calls.is_empty() {
        println!("Nothing is due, nobody is visited, nobody is called.\n");
        return;
    }
    if !sheet.duties.is_empty() {
        let mut table = ui::table(&["due", "number", "child", "what", "status", "by"]);
        for duty in &sheet.duties {
            table.add_row([
                duty.due_on.to_string().as_str(),
                &duty.child.number,
                &duty.child.first_name,
                &duty.what,
                &duty.status,
                if duty.goes_by_itself { "goes by itself" } else { "you" },
            ]);
        }
        println!("{table}");
    }
    if !sheet.visits.is_empty() {
        let mut table = ui::table(&["day", "hour", "number", "child", "visit", "interpreter"]);
        for visit in &sheet.visits {
            table.add_row([
                visit.on.to_string().as_str(),
                visit.at.as_deref().unwrap_or("-"),
                &visit.child.number,
                &visit.child.first_name,
                &visit.what,
                visit.interpreter.map_or("-", |booked| if booked { "booked" } else { "NOT BOOKED" }),
            ]);
        }
        println!("{table}");
    }
    if !sheet.calls.is_empty() {
        let mut table = ui::table(&["number", "child", "call", "telephone", "message", "say"]);
        for call in &sheet.calls {
            let ask = if call.ask_for_the_person { "; ask for this person first" } else { "" };
            table.add_row([
                call.child.number.as_str(),
                &call.child.first_name,
                &format!("{}{ask}", call.person),
                &call.telephone,
                if call.may_leave_message { "may be left" } else { "leave none" },
                &call.says.join("\n"),
            ]);
        }
        println!("{table}");
    }
    println!();
}
