//! Of whom a firm refusal speaks: of us, or of the recipient and the message.
//!
//! What speaks of us (our right to relay, our sender, our limits, a block list) is as true of the next message, and no
//! call to the recipient mends it. Codes are those of RFC 3463 and the IANA registry that grew from it; the words are
//! those of common servers.

/// Of whom a code or a word speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum About {
    /// Of us: every message of ours would hear it.
    Us,
    /// Of the recipient, or of this one message.
    Them,
    /// Of a policy: its words decide, and without any it speaks of us.
    Policy,
}
use About::{Policy, Them, Us};

/// Subject and details of a code of class 5, of whom it speaks, and who says so. The first row that fits counts.
const CODES: &[(u16, std::ops::RangeInclusive<u16>, About, &str)] = &[
    (1, 7..=8, Us, "RFC 3463: bad sender's mailbox or system address"),
    (1, 90..=90, Us, "Exchange Online: our recipients of a day are used up"),
    (1, 1..=6, Them, "RFC 3463: the destination's mailbox or system address"),
    (1, 10..=10, Them, "RFC 7505: the recipient's domain takes no mail"),
    (2, 252..=252, Us, "Exchange Online: SendAsDenied"),
    (2, 0..=999, Them, "RFC 3463: the recipient's mailbox: disabled, full, its largest message, its list"),
    (3, 4..=4, Them, "RFC 3463: message too big for system"),
    (4, 5..=5, Us, "Google: daily sending quota; RFC 3463: congestion"),
    (4, 1..=1, Them, "Exchange Online: recipient address rejected, access denied"),
    (4, 4..=4, Them, "RFC 3463: the recipient's host cannot be found"),
    (4, 310..=310, Them, "Exchange Online: the recipient's domain does not exist"),
    (6, 0..=999, Them, "RFC 3463: the content, its media, its conversion"),
    (7, 0..=1, Policy, "RFC 3463: delivery not authorized, for whatever reason"),
    (7, 2..=2, Them, "RFC 3463: the list that the recipient is may not be expanded"),
    (7, 3..=7, Them, "RFC 3463: the protection of this message"),
    (7, 13..=13, Policy, "RFC 5248: an account that is disabled: ours, or with some servers the recipient's"),
    (7, 8..=14, Us, "RFC 4954, RFC 5248: our login, its encryption, our account, trust in us"),
    (7, 15..=16, Them, "RFC 6710: priority of this message"),
    (7, 17..=19, Them, "RFC 7293: the recipient's mailbox or domain has another owner"),
    (7, 20..=29, Us, "RFC 7372, 7505, 8617: our DKIM, SPF, reverse DNS, null MX, flood, ARC"),
    (7, 30..=30, Them, "RFC 8689: this message may not go on without TLS"),
    (7, 54..=64, Us, "Exchange: may not relay, not authenticated, may not send as this sender, no tenant"),
    (7, 120..=199, Them, "Exchange: a group or mailbox that takes mail from few only"),
    (7, 504..=505, Them, "Exchange Online: recipient address rejected, banned recipient"),
    (7, 512..=512, Them, "Exchange Online: the message is not well formed"),
    (7, 230..=999, Us, "Exchange Online: our tenant, sender, domain or address is banned or over its limit"),
    (7, 0..=999, Policy, "RFC 3463: security or policy"),
];

