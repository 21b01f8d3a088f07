//! One message over one connection: MAIL, RCPT, DATA, the message, the final answer.

use std::time::{Duration, Instant};

use lettre::transport::smtp::{
    commands::{Data, Mail, Quit, Rcpt},
    extension::{MailBodyParameter, MailParameter, RcptParameter},
};

use super::{
    capabilities::Offers,
    reply::{Said, Trouble, within},
    settings::Limits,
    submission::Submission,
    submission_outcome::Ending,
    wire::Wire,
};
use crate::dispatch::{outcome::Outcome, parcel::Parcel};

/// After this many messages a connection is not used again.
const MOST_MESSAGES: u32 = 100;
/// At this age a connection is not used again; many servers close an idle one by then.
const OLDEST: Duration = Duration::from_mins(5);

/// A connection that is ready for MAIL.
pub(super) struct Connection {
    wire: Wire,
    offers: Offers,
    opened: Instant,
    messages: u32,
}

impl Connection {
    pub(super) fn new(wire: Wire, offers: Offers) -> Self {
        Self { wire, offers, opened: Instant::now(), messages: 0 }
    }

    pub(super) fn tls(&self) -> bool {
        self.wire.is_encrypted()
    }

    /// SHA-256 of the certificate that the server showed, where the connection is under TLS.
    pub(super) fn certificate_sha256(&self) -> Option<String> {
        self.wire.certificate_sha256()
    }

    /// What the server offers, in words.
    pub(super) fn offers(&self) -> Offers {
        self.offers
    }

    /// True while it may serve another message.
    pub(super) fn is_fresh(&self) -> bool {
        self.messages < MOST_MESSAGES && self.opened.elapsed() < OLDEST
    }

    /// Begins a message. On any trouble the connection is of no further use.
    pub(super) async fn mail(&mut self, submission: &Submission<'_>, limits: Limits) -> Result<(), Trouble> {
        if let Some(fault) = self.offers.fault(submission) {
            return Err(Trouble::Unfit(fault));
        }
        self.messages += 1;
        let mail = Mail::new(Some(submission.from.clone()), self.parameters(submission));
        within("MAIL", limits.for_command(), self.wire.ask(&mail.to_string())).await?.expect(&[250])?;
        Ok(())
    }

    /// The rest of the message. Only where this gives a reply is the connection good for more.
    pub(super) async fn finish(
        &mut self,
        submission: &Submission<'_>,
        limits: Limits,
        of: Option<&Parcel>,
    ) -> Result<Said, Ending> {
        let tls = self.tls();
        self.name_recipient(submission, limits).await.map_err(|trouble| trouble.before_body(tls))?;
        // The server may have thought about each command for a minute. Without a final dot it has no message.
        if let Some(parcel) = of
            && let Err(outcome) = parcel.may_begin().await
        {
            let says = Said::by_us(outcome.evidence().reply.clone());
            return Err(Ending::new(Outcome::Stopped, says, Some(tls)));
        }
        // From here on bytes leave, and silence no longer means that nothing arrived.
        self.send(submission, limits).await.map_err(|trouble| trouble.after_body(tls))
    }

    /// Says goodbye, for as long as the server is willing to hear it.
    pub(super) async fn quit(mut self, limit: Duration) {
        // Whatever the answer, the connection closes when it is dropped here.
        let _ = within("QUIT", limit, self.wire.ask(&Quit.to_string())).await;
    }

    async fn name_recipient(&mut self, submission: &Submission<'_>, limits: Limits) -> Result<(), Trouble> {
        let recipient = Rcpt::new(submission.to.clone(), self.notices(submission));
        within("RCPT", limits.for_command(), self.wire.ask(&recipient.to_string())).await?.expect(&[250, 251])?;
        within("DATA", limits.for_command(), self.wire.ask(&Data.to_string())).await?.expect(&[354])?;
        // Looked at before the first byte of the message: after it nothing is certain.
        within("DATA", limits.for_command(), async { self.wire.answered_what_was_asked() }).await
    }

    async fn send(&mut self, submission: &Submission<'_>, limits: Limits) -> Result<Said, Trouble> {
        let answer = within("message", limits.for_final_reply(), self.wire.message(submission.body())).await?;
        Ok(answer.expect(&[250])?.said())
    }

    /// Which notices are asked for, where the server can be asked.
    fn notices(&self, submission: &Submission<'_>) -> Vec<RcptParameter> {
        let which = if submission.envelope_id.is_some() { "SUCCESS,FAILURE,DELAY" } else { "FAILURE,DELAY" };
        let notify = RcptParameter::Other { keyword: "NOTIFY".to_owned(), value: Some(which.to_owned()) };
        if self.offers.notices { vec![notify] } else { Vec::new() }
    }

    fn parameters(&self, submission: &Submission<'_>) -> Vec<MailParameter> {
        let mut parameters = Vec::new();
        if let (true, Ok(size)) = (self.offers.size, usize::try_from(submission.size())) {
            parameters.push(MailParameter::Size(size));
        }
        if submission.needs_eight_bits() {
            parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
        }
        if submission.needs_utf8_addresses() {
            parameters.push(MailParameter::SmtpUtfEight);
        }
        if self.offers.notices {
            // A notice must not carry the papers back through whatever lies on its way.
            parameters.push(MailParameter::Other { keyword: "RET".to_owned(), value: Some("HDRS".to_owned()) });
            if let Some(id) = submission.envelope_id {
                parameters.push(MailParameter::Other { keyword: "ENVID".to_owned(), value: Some(id.to_owned()) });
            }
        }
        parameters
    }
}
