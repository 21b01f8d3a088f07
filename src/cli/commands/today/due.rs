//! `earlypost due`: what is to be done, by whom and by when.

use serde_json::json;

use crate::{
    case::PersonId,
    cli::{Exit, Global, csv, ui},
    pipeline::{BoardLine, Shown, Silent},
};

/// Shows what is to be done, by whom and by when.
#[derive(Debug, clap::Args)]
#[command(
    long_about = "Shows what is to be done, by whom and by when: every duty that is late, and what is due soon. It reads the \
caseload first, so that it is never older than your records; it sends nothing.\n\nWhat has no present coordinator is the \
supervisor's. `earlypost explain --child ID` says why a duty is due.",
    after_help = "Examples:\n  earlypost due --today --coordinator jenni-alvarez\n  earlypost due --late --csv > late.csv\n\n\
Exit codes: 0 done; 3 a record of the caseload was refused (the rest is shown)."
)]
pub(in crate::cli) struct Args {
    /// What is late, and what is due by the next business day.
    #[arg(long, conflicts_with_all = ["late", "within"])]
    today: bool,
    /// What is late, and nothing else.
    #[arg(long, conflicts_with = "within")]
    late: bool,
    /// What is late, and what is due within this many calendar days.
    #[arg(long, default_value_t = 30, value_name = "CALENDAR_DAYS")]
    within: u16,
    /// One coordinator's duties only, by id.
    #[arg(long, value_name = "ID")]
    coordinator: Option<PersonId>,
    /// As a table for a spreadsheet.
    #[arg(long, conflicts_with = "json")]
    csv: bool,
}

pub(in crate::cli) async fn act(args: &Args, global: &Global) -> anyhow::Result<Exit> {
    global
        .with_app(false, async |app| {
            let pipeline = &app.pipeline;
            let report = pipeline.intake().import(&app.caseload, &Silent, &app.actor).await?;
            ui::say_refused(&report);
            pipeline.planning().look_at_all().await?;
            let shown = match args {
                Args { today: true, .. } => Shown::Today,
                Args { late: true, .. } => Shown::Late,
                Args { within, .. } => Shown::Within(*within),
            };
            let coordinator = args.coordinator.as_ref().map(PersonId::as_str);
            let lines = pipeline.planning().board(shown, coordinator, &app.actor).await?;
            if let Some(gap) = pipeline.rules().calendar_gap(pipeline.day()) {
                eprintln!("earlypost: {gap}");
            }
            if global.json {
                ui::print_json(&json!({"as_of": pipeline.day(), "duties": lines}))?;
            } else if args.csv {
                let header = [
                    "child",
                    "duty",
                    "anchor",
                    "opens_on",
                    "due_on",
                    "work_on",
                    "status",
                    "late_calendar_days",
                    "owner",
                    "rule",
                ];
                csv::print(&header, lines.iter().map(cells))?;
            } else if !global.quiet {
                say(&lines);
            }
            Ok(if report.refused.is_empty() { Exit::Done } else { Exit::InputRefused })
        })
        .await
}

fn cells(line: &BoardLine) -> Vec<String> {
    vec![
        line.child.clone(),
        line.duty.to_owned(),
        line.anchor.clone(),
        line.opens_on.to_string(),
        line.due_on.to_string(),
        line.work_on.to_string(),
        line.status.to_owned(),
        line.late_calendar_days.map_or_else(String::new, |days| days.to_string()),
        line.owner.clone().unwrap_or_else(|| "supervisor".to_owned()),
        line.rule.clone(),
    ]
}

fn say(lines: &[BoardLine]) {
    if lines.is_empty() {
        println!("Nothing is due.");
        return;
    }
    let mut table = ui::table(&["child", "what", "due", "work by", "how it stands", "whose", "rule"]);
    for line in lines {
        let stands = match line.late_calendar_days {
            Some(1) => "late by 1 calendar day".to_owned(),
            Some(days) => format!("late by {days} calendar days"),
            None => line.status.to_owned(),
        };
        let paper = if line.papers_owed > 0 { format!("{} (paper)", line.title) } else { line.title.to_owned() };
        table.add_row([
            line.child.clone(),
            paper,
            line.due_on.to_string(),
            line.work_on.to_string(),
            stands,
            line.owner.clone().unwrap_or_else(|| "supervisor".to_owned()),
            line.rule.clone(),
        ]);
    }
    println!("{table}");
    let late = lines.iter().filter(|line| line.late_calendar_days.is_some()).count();
    println!("{} to do, {late} of them late. `earlypost explain --child ID` says why.", lines.len());
}
