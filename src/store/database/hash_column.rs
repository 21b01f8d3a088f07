//! Hashes as they stand in columns.

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

/// SHA-256 in hex.
pub(in crate::store) fn sha256_hex(bytes: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::digest(bytes))
}
