//! `ENC[SCHEME,…]` in a text, found as hiera-eyaml's parser finds it.

use super::envelope;
use super::error::EyamlError;
use super::keys::Keys;
use base64ct::{Base64, Encoding as _};
use zeroize::{Zeroize as _, Zeroizing};

const OPENING: &str = "ENC[";

/// Says whether a text is taken for an encrypted one: `ENC[` and `]` stand on one line.
///
/// So a literal block (`|`) whose base64 goes over several lines stays as it
/// is, as with Puppet, while a folded one (`>`) is opened.
#[must_use]
pub fn holds_block(text: &str) -> bool {
    text.split('\n')
        .any(|line| line.split_once(OPENING).is_some_and(|(_, after)| after.contains(']')))
}

/// Opens every block of a text and takes one line end off its end; none, when
/// nothing in it is encrypted.
///
/// # Errors
/// The first block that cannot be opened.
pub fn decrypt(text: &str, keys: &Keys) -> Result<Option<String>, EyamlError> {
    if !holds_block(text) {
        return Ok(None);
    }
    let mut plain = Zeroizing::new(String::new());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(OPENING) {
        plain.push_str(before);
        if let Some(block) = Block::parse(after) {
            plain.push_str(&block.open(keys)?);
            rest = block.rest;
        } else {
            plain.push_str(OPENING);
            rest = after;
        }
    }
    plain.push_str(rest);
    let end = ["\r\n", "\n", "\r"].into_iter().find_map(|end| plain.strip_suffix(end));
    Ok(Some(end.unwrap_or(&plain).to_owned()))
}

/// What stands after `ENC[`.
struct Block<'a> {
    scheme: &'a str,
    cipher: &'a str,
    rest: &'a str,
}

impl<'a> Block<'a> {
    /// A block is base64 with spaces and line ends in it; anything else is plain text.
    fn parse(after: &'a str) -> Option<Self> {
        let (inside, rest) = after.split_once(']')?;
        let (scheme, cipher) = match inside.split_once(',') {
            Some((scheme, cipher)) => (scheme, cipher),
            None => ("PKCS7", inside),
        };
        let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let base64 = |c: char| c.is_ascii_alphanumeric() || "+/= \n".contains(c);
        let fits = |text: &str, allowed: &dyn Fn(char) -> bool| {
            !text.is_empty() && text.chars().all(allowed)
        };
        (fits(scheme, &word) && fits(cipher, &base64)).then_some(Self { scheme, cipher, rest })
    }

    fn open(&self, keys: &Keys) -> Result<Zeroizing<String>, EyamlError> {
        if !self.scheme.eq_ignore_ascii_case("PKCS7") {
            return Err(EyamlError::Scheme(self.scheme.to_owned()));
        }
        let cipher: String = self.cipher.chars().filter(|c| !c.is_ascii_whitespace()).collect();
        if let Some(known) = keys.recall(&cipher) {
            return Ok(known);
        }
        let message = Base64::decode_vec(&cipher).map_err(|_| EyamlError::Malformed)?;
        let mut bytes = envelope::open(&message, keys)?;
        let text = String::from_utf8(std::mem::take(&mut *bytes)).map_err(|wrong| {
            wrong.into_bytes().zeroize();
            EyamlError::NotText
        })?;
        let text = Zeroizing::new(text);
        keys.remember(&cipher, &text);
        Ok(text)
    }
}

#[cfg(test)]
mod tests {
    use super::{EyamlError, decrypt, holds_block};
    use crate::hiera::Keys;
    use proptest::prelude::*;

    const PRIVATE: &[u8] =
        include_bytes!("../../../tests/fixtures/eyaml/keys/private_key.pkcs7.pem");
    const PUBLIC: &[u8] = include_bytes!("../../../tests/fixtures/eyaml/keys/public_key.pkcs7.pem");
    const OTHER: &[u8] = include_bytes!("../../../tests/fixtures/eyaml/other_private_key.pem");

    /// Written by hiera-eyaml 3.3: `hunter2`, `grüße 🔑`, `line\nnext\n`.
    const BLOCKS: [&str; 3] = [
        include_str!("../../../tests/fixtures/eyaml/hunter2.txt"),
        include_str!("../../../tests/fixtures/eyaml/unicode.txt"),
        include_str!("../../../tests/fixtures/eyaml/lines.txt"),
    ];

