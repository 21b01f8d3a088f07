//! The mail channel: hands one message for one recipient to the program's relay and tells what
//! became of it.
//!
//! The SMTP transaction is carried out here, over connections of our own; lettre writes the
//! commands. A pooled connection that is dropped half-way goes back half-way, and the next message
//! takes the late replies of the last one for its own. Here every step has a limit, every step
//! names the codes that it accepts, and a connection is used again only after a clean final 250.

mod reply;
mod wire;
mod submission;
mod token;
mod settings;
mod settings_check;
mod submission_outcome;
mod connection_config;
mod capabilities;
mod transaction;
mod connect;
mod connection_pool;
mod rate_limit;
mod place;

use std::{fmt, time::Duration};

use tokio::sync::Semaphore;

use crate::dispatch::outcome::{Evidence, Outcome};
use connection_config::Means;
use connection_pool::Idle;
use rate_limit::Pace;

pub use connection_config::ConfigurationError;
pub(in crate::dispatch) use place::Place;
pub use settings::{Limits, Security, SmtpSettings};
pub use submission::Submission;
pub use token::TokenSettings;

/// How long a server may take to answer our goodbye.
const GOODBYE: Duration = Duration::from_secs(5);

/// A mail relay that takes messages.
///
/// It may be shared: at most `connections` submissions run at a time, the others wait their turn.
pub struct Relay {
    settings: SmtpSettings,
    means: Means,
    idle: Idle,
    places: Semaphore,
    pace: Pace,
}

/// Shows the settings, which hold no secret, and nothing else.
impl fmt::Debug for Relay {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Relay").field("settings", &self.settings).finish_non_exhaustive()
    }
}

impl Relay {
    /// Reads what the settings point at: the certificates and the password. Connects to nothing.
    ///
    /// # Errors
    ///
    /// When a setting is wrong, or a file or variable that it names cannot be read.
    pub fn new(settings: SmtpSettings) -> Result<Self, ConfigurationError> {
        let means = Means::gather(&settings)?;
        let places = usize::try_from(settings.connections).unwrap_or(Semaphore::MAX_PERMITS);
        let pace = Pace::of(settings.messages_per_minute);
        Ok(Self { settings, means, idle: Idle::default(), places: Semaphore::new(places), pace })
    }

    /// The settings it was made from.
    #[must_use]
    pub fn settings(&self) -> &SmtpSettings {
        &self.settings
    }

    /// Waits for a place, a beat of the pace and a connection: whoever holds all three need wait for nothing more. What is
    /// not used goes back.
    ///
    /// # Errors
    /// Why there is no connection: the relay cannot be reached, or the settings are wrong.
    pub(in crate::dispatch) async fn place(&self) -> Result<Place<'_>, Outcome> {
        Place::wait_for(self).await
    }

    /// Hands over one message and tells what became of it. Cancelling it is safe for the next
    /// message, but leaves open what became of this one.
    pub async fn submit(&self, submission: &Submission<'_>) -> Outcome {
        if let Some(fault) = submission.fault(self.settings.max_message_bytes) {
            return Outcome::Permanent(Evidence::of(fault));
        }
        match self.place().await {
            Ok(place) => place.submit(submission, None).await,
            Err(outcome) => outcome,
        }
    }

    /// Connects, secures the connection, signs in and says goodbye. Gives what the relay offers in words, or why it
    /// cannot be used.
    ///
    /// # Errors
    /// The relay's own words, or ours where it said nothing.
    pub async fn look(&self) -> Result<String, String> {
        match connect::open(&self.settings, &self.means).await {
            Ok(connection) => {
                let says = format!(
                    "{} answers{}{}; {}",
                    self.settings.peer(),
                    if connection.tls() { " under TLS" } else { " in clear, on this machine" },
                    if self.settings.username.is_some() { " and takes the sign-in" } else { "" },
                    connection.offers(),
                );
                connection.quit(GOODBYE).await;
                Ok(says)
            }
            Err(ending) => {
                let outcome = ending.into_outcome(self.settings.peer(), Duration::ZERO);
                Err(format!("{}: {}", self.settings.peer(), outcome.evidence().reply))
            }
        }
    }

    /// Says goodbye on the connections that are idle. Without it they are simply cut.
    pub async fn close(&self) {
        for connection in self.idle.take_all() {
            connection.quit(GOODBYE).await;
        }
    }
}
