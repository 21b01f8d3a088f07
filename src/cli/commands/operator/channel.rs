//! `earlypost channel`: ways out, and those that wait for a person.

use serde_json::json;

use crate::{
    cli::{Exit, Global, ui},
    pipeline::Pauses,
};

/// The ways out.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// List the channels, which of them are paused and why, and addresses that are paused.
    List,
    /// Let a channel send again, or an address be used again, once you have made sure that all is well.
    Resume {
        /// The channel's name, as `channel list` shows it.
        #[arg(required_unless_present = "endpoint")]
        name: Option<String>,
        /// An address that is paused, by the endpoint's id.
        #[arg(long, value_name = "ID", conflicts_with = "name")]
        endpoint: Option<String>,
    },
}

pub(in crate::cli) async fn act(args: &Args, global: &Global) -> anyhow::Result<Exit> {
    match &args.what {
        What::List => list(global).await,
        What::Resume { name: Some(name), .. } => resume(name, global).await,
        What::Resume { endpoint, .. } => resume_endpoint(endpoint.as_deref().unwrap_or_default(), global).await,
    }
}

async fn list(global: &Global) -> anyhow::Result<Exit> {
    global
        .with_app(false, async |app| {
            let pipeline = &app.pipeline;
            let Pauses { channels: paused, addresses } = pipeline.stops().pauses(&app.actor).await?;
            let today = pipeline.delivery().left_today().await?;
            let mut table = ui::table(&["channel", "for", "leaves this machine", "left today", "state"]);
            let mut rows = Vec::new();
            for (kind, channel) in &pipeline.channels {
                let pause = paused.iter().find(|p| p.name == channel.name());
                let left = today.get(channel.name()).copied().unwrap_or(0);
                let state =
                    pause.map_or_else(|| "sends".to_owned(), |p| format!("paused since {}: {}", p.paused_at, p.why));
                table.add_row([
                    channel.name(),
                    kind.word(),
                    if channel.leaves_this_machine() { "yes" } else { "no" },
                    &left.to_string(),
                    &state,
                ]);
                rows.push(json!({
                    "channel": channel.name(), "for": kind.word(), "leaves_this_machine": channel.leaves_this_machine(),
                    "left_today": left, "paused": pause,
                }));
            }
            if global.json {
                ui::print_json(&json!({"channels": rows, "paused_addresses": addresses}))?;
            } else if !global.quiet {
                println!("{table}");
                for address in &addresses {
                    println!("Address {} is paused since {}: {}.", address.name, address.paused_at, address.why);
                }
            }
            Ok(Exit::Done)
        })
        .await
}

async fn resume(name: &str, global: &Global) -> anyhow::Result<Exit> {
    global
        .with_app(false, async |app| {
            let was_paused = app.pipeline.stops().resume_channel(name, &app.actor).await?;
            say(global, &json!({"channel": name, "was_paused": was_paused}), was_paused, &format!("Channel {name}"))?;
            Ok(Exit::Done)
        })
        .await
}

async fn resume_endpoint(endpoint: &str, global: &Global) -> anyhow::Result<Exit> {
    global
        .with_app(false, async |app| {
            let was_paused = app.pipeline.stops().resume_address(endpoint, &app.actor).await?;
            say(
                global,
                &json!({"endpoint": endpoint, "was_paused": was_paused}),
                was_paused,
                &format!("Address {endpoint}"),
            )?;
            Ok(Exit::Done)
        })
        .await
}

fn say(global: &Global, value: &serde_json::Value, was_paused: bool, what: &str) -> anyhow::Result<()> {
    if global.json {
        ui::print_json(value)?;
    } else if !global.quiet {
        let was = if was_paused { "is in use again; the next run sends what waits" } else { "was not paused" };
        println!("{what} {was}.");
    }
    Ok(())
}
