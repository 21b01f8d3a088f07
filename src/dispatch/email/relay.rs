//! The channel for e-mail by the program's relay.

use std::sync::Arc;

use super::{
    return_path::ReturnPath,
    smime::{NotSealed, Sealer},
    smtp::{ConfigurationError, Place, Relay, SmtpSettings, Submission},
};
use crate::{
    case::{Address, MailProtection, mail_address},
    clock::Clock,
    dispatch::{
        channel::{Answer, Channel, Trace, Turn},
        outcome::{Evidence, Outcome},
        parcel::Parcel,
    },
};

/// Hands messages to the program's relay, one a recipient.
#[derive(Debug)]
pub struct SmtpChannel {
    relay: Relay,
    return_path: Option<ReturnPath>,
    sealer: Option<Sealer>,
    /// By which certificates hold or have ended.
    clock: Arc<dyn Clock>,
}

impl SmtpChannel {
    /// A channel over a relay.
    ///
    /// # Errors
    /// When the settings are wrong or point at a certificate or secret that cannot be read.
    pub fn open(settings: SmtpSettings, clock: Arc<dyn Clock>) -> Result<Self, ConfigurationError> {
        let sealer = settings.smime.as_ref().map(Sealer::open).transpose()?;
        Ok(Self { relay: Relay::new(settings)?, return_path: None, sealer, clock })
    }

    /// The same channel with return paths that name the attempt, where its settings have them.
    #[must_use]
    pub fn with_return_path(self, key: [u8; 32]) -> Self {
        Self { return_path: self.relay.settings().return_path(key), ..self }
    }

    /// In a turn that was waited for, or waits for one when all else is ready.
    async fn deliver_in(&self, place: Option<Place<'_>>, parcel: &Parcel) -> Outcome {
        let refuse = |says: &str| Outcome::Permanent(Evidence::of(says));
        let (Some(message), Address::Email { to, protection }) = (parcel.message(), parcel.address()) else {
            return Outcome::Misconfigured(Evidence::of("the smtp channel takes e-mail messages only"));
        };
        // A personal paper never goes to an address with no stated protection, whatever chose it.
        match protection {
            None => return refuse("refused here: the address has no stated protection for personal papers"),
            Some(MailProtection::TlsRequired) if !self.relay.settings().enforces_tls_onward => {
                return Outcome::Misconfigured(Evidence::of(
                    "the address asks for TLS all the way, but `enforces_tls_onward` is not stated for this relay",
                ));
            }
            Some(_) => {}
        }
        let Ok(to) = mail_address(to) else {
            return refuse("refused here: the address is no e-mail address");
        };
        let sealed;
        let bytes = match protection {
            Some(MailProtection::Smime { certificate }) => {
                sealed = match self.sealed(&message.bytes, parcel.dispatch_id(), &to, certificate) {
                    Ok(sealed) => sealed,
                    Err(NotSealed::Ours(says)) => return Outcome::Misconfigured(Evidence::of(says)),
                    Err(NotSealed::Theirs(says)) => return refuse(&format!("refused here: {says}")),
                };
                &sealed[..]
            }
            _ => &message.bytes[..],
        };
        let token = self.return_path.as_ref().and_then(|path| path.token(parcel.dispatch_id(), parcel.attempt()));
        let returns = token.as_ref().and_then(|token| self.return_path.as_ref()?.address(token));
        let submission = Submission {
            from: returns.unwrap_or_else(|| message.from.clone()),
            to,
            envelope_id: token.as_deref(),
            bytes,
        };
        let place = match place {
            Some(place) => place,
            None => match self.relay.place().await {
                Ok(place) => place,
                Err(outcome) => return outcome,
            },
        };
        place.submit(&submission, Some(parcel)).await
    }

    /// The message signed and encrypted. Where that cannot be, it does not leave at all.
    fn sealed(
        &self,
        message: &[u8],
        dispatch_id: &str,
        to: &lettre::Address,
        certificate: &str,
    ) -> Result<Vec<u8>, NotSealed> {
        let missing = "the address asks for S/MIME, but [channels.email.smime] is not set";
        let sealer = self.sealer.as_ref().ok_or_else(|| NotSealed::Ours(missing.to_owned()))?;
        sealer.seal(message, dispatch_id, to, certificate, self.clock.now())
    }

    async fn look_now(&self) -> Result<String, String> {
        let certificate = self.sealer.as_ref().map(|sealer| sealer.look(self.clock.now())).transpose()?;
        let relay = self.relay.look().await?;
        Ok(certificate.map_or_else(|| relay.clone(), |says| format!("{relay}; {says}")))
    }
}

struct SmtpTurn<'c> {
    channel: &'c SmtpChannel,
    place: Place<'c>,
}

impl Turn for SmtpTurn<'_> {
    fn deliver<'a>(self: Box<Self>, parcel: &'a Parcel) -> Answer<'a, Outcome>
    where
        Self: 'a,
    {
        Box::pin(async move { self.channel.deliver_in(Some(self.place), parcel).await })
    }
}

impl Channel for SmtpChannel {
    fn name(&self) -> &'static str {
        "smtp"
    }

    fn takes_messages(&self) -> bool {
        true
    }

    fn leaves_this_machine(&self) -> bool {
        true
    }

    fn deliver<'a>(&'a self, parcel: &'a Parcel) -> Answer<'a, Outcome> {
        Box::pin(self.deliver_in(None, parcel))
    }

    fn takes_turns(&self) -> bool {
        true
    }

    fn turn(&self) -> Answer<'_, Result<Option<Box<dyn Turn + '_>>, Outcome>> {
        Box::pin(async {
            let place = self.relay.place().await?;
            Ok(Some(Box::new(SmtpTurn { channel: self, place }) as Box<dyn Turn + '_>))
        })
    }

    fn look(&self) -> Answer<'_, Result<String, String>> {
        Box::pin(self.look_now())
    }

    fn look_for<'a>(&'a self, _: &'a str) -> Answer<'a, Trace> {
        Box::pin(async { Trace::CannotTell })
    }
}
