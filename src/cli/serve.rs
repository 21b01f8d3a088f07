//! `earlypost serve`: works until SIGTERM or Ctrl-C; then it finishes or releases what it holds.

use std::sync::Arc;

use tokio::{
    signal::unix::{SignalKind, signal},
    sync::Notify,
};

use super::{Exit, Global};
use crate::{
    observe::observe,
    pipeline::Stop,
    schedule::{Answers, Service, serve},
};

pub(super) async fn act(global: &Global) -> anyhow::Result<Exit> {
    let (config, app) = global.app(true).await?;
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
    let answers = Answers { receiver: app.receiver, every_minutes: config.receive.every_minutes };
    let service = Service::new(app.pipeline, app.operator, &config);
    serve(&service, &answers, stop, woken).await?;
    asked.abort();
    drop(observing);
    service.pipeline.store.close().await;
    Ok(Exit::Done)
}