/// Words that speak of us wherever they stand, and whose they are. Compared word by word, without case or punctuation.
const OF_US: &[(&str, &str)] = &[
    (
        "relaying; relay access denied; relay denied; relay not permitted; relay not allowed; relay rejected; relay \
         prohibited; not permitted to relay; not allowed to relay; not authorized to relay; not authorised to \
         relay; unable to relay; cannot relay; can not relay; no relay; do not relay; does not relay; will not \
         relay; may not relay; open relay; rcpthosts",
        "our right to relay: Postfix, Sendmail, Exim, Exchange, qmail",
    ),
    (
        "authentication required; authentication is required; requires authentication; must authenticate; \
         authenticate first; not authenticated; unauthenticated; not logged in; must login; must log in",
        "our login, from servers that do not answer 530",
    ),
    (
        "sender address; sender rejected; sender denied; sender blocked; sender is blocked; sender refused; sender \
         banned; blocked sender; banned sender; bad sender; invalid sender; unknown sender; sender unknown; sender \
         invalid; sender not; sender is not; sender may not; sender verify; sender verification; sender domain; \
         sender s domain; domain of sender; send as; sendasdenied",
        "our sender: Postfix, Sendmail, Exim, Exchange",
    ),
    (
        "your account; your domain; your ip; your host; your hostname; your server; your network; your mail server; \
         client host; sending ip; banned ip; ip blocked; helo command; bad helo; invalid helo; helo rejected; \
         reverse dns; rdns; ptr record; reverse hostname",
        "our account, our machine: Postfix, Exchange Online, web mail providers",
    ),
    (
        "daily limit; daily sending; daily quota; daily message; hourly limit; hourly quota; sending limit; sending \
         limits; sending quota; sending rate; sender quota; sender rate; message quota; message limit; message \
         rate; submission quota; submission rate; outbound quota; outgoing quota; recipient limit; rate limit; rate \
         limits; rate limited; ratelimit; ratelimited; rate exceeded; too many messages; too many mails; too many \
         emails; too many recipients; too many connections; too many sessions; sending too many; sent too many; \
         sending too fast; quota for sending",
        "our rate and quota: Google, Exchange Online, hosters, Exim's ratelimit, policy daemons of Postfix",
    ),
    ("spf; openspf; sender policy framework; dkim; dmarc; sender id", "our domain's proofs: RFC 7208, 6376, 7489"),
    (
        "spamhaus; spamcop; sorbs; barracudacentral; uceprotect; abuseat; mailspike; senderscore; dnsbl; dnsrbl; \
         rbl; blacklist; blacklisted; blacklists; black list; black listed; blocklist; blocklisted; blocklists; \
         block list; block listed; denylist; denylisted; blocked using; is listed; listed at; listed by; reputation",
        "block lists: RFC 5782 and their users",
    ),
];

/// Words of a policy, which speak of us unless the words below stand there too.
pub(super) const OF_A_POLICY: &str =
    "policy; policies; not authorized; not authorised; unauthorized; unauthorised; administrative prohibition";

/// Words that give a policy another subject: the recipient or what the message holds.
const OF_THEM: &str = "recipient; mailbox; user; group; distribution; mailing list; member; members; moderator; content; contents; \
     virus; malware; attachment; attachments; spam; phishing; unsolicited; infected";

/// Words of size, which is this one message's.
pub(super) const OF_SIZE: &str = "too large; too big; size limit; size exceeds; exceeds size; exceeded size; message size; maximum size; size \
     exceeded";

/// Whether a refusal speaks of us. `reply` is the whole text, its code of three digits first.
pub(super) fn is_about_us(reply: &str) -> bool {
    let codes: Vec<About> = codes(reply).into_iter().filter_map(about).collect();
    let words = words(reply);
    if codes.contains(&Us) {
        true
    } else if codes.contains(&Policy) {
        speak_of_us(&words) || !(codes.contains(&Them) || holds_any(&words, OF_THEM))
    } else if codes.contains(&Them) {
        false
    } else {
        speak_of_us(&words) || (holds_any(&words, OF_A_POLICY) && !holds_any(&words, OF_THEM))
    }
}

/// Whether a refusal says, ours or a server's, that the message is larger than the relay takes. It says nothing about the
/// address, and no later try of the same message will end otherwise.
#[must_use]
pub(crate) fn is_too_large(reply: &str) -> bool {
    let (codes, words) = (codes(reply), words(reply));
    if speak_of_us(&words) || codes.iter().any(|code| about(*code) == Some(Us)) {
        return false;
    }
    let of_size = |code: &(u16, u16)| matches!(code, (3, 4) | (2, 3));
    // Without another code 552 is "exceeded storage allocation": of the message, where no mailbox is said to be full.
    let of_a_mailbox = holds_any(&words, OF_ITS_ROOM) || codes.contains(&(2, 2));
    reply.starts_with(TOO_LARGE_HERE)
        || (!of_a_mailbox
            && (codes.iter().any(of_size)
                || (reply.starts_with('5') && holds_any(&words, OF_SIZE))
                || (codes.is_empty() && reply.starts_with("552"))))
}

