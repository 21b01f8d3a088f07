//! `earlypost test-server`: a mail server that relays nothing and shows what would arrive.

use std::{net::SocketAddr, path::PathBuf};

use serde_json::json;
use tokio::sync::mpsc;

use crate::{
    cli::{Exit, Global},
    dispatch::test_server::Sink,
    files::write,
};

/// Takes mail on this machine, shows what would arrive, and relays nothing.
///
/// Point [channels.email] at it with `kind = "smtp"`, `host = "127.0.0.1"`, `port = 2525`, `security = "plaintext"`.
/// It runs until Ctrl-C, or until --messages were taken.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// Where to listen: an address of this machine only.
    #[arg(long, default_value = "127.0.0.1:2525", value_name = "ADDRESS")]
    listen: SocketAddr,
    /// Write each message to DIR as 1.eml, 2.eml, ... They hold whatever was sent: use made-up people.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Stop after so many messages.
    #[arg(long, value_name = "N")]
    messages: Option<u64>,
}

pub(in crate::cli) async fn act(args: &Args, global: &Global) -> anyhow::Result<Exit> {
    if let Some(dir) = &args.out {
        std::fs::create_dir_all(dir)
            .map_err(|error| anyhow::anyhow!("{} cannot be made ({})", dir.display(), error.kind()))?;
    }
    let sink =
        Sink::listen(args.listen).await.map_err(|error| anyhow::anyhow!("{} cannot be used: {error}", args.listen))?;
    if !global.quiet {
        eprintln!("Taking mail on {}; nothing is relayed. Ctrl-C ends it.", sink.address()?);
    }
    let (taken, mut messages) = mpsc::channel(16);
    let serving = tokio::spawn(sink.serve(taken));
    let mut number = 0;
    while args.messages.is_none_or(|most| number < most) {
        let message = tokio::select! {
            message = messages.recv() => message,
            _ = tokio::signal::ctrl_c() => None,
        };
        let Some(message) = message else { break };
        number += 1;
        if let Some(dir) = &args.out {
            let file = dir.join(format!("{number}.eml"));
            write(&file, &message.bytes[..])
                .await
                .map_err(|error| anyhow::anyhow!("{} cannot be written ({})", file.display(), error.kind()))?;
        }
        let glance = message.glance();
        if global.json {
            // One line a message, so that a script can read along.
            println!(
                "{}",
                json!({"number": number, "from": message.from, "to": message.to, "bytes": message.bytes.len(), "head": glance})
            );
        } else if !global.quiet {
            println!("{number}  from {}", message.from);
            println!("   to      {}", message.to.join(", "));
            println!("   subject {}", glance.subject);
            println!("   id      {}", glance.message_id);
            for (name, bytes) in &glance.attachments {
                println!("   with    {name}, {bytes} bytes");
            }
        }
    }
    serving.abort();
    Ok(Exit::Done)
}
