//! Addresses of e-mail: what a message can be built for, tried with the very builder that makes its header.

use std::{sync::OnceLock, time::SystemTime};

use lettre::{
    Address,
    message::{Mailbox, MessageBuilder, header::Date},
};
use regex::Regex;

/// Why no message can be built for an address. The address itself is never repeated: it belongs to somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EmailAddressError {
    /// A character that nobody sees: the address would lead elsewhere than it reads.
    #[error("holds a character that cannot be seen (U+{code:04X} at character {at}); type the address anew")]
    Invisible {
        /// Its code point.
        code: u32,
        /// Its place, counted from 1.
        at: usize,
    },
    /// No address at all.
    #[error("is no e-mail address such as office@example.org")]
    NoAddress,
    /// An address by its grammar, for which no header can be written.
    #[error(
        "is an address for which no message can be built; use one such as office@example.org, without quotation marks or \
         brackets"
    )]
    NoMessage,
}

/// The address as mail uses it: blanks around it are left out, and its domain is in ASCII (`xn--`).
///
/// # Errors
/// Why no message can be built for it.
pub fn mail_address(text: &str) -> Result<Address, EmailAddressError> {
    let text = text.trim();
    if let Some(found) = invisible().find(text) {
        let code = found.as_str().chars().next().map_or(0, u32::from);
        return Err(EmailAddressError::Invisible { code, at: text[..found.start()].chars().count() + 1 });
    }
    let typed: Address = text.parse().map_err(|_| EmailAddressError::NoAddress)?;
    let address = if typed.domain().is_ascii() {
        typed
    } else {
        let domain = idna::domain_to_ascii(typed.domain()).map_err(|_| EmailAddressError::NoAddress)?;
        Address::new(typed.user(), domain).map_err(|_| EmailAddressError::NoAddress)?
    };
    // The builder reads the header again that it wrote: what it does not find there has no envelope.
    // It goes nowhere, so its date is nobody's.
    let undated = MessageBuilder::new().header(Date::from(SystemTime::UNIX_EPOCH));
    let from = undated.from(Mailbox::new(None, address.clone()));
    let built = addressed(from, address.clone()).body(String::new());
    match built {
        Ok(message) if message.envelope().to() == [address.clone()] => Ok(address),
        _ => Err(EmailAddressError::NoMessage),
    }
}

/// The message that is being built, with its one recipient. No display name: it would stand in a header.
#[must_use]
pub fn addressed(message: MessageBuilder, to: Address) -> MessageBuilder {
    message.to(Mailbox::new(None, to))
}

fn invisible() -> &'static Regex {
    /// Harmless to share: one pattern, always the same.
    static INVISIBLE: OnceLock<Regex> = OnceLock::new();
    INVISIBLE.get_or_init(|| {
        Regex::new(r"[\p{Default_Ignorable_Code_Point}\p{Cc}]").expect("the pattern is tried by a test")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_message_can_be_built_for_is_an_address_and_nothing_else() {
        for good in ["dana@example.org", "o'neil+ei@example.org", "d.a-n_a@sub.example.org"] {
            assert_eq!(mail_address(good).unwrap().to_string(), good);
        }
        for none in ["", "dana", "dana@", "@example.org", "da na@example.org", "dana@example.org, x@example.org"] {
            assert_eq!(mail_address(none), Err(EmailAddressError::NoAddress), "{none:?}");
        }
        for unbuildable in ["\"elena rivera\"@example.org", "anna@[192.0.2.1]"] {
            assert_eq!(mail_address(unbuildable), Err(EmailAddressError::NoMessage), "{unbuildable:?}");
        }
    }

    #[test]
    fn blanks_around_it_are_left_out_and_a_domain_goes_in_ascii() {
        assert_eq!(mail_address("dana@example.org\u{a0}").unwrap().to_string(), "dana@example.org");
        assert_eq!(mail_address(" dana@ex\u{e4}mple.org").unwrap().to_string(), "dana@xn--exmple-cua.org");
        assert_eq!(mail_address("dana@EX\u{c4}MPLE.org").unwrap().to_string(), "dana@xn--exmple-cua.org");
    }

    #[test]
    fn a_character_that_nobody_sees_is_named_by_its_code_and_place() {
        for (text, code, at) in [
            ("dana@example.org\u{200b}", 0x200b, 17),
            ("d\u{ad}ana@example.org", 0xad, 2),
            ("dana@exam\u{feff}ple.org", 0xfeff, 10),
        ] {
            let error = mail_address(text).unwrap_err();
            assert_eq!(error, EmailAddressError::Invisible { code, at });
            assert!(error.to_string().contains(&format!("U+{code:04X}")), "{error}");
        }
    }
}
