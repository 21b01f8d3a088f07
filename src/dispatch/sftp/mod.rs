//! A partner's folder by SFTP: the server's key is pinned, a file is whole or not there, and a second try finds the
//! first.

mod settings;
mod session;

use std::time::Instant;

use sha2::{Digest, Sha256};

use self::session::{Session, Trouble};
use super::{
    channel::{Answer, Channel, Trace},
    email::smtp::ConfigurationError,
    outcome::{Evidence, Outcome},
    parcel::Parcel,
};
use crate::case::Address;

pub use settings::{SftpConnection, SftpSettings};

/// Puts papers into partners' folders as `<dispatch id>-<n>of<m>-<paper>.pdf`.
#[derive(Debug)]
pub struct SftpChannel {
    settings: SftpSettings,
}

/// What a try came to, and whether bytes had crossed by then.
struct Failed {
    trouble: Trouble,
    bytes_left: bool,
}

impl SftpChannel {
    /// A channel to these partners. Connects to nothing.
    ///
    /// # Errors
    /// When the settings are wrong.
    pub fn open(settings: SftpSettings) -> Result<Self, ConfigurationError> {
        let problems: Vec<String> =
            settings.check().into_iter().map(|(name, says)| format!("{name}: {says}")).collect();
        if problems.is_empty() { Ok(Self { settings }) } else { Err(ConfigurationError { problems }) }
    }

    async fn deliver_now(&self, parcel: &Parcel) -> Outcome {
        let started = Instant::now();
        let Address::Sftp { connection: name } = parcel.address() else {
            return Outcome::Misconfigured(Evidence::of("the sftp channel takes SFTP endpoints only"));
        };
        let Some(connection) = self.settings.connections.get(name.as_str()) else {
            // Its endpoint names no table of the settings: other partners' papers still go.
            return Outcome::Permanent(Evidence::of(
                "not sent: the endpoint names a connection that is not in the settings; add [channels.sftp.connections.NAME]",
            ));
        };
        let peer = Some(format!("{}:{}", connection.host, connection.port));
        let evidence = |reply: String, body_left: bool| Evidence {
            peer: peer.clone(),
            // SSH encrypts as TLS does; the record's field speaks of TLS only.
            tls: None,
            body_left,
            ..Evidence::of(reply).took(started.elapsed())
        };
        match put(connection, parcel).await {
            Ok(reply) => Outcome::Accepted(evidence(reply, false)),
            Err(Failed { trouble: Trouble::Wrong(says), bytes_left }) => {
                Outcome::Misconfigured(evidence(says, bytes_left))
            }
            Err(Failed { trouble: Trouble::Never(says), bytes_left }) => Outcome::Permanent(evidence(says, bytes_left)),
            Err(Failed { trouble: Trouble::Away(says), bytes_left }) => Outcome::Transient(evidence(says, bytes_left)),
            Err(Failed { trouble: Trouble::Stopped(says), bytes_left }) => Outcome::Stopped(evidence(says, bytes_left)),
        }
    }

    /// Logs in to every partner.
    async fn greet(&self) -> Result<String, String> {
        let mut wrong = Vec::new();
        for (name, connection) in &self.settings.connections {
            let seen = match Session::open(connection).await {
                Ok(session) => session.names().await.map(drop),
                Err(trouble) => Err(trouble),
            };
            if let Err(Trouble::Wrong(says) | Trouble::Never(says) | Trouble::Away(says) | Trouble::Stopped(says)) =
                seen
            {
                wrong.push(format!("{name}: {says}"));
            }
        }
        if wrong.is_empty() {
            let names: Vec<&str> = self.settings.connections.keys().map(String::as_str).collect();
            Ok(format!("these partners' folders can be opened: {}", names.join(", ")))
        } else {
            Err(wrong.join("; "))
        }
    }

    async fn find(&self, dispatch_id: &str) -> Trace {
        let mut all_looked_into = true;
        for connection in self.settings.connections.values() {
            let names = match Session::open(connection).await {
                Ok(session) => session.names().await,
                Err(trouble) => Err(trouble),
            };
            match names {
                Ok(names) if is_whole(&names, dispatch_id) => {
                    return Trace::Found(Evidence::of("found in the partner's folder, whole"));
                }
                Ok(_) => {}
                Err(_) => all_looked_into = false,
            }
        }
        if all_looked_into { Trace::Absent } else { Trace::CannotTell }
    }
}