/// How our own words begin where a message is too large for what the settings or the relay say.
pub(super) const TOO_LARGE_HERE: &str = "not sent: the message has ";

const OF_ITS_ROOM: &str = "mailbox; mailbox full; quota; over quota; storage full; inbox";

/// Whether a refusal of MAIL speaks of this one message: too large, or of a kind that the server cannot take. Nothing
/// else can be meant there but us.
pub(super) fn is_about_the_message(reply: &str) -> bool {
    let codes = codes(reply);
    let words = words(reply);
    // A limit on what we send a day is worded as a limit of size by some.
    if speak_of_us(&words) || codes.iter().any(|code| about(*code) == Some(Us)) {
        return false;
    }
    let named = |(subject, detail): &(u16, u16)| matches!((subject, detail), (3, 4) | (2, 3) | (6, _));
    codes.iter().any(named) || holds_any(&words, OF_SIZE) || (codes.is_empty() && reply.starts_with("552"))
}

fn about((subject, detail): (u16, u16)) -> Option<About> {
    CODES.iter().find(|(s, details, ..)| *s == subject && details.contains(&detail)).map(|(_, _, about, _)| *about)
}

/// Subject and detail of each enhanced code of class 5, wherever it stands.
fn codes(reply: &str) -> Vec<(u16, u16)> {
    enhanced_codes(reply)
        .into_iter()
        .filter(|(class, ..)| *class == 5)
        .map(|(_, subject, detail)| (subject, detail))
        .collect()
}

/// Class, subject and detail of each enhanced code that speaks of a failure, wherever it stands.
pub(super) fn enhanced_codes(reply: &str) -> Vec<(u16, u16, u16)> {
    let divides = |c: char| c.is_whitespace() || "()[]<>{}#;:,=\"'".contains(c);
    let code = |word: &str| {
        // "550-5.1.1 " is a line of a reply with several.
        let word = match word.split_at_checked(4) {
            Some((reply, rest)) if reply.ends_with('-') && reply[..3].parse::<u16>().is_ok() => rest,
            _ => word,
        };
        let mut parts = word.trim_matches(['.', '-']).split('.');
        let number = |part: Option<&str>| part.filter(|part| part.len() <= 3)?.parse().ok();
        let (class, subject, detail) = (number(parts.next())?, number(parts.next())?, number(parts.next())?);
        ((4..=5).contains(&class) && parts.next().is_none()).then_some((class, subject, detail))
    };
    reply.split(divides).filter_map(code).collect()
}

/// The words, in small letters with one blank around each. An address may hold any word, so it is left out.
pub(super) fn words(reply: &str) -> String {
    let mut words = String::from(" ");
    for word in reply.split_whitespace().filter(|word| !word.contains('@')) {
        for part in word.to_lowercase().split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()) {
            words.push_str(part);
            words.push(' ');
        }
    }
    words
}

pub(super) fn speak_of_us(words: &str) -> bool {
    OF_US.iter().any(|(phrases, _)| holds_any(words, phrases))
}

