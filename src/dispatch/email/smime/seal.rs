//! Signed and encrypted messages (RFC 5652, RFC 8551).

use std::{fmt, fs};

use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, Utc};
use cms::{
    builder::{
        ContentEncryptionAlgorithm, EnvelopedDataBuilder, KeyEncryptionInfo, KeyTransRecipientInfoBuilder,
        SignedDataBuilder, SignerInfoBuilder,
    },
    cert::{CertificateChoices, IssuerAndSerialNumber},
    content_info::ContentInfo,
    enveloped_data::{RecipientIdentifier, RecipientInfo, RecipientInfos},
    signed_data::{EncapsulatedContentInfo, SignerIdentifier},
};
use hmac::{Hmac, Mac};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};
use rsa::{
    RsaPrivateKey,
    pkcs1v15::{Signature, SigningKey},
    pkcs8::DecodePrivateKey,
    sha2::{Digest, Sha256},
};
use rustls::pki_types::CertificateDer;
use x509_cert::{
    attr::{Attribute, AttributeValue},
    der::{
        Any, AnyRef, Decode, Encode,
        asn1::{SetOfVec, UtcTime},
        oid::db::{rfc5911, rfc5912},
    },
    spki::AlgorithmIdentifierOwned,
};

use super::{NotSealed, SmimeSettings, certificate::Certificate, mime_entity::apart};
use crate::dispatch::{secret, tls_roots};

/// Days before its end from which a certificate is spoken of.
const SPOKEN_OF_CALENDAR_DAYS: i64 = 30;

/// Signs as the program and encrypts to one recipient.
pub(in crate::dispatch) struct Sealer {
    certificate: Certificate,
    key: RsaPrivateKey,
    /// What makes the bytes of a retry the same, and nobody else can make.
    seed: [u8; 32],
    authorities: Option<Vec<CertificateDer<'static>>>,
}

/// Shows no key.
impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sealer").finish_non_exhaustive()
    }
}

impl Sealer {
    /// Reads the program's certificate and key.
    ///
    /// # Errors
    /// A sentence that begins with the name of the setting.
    pub(in crate::dispatch) fn open(settings: &SmimeSettings) -> Result<Self, String> {
        let path = &settings.certificate_file;
        let pem = fs::read_to_string(path)
            .map_err(|error| format!("smime.certificate_file: {} cannot be read: {error}", path.display()))?;
        let certificate =
            Certificate::read(&pem).map_err(|fault| format!("smime.certificate_file: {} {fault}", path.display()))?;
        let pem = secret::read("smime.key", Some(&settings.key_file), None)?;
        let key = RsaPrivateKey::from_pkcs8_pem(&pem).map_err(|_| {
            format!("smime.key_file: {} is no RSA key in PEM (PKCS #8, not locked)", settings.key_file.display())
        })?;
        if key.to_public_key() != certificate.key {
            return Err("smime.key_file: is not the key of the certificate".to_owned());
        }
        let authorities = match &settings.ca_file {
            Some(path) => Some(tls_roots::authorities(Some(path)).map_err(|says| format!("smime.{says}"))?),
            None => None,
        };
        Ok(Self { certificate, seed: Sha256::digest(&pem).into(), key, authorities })
    }

    /// What there is to say of the program's own certificate.
    ///
    /// # Errors
    /// When it does not hold now.
    pub(in crate::dispatch) fn look(&self, now: DateTime<Utc>) -> Result<String, String> {
        self.certificate.holds_at(now).map_err(|says| format!("the program's certificate for S/MIME {says}"))?;
        let (_, last) = self.certificate.holds();
        let days = (last - now).num_days();
        let soon = if days <= SPOKEN_OF_CALENDAR_DAYS { ", ask for a new one now" } else { "" };
        Ok(format!("signs with a certificate that holds until {}{soon}", last.format("%Y-%m-%d %H:%M UTC")))
    }

