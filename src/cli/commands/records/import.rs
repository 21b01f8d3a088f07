//! `earlypost import`: takes the caseload's records, and does nothing else.

use crate::cli::{Exit, Global, ui};

pub(in crate::cli) async fn act(global: &Global) -> anyhow::Result<Exit> {
    global
        .with_app(false, async |app| {
            let bar = ui::Bar::new(global);
            let report = app.pipeline.intake().import(&app.caseload, &bar, &app.actor).await;
            bar.end();
            let report = report?;
            ui::say_refused(&report);
            if global.json {
                ui::print_json(&ui::import_json(&report))?;
            } else if !global.quiet {
                println!(
                    "Records: {} new, {} changed, {} as before, {} refused.",
                    report.new,
                    report.changed,
                    report.same,
                    report.refused.len()
                );
            }
            Ok(if report.refused.is_empty() { Exit::Done } else { Exit::InputRefused })
        })
        .await
}
