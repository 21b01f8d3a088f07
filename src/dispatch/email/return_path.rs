//! Where a failure notice goes: an address that names the attempt and bears a mark that only this program can make.
//!
//! A notice may come days later, from a server that nobody knows. The address at which it arrives says which attempt
//! it speaks of, and the mark says that the address was ours: else anybody could report a plan as lost.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use lettre::Address;
use sha2::Sha256;

/// RFC 4648, in lower case: mail systems may fold the case of an address.
const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
/// What stands for the token in the setting.
const PLACE: &str = "{token}";
/// 16 bytes of the dispatch, 2 of the attempt, 8 of the mark.
const TOKEN_BYTES: usize = 26;
/// Characters of a token: 26 bytes, five bits a character.
const TOKEN_CHARACTERS: usize = 42;
/// RFC 5321, 4.5.3.1.1.
const LONGEST_LOCAL_PART: usize = 64;

/// An attempt, as a returned token names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttemptName {
    pub dispatch_id: String,
    /// The attempt, from 1.
    pub attempt: u16,
}

/// What an address says about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    /// It is not a return path of this program.
    Foreign,
    /// It looks like one, but the mark is not ours.
    Forged,
    /// It is one.
    Attempt(AttemptName),
}

/// The setting cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "return_path: must be an address that holds {PLACE} once, such as bounces+{PLACE}@example.org, with at most 22 characters beside it before the @"
)]
pub struct ReturnPathWrong;

/// Return paths of one installation.
#[derive(Clone)]
pub struct ReturnPath {
    before: String,
    after: String,
    key: [u8; 32],
}

/// Shows the address, never the key.
impl fmt::Debug for ReturnPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ReturnPath({}{PLACE}{})", self.before, self.after)
    }
}

impl ReturnPath {
    /// Return paths made after `template`, such as `bounces+{token}@example.org`, with marks under `key`.
    ///
    /// # Errors
    /// When the template is no address with one place for the token, or leaves it too little room.
    pub fn parse(template: &str, key: [u8; 32]) -> Result<Self, ReturnPathWrong> {
        let (before, after) = template.trim().split_once(PLACE).ok_or(ReturnPathWrong)?;
        let path = Self { before: before.to_ascii_lowercase(), after: after.to_ascii_lowercase(), key };
        let example = path.address_of(&"a".repeat(TOKEN_CHARACTERS)).ok_or(ReturnPathWrong)?;
        let fits = example.user().len() <= LONGEST_LOCAL_PART && example.user().contains(&"a".repeat(TOKEN_CHARACTERS));
        let once = !path.after.contains(PLACE);
        if once && fits && example.to_string().is_ascii() { Ok(path) } else { Err(ReturnPathWrong) }
    }

    fn address_of(&self, token: &str) -> Option<Address> {
        format!("{}{token}{}", self.before, self.after).parse().ok()
    }

    /// The token of an attempt: also its envelope id. `None` for a dispatch id that is no UUID.
    #[must_use]
    pub fn token(&self, dispatch_id: &str, attempt: i64) -> Option<String> {
        let id = uuid::Uuid::parse_str(dispatch_id).ok()?;
        let attempt = u16::try_from(attempt).ok()?;
        let named = [id.as_bytes().as_slice(), &attempt.to_be_bytes()].concat();
        let mark = self.mark(&named);
        Some(encode(&[named.as_slice(), &mark].concat()))
    }

    /// The address for notices about an attempt.
    #[must_use]
    pub fn address(&self, token: &str) -> Option<Address> {
        self.address_of(token)
    }

    /// Which attempt an address names.
    #[must_use]
    pub fn named_by_address(&self, address: &str) -> Named {
        let address = address.trim().trim_start_matches('<').trim_end_matches('>').to_ascii_lowercase();
        let token = address.strip_prefix(&self.before).and_then(|rest| rest.strip_suffix(&self.after));
        match token {
            // The bare mailbox, or another sub-address of it: it claims nothing.
            Some(token) if token.len() == TOKEN_CHARACTERS => self.named_by_token(token),
            _ => Named::Foreign,
        }
    }

