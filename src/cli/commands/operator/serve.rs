//! `earlypost serve`: works until SIGTERM or Ctrl-C; then it finishes or releases what it holds.

use std::sync::Arc;

use tokio::{
    signal::unix::{SignalKind, signal},
    sync::Notify,
};

use crate::{
    cli::{Exit, Global},
    config::Role,
    observe::observe,
    pipeline::Stop,
    schedule::{Answers, Service, look_only, serve},
};

/// Runs as a service until SIGTERM or Ctrl-C.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// Show what it would do, one line an envelope, and do nothing: no import, no paper, no send, not one row written.
    #[arg(long)]
    passive: bool,
    /// Do only this part of the work, where several services share a database: plan (what the schedules say), render
    /// (make papers), deliver (send them), receive (take what comes back). All of it where nothing is said.
    #[arg(long, value_delimiter = ',', value_name = "ROLES")]
    roles: Vec<Role>,
}

pub(in crate::cli) async fn act(args: &Args, global: &Global) -> anyhow::Result<Exit> {
    global
        .with_app(!args.passive, async |app| {
            let mut config = app.config.clone();
            if !args.roles.is_empty() {
                config.service.roles.clone_from(&args.roles);
            }
            let (stop, woken) = (Stop::default(), Arc::new(Notify::new()));
            let mut terminate = signal(SignalKind::terminate())?;
            let mut interrupt = signal(SignalKind::interrupt())?;
            let (flag, wake) = (stop.clone(), Arc::clone(&woken));
            let asked = tokio::spawn(async move {
                tokio::select! {
                    _ = terminate.recv() => {}
                    _ = interrupt.recv() => {}
                }
                flag.set();
                wake.notify_one();
            });
            let observing = observe(&config.observe, Arc::clone(&app.pipeline)).await?;
            if let Some(observing) = &observing {
                tracing::info!(address = %observing.address(), "watchers are answered");
            }
            let service = Service::new(app.pipeline, app.operator, &config);
            if args.passive {
                look_only(&service, &stop, &woken, &|line| println!("would send {line}")).await?;
            } else {
                let answers = Answers { receiver: app.receiver, every_minutes: config.receive.every_minutes };
                serve(&service, &answers, stop, woken).await?;
            }
            asked.abort();
            drop(observing);
            Ok(Exit::Done)
        })
        .await
}
