//! Why an encrypted value stays closed; says nothing of the value or the keys.

/// Why an encrypted value stays closed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EyamlError {
    /// Another plugin of hiera-eyaml wrote the block.
    #[error("the block is encrypted by `{0}`, and only PKCS7 can be opened")]
    Scheme(String),
    /// What stands between the brackets is no PKCS7 message.
    #[error("the block is no PKCS7 message")]
    Malformed,
    /// The message is encrypted by something that hiera-eyaml does not write.
    #[error("the block is encrypted by a cipher other than AES-CBC under RSA")]
    Cipher,
    /// The keys do not fit, or the block is damaged; telling these apart would
    /// help an attacker (RUSTSEC-2023-0071).
    #[error("the private key does not open the block, or the block is damaged")]
    Closed,
    /// The plaintext is no UTF-8.
    #[error("the decrypted value is not UTF-8 text")]
    NotText,
    /// The private key cannot be used.
    #[error("the private key is no unencrypted RSA key in PEM form")]
    PrivateKey,
    /// The public key cannot be used.
    #[error("the public key is no X.509 certificate in PEM form")]
    PublicKey,
}
