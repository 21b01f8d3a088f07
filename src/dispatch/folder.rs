//! The embedded default: each message a file, nothing leaves this machine.

use std::{fs, io, path::PathBuf, time::Instant};

use super::{
    channel::{Answer, Channel, Trace},
    outcome::{Evidence, Outcome},
    parcel::Parcel,
};
use crate::files::{on_disk, write, write_whole};

/// Writes each message as `<dispatch id>.eml`.
#[derive(Debug)]
pub struct FolderChannel {
    folder: PathBuf,
}

impl FolderChannel {
    /// A channel that writes to `folder`, which is made if it is missing.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn open(folder: PathBuf) -> io::Result<Self> {
        fs::create_dir_all(&folder)?;
        Ok(Self { folder })
    }

    async fn deliver_now(&self, parcel: &Parcel) -> Outcome {
        let started = Instant::now();
        let Some(message) = parcel.message() else {
            return Outcome::Misconfigured(Evidence::of("the folder channel takes e-mail messages only"));
        };
        let name = format!("{}.eml", parcel.dispatch_id());
        match write(&self.folder.join(&name), &message.bytes[..]).await {
            Ok(()) => Outcome::Accepted(
                Evidence::of(format!("written to folder as {name}; nothing left this machine")).took(started.elapsed()),
            ),
            Err(error) => Outcome::Misconfigured(Evidence::of(refused(&error)).took(started.elapsed())),
        }
    }
}

/// Why a folder took nothing, in words that hold no path.
pub(super) fn refused(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "the disk is full; make room and run again".to_owned()
        }
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            "the folder may not be written to; check its permissions".to_owned()
        }
        kind => format!("the folder took nothing ({kind})"),
    }
}

/// Whether a folder takes files.
pub(super) async fn look_into(folder: &std::path::Path) -> Result<String, String> {
    let trial = folder.join(".earlypost-trial");
    let tried = on_disk(move || write_whole(&trial, b"").and_then(|()| fs::remove_file(&trial)));
    tried.await.map_err(|error| refused(&error))?;
    Ok("the folder takes files".to_owned())
}

impl Channel for FolderChannel {
    fn name(&self) -> &'static str {
        "folder"
    }

    fn takes_messages(&self) -> bool {
        true
    }

    fn leaves_this_machine(&self) -> bool {
        false
    }

    fn deliver<'a>(&'a self, parcel: &'a Parcel) -> Answer<'a, Outcome> {
        Box::pin(self.deliver_now(parcel))
    }

    fn look(&self) -> Answer<'_, Result<String, String>> {
        Box::pin(look_into(&self.folder))
    }

    fn look_for<'a>(&'a self, dispatch_id: &'a str) -> Answer<'a, Trace> {
        let name = format!("{dispatch_id}.eml");
        let path = self.folder.join(&name);
        Box::pin(async move {
            match on_disk(move || path.try_exists()).await {
                Ok(true) => Trace::Found(Evidence::of(format!("found in folder as {name}; nothing left this machine"))),
                Ok(false) => Trace::Absent,
                // A folder that may not be looked into says nothing about what lies in it.
                Err(_) => Trace::CannotTell,
            }
        })
    }
}
