//! The pair of keys that opens blocks. Nothing can print it; it is wiped when dropped.

use super::error::EyamlError;
use cms::cert::IssuerAndSerialNumber;
use der::DecodePem as _;
use rsa::RsaPrivateKey;
use rsa::pkcs1::DecodeRsaPrivateKey as _;
use rsa::pkcs8::DecodePrivateKey as _;
use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};
use x509_cert::Certificate;
use zeroize::Zeroizing;

/// How many opened values are kept: every node of a hierarchy asks for the same ones.
const MAX_OPENED: usize = 4096;

/// A private key and the certificate that blocks are addressed to.
pub struct Keys {
    pub(super) private: RsaPrivateKey,
    pub(super) recipient: IssuerAndSerialNumber,
    opened: Mutex<HashMap<Box<str>, Zeroizing<String>>>,
}

impl Keys {
    /// Reads the two files that `eyaml createkeys` writes.
    ///
    /// # Errors
    /// A key that is not RSA, is encrypted, or is no PEM.
    pub fn from_pem(private: &[u8], public: &[u8]) -> Result<Self, EyamlError> {
        let private = std::str::from_utf8(private).map_err(|_| EyamlError::PrivateKey)?;
        let private = RsaPrivateKey::from_pkcs1_pem(private)
            .or_else(|_| RsaPrivateKey::from_pkcs8_pem(private))
            .map_err(|_| EyamlError::PrivateKey)?;
        let certificate = Certificate::from_pem(public).map_err(|_| EyamlError::PublicKey)?;
        let recipient = IssuerAndSerialNumber {
            issuer: certificate.tbs_certificate.issuer,
            serial_number: certificate.tbs_certificate.serial_number,
        };
        Ok(Self { private, recipient, opened: Mutex::default() })
    }

    /// Returns what a block held when it was opened before.
    pub(super) fn recall(&self, cipher: &str) -> Option<Zeroizing<String>> {
        let opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        opened.get(cipher).cloned()
    }

    /// Keeps what a block holds.
    pub(super) fn remember(&self, cipher: &str, text: &Zeroizing<String>) {
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        if opened.len() < MAX_OPENED {
            opened.insert(cipher.into(), text.clone());
        }
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keys(…)")
    }
}
