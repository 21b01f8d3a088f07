//! A flag that asks long work to end at its next safe point.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

/// Shared by everybody who works; set once, by somebody or by the time.
#[derive(Debug, Clone, Default)]
pub struct Stop {
    asked: Arc<AtomicBool>,
    ends: Option<Instant>,
}

impl Stop {
    /// Asks to stop.
    pub fn set(&self) {
        self.asked.store(true, Ordering::SeqCst);
    }

    /// The same flag, for work that ends after a time at the latest.
    #[must_use]
    pub fn within(&self, time: Duration) -> Self {
        Self { asked: Arc::clone(&self.asked), ends: Instant::now().checked_add(time) }
    }

    /// Whether somebody asked, or the time is over.
    #[must_use]
    pub fn is_set(&self) -> bool {
        self.asked.load(Ordering::SeqCst) || self.is_time_over()
    }

    /// Whether the time is over.
    #[must_use]
    pub fn is_time_over(&self) -> bool {
        self.ends.is_some_and(|ends| Instant::now() >= ends)
    }
}
