//! No more messages a minute than the relay allows.

use std::time::Duration;

use tokio::{
    sync::{Mutex, MutexGuard},
    time::Instant,
};

/// Lets one message go at each beat.
pub(super) struct Pace {
    between: Option<Duration>,
    next: Mutex<Instant>,
}

/// A beat that has come. Nobody else gets one until it is spent or dropped; one that is dropped is there for the next.
pub(super) struct Beat<'a> {
    next: Option<(MutexGuard<'a, Instant>, Duration)>,
}

impl Beat<'_> {
    /// A message goes at it.
    pub(super) fn spend(&mut self) {
        if let Some((mut next, between)) = self.next.take() {
            *next = Instant::now() + between;
        }
    }
}

impl Pace {
    pub(super) fn of(messages_a_minute: Option<u32>) -> Self {
        let between = messages_a_minute.filter(|n| *n > 0).map(|n| Duration::from_mins(1) / n);
        Self { between, next: Mutex::new(Instant::now()) }
    }

    /// Waits for the next beat.
    pub(super) async fn beat(&self) -> Beat<'_> {
        let Some(between) = self.between else { return Beat { next: None } };
        let next = self.next.lock().await;
        tokio::time::sleep_until(*next).await;
        Beat { next: Some((next, between)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn sixty_a_minute_is_one_a_second_and_no_limit_waits_for_nothing() {
        let started = Instant::now();
        let pace = Pace::of(Some(60));
        for _ in 0..4 {
            pace.beat().await.spend();
        }
        assert_eq!(started.elapsed().as_secs(), 3);
        let free = Pace::of(None);
        let started = Instant::now();
        free.beat().await.spend();
        assert_eq!(started.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn a_beat_at_which_nothing_went_is_there_for_the_next() {
        let pace = Pace::of(Some(2));
        pace.beat().await.spend();
        let started = Instant::now();
        drop(pace.beat().await);
        pace.beat().await.spend();
        assert_eq!(started.elapsed().as_secs(), 30);
    }
}
