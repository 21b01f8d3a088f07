//! S/MIME (RFC 8551): a message is signed with the program's certificate and encrypted to its one recipient's.
//!
//! The cryptography is an optional part of the build (`--features smime`), since the RSA of its library is not proof
//! against an attacker who can measure the time of very many signatures (RUSTSEC-2023-0071). Without it, and without a
//! certificate that holds on this day, nothing leaves: there is no way back to plain mail.

#[cfg(feature = "smime")]
mod certificate;
mod settings;
#[cfg(feature = "smime")]
mod mime_entity;
#[cfg(feature = "smime")]
mod seal;
#[cfg(not(feature = "smime"))]
mod disabled;

#[cfg(not(feature = "smime"))]
pub(in crate::dispatch) use disabled::Sealer;
#[cfg(feature = "smime")]
pub(in crate::dispatch) use seal::Sealer;
pub use settings::SmimeSettings;

/// Why a message was not sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum NotSealed {
    /// The program's own certificate, key or settings: nothing can be sealed until somebody mends it.
    Ours(String),
    /// The recipient's certificate: other recipients are not concerned.
    #[cfg_attr(not(feature = "smime"), expect(dead_code, reason = "nothing is sealed in such a build"))]
    Theirs(String),
}