    /// Which attempt a token names.
    #[must_use]
    pub fn named_by_token(&self, token: &str) -> Named {
        let Some(bytes) = decode(&token.trim().to_ascii_lowercase()) else { return Named::Foreign };
        let (named, mark) = bytes.split_at(18);
        let mut mac = self.mac();
        mac.update(named);
        // Compared in constant time: the comparison must not tell how much of a guess was right.
        if mac.verify_truncated_left(mark).is_err() {
            return Named::Forged;
        }
        let id: [u8; 16] = named[..16].try_into().expect("sixteen bytes");
        let attempt: [u8; 2] = named[16..].try_into().expect("two bytes");
        Named::Attempt(AttemptName {
            dispatch_id: uuid::Uuid::from_bytes(id).to_string(),
            attempt: u16::from_be_bytes(attempt),
        })
    }

    fn mac(&self) -> Hmac<Sha256> {
        <Hmac<Sha256> as KeyInit>::new_from_slice(&self.key).expect("HMAC takes a key of any length")
    }

    fn mark(&self, named: &[u8]) -> [u8; 8] {
        let mut mac = self.mac();
        mac.update(named);
        let whole = mac.finalize().into_bytes();
        whole[..8].try_into().expect("eight of thirty-two bytes")
    }
}

fn encode(bytes: &[u8]) -> String {
    let (mut held, mut bits, mut text) = (0_u32, 0, String::new());
    for &byte in bytes {
        held = (held << 8 | u32::from(byte)) & 0xffff;
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            text.push(char::from(ALPHABET[(held >> bits & 31) as usize]));
        }
    }
    if bits > 0 {
        text.push(char::from(ALPHABET[(held << (5 - bits) & 31) as usize]));
    }
    text
}

/// The bytes of a token, which has one length and no loose bits.
fn decode(text: &str) -> Option<[u8; TOKEN_BYTES]> {
    if text.len() != TOKEN_CHARACTERS {
        return None;
    }
    let (mut held, mut bits, mut bytes) = (0_u32, 0, Vec::with_capacity(TOKEN_BYTES));
    for character in text.bytes() {
        let value = ALPHABET.iter().position(|known| *known == character)?;
        held = (held << 5 | u32::try_from(value).ok()?) & 0xffff;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(held >> bits & 0xff).ok()?);
        }
    }
    if held & ((1 << bits) - 1) != 0 {
        return None;
    }
    bytes.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0199f2b1-7c00-7000-8000-000000000417";

    fn path() -> ReturnPath {
        ReturnPath::parse("bounces+{token}@example.org", [7; 32]).unwrap()
    }

    #[test]
    fn an_address_names_its_attempt_whatever_the_case() {
        let token = path().token(ID, 3).unwrap();
        let address = path().address(&token).unwrap().to_string();
        assert_eq!(token.len(), TOKEN_CHARACTERS);
        let named = Named::Attempt(AttemptName { dispatch_id: ID.to_owned(), attempt: 3 });
        assert_eq!(path().named_by_address(&address), named);
        assert_eq!(path().named_by_address(&address.to_uppercase()), named);
        assert_eq!(path().named_by_token(&token), named);
    }

    #[test]
    fn a_token_changed_in_any_place_is_not_ours() {
        let token = path().token(ID, 1).unwrap();
        for at in 0..token.len() {
            let mut changed = token.clone().into_bytes();
            changed[at] = if changed[at] == b'a' { b'b' } else { b'a' };
            let changed = String::from_utf8(changed).unwrap();
            assert!(!matches!(path().named_by_token(&changed), Named::Attempt(_)), "{at}");
        }
        let other = ReturnPath::parse("bounces+{token}@example.org", [8; 32]).unwrap();
        assert_eq!(other.named_by_token(&token), Named::Forged);
        assert_eq!(path().named_by_address("bounces@example.org"), Named::Foreign);
        assert_eq!(path().named_by_address("papers@example.org"), Named::Foreign);
    }

    #[test]
    fn a_template_needs_one_place_and_room() {
        for wrong in
            ["bounces@example.org", "bounces@{token}.example.org", "{token}{token}@example.org", "no address {token}"]
        {
            assert!(ReturnPath::parse(wrong, [0; 32]).is_err(), "{wrong}");
        }
        assert!(ReturnPath::parse("a-mailbox-of-many-letters+{token}@example.org", [0; 32]).is_err());
    }
}
