//! Whom to trust under TLS: a private authority where one is named, else those of the operating system.

use std::{path::Path, sync::Arc};

use rustls::{
    ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, pem::PemObject},
};

/// The certificates of a PEM file, or else those of the operating system.
///
/// # Errors
/// A sentence that begins with the name of the setting.
pub(super) fn authorities(ca_file: Option<&Path>) -> Result<Vec<CertificateDer<'static>>, String> {
    let Some(path) = ca_file else { return Ok(rustls_native_certs::load_native_certs().certs) };
    let found: Result<Vec<_>, _> = CertificateDer::pem_file_iter(path).and_then(Iterator::collect);
    match found {
        Ok(found) if found.is_empty() => Err(format!("ca_file: {} holds no PEM certificate", path.display())),
        Ok(found) => Ok(found),
        Err(_) => Err(format!("ca_file: {} holds no PEM certificate that can be read", path.display())),
    }
}

/// TLS for a client that trusts these authorities.
///
/// # Errors
/// A sentence that begins with the name of the setting.
pub(super) fn client(ca_file: Option<&Path>) -> Result<Arc<ClientConfig>, String> {
    let mut roots = RootCertStore::empty();
    for certificate in authorities(ca_file)? {
        // The operating system's list may hold one that rustls cannot use; the others still count.
        if let (Err(error), Some(path)) = (roots.add(certificate), ca_file) {
            return Err(format!("ca_file: {} holds a certificate that cannot be used: {error}", path.display()));
        }
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| format!("ca_file: TLS cannot be set up: {error}"))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}
