//! Signed checkpoints of the record of access, kept outside the database: with one of them in safe hands
//! nobody can cut the record's end or write it anew without being found out.
//!
//! The text is a C2SP signed note over a tlog-style checkpoint: origin, count, hash, two lines of our own
//! (number and instant), an empty line, the signature line. Any tool for signed notes can check it.

use std::{collections::BTreeMap, fs, io, path::Path};

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};

use super::chain::Head;
use crate::{files::write_whole, hint::Hint};

/// The signature type of Ed25519 in a signed note.
const ED25519: u8 = 1;
/// What begins a signature line: an em dash and a space.
const SIGNED: &str = "\u{2014} ";

/// A record's head at one instant, numbered by the installation that signed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Whose record: `earlypost/PROGRAM`.
    pub origin: String,
    /// Entries, and the hash of the last one.
    pub head: Head,
    /// The number of this checkpoint, from 1, without gaps.
    pub number: i64,
    /// When it was made, RFC 3339 UTC.
    pub at: String,
}

/// Why a text is no checkpoint of this record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// It is not of the form.
    #[error("it is no signed checkpoint")]
    Form,
    /// It bears no signature of this key.
    #[error("it is not signed with this installation's key")]
    OtherKey,
    /// The signature does not fit the text.
    #[error("its signature does not fit its text")]
    Signature,
    /// The text is no public key.
    #[error("is no public key; it is written NAME+HASH+KEY as {key} prints it", key = Hint::ShowLedgerKey)]
    Key,
}

/// The public half of a checkpoint key, with the name that stands in its signatures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    name: String,
    key: VerifyingKey,
}

impl PublicKey {
    /// The key of a secret seed, under the name of the record.
    #[must_use]
    pub fn of(name: &str, seed: &[u8; 32]) -> Self {
        Self { name: name.to_owned(), key: SigningKey::from_bytes(seed).verifying_key() }
    }

    /// Four bytes that tell keys apart in signature lines.
    fn id(&self) -> [u8; 4] {
        let hash = Sha256::new()
            .chain_update(&self.name)
            .chain_update([b'\n', ED25519])
            .chain_update(self.key.as_bytes())
            .finalize();
        [hash[0], hash[1], hash[2], hash[3]]
    }

    /// The same four bytes in hex.
    #[must_use]
    pub fn id_text(&self) -> String {
        hex::encode(self.id())
    }
}

/// `earlypost/tidewater+1a2b3c4d+AS...`: a verifier key of signed notes.
impl std::fmt::Display for PublicKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let key = [&[ED25519], self.key.as_bytes().as_slice()].concat();
        write!(f, "{}+{}+{}", self.name, self.id_text(), BASE64.encode(key))
    }
}

impl std::str::FromStr for PublicKey {
    type Err = NoteError;

    fn from_str(text: &str) -> Result<Self, NoteError> {
        let mut parts = text.trim().splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(NoteError::Key);
        };
        let bytes = BASE64.decode(key).map_err(|_| NoteError::Key)?;
        let key: &[u8; 32] =
            bytes.strip_prefix(&[ED25519]).and_then(|key| key.try_into().ok()).ok_or(NoteError::Key)?;
        let key = Self { name: name.to_owned(), key: VerifyingKey::from_bytes(key).map_err(|_| NoteError::Key)? };
        if key.id_text() == id { Ok(key) } else { Err(NoteError::Key) }
    }
}

impl Checkpoint {
    fn text(&self) -> Option<String> {
        let hash = BASE64.encode(hex::decode(&self.head.hash).ok()?);
        Some(format!("{}\n{}\n{hash}\nnumber {}\nat {}\n", self.origin, self.head.count, self.number, self.at))
    }

    /// Signs it; the whole note.
    #[must_use]
    pub fn sign(&self, seed: &[u8; 32]) -> String {
        let text = self.text().expect("a head's hash is hexadecimal");
        let public = PublicKey::of(&self.origin, seed);
        let signature = SigningKey::from_bytes(seed).sign(text.as_bytes());
        let line = BASE64.encode([&public.id()[..], &signature.to_bytes()].concat());
        format!("{text}\n{SIGNED}{} {line}\n", self.origin)
    }

