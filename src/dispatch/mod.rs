//! Sends what may go. A channel takes a [`Parcel`]; a parcel needs an authorization; nothing here decides.

mod envelope;
pub mod outcome;
mod parcel;
pub mod channel;
mod folder;
pub mod passphrase;
mod retry;
mod secret;
mod state;
mod trial;
mod allowed_operations;
pub mod pdf_encryption;
pub mod test_server;
mod tls_roots;
pub mod email;
pub mod fax;
mod sftp;
pub mod postal;
mod channel_settings;

pub use allowed_operations::{NotPossible, Operation};
pub use channel::{Answer, Channel, Trace};
pub use channel_settings::ChannelSettings;
pub use email::operator_mail::{OperatorMail, OperatorMessage};
pub use email::relay::SmtpChannel;
pub use email::return_path::{AttemptName, Named, ReturnPath, ReturnPathWrong};
pub use envelope::{DispatchId, Envelope, ItemKey, RenderedItem, RenderedPacket, TextCopy};
pub use folder::FolderChannel;
pub use outcome::{Evidence, Outcome};
pub use parcel::{Message, Paper, Parcel, ParcelError};
pub use postal::ipp::{IppChannel, IppSettings};
pub use postal::print::PrintChannel;
pub use retry::{DeliverySettings, Next, Refused, greylisted};
pub use sftp::{SftpChannel, SftpConnection, SftpSettings};
pub use state::{DispatchState, StateName};
pub use trial::TrialSettings;
