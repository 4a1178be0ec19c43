//! Where a secret comes from: the profile itself, the environment, or a file.

use super::{Environment, Secret};
use crate::diagnostic::{Diagnostic, Kind};
use crate::system::disk;
use std::path::PathBuf;

/// Says where a secret is; printing it shows the place, never the value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reference {
    /// It stands in the profile.
    Literal(Secret),
    /// `env:NAME`: in an environment variable of otelctl.
    Environment(String),
    /// `file:/PATH`: in a file of the host that otelctl runs on.
    File(PathBuf),
}

impl Reference {
    /// Reads `env:NAME`, `file:/PATH`, or anything else as the secret itself.
    ///
    /// # Errors
    /// Says in words what is wrong with a reference, without its text: a slip
    /// of the pen may have put the secret there.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        if let Some(name) = text.strip_prefix("env:") {
            let valid = !name.is_empty()
                && !name.starts_with(|c: char| c.is_ascii_digit())
                && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
            return if valid {
                Ok(Self::Environment(name.to_owned()))
            } else {
                Err("names no environment variable, expected `env:NAME`")
            };
        }
        if let Some(path) = text.strip_prefix("file:") {
            return if path.starts_with('/') && !path.contains(char::is_control) {
                Ok(Self::File(path.into()))
            } else {
                Err("names no absolute path, expected `file:/PATH`")
            };
        }
        if text.trim().is_empty() || text.contains(char::is_control) {
            return Err("is empty or has control characters");
        }
        Ok(Self::Literal(Secret::new(text.to_owned())))
    }

    /// Fetches the secret; `key` names its setting in messages.
    ///
    /// # Errors
    /// `Kind::Failed` when the variable or the file is missing or empty.
    pub fn resolve(&self, key: &str, environment: Environment<'_>) -> Result<Secret, Diagnostic> {
        let error = |cause: String| {
            Diagnostic::error(Kind::Failed, format!("cannot read the secret of `{key}`"))
                .code("secret::missing")
                .cause(cause)
        };
        let text = match self {
            Self::Literal(secret) => return Ok(secret.clone()),
            Self::Environment(name) => environment(name).ok_or_else(|| {
                error(format!("the environment variable `{name}` is not set"))
                    .hint(format!("set `{name}` where otelctl runs"))
            })?,
            Self::File(path) => {
                let bytes = disk::read(path)?.ok_or_else(|| {
                    error(format!("there is no file `{}`", path.display()))
                        .hint("put the secret there, readable by root alone")
                })?;
                String::from_utf8(bytes)
                    .map_err(|_| error(format!("`{}` is not UTF-8 text", path.display())))?
            }
        };
        // An editor ends the last line of a file.
        let text = text.trim_end_matches(['\n', '\r']);
        if text.is_empty() || text.contains(char::is_control) {
            return Err(error("it is empty, or has more than one line".to_owned())
                .hint("put the secret there, on one line"));
        }
        Ok(Secret::new(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::{Reference, Secret};

    fn resolve(text: &str) -> Result<String, Vec<String>> {
        let environment = |name: &str| (name == "TOKEN").then(|| "from-env\n".to_owned());
        let reference = Reference::parse(text).expect(text);
        reference
            .resolve("otelctl::x", &environment)
            .map(|secret| secret.expose().to_owned())
            .map_err(|error| error.causes)
    }

    #[test]
    fn a_secret_comes_from_where_the_reference_says() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("token");
        std::fs::write(&path, "from-file\n").unwrap();
        let file = format!("file:{}", path.display());
        assert_eq!(resolve("itself"), Ok("itself".into()));
        assert_eq!(resolve("env:TOKEN"), Ok("from-env".into()));
        assert_eq!(resolve(&file), Ok("from-file".into()));
        std::fs::write(&path, "two\nlines\n").unwrap();
        let told = "it is empty, or has more than one line".to_owned();
        assert_eq!(resolve(&file), Err(vec![told]));
        let told = "the environment variable `OTHER` is not set".to_owned();
        assert_eq!(resolve("env:OTHER"), Err(vec![told]));
        std::fs::remove_file(&path).unwrap();
        let told = format!("there is no file `{}`", path.display());
        assert_eq!(resolve(&file), Err(vec![told]));
    }

    #[test]
    fn what_is_no_reference_is_told_without_its_text() {
        for text in ["env:", "env:1A", "env:A B", "file:relative", " ", "a\nb"] {
            assert!(Reference::parse(text).is_err(), "{text:?}");
        }
        let secret = Reference::Literal(Secret::new("hunter2".into()));
        assert!(!format!("{secret:?}").contains("hunter2"));
    }
}
