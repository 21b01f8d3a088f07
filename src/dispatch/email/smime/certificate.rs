//! Certificates: read, and looked at before each use.

use chrono::{DateTime, Utc};
use rsa::{RsaPublicKey, pkcs8::DecodePublicKey, traits::PublicKeyParts};
use rustls::pki_types::{CertificateDer, UnixTime};
use webpki::{EndEntityCert, KeyUsage, anchor_from_trusted_cert};
use x509_cert::{
    Certificate as X509,
    der::{DecodePem, Encode},
    ext::pkix::{SubjectAltName, name::GeneralName},
};

/// Bits below which an RSA key is no protection any more (NIST SP 800-131A).
const LEAST_BITS: usize = 2048;
/// The value of the object id of "e-mail protection" (RFC 5280, 4.2.1.12).
const EMAIL_PROTECTION: &[u8] = &[43, 6, 1, 5, 5, 7, 3, 4];

/// A certificate with an RSA key.
pub(super) struct Certificate {
    pub(super) x509: X509,
    pub(super) key: RsaPublicKey,
}

impl Certificate {
    /// Reads one PEM certificate.
    pub(super) fn read(pem: &str) -> Result<Self, &'static str> {
        let x509 = X509::from_pem(pem.trim()).map_err(|_| "is no PEM certificate that can be read")?;
        let spki = x509.tbs_certificate.subject_public_key_info.to_der().map_err(|_| "has no key that can be read")?;
        let key = RsaPublicKey::from_public_key_der(&spki)
            .map_err(|_| "has no RSA key; this program encrypts to RSA keys only")?;
        if key.n().bits() < LEAST_BITS {
            return Err("has a key that is too short to protect anything");
        }
        Ok(Self { x509, key })
    }

    /// The first and the last instant at which it holds.
    pub(super) fn holds(&self) -> (DateTime<Utc>, DateTime<Utc>) {
        let validity = &self.x509.tbs_certificate.validity;
        let instant = |time: x509_cert::time::Time| {
            let seconds = i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX);
            DateTime::from_timestamp(seconds, 0).unwrap_or(DateTime::<Utc>::MAX_UTC)
        };
        (instant(validity.not_before), instant(validity.not_after))
    }

    /// Whether it holds now.
    pub(super) fn holds_at(&self, now: DateTime<Utc>) -> Result<(), String> {
        let (first, last) = self.holds();
        if now < first {
            return Err(format!("holds from {} only", first.format("%Y-%m-%d %H:%M UTC")));
        }
        if last < now {
            return Err(format!("ended on {}", last.format("%Y-%m-%d %H:%M UTC")));
        }
        Ok(())
    }

    /// Whether it is made out to this address, or to its whole domain as Direct certificates are.
    pub(super) fn is_for(&self, to: &lettre::Address) -> bool {
        let names = match self.x509.tbs_certificate.get::<SubjectAltName>() {
            Ok(Some((_, names))) => names.0,
            Ok(None) | Err(_) => return false,
        };
        names.iter().any(|name| match name {
            GeneralName::Rfc822Name(address) => address.as_str().eq_ignore_ascii_case(to.as_ref()),
            GeneralName::DnsName(domain) => domain.as_str().eq_ignore_ascii_case(to.domain()),
            _ => false,
        })
    }

    /// Whether one of these authorities has issued it for e-mail.
    pub(super) fn is_issued_by(&self, authorities: &[CertificateDer<'static>], now: DateTime<Utc>) -> bool {
        let Ok(der) = self.x509.to_der().map(CertificateDer::from) else { return false };
        let Ok(end) = EndEntityCert::try_from(&der) else { return false };
        let anchors: Vec<_> = authorities.iter().filter_map(|ca| anchor_from_trusted_cert(ca).ok()).collect();
        let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
        let time = UnixTime::since_unix_epoch(std::time::Duration::from_secs(seconds));
        end.verify_for_usage(
            webpki::ALL_VERIFICATION_ALGS,
            &anchors,
            &[],
            time,
            KeyUsage::required_if_present(EMAIL_PROTECTION),
            None,
            None,
        )
        .is_ok()
    }
}
