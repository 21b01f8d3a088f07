//! The seam to the outside: a channel takes a parcel and tells what became of it.

use std::{future::Future, pin::Pin};

use super::{
    outcome::{Evidence, Outcome},
    parcel::Parcel,
};

/// A boxed future, so that channels can be held as `Arc<dyn Channel>`.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What may be known about a parcel after a crash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trace {
    /// It is there: the effect had happened.
    Found(Evidence),
    /// It is not there: nothing had happened.
    Absent,
    /// This channel cannot tell; a person or a policy decides.
    CannotTell,
}

/// A place on a channel, for one parcel: whatever had to be waited for was waited for.
pub trait Turn: Send {
    fn deliver<'a>(self: Box<Self>, parcel: &'a Parcel) -> Answer<'a, Outcome>
    where
        Self: 'a;
}

/// A way out.
pub trait Channel: Send + Sync {
    /// Its name in the table and in the record: `folder`, `print`, `smtp`.
    fn name(&self) -> &'static str;

    /// Whether it takes whole e-mail messages (and not bare papers).
    fn takes_messages(&self) -> bool;

    /// Whether it puts a cover sheet before the papers.
    fn needs_cover(&self) -> bool {
        false
    }

    /// Whether each address is a partner with settings of its own: one that is wrong says nothing about the others.
    fn has_partners(&self) -> bool {
        false
    }

    /// Whether anything leaves this machine by it.
    fn leaves_this_machine(&self) -> bool;

    fn deliver<'a>(&'a self, parcel: &'a Parcel) -> Answer<'a, Outcome>;

    /// Whether parcels wait for their turn on it: whoever sends then asks for one before an envelope is claimed, so that
    /// what waits is still in the queue, where everything can stop it.
    fn takes_turns(&self) -> bool {
        false
    }

    /// Waits for a turn: a place, a beat of the pace, a connection. `None`: there is nothing to wait for. A turn that is
    /// dropped costs nothing.
    ///
    /// # Errors
    /// Why there is none: the next hand cannot be reached, or the channel is wrong.
    fn turn(&self) -> Answer<'_, Result<Option<Box<dyn Turn + '_>>, Outcome>> {
        Box::pin(async { Ok(None) })
    }

    /// Looks whether it could take something now, without giving it anything: what it found, or what is wrong.
    fn look(&self) -> Answer<'_, Result<String, String>> {
        Box::pin(async { Ok("set up; it has no look of its own".to_owned()) })
    }

    /// Looks for a dispatch whose attempt ended without an answer.
    fn look_for<'a>(&'a self, dispatch_id: &'a str) -> Answer<'a, Trace>;
}
