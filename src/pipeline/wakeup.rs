//! Who queues tells who delivers that there may be more to send, and when there will be no more.

use std::{
    sync::Mutex,
    time::{Duration, Instant},
};

use tokio::sync::watch;

/// Workers that wait look at the queue no more often than this.
const LOOKS_APART: Duration = Duration::from_millis(250);

/// Held by whoever queues. When it is dropped, nothing more comes.
#[derive(Default)]
pub struct Queueing {
    says: watch::Sender<()>,
    last: Mutex<Option<Instant>>,
}

/// Held by whoever delivers.
#[derive(Clone)]
pub struct Coming(watch::Receiver<()>);

impl Queueing {
    /// Nobody has been told anything yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// For one who delivers.
    #[must_use]
    pub fn coming(&self) -> Coming {
        Coming(self.says.subscribe())
    }

    /// There may be more. Who looks when nothing more comes sees what was queued since the last word.
    pub fn say(&self) {
        let mut last = self.last.lock().expect("no holder of an instant panics");
        if last.is_none_or(|at| at.elapsed() >= LOOKS_APART) {
            *last = Some(Instant::now());
            self.says.send_replace(());
        }
    }
}

impl Coming {
    /// What is queued is all there is.
    #[must_use]
    pub fn nothing() -> Self {
        Queueing::new().coming()
    }

    pub(super) fn is_over(&self) -> bool {
        self.0.has_changed().is_err()
    }

    /// Waits until nothing more comes.
    pub(super) async fn until_over(mut self) {
        while self.more().await {}
    }

    /// Waits for a word. False when nothing more comes; the queue is then to be looked at once more.
    pub(super) async fn more(&mut self) -> bool {
        self.0.changed().await.is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_delivers_is_woken_by_more_and_let_go_when_nothing_more_comes() {
        let queueing = Queueing::new();
        let mut coming = queueing.coming();
        assert!(!coming.is_over());
        queueing.say();
        assert!(coming.more().await);
        // Said twice within a moment is said once; the end is always heard.
        queueing.say();
        drop(queueing);
        assert!(!coming.more().await);
        assert!(coming.is_over() && Coming::nothing().is_over());
    }
}
