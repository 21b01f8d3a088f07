//! What becomes of an attempt's outcome: the new state, the entry in the record of access, the next try, the next
//! address, or a person.

use chrono::NaiveDate;

use super::next_steps::{given_up, refused, too_large, unknown, unknown_again, unknown_ask, unknown_on_paper};
use crate::{
    actor::Actor,
    case::EndpointId,
    disclosure::{Authorization, Point, Verdict, decide},
    dispatch::{
        AttemptOutcome, Channel, Evidence, Next, Outcome, Refused, StateName, UnknownEmail,
        email::refusal::is_too_large,
    },
    pipeline::{
        access_record::entries::disclosure_entry, child_facts::ChildFacts, delivery::Delivery, owed_envelopes::question,
    },
    store::{DispatchRow, Settlement, StoreError},
};

/// An attempt that was made, with what it rested on.
pub(super) struct Attempted<'a> {
    pub(super) facts: &'a ChildFacts,
    pub(super) row: &'a DispatchRow,
    pub(super) authorization: &'a Authorization,
    pub(super) attempt: i64,
    pub(super) message_sha256: Option<&'a str>,
    pub(super) counted_on: Option<NaiveDate>,
}

/// Whether a message was offered, so that every later attempt must be the same bytes.
fn follows_an_offer(outcome: &Outcome) -> bool {
    !matches!(outcome, Outcome::Stopped(_) | Outcome::Unreached(_)) || outcome.bytes_may_have_left()
}

/// What follows from an outcome.
struct Follows {
    state: StateName,
    outcome: AttemptOutcome,
    not_before: Option<chrono::DateTime<chrono::Utc>>,
    counts: bool,
    exhausted: Option<Vec<EndpointId>>,
    opens: Option<(&'static str, String)>,
}

impl Follows {
    fn state(state: StateName, outcome: AttemptOutcome) -> Self {
        Self { state, outcome, not_before: None, counts: false, exhausted: None, opens: None }
    }
}

impl Delivery {
    /// Records what an attempt learned, in one transaction with the entry in the record of access.
    pub(super) async fn settle(&self, made: &Attempted<'_>, outcome: &Outcome) -> Result<(), StoreError> {
        let evidence = outcome.evidence();
        let follows = self.follows(made, outcome);
        let recorded = match outcome {
            Outcome::Accepted(_) => Some("accepted"),
            Outcome::Unknown(_) => Some("unknown"),
            other if other.bytes_may_have_left() => Some("refused-after-body"),
            _ => None,
        };
        let entry = recorded.map(|word| {
            disclosure_entry(
                made.facts,
                made.row,
                made.authorization,
                made.attempt,
                word,
                &Actor::service("delivery").recorded(),
                evidence,
            )
        });
        let settlement = Settlement {
            dispatch_id: &made.row.dispatch_id,
            child_id: &made.row.envelope.child_id,
            attempt: made.attempt,
            state: follows.state,
            outcome: follows.outcome.clone(),
            evidence,
            not_before: follows.not_before,
            counts: follows.counts,
            exhausted: follows.exhausted,
            opens: follows.opens.as_ref().map(|(kind, says)| (*kind, says.as_str())),
            message_sha256: made.message_sha256.filter(|_| follows_an_offer(outcome)),
            entry,
            counted: made.row.channel.as_deref().zip(made.counted_on),
        };
        if !self.pipeline.settle_ours(&settlement).await? {
            return Ok(());
        }
        if let Some(channel) = made.row.channel.as_deref().and_then(|name| self.pipeline.channel_named(name)) {
            self.pipeline.measures.attempt(channel.name(), follows.outcome.code());
        }
        Ok(())
    }

    fn follows(&self, made: &Attempted<'_>, outcome: &Outcome) -> Follows {
        match outcome {
            Outcome::Accepted(_) => Follows::state(StateName::Accepted, AttemptOutcome::Accepted),
            Outcome::Printed(_) => Follows::state(StateName::Printed, AttemptOutcome::Printed),
            // Nothing was asked of the next hand: it costs nothing, and the next claim decides again.
            Outcome::Stopped(_) | Outcome::Unreached(_) => Follows::state(StateName::Queued, AttemptOutcome::NotTried),
            Outcome::Permanent(evidence) if is_too_large(&evidence.reply) => match self.next_way(made) {
                Some(exhausted) => Follows {
                    exhausted: Some(exhausted),
                    ..Follows::state(StateName::Queued, AttemptOutcome::AddressGivenUp)
                },
                None => Follows {
                    opens: Some(("dispatch-failed", too_large(&made.row.dispatch_id))),
                    ..Follows::state(StateName::Failed, AttemptOutcome::RefusedForGood)
                },
            },
            Outcome::Permanent(_) => Follows {
                opens: Some(("dispatch-failed", refused(&made.row.dispatch_id))),
                ..Follows::state(StateName::Failed, AttemptOutcome::RefusedForGood)
            },
            Outcome::Unknown(_) => Follows {
                opens: self.unknown_task(made.row).map(|says| ("outcome-unknown", says)),
                ..Follows::state(StateName::Unknown, AttemptOutcome::Unknown)
            },
            // It costs no retry: it goes as soon as the channel is mended.
            Outcome::Misconfigured(_) => Follows::state(StateName::Queued, AttemptOutcome::ChannelFault),
            Outcome::Transient(evidence) => self.after_transient(made, evidence),
        }
    }

