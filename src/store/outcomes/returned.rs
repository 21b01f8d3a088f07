//! What came back, told by a person or by a notice: its duties are open again, and a person is asked.

use chrono::{DateTime, Utc};

use crate::{
    case::{ChildId, EndpointId, Fact},
    hint::Hint,
    store::{
        StoreError, Write,
        children::facts::{add_fact, add_office_fact},
        database::locks::Order,
        obligations::fulfilment::reopen,
        service::tasks::open_task_in,
    },
};

/// An envelope that came back.
#[derive(Debug, Clone)]
pub struct CameBack<'a> {
    /// The address, where it is to be used no more for this child.
    pub endpoint: Option<&'a EndpointId>,
    /// Whether that address is an office's: then it is suspect for every child.
    pub of_office: bool,
    /// The duties whose papers it held: kind, anchor, revision.
    pub duties: Vec<(&'a str, &'a str, i64)>,
    /// Who says so.
    pub by: &'a str,
    /// Whether it came back for a reason that is ours: our sender, our domain, our limits.
    pub for_our_reason: bool,
}

/// The task where the address is to be used no more.
const WRONG_ADDRESS: &str = "It came back, and its address is used no more. Find out where the recipient is to be reached now, and record \
                             it: the papers go there by themselves.";

/// The task where nothing speaks against the address.
fn call(id: &str) -> String {
    let show = Hint::ShowDispatch { dispatch: Some(id.to_owned()) };
    format!("It came back. See why with {show}, call the recipient, and send it again or another way.")
}

/// The task where the reason is ours.
fn ours(id: &str) -> String {
    let again = Hint::Resend { dispatch: Some(id.to_owned()), another_way: false };
    format!(
        "It came back for a reason that is ours and not the recipient's: the address stays in use. When the channel sends again, \
         send it again with {again}."
    )
}

/// Takes the turns of a return, before anything else of its transaction is written: the child's, and the directory's
/// where an office's address goes out of use.
pub(super) async fn wait_to_come_back(
    write: &mut Write,
    child_id: &ChildId,
    back: &CameBack<'_>,
) -> Result<(), StoreError> {
    write.change_child(child_id).await?;
    if back.of_office && back.endpoint.is_some() {
        write.wait_for(Order::Directory, false).await?;
    }
    Ok(())
}

/// What the transaction that notes a return does besides: the facts about the address, the duty, the task. The caller
/// has waited with [`wait_to_come_back`] first.
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
        if back.of_office {
            add_office_fact(write, endpoint_id, &fact, back.by, now).await?;
        }
    }
    let why = format!("open again: dispatch {dispatch_id} came back");
    for (kind, anchor, revision) in &back.duties {
        reopen(write, child_id, &((*kind).to_owned(), (*anchor).to_owned(), *revision), &why, now).await?;
    }
    let says = match back.endpoint {
        Some(_) => WRONG_ADDRESS.to_owned(),
        None if back.for_our_reason => ours(dispatch_id),
        None => call(dispatch_id),
    };
    open_task_in(write, Some(child_id), "came-back", dispatch_id, &says, now).await
}
