//! Fax, without telephony of our own: by a gateway that takes e-mail, or by `HylaFAX`'s `sendfax`.
//!
//! Both put a cover sheet before the papers. Both accept first and tell later whether the fax went through: an
//! accepted fax is confirmed or returned by what comes back, and by a person where nothing comes back in time.

mod confirmation;
mod number;
mod gateway;
mod hylafax;

pub use confirmation::{Confirmation, ConfirmationSettings};
pub(crate) use gateway::references;
pub use gateway::{GatewayChannel, GatewaySettings};
pub(crate) use hylafax::job_of;
pub use hylafax::{Hylafax, HylafaxChannel, HylafaxSettings, JobState, Jobs};
pub use number::dialled;