    /// What a person has to do about an unknown outcome; nothing while it goes once more by itself.
    pub(super) fn unknown_task(&self, row: &DispatchRow) -> Option<String> {
        let id = row.dispatch_id.as_str();
        let channel = row.channel.as_deref().and_then(|name| self.pipeline.channel_named(name));
        let (by_mail, on_paper) =
            channel.map_or((false, false), |c| (c.takes_messages(), !c.takes_messages() && !c.leaves_this_machine()));
        match self.pipeline.delivery.unknown_email {
            _ if on_paper => Some(unknown_on_paper(id)),
            UnknownEmail::OnceMore if by_mail => row.resent_unknown.then(|| unknown_again(id)),
            UnknownEmail::Ask if by_mail => Some(unknown_ask(id)),
            _ => Some(unknown(id)),
        }
    }

    fn after_transient(&self, made: &Attempted<'_>, evidence: &Evidence) -> Follows {
        let (row, now) = (made.row, self.pipeline.now());
        let refused = Refused {
            dispatch_id: &row.dispatch_id,
            refusals: row.refusals + 1,
            since: row.trying_since.unwrap_or(now),
            due: self.due_at(row),
            evidence,
        };
        match self.pipeline.delivery.after(&refused, now) {
            Next::Again(at) => Follows {
                not_before: Some(at),
                counts: true,
                ..Follows::state(StateName::Queued, AttemptOutcome::RefusedForNow)
            },
            Next::Spent => match self.next_way(made) {
                Some(exhausted) => Follows {
                    exhausted: Some(exhausted),
                    ..Follows::state(StateName::Queued, AttemptOutcome::AddressGivenUp)
                },
                None => Follows {
                    counts: true,
                    opens: Some(("dispatch-failed", given_up(&made.row.dispatch_id))),
                    ..Follows::state(StateName::Failed, AttemptOutcome::GivenUp)
                },
            },
        }
    }

    /// The addresses that were tried in vain, this one included, where there is another one.
    fn next_way(&self, made: &Attempted<'_>) -> Option<Vec<EndpointId>> {
        let mut exhausted = made.row.exhausted.clone();
        exhausted.push(made.authorization.endpoint_id().clone());
        self.has_another_way(made.facts, made.row, &exhausted).then_some(exhausted)
    }

    /// When an envelope is due, as far from now as its day is from today.
    pub(super) fn due_at(&self, row: &DispatchRow) -> chrono::DateTime<chrono::Utc> {
        self.pipeline.now() + chrono::Duration::days((row.due_on - self.pipeline.day()).num_days())
    }

    /// Whether the gate would let it go to another endpoint of the same recipient.
    pub(in crate::pipeline) fn has_another_way(
        &self,
        facts: &ChildFacts,
        row: &DispatchRow,
        exhausted: &[EndpointId],
    ) -> bool {
        let mut recorded = facts.recorded.clone();
        recorded.disabled.extend(exhausted.iter().cloned());
        let facts =
            crate::disclosure::Facts { recorded: &recorded, ..facts.facts(&self.pipeline, self.pipeline.now()) };
        matches!(decide(&question(&row.envelope), &facts, Point::BeforeRender), Verdict::Authorized(_))
    }

    /// Pauses a channel that is wrong itself, or one partner of it, or one that fails so often that a person should look.
    pub(super) async fn look_after(
        &self,
        channel: &dyn Channel,
        endpoint: Option<&EndpointId>,
        outcome: &Outcome,
    ) -> Result<Option<String>, StoreError> {
        let now = self.pipeline.now();
        match outcome {
            Outcome::Misconfigured(evidence) => {
                if let Some(endpoint) = endpoint.filter(|_| channel.has_partners()) {
                    self.pipeline.store.service().pause_endpoint(endpoint, &evidence.reply, now).await?;
                    return Ok(None);
                }
                // A folder of this machine is mended and the work is run again; a relay is looked at first.
                if channel.leaves_this_machine() {
                    self.pipeline.store.service().pause_channel(channel.name(), &evidence.reply, now).await?;
                }
                Ok(Some(evidence.reply.clone()))
            }
            Outcome::Permanent(_) | Outcome::Unknown(_) if self.pipeline.delivery.burst_failures > 0 => {
                let start = now - chrono::Duration::minutes(self.pipeline.delivery.burst_minutes);
                let looked_at = self.pipeline.store.service().channel_resumed_at(channel.name()).await?;
                let since = looked_at.map_or(start, |at| at.max(start));
                let failures = self.pipeline.store.service().failures_since(channel.name(), since).await?;
                if failures < self.pipeline.delivery.burst_failures {
                    return Ok(None);
                }
                let why = format!(
                    "{failures} envelopes were refused for good or got no answer within {} minutes",
                    self.pipeline.delivery.burst_minutes
                );
                self.pipeline.store.service().pause_channel(channel.name(), &why, now).await?;
                Ok(Some(why))
            }
            _ => Ok(None),
        }
    }
}