    /// The message of a dispatch, signed and encrypted to `to`. The same message gives the same bytes again.
    ///
    /// # Errors
    /// When the program's certificate or the recipient's does not hold, is not the recipient's, or cannot be used.
    pub(in crate::dispatch::email) fn seal(
        &self,
        message: &[u8],
        dispatch_id: &str,
        to: &lettre::Address,
        certificate: &str,
        now: DateTime<Utc>,
    ) -> Result<Vec<u8>, NotSealed> {
        self.look(now).map_err(NotSealed::Ours)?;
        let theirs = |says: String| NotSealed::Theirs(format!("the recipient's certificate {says}; ask for a new one"));
        let recipient = Certificate::read(certificate).map_err(|says| theirs(says.to_owned()))?;
        recipient.holds_at(now).map_err(theirs)?;
        if !recipient.is_for(to) {
            return Err(theirs("is made out to another address".to_owned()));
        }
        if self.authorities.as_ref().is_some_and(|known| !recipient.is_issued_by(known, now)) {
            return Err(theirs("was issued by nobody in smime.ca_file".to_owned()));
        }
        let fault = |error: Fault| NotSealed::Ours(format!("the message could not be sealed: {}", error.0));
        let parts = apart(message).ok_or_else(|| NotSealed::Ours("the message has no header".to_owned()))?;
        let signature = self.signature(&parts.entity, said_on(&parts.outside)).map_err(fault)?;
        let signed = multipart_signed(&parts.entity, &signature, dispatch_id);
        let mut chance = self.chance(dispatch_id, message, certificate);
        let sealed = encrypted(&signed, &recipient, &mut chance).map_err(fault)?;
        let mut out = parts.outside;
        out.extend_from_slice(
            b"Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=\"smime.p7m\"\r\n\
              Content-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=\"smime.p7m\"\r\n\r\n",
        );
        out.extend_from_slice(wrapped(&sealed).as_bytes());
        Ok(out)
    }

    /// A detached signature over an entity, at the instant that the message itself bears.
    fn signature(&self, entity: &[u8], at: Option<DateTime<Utc>>) -> Result<Vec<u8>, Fault> {
        let content = EncapsulatedContentInfo { econtent_type: rfc5911::ID_DATA, econtent: None };
        let sha256 = AlgorithmIdentifierOwned { oid: rfc5912::ID_SHA_256, parameters: None };
        let digest = Sha256::digest(entity);
        let key = SigningKey::<Sha256>::new(self.key.clone());
        let signer = SignerIdentifier::IssuerAndSerialNumber(issuer_and_number(&self.certificate));
        let mut info = SignerInfoBuilder::new(&key, signer, sha256.clone(), &content, Some(&digest))?;
        if let Some(at) = at {
            info.add_signed_attribute(signing_time(at)?)?;
        }
        let mut data = SignedDataBuilder::new(&content);
        let whole = data
            .add_digest_algorithm(sha256)?
            .add_certificate(CertificateChoices::Certificate(self.certificate.x509.clone()))?
            .add_signer_info::<SigningKey<Sha256>, Signature>(info)?
            .build()?;
        Ok(whole.to_der()?)
    }

