//! The text that history and the record of access keep of somebody, and how it is shown. Entries are never rewritten:
//! what was written before there were actors is shown for what it is.

use std::fmt;

use super::{Actor, Face};

/// Who did it, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecordedActor {
    Actor {
        name: String,
        /// The kind and the id, such as `person:jenni-alvarez`.
        id: String,
        face: Face,
    },
    /// A text of an earlier version: a name that the caller gave, or the name of a process.
    NotVerified(String),
}

impl RecordedActor {
    pub(super) fn of(actor: &Actor) -> Self {
        Self::Actor { name: actor.name.clone(), id: actor.who.id(), face: actor.face }
    }

    /// Reads what is kept.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        Self::read(text).unwrap_or_else(|| Self::NotVerified(text.to_owned()))
    }

    fn read(text: &str) -> Option<Self> {
        let (name, rest) = text.rsplit_once(" <")?;
        let (id, face) = rest.strip_suffix(')')?.split_once("> (")?;
        let face = Face::ALL.into_iter().find(|f| f.words() == face)?;
        id.contains(':').then(|| Self::Actor { name: name.to_owned(), id: id.to_owned(), face })
    }

    /// The kind and the id, where they are known.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        match self {
            Self::Actor { id, .. } => Some(id),
            Self::NotVerified(_) => None,
        }
    }

    /// As people read it.
    #[must_use]
    pub fn shown(&self) -> String {
        match self {
            Self::Actor { name, id, .. } => match id.strip_prefix("service:") {
                Some(part) => format!("{name} ({part})"),
                None => name.clone(),
            },
            Self::NotVerified(text) if text == "unknown user" => "name not recorded".to_owned(),
            Self::NotVerified(text) if is_process(text) => "Earlypost".to_owned(),
            Self::NotVerified(text) => format!("{text} (not verified)"),
        }
    }
}

impl fmt::Display for RecordedActor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Actor { name, id, face } => write!(f, "{name} <{id}> ({})", face.words()),
            Self::NotVerified(text) => f.write_str(text),
        }
    }
}

/// Whether a text is the name of a process, which stood in entries before there were actors: `4711-0a1b2c3d4e5f`.
fn is_process(text: &str) -> bool {
    let Some((pid, rest)) = text.split_once('-') else { return false };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    digits(pid) && rest.len() == 12 && rest.bytes().all(|b| b.is_ascii_hexdigit())
}
