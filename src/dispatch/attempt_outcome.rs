//! How an attempt ended: a code that is stored, counted and matched, and the words that a screen shows for it.

use serde::Serialize;

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AttemptOutcome {
    /// The next hand has it.
    Accepted,
    /// On paper or in the print folder.
    Printed,
    /// Refused, and tried again later.
    RefusedForNow,
    /// Refused, and not tried again.
    RefusedForGood,
    /// Refused for as long as this address may; the recipient's next address is tried.
    AddressGivenUp,
    /// Refused for as long as it may, and there is no other address.
    GivenUp,
    /// Bytes may have left and no answer came.
    Unknown,
    /// The channel itself is set up wrong; the envelope waits without a mark against it.
    ChannelFault,
    /// It could not begin.
    NotTried,
    /// Its worker was lost, and nothing had left.
    LostBeforeStart,
    /// What an older program wrote and this one does not know, in its words.
    Other(String),
}

impl AttemptOutcome {
    const KNOWN: [Self; 10] = [
        Self::Accepted,
        Self::Printed,
        Self::RefusedForNow,
        Self::RefusedForGood,
        Self::AddressGivenUp,
        Self::GivenUp,
        Self::Unknown,
        Self::ChannelFault,
        Self::NotTried,
        Self::LostBeforeStart,
    ];

    /// The code, as it is stored and counted.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Printed => "printed",
            Self::RefusedForNow => "refused-for-now",
            Self::RefusedForGood => "refused-for-good",
            Self::AddressGivenUp => "address-given-up",
            Self::GivenUp => "given-up",
            Self::Unknown => "unknown",
            Self::ChannelFault => "channel-fault",
            Self::NotTried => "not-tried",
            Self::LostBeforeStart => "lost-before-start",
            Self::Other(_) => "other",
        }
    }

    /// What a screen says.
    #[must_use]
    pub fn words(&self) -> &str {
        match self {
            Self::Accepted => "accepted",
            Self::Printed => "printed",
            Self::RefusedForNow => "refused for now",
            Self::RefusedForGood => "refused for good",
            Self::AddressGivenUp => "given up at this address; the next one is tried",
            Self::GivenUp => "given up after the last retry",
            Self::Unknown => "unknown",
            Self::ChannelFault => "the channel is wrong",
            Self::NotTried => "not tried",
            Self::LostBeforeStart => "lost before it began",
            Self::Other(words) => words,
        }
    }

    /// The outcome with a stored code; `text` holds the words of one that is `other`. `None`: this program writes no such code.
    #[must_use]
    pub fn from_code(code: &str, text: Option<String>) -> Option<Self> {
        if code == "other" {
            return Some(Self::Other(text.unwrap_or_default()));
        }
        Self::KNOWN.into_iter().find(|outcome| outcome.code() == code)
    }
}

/// As its code.
impl Serialize for AttemptOutcome {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_outcome_is_read_back_from_its_code() {
        for outcome in AttemptOutcome::KNOWN {
            assert_eq!(AttemptOutcome::from_code(outcome.code(), None), Some(outcome));
        }
        let old = AttemptOutcome::Other("queued in a way of long ago".to_owned());
        assert_eq!(AttemptOutcome::from_code("other", Some(old.words().to_owned())), Some(old));
        assert_eq!(AttemptOutcome::from_code("refused for good", None), None);
    }
}
