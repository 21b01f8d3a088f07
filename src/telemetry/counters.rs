//! What was done since the start: counters for those who watch it. No ids, no names.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

/// Upper ends of the render times' classes, in seconds. A seven-page plan takes about 0.03 s.
const CLASSES: [f64; 9] = [0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 15.0, 60.0];

/// The counters of one installation at work.
#[derive(Debug, Default)]
pub struct Measures(Mutex<Counted>);

#[derive(Debug, Default)]
struct Counted {
    attempts: BTreeMap<(&'static str, &'static str), u64>,
    renders: BTreeMap<bool, Renders>,
}

/// Times of papers rendered.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Renders {
    /// Papers whose time was at most the class's upper end; see [`Renders::classes`].
    within: [u64; CLASSES.len()],
    pub count: u64,
    pub seconds: f64,
}

impl Renders {
    /// Upper end of each class in seconds, and the papers within it.
    pub fn classes(&self) -> impl Iterator<Item = (f64, u64)> {
        CLASSES.into_iter().zip(self.within)
    }
}

impl Measures {
    /// An attempt was settled.
    pub fn attempt(&self, channel: &'static str, outcome: &'static str) {
        *self.counted().attempts.entry((channel, outcome)).or_default() += 1;
    }

    /// A paper was rendered, or could not be.
    pub fn rendered(&self, well: bool, took: Duration) {
        let seconds = took.as_secs_f64();
        let mut counted = self.counted();
        let renders = counted.renders.entry(well).or_default();
        renders.count += 1;
        renders.seconds += seconds;
        for (within, end) in renders.within.iter_mut().zip(CLASSES) {
            *within += u64::from(seconds <= end);
        }
    }

    /// Settled attempts by channel and outcome.
    #[must_use]
    pub fn attempts(&self) -> Vec<(&'static str, &'static str, u64)> {
        self.counted().attempts.iter().map(|((channel, outcome), count)| (*channel, *outcome, *count)).collect()
    }

    /// Times of the papers that were rendered (`true`) and of those that could not be.
    #[must_use]
    pub fn renders(&self, well: bool) -> Renders {
        self.counted().renders.get(&well).copied().unwrap_or_default()
    }

    fn counted(&self) -> std::sync::MutexGuard<'_, Counted> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_counts_in_its_class_and_in_all_longer_ones() {
        let measures = Measures::default();
        measures.rendered(true, Duration::from_millis(30));
        measures.rendered(true, Duration::from_secs(2));
        measures.rendered(false, Duration::from_millis(1));
        let renders = measures.renders(true);
        assert_eq!(renders.count, 2);
        let within: Vec<u64> = renders.classes().map(|(_, papers)| papers).collect();
        assert_eq!(within, [0, 1, 1, 1, 1, 1, 2, 2, 2]);
        assert_eq!(measures.renders(false).count, 1);
    }

    #[test]
    fn attempts_are_counted_by_channel_and_outcome() {
        let measures = Measures::default();
        measures.attempt("smtp", "accepted");
        measures.attempt("smtp", "accepted");
        measures.attempt("print", "printed");
        assert_eq!(measures.attempts(), [("print", "printed", 1), ("smtp", "accepted", 2)]);
    }
}
