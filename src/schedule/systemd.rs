//! What the service tells systemd: that it is up, that it is alive, that it stops. Elsewhere nobody listens.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use sd_notify::NotifyState;

use crate::pipeline::Progress;

/// Work that takes longer than this without one step is stuck, and systemd may start the service anew.
const STUCK_AFTER: Duration = Duration::from_mins(15);

/// Beats with every step of the work.
#[derive(Debug, Clone, Default)]
pub(super) struct Pulse(Arc<AtomicU64>);

impl Pulse {
    pub(super) fn beat(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

impl Progress for Pulse {
    fn stage(&self, _: &'static str, _: u64) {
        self.beat();
    }

    fn step(&self) {
        self.beat();
    }
}

pub(super) fn tell(state: NotifyState<'_>) {
    if let Err(error) = sd_notify::notify(&[state]) {
        tracing::warn!(%error, "systemd could not be told");
    }
}

/// Tells the watchdog that the service is alive, as long as each of its works goes on. Nothing where no watchdog is set.
pub(super) fn watch(pulses: Vec<Pulse>) -> Option<tokio::task::JoinHandle<()>> {
    let every = sd_notify::watchdog_enabled()? / 2;
    Some(tokio::spawn(async move {
        let mut seen: Vec<_> = pulses.into_iter().map(|pulse| (pulse, u64::MAX, tokio::time::Instant::now())).collect();
        loop {
            for (pulse, last, since) in &mut seen {
                let now = pulse.0.load(Ordering::Relaxed);
                if now != *last {
                    (*last, *since) = (now, tokio::time::Instant::now());
                }
            }
            if seen.iter().all(|(_, _, since)| since.elapsed() < STUCK_AFTER) {
                tell(NotifyState::Watchdog);
            } else {
                tracing::error!("the work has not gone on for long; the watchdog is not told that it is alive");
            }
            tokio::time::sleep(every).await;
        }
    }))
}
