//! `earlypost deliver`: delivers what is queued, and does nothing else.

use serde_json::json;

use crate::{
    cli::{Exit, Global, signals::stop_when_told, ui},
    pipeline::{HeldInstallation, Standing},
};

pub(in crate::cli) async fn act(global: &Global) -> anyhow::Result<Exit> {
    global.with_app(true, async |app| {
    let standing = app.pipeline.standing().await?;
    if standing != Standing::Same {
        return Err(HeldInstallation(standing).into());
    }
    app.pipeline.delivery().recover().await?;
    let (bar, stop) = (ui::Bar::new(global), stop_when_told()?);
    let delivered = app.pipeline.delivery().deliver_all(&bar, &stop, &app.actor).await;
    bar.end();
    let delivered = delivered?;
    app.pipeline.renew_mark().await?;
    for (channel, says) in &delivered.paused {
        eprintln!("earlypost: channel {channel} is paused: {says}");
    }
    if global.json {
        ui::print_json(
            &json!({"attempts": delivered.attempts, "paused": delivered.paused.iter().map(|(c, _)| c).collect::<Vec<_>>()}),
        )?;
    } else if !global.quiet {
        println!("{} envelopes were offered to their channels.", delivered.attempts);
    }
    Ok(if delivered.paused.is_empty() { Exit::Done } else { Exit::NotSent })
    }).await
}
