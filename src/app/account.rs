//! Which person of the program runs a command. What the environment says of it is not believed: anybody can set it.

use nix::unistd::{Uid, User};

use crate::{
    actor::{Actor, Face, Role},
    case::{Directory, PersonId},
    config::Config,
};

/// The account's name where the system does not know one for its number.
const NO_NAME: &str = "unnamed";

/// The name of the system account that runs this process: the one that logged in, also behind `sudo` and `su`, where the
/// system keeps it; else the real one.
fn system_account() -> String {
    let logged_in = std::fs::read_to_string("/proc/self/loginuid").ok();
    // The system writes the highest number where nobody logged in, such as for a service.
    let logged_in = logged_in.and_then(|text| text.trim().parse::<u32>().ok()).filter(|uid| *uid != u32::MAX);
    let uid = logged_in.map_or_else(Uid::current, Uid::from_raw);
    let found = User::from_uid(uid).ok().flatten();
    found.map_or_else(|| NO_NAME.to_owned(), |user| user.name)
}

/// Who runs this command: the person to whom the settings map the account; in a synthetic program everybody may do
/// everything; otherwise an operator, who is nobody of the directory.
pub(super) fn actor(config: &Config, directory: Option<&Directory>, synthetic: bool) -> Actor {
    of_account(&system_account(), config, directory, synthetic)
}

fn of_account(account: &str, config: &Config, directory: Option<&Directory>, synthetic: bool) -> Actor {
    if let Some(person) = config.people.get(account) {
        let known = directory.and_then(|directory| directory.professional(&person.person));
        let name = known.map_or_else(|| person.person.to_string(), |known| known.name.full());
        return Actor::person(person.person.clone(), &name, person.roles.iter().copied(), Face::CommandLine);
    }
    let id = PersonId::parse(account).ok().filter(|_| synthetic);
    match id {
        Some(id) => Actor::person(id, account, Role::ALL, Face::CommandLine),
        None => Actor::operator(account),
    }
}
