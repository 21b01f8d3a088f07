//! E-mail: the message, the relay, S/MIME, and mail that comes back.

pub(crate) mod refusal;
pub mod incoming;
pub mod message;
pub(super) mod return_path;
pub mod smime;
pub mod smtp;
pub(super) mod relay;
pub mod mailbox;
pub(super) mod operator_mail;
