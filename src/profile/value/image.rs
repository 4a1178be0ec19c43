//! A container image reference.

use std::fmt;

/// An image by repository and tag, by digest, or both.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Image {
    /// Repository with its registry, as written: `otel/opentelemetry-collector-contrib`.
    pub repository: String,
    /// The tag, if one was written.
    pub tag: Option<String>,
    /// The digest, if one was written: `sha256:…`.
    pub digest: Option<String>,
}

impl Image {
    /// Reads a reference as Docker does; a port in the registry is no tag.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (rest, digest) = match text.split_once('@') {
            Some((rest, digest)) => (rest, Some(digest.to_owned())),
            None => (text, None),
        };
        let (repository, tag) = match rest.rsplit_once(':') {
            Some((repository, tag)) if !tag.contains('/') => (repository, Some(tag.to_owned())),
            _ => (rest, None),
        };
        let name_ok = !repository.is_empty()
            && repository.split('/').all(|part| !part.is_empty())
            && repository
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "._-/:".contains(c));
        let tag_ok = tag.as_deref().is_none_or(|tag| {
            !tag.is_empty()
                && tag.len() <= 128
                && !tag.starts_with(['.', '-'])
                && tag.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c))
        });
        let digest_ok = digest.as_deref().is_none_or(|digest| {
            digest.strip_prefix("sha256:").is_some_and(|hex| {
                hex.len() == 64 && hex.chars().all(|c| c.is_ascii_hexdigit() && !c.is_uppercase())
            })
        });
        (name_ok && tag_ok && digest_ok).then(|| Self {
            repository: repository.to_owned(),
            tag,
            digest,
        })
    }
}

impl fmt::Display for Image {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.repository)?;
        if let Some(tag) = &self.tag {
            write!(f, ":{tag}")?;
        }
        if let Some(digest) = &self.digest {
            write!(f, "@{digest}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Image;

    #[test]
    fn reads_what_docker_reads() {
        let parse = |text: &str| Image::parse(text).map(|image| (image.repository, image.tag));
        assert_eq!(
            parse("otel/opentelemetry-collector-contrib:0.91.0"),
            Some(("otel/opentelemetry-collector-contrib".into(), Some("0.91.0".into())))
        );
        assert_eq!(parse("host:5000/a/b"), Some(("host:5000/a/b".into(), None)));
        for bad in ["", ":1", "a//b", "Upper/case:1", "a:b c", "a@sha256:12"] {
            assert_eq!(Image::parse(bad), None, "{bad}");
        }
    }
}