    /// Chance that is the same for the same message, and that nobody can know without the program's own key.
    fn chance(&self, dispatch_id: &str, message: &[u8], certificate: &str) -> ChaCha20Rng {
        let mut mac = <Hmac<sha2::Sha256> as hmac::KeyInit>::new_from_slice(&self.seed).expect("HMAC takes every key");
        for part in [dispatch_id.as_bytes(), message, certificate.as_bytes()] {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        ChaCha20Rng::from_seed(mac.finalize().into_bytes().into())
    }
}

/// A fault of the format's library, in its words; they hold nothing of the message.
struct Fault(String);

impl From<cms::builder::Error> for Fault {
    fn from(error: cms::builder::Error) -> Self {
        Self(error.to_string())
    }
}

impl From<x509_cert::der::Error> for Fault {
    fn from(error: x509_cert::der::Error) -> Self {
        Self(error.to_string())
    }
}

/// The date header of a message.
fn said_on(headers: &[u8]) -> Option<DateTime<Utc>> {
    let text = std::str::from_utf8(headers).ok()?;
    let date = text.lines().find_map(|line| line.strip_prefix("Date: "))?;
    DateTime::parse_from_rfc2822(date.trim()).ok().map(|at| at.with_timezone(&Utc))
}

fn signing_time(at: DateTime<Utc>) -> Result<Attribute, Fault> {
    let seconds = u64::try_from(at.timestamp()).unwrap_or_default();
    let time = UtcTime::from_unix_duration(std::time::Duration::from_secs(seconds))?;
    let mut values = SetOfVec::<AttributeValue>::new();
    values.insert(AttributeValue::from_der(&time.to_der()?)?)?;
    Ok(Attribute { oid: rfc5911::ID_SIGNING_TIME, values })
}

fn issuer_and_number(certificate: &Certificate) -> IssuerAndSerialNumber {
    let certificate = &certificate.x509.tbs_certificate;
    IssuerAndSerialNumber { issuer: certificate.issuer.clone(), serial_number: certificate.serial_number.clone() }
}

/// AES-256 in CBC mode, its key transported under the recipient's RSA key.
fn encrypted(entity: &[u8], to: &Certificate, chance: &mut ChaCha20Rng) -> Result<Vec<u8>, Fault> {
    let mut of_key = chance.clone();
    of_key.set_stream(1);
    let mut builder = EnvelopedDataBuilder::new(None, entity, ContentEncryptionAlgorithm::Aes256Cbc, None)?;
    let recipient = RecipientIdentifier::IssuerAndSerialNumber(issuer_and_number(to));
    let info = KeyTransRecipientInfoBuilder::new(recipient, KeyEncryptionInfo::Rsa(to.key.clone()), &mut of_key)?;
    builder.add_recipient_info(info)?;
    let mut data = builder.build_with_rng(chance)?;
    // The library leaves out the NULL that RFC 3370, 4.2.1 asks for, and strict readers refuse the message.
    let mut recipients = Vec::new();
    for mut recipient in data.recip_infos.0.into_vec() {
        if let RecipientInfo::Ktri(transport) = &mut recipient {
            transport.key_enc_alg.parameters = Some(AnyRef::NULL.into());
        }
        recipients.push(recipient);
    }
    data.recip_infos = RecipientInfos(SetOfVec::try_from(recipients)?);
    let info = ContentInfo { content_type: rfc5911::ID_ENVELOPED_DATA, content: Any::from_der(&data.to_der()?)? };
    Ok(info.to_der()?)
}

/// The entity with its signature beside it (RFC 1847).
fn multipart_signed(entity: &[u8], signature: &[u8], dispatch_id: &str) -> Vec<u8> {
    let boundary = format!("signed-{dispatch_id}");
    let head = format!(
        "Content-Type: multipart/signed; protocol=\"application/pkcs7-signature\"; micalg=sha-256; boundary=\"{boundary}\"\r\n\
         \r\n--{boundary}\r\n"
    );
    let tail = format!(
        "\r\n--{boundary}\r\nContent-Type: application/pkcs7-signature; name=\"smime.p7s\"\r\n\
         Content-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=\"smime.p7s\"\r\n\r\n{}\
         --{boundary}--\r\n",
        wrapped(signature)
    );
    [head.as_bytes(), entity, tail.as_bytes()].concat()
}

/// Base64 in lines of 76 signs.
fn wrapped(bytes: &[u8]) -> String {
    let text = STANDARD.encode(bytes);
    let mut out = String::with_capacity(text.len() + text.len() / 38);
    for line in text.as_bytes().chunks(76) {
        out.push_str(std::str::from_utf8(line).expect("base64 is ASCII"));
        out.push_str("\r\n");
    }
    out
}
