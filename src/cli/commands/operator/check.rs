//! `earlypost check`: renders every template with every record of the caseload and says what is wrong.

use crate::{
    cli::{Exit, Global, ui},
    pipeline::check_templates,
};

pub(in crate::cli) async fn act(global: &Global) -> anyhow::Result<Exit> {
    global
        .with_app(false, async |app| {
            let bar = ui::Bar::new(global);
            let import = app.pipeline.intake().import(&app.caseload, &bar, &app.actor).await?;
            ui::say_refused(&import);
            let checked = check_templates(&app.pipeline, &bar).await;
            bar.end();
            let checked = checked?;
            for fault in &checked.faults {
                eprintln!("{fault}");
            }
            if global.json {
                ui::print_json(
                    &serde_json::json!({"papers": checked.papers, "pages": checked.pages, "faults": checked.faults}),
                )?;
            } else if !global.quiet {
                println!(
                    "{} papers with {} pages were rendered twice to equal bytes; {} faults.",
                    checked.papers,
                    checked.pages,
                    checked.faults.len()
                );
            }
            Ok(match (checked.faults.is_empty(), import.refused.is_empty()) {
                (false, _) => Exit::FaultFound,
                (true, false) => Exit::InputRefused,
                (true, true) => Exit::Done,
            })
        })
        .await
}