fn file_name(dispatch_id: &str, place: usize, of: usize, paper: &str) -> String {
    format!("{dispatch_id}-{place}of{of}-{paper}.pdf")
}

/// Whether every file of a dispatch has its name. Parts begin with a dot and do not count.
fn is_whole(names: &[String], dispatch_id: &str) -> bool {
    let found: Vec<(&str, &str)> = names
        .iter()
        .filter_map(|name| name.strip_prefix(dispatch_id)?.strip_prefix('-')?.split_once('-')?.0.split_once("of"))
        .collect();
    let Some((_, of)) = found.first() else { return false };
    of.parse::<usize>().is_ok_and(|of| (1..=of).all(|place| found.iter().any(|(n, _)| *n == place.to_string())))
}

/// All parts are written and read back before the first gets its name: a partner that sweeps the folder takes a
/// packet whole, or the rest of it a moment later.
async fn put(connection: &SftpConnection, parcel: &Parcel) -> Result<String, Failed> {
    let before = |trouble| Failed { trouble, bytes_left: false };
    let after = |trouble| Failed { trouble, bytes_left: true };
    let session = Session::open(connection).await.map_err(before)?;
    let (id, count) = (parcel.dispatch_id(), parcel.papers().len());
    let mut to_rename = Vec::new();
    let mut there = 0;
    // Connecting may have taken its time.
    let stopped = |outcome: Outcome| Trouble::Stopped(outcome.evidence().reply.clone());
    parcel.may_begin().await.map_err(|outcome| before(stopped(outcome)))?;
    for (i, paper) in parcel.papers().iter().enumerate() {
        let name = file_name(id, i + 1, count, paper.document.as_str());
        let ours: [u8; 32] = Sha256::digest(&paper.pdf).into();
        match session.digest(&name).await.map_err(before)? {
            Some(theirs) if theirs == ours => {
                there += 1;
                continue;
            }
            Some(_) => {
                return Err(before(Trouble::Never(
                    "a file of this name with other bytes is in the partner's folder; nothing was overwritten. Ask the partner"
                        .to_owned(),
                )));
            }
            None => {}
        }
        let part = format!(".{name}.part");
        let checked = async {
            session.write_part(&part, &paper.pdf).await?;
            match session.digest(&part).await? {
                Some(theirs) if theirs == ours => Ok(()),
                _ => Err(Trouble::Away("what the server stored is not what was sent; it is tried again".to_owned())),
            }
        };
        if let Err(trouble) = checked.await {
            session.remove(&part).await;
            return Err(after(trouble));
        }
        to_rename.push((part, name));
    }
    for (part, name) in &to_rename {
        session.rename(part, name).await.map_err(after)?;
    }
    Ok(match there {
        0 => format!("{count} files written, read back and named; SHA-256 equal"),
        _ => format!("{count} files are there, {there} of them since an earlier try; SHA-256 equal"),
    })
}

impl Channel for SftpChannel {
    fn name(&self) -> &'static str {
        "sftp"
    }

    fn takes_messages(&self) -> bool {
        false
    }

    fn has_partners(&self) -> bool {
        true
    }

    fn leaves_this_machine(&self) -> bool {
        true
    }

    fn deliver<'a>(&'a self, parcel: &'a Parcel) -> Answer<'a, Outcome> {
        Box::pin(self.deliver_now(parcel))
    }

    fn look(&self) -> Answer<'_, Result<String, String>> {
        Box::pin(self.greet())
    }

    fn look_for<'a>(&'a self, dispatch_id: &'a str) -> Answer<'a, Trace> {
        Box::pin(self.find(dispatch_id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packet_is_whole_when_each_of_its_files_has_its_name() {
        let names = |all: &[&str]| all.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert!(is_whole(&names(&["d1-1of2-physician-letter.pdf", "d1-2of2-ifsp.pdf", "other"]), "d1"));
        assert!(!is_whole(&names(&["d1-1of2-physician-letter.pdf", ".d1-2of2-ifsp.pdf.part"]), "d1"));
        assert!(!is_whole(&names(&["d2-1of1-ifsp.pdf"]), "d1"));
        assert!(!is_whole(&[], "d1"));
    }
}
