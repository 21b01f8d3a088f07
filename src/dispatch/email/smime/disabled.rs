//! A build without S/MIME says so, and seals nothing.

use chrono::{DateTime, Utc};

use super::{NotSealed, SmimeSettings};

#[derive(Debug)]
pub(in crate::dispatch) enum Sealer {}

impl Sealer {
    pub(in crate::dispatch) fn open(_: &SmimeSettings) -> Result<Self, String> {
        Err("smime: this program was built without S/MIME; build it with the feature `smime`, or take the table out"
            .to_owned())
    }

    pub(in crate::dispatch) fn look(&self, _: DateTime<Utc>) -> Result<String, String> {
        match *self {}
    }

    pub(in crate::dispatch::email) fn seal(
        &self,
        _: &[u8],
        _: &str,
        _: &lettre::Address,
        _: &str,
        _: DateTime<Utc>,
    ) -> Result<Vec<u8>, NotSealed> {
        match *self {}
    }
}
