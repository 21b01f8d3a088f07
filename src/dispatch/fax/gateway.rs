//! A fax gateway that takes e-mail: the number is in the address, the papers are attached, and it writes back.

use chrono::{DateTime, Utc};
use lettre::message::{
    Attachment, Mailbox, MessageBuilder, MultiPart, SinglePart,
    header::{ContentType, Date},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ConfirmationSettings, dialled};
use crate::{
    case::Address,
    dispatch::{
        channel::{Answer, Channel, Trace, Turn},
        email::{
            return_path::ReturnPath,
            smtp::{ConfigurationError, Place, Relay, SmtpSettings, Submission},
        },
        outcome::{Evidence, Outcome},
        parcel::Parcel,
    },
};

/// A fax gateway that takes e-mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GatewaySettings {
    /// Where a fax for a number goes: an address that holds `{number}`, such as `{number}@fax.example.org`. The number
    /// is eleven digits, 1 first.
    pub address: String,
    /// The sender that the gateway knows.
    pub from: String,
    /// The relay that takes mail for the gateway. Papers are not encrypted in it: it must be the gateway's own, or
    /// deliver to it under TLS only, and be stated so with `enforces_tls_onward`.
    pub relay: SmtpSettings,
    /// How the gateway's confirmations are read.
    pub confirmation: ConfirmationSettings,
    /// Hours after which a fax without a confirmation becomes a task, 1 to 168.
    #[serde(default = "four_hours")]
    #[schemars(range(min = 1, max = 168))]
    pub confirm_within_hours: u32,
}

fn four_hours() -> u32 {
    4
}

impl GatewaySettings {
    /// Everything that is wrong with the settings by themselves, one sentence a fault.
    #[must_use]
    pub fn check(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let holds_one = self.address.matches("{number}").count() == 1;
        if !holds_one || self.to("17575550140").is_none() {
            faults.push("address: must be an e-mail address that holds {number} once".to_owned());
        }
        if self.from.parse::<lettre::Address>().is_err() {
            faults.push("from: must be an e-mail address".to_owned());
        }
        if !self.relay.enforces_tls_onward {
            faults.push(
                "relay.enforces_tls_onward: must be stated, for the papers are not encrypted in the message".into(),
            );
        }
        faults.extend(self.relay.check().into_iter().map(|says| format!("relay.{says}")));
        faults.extend(self.confirmation.check().into_iter().map(|says| format!("confirmation.{says}")));
        faults
    }

    fn to(&self, digits: &str) -> Option<lettre::Address> {
        self.address.replace("{number}", digits).parse().ok()
    }
}

/// Hands faxes to a gateway by e-mail.
#[derive(Debug)]
pub struct GatewayChannel {
    settings: GatewaySettings,
    relay: Relay,
    from: lettre::Address,
    references: Option<ReturnPath>,
    return_path: Option<ReturnPath>,
}

impl GatewayChannel {
    /// A channel over a gateway. `key` makes the marks of its references and return paths.
    ///
    /// # Errors
    /// When the settings are wrong or point at a certificate or secret that cannot be read.
    pub fn open(settings: GatewaySettings, key: [u8; 32]) -> Result<Self, ConfigurationError> {
        let problems = settings.check();
        if !problems.is_empty() {
            return Err(ConfigurationError { problems });
        }
        let from = settings.from.parse().map_err(|_| "from: must be an e-mail address".to_owned())?;
        Ok(Self {
            relay: Relay::new(settings.relay.clone())?,
            from,
            references: references(key),
            return_path: settings.relay.return_path(key),
            settings,
        })
    }

