//! `earlypost run`: the whole job, and the balance that proves that nothing was forgotten.

use crate::{
    cli::{Exit, Global, signals::stop_when_told, ui},
    pipeline::RunReport,
};

/// The whole job: import, plan, decide, render, deliver, record.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// Send exactly this plan (see `earlypost plan`). What changed since it was made is left out and named.
    #[arg(long, value_name = "NUMBER")]
    plan: Option<i64>,
}

pub(in crate::cli) async fn act(args: &Args, global: &Global) -> anyhow::Result<Exit> {
    global
        .with_app(true, async |app| {
            let (bar, stop) = (ui::Bar::new(global), stop_when_told()?);
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
                return say(&report, global);
            }
            let result = app.pipeline.operations().run(Some(&app.caseload), &bar, &stop, &app.actor).await;
            bar.end();
            let report = result?;
            say(&report, global)
        })
        .await
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
        ui::say_waiting(&report.waiting);
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
