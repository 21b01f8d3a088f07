//! When an attempt that failed for now is tried again, and when that has gone on for long enough.

use chrono::{DateTime, Duration, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::outcome::Evidence;

/// Leases, retries, waits and the limits at which the program stops and asks. Tests set them small.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DeliverySettings {
    /// Envelopes delivered at the same time, 1 to 64.
    #[schemars(range(min = 1, max = 64))]
    pub at_once: usize,
    /// How long a worker may hold an envelope without a sign of life, in seconds.
    #[schemars(range(min = 1))]
    pub lease_seconds: i64,
    /// Seconds to wait after the first, second, third, ... refusal for now; the last one repeats.
    pub retry_seconds: Vec<i64>,
    /// How much longer than its step a wait may be, in percent of it, so that not all come back at once.
    #[schemars(range(min = 0, max = 100))]
    pub jitter_percent: i64,
    /// Seconds to wait at least where the server said that it greylists.
    #[schemars(range(min = 0))]
    pub greylist_seconds: i64,
    /// Hours for which an endpoint that refuses for now is tried, less where the due date comes earlier.
    #[schemars(range(min = 1))]
    pub budget_hours: i64,
    /// Hours for which it is tried even where the due date is near or past.
    #[schemars(range(min = 0))]
    pub least_budget_hours: i64,
    /// What becomes of an e-mail that may have left and got no answer.
    pub unknown_email: UnknownEmail,
    /// Seconds before an e-mail with an unknown outcome goes once more, with the same Message-ID and bytes.
    pub unknown_wait_seconds: i64,
    /// Minutes after which `earlypost run` begins nothing more; what is left waits for the next run. 0: no limit.
    #[schemars(range(min = 0, max = 10080))]
    pub max_run_minutes: u64,
    /// So many times in a row a channel may give no answer before it rests until the next run.
    #[schemars(range(min = 1))]
    pub unanswered_tries: u32,
    /// Minutes between queueing and the first attempt, in which an envelope can be recalled with `cancel`.
    /// Not for synthetic programs.
    #[schemars(range(min = 0, max = 10080))]
    pub recall_minutes: i64,
    /// So many refusals for good or unknown outcomes of one channel within `burst_minutes` pause it; 0 never.
    #[schemars(range(min = 0))]
    pub burst_failures: i64,
    /// See `burst_failures`.
    #[schemars(range(min = 1))]
    pub burst_minutes: i64,
    /// So many envelopes a day may leave by a channel without a question, each counted once however often it is tried; 0:
    /// any number.
    #[schemars(range(min = 0))]
    pub usual_volume: i64,
    /// More than `usual_volume` is usual too up to so many times the busiest of the last 28 calendar days.
    #[schemars(range(min = 1))]
    pub volume_times: i64,
    /// An office's address that is used here for less than 30 calendar days gets papers of so many children
    /// without a question; 0: of any number.
    #[schemars(range(min = 0))]
    pub new_address_children: i64,
}

/// What becomes of an e-mail that may have left and got no answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum UnknownEmail {
    /// It goes once more by itself, with the same Message-ID and bytes; then a person is asked.
    #[default]
    OnceMore,
    /// A person is asked at once, and may send it once more.
    Ask,
    /// It never goes again: a person finds out whether it arrived.
    Never,
}

impl Default for DeliverySettings {
    fn default() -> Self {
        Self {
            at_once: 4,
            lease_seconds: 60,
            retry_seconds: vec![60, 300, 900, 3600],
            jitter_percent: 10,
            greylist_seconds: 300,
            budget_hours: 48,
            least_budget_hours: 4,
            unknown_email: UnknownEmail::OnceMore,
            unknown_wait_seconds: 1800,
            max_run_minutes: 240,
            unanswered_tries: 3,
            recall_minutes: 0,
            burst_failures: 10,
            burst_minutes: 15,
            usual_volume: 500,
            volume_times: 4,
            new_address_children: 10,
        }
    }
}

/// What a refusal for now leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// The same endpoint again, not before this instant.
    Again(DateTime<Utc>),
    /// It has been tried for long enough: another endpoint, or a person.
    Spent,
}

/// An envelope that was refused for now.
#[derive(Debug, Clone, Copy)]
pub struct Refused<'a> {
    /// The dispatch: its waits are drawn from its id, so that a test and a restart see the same.
    pub dispatch_id: &'a str,
    /// How often its present endpoint refused it, this time included.
    pub refusals: i64,
    /// When its present endpoint first refused it.
    pub since: DateTime<Utc>,
    /// When its duty is due.
    pub due: DateTime<Utc>,
    /// What the next hand said.
    pub evidence: &'a Evidence,
}

impl DeliverySettings {
    /// The step after `refusals` refusals (from 1), without jitter.
    #[must_use]
    pub fn wait_after(&self, refusals: i64) -> Duration {
        let last = self.retry_seconds.len().saturating_sub(1);
        let step = usize::try_from(refusals.max(1) - 1).unwrap_or(usize::MAX).min(last);
        Duration::seconds(self.retry_seconds.get(step).copied().unwrap_or(60).max(0))
    }