    /// In a turn that was waited for, or waits for one when all else is ready.
    async fn deliver_in(&self, place: Option<Place<'_>>, parcel: &Parcel) -> Outcome {
        let Address::Fax { number } = parcel.address() else {
            return Outcome::Misconfigured(Evidence::of("the fax channel takes fax numbers only"));
        };
        let Some(cover) = parcel.cover() else {
            return Outcome::Misconfigured(Evidence::of("not sent: a fax needs its cover sheet"));
        };
        let Some(to) = dialled(number.as_str()).and_then(|digits| self.settings.to(&digits)) else {
            return Outcome::Permanent(Evidence::of(
                "not sent: the fax number is no North American number; correct it",
            ));
        };
        let token = self.references.as_ref().and_then(|r| r.token(parcel.dispatch_id(), parcel.attempt()));
        let reference = token.clone().unwrap_or_else(|| parcel.dispatch_id().to_owned());
        let bytes = match self.message(parcel, cover, &to, &reference) {
            Ok(bytes) => bytes,
            Err(error) => return Outcome::Permanent(Evidence::of(format!("not sent: {error}"))),
        };
        let returns = token.as_ref().and_then(|token| self.return_path.as_ref()?.address(token));
        let submission = Submission {
            from: returns.unwrap_or_else(|| self.from.clone()),
            to,
            envelope_id: token.as_deref().filter(|_| self.return_path.is_some()),
            bytes: &bytes,
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

    /// The same parcel gives the same bytes: Message-ID, date and boundary come from the dispatch.
    fn message(
        &self,
        parcel: &Parcel,
        cover: &[u8],
        to: &lettre::Address,
        reference: &str,
    ) -> Result<Vec<u8>, lettre::error::Error> {
        let id = parcel.dispatch_id();
        let pdf = ContentType::parse("application/pdf").expect("application/pdf is a content type");
        let mut whole = MultiPart::mixed()
            .boundary(format!("fax-{id}"))
            .singlepart(SinglePart::plain(format!("Fax {reference}\r\n")))
            .singlepart(Attachment::new("0-cover.pdf".to_owned()).body(cover.to_vec(), pdf.clone()));
        for (i, paper) in parcel.papers().iter().enumerate() {
            let name = format!("{}-paper.pdf", i + 1);
            whole = whole.singlepart(Attachment::new(name).body(paper.pdf.to_vec(), pdf.clone()));
        }
        let message = MessageBuilder::new()
            .header(Date::from(std::time::SystemTime::from(made_at(id))))
            .from(Mailbox::new(None, self.from.clone()))
            .to(Mailbox::new(None, to.clone()))
            .message_id(Some(format!("<{id}@{}>", self.from.domain())))
            .subject(format!("Fax {reference}"))
            .multipart(whole)?;
        Ok(message.formatted())
    }
}

/// References in subjects bear the same mark as return paths: whoever knows a dispatch's id still cannot confirm it.
#[must_use]
pub(crate) fn references(key: [u8; 32]) -> Option<ReturnPath> {
    ReturnPath::parse("{token}@reference.invalid", key).ok()
}

/// The instant at which a dispatch was made, which its id holds.
fn made_at(dispatch_id: &str) -> DateTime<Utc> {
    let id = uuid::Uuid::parse_str(dispatch_id).ok();
    let (seconds, nanos) = id.and_then(|id| id.get_timestamp()).map_or((0, 0), |at| at.to_unix());
    DateTime::from_timestamp(i64::try_from(seconds).unwrap_or_default(), nanos).unwrap_or_default()
}

struct GatewayTurn<'c> {
    channel: &'c GatewayChannel,
    place: Place<'c>,
}

impl Turn for GatewayTurn<'_> {
    fn deliver<'a>(self: Box<Self>, parcel: &'a Parcel) -> Answer<'a, Outcome>
    where
        Self: 'a,
    {
        Box::pin(async move { self.channel.deliver_in(Some(self.place), parcel).await })
    }
}

impl Channel for GatewayChannel {
    fn name(&self) -> &'static str {
        "fax"
    }

    fn takes_messages(&self) -> bool {
        false
    }

    fn needs_cover(&self) -> bool {
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
            Ok(Some(Box::new(GatewayTurn { channel: self, place }) as Box<dyn Turn + '_>))
        })
    }

    fn look(&self) -> Answer<'_, Result<String, String>> {
        Box::pin(self.relay.look())
    }

    fn look_for<'a>(&'a self, _: &'a str) -> Answer<'a, Trace> {
        Box::pin(async { Trace::CannotTell })
    }
}
