//! A place at the relay for one message, with everything that has to be waited for.

use std::time::Instant;

use tokio::sync::SemaphorePermit;

use super::{
    Relay, connect, rate_limit::Beat, submission::Submission, submission_outcome::Ending, transaction::Connection,
};
use crate::dispatch::{
    outcome::{Evidence, Outcome},
    parcel::Parcel,
};

/// A place, a beat of the pace and an open connection.
pub(in crate::dispatch) struct Place<'a> {
    relay: &'a Relay,
    connection: Option<Connection>,
    /// It may have died while it was idle.
    was_idle: bool,
    beat: Beat<'a>,
    _permit: Option<SemaphorePermit<'a>>,
}

impl<'a> Place<'a> {
    /// The beat comes before the connection: a relay closes one that says nothing.
    pub(super) async fn wait_for(relay: &'a Relay) -> Result<Self, Outcome> {
        // The semaphore is never closed, so there is always a place in the end.
        let permit = relay.places.acquire().await.ok();
        let beat = relay.pace.beat().await;
        let started = Instant::now();
        let idle = relay.idle.take();
        let was_idle = idle.is_some();
        let connection = match idle {
            Some(connection) => connection,
            None => connect::open(&relay.settings, &relay.means)
                .await
                .map_err(|ending| ending.into_outcome(relay.settings.peer(), started.elapsed()))?,
        };
        Ok(Self { relay, connection: Some(connection), was_idle, beat, _permit: permit })
    }

    /// Hands over one message. A parcel is asked for its permission again right before the first byte of the message.
    pub(in crate::dispatch) async fn submit(mut self, submission: &Submission<'_>, of: Option<&Parcel>) -> Outcome {
        if let Some(fault) = submission.fault(self.relay.settings.max_message_bytes) {
            return Outcome::Permanent(Evidence::of(fault));
        }
        let started = Instant::now();
        let relay = self.relay;
        let ending = match self.connection.take() {
            Some(connection) => {
                self.beat.spend();
                let ending = relay.over(connection, submission, of).await;
                // What may lie with a connection that was used before is tried once more on a new one before it counts.
                if self.was_idle && ending.may_lie_with_a_used_connection() {
                    relay.anew(submission, of).await.after(&ending)
                } else {
                    ending
                }
            }
            None => relay.anew(submission, of).await,
        };
        match ending.into_outcome(relay.settings.peer(), started.elapsed()) {
            // The relay heard of it on the connection that was used before.
            Outcome::Unreached(evidence) if evidence.body_left => Outcome::Transient(evidence),
            outcome => outcome,
        }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            self.relay.idle.put(connection);
        }
    }
}

impl Relay {
    async fn anew(&self, submission: &Submission<'_>, of: Option<&Parcel>) -> Ending {
        match connect::open(&self.settings, &self.means).await {
            Ok(fresh) => self.over(fresh, submission, of).await,
            Err(ending) => ending,
        }
    }

    async fn over(&self, mut connection: Connection, submission: &Submission<'_>, of: Option<&Parcel>) -> Ending {
        let limits = self.settings.limits;
        let tls = connection.tls();
        if let Err(trouble) = connection.mail(submission, limits).await {
            return trouble.at_mail(tls);
        }
        let certificate = connection.certificate_sha256();
        let ending = match connection.finish(submission, limits, of).await {
            Ok(said) => {
                self.idle.put(connection);
                Ending::new(Outcome::Accepted, said, Some(tls))
            }
            Err(ending) => ending,
        };
        ending.shown(certificate)
    }
}
