//! When an attempt that failed for now is tried again.

use chrono::Duration;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Leases, retries and waits, in whole seconds. Tests set them small.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DeliverySettings {
    /// Envelopes delivered at the same time, 1 to 64.
    #[schemars(range(min = 1, max = 64))]
    pub at_once: usize,
    /// How long a worker may hold an envelope without a sign of life.
    #[schemars(range(min = 1))]
    pub lease_seconds: i64,
    /// Waits after the first, second, third, ... transient refusal; the last one repeats.
    pub retry_seconds: Vec<i64>,
    /// Attempts after which an envelope fails.
    #[schemars(range(min = 1))]
    pub attempts: i64,
    /// Wait before an e-mail with an unknown outcome goes once more, with the same Message-ID and bytes.
    pub unknown_wait_seconds: i64,
}

impl Default for DeliverySettings {
    fn default() -> Self {
        Self {
            at_once: 4,
            lease_seconds: 60,
            retry_seconds: vec![60, 300, 900, 3600],
            attempts: 27,
            unknown_wait_seconds: 1800,
        }
    }
}

impl DeliverySettings {
    /// The wait after `attempt` (from 1) was refused for now.
    #[must_use]
    pub fn wait_after(&self, attempt: i64) -> Duration {
        let step =
            usize::try_from(attempt.max(1) - 1).unwrap_or(usize::MAX).min(self.retry_seconds.len().saturating_sub(1));
        Duration::seconds(self.retry_seconds.get(step).copied().unwrap_or(60).max(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_wait_repeats() {
        let settings = DeliverySettings { retry_seconds: vec![1, 5], ..DeliverySettings::default() };
        let waits: Vec<i64> = (1..=4).map(|attempt| settings.wait_after(attempt).num_seconds()).collect();
        assert_eq!(waits, [1, 5, 5, 5]);
    }
}
