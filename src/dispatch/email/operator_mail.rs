//! Mail to the program's operator: about the installation, never about a child.

use std::{path::PathBuf, time::SystemTime};

use chrono::{DateTime, Utc};
use lettre::{
    Address,
    message::{
        Mailbox, MessageBuilder, SinglePart,
        header::{ContentTransferEncoding, ContentType, Date},
    },
};

use super::{
    message::auto_generated,
    smtp::{Relay, Submission},
};
use crate::{
    dispatch::outcome::Outcome,
    files::{on_disk, write_whole},
};

/// The way to the operator: the same kind of channel as the program's e-mail.
#[derive(Debug)]
pub enum OperatorMail {
    /// A file in this folder; nothing leaves this machine.
    Folder(PathBuf),
    /// The program's relay.
    Relay(Box<Relay>),
}

/// A message to the operator. Its words hold ids and counts only.
#[derive(Debug, Clone)]
pub struct OperatorMessage<'a> {
    /// An id of its own.
    pub id: &'a str,
    /// The program's address.
    pub from: &'a Address,
    pub to: &'a Address,
    pub subject: &'a str,
    pub text: &'a str,
    /// When it was written.
    pub at: DateTime<Utc>,
}

impl OperatorMail {
    /// Sends a message; tells in words why it could not.
    ///
    /// # Errors
    /// When it cannot be composed, or the next hand did not take it.
    pub async fn send(&self, message: &OperatorMessage<'_>) -> Result<(), String> {
        let bytes = compose(message).map_err(|error| error.to_string())?;
        match self {
            Self::Folder(folder) => {
                let (folder, file) = (folder.clone(), folder.join(format!("operator-{}.eml", message.id)));
                let written =
                    on_disk(move || std::fs::create_dir_all(folder).and_then(|()| write_whole(&file, &bytes)));
                written.await.map_err(|error| crate::dispatch::folder::refused(&error))
            }
            Self::Relay(relay) => {
                let submission =
                    Submission { from: message.from.clone(), to: message.to.clone(), envelope_id: None, bytes: &bytes };
                match relay.submit(&submission).await {
                    Outcome::Accepted(_) | Outcome::Printed(_) => Ok(()),
                    other => Err(other.evidence().reply.clone()),
                }
            }
        }
    }
}

fn compose(message: &OperatorMessage<'_>) -> Result<Vec<u8>, lettre::error::Error> {
    let part = SinglePart::builder()
        .header(ContentType::TEXT_PLAIN)
        .header(ContentTransferEncoding::Base64)
        .body(message.text.to_owned());
    let mail = MessageBuilder::new()
        .header(Date::from(SystemTime::from(message.at)))
        .from(Mailbox::new(None, message.from.clone()))
        .to(Mailbox::new(None, message.to.clone()))
        .message_id(Some(format!("<{}@{}>", message.id, message.from.domain())))
        .subject(message.subject)
        .raw_header(auto_generated())
        .singlepart(part)?;
    Ok(mail.formatted())
}
