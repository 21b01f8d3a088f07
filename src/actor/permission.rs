//! Who may do what, as data: a row for each permission, a reach for each role. The verbs ask here and nowhere else.

use super::{Actor, Role, Who};

/// What a verb does, as far as it is allowed to one and not to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Permission {
    /// Looks up that a child is here: name, number, birth date.
    FindChild,
    /// Reads a child's record, documents and deliveries.
    SeeChild,
    /// Sees what became of a delivery: its documents by title, its state, the answers.
    SeeDelivery,
    /// Lists what is due, waits or was done, over children.
    SeeBoards,
    /// Records what only stops: a hold, a revocation, an order, an unsafe address, a death.
    RecordStop,
    /// Adds to a child's record or corrects it.
    EditRecord,
    /// Files what was made elsewhere.
    FileDocument,
    /// Sends, hands over, closes an unknown outcome.
    Send,
    /// Prints, counts, mails, pulls, takes back.
    HandleMail,
    /// Approves a plan of sends.
    ApprovePlan,
    /// Lifts a hold on a child, or lets go what waited.
    LiftHold,
    /// Lets an office have a record without consent, because the law says so: an emergency, a court order, an audit.
    GrantException,
    /// Lifts what holds more than one child.
    LiftProgramHold,
    /// Records why something is late.
    RecordDelay,
    /// Closes a duty as not required.
    Waive,
    /// Gives children to another coordinator.
    Reassign,
    /// Answers requests, opens and closes incidents.
    HandleMatter,
    /// Reads the record of access.
    ReadAccessRecord,
    /// Corrects an entry of the record of access by a later one.
    CorrectAccessRecord,
    /// Legal holds, notices before a destruction, destruction.
    Destroy,
    /// Ends trial mode.
    FinishTrial,
    /// Imports, runs, delivers, receives, backs up.
    Operate,
    /// Users, channels, schedules, templates.
    Administer,
}

impl Permission {
    pub const ALL: [Self; 23] = [
        Self::FindChild,
        Self::SeeChild,
        Self::SeeDelivery,
        Self::SeeBoards,
        Self::RecordStop,
        Self::EditRecord,
        Self::FileDocument,
        Self::Send,
        Self::HandleMail,
        Self::ApprovePlan,
        Self::LiftHold,
        Self::GrantException,
        Self::LiftProgramHold,
        Self::RecordDelay,
        Self::Waive,
        Self::Reassign,
        Self::HandleMatter,
        Self::ReadAccessRecord,
        Self::CorrectAccessRecord,
        Self::Destroy,
        Self::FinishTrial,
        Self::Operate,
        Self::Administer,
    ];

    /// After "may not": `lift a hold`.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::FindChild => "look up children",
            Self::SeeChild => "read a child's record",
            Self::SeeDelivery => "see what became of a delivery",
            Self::SeeBoards => "list what is due",
            Self::RecordStop => "record what stops a delivery",
            Self::EditRecord => "change a child's record",
            Self::FileDocument => "file documents",
            Self::Send => "send documents",
            Self::HandleMail => "print and mail letters",
            Self::ApprovePlan => "approve a plan of sends",
            Self::LiftHold => "lift a hold",
            Self::GrantException => "approve a disclosure without consent",
            Self::LiftProgramHold => "lift a hold on more than one child",
            Self::RecordDelay => "record why something is late",
            Self::Waive => "close something as not required",
            Self::Reassign => "reassign children",
            Self::HandleMatter => "handle requests and incidents",
            Self::ReadAccessRecord => "read the record of access",
            Self::CorrectAccessRecord => "correct the record of access",
            Self::Destroy => "destroy records or hold them from destruction",
            Self::FinishTrial => "end trial mode",
            Self::Operate => "run the program's work",
            Self::Administer => "change how the program is set up",
        }
    }
}

/// How far a role reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reach {
    /// Children whom one coordinates now, or serves as a provider.
    Own,
    /// Children without a coordinator.
    Unassigned,
    /// Children of the coordinators whom one supervises, and one's own.
    Team,
    /// Every child of the program.
    Program,
}

