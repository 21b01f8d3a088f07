//! SIGTERM and Ctrl-C: work ends at its next safe point, and what is on its way gets its answer first.

use tokio::signal::unix::{SignalKind, signal};

use crate::pipeline::Stop;

/// A flag that is set when the program is told to end. Told a second time, it ends at once.
///
/// # Errors
/// When the system gives no signals.
pub(super) fn stop_when_told() -> anyhow::Result<Stop> {
    let stop = Stop::default();
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let flag = stop.clone();
    tokio::spawn(async move {
        let mut told = async || {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
        };
        told().await;
        flag.set();
        eprintln!("Ending: what is on its way gets its answer first, and the rest waits for the next run.");
        told().await;
        std::process::exit(130);
    });
    Ok(stop)
}
