//! Made-up text as the types of a record. The bank's own tests keep it within their limits.

use crate::case::{Line, Prose};

pub(super) fn line(text: impl Into<String>) -> Line {
    Line::parse(text).expect("a simulated line is short and plain")
}

pub(super) fn prose(text: impl Into<String>) -> Prose {
    Prose::parse(text).expect("a simulated narrative is short and plain")
}

/// Sentences as one narrative.
pub(super) fn paragraph(sentences: &[String]) -> Prose {
    prose(sentences.join(" "))
}
