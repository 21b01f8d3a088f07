//! `earlypost schedule`: what the service does by itself, and when.

use serde_json::{Value, json};

use crate::{
    actor::Actor,
    cli::{Exit, Global, signals::stop_when_told, ui},
    schedule::{Service, Ticked},
    store::{HoldScope, ScheduleRow},
};

/// What the service does by itself, and when.
#[derive(Debug, clap::Args)]
#[command(after_help = "The times stand in the settings, as [[schedule]] entries:\n\n  \
[[schedule]]\n  name = \"run\"\n  work = \"run\"                # run, proof, checkpoint\n  at = \"30 5 * * MON-FRI\"     # cron, in the program's own time zone\n  \
missed = \"run-once-now\"     # or ask, skip-and-record: what becomes of a time when no service ran")]
pub(in crate::cli) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Every schedule: when it is due, when it last ran, what it waits for.
    List,
    /// One schedule and its last times.
    Show {
        /// Its name.
        name: String,
    },
    /// Run a schedule now, also one that asks.
    Run {
        /// Its name.
        name: String,
    },
    /// Leave the present time of a schedule out; it goes on with the next.
    Skip {
        /// Its name.
        name: String,
        /// Why.
        #[arg(long)]
        reason: String,
    },
    /// Hold a schedule: it does not run until it is released.
    Hold {
        /// Its name.
        name: String,
        /// Why.
        #[arg(long)]
        reason: String,
    },
    /// End the hold on a schedule.
    Release {
        /// Its name.
        name: String,
        /// Why.
        #[arg(long)]
        reason: String,
    },
    /// Say that the computer's date and time are right, after the service has asked.
    BelieveClock {
        /// Why.
        #[arg(long)]
        reason: String,
    },
}

pub(in crate::cli) async fn act(args: &Args, global: &Global) -> anyhow::Result<Exit> {
    global
        .with_app(matches!(args.what, What::Run { .. }), async |app| {
            let service = Service::new(app.pipeline, app.operator, &app.config);
            service.sync().await?;
            let exit = match &args.what {
                What::List => list(&service, &app.actor, global).await,
                What::Show { name } => show(&service, &named(&service, name).await?, &app.actor, global).await,
                What::Run { name } => run(&service, &named(&service, name).await?, global).await,
                What::Skip { name, reason } => {
                    let row = named(&service, name).await?;
                    let done = service.skip_now(&row, reason, &app.actor).await?;
                    anyhow::ensure!(
                        done,
                        "another service has taken it just now; see `earlypost schedule show {name}`"
                    );
                    Ok(say(global, &format!("The present time of schedule {name} is left out.")))
                }
                What::Hold { name, reason } => {
                    named(&service, name).await?;
                    let scope = HoldScope::Schedule(name.clone());
                    let new = service.pipeline.stops().hold(&scope, reason, &app.actor).await?.is_new;
                    Ok(say(global, &format!("Schedule {name} is {}held.", if new { "" } else { "already " })))
                }
                What::Release { name, reason } => {
                    let scope = HoldScope::Schedule(name.clone());
                    service.pipeline.stops().lift_hold(&scope, reason, &app.actor).await?;
                    Ok(say(global, &format!("Schedule {name} is held no more.")))
                }
                What::BelieveClock { reason } => {
                    let stood = service.believe_clock(&app.actor, reason).await?;
                    Ok(say(global, if stood { "The schedules go on from now." } else { "The clock was not in doubt." }))
                }
            }?;
            Ok(exit)
        })
        .await
}

fn say(global: &Global, text: &str) -> Exit {
    if !global.quiet {
        println!("{text}");
    }
    Exit::Done
}

async fn named(service: &Service, name: &str) -> anyhow::Result<ScheduleRow> {
    let rows = service.rows().await?;
    let names = rows.iter().map(|row| row.name.as_str()).collect::<Vec<_>>().join(", ");
    rows.into_iter()
        .find(|row| row.name == name)
        .ok_or_else(|| anyhow::anyhow!("there is no schedule {name}, but these: {names}"))
}