    /// Until when an endpoint that has refused since `since` is tried.
    #[must_use]
    pub fn give_up_at(&self, since: DateTime<Utc>, due: DateTime<Utc>) -> DateTime<Utc> {
        let least = since + Duration::hours(self.least_budget_hours.min(self.budget_hours));
        (since + Duration::hours(self.budget_hours)).min(due).max(least)
    }

    /// Whether and when the same endpoint is tried again.
    #[must_use]
    pub fn after(&self, refused: &Refused<'_>, now: DateTime<Utc>) -> Next {
        let mut wait = self.wait_after(refused.refusals);
        if greylisted(refused.evidence) {
            wait = wait.max(Duration::seconds(self.greylist_seconds));
        }
        let most = wait.num_milliseconds() * self.jitter_percent.clamp(0, 100) / 100;
        let jitter = if most == 0 { 0 } else { spread(refused.dispatch_id, refused.refusals) % most };
        let at = now + wait + Duration::milliseconds(jitter);
        if at > self.give_up_at(refused.since, refused.due) { Next::Spent } else { Next::Again(at) }
    }
}

/// Whether a server said that it puts strangers off for a while.
#[must_use]
pub fn greylisted(evidence: &Evidence) -> bool {
    let reply = evidence.reply.to_ascii_lowercase();
    (reply.starts_with("450") || reply.starts_with("451"))
        && ["greylist", "graylist", "grey list", "gray list", "postgrey"].iter().any(|word| reply.contains(word))
}

/// A number from 0 on, the same for the same id and step (FNV-1a).
fn spread(id: &str, step: i64) -> i64 {
    let hash = id
        .bytes()
        .chain(step.to_be_bytes())
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    i64::try_from(hash >> 1).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn settings() -> DeliverySettings {
        DeliverySettings { jitter_percent: 0, ..DeliverySettings::default() }
    }

    fn minutes(settings: &DeliverySettings, refusals: i64, says: &str, due: &str) -> Option<i64> {
        let now = at("2026-11-20T12:00:00Z");
        let evidence = Evidence::of(says);
        let refused = Refused { dispatch_id: "a", refusals, since: now, due: at(due), evidence: &evidence };
        match settings.after(&refused, now) {
            Next::Again(again) => Some((again - now).num_minutes()),
            Next::Spent => None,
        }
    }

    const FAR: &str = "2026-12-20T00:00:00Z";

    #[test]
    fn waits_grow_from_a_minute_to_an_hour_and_the_last_one_repeats() {
        let waits: Vec<_> = (1..=6).map(|n| minutes(&settings(), n, "451 4.3.0 later", FAR).unwrap()).collect();
        assert_eq!(waits, [1, 5, 15, 60, 60, 60]);
    }

    #[test]
    fn a_greylisting_server_is_left_alone_for_five_minutes() {
        for says in ["450 4.2.0 Greylisted, see http://postgrey.example.org", "451 4.7.1 greylisting in action"] {
            assert_eq!(minutes(&settings(), 1, says, FAR), Some(5), "{says}");
        }
        assert_eq!(minutes(&settings(), 1, "450 4.2.2 mailbox full", FAR), Some(1));
        assert_eq!(minutes(&settings(), 1, "550 5.7.1 greylisted for ever", FAR), Some(1));
    }

    #[test]
    fn the_budget_is_in_hours_and_a_near_due_date_shortens_it() {
        let now = at("2026-11-20T12:00:00Z");
        let until = |due| (settings().give_up_at(now, at(due)) - now).num_hours();
        assert_eq!(until(FAR), 48);
        assert_eq!(until("2026-11-21T00:00:00Z"), 12);
        assert_eq!(until("2026-11-01T00:00:00Z"), 4, "a duty that is late is still tried for some hours");
    }

    #[test]
    fn what_has_been_refused_for_the_whole_budget_is_spent() {
        let now = at("2026-11-22T11:30:00Z");
        let evidence = Evidence::of("451 4.3.0 later");
        let since = at("2026-11-20T12:00:00Z");
        let refused = |refusals| Refused { dispatch_id: "a", refusals, since, due: at(FAR), evidence: &evidence };
        assert_eq!(settings().after(&refused(40), now), Next::Spent);
        assert!(matches!(settings().after(&refused(2), now), Next::Again(_)));
    }

    #[test]
    fn jitter_only_lengthens_a_wait_and_is_the_same_each_time() {
        let settings = DeliverySettings { jitter_percent: 10, ..DeliverySettings::default() };
        let now = at("2026-11-20T12:00:00Z");
        let evidence = Evidence::of("451 4.3.0 later");
        let wait = |id: &str| {
            let refused = Refused { dispatch_id: id, refusals: 4, since: now, due: at(FAR), evidence: &evidence };
            match settings.after(&refused, now) {
                Next::Again(again) => (again - now).num_seconds(),
                Next::Spent => panic!("not yet"),
            }
        };
        let ids: Vec<String> = (0..50).map(|n| format!("0199f2b1-7c00-7000-8000-0000000004{n:02}")).collect();
        let waits: std::collections::BTreeSet<i64> = ids.iter().map(|id| wait(id)).collect();
        assert!(waits.iter().all(|seconds| (3600..=3960).contains(seconds)), "{waits:?}");
        assert!(waits.len() > 20, "they are spread: {waits:?}");
        assert_eq!(wait(&ids[0]), wait(&ids[0]));
    }
}
