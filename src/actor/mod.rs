//! Who acts. Every verb is done by somebody, through some face; history and the record of access keep who it was.

mod role;
mod recorded;
mod permission;

use std::{collections::BTreeSet, fmt};

pub use permission::{Permission, Reach, reach_of};
pub use recorded::RecordedActor;
pub use role::Role;

use crate::case::PersonId;

/// Through which face somebody acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Face {
    CommandLine,
    Console,
    Api,
    SecureLink,
    /// The service by itself.
    Schedule,
}

impl Face {
    const ALL: [Self; 5] = [Self::CommandLine, Self::Console, Self::Api, Self::SecureLink, Self::Schedule];

    /// As it is stored and shown beside a name.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::CommandLine => "command line",
            Self::Console => "console",
            Self::Api => "API",
            Self::SecureLink => "secure link",
            Self::Schedule => "schedule",
        }
    }
}

/// Who it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// A person who works for the program.
    Person(PersonId),
    /// Earlypost by itself: the schedule, or the role of the service, that works.
    Service(String),
    /// A program that somebody let in: the token's id.
    Token(String),
    /// Somebody who opened a secure link: the link's id.
    Recipient(String),
    /// A system account that is nobody of the directory. It runs, backs up, holds and stops; it approves nothing.
    Operator(String),
}

impl Who {
    /// The kind and the id, such as `person:jenni-alvarez`.
    #[must_use]
    pub fn id(&self) -> String {
        let (kind, id) = match self {
            Self::Person(id) => ("person", id.as_str()),
            Self::Service(part) => ("service", part.as_str()),
            Self::Token(id) => ("token", id.as_str()),
            Self::Recipient(link) => ("recipient", link.as_str()),
            Self::Operator(account) => ("operator", account.as_str()),
        };
        format!("{kind}:{id}")
    }
}

/// Somebody who acts, with what he or she may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    who: Who,
    name: String,
    roles: BTreeSet<Role>,
    face: Face,
}

impl Actor {
    /// A person of the directory, with the roles that the settings give.
    #[must_use]
    pub fn person(id: PersonId, name: &str, roles: impl IntoIterator<Item = Role>, face: Face) -> Self {
        Self { who: Who::Person(id), name: tidy(name), roles: roles.into_iter().collect(), face }
    }

    /// Earlypost by itself.
    #[must_use]
    pub fn service(part: &str) -> Self {
        let roles = BTreeSet::new();
        Self { who: Who::Service(tidy(part)), name: "Earlypost".to_owned(), roles, face: Face::Schedule }
    }

    /// A system account that is nobody of the directory.
    #[must_use]
    pub fn operator(account: &str) -> Self {
        let account = tidy(account);
        let name = format!("system account {account}");
        Self { who: Who::Operator(account), name, roles: BTreeSet::new(), face: Face::CommandLine }
    }

    #[must_use]
    pub fn who(&self) -> &Who {
        &self.who
    }

    /// The name that people read.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    #[must_use]
    pub fn roles(&self) -> &BTreeSet<Role> {
        &self.roles
    }

    #[must_use]
    pub fn face(&self) -> Face {
        self.face
    }

    /// The person of the directory, where it is one.
    #[must_use]
    pub fn person_id(&self) -> Option<&PersonId> {
        match &self.who {
            Who::Person(id) => Some(id),
            _ => None,
        }
    }

    /// What history and the record of access keep: `Jenni Alvarez <person:jenni-alvarez> (command line)`.
    #[must_use]
    pub fn recorded(&self) -> String {
        RecordedActor::of(self).to_string()
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

/// Without what would end a name early in the record: angle brackets and characters that nobody sees.
fn tidy(text: &str) -> String {
    let plain: String = text.chars().map(|c| if c.is_control() || c == '<' || c == '>' { ' ' } else { c }).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jenni(name: &str) -> Actor {
        Actor::person(PersonId::parse("jenni-alvarez").unwrap(), name, [Role::Coordinator], Face::CommandLine)
    }

    #[test]
    fn what_is_recorded_is_read_back_with_name_id_and_face() {
        let text = jenni("Jenni Alvarez").recorded();
        assert_eq!(text, "Jenni Alvarez <person:jenni-alvarez> (command line)");
        let read = RecordedActor::parse(&text);
        assert_eq!((read.shown().as_str(), read.id()), ("Jenni Alvarez", Some("person:jenni-alvarez")));
    }

    #[test]
    fn a_name_cannot_pretend_to_be_somebody_else() {
        let text = jenni("Eve <person:ana-ruiz> (console)\n").recorded();
        assert_eq!(RecordedActor::parse(&text).id(), Some("person:jenni-alvarez"));
    }

    #[test]
    fn the_service_says_which_part_of_it_worked() {
        let read = RecordedActor::parse(&Actor::service("daily-run").recorded()).shown();
        assert_eq!(read, "Earlypost (daily-run)");
    }

    #[test]
    fn what_was_written_before_there_were_actors_is_shown_as_not_verified() {
        assert_eq!(RecordedActor::parse("s.marsh").shown(), "s.marsh (not verified)");
        assert_eq!(RecordedActor::parse("unknown user").shown(), "name not recorded");
    }
}