use Reach::{Own, Program, Team, Unassigned};
use Role::{Administrator, Approver, Clerk, Coordinator, Custodian, Intake, Monitor, Provider, Supervisor};

/// The row of a permission: which role reaches how far. Who is not in it may not.
const fn row(asked: Permission) -> &'static [(Role, Reach)] {
    match asked {
        Permission::FindChild => &[
            (Coordinator, Program),
            (Supervisor, Program),
            (Intake, Program),
            (Clerk, Program),
            (Approver, Program),
            (Custodian, Program),
            (Provider, Own),
            (Monitor, Program),
        ],
        Permission::SeeChild => &[
            (Coordinator, Own),
            (Supervisor, Team),
            (Intake, Unassigned),
            (Approver, Program),
            (Custodian, Program),
            (Provider, Own),
            (Monitor, Program),
        ],
        Permission::SeeDelivery => &[
            (Coordinator, Own),
            (Supervisor, Team),
            (Clerk, Program),
            (Approver, Program),
            (Custodian, Program),
            (Monitor, Program),
        ],
        Permission::SeeBoards => &[
            (Coordinator, Own),
            (Supervisor, Team),
            (Intake, Unassigned),
            (Clerk, Program),
            (Approver, Program),
            (Custodian, Program),
            (Provider, Own),
            (Monitor, Program),
        ],
        Permission::RecordStop => &[
            (Coordinator, Program),
            (Supervisor, Program),
            (Intake, Program),
            (Clerk, Program),
            (Approver, Program),
            (Custodian, Program),
            (Provider, Own),
        ],
        Permission::EditRecord => &[(Coordinator, Own), (Supervisor, Team), (Intake, Unassigned), (Custodian, Program)],
        Permission::FileDocument => {
            &[(Coordinator, Own), (Supervisor, Team), (Intake, Unassigned), (Clerk, Program), (Custodian, Program)]
        }
        Permission::Send | Permission::HandleMatter => &[(Coordinator, Own), (Supervisor, Team), (Custodian, Program)],
        Permission::HandleMail => &[(Coordinator, Own), (Supervisor, Team), (Clerk, Program)],
        Permission::ApprovePlan | Permission::LiftProgramHold => &[(Supervisor, Program), (Approver, Program)],
        Permission::LiftHold => &[(Coordinator, Own), (Supervisor, Team), (Approver, Program), (Custodian, Program)],
        Permission::GrantException => &[(Supervisor, Team), (Approver, Program), (Custodian, Program)],
        Permission::RecordDelay => &[(Coordinator, Own), (Supervisor, Team)],
        Permission::Waive | Permission::Reassign => &[(Supervisor, Team)],
        Permission::ReadAccessRecord => {
            &[(Coordinator, Own), (Supervisor, Team), (Custodian, Program), (Monitor, Program)]
        }
        Permission::CorrectAccessRecord | Permission::Destroy => &[(Custodian, Program)],
        Permission::FinishTrial => &[(Supervisor, Program), (Approver, Program), (Administrator, Program)],
        Permission::Operate | Permission::Administer => &[(Administrator, Program)],
    }
}

/// What a system account may that is nobody of the directory: it sees ids, runs, backs up, holds and stops.
const OPERATOR: [Permission; 5] = [
    Permission::SeeDelivery,
    Permission::SeeBoards,
    Permission::RecordStop,
    Permission::Operate,
    Permission::Administer,
];

/// How far somebody reaches; empty where it is not allowed at all.
#[must_use]
pub fn reach_of(actor: &Actor, asked: Permission) -> Vec<(Option<Role>, Reach)> {
    match actor.who() {
        Who::Operator(_) if OPERATOR.contains(&asked) => vec![(None, Program)],
        // The schedule does what the rules and approvals of people let it.
        Who::Service(_) => vec![(None, Program)],
        Who::Person(_) | Who::Token(_) => {
            let of = |(role, reach): &(Role, Reach)| actor.roles().contains(role).then_some((Some(*role), *reach));
            row(asked).iter().filter_map(of).collect()
        }
        Who::Operator(_) | Who::Recipient(_) => Vec::new(),
    }
}
