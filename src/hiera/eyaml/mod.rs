//! Values that hiera-eyaml encrypted: `ENC[PKCS7,…]` inside a text.
//!
//! Owns finding the blocks, opening them, and keys that nothing can print. May
//! not know where the keys lie, nor which level of a hierarchy they belong to.

mod block;
mod envelope;
mod error;
mod keys;

pub use block::{decrypt, holds_block};
pub use error::EyamlError;
pub use keys::Keys;
