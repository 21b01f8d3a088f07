//! A private certificate authority, made anew for each server.

use std::{io::Write, sync::Arc};

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;
use tokio_rustls::{
    TlsAcceptor,
    rustls::{ServerConfig, crypto::ring, pki_types::PrivateKeyDer},
};

/// What a server needs to speak TLS under this name, a PEM file of the authority behind it, and SHA-256 of the certificate. An expired certificate
/// was good until the end of 2019.
pub(super) fn issue(name: &str, expired: bool) -> (TlsAcceptor, NamedTempFile, String) {
    let authority_key = KeyPair::generate().unwrap();
    let mut authority = CertificateParams::default();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority_certificate = authority.self_signed(&authority_key).unwrap();
    let issuer = Issuer::new(authority, authority_key);

    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    if expired {
        params.not_after = rcgen::date_time_ymd(2019, 12, 31);
    }
    let certificate = params.signed_by(&key, &issuer).unwrap();
    let private_key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], private_key)
        .unwrap();

    let mut file = NamedTempFile::new().unwrap();
    file.write_all(authority_certificate.pem().as_bytes()).unwrap();
    (TlsAcceptor::from(Arc::new(config)), file, hex::encode(Sha256::digest(certificate.der())))
}
