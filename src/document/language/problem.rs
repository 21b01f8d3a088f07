//! What is wrong with language files.

use super::Languages;

/// What is wrong with a language file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum LanguageProblem {
    /// The file is no TOML, or its `[language]` section is not complete.
    #[error("lang/{file}: {says}")]
    Unreadable {
        /// The file's name.
        file: String,
        /// What is wrong, with the line.
        says: String,
    },
    /// English has the key, this language has not.
    #[error("lang/{tag}.toml: {key} is missing; translate it from lang/en.toml")]
    Missing {
        tag: String,
        /// The key, as `ifsp.a.plain`.
        key: String,
    },
    /// English does not have the key.
    #[error("lang/{tag}.toml: {key} is not in lang/en.toml; remove it or correct its spelling")]
    Extra { tag: String, key: String },
    /// The places in braces are not those of the English text.
    #[error("lang/{tag}.toml: {key} must hold the same places in braces as lang/en.toml: {wanted}")]
    Places {
        tag: String,
        key: String,
        /// The places of the English text.
        wanted: String,
    },
    /// English has changed since the translation.
    #[error("lang/{tag}.toml follows an older lang/en.toml; look at what changed and set follows = \"{now}\"")]
    Stale {
        tag: String,
        /// The fingerprint of English now.
        now: String,
    },
}

impl Languages {
    /// Everything wrong with the language files: keys that are missing or too many, places in braces that differ,
    /// translations that follow an older English. A language lacks nothing when this is empty.
    #[must_use]
    pub fn problems(&self) -> Vec<LanguageProblem> {
        let english = self.english();
        let source = english.keys();
        let now = english.fingerprint();
        let mut found: Vec<LanguageProblem> = self.unreadable.clone();
        for language in self.all.iter().filter(|l| l.tag() != "en") {
            let tag = || language.tag().to_owned();
            let keys = language.keys();
            for (key, text) in &source {
                match keys.get(key) {
                    None if !language.must_have(key) => {}
                    None => found.push(LanguageProblem::Missing { tag: tag(), key: key.clone() }),
                    Some(other) if places(text) != places(other) => {
                        let wanted = places(text).into_iter().collect::<Vec<_>>().join(", ");
                        found.push(LanguageProblem::Places { tag: tag(), key: key.clone(), wanted });
                    }
                    Some(_) => {}
                }
            }
            let extra = keys.keys().filter(|key| !source.contains_key(*key));
            found.extend(extra.map(|key| LanguageProblem::Extra { tag: tag(), key: key.clone() }));
            if language.head.follows.as_deref() != Some(now.as_str()) {
                found.push(LanguageProblem::Stale { tag: tag(), now: now.clone() });
            }
        }
        found
    }
}

/// The places in braces of a text. Dates may take any of theirs in any order, so patterns are compared as sets.
fn places(text: &str) -> std::collections::BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|after| after.split_once('}').map(|(place, _)| place)).collect()
}

#[cfg(test)]
mod tests {
    use crate::document::TemplateSet;

    #[test]
    fn every_language_file_is_complete_and_follows_the_present_english() {
        let problems: Vec<String> =
            TemplateSet::built_in().languages().problems().iter().map(ToString::to_string).collect();
        assert_eq!(problems, Vec::<String>::new());
    }
}
