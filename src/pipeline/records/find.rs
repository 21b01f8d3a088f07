//! Finding a child by what somebody says on the telephone: a name, a number, a parent, a telephone, an agency or a practice.
//! A search is logged by who made it and how many it found, never with its words.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::{
    actor::{Actor, Permission},
    case::{
        Address, CaseRecord, Directory, FamilyMember, Line, OrganisationId,
        folding::{Folded, Gap},
    },
    pipeline::{Refusal, Sight, records::Records},
};

/// A search shows so many children at most.
pub const MOST_FOUND: usize = 50;

/// Fewer digits of a telephone number fit too many people.
const FEWEST_DIGITS: usize = 4;

/// Records in one look at the database.
const PAGE: i64 = 500;

/// A child that was found. For the screen only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FoundChild {
    pub child: String,
    pub name: String,
    pub program_number: String,
    pub birth_date: String,
    /// By what: `child`, `number`, `parent`, `telephone`, `agency or practice`.
    pub by: &'static str,
    /// Whether the whole record is open to whoever searched.
    pub yours: bool,
}

/// What is looked for.
struct Sought {
    words: Vec<String>,
    digits: String,
    offices: BTreeSet<OrganisationId>,
}

impl Sought {
    fn of(text: &str, directory: Option<&Directory>) -> Self {
        let words = words_of(text);
        let digits = digits_of(text);
        let is_number = text.chars().all(|c| c.is_ascii_digit() || c.is_whitespace() || "+-().".contains(c));
        let digits = if is_number && digits.len() >= FEWEST_DIGITS { digits } else { String::new() };
        let offices = directory.into_iter().flat_map(|directory| &directory.organisations);
        let named = |name: &str| all_in(&words, &words_of(name));
        let mut found: BTreeSet<OrganisationId> = BTreeSet::new();
        for office in offices {
            let telephone = office.telephone.as_ref().is_some_and(|number| ends_alike(&digits, number.as_str()));
            if named(office.name.as_str()) || telephone {
                found.insert(office.organisation_id.clone());
            }
        }
        Self { words, digits, offices: found }
    }

    /// By what a record fits, where it does. What the family keeps private counts only where `whole` says so.
    fn fits(&self, record: &CaseRecord, whole: bool) -> Option<&'static str> {
        let child = &record.child;
        let name = &child.legal_name;
        let middle = name.middle.as_ref().map(Line::as_str).unwrap_or_default();
        if all_in(&self.words, &words_of(&format!("{} {middle} {} {}", name.first, name.last, child.called()))) {
            return Some("child");
        }
        let number = glued(record.program_number.as_str());
        let asked: String = self.words.concat();
        if asked.len() >= 2 && number.contains(&asked) {
            return Some("number");
        }
        if !whole {
            return None;
        }
        if record.family.iter().any(|member| all_in(&self.words, &words_of(&member.name.full()))) {
            return Some("parent");
        }
        if !self.digits.is_empty() && record.family.iter().any(|member| self.calls(member)) {
            return Some("telephone");
        }
        let teams = record.assignments.iter().map(|assignment| &assignment.organisation_id);
        let practices = record.physicians.iter().map(|physician| &physician.organisation_id);
        teams.chain(practices).any(|office| self.offices.contains(office)).then_some("agency or practice")
    }

    fn calls(&self, member: &FamilyMember) -> bool {
        let telephone = member.telephone.iter().map(Line::as_str);
        let faxes = member.endpoints.iter().filter_map(|endpoint| match &endpoint.address {
            Address::Fax { number } => Some(number.as_str()),
            _ => None,
        });
        telephone.chain(faxes).any(|number| ends_alike(&self.digits, number))
    }
}

