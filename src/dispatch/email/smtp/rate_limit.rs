//! No more messages a minute than the relay allows.

use std::time::Duration;

use tokio::{sync::Mutex, time::Instant};

/// Lets one message go at each beat.
pub(super) struct Pace {
    between: Option<Duration>,
    next: Mutex<Instant>,
}

impl Pace {
    pub(super) fn of(messages_a_minute: Option<u32>) -> Self {
        let between = messages_a_minute.filter(|n| *n > 0).map(|n| Duration::from_mins(1) / n);
        Self { between, next: Mutex::new(Instant::now()) }
    }

    /// Waits for the next beat. Who is cancelled while waiting has used up its beat and no more.
    pub(super) async fn wait(&self) {
        let Some(between) = self.between else { return };
        let turn = {
            let mut next = self.next.lock().await;
            let turn = (*next).max(Instant::now());
            *next = turn + between;
            turn
        };
        tokio::time::sleep_until(turn).await;
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
            pace.wait().await;
        }
        assert_eq!(started.elapsed().as_secs(), 3);
        let free = Pace::of(None);
        let started = Instant::now();
        free.wait().await;
        assert_eq!(started.elapsed(), Duration::ZERO);
    }
}