pub(super) fn holds_any(words: &str, phrases: &str) -> bool {
    phrases.split("; ").any(|phrase| words.contains(&format!(" {phrase} ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What servers say of us, without any code.
    const SAID_OF_US: &[&str] = &[
        "<doctor@clinic.example>: Relay access denied",
        "relaying denied",
        "no relaying for you",
        "We do not relay",
        "Unable to relay recipient in non-accepted domain",
        "relay not permitted",
        "10.0.0.1 is not permitted to relay through this server without authentication",
        "sorry, that domain isn't in my list of allowed rcpthosts",
        "authentication required",
        "Client was not authenticated to send anonymous mail during MAIL FROM",
        "<program@ei.example>: Sender address rejected: not owned by user program",
        "Sender address rejected: Domain not found",
        "Sender verify failed",
        "Domain of sender address program@ei.example does not exist",
        "Client does not have permissions to send as this sender",
        "Daily user sending limit exceeded",
        "Daily sending quota exceeded",
        "rate limit exceeded",
        "You are sending too many messages",
        "Too many recipients received this hour",
        "SPF check failed",
        "Message rejected due to: SPF fail - not authorized. See http://www.openspf.org/Why",
        "Unauthenticated email from ei.example is not accepted due to domain's DMARC policy",
        "Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org",
        "your IP is blacklisted",
        "the address is on a block-list",
        "rejected: poor reputation of the sending IP",
        "<mail>: Helo command rejected: Host not found",
        "Client host rejected: cannot find your reverse hostname, [192.0.2.1]",
        "rejected for policy reasons",
        "Administrative prohibition",
    ];

    /// What servers say of a recipient or of one message, without any code.
    const SAID_OF_THEM: &[&str] = &[
        "no such user",
        "User unknown",
        "<relaying@spf.example>: Recipient address rejected: User unknown in virtual mailbox table",
        "<doctor@clinic.example>: Recipient address rejected: User unknown in relay recipient table",
        "Requested action not taken: mailbox unavailable",
        "The email account that you tried to reach does not exist. Please try double-checking the recipient's address",
        "mailbox is full",
        "User over quota",
        "The mailbox quota is exceeded",
        "This account has been disabled",
        "Recipient address rejected: Access denied",
        "message refused by the recipient's policy",
        "the content of this message is against our policy",
        "message contains a virus",
        "Attachment type not allowed",
        "message too large",
        "Message size exceeds fixed limit",
        "it looks bad",
        "no",
        "",
    ];

    /// The same words as different servers write them.
    fn spellings(words: &str) -> Vec<String> {
        let spaced = words.replace(' ', "   ");
        let quoted = words.split(' ').map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(" ");
        vec![
            words.to_owned(),
            words.to_uppercase(),
            words.to_lowercase(),
            format!("{words}."),
            format!("({words})"),
            spaced,
        ]
        .into_iter()
        .chain((!words.contains(['<', '@'])).then_some(quoted))
        .collect()
    }

    fn all_spellings(of: &[&'static str]) -> Vec<String> {
        of.iter().flat_map(|words| spellings(words)).collect()
    }

    #[test]
    fn a_message_that_is_too_large_is_told_from_a_mailbox_that_is_full() {
        for large in [
            "552 5.3.4 Message size exceeds fixed limit",
            "552 5.3.4 message too big for this host",
            "552 5.2.3 Message too large",
            "554 5.2.3 the message exceeds the maximum size",
            "552 Message size exceeds maximum permitted",
            "552 message too large",
            "523 5.3.4 the message is too big",
            "552 requested mail action aborted",
            "not sent: the message has 21000000 bytes and the server takes at most 20000000",
        ] {
            assert!(is_too_large(large), "{large}");
        }
        for other in [
            "552 5.2.2 mailbox full",
            "552 the mailbox is over quota",
            "452 4.3.1 message size exceeds what is free now",
            "550 5.1.1 no such user",
            "550 5.7.1 relaying denied",
            "not sent: an address holds a control character",
        ] {
            assert!(!is_too_large(other), "{other}");
        }
    }

    #[test]
    fn words_tell_of_whom_a_refusal_speaks_without_a_code_and_with_one_that_says_nothing() {
        for before in ["550", "553", "554", "571", "550 5.0.0", "550 5.1.0", "554 5.3.0", "554 5.5.0", "550 5.4.0"] {
            for words in all_spellings(SAID_OF_US) {
                assert!(is_about_us(&format!("{before} {words}")), "{before} {words}");
            }
            for words in all_spellings(SAID_OF_THEM) {
                assert!(!is_about_us(&format!("{before} {words}")), "{before} {words}");
            }
        }
    }

    #[test]
    fn a_code_of_the_recipient_or_the_message_outweighs_every_word() {
        for code in ["5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1", "5.2.2", "5.2.3", "5.3.4", "5.4.1", "5.6.0"]
        {
            for words in all_spellings(SAID_OF_US).into_iter().chain(all_spellings(SAID_OF_THEM)) {
                assert!(!is_about_us(&format!("550 {code} {words}")), "{code} {words}");
                assert!(!is_about_us(&format!("550 {words} (#{code})")), "{code} {words}");
            }
        }
    }

    #[test]
    fn a_code_of_ours_outweighs_every_word_and_may_stand_anywhere() {
        let ours = "5.1.7 5.1.8 5.1.90 5.4.5 5.7.8 5.7.20 5.7.23 5.7.25 5.7.26 5.7.57 5.7.60 5.7.64 5.7.232 5.7.501 5.7.509 \
                    5.7.511 5.7.606 5.7.705 5.7.708 5.7.750";
        for code in ours.split_whitespace() {
            for words in all_spellings(SAID_OF_US).into_iter().chain(all_spellings(SAID_OF_THEM)) {
                for reply in [
                    format!("550 {code} {words}"),
                    format!("550 {words} ({code})"),
                    format!("550 {words} (#{code})"),
                    format!("554 5.1.1 {words}: remote said {code}"),
                    format!("554 [{code}] {words}"),
                    format!("554 smtp;550-{words} <{code}>"),
                ] {
                    assert!(is_about_us(&reply), "{reply}");
                }
            }
        }
    }

    #[test]
    fn a_policy_speaks_of_us_unless_its_words_have_another_subject() {
        for code in ["5.7.0", "5.7.1", "5.7.99"] {
            for words in all_spellings(SAID_OF_US) {
                assert!(is_about_us(&format!("550 {code} {words}")), "{code} {words}");
                let only_a_policy =
                    ["reasons", "administrative"].iter().any(|said| words.to_lowercase().contains(said));
                let beside_another = is_about_us(&format!("550 5.1.1 {words} ({code})"));
                assert_eq!(beside_another, !only_a_policy, "{code} {words}");
            }
            for words in ["", "no", "rejected", "Delivery not authorized, message refused", "Access denied"] {
                assert!(is_about_us(&format!("554 {code} {words}")), "{code} {words}");
            }
            for words in [
                "You are not allowed to send to this group",
                "Recipient address rejected: Access denied",
                "This mailbox takes mail from a few only",
                "Message contains spam or virus",
                "Attachment type not allowed",
            ] {
                assert!(!is_about_us(&format!("550 {code} {words}")), "{code} {words}");
            }
        }
    }

    #[test]
    fn what_only_looks_like_a_code_is_none() {
        for words in
            ["host 5.7.8.1 says no", "version 15.1.8", "5.1.8.example.org", "4.1.8", "2.1.8", "5.1.8888", "5.1", "5..8"]
        {
            assert!(!is_about_us(&format!("550 {words}")), "{words}");
        }
    }

    #[test]
    fn at_mail_only_size_and_kind_are_the_messages_own() {
        for reply in [
            "552 5.3.4 Message size exceeds fixed limit",
            "552 message exceeds what we take",
            "552 5.2.3 too long",
            "550 message too large",
            "500 5.3.4 no",
            "553 5.6.7 SMTPUTF8 is needed",
        ] {
            assert!(is_about_the_message(reply), "{reply}");
        }
        for reply in [
            "550 5.4.5 enough for today",
            "550 5.1.8 bad sender",
            "552 5.4.5 daily message size exceeded",
            "552 sending quota exceeded",
            "552 5.2.2 over quota",
            "554 no",
            "501 5.5.4 syntax",
            "550 5.1.1 who is that?",
        ] {
            assert!(!is_about_the_message(reply), "{reply}");
        }
    }

    #[test]
    fn every_row_of_the_tables_says_whose_it_is_and_no_row_hides_behind_another() {
        assert!(CODES.iter().all(|(.., why)| !why.is_empty()) && OF_US.iter().all(|(_, why)| !why.is_empty()));
        for (row, (subject, details, ..)) in CODES.iter().enumerate() {
            let first = |detail: u16| CODES.iter().position(|(s, d, ..)| s == subject && d.contains(&detail));
            assert!(details.clone().any(|detail| first(detail) == Some(row)), "5.{subject}.{details:?} never counts");
        }
        let lists = OF_US.iter().map(|(phrases, _)| *phrases).chain([OF_A_POLICY, OF_THEM, OF_SIZE]);
        for phrase in lists.flat_map(|list| list.split("; ")) {
            assert_eq!(words(phrase), format!(" {phrase} "), "a phrase is written as it is compared");
        }
    }
}
