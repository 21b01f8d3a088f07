//! Sends what may go. A channel takes a [`Parcel`]; a parcel needs an authorization; nothing here decides.

pub mod channel;
mod envelope;
pub mod file;
mod folder;
pub mod incoming;
mod mail;
pub mod mailbox;
pub mod message;
mod operator;
mod operation;
pub mod outcome;
mod parcel;
mod print;
mod retry;
mod return_path;
mod secret;
pub mod smtp;
mod state;
mod trial;
mod trust;

pub use channel::{Answer, Channel, ChannelSettings, Trace};
pub use envelope::{DispatchId, Envelope, ItemKey, RenderedItem, RenderedPacket, TextCopy};
pub use folder::FolderChannel;
pub use mail::SmtpChannel;
pub use operation::{NotPossible, Operation};
pub use operator::{OperatorMail, OperatorMessage};
pub use outcome::{Evidence, Outcome};
pub use parcel::{Message, Paper, Parcel, ParcelError};
pub use print::PrintChannel;
pub use retry::{DeliverySettings, Next, Refused, greylisted};
pub use return_path::{AttemptName, Named, ReturnPath, ReturnPathWrong};
pub use state::{DispatchState, StateName};
pub use trial::TrialSettings;
