//! How a printer is set up.

use ipp::prelude::Uri;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A printer that speaks IPP.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IppSettings {
    /// The printer: `ipps://printer.example.org/ipp/print`, or `ipp://localhost:631/printers/letters` for a queue of
    /// CUPS on this same machine.
    pub uri: String,
    /// Sides, in IPP's words. Where the printer cannot do it, it prints as it does by itself, and says so.
    #[serde(default = "both_sides")]
    pub sides: String,
    /// Paper, in IPP's words.
    #[serde(default = "letter")]
    pub media: String,
    /// Whether letters of more than one page are stapled, where the printer can.
    #[serde(default)]
    pub staple: bool,
    /// Seconds to wait until a job is on paper. Then it is cancelled and tried again later, 1 to 3600.
    #[serde(default = "two_minutes")]
    #[schemars(range(min = 1, max = 3600))]
    pub wait_seconds: u64,
    /// Seconds that one request may take.
    #[serde(default = "half_a_minute")]
    #[schemars(range(min = 1))]
    pub step_seconds: u64,
}

fn both_sides() -> String {
    "two-sided-long-edge".to_owned()
}

fn letter() -> String {
    "na_letter_8.5x11in".to_owned()
}

fn two_minutes() -> u64 {
    120
}

fn half_a_minute() -> u64 {
    30
}

impl IppSettings {
    /// A printer at this address, with everything else as it is by itself.
    #[must_use]
    pub fn at(uri: String, on_both_sides: bool) -> Self {
        Self {
            uri,
            sides: if on_both_sides { both_sides() } else { "one-sided".to_owned() },
            media: letter(),
            staple: false,
            wait_seconds: two_minutes(),
            step_seconds: half_a_minute(),
        }
    }

    /// Everything that is wrong with the settings by themselves, one sentence a fault.
    #[must_use]
    pub fn check(&self) -> Vec<String> {
        let uri = self.uri.parse::<Uri>().ok();
        let scheme = uri.as_ref().and_then(|uri| uri.scheme_str().map(str::to_owned));
        let host = uri.as_ref().and_then(|uri| uri.host().map(str::to_owned)).unwrap_or_default();
        let loopback = host == "localhost"
            || host.trim_matches(['[', ']']).parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
        let word = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_graphic());
        [
            (
                !matches!(scheme.as_deref(), Some("ipp" | "ipps" | "http" | "https")) || host.is_empty(),
                "uri: must begin with ipps:// or ipp:// and name a printer",
            ),
            (
                matches!(scheme.as_deref(), Some("ipp" | "http")) && !loopback,
                "uri: a printer elsewhere needs ipps://, for letters must not cross the network in clear",
            ),
            (!word(&self.sides), "sides: must be a word of IPP, such as two-sided-long-edge or one-sided"),
            (!word(&self.media), "media: must be a word of IPP, such as na_letter_8.5x11in"),
            (!(1..=3600).contains(&self.wait_seconds), "wait_seconds: must be from 1 to 3600"),
            (self.step_seconds == 0, "step_seconds: must be at least 1"),
        ]
        .into_iter()
        .filter(|(wrong, _)| *wrong)
        .map(|(_, says)| says.to_owned())
        .collect()
    }
}