    /// Reads a note that `key` has signed. Further signatures, a witness's for example, are no matter.
    ///
    /// # Errors
    /// When it is no checkpoint, bears no signature of `key`, or the signature does not fit.
    pub fn open(note: &str, key: &PublicKey) -> Result<Self, NoteError> {
        let (text, signatures) = note.split_once(&format!("\n\n{SIGNED}")).ok_or(NoteError::Form)?;
        let text = format!("{text}\n");
        let ours = format!("{} ", key.name);
        let signature = signatures
            .lines()
            .filter_map(|line| line.trim_start_matches(SIGNED).strip_prefix(&ours))
            .filter_map(|line| BASE64.decode(line).ok())
            .find_map(|bytes| {
                let signature = bytes.strip_prefix(&key.id())?;
                Signature::from_slice(signature).ok()
            })
            .ok_or(NoteError::OtherKey)?;
        key.key.verify_strict(text.as_bytes(), &signature).map_err(|_| NoteError::Signature)?;
        let mut lines = text.lines();
        let mut next = || lines.next().ok_or(NoteError::Form);
        let (origin, count, hash) = (next()?.to_owned(), next()?, next()?);
        let number = next()?.strip_prefix("number ").ok_or(NoteError::Form)?;
        let at = next()?.strip_prefix("at ").ok_or(NoteError::Form)?.to_owned();
        Ok(Self {
            origin,
            head: Head {
                count: count.parse().map_err(|_| NoteError::Form)?,
                hash: hex::encode(BASE64.decode(hash).map_err(|_| NoteError::Form)?),
            },
            number: number.parse().map_err(|_| NoteError::Form)?,
            at,
        })
    }
}

/// SHA-256 of a note's text, as the database remembers it.
#[must_use]
pub fn note_hash(note: &str) -> String {
    hex::encode(Sha256::digest(note))
}

/// The name of a checkpoint's file.
#[must_use]
pub fn file_name(number: i64) -> String {
    format!("checkpoint-{number:06}.note")
}

/// Writes a note under its number. A checkpoint is never written over.
///
/// # Errors
/// When the folder cannot be written, or the number is taken.
pub fn keep(folder: &Path, number: i64, note: &str) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let path = folder.join(file_name(number));
    if path.exists() {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    write_whole(&path, note.as_bytes())
}

/// Every note of a folder, by the number in its name.
///
/// # Errors
/// When the folder is there but cannot be read.
pub fn kept(folder: &Path) -> io::Result<BTreeMap<i64, String>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
        Err(error) => return Err(error),
    };
    let mut notes = BTreeMap::new();
    for entry in entries {
        let path = entry?.path();
        let name = path.file_name().and_then(|n| n.to_str()).unwrap_or_default();
        let number =
            name.strip_prefix("checkpoint-").and_then(|n| n.strip_suffix(".note")).and_then(|n| n.parse().ok());
        if let Some(number) = number {
            // A file that is not even text is a forged one; it must not stop the others from being read.
            notes.insert(number, String::from_utf8_lossy(&fs::read(&path)?).into_owned());
        }
    }
    Ok(notes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checkpoint() -> Checkpoint {
        let head = Head { count: 41, hash: "ab".repeat(32) };
        Checkpoint { origin: "earlypost/test".into(), head, number: 3, at: "2026-11-20T12:00:00.000Z".into() }
    }

    #[test]
    fn a_signed_checkpoint_opens_under_its_own_key_only() {
        let note = checkpoint().sign(&[7; 32]);
        let key = PublicKey::of("earlypost/test", &[7; 32]);
        assert_eq!(Checkpoint::open(&note, &key), Ok(checkpoint()));
        assert_eq!(Checkpoint::open(&note, &PublicKey::of("earlypost/test", &[8; 32])), Err(NoteError::OtherKey));
        assert_eq!(Checkpoint::open(&note, &PublicKey::of("earlypost/else", &[7; 32])), Err(NoteError::OtherKey));
    }

    #[test]
    fn a_changed_count_hash_number_or_signature_is_forged() {
        let note = checkpoint().sign(&[7; 32]);
        let key = PublicKey::of("earlypost/test", &[7; 32]);
        let hash = BASE64.encode([0xab; 32]);
        for (from, to) in [("41", "40"), (hash.as_str(), &BASE64.encode([0xac; 32])), ("number 3", "number 4")] {
            let forged = note.replacen(from, to, 1);
            assert_ne!(forged, note);
            assert_eq!(Checkpoint::open(&forged, &key), Err(NoteError::Signature), "{from}");
        }
        assert_eq!(Checkpoint::open("nothing", &key), Err(NoteError::Form));
    }

    #[test]
    fn a_witness_may_add_a_signature() {
        let note = checkpoint().sign(&[7; 32]) + "\u{2014} witness.example.org AAAA\n";
        assert_eq!(Checkpoint::open(&note, &PublicKey::of("earlypost/test", &[7; 32])), Ok(checkpoint()));
    }

    #[test]
    fn a_public_key_is_read_back_from_its_text() {
        let key = PublicKey::of("earlypost/test", &[7; 32]);
        assert_eq!(key.to_string().parse(), Ok(key.clone()));
        assert_eq!(key.to_string().replace("test", "tess").parse::<PublicKey>(), Err(NoteError::Key));
    }
}
