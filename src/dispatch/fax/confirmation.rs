//! What a fax gateway writes back, told by patterns of the settings: each provider has words of its own.

use regex::{Regex, RegexBuilder};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::dispatch::email::incoming::{Fate, Incoming, Report};

/// How the gateway's confirmations are read. Patterns are regular expressions, upper and lower case alike.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmationSettings {
    /// The address that confirmations come from.
    pub from: String,
    /// Where the reference stands in subject or text: a pattern whose first group is the reference that was in our
    /// subject.
    #[serde(default = "reference")]
    pub reference: String,
    /// What a success says, in subject or text.
    pub success: String,
    /// What a failure says, in subject or text. Where both are found, it failed.
    pub failure: String,
}

fn reference() -> String {
    r"\b([a-z2-7]{42}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\b".to_owned()
}

impl ConfirmationSettings {
    /// Everything that is wrong with the settings by themselves, one sentence a fault.
    #[must_use]
    pub fn check(&self) -> Vec<String> {
        let mut faults: Vec<String> =
            [("reference", &self.reference), ("success", &self.success), ("failure", &self.failure)]
                .into_iter()
                .filter_map(|(name, text)| pattern(text).err().map(|_| format!("{name}: is no regular expression")))
                .collect();
        if pattern(&self.reference).is_ok_and(|p| p.captures_len() < 2) {
            faults.push("reference: needs a group in parentheses around the reference".to_owned());
        }
        if self.from.parse::<lettre::Address>().is_err() {
            faults.push("from: must be an e-mail address".to_owned());
        }
        faults
    }
}

fn pattern(text: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(text).case_insensitive(true).size_limit(1 << 20).build()
}

/// Reads confirmations of one gateway.
#[derive(Debug, Clone)]
pub struct Confirmation {
    from: String,
    reference: Regex,
    success: Regex,
    failure: Regex,
}

impl Confirmation {
    /// A reader after these settings; `None` where they are wrong, which [`ConfirmationSettings::check`] tells.
    #[must_use]
    pub fn new(settings: &ConfirmationSettings) -> Option<Self> {
        Some(Self {
            from: settings.from.clone(),
            reference: pattern(&settings.reference).ok()?,
            success: pattern(&settings.success).ok()?,
            failure: pattern(&settings.failure).ok()?,
        })
    }

    /// The reference and the fate that a message reports; `None` where it is no confirmation of this gateway.
    #[must_use]
    pub fn read(&self, incoming: &Incoming) -> Option<(String, Report)> {
        if !incoming.from.eq_ignore_ascii_case(&self.from) {
            return None;
        }
        let words = format!("{}\n{}", incoming.subject, incoming.text);
        let reference = self.reference.captures(&words)?.get(1)?.as_str().to_ascii_lowercase();
        let fate = if self.failure.is_match(&words) {
            Fate::Failed
        } else if self.success.is_match(&words) {
            Fate::Delivered
        } else {
            return None;
        };
        let says = format!("the fax gateway says: {}", incoming.subject.trim());
        Some((reference, Report::of(fate, Some(says))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> ConfirmationSettings {
        ConfirmationSettings {
            from: "confirm@fax.example.org".to_owned(),
            reference: reference(),
            success: r"status:\s*ok|was sent".to_owned(),
            failure: "failed|busy|no answer".to_owned(),
        }
    }

    fn fate(from: &str, subject: &str, text: &str) -> Option<Fate> {
        let incoming = Incoming {
            from: from.to_owned(),
            subject: subject.to_owned(),
            text: text.to_owned(),
            ..Incoming::default()
        };
        Confirmation::new(&settings()).unwrap().read(&incoming).map(|(reference, report)| {
            assert_eq!(reference, "0199f2b1-7c00-7000-8000-000000000417");
            report.fate
        })
    }

    #[test]
    fn success_and_failure_are_told_by_the_patterns_of_the_settings() {
        let subject = "Fax 0199F2B1-7c00-7000-8000-000000000417 was sent";
        assert_eq!(fate("Confirm@fax.example.org", subject, ""), Some(Fate::Delivered));
        let busy = "Your fax 0199f2b1-7c00-7000-8000-000000000417\nLine BUSY, gave up";
        assert_eq!(fate("confirm@fax.example.org", "Fax report", busy), Some(Fate::Failed));
        assert_eq!(fate("confirm@fax.example.org", "was sent, then failed", busy), Some(Fate::Failed));
        assert_eq!(fate("somebody@example.org", subject, ""), None);
        assert_eq!(fate("confirm@fax.example.org", "was sent", "no reference"), None);
        assert_eq!(fate("confirm@fax.example.org", "queued", "0199f2b1-7c00-7000-8000-000000000417"), None);
    }

    #[test]
    fn a_pattern_that_is_none_is_named() {
        let wrong = ConfirmationSettings { success: "(".to_owned(), reference: "x".to_owned(), ..settings() };
        let faults = wrong.check();
        assert!(
            faults.iter().any(|f| f.starts_with("success: ")) && faults.iter().any(|f| f.starts_with("reference: "))
        );
        assert!(settings().check().is_empty());
    }
}
