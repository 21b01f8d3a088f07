//! E-mail: the message, the relay, S/MIME, and mail that comes back.

pub mod incoming;
pub(super) mod relay;
pub mod mailbox;
pub mod message;
pub(super) mod operator_mail;
pub(super) mod return_path;
pub mod smime;
pub mod smtp;
