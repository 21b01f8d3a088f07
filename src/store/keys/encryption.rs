//! Encryption of what is kept: XChaCha20-Poly1305, random nonces.

use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use hmac::{Hmac, Mac};
use sha2::Sha256;

/// Marks the format: version 1, nonce, ciphertext with tag.
const FORMAT: &[u8; 4] = b"EP1\n";

/// The sealed bytes do not open under this key and name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("stored bytes cannot be opened: they were changed, or the key is another one")]
pub struct SealBroken;

/// Seals `plain`; `bound` is checked again at opening and stored nowhere.
pub(in crate::store) fn seal(key: &[u8; 32], bound: &str, plain: &[u8]) -> Vec<u8> {
    let mut nonce = [0; 24];
    getrandom::fill(&mut nonce).expect("the system has randomness");
    let sealed = XChaCha20Poly1305::new(key.into())
        .encrypt(&XNonce::from(nonce), Payload { msg: plain, aad: bound.as_bytes() })
        .expect("what is sealed is far below the cipher's limit");
    [FORMAT.as_slice(), &nonce, &sealed].concat()
}

/// Opens what [`seal`] made.
pub(in crate::store) fn open(key: &[u8; 32], bound: &str, sealed: &[u8]) -> Result<Vec<u8>, SealBroken> {
    let rest = sealed.strip_prefix(FORMAT).ok_or(SealBroken)?;
    let (nonce, ciphertext) = rest.split_at_checked(24).ok_or(SealBroken)?;
    let nonce: [u8; 24] = nonce.try_into().map_err(|_| SealBroken)?;
    XChaCha20Poly1305::new(key.into())
        .decrypt(&XNonce::from(nonce), Payload { msg: ciphertext, aad: bound.as_bytes() })
        .map_err(|_| SealBroken)
}

/// The name of a body: HMAC-SHA-256 under the child's key, so that a name tells nothing about its bytes.
pub(in crate::store) fn keyed_name(key: &[u8; 32], plain: &[u8]) -> String {
    let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.update(plain);
    hex::encode(mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sealed_bytes_open_only_under_their_key_and_name() {
        let sealed = seal(&[1; 32], "c-1/x", b"plan");
        assert_eq!(open(&[1; 32], "c-1/x", &sealed).unwrap(), b"plan");
        assert_eq!(open(&[2; 32], "c-1/x", &sealed), Err(SealBroken));
        assert_eq!(open(&[1; 32], "c-2/x", &sealed), Err(SealBroken));
        let mut changed = sealed;
        *changed.last_mut().unwrap() ^= 1;
        assert_eq!(open(&[1; 32], "c-1/x", &changed), Err(SealBroken));
    }
}