    fn keys() -> Keys {
        Keys::from_pem(PRIVATE, PUBLIC).unwrap()
    }

    fn blocks() -> [&'static str; 3] {
        BLOCKS.map(str::trim_end)
    }

    fn opened(text: &str) -> String {
        decrypt(text, &keys()).unwrap().unwrap()
    }

    #[test]
    fn opens_what_hiera_eyaml_wrote() {
        let [hunter, unicode, lines] = blocks();
        assert_eq!(opened(hunter), "hunter2");
        assert_eq!(opened(unicode), "grüße 🔑");
        assert_eq!(opened(lines), "line\nnext", "one line end goes");
        assert_eq!(opened(&format!("{hunter}\n")), "hunter2");
        assert_eq!(opened(&format!("{lines}\n")), "line\nnext\n");
        assert_eq!(opened(&format!("a {hunter}-{unicode} ENC[] z")), "a hunter2-grüße 🔑 ENC[] z");
        assert_eq!(opened(&hunter.replace("PKCS7,", "")), "hunter2", "the default scheme");
        let folded: Vec<char> = hunter.chars().collect();
        let folded: Vec<String> = folded.chunks(60).map(|part| part.iter().collect()).collect();
        assert_eq!(opened(&folded.join(" ")), "hunter2");
    }

    #[test]
    fn leaves_what_puppet_leaves() {
        let [hunter, ..] = blocks();
        assert!(!holds_block("ENC"));
        assert_eq!(decrypt("plain", &keys()), Ok(None));
        let literal = hunter.replacen("ENC[PKCS7,", "ENC[PKCS7,\n", 1);
        assert_eq!(decrypt(&literal, &keys()), Ok(None), "no bracket closes on the first line");
        for text in ["ENC[] x", "ENC[PKCS7,] x", "ENC[a-b,AAAA]", "ENC[PKCS7,Ä]", "ENC[x,y,z]"] {
            assert_eq!(opened(text), text);
        }
    }

    #[test]
    fn tells_why_a_block_stays_closed() {
        let [hunter, ..] = blocks();
        let closed = |text: &str| decrypt(text, &keys()).unwrap_err();
        assert_eq!(closed("ENC[GPG,hQEMA]"), EyamlError::Scheme("GPG".into()));
        assert_eq!(closed("ENC[PKCS7,AAAA]"), EyamlError::Malformed);
        assert_eq!(closed("ENC[PKCS7,=]"), EyamlError::Malformed);
        let wrong = Keys::from_pem(OTHER, PUBLIC).unwrap();
        assert_eq!(decrypt(hunter, &wrong), Err(EyamlError::Closed));
        assert_eq!(Keys::from_pem(PUBLIC, PUBLIC).unwrap_err(), EyamlError::PrivateKey);
        assert_eq!(Keys::from_pem(PRIVATE, PRIVATE).unwrap_err(), EyamlError::PublicKey);
        assert_eq!(Keys::from_pem(b"\xff", PUBLIC).unwrap_err(), EyamlError::PrivateKey);
    }

    #[test]
    fn debug_output_says_nothing_of_keys() {
        assert_eq!(format!("{:?}", keys()), "Keys(…)");
    }

    proptest! {
        #[test]
        fn no_text_is_too_strange(text in "(ENC\\[|PKCS7,|\\]|[A-Za-z0-9+/=]{1,40}| |\n|é){0,12}") {
            if let Ok(plain) = decrypt(&text, &keys()) {
                prop_assert!(plain.is_none_or(|plain| text.starts_with(&plain)));
            }
        }

        // Blocks are not authenticated: some damage stays unseen, none may panic.
        #[test]
        fn no_damage_panics(at in 0_usize..500, letter in "[A-Za-z0-9+/]") {
            let [hunter, ..] = blocks();
            let place = 10 + at % (hunter.len() - 11);
            let mut damaged = hunter.to_owned();
            damaged.replace_range(place..=place, &letter);
            if let Err(error) = decrypt(&damaged, &keys()) {
                prop_assert!(!matches!(error, EyamlError::PrivateKey | EyamlError::PublicKey));
            }
        }
    }
}
