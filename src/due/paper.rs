//! Any paper that can lie in an envelope: one that is made here, or one that was taken in.

use serde::{Deserialize, Serialize};

use super::DocumentKind;
use crate::case::FiledKind;

macro_rules! state_forms {
    ($($(#[$doc:meta])* $variant:ident => $text:literal, $title:literal;)*) => {
        /// A text or form that a state publishes as a file: the file goes in the place of ours.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum StateForm { $($(#[$doc])* #[serde(rename = $text)] $variant,)* }

        impl StateForm {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name used in files and JSON.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            /// The words a person reads.
            #[must_use]
            pub fn title(self) -> &'static str {
                match self { $(Self::$variant => $title,)* }
            }

            /// The paper of ours in whose place it goes.
            #[must_use]
            pub fn in_place_of(self) -> DocumentKind {
                match self { $(Self::$variant => DocumentKind::$variant,)* }
            }
        }
    };
}

state_forms! {
    /// The parents' rights (34 CFR 303.400 to 303.438).
    ProceduralSafeguards => "state-procedural-safeguards", "Your rights, as your state publishes them";
    /// Privacy rights at referral (34 CFR 303.404).
    ConfidentialityRights => "state-confidentiality-rights", "Your privacy rights, as your state publishes them";
    /// Who can help, and how to complain.
    RightsAndAdvocacy => "state-rights-and-advocacy", "Who can help you, as your state publishes it";
    /// Consent to share records (34 CFR 303.414).
    ConsentToRelease => "state-consent-to-release", "Your state's form: permission to share records";
    /// Consent to the evaluation (34 CFR 303.420(a)(2)).
    EvaluationConsent => "state-evaluation-consent", "Your state's form: permission to evaluate";
    /// Consent to use insurance (34 CFR 303.520).
    InsuranceConsent => "state-insurance-consent", "Your state's form: permission to use insurance";
    /// The objection to the notice to the school district (34 CFR 303.401(e)).
    OptOutInformation => "state-opt-out-information", "About the notice to the school district, as your state publishes it";
    /// What a physician signs.
    PhysicianCertification => "state-physician-certification", "The state's form: physician certification";
}

impl StateForm {
    /// Its file in the template folder for readers of this language: `state/consent-to-release.pdf` in English,
    /// `state/consent-to-release.es.pdf` in another. The state's text stands in the same place, as `.txt`.
    #[must_use]
    pub fn file(self, language: &str) -> String {
        match language {
            "en" => format!("state/{}.pdf", self.in_place_of()),
            tag => format!("state/{}.{tag}.pdf", self.in_place_of()),
        }
    }

    /// The form and the language that a file of the template folder is, whatever its ending.
    #[must_use]
    pub fn of_file(path: &str) -> Option<(Self, &str)> {
        let (name, _) = path.strip_prefix("state/")?.rsplit_once('.')?;
        let (kind, language) = name.split_once('.').unwrap_or((name, "en"));
        let form = Self::ALL.iter().find(|form| form.in_place_of().as_str() == kind)?;
        Some((*form, language))
    }
}

/// What a paper in an envelope is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum PaperKind {
    /// Made here from a template.
    Made(DocumentKind),
    /// Made elsewhere and enclosed.
    Enclosed(FiledKind),
    /// Published by the state.
    State(StateForm),
}

impl PaperKind {
    /// The name used in files and JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Made(kind) => kind.as_str(),
            Self::Enclosed(kind) => kind.as_str(),
            Self::State(form) => form.as_str(),
        }
    }

    /// The words a person reads.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Made(kind) => kind.title(),
            Self::Enclosed(kind) => kind.title(),
            Self::State(form) => form.title(),
        }
    }
}

impl std::fmt::Display for PaperKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl From<DocumentKind> for PaperKind {
    fn from(kind: DocumentKind) -> Self {
        Self::Made(kind)
    }
}

impl PartialEq<DocumentKind> for PaperKind {
    fn eq(&self, kind: &DocumentKind) -> bool {
        *self == Self::Made(*kind)
    }
}
