//! Texts and forms that the state publishes, and the language of each.

use crate::{document::own_file::OwnFile, due::StateForm};

/// A text or form of the state's in the template folder.
#[derive(Debug)]
pub(in crate::document) struct StatesOwn {
    pub(super) form: StateForm,
    pub(in crate::document) language: String,
    pub(in crate::document) path: String,
}

impl StatesOwn {
    /// None for a text that is empty, as those are that come with the program. Of a form only the name counts here: a
    /// rendering process has no more of it.
    pub(in crate::document) fn of(file: &OwnFile) -> Option<Self> {
        let (form, language) = StateForm::of_file(&file.path)?;
        let own = Self { form, language: language.to_owned(), path: file.path.clone() };
        let blank = file.bytes.iter().all(u8::is_ascii_whitespace);
        (!own.is_text() || !blank).then_some(own)
    }

    pub(in crate::document) fn is_text(&self) -> bool {
        self.path.ends_with(".txt")
    }
}

/// The state's own that goes to readers of this language: in it, or in English where the state has no other.
pub(in crate::document) fn states_own<'a>(
    all: &'a [StatesOwn],
    form: StateForm,
    language: &str,
) -> Option<&'a StatesOwn> {
    let of = |tag: &str| all.iter().find(|own| own.form == form && own.language == tag);
    of(language).or_else(|| of("en"))
}
