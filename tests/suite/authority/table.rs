//! The table as people agreed on it, against the one that the verbs ask.

use earlypost::actor::{Actor, Permission, Reach, Role, reach_of};

use crate::harness::somebody;

/// A row for each permission, a column for each role: P the whole program, T the team, O one's own, U unassigned, - not at
/// all. The roles stand in the order of `Role::ALL`, the operator last.
const TABLE: &str = "
    FindChild            P P P P P P - O P -
    SeeChild             O T U - P P - O P -
    SeeDelivery          O T - P P P - - P P
    SeeBoards            O T U P P P - O P P
    RecordStop           P P P P P P - O - P
    EditRecord           O T U - - P - - - -
    FileDocument         O T U P - P - - - -
    Send                 O T - - - P - - - -
    HandleMail           O T - P - - - - - -
    ApprovePlan          - P - - P - - - - -
    LiftHold             O T - - P P - - - -
    GrantException       - T - - P P - - - -
    LiftProgramHold      - P - - P - - - - -
    RecordDelay          O T - - - - - - - -
    Waive                - T - - - - - - - -
    Reassign             - T - - - - - - - -
    HandleMatter         O T - - - P - - - -
    ReadAccessRecord     O T - - - P - - P -
    CorrectAccessRecord  - - - - - P - - - -
    Destroy              - - - - - P - - - -
    FinishTrial          - P - - P - P - - -
    Operate              - - - - - - P - - P
    Administer           - - - - - - P - - P
";

fn letter(actor: &Actor, permission: Permission) -> &'static str {
    match reach_of(actor, permission)[..] {
        [] => "-",
        [(_, Reach::Program)] => "P",
        [(_, Reach::Team)] => "T",
        [(_, Reach::Own)] => "O",
        [(_, Reach::Unassigned)] => "U",
        _ => "several",
    }
}

#[test]
fn each_role_alone_reaches_as_far_as_was_agreed() {
    let mut actors: Vec<Actor> = Role::ALL.iter().map(|role| somebody("jenni-alvarez", &[*role])).collect();
    actors.push(Actor::operator("backup"));
    let is: Vec<String> = Permission::ALL
        .iter()
        .map(|permission| {
            let row = actors.iter().map(|actor| letter(actor, *permission)).collect::<Vec<_>>().join(" ");
            format!("{permission:?} {row}")
        })
        .collect();
    let agreed: Vec<String> = TABLE
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|line| !line.is_empty())
        .collect();
    assert_eq!(is, agreed);
}

#[test]
fn roles_add_up_and_nobody_without_one_may_anything() {
    let both = somebody("jenni-alvarez", &[Role::Coordinator, Role::Clerk]);
    assert_eq!(reach_of(&both, Permission::HandleMail).len(), 2);
    let nobody = somebody("jenni-alvarez", &[]);
    assert!(Permission::ALL.iter().all(|permission| reach_of(&nobody, *permission).is_empty()));
}
