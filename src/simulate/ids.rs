//! Ids: each holds the child's number, so that none repeats in a program.

use crate::case::{ChildId, EndpointId, EventId, IfspId, PersonId, ReleaseId, ServiceLineId};

const PLAIN: &str = "a simulated id has letters, digits and hyphens only";

/// `c-000123`.
pub(super) fn child(index: u32) -> ChildId {
    ChildId::parse(format!("c-{index:06}")).expect(PLAIN)
}

/// `p-000123-1`.
pub(super) fn parent(index: u32, number: usize) -> PersonId {
    PersonId::parse(format!("p-{index:06}-{number}")).expect(PLAIN)
}

/// `p-000123-1-mail`.
pub(super) fn endpoint(owner: &str, what: &str) -> EndpointId {
    EndpointId::parse(format!("{owner}-{what}")).expect(PLAIN)
}

/// `e-000123-referral`.
pub(super) fn event(index: u32, what: &str) -> EventId {
    EventId::parse(format!("e-{index:06}-{what}")).expect(PLAIN)
}

/// `plan-000123`.
pub(super) fn plan(index: u32) -> IfspId {
    IfspId::parse(format!("plan-{index:06}")).expect(PLAIN)
}

/// `s-000123-1`.
pub(super) fn service(index: u32, number: usize) -> ServiceLineId {
    ServiceLineId::parse(format!("s-{index:06}-{number}")).expect(PLAIN)
}

/// `r-000123`.
pub(super) fn release(index: u32) -> ReleaseId {
    ReleaseId::parse(format!("r-{index:06}")).expect(PLAIN)
}
