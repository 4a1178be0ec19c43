//! One PKCS7 message (RFC 5652): the content key under RSA, the content under AES-CBC.
//!
//! Local use only, and all that can go wrong with the keys is one error
//! (RUSTSEC-2023-0071).

use super::error::EyamlError;
use super::keys::Keys;
use aes::cipher::block_padding::Pkcs7;
use aes::cipher::{BlockDecryptMut, KeyIvInit};
use cms::content_info::ContentInfo;
use cms::enveloped_data::{
    EncryptedContentInfo, EnvelopedData, RecipientIdentifier, RecipientInfo,
};
use der::asn1::{ObjectIdentifier, OctetStringRef};
use der::{Decode as _, Encode as _};
use rsa::Pkcs1v15Encrypt;
use rsa::rand_core::OsRng;
use zeroize::Zeroizing;

const ENVELOPED: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.3");
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const AES_128_CBC: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.1.2");
const AES_192_CBC: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.1.22");
const AES_256_CBC: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.1.42");

/// Opens a message.
pub(super) fn open(message: &[u8], keys: &Keys) -> Result<Zeroizing<Vec<u8>>, EyamlError> {
    let outer = ContentInfo::from_der(message).map_err(|_| EyamlError::Malformed)?;
    if outer.content_type != ENVELOPED {
        return Err(EyamlError::Malformed);
    }
    let inner = outer.content.to_der().map_err(|_| EyamlError::Malformed)?;
    let envelope = EnvelopedData::from_der(&inner).map_err(|_| EyamlError::Malformed)?;
    let content_key = content_key(&envelope, keys)?;
    decipher(&envelope.encrypted_content, &content_key)
}

/// Unwraps the content key that is addressed to the certificate.
fn content_key(envelope: &EnvelopedData, keys: &Keys) -> Result<Zeroizing<Vec<u8>>, EyamlError> {
    let addressed = envelope.recip_infos.0.iter().find_map(|recipient| match recipient {
        RecipientInfo::Ktri(recipient) => match &recipient.rid {
            RecipientIdentifier::IssuerAndSerialNumber(name) if *name == keys.recipient => {
                Some(recipient)
            }
            _ => None,
        },
        _ => None,
    });
    let recipient = addressed.ok_or(EyamlError::Closed)?;
    if recipient.key_enc_alg.oid != RSA {
        return Err(EyamlError::Cipher);
    }
    keys.private
        .decrypt_blinded(&mut OsRng, Pkcs1v15Encrypt, recipient.enc_key.as_bytes())
        .map(Zeroizing::new)
        .map_err(|_| EyamlError::Closed)
}

fn decipher(content: &EncryptedContentInfo, key: &[u8]) -> Result<Zeroizing<Vec<u8>>, EyamlError> {
    let algorithm = &content.content_enc_alg;
    let parameters = algorithm.parameters.as_ref().ok_or(EyamlError::Malformed)?;
    let vector: OctetStringRef<'_> = parameters.decode_as().map_err(|_| EyamlError::Malformed)?;
    let vector = vector.as_bytes();
    let text = content.encrypted_content.as_ref().ok_or(EyamlError::Malformed)?.as_bytes();
    match algorithm.oid {
        AES_128_CBC => decipher_by::<cbc::Decryptor<aes::Aes128>>(key, vector, text),
        AES_192_CBC => decipher_by::<cbc::Decryptor<aes::Aes192>>(key, vector, text),
        AES_256_CBC => decipher_by::<cbc::Decryptor<aes::Aes256>>(key, vector, text),
        _ => Err(EyamlError::Cipher),
    }
}

fn decipher_by<C: KeyIvInit + BlockDecryptMut>(
    key: &[u8],
    vector: &[u8],
    text: &[u8],
) -> Result<Zeroizing<Vec<u8>>, EyamlError> {
    let cipher = C::new_from_slices(key, vector).map_err(|_| EyamlError::Closed)?;
    let mut buffer = Zeroizing::new(text.to_vec());
    let length =
        cipher.decrypt_padded_mut::<Pkcs7>(&mut buffer).map_err(|_| EyamlError::Closed)?.len();
    buffer.truncate(length);
    Ok(buffer)
}
