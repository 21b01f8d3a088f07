//! What somebody is in the program. Roles add up: in a program of three people one person may hold all.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Coordinates services for families of a caseload.
    Coordinator,
    /// Answers for coordinators.
    Supervisor,
    /// Takes in referrals.
    Intake,
    /// Files, prints and mails.
    Clerk,
    /// Approves plans of sends.
    Approver,
    /// Keeps the records: requests, corrections, incidents, destruction.
    Custodian,
    /// Users, settings, templates, schedules.
    Administrator,
    /// Delivers a service.
    Provider,
    /// A state monitor, who reads.
    Monitor,
}

impl Role {
    pub const ALL: [Self; 9] = [
        Self::Coordinator,
        Self::Supervisor,
        Self::Intake,
        Self::Clerk,
        Self::Approver,
        Self::Custodian,
        Self::Administrator,
        Self::Provider,
        Self::Monitor,
    ];
}