/// Why a schedule does not run, if it does not.
fn waits(row: &ScheduleRow, holds: &[crate::store::HoldRow]) -> Option<String> {
    let standing = holds.iter().find(|hold| hold.scope == HoldScope::Schedule(row.name.clone()));
    standing
        .map(|hold| format!("held by {}: {}", hold.held_by, hold.reason))
        .or_else(|| row.asks.as_ref().map(|asks| format!("asks: {asks} Run or skip it.")))
}

fn row_json(row: &ScheduleRow, waits: Option<&String>) -> Value {
    json!({
        "name": row.name, "work": row.work, "at": row.expression, "zone": row.zone, "missed": row.missed,
        "next_due": row.next_due, "last_run": row.last_run, "waits": waits,
    })
}

async fn list(service: &Service, by: &Actor, global: &Global) -> anyhow::Result<Exit> {
    let (rows, held) = (service.rows().await?, service.pipeline.stops().holds(by).await?);
    let doubt = service.clock_doubt().await?;
    if global.json {
        let rows: Vec<Value> = rows.iter().map(|row| row_json(row, waits(row, &held).as_ref())).collect();
        ui::print_json(&json!({"schedules": rows, "clock_doubt": doubt}))?;
    } else if !global.quiet {
        let mut table = ui::table(&["name", "work", "at", "next", "last", "waits"]);
        for row in &rows {
            table.add_row([
                row.name.clone(),
                row.work.clone(),
                format!("{} ({})", row.expression, row.zone),
                local(row, row.next_due),
                row.last_run.map_or_else(|| "never".to_owned(), |at| local(row, at)),
                waits(row, &held).unwrap_or_default(),
            ]);
        }
        println!("{table}");
    }
    if let Some(doubt) = &doubt {
        eprintln!(
            "earlypost: nothing runs: {doubt}. If the time is right, run `earlypost schedule believe-clock --reason ...`"
        );
    }
    Ok(if doubt.is_some() { Exit::NotSent } else { Exit::Done })
}

/// An instant in the schedule's own zone.
fn local(row: &ScheduleRow, at: chrono::DateTime<chrono::Utc>) -> String {
    row.zone.parse::<chrono_tz::Tz>().map_or_else(
        |_| at.format("%Y-%m-%d %H:%M UTC").to_string(),
        |zone| at.with_timezone(&zone).format("%Y-%m-%d %H:%M").to_string(),
    )
}

async fn show(service: &Service, row: &ScheduleRow, by: &Actor, global: &Global) -> anyhow::Result<Exit> {
    let waits = waits(row, &service.pipeline.stops().holds(by).await?);
    let runs = service.last_times(&row.name, 30).await?;
    if global.json {
        let mut value = row_json(row, waits.as_ref());
        value["runs"] = serde_json::to_value(&runs)?;
        ui::print_json(&value)?;
    } else if !global.quiet {
        println!("{}: {} at {} ({}), next {}", row.name, row.work, row.expression, row.zone, local(row, row.next_due));
        println!("A time that goes by while no service runs: {}.", row.missed);
        if let Some(waits) = &waits {
            println!("It waits: {waits}");
        }
        let mut table = ui::table(&["due", "begun", "outcome", "what"]);
        for run in &runs {
            table.add_row([
                run.due_at.as_str(),
                &run.started_at,
                run.outcome.as_deref().unwrap_or("has not ended"),
                run.says.as_deref().unwrap_or(""),
            ]);
        }
        println!("{table}");
    }
    Ok(Exit::Done)
}

async fn run(service: &Service, row: &ScheduleRow, global: &Global) -> anyhow::Result<Exit> {
    let bar = ui::Bar::new(global);
    let ticked = service.run_now(row, &bar, &stop_when_told()?).await;
    bar.end();
    match ticked? {
        None => anyhow::bail!("another service has taken it just now; see `earlypost schedule show {}`", row.name),
        Some(Ticked::Failed(says)) => anyhow::bail!("{}: {says}", row.name),
        Some(Ticked::Ran(says) | Ticked::Asks(says)) => Ok(say(global, &says)),
        Some(Ticked::Skipped) => Ok(say(global, "Its time was left out.")),
    }
}
