//! Trial mode: until a checklist is done, papers go to test addresses only, marked on every page.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::case::Address;

/// Trial mode. It lasts until `earlypost trial finish`; a program without this section is not in trial.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TrialSettings {
    /// The only e-mail addresses to which anything goes. Nothing is printed or faxed.
    pub addresses: Vec<String>,
    /// Most messages a day.
    #[serde(default = "fifty")]
    #[schemars(range(min = 1, max = 1000))]
    pub cap: i64,
}

fn fifty() -> i64 {
    50
}

impl TrialSettings {
    /// Whether papers may go there in a trial.
    #[must_use]
    pub fn allows(&self, address: &Address) -> bool {
        let Address::Email { to, .. } = address else { return false };
        self.addresses.iter().any(|test| test.trim().eq_ignore_ascii_case(to.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::Line;

    #[test]
    fn only_listed_mailboxes_are_allowed_and_never_a_letter_or_a_fax() {
        let trial = TrialSettings { addresses: vec![" Test@Example.org".to_owned()], cap: 50 };
        let mail = |to: &str| Address::Email { to: Line::parse(to).unwrap(), protection: None };
        assert!(trial.allows(&mail("test@example.org")));
        assert!(!trial.allows(&mail("test@example.org.example")));
        assert!(!trial.allows(&Address::Postal { lines: vec![Line::parse("test@example.org").unwrap()] }));
        assert!(!trial.allows(&Address::Fax { number: Line::parse("(757) 555-0100").unwrap() }));
    }
}
