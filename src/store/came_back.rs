//! What came back, told by a person or by a notice: its duties are open again, and a person is asked.

use chrono::{DateTime, Utc};

use super::{StoreError, Write, facts::add_fact, mailed::reopen, tasks::open_task_in};
use crate::case::{ChildId, EndpointId, Fact};

/// An envelope that came back.
#[derive(Debug, Clone)]
pub struct CameBack<'a> {
    /// The address, where it is to be used no more for this child.
    pub endpoint: Option<&'a EndpointId>,
    /// The duties whose papers it held: kind, anchor, revision.
    pub duties: Vec<(&'a str, &'a str, i64)>,
    /// Who says so.
    pub by: &'a str,
}

/// The task where the address is to be used no more.
const WRONG_ADDRESS: &str = "It came back, and its address is used no more. Find out where the recipient is to be reached now, and record \
                             it: the papers go there by themselves.";
/// The task where nothing speaks against the address.
const CALL: &str = "It came back. See why with `earlypost show`, call the recipient, and send it again or another way.";

/// What the transaction that notes a return does besides: the fact about the address, the duty, the task. The caller
/// has taken the child's row with [`Write::change_child`] first.
pub(super) async fn come_back(
    write: &mut Write,
    child_id: &ChildId,
    dispatch_id: &str,
    back: &CameBack<'_>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    if let Some(endpoint_id) = back.endpoint {
        let fact = Fact::EndpointReturned { endpoint_id: endpoint_id.clone(), dispatch_id: dispatch_id.to_owned() };
        add_fact(write, child_id, &fact, back.by, now).await?;
    }
    let why = format!("open again: dispatch {dispatch_id} came back");
    for (kind, anchor, revision) in &back.duties {
        reopen(write, child_id, &((*kind).to_owned(), (*anchor).to_owned(), *revision), &why, now).await?;
    }
    let says = if back.endpoint.is_some() { WRONG_ADDRESS } else { CALL };
    open_task_in(write, Some(child_id), "came-back", dispatch_id, says, now).await
}
