//! Of what a failure notice speaks: of the recipient's address, of us, or of something else.
//!
//! An address goes out of use only where nothing in the notice speaks for another cause: letters that go nowhere any
//! more are worse than one that comes back twice.

use super::Report;
use crate::dispatch::email::refusal::{
    OF_A_POLICY, OF_SIZE, enhanced_codes, holds_any, is_about_us, speak_of_us, words,
};

/// What stands for the code of a failure that names none.
pub const NO_CODE: &str = "none";

/// Of what a failure speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// The recipient's address: it does not exist, or exists no more.
    Address,
    /// Us: our sender, our domain, our limits, our right to relay. Every message of ours would hear it.
    Us,
    /// The message, the mailbox of the day, time, or nobody can tell.
    Other,
}

/// Codes that speak of the recipient's address (RFC 3463, RFC 7505), subject and detail.
const OF_ADDRESS: &[(u16, u16)] = &[(1, 1), (1, 2), (1, 3), (1, 6), (1, 10)];
/// The mailbox is disabled; with some providers, a rate. Its words decide.
const DISABLED: (u16, u16) = (2, 1);

/// Replies of three digits that agree with a wrong address where no enhanced code stands beside them: no mailbox, not
/// here, a name that is not allowed, takes no mail, wrong syntax.
const AGREE: [u16; 6] = [501, 511, 550, 551, 553, 556];

/// Words of a mailbox that is closed for good.
const OF_DISABLED: &str = "disabled; inactive; deactivated; deactivation; not active; no longer active; no longer available; no longer \
                           valid; no longer exists; no longer accepts mail; closed; suspended; discontinued; expired account; \
                           unknown; does not exist; doesn t exist; not exist; no such; not found; invalid recipient; no mailbox";

/// Words of a mailbox or disk that is full.
const OF_FULL: &str = "full; quota; overquota; over limit; over its limit; exceeded storage; storage; too many; out of space; disk \
                       space; insufficient; exceeds the limit; exceeds allowed; over the maximum";

/// Words that speak of another cause than the address, whatever the code says, and whose they are.
const VETO: &[(&str, &str)] = &[
    (OF_FULL, "a mailbox or disk that is full: Sendmail, Courier, MailFoundry (\"over quota (#5.1.1)\")"),
    (
        "spam; spammer; virus; malware; phishing; infected; content; attachment; attachments; unsolicited; junk; bulk; \
         blocked; block; banned; abuse; abusive; blacklist; blacklisted; denylist; listed; filtered; filter; \
         restricted; restriction; restrictions; reputation; suspicious; preferences",
        "what the message holds, or who may send",
    ),
    (
        "rate; throttled; throttling; temporarily; temporary; try again; later; timeout; timed out; expired; greylist; \
         greylisted; greylisting; busy; slow down; connection; retry; deferred",
        "the hour",
    ),
    ("sender; from address; mail from; spf; dkim; dmarc; relay; relaying; authenticated; authentication", "our side"),
    (
        "access denied; permission; permissions; not allowed; not permitted; prohibited; denied by; authorized; \
         authorised; unauthorized; unauthorised; allowed to send; may not send; closed list; members only; moderated",
        "who may write to a mailbox or a group",
    ),
    (
        "loop; looping; loops; hop count; hops; tls; ssl; certificate; encryption; starttls; couldn t create; \
      procmail; spool",
        "the way, or a program at its end",
    ),
];

impl Report {
    /// Of what this failure speaks.
    #[must_use]
    pub fn cause(&self) -> Cause {
        let said = self.diagnostic.as_deref().unwrap_or_default();
        let codes = self.codes();
        let written = |(class, subject, detail): &(u16, u16, u16)| format!("{class}.{subject}.{detail}");
        let all = format!("550 {} {said}", codes.iter().map(written).collect::<Vec<_>>().join(" "));
        let for_good = codes.iter().all(|(class, ..)| *class == 5) && replies(said).all(|reply| reply >= 500);
        if !for_good {
            return Cause::Other;
        }
        let around = words(&self.around);
        let doubted = speak_of_us(&around) || holds_any(&around, OF_FULL);
        if !doubted && speaks_of_the_address(said, &codes, &words(said)) {
            Cause::Address
        } else if is_about_us(&all) || (codes.iter().any(|(_, subject, _)| *subject == 1) && speak_of_us(&words(said)))
        {
            Cause::Us
        } else {
            Cause::Other
        }
    }

    /// The code by which failures are alike: the first that is said, or [`NO_CODE`].
    #[must_use]
    pub fn code(&self) -> String {
        let first = self.codes().into_iter().next();
        let reply = || self.diagnostic.as_deref().and_then(|said| replies(said).next());
        match first {
            Some((class, subject, detail)) => format!("{class}.{subject}.{detail}"),
            None => reply().map_or_else(|| NO_CODE.to_owned(), |reply| reply.to_string()),
        }
    }

    /// Class, subject and detail of what is said. What the refusing server wrote wins over the field of the server that
    /// made the notice: that one often knows no better than 5.0.0, or 5.1.1 for whatever was said at RCPT.
    fn codes(&self) -> Vec<(u16, u16, u16)> {
        let inside = self.diagnostic.as_deref().map(enhanced_codes).unwrap_or_default();
        if inside.is_empty() { self.status.as_deref().map(enhanced_codes).unwrap_or_default() } else { inside }
    }
}

fn speaks_of_the_address(said: &str, codes: &[(u16, u16, u16)], words: &str) -> bool {
    let agrees = |(_, subject, detail): &(u16, u16, u16)| {
        OF_ADDRESS.contains(&(*subject, *detail)) || ((*subject, *detail) == DISABLED && holds_any(words, OF_DISABLED))
    };
    let has_code_inside = !enhanced_codes(said).is_empty();
    let by_code = !codes.is_empty() && codes.iter().all(agrees);
    let by_reply = has_code_inside || replies(said).all(|reply| AGREE.contains(&reply));
    let vetoed = speak_of_us(words)
        || holds_any(words, OF_A_POLICY)
        || holds_any(words, OF_SIZE)
        || VETO.iter().any(|(phrases, _)| holds_any(words, phrases));
    by_code && by_reply && !vetoed
}

/// Replies of three digits, where a line of the words begins with one, after the name of its protocol (`smtp; 550 ...`)
/// or after the name of a server (`said: 550 ...`).
fn replies(said: &str) -> impl Iterator<Item = u16> + '_ {
    let mut before = "";
    said.split_whitespace().filter_map(move |word| {
        let begins = before.is_empty() || before.ends_with([';', ':', ',', '(', '.', '>', '<', ']']) || before == "was";
        before = word;
        let digits = word.get(..3).filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()))?;
        let ends = matches!(word.as_bytes().get(3), None | Some(b'-'));
        let reply: u16 = digits.parse().ok()?;
        (begins && ends && (400..600).contains(&reply)).then_some(reply)
    })
}
