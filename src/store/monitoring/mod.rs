//! Counts for those who watch: states, ages, what stands still.

pub(super) mod counts;
pub(super) mod metrics;
pub(super) mod nightly_check;
