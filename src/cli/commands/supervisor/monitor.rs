//! `earlypost monitor`: a row a child for a monitoring visit.

use chrono::NaiveDate;

use crate::{
    cli::{Exit, Global, csv, ui},
    pipeline::{Indicator, MonitorRow, Monitored, Sample},
};

/// Lists a row a child for a monitoring visit: trigger, due, done, reason, evidence.
#[derive(Debug, clap::Args)]
#[command(
    long_about = "Lists a row a child for a monitoring visit: what set the duty off, when it was due and done, why it was late, \
and the evidence (events, dispatches, SHA-256 of papers). Children that are not counted are named with the reason. What nobody \
has confirmed about the counting is said: your state's instructions decide.\n\nC1: services start in time. C7: the 45 days. C8: \
transition (A steps in the plan, B notice to the district, C conference).",
    after_help = "Example:\n  earlypost monitor --rule C7 --from 2026-07-01 --to 2026-09-30 --sample 10 --seed 4 --csv > c7.csv"
)]
pub(in crate::cli) struct Args {
    /// What is monitored.
    #[arg(long, value_enum)]
    rule: Rule,
    /// The first day of the period, by due dates.
    #[arg(long, value_name = "DATE")]
    from: NaiveDate,
    /// Its last day.
    #[arg(long, value_name = "DATE")]
    to: NaiveDate,
    /// Show so many children only, drawn by the seed; the numbers are of all.
    #[arg(long, value_name = "CHILDREN")]
    sample: Option<usize>,
    /// The seed of the sample: the same one draws the same children.
    #[arg(long, default_value_t = 1, requires = "sample")]
    seed: u64,
    /// As a table for a spreadsheet; numbers and exclusions go to standard error.
    #[arg(long, conflicts_with = "json")]
    csv: bool,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Rule {
    /// Services start in time.
    #[value(name = "C1")]
    C1,
    /// The 45 days.
    #[value(name = "C7")]
    C7,
    /// Transition.
    #[value(name = "C8")]
    C8,
}

pub(in crate::cli) async fn act(args: &Args, global: &Global) -> anyhow::Result<Exit> {
    global
        .with_app(false, async |app| {
            if args.to < args.from {
                eprintln!("earlypost: the period ends on {}, before it begins", args.to);
                return Ok(Exit::WrongUse);
            }
            let indicator = match args.rule {
                Rule::C1 => Indicator::C1,
                Rule::C7 => Indicator::C7,
                Rule::C8 => Indicator::C8,
            };
            let sample = args.sample.map(|children| Sample { children, seed: args.seed });
            let monitored =
                app.pipeline.planning().monitor(indicator, (args.from, args.to), sample, &app.actor).await?;
            if global.json {
                ui::print_json(&serde_json::to_value(&monitored)?)?;
            } else if args.csv {
                csv::print(&HEADER, monitored.rows.iter().map(cells))?;
                eprint!("{}", numbers(&monitored));
            } else if !global.quiet {
                let mut table = ui::table(&HEADER);
                for row in &monitored.rows {
                    table.add_row(cells(row));
                }
                println!("{table}");
                print!("{}", numbers(&monitored));
            }
            Ok(Exit::Done)
        })
        .await
}

const HEADER: [&str; 11] =
    ["part", "child", "anchor", "trigger", "due", "done", "calendar_days", "in_time", "reason", "note", "evidence"];

fn cells(row: &MonitorRow) -> Vec<String> {
    vec![
        row.part.to_owned(),
        row.child.clone(),
        row.anchor.clone(),
        row.trigger.to_string(),
        row.due.to_string(),
        row.done.map_or_else(|| "not done".to_owned(), |on| on.to_string()),
        row.calendar_days.map_or_else(String::new, |days| days.to_string()),
        if row.in_time { "yes" } else { "no" }.to_owned(),
        row.reason.clone().unwrap_or_default(),
        row.note.clone(),
        row.evidence.join("; "),
    ]
}

fn numbers(all: &Monitored) -> String {
    let mut out = String::new();
    for (part, tally) in &all.tallies {
        out += &format!(
            "{part}: {} of {} children in time; late for the family {}, for the system {}, unexplained {}\n",
            tally.numerator, tally.denominator, tally.late_family, tally.late_system, tally.late_unexplained
        );
    }
    if let Some(seed) = all.seed {
        out += &format!("The rows are a sample (seed {seed}); the numbers are of all children.\n");
    }
    for exclusion in &all.excluded {
        out += &format!("Not counted in {}: {}: {}\n", exclusion.part, exclusion.child, exclusion.why);
    }
    for said in &all.unconfirmed {
        out += &format!("Not confirmed: {said}.\n");
    }
    out
}
