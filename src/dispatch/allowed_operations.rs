//! What a person may do to a dispatch. Each operation knows from which states it is possible and says why not:
//! what happens by itself is [`StateName::may_follow`]; what a person decides goes further, and is never silent.

use super::state::StateName;
use crate::hint::Hint;

/// Something that a person does to one dispatch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// The same stored bytes go once more, as a new attempt of the same dispatch.
    Resend,
    /// A newer edition of the papers takes its place; what had left stays what it was.
    Regenerate,
    /// It is not to go at all.
    Cancel,
    /// A person learned that an unknown one arrived.
    Arrived,
    /// A person learned that an unknown one did not arrive.
    NotArrived,
    /// Handed over in person.
    Give,
    /// It came back.
    Return,
}

/// An operation that the present state does not allow.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("it is {state}: {why}")]
pub struct NotPossible {
    /// The present state.
    pub state: StateName,
    /// Why not, and what to do instead.
    pub why: String,
}

impl Operation {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Resend, Self::Regenerate, Self::Cancel, Self::Arrived, Self::NotArrived, Self::Give, Self::Return];

    /// The state to which it leads from `before`.
    ///
    /// # Errors
    /// When it is not possible there, with the reason and what to do instead.
    pub fn leads_to(self, before: StateName) -> Result<StateName, NotPossible> {
        use StateName::{
            Accepted, Cancelled, Confirmed, Failed, Held, Printed, Queued, Returned, Sending, Superseded, Unknown,
            Withheld,
        };
        let not = |why: &str| Err(NotPossible { state: before, why: why.to_owned() });
        match (self, before) {
            (_, Sending) => not("it is being sent at this moment; try again when its attempt has ended"),
            (Self::Resend, Accepted | Confirmed | Returned | Failed | Unknown | Printed) => Ok(Queued),
            (Self::Resend, Queued | Held | Withheld) => not("it waits to be sent; nothing has to be sent again"),
            (Self::Resend, Cancelled | Superseded) => not(&format!("send the present papers with {}", Hint::Send)),
            (Self::Regenerate, Queued | Held | Withheld | Failed | Printed) => Ok(Superseded),
            // What left, left: the newer edition is another dispatch beside it.
            (Self::Regenerate, Accepted | Confirmed | Returned | Cancelled) => Ok(before),
            (Self::Regenerate | Self::Give, Unknown) => {
                let resolve = Hint::Resolve { dispatch: None };
                not(&format!("find out first whether it arrived, and say so with {resolve}"))
            }
            (Self::Regenerate, Superseded) => not("a newer one has taken its place already"),
            (Self::Cancel, Queued | Held | Withheld | Failed | Printed) => Ok(Cancelled),
            (Self::Cancel, _) => not("only what has not left can be cancelled"),
            (Self::Arrived, Unknown) | (Self::Give, Queued | Held | Withheld | Failed | Printed | Returned) => {
                Ok(Confirmed)
            }
            (Self::NotArrived, Unknown) => Ok(Failed),
            (Self::Arrived | Self::NotArrived, _) => not("only an unknown outcome is resolved"),
            (Self::Give, Accepted | Confirmed) => not("the recipient has it, as far as is known"),
            (Self::Give, Cancelled | Superseded) => not("print the present papers and give these"),
            (Self::Return, Accepted | Confirmed | Unknown) => Ok(Returned),
            (Self::Return, Printed) => {
                let mailed = Hint::MarkMailed { dispatch: None };
                not(&format!("it was never marked as mailed; run {mailed} first"))
            }
            (Self::Return, Returned) => not("that is known already"),
            (Self::Return, _) => not("it never left"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_can_be_done_to_a_dispatch_that_is_being_sent() {
        for operation in Operation::ALL {
            assert!(operation.leads_to(StateName::Sending).is_err(), "{operation:?}");
        }
    }

    #[test]
    fn only_a_person_sends_again_what_had_left() {
        for state in [StateName::Accepted, StateName::Confirmed, StateName::Returned, StateName::Printed] {
            assert!(!StateName::Queued.may_follow(state), "{state}");
            assert_eq!(Operation::Resend.leads_to(state), Ok(StateName::Queued));
        }
    }

    #[test]
    fn what_left_is_never_cancelled() {
        for state in [StateName::Accepted, StateName::Confirmed, StateName::Returned, StateName::Unknown] {
            assert!(Operation::Cancel.leads_to(state).is_err(), "{state}");
        }
        assert_eq!(
            Operation::Cancel.leads_to(StateName::Accepted).unwrap_err().to_string(),
            "it is accepted: only what has not left can be cancelled"
        );
    }
}