fn words_of(text: &str) -> Vec<String> {
    let folded = Folded::of(text);
    let mut words: Vec<String> = Vec::new();
    for piece in folded.pieces() {
        match words.last_mut() {
            // A capital in the middle of a word begins no other: people type in haste.
            Some(word) if piece.gap == Gap::Nothing => word.push_str(folded.letters(piece)),
            _ => words.push(folded.letters(piece).to_owned()),
        }
    }
    words
}

fn glued(text: &str) -> String {
    words_of(text).concat()
}

fn digits_of(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// Whether each sought word begins a word of the text, in any order: `Whitfield, Theo` is Theo Whitfield.
fn all_in(sought: &[String], words: &[String]) -> bool {
    !sought.is_empty() && sought.iter().all(|word| words.iter().any(|known| known.starts_with(word.as_str())))
}

/// Whether a number ends with these digits, whatever stands between them and before the area code.
fn ends_alike(digits: &str, number: &str) -> bool {
    let known = digits_of(number);
    let (digits, known) = (digits.strip_prefix('1').unwrap_or(digits), known.strip_prefix('1').unwrap_or(&known));
    digits.len() >= FEWEST_DIGITS && (known.ends_with(digits) || known.starts_with(digits) && digits.len() >= 6)
}

impl Records {
    /// Children that fit what was said, by name and number for whoever may look up children, and by everything else for
    /// those whose record is open to this person.
    ///
    /// # Errors
    /// [`Refusal`] when this person may look up nobody, or fewer than two letters or digits are given.
    pub async fn find(&self, text: &str, by: &Actor) -> anyhow::Result<Vec<FoundChild>> {
        let known = self.pipeline.authority().sight(by, Permission::FindChild).await?;
        let open = match self.pipeline.authority().sight(by, Permission::SeeChild).await {
            Ok(open) => open,
            Err(error) if error.is::<Refusal>() => Sight::Only(BTreeSet::new()),
            Err(error) => return Err(error),
        };
        if glued(text).chars().count() < 2 {
            return Err(Refusal::invalid("say at least two letters or digits of what you look for").into());
        }
        let directory = self.pipeline.store.children().directory().await.ok();
        let sought = Sought::of(text, directory.as_ref().map(|(directory, _)| &**directory));
        let mut found = Vec::new();
        let mut after = String::new();
        'pages: loop {
            let page = self.pipeline.store.children().records_after(&after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = last.child_id.to_string();
            for record in page.iter().filter(|record| known.sees(record.child_id.as_str())) {
                let yours = open.sees(record.child_id.as_str());
                let Some(fits) = sought.fits(record, yours) else { continue };
                found.push(FoundChild {
                    child: record.child_id.to_string(),
                    name: record.child.legal_name.full(),
                    program_number: record.program_number.to_string(),
                    birth_date: record.child.birth_date.to_string(),
                    by: fits,
                    yours,
                });
                if found.len() == MOST_FOUND {
                    break 'pages;
                }
            }
        }
        found.sort_by(|a, b| (b.yours, &a.name, &a.child).cmp(&(a.yours, &b.name, &b.child)));
        tracing::info!(by = by.who().id(), found = found.len(), "children were looked up");
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_in_any_order_and_by_the_beginnings_of_its_words() {
        let found = |sought: &str| all_in(&words_of(sought), &words_of("Theodore James Whitfield-Ruiz"));
        for sought in
            ["Whitfield, Theo", "theo whit", "RUIZ", "  James\u{a0}Ruiz ", "Theodore James Whitfield-Ruiz", "whitFIELD"]
        {
            assert!(found(sought), "{sought}");
        }
        assert!(!found("Theo Alvarez"));
        assert!(!found(""));
    }

    #[test]
    fn a_telephone_is_found_however_it_is_written() {
        for sought in ["7575550190", "17575550190", "5550190", "0190", "757555"] {
            assert!(ends_alike(sought, "+1 (757) 555-0190"), "{sought}");
        }
        assert!(!ends_alike("190", "(757) 555-0190"));
        assert!(!ends_alike("5550191", "(757) 555-0190"));
    }
}
