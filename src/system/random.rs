//! Random text from the kernel, for passwords that otelctl makes.

use super::disk;
use crate::diagnostic::Diagnostic;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const SOURCE: &str = "/dev/urandom";

/// Makes a password of 32 letters, digits, `-` and `_`: 192 random bits.
///
/// # Errors
/// When the kernel's source cannot be read.
pub fn password() -> Result<String, Diagnostic> {
    let path = Path::new(SOURCE);
    let mut bytes = [0_u8; 32];
    File::open(path)
        .and_then(|mut source| source.read_exact(&mut bytes))
        .map_err(|cause| disk::error("read", path, &cause))?;
    let letter = |byte: u8| ALPHABET.get(usize::from(byte % 64)).map(|letter| char::from(*letter));
    Ok(bytes.into_iter().filter_map(letter).collect())
}

#[cfg(test)]
mod tests {
    #[test]
    fn passwords_are_long_and_never_the_same() {
        let (one, two) = (super::password().unwrap(), super::password().unwrap());
        assert_eq!((one.len(), two.len()), (32, 32));
        assert_ne!(one, two);
    }
}
