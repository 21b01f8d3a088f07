//! `earlypost run`: the whole job, and the balance that proves that nothing was forgotten.

use std::time::Duration;

use crate::{
    app::OnlyRun,
    cli::{Exit, Global, signals::stop_when_told, ui},
    pipeline::{RunReport, Stop},
};

/// The whole job: import, plan, decide, render, deliver, record.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// Send exactly this plan (see `earlypost plan`). What changed since it was made is left out and named.
    #[arg(long, value_name = "NUMBER")]
    plan: Option<i64>,
    /// Begin nothing more after so many minutes; the next run goes on. 0: no limit. Without it, `max_run_minutes` in
    /// [delivery].
    #[arg(long, value_name = "MINUTES", value_parser = clap::value_parser!(u64).range(0..=10_080))]
    max_minutes: Option<u64>,
}

pub(in crate::cli) async fn act(args: &Args, global: &Global) -> anyhow::Result<Exit> {
    global
        .with_app(true, async |app| {
            let _only = OnlyRun::of(&app.config.data_dir, app.pipeline.now())?;
            let (bar, stop) = (ui::Bar::new(global), stop_when_told()?);
            let minutes = args.max_minutes.unwrap_or(app.pipeline.delivery.max_run_minutes);
            let stop = if minutes == 0 { stop } else { stop.within(Duration::from_secs(minutes * 60)) };
            if let Some(plan) = args.plan {
                let result =
                    app.pipeline.operations().run_plan(plan, Some(&app.caseload), &bar, &stop, &app.actor).await;
                bar.end();
                let (report, left_out) = result?;
                for line in &left_out {
                    eprintln!(
                        "earlypost: line {} ({} to {}) is left out: {}",
                        line.line, line.child, line.recipient, line.why
                    );
                }
                return say_in_time(&report, &stop, minutes, global);
            }
            let result = app.pipeline.operations().run(Some(&app.caseload), &bar, &stop, &app.actor).await;
            bar.end();
            let report = result?;
            say_in_time(&report, &stop, minutes, global)
        })
        .await
}

/// The report of a run whose time may have been over before all was sent.
fn say_in_time(report: &RunReport, stop: &Stop, minutes: u64, global: &Global) -> anyhow::Result<Exit> {
    let exit = say(report, global)?;
    if !stop.is_time_over() || report.balance.queued == 0 {
        return Ok(exit);
    }
    eprintln!(
        "earlypost: the run ended after {minutes} minutes; {} deliveries are still in line, and the next run goes on with them",
        report.balance.queued
    );
    Ok(if exit == Exit::Done { Exit::NotSent } else { exit })
}

/// Reports a run, and says by the exit code what a script has to know.
pub(super) fn say(report: &RunReport, global: &Global) -> anyhow::Result<Exit> {
    if let Some(import) = &report.import {
        ui::say_refused(import);
    }
    for (channel, says) in &report.paused {
        eprintln!("earlypost: channel {channel} is paused: {says}");
    }
    if let Some(held) = &report.held_because {
        eprintln!("earlypost: {held}");
    }
    if global.json {
        ui::print_json(&ui::run_json(report))?;
    } else if !global.quiet {
        ui::say_dispatches(&report.dispatches);
        if let Some(import) = &report.import {
            println!(
                "Records: {} new, {} changed, {} as before, {} refused.",
                import.new,
                import.changed,
                import.same,
                import.refused.len()
            );
        }
        if report.attempts == 0 {
            println!("Nothing was sent.");
        }
        println!("{}", report.balance);
        // A delivery by hand looks at its own lines only: it knows nothing of what else waits.
        if report.import.is_some() || !report.waiting.is_empty() {
            ui::say_waiting(&report.waiting);
        }
    }
    let refused = report.import.as_ref().is_some_and(|import| !import.refused.is_empty());
    Ok(if report.held_because.is_some() || !report.paused.is_empty() {
        Exit::NotSent
    } else if refused {
        Exit::InputRefused
    } else {
        Exit::Done
    })
}
