//! A copy of a paper that opens with a passphrase only: AES-256, as PDF 2.0 has it. The master stays as it is.

use std::{collections::BTreeMap, sync::Arc};

use lopdf::{
    Document, EncryptionState, EncryptionVersion, Permissions,
    encryption::crypt_filters::{Aes256CryptFilter, CryptFilter},
};

use super::passphrase::unknown_to_all;

use crate::case::{Address, MailProtection};

/// Whether papers go to this address as encrypted copies.
#[must_use]
pub fn wants_encrypted(address: &Address) -> bool {
    matches!(address, Address::Email { protection: Some(MailProtection::EncryptedPdf), .. })
}

/// The copy could not be made. The words are of the format, never of the paper.
#[derive(Debug, thiserror::Error)]
#[error("the encrypted copy could not be made: {0}")]
pub struct ProtectError(#[from] lopdf::Error);

/// An encrypted copy of a PDF. Metadata is encrypted too, and screen readers may read the text, as PDF/UA asks.
///
/// # Errors
/// When the bytes are no PDF that can be read.
pub fn encrypted(pdf: &[u8], passphrase: &str) -> Result<Vec<u8>, ProtectError> {
    let mut document = Document::load_mem(pdf)?;
    let mut key = [0; 32];
    getrandom::fill(&mut key).expect("the system has randomness");
    let filter: Arc<dyn CryptFilter> = Arc::new(Aes256CryptFilter);
    let owner = unknown_to_all();
    let version = EncryptionVersion::V5 {
        encrypt_metadata: true,
        crypt_filters: BTreeMap::from([(b"StdCF".to_vec(), filter)]),
        file_encryption_key: &key,
        stream_filter: b"StdCF".to_vec(),
        string_filter: b"StdCF".to_vec(),
        owner_password: &owner,
        user_password: passphrase,
        permissions: Permissions::PRINTABLE
            | Permissions::PRINTABLE_IN_HIGH_QUALITY
            | Permissions::COPYABLE
            | Permissions::COPYABLE_FOR_ACCESSIBILITY,
    };
    document.encrypt(&EncryptionState::try_from(version)?)?;
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).map_err(lopdf::Error::from)?;
    Ok(bytes)
}
