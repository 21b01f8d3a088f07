//! Any paper that can lie in an envelope: one that is made here, or one that was taken in.

use serde::{Deserialize, Serialize};

use super::DocumentKind;
use crate::case::FiledKind;

/// What a paper in an envelope is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum PaperKind {
    /// Made here from a template.
    Made(DocumentKind),
    /// Made elsewhere and enclosed.
    Enclosed(FiledKind),
}

impl PaperKind {
    /// The name used in files and JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Made(kind) => kind.as_str(),
            Self::Enclosed(kind) => kind.as_str(),
        }
    }

    /// The words a person reads.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Made(kind) => kind.title(),
            Self::Enclosed(kind) => kind.title(),
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
