//! HTTP's Basic authorization (RFC 7617), made of a user name and a password.

use super::Secret;

/// The alphabet of RFC 4648, section 4.
const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

impl Secret {
    /// Makes the value of an `Authorization` header: `Basic BASE64`.
    #[must_use]
    pub fn basic_authorization(username: &str, password: &Self) -> Self {
        let pair = format!("{username}:{}", password.expose());
        Self::new(format!("Basic {}", base64(pair.as_bytes())))
    }
}

fn base64(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let bits = (0..3).fold(0_usize, |bits, index| {
            bits << 8 | group.get(index).copied().map_or(0, usize::from)
        });
        for place in 0..4 {
            let letter =
                ALPHABET.get(bits >> (18 - 6 * place) & 63).filter(|_| place <= group.len());
            text.push(letter.map_or('=', |letter| char::from(*letter)));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Secret, base64};

    #[test]
    fn encodes_as_the_standard_says() {
        for (text, expected) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foobar", "Zm9vYmFy"),
            ("\u{3ff}?>~", "z78/Pn4="),
        ] {
            assert_eq!(base64(text.as_bytes()), expected, "{text}");
        }
        let header = Secret::basic_authorization("Aladdin", &Secret::new("open sesame".into()));
        assert_eq!(header.expose(), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
    }
}
